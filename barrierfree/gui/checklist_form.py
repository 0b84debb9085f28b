"""The form of one element: a field per question, the limit beside it, the verdict under it as one types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from barrierfree import checklists, conformance
from barrierfree.errors import AnswerError
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, tr
from barrierfree.model.definition import Checklist, Choice, ElementType, Question, Rule
from barrierfree.model.records import Answer, Slope, Verdict
from barrierfree.model.words import VerdictKind

_SHOWN = {
    VerdictKind.NOT_MET: "open",
    VerdictKind.CHECK_STANDARD: "question",
    VerdictKind.MEASURE_AGAIN: "question",
}
_NUMBERS = ("integer", "decimal", "range")
_ASKED_KINDS = frozenset(
    {"text", "date", "time", "datetime", "geopoint", "select_one", "select_multiple", "acknowledge", *_NUMBERS}
)
_NOT_SHOWN = frozenset({"calculate", "image", "hidden", "background-audio"})  # pictures have a pane of their own
_MOST_PILLS = 40  # more choices than this are typed, with proposals
Judge = Callable[[dict[str, Answer]], Iterable[Verdict]]


class _Field(QWidget):
    """One question: label, input, unit and limit, then what is wrong or doubtful.

    Signals:
        changed: the answer is another one.
    """

    changed = Signal()

    def __init__(self, question: Question, rules: Iterable[Rule], digit_keys: bool) -> None:
        super().__init__()
        self.question = question
        self.setProperty("role", "plain")
        self.fault = ""
        self._answer: Answer | None = None
        self._choice: ChoiceButtons | None = None
        self._offered: Collection[str] = {c.name for c in question.choices}
        self._line: QLineEdit | None = None
        self._area: QPlainTextEdit | None = None
        name = question.label.in_language(language())
        self._label = label(name + (" *" if question.required else ""), "strong", wrap=True)
        self._also = label("", "", wrap=False)
        self._said = QVBoxLayout()
        self._said.setSpacing(2)
        self._verdicts: list[tuple[str, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        limits = [conformance.limit_text(rule, question, language()) for rule in rules]
        self._add_input(layout, name, digit_keys, limits[0] if limits else "")
        for more in limits[1:3]:
            layout.addWidget(label(more, "small", wrap=True))
        hint = question.hint.in_language(language())
        if hint:
            layout.addWidget(label(hint, "small", wrap=True))
        layout.addLayout(self._said)

    def _add_input(self, layout: QVBoxLayout, name: str, digit_keys: bool, limit: str) -> None:
        question = self.question
        if question.kind == "note":
            return
        if question.kind not in _ASKED_KINDS:
            layout.addWidget(label(tr("这道题只能在手机上填写。"), "small", wrap=True))
            return
        if question.choices and len(question.choices) <= _MOST_PILLS:
            choices = [(c.name, c.label.in_language(language())) for c in question.choices]
            self._choice = ChoiceButtons(
                choices, name, multiple=question.kind == "select_multiple", digit_keys=digit_keys
            )
            self._choice.chosen.connect(self._on_chosen)
            layout.addWidget(self._choice)
            if limit:
                layout.addWidget(label(limit, "small", wrap=True))
            return
        row = QHBoxLayout()
        row.setSpacing(10)
        self._line = QLineEdit()
        self._line.setAccessibleName(name)
        self._line.setAccessibleDescription(limit)
        self._line.textEdited.connect(self._on_typed)
        if question.choices and question.kind == "select_one":
            self._propose(question.choices)
        row.addWidget(self._line, 0 if question.quantity or question.kind in _NUMBERS else 1)
        if question.quantity or question.kind in _NUMBERS:
            self._line.setFixedWidth(tokens().text(150))
            if question.quantity == "slope":
                self._line.setPlaceholderText(tr("如 1:12"))
            if question.unit:
                row.addWidget(label(question.unit))
            row.addWidget(self._also)
            row.addWidget(label(limit, "muted", wrap=True), 1)
        layout.addLayout(row)

    def _propose(self, choices: Iterable[Choice]) -> None:
        if self._line is None:
            return
        names = [c.label.in_language(language()) for c in choices]
        completer = QCompleter(names, self._line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._on_typed)
        self._line.setCompleter(completer)

    def offer(self, choices: Iterable[Choice]) -> bool:
        """Offer only these choices; whether the answer was another one and is gone."""
        fitting = {c.name: c for c in choices}
        if fitting.keys() == self._offered:
            return False
        self._offered = fitting.keys()
        if self._choice is not None:
            self._choice.offer(fitting.keys())
        else:
            self._propose(fitting.values())
        given = self._answer if isinstance(self._answer, list) else [self._answer] if self._answer else []
        kept = [a for a in given if a in fitting]
        if len(kept) == len(given):
            return False
        self.set_answer(kept if isinstance(self._answer, list) and kept else None)
        return True

    @property
    def answer(self) -> Answer | None:
        """The answer as understood; None while there is none or it cannot be understood."""
        return self._answer

    def set_answer(self, value: Any) -> None:
        """Show an answer without a signal."""
        self.fault = ""
        if value is None or value == "":
            self._answer = None
            text = ""
        else:
            self._answer = Slope.model_validate(value) if isinstance(value, dict) else value
            text = self._answer.entered if isinstance(self._answer, Slope) else _as_typed(self._answer)
            text = next((c.label.in_language(language()) for c in self.question.choices if c.name == text), text)
        if self._choice is not None:
            self._choice.set_value(self._answer if isinstance(self._answer, (str, list)) else "")
        if self._line is not None:
            self._line.setText(text)
        self._show_also()

    def raw(self) -> Any:
        """What is kept in a draft: the answer, or the text as typed while it cannot be understood."""
        if isinstance(self._answer, Slope):
            return self._answer.model_dump()
        if self._answer is None and self._line is not None and self._line.text().strip():
            return self._line.text()
        return self._answer

    def show_verdicts(self, told: list[tuple[str, str]]) -> None:
        """Say what is not met or doubtful: (glyph, words)."""
        if self.fault:
            told = [("open", self.fault), *told]
        if told == self._verdicts:
            return
        self._verdicts = told
        while self._said.count():
            item = self._said.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for key, text in told:
            self._said.addWidget(SymbolLabel(key, text, wrap=True))
        if self._line is not None:
            self._line.setProperty("invalid", "true" if self.fault else "false")
            self._line.style().unpolish(self._line)
            self._line.style().polish(self._line)

    def go(self) -> None:
        """Put the cursor into the input."""
        target: QWidget | None = self._choice or self._line
        if target is not None:
            target.setFocus()
            if self._line is not None:
                self._line.selectAll()

    def _on_chosen(self, value: str | list[str]) -> None:
        self._answer = value or None
        self.changed.emit()

    def _on_typed(self, text: str) -> None:
        self.fault, self._answer = "", None
        if text.strip():
            try:
                self._answer = checklists.parse_answer(self.question, text)
            except AnswerError as error:
                self.fault = error.message
        self._show_also()
        self.changed.emit()

    def _show_also(self) -> None:
        if isinstance(self._answer, Slope):
            shown = conformance.slope_text(self._answer)
            self._also.setText(shown[shown.find("=") :] if "=" in shown else shown)
        else:
            self._also.setText("")


def _as_typed(value: Answer) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


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
        self._fields: dict[str, _Field] = {}
        self._element: ElementType | None = None
        self._judge: Judge = lambda _answers: ()
        self._checklist: Checklist | None = None
        self._full = False
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
        full: bool, digit_keys: bool,
    ) -> None:  # fmt: skip
        """Build the form of ``element`` with these answers; ``full`` shows more than the core questions."""
        self._checklist, self._element, self._judge, self._full = checklist, element, judge, full
        rules = checklist.rules_for(element.code)
        inner = QWidget()
        inner.setProperty("role", "plain")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(18, 12, 18, 18)
        layout.setSpacing(14)
        self._fields = {}
        self._in_hand = None
        answers = answers or dict(checklists.first_answers(element))
        for question in element.questions:
            if question.kind in _NOT_SHOWN or question.calculation:
                continue
            own = [r for r in rules if r.question == question.name]
            field = _Field(question, own, digit_keys)
            field.set_answer(answers.get(question.name))
            field.changed.connect(self._on_changed)
            layout.addWidget(field)
            self._fields[question.name] = field
        layout.addStretch(1)
        self.setWidget(inner)
        self._refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._element = None
        self._fields = {}
        self.setWidget(QWidget())

    def answers(self) -> dict[str, Answer]:
        """The answers that are understood and asked for now."""
        found = {n: f.answer for n, f in self._fields.items() if f.answer is not None and not f.isHidden()}
        return {n: a for n, a in found.items() if a is not None}

    def raw_answers(self) -> dict[str, Any]:
        """What a draft keeps: answers, and texts that are not understood yet."""
        raw = {n: f.raw() for n, f in self._fields.items()}
        return {n: r for n, r in raw.items() if r is not None}

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
        relevant = checklists.relevant_questions(self._element, self._asked())
        return sum(1 for q in relevant if not q.core and q.name in self._fields and self._fields[q.name].isHidden())

    def _asked(self) -> dict[str, Answer]:
        found = {n: f.answer for n, f in self._fields.items()}
        return {n: a for n, a in found.items() if a is not None}

    def _on_changed(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        """Show the questions that apply now, and what the rules say."""
        if self._element is None or self._checklist is None:
            return
        for field in self._fields.values():  # one choice may narrow the next: in form order
            if field.question.choice_filter:
                field.offer(checklists.fitting_choices(self._element, field.question, self._asked()))
        relevant = {q.name for q in checklists.relevant_questions(self._element, self._asked())}
        for name, field in self._fields.items():
            asked = name in relevant and (self._full or field.question.core or field.raw() is not None)
            if field.isHidden() == asked:
                field.setVisible(asked)
        self.verdicts = tuple(self._judge(self.answers()))
        told: dict[str, list[tuple[str, str]]] = {}
        for verdict in self.verdicts:
            rule = self._checklist.rule(verdict.rule)
            question = self._element.question(rule.question) if rule else None
            if rule is None or question is None or verdict.kind not in _SHOWN:
                continue
            text = conformance.explain(verdict, rule, question, language())
            told.setdefault(question.name, []).append((_SHOWN[verdict.kind], text))
        for name, field in self._fields.items():
            field.show_verdicts(told.get(name, []))
