"""Reads what the city's system answered: a workbook or csv with a row per record, found by our code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from barrierfree.errors import BatchError
from barrierfree.workbook.profile import AnswerLayout


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer, in the order of the file; ``line`` is its row there, from 1."""

    line: int
    sheet: str
    code: str
    outcome: Literal["accepted", "rejected", "unclear"]
    reason: str = ""
    city_number: str = ""
    state: str = ""  # the word in the file


@dataclass
class AnswerFile:
    """The rows that can be trusted, and what is wrong with others: sentences with sheet, row and what to do."""

    rows: list[AnswerRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_answers(layout: AnswerLayout, path: Path) -> AnswerFile:
    """Read the answer at ``path``. Raises ``BatchError`` if it cannot be read or has not the titles of ``layout``."""
    raise BatchError("", "")
