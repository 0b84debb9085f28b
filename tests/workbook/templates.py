"""Templates made by XlsxWriter, openpyxl and LibreOffice, and a look at their parts."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PIL import Image

from barrierfree.workbook import Profile, Row, RowKind, Rows, Values

TITLES = ("编号", "名称", "经度", "现状", "日期", "数量")
FIELDS = ("checkpoint_code", "site_name", "lon", "present", "deadline", "quantity")


def profile(**changes: Any) -> Profile:
    """A profile of one sheet 台账 with titles in row 2."""
    columns: list[dict[str, Any]] = [{"header": t, "field": f} for t, f in zip(TITLES, FIELDS, strict=True)]
    columns[2]["decimals"] = 6
    sheet = {"name": "台账", "rows": "finding", "header_row": 2, "columns": columns}
    sheet |= {key: changes.pop(key) for key in ("columns", "first_row", "header_row", "header_rows") if key in changes}
    return Profile.model_validate({"name": "t", "title": "t", "sheets": [sheet]} | changes)


def of(*values: Values, kind: RowKind = "finding") -> Rows:
    """Rows of one kind."""
    return {kind: [Row(f"r{n}", f"c{n}", one) for n, one in enumerate(values)]}


def some(count: int) -> Rows:
    """Ordinary rows."""
    made: list[Values] = [
        {"checkpoint_code": f"{n:04d}", "site_name": f"点位 {n}", "lon": 116.461 + n / 1e6, "present": "有",
         "deadline": "2026-03-05", "quantity": n}
        for n in range(count)
    ]  # fmt: skip
    return of(*made)


def parts(book: bytes | Path) -> dict[str, bytes]:
    """The parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(template: bytes, book: Path) -> set[str]:
    """The names of the parts that differ, came or went; the order of those that stayed must be the same."""
    before, after = parts(template), parts(book)
    assert [n for n in before if n in after] == list(after)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def around(content: bytes) -> bytes:
    """A sheet without its rows and its dimension."""
    import re

    content = re.sub(rb"<dimension[^>]*/>", b"", content)
    return re.sub(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", b"<rows/>", content, flags=re.DOTALL)


def repacked(template: bytes, new: dict[str, bytes], without: Collection[str] = ()) -> bytes:
    """The template with other contents of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts(template) | new).items():
            if name not in without:
                archive.writestr(name, content)
    return out.getvalue()


def rich() -> bytes:
    """A template of XlsxWriter with all that openpyxl would lose, and more."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    lists, chart_sheet = book.add_worksheet("字典"), book.add_worksheet("统计")
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    cell = book.add_format({"border": 1, "valign": "top"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.merge_range("A1:F1", "无障碍台账", bold)
    for at, title in enumerate(TITLES):
        sheet.write(1, at, title, bold)
        sheet.write_blank(2, at, None, day if title == "日期" else cell)
    sheet.set_row(2, 30)
    sheet.set_column("B:B", 30)
    lists.write_column("A1", ["有", "无", "不适用"])
    book.define_name("现状表", "=字典!$A$1:$A$3")
    sheet.data_validation("D3:D5000", {"validate": "list", "source": "=字典!$A$1:$A$3"})
    sheet.data_validation("F3:F5000", {"validate": "decimal", "criteria": ">=", "value": 0})
    sheet.conditional_format("F3:F5000", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D3:D5000", {"type": "cell", "criteria": "==", "value": '"无"', "format": bold})
    sheet.insert_textbox("H3", "填写说明", {"width": 200, "height": 80})
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    sheet.insert_image("H10", "logo.png", {"image_data": picture})
    sheet.write_comment("B2", "写全称")
    sheet.add_sparkline("I2", {"range": "台账!F3:F20"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=台账!$F$3:$F$20"})
    chart_sheet.insert_chart("B2", chart)
    chart_sheet.write_formula("A1", "=COUNTA(台账!A3:A5000)", None, 0)
    sheet.protect("secret", {"format_cells": True})
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.repeat_rows(1)
    sheet.set_header("&C无障碍")
    book.close()
    return out.getvalue()


def with_table(rows: int = 1, totals: bool = False) -> bytes:
    """A template whose titles are those of a table."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write(0, 0, "台账")
    columns: list[dict[str, Any]] = [{"header": title} for title in TITLES]
    if totals:
        columns[0]["total_string"] = "合计"
        columns[5]["total_function"] = "sum"
    sheet.add_table(1, 0, 1 + rows + totals, 5, {"columns": columns, "total_row": totals})
    book.close()
    return out.getvalue()


def plain(write: Any = None, titles: Collection[str] = TITLES) -> bytes:
    """A template of XlsxWriter with titles in row 2, to which ``write(book, sheet)`` adds."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row("A2", titles)
    if write:
        write(book, sheet)
    book.close()
    return out.getvalue()


def soffice(folder: Path, kind: str, file: Path) -> None:
    """Convert a file in ``folder`` by LibreOffice; skips the test where there is none."""
    if not shutil.which("soffice"):
        pytest.skip("libreoffice-calc is not installed")
    home = f"-env:UserInstallation=file://{folder}/lo"
    command = ["soffice", home, "--headless", "--convert-to", kind, str(file)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
