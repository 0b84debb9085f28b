"""The filter row of a record table: search field, one menu per filterable column, the column chooser."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.record_model import RecordModel
from barrierfree.gui.search_line import SearchLine
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

_SEARCH_DELAY_MS = 180
_MOST_TEXTS = 60


class SearchField(SearchLine):
    """A search field with its sign; Escape empties it.

    Signals:
        searched(str): the text, a moment after the last key.
    """

    searched = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(hint, parent)
        self.setProperty("role", "search")
        self.setAccessibleName(hint)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_SEARCH_DELAY_MS)
        self._wait.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(lambda _text: self._wait.start())
        escape = QAction(self)
        escape.setShortcut("Esc")
        escape.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        escape.triggered.connect(self.clear)
        self.addAction(escape)

    def sizeHint(self) -> QSize:
        """Room for the hint."""
        hint = super().sizeHint()
        wanted = self.fontMetrics().horizontalAdvance(self.placeholderText()) + tokens().icon + 50
        return QSize(max(min(wanted, tokens().text(340)), tokens().text(180)), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        return QSize(tokens().text(120), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign into the field."""
        super().paintEvent(event)
        side = tokens().icon
        QPainter(self).drawPixmap(12, (self.height() - side) // 2, icons.pixmap("search", "muted", side))

    def changeEvent(self, event: QEvent) -> None:
        """A new text size needs another room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()


class FilterRow(QWidget):
    """Search, filters and column chooser of a ``RecordModel``.

    Signals:
        column_shown(str, bool): the user showed or hid a column.
    """

    column_shown = Signal(str, bool)

    def __init__(self, model: RecordModel[Any], search_hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setProperty("role", "plain")
        self.search = SearchField(search_hint)
        self.search.searched.connect(model.set_search)
        self._buttons: dict[str, Button] = {}
        row = FlowRow(self.search)
        for column in model.columns:
            if column.filterable:
                button = Button(column.title + " ▾")
                menu = QMenu(button)
                menu.aboutToShow.connect(lambda key=column.key, menu=menu: self._fill(key, menu))
                button.setMenu(menu)
                self._buttons[column.key] = button
                row.add(button)
        self.chooser = Button(tr("列 ▾"), tip=tr("选择要显示的列"))
        self.chooser.setMenu(self._column_menu())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 11, 12, 11)
        layout.addWidget(row, 1)
        layout.addWidget(self.chooser, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def clear(self) -> None:
        """Search for nothing, filter nothing."""
        self.search.clear()
        self._model.set_search("")
        for key in list(self._model.filters()):
            self.set_filter(key, frozenset())

    def set_filter(self, key: str, texts: frozenset[str]) -> None:
        """Filter a column and say so on its button."""
        self._model.set_filter(key, texts)
        button = self._buttons.get(key)
        if button is None:
            return
        title = self._model.column(key).title
        if not texts:
            words = title
        elif len(texts) == 1:
            words = tr("{title}：{text}").format(title=title, text=next(iter(texts)) or tr("（空）"))
        else:
            words = tr("{title}：{number} 项").format(title=title, number=len(texts))
        button.setText(words + " ▾")
        button.updateGeometry()

    def mark_shown(self, key: str, shown: bool) -> None:
        """Tick or untick a column in the chooser."""
        self._ticks[key].setChecked(shown)

    def _fill(self, key: str, menu: QMenu) -> None:
        menu.clear()
        chosen = self._model.filters().get(key, frozenset())
        menu.addAction(tr("全部")).triggered.connect(lambda: self.set_filter(key, frozenset()))
        menu.addSeparator()
        for text in self._model.texts(key)[:_MOST_TEXTS]:
            action = menu.addAction(text.replace("&", "&&") or tr("（空）"))
            action.setCheckable(True)
            action.setChecked(text in chosen)
            action.triggered.connect(
                lambda on, text=text: self.set_filter(
                    key,
                    self._model.filters().get(key, frozenset()) | {text}
                    if on
                    else self._model.filters().get(key, frozenset()) - {text},
                )
            )

    def _column_menu(self) -> QMenu:
        menu = QMenu(self)
        self._ticks: dict[str, QAction] = {}
        for column in self._model.columns:
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not column.hidden)
            action.toggled.connect(lambda on, key=column.key: self.column_shown.emit(key, on))
            self._ticks[column.key] = action
        return menu
