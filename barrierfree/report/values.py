"""What a report is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the survey that stands in a cell."""

    sha256: str
    suffix: str = ".jpg"


Cell = str | float | int | None | tuple[Picture, ...]
Row = Sequence[Cell]


class MadeAnew(Generic[T]):
    """Things that are made again each time somebody goes through them, so that a long ledger is never held whole."""

    def __init__(self, make: Callable[[], Iterator[T]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[T]:
        return self._make()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A table with its title.

    ``rule`` says how its figures were counted, ``intro`` what they come to, in sentences. ``opens`` is a heading that
    begins a new page of its own (a site, a unit); in a workbook the rows of sections with one title share a sheet, and
    that heading is their first column. ``widths`` are shares of the line; empty where the texts may decide.
    """

    title: str
    headers: tuple[str, ...]
    rows: Iterable[Row]
    rule: str = ""
    intro: str = ""
    opens: str = ""
    of: str = ""  # the heading under which it stands, for sections after the one that ``opens``
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report on a survey as of a date (ISO); ``sample`` marks invented data, ``wide`` lays the page across."""

    kind: str
    title: str
    survey: str
    as_of: str
    sample: bool
    sections: Iterable[Section]
    since: str = ""
    place: str = ""
    note: str = ""
    wide: bool = False

    def values(self) -> dict[str, Any]:
        """For JSON: everything, photos by their hash."""
        return {
            "kind": self.kind, "title": self.title, "survey": self.survey, "since": self.since, "as_of": self.as_of,
            "place": self.place, "sample": self.sample, "note": self.note,
            "sections": [
                {"title": s.title, "of": s.opens or s.of, "intro": s.intro, "headers": list(s.headers),
                 "rows": [[_plain(c) for c in row] for row in s.rows], "rule": s.rule}
                for s in self.sections
            ],
        }  # fmt: skip


def _plain(cell: Cell) -> Any:
    return [p.sha256 for p in cell] if isinstance(cell, tuple) else cell


@dataclass(frozen=True, kw_only=True)
class About:
    """What every report says of itself; ``since`` is '' where it has no beginning."""

    survey: str
    as_of: str
    sample: bool
    since: str = ""
    place: str = ""
