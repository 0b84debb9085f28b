"""Asks for what one step of a rectification needs, and takes it; a refusal is shown and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QDate
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from barrierfree import conformance, rectification
from barrierfree.errors import BarrierFreeError, Cancelled, StepRefused
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.finding_detail import FindingInHand, action_word, finding_name
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import MarkedText, label
from barrierfree.gui.main_window import merged
from barrierfree.gui.photo_pane import PhotoPane
from barrierfree.i18n import bracketed, mark, named, tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Finding, Photo, StepRequest
from barrierfree.model.words import FindingState
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

_DAYS = (5, 10, 15, 30)
_USUAL_DAYS = 15
ASSIGNABLE = (FindingState.OPEN, FindingState.IN_PROGRESS)
_QUANTITY_UNITS = (mark("处"), mark("个"), mark("块"), mark("套"), mark("米"))
_REASON_HINTS = {
    FindingState.SOFT_SERVICE: mark("提供什么替代服务，例如门铃求助、上门服务"),
    FindingState.TRANSFERRED: mark("移交给谁、为什么"),
    FindingState.INVALID: mark("为什么不属实"),
}


class AfterPhotos(PhotoPane):
    """Photos after the work; their files are kept at once, the facts that name them come with the step."""

    def __init__(self, context: Context, dialog: StepDialog) -> None:
        super().__init__(context)
        self._dialog = dialog
        self.photos: list[Photo] = []
        self._hint.setText(tr("至少一张。把照片拖到这里，或按 Ctrl+Shift+V 粘贴。"))
        paste = QAction(tr("粘贴照片"), self)
        paste.setShortcut("Ctrl+Shift+V")
        paste.triggered.connect(lambda _on=False: self.paste())
        self.addAction(paste)
        self.setAccessibleName(tr("整改后照片"))
        self.removed.connect(self._on_removed)
        self._show()

    def _record(self, photos: tuple[Photo, ...], owner: object) -> None:
        known = {p.sha256 for p in self.photos}
        self.photos += [p for p in photos if p.sha256 not in known]
        self._show()
        self._dialog.hide_fault()

    def _refuse(self, error: Exception) -> None:
        """One that cannot be read is told in the dialog."""
        self._dialog.show_fault(error)

    def _on_removed(self, sha256: str) -> None:
        self.photos = [p for p in self.photos if p.sha256 != sha256]
        self._show()

    def _show(self) -> None:
        self.set_photos([p.sha256 for p in self.photos])
        self.title.setText(tr("整改后照片 {n}").format(n=len(self.photos)) if self.photos else tr("整改后照片"))


class DeadlineField(QWidget):
    """A date, and quick choices in working days; says how the date was reached."""

    def __init__(self, today: date, held: str, held_note: str = "") -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._today = today
        self._held = held
        self._days = ("", "")  # the date that was reached by working days, and how
        self.edit = QDateEdit()
        self.edit.setCalendarPopup(True)
        self.edit.setDisplayFormat("yyyy-MM-dd")
        self.edit.setAccessibleName(tr("整改期限"))
        self.edit.dateChanged.connect(lambda _date: self._draw())
        self.note = label(held_note, "small", wrap=True)
        self.quick = {n: Button(tr("{n} 个工作日").format(n=n), partial(self.set_days, n)) for n in _DAYS}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(FlowRow(self.edit))
        layout.addWidget(FlowRow(*self.quick.values()))
        layout.addWidget(self.note)
        if held:
            self.edit.setDate(QDate.fromString(held, "yyyy-MM-dd"))
            self.note.setText(tr("现在的期限"))
        else:
            self.set_days(_USUAL_DAYS)

    def set_days(self, days: int) -> None:
        """Choose the date so many working days from today."""
        self._days = rectification.read_deadline(f"{days}wd", self._today)
        self.edit.setDate(QDate.fromString(self._days[0], "yyyy-MM-dd"))
        self._draw()

    def value(self) -> tuple[str, str]:
        """The date and how it was reached; ('', '') when the deadline stays as it was."""
        chosen = self.edit.date().toString("yyyy-MM-dd")
        if chosen == self._held:
            return "", ""
        return chosen, self._days[1] if chosen == self._days[0] else ""

    def _draw(self) -> None:
        chosen = self.edit.date().toString("yyyy-MM-dd")
        if chosen == self._days[0]:
            text = tr("从 {today} 起 {how}").format(today=self._today.isoformat(), how=self._days[1])
        else:
            text = tr("现在的期限") if chosen == self._held else ""
        self.note.setText(text)


def unit_box(units: Sequence[str], held: str) -> QComboBox:
    """A responsible unit: one of those named so far, or a new one. What is typed is never completed into another."""
    box = QComboBox()
    box.setEditable(True)
    box.addItems(list(units))
    box.setCurrentText(held)
    line = box.lineEdit()
    if line is not None:
        line.setPlaceholderText(tr("选择或输入单位名称"))
    completer = box.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    return box


class StepDialog(FormDialog):
    """Takes one step of one finding. ``accepted`` comes after it was recorded; ``said`` then tells what was done."""

    def __init__(
        self, context: Context, hand: FindingInHand, to: FindingState, units: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._context = context
        self._hand = hand
        self._to = to
        word = action_word(hand.finding, to)
        super().__init__(word, word, parent)
        self.said = ""
        self.unit: QComboBox | None = None
        self.responsible: QLineEdit | None = None
        self.deadline: DeadlineField | None = None
        self.measure: QLineEdit | None = None
        self.quantity: QLineEdit | None = None
        self.quantity_unit: QComboBox | None = None
        self.photos: AfterPhotos | None = None
        self.reason: QLineEdit | None = None
        self.original: QComboBox | None = None
        self.fields.addWidget(label(finding_name(context, hand.finding), "heading", wrap=True))
        was, becomes = tr(words.label(hand.finding.state)), tr(words.label(to))
        way = was if was == becomes else f"{was} → {becomes}"
        self.fields.addWidget(MarkedText(to.value, named(tr(words.label(hand.finding.problem)), way), role="muted"))
        self._add_fields(units)
        if to in hand.blocked:
            self.fault.setText(tr("现在还不能：{reason}").format(reason=hand.blocked[to]))
            self.fault.show()
        self.finish(self._first())

    def _first(self) -> QWidget | None:
        asked_first = self.reason if self._to is FindingState.IN_PROGRESS else None
        order = (self.original, asked_first, self.unit, self.measure, self.reason)
        return next((widget for widget in order if widget is not None), None)

    def _add_fields(self, units: Sequence[str]) -> None:
        finding, to = self._hand.finding, self._to
        if to is FindingState.IN_PROGRESS:
            self._add_assignment(units)
        elif to is FindingState.CLAIMED:
            self._add_claim()
        elif to is FindingState.RECTIFIED:
            text = tr("将采用申请验收之后、由另一人到现场完成并通过审核的复检记录。")
            self.fields.addWidget(label(text, wrap=True))
        elif to is FindingState.DUPLICATE:
            self._add_original()
        if to in _REASON_HINTS:
            self._add_reason(tr("原因"), tr(_REASON_HINTS[to]))
        elif to is FindingState.OPEN and finding.state is not FindingState.REPORTED:
            self._add_reason(tr("重新打开的原因"), tr("例如：回头看又被占用"))
        elif to is FindingState.OPEN:
            self._add_reason(tr("说明（可不填）"), "")

    def _add_assignment(self, units: Sequence[str]) -> None:
        finding = self._hand.finding
        if finding.state is FindingState.CLAIMED:
            self._add_reason(tr("退回重改的原因"), tr("例如：坡道仍不够宽"))
        elif finding.state is FindingState.IN_PROGRESS:
            self._add_reason(tr("更换单位或期限的原因"), tr("例如：单位申请延期"))
        self.unit = unit_box(units, finding.unit)
        self.add_field(tr("责任单位"), self.unit)
        self.responsible = QLineEdit(finding.responsible)
        self.add_field(tr("责任人（可不填）"), self.responsible)
        self.deadline = DeadlineField(self._hand.today, finding.deadline)
        self.add_field(tr("整改期限"), self.deadline)
        self.measure = QLineEdit(finding.measure)
        self.add_field(tr("整改措施（可不填）"), self.measure, tr("例如：加宽坡道"))

    def _add_claim(self) -> None:
        finding = self._hand.finding
        self.measure = QLineEdit(finding.measure)
        self.add_field(tr("做了什么（整改措施）"), self.measure, tr("例如：坡道加宽到 1.20 m"))
        self.quantity = QLineEdit("" if finding.quantity is None else f"{finding.quantity:g}")
        self.quantity.setAccessibleName(tr("数量"))
        self.quantity_unit = QComboBox()
        self.quantity_unit.setEditable(True)
        self.quantity_unit.addItems([tr(u) for u in _QUANTITY_UNITS])
        self.quantity_unit.setCurrentText(finding.quantity_unit or tr("处"))
        self.quantity_unit.setAccessibleName(tr("数量单位"))
        self.add_field(tr("安装数量（没有安装可不填）"), FlowRow(self.quantity, self.quantity_unit))
        self.photos = AfterPhotos(self._context, self)
        self.fields.addSpacing(8)
        self.fields.addWidget(self.photos)

    def _add_original(self) -> None:
        self.original = QComboBox()
        for other in self._hand.same_site:
            element = self._context.element_name(other.element, other.number)
            text = bracketed(f"{element} · {tr(words.label(other.problem))}", tr(words.label(other.state)))
            self.original.addItem(text, other.id)
        self.add_field(tr("与同一点位的哪个问题重复"), self.original)
        if not self._hand.same_site:
            self.fields.addWidget(label(tr("这个点位没有别的问题。"), tone="warn", wrap=True))
        self._add_reason(tr("说明（可不填）"), "")

    def _add_reason(self, title: str, hint: str) -> None:
        self.reason = QLineEdit()
        self.add_field(title, self.reason, hint)

    def request(self) -> StepRequest:
        """The step as filled in. Raises ``AnswerError`` for a quantity that is no number."""
        deadline, note = self.deadline.value() if self.deadline else ("", "")
        quantity = self.quantity.text().strip() if self.quantity else ""
        return StepRequest(
            to=self._to,
            unit=self.unit.currentText().strip() if self.unit else "",
            responsible=_text(self.responsible),
            deadline=deadline,
            deadline_note=note,
            measure=_text(self.measure),
            quantity=conformance.parse_number(quantity) if quantity else None,
            quantity_unit=self.quantity_unit.currentText().strip() if self.quantity_unit and quantity else "",
            photos=tuple(p.sha256 for p in self.photos.photos) if self.photos else (),
            reason=_text(self.reason),
            original=str(self.original.currentData() or "") if self.original else "",
        )

    def confirmed(self) -> None:
        """Record the step; refused, it says why and stays."""
        try:
            request = self.request()
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        finding, person = self._hand.finding.id, self._context.person
        photos = tuple(self.photos.photos) if self.photos else ()
        self.confirm.setEnabled(False)
        self._context.tasks.write(
            lambda store: store.record_step(finding, request, person=person, photos=photos),
            lambda _changes: self._on_recorded(),
            self.show_fault,
        )

    def _on_recorded(self) -> None:
        self.said = tr("{name}：{action}，现在是“{state}”。").format(
            name=finding_name(self._context, self._hand.finding),
            action=action_word(self._hand.finding, self._to).rstrip("…"),
            state=tr(words.label(self._to)),
        )  # fmt: skip
        self.accept()


@dataclass(frozen=True)
class Assigned:
    """What became of assigning many findings: how many were recorded, and why each of the others was not.

    The reason is '' where the state of the finding is the reason.
    """

    done: int
    refused: tuple[tuple[Finding, str], ...]
    changes: Changes


def assign(
    store: Store, findings: Sequence[Finding], request: StepRequest, person: str, progress: Progress
) -> Assigned:
    """Give every finding the same unit and deadline, each by a step of its own; cancelling keeps what was done."""
    done, changes = 0, Changes()
    refused: list[tuple[Finding, str]] = []
    for number, finding in enumerate(findings):
        try:
            progress.step(number, len(findings), finding.site_name)
        except Cancelled:
            refused += [(left, tr("已取消")) for left in findings[number:]]
            break
        if finding.state not in ASSIGNABLE:  # from "claimed" the same step would send it back to be done again
            refused.append((finding, ""))
            continue
        try:
            changes = merged(changes, store.record_step(finding.id, request, person=person))
            done += 1
        except StepRefused as error:
            refused.append((finding, error.message))
    return Assigned(done, tuple(refused), changes)


class BulkDialog(FormDialog):
    """Asks for the unit and deadline of several findings, and records a step for each that allows it."""

    def __init__(
        self, context: Context, findings: Sequence[Finding], units: Sequence[str], today: date,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tr("统一交办"), tr("统一交办"), parent)
        self._context = context
        self._findings = tuple(findings)
        self.assigned: Assigned | None = None
        self.fields.addWidget(label(tr("{n} 个问题").format(n=len(findings)), "heading"))
        self.unit = unit_box(units, "")
        self.add_field(tr("责任单位"), self.unit)
        self.responsible = QLineEdit()
        self.add_field(tr("责任人（可不填）"), self.responsible)
        self.deadline = DeadlineField(today, "")
        self.add_field(tr("整改期限"), self.deadline)
        self.reason = QLineEdit()
        if any(f.state is FindingState.IN_PROGRESS for f in findings):
            self.add_field(tr("更换单位或期限的原因（已在整改中的需要）"), self.reason)
        self.finish(self.unit)

    def confirmed(self) -> None:
        """Record a step for each finding."""
        unit = self.unit.currentText().strip()
        if not unit:
            self.show_fault(StepRefused(tr("请填写责任单位。"), ""))
            self.unit.setFocus()
            return
        deadline, note = self.deadline.value()
        request = StepRequest(
            to=FindingState.IN_PROGRESS, unit=unit, responsible=_text(self.responsible), deadline=deadline,
            deadline_note=note, reason=_text(self.reason),
        )  # fmt: skip
        findings, person = self._findings, self._context.person
        self.confirm.setEnabled(False)
        self._context.tasks.run(
            lambda store, progress: assign(store, findings, request, person, progress),
            tr("正在交办"), self._on_assigned, self.show_fault, write=True,
        )  # fmt: skip

    def _on_assigned(self, assigned: Assigned) -> None:
        self.assigned = assigned
        self.accept()


def _text(field: QLineEdit | None) -> str:
    return field.text().strip() if field is not None else ""
