"""Disputed records: the list of them, both inspections side by side, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card, CardGrid
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.inspection_block import InspectionBlock, photo_items
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Changes, Inspection, Photo
from barrierfree.model.second_looks import Dispute
from barrierfree.operations.answer_words import differences
from barrierfree.store import Store


@dataclass(frozen=True)
class Disputes:
    """All disputes with the names of people and the photos."""

    disputes: tuple[Dispute, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)


def read_disputes(store: Store) -> Disputes:
    """Read the disputes. For the reader's thread."""
    found = tuple(store.disputes())
    hashes = dict.fromkeys(h for d in found for i in d.inspections for h in i.photos)
    return Disputes(found, {p.id: p.name for p in store.people()}, {p.sha256: p for p in store.photos(hashes)})


class AdoptDialog(FormDialog):
    """Asks which inspection holds, and why.

    Signals:
        wanted(str, str): the inspection and the reason. The dialog stays until it is accepted.
    """

    wanted = Signal(str, str)

    def __init__(self, dispute: Dispute, names: Mapping[str, str], *, digit_keys: bool, parent: QWidget) -> None:
        super().__init__(tr("采用哪一次"), tr("采用"), parent, height=420)
        self.fields.addWidget(label(dispute.site_name, "heading", wrap=True))
        choices = [(i.id, who(i, names)) for i in dispute.inspections]
        self.choice = ChoiceButtons(choices, tr("采用哪一次"), digit_keys=digit_keys)
        self.choice.set_value(choices[-1][0])
        self.fields.addWidget(self.choice)
        self.reason = QLineEdit()
        self.add_field(tr("为什么采用这一次"), self.reason, tr("例如：照片上尺子的读数是 0.95 m"))
        self.fields.addWidget(
            label(
                tr("另一次留在历史里，不再计入结果；只由它上报、还没有开始整改的问题会改为“不属实”。"),
                "small",
                wrap=True,
            )
        )
        self.finish(self.reason)

    def confirmed(self) -> None:
        """Hand the decision over."""
        self.confirm.setEnabled(False)
        self.wanted.emit(str(self.choice.value()), self.reason.text().strip())


class DisputeDialog(QDialog):
    """Accepted inspections that disagree: someone looks a third time, or a person says which one holds."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._found = Disputes(())
        self._shown: Dispute | None = None
        self._items: list[PhotoItem] = []
        self.setWindowTitle(tr("有分歧的记录"))
        room = self.screen().availableSize()
        self.resize(min(tokens().text(1180), room.width() - 40), min(tokens().text(720), room.height() - 60))
        self.messages = MessageBar()
        self.adopt_button = Button(tr("采用哪一次…"), self.ask_adopt, kind="primary", shortcut="Ctrl+Return")
        self.third_button = Button(tr("请人第三次检查"), self.ask_third, shortcut="Ctrl+T")
        self.site_button = Button(tr("打开点位"), self._open_site)
        self.table: RecordTable[Dispute] = RecordTable(
            (
                Column("site", tr("点位"), lambda d: d.site_name, detail=lambda d: d.community, width=170),
                Column("checkpoint", tr("检查点"), lambda d: context.element_name(d.element, d.number), width=110),
                Column("asked", tr("处理"), lambda d: tr("等第三次检查") if d.asked else tr("未裁定"), width=110),
            ),
            lambda d: d.checkpoint, tr("有分歧的记录"), filter_row=False,
        )  # fmt: skip
        self.table.set_empty(tr("没有有分歧的记录"), tr("两次独立检查都已通过、结论不同时，会出现在这里。"))
        self.table.selection_changed.connect(lambda _chosen: self._show())
        self.table.activated.connect(lambda _one: self._on_opened())
        self.detail = QScrollArea()
        self.detail.setWidgetResizable(True)
        self.detail.setAccessibleName(tr("两次检查并列"))
        self._build()
        self._ask()

    def _build(self) -> None:
        listed, compared = Card(padding=0), Card(padding=0)
        for card, widget in ((listed, self.table), (compared, self.detail)):
            card.body.setContentsMargins(1, 1, 1, 1)
            card.body.addWidget(widget)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 4, 14, 10)
        foot.addWidget(FlowRow(self.adopt_button, self.third_button, self.site_button))
        compared.body.addLayout(foot)
        columns = AdaptiveColumns(
            [Pane("list", tr("列表"), listed, 410), Pane("pair", tr("两次检查"), compared, 700, 1)]
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.addWidget(self.messages)
        layout.addWidget(columns, 1)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))
        self.columns = columns

    def _ask(self) -> None:
        self._context.tasks.read(
            read_disputes, self._show_disputes, self.messages.show_error, replaces="review.disputes", context=self
        )

    def _show_disputes(self, found: Disputes) -> None:
        self._found = found
        self.table.set_records(found.disputes)
        if found.disputes and not self.table.selected():
            self.table.select(found.disputes[0].checkpoint)
            self.table.view.setFocus()
        self._show()

    def _show(self) -> None:
        chosen = self.table.selected()
        self._shown = chosen[0] if chosen else None
        for button in (self.adopt_button, self.third_button, self.site_button):
            button.setEnabled(self._shown is not None)
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 10, 16, 10)
        if self._shown is None:
            column.addWidget(label(tr("请选择一条有分歧的记录。"), "muted", wrap=True))
        else:
            self._fill(column, self._shown)
        column.addStretch(1)
        self.detail.setWidget(inner)

    def _fill(self, column: QVBoxLayout, dispute: Dispute) -> None:
        self.third_button.setEnabled(not dispute.asked)
        element = self._context.element(dispute.element)
        first = dispute.inspections[0]
        for other in dispute.inspections[1:]:
            told = differences(element, first, other)
            text = sentences(told) if told else tr("回答相同，判定不同（检查表的版本不同）。")
            column.addWidget(label(tr("不同之处：{text}").format(text=text), "strong", wrap=True))
        if dispute.asked:
            column.addWidget(label(tr("已请人第三次检查；通过审核后以那一次为准。"), tone="warn", wrap=True))
        sides = []
        self._items = []
        for inspection in dispute.inspections:
            items = photo_items(self._context, inspection, self._found.photos)
            self._items += items
            side = QWidget()
            side.setProperty("role", "plain")
            lines = QVBoxLayout(side)
            lines.setContentsMargins(0, 0, 8, 0)
            lines.addWidget(label(who(inspection, self._found.people), "strong", wrap=True))
            block = InspectionBlock(self._context, inspection, items, None, open_for_review=False, show_all=True)
            block.photo_opened.connect(self._on_photo)
            lines.addWidget(block)
            lines.addStretch(1)
            sides.append(side)
        column.addWidget(CardGrid(*sides, column_width=300))

    def _on_opened(self) -> None:
        self.columns.show_pane("pair")
        self.adopt_button.setFocus()

    def _on_photo(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _open_site(self) -> None:
        if self._shown is not None:
            self._context.go("survey", self._shown.site)
            self.accept()

    def _person(self) -> str:
        return self._context.person if self._context.person or self._context.ask_person() else ""

    def ask_third(self) -> None:
        """Ask for a third look by somebody who was not there."""
        person = self._person()
        if self._shown is None or not person:
            return
        checkpoint = self._shown.checkpoint
        self._context.tasks.write(
            lambda store: store.ask_third_look(checkpoint, person=person),
            lambda _done: self._said(tr("已请人第三次检查：志愿者在“调查”页的“复查”里会看到。")),
            self.messages.show_error, context=self,
        )  # fmt: skip

    def ask_adopt(self) -> None:
        """Ask which inspection holds."""
        if self._shown is None or not self._person():
            return
        dispute = self._shown
        dialog = AdoptDialog(
            dispute, self._found.people, digit_keys=self._context.settings.choices.number_keys, parent=self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(lambda inspection, reason: self._adopt(dialog, dispute, inspection, reason))
        dialog.open()

    def _adopt(self, dialog: AdoptDialog, dispute: Dispute, inspection: str, reason: str) -> None:
        person = self._context.person

        def done(_changes: Changes) -> None:
            dialog.accept()
            self._said(tr("“{site}”已裁定。").format(site=dispute.site_name))

        self._context.tasks.write(
            lambda store: store.adopt_inspection(dispute.checkpoint, inspection, person=person, reason=reason),
            done, dialog.show_fault, context=dialog,
        )  # fmt: skip

    def _said(self, text: str) -> None:
        self.messages.show_message("good", text)
        self._ask()


def who(inspection: Inspection, names: Mapping[str, str]) -> str:
    """Who made an inspection, and when."""
    name = names.get(inspection.person, "") or tr("（姓名已删除）")
    return tr("{name} {time}").format(name=name, time=inspection.recorded_at[:16].replace("T", " "))
