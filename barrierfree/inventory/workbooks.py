"""Reads a list from a workbook (xlsx, xlsm, xlsb, xls, ods) by python-calamine, after a look at what it would cost."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import python_calamine

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory import headers
from barrierfree.inventory.limits import check_extent, look_at
from barrierfree.inventory.raw import RawList, RowFault
from barrierfree.inventory.texts import Report, Texts

_POLL: Final = 0.1  # seconds between two looks whether the user wants to stop
_FORMAT: Final = {"ods": ".ods", "xls": ".xls", "xlsb": ".xlsb", "xlsx": ".xlsx"}
_LISTED: Final = 5

T = TypeVar("T")


def read_workbook(path: Path, sheet: str, header_row: int, report: Report) -> RawList:
    """The list in one sheet of a workbook: the one named, else the one with the most column words."""
    look = look_at(path, sheet, report)
    book = _called(path, lambda: _opened(path, look.kind), report)
    names = tuple(book.sheet_names)
    if sheet and sheet not in names:
        raise InventoryError(
            tr("“{name}”里没有工作表“{sheet}”。").format(name=path.name, sheet=sheet),
            tr("现有的工作表：{sheets}。").format(sheets="、".join(names)),
        )
    chosen, grid, errors = _chosen(path, book, (sheet,) if sheet else names, report)
    table = headers.cut(grid, path.name, header_row)
    remarks = list(table.remarks)
    if len(names) > 1 and not sheet:
        remarks.append(tr("共有 {n} 张工作表，读的是“{sheet}”。").format(n=len(names), sheet=chosen))
    remarks += _hidden(book, chosen)
    facts = look.sheets.get(chosen)
    faults = list(table.faults)
    if facts and facts.unworked:
        remarks.append(tr("{n} 格公式没有存下结果（{cells}），按空白处理。").format(
            n=facts.unworked_count, cells=_listed(facts.unworked, facts.unworked_count)
        ))  # fmt: skip
    if facts and facts.errors:
        remarks.append(tr("{n} 格是错误值（{cells}），按空白处理。").format(
            n=facts.error_count, cells=_listed(facts.errors, facts.error_count)
        ))  # fmt: skip
        faults += [
            RowFault(row=row, name="", reason=tr("{cell} 是错误值，按空白处理").format(cell=cell))
            for cell, row in facts.errors.items()
        ]
    faults += errors
    return RawList(
        file=path.name, sheet=chosen, encoding="", header_row=table.header_row, headers=table.headers,
        rows=table.rows, row_numbers=table.numbers, sheets=names, remarks=tuple(remarks), faults=tuple(faults),
    )  # fmt: skip


def _listed(cells: Iterable[str], count: int) -> str:
    text = "、".join(list(cells)[:_LISTED])
    return text + " …" if count > _LISTED else text


def _opened(path: Path, kind: str) -> Any:
    if path.suffix.lower() in (_FORMAT[kind], ".xlsm" if kind == "xlsx" else ""):
        return python_calamine.CalamineWorkbook.from_path(str(path))
    # the name ends as that of another format does: decided by the content
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


def _chosen(path: Path, book: Any, names: Iterable[str], report: Report) -> tuple[str, headers.Grid, list[RowFault]]:
    best: tuple[int, str, Any] | None = None
    for name in names:
        sheet = _called(path, partial(book.get_sheet_by_name, name), report)
        if sheet.start is None:
            continue
        check_extent(path, name, sheet.total_height + 1, sheet.total_width + 1)  # should the look have missed something
        words = headers.known_words(_start(sheet))
        if best is None or words > best[0]:
            best = (words, name, sheet)
    if best is None:
        raise InventoryError(
            tr("清单“{name}”里没有内容。").format(name=path.name), tr("请检查是否选对了文件和工作表。")
        )
    return best[1], *_grid(best[2], report)


def _start(sheet: Any) -> headers.Grid:
    """The first filled rows of a sheet: enough to see its header."""
    texts = Texts()
    rows = []
    for values in sheet.iter_rows():
        row = tuple(map(texts.__getitem__, values[:500]))
        if any(row):
            rows.append(row)
        if len(rows) >= headers.SEARCHED:
            break
    return headers.Grid(rows, list(range(1, len(rows) + 1)))


@dataclass(slots=True)
class _Spans:
    """Fills the value of a cell merged over several rows into each of them."""

    starts: dict[int, list[tuple[int, int]]]  # first row: (column, last row), 0-based
    active: dict[int, tuple[int, str]]  # column: (last row, text)

    def fill(self, row: int, cells: headers.Row) -> headers.Row:
        for column, last in self.starts.get(row, ()):
            self.active[column] = (last, cells[column] if column < len(cells) else "")
        if not self.active:
            return cells
        for column in [c for c, (last, _) in self.active.items() if last < row]:
            del self.active[column]
        if not any(cells):
            return cells
        filled = list(cells)
        for column, (_, text) in self.active.items():
            if column < len(filled) and not filled[column]:
                filled[column] = text
        return tuple(filled)


def _grid(sheet: Any, report: Report) -> tuple[headers.Grid, list[RowFault]]:
    merges = sorted(sheet.merged_cell_ranges or ())
    starts: dict[int, list[tuple[int, int]]] = {}
    for (r0, c0), (r1, _) in merges:
        if r1 > r0:
            starts.setdefault(r0, []).append((c0, r1))
    spans = _Spans(starts, {})
    left = ("",) * sheet.start[1]
    texts = Texts()
    rows: list[headers.Row] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    height, wide = sheet.total_height + 1, sheet.width > 200
    text_of = texts.__getitem__
    for index, values in enumerate(sheet.iter_rows()):
        if index % 1000 == 0:
            report(index, height)
        before = texts.errors
        row = tuple(map(text_of, values))
        if left:
            row = left + row
        if wide:
            row = row[: max((i for i, c in enumerate(row, start=1) if c), default=0)]
        if starts:
            row = spans.fill(index, row)
        if any(row):
            rows.append(row)
            numbers.append(index + 1)
            if texts.errors > before:
                reason = tr("有 {n} 格是错误值，按空白处理").format(n=texts.errors - before)
                faults.append(RowFault(row=index + 1, name="", reason=reason))
    return headers.Grid(rows, numbers, merges), faults


def _hidden(book: Any, chosen: str) -> list[str]:
    hidden = python_calamine.SheetVisibleEnum
    if any(m.name == chosen and m.visible in (hidden.Hidden, hidden.VeryHidden) for m in book.sheets_metadata):
        return [tr("工作表“{sheet}”是隐藏的。").format(sheet=chosen)]
    return []


def _called(path: Path, work: Callable[[], T], report: Report) -> T:
    """What ``work`` returns, run in a thread so that stopping is not kept waiting by one long call of the reader.

    The reader lets other threads run; when the user stops, its call ends by itself and its result is dropped.
    """
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # the reader raises its own kinds for each format, and panics
            failed.append(error)

    thread = threading.Thread(target=run, name="workbook-reader", daemon=True)
    thread.start()
    thread.join(_POLL)
    while thread.is_alive():
        report(0, 0)
        thread.join(_POLL)
    if failed:
        raise _refused(path, failed[0]) from failed[0]
    return found[0]


def _refused(path: Path, error: BaseException) -> InventoryError:
    if isinstance(error, python_calamine.PasswordError) or "password" in str(error).lower():
        return InventoryError(
            tr("打不开工作簿“{name}”：有密码保护。").format(name=path.name),
            tr("请用 Excel 打开，取消密码后另存为 .xlsx 再导入。"),
        )
    return InventoryError(
        tr("打不开工作簿“{name}”：{reason}。").format(name=path.name, reason=error),
        tr("文件可能已损坏。请用 Excel 或 WPS 打开，另存为新的 .xlsx 再导入。"),
    )
