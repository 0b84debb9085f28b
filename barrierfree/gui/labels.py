"""Texts on a page: labels with a role, cut with an ellipsis when there is no room, or with a status glyph."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from barrierfree.gui import icons
from barrierfree.gui.theme import tokens


def label(text: str, role: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A label with a ``role`` of the style sheet: title, heading, strong, muted, small, number, badge, alarm."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        result.setProperty("role", role)
    if tone:
        result.setProperty("tone", tone)
    result.setWordWrap(wrap)
    return result


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a label or message another tone: '', good, bad, warn, other, link."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class ElidedLabel(QLabel):
    """One line that is cut with … when there is no room; the whole text is in the tooltip and for screen readers."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 6), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text in the tooltip when it is cut."""
        super().resizeEvent(event)
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut at the right."""
        painter = QPainter(self)
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        self.style().drawItemText(
            painter, room, int(self.alignment()), self.palette(), self.isEnabled(), text, QPalette.ColorRole.WindowText
        )
        painter.end()  # not when the last reference to this frame goes: the watchdog may hold one


class SymbolLabel(QWidget):
    """A status: glyph and word in the colour of the status."""

    def __init__(
        self, key: str = "", text: str = "", *, strong: bool = False, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._picture = QLabel()
        self._picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._text = label(text, "strong" if strong else "", wrap=wrap)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addWidget(self._text, int(wrap))
        if not wrap:
            layout.addStretch(1)
        self._draw()

    def set_status(self, key: str, text: str) -> None:
        """Show another status; ``key`` '' shows the text without a glyph."""
        self._key = key
        self._text.setText(text)
        self._draw()

    def text(self) -> str:
        """The word."""
        return self._text.text()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        self._picture.setVisible(bool(self._key))
        if self._key:
            self._picture.setPixmap(icons.symbol_pixmap(self._key, tokens().text(18)))
            self._text.setStyleSheet(f"color: {icons.symbol_colour(self._key)};")


class MarkedText(QWidget):
    """A status glyph with a text that wraps, and a smaller text below it."""

    def __init__(self, key: str, text: str, detail: str = "", *, role: str = "", tinted: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._key = key
        self._tinted = tinted
        self._picture = QLabel()
        self._text = label(text, role, wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._text)
        if detail:
            texts.addWidget(label(detail, "small", wrap=True))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        self._draw()

    def text(self) -> str:
        """The text beside the glyph."""
        return self._text.text()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(icons.symbol_pixmap(self._key, tokens().text(18)))
        self._picture.setContentsMargins(0, max(0, (self._text.fontMetrics().height() - tokens().text(18)) // 2), 0, 0)
        if self._tinted:
            self._text.setStyleSheet(f"color: {icons.symbol_colour(self._key)};")
