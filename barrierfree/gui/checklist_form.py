"""The form of one element: a field per question, the limit beside it, the verdict under it as one types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from barrierfree import checklists
from barrierfree.gui.checklist_field import ChecklistField, Judge, asked_answers, follow_form, given_answers
from barrierfree.gui.theme import tokens
from barrierfree.model.definition import Checklist, ElementType
from barrierfree.model.records import Answer, Verdict

_NOT_SHOWN = frozenset({"calculate", "image", "hidden", "background-audio"})  # pictures have a pane of their own


class ChecklistForm(QScrollArea):
    """The questions of an element that apply to the answers so far.

    Signals:
        changed: an answer changed; see ``answers`` and ``raw_answers``.
        focused(str): the question that has the focus now, '' when the focus went elsewhere in sight of the form.
    """

    changed = Signal()
    focused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(self.focusPolicy().NoFocus)
        self._fields: dict[str, ChecklistField] = {}
        self._element: ElementType | None = None
        self._judge: Judge = lambda _answers: ()
        self._checklist: Checklist | None = None
        self._full = False
        self._remarks: dict[str, str] = {}
        self.verdicts: tuple[Verdict, ...] = ()
        self._in_hand: str | None = None  # None: not told since the form was built
        self._look = QTimer(self)  # the focus passes through other widgets when tabs change
        self._look.setSingleShot(True)
        self._look.setInterval(0)
        self._look.timeout.connect(self._tell_focus)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def show_element(
        self, checklist: Checklist, element: ElementType, answers: dict[str, Any], judge: Judge, *,
        full: bool, digit_keys: bool, above: QWidget | None = None, below: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Build the form of ``element`` with these answers; ``full`` shows more than the core questions.

        ``above`` and ``below`` stand before and after the questions and scroll with them.
        """
        self._checklist, self._element, self._judge, self._full = checklist, element, judge, full
        self._remarks = {}
        rules = checklist.rules_for(element.code)
        inner = QWidget()
        inner.setProperty("role", "plain")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(18, 12, 18, 18)
        layout.setSpacing(14)
        self._fields = {}
        self._in_hand = None
        answers = answers or dict(checklists.first_answers(element))
        if above is not None:
            layout.addWidget(above)
        for question in element.questions:
            if question.kind in _NOT_SHOWN or question.calculation:
                continue
            own = [r for r in rules if r.question == question.name]
            field = ChecklistField(question, own, digit_keys)
            field.set_answer(answers.get(question.name))
            field.changed.connect(self._on_changed)
            layout.addWidget(field)
            self._fields[question.name] = field
        if below is not None:
            layout.addWidget(below)
        layout.addStretch(1)
        self.setWidget(inner)
        self._keep_tab_order(inner)
        self._refresh()

    def _keep_tab_order(self, inner: QWidget) -> None:
        """Tab reaches the questions where they stand: Qt puts what is new behind everything else in the window."""
        before: QWidget | None = self.previousInFocusChain()
        while before and before is not self and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            before = before.previousInFocusChain()
        if before is None:
            return
        for widget in inner.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, widget)
                before = widget

    def clear(self) -> None:
        """Show nothing."""
        self._element = None
        self._fields = {}
        self.setWidget(QWidget())

    def answers(self) -> dict[str, Answer]:
        """The answers that are understood and asked for now."""
        return asked_answers(self._fields)

    def raw_answers(self) -> dict[str, Any]:
        """What a draft keeps: answers, and texts that are not understood yet."""
        raw = {n: f.raw() for n, f in self._fields.items()}
        return {n: r for n, r in raw.items() if r is not None}

    def fill_in(self, answers: dict[str, Any]) -> list[str]:
        """Give answers to questions that have none, as if they had been typed; which questions those are."""
        empty = [n for n in answers if n in self._fields and self._fields[n].raw() is None]
        for name in empty:
            self._fields[name].set_answer(answers[name])
        if empty:
            self._on_changed()
        return empty

    def remark(self, remarks: dict[str, str]) -> None:
        """Say something under questions, without a judgement."""
        if remarks != self._remarks:
            self._remarks = remarks
            self._refresh()

    def faults(self) -> list[tuple[str, str]]:
        """Fields that cannot be understood: (question, what is wrong)."""
        return [(n, f.fault) for n, f in self._fields.items() if f.fault and not f.isHidden()]

    def go_to(self, question: str = "") -> None:
        """Put the cursor into a question (the first shown one by default) and bring it into sight."""
        field = self._fields.get(question) or next((f for f in self._fields.values() if not f.isHidden()), None)
        if field is not None:
            field.show()
            field.go()
            QTimer.singleShot(0, field, lambda: self.ensureWidgetVisible(field, 0, tokens().text(60)))

    def shown_fields(self) -> list[ChecklistField]:
        """The fields on show, in form order."""
        return [f for f in self._fields.values() if not f.isHidden()]

    def field_in_hand(self) -> ChecklistField | None:
        """The field that has the focus."""
        focus = QApplication.focusWidget()
        return next((f for f in self._fields.values() if focus is not None and f.isAncestorOf(focus)), None)

    def _on_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._look.start()

    def _tell_focus(self) -> None:
        """Say which question has the focus; while the form is out of sight the last one stays in hand."""
        widget = QApplication.focusWidget()
        if widget is None or not self.isVisible():
            return
        at = next((n for n, f in self._fields.items() if f is widget or f.isAncestorOf(widget)), "")
        if at != self._in_hand or not at:  # what reads '' may have reasons of its own to wait for the next one
            self._in_hand = at
            self.focused.emit(at)

    def hidden_count(self) -> int:
        """How many questions that apply are not shown because they are not core."""
        if self._element is None or self._full:
            return 0
        relevant = checklists.relevant_questions(self._element, given_answers(self._fields))
        return sum(1 for q in relevant if not q.core and q.name in self._fields and self._fields[q.name].isHidden())

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        """Show the questions that apply now, and what the rules say."""
        if self._element is None or self._checklist is None:
            return
        self.verdicts = follow_form(self._fields, self._checklist, self._element, self._judge, full=self._full,
                                     remarks=self._remarks)  # fmt: skip
