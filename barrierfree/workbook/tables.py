"""Writes plain tables as an Excel workbook: a ledger, a report's figures, a list of rejected rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from barrierfree import cells
from barrierfree.model.definition import Model

_WIDEST = 60  # characters


class Table(Model):
    """A sheet: its title, the headers, and rows of texts and numbers."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]


def write_tables(path: Path, tables: Sequence[Table]) -> None:
    """Write each table as a sheet with a frozen, filtered header row. Texts stay texts."""
    from openpyxl import Workbook  # openpyxl takes long to import: only when a workbook is written
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(cells.clean(table.title)[:31])
        sheet.freeze_panes = "A2"
        for at, width in enumerate(_widths(table), start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        head = []
        for text in table.headers:
            cell = WriteOnlyCell(sheet, value=text)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E4EEF7")
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            head.append(cell)
        sheet.append(head)
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
        if table.rows:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.headers))}{len(table.rows) + 1}"
    book.save(path)


def _cell(sheet: Any, value: str | float | int | None) -> object:
    if not isinstance(value, str):
        return value
    text = cells.clean(value)
    if not cells.looks_like_formula(text):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _widths(table: Table) -> Iterable[float]:
    for at, header in enumerate(table.headers):
        texts = [header, *(str(row[at]) for row in table.rows[:200] if row[at] is not None)]
        wide = max(sum(2 if ord(c) > 0x2E7F else 1 for c in t.split("\n")[0]) for t in texts)
        yield min(wide + 2.5, _WIDEST)
