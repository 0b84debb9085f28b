"""How the city answers: which column holds what, taken from an answer that came or typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.i18n import mark, tr
from barrierfree.operations import template_looks
from barrierfree.workbook import AnswerLayout

_COLUMNS: Final = (
    ("code", mark("我们的编号在哪一列")),
    ("state", mark("是否通过在哪一列（没有就空着）")),
    ("reason", mark("退回原因在哪一列（没有就空着）")),
    ("city_number", mark("市系统编号在哪一列（没有就空着）")),
)
_CODES: Final = (
    ("checkpoint_code", mark("元素编号")), ("finding_code", mark("问题编号")), ("site_code", mark("点位编号")),
)  # fmt: skip
_BETWEEN: Final = re.compile(r"[、,，;；]")


class AnswerCard(Card):
    """A box to say that answers come, and below it where in them what stands; each edit is handed on.

    Signals:
        failed(Exception): the answer that was chosen could not be read.
    """

    failed = Signal(object)

    def __init__(self, context: Context, on_edit: Callable[[dict[str, Any] | None], None]) -> None:
        super().__init__(tr("市系统的回执"))
        self._context, self._on_edit, self._filling = context, on_edit, False
        self._held: dict[str, Any] = {}
        self.comes = QCheckBox(tr("市里会发回一份结果"))
        self.comes.toggled.connect(lambda _on: self._changed())
        self.take = Button(tr("从一份回执里取列名…"), self._on_take, icon="file")
        self.told = label("", "small", wrap=True)
        self.columns = {name: QComboBox() for name, _ in _COLUMNS}
        self.which = QComboBox()
        self.words = {"accepted": QLineEdit(), "rejected": QLineEdit()}
        self._inner: list[QWidget] = []
        self.body.addWidget(self.comes)
        self.body.addWidget(FlowRow(self.take))
        self.body.addWidget(self.told)
        for name, title in _COLUMNS:
            self.columns[name].setEditable(True)
            self.columns[name].currentTextChanged.connect(lambda _text: self._changed())
            self._add(tr(title), self.columns[name])
            if name == "code":
                for key, text in _CODES:
                    self.which.addItem(tr(text), key)
                self.which.activated.connect(lambda _at: self._changed())
                self._add(tr("那是我们的哪种编号"), self.which)
        for name, title in (("accepted", tr("算通过的词（用顿号分开）")), ("rejected", tr("算退回的词"))):
            self.words[name].textEdited.connect(lambda _text: self._changed())
            self._add(title, self.words[name])
        self.body.addStretch(1)
        self.told.hide()

    def _add(self, title: str, widget: QWidget) -> None:
        name = label(title, "strong", wrap=True)
        name.setBuddy(widget)
        widget.setAccessibleName(title)
        self._inner += [name, widget]
        self.body.addWidget(name)
        self.body.addWidget(widget)

    def show_answer(self, answer: Mapping[str, Any] | None) -> None:
        """Show this layout; None where no answers come."""
        self._filling = True
        self.comes.setChecked(answer is not None)
        self._held = dict(answer or {})
        usual = AnswerLayout.model_fields
        for name, combo in self.columns.items():
            combo.setEditText(str(self._held.get(name, "")))
        self.which.setCurrentIndex(max(self.which.findData(self._held.get("field", "checkpoint_code")), 0))
        for name, line in self.words.items():
            line.setText("、".join(self._held.get(name, usual[name].default)))
        self._filling = False
        self._arrange()

    def _arrange(self) -> None:
        for widget in self._inner:
            widget.setVisible(self.comes.isChecked())

    def _changed(self) -> None:
        if self._filling:
            return
        self._arrange()
        self._on_edit(self._answer() if self.comes.isChecked() else None)

    def _answer(self) -> dict[str, Any]:
        said: dict[str, Any] = {name: combo.currentText().strip() for name, combo in self.columns.items()}
        said["field"] = self.which.currentData()
        for name, line in self.words.items():
            said[name] = tuple(word.strip() for word in _BETWEEN.split(line.text()) if word.strip())
        return {name: self._held[name] for name in ("sheet", "header_row") if name in self._held} | said

    def _on_take(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self, tr("选择一份回执"), "", tr("回执 ({p})").format(p="*.xlsx *.xls *.ods *.csv")
        )
        if file:
            self.take_file(Path(file))

    def take_file(self, file: Path) -> None:
        """Offer the titles of this answer, and propose what they hold."""

        def read(found: tuple[str, int, tuple[str, ...], Mapping[str, tuple[str, ...]]]) -> None:
            sheet, row, titles, words = found
            self._filling = True
            for combo in self.columns.values():
                combo.clear()
                combo.addItems(["", *titles])
            self._filling = False
            proposed = template_looks.proposed_answer(titles, words)
            self.show_answer(self._answer() | {"sheet": sheet, "header_row": row} | proposed)
            self.told.setText(tr("列名取自“{file}”第 {row} 行，请核对。").format(file=file.name, row=row))
            self.told.show()
            self._changed()

        self._context.tasks.compute(lambda: template_looks.answer_titles(file), read, self.failed.emit, context=self)
