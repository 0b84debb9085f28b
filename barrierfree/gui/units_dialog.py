"""Responsible units: their class, whom one speaks to there, a note; those no longer offered stay in the history."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.records import Unit
from barrierfree.model.words import UnitClass


class UnitsDialog(FormDialog):
    """Choose a unit in the list or write a new name; every save is one act, the dialog stays open."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("责任单位"), tr("保存这个单位"), parent, height=820, cancel=tr("关闭"))
        self._context = context
        self.table: RecordTable[Unit] = RecordTable(
            (
                Column("name", tr("单位"), lambda u: u.name, width=210, detail=lambda u: u.note),
                Column("class", tr("类别"), _class_of, width=130, filterable=True),
                Column("contact", tr("联系人"), lambda u: u.contact or "—", width=110),
                Column("state", tr("状态"), _state_of, width=110, filterable=True),
            ),
            lambda u: u.name, tr("责任单位"),
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(230))
        self.table.set_empty(tr("还没有责任单位"), tr("在下面写名称并保存；交办时写的新单位也会出现在这里。"))
        self.table.selection_changed.connect(self._on_selected)
        self.fields.addWidget(self.table, FILL)
        self.name = QLineEdit()
        self.unit_class = QComboBox()
        for known in UnitClass:
            self.unit_class.addItem(tr(words.label(known)), known)
        self.contact, self.note = QLineEdit(), QLineEdit()
        self.offered = QCheckBox(tr("交办时列出这个单位"))
        self.offered.setChecked(True)
        self.add_field(tr("单位名称（不能改名；另写一个名称就是新单位）"), self.name)
        self.add_field(tr("类别"), self.unit_class)
        self.add_field(tr("联系人（只写姓名，可不填）"), self.contact)
        self.add_field(tr("备注（可不填）"), self.note)
        self.fields.addWidget(self.offered)
        self.said = label("", tone="good", wrap=True)
        self.fields.addWidget(self.said)
        self.finish(self.name)
        self._ask()

    def _ask(self) -> None:
        self._context.tasks.read(
            lambda store: store.known_units(), self.table.set_records, self.show_fault, context=self
        )

    def _on_selected(self, selected: list[Unit]) -> None:
        if len(selected) != 1:
            return
        (unit,) = selected
        self.name.setText(unit.name)
        self.unit_class.setCurrentIndex(self.unit_class.findData(unit.unit_class or UnitClass.SERVICES))
        self.contact.setText(unit.contact)
        self.note.setText(unit.note)
        self.offered.setChecked(not unit.hidden)

    def confirmed(self) -> None:
        """Save what the fields say."""
        unit = Unit(
            name=self.name.text(), unit_class=UnitClass(self.unit_class.currentData()), contact=self.contact.text(),
            note=self.note.text(), hidden=not self.offered.isChecked(),
        )  # fmt: skip
        person = self._context.person
        self.hide_fault()
        self._context.tasks.write(
            lambda store: store.put_unit(unit, person=person), lambda _changes: self._on_saved(unit.name.strip()),
            self.show_fault, context=self,
        )  # fmt: skip

    def _on_saved(self, name: str) -> None:
        self.said.setText(tr("已保存：{name}").format(name=name))
        self._ask()


def _class_of(unit: Unit) -> str:
    return tr(words.label(unit.unit_class)) if unit.unit_class else tr("（未定）")


def _state_of(unit: Unit) -> str:
    if unit.conflicts:
        return tr("两处不同，请核对后保存")
    return tr("不再列出") if unit.hidden else tr("列出")
