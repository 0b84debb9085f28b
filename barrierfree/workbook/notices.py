"""Writes notices to units (整改通知单): a sheet per unit with empty cells to fill in, made so that it can be read back.

What a reader needs is data in the workbook, not a guess: the hidden sheet ``MARKER`` names the form and its version,
and for every sheet its unit, the header row, and how many rows it has; the hidden last column holds our ids. Columns
are found by their headers (``NOTICE_COLUMNS``), so that a unit may move them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from barrierfree import cells
from barrierfree.workbook.tables import PICTURE_HEIGHT, Value, picture, save_whole, sheet_name

MARKER: Final = "_barrierfree"  # the hidden sheet by which a notice is known
MARKER_WORD: Final = "barrierfree-notice"
MARKER_VERSION: Final = 1
MARKER_HEADERS: Final = ("sheet", "unit", "header_row", "rows", "survey", "as_of")
HEADER_ROW: Final = 4


@dataclass(frozen=True)
class NoticeColumn:
    """A column of a notice: its header, our field, its width in characters, and whether the unit fills it in."""

    header: str
    field: str
    width: float
    filled_in: bool = False


NOTICE_COLUMNS: Final = (
    NoticeColumn("序号", "serial", 6),
    NoticeColumn("点位编号", "site_code", 19),
    NoticeColumn("点位名称", "site_name", 22),
    NoticeColumn("详细地址", "address", 22),
    NoticeColumn("元素", "element", 14),
    NoticeColumn("问题", "problem", 14),
    NoticeColumn("问题描述", "description", 34),
    NoticeColumn("标准限值", "limits", 30),
    NoticeColumn("依据条款", "clauses", 20),
    NoticeColumn("整改期限", "deadline", 12),
    NoticeColumn("整改要求", "planned_measure", 18),
    NoticeColumn("整改前照片", "photos_before", 20),
    NoticeColumn("整改措施", "measure", 24, True),
    NoticeColumn("数量", "quantity", 9, True),
    NoticeColumn("数量单位", "quantity_unit", 10, True),
    NoticeColumn("完成日期", "done_on", 13, True),
    NoticeColumn("说明", "remark", 20, True),
    NoticeColumn("问题编号", "id", 28),
)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice to one unit: the rows of ``NOTICE_COLUMNS``, and the lines above them."""

    unit: str
    title: str
    about: str
    hint: str
    rows: Iterable[Sequence[Value]]


def write_notices(
    path: Path, notices: Iterable[Notice], *, survey: str, as_of: str, tick: Callable[[], None] = lambda: None
) -> None:
    """Write each notice as a sheet; ``tick`` is called now and then and may raise to stop, then nothing is written."""
    from openpyxl import Workbook  # openpyxl takes long to import: only when a workbook is written

    book = Workbook()
    first: Any = book.active
    marks = []
    for notice in notices:
        sheet = book.create_sheet(sheet_name(notice.unit, book.sheetnames))
        count = _fill(sheet, notice, tick)
        marks.append((sheet.title, notice.unit, HEADER_ROW, count, survey, as_of))
    first.title = MARKER
    first.append([MARKER_WORD, MARKER_VERSION])
    first.append(list(MARKER_HEADERS))
    for mark in marks:
        first.append(list(map(_safe, mark)))
        for cell in first[first.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    if marks:
        first.sheet_state = "hidden"
        book.move_sheet(first, len(marks))
        book.active = 0
    save_whole(book, path)


def _safe(value: object) -> Any:
    return cells.clean(value) if isinstance(value, str) else value


def _fill(sheet: Any, notice: Notice, tick: Callable[[], None]) -> int:
    """Write the lines and rows of a notice; how many rows there are."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    line = Side(style="thin", color="B8C0C8")
    border, wrapped = Border(line, line, line, line), Alignment(vertical="top", wrap_text=True)
    to_fill = PatternFill("solid", fgColor="FFF6DA")
    for row, (text, font) in enumerate(
        ((notice.title, Font(bold=True, size=16)), (notice.about, Font()), (notice.hint, Font(color="5B6470"))), 1
    ):
        _write(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = font
    for at, column in enumerate(NOTICE_COLUMNS, start=1):
        cell = sheet.cell(HEADER_ROW, at)
        _write(cell, column.header)
        cell.font, cell.border, cell.alignment = Font(bold=True), border, wrapped
        cell.fill = PatternFill("solid", fgColor="FFE9A8" if column.filled_in else "E4EEF7")
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.column_dimensions[get_column_letter(len(NOTICE_COLUMNS))].hidden = True
    row = HEADER_ROW
    for row, values in enumerate(notice.rows, start=HEADER_ROW + 1):
        tick()
        for at, (column, value) in enumerate(zip(NOTICE_COLUMNS, values, strict=True), start=1):
            cell = sheet.cell(row, at)
            cell.border, cell.alignment = border, wrapped
            if column.filled_in:
                cell.fill = to_fill
                cell.number_format = "yyyy-mm-dd" if column.field == "done_on" else "General"
            if isinstance(value, tuple):
                _place(sheet, cell, row, value)
            else:
                _write(cell, value)
    _lay_out(sheet, row)
    return row - HEADER_ROW


def _write(cell: Any, value: Value) -> None:
    cell.value = _safe(value)
    if isinstance(value, str):
        cell.data_type = "s"  # '=…' typed by somebody is text, not a formula
        cell.number_format = "@"


def _place(sheet: Any, cell: Any, row: int, pictures: tuple[bytes, ...]) -> None:
    """The first photo fits the column; how many more there are is written below it."""
    if pictures:
        sheet.row_dimensions[row].height = PICTURE_HEIGHT + 18
        sheet.add_image(picture(pictures[0]), cell.coordinate)
    if len(pictures) > 1:
        from openpyxl.styles import Alignment

        _write(cell, f"共 {len(pictures)} 张")
        cell.alignment = Alignment(vertical="bottom")


def _lay_out(sheet: Any, last: int) -> None:
    """For the printer: across, one page wide, the header on each page, page numbers below."""
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 1)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.print_area = f"A1:{sheet.cell(max(last, HEADER_ROW), len(NOTICE_COLUMNS) - 1).coordinate}"
