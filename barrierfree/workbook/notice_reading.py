"""Reads a filled notice (整改通知单) back: rows by hidden ids, columns by headers, faults by row with a cure.

Columns may be moved and rows sorted; what cannot be trusted (another id, a merged cell, a renamed header) is said and
its row left out, never guessed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.workbook.notices import MARKER, MARKER_HEADERS, MARKER_VERSION, MARKER_WORD, NOTICE_COLUMNS

_MOST_BYTES: Final = 200_000_000  # of the parts of the workbook, unpacked; a notice with 400 photos has some 40 MB
_HEADER_WITHIN: Final = 40  # rows in which the headers are looked for, should somebody have put lines above
_MORE_ROWS: Final = 500  # looked at beyond those that were written
_BY_HEADER: Final = {column.header: column.field for column in NOTICE_COLUMNS}
_ASKED: Final = tuple(c for c in NOTICE_COLUMNS if c.filled_in or c.field in ("id", "deadline", "site_code"))


@dataclass(frozen=True)
class NoticeFault:
    """What is wrong where in a notice, and how to mend it. ``row`` 0: the sheet as a whole."""

    sheet: str
    row: int
    what: str
    cure: str


@dataclass(frozen=True)
class NoticeRow:
    """A row as it came back: its id, and per field the text, number or date in the cell (None if empty)."""

    sheet: str
    row: int
    id: str
    values: dict[str, str | float | date | None]


@dataclass
class ReadNotice:
    """The rows of a workbook that can be trusted, and what is wrong with the others."""

    units: list[str] = field(default_factory=list)
    rows: list[NoticeRow] = field(default_factory=list)
    faults: list[NoticeFault] = field(default_factory=list)


def read_notices(path: Path) -> ReadNotice:
    """Read a workbook of notices. Raises ``BatchError`` if it is none of ours or cannot be read."""
    book = _load(path)
    if MARKER not in book.sheetnames:
        raise _strange(path)
    marks = [[cell.value for cell in row] for row in book[MARKER].iter_rows()]
    if not marks or not marks[0] or marks[0][0] != MARKER_WORD:
        raise _strange(path)
    if marks[0][1:2] != [MARKER_VERSION]:
        raise BatchError(tr("“{name}”是较新的软件写的通知单。").format(name=path.name), tr("请更新软件后再读回。"))
    found = ReadNotice()
    for mark in marks[2:]:
        if mark and mark[0]:
            _read_sheet(book, dict(zip(MARKER_HEADERS, mark, strict=False)), found)
    return found


def _load(path: Path) -> Any:
    from openpyxl import load_workbook  # openpyxl takes long to import: only when a workbook is read

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
                raise BatchError(tr("“{name}”太大。").format(name=path.name), tr("请只保留通知单的工作表。"))
        return load_workbook(path)
    except BatchError:
        raise
    except FileNotFoundError:
        raise BatchError(tr("没有文件“{name}”。").format(name=path), tr("请检查文件的位置。")) from None
    except PermissionError:
        raise BatchError(
            tr("打不开“{name}”。").format(name=path.name), tr("如果它正在 Excel 里打开，请先关闭。")
        ) from None
    except Exception as error:  # openpyxl raises whatever its parsers raise for a damaged file
        raise BatchError(
            tr("“{name}”不是可以读取的 .xlsx 文件。").format(name=path.name),
            tr("请在 Excel 或 WPS 里打开，另存为“Excel 工作簿（.xlsx）”后再试。"),
        ) from error


def _strange(path: Path) -> BatchError:
    return BatchError(
        tr("“{name}”不是本软件生成的整改通知单。").format(name=path.name),
        tr("请用导出的那份通知单填写；不要把内容复制到新的工作簿里。"),
    )


def _read_sheet(book: Any, mark: dict[str, Any], found: ReadNotice) -> None:
    name = str(mark["sheet"])
    if name not in book.sheetnames:
        what = tr("找不到工作表“{name}”。").format(name=name)
        found.faults.append(NoticeFault(name, 0, what, tr("请把工作表的名字改回原样。")))
        return
    found.units.append(str(mark.get("unit") or ""))
    sheet = book[name]
    header, columns = _columns(sheet, int(mark.get("header_row") or 1))
    missing = [c.header for c in _ASKED if c.field not in columns]
    double = [h for h in _BY_HEADER if header and [_text(c.value) for c in sheet[header]].count(h) > 1]
    for headers, what in ((missing, tr("找不到栏目“{name}”。")), (double, tr("栏目“{name}”出现了两次。"))):
        for text in headers:
            cure = tr("请把表头改回原样，每个栏目只留一列。")
            found.faults.append(NoticeFault(name, header, what.format(name=text), cure))
    if missing or double:
        return
    merged = _merged(sheet, header)
    last = min(sheet.max_row, header + int(mark.get("rows") or 0) + _MORE_ROWS)
    first: dict[str, int] = {}
    for row in range(header + 1, last + 1):
        values = {name: _value(sheet.cell(row, at)) for name, at in columns.items()}
        if row in merged:
            what = tr("有合并的单元格 {range}。").format(range=merged[row])
            found.faults.append(NoticeFault(name, row, what, tr("请取消合并，每一行只填一个问题。")))
        elif any(v is not None for v in values.values()):
            _take_row(NoticeRow(name, row, _text(values["id"]), values), first, found)


def _columns(sheet: Any, told: int) -> tuple[int, dict[str, int]]:
    """The header row and per field its column (from 1): where it was written, else where most headers stand."""
    rows = [told, *(r for r in range(1, min(sheet.max_row, _HEADER_WITHIN) + 1) if r != told)]
    best: tuple[int, dict[str, int]] = (told, {})
    for row in rows:
        cells = [(_text(cell.value), cell.column) for cell in sheet[row]]
        columns = {_BY_HEADER[text]: at for text, at in cells if text in _BY_HEADER}
        if len(columns) > len(best[1]):
            best = row, columns
    return best


def _merged(sheet: Any, header: int) -> dict[int, str]:
    """The rows below the headers that have a part in a merged range, and that range."""
    return {
        row: str(area) for area in sheet.merged_cells.ranges for row in range(area.min_row, area.max_row + 1)
        if row > header
    }  # fmt: skip


def _take_row(row: NoticeRow, first: dict[str, int], found: ReadNotice) -> None:
    cure = tr("请从原来的通知单里重新填写这一行。")
    if not row.id:
        said = tr("没有问题编号。")
        if all(v is None for name, v in row.values.items() if name not in ("serial",)):
            return  # a number somebody filled down
        found.faults.append(NoticeFault(row.sheet, row.row, said, cure))
    elif row.id in first:
        said = tr("问题编号与第 {row} 行相同。").format(row=first[row.id])
        found.faults.append(NoticeFault(row.sheet, row.row, said, cure))
    else:
        first[row.id] = row.row
        found.rows.append(row)


def _value(cell: Any) -> str | float | date | None:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).strip() or None
    return float(value)


def _text(value: object) -> str:
    return str(value).strip() if value is not None else ""


def excel_day(number: float) -> date | None:
    """The date that a cell without a date format holds as a number; None if it can hardly be one."""
    from openpyxl.utils.datetime import from_excel

    if not 36526 <= number <= 73050:  # 2000-01-01 to 2099-12-31 in the 1900 date system (ECMA-376 18.17.4.1)
        return None
    found = from_excel(number)
    return found.date() if isinstance(found, datetime) else None


def lines(faults: list[NoticeFault]) -> Iterator[str]:
    """The faults as sentences: where, what, what to do."""
    for fault in faults:
        where = tr("{sheet} 第 {row} 行").format(sheet=fault.sheet, row=fault.row) if fault.row else fault.sheet
        yield tr("{where}：{what}{cure}").format(where=where, what=fault.what, cure=fault.cure)
