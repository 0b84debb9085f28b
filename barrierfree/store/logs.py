"""The log: every fact, those about one record and what belongs to it, and single ones that others build on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr
from barrierfree.model.history import LogFact
from barrierfree.store.looks import ASKED, SUBJECT
from barrierfree.store.reading import chunks
from barrierfree.store.second_looks import SecondLookVerbs

_LOG: Final = (
    "SELECT k.id, k.kind, k.subject, k.person, coalesce(p.name, ''), k.device, k.recorded_at, k.base, k.payload"
    " FROM facts k LEFT JOIN people p ON p.id = k.person AND p.removed = 0"
)


class LogVerbs(SecondLookVerbs):
    """The verbs about the log; they only ask."""

    def log(self) -> Iterator[LogFact]:
        """Every fact, oldest id first, read as one goes on."""
        for row in self._sql.execute(f"{_LOG} ORDER BY k.id"):
            yield _fact(row)

    def count_facts(self) -> int:
        """How many facts there are."""
        return self._count("facts", [])

    def facts_named(self, ids: Sequence[str]) -> dict[str, LogFact]:
        """The facts with these ids, by id."""
        found: dict[str, LogFact] = {}
        for marks, part in chunks(ids):
            found.update((row[0], _fact(row)) for row in self._sql.execute(f"{_LOG} WHERE k.id IN ({marks})", part))
        return found

    def log_of(self, record: str) -> list[LogFact]:
        """The facts about a site (by id or code), visit, inspection or finding and what belongs to it, oldest first.

        Raises ``NotFoundError`` if nothing has this id.
        """
        subjects, ids = self._belonging(record)
        found: dict[str, LogFact] = {}
        for column, values in (("subject", subjects), ("id", ids)):
            for marks, part in chunks(values):
                rows = self._sql.execute(f"{_LOG} WHERE k.{column} IN ({marks})", part)
                found.update((row[0], _fact(row)) for row in rows)
        if not found:
            raise NotFoundError(
                tr("没有编号为“{id}”的记录。").format(id=record),
                tr("请用“list FILE sites”“list FILE findings”等查看编号。"),
            )
        return [found[i] for i in sorted(found)]

    def _belonging(self, record: str) -> tuple[list[str], list[str]]:
        """The subjects, and single facts, that belong to a record."""
        site = self._ids("SELECT id FROM sites WHERE id = :r OR code = :r", record)
        if site:
            of = site[0]
            subjects = [of]
            for table in ("visits", "inspections", "findings", "checkpoints"):
                subjects += self._ids(f"SELECT id FROM {table} WHERE site = :r", of)
            subjects += self._ids("SELECT id FROM pairs WHERE one = :r OR other = :r", of)
            return subjects, self._ids(_ASKED_OF_SITE, of)
        checkpoint = "SELECT checkpoint FROM {} WHERE id = :r"
        if self._ids("SELECT id FROM visits WHERE id = :r", record):
            return [record, *self._ids("SELECT id FROM inspections WHERE visit = :r", record)], []
        if self._ids("SELECT id FROM inspections WHERE id = :r", record):
            visit = self._ids("SELECT visit FROM inspections WHERE id = :r", record)
            return [record, *visit, *self._ids(checkpoint.format("inspections"), record)], []
        seen = "SELECT i.id FROM inspections i JOIN findings f ON f.checkpoint = i.checkpoint AND f.id = :r"
        known = self._ids(checkpoint.format("findings"), record)
        return [record, *known, *(self._ids(seen, record) if any(known) else [])], []

    def _ids(self, sql: str, record: str) -> list[str]:
        return [r[0] for r in self._sql.execute(sql, {"r": record}) if r[0]]


_ASKED_OF_SITE: Final = (
    f"SELECT k.id FROM facts k WHERE k.subject >= '{SUBJECT}' AND k.subject < '{SUBJECT}~' AND k.kind = '{ASKED}'"
    " AND EXISTS (SELECT 1 FROM json_each(k.payload, '$.items') t WHERE json_extract(t.value, '$.site') = :r)"
)


def _fact(row: tuple[Any, ...]) -> LogFact:
    fact, kind, subject, person, name, device, recorded_at, base, payload = row
    return LogFact(fact, kind, subject, person, name, device, recorded_at, json.loads(base), json.loads(payload))
