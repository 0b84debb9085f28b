"""Reads the sheets ``survey`` and ``choices``: element types with their questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from barrierfree.checklists.element_form import parse_answer
from barrierfree.checklists.faults import Faults
from barrierfree.checklists.sheets import Row, Sheet
from barrierfree.conformance.form_logic import circle
from barrierfree.errors import AnswerError, DefinitionError
from barrierfree.expressions import Expression, parse
from barrierfree.i18n import mark, tr
from barrierfree.model.definition import Choice, ElementType, Question

ELEMENT_PREFIX: Final = "element_"
VISIT_GROUP: Final = "visit"
UNITS: Final = {
    "length_mm": "mm", "length_m": "m", "slope": "", "force_n": "N", "count": "", "seconds": "s", "area_m2": "m²",
}  # fmt: skip
KINDS: Final = frozenset(
    {"text", "integer", "decimal", "select_one", "select_multiple", "date", "time", "datetime", "note",
     "calculate", "acknowledge", "image", "geopoint"}
)  # fmt: skip
_SAME: Final = {"photo": "image", "trigger": "acknowledge", "int": "integer", "string": "text"}
# What a phone fills in by itself; there is nothing to ask.
_METADATA: Final = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit"}
)
_CURES: Final = {
    "range": mark("请改用 integer 或 decimal，范围写在 constraint 列。"),
    "rank": mark("请改用 select_multiple。"),
    "select_one_from_file": mark("请把选项写进 choices 工作表，改用 select_one。"),
    "select_multiple_from_file": mark("请把选项写进 choices 工作表，改用 select_multiple。"),
    "geotrace": mark("请改用 geopoint。"),
    "geoshape": mark("请改用 geopoint。"),
    "audio": mark("请改用 image 或 text。"),
    "video": mark("请改用 image 或 text。"),
    "file": mark("请改用 image 或 text。"),
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TRUE: Final = frozenset({"yes", "true", "true()", "1", "y", "是"})
_FALSE: Final = frozenset({"", "no", "false", "false()", "0", "n", "否"})
_EXPRESSIONS: Final = ("relevant", "constraint", "calculation")


@dataclass
class _Group:
    """An open group or repeat."""

    repeat: bool
    name: str
    row: Row
    relevant: str


@dataclass
class _Element:
    """An element type while it is read."""

    code: str
    row: Row
    questions: list[Question] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)  # of every name, also of refused questions


class SurveyReader:
    """Reads the rows of ``survey`` one after another; faults go into ``faults``."""

    def __init__(self, choices: Mapping[str, tuple[Choice, ...]], faults: Faults) -> None:
        self.choices = choices
        self.faults = faults
        self.open: list[_Group] = []
        self.elements: list[_Element] = []
        self.outside: list[int] = []

    def read(self, sheet: Sheet) -> tuple[ElementType, ...]:
        """The element types of ``sheet``."""
        for row in sheet.rows:
            self._row(row)
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
        return tuple(
            ElementType(code=e.code, label=e.row.text("label"), questions=tuple(e.questions)) for e in self.elements
        )

    def _fault(self, row: Row | None, column: str, what: str, cure: str) -> None:
        self.faults.add("survey", row.number if row else 0, column, what, cure)

    def _row(self, row: Row) -> None:
        kind = re.sub(r"\s+", " ", row.get("type").lower())
        if not kind:
            self._fault(row, "type", tr("没有写题型。"), tr("请填写题型，例如 text。"))
            return
        opening = re.fullmatch(r"(begin|end)[ _](group|repeat)", kind)
        if opening:
            self._bracket(row, opening[1] == "begin", opening[2] == "repeat")
        elif kind not in _METADATA:
            self._question(row, row.get("type").split())

    def _bracket(self, row: Row, begins: bool, repeat: bool) -> None:
        if not begins:
            if not self.open or self.open[-1].repeat is not repeat:
                self._fault(row, "type", tr("这里没有可以结束的组。"), tr("请检查 begin 和 end 是否成对。"))
            else:
                self.open.pop()
            return
        name = row.get("name")
        if repeat and (self.open or not name.startswith(ELEMENT_PREFIX) or name == ELEMENT_PREFIX):
            what = tr("重复组“{name}”不在最外层或不叫 element_…。").format(name=name)
            self._fault(row, "name", what, tr("重复组只用于元素类型，请改名、移到最外层，或改成 begin_group。"))
        elif repeat:
            code = name.removeprefix(ELEMENT_PREFIX)
            if any(e.code == code for e in self.elements):
                self._fault(row, "name", tr("元素“{code}”出现了两次。").format(code=code), tr("请合并或改名。"))
            if not row.text("label").zh:
                self._fault(row, "label", tr("元素“{code}”没有名称。").format(code=code), tr("请填写 label。"))
            self.elements.append(_Element(code, row))
        self.open.append(_Group(repeat, name, row, row.get("relevant")))

    def _element(self) -> _Element | None:
        """The element the current row lies in."""
        return self.elements[-1] if self.open and self.open[0].repeat and self.elements else None

    def _question(self, row: Row, words: list[str]) -> None:
        kind = _SAME.get(words[0].lower(), words[0].lower())
        name = row.get("name")
        element = self._element()
        if element is None:
            if not (self.open and self.open[0].name == VISIT_GROUP):
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

    def _supported(self, row: Row, kind: str, words: list[str]) -> bool:
        if kind not in KINDS:
            cure = _CURES.get(kind, "请改用 text、integer、decimal、select_one、select_multiple、date 或 image。")
            self._fault(row, "type", tr("题型“{kind}”不支持。").format(kind=words[0]), tr(cure))
            return False
        if kind.startswith("select") and len(words) != 2:
            what = tr("选择题“{text}”没有写清选项表。").format(text=" ".join(words))
            self._fault(row, "type", what, tr("请写成 select_one 选项表名；不支持 or_other。"))
            return False
        if row.get("choice_filter"):
            what = tr("不支持 choice_filter。")
            self._fault(row, "choice_filter", what, tr("请分成几道题，用 relevant 选择问哪一道。"))
        return True

    def _built(self, row: Row, kind: str, words: list[str], name: str, code: str) -> Question:
        choices: tuple[Choice, ...] = ()
        if kind.startswith("select"):
            choices = self.choices.get(words[1], ())
            if words[1] not in self.choices:
                what = tr("选项表“{name}”不存在。").format(name=words[1])
                self._fault(row, "type", what, tr("请在 choices 工作表里加上它，或改正名称。"))
        label = row.text("label")
        if not label.zh and kind != "calculate":
            self._fault(row, "label", tr("题目“{name}”没有文字。").format(name=name), tr("请填写 label。"))
        quantity, unit = self._quantity(row, kind)
        level = row.get("bf_level").lower()
        if level not in ("", "core", "full"):
            self._fault(row, "bf_level", tr("“{text}”不认识。").format(text=level), tr("请写 core 或 full。"))
        texts = {c: _short(row.get(c), code) for c in _EXPRESSIONS}
        around = [_short(g.relevant, code) for g in self.open if g.relevant]
        if around:
            texts["relevant"] = " and ".join(f"({t})" for t in [*around, texts["relevant"]] if t)
        return Question(
            name=name,
            kind=kind,
            label=label if label.zh else label.model_copy(update={"zh": name}),
            hint=row.text("hint"),
            quantity=quantity,
            unit=unit,
            resolution=self._number(row, "bf_resolution") or 0.0,
            choices=choices,
            required=self._flag(row, "required"),
            constraint_message=row.text("constraint_message"),
            default=row.get("default"),
            core=level == "core",
            descriptive=self._flag(row, "bf_descriptive"),
            soft_min=self._number(row, "bf_soft_min"),
            soft_max=self._number(row, "bf_soft_max"),
            **texts,
        )

    def _quantity(self, row: Row, kind: str) -> tuple[str, str]:
        quantity, unit = row.get("bf_quantity"), row.get("bf_unit")
        if quantity and quantity not in UNITS:
            what = tr("量“{name}”不认识。").format(name=quantity)
            self._fault(row, "bf_quantity", what, tr("可用：{names}。").format(names="、".join(UNITS)))
            return "", unit
        fitting = ("text", "calculate") if quantity == "slope" else ("integer", "decimal", "calculate")
        if quantity and kind not in fitting:
            what = tr("题型 {kind} 不能量“{name}”。").format(kind=kind, name=quantity)
            self._fault(row, "bf_quantity", what, tr("题型请用 {kinds}。").format(kinds="、".join(fitting)))
        if quantity and unit not in ("", UNITS[quantity]):
            what = tr("单位“{unit}”和量“{name}”不符。").format(unit=unit, name=quantity)
            self._fault(row, "bf_unit", what, tr("请写“{unit}”或留空。").format(unit=UNITS[quantity]))
        return quantity, UNITS[quantity] if quantity else unit

    def _number(self, row: Row, column: str) -> float | None:
        text = row.get(column)
        try:
            return float(text) if text else None
        except ValueError:
            self._fault(row, column, tr("“{text}”不是数字。").format(text=text), tr("请填写数字或留空。"))
            return None

    def _flag(self, row: Row, column: str) -> bool:
        text = row.get(column).lower()
        if text not in _TRUE | _FALSE:
            self._fault(row, column, tr("“{text}”不认识。").format(text=text), tr("请写 yes 或留空。"))
        return text in _TRUE

    def _check(self, element: _Element) -> None:
        """What can only be checked when all questions of the element are known."""
        needed: dict[str, frozenset[str]] = {}
        for question in element.questions:
            row = element.rows[question.name]
            names: set[str] = set()
            for column in _EXPRESSIONS:
                read = checked(getattr(question, column), element.rows, self.faults, "survey", row, column)
                if read is not None and column != "constraint":
                    names |= read.names
            needed[question.name] = frozenset(names)
            self._default(row, question)
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

    def _default(self, row: Row, question: Question) -> None:
        if not question.default or (question.kind.startswith("select") and not question.choices):
            return
        try:
            parse_answer(question, question.default)
        except AnswerError as error:
            self._fault(row, "default", error.message, error.advice)


def _short(text: str, code: str) -> str:
    """``text`` with the element's own prefix taken off its names (``${door__width}`` is ``${width}``).

    The workbook needs the prefix: XLSForm refuses ``${width}`` where two repeats have a question of that name.
    """
    return re.sub(r"\$\{\s*" + re.escape(code) + "__", "${", text)


def checked(
    text: str, names: Mapping[str, object], faults: Faults, sheet: str, row: Row, column: str
) -> Expression | None:
    """The read expression ``text``; None, and a fault, where it is wrong or names an unknown question."""
    if not text:
        return None
    try:
        expression = parse(text)
    except DefinitionError as error:
        faults.add(sheet, row.number, column, error.message, error.advice)
        return None
    for name in sorted(expression.names - names.keys()):
        what = tr("没有题目“{name}”。").format(name=name)
        faults.add(sheet, row.number, column, what, tr("请改正名称；只能引用同一元素里的题目。"))
    return expression


def read_choices(sheet: Sheet, faults: Faults) -> dict[str, tuple[Choice, ...]]:
    """The lists of ``choices`` by name."""
    lists: dict[str, dict[str, Choice]] = {}
    for row in sheet.rows:
        list_name, name, label = row.get("list_name"), row.get("name") or row.get("value"), row.text("label")
        if not list_name or not name or not label.zh:
            missing = "list_name" if not list_name else "label" if name else "name"
            faults.add("choices", row.number, missing, tr("没有填写。"), tr("请填写，或删掉这一行。"))
            continue
        if re.search(r"\s", name):
            what = tr("选项名称“{name}”里有空格。").format(name=name)
            faults.add("choices", row.number, "name", what, tr("请去掉空格，文字写在 label 列。"))
        known = lists.setdefault(list_name, {})
        if name in known:
            what = tr("选项表“{list_name}”里已有“{name}”。").format(list_name=list_name, name=name)
            faults.add("choices", row.number, "name", what, tr("请删掉一个或改名。"))
        known[name] = Choice(name=name, label=label)
    return {list_name: tuple(known.values()) for list_name, known in lists.items()}
