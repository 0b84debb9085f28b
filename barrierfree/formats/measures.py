"""Measured answers of one element, told in the units that a format wants; None where nothing was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from barrierfree.formats.values import number
from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.open_records import Inspected
from barrierfree.model.words import VerdictKind

_PER_METRE: Final = {"length_mm": 1000.0, "length_m": 1.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was answered of one element that has an inspection in force."""

    checkpoint: str  # its id
    element: str
    number: int
    inspected_on: str  # ISO date
    missed: bool  # some rule is not met
    _answers: Mapping[str, Any]
    _type: ElementType

    @property
    def there(self) -> bool | None:
        """Whether the element is there; None if that is unknown or does not apply."""
        return self.yes("present")

    def choice(self, question: str) -> str:
        """The chosen answer, '' if it is none of the question's choices."""
        asked = self._type.question(question)
        value = self._answers.get(question)
        return value if isinstance(value, str) and asked and value in {c.name for c in asked.choices} else ""

    def chosen(self, question: str) -> tuple[str, ...] | None:
        """The chosen answers of a question with several; None if it was not answered."""
        value = self._answers.get(question)
        return tuple(str(one) for one in value) if isinstance(value, list) and value else None

    def yes(self, question: str) -> bool | None:
        """Yes or no; None for any other answer or none."""
        return {"yes": True, "no": False}.get(self.choice(question))

    def metres(self, question: str) -> float | None:
        """A length in metres, whatever unit it was asked in."""
        asked = self._type.question(question)
        value = number(self._answers.get(question))
        per = _PER_METRE.get(asked.quantity) if asked else None
        return None if value is None or per is None or value < 0 else round(value / per, 6)

    def count(self, question: str) -> int | None:
        """A whole number."""
        value = number(self._answers.get(question))
        return int(value) if value is not None and value >= 0 and value == int(value) else None

    def ratio(self, question: str) -> float | None:
        """A slope as rise/run."""
        value = self._answers.get(question)
        return number(value.get("ratio")) if isinstance(value, Mapping) else None

    def entered(self, question: str) -> str:
        """A slope as it was entered."""
        value = self._answers.get(question)
        return str(value.get("entered", "")) if isinstance(value, Mapping) else ""


def measured(checkpoints: Iterable[Inspected], definition: Definition) -> list[Measured]:
    """The elements that were inspected and that the checklist knows, in their order."""
    found = []
    for one in checkpoints:
        element = definition.checklist.element(one.checkpoint.element)
        if one.inspection is not None and element is not None:
            missed = any(v.kind is VerdictKind.NOT_MET for v in one.inspection.verdicts)
            found.append(
                Measured(one.checkpoint.id, one.checkpoint.element, one.checkpoint.number,
                         one.inspection.recorded_at[:10], missed, one.inspection.answers, element)
            )  # fmt: skip
    return found
