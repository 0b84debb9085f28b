"""The figures of a survey, as the store counts them and pages and reports show them."""

from __future__ import annotations

from barrierfree.model.definition import Model
from barrierfree.model.words import FindingState, Status


class CommunityFigures(Model):
    """A community: its sites, how many show which status."""

    community: str
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
    communities: tuple[CommunityFigures, ...]
    elements: tuple[ElementFigures, ...]
    pending_visits: int
    returned_visits: int
    disputed: int
    conflicts: int
    waiting: int
    without_position: int
    drafts: int
