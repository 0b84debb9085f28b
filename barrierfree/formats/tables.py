"""CSV: UTF-8 with a mark so that Excel reads it as such, CRLF (RFC 4180), Chinese headers, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from barrierfree import cells
from barrierfree.formats.content import About, Tally
from barrierfree.formats.values import Value, columns, flat
from barrierfree.model.open_records import SiteRecord

_POSITION: Final = ("经度", "纬度", "坐标系")


def write(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """The records of a layer, one per row; those without a position too."""
    told = columns(about)
    yield "\ufeff" + _line([*(c.title for c in told), *_POSITION, "编号"])
    for one in flat(records, about, tally, places=False):
        place: list[Value] = [*one.position, "WGS-84"] if one.position else ["", "", ""]
        tally.bare += one.position is None
        yield _line([*(one.values[c.name] for c in told), *place, one.id])


def _line(values: list[Value]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return out.getvalue()


def _cell(value: Value) -> Value:
    """A text that a spreadsheet does not run; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    clean = cells.clean(value)
    return f"'{clean}"[: cells.MAX_LENGTH] if cells.looks_like_formula(clean) else clean
