"""Templates that cannot be filled, each refused with what, where and what to do; nothing is written."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from barrierfree.errors import BatchError
from barrierfree.workbook import Column, Profile, Sheet, fill, losses, read_template, template_faults, template_warnings
from tests.workbook.templates import TITLES, of, parts, plain, profile, repacked, some

SHEET = "xl/worksheets/sheet1.xml"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def types(old: bytes, new: bytes) -> bytes:
    template = plain()
    return repacked(template, {"[Content_Types].xml": parts(template)["[Content_Types].xml"].replace(old, new)})


def ods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return out.getvalue()


def cut() -> bytes:
    return plain()[:-200]


def flipped() -> bytes:
    """A byte of a compressed part is another."""
    made = bytearray(plain())
    at = made.index(b"xl/styles.xml") + 60
    made[at] ^= 0xFF
    return bytes(made)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (b"", "没有导出模板"),
        (b"no workbook", "打不开"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (COMPOUND, r"\.xls 格式"),
        (ods(), r"\.ods"),
        (types(b"sheet.main+xml", b"template.main+xml"), r"\.xltx"),
        (types(b"sheet.main+xml", b"sheet.binary.macroEnabled.main"), r"\.xlsb"),
        (cut(), "打不开"),
        (flipped(), "打不开"),
        (repacked(plain(), {"xl/workbook.xml": b"<broken"}), "打不开"),
        (repacked(plain(), {SHEET: b"<worksheet/>"}), "读不懂模板的工作表“台账”"),
        (repacked(plain(), {SHEET: b"<!DOCTYPE x><worksheet/>"}), "读不懂"),
        (repacked(plain(), {}, without=[SHEET]), "台账"),
    ],
    ids=range(13),
)
def test_what_cannot_be_filled(tmp_path: Path, template: bytes, words: str) -> None:
    with pytest.raises(BatchError, match=words) as caught:
        fill(profile(), template, some(1), tmp_path / "o.xlsx")
    assert caught.value.advice
    (fault,) = template_faults(profile(), template)
    assert re.search(words, fault)
    assert losses(profile(), template) == template_warnings(profile(), template, some(1)) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_not_there() -> None:
    def write(book: Any, sheet: Any) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=台账!$F$3:$F$9"})
        book.add_chartsheet("图").set_chart(chart)

    column = Column(header="编号", field="note")
    missing = Profile(name="t", title="t", sheets=(Sheet(name="没有", columns=(column,)),))
    (fault,) = template_faults(missing, plain(write))
    assert "“没有”" in fault
    assert "台账、图" in fault
    chart = Profile(name="t", title="t", sheets=(Sheet(name="图", columns=(column,)),))
    (fault,) = template_faults(chart, plain(write))
    assert "图表页" in fault


def test_a_sheet_written_twice() -> None:
    one = profile().sheets[0]
    twice = profile().model_copy(update={"sheets": (one, one.model_copy(update={"name": ""}))})
    (fault,) = template_faults(twice, plain())
    assert "两次" in fault


def test_a_formula_shared_with_example_rows() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_formula("F3", "=ROW()", None, 3)
        sheet.write_formula("H3", "=ROW()", None, 3)

    template = plain(write)
    shared = parts(template)[SHEET].replace(b"<f>ROW()</f>", b'<f t="shared" ref="F3:H3" si="0">ROW()</f>', 1)
    shared = shared.replace(b"<f>ROW()</f>", b'<f t="shared" si="0"/>')
    assert template_faults(profile(), template) == ()
    (fault,) = template_faults(profile(), repacked(template, {SHEET: shared}))
    assert "H3" in fault


def test_titles_that_moved_say_where_they_are_now() -> None:
    moved = [TITLES[0], TITLES[2], TITLES[1], *TITLES[3:]]
    name, lon = template_faults(profile(), plain(titles=moved))
    assert "第 2 行 B 列是“经度”，方案里写的是“名称”" in name
    assert "“名称”现在在第 2 行 C 列" in name
    assert "“经度”现在在第 2 行 B 列" in lon
    gone, *_ = template_faults(profile(), plain(titles=["编码", *TITLES[1:]]))
    assert "没有这一列" in gone
    lower, *_ = template_faults(profile(header_row=1, first_row=3), plain())
    assert "现在在第 2 行 A 列" in lower


def test_line_breaks_in_titles_do_not_matter(tmp_path: Path) -> None:
    template = plain(titles=[" 编号", "名\n称", *TITLES[2:]])
    assert template_faults(profile(), template) == ()


def test_too_many_rows_for_a_sheet() -> None:
    class Many(list[Any]):
        def __len__(self) -> int:
            return 1_048_576

    (fault,) = template_faults(profile(), plain(), {"finding": Many()})
    assert "1048578" in fault
    assert "rows_per_file" in fault
    assert template_faults(profile(rows_per_file=1000), plain(), {"finding": Many()}) == ()


def test_examples_and_their_links_are_named() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_url("B3", "https://example.org", string="示例")

    replaced, links = template_warnings(profile(), plain(write), some(1))
    assert "第 3 行（示例）" in replaced
    assert "B3" in links


def test_a_file_open_in_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Any, target: Any) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(BatchError, match="写不了") as caught:
        fill(profile(), plain(), some(1), tmp_path / "o.xlsx")
    assert "Excel" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def test_a_template_file(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(plain())
    assert read_template(tmp_path / "t.xlsx") == (tmp_path / "t.xlsx").read_bytes()
    with pytest.raises(BatchError, match="锁文件") as caught:
        read_template(tmp_path / "~$t.xlsx")
    assert "“t.xlsx”" in caught.value.advice
    with pytest.raises(BatchError, match="读不了"):
        read_template(tmp_path / "none.xlsx")
    (tmp_path / "t.xlsx").write_bytes(COMPOUND)
    with pytest.raises(BatchError, match=r"\.xls"):
        read_template(tmp_path / "t.xlsx")


def column(**keys: Any) -> Profile:
    columns = [{"header": "编号", "field": "checkpoint_code"}, {"header": "值"} | keys]
    return Profile.model_validate({"name": "t", "title": "t", "columns": columns, "header_row": 2, "first_row": 3})


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_numbers_with_fixed_decimals(tmp_path: Path, decimals: int, own: bool) -> None:
    def write(book: Any, sheet: Any) -> None:
        if own:
            sheet.write("H1", 1, book.add_format({"num_format": '0.0"m"'}))

    made = column(field="quantity", format="number", decimals=decimals)
    (book,) = fill(made, plain(write, ["编号", "值"]), of({"quantity": 2.123456789}), tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    assert sheet["B3"].value == round(2.123456789, decimals)
    assert sheet["B3"].number_format == "0." + "0" * decimals if decimals else "0"
    assert not own or sheet["H1"].number_format == '0.0"m"'


@pytest.mark.parametrize("since", [1900, 1904])
def test_days_count_from_where_the_template_says(tmp_path: Path, since: int) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_blank("B3", None, book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))

    template = plain(write, ["编号", "值"])
    if since == 1904:
        content = parts(template)["xl/workbook.xml"].replace(b"<workbookPr", b'<workbookPr date1904="1"')
        template = repacked(template, {"xl/workbook.xml": content})
    made = column(field="deadline")
    (book,) = fill(made, template, of({"deadline": "2026-03-05"}, {"deadline": "1899-01-01"}), tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    assert sheet["B3"].value == datetime(2026, 3, 5)
    assert sheet["B4"].value == date(1899, 1, 1).isoformat()


def test_formats_say_how_a_value_is_written(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], Any, Any]] = [
        ({"field": "quantity", "format": "text"}, 12.0, "12"),
        ({"field": "note", "format": "number"}, "3.50", 3.5),
        ({"field": "note", "format": "date"}, "2026-03-05T10:00:00", "2026-03-05"),
        ({"field": "note", "codes": {"是": "1"}, "format": "number"}, "是", 1),
        ({"field": "note", "codes": {"是": "01"}}, "是", "01"),
        ({"text": "=固定"}, None, "=固定"),
        ({"expression": "${quantity} * 2"}, 3, 6),
        ({"field": "serial"}, None, 1),
    ]
    for keys, value, wanted in cases:
        values = {keys["field"]: value} if keys.get("field", "serial") != "serial" else {"quantity": 3}
        (book,) = fill(column(**keys), plain(titles=["编号", "值"]), of(values), tmp_path / "o.xlsx")
        found = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]["B3"].value
        assert (found, type(found)) == (wanted, type(wanted)), keys
