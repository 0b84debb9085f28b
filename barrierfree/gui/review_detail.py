"""The visit in hand on the review page: what was answered, what misses a limit, photos, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from barrierfree import conformance
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card, CardGrid
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import MarkedText, label
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip
from barrierfree.i18n import bracketed, language, listed, named, sentences, tr
from barrierfree.model import words
from barrierfree.model.definition import ElementType, Question
from barrierfree.model.records import Inspection, Photo, Site, Visit
from barrierfree.model.words import VerdictKind, VisitState
from barrierfree.store import Store

_DOUBTS = (VerdictKind.NOT_MET, VerdictKind.CHECK_STANDARD, VerdictKind.MEASURE_AGAIN)
GLYPHS = {
    VerdictKind.NOT_MET: "open",
    VerdictKind.CHECK_STANDARD: "question",
    VerdictKind.MEASURE_AGAIN: "question",
    VerdictKind.MET: "met",
    VerdictKind.CANNOT_TELL: "not_surveyed",
    VerdictKind.NOT_APPLICABLE: "not_inspected",
}
_PHOTO_HEIGHT = 180
RETURN_KEY = "Ctrl+R"


@dataclass(frozen=True)
class Answered:
    """The returned inspection a new one answers: why it was returned, when and by whom."""

    inspection: Inspection
    reason: str
    reviewer: str


@dataclass(frozen=True)
class VisitInHand:
    """A visit with all that a reviewer looks at."""

    visit: Visit
    site: Site
    inspections: tuple[Inspection, ...]
    answered: Mapping[str, Answered] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)


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
    return VisitInHand(found, store.site(found.site), inspections, answered, photos)


def answer_text(question: Question | None, value: Any) -> str:
    """An answer in words: the labels of choices, numbers with their unit, slopes as they were entered."""
    if isinstance(value, Mapping):
        entered, ratio = str(value.get("entered", "")), value.get("ratio")
        if ":" in entered or not isinstance(ratio, int | float):
            return entered
        return bracketed(entered, conformance.measure_text(ratio, "slope", ""))
    if question is not None and question.kind == "acknowledge":
        return tr("是") if value else tr("否")
    if isinstance(value, list):
        return listed(answer_text(question, one) for one in value)
    if question is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return conformance.measure_text(value, question.quantity, question.unit)
    labels = {c.name: c.label.in_language(language()) for c in question.choices}
    return labels.get(str(value), str(value))


def differences(element: ElementType | None, before: Inspection, after: Inspection) -> list[str]:
    """What a resubmission changed, answer by answer, in words; photos at the end."""
    told = []
    asked = [q.name for q in element.questions] if element else []
    names = [*asked, *(n for n in {**before.answers, **after.answers} if n not in asked)]
    for name in names:
        old, new = before.answers.get(name), after.answers.get(name)
        if old == new:
            continue
        question = element.question(name) if element else None
        title = question.label.in_language(language()) if question else name
        was = answer_text(question, old) if old not in (None, "", []) else tr("未填")
        now = answer_text(question, new) if new not in (None, "", []) else tr("未填")
        told.append(f"{title} {was} → {now}")
    added = len(set(after.photos) - set(before.photos))
    removed = len(set(before.photos) - set(after.photos))
    if added:
        told.append(tr("新增照片 {n} 张").format(n=added))
    if removed:
        told.append(tr("去掉照片 {n} 张").format(n=removed))
    return told


class InspectionBlock(QFrame):
    """One inspection: its element, answers, verdicts in words, photos, and a box to return it.

    Signals:
        ticked: the box was ticked or unticked.
        photo_opened(str): a photo was pressed (its hash).
    """

    ticked = Signal()
    photo_opened = Signal(str)

    def __init__(
        self, context: Context, inspection: Inspection, items: Sequence[PhotoItem], answered: Answered | None,
        *, open_for_review: bool, show_all: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("role", "plain")
        self.inspection = inspection
        self._context = context
        self._element = context.element(inspection.element)
        self.name = context.element_name(inspection.element, inspection.number)
        self.box = QCheckBox(tr("退回这一条"))
        self.box.setAccessibleName(tr("退回这一条：{name}").format(name=self.name))
        self.box.toggled.connect(lambda _on: self.ticked.emit())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 10, 0, 14)
        self._layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(self.name, "heading", wrap=True), 1)
        if not open_for_review:
            head.addWidget(label(tr(words.label(inspection.state)), "muted"))
        head.addWidget(self.box)
        self._layout.addLayout(head)
        if not open_for_review:
            self.box.hide()
        if answered is not None:
            self._layout.addWidget(self._answered(answered))
        self._add_problems()
        self._verdicts = QVBoxLayout()
        self._verdicts.setSpacing(6)
        self._layout.addLayout(self._verdicts)
        self.show_verdicts(show_all)
        self._add_answers()
        self._add_photos(items)

    def show_verdicts(self, all_of_them: bool) -> None:
        """List the verdicts: only what misses a limit or is doubtful, or all of them."""
        while (item := self._verdicts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        order = list(GLYPHS)
        shown = [v for v in self.inspection.verdicts if all_of_them or v.kind in _DOUBTS]
        checklist = self._context.survey.definition.checklist
        for verdict in sorted(shown, key=lambda v: order.index(v.kind)):
            rule = checklist.rule(verdict.rule)
            question = self._element.question(rule.question) if self._element and rule else None
            if rule is None or question is None:  # judged by another edition of the checklist
                text = named(verdict.rule, tr(words.label(verdict.kind)))
            else:
                text = conformance.explain(verdict, rule, question, language())
            line = MarkedText(GLYPHS[verdict.kind], text, tinted=verdict.kind in _DOUBTS)
            self._verdicts.addWidget(line)
        if not shown:
            text = tr("没有不达标或要核对的项。") if self.inspection.verdicts else tr("没有可以判定的尺寸。")
            self._verdicts.addWidget(label(text, "muted", wrap=True))

    def _answered(self, answered: Answered) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "message")
        frame.setProperty("tone", "warn")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        day = answered.inspection.recorded_at[:10]
        title = tr("重新提交：{day} 的检查被退回").format(day=day)
        layout.addWidget(label(title, "strong", wrap=True))
        why = tr("退回原因：{reason}").format(reason=answered.reason)
        layout.addWidget(label(bracketed(why, answered.reviewer) if answered.reviewer else why, wrap=True))
        changed = differences(self._element, answered.inspection, self.inspection)
        text = sentences(changed) if changed else tr("回答与退回的那次完全相同")
        layout.addWidget(label(tr("改动：{text}").format(text=text), wrap=True))
        return frame

    def _add_problems(self) -> None:
        for problem in self.inspection.problems:
            text = tr("上报问题：{word}").format(word=tr(words.label(problem.problem)))
            self._layout.addWidget(MarkedText("reported", text, problem.note, role="strong", tinted=True))

    def _add_answers(self) -> None:
        answers = {n: v for n, v in self.inspection.answers.items() if v not in (None, "", [])}
        questions = {q.name: q for q in self._element.questions} if self._element else {}
        names = [n for n in questions if n in answers] + [n for n in answers if n not in questions]
        cells: list[QWidget] = []
        for name in names:
            question = questions.get(name)
            title = question.label.in_language(language()) if question else name
            cells.append(_answer(title, answer_text(question, answers[name])))
        if cells:
            self._layout.addWidget(CardGrid(*cells, column_width=150))
        else:
            self._layout.addWidget(label(tr("没有填写回答。"), "muted"))

    def _add_photos(self, items: Sequence[PhotoItem]) -> None:
        if not items:
            self._layout.addWidget(label(tr("没有照片。"), "muted"))
            return
        strip = PhotoStrip(self._context.tasks.compute, height=_PHOTO_HEIGHT)
        strip.set_photos(items)
        strip.opened.connect(self.photo_opened)
        self._layout.addWidget(strip)


def _answer(title: str, value: str) -> QWidget:
    cell = QWidget()
    cell.setProperty("role", "plain")
    layout = QVBoxLayout(cell)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(label(title, "small", wrap=True))
    layout.addWidget(label(value, wrap=True))
    layout.addStretch(1)
    return cell


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
        self._footer = FlowRow(self.accept_button, self.return_button, self.site_button, self.all_button)
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
            items = self._photo_items(hand, inspection)
            self._items += items
            block = InspectionBlock(
                self._context, inspection, items, hand.answered.get(inspection.id),
                open_for_review=hand.visit.state is VisitState.SUBMITTED, show_all=self.all_button.isChecked(),
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

    def _photo_items(self, hand: VisitInHand, inspection: Inspection) -> list[PhotoItem]:
        name = self._context.element_name(inspection.element, inspection.number)
        items = []
        for sha256 in inspection.photos:
            photo = hand.photos.get(sha256)
            path = self._context.photo_path(sha256, photo.suffix if photo else ".jpg")
            day = photo.taken_at[:16].replace("T", " ") if photo else ""
            items.append(PhotoItem(f"{inspection.id}/{sha256}", path, f"{name}　{day}".strip()))
        return items

    def _draw_return(self) -> None:
        count = len(self.ticked())
        self.return_button.setText(tr("退回 {n} 条…").format(n=count) if count else tr("退回…"))
        self.return_button.setShortcut(RETURN_KEY)  # a new text takes the key away from a button
        self.return_button.updateGeometry()

    def _on_all(self) -> None:
        for block in self.blocks:
            block.show_verdicts(self.all_button.isChecked())

    def _on_photo(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "rule")
    return line
