"""Second looks: two accepted inspections that disagree, and samples of visits that somebody else looks at again."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from barrierfree.i18n import mark
from barrierfree.model.definition import Model
from barrierfree.model.records import Inspection


class Dispute(Model):
    """A checkpoint with accepted inspections, oldest first, none of which replaces another, that disagree.

    ``asked``: somebody is to look a third time, and has not yet.
    """

    checkpoint: str
    site: str
    site_name: str
    site_code: str
    community: str
    element: str
    number: int
    inspections: tuple[Inspection, ...]
    asked: bool = False


class Agreement(StrEnum):
    """What became of a second look."""

    TO_DO = "to_do"
    PENDING = "pending"  # somebody else was there; not yet reviewed
    AGREES = "agrees"
    DIFFERS = "differs"


AGREEMENT_WORDS: Final[dict[Agreement, str]] = {
    Agreement.TO_DO: mark("未复查"),
    Agreement.PENDING: mark("已复查，待审核"),
    Agreement.AGREES: mark("结论一致"),
    Agreement.DIFFERS: mark("结论不同"),
}


class LookItem(Model):
    """One visit that somebody else looks at again. ``differing`` are the checkpoints where they disagree."""

    site: str
    site_name: str
    site_code: str
    community: str
    visit: str
    first: tuple[str, ...]  # names of those who were there first
    second: tuple[str, ...] = ()
    agreement: Agreement = Agreement.TO_DO
    differing: tuple[str, ...] = ()


class Sample(Model):
    """How a sample was drawn, so that anybody can draw the same one again.

    ``asked`` is what was asked for (``12`` or ``5%``), ``of`` how many visits it was drawn from; the dates are those
    of submitting, both included.
    """

    since: str
    until: str
    seed: str
    asked: str
    of: int


class SecondLook(Model):
    """A sample of visits with what became of each."""

    id: str
    made_at: str
    person_name: str
    sample: Sample
    items: tuple[LookItem, ...]
    ended: bool = False

    def count(self, agreement: Agreement) -> int:
        """How many items came to that."""
        return sum(item.agreement is agreement for item in self.items)
