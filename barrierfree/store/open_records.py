"""What open formats ask: site after site with checkpoints, inspections and findings, read part by part."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from barrierfree.model.open_records import Inspected, SiteRecord
from barrierfree.model.records import Checkpoint, Finding, Inspection, Verdict
from barrierfree.model.words import Status, VerdictKind, VisitState
from barrierfree.store.findings import _FINDING, FindingVerbs, _finding
from barrierfree.store.sites import SiteFilter
from barrierfree.store.visits import _INSPECTION

_PART: Final = 500  # sites read at a time: some 2,500 checkpoints, a few MB
_KINDS: Final = {kind.value: kind for kind in VerdictKind}
_STATUSES: Final = {status.value: status for status in Status}


class OpenRecordVerbs(FindingVerbs):
    """The verbs of open formats; they only ask."""

    def count_sites(self, wanted: SiteFilter) -> int:
        """How many sites fit."""
        where, values = self._where(wanted)
        return self._count(f"sites{where}", values)

    def communities(self) -> list[str]:
        """The communities that have sites, by name."""
        rows = self._sql.execute("SELECT DISTINCT community FROM sites WHERE community <> '' ORDER BY community")
        return [r[0] for r in rows]

    def open_records(self, wanted: SiteFilter) -> Iterator[SiteRecord]:
        """The sites that fit with what belongs to them, in walking order; four queries per 500 sites.

        What was recorded at a site that turned out to be another one comes with that one.
        """
        where, values = self._where(wanted)
        ids = [r[0] for r in self._sql.execute(f"SELECT id FROM sites{where} ORDER BY community, code", values)]
        definition = self.definition_or_none()
        orders = {c.code: {e: i for i, e in enumerate(c.elements)} for c in (definition.classes if definition else ())}
        for at in range(0, len(ids), _PART):
            yield from self._records_of(ids[at : at + _PART], orders)

    def _records_of(self, ids: Sequence[str], orders: dict[str, dict[str, int]]) -> Iterator[SiteRecord]:
        marks = ",".join("?" * len(ids))
        of = {site: site for site in ids}
        of.update(self._sql.execute(f"SELECT id, same_as FROM sites WHERE same_as IN ({marks})", ids))
        those = json.dumps(list(of))
        inspections = {
            row[0]: _inspection(row)
            for row in self._sql.execute(
                f"{_INSPECTION} WHERE site IN (SELECT value FROM json_each(?)) AND current = 1", [those]
            )
        }
        checkpoints: dict[str, list[Inspected]] = defaultdict(list)
        for row in self._sql.execute(
            "SELECT id, site, element, number, status, inspection, pending FROM checkpoints"
            " WHERE site IN (SELECT value FROM json_each(?)) ORDER BY fid",
            [those],
        ):
            found = Checkpoint.unchecked({
                "id": row[0], "site": row[1], "element": row[2], "number": row[3], "status": _STATUSES[row[4]],
                "inspection": row[5], "pending": row[6],
            })  # fmt: skip
            checkpoints[of[row[1]]].append(Inspected(found, inspections.get(row[5])))
        findings: dict[str, list[Finding]] = defaultdict(list)
        for row in self._sql.execute(f"{_FINDING} WHERE f.site IN (SELECT value FROM json_each(?))", [those]):
            findings[of[row[1]]].append(_finding(row))
        sites = self.sites_by_id(ids)
        for site in (sites[i] for i in ids):
            order = orders.get(site.site_class, {})
            mine = checkpoints[site.id]
            mine.sort(key=lambda c: (order.get(c.checkpoint.element, 99), c.checkpoint.element, c.checkpoint.number))
            told = sorted(findings[site.id], key=lambda f: (f.element, f.number, f.problem, f.id))
            yield SiteRecord(site, tuple(mine), tuple(told))


def _inspection(row: tuple[Any, ...]) -> Inspection:
    """An inspection as stored, not validated again: a city has hundreds of thousands. Its problems are findings."""
    return Inspection.unchecked({
        "id": row[0], "visit": row[1], "checkpoint": row[2], "site": row[3], "element": row[4], "number": row[5],
        "person": row[6], "recorded_at": row[7], "checklist": row[8], "answers": json.loads(row[9]),
        "verdicts": tuple(
            Verdict.unchecked({
                "rule": v["rule"], "kind": _KINDS[v["kind"]], "measured": v.get("measured"),
                "reason": v.get("reason", ""),
            })
            for v in json.loads(row[10])
        ),
        "photos": tuple(json.loads(row[11])), "state": VisitState(row[12]), "current": bool(row[13]), "gone": (),
        "problems": (), "taken_over": (),
    })  # fmt: skip
