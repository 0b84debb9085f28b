"""The parts of a sheet being typed in: its head, and each element with its questions under their paper numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from barrierfree import checklists
from barrierfree.gui.checklist_field import ChecklistField, asked_answers, follow_form
from barrierfree.gui.labels import label
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.definition import Choice, Definition, Question, Text
from barrierfree.model.records import Answer, Draft, Site, Verdict
from barrierfree.model.words import Outcome
from barrierfree.operations import visits
from barrierfree.operations.paper_order import PaperPart


class PaperPartView(QWidget):
    """One element of a sheet: the questions that apply to the answers so far, with the numbers they bear on paper.

    Signals:
        changed(ChecklistField): an answer changed, by the user.
    """

    changed = Signal(object)

    def __init__(
        self, definition: Definition, site: Site, part: PaperPart, draft: Draft | None, *, full: bool, digit_keys: bool
    ) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.part = part
        self._definition, self._site, self._full = definition, site, full
        self._held = dict(draft.answers) if draft else {}
        self.fields: dict[str, ChecklistField] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 6)
        layout.setSpacing(12)
        layout.addWidget(label(f"{part.place}　{part.name}", "heading", wrap=True))
        rules = definition.checklist.rules_for(part.element.code)
        numbers = part.numbers()
        for question in part.questions(full=True):
            if not (full or question.core or question.name in self._held):
                continue
            own = [r for r in rules if r.question == question.name]
            field = ChecklistField(question, own, digit_keys, numbers[question.name])
            field.set_answer(self._held.get(question.name))
            field.changed.connect(lambda field=field: self._on_changed(field))
            layout.addWidget(field)
            self.fields[question.name] = field
        self.follow()

    @property
    def key(self) -> tuple[str, int]:
        """Element and number, as drafts name it."""
        return self.part.element.code, self.part.number

    def answers(self) -> dict[str, Answer]:
        """The answers that are understood and asked for now."""
        return asked_answers(self.fields)

    def raw_answers(self) -> dict[str, Any]:
        """What a draft keeps; what it held about questions that are not on the sheet stays."""
        raw = {n: f.raw() for n, f in self.fields.items()}
        rest = {n: a for n, a in self._held.items() if n not in self.fields}
        return rest | {n: r for n, r in raw.items() if r is not None}

    def shown(self) -> list[ChecklistField]:
        """The fields that are asked now, in order."""
        return [f for f in self.fields.values() if not f.isHidden()]

    def faults(self, question: str, *, hard: bool) -> list[str]:
        """What is wrong (``hard``) or unusual about the answer to one question, in words."""
        found = checklists.check_answers(self.part.element, self.answers())
        return [f.message for f in found if f.question == question and f.hard is hard]

    def first_fault(self) -> tuple[ChecklistField, str] | None:
        """The first field that keeps a part with answers from being submitted, and why."""
        for field in self.shown():
            if field.fault:
                return field, field.fault
        if not self.raw_answers():
            return None
        for fault in checklists.check_answers(self.part.element, self.answers()):
            if fault.hard and fault.question in self.fields:
                return self.fields[fault.question], fault.message
        return None

    def follow(self) -> None:
        """Show what is asked now and what the rules say about it."""
        follow_form(self.fields, self._definition.checklist, self.part.element, self._judge, full=self._full)

    def _judge(self, answers: dict[str, Answer]) -> Sequence[Verdict]:
        return visits.judge(self._definition, self._site, self.part.element.code, answers)

    def _on_changed(self, field: ChecklistField) -> None:
        self.follow()
        self.changed.emit(field)


class PaperHead(QWidget):
    """The head of a sheet: who was there and when, how the visit ended, why. As fields of a checklist.

    Signals:
        changed(ChecklistField): an entry changed, by the user.
    """

    changed = Signal(object)

    def __init__(self, *, digit_keys: bool) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        outcomes = tuple(Choice(name=o.value, label=Text(zh=tr(words.label(o)))) for o in Outcome)
        self.person = _field("person", tr("普查人"), digit_keys)
        self.day = _field("day", tr("日期（如 11-20）"), digit_keys)
        self.clock = _field("clock", tr("时间（可不填）"), digit_keys)
        self.outcome = _field("outcome", tr("走访结果（不选时按填写的情况）"), digit_keys, outcomes)
        self.reason = _field("reason", tr("原因、备注"), digit_keys)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(12)
        when = QHBoxLayout()
        when.setSpacing(12)
        layout.addLayout(when)
        for field in self.fields():
            if field in (self.person, self.day, self.clock):
                when.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
            else:
                layout.addWidget(field)
            field.changed.connect(lambda field=field: self._on_changed(field))

    def fields(self) -> list[ChecklistField]:
        """All entries, in order."""
        return [self.person, self.day, self.clock, self.outcome, self.reason]

    def propose_people(self, names: Sequence[str]) -> None:
        """Offer these names as one types; others are taken too."""
        if self.person.line is not None:
            self.person.line.setCompleter(QCompleter(list(names), self.person.line))

    def text(self, field: ChecklistField) -> str:
        """An entry as typed or chosen; '' for none."""
        return str(field.raw() or "").strip()

    def next_sheet(self) -> None:
        """Forget what belongs to one sheet; who and which day are often the same for the next one."""
        for field in (self.clock, self.outcome, self.reason):
            field.set_answer(None)
        for field in self.fields():
            field.show_verdicts([])

    def _on_changed(self, field: ChecklistField) -> None:
        field.show_verdicts([])
        self.changed.emit(field)


def _field(name: str, title: str, digit_keys: bool, choices: tuple[Choice, ...] = ()) -> ChecklistField:
    kind = "select_one" if choices else "text"
    return ChecklistField(Question(name=name, kind=kind, label=Text(zh=title), choices=choices), (), digit_keys)
