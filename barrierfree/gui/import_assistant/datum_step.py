"""Step 3: in which datum the coordinates are: a choice with its reason, the points on the map, the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from barrierfree import coordinates, inventory
from barrierfree.gui import notices
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.import_assistant.work import Step, Work
from barrierfree.gui.labels import label
from barrierfree.gui.place_fields import DATUM_NAMES
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import mark, sentences, tr
from barrierfree.inventory import DatumCandidate, DatumProposal, RawList
from barrierfree.operations import lists

if TYPE_CHECKING:
    from barrierfree.gui.import_assistant.datum_map import DatumMap

OTHER: Final = "other"
CHOICES: Final = {
    **DATUM_NAMES,
    "EPSG:4548": mark("CGCS2000 三度带，不带带号（EPSG:4548）"),
    "EPSG:4527": mark("CGCS2000 三度带，带号 39（EPSG:4527）"),
    "EPSG:4498": mark("CGCS2000 六度带，带号 20（EPSG:4498）"),
    OTHER: mark("其他（写编号或名称）"),
}
_CHECK_AFTER_MS = 400
_AS_ONE: Final = {"cgcs2000": "wgs84"}  # they agree within a metre and are one candidate


class DatumStep(Step):
    """Nothing is chosen beforehand unless the proposal is sure."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.said = label("", "strong", wrap=True)
        self.reason = label("", "small", wrap=True)
        self.radios: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.other = QLineEdit()
        self._other_fault = label("", tone="bad", wrap=True)
        self._other_known = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_CHECK_AFTER_MS)
        self._later.timeout.connect(self._check_other)
        self.swapped = QCheckBox(tr("两列对调：第一列是纬度（北坐标）"))
        self.swapped.toggled.connect(self._on_swapped)
        self.table: RecordTable[DatumCandidate] = RecordTable(
            (
                Column("datum", tr("按这种坐标系换算"), lambda c: c.label, width=290),
                Column("inside", tr("落在范围内"), _inside, sort=lambda c: c.inside or 0, width=120),
                Column("median", tr("与同名点位的中位距离"), _median, sort=lambda c: c.median_m or 0.0, width=180),
                Column("shape", tr("地图上"), self._shape, width=90),
            ),
            lambda c: f"{c.datum}{c.swapped}", tr("各种坐标系的比较"), filter_row=False,
        )  # fmt: skip
        self.table.set_empty(tr("没有可比较的"), tr("清单里的数字不像北京的坐标，请回到上一步检查坐标列。"))
        self.map: DatumMap | None = None
        self._map_card = Card(padding=1)
        self._build()

    def _build(self) -> None:
        left = QWidget()
        left.setProperty("role", "plain")
        column = QVBoxLayout(left)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(2)
        column.addWidget(label(tr("清单里的坐标是哪一种？"), "heading", wrap=True))
        column.addWidget(self.said)
        column.addWidget(self.reason)
        column.addSpacing(6)
        for key, text in CHOICES.items():
            radio = QRadioButton(tr(text))
            radio.clicked.connect(partial(self._on_chosen, key))
            self._group.addButton(radio)
            self.radios[key] = radio
            column.addWidget(radio)
        self.other.setAccessibleName(tr("坐标系的编号或名称"))
        self.other.setPlaceholderText(tr("例如 EPSG:4547、CGCS2000 3度带 39带"))
        self.other.textChanged.connect(lambda _text: self._on_typing())
        column.addWidget(self.other)
        column.addWidget(self._other_fault)
        column.addWidget(self.swapped)
        column.addWidget(
            label(tr("选错坐标系会让点位偏 0.5 到 1.3 公里；不清楚时请问清单的提供者。"), "small", wrap=True)
        )
        column.addStretch(1)
        choice = Card(padding=0)
        choice.body.addWidget(FitScroll(left))
        self._map_card.body.setContentsMargins(1, 1, 1, 1)
        self._map_card.setMinimumHeight(tokens().text(200))
        listed = Card(padding=1)
        listed.body.addWidget(self.table)
        self.table.setMinimumHeight(tokens().text(150))
        self.columns = AdaptiveColumns(
            [
                Pane("choice", tr("坐标系"), choice, 440),
                Pane("map", tr("地图和比较"), _beside(self._map_card, listed), 860, 1),
            ]
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)
        self._show_other()

    # -- coming in --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Ask for a proposal, unless this list was looked at with these columns before."""
        work = self._work
        if work.proposal is not None and work.proposal_of == work.read_as:
            self._show(work.proposal)
            return
        work.proposal = None
        raw, columns, within = work.raw, dict(work.columns), work.within
        if raw is None:
            return
        self.said.setText(tr("正在判断坐标系"))
        self.reason.setText("")
        self.start(
            lambda store, progress: lists.suggest_datum(store, raw, columns, within=within, progress=progress),
            tr("正在判断坐标系"), self._on_proposal,
        )  # fmt: skip

    def _on_proposal(self, proposal: DatumProposal) -> None:
        work = self._work
        work.proposal, work.proposal_of = proposal, work.read_as
        remembered = work.suggested if work.suggested is not None and work.suggested.remembered else None
        if proposal.best is not None and proposal.sure:
            work.datum, work.swapped = proposal.best
        elif remembered is not None and remembered.datum and proposal.best is None:
            work.datum, work.swapped = remembered.datum, remembered.swapped
        elif work.datum and not any(c.datum == _AS_ONE.get(work.datum, work.datum) for c in proposal.candidates):
            work.datum = ""
        self._show(proposal)

    def gave_up(self) -> None:
        """Without a proposal one can choose all the same."""
        self.said.setText(tr("没有作出判断，请自己选择。"))

    def _show(self, proposal: DatumProposal) -> None:
        work = self._work
        remembered = work.suggested is not None and work.suggested.remembered and work.suggested.datum == work.datum
        if proposal.best is None:
            said = [tr("判断不了，请看地图自己选。")]
        elif proposal.sure:
            said = [tr("建议：{datum}。").format(datum=inventory.datum_name(*proposal.best))]
        else:
            said = [tr("可能是 {datum}，但不能肯定，请看地图确认。").format(datum=inventory.datum_name(*proposal.best))]
        if remembered and work.datum:
            said.append(tr("上次同样列名的清单用的就是已选的这一种。"))
        self.said.setText("\n".join(said))
        self.reason.setText(proposal.reason)
        notices.announce(self.said, f"{self.said.text()} {proposal.reason}")
        for key, radio in self.radios.items():
            candidate = self._candidate(key)
            counted = candidate is not None and candidate.inside is not None
            text = tr(CHOICES[key])
            radio.setText(sentences([text, tr("范围内 {figures}").format(figures=_inside(candidate))])
                          if candidate and counted else text)  # fmt: skip
        self.table.set_records(list(proposal.candidates))
        self._show_choice()
        (self._group.checkedButton() or self.radios["wgs84"]).setFocus()

    def _show_choice(self) -> None:
        """The choice in force in radio buttons, line, box and map."""
        datum = self._work.datum
        key = datum if datum in CHOICES else OTHER if datum or self.other.text() else ""
        self._group.setExclusive(False)
        for name, radio in self.radios.items():
            radio.setChecked(name == key)
        self._group.setExclusive(True)
        if key == OTHER and datum and datum != self._other_known:
            self.other.setText(datum)
        self.swapped.blockSignals(True)
        self.swapped.setChecked(self._work.swapped)
        self.swapped.blockSignals(False)
        self._show_other()
        self._show_map()
        self.changed.emit()

    def _show_other(self) -> None:
        wanted = self.radios[OTHER].isChecked()
        self.other.setVisible(wanted)
        self._other_fault.setVisible(wanted and bool(self._other_fault.text()))

    def _show_map(self) -> None:
        proposal = self._work.proposal
        if proposal is None or not self.isVisible():
            return
        chosen = self._candidate(self._work.datum, self._work.swapped)
        order = [chosen] if chosen is not None else []
        order += [c for c in proposal.candidates if c is not chosen]
        if self.map is None:  # the engine is imported and started when the map is first wanted
            from barrierfree.gui.import_assistant.datum_map import DatumMap

            self.map = DatumMap(self._context)
            self._map_card.body.addWidget(self.map)
        if order:
            self.map.show_candidates(order[:2])
        self.table.view.viewport().update()

    def _candidate(self, datum: str, swapped: bool | None = None) -> DatumCandidate | None:
        proposal = self._work.proposal
        wanted = _AS_ONE.get(datum, datum)
        found = [c for c in (proposal.candidates if proposal else ()) if _AS_ONE.get(c.datum, c.datum) == wanted]
        return next((c for c in found if c.swapped == swapped), found[0] if found else None)

    def _shape(self, candidate: DatumCandidate) -> str:
        shown = self.map.shown if self.map is not None else []
        marks = dict(zip(shown, (tr("圆点"), tr("三角")), strict=False))
        return marks.get(candidate.label, "")

    # -- choosing ---------------------------------------------------------------------------------------------------

    def fault(self) -> str:
        """A datum must be chosen, and known."""
        if self.busy:
            return self.busy
        if self._work.datum:
            return ""
        return tr("请写出坐标系。") if self.radios[OTHER].isChecked() else tr("请选择坐标系。")

    def _on_chosen(self, key: str) -> None:
        if key == OTHER:
            self._work.datum = ""
            self._show_other()
            self.other.setFocus()
            self._on_typing()
            return
        self._set_datum(key)

    def _set_datum(self, datum: str) -> None:
        self._work.datum = datum
        candidate, raw = self._candidate(datum), self._work.raw
        if candidate is not None:
            self._work.swapped = candidate.swapped
        elif raw is not None:
            self._context.tasks.compute(
                partial(_north_first, raw, dict(self._work.columns), datum), partial(self._on_order, datum),
                context=self,
            )  # fmt: skip
        self._show_choice()

    def _on_order(self, datum: str, swapped: bool) -> None:
        if datum == self._work.datum:
            self._work.swapped = swapped
            self._show_choice()

    def _on_swapped(self, on: bool) -> None:
        self._work.swapped = on
        self._show_map()
        self.changed.emit()

    def _on_typing(self) -> None:
        if self.other.text() != self._other_known:
            self._work.datum = ""
        self._other_fault.setText("")
        self._show_other()
        self._later.start()
        self.changed.emit()

    def _check_other(self) -> None:
        text = self.other.text().strip()
        if text and self.radios[OTHER].isChecked():
            self._context.tasks.compute(
                lambda: coordinates.read_datum(text), partial(self._on_known, text), partial(self._on_unknown, text),
                context=self,
            )  # fmt: skip

    def _on_known(self, text: str, datum: str) -> None:
        if text == self.other.text().strip() and self.radios[OTHER].isChecked():
            self._other_known = self.other.text()
            self._set_datum(datum)

    def _on_unknown(self, text: str, error: Exception) -> None:
        if text == self.other.text().strip():
            self._other_fault.setText(" ".join(part for part in notices.words(error) if part))
            self._show_other()
            notices.announce(self._other_fault, self._other_fault.text())
            self.changed.emit()


def _north_first(raw: RawList, columns: Mapping[str, int], datum: str) -> bool:
    return inventory.north_first(inventory.given_points(raw, columns), datum)


def _inside(candidate: DatumCandidate) -> str:
    if candidate.inside is None:
        return tr("没有范围")
    return f"{candidate.inside:,} / {candidate.tried:,}"


def _median(candidate: DatumCandidate) -> str:
    return tr("没有同名点位") if candidate.median_m is None else tr("{n} 米").format(n=f"{candidate.median_m:,.0f}")


def _beside(above: QWidget, below: QWidget) -> QWidget:
    both = QWidget()
    both.setProperty("role", "plain")
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.addWidget(above, 3)
    column.addWidget(below, 2)
    return both
