"""Which sites the map page shows: one filter for list and map, with the legend's states and their counts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, mark, named, tr
from barrierfree.model import words
from barrierfree.model.words import Problem, Status
from barrierfree.operations.map_list import Picked
from barrierfree.store import SiteFilter

_SINCE_DAYS: Final = (7, 30, 90)
_FLAGS: Final = {
    "overdue": mark("有超期的问题"), "unfinished": mark("还要普查的"), "returned": mark("退回给我的"),
    "again": mark("请我复查的"), "drafted": mark("这台电脑有草稿"),
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """Something that restricts what is shown: its words, and how to take it back."""

    text: str
    clear: Callable[[], None]


class StateButton(Button):
    """A state of the legend: glyph, word, count; pressed, only pressed states are shown."""

    def __init__(self, state: Status) -> None:
        self._state = state
        super().__init__(tr(words.label(state)))
        self.setCheckable(True)
        self.show_count(None)

    def show_count(self, count: int | None) -> None:
        """How many sites have it."""
        word = tr(words.label(self._state))
        told = "" if count is None else f"{count:,}"
        self.setText(f"{word} {told}".strip())
        self.setAccessibleName(named(word, told) if told else word)
        self.updateGeometry()

    def _draw_icon(self) -> None:
        side = tokens().text(18)
        self.setIcon(QIcon(icons.symbol_pixmap(self._state.value, side)))
        self.setIconSize(QSize(side, side))


class MapFilter(QWidget):
    """The panel of the filter. ``picked`` restricts it to what another page wanted to see.

    Signals:
        changed: something else is wanted.
        done: the user goes back to the list.
    """

    changed = Signal()
    done = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self.text = ""  # typed above the list
        self.picked: Picked | None = None
        self.states = {state: StateButton(state) for state in Status}
        self.flags = {key: Button(tr(text)) for key, text in _FLAGS.items()}
        for button in (*self.states.values(), *self.flags.values()):
            button.setCheckable(True)
            button.toggled.connect(lambda _on: self.changed.emit())
        definition = context.survey.definition
        self.community = self._choice([(c.name, c.name) for c in definition.area.communities])
        self.site_class = self._choice([(c.code, c.label.in_language(language())) for c in definition.classes])
        self.problem = self._choice([(p.value, tr(words.label(p))) for p in Problem])
        self.since = self._choice([(str(n), tr("{n} 天内").format(n=n)) for n in _SINCE_DAYS])
        self._build()

    def _choice(self, options: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.addItem(tr("全部"), "")
        for key, text in options:
            box.addItem(text, key)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentIndexChanged.connect(lambda _at: self.changed.emit())
        return box

    def _build(self) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 2, 8, 2)
        column.setSpacing(6)
        column.addWidget(label(tr("图例：按状态筛选，可选几个"), "strong", wrap=True))
        column.addWidget(FlowRow(*self.states.values()))
        for title, box in (
            (tr("社区"), self.community), (tr("场所类别"), self.site_class), (tr("有这种未关闭的问题"), self.problem),
            (tr("有近期上报的问题"), self.since),
        ):  # fmt: skip
            name = label(title, "strong")
            name.setBuddy(box)
            box.setAccessibleName(title)
            column.addWidget(name)
            column.addWidget(box)
        column.addWidget(label(tr("还可以只看"), "strong"))
        column.addWidget(FlowRow(*self.flags.values()))
        column.addStretch(1)
        self.back = Button(tr("看列表"), self.done.emit, kind="primary", icon="list")
        self.clear_button = Button(tr("清除筛选"), self.clear, icon="close")
        foot = QHBoxLayout()
        foot.addWidget(FlowRow(self.back, self.clear_button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FitScroll(inner), 1)
        layout.addLayout(foot)

    def show_counts(self, counts: Mapping[Status, int]) -> None:
        """How many sites of each state there are in view, the other conditions holding."""
        for state, button in self.states.items():
            button.show_count(counts.get(state, 0))

    def filter(self, today: date) -> SiteFilter:
        """The sites that are wanted; ``today`` decides what is overdue and what is recent."""
        person = self._context.person or "-"
        on = {key: button.isChecked() for key, button in self.flags.items()}
        days = str(self.since.currentData())
        return SiteFilter(
            text=self.text, community=str(self.community.currentData()), site_class=str(self.site_class.currentData()),
            statuses=tuple(s for s, button in self.states.items() if button.isChecked()),
            problem=str(self.problem.currentData()), unfinished=on["unfinished"], drafted=on["drafted"],
            overdue_on=today.isoformat() if on["overdue"] else "",
            reported_since=(today - timedelta(days=int(days))).isoformat() if days else "",
            returned_to=person if on["returned"] else "", again_by=person if on["again"] else "",
            ids=self.picked.sites if self.picked else None,
        )  # fmt: skip

    def conditions(self) -> list[Condition]:
        """What restricts the list now, in words; what is typed above the list stands there already."""
        found = [Condition(self.picked.title, partial(self.show_picked, None))] if self.picked else []
        for state, button in self.states.items():
            if button.isChecked():
                found.append(Condition(tr(words.label(state)), partial(button.setChecked, False)))
        for box in (self.community, self.site_class, self.problem, self.since):
            if box.currentIndex() > 0:
                found.append(Condition(box.currentText(), partial(box.setCurrentIndex, 0)))
        for key, flag in self.flags.items():
            if flag.isChecked():
                found.append(Condition(tr(_FLAGS[key]), partial(flag.setChecked, False)))
        return found

    def show_picked(self, picked: Picked | None) -> None:
        """Only these records, or no longer."""
        self.picked = picked
        self.changed.emit()

    def clear(self) -> None:
        """No condition at all; one signal."""
        self.blockSignals(True)
        for condition in self.conditions():
            condition.clear()
        self.blockSignals(False)
        self.changed.emit()
