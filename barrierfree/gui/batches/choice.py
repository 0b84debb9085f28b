"""Which records a batch is made of: the four selections with their counts, and the conditions beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from barrierfree.gui.batches.reading import SELECTIONS
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.i18n import language, listed, mark, named, tr
from barrierfree.model.city import BatchFilter, Selection
from barrierfree.model.words import FindingState, label

SELECTION_WORDS = {
    "new": mark("未报送"), "changed": mark("报送后有变化"), "rejected": mark("市系统退回"), "all": mark("全部"),
}  # fmt: skip


class ChoiceBar(QWidget):
    """Chips with live counts, menus that restrict, and a way to be rid of the restrictions.

    Signals:
        changed: another choice; see ``wanted``.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        definition = context.survey.definition
        self.chips = FilterChips(list(SELECTIONS), tr("选择记录"))
        self.chips.set_value("new")
        self.chips.chosen.connect(lambda _key: self.changed.emit())
        self.communities = MenuFilter(tr("社区"), [(c.name, c.name) for c in definition.area.communities])
        self.classes = MenuFilter(
            tr("场所类别"), [(c.code, c.label.in_language(language())) for c in definition.classes]
        )
        self.states = MenuFilter(
            tr("整改状态"), [(s.value, tr(label(s))) for s in FindingState if s is not FindingState.REPORTED]
        )
        self.since = self.until = ""
        self.period = Button(tr("日期…"), self.ask_period, tip=tr("按审核通过或最后变化的日期筛选"))
        self.clear_button = Button(tr("清除条件"), self.clear, kind="quiet", icon="close")
        for menu in (self.communities, self.classes, self.states):
            menu.changed.connect(self._on_changed)
            self.chips.add(menu)
        self.chips.add(self.period)
        self.chips.add(self.clear_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 11)
        layout.addWidget(self.chips)
        self.set_counts({})
        self._draw()

    def wanted(self) -> BatchFilter:
        """The choice as it is."""
        what: Selection = self.chips.value()  # type: ignore[assignment]
        return BatchFilter(
            what=what, communities=tuple(self.communities.chosen), classes=tuple(self.classes.chosen),
            states=tuple(FindingState(s) for s in self.states.chosen), since=self.since, until=self.until,
        )  # fmt: skip

    def choose(self, what: Selection) -> None:
        """Choose a selection without restrictions, as another page asks for it."""
        self.chips.set_value(what)
        self.clear(always=True)

    def set_counts(self, counts: Mapping[Selection, int]) -> None:
        """How many records each selection has; without a figure while that is being counted."""
        for key in SELECTIONS:
            figure = f" {counts[key]:,}" if key in counts else ""
            self.chips.set_text(key, tr(SELECTION_WORDS[key]) + figure)

    def is_restricted(self) -> bool:
        """Whether any condition is in force beside the selection."""
        return bool(self.communities.chosen or self.classes.chosen or self.states.chosen or self.since or self.until)

    def clear(self, *, always: bool = False) -> None:
        """No conditions but the selection."""
        told = self.is_restricted() or always
        for menu in (self.communities, self.classes, self.states):
            menu.clear()
        self.since = self.until = ""
        if self.clear_button.hasFocus():
            self.chips.buttons[self.chips.value()].setFocus()
        if told:
            self._on_changed()

    def ask_period(self) -> PeriodDialog:
        """Ask for the first and the last day."""
        dialog = PeriodDialog(self.since, self.until, self.window())
        dialog.accepted.connect(lambda: self._on_period(dialog))
        dialog.open()
        return dialog

    def _on_period(self, dialog: PeriodDialog) -> None:
        self.since, self.until = dialog.since.text().strip(), dialog.until.text().strip()
        self._on_changed()

    def _on_changed(self) -> None:
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        self.clear_button.setVisible(self.is_restricted())
        days = f"{self.since or '…'} – {self.until or '…'}" if self.since or self.until else ""
        self.period.setText(named(tr("日期"), days) if days else tr("日期…"))
        self.period.updateGeometry()


class MenuFilter(Button):
    """A button whose menu ticks several values; it says which.

    Signals:
        changed: other values are ticked, by the user.
    """

    changed = Signal()

    def __init__(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"{title} ▾")
        self._title = title
        self.chosen: list[str] = []
        self.choices = QMenu(self)
        self._actions = {}
        for key, text in options:
            action = self.choices.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.triggered.connect(partial(self._on_ticked, key))
            self._actions[key] = (action, text)
        self.setMenu(self.choices)
        if not options:
            self.hide()

    def clear(self) -> None:
        """Nothing is ticked; without a signal."""
        for action, _ in self._actions.values():
            action.setChecked(False)
        self._draw()

    def _on_ticked(self, _key: str, _on: bool = False) -> None:
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        self.chosen = [key for key, (action, _) in self._actions.items() if action.isChecked()]
        words = [self._actions[key][1] for key in self.chosen]
        text = listed(words) if len(words) < 3 else tr("{number} 项").format(number=len(words))
        self.setText(f"{named(self._title, text) if words else self._title} ▾")
        self.updateGeometry()


class PeriodDialog(FormDialog):
    """Asks between which days; both may stay empty."""

    def __init__(self, since: str, until: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("按日期筛选"), tr("筛选"), parent, height=360)
        self.since, self.until = QLineEdit(since), QLineEdit(until)
        hint = tr("例如：{day}").format(day="2026-03-01")
        self.add_field(tr("从哪一天（可不填）"), self.since, hint)
        self.add_field(tr("到哪一天（可不填）"), self.until, hint)
        self.finish(self.since)

    def confirmed(self) -> None:
        """Only days that exist, in their order."""
        days = [line.text().strip() for line in (self.since, self.until)]
        for text, line in zip(days, (self.since, self.until), strict=True):
            if text and not _is_day(text):
                self.say(tr("“{text}”不是日期，请写成 {day} 的样子。").format(text=text, day="2026-03-01"))
                line.setFocus()
                return
        if all(days) and days[0] > days[1]:
            self.say(tr("开始的日期在结束以后，请对调。"))
            self.until.setFocus()
            return
        self.accept()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
