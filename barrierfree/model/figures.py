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

    @property
    def communities(self) -> tuple[PlaceFigures, ...]:
        """The figures by community."""
        return self.levels[Level.COMMUNITY]

    @property
    def told_levels(self) -> tuple[Level, ...]:
        """The levels that say something: community, and those with more than one place."""
        return tuple(level for level in Level if level is Level.COMMUNITY or len(self.levels[level]) > 1)
