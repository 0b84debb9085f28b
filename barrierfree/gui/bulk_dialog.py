"""Asks for one step for several findings at once, and shows what it would do to each before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from barrierfree.errors import StepRefused
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.step_dialog import DeadlineField, UnitField, propose_contact
from barrierfree.gui.steps_preview import StepsPreview
from barrierfree.i18n import mark, tr
from barrierfree.model.records import Finding, StepRequest, Unit
from barrierfree.model.words import FindingState as S
from barrierfree.operations.bulk_steps import ANY, preview
from barrierfree.store import JudgedStep, TakenSteps


@dataclass(frozen=True)
class _Act:
    """What can be done with several: from which states, to which, and what is asked for."""

    title: str
    of: frozenset[S]
    to: S
    unit: bool = False
    deadline: bool = False
    reason: str = ""


_CLOSED = frozenset(s for s in S if s.closed)
ACTS = {
    "assign": _Act(mark("交办：责任单位和期限"), frozenset({S.OPEN, S.IN_PROGRESS}), S.IN_PROGRESS, True, True,
                   mark("更换单位或期限的原因（已在整改中的需要）")),
    "deadline": _Act(mark("改期限"), frozenset({S.IN_PROGRESS}), S.IN_PROGRESS, False, True, mark("改期限的原因")),
    "verified": _Act(mark("核实属实"), frozenset({S.REPORTED}), S.OPEN, reason=mark("怎样核实的（来电反映的需要）")),
    "rework": _Act(mark("退回重改"), frozenset({S.CLAIMED}), S.IN_PROGRESS, False, False, mark("退回重改的原因")),
    "close": _Act(mark("验收销号（已有合格复检的）"), ANY, S.RECTIFIED),
    "transferred": _Act(mark("移交给别处"), ANY, S.TRANSFERRED, reason=mark("移交给谁、为什么")),
    "soft": _Act(mark("改为软服务"), ANY, S.SOFT_SERVICE, reason=mark("提供什么替代服务")),
    "invalid": _Act(mark("不属实"), ANY, S.INVALID, reason=mark("为什么不属实")),
    "reopen": _Act(mark("重新打开"), _CLOSED, S.OPEN, reason=mark("重新打开的原因")),
}  # fmt: skip


class BulkDialog(FormDialog):
    """``accepted`` comes after the steps were previewed and recorded; ``taken`` then says what was done."""

    def __init__(
        self, context: Context, findings: Sequence[Finding], units: Sequence[Unit], today: date,
        special: dict[date, bool], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tr("批量处理"), tr("预览…"), parent)
        self._context = context
        self._findings = tuple(findings)
        self.taken: TakenSteps | None = None
        self.fields.addWidget(label(tr("{n} 个问题").format(n=f"{len(findings):,}"), "heading"))
        self.act = QComboBox()
        for key, act in ACTS.items():
            self.act.addItem(tr(act.title), key)
        self.add_field(tr("做什么"), self.act)
        self.unit = UnitField(units)
        self.responsible = QLineEdit()
        propose_contact(self.unit, self.responsible)
        self._unit_part = self._part(tr("责任单位"), self.unit.box, self.unit)
        self._person_part = self._part(tr("责任人（可不填）"), self.responsible, self.responsible)
        self.deadline = DeadlineField(today, "", special=special)
        self._deadline_part = self._part(tr("整改期限"), self.deadline.edit, self.deadline)
        self.reason = QLineEdit()
        self._reason_title = label("", "strong", wrap=True)
        self._reason_part = self._part(self._reason_title, self.reason, self.reason)
        self.act.currentIndexChanged.connect(lambda _index: self._show_parts())
        self._show_parts()
        self.finish(self.unit.box)

    def _part(self, title: str | QLabel, named: QWidget, widget: QWidget) -> QWidget:
        part = QWidget()
        part.setProperty("role", "plain")
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        name = label(title, "strong", wrap=True) if isinstance(title, str) else title
        name.setBuddy(named)
        named.setAccessibleName(named.accessibleName() or name.text())
        column.addWidget(name)
        column.addWidget(widget)
        self.fields.addWidget(part)
        return part

    def _act(self) -> _Act:
        return ACTS[str(self.act.currentData())]

    def _show_parts(self) -> None:
        act = self._act()
        self._unit_part.setVisible(act.unit)
        self._deadline_part.setVisible(act.deadline)
        self._reason_part.setVisible(bool(act.reason))
        self._person_part.setVisible(act.unit)
        self._reason_title.setText(tr(act.reason))
        self.reason.setAccessibleName(tr(act.reason))
        self.hide_fault()

    def confirmed(self) -> None:
        """Judge the step for each finding and show what would become of it."""
        act = self._act()
        unit = self.unit.text() if act.unit else ""
        if act.unit and not unit:
            self.show_fault(StepRefused(tr("请填写责任单位。"), ""))
            self.unit.box.setFocus()
            return
        deadline, note = self.deadline.value() if act.deadline else ("", "")
        request = StepRequest(
            to=act.to, unit=unit, responsible=self.responsible.text().strip() if act.unit else "", deadline=deadline,
            deadline_note=note, reason=self.reason.text().strip() if act.reason else "",
        )  # fmt: skip
        findings, person = [f.id for f in self._findings], self._context.person
        self.confirm.setEnabled(False)
        self._context.tasks.run(
            lambda store, progress: preview(store, findings, request, act.of, person, progress),
            tr("正在预览"), self._show_preview, self.show_fault,
        )  # fmt: skip

    def _show_preview(self, judged: list[JudgedStep]) -> None:
        self.confirm.setEnabled(True)
        dialog = StepsPreview(self._context, judged, tr("预览：{act}").format(act=tr(self._act().title)), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_taken(dialog.taken))
        dialog.open()

    def _on_taken(self, taken: TakenSteps | None) -> None:
        self.taken = taken
        new = self.unit.new_unit() if self._act().unit else None
        if new is not None:
            person = self._context.person
            self._context.tasks.write(lambda store: store.put_unit(new, person=person))
        self.accept()
