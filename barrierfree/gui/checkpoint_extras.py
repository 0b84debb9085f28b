"""Beside the questions of a checkpoint: is the problem gone, and which problems that no limit tells were seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.i18n import listed, named, tr
from barrierfree.model import words
from barrierfree.model.records import Finding, ReportedProblem
from barrierfree.model.words import Problem, Severity


def severity_choices() -> list[tuple[str, str]]:
    """How bad a problem is, to choose from."""
    return [(s.value, tr(words.label(s))) for s in Severity]


class GoneQuestion(QWidget):
    """At a re-inspection: whether the problems without a limit are gone.

    Signals:
        changed(): another answer.
    """

    changed = Signal()

    def __init__(self, findings: Sequence[Finding], value: str, *, digit_keys: bool) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        names = listed(dict.fromkeys(tr(words.label(f.problem)) for f in findings))
        title = tr("申请验收的问题（{names}）是否已经消除？").format(names=names)
        self.choice = ChoiceButtons([("yes", tr("已消除")), ("no", tr("没有消除"))], title, digit_keys=digit_keys)
        self.choice.set_value(value)
        self.choice.chosen.connect(lambda _value: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label(title, "strong", wrap=True))
        layout.addWidget(self.choice)

    @property
    def value(self) -> str:
        """``yes``, ``no`` or ''."""
        return str(self.choice.value())


class _Row(QWidget):
    """One problem seen: how bad, and in words."""

    changed = Signal()

    def __init__(self, problem: Problem, digit_keys: bool) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.problem = problem
        name = tr(words.label(problem))
        self.severity = ChoiceButtons(
            severity_choices(), tr("{name}的严重程度").format(name=name), digit_keys=digit_keys
        )
        self.note = QLineEdit()
        self.note.setAccessibleName(named(name, tr("说明")))
        self.note.setPlaceholderText(tr("在哪里、什么样，例如：坡道被电动车占用"))
        self.severity.chosen.connect(lambda _value: self.changed.emit())
        self.note.textEdited.connect(lambda _text: self.changed.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(label(name, "strong"))
        layout.addWidget(self.severity)
        layout.addWidget(self.note)


class SeenProblems(QWidget):
    """Problems that the person saw: problem words, each with how bad it is and a note. Closed while there are none.

    Signals:
        changed(): something else was said.
    """

    changed = Signal()

    def __init__(self, seen: Sequence[ReportedProblem], *, digit_keys: bool) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        title = tr("现场看到的其他问题")
        self.open = Button(title, icon="add")
        self.open.setCheckable(True)
        self.choice = ChoiceButtons(
            [(p.value, tr(words.label(p))) for p in Problem], title, multiple=True, digit_keys=digit_keys
        )
        self._rows = {p: _Row(p, digit_keys) for p in Problem}
        self._inner = QWidget()
        self._inner.setProperty("role", "plain")
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            label(tr("条目没有问到、又影响通行和使用的，请选出来，提交后登记为问题。"), "small", wrap=True)
        )
        column.addWidget(self.choice)
        for row in self._rows.values():
            row.changed.connect(self.changed)
            row.hide()
            column.addWidget(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FlowRow(self.open))
        layout.addWidget(self._inner)
        self._show(seen)
        self.open.toggled.connect(self._on_open)
        self.choice.chosen.connect(self._on_chosen)

    def _show(self, seen: Sequence[ReportedProblem]) -> None:
        self.choice.set_value([p.problem.value for p in seen])
        for problem in seen:
            row = self._rows[problem.problem]
            row.severity.set_value(problem.severity)
            row.note.setText(problem.note)
            row.show()
        self.open.setChecked(bool(seen))
        self._inner.setVisible(bool(seen))

    def value(self) -> tuple[ReportedProblem, ...]:
        """What was seen."""
        return tuple(
            ReportedProblem(problem=p, severity=str(row.severity.value()), note=row.note.text().strip())
            for p, row in self._rows.items()
            if p.value in self.choice.value()
        )

    def _on_open(self, shown: bool) -> None:
        self._inner.setVisible(shown)
        if shown:
            self.choice.setFocus()

    def _on_chosen(self, chosen: object) -> None:
        for problem, row in self._rows.items():
            row.setVisible(isinstance(chosen, list) and problem.value in chosen)
        self.changed.emit()
