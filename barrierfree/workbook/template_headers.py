"""Looks at a template for the editor of profiles: its sheets, the rows of titles, lists of allowed words."""

from __future__ import annotations

from typing import Final, Literal

from barrierfree.model.definition import Model
from barrierfree.workbook.lists import allowed_words
from barrierfree.workbook.package import Package, SheetEntry
from barrierfree.workbook.profile import column_letter
from barrierfree.workbook.sheet_scan import SheetScan
from barrierfree.workbook.styles import Styles
from barrierfree.workbook.template_sheet import scanned
from barrierfree.workbook.titles import shown, titles

_LOOKED_AT: Final = 40  # rows in which titles are looked for
_LONGEST_TITLE: Final = 60  # characters
_MOST_LINES: Final = 3


class HeaderColumn(Model):
    """A column of a template: its letter, its title (of two lines the parts with "/"), and what may stand in it."""

    letter: str
    title: str
    words: tuple[str, ...] = ()  # of a list validation: the allowed words
    format: Literal["", "text", "number", "date"] = ""  # of the cell below the title


class SheetHeaders(Model):
    """A sheet of a template with a guess at its rows of titles; ``first_row`` is the row below them.

    ``header_row`` is 0 and ``columns`` empty where no titles were found.
    """

    name: str
    header_row: int = 0
    header_rows: int = 1
    first_row: int = 0
    columns: tuple[HeaderColumn, ...] = ()
    hidden: bool = False


def template_headers(template: bytes) -> tuple[SheetHeaders, ...]:
    """The sheets of a template. Raises ``BatchError`` if it is no workbook that can be filled."""
    package = Package(template)
    part = package.part_of("styles")
    styles = Styles(package.read(part) if part else b"")
    return tuple(_headers(package, entry, styles) for entry in package.sheets if entry.kind == "worksheet")


def headers_at(template: bytes, sheet: str, header_row: int, header_rows: int) -> SheetHeaders:
    """The titles of one sheet where a person says that they stand."""
    package = Package(template)
    part = package.part_of("styles")
    entry = next(one for one in package.sheets if one.name == sheet)
    styles = Styles(package.read(part) if part else b"")
    return _with_columns(package, entry, scanned(package, entry), styles, header_row, header_rows)


def _headers(package: Package, entry: SheetEntry, styles: Styles) -> SheetHeaders:
    scan = scanned(package, entry)
    row = _title_row(package, scan)
    if not row:
        return SheetHeaders(name=entry.name, hidden=entry.hidden)
    return _with_columns(package, entry, scan, styles, row, _lines(scan, row))


def _with_columns(
    package: Package, entry: SheetEntry, scan: SheetScan, styles: Styles, row: int, lines: int
) -> SheetHeaders:
    first = row + 1
    words = allowed_words(package, entry, scan, first)
    below = scan.row(first)
    looks = {cell.column: cell.style for cell in below.cells} if below else {}
    columns = tuple(
        HeaderColumn(
            letter=column_letter(at), title=title, words=words.get(at, ()),
            format=styles.shows(looks.get(at, scan.column_style(at))),
        )
        for at, title in titles(package, scan, row, lines).items()
    )  # fmt: skip
    return SheetHeaders(
        name=entry.name, header_row=row, header_rows=lines, first_row=first, columns=columns, hidden=entry.hidden
    )


def _title_row(package: Package, scan: SheetScan) -> int:
    """The row with the most different short texts, the upper of two; cells merged downwards count in their last row."""
    best, found = 1, 0
    for row in scan.rows:
        if row.number > _LOOKED_AT:
            break
        down = {a.left: a for a in scan.merges if a.top < a.bottom and a.top <= row.number <= a.bottom}
        texts = {c.column: shown(package, c).strip() for c in row.cells if c.kind != "n"}
        texts = {at: text for at, text in texts.items() if at not in down}
        for at, area in down.items():
            if area.bottom == row.number:
                top = scan.row(area.top)
                texts |= {c.column: shown(package, c).strip() for c in top.cells if c.column == at} if top else {}
        count = len({text for text in texts.values() if 0 < len(text) <= _LONGEST_TITLE})
        if count > best:
            best, found = count, row.number
    return found


def _lines(scan: SheetScan, row: int) -> int:
    """How many lines the titles take: as far up as cells are merged into the line, or side by side over parts of it."""
    here = scan.row(row)
    width = max((c.column for c in here.cells), default=1) if here else 1
    lines = 1
    for line in range(row, max(1, row - _MOST_LINES), -1):
        merged = [a for a in scan.merges if a.top <= line <= a.bottom and a.top < row]
        down = [a.top for a in merged if a.top < a.bottom]
        above = [a for a in scan.merges if a.top <= line - 1 <= a.bottom and a.left < a.right]
        part = [a for a in above if a.right - a.left + 1 < width - 1]
        if down:
            lines = max(lines, row - min(down) + 1)
        elif part:
            lines = max(lines, row - line + 2)
        else:
            break
    return min(lines, _MOST_LINES)
