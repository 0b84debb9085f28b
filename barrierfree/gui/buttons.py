"""The push button of all pages: a kind, an icon in the colour of the theme, its shortcut in the tooltip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from barrierfree.gui import icons
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed

Kind = Literal["plain", "primary", "quiet", "danger", "link", "icon", "card", "row"]
_TONES = {"primary": "on_accent", "danger": "bad", "link": "link"}


class Button(QPushButton):
    """A button of one ``kind``. With an icon alone (kind ``icon``) ``text`` becomes its name and tooltip.

    Enter presses it as Space does, so that keyboard users need not know the difference.
    """

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        kind: Kind = "plain",
        icon: str = "",
        shortcut: str = "",
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("" if kind == "icon" else text, parent)
        self._icon_name = icon
        self._kind = kind
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if kind == "link":
            tip = tip or text  # it may be cut
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if kind == "icon":
            self.setAccessibleName(text)
            tip = tip or text
        if shortcut:
            self.setShortcut(shortcut)
            tip = bracketed(tip or text, shortcut)
        if tip:
            self.setToolTip(tip)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        self._draw_icon()

    def setText(self, text: str) -> None:
        """Another text; QPushButton would forget the shortcut with the old one."""
        keys = self.shortcut()
        super().setText(text)
        if not keys.isEmpty():
            self.setShortcut(keys)

    def set_kind(self, kind: Kind) -> None:
        """Change what it is, for example to the main action of the page."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw_icon()

    def set_icon(self, name: str) -> None:
        """Show the line icon ``name`` ('' for none)."""
        self._icon_name = name
        self._draw_icon()

    def sizeHint(self) -> QSize:
        """What the text needs; where it becomes bold when checked, what the bold text needs."""
        hint = super().sizeHint()
        if self.isCheckable() and self.text():
            bold = QFont(self.font())
            bold.setBold(True)
            more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
            hint.setWidth(hint.width() + max(more, 0))
        return hint

    def minimumSizeHint(self) -> QSize:
        """As wide as it wants to be: a cut text is no text. Only a link, which may hold a sentence, gives way."""
        hint = self.sizeHint() if self.isCheckable() else super().minimumSizeHint()
        if self._kind == "link":
            hint.setWidth(min(hint.width(), self.fontMetrics().averageCharWidth() * 20))
        return hint

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """A link that found no room ends with …; its tooltip and screen readers have the whole."""
        super().initStyleOption(option)
        if self._kind == "link":
            room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
            option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def event(self, event: QEvent) -> bool:
        """A shortcut acts at once: Qt would show the button pressed for 100 ms, and take the next key before."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw_icon()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def _draw_icon(self) -> None:
        if self._icon_name:
            tone = _TONES.get(self._kind, "ink")
            size = tokens().icon
            self.setIcon(icons.icon(self._icon_name, tone, size, "selection_accent"))
            self.setIconSize(QSize(size, size))
