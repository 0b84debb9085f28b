"""Paper out and in, for the pages that offer it: the button with its menu, and the two dialogs behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.model.records import Site
from barrierfree.store import SiteFilter


class PaperActions(QObject):
    """Opens printing and typing in for a page; ``listed`` and ``in_hand`` say what it has on show.

    Signals:
        entered(): typing in is over; what the page holds may be older.
    """

    entered = Signal()

    def __init__(
        self,
        context: Context,
        page: Page,
        *,
        listed: Callable[[], SiteFilter] | None = None,
        in_hand: Callable[[], Site | None] | None = None,
        before: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._listed, self._in_hand, self._before = listed, in_hand, before

    def menu_button(self) -> Button:
        """A button with both actions in its menu, their keys working on the whole page."""
        button = Button(tr("纸质表"), icon="print")
        menu = QMenu(button)
        for text, keys, act in (
            (tr("打印检查表…"), "Ctrl+P", self.print_sheets),
            (tr("录入纸质表…"), "Ctrl+Shift+E", self.enter_sheets),
        ):
            action = QAction(text, self._page)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _on=False, act=act: act())
            menu.addAction(action)
            self._page.addAction(action)
        button.setMenu(menu)
        return button

    def print_sheets(self) -> None:
        """Ask which sites, and print their sheets."""
        from barrierfree.gui.paper_dialog import PaperDialog

        listed = self._listed() if self._listed else None
        dialog = PaperDialog(self._context, listed, self._in_hand() if self._in_hand else None, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.printed.connect(self._page.messages.show_message)
        dialog.open()

    def enter_sheets(self) -> None:
        """Type in sheets; who does so must be known."""
        from barrierfree.gui.paper_entry import PaperEntry

        if self._before is not None:
            self._before()
        if not self._context.person and not self._context.ask_person():
            return
        dialog = PaperEntry(self._context, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: self.entered.emit())
        dialog.open()
