"""What a survey holds: sites, checkpoints, visits, inspections, findings, steps, photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from barrierfree.model.definition import Model
from barrierfree.model.words import (
    FindingState,
    Outcome,
    Problem,
    ReportSource,
    Standing,
    Status,
    UnitClass,
    VerdictKind,
    VisitState,
)


class Slope(Model):
    """A slope as rise/run (1:12 = 0.0833…) and as it was entered (``1:12``, ``8.3%``, ``4.8°``, ``140/1680``)."""

    ratio: float = Field(ge=0)
    entered: str


Answer = str | int | float | list[str] | Slope
Answers = dict[str, Answer]


class Verdict(Model):
    """What one rule says about one inspection. ``measured`` is in the question's unit (slope: ratio)."""

    rule: str
    kind: VerdictKind
    measured: float | str | None = None
    reason: str = ""  # a key the conformance room explains: 'unverified', 'exception', 'advice', 'missing', …


@dataclass(frozen=True, slots=True)
class Position:
    """A position in WGS-84 degrees, with the coordinate as given and its datum (a ``Datum`` or ``EPSG:n``)."""

    lon: float
    lat: float
    given_x: float
    given_y: float
    datum: str

    def values(self) -> dict[str, float | str]:
        """As it stands in a fact."""
        return {
            "lon": self.lon, "lat": self.lat, "given_x": self.given_x, "given_y": self.given_y, "datum": self.datum,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """A site to be stored: what a list or a person in the field gives.

    A plain dataclass like ``Position``, not a validated model: a list may hold a hundred thousand of them.
    """

    key: str  # what makes this row the same row next time; the id derives from it
    name: str
    address: str = ""
    community: str = ""
    site_class: str = ""
    position: Position | None = None
    source: str = ""
    note: str = ""
    district: str = ""  # as the list says; '' means the area of the survey
    street: str = ""
    grid: str = ""  # number of the cell of grid management (网格)
    city_number: str = ""  # the number that the list or the city's own system gives it, never our point code


class Site(Model):
    """A site as it stands. ``distance`` fields are never stored; ``conflicts`` names fields with two values.

    ``gone`` is empty, or says in which list it is no longer found; ``same_as`` is empty, or the id of the site that
    this one turned out to be.
    """

    id: str
    code: str
    final_code: bool
    name: str
    address: str
    community: str
    site_class: str
    lon: float | None
    lat: float | None
    given_x: float | None
    given_y: float | None
    datum: str
    status: Status
    checkpoints: int
    inspected: int
    open_findings: int
    source: str
    note: str
    conflicts: tuple[str, ...] = ()
    district: str = ""
    street: str = ""
    grid: str = ""
    city_number: str = ""
    gone: str = ""
    same_as: str = ""


class Checkpoint(Model):
    """One element of a site. ``inspection`` is its current accepted inspection, '' while there is none."""

    id: str
    site: str
    element: str
    number: int
    status: Status
    inspection: str = ""
    pending: str = ""


class NewInspection(Model):
    """An inspection to be submitted: the answers about one checkpoint, judged and with its photos."""

    element: str
    number: int = 1
    answers: dict[str, Any]
    verdicts: tuple[Verdict, ...]
    photos: tuple[str, ...] = ()
    problems: tuple[ReportedProblem, ...] = ()
    replaces: str = ""  # the returned inspection this one answers
    gone: tuple[str, ...] = ()  # findings without a rule of which the person says: it is gone
    taken_over: tuple[str, ...] = ()  # questions answered by taking over what was said of another element


class ReportedProblem(Model):
    """A problem proposed by verdicts, or seen by the person: one problem word with the rules not met under it."""

    problem: Problem
    rules: tuple[str, ...] = ()
    severity: str = ""  # '', 'high', 'medium', 'low'
    note: str = ""


class NewVisit(Model):
    """A visit to be submitted. ``started`` and ``ended`` are ISO 8601 with offset.

    ``source`` is ``paper`` where somebody typed in a sheet, with ``entered_by`` that person's id; else both are ''.
    """

    site: str
    outcome: Outcome
    reason: str = ""
    started: str = ""
    ended: str = ""
    inspections: tuple[NewInspection, ...] = ()
    photos_to_follow: bool = False  # they are still on the phone
    source: str = ""
    entered_by: str = ""


class Visit(Model):
    """A visit as it stands. ``entered_by`` is the name of who typed it in from paper (``source``)."""

    id: str
    site: str
    site_name: str
    site_code: str
    community: str
    person: str
    person_name: str
    outcome: Outcome
    reason: str
    submitted_at: str
    state: VisitState
    review_reason: str = ""
    reviewed_by: str = ""
    inspections: int = 0
    not_met: int = 0
    photos: int = 0
    photos_to_follow: bool = False  # and not all of them are there yet
    started: str = ""
    source: str = ""
    entered_by: str = ""
    ended: str = ""


class Inspection(Model):
    """An inspection as it stands. ``state`` is that of its review."""

    id: str
    visit: str
    checkpoint: str
    site: str
    element: str
    number: int
    person: str
    recorded_at: str
    checklist: str  # hash of the checklist it was filled with
    answers: dict[str, Any]
    verdicts: tuple[Verdict, ...]
    photos: tuple[str, ...]
    state: VisitState
    current: bool = False
    gone: tuple[str, ...] = ()
    problems: tuple[ReportedProblem, ...] = ()
    taken_over: tuple[str, ...] = ()  # questions whose answers were taken over from another element


class EarlierInspection(Model):
    """What a round before this one last found at a checkpoint; the inspection itself stays in that round's file."""

    checkpoint: str
    inspection: str
    recorded_at: str
    person_name: str
    round: int
    answers: dict[str, Any]
    verdicts: tuple[Verdict, ...]


class Finding(Model):
    """A finding as it stands. Dates are ISO; ``round`` counts from 1 and grows by each regression."""

    id: str
    site: str
    site_name: str
    site_code: str
    community: str
    checkpoint: str
    element: str
    number: int
    problem: Problem
    rules: tuple[str, ...]
    severity: str
    note: str
    state: FindingState
    round: int
    unit: str
    responsible: str
    deadline: str
    deadline_note: str
    measure: str
    quantity: float | None
    quantity_unit: str
    reported_at: str
    state_since: str
    last_step: str
    claimed_by: str
    claimed_at: str
    photos_before: tuple[str, ...]
    photos_after: tuple[str, ...]
    conflict: bool = False
    city_number: str = ""
    planned: float | None = None  # how many are to be installed; ``quantity`` is how many were
    source: str = ""  # a ``ReportSource`` where it was reported without an inspection

    def overdue(self, today: str) -> bool:
        """Whether the deadline has passed on the ISO date ``today`` while the finding is not closed."""
        return bool(self.deadline) and self.deadline < today and not self.state.closed


class StepRequest(Model):
    """A step somebody wants to take on a finding; which fields are needed depends on ``to``."""

    to: FindingState
    unit: str = ""
    responsible: str = ""
    deadline: str = ""  # ISO date
    deadline_note: str = ""  # how the date was reached, e.g. 15 working days
    measure: str = ""
    planned: float | None = None  # how many are to be installed, said when the work is given out
    quantity: float | None = None  # how many were installed, said when it is claimed
    quantity_unit: str = ""
    photos: tuple[str, ...] = ()
    reason: str = ""
    inspection: str = ""  # the re-inspection that closes or reopens
    original: str = ""  # of which finding this one is a duplicate


class Step(Model):
    """One act in the life of a finding, as recorded. ``group`` is the same for the steps of one bulk action."""

    id: str
    finding: str
    follows: str
    person: str
    person_name: str
    recorded_at: str
    request: StepRequest
    standing: Standing = Standing.IN_FORCE
    group: str = ""


class NewReport(Model):
    """A problem somebody told of, without an inspection. An empty ``element`` means the site as a whole."""

    site: str
    element: str = ""
    number: int = 1
    problem: Problem
    note: str
    source: ReportSource
    severity: str = ""


class Report(Model):
    """One fact that reported a finding: an inspection, or what somebody told (then with its ``source``)."""

    id: str
    recorded_at: str
    person: str
    person_name: str
    inspection: str
    source: str
    note: str
    photos: tuple[str, ...]


class Unit(Model):
    """A responsible unit. ``contact`` is a person's name; ``conflicts`` names fields with two values."""

    name: str
    unit_class: UnitClass | None = None
    contact: str = ""
    note: str = ""
    hidden: bool = False  # no longer offered
    conflicts: tuple[str, ...] = ()


class SpecialDay(Model):
    """A day that the survey counts otherwise than the published calendar; ``working`` is None while two disagree."""

    day: str  # ISO
    working: bool | None
    note: str = ""


class NewWork(Model):
    """Something built or installed without a finding. ``done_on`` is an ISO date."""

    site: str
    element: str = ""
    what: str
    quantity: float
    quantity_unit: str
    done_on: str
    unit: str = ""
    note: str = ""
    photos: tuple[str, ...] = ()


class Work(NewWork):
    """A work as it stands."""

    id: str
    site_name: str
    site_code: str
    community: str
    recorded_at: str
    person_name: str
    withdrawn: bool = False


class Photo(Model):
    """A picture kept under its SHA-256. ``lon``/``lat`` are WGS-84 from EXIF.

    ``taken_at`` is ISO local time, with its offset if the camera gave one, or ''. ``source`` is the SHA-256 of the
    file it came as, '' if that is not known; ``original`` is the name of that file where it is kept beside the photo.
    """

    sha256: str
    suffix: str
    width: int
    height: int
    taken_at: str = ""
    lon: float | None = None
    lat: float | None = None
    name: str = ""  # the file name it came with
    withdrawn: bool = False
    source: str = ""
    original: str = ""


class Person(Model):
    """A person who acts. Facts hold the id; the name lives apart and can be removed."""

    id: str
    name: str


class Draft(Model):
    """A half-filled inspection on this device; not a fact."""

    site: str
    element: str
    number: int
    person: str
    answers: dict[str, Any]
    photos: tuple[str, ...] = ()
    saved_at: str = ""
    note: str = ""


class Changes(Model):
    """What a write changed; pages decide from it whether to redraw. ``written`` are the ids of new facts."""

    sites: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    drafts: bool = False
    batches: bool = False
    people: bool = False
    definition: bool = False
    written: tuple[str, ...] = ()


NewInspection.model_rebuild()
Inspection.model_rebuild()
