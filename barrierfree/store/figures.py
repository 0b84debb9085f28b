"""Figures: what the overview and the reports count, each with its counting rule."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any

from barrierfree.model.figures import ElementFigures, Figures, Level, PlaceFigures
from barrierfree.model.words import CLOSED_OTHERWISE, OPEN_STATES, FindingState, Status
from barrierfree.store.batches import count_rejected
from barrierfree.store.export_records import ExportVerbs
from barrierfree.store.sites import IN_FORCE


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


class FigureVerbs(ExportVerbs):
    """The verbs that count."""

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
            city_rejected=count_rejected(self._sql, community),
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
