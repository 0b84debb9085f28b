"""Writes plain tables as an Excel workbook: a ledger, a report's figures, a list of rejected rows."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from barrierfree import cells
from barrierfree.workbook.sheet_rows import Plain, RowFile, put_rows

if TYPE_CHECKING:
    from openpyxl.drawing.image import Image

Value = str | float | int | None | tuple[bytes, ...]  # bytes are JPEG pictures, shown in the cell
_WIDEST: Final = 60  # characters
_LOOKED_AT: Final = 200  # rows whose texts decide how wide a column is
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))  # in the name of a sheet, by Excel's own rules
PICTURE_HEIGHT: Final = 64  # points
_PIXELS: Final = 4 / 3  # of a point, at 96 dpi
_EMU: Final = 9525  # English metric units of a pixel (ECMA-376 part 1, 20.1.2.1: 914,400 to the inch)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet: its title, the headers, and rows of texts, numbers and pictures, which are gone through once."""

    title: str
    headers: tuple[str, ...]
    rows: Iterable[Sequence[Value]]


def write_tables(path: Path, tables: Iterable[Table], tick: Callable[[], None] = lambda: None) -> None:
    """Write each table as a sheet with a frozen, filtered header row; texts stay texts.

    Tables with the same title share a sheet, under the headers of the first. Rows are written as they come and never
    held; ``tick`` is called now and then and may raise to stop. ``path`` is replaced when all is written, or not at
    all.
    """
    from openpyxl import Workbook  # openpyxl takes long to import: only when a workbook is written

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    sheets: dict[str, _Sheet] = {}
    try:
        for table in tables:
            if table.title not in sheets:
                made = book.create_sheet(sheet_name(table.title, book.sheetnames))
                sheets[table.title] = _Sheet(made, table.headers)
            sheets[table.title].add(table.rows, tick)
        if not sheets:
            book.create_sheet()
        for sheet in sheets.values():
            sheet.finish()
        frame = io.BytesIO()
        book.save(frame)
        parts = {f"xl/worksheets/sheet{n}.xml": sheet.rows for n, sheet in enumerate(sheets.values(), start=1)}
        with whole(path) as aside:
            put_rows(frame.getvalue(), parts, aside, tick)
    finally:
        for sheet in sheets.values():
            sheet.rows.close()


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its place at the end, or goes."""
    aside = path.with_name(path.name + ".part")
    try:
        yield aside
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def save_whole(book: Any, path: Path) -> None:
    """Save a workbook beside ``path`` and put it in its place: all of it or nothing."""
    with whole(path) as aside:
        book.save(aside)


def sheet_name(title: str, taken: Sequence[str]) -> str:
    """A name Excel allows (31 characters, no []:*?/\\, no quote at its ends), unlike the others in upper or lower."""
    name = cells.clean(title).translate(_FORBIDDEN).strip("' \t\n")[:31] or "1"
    others = {other.lower() for other in taken}
    made, number = name, 2
    while made.lower() in others:
        tail = f" {number}"
        made, number = name[: 31 - len(tail)] + tail, number + 1
    return made


def picture(content: bytes, height: float = PICTURE_HEIGHT) -> Image:
    """A JPEG as openpyxl places it, ``height`` points high."""
    from openpyxl.drawing.image import Image

    image = Image(io.BytesIO(content))
    tall = round(height * _PIXELS)
    image.width, image.height = round(image.width * tall / image.height), tall
    return image


class _Sheet:
    """A sheet being written row by row: its frame by openpyxl, its rows through a file."""

    def __init__(self, sheet: Any, headers: Sequence[str]) -> None:
        from openpyxl.utils import get_column_letter

        self._sheet = sheet
        self._headers = headers
        self._begun = False
        self.rows = RowFile([get_column_letter(at) for at in range(1, len(headers) + 1)])

    def add(self, rows: Iterable[Sequence[Value]], tick: Callable[[], None]) -> None:
        """Append rows; the first of them decide how wide the columns are."""
        coming = iter(rows)
        if not self._begun:
            self._begun = True
            first = list(islice(coming, _LOOKED_AT))
            self._begin(first)
            coming = chain(first, coming)
        for row in coming:
            if self.rows.last % 100 == 0:
                tick()
            height = 0.0
            plain: list[Plain] = []
            for at, value in enumerate(row):
                if isinstance(value, tuple):
                    if value:
                        self._place(value, at)
                        height = PICTURE_HEIGHT + 4
                    plain.append(None)
                else:
                    plain.append(value)
            self.rows.add(plain, height)

    def finish(self) -> None:
        """Add what needs the number of rows."""
        if self.rows.last > 1:
            self._sheet.auto_filter.ref = self.rows.range

    def _begin(self, first: Sequence[Sequence[Value]]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        self._sheet.freeze_panes = "A2"
        for at, width in enumerate(_widths(self._headers, first), start=1):
            self._sheet.column_dimensions[get_column_letter(at)].width = width
            cell = self._sheet.cell(1, at)
            cell.value = cells.clean(self._headers[at - 1])
            cell.data_type = "s"
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E4EEF7")
            cell.alignment = Alignment(vertical="center", wrap_text=True)

    def _place(self, pictures: tuple[bytes, ...], at: int) -> None:
        from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
        from openpyxl.drawing.xdr import XDRPositiveSize2D

        offset = 2
        for content in pictures:
            image = picture(content)
            size = XDRPositiveSize2D(image.width * _EMU, image.height * _EMU)
            marker = AnchorMarker(col=at, colOff=offset * _EMU, row=self.rows.last, rowOff=2 * _EMU)
            image.anchor = OneCellAnchor(_from=marker, ext=size)
            self._sheet.add_image(image)
            offset += image.width + 4


def _widths(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> Iterator[float]:
    for at, header in enumerate(headers):
        beside = [row[at] for row in rows if row[at] is not None]
        texts = [header, *(str(value) for value in beside if not isinstance(value, tuple))]
        wide = float(max(sum(2 if ord(c) > 0x2E7F else 1 for c in t.split("\n")[0]) for t in texts))
        pictures = max((len(value) for value in beside if isinstance(value, tuple)), default=0)
        yield min(max(wide + 2.5, 16.0 * pictures), _WIDEST)
