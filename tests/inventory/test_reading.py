"""Lists as offices make them: titles, headers of two rows, merged cells, dates, several sheets, every encoding."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from barrierfree.errors import InventoryError
from barrierfree.inventory import RawList, propose, read_table
from tests.inventory import books


def text_file(path: Path, content: str, encoding: str = "utf-8") -> RawList:
    path.write_bytes(content.encode(encoding))
    return read_table(path)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, said: str, delimiter: str) -> None:
    rows = [["名称", "地址", "经度"], ["甲店", "广渠路1号", "116.46"], ["乙店", "劲松；东口", "116.47"]]
    raw = text_file(tmp_path / "l.txt", "\r\n".join(delimiter.join(r) for r in rows), encoding)
    assert (raw.encoding, raw.headers, raw.rows[1]) == (
        said,
        ("名称", "地址", "经度"),
        ("乙店", "劲松；东口", "116.47"),
    )


def test_single_damaged_signs(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes("名称,地址\n甲店,路\n乙".encode() + b"\xff" + "店,路\n".encode() + "丙店,路\n".encode() * 300)
    raw = read_table(path)
    assert raw.encoding == "utf-8"
    assert len(raw.rows) == 302
    assert [f.row for f in raw.faults] == [3]
    cut = "名称,地址\n甲店,路\n乙店,".encode() + "路".encode()[:2]
    path.write_bytes(cut)
    raw = read_table(path)
    assert raw.rows[0] == ("甲店", "路")
    assert "不完整" in raw.remarks[-1]


def test_rows_are_numbered_by_lines(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", '清单\n\n名称,地址\n"甲\n店",路\n\n乙店,"a\n\nb"\n丙店,路\n')
    assert (raw.header_row, raw.row_numbers) == (3, (4, 7, 10))
    assert raw.rows[0][0] == "甲\n店"
    assert "第 1 行" in raw.remarks[0]


def test_one_column(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "名称\n甲店\n乙店（东口，二层）\n丙店\n")
    assert (raw.headers, len(raw.rows)) == (("名称",), 3)


def test_row_with_a_delimiter_too_many(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "名称,地址\n甲店,路\n乙店,路,二层\n" + "丙店,路\n" * 5)
    assert len(raw.headers) == 2
    assert [f.row for f in raw.faults] == [3]
    wide = text_file(tmp_path / "w.csv", "名称,地址\n甲店,路,1\n乙店,路,2\n丙店,路,3\n")
    assert wide.headers == ("名称", "地址", "第3列")


def test_nothings_and_errors(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "名称,地址,备注,经度\n甲店,null,无,-\n乙店,—,N/A,#N/A\n丙店,#REF!,路,1\n")
    assert raw.rows == (("甲店", "", "", ""), ("乙店", "", "", ""), ("丙店", "", "路", "1"))
    assert [f.row for f in raw.faults] == [4]


def test_double_and_missing_headers(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "名称,,名称,地址,名称\n甲,x,乙,路,丙\n")
    assert raw.headers == ("名称", "第2列", "名称 (2)", "地址", "名称 (3)")
    assert "名称 (2)、名称 (3)" in raw.remarks[0]


def test_encoding_without_known_words(tmp_path: Path) -> None:
    content = "一分利超市,广渠路36号院\n双井药房,双井桥东路\n" * 3
    assert text_file(tmp_path / "g.csv", content, "gb18030").encoding == "gb18030"
    content = "東京都人権プラザ,港区芝二丁目\nだれでもトイレ,大島町元町\n" * 20
    assert text_file(tmp_path / "j.csv", content, "shift_jis").rows[0][0] == "だれでもトイレ"


@pytest.mark.parametrize(
    ("content", "headers", "header_row"),
    [
        ("甲店,116.46,39.89,N\n乙店,116.47,39.88,N\n", ("第1列", "第2列", "第3列", "第4列"), 0),
        ("a,0\nb,1\n", ("第1列", "第2列"), 0),
        ("甲店,116.46,39.89\n乙店,116.47,39.88\n", ("第1列", "第2列", "第3列"), 0),
        ("c1,c2,c3\n甲店,116.46,39.89\n乙店,116.47,39.88\n", ("c1", "c2", "c3"), 1),
        ("清单\nc1,c2,c3\n甲店,116.46,39.89\n乙店,116.47,39.88\n", ("c1", "c2", "c3"), 2),
    ],
)
def test_header_or_none(tmp_path: Path, content: str, headers: tuple[str, ...], header_row: int) -> None:
    raw = text_file(tmp_path / "l.csv", content)
    assert (raw.headers, raw.header_row) == (headers, header_row)


def test_header_row_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("名称,地址\n店铺,坐落地\n甲店,路\n", encoding="utf-8")
    assert read_table(path, header_row=2).headers == ("店铺", "坐落地")
    assert len(read_table(path, header_row=-1).rows) == 3
    with pytest.raises(InventoryError, match="第 9 行"):
        read_table(path, header_row=9)


def two_rows(path: Path) -> Path:
    """Title, then headers of two rows: 位置 over 经度 and 纬度, the others merged over both."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["双井街道设施清单"])
    sheet.merge_cells("A1:F1")
    sheet.append(["序号", "名称", "社区", "位置", None, "备注"])
    sheet.append([None, None, None, "经度", "纬度"])
    for column in "ABCF":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.merge_cells("D2:E2")
    sheet.append([1, "甲店", "富力", 116.46, 39.89])
    sheet.append([2, "乙店", None, 116.47, 39.88])
    sheet.append([None, None, None, None, None])
    sheet.append([3, "丙店", None, 116.48, 39.87])
    sheet.merge_cells("C4:C7")
    sheet.append(["二、沿街商铺"])
    sheet.merge_cells("A8:F8")
    sheet.append([4, "丁店", None, 116.48, 39.87])
    sheet.append(["序号", "名称", "社区", "位置", None, "备注"])
    book.save(path)
    return path


def test_headers_of_two_rows_and_merged_values(tmp_path: Path) -> None:
    raw = read_table(two_rows(tmp_path / "l.xlsx"))
    assert raw.header_row == 2
    assert raw.headers == ("序号", "名称", "社区", "位置 / 经度", "位置 / 纬度", "备注")
    assert raw.row_numbers[:4] == (4, 5, 7, 9)
    assert [row[2] for row in raw.rows[:4]] == ["富力", "富力", "富力", ""]
    assert raw.faults[0].row == 8
    assert propose(raw)["lon"] == 3
    assert read_table(tmp_path / "l.xlsx", header_row=2).headers == raw.headers


def test_group_names_above_the_header_without_merged_cells(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "序号,名称,位置,,备注\n,,经度,纬度,\n1,甲店,116.46,39.89,\n")
    assert raw.headers == ("序号", "名称", "位置 / 经度", "位置 / 纬度", "备注")
    assert raw.rows == (("1", "甲店", "116.46", "39.89", ""),)


def test_title_of_two_cells_is_no_header(tmp_path: Path) -> None:
    raw = text_file(tmp_path / "l.csv", "填报单位：双井街道,,填报人：\n名称,地址,社区\n甲店,路,富力\n")
    assert (raw.header_row, raw.headers) == (2, ("名称", "地址", "社区"))


def test_sheet_with_the_most_column_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "填表说明"
    first.append(["请按下表填写", "谢谢"])
    second = book.create_sheet("清单")
    second.append(["名称", "地址"])
    second.append(["甲店", "路"])
    second.sheet_state = "hidden"
    book.save(tmp_path / "l.xlsx")
    raw = read_table(tmp_path / "l.xlsx")
    assert (raw.sheet, raw.sheets) == ("清单", ("填表说明", "清单"))
    assert any("隐藏" in r for r in raw.remarks)
    assert read_table(tmp_path / "l.xlsx", "填表说明").sheet == "填表说明"
    with pytest.raises(InventoryError) as caught:
        read_table(tmp_path / "l.xlsx", "没有")
    assert "填表说明、清单" in caught.value.advice


def test_numbers_dates_and_texts(tmp_path: Path) -> None:
    cells = [
        books.text("A2", "007"), '<c r="B2"><v>1</v></c>', '<c r="C2"><v>110105016001</v></c>',
        '<c r="D2"><v>12345678901234567</v></c>', '<c r="E2"><v>1E-7</v></c>', '<c r="F2" t="b"><v>1</v></c>',
        '<c r="G2"><v>116.467</v></c>', '<c r="H2"><v>0</v></c>', '<c r="I2" t="b"><v>0</v></c>',
    ]  # fmt: skip
    head = [books.text(f"{c}1", n) for c, n in zip("ABCDEFGHI", ("名称", *"bcdefghi"), strict=True)]
    raw = read_table(books.xlsx(tmp_path / "l.xlsx", books.data(books.row(1, *head), books.row(2, *cells))))
    assert raw.rows[0] == (
        "007", "1", "110105016001", "12345678901234568", "0.0000001", "TRUE", "116.467", "0", "FALSE",
    )  # fmt: skip


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates(tmp_path: Path, since_1904: bool) -> None:
    book = openpyxl.Workbook()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "登记日期"])
    sheet.append(["甲店", datetime.datetime(2024, 3, 1)])
    sheet.append(["乙店", datetime.datetime(2024, 3, 1, 8, 30)])
    book.save(tmp_path / "l.xlsx")
    assert [r[1] for r in read_table(tmp_path / "l.xlsx").rows] == ["2024-03-01", "2024-03-01 08:30:00"]


def test_formulas_without_values_and_errors(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "地址"])
    sheet.append(["甲店", '=A2&"号"'])
    book.save(tmp_path / "f.xlsx")
    raw = read_table(tmp_path / "f.xlsx")
    assert raw.rows == (("甲店", ""),)
    assert "1 格公式没有存下结果（B2）" in raw.remarks[0]
    rows = [books.row(1, books.text("A1", "名称"), books.text("B1", "地址"))]
    for n, error in enumerate(("#N/A", "#REF!", "#DIV/0!"), start=2):
        rows.append(books.row(n, books.text(f"A{n}", "店"), f'<c r="B{n}" t="e"><f>X</f><v>{error}</v></c>'))
    raw = read_table(books.xlsx(tmp_path / "e.xlsx", books.data(*rows)))
    assert raw.rows == (("店", ""),) * 3
    assert [f.row for f in raw.faults] == [2, 3, 4]
    assert "B2、B3、B4" in raw.remarks[0]


def test_table_that_does_not_begin_in_the_corner(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cell, value in {"C3": "名称", "D3": "地址", "C4": "甲店", "D4": "路"}.items():
        sheet[cell] = value
    book.save(tmp_path / "l.xlsx")
    raw = read_table(tmp_path / "l.xlsx")
    assert (raw.header_row, raw.row_numbers) == (3, (4,))
    assert raw.headers == ("第1列", "第2列", "名称", "地址")  # so that column letters are those of the sheet


def test_old_and_binary_and_open_workbooks(tmp_path: Path) -> None:
    cells = {(0, 0): "名称", (0, 1): "经度", (1, 0): "甲店", (1, 1): 116.5, (2, 0): "乙店"}
    old = read_table(books.xls(tmp_path / "l.xls", cells, errors=((2, 1),)))  # type: ignore[arg-type]
    rows = {0: {0: "名称", 1: "经度"}, 1: {0: "甲店", 1: 116.5}, 2: {0: "乙店"}}
    binary = read_table(books.xlsb(tmp_path / "l.xlsb", rows, errors=((2, 1),)))  # type: ignore[arg-type]
    opened = read_table(books.ods(
        tmp_path / "l.ods",
        books.ods_row("名称", "经度") + books.ods_row("甲店", "116.5") + books.ods_row("乙店", "")
        + books.ods_row("", repeated=1_000_000, cell_repeated=16_000),
    ))  # fmt: skip
    for raw in (old, binary, opened):
        assert (raw.sheet, raw.headers) == ("清单", ("名称", "经度"))
        assert raw.rows == (("甲店", "116.5"), ("乙店", ""))
    for raw in (old, binary):
        assert "B3" in raw.faults[0].reason
