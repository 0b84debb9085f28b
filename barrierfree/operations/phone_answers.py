"""What the cells of a phone's export mean: which question a header names, which answer a text is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from barrierfree import checklists
from barrierfree.errors import AnswerError
from barrierfree.i18n import tr
from barrierfree.model.definition import ElementType, Question
from barrierfree.model.records import Answers
from barrierfree.submissions import Record

_BEFORE_NAME: Final = re.compile(r"[/:-]")  # ODK writes visit-outcome, Aggregate visit:outcome, Kobo visit/outcome
_PLACE: Final = re.compile(r"(.*)[-:](Latitude|Longitude|Altitude|Accuracy)")
_PLACE_PARTS: Final = ("Latitude", "Longitude", "Altitude", "Accuracy")
# What servers and phones add to every row.
_THEIRS: Final = re.compile(r"_.*|.*_URL|KEY|PARENT_KEY|SET-OF-.*|.*instanceID|.*instanceName|meta[/:-].*")
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
_TRUE: Final = frozenset({"1", "true", "yes", "是"})


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a cell; with ``left_out`` its whole row is not taken."""

    column: str
    reason: str
    left_out: bool


@dataclass
class ReadCells:
    """The answers in the cells of a row, the names of its pictures, and what is wrong with it."""

    answers: Answers = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)


def endings(header: str) -> Iterator[str]:
    """The names a header may mean: the whole of it, then what stands behind each group's name."""
    yield header
    for found in _BEFORE_NAME.finditer(header):
        yield header[found.end() :]


def cell(record: Record, *names: str) -> str:
    """The first cell under one of these names, whatever group they stand in; '' where there is none."""
    for name in names:
        for header, text in record.cells.items():
            if name in endings(header):
                return text
    return ""


def read_cells(element: ElementType, record: Record, ignored: Collection[str] = ()) -> ReadCells:
    """The answers about ``element`` in a row. ``ignored`` names headers that mean something else (the visit's)."""
    read = ReadCells()
    given: dict[str, str | list[str]] = {}
    questions = {q.name: q for q in element.questions}
    for header, text in record.cells.items():
        name = next((n for e in endings(header) if (n := e.removeprefix(f"{element.code}__")) in questions), "")
        if name:
            _note(read, given, questions[name], text)
        elif _is_photo(element, header) or (_is_picture(text) and not header.endswith("_URL")):
            read.pictures.append(text)
        elif not _joined(given, questions, element.code, header, text) and not (
            _THEIRS.fullmatch(header) or any(e in ignored for e in endings(header))
        ):
            read.faults.append(CellFault(header, tr("检查表里没有这道题，答案没有导入"), False))
    for asked, value in given.items():
        question = questions[asked]
        try:
            answer = checklists.parse_answer(question, _plain(question, value))
        except AnswerError as error:
            read.faults.append(CellFault(question.name, f"{error.message}{error.advice}", True))
            continue
        if answer != "":
            read.answers[question.name] = answer
    return read


def _note(read: ReadCells, given: dict[str, str | list[str]], question: Question, text: str) -> None:
    if question.kind == "image":
        read.pictures.append(text)
    elif question.kind != "note" and not question.calculation:
        given[question.name] = text  # the whole answer counts more than columns of its choices


def _is_photo(element: ElementType, header: str) -> bool:
    return any(e.removeprefix(f"{element.code}__") in checklists.PHOTOS for e in endings(header))


def _is_picture(text: str) -> bool:
    return Path(text).suffix.lower() in _PICTURES


def _joined(
    given: dict[str, str | list[str]], questions: Mapping[str, Question], code: str, header: str, text: str
) -> bool:
    """Take a column that is a piece of an answer: one choice of several, one number of a place."""
    place = _PLACE.fullmatch(header)
    if place:
        name = next((n for e in endings(place[1]) if (n := e.removeprefix(f"{code}__")) in questions), "")
        if name:
            pieces = given.setdefault(name, ["", "", "", ""])
            if isinstance(pieces, list):
                pieces[_PLACE_PARTS.index(place[2])] = text
            return True
    left, _, choice = header.rpartition("/")
    name = next((n for e in endings(left) if (n := e.removeprefix(f"{code}__")) in questions), "") if left else ""
    if not name or choice not in {c.name for c in questions[name].choices}:
        return False
    chosen = given.setdefault(name, [])
    if isinstance(chosen, list) and text.lower() in _TRUE:
        chosen.append(choice)
    return True


def _plain(question: Question, value: str | list[str]) -> str | list[str]:
    """The value as ``parse_answer`` takes it: dates without a time, times without an offset, a place in one piece."""
    if isinstance(value, list):
        return " ".join(v for v in value if v) if question.kind == "geopoint" else value
    if question.kind == "date":
        return value[:10] if re.match(r"\d{4}-\d\d-\d\dT", value) else value
    if question.kind == "time":
        found = re.match(r"(?:.*T)?(\d\d:\d\d(?::\d\d)?)", value)
        return found[1] if found else value
    return value


def read_moment(text: str, zone: tzinfo | None) -> datetime | None:
    """A moment as servers write it; one without an offset is of ``zone``. None where it is none."""
    found: datetime | None = None
    for reader in (datetime.fromisoformat, lambda t: datetime.strptime(t, "%b %d, %Y %I:%M:%S %p")):
        try:
            found = reader(text.strip())
            break
        except ValueError:
            continue
    if found is None or found.year < 2000:
        return None
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)
