"""Cards: framed parts of a page, and a number that is a button opening the list behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import ElidedLabel, label, set_tone
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased


class Card(QFrame):
    """A frame with an optional heading; content goes into ``body``, actions beside the heading into ``top``."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, padding: int = 18) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, max(padding - 4, 0), padding, max(padding - 4, 0))
        self.body.setSpacing(8)
        self.top = QHBoxLayout()
        self.title = label(title, "strong")
        if title:
            self.top.addWidget(self.title, 1)
            self.body.addLayout(self.top)
            self.setAccessibleName(title)
        else:
            self.title.hide()


class CardGrid(QWidget):
    """Widgets side by side in columns of equal width, as many as ``column_width`` px (at 100 %) allow."""

    def __init__(self, *widgets: QWidget, column_width: int = 180, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._widgets = list(widgets)
        self._column_width = column_width
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._arrange(max(1, len(widgets)))

    def minimumSizeHint(self) -> QSize:
        """One column is enough."""
        widest = max((widget.minimumSizeHint().width() for widget in self._widgets), default=0)
        return QSize(widest, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as there is room for."""
        super().resizeEvent(event)
        count = len(self._widgets)
        fitting = min(count, max(1, (self.width() + 12) // (tokens().text(self._column_width) + 12)))
        rows = -(-count // fitting) if fitting else 1
        self._arrange(-(-count // rows) if rows else 1)  # even rows: four cards stand 2 and 2, not 3 and 1

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for old in range(self._columns):
            self._grid.setColumnStretch(old, 0)
        self._columns = columns
        for number, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.updateGeometry()


class NumberCard(Button):
    """A figure with its caption and a note; pressing it opens the list behind the figure."""

    def __init__(
        self,
        caption: str,
        on_click: Callable[[], object] | None = None,
        *,
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", on_click, kind="card", parent=parent)
        self._caption = ElidedLabel(caption, "muted")
        self._value = label("–", "number", tone=tone)
        self._note = ElidedLabel("", "small")
        inner = QVBoxLayout(self)
        inner.setContentsMargins(18, 12, 14, 12)
        inner.setSpacing(0)
        for part in (self._caption, self._value, self._note):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inner.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def show_number(self, value: str, note: str = "", tone: str | None = None) -> None:
        """Show a figure as written (with thousands separators) and what qualifies it."""
        self._value.setText(value)
        self._note.setText(note)
        if tone is not None:
            set_tone(self._value, tone)
        self._name()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """What the texts need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else QSize(160, tokens().target)

    def minimumSizeHint(self) -> QSize:
        """The number is never cut; caption and note may be."""
        hint = self.sizeHint()
        return QSize(self._value.sizeHint().width() + 36, hint.height())

    def _name(self) -> None:
        parts = (self._caption.text(), self._value.text(), self._note.text())
        self.setAccessibleName(phrased(part for part in parts if part))
