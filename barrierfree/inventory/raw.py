"""A facility list as read: texts of cells with their rows, and what was odd about the file."""

from __future__ import annotations

from dataclasses import dataclass

from barrierfree.model.definition import Model


class RowFault(Model):
    """A row left out, or taken with a remark: its row in the sheet, its name as far as known, the reason in words."""

    row: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RawList:
    """A list as read: ``rows`` are texts in the order of ``headers``, all of the same length.

    ``row_numbers`` are the rows (1-based) in the sheet, or the lines of a text file at which the rows begin, or the
    numbers of the features. ``header_row`` is the first row of the header, 0 where there is none. ``sheets`` names
    all sheets or layers of the file; ``datum_hint`` is '' or the datum that the file itself states (``wgs84``,
    ``cgcs2000``, ``EPSG:4548`` …); ``remarks`` are sentences about the file as a whole; ``faults`` are about single
    rows: of those left out while reading (a subtotal, a repeated header), and of those read with an empty cell in
    place of an error.

    A plain dataclass, not a validated model: 100,000 rows are not looked through again.
    """

    file: str
    sheet: str
    encoding: str
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    sheets: tuple[str, ...] = ()
    datum_hint: str = ""
    remarks: tuple[str, ...] = ()
    faults: tuple[RowFault, ...] = ()
