"""A row that wraps: buttons stay whole and reachable at 200 % text and in narrow windows."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Places its items in rows from left to right; ``align_right`` moves each row to the right edge."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8, align_right: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._align_right = align_right
        self.setSpacing(spacing)
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at ``index``; nothing beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at ``index``."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It does not ask for more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The height depends on how many rows the width makes necessary."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows at ``width``."""
        return self._place(QRect(0, 0, width, 0), dry=True)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, dry=False)

    def sizeHint(self) -> QSize:
        """All in one row."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        height = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(width, height))

    def minimumSize(self) -> QSize:
        """One item per row."""
        sizes = [item.minimumSize() for item in self._shown()]
        width = max((size.width() for size in sizes), default=0)
        height = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(width, height))

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, dry: bool) -> int:
        room = rect.marginsRemoved(self.contentsMargins())
        y = room.y()
        if not dry:  # rows stand in the middle of more height than they need
            y += max(0, rect.height() - self._place(rect, dry=True)) // 2
        for row in self._rows(room.width()):
            widths = [min(item.sizeHint().width(), max(room.width(), 1)) for item in row]
            height = max(_height(item, width) for item, width in zip(row, widths, strict=True))
            used = sum(widths) + self.spacing() * (len(row) - 1)
            x = room.x() + (max(0, room.width() - used) if self._align_right else 0)
            for item, width in zip(row, widths, strict=True):
                own = _height(item, width)
                if not dry:
                    item.setGeometry(QRect(QPoint(x, y + (height - own) // 2), QSize(width, own)))
                x += width + self.spacing()
            y += height + self.spacing()
        bottom = self.contentsMargins().bottom()
        return max(0, y - self.spacing() - rect.y()) + bottom if self._shown() else 0

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            own = item.sizeHint().width()
            if not rows or used + self.spacing() + own > width:
                rows.append([item])
                used = own
            else:
                rows[-1].append(item)
                used += self.spacing() + own
        return rows


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


class FlowRow(QWidget):
    """A widget around a ``FlowLayout``."""

    def __init__(
        self, *widgets: QWidget, align_right: bool = False, spacing: int = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._flow = FlowLayout(self, align_right=align_right, spacing=spacing)
        for widget in widgets:
            self._flow.addWidget(widget)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Append a widget."""
        self._flow.addWidget(widget)
