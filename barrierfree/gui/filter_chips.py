"""A row of filters above a list, with their counts; one is in force."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.i18n import named


class FilterChips(QWidget):
    """A few filters of which one is in force; arrow keys move among them.

    Signals:
        chosen(str): the user chose another filter.
    """

    chosen = Signal(str)

    def __init__(self, keys: Sequence[str], name: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._name = name
        self._group = QButtonGroup(self)
        self.buttons = {key: Button("", partial(self.chosen.emit, key)) for key in keys}
        for button in self.buttons.values():
            button.setCheckable(True)
            self._group.addButton(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 11, 12, 0)
        self._row = FlowRow(*self.buttons.values())
        layout.addWidget(self._row)

    def add(self, widget: QWidget) -> None:
        """Something else that stands behind the chips."""
        self._row.add(widget)

    def value(self) -> str:
        """The key of the filter in force."""
        return next((key for key, button in self.buttons.items() if button.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose without a signal."""
        self.buttons[key].setChecked(True)

    def set_text(self, key: str, text: str) -> None:
        """What stands on a chip."""
        self.buttons[key].setText(text)
        self.buttons[key].setAccessibleName(named(self._name, text))
        self.buttons[key].updateGeometry()
