"""Reads the cells of one question: type, choices, expressions, what it measures; faults are noted, not raised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from barrierfree.checklists.choices import ChoiceList, read_choice_file
from barrierfree.checklists.faults import Faults
from barrierfree.checklists.kinds import ASKED, FROM_FILE, PHONE_ONLY, parameters, range_of
from barrierfree.checklists.sheets import Row
from barrierfree.errors import DefinitionError
from barrierfree.expressions import only_on_phones, parse_filter
from barrierfree.i18n import tr
from barrierfree.model.definition import Choice, Question, Text

UNITS: Final = {
    "length_mm": "mm", "length_m": "m", "slope": "", "force_n": "N", "count": "", "seconds": "s", "area_m2": "m²",
}  # fmt: skip
_TRUE: Final = frozenset({"yes", "true", "true()", "1", "y", "是"})
_FALSE: Final = frozenset({"", "no", "false", "false()", "0", "n", "否"})
EXPRESSIONS: Final = ("relevant", "constraint", "calculation", "required_when")


@dataclass
class OpenGroup:
    """An open group or repeat."""

    repeat: bool
    name: str
    row: Row
    relevant: str


class QuestionCells:
    """What is the same for every row of ``survey``."""

    def __init__(self, choices: Mapping[str, ChoiceList], faults: Faults, folder: Path) -> None:
        self.choices = choices
        self.faults = faults
        self.folder = folder  # where csv files of choices lie
        self.open: list[OpenGroup] = []  # the groups around the row that is read

    def _fault(self, row: Row | None, column: str, what: str, cure: str) -> None:
        self.faults.add("survey", row.number if row else 0, column, what, cure)

    def _supported(self, row: Row, kind: str, words: list[str]) -> bool:
        if kind in PHONE_ONLY:
            what = tr("题型“{kind}”只能在手机上填写：电脑上只显示，不计算。").format(kind=words[0])
            self.faults.remark(
                "survey", row.number, "type", what, tr("不需要改；要在电脑上填写，请改用 text 或 image。")
            )
            return True
        if kind not in ASKED | FROM_FILE.keys():
            what = tr("题型“{kind}”不支持。").format(kind=words[0])
            cure = tr("请改用 text、integer、decimal、select_one、select_multiple、date 或 image。")
            self._fault(row, "type", what, cure)
            return False
        if not kind.startswith("select"):
            return True
        if len(words) == 3 and words[2].lower() == "or_other":
            what = tr("or_other 只在手机上起作用。")
            self.faults.remark("survey", row.number, "type", what, tr("请在选项表里加上“其他”。"))
        elif len(words) != 2:
            what = tr("选择题“{text}”没有写清选项表。").format(text=" ".join(words))
            self._fault(row, "type", what, tr("请写成 select_one 选项表名。"))
            return False
        return True

    def _choices(self, row: Row, kind: str, words: list[str], code: str) -> tuple[tuple[Choice, ...], str]:
        """The choices of a question, with the columns its filter looks at, and the filter."""
        known = self._choice_list(row, kind, words)
        text = _short(row.get("choice_filter"), code)
        if known is None or not text:
            return known.choices() if known else (), text if known else ""
        try:
            expression = parse_filter(text)
        except DefinitionError as error:
            self._fault(row, "choice_filter", error.message, error.advice)
            return known.choices(), ""
        for column in known.lacks(expression):
            what = tr("选项表“{name}”没有“{column}”列。").format(name=words[1], column=column)
            self._fault(row, "choice_filter", what, tr("请在选项表里加上这一列；文字要放在引号里。"))
        return known.choices(expression.columns), text

    def _choice_list(self, row: Row, kind: str, words: list[str]) -> ChoiceList | None:
        if kind in FROM_FILE:
            given = parameters(row.get("parameters"))
            try:
                return read_choice_file(self.folder / words[1], given.get("value", "name"), given.get("label", "label"))
            except ValueError as error:
                cure = tr("请把 csv 文件放在表格旁边，或把选项写进 choices 工作表、改用 select_one。")
                self._fault(row, "type", str(error), cure)
                return None
        if words[1] in self.choices:
            return self.choices[words[1]]
        what = tr("选项表“{name}”不存在。").format(name=words[1])
        self._fault(row, "type", what, tr("请在 choices 工作表里加上它，或改正名称。"))
        return None

    def _built(self, row: Row, kind: str, words: list[str], name: str, code: str) -> Question:
        choices: tuple[Choice, ...] = ()
        choice_filter = ""
        if kind.startswith("select") or (kind == "rank" and len(words) == 2):
            choices, choice_filter = self._choices(row, kind, words, code)
        kind = FROM_FILE.get(kind, kind)
        label = _short_text(row.text("label"), code)
        if not label.zh and kind not in ("calculate", "hidden", "background-audio"):
            self._fault(row, "label", tr("题目“{name}”没有文字。").format(name=name), tr("请填写 label。"))
        quantity, unit = self._quantity(row, kind)
        level = row.get("bf_level").lower()
        if level not in ("", "core", "full"):
            self._fault(row, "bf_level", tr("“{text}”不认识。").format(text=level), tr("请写 core 或 full。"))
        texts = {c: self._computed(row, c, _short(row.get(c), code)) for c in ("relevant", "constraint", "calculation")}
        around = [self._computed(g.row, "relevant", _short(g.relevant, code)) for g in self.open if g.relevant]
        if around:
            texts["relevant"] = " and ".join(f"({t})" for t in [*around, texts["relevant"]] if t)
        return Question(
            name=name,
            kind=kind,
            label=label if label.zh else label.model_copy(update={"zh": name}),
            hint=_short_text(row.text("hint"), code),
            quantity=quantity,
            unit=unit,
            resolution=self._number(row, "bf_resolution") or 0.0,
            choices=choices,
            choice_filter=choice_filter,
            parameters=self._range(row) if kind == "range" else "",
            **self._required(row, code),
            constraint_message=_short_text(row.text("constraint_message"), code),
            default=self._computed(row, "default", _short(row.get("default"), code)),
            core=level == "core",
            descriptive=self._flag(row, "bf_descriptive"),
            soft_min=self._number(row, "bf_soft_min"),
            soft_max=self._number(row, "bf_soft_max"),
            **texts,
        )

    def _range(self, row: Row) -> str:
        text = row.get("parameters")
        try:
            range_of(text)
        except ValueError as error:
            what = tr("范围“{text}”看不懂（{piece}）。").format(text=text, piece=error)
            self._fault(row, "parameters", what, tr("请写成 start=1 end=5 step=1。"))
            return ""
        return text

    def _required(self, row: Row, code: str) -> dict[str, Any]:
        """Always (yes), never, or when an expression is true."""
        text = row.get("required")
        if "${" not in text and "(" not in text.replace("true()", "").replace("false()", ""):
            return {"required": self._flag(row, "required")}
        return {"required_when": self._computed(row, "required", _short(text, code))}

    def _computed(self, row: Row, column: str, text: str) -> str:
        """An expression as it is; said where only a phone works it out (for phones it is kept)."""
        name = only_on_phones(text)
        if name:
            what = tr("函数“{name}”只在手机上计算。").format(name=name)
            cure = tr("不需要改；电脑上显示并保存这道题，但不按它计算。")
            self.faults.remark("survey", row.number, column, what, cure)
        return text

    def _quantity(self, row: Row, kind: str) -> tuple[str, str]:
        quantity, unit = row.get("bf_quantity"), row.get("bf_unit")
        if quantity and quantity not in UNITS:
            what = tr("量“{name}”不认识。").format(name=quantity)
            self._fault(row, "bf_quantity", what, tr("可用：{names}。").format(names="、".join(UNITS)))
            return "", unit
        fitting = ("text", "calculate") if quantity == "slope" else ("integer", "decimal", "range", "calculate")
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


def _short(text: str, code: str) -> str:
    """``text`` with the element's own prefix taken off its names (``${door__width}`` is ``${width}``).

    The workbook needs the prefix: XLSForm refuses ``${width}`` where two repeats have a question of that name.
    """
    return re.sub(r"\$\{\s*" + re.escape(code) + "__", "${", text)


def _short_text(text: Text, code: str) -> Text:
    """The same for a text, which may show an answer (``${width}``)."""
    return Text(zh=_short(text.zh, code), en=_short(text.en, code))
