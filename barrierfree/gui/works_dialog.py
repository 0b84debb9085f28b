"""Works 改造: what was built or installed without a finding; a list, a way to add and to take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QWidget

from barrierfree import conformance
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.dialog_photos import DialogPhotos
from barrierfree.gui.finding_detail import quantity_text
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.site_picker import SitePicker
from barrierfree.gui.step_dialog import QUANTITY_UNITS
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model.records import NewWork, Unit, Work


class WorkDialog(FormDialog):
    """``accepted`` comes after the work was stored."""

    def __init__(self, context: Context, units: Sequence[Unit], today: date, parent: QWidget | None = None) -> None:
        super().__init__(tr("登记改造"), tr("登记"), parent, height=900)
        self._context = context
        hint = tr("没有问题记录的新建、加装，例如主动加装的门铃、标识。数量单独统计，不算整改。")
        self.fields.addWidget(label(hint, "muted", wrap=True))
        self.picker = SitePicker(context)
        self.picker.failed.connect(self.show_fault)
        self.picker.chosen.connect(self.hide_fault)
        self.add_field(tr("哪个点位、哪个元素"), self.picker)
        self.what = QLineEdit()
        self.add_field(tr("做了什么"), self.what, tr("例如：加装无障碍门铃"))
        self.quantity = QLineEdit("1")
        self.quantity.setAccessibleName(tr("数量"))
        self.quantity_unit = QComboBox()
        self.quantity_unit.setEditable(True)
        self.quantity_unit.addItems([tr(u) for u in QUANTITY_UNITS])
        self.quantity_unit.setAccessibleName(tr("数量单位"))
        self.add_field(tr("数量"), FlowRow(self.quantity, self.quantity_unit))
        self.done_on = QDateEdit(QDate(today.year, today.month, today.day))
        self.done_on.setCalendarPopup(True)
        self.done_on.setDisplayFormat("yyyy-MM-dd")
        self.done_on.setMaximumDate(self.done_on.date())
        self.add_field(tr("完成日期"), self.done_on)
        self.unit = QComboBox()
        self.unit.setEditable(True)
        self.unit.addItems(["", *(u.name for u in units if not u.hidden)])
        self.add_field(tr("哪个单位做的（可不填）"), self.unit)
        self.note = QLineEdit()
        self.add_field(tr("说明（可不填）"), self.note)
        self.photos = DialogPhotos(context, self, tr("照片"), tr("可以没有。"))
        self.fields.addSpacing(8)
        self.fields.addWidget(self.photos)
        self.finish(self.picker.search)

    def confirmed(self) -> None:
        """Store it; refused, it says why and nothing typed is lost."""
        try:
            site = self.picker.needed()
            quantity = conformance.parse_number(self.quantity.text().strip() or "0")
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        photos, person = tuple(self.photos.photos), self._context.person
        new = NewWork(
            site=site.id, element=self.picker.element, what=self.what.text(), quantity=quantity,
            quantity_unit=self.quantity_unit.currentText().strip(), done_on=self.done_on.date().toString("yyyy-MM-dd"),
            unit=self.unit.currentText().strip(), note=self.note.text(), photos=tuple(p.sha256 for p in photos),
        )  # fmt: skip
        self.confirm.setEnabled(False)
        self._context.tasks.write(
            lambda store: store.record_work(new, person=person, photos=photos)[1],
            lambda _changes: self.accept(), self.show_fault, context=self,
        )  # fmt: skip


class WorksDialog(FormDialog):
    """The works so far, the newest first."""

    def __init__(self, context: Context, units: Sequence[Unit], today: date, parent: QWidget | None = None) -> None:
        super().__init__(tr("改造"), tr("登记改造…"), parent, height=720, cancel=tr("关闭"))
        self.resize(min(tokens().text(900), self.screen().availableSize().width() - 40), self.height())
        self._context, self._units, self._today = context, units, today
        element = context.element_name
        self.table: RecordTable[Work] = RecordTable(
            (
                Column("done_on", tr("完成日期"), lambda w: w.done_on, width=112),
                Column("site", tr("点位"), lambda w: w.site_name, detail=lambda w: w.site_code, width=190),
                Column("element", tr("元素"), lambda w: element(w.element), width=120, filterable=True),
                Column("what", tr("做了什么"), lambda w: w.what, detail=lambda w: w.note, width=190),
                Column("quantity", tr("数量"), lambda w: quantity_text(w.quantity, w.quantity_unit), width=90,
                       align="right", sort=lambda w: w.quantity),
                Column("unit", tr("单位"), lambda w: w.unit or "—", width=120, filterable=True),
            ),
            lambda w: w.id, tr("改造"),
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(300))
        self.table.set_empty(tr("还没有登记改造"), tr("没有问题记录的新建、加装登记在这里，数量单独统计。"))
        self.fields.addWidget(self.table, FILL)
        self.withdraw_button = Button(tr("撤回选中的一项"), self.withdraw)
        self.withdraw_button.setEnabled(False)
        self.table.selection_changed.connect(lambda chosen: self.withdraw_button.setEnabled(len(chosen) == 1))
        self.fields.addWidget(FlowRow(self.withdraw_button))
        self.finish(None)
        self._ask()

    def _ask(self) -> None:
        self._context.tasks.read(lambda store: store.works(), self.table.set_records, self.show_fault, context=self)

    def confirmed(self) -> None:
        """Ask for another work."""
        dialog = WorkDialog(self._context, self._units, self._today, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._ask)
        dialog.open()

    def withdraw(self) -> None:
        """Take the selected work back; it stays in the history."""
        work, person = self.table.selected()[0].id, self._context.person
        self._context.tasks.write(
            lambda store: store.withdraw_work(work, person=person), lambda _changes: self._ask(), self.show_fault,
            context=self,
        )  # fmt: skip
