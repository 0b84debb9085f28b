"""A checklist as the sheets of an XLSForm for phones: reading them again gives the same checklist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from barrierfree.checklists.element_form import is_calculated
from barrierfree.checklists.questions import ELEMENT_PREFIX, VISIT_GROUP
from barrierfree.model.definition import WHOLE_SITE, Checklist, Choice, ElementType, Question, Rule, Text
from barrierfree.model.words import Outcome, label

Value = str | float | int | None
_Row = dict[str, Value]
LANGUAGES: Final = {"zh": "中文 (zh)", "en": "English (en)"}
FACILITIES: Final = "facilities.csv"  # beside the form: the sites to choose from
PHOTOS: Final = ("photo_1", "photo_2", "photo_3")  # of each element; only phones ask for them
_PIXELS: Final = "max-pixels=1600"  # as much of a picture as is kept here, too
_TEXTS: Final = ("label", "hint", "constraint_message")
_SURVEY: Final = (
    "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "calculation",
    "default", "choice_filter", "parameters", "appearance", "bf_use", "bf_quantity", "bf_unit", "bf_resolution",
    "bf_level", "bf_descriptive", "bf_soft_min", "bf_soft_max",
)  # fmt: skip
_RULES: Final = (
    "id", "element", "question", "comparison", "value", "upper", "choice", "unit", "applies_when", "exception_when",
    "scope", "concerns", "problem", "label", "clause", "edition", "force", "mark", "note",
)  # fmt: skip
_OUTCOMES: Final = {
    Outcome.DONE: "done", Outcome.PARTLY: "partly done", Outcome.CLOSED: "closed", Outcome.NOT_FOUND: "not found",
    Outcome.NOT_REACHABLE: "cannot be reached", Outcome.REFUSED: "refused",
}  # fmt: skip


@dataclass(frozen=True)
class FormSheet:
    """One sheet: its name, its headers, and its rows of the same length."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def form_sheets(checklist: Checklist, form_id: str) -> tuple[FormSheet, ...]:
    """The sheets ``survey``, ``choices``, ``settings`` and ``rules`` of ``checklist``.

    A group ``visit`` asks for site code and outcome, a repeat ``element_…`` stands for each element type (none where
    the checklist asks about sites as a whole), and each ends with questions for photos that only phones ask.
    """
    lists = _Lists()
    rows = _visit_rows(lists)
    whole = [e.code for e in checklist.elements] == [WHOLE_SITE]
    for element in checklist.elements:
        begin: _Row = {"type": "begin_repeat", "name": ELEMENT_PREFIX + element.code, **_text("label", element.label)}
        asked = [_question_row(element, q, lists) for q in element.questions]
        asked += [_photo_row(element.code, name) for name in PHOTOS]
        rows += asked if whole else [begin, *asked, {"type": "end_repeat"}]
    settings: _Row = {
        "form_title": checklist.title.zh, "bf_title_en": checklist.title.en or None, "form_id": form_id,
        "version": checklist.version or None, "default_language": LANGUAGES["zh"],
        "allow_choice_duplicates": "yes" if lists.duplicates else None,
    }  # fmt: skip
    rules = [_rule_row(r, checklist.element(r.element)) for r in checklist.rules]
    return (
        _sheet("survey", _SURVEY, rows),
        _sheet("choices", ("list_name", "name", "label", *sorted(lists.columns)), lists.rows),
        FormSheet("settings", tuple(settings), (tuple(settings.values()),)),
        _sheet("rules", _RULES, rules),
    )


def _sheet(name: str, columns: Iterable[str], rows: list[_Row]) -> FormSheet:
    """The rows under their headers; texts have a column for each language."""
    headers: list[str] = []
    for column in columns:
        translated = column in (*_TEXTS, "note")
        headers += [f"{column}::{language}" for language in LANGUAGES.values()] if translated else [column]
    return FormSheet(name, tuple(headers), tuple(tuple(row.get(h) for h in headers) for row in rows))


def _text(column: str, text: Text) -> _Row:
    given = {"zh": text.zh, "en": text.en}
    return {f"{column}::{LANGUAGES[code]}": said for code, said in given.items() if said}


class _Lists:
    """The choice lists while they are gathered: equal ones stand once."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.columns: set[str] = set()
        self.duplicates = False
        self._names: dict[str, str] = {}

    def name_of(self, wanted: str, choices: tuple[Choice, ...]) -> str:
        """The name of the list with these choices; a new one is called ``wanted``."""
        key = "\n".join(c.model_dump_json() for c in choices)
        if key not in self._names:
            self._names[key] = wanted
            self.duplicates |= len({c.name for c in choices}) < len(choices)
            for choice in choices:
                self.columns |= choice.columns.keys()
                self.rows.append({"list_name": wanted, "name": choice.name, **_text("label", choice.label),
                                  **choice.columns})  # fmt: skip
        return self._names[key]


def _visit_rows(lists: _Lists) -> list[_Row]:
    outcomes = tuple(Choice(name=o.value, label=Text(zh=label(o), en=en)) for o, en in _OUTCOMES.items())
    named = lists.name_of("outcome", outcomes)

    def row(kind: str, name: str, zh: str, en: str, **more: Value) -> _Row:
        return {"type": kind, "name": name, **_text("label", Text(zh=zh, en=en)), **more}

    reason = "not(selected(${outcome}, 'done')) and not(selected(${outcome}, 'partly'))"
    return [
        {"type": "start", "name": "start"},
        {"type": "end", "name": "end"},
        {"type": "username", "name": "username"},
        row("begin_group", VISIT_GROUP, "走访", "Visit"),
        row(f"select_one_from_file {FACILITIES}", "site_code", "点位", "Site", required="yes",
            appearance="minimal autocomplete"),
        row(f"select_one {named}", "outcome", "结果", "Outcome", required="yes"),
        row("text", "reason", "原因", "Reason", required="yes", relevant=reason),
        row("text", "enumerator", "普查人姓名", "Name of the surveyor"),
        {"type": "end_group"},
    ]  # fmt: skip


def _photo_row(code: str, name: str) -> _Row:
    number = name.rpartition("_")[2]
    text = _text("label", Text(zh=f"照片 {number}", en=f"Photo {number}"))
    return {"type": "image", "name": f"{code}__{name}", "bf_use": "phone", "parameters": _PIXELS, **text}


def _question_row(element: ElementType, question: Question, lists: _Lists) -> _Row:
    def long(text: str) -> str:
        return _prefixed(text, element)

    kind = question.kind
    if question.choices:
        kind = f"{kind} {lists.name_of(f'{element.code}__{question.name}', question.choices)}"
    row: _Row = {"type": kind, "name": f"{element.code}__{question.name}"}
    for column in _TEXTS:
        text: Text = getattr(question, column)
        row |= _text(column, Text(zh=long(text.zh), en=long(text.en)))
    for column in ("relevant", "constraint", "calculation", "choice_filter"):
        row[column] = long(getattr(question, column)) or None
    row["default"] = (long(question.default) if is_calculated(question.default) else question.default) or None
    row["parameters"] = question.parameters or (_PIXELS if kind == "image" else None)
    row["required"] = "yes" if question.required else long(question.required_when) or None
    row["bf_quantity"] = question.quantity or None
    row["bf_unit"] = question.unit or None
    row["bf_resolution"] = question.resolution or None
    row["bf_level"] = "core" if question.core else "full"
    row["bf_descriptive"] = "yes" if question.descriptive else None
    row["bf_soft_min"], row["bf_soft_max"] = question.soft_min, question.soft_max
    return row


def _prefixed(text: str, element: ElementType) -> str:
    """``text`` with the element's prefix before its questions' names (``${width}`` is ``${door__width}``)."""
    return re.sub(
        r"\$\{\s*([^\s{}]+)\s*\}",
        lambda found: f"${{{element.code}__{found[1]}}}" if element.question(found[1]) else found[0],
        text,
    )


def _rule_row(rule: Rule, element: ElementType | None) -> _Row:
    question = element.question(rule.question) if element else None
    given: Mapping[str, Value] = {
        "id": rule.id, "element": rule.element, "question": rule.question, "comparison": rule.comparison,
        "value": rule.value, "upper": rule.upper, "choice": rule.choice or None,
        "unit": (question.unit or None) if question and rule.value is not None else None,
        "applies_when": rule.applies_when or None, "exception_when": rule.exception_when or None, "scope": rule.scope,
        "concerns": " ".join(rule.concerns) or None, "problem": rule.problem.value, "clause": rule.clause,
        "edition": rule.edition, "force": rule.force.value, "mark": rule.mark.value,
    }  # fmt: skip
    return {**given, **_text("label", rule.label), **_text("note", rule.note)}
