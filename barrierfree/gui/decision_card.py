"""Which site is which, as people decided it: a list with the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.store import Decided, SameSite


class DecisionCard(Card):
    """All decisions; one that two are the same can be taken back, with a reason."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("同一点位的决定"))
        self._context = context
        self._page = page
        self.body.addWidget(
            label(
                tr("导入清单或合并点位时决定的：哪一行、哪个点位和哪个点位是同一个。以后导入不再询问。"),
                "muted",
                wrap=True,
            )
        )
        self.table: RecordTable[Decided] = RecordTable(
            (
                Column("name", tr("行或点位"), lambda d: d.name or d.row, width=190),
                Column("kept", tr("是不是这个点位"), _kept, detail=lambda d: d.site_code, width=240),
                Column("decision", tr("决定"), _decision, width=140, filterable=True),
                Column("reason", tr("原因"), lambda d: d.reason, width=220),
                Column("who", tr("谁"), lambda d: d.person_name, width=90, filterable=True),
                Column("when", tr("何时"), lambda d: d.decided_at[:16].replace("T", " "), width=150),
            ),
            lambda d: f"{d.row} {d.site}", tr("决定"),
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(300))
        self.table.set_empty(tr("还没有决定"), tr("导入清单时回答“可能相同”的行，或在“调查”页合并点位。"))
        self.table.selection_changed.connect(lambda _chosen: self._draw())
        self.table.activated.connect(lambda one: self._context.go("survey", one.site) if one.site_name else None)
        self.undo = Button(tr("撤销：不是同一点位…"), self._on_undo, icon="undo")
        self.body.addWidget(self.table)
        self.body.addWidget(FlowRow(self.undo))
        self._draw()

    def read(self) -> None:
        """Read the decisions anew."""
        self._context.tasks.read(
            lambda store: store.decisions(), self.table.set_records, replaces="data.decisions", context=self
        )

    def _draw(self) -> None:
        one = self.table.current()
        self.undo.setEnabled(one is not None and (one.same or one.undecided))
        self.undo.setToolTip("" if self.undo.isEnabled() else tr("先选一条“同一点位”的决定。"))

    def _on_undo(self) -> None:
        one = self.table.current()
        if one is None:
            return
        dialog = UndoDialog(one, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._write(one, dialog.reason.text().strip()))
        dialog.open()

    def _write(self, one: Decided, reason: str) -> None:
        person = self._context.person
        apart = SameSite(row=one.row, site=one.site, same=False, name=one.name, reason=reason)
        self._context.tasks.write(
            lambda store: store.decide_same(apart, person=person),
            lambda _done: self._page.messages.show_message("good", tr("已撤销：两者不是同一点位。")),
            self._page.messages.show_error,
            context=self,
        )


class UndoDialog(FormDialog):
    """Asks why two records are not the same after all."""

    def __init__(self, one: Decided, parent: QWidget) -> None:
        super().__init__(tr("撤销：不是同一点位"), tr("撤销合并"), parent, height=360)
        text = tr("“{row}”和“{site}”将重新作为两个点位，各自的检查记录归各自。")
        self.fields.addWidget(label(text.format(row=one.name or one.row, site=_kept(one)), wrap=True))
        self.reason = QLineEdit()
        self.add_field(tr("原因"), self.reason, tr("例如：其实是相邻的两家店"))
        self.finish(self.reason)

    def confirmed(self) -> None:
        """A reason is needed."""
        if self.reason.text().strip():
            self.accept()
        else:
            self.say(tr("请写明原因。"))
            self.reason.setFocus()


def _kept(one: Decided) -> str:
    return one.site_name or tr("（不在这份普查里）")


def _decision(one: Decided) -> str:
    if one.undecided:
        return tr("两处不一致")
    return tr("同一点位") if one.same else tr("不是同一点位")
