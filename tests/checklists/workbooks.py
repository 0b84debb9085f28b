"""Writes small checklist workbooks for the tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

SURVEY = [
    "type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant", "constraint",
    "constraint_message",
    "calculation", "default", "choice_filter", "parameters", "bf_quantity", "bf_unit", "bf_resolution", "bf_level",
    "bf_soft_min", "bf_soft_max",
]  # fmt: skip
RULES = [
    "id", "element", "question", "comparison", "value", "upper", "choice", "unit", "applies_when", "exception_when",
    "scope", "concerns", "problem", "label::中文 (zh)", "label::English (en)", "clause", "edition", "force", "mark",
    "note",
]  # fmt: skip
CHOICES = ["list_name", "name", "label::中文 (zh)", "label::English (en)", "district"]
SETTINGS = ["form_title", "form_id", "version"]

Row = dict[str, Any]


def question(kind: str, name: str, **more: Any) -> Row:
    return {"type": kind, "name": name, "label::中文 (zh)": f"题 {name}", **more}


def rule(**more: Any) -> Row:
    """A faultless rule about ``door.width``, but for what ``more`` changes."""
    return {
        "id": "R-1", "element": "door", "question": "width", "comparison": ">=", "value": 900, "unit": "mm",
        "label::中文 (zh)": "净宽", "clause": "2.5.4", "edition": "GB 55019-2021", "force": "强", "mark": 2,
        "problem": "non_compliant", "concerns": "wheelchair", "scope": "any", **more,
    }  # fmt: skip


def good_survey() -> list[Row]:
    return [
        question("begin_group", "visit"),
        question("text", "site_code"),
        {"type": "end_group"},
        question("begin_repeat", "element_door"),
        question("select_one presence", "door__present", required="yes", bf_level="core"),
        question("begin_group", "sizes", relevant="${door__present} = 'yes'"),
        question(
            "decimal", "door__width", constraint=". > 0 and . < 5000", constraint_message="应在 0–5000 mm 之间",
            bf_quantity="length_mm", bf_unit="mm", bf_resolution=5, bf_soft_min=400, bf_soft_max=3000,
        ),
        question("text", "door__bevel", bf_quantity="slope", relevant="${door__width} > 100"),
        {"type": "end_group"},
        question("integer", "door__count", default="1"),
        question("select_multiple marks", "door__marks"),
        question("calculate", "door__twice", calculation="${door__width} * 2"),
        {"type": "end_repeat"},
    ]  # fmt: skip


def good_choices() -> list[Row]:
    return [
        {"list_name": "presence", "name": "yes", "label::中文 (zh)": "有", "label::English (en)": "yes"},
        {"list_name": "presence", "name": "no", "label::中文 (zh)": "无", "label::English (en)": "no"},
        {"list_name": "marks", "name": "a", "label::中文 (zh)": "甲"},
        {"list_name": "marks", "name": "b", "label::中文 (zh)": "乙"},
    ]


def write(
    path: Path,
    *,
    survey: list[Row] | None = None,
    choices: list[Row] | None = None,
    rules: list[Row] | None = None,
    settings: list[Row] | None = None,
    leave_out: tuple[str, ...] = (),
) -> Path:
    """Write the workbook; sheets ``sheet`` and columns ``sheet.column`` in ``leave_out`` are not written."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns, rows in (
        ("survey", SURVEY, good_survey() if survey is None else survey),
        ("choices", CHOICES, good_choices() if choices is None else choices),
        (
            "settings",
            SETTINGS,
            [{"form_title": "试", "form_id": "t", "version": "1"}] if settings is None else settings,
        ),
        ("rules", RULES, [rule()] if rules is None else rules),
    ):
        if name in leave_out:
            continue
        sheet = book.create_sheet(name)
        kept = [c for c in columns if f"{name}.{c}" not in leave_out]
        sheet.append(kept)
        for row in rows:
            sheet.append([row.get(c) for c in kept])
    book.save(path)
    return path
