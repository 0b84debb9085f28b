"""Step 4: what holds for the whole profile: names, datum, dates, files; and how the city answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from barrierfree.gui.cards import Card, CardGrid
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.profile_editor.answer_card import AnswerCard
from barrierfree.gui.profile_editor.field_choice import line_of
from barrierfree.gui.profile_editor.work import EditorStep, Work
from barrierfree.i18n import bracketed, named, tr
from barrierfree.operations.profile_samples import SAMPLE_VALUES

_DAY = date(2026, 3, 5)
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_DATUMS = (("cgcs2000", "CGCS2000"), ("wgs84", "WGS-84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09"))


class GeneralStep(EditorStep):
    """Every edit goes into the draft at once; what a pattern makes is shown below it."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self._filling = False
        self.lines = {
            name: QLineEdit() for name in ("title", "target", "name", "file_name", "photo_folder", "photo_name")
        }
        self.status = ChoiceButtons(
            [("official", tr("市里的官方方案")), ("ours", tr("我们自己的"))], tr("谁的方案"), digit_keys=False
        )
        self.datum, self.dates = QComboBox(), QComboBox()
        self.decimals, self.rows = QSpinBox(), QSpinBox()
        self.bare = QCheckBox(tr("没有问题的检查点也各写一行（每个问题一行时）"))
        self.book_example, self.photo_example = label("", "small", wrap=True), label("", "small", wrap=True)
        self.answer = AnswerCard(context, self._edit)
        self.answer.failed.connect(self.failed.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(CardGrid(self._build_names(), self._build_form(), self.answer, column_width=380))
        layout.addStretch(1)
        self._connect()

    def _build_names(self) -> Card:
        card = Card(tr("名称和文件"))
        _add(card, tr("方案名称"), self.lines["title"])
        _add(card, tr("目标系统"), self.lines["target"])
        _add(card, tr("短名（记在批次台账里）"), self.lines["name"])
        _add(card, tr("谁的方案"), self.status)
        _add(card, tr("工作簿的文件名（{number} 是批次编号）"), self.lines["file_name"], self.book_example)
        card.body.addStretch(1)
        return card

    def _build_form(self) -> Card:
        card = Card(tr("坐标、日期和照片"))
        self.datum.setEditable(True)
        for key, text in _DATUMS:
            self.datum.addItem(text, key)
        self.dates.setEditable(True)
        for form in _FORMATS:
            self.dates.addItem(bracketed(form, _DAY.strftime(form)), form)
        self.decimals.setRange(0, 12)
        self.rows.setRange(0, 1_000_000)
        self.rows.setSpecialValueText(tr("不分"))
        for spin in (self.decimals, self.rows):
            spin.lineEdit().setTextMargins(8, 0, 0, 0)
        _add(card, tr("坐标系（也可以写 EPSG:4548）"), self.datum)
        _add(card, tr("经纬度的小数位数"), self.decimals)
        _add(card, tr("日期写成"), self.dates)
        _add(card, tr("照片文件夹"), self.lines["photo_folder"])
        _add(
            card,
            tr("照片文件名（{code} 编号，{kind} 前或后，{n} 第几张）"),
            self.lines["photo_name"],
            self.photo_example,
        )
        _add(card, tr("每个文件最多几行"), self.rows)
        card.body.addWidget(self.bare)
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        for name, line in self.lines.items():
            line.textEdited.connect(lambda text, name=name: self._put(name, text))
        self.status.chosen.connect(lambda status: self._put("status", status or "ours"))
        self.datum.currentTextChanged.connect(
            lambda text: self._put("datum", {b: a for a, b in _DATUMS}.get(text, text))
        )
        self.dates.activated.connect(lambda at: self._show_format(str(self.dates.itemData(at))))
        line_of(self.dates).textEdited.connect(lambda text: self._put("date_format", text))
        self.decimals.valueChanged.connect(lambda value: self._put("decimals", value))
        self.rows.valueChanged.connect(lambda value: self._put("rows_per_file", value))
        self.bare.toggled.connect(lambda on: self._put("without_findings", on))

    def _show_format(self, form: str) -> None:
        """The pattern alone, without its example."""
        self.dates.setEditText(form)
        self._put("date_format", form)

    def enter(self) -> None:
        """Show what the draft says."""
        draft = self._work.draft
        if draft is None:
            return
        self._filling = True
        general = draft.general
        for name, line in self.lines.items():
            line.setText(str(general.get(name, "")))
        self.status.set_value(str(general.get("status", "ours")))
        self.datum.setCurrentText(dict(_DATUMS).get(str(general["datum"]), str(general["datum"])))
        self.dates.setEditText(str(general["date_format"]))
        self.decimals.setValue(int(general["decimals"]))
        self.rows.setValue(int(general["rows_per_file"]))
        self.bare.setChecked(bool(general["without_findings"]))
        self.answer.show_answer(draft.answer)
        self._filling = False
        self._show_examples()
        self.lines["title"].setFocus()

    def _put(self, name: str, value: object) -> None:
        draft = self._work.draft
        if draft is not None and not self._filling:
            draft.general[name] = value
            self._show_examples()
            self.changed.emit()

    def _edit(self, answer: dict[str, Any] | None) -> None:
        draft = self._work.draft
        if draft is not None and not self._filling:
            draft.answer = answer
            self.changed.emit()

    def _show_examples(self) -> None:
        general = self._work.draft.general if self._work.draft else {}
        code = SAMPLE_VALUES["checkpoint_code"]
        book = _made(lambda: str(general["file_name"]).format(number=SAMPLE_VALUES["batch"]))
        photo = _made(lambda: f"{general['photo_folder']}/{general['photo_name']}".format(code=code, kind="前", n=1))
        self.book_example.setText(named(tr("例如"), book) if book else tr("花括号里写得不对。"))
        self.photo_example.setText(named(tr("例如"), photo) if photo else tr("花括号里写得不对。"))


def _made(make: Callable[[], str]) -> str:
    try:
        return make()
    except (KeyError, IndexError, ValueError, AttributeError):
        return ""


def _add(card: Card, title: str, widget: QWidget, example: QWidget | None = None) -> None:
    name = label(title, "strong", wrap=True)
    name.setBuddy(widget)
    widget.setAccessibleName(title)
    card.body.addWidget(name)
    card.body.addWidget(widget)
    if example is not None:
        card.body.addWidget(example)
