"""The visit in hand on the review page: what was answered, what misses a limit, photos, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.history_dialog import show_history
from barrierfree.gui.inspection_block import Answered, InspectionBlock, photo_items
from barrierfree.gui.labels import label
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem
from barrierfree.i18n import bracketed, named, tr
from barrierfree.model import words
from barrierfree.model.records import Inspection, Photo, Site, Visit
from barrierfree.model.words import VisitState
from barrierfree.store import Store

RETURN_KEY = "Ctrl+R"
PHOTOS_KEY = "Ctrl+P"
HISTORY_KEY = "Ctrl+H"


@dataclass(frozen=True)
class VisitInHand:
    """A visit with all that a reviewer looks at."""

    visit: Visit
    site: Site
    inspections: tuple[Inspection, ...]
    answered: Mapping[str, Answered] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)
    same_hand: frozenset[str] = frozenset()  # inspections made on the device on which what they check was claimed


def read_visit(store: Store, visit: str) -> VisitInHand:
    """Read a visit; for each inspection that replaces a returned one, what it answers. For the reader's thread."""
    found = store.visit(visit)
    inspections = tuple(store.inspections(visit=visit))
    answered = {}
    for inspection in inspections:
        earlier = [i for i in store.inspections(checkpoint=inspection.checkpoint) if i.id < inspection.id]
        decided = [i for i in earlier if i.visit != visit and i.state is not VisitState.SUBMITTED]
        if decided and decided[-1].state is VisitState.RETURNED:
            returned = store.visit(decided[-1].visit)
            answered[inspection.id] = Answered(decided[-1], returned.review_reason, returned.reviewed_by)
    hashes = dict.fromkeys(h for i in inspections for h in i.photos)
    photos = {p.sha256: p for p in store.photos(hashes)}
    return VisitInHand(found, store.site(found.site), inspections, answered, photos, frozenset(store.same_hand(visit)))


class VisitDetail(Card):
    """The visit in hand with its actions.

    Signals:
        accept_wanted, return_wanted, site_wanted: an action was chosen.
    """

    accept_wanted = Signal()
    return_wanted = Signal()
    site_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(padding=0)
        self._context = context
        self.hand: VisitInHand | None = None
        self.blocks: list[InspectionBlock] = []
        self._items: list[PhotoItem] = []
        self._name = label("", "heading", wrap=True)
        self._about = label("", "muted", wrap=True)
        self._outcome = label("", wrap=True)
        self._note = label("", wrap=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(tr("检查记录"))
        self.accept_button = Button(tr("通过"), self.accept_wanted.emit, kind="primary", icon="check",
                                    shortcut="Ctrl+Return")  # fmt: skip
        self.return_button = Button(tr("退回…"), self.return_wanted.emit, icon="undo", shortcut=RETURN_KEY)
        self.site_button = Button(tr("打开点位"), self.site_wanted.emit, tip=tr("在“调查”页打开这个点位"))
        self.all_button = Button(tr("显示全部判定"), self._on_all, tip=tr("也列出达标、无法判定和不适用的条文"))
        self.all_button.setCheckable(True)
        self.photos_button = Button(tr("看照片"), self.open_photos, icon="photo", shortcut=PHOTOS_KEY)
        self.history_button = Button(tr("历史"), self.show_history, tip=tr("这次走访的历史记录"), shortcut=HISTORY_KEY)
        self._footer = FlowRow(
            self.accept_button,
            self.return_button,
            self.photos_button,
            self.site_button,
            self.all_button,
            self.history_button,
        )
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(18, 14, 18, 8)
        head.setSpacing(2)
        for widget in (self._name, self._about, self._outcome, self._note):
            head.addWidget(widget)
        foot = QFrame()
        foot.setProperty("role", "footer")
        inner = QVBoxLayout(foot)
        inner.setContentsMargins(18, 10, 18, 10)
        inner.addWidget(self._footer)
        self._foot = foot
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(_line())
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(foot)

    def show_nothing(self, text: str = "") -> None:
        """Say what to do while no visit is in hand."""
        self.hand = None
        self.blocks = []
        self._name.setText(tr("请选择一次走访"))
        self._about.setText(text or tr("在列表里选一次走访，这里会显示回答、判定和照片。"))
        self._outcome.hide()
        self._note.hide()
        self._foot.hide()
        self._scroll.takeWidget()

    def show_visit(self, hand: VisitInHand) -> None:
        """Show a visit; what was ticked in the same visit stays ticked."""
        ticked = {b.inspection.id for b in self.blocks if b.box.isChecked()}
        self.hand = hand
        visit, site = hand.visit, hand.site
        self._name.setText(site.name)
        place = (site.code, self._context.class_name(site.site_class), site.community, site.address)
        who = tr("{person} · {time} 提交").format(
            person=visit.person_name or tr("（姓名已删除）"), time=visit.submitted_at[:16].replace("T", " ")
        )
        lines = [" · ".join(p for p in place if p), who]
        if visit.source == "paper":
            lines.append(
                tr("纸质表：{day} 走访，由 {person} 录入").format(
                    day=visit.ended[:10], person=visit.entered_by or tr("（姓名已删除）")
                )
            )
        self._about.setText("\n".join(lines))
        outcome = tr("结果：{outcome}").format(outcome=tr(words.label(visit.outcome)))
        outcome = bracketed(outcome, visit.reason) if visit.reason else outcome
        follow = tr("照片待补：还在手机上，审核前可以先等一等。")
        self._outcome.setText("\n".join((outcome, follow) if visit.photos_to_follow else (outcome,)))
        self._outcome.show()
        self._note.setText(self._note_text(visit))
        self._note.setVisible(bool(self._note.text()))
        self._show_blocks(hand, ticked)
        waiting = visit.state is VisitState.SUBMITTED
        self.accept_button.setVisible(waiting)
        self.return_button.setVisible(waiting)
        self._foot.show()
        self._draw_return()

    def ticked(self) -> list[InspectionBlock]:
        """The inspections ticked to be returned."""
        return [b for b in self.blocks if b.box.isChecked()]

    def _note_text(self, visit: Visit) -> str:
        if visit.state is VisitState.SUBMITTED:
            return tr("这是您自己提交的走访。") if visit.person == self._context.person else ""
        decided = tr("{state}，审核人 {name}").format(
            state=tr(words.label(visit.state)), name=visit.reviewed_by or tr("（姓名已删除）")
        )
        return named(decided, visit.review_reason) if visit.review_reason else decided

    def _show_blocks(self, hand: VisitInHand, ticked: set[str]) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(18, 4, 18, 8)
        layout.setSpacing(0)
        self.blocks, self._items = [], []
        for number, inspection in enumerate(hand.inspections):
            if number:
                layout.addWidget(_line())
            items = photo_items(self._context, inspection, hand.photos)
            self._items += items
            block = InspectionBlock(
                self._context, inspection, items, hand.answered.get(inspection.id),
                open_for_review=hand.visit.state is VisitState.SUBMITTED, show_all=self.all_button.isChecked(),
                same_hand=inspection.id in hand.same_hand,
            )  # fmt: skip
            block.box.setChecked(inspection.id in ticked)
            block.ticked.connect(self._draw_return)
            block.photo_opened.connect(self._on_photo)
            layout.addWidget(block)
            self.blocks.append(block)
        if not hand.inspections:
            layout.addWidget(label(tr("这次走访没有检查记录，只说明了结果。"), "muted", wrap=True))
        layout.addStretch(1)
        self._scroll.setWidget(inner)
        self.all_button.setVisible(bool(hand.inspections))
        self.photos_button.setVisible(bool(self._items))

    def _draw_return(self) -> None:
        count = len(self.ticked())
        self.return_button.setText(tr("退回 {n} 条…").format(n=count) if count else tr("退回…"))
        self.return_button.setShortcut(RETURN_KEY)  # a new text takes the key away from a button
        self.return_button.updateGeometry()

    def _on_all(self) -> None:
        for block in self.blocks:
            block.show_verdicts(self.all_button.isChecked())

    def show_history(self) -> None:
        """Who changed what of the visit in hand."""
        if self.hand is not None:
            show_history(self._context, self.hand.visit.id, self.hand.site.name, self)

    def open_photos(self) -> None:
        """The photos of the visit, large, the first one first."""
        if self._items:
            self._on_photo(self._items[0].key)

    def _on_photo(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "rule")
    return line
