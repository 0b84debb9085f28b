"""The review page: the queue of submitted visits, the visit in hand, accept it or return it with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.dispute_dialog import DisputeDialog
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.review_detail import VisitDetail, VisitInHand, read_visit
from barrierfree.gui.spot_check_dialog import SpotCheckDialog
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Visit
from barrierfree.model.words import VisitState

_TABLE = "review.table"
_CHIPS: dict[str, tuple[VisitState, ...]] = {
    "pending": (VisitState.SUBMITTED,),
    "returned": (VisitState.RETURNED, VisitState.PARTLY_RETURNED),
    "all": tuple(VisitState),
}


class ReturnDialog(FormDialog):
    """Asks why a visit is returned, and whether all of it or only the ticked inspections.

    Signals:
        wanted(str, bool): the reason, and whether the whole visit is meant. The dialog stays until it is accepted.
    """

    wanted = Signal(str, bool)

    def __init__(self, site: str, ticked: Sequence[str], *, digit_keys: bool, parent: QWidget | None = None) -> None:
        super().__init__(tr("退回走访"), tr("退回"), parent, height=520)
        self.fields.addWidget(label(tr("退回“{site}”的走访").format(site=site), "heading", wrap=True))
        self.extent: ChoiceButtons | None = None
        if ticked:
            choices = [("ticked", tr("只退回勾选的 {n} 条").format(n=len(ticked))), ("all", tr("退回整次走访"))]
            self.extent = ChoiceButtons(choices, tr("退回范围"), digit_keys=digit_keys)
            self.extent.set_value("ticked")
            self.fields.addWidget(label(tr("已勾选：{names}").format(names=listed(ticked)), "muted", wrap=True))
            self.fields.addWidget(self.extent)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(tokens().text(100))
        self.add_field(tr("退回原因（志愿者会看到这句话）"), self.reason, tr("写清楚哪里要重测或补充"))
        phrases = (tr("照片看不清，请重拍。"), tr("尺寸请复测。"), tr("关键条目没有填。"), tr("点位不对。"))
        self.phrases = [Button(p, partial(self._add_phrase, p), tip=tr("写入原因")) for p in phrases]
        self.fields.addWidget(FlowRow(*self.phrases))
        self.finish(self.reason)

    def show_fault(self, error: Exception) -> None:
        """Say why it was refused; what was typed stays."""
        super().show_fault(error)
        self.reason.setFocus()

    def confirmed(self) -> None:
        """Hand the reason over."""
        self.confirm.setEnabled(False)
        whole = self.extent is None or self.extent.value() != "ticked"
        self.wanted.emit(self.reason.toPlainText().strip(), whole)

    def _add_phrase(self, phrase: str) -> None:
        self.reason.insertPlainText(phrase)
        self.reason.setFocus()


class ReviewPage(Page):
    """Nothing counts before it is accepted here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("审核"), parent)
        self._context = context
        self._visits: list[Visit] = []
        self._wanted = ""  # the visit to be selected when the queue has come
        self._asked = ""
        self._filling = False
        self.header.set_sample(context.survey.sample)
        self.disputes = Button(tr("有分歧"), self.show_disputes, icon="help", shortcut="Ctrl+D",
                               tip=tr("两次通过审核的检查结论不同"))  # fmt: skip
        self.spot_checks = Button(tr("抽查…"), self.show_spot_checks, icon="people", shortcut="Ctrl+K",
                                  tip=tr("随机抽几次走访，请另一个人再去看一遍"))  # fmt: skip
        self.header.add_action(self.disputes)
        self.header.add_action(self.spot_checks)
        self.chips = FilterChips(list(_CHIPS), tr("筛选走访"))
        self.chips.set_value("pending")
        self.first = self.chips.buttons["pending"]
        self.chips.chosen.connect(lambda _key: self._show_queue())
        self.table: RecordTable[Visit] = RecordTable(_columns(), lambda v: v.id, tr("走访"))
        self.table.restore(context.settings.get(_TABLE, {}))
        self.table.selection_changed.connect(self._on_selection)
        self.table.activated.connect(self._on_opened)
        self.detail = VisitDetail(context)
        self.detail.accept_wanted.connect(self.accept_visit)
        self.detail.return_wanted.connect(self.ask_return)
        self.detail.site_wanted.connect(self.open_site)
        queue = Card(padding=0)
        queue.body.setContentsMargins(0, 0, 0, 0)
        queue.body.setSpacing(0)
        queue.body.addWidget(self.chips)
        queue.body.addWidget(self.table, 1)
        self.columns = AdaptiveColumns(
            [Pane("queue", tr("走访"), queue, 556), Pane("visit", tr("内容"), self.detail, 674, 1)]
        )
        self.body.addWidget(self.columns, 1)
        self._label_chips()
        self.table.set_loading()

    # -- page -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the queue when the page comes into sight."""
        self._ask()

    def apply_changes(self, changes: Changes) -> None:
        """Read the queue and the visit in hand again when visits changed."""
        if changes.written and (changes.visits or changes.people or changes.sites):
            self._asked = ""
            self._ask()

    def search_field(self) -> QWidget:
        """Ctrl+F searches the queue."""
        self.columns.show_pane("queue")
        return self.table.search_field()

    def show_target(self, target: object) -> None:
        """Show 'pending', 'returned', 'all', 'disputed', or the visit with this id."""
        if not isinstance(target, str) or not target:
            return
        if target == "disputed":
            self.show_disputes()
        elif target in _CHIPS:
            self.chips.set_value(target)
        else:
            self._wanted = target
            self.chips.set_value("all")
            self.table.filters.clear()
            self.columns.show_pane("visit")
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns of the queue when the page goes out of sight."""
        super().hideEvent(event)
        self._context.settings.set(_TABLE, self.table.state())

    # -- queue ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._context.tasks.read(
            lambda store: (store.visits(), len(store.disputes())), self._show_visits, self.messages.show_error,
            replaces="review.visits",
        )  # fmt: skip

    def _show_visits(self, found: tuple[list[Visit], int]) -> None:
        visits, disputes = found
        self._visits = visits
        self.disputes.setText(tr("有分歧 {n}").format(n=f"{disputes:,}"))
        self.disputes.setShortcut("Ctrl+D")  # a new text takes the key away from a button
        self._label_chips()
        counts = {key: sum(v.state in states for v in visits) for key, states in _CHIPS.items()}
        self.header.set_counts(
            tr("待审核 {pending} · 已退回 {returned} · 全部 {all}").format(**{k: f"{n:,}" for k, n in counts.items()})
        )
        self._show_queue()

    def _label_chips(self) -> None:
        titles = {"pending": tr("待审核"), "returned": tr("已退回"), "all": tr("全部")}
        for key, states in _CHIPS.items():
            number = sum(v.state in states for v in self._visits)
            self.chips.set_text(key, f"{titles[key]} {number:,}")

    def _show_queue(self) -> None:
        key = self.chips.value()
        self._say_what_to_do(key)
        shown = [v for v in self._visits if v.state in _CHIPS[key]]
        if key == "pending":
            shown.reverse()  # who came first is looked at first
        wanted, self._wanted = self._wanted, ""
        self._filling = True
        self.table.set_records(shown)
        self._filling = False
        if wanted and self.table.select(wanted):
            return
        current = self.table.selected()
        if current:
            self._on_selection(current)
        elif shown and self.table.model.rowCount():
            self.table.view.selectRow(0)
        else:
            self._asked = ""
            self.detail.show_nothing(self._nothing(key))

    @staticmethod
    def _nothing(key: str) -> str:
        if key == "pending":
            return tr("待审核的走访都看完了。")
        return tr("在列表里选一次走访，这里会显示回答、判定和照片。")

    def _say_what_to_do(self, key: str) -> None:
        if key == "returned":
            self.table.set_empty(tr("没有退回的走访"), tr("退回的走访会留在这里，直到志愿者重新提交。"))
            return
        advice = tr("志愿者提交走访后会出现在这里；其他电脑上的走访请在“数据”页合并数据包。")
        title = tr("没有待审核的走访") if key == "pending" else tr("还没有走访")
        self.table.set_empty(title, advice, tr("打开“数据”页"), lambda: self._context.go("data", None))

    def _on_opened(self, _visit: Visit) -> None:
        self.columns.go_to("visit")

    def _on_selection(self, selected: list[Visit]) -> None:
        if self._filling:
            return
        if len(selected) != 1:
            self._asked = ""
            self.detail.show_nothing(tr("请只选择一次走访。") if selected else "")
            return
        visit = selected[0].id
        if visit == self._asked:
            return
        self._asked = visit
        self._context.tasks.read(
            lambda store: read_visit(store, visit), self._show_visit, self.messages.show_error, replaces="review.visit"
        )

    def _show_visit(self, hand: VisitInHand) -> None:
        if hand.visit.id == self._asked:
            self.detail.show_visit(hand)

    # -- second looks -------------------------------------------------------------------------------------------------

    def show_disputes(self) -> None:
        """Records on which two accepted inspections disagree."""
        self._open(DisputeDialog(self._context, self))

    def show_spot_checks(self) -> None:
        """Samples for a second opinion."""
        self._open(SpotCheckDialog(self._context, self))

    @staticmethod
    def _open(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- actions --------------------------------------------------------------------------------------------------

    def open_site(self) -> None:
        """Open the site of the visit in hand on the survey page."""
        if self.detail.hand is not None:
            self._context.go("survey", self.detail.hand.site.id)

    def accept_visit(self) -> None:
        """Accept the visit in hand; findings it reports are opened."""
        hand = self._in_hand()
        if hand is None:
            return
        if self.detail.ticked():
            text = tr("有 {n} 条勾选了“退回这一条”。").format(n=len(self.detail.ticked()))
            self.messages.show_message("warning", text, tr("请按“退回”，或取消勾选后再通过。"))
            return
        said = tr("“{site}”的走访已通过。").format(site=hand.site.name)
        self._decide(hand, True, "", [], partial(self._decided, hand, said), self.messages.show_error)

    def ask_return(self) -> None:
        """Ask for the reason and return the visit in hand, or only what is ticked in it."""
        hand = self._in_hand()
        if hand is None:
            return
        ticked = self.detail.ticked()
        dialog = ReturnDialog(
            hand.site.name, [b.name for b in ticked],
            digit_keys=self._context.settings.choices.number_keys, parent=self,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ids = [b.inspection.id for b in ticked]
        dialog.wanted.connect(lambda reason, whole: self._return(hand, dialog, reason, [] if whole else ids))
        dialog.open()

    def _return(self, hand: VisitInHand, dialog: ReturnDialog, reason: str, inspections: list[str]) -> None:
        if inspections:
            said = tr("“{site}”的走访退回了 {n} 条，其余已通过。").format(site=hand.site.name, n=len(inspections))
        else:
            said = tr("“{site}”的走访已退回。").format(site=hand.site.name)

        def done(_changes: Changes) -> None:
            dialog.accept()
            self._decided(hand, said, _changes)

        self._decide(hand, False, reason, inspections, done, dialog.show_fault)

    def _in_hand(self) -> VisitInHand | None:
        hand = self.detail.hand
        if hand is None or hand.visit.state is not VisitState.SUBMITTED:
            return None
        return hand if self._context.person or self._context.ask_person() else None

    def _decide(
        self, hand: VisitInHand, accept: bool, reason: str, inspections: list[str],
        on_done: Callable[[Changes], None], on_error: Callable[[Exception], None],
    ) -> None:  # fmt: skip
        visit, person = hand.visit.id, self._context.person
        self._context.tasks.write(
            lambda store: store.review_visit(
                visit, accept=accept, person=person, reason=reason, inspections=inspections
            ),
            on_done,
            on_error,
        )

    def _decided(self, hand: VisitInHand, said: str, _changes: Changes) -> None:
        """Say it quietly and go on with the next visit of the queue."""
        model = self.table.model
        row = model.row_of(lambda v: v.id == hand.visit.id)
        if row >= 0 and model.rowCount() > 1:
            following = row + 1 if row + 1 < model.rowCount() else row - 1
            self._wanted = model.record(following).id
        self.messages.show_message("good", said)
        if not self.columns.tabbed:
            self.table.view.setFocus()
        self._asked = ""
        self._ask()


def _columns() -> tuple[Column[Visit], ...]:
    return (
        Column("site", tr("点位"), lambda v: v.site_name, detail=lambda v: v.community, width=152),
        Column("person", tr("提交人"), lambda v: v.person_name,
               detail=lambda v: v.submitted_at[:16].replace("T", " "), width=156, filterable=True),
        Column("inspections", tr("检查"), lambda v: f"{v.inspections:,}", sort=lambda v: v.inspections, width=56,
               align="right"),
        Column("not_met", tr("不达标"), lambda v: f"{v.not_met:,}", sort=lambda v: v.not_met, width=80,
               symbol=lambda v: "open" if v.not_met else ""),
        Column("photos", tr("照片"), lambda v: f"{v.photos:,}", sort=lambda v: v.photos, width=58, align="right",
               detail=lambda v: tr("待补") if v.photos_to_follow else ""),
        Column("state", tr("状态"), lambda v: tr(words.label(v.state)), width=90, hidden=True),
        Column("community", tr("社区"), lambda v: v.community, width=110, filterable=True, hidden=True),
        Column("submitted", tr("提交时间"), lambda v: v.submitted_at[:16].replace("T", " "), width=150, hidden=True),
        Column("outcome", tr("结果"), lambda v: tr(words.label(v.outcome)), width=100, hidden=True),
        Column("code", tr("编码"), lambda v: v.site_code, width=200, hidden=True),
        Column("reason", tr("退回原因"), lambda v: v.review_reason, width=240, hidden=True),
    )  # fmt: skip
