"""What the overview tells of time and rules: how old open findings are, and what each rule found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from barrierfree.model.figures import AgeFigures, RuleFigures
from barrierfree.store.findings import FindingVerbs

AGES: Final = (30, 90, 180)  # days; the last group is older than that


class TrendVerbs(FindingVerbs):
    """The verbs about age and rules; they only ask."""

    def ages(self, today: date | None = None) -> tuple[AgeFigures, ...]:
        """Findings that are not closed by how long ago they were reported, the youngest first."""
        day = today or self.clock().date()
        until, told = day, []
        for days in (*AGES, None):
            since = day - timedelta(days=days) if days is not None else date.min
            count = self._count(
                "findings WHERE state IN ('reported','open','in_progress','claimed')"
                " AND substr(reported_at, 1, 10) BETWEEN ? AND ?",
                [since.isoformat(), until.isoformat()],
            )
            told.append(AgeFigures(since=since.isoformat() if days is not None else "", until=until.isoformat(),
                                   days=days, findings=count))  # fmt: skip
            until = since - timedelta(days=1) if days is not None else since
        return tuple(told)

    def rule_results(self) -> tuple[RuleFigures, ...]:
        """What the inspections in force say of each rule, the one missed most first."""
        rows = self._sql.execute(
            "SELECT json_extract(v.value, '$.rule'), sum(v.value ->> 'kind' = 'met'),"
            " sum(v.value ->> 'kind' = 'not_met'), sum(v.value ->> 'kind' IN ('check_standard', 'measure_again'))"
            " FROM inspections i, json_each(i.verdicts) v WHERE i.current = 1 GROUP BY 1 ORDER BY 3 DESC, 1"
        )
        return tuple(RuleFigures(rule=r[0], met=r[1], not_met=r[2], doubtful=r[3]) for r in rows if r[1] + r[2] + r[3])

    def sites_missing(self, rule: str) -> set[str]:
        """The sites where an inspection in force does not meet a rule."""
        rows = self._sql.execute(
            "SELECT DISTINCT i.site FROM inspections i, json_each(i.verdicts) v WHERE i.current = 1"
            " AND v.value ->> 'rule' = ? AND v.value ->> 'kind' = 'not_met'",
            [rule],
        )
        return {r[0] for r in rows}
