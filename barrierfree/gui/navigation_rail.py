"""The navigation rail: a button with icon and word per page, settings at the bottom, scrolls when it must."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from barrierfree.gui import icons
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, tr


@dataclass(frozen=True)
class RailEntry:
    """A page in the rail: key, word, icon, shortcut; ``bottom`` puts it at the lower end."""

    key: str
    title: str
    icon: str
    shortcut: str = ""
    bottom: bool = False


class NavigationRail(QFrame):
    """One checked button among all.

    Signals:
        chosen(str): the user chose a page (its key).
    """

    chosen = Signal(str)

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAccessibleName(tr("页面"))
        self._buttons: dict[str, _NavButton] = {}
        self._group = QButtonGroup(self)
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(7, 10, 7, 10)
        column.setSpacing(4)
        for entry in entries:
            if entry.bottom and column.count() == sum(not e.bottom for e in entries):
                column.addStretch(1)
            button = _NavButton(entry)
            button.clicked.connect(lambda _on=False, key=entry.key: self.chosen.emit(key))
            self._buttons[entry.key] = button
            self._group.addButton(button)
            column.addWidget(button)
        if not any(entry.bottom for entry in entries):
            column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inner)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sideways = self._scroll.horizontalScrollBar()  # never, not even while widths settle
        sideways.valueChanged.connect(lambda value: sideways.setValue(0) if value else None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.addWidget(self._scroll)
        self._fit()

    def check(self, key: str) -> None:
        """Show which page is in sight, and bring its button into sight."""
        button = self._buttons[key]
        button.setChecked(True)
        self._scroll.ensureWidgetVisible(button, 0, 8)

    def set_count(self, key: str, count: int) -> None:
        """Say how much waits on a page (0: nothing) in the name of its button."""
        self._buttons[key].set_count(count)

    def changeEvent(self, event: QEvent) -> None:
        """Wider when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        for button in self._buttons.values():
            button.fit()
        widest = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        inner = self._scroll.widget()
        scrolls = inner is not None and inner.sizeHint().height() > self.height()
        bar = self._scroll.verticalScrollBar().sizeHint().width() if scrolls else 0
        self.setFixedWidth(max(widest + 15, 92) + bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room for the scroll bar when one is needed."""
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            QTimer.singleShot(0, self, self._fit)  # a new width now would be lost in the resizing under way


class _NavButton(QToolButton):
    def __init__(self, entry: RailEntry) -> None:
        super().__init__()
        self._entry = entry
        self.setProperty("role", "nav")
        self.setText(entry.title)
        self.setAccessibleName(entry.title)
        self.setToolTip(bracketed(entry.title, entry.shortcut) if entry.shortcut else entry.title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        title = self._entry.title
        self.setText(f"{title} {count}" if count else title)
        self.setAccessibleName(tr("{title}，{count} 项待处理").format(title=title, count=count) if count else title)

    def fit(self) -> None:
        size = tokens().text(22)
        self.setIcon(icons.icon(self._entry.icon, "ink", size, "selection_accent"))
        self.setIconSize(QSize(size, size))
        self.setMinimumHeight(max(64, tokens().text(58)))
