"""Reads a checklist workbook: an XLSForm with a sheet of rules."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from barrierfree.checklists.choices import read_choices
from barrierfree.checklists.faults import Faults
from barrierfree.checklists.questions import SurveyReader, has_elements
from barrierfree.checklists.rules import COLUMNS, RulesReader
from barrierfree.checklists.sheets import Sheet, read_sheets
from barrierfree.i18n import tr
from barrierfree.model.definition import Checklist, Text

_COLUMNS: Final = {
    "survey": ("type", "name", "label"),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "version"),
    "rules": COLUMNS,
}


def read_checklist(path: Path, remarks: list[str] | None = None) -> Checklist:
    """Read the checklist workbook at ``path``; ``remarks`` gets what is read but does less than on a phone.

    Raises ``DefinitionError`` naming all faults at once, each with sheet, row, column and cure.
    """
    faults = Faults(path.name)
    checklist = collect(path, faults)
    faults.raise_if_any()
    if remarks is not None:
        remarks += faults.remarks
    return checklist


def collect(path: Path, faults: Faults) -> Checklist:
    """Read the workbook at ``path`` as far as it goes, noting its ``faults``; opening it may still raise."""
    sheets = read_sheets(path, faults)
    empty = Sheet("", frozenset(), ())
    survey = sheets.get("survey", empty)
    foreign = "survey" in sheets and not has_elements(survey)  # somebody else's form: what XLSForm itself asks for
    for name, columns in _COLUMNS.items():
        if not foreign or name == "survey":
            _check_columns(sheets, name, columns, faults)
        elif name == "rules" and name not in sheets:
            what = tr("没有这张工作表：只记录，不判定。")
            faults.remark(name, 0, "", what, tr("要判定，请加上规则；列见 surveys/README.md。"))
        elif sheets.get(name, empty).rows and name != "settings":
            _check_columns(sheets, name, columns, faults)
    settings = sheets.get("settings", empty)
    first = settings.rows[0] if settings.rows else None
    if (
        not foreign
        and "settings" in sheets
        and (first is None or not first.get("form_title") or not first.get("version"))
    ):
        faults.add("settings", 2, "version", tr("没有写标题或版本。"), tr("请填写 form_title 和 version。"))
    twice = first is not None and first.get("allow_choice_duplicates").lower() in ("yes", "true", "true()")
    choices = read_choices(sheets.get("choices", empty), faults, duplicates=twice)
    elements = SurveyReader(choices, faults, path.parent).read(survey)
    rules = RulesReader(elements, faults).read(sheets.get("rules", empty))
    title = Text(zh=first.get("form_title"), en=first.get("bf_title_en")) if first else Text(zh="")
    return Checklist(
        title=title if title.zh or not foreign else Text(zh=path.stem),
        version=(first.get("version") if first else "") or ("1" if foreign else ""),
        elements=elements,
        rules=rules,
    )


def _check_columns(sheets: dict[str, Sheet], name: str, columns: tuple[str, ...], faults: Faults) -> None:
    sheet = sheets.get(name)
    if sheet is None:
        cure = tr("请加上它，第一行写表头：{names}。").format(names="、".join(columns))
        faults.add(name, 0, "", tr("没有这张工作表。"), cure)
        return
    for column in columns:
        if not sheet.has_column(column) and not (name == "choices" and sheet.has_column("value")):
            faults.add(name, 1, column, tr("没有这一列。"), tr("请在第一行加上这个表头。"))


def checklist_hash(checklist: Checklist) -> str:
    """The SHA-256 (hex) of the checklist as canonical JSON: the same content always gives the same hash."""
    content = checklist.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
