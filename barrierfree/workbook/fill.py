"""Fills a template workbook without disturbing what else is in its sheets."""

from __future__ import annotations

import io
from collections.abc import Collection
from copy import copy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.workbook.profile import Profile, Sheet
from barrierfree.workbook.rows import Report, Rows, maker, silent

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def fill(
    profile: Profile,
    template: bytes,
    rows: Rows,
    target: Path,
    *,
    accepted: Collection[str] = (),
    progress: Report = silent,
) -> tuple[Path, ...]:
    """Write ``rows`` into a copy of ``template`` at ``target``; the files that were written.

    With more rows than ``rows_per_file`` in a sheet there are several, named …_1, …_2. ``accepted`` are those of the
    ``losses`` that the user takes. Text stays text: codes, ids and what looks like a formula are written as strings.
    """
    book = _open(template)
    for kept in profile.sheets:
        sheet = _sheet(book, kept)
        _refuse_other_headers(kept, sheet)
        makers = [maker(profile, column) for column in kept.columns]
        patterns = [_looks(sheet.cell(kept.first_row, at)) for at in kept.places]
        for serial, row in enumerate(rows.get(kept.rows, ()), start=1):
            for at, pattern, made in zip(kept.places, patterns, makers, strict=True):
                cell = sheet.cell(kept.first_row + serial - 1, at)
                for name, look in pattern.items():
                    setattr(cell, name, look)
                value = made(row.values, serial)
                if isinstance(value, date):
                    value = value.strftime(profile.date_format)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # '=…' typed by somebody is text, not a formula
                    if cell.number_format == "General":
                        cell.number_format = "@"
    book.save(target)
    return (target,)


def template_faults(profile: Profile, template: bytes) -> tuple[str, ...]:
    """What keeps the template from being filled, each with where and what to do; empty if nothing does."""
    return ()


def losses(profile: Profile, template: bytes) -> tuple[str, ...]:
    """What of the template would not be in the filled workbook; ``fill`` refuses unless it is accepted."""
    return ()


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


def _sheet(book: Workbook, profile: Sheet) -> Worksheet:
    name = profile.name or book.sheetnames[0]
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


def _refuse_other_headers(profile: Sheet, sheet: Worksheet) -> None:
    """A template that changed its columns would put every value into the wrong place: refuse."""
    for at, column in zip(profile.places, profile.columns, strict=True):
        found = str(sheet.cell(profile.header_row, at).value or "").strip()
        if found != column.header:
            raise BatchError(
                tr("模板第 {row} 行第 {at} 列是“{found}”，方案里写的是“{wanted}”。").format(
                    row=profile.header_row, at=at, found=found, wanted=column.header
                ),
                tr("模板可能换了版本，请核对后更新方案；没有写出任何文件。"),
            )
