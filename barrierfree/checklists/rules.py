"""Reads the sheet ``rules``: limits with their clauses."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from barrierfree.checklists.faults import Faults
from barrierfree.checklists.questions import checked
from barrierfree.checklists.sheets import Row, Sheet
from barrierfree.conformance import GROUPS, parse_slope
from barrierfree.conformance.judging import CHOICE_COMPARISONS, NUMBER_COMPARISONS
from barrierfree.errors import AnswerError
from barrierfree.i18n import tr
from barrierfree.model.definition import ElementType, Question, Rule
from barrierfree.model.words import Force, Problem, SourceMark, label

COLUMNS: Final = (
    "id", "element", "question", "comparison", "value", "upper", "choice", "unit", "applies_when",
    "exception_when", "scope", "concerns", "problem", "label", "clause", "edition", "force", "mark", "note",
)  # fmt: skip
_W = TypeVar("_W", bound=StrEnum)
_SCOPES: Final = frozenset({"any", "new", "existing"})
_NEEDED: Final = ("id", "element", "question", "comparison", "clause", "edition", "force", "mark")


class RulesReader:
    """Reads rules against the element types they speak of; faults go into ``faults``."""

    def __init__(self, elements: tuple[ElementType, ...], faults: Faults) -> None:
        self.elements = {e.code: {q.name: q for q in e.questions} for e in elements}
        self.faults = faults
        self.rules: dict[str, Rule] = {}

    def read(self, sheet: Sheet) -> tuple[Rule, ...]:
        """The rules of ``sheet`` that have no fault."""
        for row in sheet.rows:
            before = len(self.faults.lines)
            rule = self._rule(row)
            if rule is not None and len(self.faults.lines) == before:
                self.rules[rule.id] = rule
        return tuple(self.rules.values())

    def _fault(self, row: Row, column: str, what: str, cure: str) -> None:
        self.faults.add("rules", row.number, column, what, cure)

    def _rule(self, row: Row) -> Rule | None:
        for column in _NEEDED:
            if not row.get(column):
                self._fault(row, column, tr("没有填写。"), tr("请填写。"))
        if not row.text("label").zh:
            self._fault(row, "label", tr("没有填写。"), tr("请填写规则的名称。"))
        if row.get("id") in self.rules:
            what = tr("规则“{id}”出现了两次。").format(id=row.get("id"))
            self._fault(row, "id", what, tr("请改成别的编号。"))
        questions = self.elements.get(row.get("element"))
        if questions is None and row.get("element"):
            what = tr("没有元素“{code}”。").format(code=row.get("element"))
            self._fault(
                row,
                "element",
                what,
                tr("survey 里要有名为 element_{code} 的重复组。").format(code=row.get("element")),
            )
        question = (questions or {}).get(row.get("question"))
        if questions is not None and question is None and row.get("question"):
            what = tr("元素“{code}”没有题目“{name}”。").format(code=row.get("element"), name=row.get("question"))
            self._fault(row, "question", what, tr("请改正名称，或在 survey 里加上这道题。"))
        if questions is not None:
            for column in ("applies_when", "exception_when"):
                checked(row.get(column), questions, self.faults, "rules", row, column)
        force = self._word(row, "force", Force, {})
        mark = self._word(row, "mark", SourceMark, {})
        problem = self._word(row, "problem", Problem, {label(p): p for p in Problem}) or Problem.NON_COMPLIANT
        value, upper = self._limits(row, question)
        concerns = self._concerns(row)
        if force is None or mark is None or question is None:
            return None
        return Rule(
            id=row.get("id"),
            element=row.get("element"),
            question=question.name,
            comparison=row.get("comparison"),
            value=value,
            upper=upper,
            choice=row.get("choice"),
            applies_when=row.get("applies_when"),
            exception_when=row.get("exception_when"),
            scope=row.get("scope") or "any",
            concerns=concerns,
            problem=problem,
            label=row.text("label"),
            clause=row.get("clause"),
            edition=row.get("edition"),
            force=force,
            mark=mark,
            note=row.text("note"),
        )

    def _concerns(self, row: Row) -> tuple[str, ...]:
        concerns = tuple(row.get("concerns").replace(",", " ").replace("、", " ").split())
        for word in concerns:
            if word not in GROUPS:
                what = tr("“{word}”不认识。").format(word=word)
                self._fault(row, "concerns", what, tr("可用：{names}。").format(names="、".join(sorted(GROUPS))))
        if row.get("scope") not in _SCOPES | {""}:
            what = tr("“{word}”不认识。").format(word=row.get("scope"))
            self._fault(row, "scope", what, tr("可用：any、new、existing。"))
        return concerns

    def _word(self, row: Row, column: str, words: type[_W], spoken: Mapping[str, _W]) -> _W | None:
        text = row.get(column)
        found = spoken.get(text) or next((w for w in words if w.value.lower() == text.lower()), None)
        if found is None and text:
            names = "、".join([*(w.value for w in words), *spoken])
            what = tr("“{word}”不认识。").format(word=text)
            self._fault(row, column, what, tr("可用：{names}。").format(names=names))
        return found

    def _limits(self, row: Row, question: Question | None) -> tuple[float | None, float | None]:
        comparison = row.get("comparison")
        if comparison in CHOICE_COMPARISONS:
            self._choice(row, question)
            return None, None
        if comparison not in NUMBER_COMPARISONS:
            if comparison:
                names = "、".join(sorted(NUMBER_COMPARISONS | CHOICE_COMPARISONS))
                what = tr("“{word}”不认识。").format(word=comparison)
                self._fault(row, "comparison", what, tr("可用：{names}。").format(names=names))
            return None, None
        if question is not None and question.kind.startswith("select"):
            what = tr("题目“{name}”是选择题，不能比大小。").format(name=question.name)
            self._fault(row, "comparison", what, tr("请用 is、is_not、has 或 has_not。"))
        if question is not None and row.get("unit") != question.unit:
            what = tr("单位“{unit}”和题目的单位“{wanted}”不同。").format(unit=row.get("unit"), wanted=question.unit)
            self._fault(row, "unit", what, tr("请换算成题目的单位；坡度不写单位。"))
        slope = question is not None and question.quantity == "slope"
        value = self._number(row, "value", slope, True)
        upper = self._number(row, "upper", slope, comparison == "between")
        if value is not None and upper is not None and not value < upper:
            self._fault(row, "upper", tr("上限不大于下限。"), tr("请改正 value 或 upper。"))
        return value, upper if comparison == "between" else None

    def _choice(self, row: Row, question: Question | None) -> None:
        choice = row.get("choice")
        if not choice:
            self._fault(row, "choice", tr("没有填写。"), tr("请填写选项的名称（不是文字）。"))
        elif question is not None and question.choices and choice not in {c.name for c in question.choices}:
            what = tr("题目“{name}”没有选项“{choice}”。").format(name=question.name, choice=choice)
            names = "、".join(c.name for c in question.choices)
            self._fault(row, "choice", what, tr("可用：{names}。").format(names=names))
        if question is not None and question.kind in ("integer", "decimal", "range"):
            what = tr("题目“{name}”是数字题。").format(name=question.name)
            self._fault(row, "comparison", what, tr("请用 >=、<=、= 或 between。"))

    def _number(self, row: Row, column: str, slope: bool, needed: bool) -> float | None:
        text = row.get(column)
        if not text:
            if needed:
                self._fault(row, column, tr("没有填写。"), tr("请填写限值。"))
            return None
        try:
            return parse_slope(text).ratio if slope and not _plain_number(text) else float(text)
        except (AnswerError, ValueError):
            what = tr("限值“{text}”看不懂。").format(text=text)
            self._fault(row, column, what, tr("请写数字；坡度也可写 1:12。"))
            return None


def _plain_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
