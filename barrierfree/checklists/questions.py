"""Reads the sheet ``survey``: element types with their questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from barrierfree.checklists.choices import ChoiceList
from barrierfree.checklists.element_form import is_calculated, parse_answer
from barrierfree.checklists.faults import Faults
from barrierfree.checklists.kinds import FROM_FILE, METADATA, SAME
from barrierfree.checklists.question_cells import EXPRESSIONS, OpenGroup, QuestionCells
from barrierfree.checklists.sheets import Row, Sheet
from barrierfree.conformance.form_logic import circle
from barrierfree.errors import AnswerError, DefinitionError
from barrierfree.expressions import Expression, parse_filter, parse_here
from barrierfree.i18n import tr
from barrierfree.model.definition import WHOLE_SITE, ElementType, Question, Text

ELEMENT_PREFIX: Final = "element_"
VISIT_GROUP: Final = "visit"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# Columns that are read, or that change nothing but looks.
_USED: Final = frozenset(
    {"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "calculation",
     "default", "choice_filter", "appearance", "read_only", "readonly", "guidance_hint", "note", "comment",
     "required_message", "style"}
)  # fmt: skip


@dataclass
class _Element:
    """An element type while it is read."""

    code: str
    row: Row
    label: Text
    questions: list[Question] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)  # of every name, also of refused questions


class SurveyReader(QuestionCells):
    """Reads the rows of ``survey`` one after another; faults go into ``faults``."""

    def __init__(self, choices: Mapping[str, ChoiceList], faults: Faults, folder: Path) -> None:
        super().__init__(choices, faults, folder)
        self.whole = False  # the form has no repeats element_…: it asks about a site as a whole
        self.elements: list[_Element] = []
        self.outside: list[int] = []
        self.unused: set[str] = set()

    def read(self, sheet: Sheet) -> tuple[ElementType, ...]:
        """The element types of ``sheet``."""
        self.whole = not has_elements(sheet)
        if self.whole and sheet.rows:
            self.elements.append(_Element(WHOLE_SITE, Row(0, {}), Text(zh="整个点位", en="Whole site")))
        for row in sheet.rows:
            self._row(row)
        if self.whole and len(self.elements) > 1 and not self.elements[0].rows:
            del self.elements[0]  # everything lies in repeats
        for group in self.open:
            self._fault(
                group.row,
                "type",
                tr("组“{name}”没有结束。").format(name=group.name),
                tr("请加上 end_group 或 end_repeat。"),
            )
        if self.outside:
            rows = "、".join(map(str, self.outside[:8])) + ("…" if len(self.outside) > 8 else "")
            what = tr("{count} 道题不在任何元素里（第 {rows} 行）。").format(count=len(self.outside), rows=rows)
            self._fault(None, "type", what, tr("请把它们放进名为 element_… 的 begin_repeat，或放进 visit 组。"))
        if not self.elements:
            what = tr("没有任何元素类型。")
            self._fault(None, "type", what, tr("请为每种元素加一个名为 element_… 的 begin_repeat。"))
        for element in self.elements:
            self._check(element)
        return tuple(ElementType(code=e.code, label=e.label, questions=tuple(e.questions)) for e in self.elements)

    def _row(self, row: Row) -> None:
        if row.get("bf_use").lower() == "phone":  # a question that our export adds for phones alone
            return
        kind = re.sub(r"\s+", " ", row.get("type").lower())
        if not kind:
            self._fault(row, "type", tr("没有写题型。"), tr("请填写题型，例如 text。"))
            return
        opening = re.fullmatch(r"(begin|end)[ _](group|repeat)", kind)
        if opening:
            self._bracket(row, opening[1] == "begin", opening[2] == "repeat")
        elif kind not in METADATA:
            self._question(row, row.get("type").split())
        self._unused(row)

    def _unused(self, row: Row) -> None:
        """Say what a phone would follow and we do not; once for a column."""
        for column in row.cells:
            name = column.partition("::")[0]
            if name in _USED or name.startswith("bf_") or (name == "parameters" and _reads_parameters(row)):
                continue
            if column not in self.unused:
                self.unused.add(column)
                what = tr("这一列只在手机上起作用。")
                self.faults.remark("survey", row.number, column, what, tr("不需要改；电脑上不按它计算。"))

    def _bracket(self, row: Row, begins: bool, repeat: bool) -> None:
        if not begins:
            if not self.open or self.open[-1].repeat is not repeat:
                self._fault(row, "type", tr("这里没有可以结束的组。"), tr("请检查 begin 和 end 是否成对。"))
            else:
                self.open.pop()
            return
        name = row.get("name")
        ours = name.startswith(ELEMENT_PREFIX) or (self.whole and _NAME.fullmatch(name) is not None)
        if repeat and (self.open or not ours or name == ELEMENT_PREFIX):
            what = tr("重复组“{name}”不在最外层或不叫 element_…。").format(name=name)
            self._fault(row, "name", what, tr("重复组只用于元素类型，请改名、移到最外层，或改成 begin_group。"))
        elif repeat:
            code = name.removeprefix(ELEMENT_PREFIX)
            if self.whole:
                what = tr("重复组“{name}”按一种元素读取。").format(name=name)
                self.faults.remark(
                    "survey", row.number, "name", what, tr("可以改名为 element_{name}。").format(name=name)
                )
            if any(e.code == code for e in self.elements):
                self._fault(row, "name", tr("元素“{code}”出现了两次。").format(code=code), tr("请合并或改名。"))
            if not row.text("label").zh:
                self._fault(row, "label", tr("元素“{code}”没有名称。").format(code=code), tr("请填写 label。"))
            self.elements.append(_Element(code, row, row.text("label")))
        self.open.append(OpenGroup(repeat, name, row, row.get("relevant")))

    def _element(self) -> _Element | None:
        """The element the current row lies in."""
        if self.open and self.open[0].repeat:
            return self.elements[-1] if self.elements else None
        return self.elements[0] if self.whole and not self._in_visit() else None

    def _in_visit(self) -> bool:
        return bool(self.open) and self.open[0].name == VISIT_GROUP

    def _question(self, row: Row, words: list[str]) -> None:
        kind = SAME.get(words[0].lower(), words[0].lower())
        name = row.get("name")
        element = self._element()
        if element is None:
            if not self._in_visit():
                self.outside.append(row.number)
                self._supported(row, kind, words)
            return
        name = name.removeprefix(f"{element.code}__")
        if not _NAME.fullmatch(name):
            what = tr("题目名称“{name}”不能用。").format(name=name)
            self._fault(row, "name", what, tr("请用英文字母、数字和下划线，以字母开头。"))
        elif name in element.rows:
            what = tr("元素“{code}”里已有题目“{name}”。").format(code=element.code, name=name)
            self._fault(row, "name", what, tr("请改成别的名称。"))
        known = name in element.rows
        element.rows.setdefault(name, row)
        if self._supported(row, kind, words) and not known:
            element.questions.append(self._built(row, kind, words, name, element.code))

    def _check(self, element: _Element) -> None:
        """What can only be checked when all questions of the element are known."""
        needed: dict[str, frozenset[str]] = {}
        for question in element.questions:
            row = element.rows[question.name]
            names: set[str] = set()
            for column in EXPRESSIONS:
                shown = "required" if column == "required_when" else column
                read = checked(getattr(question, column), element.rows, self.faults, "survey", row, shown)
                if read is not None and column in ("relevant", "calculation"):
                    names |= read.names
            needed[question.name] = frozenset(names)
            self._filter(element, question)
            self._default(element, question)
        ring = circle(needed)
        if ring:
            what = tr("题目互相依赖：{names}。").format(names=" → ".join([*ring, ring[0]]))
            cure = tr("请改其中一题的 relevant 或 calculation。")
            self._fault(element.rows[ring[0]], "relevant", what, cure)
        if not element.questions:
            self._fault(
                element.row,
                "name",
                tr("元素“{code}”没有题目。").format(code=element.code),
                tr("请加上题目。"),
            )

    def _filter(self, element: _Element, question: Question) -> None:
        row = element.rows[question.name]
        if question.choice_filter:
            self._names(row, "choice_filter", parse_filter(question.choice_filter).names, element)

    def _names(self, row: Row, column: str, names: frozenset[str], element: _Element) -> None:
        for name in sorted(names - element.rows.keys()):
            what = tr("没有题目“{name}”。").format(name=name)
            self._fault(row, column, what, tr("请改正名称；只能引用同一元素里的题目。"))

    def _default(self, element: _Element, question: Question) -> None:
        row = element.rows[question.name]
        if not question.default or (question.kind.startswith("select") and not question.choices):
            return
        if is_calculated(question.default):
            checked(question.default, element.rows, self.faults, "survey", row, "default")
            return
        try:
            parse_answer(question, question.default)
        except AnswerError as error:
            self._fault(row, "default", error.message, error.advice)


def has_elements(sheet: Sheet) -> bool:
    """Whether the form has repeats ``element_…``; else it asks about a site as a whole."""
    return any(
        re.fullmatch(r"begin[ _]repeat", row.get("type").lower()) and row.get("name").startswith(ELEMENT_PREFIX)
        for row in sheet.rows
    )


def _reads_parameters(row: Row) -> bool:
    kind = row.get("type").split()[:1]
    return kind in (["range"], ["image"], ["photo"]) or (kind != [] and kind[0] in FROM_FILE)


def checked(
    text: str, names: Mapping[str, object], faults: Faults, sheet: str, row: Row, column: str
) -> Expression | None:
    """The read expression ``text``; None, and a fault, where it is wrong or names an unknown question."""
    if not text:
        return None
    try:
        expression = parse_here(text)
    except DefinitionError as error:
        faults.add(sheet, row.number, column, error.message, error.advice)
        return None
    for name in sorted(expression.names - names.keys() if expression else ()):
        what = tr("没有题目“{name}”。").format(name=name)
        faults.add(sheet, row.number, column, what, tr("请改正名称；只能引用同一元素里的题目。"))
    return expression
