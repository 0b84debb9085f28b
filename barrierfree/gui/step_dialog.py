"""Asks for what one step of a rectification needs, and takes it; a refusal is shown and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from barrierfree import conformance, rectification
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.dialog_photos import DialogPhotos
from barrierfree.gui.finding_detail import FindingInHand, action_word, finding_name
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import MarkedText, label
from barrierfree.i18n import bracketed, mark, named, tr
from barrierfree.model import words
from barrierfree.model.records import Changes, StepRequest, Unit
from barrierfree.model.words import FindingState, UnitClass
from barrierfree.store import Store

_DAYS = (5, 10, 15, 30)
_USUAL_DAYS = 15
QUANTITY_UNITS = (mark("处"), mark("个"), mark("块"), mark("套"), mark("米"))
_REASON_HINTS = {
    FindingState.SOFT_SERVICE: mark("提供什么替代服务，例如门铃求助、上门服务"),
    FindingState.TRANSFERRED: mark("移交给谁、为什么"),
    FindingState.INVALID: mark("为什么不属实"),
}


class DeadlineField(QWidget):
    """A date, and quick choices in working days; says how the date was reached."""

    def __init__(
        self, today: date, held: str, held_note: str = "", *, special: Mapping[date, bool] | None = None
    ) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._today = today
        self._special = special or {}
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
        self._days = rectification.read_deadline(f"{days}wd", self._today, self._special)
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


class UnitField(QWidget):
    """A responsible unit: one of those known, or a new one, then with its class.

    What is typed is never completed into another name; units of the class that answers for the place come first.
    """

    def __init__(self, units: Sequence[Unit], held: str = "", proposed: UnitClass | None = None) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._known = {u.name: u for u in units}
        offered = [u for u in units if not u.hidden]
        offered.sort(key=lambda u: u.unit_class is not proposed)
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setAccessibleName(tr("责任单位"))
        self.box.addItems([u.name for u in offered])
        self.box.setCurrentText(held)
        line = self.box.lineEdit()
        if line is not None:
            line.setPlaceholderText(tr("选择或输入单位名称"))
        completer = self.box.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.told = label("", "small", wrap=True)
        self.unit_class = QComboBox()
        self.unit_class.setAccessibleName(tr("新单位的类别"))
        for known in UnitClass:
            self.unit_class.addItem(tr(words.label(known)), known)
        self.unit_class.setCurrentIndex(self.unit_class.findData(proposed or UnitClass.SERVICES))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.box, self.told, self.unit_class):
            layout.addWidget(widget)
        self.box.editTextChanged.connect(lambda _text: self._draw())
        self._draw()

    def text(self) -> str:
        """The name as typed."""
        return self.box.currentText().strip()

    def contact(self) -> str:
        """Who is spoken to at the unit, '' if that is not known."""
        known = self._known.get(self.text())
        return known.contact if known else ""

    def new_unit(self) -> Unit | None:
        """The unit to be registered: typed here for the first time, or known only by its name."""
        name, known = self.text(), self._known.get(self.text())
        if not name or (known is not None and known.unit_class is not None):
            return None
        return (known or Unit(name=name)).model_copy(update={"unit_class": UnitClass(self.unit_class.currentData())})

    def _draw(self) -> None:
        name, known = self.text(), self._known.get(self.text())
        parts = []
        if known is not None and known.unit_class is not None:
            parts = [tr(words.label(known.unit_class)), known.contact, known.note]
        self.unit_class.setVisible(self.new_unit() is not None)
        if self.new_unit() is not None:
            parts = [tr("新单位，请选类别（按场所类别建议）：") if known is None else tr("还没有类别，请选：")]
        self.told.setText(" · ".join(p for p in parts if p) if name else "")
        self.told.setVisible(bool(self.told.text()))
        self.updateGeometry()


def propose_contact(unit: UnitField, responsible: QLineEdit) -> None:
    """Write the person known at a unit into ``responsible`` while nobody else has been written there."""
    held = responsible.text()

    def propose() -> None:
        nonlocal held
        if responsible.text() == held and unit.contact():
            held = unit.contact()
            responsible.setText(held)

    unit.box.editTextChanged.connect(lambda _text: propose())


class StepDialog(FormDialog):
    """Takes one step of one finding. ``accepted`` comes after it was recorded; ``said`` then tells what was done."""

    def __init__(
        self, context: Context, hand: FindingInHand, to: FindingState, units: Sequence[Unit],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._context = context
        self._hand = hand
        self._to = to
        word = action_word(hand.finding, to)
        super().__init__(word, word, parent)
        self.said = ""
        self.unit: UnitField | None = None
        self.responsible: QLineEdit | None = None
        self.deadline: DeadlineField | None = None
        self.measure: QLineEdit | None = None
        self.quantity: QLineEdit | None = None  # installed, or planned when the work is given out
        self.quantity_unit: QComboBox | None = None
        self.photos: DialogPhotos | None = None
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

    def _add_fields(self, units: Sequence[Unit]) -> None:
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
        elif to is FindingState.OPEN and any(r.inspection for r in self._hand.reports):
            self._add_reason(tr("说明（可不填）"), "")
        elif to is FindingState.OPEN:
            self._add_reason(tr("怎样核实的"), tr("例如：社区工作人员到现场看过"))

    def _add_assignment(self, units: Sequence[Unit]) -> None:
        finding = self._hand.finding
        if finding.state is FindingState.CLAIMED:
            self._add_reason(tr("退回重改的原因"), tr("例如：坡道仍不够宽"))
        elif finding.state is FindingState.IN_PROGRESS:
            self._add_reason(tr("更换单位或期限的原因"), tr("例如：单位申请延期"))
        known = self._context.survey.definition.site_class(self._hand.site_class)
        self.unit = UnitField(units, finding.unit, rectification.unit_class_of(known.key_area if known else ""))
        self.add_field(tr("责任单位"), self.unit)
        self.responsible = QLineEdit(finding.responsible)
        self.add_field(tr("责任人（可不填）"), self.responsible, tr("只写姓名"))
        propose_contact(self.unit, self.responsible)
        self.deadline = DeadlineField(self._hand.today, finding.deadline, special=self._hand.special)
        self.add_field(tr("整改期限"), self.deadline)
        self.measure = QLineEdit(finding.measure)
        self.add_field(tr("整改措施（可不填）"), self.measure, tr("例如：加宽坡道"))
        self._add_quantity(tr("计划数量（没有安装可不填）"), finding.planned, finding.quantity_unit)

    def _add_quantity(self, title: str, held: float | None, unit: str) -> None:
        self.quantity = QLineEdit("" if held is None else f"{held:g}")
        self.quantity.setAccessibleName(title)
        self.quantity_unit = QComboBox()
        self.quantity_unit.setEditable(True)
        self.quantity_unit.addItems([tr(u) for u in QUANTITY_UNITS])
        self.quantity_unit.setCurrentText(unit or tr("处"))
        self.quantity_unit.setAccessibleName(tr("数量单位"))
        self.add_field(title, FlowRow(self.quantity, self.quantity_unit))

    def _add_claim(self) -> None:
        finding = self._hand.finding
        self.measure = QLineEdit(finding.measure)
        self.add_field(tr("做了什么（整改措施）"), self.measure, tr("例如：坡道加宽到 1.20 m"))
        installed = finding.planned if finding.quantity is None else finding.quantity
        self._add_quantity(tr("安装数量（没有安装可不填）"), installed, finding.quantity_unit)
        self.photos = DialogPhotos(self._context, self, tr("整改后照片"), tr("至少一张。"))
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
        number = conformance.parse_number(quantity) if quantity else None
        planned = self._to is FindingState.IN_PROGRESS
        return StepRequest(
            to=self._to,
            unit=self.unit.text() if self.unit else "",
            responsible=_text(self.responsible),
            deadline=deadline,
            deadline_note=note,
            measure=_text(self.measure),
            planned=number if planned else None,
            quantity=None if planned else number,
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
        new = self.unit.new_unit() if self.unit else None
        self.confirm.setEnabled(False)

        def record(store: Store) -> Changes:
            changes = store.record_step(finding, request, person=person, photos=photos)
            if new is not None:
                store.put_unit(new, person=person)
            return changes

        self._context.tasks.write(record, lambda _changes: self._on_recorded(), self.show_fault)

    def _on_recorded(self) -> None:
        self.said = tr("{name}：{action}，现在是“{state}”。").format(
            name=finding_name(self._context, self._hand.finding),
            action=action_word(self._hand.finding, self._to).rstrip("…"),
            state=tr(words.label(self._to)),
        )  # fmt: skip
        self.accept()


def _text(field: QLineEdit | None) -> str:
    return field.text().strip() if field is not None else ""
