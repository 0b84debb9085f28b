"""The log of a survey: facts as they were recorded, and what each of them changed in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LogFact:
    """A fact with the name of who recorded it ('' if removed). ``base``: per field the facts it replaces."""

    id: str
    kind: str
    subject: str
    person: str
    person_name: str
    device: str
    recorded_at: str
    base: Mapping[str, list[str]]
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a fact changed, in words; ``old`` is '' where there was nothing before.

    ``what`` says what happened, ``about`` to which record. ``device`` is the end of the id of the computer.
    """

    fact: str
    at: str
    person: str
    device: str
    what: str
    about: str
    field: str
    old: str
    new: str
