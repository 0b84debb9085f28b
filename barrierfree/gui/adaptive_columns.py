"""Columns side by side that become tabs when the text is large or the window narrow: same order, same keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QWidget

from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

NARROW = 1100  # px of the window at 100 % text below which columns become tabs


@dataclass(frozen=True)
class Pane:
    """A column: its key, the word on its tab, its widget, and its width at 1366 px."""

    key: str
    title: str
    widget: QWidget
    width: int = 300
    stretch: int = 0


class AdaptiveColumns(QWidget):
    """Two or three ``Pane``s. Alt+1, 2, 3 go to a column or tab alike.

    Signals:
        mode_changed(bool): True: tabs.
    """

    mode_changed = Signal(bool)

    def __init__(self, panes: Sequence[Pane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes = tuple(panes)
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(12)
        self._splitter.setChildrenCollapsible(False)
        self._tabs.hide()
        self.tabbed = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        layout.addWidget(self._tabs)
        for number, pane in enumerate(self._panes):
            self._splitter.addWidget(pane.widget)
            self._splitter.setStretchFactor(number, pane.stretch)
            action = QAction(tr("转到“{pane}”").format(pane=pane.title), self)
            action.setShortcut(f"Alt+{number + 1}")
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _on=False, key=pane.key: self.go_to(key))
            self.addAction(action)
        self._splitter.setSizes([pane.width for pane in self._panes])
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._adapt)

    def go_to(self, key: str) -> None:
        """Bring a pane into sight and give it the focus."""
        self.show_pane(key)
        widget = next(pane.widget for pane in self._panes if pane.key == key)
        target: QWidget | None = widget
        while target is not None and target.focusPolicy() == Qt.FocusPolicy.NoFocus:
            target = target.nextInFocusChain()
            if target is widget or (target is not None and not widget.isAncestorOf(target)):
                return
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_pane(self, key: str) -> None:
        """Bring a pane into sight without moving the focus; with columns it is in sight already."""
        if self.tabbed:
            self._tabs.setCurrentIndex(next(i for i, pane in enumerate(self._panes) if pane.key == key))

    def set_title(self, key: str, title: str) -> None:
        """Another word on the tab (with a count, say)."""
        number = next(i for i, pane in enumerate(self._panes) if pane.key == key)
        self._panes = tuple(
            Pane(p.key, title, p.widget, p.width, p.stretch) if p.key == key else p for p in self._panes
        )
        if self.tabbed:
            self._tabs.setTabText(number, title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide between columns and tabs once the layout has settled."""
        super().resizeEvent(event)
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        """The text size decides too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._later.start()

    def _adapt(self) -> None:
        wanted = tokens().large or self.window().width() / tokens().scale < NARROW
        if wanted == self.tabbed:
            return
        focus = self.window().focusWidget()
        inside = focus is not None and self.isAncestorOf(focus)
        self.tabbed = wanted
        if wanted:
            for pane in self._panes:
                # a pane higher than the window scrolls, the window stays on the screen
                self._tabs.addTab(FitScroll(pane.widget), pane.title)
        else:
            for number, pane in enumerate(self._panes):
                holder = self._tabs.widget(number)
                if isinstance(holder, FitScroll):
                    holder.takeWidget()
                self._splitter.insertWidget(number, pane.widget)
                pane.widget.show()
            while self._tabs.count():
                emptied = self._tabs.widget(0)
                self._tabs.removeTab(0)
                if emptied is not None:
                    emptied.deleteLater()
            self._splitter.setSizes([pane.width for pane in self._panes])
        self._tabs.setVisible(wanted)
        self._splitter.setVisible(not wanted)
        if inside and focus is not None:
            owner = next((pane for pane in self._panes if pane.widget.isAncestorOf(focus)), None)
            if owner is not None:
                self.show_pane(owner.key)
            QTimer.singleShot(0, focus, focus.setFocus)  # it is not in sight yet
        self.mode_changed.emit(wanted)
