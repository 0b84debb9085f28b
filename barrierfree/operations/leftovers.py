"""The rows of a list that were not taken in, as a workbook with the reason of each, to be mended and imported."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from barrierfree import workbook
from barrierfree.errors import StorageError
from barrierfree.i18n import tr
from barrierfree.inventory import RawList
from barrierfree.model.words import RowKind
from barrierfree.operations import lists
from barrierfree.operations.lists import Choices, ListPlan
from barrierfree.workbook import Table


def left_out(plan: ListPlan, choices: Choices) -> list[tuple[str, list[tuple[int, str]]]]:
    """Per sheet its title and the rows with their reasons: those that cannot be imported, outside, undecided."""
    undecided = [
        (row.row, lists.possible_row(plan, row).reason)
        for row in plan.of_kind(RowKind.POSSIBLE)
        if row.id not in choices.same and row.id not in choices.new
    ]
    return [
        (tr("不能导入"), [(fault.row, fault.reason) for fault in plan.read.rejected]),
        (tr("边界以外"), [(fault.row, fault.reason) for fault in plan.read.outside]),
        (tr("未决定"), undecided),
    ]


def write_left_out(plan: ListPlan, choices: Choices, path: Path) -> Path:
    """Write what is left out to a workbook, a sheet for each kind, every row as it stood in the list."""
    tables = [_table(title, rows, plan.raw) for title, rows in left_out(plan, choices) if rows]
    try:
        workbook.write_tables(path, tables or [_table(tr("不能导入"), [], plan.raw)])
    except OSError as error:
        raise StorageError(
            tr("无法写入“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请换一个文件夹；如果文件正在 Excel 里打开，请先关闭。"),
        ) from error
    return path


def _table(title: str, rows: Iterable[tuple[int, str]], raw: RawList) -> Table:
    at = {number: index for index, number in enumerate(raw.row_numbers)}
    blank = ("",) * len(raw.headers)
    found: list[tuple[workbook.Value, ...]] = [
        (row, reason, *(raw.rows[at[row]] if row in at else blank)) for row, reason in rows
    ]
    return Table(title=title, headers=(tr("行"), tr("没有导入的原因"), *raw.headers), rows=tuple(found))
