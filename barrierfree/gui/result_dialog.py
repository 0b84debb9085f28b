"""Enter a result that no inspection shows (handbooks, meetings), or take one back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from barrierfree import conformance
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.i18n import tr
from barrierfree.model.figures import EnteredResult
from barrierfree.store import Store


class ResultDialog(FormDialog):
    """Stays open after each entry; what was entered is listed below, each with a button that takes it back."""

    def __init__(self, context: Context, today: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("填报其他成果"), tr("填报"), parent, cancel=tr("关闭"))
        self._context = context
        self.label = QLineEdit()
        self.add_field(tr("成果"), self.label, tr("例如：无障碍手册"))
        self.quantity = QLineEdit()
        self.quantity.setAccessibleName(tr("数量"))
        self.unit = QLineEdit()
        self.unit.setAccessibleName(tr("单位"))
        self.unit.setPlaceholderText(tr("单位，例如：册"))
        self.add_field(tr("数量和单位"), FlowRow(self.quantity, self.unit))
        self.day = QDateEdit(QDate.fromString(today, "yyyy-MM-dd"))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setMaximumDate(self.day.date())
        self.add_field(tr("完成日期"), self.day)
        self.note = QLineEdit()
        self.add_field(tr("说明（可不填）"), self.note)
        self.fields.addWidget(label(tr("报告里会写明这是人工填报，不和检查记录得出的数字相加。"), "small", wrap=True))
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.fields.addLayout(self._list)
        self.entered: list[EnteredResult] = []
        self.finish(self.label)
        self._ask()

    def confirmed(self) -> None:
        """Keep the entry; refused, it says why and everything typed stays."""
        self.hide_fault()
        name, unit, note = self.label.text(), self.unit.text(), self.note.text()
        day, person = self.day.date().toString("yyyy-MM-dd"), self._context.person
        try:
            number = conformance.parse_number(self.quantity.text())
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        self.confirm.setEnabled(False)
        self._context.tasks.write(
            lambda store: store.enter_result(name, number, unit, day, person=person, note=note)[1],
            lambda _changes: self._on_entered(), self.show_fault, context=self,
        )  # fmt: skip

    def _on_entered(self) -> None:
        self.confirm.setEnabled(True)
        for field in (self.label, self.quantity, self.unit, self.note):
            field.clear()
        self.label.setFocus()
        self._ask()

    def _withdraw(self, result: str) -> None:
        person = self._context.person
        self._context.tasks.write(
            lambda store: store.withdraw_result(result, person=person), lambda _changes: self._ask(), self.show_fault,
            context=self,
        )  # fmt: skip

    def _ask(self) -> None:
        self._context.tasks.read(_entered, self._show, self.show_fault, context=self)

    def _show(self, entered: Sequence[EnteredResult]) -> None:
        self.entered = list(entered)
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if entered:
            self._list.addWidget(label(tr("已填报"), "strong"))
        for one in entered:
            text = tr("{day}　{name} {n} {unit}").format(
                day=one.day, name=one.label, n=f"{one.quantity:g}", unit=one.unit
            )
            back = Button(tr("撤回"), partial(self._withdraw, one.id), icon="undo")
            back.setAccessibleName(tr("撤回：{what}").format(what=text))
            row, told = QWidget(), ElidedLabel()
            row.setProperty("role", "plain")
            told.setText(text)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(back)
            line.addWidget(told, 1)
            self._list.addWidget(row)


def _entered(store: Store) -> list[EnteredResult]:
    return store.entered_results()
