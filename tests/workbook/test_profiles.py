"""Profiles: what is read, what is refused by name, what comes back equal; and profiles proposed for a template."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from barrierfree.errors import DefinitionError
from barrierfree.workbook import (
    FIELDS,
    AnswerLayout,
    Profile,
    Values,
    check,
    fields_of,
    profile_text,
    read_profile,
    suggest_field,
    suggest_sheet,
    template_faults,
    template_headers,
)  # fmt: skip
from barrierfree.workbook.suggestions import TITLE_WORDS
from tests.workbook.templates import TITLES, of, plain, profile, rich

HEAD = 'name = "x"\ntitle = "t"\n'


def of_columns(*columns: dict[str, Any], **more: Any) -> Profile:
    sheet = {"name": "台账", "header_row": 2, "columns": [{"header": f"h{n}"} | c for n, c in enumerate(columns)]}
    return Profile.model_validate({"name": "t", "title": "t", "sheets": [sheet]} | more)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[columns]]\nheader = "甲"\nfield = "no"', "no"),
        ('[[columns]]\nheader = "甲"\nexpression = "concat(${no}, 1)"', "no"),
        ('[[columns]]\nheader = "甲"\nexpression = "shell(${note})"', "shell"),
        ('[[columns]]\nheader = "甲"\nexpression = "concat(${note}"', "concat"),
        ('[[columns]]\nheader = "甲"\nfield = "note"\ntext = "t"', "expression"),
        ('[[columns]]\nheader = "甲"\nfield = "note"\ncode_table = "没有"', "没有"),
        ('[[columns]]\nheader = "甲"\nfield = "note"\nletter = "a1"', "a1"),
        ('[[columns]]\nheader = "甲"\nfield = "note"\n[[columns]]\nheader = "乙"\nfield = "note"\nletter = "A"', "乙"),
        ('[[sheets]]\nrows = "site"\n[[sheets.columns]]\nheader = "甲"\nfield = "deadline"', "deadline"),
        ('[[sheets]]\nheader_row = 3\nfirst_row = 3\n[[sheets.columns]]\nheader = "甲"\nfield = "note"', "first_row"),
        ('file_name = "../{number}.xlsx"\n[[columns]]\nheader = "甲"\nfield = "note"', "../"),
        ('file_name = "{nmber}.xlsx"\n[[columns]]\nheader = "甲"\nfield = "note"', "{number}"),
        ('photo_name = "{code"\n[[columns]]\nheader = "甲"\nfield = "note"', "{code"),
        ('photo_folder = ".."\n[[columns]]\nheader = "甲"\nfield = "note"', ".."),
        ('colums = 1\n[[columns]]\nheader = "甲"\nfield = "note"', "colums"),
        ('[[columns]]\nheader = "甲"\nfield = "note"\n[answer]\ncode = "编号"', "state"),
        (
            '[[columns]]\nheader = "甲"\nfield = "note"\n[answer]\ncode = "编号"\nstate = "果"\naccepted = ["退回"]',
            "退回",
        ),
    ],
)
def test_faulty_profiles_are_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_profile(HEAD + text, "p.toml")
    assert named in caught.value.message
    assert "p.toml" in caught.value.message
    assert caught.value.advice


def test_the_older_form_of_one_sheet() -> None:
    old = read_profile(
        HEAD
        + 'rows = "finding"\nsheet = "台账"\nheader_row = 2\nfirst_row = 4\n[[columns]]\nheader = "甲"\nfield = "note"'
    )
    (sheet,) = old.sheets
    assert (sheet.name, sheet.rows, sheet.header_row, sheet.first_row) == ("台账", "finding", 2, 4)


def test_a_profile_comes_back_equal() -> None:
    full = of_columns(
        {"field": "site_code", "required": True, "unique": True, "max_length": 40},
        {"expression": "if(${present} = '有', 1, 0)", "letter": "D", "format": "number", "minimum": 0, "maximum": 1.5},
        {"field": "present", "code_table": "有无"},
        {"text": "北京", "codes": {"北京": "110000"}},
        target="市系统", rows_per_file=500, code_tables={"有无": {"有": "1", "无": "0", "不 适用": "9"}},
        answer=AnswerLayout(code="编号", state="结果", accepted=("好",)),
    )  # fmt: skip
    assert read_profile(profile_text(full)) == full
    assert read_profile(profile_text(profile())) == profile()


def test_every_field_has_title_words_and_kinds_of_rows() -> None:
    assert TITLE_WORDS.keys() == FIELDS.keys()
    assert fields_of("site").keys() | fields_of("finding").keys() == FIELDS.keys()
    assert fields_of("checkpoint") == fields_of("finding")
    words = [word for known in TITLE_WORDS.values() for word in known]
    assert len(words) == len(set(words))


def test_expressions_and_codes_are_written_and_checked() -> None:
    made = of_columns(
        {"expression": "concat(${street}, ' ', ${serial})", "max_length": 7},
        {"expression": "if(${present} = '有', 'Y', 'N')", "codes": {"Y": "1"}},
        {"expression": "format-date(${deadline}, '%Y/%m')"},
        {"field": "quantity", "format": "number"},
        {"field": "note", "format": "date"},
        {"field": "severity", "code_table": "级"},
        code_tables={"级": {"高": "3"}},
    )  # fmt: skip
    good: Values = {
        "street": "双井街道",
        "present": "有",
        "deadline": "2026-03-05",
        "severity": "高",
        "note": "2026-01-01",
    }
    bad: Values = {"street": "双井街道之外", "present": "无", "quantity": "三", "severity": "低", "note": "明天"}
    faults = check(made, of(good, bad))
    assert [(f.row, f.column, f.kind, f.value) for f in faults] == [
        (2, "h0", "length", "双井街道之外 2"), (2, "h1", "code", "N"), (2, "h3", "number", "三"),
        (2, "h4", "date", "明天"), (2, "h5", "code", "低"),
    ]  # fmt: skip
    assert {(f.record, f.code, f.sheet) for f in faults} == {("r1", "c1", "台账")}


def test_what_excel_would_turn_is_no_fault_where_writing_keeps_it() -> None:
    made = of_columns({"field": "note"}, {"field": "site_code"})
    assert check(made, of({"note": "=1+1", "site_code": "007"}, {"note": "-", "site_code": "1E5"})) == ()
    numbers = of_columns({"field": "note", "format": "number"})
    assert [f.kind for f in check(numbers, of({"note": "=1+1"}, {"note": "007"}))] == ["number"]


def test_the_templates_own_lists_are_kept_to() -> None:
    def write(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("字典 表")
        other.write_column("A1", ["有", "无", 3])
        book.define_name("现状表", "='字典 表'!$A$1:$A$3")
        sheet.data_validation("A3:A99", {"validate": "list", "source": "='字典 表'!$A$1:$A$3"})
        sheet.data_validation("B3:B99", {"validate": "list", "source": "=现状表"})
        sheet.data_validation("C3:C99", {"validate": "list", "source": ["有", "无"]})
        sheet.data_validation("D3:D99", {"validate": "list", "source": "=INDIRECT(A3)"})

    columns: list[dict[str, Any]] = [
        {"field": "note"}, {"field": "quantity"}, {"field": "present", "codes": {"是": "有", "否": "没"}},
        {"field": "severity"},
    ]  # fmt: skip
    made = of_columns(*columns)
    template = plain(write, [f"h{n}" for n in range(4)])
    good: Values = {"note": "无", "quantity": 3, "present": "是", "severity": "随便"}
    bad: Values = {"note": "缺", "quantity": 4, "present": "否", "severity": "随便"}
    assert template_faults(made, template) == ()
    assert [(f.row, f.column, f.kind) for f in check(made, of(good, bad), template)] == [
        (2, "h0", "list"), (2, "h1", "list"), (2, "h2", "list"),
    ]  # fmt: skip
    words = {c.title: c.words for c in template_headers(template)[0].columns}
    assert words == {"h0": ("有", "无", "3"), "h1": ("有", "无", "3"), "h2": ("有", "无"), "h3": ()}


def two_lines() -> bytes:
    """A template as cities have them: a title, merged titles on two lines, a hidden list of codes (GB/T 30428 like)."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "部件"
    sheet.append(["城市管理部件（无障碍设施）普查表"])
    sheet.append(["序号", "标识码*", "位置", None, None, "问题", None, "备注"])
    sheet.append([None, None, "所属\n社区", "经度", "纬度", "问题类别", "问题描述", None])
    for merged in ("A1:H1", "A2:A3", "B2:B3", "C2:E2", "F2:G2", "H2:H3"):
        sheet.merge_cells(merged)
    sheet["D4"].number_format = "0.000000"
    codes = book.create_sheet("代码")
    codes.sheet_state = "hidden"
    for word in ("缺失", "损坏"):
        codes.append([word])
    rule = DataValidation(type="list", formula1="代码!$A$1:$A$2", sqref="F4:F500")
    sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_two_line_titles_are_seen_and_paired() -> None:
    sheet = template_headers(two_lines())[0]
    assert (sheet.header_row, sheet.header_rows, sheet.first_row) == (3, 2, 4)
    assert [c.title for c in sheet.columns] == [
        "序号", "标识码*", "位置/所属社区", "位置/经度", "位置/纬度", "问题/问题类别", "问题/问题描述", "备注",
    ]  # fmt: skip
    kept = suggest_sheet(sheet)
    assert kept is not None
    assert [c.field for c in kept.columns] == [
        "serial", "site_code", "community", "lon", "lat", "problem", "description", "note",
    ]  # fmt: skip
    assert kept.columns[1].required
    assert sheet.columns[5].words == ("缺失", "损坏")
    assert kept.columns[3].format == "number"
    made = Profile(name="x", title="x", sheets=(kept,))
    assert template_faults(made, two_lines()) == ()
    assert read_profile(profile_text(made)) == made


def test_titles_of_a_rich_template() -> None:
    found = {sheet.name: sheet for sheet in template_headers(rich())}
    assert (found["台账"].header_row, found["台账"].header_rows) == (2, 1)
    assert [(c.letter, c.title) for c in found["台账"].columns] == list(zip("ABCDEF", TITLES, strict=True))
    assert [c.format for c in found["台账"].columns] == ["", "", "", "", "date", ""]
    assert found["台账"].columns[3].words == ("有", "无", "不适用")
    (unknown,) = template_headers(plain(titles=["甲乙", "丙丁"]))
    assert suggest_sheet(unknown) is None


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("所属街道", "street"),
        ("经度（必填）", "lon"),
        ("现状（有/无）", "present"),
        ("点位名称*", "site_name"),
        ("１．点位编号", "site_code"),
        ("（3）地址", "address"),
        ("８.整改期限（yyyy/mm/dd）", "deadline"),
        ("天气", ""),
    ],
)
def test_titles_and_fields(title: str, field: str) -> None:
    assert suggest_field(title, FIELDS) == field
