"""A row of tabs with status glyphs, as for the checkpoints of a site."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTabBar, QWidget

from barrierfree.gui import icons
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased


class TabStrip(QTabBar):
    """Tabs with a key, a word and the glyph and colour of a status; arrows move between them.

    Signals:
        chosen(str): another tab is current (its key); not while ``set_tabs`` works.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self._symbols: list[str] = []
        self.currentChanged.connect(self._on_changed)
        self._draw()

    def set_tabs(self, tabs: Sequence[tuple[str, str, str]], current: str = "") -> None:
        """Show tabs (key, word, status key or ''), and make ``current`` the current one (default: the first)."""
        self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        self._symbols = [status for _, _, status in tabs]
        for key, text, _ in tabs:
            self.setTabData(self.addTab(text), key)
        self._draw()
        self.set_current(current)
        self.blockSignals(False)
        self.updateGeometry()

    def set_status(self, key: str, status: str, word: str = "") -> None:
        """Another status for a tab; ``word`` is added to its tooltip and name."""
        number = self._number(key)
        if number >= 0:
            self._symbols[number] = status
            self.setTabToolTip(number, word)
            if word:
                self.setAccessibleTabName(number, phrased((self.tabText(number), word)))
            self._draw()

    def set_current(self, key: str) -> None:
        """Make a tab current."""
        self.setCurrentIndex(max(self._number(key), 0))

    def current(self) -> str:
        """The key of the current tab, '' if there is none."""
        return str(self.tabData(self.currentIndex()) or "")

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours and size of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _number(self, key: str) -> int:
        return next((i for i in range(self.count()) if self.tabData(i) == key), -1)

    def _on_changed(self, _number: int) -> None:
        self.chosen.emit(self.current())

    def _draw(self) -> None:
        side = tokens().text(18)
        self.setIconSize(QSize(side, side))
        for number, status in enumerate(self._symbols):
            if status:
                self.setTabIcon(number, icons.symbol_icon(status, side))
                self.setTabTextColor(number, QColor(icons.symbol_colour(status)))
