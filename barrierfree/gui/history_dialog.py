"""The history of a record: who changed what, when, from what to what; newest first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import sentences, tr
from barrierfree.model.history import Change
from barrierfree.operations import history


class HistoryDialog(QDialog):
    """A table that can be searched, filtered and copied; the whole of the current row stands below it."""

    def __init__(self, context: Context, record: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("历史记录"))
        room = self.screen().availableSize()
        self.resize(min(tokens().text(1040), room.width() - 40), min(tokens().text(640), room.height() - 60))
        self.messages = MessageBar()
        self.table: RecordTable[Change] = RecordTable(
            (
                Column("at", tr("时间"), lambda c: c.at[:16].replace("T", " "), width=164),
                Column("person", tr("人员"), lambda c: c.person or "—", width=90, filterable=True),
                Column("what", tr("什么"), lambda c: c.what, detail=lambda c: c.about, width=130, filterable=True),
                Column("field", tr("项目"), lambda c: c.field, width=120, filterable=True),
                Column("old", tr("原来"), lambda c: c.old or "—", width=190),
                Column("new", tr("改为"), lambda c: c.new or "—", width=260),
                Column("device", tr("电脑"), lambda c: c.device, width=90, hidden=True),
            ),
            lambda c: f"{c.fact}/{c.field}", tr("历史记录"),
        )  # fmt: skip
        self.table.set_loading()
        self.table.selection_changed.connect(lambda _chosen: self._tell())
        self.whole = label("", wrap=True)
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.addWidget(label(title, "heading", wrap=True))
        layout.addWidget(self.messages)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.whole)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))
        self.table.view.setFocus()
        context.tasks.read(
            lambda store: history.history(store, record), self._show, self.messages.show_error,
            replaces="history", context=self,
        )  # fmt: skip

    def _show(self, told: list[Change]) -> None:
        self.table.set_records(told)
        if told:
            self.table.select(f"{told[0].fact}/{told[0].field}")

    def _tell(self) -> None:
        one = self.table.current()
        if one is None or not (one.old or one.new):
            self.whole.setText("")
            return
        change = tr("{field}：{old} → {new}").format(field=one.field, old=one.old or "—", new=one.new or "—")
        self.whole.setText(sentences([change[:600], tr("电脑 {device}").format(device=one.device)]))


def show_history(context: Context, record: str, title: str, parent: QWidget) -> HistoryDialog:
    """Open the history of a record."""
    dialog = HistoryDialog(context, record, title, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
