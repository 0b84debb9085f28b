"""The frame of every page: header with title, counts, sample badge and actions, a message bar, the body."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model.records import Changes


class PageHeader(QFrame):
    """Title, counts, 示例数据 badge; the actions stand at the right, or below when there is no room beside."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "header")
        self._title = label(title, "title")
        self._counts = label("", "muted")
        self._counts.hide()
        self._badge = label(tr("示例数据"), "badge")
        self._badge.setToolTip(tr("这份普查里的记录是编造的，用来练习。"))
        self._badge.hide()
        self._left = FlowRow(self._title, self._counts, self._badge, spacing=14)
        self._actions = FlowRow(align_right=True)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(20, 10, 18, 10)
        self._layout.setSpacing(12)
        self._layout.addWidget(self._left, 1)
        self._layout.addWidget(self._actions)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_counts(self, text: str) -> None:
        """The line of figures beside the title, parts separated by " · "."""
        self._counts.setText(text)
        self._counts.setVisible(bool(text))
        self._arrange()

    def set_sample(self, sample: bool) -> None:
        """Show or hide the badge that says the records are invented."""
        self._badge.setVisible(sample)
        self._arrange()

    def add_choice(self, widget: QWidget) -> None:
        """Add a choice of what the page shows, beside the title."""
        self._left.add(widget)
        self._arrange()

    def add_action(self, widget: QWidget) -> None:
        """Add an action at the right; the main one last."""
        self._actions.add(widget)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the actions beside or below."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs another arrangement."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        """It wraps, so it may be narrow."""
        return QSize(tokens().text(160), super().minimumSizeHint().height())

    def _arrange(self) -> None:
        margins = self._layout.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._layout.spacing()
        left, right = self._left.sizeHint().width(), self._actions.sizeHint().width()
        beside = left + right <= room
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._layout.direction() != direction:
            self._layout.setDirection(direction)
        full = self.width() - margins.left() - margins.right()
        if beside:
            inner = max(self._left.heightForWidth(room - right), self._actions.heightForWidth(max(right, 1)))
        else:
            inner = self._left.heightForWidth(full) + self._layout.spacing() + self._actions.heightForWidth(full)
        self.setFixedHeight(max(inner, tokens().target + 4) + margins.top() + margins.bottom())


class Page(QWidget):
    """A page of the main window; put content into ``body``. Subclasses override what concerns them."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "ground")
        self.header = PageHeader(title)
        self.messages = MessageBar()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(12, 12, 12, 12)
        self.body.setSpacing(12)
        above = QVBoxLayout()
        above.setContentsMargins(12, 12, 12, 0)
        above.addWidget(self.messages)
        self._above = QWidget()
        self._above.setProperty("role", "plain")
        self._above.setLayout(above)
        self._above.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._above)
        layout.addLayout(self.body, 1)
        self.messages.installEventFilter(self)
        self.first: QWidget | None = None  # where the keyboard begins, if not at the first button of the header

    def activate(self) -> None:
        """The page comes into sight."""

    def apply_changes(self, changes: Changes) -> None:
        """A write changed something; called at once in sight, otherwise before the page comes into sight."""

    def search_field(self) -> QWidget | None:
        """What Ctrl+F goes to."""
        return None

    def shortcuts(self) -> list[tuple[str, str]]:
        """Keys that are no actions (keys, what they do), for the help page."""
        return []

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """The room above the body is there only while there is a message."""
        if watched is self.messages and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._above.setVisible(not self.messages.isHidden())
        return False
