"""The main window: navigation rail, pages built when first shown, status strip, shortcuts, dropped files."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.navigation_rail import NavigationRail, RailEntry
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.page import Page
from barrierfree.gui.shortcut_help import ShortcutEntry, ShortcutHelp, collect, general
from barrierfree.gui.status_strip import StatusStrip
from barrierfree.gui.store_tasks import StoreTasks
from barrierfree.i18n import tr
from barrierfree.model.records import Changes

GEOMETRY_KEY = "window_geometry"
FIRST_SIZE = (1366, 768)


class Settings(Protocol):
    """What the window wants of the user's settings: text under a key."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value of ``key``, or ``default``."""

    def set(self, key: str, value: Any) -> None:
        """Remember ``value`` under ``key``."""


@dataclass(frozen=True)
class PageEntry:
    """A page: key, word, icon and the function that builds it when it is first shown."""

    key: str
    title: str
    icon: str
    build: Callable[[], QWidget]
    bottom: bool = False


class MainWindow(QMainWindow):
    """Holds the pages. A page is any widget with some of ``activate()``, ``apply_changes(Changes)``,
    ``search_field()``, ``shortcuts()`` and ``messages``; ``page.Page`` has all of them.

    Signals:
        filesDropped(list[Path]): files were dropped anywhere in the window.
        page_shown(str): another page is in sight (its key).
        closing: the window closes; drafts should be saved and the tasks closed.
    """

    filesDropped = Signal(object)
    page_shown = Signal(str)
    closing = Signal()

    def __init__(
        self,
        pages: Sequence[PageEntry],
        settings: Settings,
        tasks: StoreTasks[Any] | None = None,
        *,
        first: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._entries = {entry.key: entry for entry in pages}
        self._settings = settings
        self._pages: dict[str, QWidget] = {}
        self._waiting: dict[str, Changes] = {}
        self._current = ""
        self.setWindowTitle(tr("无障碍普查"))
        self.setAcceptDrops(True)
        keys = {entry.key: f"Ctrl+{number}" for number, entry in enumerate(pages, 1) if number <= 9}
        self.rail = NavigationRail([RailEntry(e.key, e.title, e.icon, keys.get(e.key, ""), e.bottom) for e in pages])
        self.rail.chosen.connect(self.show_page)
        self.messages = MessageBar()
        self.status = StatusStrip()
        self._stack = QStackedWidget()
        self._build()
        self._add_actions(keys)
        self._restore_geometry()
        if tasks is not None:
            self.attach(tasks)
        self.show_page(first or pages[0].key)

    def attach(self, tasks: StoreTasks[Any]) -> None:
        """Follow the work of an open survey: changes to the pages, progress to the strip, errors to the page."""
        tasks.changed.connect(self.apply_changes)
        tasks.progress.connect(self.status.show_progress)
        tasks.failed.connect(self.show_error)

    def show_page(self, key: str) -> None:
        """Bring a page into sight, build it if need be, and hand it the changes it has missed."""
        fresh = key not in self._pages
        page = self.page(key)
        self._current = key
        self.rail.check(key)
        self._stack.setCurrentIndex(list(self._pages).index(key))
        missed = self._waiting.pop(key, None)
        if missed is not None:
            _call(page, "apply_changes", missed)
        _call(page, "activate")
        first = getattr(page, "first", None)
        if fresh and isinstance(first, QWidget):
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(key)

    def page(self, key: str) -> QWidget:
        """The page with ``key``, built if it was not yet."""
        if key not in self._pages:
            page = self._entries[key].build()
            self._pages[key] = page
            self._stack.addWidget(FitScroll(page))  # a page never makes the window outgrow the screen
        return self._pages[key]

    @property
    def current_page(self) -> str:
        """The key of the page in sight."""
        return self._current

    def rebuild_pages(self) -> None:
        """Throw all pages away and build the one in sight anew: another survey, another language."""
        while (holder := self._stack.widget(0)) is not None:
            self._stack.removeWidget(holder)
            holder.deleteLater()
        self._pages.clear()
        self._waiting.clear()
        self.show_page(self._current)

    def apply_changes(self, changes: Changes) -> None:
        """Tell the page in sight at once and the others when they come into sight."""
        self.status.saved()
        for key, page in self._pages.items():
            if key == self._current:
                _call(page, "apply_changes", changes)
            else:
                earlier = self._waiting.get(key)
                self._waiting[key] = merged(earlier, changes) if earlier else changes

    def show_error(self, error: Exception) -> None:
        """Show an error nobody else handles: in the page in sight, or above it if it has no message bar."""
        bar = getattr(self._pages.get(self._current), "messages", None)
        (bar if isinstance(bar, MessageBar) else self.messages).show_error(error)

    def shortcuts(self) -> list[ShortcutEntry]:
        """Every key of the window and of the pages that were built."""
        entries = collect(self, tr("所有页面"), skip=list(self._pages.values()))
        for key, page in self._pages.items():
            title = self._entries[key].title
            own = collect(page, title)
            extra = page.shortcuts() if isinstance(page, Page) else []
            entries += own + [ShortcutEntry(keys, text, title) for keys, text in extra]
        return list(dict.fromkeys(entries + general()))

    def show_help(self) -> None:
        """F1: the list of all keys."""
        dialog = ShortcutHelp(self.shortcuts(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def focus_search(self) -> None:
        """Ctrl+F: go to the search field of the page in sight."""
        field = _call(self._pages[self._current], "search_field")
        if isinstance(field, QWidget):
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if isinstance(field, QLineEdit):
                field.selectAll()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window is."""
        self._settings.set(GEOMETRY_KEY, base64.b64encode(self.saveGeometry().data()).decode())
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Forward the files."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.filesDropped.emit(files)

    def _build(self) -> None:
        right = QWidget()
        right.setProperty("role", "ground")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self._stack, 1)
        column.addWidget(self.status)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        self.setCentralWidget(centre)

    def _add_actions(self, keys: dict[str, str]) -> None:
        for key, shortcut in keys.items():
            text = tr("打开“{page}”").format(page=self._entries[key].title)
            self._add_action(text, shortcut, functools.partial(self.show_page, key))
        self._add_action(tr("搜索"), "Ctrl+F", self.focus_search)
        self._add_action(tr("帮助：快捷键"), "F1", self.show_help)

    def _add_action(self, text: str, shortcut: str, act: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(shortcut)
        action.triggered.connect(lambda _on=False: act())
        self.addAction(action)

    def _restore_geometry(self) -> None:
        self.resize(*FIRST_SIZE)
        remembered = self._settings.get(GEOMETRY_KEY, "")
        if isinstance(remembered, str) and remembered:
            self.restoreGeometry(QByteArray(base64.b64decode(remembered)))


def merged(one: Changes, other: Changes) -> Changes:
    """What both changed together."""
    values: dict[str, Any] = {}
    for name in Changes.model_fields:
        first, second = getattr(one, name), getattr(other, name)
        values[name] = first or second if isinstance(first, bool) else tuple(dict.fromkeys((*first, *second)))
    return Changes(**values)


def _call(page: QWidget, name: str, *arguments: Any) -> Any:
    """Call a method a page may have."""
    method = getattr(page, name, None)
    return method(*arguments) if callable(method) else None
