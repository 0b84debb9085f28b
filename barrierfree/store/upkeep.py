"""Upkeep: taking facts in from elsewhere, rebuilding what is derived, checking that all of it is true."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlite_utils import Database

from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.store import derive, schema
from barrierfree.store import facts as f
from barrierfree.store.connection import in_words, local_now
from barrierfree.store.logs import LogVerbs
from barrierfree.store.map_views import MapVerbs
from barrierfree.store.nearby import NearbyVerbs
from barrierfree.store.open_records import OpenRecordVerbs
from barrierfree.store.profiles import ProfileVerbs
from barrierfree.store.reading import Tick, silent, ticking
from barrierfree.store.results import ResultVerbs
from barrierfree.store.trends import TrendVerbs
from barrierfree.store.writing import _insert

_FACT: Final = "id, kind, subject, person, device, sequence, recorded_at, base, format, payload, sha256"


# Facts up to a day ('' for all). What phones recorded may be older than the file it was taken into: the first
# definition is there from the beginning.
_UNTIL: Final = (
    ":day = '' OR substr(recorded_at, 1, 10) <= :day OR kind IN ('survey', 'definition') AND substr(recorded_at, 1, 10)"
    " <= (SELECT min(substr(recorded_at, 1, 10)) FROM facts WHERE kind = 'definition')"
)


class Store(ResultVerbs, LogVerbs, TrendVerbs, MapVerbs, NearbyVerbs, OpenRecordVerbs, ProfileVerbs):
    """A survey file: one object per thread, with the verbs of the product.

    Every writing verb is one durable transaction and says in ``Changes`` what it changed.
    """

    @classmethod
    def new(
        cls,
        path: Path,
        definition: Definition,
        *,
        device: str,
        title: str = "",
        main_file: bool = True,
        clock: Callable[[], datetime] = local_now,
    ) -> Self:
        """Make a survey from a definition. The device that makes it holds the main file."""
        store = cls.create(path, device=device, clock=clock)
        store.adopt_definition(definition, title=title or definition.title.zh, person="", main_file=main_file)
        return store

    def facts(self) -> list[f.Fact]:
        """All facts, oldest id first."""
        return [f.from_row(r) for r in self._sql.execute(f"SELECT {_FACT} FROM facts ORDER BY id")]  # fmt: skip

    def take_in(self, facts: Sequence[f.Fact]) -> int:
        """Add facts from elsewhere (the union, in any order, any number of times); how many were new."""
        before = self._number("SELECT count(*) FROM facts")
        with self._transaction():
            known = {r[0] for r in self._sql.execute("SELECT id FROM facts")}
            new = [fact for fact in facts if fact.id not in known]
            _insert(self, new)
            self._derive(new)
        return self._number("SELECT count(*) FROM facts") - before

    def _derive(self, facts: Sequence[f.Fact], tick: Tick = silent) -> None:
        touched = derive.Touched()
        for fact in facts:
            touched.add(fact)
        first = [x for x in touched.direct if x.kind in ("survey", "definition")]
        for fact in first:
            derive._direct(self._sql, fact)
        derive.apply(self._sql, touched, self.definition_or_none(), tick)
        derive.finish(self._sql, touched, tick)

    def rebuild(self) -> None:
        """Make every derived table anew from the facts."""
        facts = self.facts()
        with self._transaction():
            self._sql.execute("DELETE FROM site_tree")
            self._sql.execute("UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL")
            for table in reversed(schema.DERIVED):
                self._sql.execute(f"DELETE FROM {table}")
            self._derive(facts)

    def _after_migration(self) -> None:
        self.rebuild()

    def check(self, *, photos: bool = True) -> list[str]:
        """What is wrong with the survey, in words; empty if every part of it is as the facts say."""
        faults: list[str] = []
        with in_words(self.path):
            for row in self._sql.execute("PRAGMA integrity_check(5)"):
                if row[0] != "ok":
                    faults.append(tr("数据库结构：{text}").format(text=row[0]))
            for row in self._sql.execute("PRAGMA foreign_key_check"):
                faults.append(tr("表 {table} 第 {row} 行指向不存在的记录。").format(table=row[0], row=row[1]))
            faults += self._altered_facts()
            faults += self._untrue_tables()
            faults += self._faulty_photos() if photos else []
        return faults

    def _altered_facts(self) -> list[str]:
        return [
            tr("记录 {id}（{kind}）被改动过，与它的校验值不符。").format(id=r[0], kind=r[1])
            for r in self._sql.execute(f"SELECT {_FACT} FROM facts")
            if f.row_hash(r[:-1]) != r[-1]
        ]

    def as_of(self, day: str, tick: Tick = silent) -> Self:
        """The survey as it stood at the end of ``day`` (ISO), derived in memory from what was recorded until then.

        The day is that of the clock a fact was recorded by. Names of people are those known now, because they are no
        facts; drafts are local and left out. Close it after use.
        """
        with in_words(self.path):
            copy = self._derived_copy(day, tick)
            copy._sql.executemany(
                "INSERT INTO people VALUES (?,?,?)",
                self._sql.execute("SELECT id, name, removed FROM people").fetchall(),
            )
        return copy

    def _derived_copy(self, day: str = "", tick: Tick = silent) -> Self:
        """A survey in memory, derived anew from our facts (those up to ``day`` if one is given)."""
        fresh = Database(memory=True)
        fresh.conn.isolation_level = None
        schema.migrations.apply(fresh)
        fresh.conn.execute("UPDATE guard SET open = 1")
        rows = self._sql.execute(f"SELECT {_FACT} FROM facts WHERE {_UNTIL} ORDER BY id", {"day": day}).fetchall()
        fresh.conn.execute("BEGIN")
        fresh.conn.executemany("INSERT INTO facts VALUES (?,?,?,?,?,?,?,?,?,?,?)", ticking(rows, tick))
        copy = type(self)(self.path, fresh, device=self.device, read_only=True, clock=self.clock)
        copy._derive([f.from_row(row) for row in ticking(rows, tick)], tick)
        fresh.conn.execute("COMMIT")
        return copy

    def _untrue_tables(self) -> list[str]:
        copy = self._derived_copy()
        faults = []
        for table in schema.DERIVED:
            ours, true = _content(self._database, table), _content(copy._database, table)
            wrong = len(ours ^ true)
            if wrong:
                faults.append(tr("表 {table} 有 {n} 行与记录不符。").format(table=table, n=(wrong + 1) // 2))
        copy.close()
        return faults

    def _faulty_photos(self) -> list[str]:
        faults = []
        for photo in self.photos():
            if photo.withdrawn:
                continue
            files = [self.photo_path(photo.sha256, photo.suffix)]
            files += [self.photos_folder / photo.original] if photo.original else []
            for path in files:
                if not path.is_file():
                    faults.append(tr("缺少照片文件 {name}。").format(name=path.name))
                elif hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
                    faults.append(tr("照片文件 {name} 已损坏。").format(name=path.name))
        return faults

    def history(self, subject: str) -> list[dict[str, Any]]:
        """Every fact about one record: when, who, what."""
        names = {p.id: p.name for p in self.people()}
        rows = self._sql.execute(
            "SELECT id, kind, person, recorded_at, payload FROM facts WHERE subject = ? ORDER BY id",
            [subject],
        )
        return [
            {"id": r[0], "kind": r[1], "person": names.get(r[2], ""), "at": r[3], "payload": json.loads(r[4])}
            for r in rows
        ]


def _content(database: Database, table: str) -> set[tuple[Any, ...]]:
    columns = [c.name for c in database.table(table).columns if c.name != "fid"]
    return set(database.conn.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall())
