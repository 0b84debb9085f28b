"""The figures of a survey, as the store counts them and pages and reports show them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from barrierfree.i18n import mark
from barrierfree.model.definition import Model
from barrierfree.model.words import FindingState, Status


class Level(StrEnum):
    """A level of the administration at which figures can be had."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


LEVEL_WORDS: Final[dict[Level, str]] = {
    Level.DISTRICT: mark("区"),
    Level.STREET: mark("街道"),
    Level.COMMUNITY: mark("社区"),
    Level.GRID: mark("网格"),
}


class PlaceFigures(Model):
    """A community, or another place of a ``Level``: its sites, how many show which status; '' has no name."""

    name: str
    sites: int
    met: int
    with_problem: int
    other_inspected: int

    @property
    def inspected(self) -> int:
        """Sites that are no longer to be surveyed."""
        return self.met + self.with_problem + self.other_inspected


class ElementFigures(Model):
    """An element type: checkpoints inspected and accepted, those meeting every rule, those with an open finding."""

    element: str
    inspected: int
    met: int
    not_met: int


class Figures(Model):
    """What the overview shows. Only accepted inspections count; pending ones stand beside, never in a figure."""

    as_of: str
    sites: int
    visited: int
    visited_this_week: int
    findings: int
    overdue: int
    closed_by_repair: int
    closed_otherwise: int
    open_findings: int
    regressions: int
    renovated: int
    partly_renovated: int
    by_state: dict[FindingState, int]
    by_status: dict[Status, int]
    levels: dict[Level, tuple[PlaceFigures, ...]]
    elements: tuple[ElementFigures, ...]
    pending_visits: int
    returned_visits: int
    disputed: int
    conflicts: int
    waiting: int
    without_position: int
    drafts: int
    city_rejected: int = 0  # records the city's system rejected that were not sent since

    @property
    def communities(self) -> tuple[PlaceFigures, ...]:
        """The figures by community."""
        return self.levels[Level.COMMUNITY]

    @property
    def told_levels(self) -> tuple[Level, ...]:
        """The levels that say something: community, and those with more than one place."""
        return tuple(level for level in Level if level is Level.COMMUNITY or len(self.levels[level]) > 1)


class PeriodCounts(Model):
    """What happened in a stretch of time at one place, or everywhere; acts are counted, not what they left behind."""

    name: str = ""
    visits: int = 0  # submitted
    accepted: int = 0  # visits that were accepted, or accepted in part
    returned: int = 0
    first: int = 0  # sites accepted for the first time
    found: int = 0  # findings reported
    claimed: int = 0
    repaired: int = 0  # closing steps after a re-inspection
    otherwise: int = 0
    regressions: int = 0

    @property
    def handled(self) -> int:
        """Findings closed, by repair or otherwise."""
        return self.repaired + self.otherwise


class PeriodFigures(Model):
    """What happened from ``since`` to ``until`` (ISO dates, both included); weeks are named by their Monday."""

    since: str
    until: str
    total: PeriodCounts
    levels: dict[Level, tuple[PeriodCounts, ...]]
    weeks: tuple[PeriodCounts, ...]


class ClassResults(Model):
    """The sites of one class: what was renovated (a merged site counts with the one it is)."""

    site_class: str
    sites: int
    visited: int
    renovated: int
    partly: int
    soft_only: int  # nothing repaired, nothing open, at least one soft service
    to_do: int  # open findings, nothing repaired


class Installed(Model):
    """What was installed: ``done`` counts only findings closed by repair; ``waiting`` and ``planned`` do not count."""

    measure: str
    element: str
    unit: str
    done: float
    findings: int
    waiting: float  # claimed, not yet re-inspected
    planned: float  # named in findings that are open, in progress, or open again


class WorkFigure(Model):
    """How much of one kind of work was done without a finding: never added to what was rectified."""

    element: str
    quantity_unit: str
    works: int
    quantity: float


class Contribution(Model):
    """What one person did; ``name`` is '' where it is not known or was removed."""

    person: str
    name: str
    visits: int
    accepted: int
    returned: int
    pending: int
    sites: int
    inspections: int
    photos: int
    days: int


class EnteredResult(Model):
    """A result that no inspection shows (handbooks printed, meetings held), entered by hand and marked so."""

    id: str
    label: str
    quantity: float
    unit: str
    day: str  # ISO
    note: str
    person_name: str


class AgeFigures(Model):
    """Findings that are not closed, reported from ``since`` to ``until`` (ISO, both included; since '': ever).

    ``days`` is how old the oldest of the group can be, None for the last group.
    """

    since: str
    until: str
    days: int | None
    findings: int


class RuleFigures(Model):
    """What the inspections in force say of one rule. ``doubtful``: check the standard, or measure again."""

    rule: str
    met: int
    not_met: int
    doubtful: int
