"""What reports ask: what happened in a stretch of time, what was renovated and installed, the rows of the ledger."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from barrierfree.model.figures import ClassResults, Contribution, Installed, Level, PeriodCounts, PeriodFigures
from barrierfree.model.records import Finding, Inspection, Site, Step
from barrierfree.store.figures import FigureVerbs
from barrierfree.store.findings import _FINDING, FindingFilter, _finding, _where
from barrierfree.store.reading import chunks
from barrierfree.store.sites import IN_FORCE
from barrierfree.store.visits import _INSPECTION, _inspection

# Acts with the day and the site they belong to. A visit's first acceptance makes its site a visited one.
_ACTS: Final = """
WITH decided AS (
 SELECT v.id, v.site, v.state, substr(max(r.recorded_at), 1, 10) AS day FROM visits v
 JOIN facts r ON r.subject = v.id AND r.kind = 'review' WHERE v.state <> 'submitted' GROUP BY v.id),
acts AS (
 SELECT 'visits' AS act, substr(submitted_at, 1, 10) AS day, site FROM visits
 UNION ALL SELECT 'accepted', day, site FROM decided WHERE state IN ('accepted', 'partly_returned')
 UNION ALL SELECT 'returned', day, site FROM decided WHERE state = 'returned'
 UNION ALL SELECT 'first', min(day), site FROM decided WHERE state IN ('accepted', 'partly_returned') GROUP BY site
 UNION ALL SELECT 'found', substr(reported_at, 1, 10), site FROM findings
 UNION ALL SELECT CASE WHEN state = 'claimed' THEN 'claimed' WHEN state = 'rectified' THEN 'repaired'
  WHEN state IN ('soft_service', 'transferred', 'duplicate', 'invalid') THEN 'otherwise'
  WHEN state = 'open' AND before = 'rectified' THEN 'regressions' END, day, site FROM (
   SELECT f.site, substr(s.recorded_at, 1, 10) AS day, json_extract(s.request, '$.to') AS state,
    lag(json_extract(s.request, '$.to')) OVER (PARTITION BY s.finding ORDER BY s.id) AS before
   FROM steps s JOIN findings f ON f.id = s.finding WHERE s.in_force = 1))
SELECT a.act, a.day, p.district, p.street, p.community, p.grid, count(*) FROM acts a JOIN sites p ON p.id = a.site
WHERE a.act IS NOT NULL AND a.day >= ? AND a.day <= ? AND (? = '' OR p.community = ?)
GROUP BY 1, 2, 3, 4, 5, 6
"""
# Per site (a merged one goes with the one it is) how its findings stand, and the day of the last repair.
_PER_SITE: Final = """
SELECT coalesce(nullif(p.same_as, ''), p.id) AS site, sum(f.state = 'rectified') AS repaired,
 sum(f.state IN ('reported', 'open', 'in_progress', 'claimed')) AS undone, sum(f.state = 'soft_service') AS soft,
 max(CASE WHEN f.state = 'rectified' THEN substr(f.state_since, 1, 10) END) AS last
FROM findings f JOIN sites p ON p.id = f.site GROUP BY 1
"""
_CLASSES: Final = f"""
SELECT p.class, sum({IN_FORCE}), sum({IN_FORCE} AND EXISTS (SELECT 1 FROM visits v WHERE v.site = p.id
  AND v.state IN ('accepted', 'partly_returned'))),
 coalesce(sum(f.repaired > 0 AND f.undone = 0 AND f.last >= :since AND f.last <= :until), 0),
 coalesce(sum(f.repaired > 0 AND f.undone > 0 AND f.last >= :since AND f.last <= :until), 0),
 coalesce(sum(f.repaired = 0 AND f.undone = 0 AND f.soft > 0), 0),
 coalesce(sum(f.repaired = 0 AND f.undone > 0), 0)
FROM sites p LEFT JOIN ({_PER_SITE}) f ON f.site = p.id
WHERE p.same_as = '' AND (:community = '' OR p.community = :community) GROUP BY p.class
"""
_INSTALLED: Final = """
SELECT f.measure, f.element, f.quantity_unit,
 coalesce(sum(CASE WHEN f.state = 'rectified' AND substr(f.state_since, 1, 10) BETWEEN :since AND :until
  THEN f.quantity END), 0),
 sum(f.state = 'rectified' AND f.quantity IS NOT NULL AND substr(f.state_since, 1, 10) BETWEEN :since AND :until),
 coalesce(sum(CASE WHEN f.state = 'claimed' THEN f.quantity END), 0),
 coalesce(sum(CASE WHEN f.state IN ('open', 'in_progress') THEN coalesce(f.planned, f.quantity) END), 0)
FROM findings f JOIN sites p ON p.id = f.site
WHERE (f.quantity IS NOT NULL OR f.planned IS NOT NULL) AND (:community = '' OR p.community = :community)
GROUP BY 1, 2, 3
"""
_CONTRIBUTIONS: Final = """
SELECT v.person, coalesce(p.name, ''), count(*), sum(v.state IN ('accepted', 'partly_returned')),
 sum(v.state = 'returned'), sum(v.state = 'submitted'), count(DISTINCT v.site), coalesce(sum(i.n), 0),
 coalesce(sum(i.photos), 0), count(DISTINCT substr(v.submitted_at, 1, 10))
FROM visits v LEFT JOIN people p ON p.id = v.person AND p.removed = 0
LEFT JOIN (SELECT visit, count(*) AS n, sum(json_array_length(photos)) AS photos FROM inspections GROUP BY visit) i
 ON i.visit = v.id
WHERE substr(v.submitted_at, 1, 10) BETWEEN ? AND ? GROUP BY v.person ORDER BY p.name IS NULL, p.name, v.person
"""
_LEDGER_PART: Final = 500  # findings read at a time


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A finding with what stands around it in the ledger: its site, the inspection that found it last (None if it was
    reported without one), the steps, oldest first.
    """

    finding: Finding
    site: Site
    inspection: Inspection | None
    steps: tuple[Step, ...]


class ReportVerbs(FigureVerbs):
    """The verbs of the reports; they only ask."""

    def begun(self) -> str:
        """The date of the first fact (ISO), '' in an empty file."""
        row = self._sql.execute("SELECT min(substr(recorded_at, 1, 10)) FROM facts").fetchone()
        return str(row[0] or "")

    def period(self, since: str, until: str, community: str = "") -> PeriodFigures:
        """What happened from ``since`` to ``until``, in all, at each place of each level, and week by week."""
        total: dict[str, int] = defaultdict(int)
        weeks: dict[str, dict[str, int]] = {monday: defaultdict(int) for monday in _mondays(since, until)}
        places: dict[Level, dict[str, dict[str, int]]] = {level: {} for level in Level}
        for act, day, *names, count in self._sql.execute(_ACTS, [since, until, community, community]):
            total[act] += count
            weeks[_monday(day)][act] += count
            for level, name in zip(Level, names, strict=True):
                places[level].setdefault(name, defaultdict(int))[act] += count
        return PeriodFigures(
            since=since, until=until, total=PeriodCounts(**total),
            levels={
                level: tuple(PeriodCounts(name=name, **counts) for name, counts in sorted(found.items()))
                for level, found in places.items()
            },
            weeks=tuple(PeriodCounts(name=monday, **counts) for monday, counts in weeks.items()),
        )  # fmt: skip

    def class_results(self, since: str, until: str, community: str = "") -> list[ClassResults]:
        """Per site class what was renovated; ``since`` and ``until`` bound the day of the last repair."""
        values = {"since": since, "until": until, "community": community}
        return [
            ClassResults(site_class=r[0], sites=r[1], visited=r[2], renovated=r[3], partly=r[4], soft_only=r[5],
                         to_do=r[6])
            for r in self._sql.execute(_CLASSES, values)
        ]  # fmt: skip

    def installed(self, since: str, until: str, community: str = "") -> list[Installed]:
        """What was installed, by measure, element type and unit; the dates bound the day of closing."""
        values = {"since": since, "until": until, "community": community}
        return [
            Installed(measure=r[0], element=r[1], unit=r[2], done=r[3], findings=r[4], waiting=r[5], planned=r[6])
            for r in self._sql.execute(_INSTALLED, values)
        ]

    def contributions(self, since: str, until: str) -> list[Contribution]:
        """What each person did between two days (of submitting), by name."""
        names = list(Contribution.model_fields)
        return [
            Contribution(**dict(zip(names, row, strict=True)))
            for row in self._sql.execute(_CONTRIBUTIONS, [since, until])
        ]

    def kept_photos(self) -> dict[str, str]:
        """The photos that are not withdrawn: hash and suffix."""
        return dict(self._sql.execute("SELECT sha256, suffix FROM photos WHERE withdrawn = 0").fetchall())

    def count_findings(self, wanted: FindingFilter) -> int:
        """How many findings fit."""
        where, values = _where(wanted)
        return self._count(f"findings f JOIN sites s ON s.id = f.site{where}", values)

    def ledger(self, wanted: FindingFilter) -> Iterator[LedgerRecord]:
        """The findings that fit with what stands around them, by community and point code; read part by part."""
        where, values = _where(wanted)
        ids = [
            r[0]
            for r in self._sql.execute(
                f"SELECT f.id FROM findings f JOIN sites s ON s.id = f.site{where}"
                " ORDER BY s.community, s.code, f.element, f.number, f.id",
                values,
            )
        ]
        names = {p.id: p.name for p in self.people()}
        for at in range(0, len(ids), _LEDGER_PART):
            yield from self._ledger_part(ids[at : at + _LEDGER_PART], names)

    def _ledger_part(self, ids: Sequence[str], names: dict[str, str]) -> Iterator[LedgerRecord]:
        marks = ",".join("?" * len(ids))
        findings = {r[0]: _finding(r) for r in self._sql.execute(f"{_FINDING} WHERE f.id IN ({marks})", ids)}
        sites = self.sites_by_id(sorted({f.site for f in findings.values()}))
        steps: dict[str, list[Step]] = defaultdict(list)
        for row in self._sql.execute(
            "SELECT id, finding, follows, person, recorded_at, request FROM steps"
            f" WHERE in_force = 1 AND finding IN ({marks}) ORDER BY id",
            ids,
        ):
            steps[row[1]].append(
                Step.model_validate(
                    {"id": row[0], "finding": row[1], "follows": row[2], "person": row[3],
                     "person_name": names.get(row[3], ""), "recorded_at": row[4], "request": json.loads(row[5])}
                )
            )  # fmt: skip
        evidence = {
            r[0]: r[1] for r in self._sql.execute(
                f"SELECT f.id, max(e.value) FROM findings f, json_each(f.evidence) e"
                f" WHERE f.id IN ({marks}) GROUP BY 1",
                ids,
            )
        }  # fmt: skip
        inspections = self._these(sorted(set(evidence.values())))
        for one in (findings[i] for i in ids):
            found = inspections.get(evidence.get(one.id, ""))
            yield LedgerRecord(one, sites[one.site], found, tuple(steps[one.id]))

    def _these(self, inspections: Sequence[str]) -> dict[str, Inspection]:
        found: dict[str, Inspection] = {}
        for marks, part in chunks(inspections):
            rows: Iterator[tuple[Any, ...]] = self._sql.execute(f"{_INSPECTION} WHERE id IN ({marks})", part)
            found.update((row[0], _inspection(row)) for row in rows)
        return found


def _monday(day: str) -> str:
    known = date.fromisoformat(day)
    return (known - timedelta(days=known.weekday())).isoformat()


def _mondays(since: str, until: str) -> Iterator[str]:
    at, last = date.fromisoformat(_monday(since)), date.fromisoformat(until)
    while at <= last:
        yield at.isoformat()
        at += timedelta(days=7)
