"""Answers of the city's system: what is read, and what is named with its row and cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from barrierfree.errors import BatchError
from barrierfree.workbook import AnswerLayout, AnswerRow, read_answers
from tests.workbook.templates import soffice

LAYOUT = AnswerLayout(code="元素编号", state="审核状态", reason="退回原因", city_number="系统编号")
TITLES = ["系统编号", "元素编号", "审核状态", "退回原因"]
ROWS: list[list[Any]] = [
    ["C1", "S1-01", "通过", None],
    ["", "S1-02", "退回", "照片不清"],
    [None, "S1-03", None, None],
    ["C4", 110105016001, "通过", None],
]
EXPECTED = [
    ("S1-01", "accepted", "", "C1"),
    ("S1-02", "rejected", "照片不清", ""),
    ("S1-03", "unclear", "", ""),
    ("110105016001", "accepted", "", "C4"),
]


def book(path: Path, rows: list[list[Any]], merge: str = "", above: int = 2) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "审核结果"
    for _ in range(above):
        sheet.append(["市系统"])
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    made.save(path)
    return path


def said(rows: list[AnswerRow]) -> list[tuple[str, str, str, str]]:
    return [(r.code, r.outcome, r.reason, r.city_number) for r in rows]


def test_a_workbook(tmp_path: Path) -> None:
    answer = read_answers(LAYOUT, book(tmp_path / "a.xlsx", [TITLES, *ROWS, [None], ["C1", "S1-01", "通过", None]]))
    assert said(answer.rows) == [*EXPECTED, EXPECTED[0]]
    assert [row.line for row in answer.rows] == [4, 5, 6, 7, 9]
    assert {row.sheet for row in answer.rows} == {"审核结果"}
    assert answer.problems == []


@pytest.mark.parametrize("kind", ["xls:MS Excel 97", "ods"])
def test_other_workbooks(tmp_path: Path, kind: str) -> None:
    soffice(tmp_path, kind, book(tmp_path / "a.xlsx", [TITLES, *ROWS]))
    answer = read_answers(LAYOUT, tmp_path / f"a.{kind[:3]}")
    assert said(answer.rows) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join("" if v is None else str(v) for v in row) for row in [TITLES, *ROWS]]
    (tmp_path / "a.csv").write_bytes("\r\n".join(lines).encode(encoding))
    answer = read_answers(LAYOUT, tmp_path / "a.csv")
    assert said(answer.rows) == EXPECTED
    assert answer.rows[0].sheet == ""


def test_what_cannot_be_trusted_is_named(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["C1", "S1-01", "通过", None],
        ["C2", None, "通过", None],
        ["C3", "S1-03", "待定", None],
        ["C4", 1.10105016001e17, "通过", None],
        ["C5", "1.1E+17", "通过", None],
        ["C6", "S1-06", "通过", None],
        [None, None, None, None],
    ]
    answer = read_answers(LAYOUT, book(tmp_path / "a.xlsx", [TITLES, *rows], merge="C9:C10"))
    assert [row.code for row in answer.rows] == ["S1-01", "S1-03"]
    assert answer.rows[1].outcome == "unclear"
    for problem, words in zip(
        answer.problems,
        (
            "第 5 行：没有编号",
            "第 6 行：“待定”",
            "第 7 行：编号",
            "第 8 行：编号“1.1E+17”",
            "第 9 行：有合并的单元格 C9:C10",
        ),
        strict=True,
    ):
        assert words in problem
        assert "审核结果" in problem
        assert "请" in problem


def test_renamed_and_doubled_titles(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="审核状态") as caught:
        read_answers(LAYOUT, book(tmp_path / "a.xlsx", [["系统编号", "元素编号", "状态", "退回原因"], *ROWS]))
    assert "第 3 行" in caught.value.advice
    assert "状态" in caught.value.advice
    with pytest.raises(BatchError, match="出现了两次"):
        read_answers(LAYOUT, book(tmp_path / "b.xlsx", [[*TITLES, "审核状态"], *([*row, "通过"] for row in ROWS)]))
    with pytest.raises(BatchError, match="没有工作表"):
        read_answers(LAYOUT.model_copy(update={"sheet": "别的"}), tmp_path / "a.xlsx")


def test_without_a_state(tmp_path: Path) -> None:
    layout = AnswerLayout(code="元素编号", reason="退回原因", city_number="系统编号")
    answer = read_answers(layout, book(tmp_path / "a.xlsx", [TITLES, *ROWS]))
    assert [row.outcome for row in answer.rows] == ["accepted", "rejected", "unclear", "accepted"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"PK\x03\x04broken", "不是可以读取"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不是可以读取"),
        (b"\x00\x01\x02", "文本表格"),
        ("姓名,电话\n甲,1\n".encode(), "找不到栏目"),
    ],
)
def test_what_is_no_answer(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(BatchError, match=words) as caught:
        read_answers(LAYOUT, tmp_path / "a.xlsx")
    assert caught.value.advice
    with pytest.raises(BatchError, match="读不了"):
        read_answers(LAYOUT, tmp_path / "none.xlsx")
