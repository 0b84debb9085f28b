"""A write in progress: facts are gathered, stored and derived from in one transaction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from barrierfree.errors import StorageError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Changes
from barrierfree.store import derive
from barrierfree.store import facts as f
from barrierfree.store.connection import Connection, in_words
from barrierfree.store.reading import Tick, facts_about, silent, ticking
from barrierfree.store.schema import MANY, guards_down

PORTION: Final = 5000  # facts held in memory at once, some 15 MB


class Writer:
    """Makes the facts of one transaction and keeps what they touch."""

    def __init__(self, store: WritingConnection, person: str) -> None:
        self._store = store
        self._person = person
        self._device = store.device
        last = store._sql.execute(
            "SELECT sequence, id FROM facts WHERE device = ? ORDER BY sequence DESC LIMIT 1", [store.device]
        ).fetchone()
        self._sequence: int = last[0] if last else 0
        self._last: str = last[1] if last else ""
        self._begun = False
        now = store.clock()
        self._now = now
        self.recorded_at = now.isoformat(timespec="milliseconds")
        self.facts: list[f.Fact] = []
        self.touched = derive.Touched()
        self.kinds: set[str] = set()
        self.written: list[str] = []
        self.drafts = False
        self.people = False
        self.definition: Definition | None = None
        self.tick: Tick = silent  # called now and then while much is stored; may raise to stop

    @property
    def person(self) -> str:
        """In whose name facts are added."""
        return self._person

    def new_id(self) -> str:
        """An id for a new subject or fact, greater than any of this device."""
        if self._begun:
            self._last = f.following_id(self._last)
        else:
            self._last, self._begun = f.next_id(self._last, self._now), True
        return self._last

    def add(
        self,
        kind: str,
        subject: str,
        payload: Mapping[str, Any],
        base: Mapping[str, Sequence[str]] | None = None,
        fact_id: str = "",
    ) -> str:
        """Add a fact; its id. An empty ``subject`` makes the fact its own subject."""
        fact_id = fact_id or self.new_id()
        self._sequence += 1
        kept = {name: list(ids) for name, ids in (base or {}).items() if ids}
        self.facts.append(
            f.Fact(fact_id, kind, subject or fact_id, self._person, self._device, self._sequence,
                   self.recorded_at, kept, f.FORMAT, payload)
        )  # fmt: skip
        return fact_id

    @contextmanager
    def on_behalf(self, person: str, device: str, recorded_at: str) -> Iterator[None]:
        """Facts that were made elsewhere: by ``person``, on ``device`` (which counts its own sequence), at that time.

        Their ids must be given, so that every computer that takes them in makes the same facts.
        """
        mine = (self._person, self._device, self._sequence, self.recorded_at)
        row = self._store._sql.execute("SELECT max(sequence) FROM facts WHERE device = ?", [device]).fetchone()
        self._person, self._device, self._sequence, self.recorded_at = person, device, row[0] or 0, recorded_at
        try:
            yield
        finally:
            self._person, self._device, self._sequence, self.recorded_at = mine

    def flush(self) -> None:
        """Store the gathered facts and derive from them; those of a large write in portions, to spare memory."""
        facts, self.facts = self.facts, []
        _insert(self._store, facts, self.tick)
        touched = derive.Touched(moves=self.touched.moves, cells=self.touched.cells)
        for fact in facts:
            touched.add(fact)
        definition = self.definition or self._store.definition_or_none()
        derive.apply(self._store._sql, touched, definition, self.tick)
        self.touched.sites |= touched.sites
        self.touched.findings |= touched.findings
        self.touched.visits |= touched.visits
        self.kinds |= {fact.kind for fact in facts}
        self.written += [fact.id for fact in facts]

    def flush_if_many(self) -> None:
        """Store what is gathered once it is much. Not between facts that belong together."""
        if len(self.facts) >= PORTION:
            self.flush()


def _insert(store: Connection, facts: Sequence[f.Fact], tick: Tick = silent) -> None:
    many = guards_down(store._sql, ("facts",)) if len(facts) >= MANY else nullcontext()
    with many:
        store._sql.executemany(
            "INSERT OR IGNORE INTO facts VALUES (?,?,?,?,?,?,?,?,?,?,?)", (fact.row() for fact in ticking(facts, tick))
        )


class WritingConnection(Connection):
    """A connection that can write: transactions of facts, the definition, people, photos' files."""

    @contextmanager
    def _writing(self, person: str) -> Iterator[tuple[Writer, list[Changes]]]:
        """One transaction; the yielded list holds the ``Changes`` once it is through."""
        done: list[Changes] = []
        with self._transaction():
            writer = Writer(self, person)
            yield writer, done
            writer.flush()
            derive.finish(self._sql, writer.touched, writer.tick)
        touched, kinds = writer.touched, writer.kinds
        done.append(
            Changes(
                sites=tuple(sorted(touched.sites)),
                findings=tuple(sorted(touched.findings)),
                visits=tuple(sorted(touched.visits)),
                drafts=writer.drafts,
                people=writer.people,
                batches=not kinds.isdisjoint(("batch", "entry", "answer")),
                definition="definition" in kinds,
                written=tuple(writer.written),
            )
        )

    def definition_or_none(self) -> Definition | None:
        """The definition in force; None while the file has none."""
        row = self._sql.execute("SELECT value FROM info WHERE key = 'definition'").fetchone()
        if row is None:
            return None
        subject = json.loads(row[0])
        if self._definition is None or self._definition[0] != subject:
            facts = facts_about(self._sql, subject, "definition")
            if not facts:
                return None  # it has not arrived yet
            self._definition = (subject, Definition.model_validate(facts[0].payload["content"]))
        return self._definition[1]

    def definition(self) -> Definition:
        """The definition in force: area, classes, checklist, rules, city profile."""
        found = self.definition_or_none()
        if found is None:
            raise StorageError(tr("普查文件里没有检查表。"), tr("请用“新建普查”重新建立，或打开备份。"))
        return found

    def definition_hash(self) -> str:
        """The hash of the definition in force, as inspections name it."""
        row = self._sql.execute("SELECT value FROM info WHERE key = 'definition'").fetchone()
        return str(json.loads(row[0])) if row else ""

    def adopt_definition(self, definition: Definition, *, title: str, person: str, main_file: bool) -> Changes:
        """Copy ``definition`` into the survey; with ``main_file`` this device becomes the one of the main file."""
        content = definition.model_dump(mode="json")
        subject = f.row_hash([f.canonical(content)])
        with self._writing(person) as (writer, done):
            held = f.current(facts_about(self._sql, "survey", "survey"))
            writer.add("definition", subject, {"content": content})
            values = {"definition": subject, "title": title, "sample": definition.sample}
            if "round" not in held:
                values["round"] = 1
            if main_file:
                values["main_device"] = self.device
            writer.add("survey", "survey", values, {n: held[n].facts for n in values if n in held})
            writer.definition = definition
        return done[0]

    def info(self, key: str, default: Any = None) -> Any:
        """A value about the survey itself: title, sample, round, main_device."""
        row = self._sql.execute("SELECT value FROM info WHERE key = ?", [key]).fetchone()
        return default if row is None else json.loads(row[0])

    def survey_mark(self) -> str:
        """Six characters that tell this round of this survey from others, the same in every copy of the file."""
        rows = self._sql.execute(
            "SELECT id FROM facts WHERE kind = 'survey' AND json_extract(payload, '$.round') = ? ORDER BY id LIMIT 1",
            [self.info("round", 1)],
        ).fetchall()
        return str(rows[0][0])[-6:] if rows else ""

    @property
    def is_main_file(self) -> bool:
        """Whether this device holds the main file (总库)."""
        return bool(self.info("main_device") == self.device)

    def name_person(self, name: str, person_id: str = "") -> tuple[str, Changes]:
        """Give a new (or the given) person a name; (id, changes)."""
        with self._writing(person_id) as (writer, done):
            person = person_id or writer.new_id()
            writer.add("person", person, {})
            self._sql.execute(
                "INSERT INTO people VALUES (?,?,0) ON CONFLICT (id) DO UPDATE SET name = excluded.name"
                " WHERE removed = 0",
                [person, name],
            )
            writer.people = True
        return person, done[0]

    def keep_photo_file(self, sha256: str, suffix: str, content: bytes) -> Path:
        """Write a photo beside the survey under its hash, synced to the disk before any row names it."""
        target = self.photo_path(sha256, suffix)
        if target.is_file() and target.stat().st_size == len(content):
            return target
        aside = target.with_name(target.name + ".part")
        with in_words(self.photos_folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, target)
        return target

    def photo_path(self, sha256: str, suffix: str) -> Path:
        """Where the photo with this hash lies."""
        return self.photos_folder / f"{sha256}{suffix}"
