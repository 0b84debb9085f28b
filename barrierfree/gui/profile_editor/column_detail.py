"""What is put into one column and how: field, fixed text or formula, codes, form, and what is checked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.gui.profile_editor.field_choice import FieldChoice
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, listed, named, sentences, tr
from barrierfree.operations.profile_drafts import ColumnDraft
from barrierfree.workbook import FIELDS, RowKind
from barrierfree.workbook.rows import as_number


class ColumnDetail(QWidget):
    """The form beside the table of columns; every edit goes into the column at once.

    Signals:
        edited: the column is another one.
        codes_wanted: the user wants to see to its codes.
    """

    edited = Signal()
    codes_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._column: ColumnDraft | None = None
        self._filling = False
        self.heading = ElidedLabel("", "heading")
        self.about = label("", "small", wrap=True)
        self.fault = label("", tone="bad", wrap=True)
        self.choice = FieldChoice(tr("填什么"))
        self.choice.picked.connect(self._on_picked)
        self.meaning = label("", "small", wrap=True)
        self.text = QLineEdit()
        self.text.setAccessibleName(tr("固定文字"))
        self.text.textEdited.connect(lambda text: self._on_source("text", text))
        self.formula = QPlainTextEdit()
        self.formula.setAccessibleName(tr("公式"))
        self.formula.setPlaceholderText("concat(${street}, ${community}, ${address})")
        self.formula.setTabChangesFocus(True)
        self.formula.textChanged.connect(self._on_formula)
        self.insert = FieldChoice(tr("在公式里插入字段"), fields_only=True)
        self.insert.picked.connect(self._on_insert)
        self.result = label("", wrap=True)
        self.codes = Button(tr("代码对照…"), self.codes_wanted.emit, icon="table")
        self.codes_told = label("", "small", wrap=True)
        self.required, self.unique = QCheckBox(tr("必填")), QCheckBox(tr("不能重复"))
        self.format = QComboBox()
        self.decimals, self.length = QSpinBox(), QSpinBox()
        self.minimum, self.maximum = QLineEdit(), QLineEdit()
        self._build()
        self.show_column(None, "finding", {})

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 10, 2)
        layout.setSpacing(6)
        self._text_title = label(tr("固定文字"), "strong")
        self._formula_title = label(tr("公式（XLSForm 表达式）"), "strong")
        for name, buddy in ((self._text_title, self.text), (self._formula_title, self.formula)):
            name.setBuddy(buddy)
        title = label(tr("填什么（输入几个字可以找）"), "strong", wrap=True)
        title.setBuddy(self.choice)
        self.formula.setFixedHeight(tokens().text(92))
        for widget in (
            self.heading, self.about, self.fault, title, self.choice, self.meaning, self._text_title, self.text,
            self._formula_title, self.formula, self.insert, self.result,
        ):  # fmt: skip
            layout.addWidget(widget)
        self._form = QWidget()
        self._form.setProperty("role", "plain")
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(6)
        form.addWidget(FlowRow(self.codes))
        form.addWidget(self.codes_told)
        form.addWidget(FlowRow(self.required, self.unique))
        form.addLayout(self._build_grid())
        layout.addWidget(self._form)
        layout.addStretch(1)
        for box, key in ((self.required, "required"), (self.unique, "unique")):
            box.toggled.connect(partial(self._on_form, key))
        for line, key in ((self.minimum, "minimum"), (self.maximum, "maximum")):
            line.editingFinished.connect(partial(self._on_limit, line, key))

    def _build_grid(self) -> QGridLayout:
        for key, text in (
            ("", tr("照原样")), ("text", tr("总是文字")), ("number", tr("总是数字")), ("date", tr("总是日期")),
        ):  # fmt: skip
            self.format.addItem(text, key)
        self.format.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.format.activated.connect(lambda _at: self._on_form("format", self.format.currentData()))
        self.decimals.setRange(-1, 12)
        self.decimals.setSpecialValueText(tr("不定"))
        self.length.setRange(0, 32767)
        self.length.setSpecialValueText(tr("不限制"))
        for spin in (self.decimals, self.length):
            spin.lineEdit().setTextMargins(8, 0, 0, 0)
        self.decimals.valueChanged.connect(lambda n: self._on_form("decimals", None if n < 0 else n))
        self.length.valueChanged.connect(lambda n: self._on_form("max_length", n))
        for line in (self.minimum, self.maximum):
            line.setPlaceholderText(tr("不限制"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        fields: tuple[tuple[str, QWidget], ...] = (
            (tr("写成"), self.format), (tr("小数位数"), self.decimals), (tr("最多几个字"), self.length),
            (tr("最小值"), self.minimum), (tr("最大值"), self.maximum),
        )  # fmt: skip
        for at, (title, widget) in enumerate(fields):
            name = label(title, "strong", wrap=True)
            name.setBuddy(widget)
            widget.setAccessibleName(title)
            grid.addWidget(name, at, 0)
            grid.addWidget(widget, at, 1)
        grid.setColumnStretch(1, 1)
        return grid

    # -- showing ----------------------------------------------------------------------------------------------------

    def show_column(self, column: ColumnDraft | None, rows: RowKind, codes: dict[str, str]) -> None:
        """Show this column; ``codes`` are those that hold for it."""
        same = column is not None and column is self._column
        self._column, self._filling = column, True
        self.setEnabled(column is not None)
        self.choice.offer(rows)
        self.insert.offer(rows)
        values: dict[str, Any] = column.values if column else {}
        if not (same and self.choice.line.hasFocus() and self.choice.line.isModified()):
            self.choice.show_choice(column.source if column else "", str(values.get("field", "")))
        if column is not None:
            self._show_head(column)
        if not (same and self.text.hasFocus()):
            self.text.setText(str(values.get("text", "")))
        if not (same and self.formula.hasFocus()):
            self.formula.setPlainText(str(values.get("expression", "")))
        self.insert.show_choice("", "")
        self.insert.line.setPlaceholderText(tr("插入字段…"))
        self._show_form(values, codes, column.words if column else ())
        self._filling = False
        self._arrange()

    def show_result(self, result: str, fault: str) -> None:
        """What the formula gives for the first row, and what is wrong with the column."""
        self.result.setText(named(tr("第一行的结果"), result))
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def _show_head(self, column: ColumnDraft) -> None:
        self.heading.setText(tr("{letter} 列：{title}").format(letter=column.letter, title=column.title[:200]))
        told = [column.reason] if column.reason else []
        if column.words:
            shown = listed(column.words[:6])
            more = tr("模板只接受：{words}") if len(column.words) <= 6 else tr("模板只接受 {n} 个选项：{words}……")
            told.append(more.format(words=shown, n=len(column.words)))
        self.about.setText(sentences(told))
        self.about.setVisible(bool(told))
        field = column.values.get("field", "")
        self.meaning.setText(FIELDS.get(field, "") if language() == "zh_CN" else "")

    def _show_form(self, values: dict[str, Any], codes: dict[str, str], words: tuple[str, ...]) -> None:
        self.required.setChecked(bool(values.get("required")))
        self.unique.setChecked(bool(values.get("unique")))
        self.format.setCurrentIndex(self.format.findData(values.get("format", "")))
        decimals = values.get("decimals")
        self.decimals.setValue(-1 if decimals is None else decimals)
        self.length.setValue(values.get("max_length", 0))
        for line, key in ((self.minimum, "minimum"), (self.maximum, "maximum")):
            limit = values.get(key)
            line.setText("" if limit is None else f"{limit:.12g}")
        shown = sentences(f"{a} → {b}" for a, b in list(codes.items())[:4])
        self.codes_told.setText(
            tr("{n} 个词有代码：{codes}").format(n=len(codes), codes=shown)
            if codes
            else tr("没有代码，照我们的用词写。")
        )

    def _arrange(self) -> None:
        source = self._column.source if self._column else ""
        for widget in (self._text_title, self.text):
            widget.setVisible(source == "text")
        for formula in (self._formula_title, self.formula, self.insert, self.result):
            formula.setVisible(source == "expression")
        self.meaning.setVisible(bool(self.meaning.text()) and source == "field")
        self._form.setVisible(bool(source))

    # -- editing ----------------------------------------------------------------------------------------------------

    def _edit(self, change: Callable[[ColumnDraft], None]) -> None:
        if self._column is not None and not self._filling:
            change(self._column)
            self.edited.emit()

    def _on_picked(self, source: str, field: str) -> None:
        self._edit(lambda column: column.put(source, field if source == "field" else column.values.get(source, "")))
        goal = {"text": self.text, "expression": self.formula}.get(source)
        if goal is not None:
            QTimer.singleShot(0, goal, goal.setFocus)  # once the list has closed, which takes the keyboard back

    def _on_source(self, source: str, value: str) -> None:
        self._edit(lambda column: column.values.__setitem__(source, value))

    def _on_formula(self) -> None:
        if self._column is not None and self._column.source == "expression":
            self._on_source("expression", self.formula.toPlainText().strip())

    def _on_insert(self, _source: str, field: str) -> None:
        self.formula.insertPlainText("${" + field + "}")
        self.insert.show_choice("", "")
        self.formula.setFocus()

    def _on_form(self, key: str, value: object) -> None:
        self._edit(lambda column: column.set(key, value))

    def _on_limit(self, line: QLineEdit, key: str) -> None:
        text = line.text().strip()
        number = as_number(text) if text else None
        if text and number is None:
            line.setText("")
        if self._column is not None and self._column.values.get(key) != number:
            self._on_form(key, number)
