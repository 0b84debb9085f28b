"""Type in sheets of paper, one after another: scan or type the code, answer in paper order, Ctrl+Enter, the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree.errors import AnswerError, Cancelled
from barrierfree.gui import notices
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.checklist_field import ChecklistField
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.paper_part import PaperHead, PaperPartView
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Answer, Draft, Person
from barrierfree.model.words import Outcome
from barrierfree.operations import draft_extras, paper_entry
from barrierfree.operations.paper_entry import PaperWork
from barrierfree.store import Submitted

SAVE_AFTER_MS = 300
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ON = (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Up, Qt.Key.Key_Backtab)


@dataclass(frozen=True)
class Entered:
    """A sheet that was typed in since the screen was opened."""

    visit: str
    name: str
    code: str
    day: str
    problems: int


class PaperEntry(QDialog):
    """What is typed goes into drafts at once, as on the survey page; a sheet becomes a visit when it is submitted."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("录入纸质表"))
        self._context = context
        self._sheet: PaperWork | None = None
        self._parts: list[PaperPartView] = []
        self._drafts: dict[tuple[str, int], Draft] = {}
        self._dirty: set[tuple[str, int]] = set()
        self._full = False
        self._asked = ""
        self._told = ""  # the site whose warnings were read
        self._by_digit: ChecklistField | None = None
        self._kept: dict[ChecklistField, Answer] = {}  # unusual values that were confirmed
        self._people: list[str] = []
        self._entered: list[Entered] = []
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)
        self._build()
        self._show_sheet()
        room = parent.window().size()
        self.resize(room.width() - 40, room.height() - 30)
        self._ask_people()
        self.code.setFocus()

    # -- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.code = QLineEdit()
        self.code.setPlaceholderText(tr("扫二维码，或输入编码的末几位，再按回车"))
        self.code.returnPressed.connect(self.look_up)
        self.code.textEdited.connect(lambda _text: self._forget_warning())
        title = label(tr("点位编码"), "strong")
        title.setBuddy(self.code)
        self.code.setAccessibleName(tr("点位编码"))
        self.messages = MessageBar()
        self.head = PaperHead(digit_keys=self._digit_keys)
        self.head.changed.connect(self._on_changed)
        for field in self.head.fields():
            self._watch(field)
        self._name = ElidedLabel("", "heading")
        self._about = ElidedLabel("", "muted")
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 12, 18, 18)
        column.addWidget(self.head)
        column.addLayout(self._body)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("纸质表"))
        self._scroll.setWidget(inner)
        # what the rules say grows in above the field in hand and would push it out of sight
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_range: self._keep_in_sight())
        self._more = Button(tr("全部条目"), self.toggle_full, shortcut="Ctrl+L")
        self._discard = Button(tr("清空这一张"), self.discard, icon="delete")
        self.submit_button = Button(tr("提交这一张"), self.submit, kind="primary", shortcut="Ctrl+Return")
        self._footer = FlowRow(self.submit_button, self._more, self._discard)
        self._footer.setContentsMargins(18, 8, 18, 10)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(self.code, 1)
        top.addWidget(Button(tr("打开这张表"), self.look_up))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(top)
        layout.addWidget(self.messages)
        layout.addWidget(self._columns(), 1)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))

    def _columns(self) -> AdaptiveColumns:
        card = Card(padding=0)
        self._blank = QWidget()
        self._blank.setProperty("role", "plain")
        names = QVBoxLayout()
        names.setContentsMargins(18, 12, 18, 0)
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._about)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.addLayout(names)
        card.body.addWidget(self._blank, 1)
        card.body.addWidget(self._scroll, 1)
        card.body.addWidget(self._footer)
        self.list: RecordTable[Entered] = RecordTable(
            (
                Column("site", tr("点位"), lambda e: e.name, detail=lambda e: e.code, width=180),
                Column("day", tr("走访日期"), lambda e: e.day, width=105),
                Column("problems", tr("问题"), lambda e: str(e.problems), sort=lambda e: e.problems, align="right",
                       width=95),
            ),
            lambda e: e.visit, tr("这一次录入的表"), filter_row=False,
        )  # fmt: skip
        self.list.set_empty(tr("还没有录入"), tr("提交的表会列在这里。"))
        side = Card(tr("这一次录入的表"), padding=12)
        side.body.addWidget(self.list, 1)
        return AdaptiveColumns(
            [Pane("sheet", tr("纸质表"), card, 860, 1), Pane("entered", tr("这一次录入的表"), side, 430)]
        )

    @property
    def _digit_keys(self) -> bool:
        return self._context.settings.choices.number_keys

    # -- which sheet ----------------------------------------------------------------------------------------------

    def look_up(self) -> None:
        """Open the sheet whose code stands in the field above."""
        self.save()
        self._asked = text = self.code.text()
        self._context.tasks.read(
            lambda store: paper_entry.find_sheet(store, text), self._on_found, self._on_not_found,
            replaces="paper.sheet", context=self,
        )  # fmt: skip

    def _on_found(self, sheet: PaperWork) -> None:
        site = sheet.work.site
        if sheet.warnings and self._told != site.id:
            self._told = site.id
            self.messages.show_message(
                "warning", tr("{name}：{text}").format(name=site.name, text=sentences(w[:-1] for w in sheet.warnings)),
                tr("再按一次回车继续，或换一张表。"),
            )  # fmt: skip
            self._back_to_code()
            return
        self.messages.dismiss()
        self._sheet = sheet
        if sheet.full is not None:
            self._full = sheet.full
        self._drafts = {(d.element, d.number): d for d in sheet.work.drafts}
        self.head.next_sheet()
        self._show_sheet()
        self._begin()

    def _on_not_found(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.messages.show_error(error)
            self._back_to_code()

    def _back_to_code(self) -> None:
        self.code.setFocus()
        if self.code.text() == self._asked:  # not while the next code is being scanned
            self.code.selectAll()

    def _forget_warning(self) -> None:
        self._told = ""

    def _show_sheet(self) -> None:
        """Build the parts of the sheet in hand; nothing while there is none."""
        sheet = self._sheet
        while (item := self._body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._parts, self._kept, self._by_digit = [], {}, None
        for shown in (self._scroll, self._footer):
            shown.setVisible(sheet is not None)
        self._blank.setVisible(sheet is None)
        self._name.setText(sheet.work.site.name if sheet else tr("还没有打开表"))
        self._about.setText(tr("用扫码枪扫纸上的二维码，或输入编码的末几位，按回车。"))
        if sheet is None:
            return
        site = sheet.work.site
        about = (site.code, self._context.class_name(site.site_class), site.community, site.address)
        self._about.setText(" · ".join(a for a in about if a))
        for part in sheet.parts:
            draft = self._drafts.get((part.element.code, part.number))
            view = PaperPartView(
                self._context.survey.definition, site, part, draft, full=self._full, digit_keys=self._digit_keys
            )
            view.changed.connect(self._on_changed)
            for field in view.fields.values():
                self._watch(field)
            self._parts.append(view)
            self._body.addWidget(view)
        self._more.setText(tr("只看关键条目") if self._full else tr("全部条目"))
        self._discard.setVisible(bool(self._drafts))

    def _begin(self) -> None:
        """The cursor goes where the first entry is missing: who, which day, the first question."""
        missing = [f for f in (self.head.person, self.head.day) if not self.head.text(f)]
        questions = [f for part in self._parts for f in part.shown()]
        self._go([*missing, *questions, self.head.outcome][0])

    def toggle_full(self) -> None:
        """Show all questions, or the core ones and what is answered."""
        self.save()
        self._full = not self._full
        self._show_sheet()
        self._begin()

    def discard(self) -> None:
        """Throw away what is typed about this site but not submitted, after asking."""
        if self._sheet is None or not notices.ask(
            self, tr("清空这一张？"), tr("这个点位没有提交的草稿都会删除，包括在“调查”页填写的。"), tr("清空"),
            dangerous=True,
        ):  # fmt: skip
            return
        self._timer.stop()
        self._dirty.clear()
        site, keys = self._sheet.work.site.id, list(self._drafts)
        self._drafts = {}
        for key in keys:
            self._drop_draft(site, key)
        self._show_sheet()
        self._begin()

    def _ask_people(self) -> None:
        self._context.tasks.read(lambda store: store.people(), self._show_people, replaces="paper.people", context=self)

    def _show_people(self, people: list[Person]) -> None:
        self._people = [p.name for p in people]
        self.head.propose_people(self._people)

    # -- keys -----------------------------------------------------------------------------------------------------

    def _watch(self, field: ChecklistField) -> None:
        for widget in (field.line, *(field.choice.findChildren(QAbstractButton) if field.choice else ())):
            if widget is not None:
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Tab and Down go on, Up and Shift+Tab back; a digit answers a choice and goes on by itself."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        field = _field_of(watched)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if field is None or modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        self._by_digit = None
        if event.key() in _BACK:
            self._step(field, -1)
            return True
        if event.key() in _ON:
            if self._accepts(field):
                self._step(field, 1)
            return True
        return field.choice is not None and self._on_choice_key(field, event.text())

    def _on_choice_key(self, field: ChecklistField, text: str) -> bool:
        """A key while a choice has the focus; True where it was refused."""
        if not text.strip() or not text.isprintable():
            return False
        pills = [p for p in field.findChildren(QAbstractButton) if not p.isHidden()]
        if self._digit_keys and text.isdigit() and 1 <= int(text) <= min(len(pills), 9):
            self._by_digit = field if field.question.kind == "select_one" else None
            return False
        if self._digit_keys:
            said = tr("没有“{text}”这个选项，请按 1 到 {n}。").format(text=text, n=min(len(pills), 9))
            self._say(field, said)
        return self._digit_keys

    def _accepts(self, field: ChecklistField) -> bool:
        """Whether one may go on from a field; otherwise it says why, under it."""
        if field.fault:
            self._say(field, "")
            return False
        said = self._head_fault(field)
        part = next((p for p in self._parts if p.isAncestorOf(field)), None)
        if part is not None and field.line is not None:
            hard = part.faults(field.question.name, hard=True) if field.answer is not None else []
            unusual = part.faults(field.question.name, hard=False)
            answer = field.answer
            if not hard and unusual and answer is not None and self._kept.get(field) != answer:
                self._kept[field] = answer
                hard = [sentences([unusual[0].rstrip("。."), tr("没有错就再按一次回车。")])]
            said = hard[0] if hard else ""
        if said:
            self._say(field, said)
        return not said

    def _head_fault(self, field: ChecklistField) -> str:
        """What is wrong with an entry of the head; '' also for an empty one, which submitting asks for."""
        if field in (self.head.day, self.head.clock) and self.head.text(field):
            at, said = self._when_fault()
            return said if at is field else ""
        if field is self.head.person:
            name = self.head.text(field)
            new = bool(name) and name not in self._people
            said = tr("名单里没有“{name}”，提交时登记为新的普查人。").format(name=name)
            field.show_verdicts([("question", said)] if new else [])
        return ""

    def _moment(self) -> datetime:
        return paper_entry.read_moment(self.head.text(self.head.day), self.head.text(self.head.clock), _now())

    def _when_fault(self) -> tuple[ChecklistField, str]:
        """Which of date and time is wrong, and why; '' for neither."""
        at = self.head.day
        try:
            paper_entry.read_day(self.head.text(at), _now().date())
            at = self.head.clock
            self._moment()
        except AnswerError as error:
            return at, "\n".join((error.message, error.advice))
        return at, ""

    def _say(self, field: ChecklistField, text: str) -> None:
        """Say under a field what is wrong; its own fault when ``text`` is ''."""
        field.show_verdicts([("open", text)] if text else [])
        notices.announce(field, text or field.fault)
        self._go(field)

    def _stops(self) -> list[ChecklistField]:
        return [*self.head.fields(), *(f for part in self._parts for f in part.shown())]

    def _step(self, field: ChecklistField, by: int) -> None:
        stops = self._stops()
        at = stops.index(field) + by if field in stops else len(stops)
        if at < 0:
            self._back_to_code()
        elif at < len(stops):
            self._go(stops[at])
        else:
            self.submit_button.setFocus()

    def _go(self, field: ChecklistField) -> None:
        field.go()
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        inside = self.focusWidget()
        field = _field_of(inside) if inside is not None else None
        if field is not None:
            self._scroll.ensureWidgetVisible(field, 0, tokens().text(60))

    # -- what is typed --------------------------------------------------------------------------------------------

    def _on_changed(self, field: ChecklistField) -> None:
        part = next((p for p in self._parts if p.isAncestorOf(field)), None)
        if part is not None:
            self._dirty.add(part.key)
            self._discard.show()
            if field.choice is not None:
                self.save()
            else:
                self._timer.start()
        if self._by_digit is field:
            self._by_digit = None
            self._step(field, 1)

    def save(self) -> None:
        """Save what was typed as drafts; nothing when all is saved."""
        self._timer.stop()
        if self._sheet is None:
            return
        site = self._sheet.work.site.id
        for part in self._parts:
            if part.key not in self._dirty:
                continue
            answers, held = part.raw_answers(), self._drafts.get(part.key)
            if held is not None:  # what was said beside the answers stays
                answers = draft_extras.with_extras(answers, draft_extras.extras_of(held.answers))
            draft = Draft(site=site, element=part.key[0], number=part.key[1], person=self._context.person,
                          answers=answers, photos=held.photos if held else ())  # fmt: skip
            self._drafts[part.key] = draft
            if answers or draft.photos:
                self._save_draft(draft)
            else:
                del self._drafts[part.key]
                self._drop_draft(site, part.key)
        self._dirty.clear()

    def _save_draft(self, draft: Draft) -> None:
        self._context.tasks.write(lambda store: store.save_draft(draft), None, self.messages.show_error, urgent=True)

    def _drop_draft(self, site: str, key: tuple[str, int]) -> None:
        self._context.tasks.write(
            lambda store: store.drop_draft(site, *key), None, self.messages.show_error, urgent=True
        )

    def done(self, result: int) -> None:
        """Nothing typed is left unsaved when the screen closes."""
        self.save()
        super().done(result)

    # -- submitting -----------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Submit the sheet in hand, or go to what is missing and say so there."""
        self.save()
        if self._sheet is None or not self.submit_button.isEnabled():
            return
        missing = self._missing()
        if missing is not None:
            self._say(*missing)
            return
        self.submit_button.setEnabled(False)
        site, moment, entered_by = self._sheet.work.site, self._moment(), self._context.person
        surveyor, reason = self.head.text(self.head.person), self.head.text(self.head.reason)
        outcome = self._outcome()
        self._context.tasks.write(
            lambda store: paper_entry.submit_sheet(
                store, site.id, surveyor=surveyor, entered_by=entered_by, moment=moment, outcome=outcome, reason=reason
            ),
            lambda done: self._on_submitted(Entered(done.visit, site.name, site.code, moment.date().isoformat(),
                                                    _problems(done))),
            self._on_refused,
            context=self,
        )  # fmt: skip

    def _outcome(self) -> Outcome:
        chosen = self.head.text(self.head.outcome)
        if chosen:
            return Outcome(chosen)
        return Outcome.DONE if all(p.raw_answers() for p in self._parts) else Outcome.PARTLY

    def _missing(self) -> tuple[ChecklistField, str] | None:
        """What keeps the sheet from being submitted: the field and the words."""
        if not self.head.text(self.head.person):
            return self.head.person, tr("请写明是谁走访的。")
        at, said = self._when_fault()
        if said:
            return at, said
        for part in self._parts:
            fault = part.first_fault()
            if fault is not None:
                return fault
        outcome = self._outcome()
        if outcome.needs_reason and not self.head.text(self.head.reason):
            return self.head.reason, tr("请写明原因。")
        if not outcome.needs_reason and not any(p.raw_answers() for p in self._parts):
            return self.head.outcome, tr("还没有填写任何检查点；没有检查的，请选择为什么。")
        return None

    def _on_submitted(self, entered: Entered) -> None:
        self.submit_button.setEnabled(True)
        self._entered.insert(0, entered)
        self.list.set_records(self._entered)
        said = tr("已录入“{name}”（{n} 个问题）。").format(name=entered.name, n=entered.problems)
        self._sheet, self._drafts, self._told = None, {}, ""
        self._dirty.clear()
        self._show_sheet()
        self.messages.show_message("good", said, tr("等待审核。请扫或输入下一张表的编码。"))
        self._ask_people()
        self.code.clear()
        self.code.setFocus()

    def _on_refused(self, error: Exception) -> None:
        self.submit_button.setEnabled(True)
        self.messages.show_error(error)


def _field_of(inside: QObject) -> ChecklistField | None:
    """The field that a line or a pill belongs to."""
    found: QObject | None = inside
    while found is not None and not isinstance(found, ChecklistField):
        found = found.parent()
    return found


def _now() -> datetime:
    return datetime.now().astimezone()


def _problems(done: Submitted) -> int:
    return len(set(done.findings))
