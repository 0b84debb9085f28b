"""The survey's own days off and make-up working days, beside the published calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model.records import SpecialDay


class DaysDialog(FormDialog):
    """Every save is one act, the dialog stays open."""

    def __init__(self, context: Context, today: date, parent: QWidget | None = None) -> None:
        super().__init__(tr("工作日表"), tr("保存这一天"), parent, height=760, cancel=tr("关闭"))
        self._context = context
        hint = tr("“15 个工作日”按国务院公布的放假安排计算；还没有公布的年份只除去周末，标为暂定。这里写的日子优先。")
        self.fields.addWidget(label(hint, "muted", wrap=True))
        self.table: RecordTable[SpecialDay] = RecordTable(
            (
                Column("day", tr("日期"), lambda d: d.day, width=130),
                Column("working", tr("是什么日子"), _kind_of, width=150, filterable=True),
                Column("note", tr("说明"), lambda d: d.note, width=240),
            ),
            lambda d: d.day, tr("另加的日子"),
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(210))
        self.table.set_empty(tr("没有另加的日子"), tr("全部按公布的日历。"))
        self.table.selection_changed.connect(self._on_selected)
        self.fields.addWidget(self.table, FILL)
        self.drop_button = Button(tr("恢复为公布的日历"), self.drop)
        self.drop_button.setEnabled(False)
        self.fields.addWidget(FlowRow(self.drop_button))
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.kind = ChoiceButtons([("holiday", tr("放假")), ("working", tr("上班"))], tr("是什么日子"))
        self.kind.set_value("holiday")
        self.note = QLineEdit()
        self.add_field(tr("日期"), self.day)
        self.add_field(tr("是什么日子"), self.kind)
        self.add_field(tr("说明（可不填）"), self.note, tr("例如：街道通知调休"))
        self.finish(self.day)
        self._ask()

    def _ask(self) -> None:
        self._context.tasks.read(
            lambda store: store.special_days(), self.table.set_records, self.show_fault, context=self
        )

    def _on_selected(self, selected: list[SpecialDay]) -> None:
        self.drop_button.setEnabled(len(selected) == 1)
        if len(selected) == 1:
            self.day.setDate(QDate.fromString(selected[0].day, "yyyy-MM-dd"))
            self.kind.set_value("working" if selected[0].working else "holiday")
            self.note.setText(selected[0].note)

    def confirmed(self) -> None:
        """Save the day that the fields describe."""
        new = SpecialDay(
            day=self.day.date().toString("yyyy-MM-dd"), working=self.kind.value() == "working", note=self.note.text()
        )
        person = self._context.person
        self._context.tasks.write(
            lambda store: store.put_day(new, person=person), lambda _changes: self._ask(), self.show_fault,
            context=self,
        )  # fmt: skip

    def drop(self) -> None:
        """Let the calendar say again what the selected day is."""
        day, person = self.table.selected()[0].day, self._context.person
        self._context.tasks.write(
            lambda store: store.drop_day(day, person=person), lambda _changes: self._ask(), self.show_fault,
            context=self,
        )  # fmt: skip


def _kind_of(day: SpecialDay) -> str:
    if day.working is None:
        return tr("两处不同，请核对后保存")
    return tr("上班") if day.working else tr("放假")
