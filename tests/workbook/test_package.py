"""The filled workbook is the template's package: every part but the named ones is byte for byte the same."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from barrierfree.errors import BatchError
from barrierfree.workbook import Profile, fill, losses, template_faults, template_warnings
from tests.workbook.templates import (
    FIELDS,
    TITLES,
    around,
    changed,
    of,
    parts,
    plain,
    profile,
    repacked,
    rich,
    soffice,
    some,
    with_table,
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"


def written(path: Path, sheet: str = "台账") -> list[list[Any]]:
    with open(path, "rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def test_all_that_is_in_the_template_stays(tmp_path: Path) -> None:
    template = rich()
    assert template_faults(profile(), template) == losses(profile(), template) == ()
    (book,) = fill(profile(), template, some(50), tmp_path / "o.xlsx")
    assert changed(template, book) == {SHEET, STYLES}
    assert around(parts(template)[SHEET]) == around(parts(book)[SHEET])
    for words in (b"sparkline", b"dataBar", b"sheetProtection", b"legacyDrawing", b"dataValidation", b"headerFooter"):
        assert words in parts(book)[SHEET], words
    rows = written(book)
    assert rows[2][:6] == ["0000", "点位 0", "116.461000", "有", datetime(2026, 3, 5), 0]
    assert len(rows) == 52
    with python_calamine.CalamineWorkbook.from_path(str(book)) as read:
        cells = read.get_sheet_by_name("台账").to_python()
    assert cells[51][:4] == ["0049", "点位 49", "116.461049", "有"]
    assert cells[51][4] == date(2026, 3, 5)


def test_rows_look_like_the_first_of_the_template(tmp_path: Path) -> None:
    (book,) = fill(profile(), rich(), some(3), tmp_path / "o.xlsx")
    with open(book, "rb") as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read()))["台账"]
    for row in (3, 5):
        assert sheet.row_dimensions[row].height == 30
        assert all(sheet.cell(row, at).border.left.style == "thin" for at in range(1, 7))
        assert [sheet.cell(row, at).number_format for at in range(1, 7)] == [
            "@",
            "@",
            "@",
            "@",
            "yyyy-mm-dd",
            "General",
        ]


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    (one,) = fill(profile(), rich(), some(20), tmp_path / "1.xlsx")
    (two,) = fill(profile(), rich(), some(20), tmp_path / "2.xlsx")
    template = rich()
    (one,) = fill(profile(), template, some(20), tmp_path / "1.xlsx")
    (two,) = fill(profile(), template, some(20), tmp_path / "2.xlsx")
    assert one.read_bytes() == two.read_bytes()


def test_a_template_of_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "t.xlsx").write_bytes(rich())
    soffice(tmp_path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "from" / "t.xlsx")
    template = (tmp_path / "t.xlsx").read_bytes()
    assert b"LibreOffice" in parts(template)["docProps/app.xml"]
    (book,) = fill(profile(), template, some(50), tmp_path / "o.xlsx")
    # LibreOffice does not ask for calculation on opening, and there is a sum on another sheet
    assert changed(template, book) == {SHEET, STYLES, "xl/workbook.xml"}
    assert around(parts(template)[SHEET]) == around(parts(book)[SHEET])
    assert written(book)[51][:4] == ["0049", "点位 49", "116.461049", "有"]
    soffice(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", book)
    text = next(tmp_path.glob("o*.csv")).read_text(encoding="utf-8").splitlines()
    assert text[51].startswith("0049,点位 49,116.461049,有,")


def test_a_template_of_openpyxl(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "台账"
    sheet.append(["题"])
    sheet.append(TITLES)
    sheet.auto_filter.ref = "A2:F2"
    out = io.BytesIO()
    made.save(out)
    (book,) = fill(profile(), out.getvalue(), some(4), tmp_path / "o.xlsx")
    assert changed(out.getvalue(), book) == {SHEET, STYLES}
    assert written(book)[5][4] == "2026-03-05"  # no date in the template: the profile's date_format


def test_a_table_grows(tmp_path: Path) -> None:
    template = with_table()
    (book,) = fill(profile(), template, some(9), tmp_path / "o.xlsx")
    assert changed(template, book) == {SHEET, STYLES, "xl/tables/table1.xml"}
    assert re.findall(rb' ref="([^"]*)"', parts(book)["xl/tables/table1.xml"]) == [b"A2:F11", b"A2:F11"]
    with pytest.raises(BatchError, match="合计") as caught:
        fill(profile(), with_table(3, totals=True), some(9), tmp_path / "p.xlsx")
    assert "rows_per_file = 3" in caught.value.advice
    (book,) = fill(profile(), with_table(3, totals=True), some(2), tmp_path / "p.xlsx")
    assert written(book)[5][0] == "合计"


def test_examples_go_and_footers_stay(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        for row in range(2, 7):
            sheet.write(row, 0, row - 1)
            sheet.write(row, 1, "示例店")
        sheet.write("A10", "填表人：")

    template = plain(write)
    (book,) = fill(profile(), template, some(2), tmp_path / "o.xlsx")
    rows = written(book)
    assert [row[1] for row in rows] == [None, "名称", "点位 0", "点位 1", None, None, None, None, None, None][
        : len(rows)
    ]
    assert rows[9][0] == "填表人："
    with pytest.raises(BatchError, match=r"第 10 行.*填表人"):
        fill(profile(), template, some(8), tmp_path / "p.xlsx")
    assert "填表人" in template_faults(profile(), template, some(8))[0]
    assert not (tmp_path / "p.xlsx").exists()


def test_what_stands_beside_the_columns_stays(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range("I3:J5", "填写说明：每行一处")
        sheet.write("H4", "例")
        sheet.write_column("B3", ["示例店", "示例店"])
        sheet.write_formula("K4", "=COUNTA(A3:A99)", None, 0)

    template = plain(write)
    assert template_faults(profile(), template, some(9)) == losses(profile(), template) == ()
    for count in (1, 9):
        (book,) = fill(profile(), template, some(count), tmp_path / "o.xlsx")
        rows = written(book)
        assert rows[2][8] == "填写说明：每行一处"
        assert (rows[3][7], rows[3][10]) == ("例", "=COUNTA(A3:A99)")
        assert rows[3][1] == ("点位 1" if count > 1 else None)
        assert changed(template, book) == {SHEET, STYLES}


def test_merged_cells_among_the_rows_are_refused() -> None:
    (fault,) = template_faults(profile(), plain(lambda book, sheet: sheet.merge_range("A3:A4", "甲")))
    assert "A3:A4" in fault
    assert "第 3 行" in fault
    lower = plain(lambda book, sheet: sheet.merge_range("A9:F9", ""))
    assert template_faults(profile(), lower, some(6)) == ()
    assert "A9:F9" in template_faults(profile(), lower, some(7))[0]


def test_formulas_of_examples(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write("A3", 1)
        sheet.write_formula("E3", "=F3*2", None, 2)

    without = [{"header": t, "field": f} for t, f in zip(TITLES, FIELDS, strict=True) if t != "日期"]
    without[-1]["letter"] = "F"
    made = profile(columns=without)
    template = plain(write)
    (loss,) = losses(made, template)
    assert "E" in loss
    with pytest.raises(BatchError, match="E"):
        fill(made, template, some(1), tmp_path / "o.xlsx")
    (book,) = fill(made, template, some(1), tmp_path / "o.xlsx", accepted=[loss])
    assert b"<f>" not in parts(book)[SHEET]


@pytest.mark.parametrize("others", [False, True])
def test_the_order_of_calculation_forgets_replaced_formulas(tmp_path: Path, others: bool) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_formula("A3", "=ROW()-2", None, 1)
        sheet.write_formula("A4", "=ROW()-2", None, 2)

    template = plain(write)
    chain = b'<c r="A3" i="1"/><c r="A4"/>' + (b'<c r="H1"/>' if others else b"")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    known = parts(template)
    new = {
        "xl/calcChain.xml": b'<?xml version="1.0"?><calcChain xmlns="%s">%s</calcChain>' % (main.encode(), chain),
        "xl/_rels/workbook.xml.rels": known["xl/_rels/workbook.xml.rels"].replace(
            b"</Rel", f'<Relationship Id="rId99" Type="{kind}" Target="calcChain.xml"/></Rel'.encode()
        ),
        "[Content_Types].xml": known["[Content_Types].xml"].replace(
            b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
            b'officedocument.spreadsheetml.calcChain+xml"/></Types>',
        ),
    }  # fmt: skip
    template = repacked(template, new)
    (book,) = fill(profile(), template, some(1), tmp_path / "o.xlsx")
    if others:
        assert changed(template, book) == {SHEET, STYLES, "xl/calcChain.xml"}
        assert b'<c i="1" r="H1"/></calcChain>' in parts(book)["xl/calcChain.xml"]
    else:
        gone = {SHEET, STYLES, "xl/calcChain.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
        assert changed(template, book) == gone
        assert parts(book)["[Content_Types].xml"] == known["[Content_Types].xml"]
        assert parts(book)["xl/_rels/workbook.xml.rels"] == known["xl/_rels/workbook.xml.rels"]
    assert written(book)[2][0] == "0000"


def test_prefixes_and_the_strict_form(tmp_path: Path) -> None:
    template = plain(lambda book, sheet: sheet.set_row(2, 20, book.add_format({"bold": True})))
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = parts(template)[SHEET]
    prefixed = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", content).replace(b'xmlns="' + main, b'xmlns:x="' + main)
    (book,) = fill(profile(), repacked(template, {SHEET: prefixed}), some(2), tmp_path / "o.xlsx")
    assert written(book)[3][:2] == ["0001", "点位 1"]
    strict = {
        name: text.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, text in parts(template).items()
        if name.endswith((".xml", ".rels"))
    }
    (book,) = fill(profile(), repacked(template, strict), some(2), tmp_path / "s.xlsx")
    assert b"<v>1</v>" in parts(book)[SHEET]
    utf16 = repacked(template, {SHEET: content.decode().replace("UTF-8", "UTF-16").encode("utf-16")})
    (fault,) = template_faults(profile(), utf16)
    assert "UTF-8" in fault


def test_an_empty_sheet_data_element(tmp_path: Path) -> None:
    template = plain()
    titles = re.search(rb"<sheetData>.*</sheetData>", parts(template)[SHEET])
    assert titles
    other = repacked(template, {SHEET: parts(template)[SHEET].replace(titles[0], b"<sheetData/>")})
    (fault, *_) = template_faults(profile(), other)
    assert "没有这一列" in fault


def test_two_sheets_with_rows_of_their_own(tmp_path: Path) -> None:
    def write(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("点位")
        other.write_row("B1", ["点位编号", "元素数"])
        book.add_worksheet("说明").write("A1", "不要动")

    sheets = [
        {"name": "台账", "rows": "finding", "header_row": 2,
         "columns": [{"header": t, "field": f} for t, f in zip(TITLES, FIELDS, strict=True)]},
        {"name": "点位", "rows": "site", "header_row": 1,
         "columns": [{"header": "点位编号", "field": "site_code", "letter": "B"},
                     {"header": "元素数", "field": "elements"}]},
    ]  # fmt: skip
    two = Profile.model_validate({"name": "t", "title": "t", "sheets": sheets, "rows_per_file": 2})
    rows = {**some(3), **of({"site_code": "S1", "elements": 3}, kind="site")}
    books = fill(two, plain(write), rows, tmp_path / "o.xlsx")
    assert [book.name for book in books] == ["o_1.xlsx", "o_2.xlsx"]
    assert [row[0] for row in written(books[0])[2:]] == ["0000", "0001"]
    assert [row[0] for row in written(books[1])[2:]] == ["0002"]
    assert written(books[0], "点位") == [[None, "点位编号", "元素数"], [None, "S1", 3]]
    assert written(books[1], "点位") == [[None, "点位编号", "元素数"]]


def test_what_ends_too_soon_is_named() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.data_validation("D3:D10", {"validate": "list", "source": ["有", "无"]})
        sheet.conditional_format("F3:F10", {"type": "data_bar", "data_bar_2010": True})
        sheet.print_area("A1:F10")
        sheet.autofilter("A2:F10")

    assert template_warnings(profile(), plain(write), some(8)) == ()
    found = template_warnings(profile(), plain(write), some(9))
    assert [next(w for w in ("数据有效性", "条件格式", "自动筛选", "打印区域") if w in line) for line in found] == [
        "数据有效性", "条件格式", "自动筛选", "打印区域",
    ]  # fmt: skip
    assert all("第 11 行" in line for line in found)


def test_macros_stay_and_name_the_file(tmp_path: Path) -> None:
    template = plain()
    known = parts(template)
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    new = {
        "xl/vbaProject.bin": b"\x00macro",
        "xl/_rels/workbook.xml.rels": known["xl/_rels/workbook.xml.rels"].replace(
            b"</Rel", f'<Relationship Id="rId9" Type="{kind}" Target="vbaProject.bin"/></Rel'.encode()
        ),
    }
    (book,) = fill(profile(), repacked(template, new), some(1), tmp_path / "o.xlsx")
    assert book.name == "o.xlsm"
    assert parts(book)["xl/vbaProject.bin"] == b"\x00macro"


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(profile(rows_per_file=200), plain(), some(1000), tmp_path / "o.xlsx", progress=stop)
    assert list(tmp_path.iterdir()) == []
