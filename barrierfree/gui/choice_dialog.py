"""Decides which of two contradicting steps of a finding holds."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.finding_detail import FindingInHand, finding_name, step_line, step_text
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import MarkedText, label
from barrierfree.i18n import tr
from barrierfree.model.records import Step
from barrierfree.model.words import Standing


class ChoiceDialog(FormDialog):
    """Asks why ``step`` is decided for; ``accepted`` comes after the decision was recorded."""

    def __init__(self, context: Context, hand: FindingInHand, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(tr("裁定：采用其中一步"), tr("采用这一步"), parent, height=520)
        self._context, self._hand, self._step = context, hand, step
        self.fields.addWidget(label(finding_name(context, hand.finding), "heading", wrap=True))
        self.fields.addWidget(label(tr("采用"), "strong"))
        self.fields.addWidget(_line(step, hand))
        self.fields.addWidget(label(tr("不采用（保留在历史里，不起作用）"), "strong", wrap=True))
        for other in hand.acts:
            if other.standing is Standing.RIVAL and other.id != step.id:
                self.fields.addWidget(_line(other, hand))
        self.reason = QLineEdit()
        self.add_field(tr("为什么采用这一步"), self.reason, tr("例如：到现场看过；与单位核对过"))
        self.finish(self.reason)

    def confirmed(self) -> None:
        """Record the decision; refused, it says why and stays."""
        finding, step, person = self._hand.finding.id, self._step.id, self._context.person
        reason = self.reason.text()
        self.confirm.setEnabled(False)
        self._context.tasks.write(
            lambda store: store.decide_step(finding, step, reason, person=person),
            lambda _changes: self.accept(),
            self.show_fault,
        )


def _line(step: Step, hand: FindingInHand) -> MarkedText:
    return MarkedText(step.request.to.value, step_line(step, hand.today), step_text(step, hand), role="strong")
