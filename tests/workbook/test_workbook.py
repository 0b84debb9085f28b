"""Profiles, pre-flight and the filled template, read back as Excel and LibreOffice would."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from barrierfree.errors import BatchError, DefinitionError
from barrierfree.operations.surveys import definition_named
from barrierfree.workbook import (
    Profile,
    Table,
    Values,
    check,
    fill,
    losses,
    read_profile,
    template_faults,
    template_warnings,
    write_tables,
)  # fmt: skip
from tests.workbook.templates import of

NASTY = ["=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-5", "表\n格", "😀 emoji", "<b>&amp;</b>", "x" * 5000]


def profile(**changes: object) -> Profile:
    columns = [
        {"header": "编号", "field": "checkpoint_code", "required": True, "unique": True},
        {"header": "名称", "field": "site_name", "max_length": 6000},
        {"header": "经度", "field": "lon", "minimum": 115.0, "maximum": 118.0, "decimals": 6},
        {"header": "现状", "field": "present", "codes": {"有": "1", "无": "0"}},
    ]
    return Profile.model_validate({"name": "t", "title": "t", "columns": columns} | changes)


def template() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "名称", "经度", "现状"])
    sheet.cell(2, 2).font = openpyxl.styles.Font(italic=True)
    sheet["F1"] = "其他内容"
    sheet.merge_cells("F1:G1")
    book.create_sheet("说明")["A1"] = "不要动"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_filled_cells_are_what_was_given(tmp_path: Path) -> None:
    rows: list[Values] = [
        {"checkpoint_code": f"0{n}", "site_name": text, "lon": 116.46, "present": "有"} for n, text in enumerate(NASTY)
    ]
    fill(profile(), template(), of(*rows), tmp_path / "o.xlsx")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    sheet = book.worksheets[0]
    for n, text in enumerate(NASTY):
        cell = sheet.cell(n + 2, 2)
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.font.italic
        assert [sheet.cell(n + 2, c).value for c in (1, 3, 4)] == [f"0{n}", "116.460000", "1"]
    assert sheet["F1"].value == "其他内容"
    assert "F1:G1" in [str(r) for r in sheet.merged_cells.ranges]
    assert book["说明"]["A1"].value == "不要动"


@pytest.mark.slow
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("libreoffice-calc is not installed")
    rows: list[Values] = [{"checkpoint_code": "0012", "site_name": NASTY[0], "lon": 116.46, "present": "无"}]
    fill(profile(), template(), of(*rows), tmp_path / "o.xlsx")
    home = f"-env:UserInstallation=file://{tmp_path}/lo"
    command = ["soffice", home, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "o.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    text = (tmp_path / "o.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("0012,")
    assert NASTY[0] in text
    assert "116.460000" in text


def test_preflight_names_every_fault() -> None:
    rows = of(
        {"checkpoint_code": "1", "lon": 120.0, "present": "也许"},
        {"checkpoint_code": "1", "site_name": "x" * 7000},
        {"checkpoint_code": None, "site_name": "bad\x07"},
    )
    faults = check(profile(), rows)
    assert {(f.record, f.column) for f in faults} == {
        ("r0", "经度"), ("r0", "现状"), ("r1", "名称"), ("r1", "编号"), ("r2", "编号"), ("r2", "名称"),
    }  # fmt: skip
    assert all(f.reason for f in faults)


def test_a_changed_template_is_refused(tmp_path: Path) -> None:
    other = profile(header_row=2, first_row=3)
    with pytest.raises(BatchError, match="第 2 行"):
        fill(other, template(), {}, tmp_path / "o.xlsx")
    for broken in (b"", b"no workbook"):
        with pytest.raises(BatchError):
            fill(profile(), broken, {}, tmp_path / "o.xlsx")
    with pytest.raises(BatchError, match="工作表"):
        fill(profile(sheet="没有"), template(), {}, tmp_path / "o.xlsx")
    assert not (tmp_path / "o.xlsx").exists()


@pytest.mark.parametrize("text", ["", "name = ", 'name = "x"\ntitle = "t"\n[[columns]]\nheader = "a"\nfield = "no"'])
def test_faulty_profiles(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_profile(text)
    assert caught.value.advice


def test_shipped_profile_fits_its_template(tmp_path: Path) -> None:
    known = definition_named("shuangjing-sample")
    shipped, template = read_profile(known.profile), base64.b64decode(known.template)
    assert shipped.status == "ours"
    assert (template_faults(shipped, template), losses(shipped, template)) == ((), ())
    row: Values = {"site_name": "甲", "deadline": "2026-03-05", "due": "是"}
    rows = of(*[row] * 900)
    assert template_warnings(shipped, template, rows) == ()
    fill(shipped, template, rows, tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO((tmp_path / "o.xlsx").read_bytes()))["台账"]
    titles = {cell.value: cell.column or 0 for cell in sheet[2]}
    assert list(titles)[:16] == [
        "序号", "点位编号", "区", "街道", "社区", "点位名称", "场所类别", "重点领域", "详细地址", "经度", "纬度",
        "坐标系", "元素类型", "元素编号", "是否应建", "现状（有/无）",
    ]  # fmt: skip
    assert [sheet.cell(902, titles[t]).value for t in ("序号", "点位名称", "是否应建")] == [900, "甲", "是"]
    assert sheet.cell(3, titles["计划完成时间"]).value == datetime(2026, 3, 5)
    assert len(sheet.data_validations.dataValidation) == 5
    assert sheet.freeze_panes == "C3"
    assert shipped.answer is not None
    assert shipped.answer.code in titles


def test_tables(tmp_path: Path) -> None:
    rows = tuple((text, n) for n, text in enumerate([*NASTY, "a\x00b"]))
    write_tables(tmp_path / "t.xlsx", [Table(title="一/二:三"[:1], headers=("甲", "乙"), rows=rows)])
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [sheet.cell(n + 2, 1).value for n in range(len(NASTY))] == NASTY
    assert all(sheet.cell(n + 2, 1).data_type == "s" for n in range(len(NASTY)))
    assert sheet.cell(len(NASTY) + 2, 1).value == "ab"
