"""Figures: what the overview and the reports count, each with its counting rule; and the rows of city batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.figures import ElementFigures, Figures, Level, PlaceFigures
from barrierfree.model.records import Batch, BatchRow, Changes, Finding, Inspection, Site
from barrierfree.model.words import CLOSED_OTHERWISE, OPEN_STATES, FindingState, Status
from barrierfree.store.register_verbs import RegisterVerbs
from barrierfree.store.sites import IN_FORCE, SiteFilter


class ExportRecord(Model):
    """One row for a batch: an accepted inspection of a checkpoint, with one of its findings or none."""

    id: str
    site: Site
    inspection: Inspection
    finding: Finding | None
    inspector: str
    accepted_by: str


class _Scope:
    """Counts in the tables named in braces: all of them, or only what belongs to the sites of one community."""

    def __init__(self, sql: sqlite3.Connection, community: str) -> None:
        self._sql = sql
        self._values = {"community": community} if community else {}
        of_sites = "(SELECT * FROM {} WHERE site IN (SELECT id FROM sites WHERE community = :community))"
        self._tables = {
            name: of_sites.format(name) if community else name
            for name in ("visits", "inspections", "findings", "drafts")
        }
        self._tables["sites"] = "(SELECT * FROM sites WHERE community = :community)" if community else "sites"

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._sql.execute(sql.format(**self._tables), self._values | values).fetchall()

    def number(self, sql: str, **values: object) -> int:
        """The one number a query gives."""
        return int(self.rows(sql, **values)[0][0])


class FigureVerbs(RegisterVerbs):
    """The verbs that count, and those about batches."""

    def figures(self, today: date | None = None, community: str = "") -> Figures:
        """The figures of today (another date may be given for what is overdue and this week), or of one community."""
        day = today or self.clock().date()
        scope = _Scope(self._sql, community)
        one = scope.number
        by_state = dict.fromkeys(FindingState, 0) | {
            FindingState(r[0]): r[1] for r in scope.rows("SELECT state, count(*) FROM {findings} GROUP BY state")
        }
        by_status = dict.fromkeys(Status, 0) | {
            Status(r[0]): r[1]
            for r in scope.rows(f"SELECT status, count(*) FROM {{sites}} WHERE {IN_FORCE} GROUP BY status")
        }
        week = (day - timedelta(days=6)).isoformat()
        visited = "SELECT count(DISTINCT site) FROM {visits} WHERE state IN ('accepted','partly_returned')"
        repaired = "SELECT DISTINCT site FROM {findings} WHERE state = 'rectified'"
        still_open = "SELECT DISTINCT site FROM {findings} WHERE state IN ('reported','open','in_progress','claimed')"
        return Figures(
            as_of=day.isoformat(),
            sites=one(f"SELECT count(*) FROM {{sites}} WHERE {IN_FORCE}"),
            visited=one(visited),
            visited_this_week=one(f"{visited} AND submitted_at >= :day", day=week),
            findings=sum(by_state.values()),
            overdue=one(
                "SELECT count(*) FROM {findings} WHERE deadline <> '' AND deadline < :day"
                " AND state IN ('reported','open','in_progress','claimed')",
                day=day.isoformat(),
            ),
            closed_by_repair=by_state[FindingState.RECTIFIED],
            closed_otherwise=sum(by_state[s] for s in CLOSED_OTHERWISE),
            open_findings=sum(by_state[s] for s in OPEN_STATES),
            regressions=one("SELECT coalesce(sum(round - 1), 0) FROM {findings}"),
            renovated=one(f"SELECT count(*) FROM ({repaired} EXCEPT {still_open})"),
            partly_renovated=one(f"SELECT count(*) FROM ({repaired} INTERSECT {still_open})"),
            by_state=by_state,
            by_status=by_status,
            levels={level: self._places(level, scope) for level in Level},
            elements=self._elements(scope),
            pending_visits=one("SELECT count(*) FROM {visits} WHERE state = 'submitted'"),
            returned_visits=one(
                "SELECT count(*) FROM {visits} v WHERE state IN ('returned','partly_returned')"
                " AND NOT EXISTS (SELECT 1 FROM visits n WHERE n.site = v.site AND n.id > v.id)"
            ),
            disputed=by_status[Status.QUESTION],
            conflicts=one("SELECT count(*) FROM {findings} WHERE conflict = 1")
            + one("SELECT count(*) FROM {sites} WHERE conflicts <> '[]'"),
            waiting=one("SELECT count(*) FROM waiting"),
            without_position=one(f"SELECT count(*) FROM {{sites}} WHERE lon IS NULL AND {IN_FORCE}"),
            drafts=one("SELECT count(*) FROM {drafts} WHERE device = :device", device=self.device),
        )

    def _number(self, sql: str, *values: object) -> int:
        return int(self._sql.execute(sql, values).fetchone()[0])

    def _places(self, level: Level, scope: _Scope) -> tuple[PlaceFigures, ...]:
        rows = scope.rows(
            f"SELECT {level}, count(*), sum(status = 'met'),"
            " sum(status IN ('reported','open','in_progress','claimed','soft_service')),"
            f" sum(status IN ('question','not_inspected')) FROM {{sites}} WHERE {IN_FORCE} GROUP BY {level}"
            f" ORDER BY {level}"
        )
        return tuple(
            PlaceFigures(name=r[0], sites=r[1], met=r[2], with_problem=r[3], other_inspected=r[4]) for r in rows
        )

    def _elements(self, scope: _Scope) -> tuple[ElementFigures, ...]:
        rows = scope.rows(
            "SELECT element, count(*), sum(not_met = 0), sum(not_met > 0) FROM {inspections} WHERE current = 1"
            " GROUP BY element ORDER BY count(*) DESC, element"
        )
        return tuple(ElementFigures(element=r[0], inspected=r[1], met=r[2], not_met=r[3]) for r in rows)

    # -- batches --------------------------------------------------------------------------------------------------

    def export_records(self) -> list[ExportRecord]:
        """Everything a batch may hold: accepted, current inspections, a row for each finding of the checkpoint."""
        names = {p.id: p.name for p in self.people()}
        sites = {s.id: s for s in self.sites(SiteFilter(merged=True))}
        reviewers = dict(self._sql.execute("SELECT id, reviewed_by FROM visits").fetchall())
        found: dict[str, list[Finding]] = {}
        for finding in self.findings():
            if finding.state is not FindingState.REPORTED:
                found.setdefault(finding.checkpoint, []).append(finding)
        records = []
        for inspection in self.inspections(current=True):
            accepted_by = names.get(reviewers.get(inspection.visit, ""), "")
            those: list[Finding | None] = list(found.get(inspection.checkpoint, []))
            for one in sorted(those, key=lambda x: x.problem if x else "") or [None]:
                records.append(
                    ExportRecord.model_construct(
                        id=one.id if one else inspection.checkpoint,
                        site=sites[inspection.site],
                        inspection=inspection,
                        finding=one,
                        inspector=names.get(inspection.person, ""),
                        accepted_by=accepted_by,
                    )
                )
        records.sort(key=lambda r: (r.site.code, r.inspection.element, r.inspection.number, r.id))
        return records

    def sent(self) -> dict[str, str]:
        """Per record the hash of the values in its newest batch."""
        rows = self._sql.execute("SELECT record, values_hash FROM batch_rows ORDER BY batch")
        return dict(rows.fetchall())

    def batches(self) -> list[Batch]:
        """The ledger of batches, newest first."""
        rows = self._sql.execute(
            "SELECT b.id, b.number, b.made_at, b.person, coalesce(p.name, ''), b.profile, b.selection, b.file, b.rows"
            " FROM batches b LEFT JOIN people p ON p.id = b.person AND p.removed = 0 ORDER BY b.id DESC"
        )
        return [
            Batch(id=r[0], number=r[1], made_at=r[2], person=r[3], person_name=r[4], profile=r[5], selection=r[6],
                  file=r[7], rows=r[8])
            for r in rows
        ]  # fmt: skip

    def next_batch_number(self) -> str:
        """The number of the next batch: the day and a running number of it."""
        day = self.clock().strftime("%Y%m%d")
        made = self._number("SELECT count(*) FROM batches WHERE number LIKE ?", f"{day}-%")
        return f"{day}-{made + 1:02d}"

    def record_batch(
        self,
        number: str,
        *,
        person: str,
        profile: str,
        selection: str,
        file: str,
        sha256: str,
        rows: Sequence[BatchRow],
    ) -> Changes:
        """Remember what a batch handed over. Only the main file makes batches."""
        if not self.is_main_file:
            raise BatchError(tr("只有总库能导出批次。"), tr("请把数据交给持有总库的统筹员，由他导出。"))
        payload: dict[str, Any] = {
            "number": number, "profile": profile, "selection": selection, "file": file, "sha256": sha256,
            "rows": [[r.record, r.code, r.values_hash] for r in rows],
        }  # fmt: skip
        with self._writing(person) as (writer, done):
            writer.add("batch", "", payload)
        return done[0]
