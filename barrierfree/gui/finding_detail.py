"""The finding in hand on the rectification page: limits missed, before and after, history, and what can follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from barrierfree import conformance, rectification
from barrierfree.gui.batches.words import city_line
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.history_dialog import show_history
from barrierfree.gui.labels import MarkedText, label
from barrierfree.gui.pair_dialog import PairDialog
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, language, named, tr
from barrierfree.model import words
from barrierfree.model.records import Finding, Inspection, Photo, Report, Step, StepRequest, Verdict
from barrierfree.model.words import FindingState, ReportSource, Standing, VerdictKind
from barrierfree.store import FindingFilter, Store, Undoing

_PHOTO_HEIGHT = 140
_MOST_BUTTONS = 4
_ALL_GIVEN = StepRequest(
    to=FindingState.OPEN, unit="-", deadline="9999-12-31", measure="-", reason="-", photos=("-",)
)  # a request that lacks nothing: what is still refused does not depend on what somebody fills in


@dataclass(frozen=True)
class FindingInHand:
    """A finding with all that is shown of it. ``blocked`` says why a next state is not possible whatever one enters.

    ``missed`` are the verdicts on the rules it carries, from the newest inspection that misses them.
    """

    finding: Finding
    steps: tuple[Step, ...]
    today: date
    reporter: str = ""
    missed: Mapping[str, Verdict] = field(default_factory=dict)
    blocked: Mapping[FindingState, str] = field(default_factory=dict)
    reinspection: Inspection | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    photos: Mapping[str, Photo] = field(default_factory=dict)
    same_site: tuple[Finding, ...] = ()
    acts: tuple[Step, ...] = ()  # all steps, also those that are not in force
    undoing: Undoing = field(default_factory=lambda: Undoing(steps=()))
    reports: tuple[Report, ...] = ()
    special: Mapping[date, bool] = field(default_factory=dict)  # the survey's own days off and on
    site_class: str = ""
    city: str = ""  # how it stands with the city's system, in words


def read_finding(store: Store, finding: str, person: str) -> FindingInHand:
    """Read a finding and ask of every next state whether it is refused. For the reader's thread."""
    found = store.finding(finding)
    inspections = store.seen_since(found)
    people = {p.id: p.name for p in store.people()}
    missed: dict[str, Verdict] = {}
    for inspection in inspections:
        for verdict in inspection.verdicts:
            if verdict.rule in found.rules and verdict.kind is VerdictKind.NOT_MET:
                missed[verdict.rule] = verdict
    reporter = next((i.person for i in inspections if found.problem in {p.problem for p in i.problems}), "")
    later = [i for i in inspections if found.claimed_at and i.recorded_at > found.claimed_at]
    blocked: dict[FindingState, str] = {}
    for state in rectification.next_states(found.state):
        if state is not FindingState.DUPLICATE:
            refused = store.refusal(finding, _ALL_GIVEN.model_copy(update={"to": state}), person=person)
            if refused:
                blocked[state] = refused
    hashes = dict.fromkeys((*found.photos_before, *found.photos_after))
    sent = store.sent_states([finding]).get(("finding", finding))
    others = tuple(f for f in store.findings(FindingFilter(site=found.site)) if f.id != finding)
    return FindingInHand(
        finding=found, steps=tuple(store.steps(finding)), today=store.clock().date(),
        reporter=people.get(reporter, ""), missed=missed, blocked=blocked,
        reinspection=later[-1] if later and found.state is FindingState.CLAIMED else None, people=people,
        photos={p.sha256: p for p in store.photos(hashes)}, same_site=others,
        acts=tuple(store.steps(finding, all_of_them=True)), undoing=store.undoing(finding, person=person),
        reports=tuple(store.reports(finding)), special=store.calendar(), site_class=store.site(found.site).site_class,
        city=city_line(sent) if sent is not None else "",
    )  # fmt: skip


def action_word(finding: Finding, to: FindingState) -> str:
    """What a person does to bring ``finding`` into the state ``to``, as a button says it."""
    state = finding.state
    if to is FindingState.OPEN:
        return tr("核实属实") if state is FindingState.REPORTED else tr("重新打开")
    if to is FindingState.IN_PROGRESS:
        if state is FindingState.CLAIMED:
            return tr("退回重改")
        return tr("调整交办") if state is FindingState.IN_PROGRESS else tr("交办整改")
    return {
        FindingState.CLAIMED: tr("申请验收"),
        FindingState.RECTIFIED: tr("验收销号"),
        FindingState.TRANSFERRED: tr("移交给别处…"),
        FindingState.SOFT_SERVICE: tr("改为软服务…"),
        FindingState.DUPLICATE: tr("重复"),
        FindingState.INVALID: tr("不属实"),
    }[to]


def finding_name(context: Context, finding: Finding) -> str:
    """Site and element of a finding."""
    return f"{finding.site_name} · {context.element_name(finding.element, finding.number)}"


def short_day(moment: str, today: date) -> str:
    """A day without its year when that is this year."""
    return moment[5:10] if moment[:4] == str(today.year) else moment[:10]


def quantity_text(quantity: float | None, unit: str) -> str:
    """An installed quantity with its unit; '' for none."""
    return "" if quantity is None else f"{quantity:g} {unit}".rstrip()


def request_text(request: StepRequest, today: date | None = None) -> str:
    """What a step gives: unit, deadline, measure, quantities, photos, reason. Days of this year without it."""
    parts = _given(request, today)
    return " · ".join(p for p in (*parts, request.reason) if p)


def _given(request: StepRequest, today: date | None) -> list[str]:
    parts = [request.unit, request.responsible]
    if request.deadline:
        day = tr("期限 {day}").format(day=short_day(request.deadline, today) if today else request.deadline)
        parts.append(bracketed(day, request.deadline_note) if request.deadline_note else day)
    parts.append(request.measure)
    if request.planned is not None:
        parts.append(tr("计划 {quantity}").format(quantity=quantity_text(request.planned, request.quantity_unit)))
    parts.append(quantity_text(request.quantity, request.quantity_unit))
    if request.photos:
        parts.append(tr("照片 {n} 张").format(n=len(request.photos)))
    return parts


def step_line(step: Step, today: date) -> str:
    """The state a step led to, the day and the person; whether it holds no longer."""
    text = f"{tr(words.label(step.request.to))}　{short_day(step.recorded_at, today)} {step.person_name}".rstrip()
    return text if step.standing is Standing.IN_FORCE else bracketed(text, tr(words.label(step.standing)))


def step_text(step: Step, hand: FindingInHand) -> str:
    """What a step says, in words."""
    request = step.request
    parts = _given(request, hand.today)
    if request.original:
        original = next((f for f in hand.same_site if f.id == request.original), None)
        problem = tr(words.label(original.problem)) if original else request.original
        parts.append(tr("与“{problem}”重复").format(problem=problem))
    if request.to is FindingState.RECTIFIED and request.inspection:
        parts.append(tr("现场复检合格"))
    parts.append(request.reason)
    return " · ".join(p for p in parts if p)


class FindingDetail(Card):
    """One finding, or what can be done with several at once.

    Signals:
        step_wanted(FindingState): a next state was chosen.
        bulk_wanted: unit and deadline for all selected findings.
        site_wanted: open the site.
        undo_wanted: take the last step back.
        choice_wanted(Step): one of two contradicting steps was chosen.
    """

    step_wanted = Signal(object)
    bulk_wanted = Signal()
    site_wanted = Signal()
    undo_wanted = Signal()
    choice_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(padding=0)
        self._context = context
        self.hand: FindingInHand | None = None
        self.step_buttons: dict[FindingState, Button] = {}
        self.choice_buttons: dict[str, Button] = {}
        self.undo_button: Button | None = None
        self._items: list[PhotoItem] = []
        self._name = label("", "heading", wrap=True)
        self._about = label("", "muted", wrap=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(tr("整改经过"))
        self._foot = QFrame()
        self._foot.setProperty("role", "footer")
        self._foot_layout = QVBoxLayout(self._foot)
        self._foot_layout.setContentsMargins(18, 10, 18, 10)
        self._foot_layout.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(18, 14, 14, 6)
        head.setSpacing(6)
        self.site_button = Button(tr("打开点位"), self.site_wanted.emit, kind="icon", icon="survey",
                                  tip=tr("在“调查”页打开这个点位（复检也在那里）"))  # fmt: skip
        self.pair_button = Button(tr("前后对照"), self.show_pair, kind="icon", icon="photo", shortcut="Ctrl+B",
                                  tip=tr("整改前后的照片并列，一起放大"))  # fmt: skip
        self.history_button = Button(tr("历史"), self.show_history, kind="icon", icon="list", shortcut="Ctrl+H",
                                     tip=tr("这个问题的历史记录"))  # fmt: skip
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addWidget(self._about)
        head.addLayout(texts, 1)
        head.addWidget(self.pair_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.history_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.site_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._foot)
        self.show_nothing()

    def show_nothing(self, text: str = "") -> None:
        """Say what to do while no finding is in hand."""
        self.hand = None
        self._name.setText(tr("请选择一个问题"))
        self._about.setText(text or tr("在台账里选一个问题，这里会显示照片、经过和下一步。按 Shift 可选多个。"))
        self._scroll.takeWidget()
        self.site_button.hide()
        self.history_button.hide()
        self.pair_button.hide()
        self._clear_foot()

    def show_pair(self) -> None:
        """The photos before and after side by side."""
        if self.hand is None:
            return
        many = len(self.hand.finding.photos_before)
        dialog = PairDialog(self._items[:many], self._items[many:], self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_history(self) -> None:
        """Who changed what of the finding in hand."""
        if self.hand is not None:
            finding = self.hand.finding
            show_history(self._context, finding.id, finding_name(self._context, finding), self)

    def take_focus(self) -> None:
        """Go to the history, where the arrow keys scroll; Tab goes on to the next steps."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_several(self, findings: Sequence[Finding]) -> None:
        """Offer what can be done with all of them at once."""
        self.hand = None
        self._name.setText(tr("已选 {n} 个问题").format(n=len(findings)))
        self._about.setText(tr("可以一次处理：交办、改期限、移交、验收……先预览，确认后才保存，可以一起撤销。"))
        inner, layout = _plain()
        counts = Counter(f.state for f in findings)
        for state in FindingState:
            if counts[state]:
                text = f"{tr(words.label(state))}　{counts[state]:,}"
                layout.addWidget(MarkedText(state.value, text, tinted=True))
        layout.addStretch(1)
        self._scroll.setWidget(inner)
        self.site_button.hide()
        self.history_button.hide()
        self.pair_button.hide()
        self._clear_foot()
        bulk = Button(tr("批量处理…"), self.bulk_wanted.emit, kind="primary", shortcut="Ctrl+Return")
        self._foot_layout.addWidget(FlowRow(bulk))
        text = tr("不能改的会在预览里说明原因，保持不变。")
        self._foot_layout.addWidget(label(text, "small", wrap=True))
        self._foot.show()

    def show_finding(self, hand: FindingInHand) -> None:
        """Show a finding with its history and what can follow."""
        self.hand = hand
        self.choice_buttons, self.undo_button = {}, None
        finding = hand.finding
        self.site_button.show()
        self.history_button.show()
        self.pair_button.setVisible(bool(finding.photos_before and finding.photos_after))
        self._name.setText(finding_name(self._context, finding))
        about = [tr(words.label(finding.problem)), finding.community]
        if finding.round > 1:
            about.append(tr("第 {n} 轮").format(n=finding.round))
        self._about.setText(" · ".join(p for p in about if p))
        inner, layout = _plain()
        for text in self._limits(hand):
            layout.addWidget(MarkedText("open", text))
        if finding.note and not finding.source:  # what somebody told stands in the history
            layout.addWidget(label(finding.note, wrap=True))
        if hand.city:
            layout.addWidget(label(named(tr("市系统"), hand.city), wrap=True))
        if finding.conflict:
            self._add_rivals(layout, hand)
        layout.addSpacing(2)
        layout.addLayout(self._photos(hand))
        layout.addSpacing(4)
        for line in self._history(hand):
            layout.addWidget(line)
        layout.addStretch(1)
        self._scroll.setWidget(inner)
        self._show_actions(hand)

    def _add_rivals(self, layout: QVBoxLayout, hand: FindingInHand) -> None:
        """The two steps that contradict, each with a button that decides for it."""
        state = tr(words.label(hand.finding.state))
        text = tr("两处对这个问题作了不同处理。裁定之前仍是“{state}”；请采用其中一步：").format(state=state)
        layout.addWidget(label(text, tone="warn", wrap=True))
        for step in hand.acts:
            if step.standing is Standing.RIVAL:
                layout.addWidget(_entry(step, hand))
                said = tr("采用“{state}”…").format(state=tr(words.label(step.request.to)))
                button = Button(said, partial(self.choice_wanted.emit, step), tip=step_line(step, hand.today))
                button.setAccessibleDescription(f"{step_line(step, hand.today)} {step_text(step, hand)}")
                self.choice_buttons[step.id] = button
                layout.addWidget(FlowRow(button))

    def _limits(self, hand: FindingInHand) -> list[str]:
        checklist = self._context.survey.definition.checklist
        element = self._context.element(hand.finding.element)
        told = []
        for rule_id in hand.finding.rules:
            rule = checklist.rule(rule_id)
            question = element.question(rule.question) if element and rule else None
            if rule is None or question is None:
                told.append(rule_id)
            elif rule_id in hand.missed:
                told.append(conformance.explain(hand.missed[rule_id], rule, question, language()))
            else:
                limit = conformance.limit_text(rule, question, language())
                told.append(f"{rule.label.in_language(language())} {limit}")
        return told

    def _photos(self, hand: FindingInHand) -> QHBoxLayout:
        finding = hand.finding
        before = tr("整改前 {day}").format(day=short_day(finding.reported_at, hand.today))
        after = tr("整改后 {day}").format(day=short_day(finding.claimed_at, hand.today)) if finding.claimed_at else ""
        self._items = []
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addLayout(self._side(hand, finding.photos_before, before, tr("没有整改前照片"), before), 1)
        hint = after or tr("申请验收前需要")
        row.addLayout(self._side(hand, finding.photos_after, after, tr("整改后照片"), hint), 1)
        return row

    def _side(self, hand: FindingInHand, hashes: Sequence[str], title: str, missing: str, under: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(3)
        height = tokens().text(_PHOTO_HEIGHT) if tokens().large else _PHOTO_HEIGHT
        if hashes:
            items = []
            for sha256 in hashes:
                photo = hand.photos.get(sha256)
                path = self._context.photo_path(sha256, photo.suffix if photo else ".jpg")
                items.append(PhotoItem(f"{title}/{sha256}", path, title))
            self._items += items
            strip = PhotoStrip(self._context.tasks.compute, height=height)
            strip.set_photos(items)
            strip.opened.connect(self._on_photo)
            column.addWidget(strip)
        else:
            column.addWidget(_placeholder(missing, height))
        column.addWidget(label(under, "small", wrap=True))
        column.addStretch(1)
        return column

    def _history(self, hand: FindingInHand) -> list[QWidget]:
        lines: list[QWidget] = []
        found = hand.reinspection
        if found is not None:
            text = tr("复检 {day} {name}").format(
                day=short_day(found.recorded_at, hand.today), name=hand.people.get(found.person, "")
            )
            lines.append(MarkedText("pending", text, tr(words.label(found.state)), role="strong"))
        last = hand.finding.last_step
        for step in reversed(hand.acts):
            if step.standing not in (Standing.RIVAL, Standing.SAME):
                lines.append(_entry(step, hand))
            if step.id == last and not hand.undoing.refused:
                lines.append(self._undo_row(hand))
        for report in reversed(hand.reports):
            lines.append(_reported(report, hand))
        return lines

    def _undo_row(self, hand: FindingInHand) -> QWidget:
        several = len(hand.undoing.steps)
        text = tr("撤销这一步") if several < 2 else tr("撤销这次对 {n} 个问题的处理").format(n=several)
        self.undo_button = Button(text, self.undo_wanted.emit, tip=bracketed(text, "Ctrl+Z"))
        return FlowRow(self.undo_button)

    def _show_actions(self, hand: FindingInHand) -> None:
        self._clear_foot()
        finding = hand.finding
        states = () if finding.conflict else rectification.next_states(finding.state)
        shown = states if len(states) <= _MOST_BUTTONS else states[: _MOST_BUTTONS - 1]
        row = FlowRow()
        for number, state in enumerate(shown):
            primary = number == 0 and state not in hand.blocked
            button = Button(
                action_word(finding, state), partial(self.step_wanted.emit, state),
                kind="primary" if primary else "plain", shortcut="Ctrl+Return" if number == 0 else "",
            )  # fmt: skip
            self.step_buttons[state] = button
            row.add(button)
        if len(states) > len(shown):
            row.add(self._more(finding, states[len(shown) :]))
        self._foot_layout.addWidget(row)
        for text in dict.fromkeys(hand.blocked.values()):
            self._foot_layout.addWidget(label(text, "small", wrap=True))
        if finding.state is FindingState.IN_PROGRESS:
            self._foot_layout.addWidget(label(tr("验收需由申请者以外的人到现场复检合格。"), "small", wrap=True))
        self._foot.show()

    def _more(self, finding: Finding, states: Sequence[FindingState]) -> Button:
        button = Button(tr("更多 ▾"), tip=tr("其他处理"))
        menu = QMenu(button)
        for state in states:
            action = menu.addAction(action_word(finding, state))
            action.triggered.connect(lambda _on=False, to=state: self.step_wanted.emit(to))
        button.setMenu(menu)
        return button

    def _clear_foot(self) -> None:
        self.step_buttons = {}
        while (item := self._foot_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._foot.hide()

    def _on_photo(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _entry(step: Step, hand: FindingInHand) -> MarkedText:
    """A line of the history: state, day and person, details below; one that does not hold is not strong."""
    role = "strong" if step.standing in (Standing.IN_FORCE, Standing.RIVAL) else "muted"
    return MarkedText(step.request.to.value, step_line(step, hand.today), step_text(step, hand), role=role)


def _reported(report: Report, hand: FindingInHand) -> MarkedText:
    """A line of the history: how the problem came to be known, on which day, by whom."""
    reported = FindingState.REPORTED
    who = hand.reporter if report.inspection else report.person_name
    text = f"{tr(words.label(reported))}　{short_day(report.recorded_at, hand.today)} {who}".rstrip()
    how = tr("检查发现")
    if report.source:
        source = tr(words.label(ReportSource(report.source)))
        how = tr("{source}反映，{name}登记").format(source=source, name=report.person_name)
        how = named(how, report.note)
    return MarkedText(reported.value, text, how, role="strong")


def _plain() -> tuple[QWidget, QVBoxLayout]:
    inner = QWidget()
    inner.setProperty("role", "plain")
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(18, 2, 14, 10)
    layout.setSpacing(10)
    return inner, layout


def _placeholder(text: str, height: int) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "drop")
    frame.setFixedHeight(height)
    frame.setMaximumWidth(round(height * 7 / 6))  # as wide as the photo that will stand here
    layout = QVBoxLayout(frame)
    centred = label(text, "muted", wrap=True)
    centred.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addWidget(centred)
    return frame
