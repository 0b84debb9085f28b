"""One question of a checklist as a field: input, unit and limit, and what is wrong or doubtful about the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from barrierfree import checklists, conformance
from barrierfree.errors import AnswerError
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, named, tr
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
_MOST_PILLS = 40  # more choices than this are typed, with proposals
Judge = Callable[[dict[str, Answer]], Iterable[Verdict]]


class ChecklistField(QWidget):
    """One question: label, input, unit and limit, then what is wrong or doubtful.

    Signals:
        changed: the answer is another one.
    """

    changed = Signal()

    def __init__(self, question: Question, rules: Iterable[Rule], digit_keys: bool, number: str = "") -> None:
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
        shown = f"{number}　{name}" if number else name
        self._label = label(shown + (" *" if question.required else ""), "strong", wrap=True)
        self._number = number
        self._also = label("", "", wrap=False)
        self._said = QVBoxLayout()
        self._said.setSpacing(2)
        self._verdicts: list[tuple[str, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        limits = [(rule, conformance.limit_text(rule, question, language())) for rule in rules]
        self._add_input(layout, name, digit_keys, limits[0][1] if limits else "")
        for rule, more in limits[1:3]:  # said with its name: several bare limits would contradict each other
            layout.addWidget(label(named(rule.label.in_language(language()), more), "small", wrap=True))
        hint = question.hint.in_language(language())
        self._hint = label(hint, "small", wrap=True)
        layout.addWidget(self._hint)
        if not hint:
            self._hint.hide()
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
    def line(self) -> QLineEdit | None:
        """Where the answer is typed; None for choices."""
        return self._line

    @property
    def choice(self) -> ChoiceButtons | None:
        """Where the answer is chosen; None for what is typed."""
        return self._choice

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

    def follow(self, element: ElementType, answers: Mapping[str, Answer]) -> None:
        """Say in label and hint what other answers say there, and whether an answer is needed now."""
        question = self.question
        name, hint = question.label.in_language(language()), question.hint.in_language(language())
        if question.required_when or "${" in name:
            needed = checklists.is_required(question, checklists.form_values(element, answers))
            told = checklists.shown_text(name, element, answers)
            told = f"{self._number}　{told}" if self._number else told
            self._label.setText(told + (" *" if needed else ""))
        if "${" in hint:
            self._hint.setText(checklists.shown_text(hint, element, answers))

    def show_verdicts(self, told: list[tuple[str, str]]) -> None:
        """Say what is not met, doubtful, or to be known ('' for no glyph): (glyph, words)."""
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
            self._said.addWidget(SymbolLabel(key, text, wrap=True) if key else label(text, "small", wrap=True))
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
                self.fault = str(error)
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


def given_answers(fields: Mapping[str, ChecklistField]) -> dict[str, Answer]:
    """What is answered, whether the question is asked now or not."""
    found = {n: f.answer for n, f in fields.items()}
    return {n: a for n, a in found.items() if a is not None}


def asked_answers(fields: Mapping[str, ChecklistField]) -> dict[str, Answer]:
    """What is answered and asked for now."""
    return given_answers({n: f for n, f in fields.items() if not f.isHidden()})


def follow_form(
    fields: Mapping[str, ChecklistField], checklist: Checklist, element: ElementType, judge: Judge, *, full: bool,
    remarks: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:  # fmt: skip
    """Show the fields that apply to the answers so far and what the rules say under each; the verdicts.

    ``remarks``: what else to say under a question, without a judgement.
    """
    for field in fields.values():  # one choice may narrow the next: in form order
        if field.question.choice_filter:
            field.offer(checklists.fitting_choices(element, field.question, given_answers(fields)))
    relevant = {q.name for q in checklists.relevant_questions(element, given_answers(fields))}
    for name, field in fields.items():
        asked = name in relevant and (full or field.question.core or field.raw() is not None)
        if field.isHidden() == asked:
            field.setVisible(asked)
    answers = asked_answers(fields)
    for field in fields.values():
        field.follow(element, answers)
    # What is missing is told at the end, not while one types; what cannot be is not judged either.
    faults = [f for f in checklists.check_answers(element, answers) if f.question in answers]
    refused = {f.question for f in faults if f.hard}
    verdicts = tuple(judge({name: answer for name, answer in answers.items() if name not in refused}))
    told: dict[str, list[tuple[str, str]]] = {}
    for fault in faults:
        told.setdefault(fault.question, []).append(("open" if fault.hard else "question", fault.what))
    for verdict in verdicts:
        rule = checklist.rule(verdict.rule)
        question = element.question(rule.question) if rule else None
        if rule is None or question is None or verdict.kind not in _SHOWN:
            continue
        text = conformance.explain(verdict, rule, question, language())
        told.setdefault(question.name, []).append((_SHOWN[verdict.kind], text))
    for name, remark in (remarks or {}).items():
        told.setdefault(name, []).append(("", remark))
    for name, field in fields.items():
        field.show_verdicts(told.get(name, []))
    return verdicts
