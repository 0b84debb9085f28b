"""A frame that scrolls only when its content cannot be made small enough for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class FitScroll(QScrollArea):
    """Gives its content the room there is, or the least it needs and then scrolls up and down.

    ``QScrollArea`` itself scrolls as soon as a layout that wraps would *like* more height, which is too early.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWidget(content)
        content.installEventFilter(self)
        content.show()

    def minimumSizeHint(self) -> QSize:
        """It can be small: that is what it is for."""
        return QSize(120, 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the content."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit again when the content needs another room."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._fit()
        return False

    def _fit(self) -> None:
        content = self.widget()
        if content is None:
            return
        room = self.maximumViewportSize()
        if self._least(content, room.width()) > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
        width = max(room.width(), content.minimumSizeHint().width())
        content.resize(width, max(room.height(), self._least(content, width)))

    def _least(self, content: QWidget, width: int) -> int:
        layout = content.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.minimumHeightForWidth(width)
        return max(content.minimumSizeHint().height(), content.minimumHeight())
