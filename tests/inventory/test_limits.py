"""Files that are damaged, locked, or made to swallow all memory: refused at once, with file, sheet and cell."""

from __future__ import annotations

import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from barrierfree.errors import Cancelled, InventoryError
from barrierfree.inventory import read_table
from tests.inventory import books

HEAD = books.row(1, books.text("A1", "名称"), books.text("B1", "经度"))
SHOP = books.row(2, books.text("A2", "甲店"), '<c r="B2"><v>116.5</v></c>')


@pytest.fixture(autouse=True)
def quick_and_small() -> Iterator[None]:
    """Nothing here takes more than some seconds, nor more than 300 MB above what was in use."""
    before, start = _peak_mb(), time.monotonic()
    yield
    assert time.monotonic() - start < 10
    assert _peak_mb() - before < 300


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)


def refused(path: Path, **options: object) -> InventoryError:
    with pytest.raises(InventoryError) as caught:
        read_table(path, **options)  # type: ignore[arg-type]
    assert caught.value.advice
    assert path.name in caught.value.message
    return caught.value


def test_password_of_xlsx(tmp_path: Path) -> None:
    path = books.ole(tmp_path / "l.xlsx", "EncryptedPackage", b"\1" * 5000)
    assert "密码" in refused(path).message


def test_password_of_xls(tmp_path: Path) -> None:
    path = books.xls(tmp_path / "l.xls", {(0, 0): "名称"}, locked=True)
    assert "密码" in refused(path).message


def test_password_of_ods(tmp_path: Path) -> None:
    path = tmp_path / "l.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", b"\x8f\x01\x02")
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
    assert "密码" in refused(path).message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_truncated(tmp_path: Path, share: float) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", books.data(HEAD, SHOP))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "不完整或已损坏" in refused(path).message


def test_truncated_xls(tmp_path: Path) -> None:
    path = books.xls(tmp_path / "l.xls", {(0, 0): "名称", (1, 0): "甲"})
    path.write_bytes(path.read_bytes()[:700])
    refused(path)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("l.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("l.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\0", "不是工作簿"),
        ("l.xls", b"%PDF-1.7\n\0\1", "不是工作簿"),
        ("l.pdf", b"%PDF-1.7\n", "不支持"),
        ("l", b"a,b\n", "无扩展名"),
    ],
)
def test_not_a_workbook(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert word in refused(tmp_path / name).message


def test_zip_without_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "不是工作簿" in refused(tmp_path / "l.xlsx").message


def test_text_named_xls_is_read(tmp_path: Path) -> None:
    (tmp_path / "l.xls").write_text("名称\t经度\n甲\t116.5\n", encoding="gb18030")
    assert read_table(tmp_path / "l.xls").rows == (("甲", "116.5"),)


def test_xlsx_named_xls_and_csv_is_read(tmp_path: Path) -> None:
    for name in ("l.xls", "l.csv"):
        books.xlsx(tmp_path / name, books.data(HEAD, SHOP))
        assert read_table(tmp_path / name).rows == (("甲店", "116.5"),)


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b" " * 1024 * 1024)
    assert path.stat().st_size < 1024 * 1024
    assert "解开后有 600 MB" in refused(path).message


def test_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", books.data(HEAD, SHOP), extra={"xl/styles.xml": b" " * 40 * 1024 * 1024})
    content = bytearray(path.read_bytes())
    real = struct.pack("<I", 40 * 1024 * 1024)
    while (at := content.find(real)) >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
    path.write_bytes(content)
    assert "损坏" in refused(path).message


def test_many_parts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.xlsx", "w") as archive:
        for n in range(10_001):
            archive.writestr(f"xl/{n}.xml", "")
    assert "10001" in refused(tmp_path / "l.xlsx").message


def test_huge_dimension_with_few_cells_is_read(tmp_path: Path) -> None:
    sheet = '<dimension ref="A1:XFD1048576"/>' + books.data(HEAD, SHOP)
    assert len(read_table(books.xlsx(tmp_path / "l.xlsx", sheet)).rows) == 1


def _last_cell(cell: str, number: int) -> str:
    return books.data(HEAD, SHOP, books.row(number, books.text(cell, "x")))


@pytest.mark.parametrize(
    "sheet",
    [
        _last_cell("XFD1048576", 1048576),
        _last_cell("XFD1048576", 3),  # the cell says another row than its row
        _last_cell("XFD1048576", 1048576).replace('r="XFD1048576"', 's="1" r="XFD1048576"'),
        _last_cell("XFD1048576", 1048576).replace('"', "'"),
        _last_cell("XFD1048576", 1048576).replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
        books.data(HEAD, SHOP, f'<row r="1048576">{"<c><v>1</v></c>" * 16384}</row>'),
    ],
    ids=["far", "liar", "attribute", "quotes", "prefix", "unnamed"],
)
def test_cell_at_the_far_corner(tmp_path: Path, sheet: str) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", sheet)
    if "<x:c" in sheet:
        _prefixed(path)
    error = refused(path)
    assert "S1" in error.message
    assert "1048576" in error.message


def _prefixed(path: Path) -> None:
    """The whole sheet with the prefix x:, as some programs write."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for tag in ("worksheet", "sheetData", "row", "is", "t", "v"):
        for plain, named in ((f"<{tag}>", f"<x:{tag}>"), (f"<{tag} ", f"<x:{tag} "), (f"</{tag}>", f"</x:{tag}>")):
            sheet = sheet.replace(plain, named)
    sheet = sheet.replace("<c ", "<x:c ").replace("</c>", "</x:c>").replace("xmlns=", "xmlns:x=")
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_prefixed_sheet_is_read(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", books.data(HEAD, SHOP, books.row(3, '<c r="A3" t="e"><v>#N/A</v></c>')))
    _prefixed(path)
    raw = read_table(path)
    assert raw.rows == (("甲店", "116.5"),)
    assert "A3" in raw.faults[0].reason


def test_single_stray_cells_are_read(tmp_path: Path) -> None:
    raw = read_table(books.xlsx(tmp_path / "a.xlsx", _last_cell("A1048576", 1048576)))
    assert raw.row_numbers == (2, 1048576)
    raw = read_table(books.xlsx(tmp_path / "b.xlsx", _last_cell("XFD3", 3)))
    assert raw.headers[:2] == ("名称", "经度")


def test_million_blank_formatted_rows(tmp_path: Path) -> None:
    blank = (f'<row r="{n}" s="1"><c r="A{n}" s="1"/><c r="P{n}" s="1"/></row>' for n in range(3, 1_000_003))
    path = books.xlsx(tmp_path / "l.xlsx", chain(["<sheetData>", HEAD, SHOP], blank, ["</sheetData>"]))
    assert len(read_table(path).rows) == 1


def test_corner_of_other_formats(tmp_path: Path) -> None:
    far = books.xlsb(tmp_path / "l.xlsb", {0: {0: "名称"}, 1048575: {16383: "x"}})
    assert "XFD1048576" in refused(far).message
    repeated = books.ods_row("x", repeated=1_000_000, cell_repeated=16_000)
    assert "清单" in refused(books.ods(tmp_path / "l.ods", books.ods_row("名称") + repeated)).message
    old = books.xls(tmp_path / "l.xls", {(0, 0): "名称", (65535, 255): "x"})
    assert "IV65536" in refused(old).message


def test_ods_that_is_not_well_formed(tmp_path: Path) -> None:
    """The reader looks for the end of the table for ever."""
    path = books.ods(tmp_path / "l.ods", books.ods_row("名称") + "</table:tabl><x>")
    assert "不完整或已损坏" in refused(path).message


def test_sheet_under_an_unknown_name(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", _last_cell("XFD1048576", 1048576))
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    rels = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = rels.replace(b"worksheets/", b"./worksheets/")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "1048576" in refused(path).message


def test_column_that_cannot_be(tmp_path: Path) -> None:
    path = books.xlsb(tmp_path / "l.xlsb", {0: {0: "名称"}, 1: {3_932_160: "x"}})
    assert "l.xlsb" in refused(path).message


def test_workbook_of_two_kinds(tmp_path: Path) -> None:
    path = books.xlsx(tmp_path / "l.xlsx", books.data(HEAD, SHOP), extra={"xl/workbook.bin": b""})
    assert "xlsx+xlsb" in refused(path).message


def test_directory_missing_and_empty(tmp_path: Path) -> None:
    (tmp_path / "d.xlsx").mkdir()
    assert "文件夹" in refused(tmp_path / "d.xlsx").message
    refused(tmp_path / "no.csv")
    (tmp_path / "e.csv").write_bytes(b"")
    assert "0 字节" in refused(tmp_path / "e.csv").message


def test_file_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l.csv"
    path.write_text("名称\n甲\n", encoding="utf-8")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)  # as Windows answers while another program holds the file
    assert "占用" in refused(path).advice


def test_line_without_end(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes("名称,地址\n甲,".encode() + b"x" * 10_000_000 + b"\n")
    error = refused(tmp_path / "l.csv")
    assert "第 2 行" in error.message


def test_thousands_of_columns(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("名称,地址\n甲店,路\n" + "," * 100_000, encoding="utf-8")
    assert "第 3 行" in refused(tmp_path / "l.csv").message


def test_quote_that_never_closes(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text('名称,地址\n甲,"路\n' + "乙,路\n" * 60_000, encoding="utf-8")
    assert "引号" in refused(tmp_path / "l.csv").message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    for n, content in enumerate([bytes(range(256)) * 40, b"\0" * 5000, b"\0\1\2\3" * 100]):
        path = tmp_path / f"{n}.csv"
        path.write_bytes(content)
        refused(path)


def test_stray_nul_is_taken_out(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes("名称,地址\n甲\0店,路\n".encode() + "乙,路\n".encode() * 50)
    raw = read_table(tmp_path / "l.csv")
    assert raw.rows[0] == ("甲店", "路")
    assert any("NUL" in r for r in raw.remarks)


Make = Callable[[Path], Path]


def _long_csv(path: Path) -> Path:
    path = path.with_suffix(".csv")
    path.write_text("名称,经度\n" + "甲店,116.5\n" * 50_000, encoding="utf-8")
    return path


def _long_xlsx(path: Path) -> Path:
    rows = (books.row(n, books.text(f"A{n}", "甲")) for n in range(2, 30_000))
    return books.xlsx(path.with_suffix(".xlsx"), books.data(HEAD, *rows))


@pytest.mark.parametrize("make", [_long_csv, _long_xlsx])
def test_stopped_at_any_report(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "l")
    reports = 0

    def count(done: int, total: int) -> None:
        nonlocal reports
        reports += 1

    read_table(path, progress=count)
    assert reports > 5
    for stop in (1, reports // 2, reports - 1):
        left = stop

        def cancel(done: int, total: int) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                raise Cancelled

        with pytest.raises(Cancelled):
            read_table(path, progress=cancel)
