"""Fills a template workbook without disturbing what else is in its sheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.workbook.fields import Values
from barrierfree.workbook.preflight import row_values
from barrierfree.workbook.profile import Profile

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def fill(profile: Profile, template: bytes, rows: Sequence[Values], target: Path) -> None:
    """Write ``rows`` into a copy of ``template`` at ``target``.

    Text stays text: codes, ids and what looks like a formula are written as strings.
    """
    book = _open(template)
    sheet = _sheet(book, profile)
    _refuse_other_headers(profile, sheet)
    patterns = [_looks(sheet.cell(profile.first_row, at)) for at in range(1, len(profile.columns) + 1)]
    height = sheet.row_dimensions[profile.first_row].height
    for offset, values in enumerate(rows):
        number = profile.first_row + offset
        if height is not None:
            sheet.row_dimensions[number].height = height
        for at, value in enumerate(row_values(profile, values), start=1):
            cell = sheet.cell(number, at)
            for name, look in patterns[at - 1].items():
                setattr(cell, name, look)
            if isinstance(value, str):
                cell.value = value
                cell.data_type = "s"  # '=…' typed by somebody is text, not a formula
                if cell.number_format == "General":
                    cell.number_format = "@"
            else:
                cell.value = value
    book.save(target)


def _looks(cell: Any) -> dict[str, Any]:
    """The style of the template's first row, which every written row gets."""
    names = ("font", "fill", "border", "alignment", "number_format", "protection")
    return {name: copy(getattr(cell, name)) for name in names}


def _open(template: bytes) -> Workbook:
    if not template:
        raise BatchError(tr("普查里没有导出模板。"), tr("请在“批次”页载入模板工作簿（.xlsx）。"))
    from openpyxl import load_workbook  # openpyxl takes long to import: only when a workbook is filled

    try:
        return load_workbook(io.BytesIO(template))
    except Exception as error:  # openpyxl raises whatever the package's parts make it raise
        raise BatchError(
            tr("导出模板打不开：{error}").format(error=error),
            tr("请用 Excel 打开模板，另存为 .xlsx 后重新载入。"),
        ) from error


def _sheet(book: Workbook, profile: Profile) -> Worksheet:
    name = profile.sheet or book.sheetnames[0]
    if name not in book.sheetnames:
        raise BatchError(
            tr("模板里没有工作表“{name}”。").format(name=name),
            tr("模板里有：{names}。请改正方案或模板。").format(names="、".join(book.sheetnames)),
        )
    sheet = book[name]
    from openpyxl.worksheet.worksheet import Worksheet

    if not isinstance(sheet, Worksheet):
        raise BatchError(tr("“{name}”是图表页，不是表格。").format(name=name), tr("请改正方案。"))
    return sheet


def _refuse_other_headers(profile: Profile, sheet: Worksheet) -> None:
    """A template that changed its columns would put every value into the wrong place: refuse."""
    for at, column in enumerate(profile.columns, start=1):
        found = str(sheet.cell(profile.header_row, at).value or "").strip()
        if found != column.header:
            raise BatchError(
                tr("模板第 {row} 行第 {at} 列是“{found}”，方案里写的是“{wanted}”。").format(
                    row=profile.header_row, at=at, found=found, wanted=column.header
                ),
                tr("模板可能换了版本，请核对后更新方案；没有写出任何文件。"),
            )
