"""The table of all lists: sort, filter, choose columns, copy, open, and say what to do when it is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from barrierfree import cells
from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import label
from barrierfree.gui.record_cells import RecordCells, row_height
from barrierfree.gui.record_filters import FilterRow
from barrierfree.gui.record_model import Column, RecordModel
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

__all__ = ["Column", "RecordTable"]
T = TypeVar("T")
_TITLE_PADDING = 24  # left and right of a title, with a little air
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?\s*%?")


class RecordTable(QWidget, Generic[T]):
    """A list of frozen records. ``key`` tells one record from another, so that the selection survives a reload.

    Enter or a double click opens a row, Ctrl+C copies the selected rows as a spreadsheet takes them,
    Ctrl+Shift+C with the titles.

    Signals:
        activated(record): the user opened a row.
        selection_changed(list of records): other rows are selected.
        layout_changed: columns, order or widths were changed by the user; see ``state``.
    """

    activated = Signal(object)
    selection_changed = Signal(object)
    layout_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[T]],
        key: Callable[[T], str],
        name: str,
        *,
        search_hint: str = "",
        filter_row: bool = True,
        column_chooser: bool = True,
        footer: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._selected_keys: set[str] = set()
        self._numbered: list[T] = []
        self._numbers: dict[str, int] = {}
        self._current_key = ""
        self._current_column = 0
        self._scale = tokens().scale
        self._is_loading = False
        self.model: RecordModel[T] = RecordModel(columns, self)
        self.view = _View(name)
        self.filters = FilterRow(self.model, search_hint or tr("搜索{name}").format(name=name))
        if not filter_row:
            self.filters.hide()
        if not column_chooser:
            self.filters.chooser.hide()
        self._empty = _Blank()
        self._no_match = _Blank()
        self._no_match.show_text(
            tr("没有符合条件的记录"), tr("换一个搜索词，或清除筛选。"), tr("清除筛选"), self.filters.clear
        )
        self._loading = _Blank()
        self._loading.show_text(tr("正在读取…"), "")
        self._empty.show_text(tr("还没有记录"), "")
        self._stack = QStackedWidget()
        for page in (self.view, self._empty, self._no_match, self._loading):
            self._stack.addWidget(page)
        self._has_footer = footer
        self._footer = label("", "muted")
        self._footer.setContentsMargins(13, 6, 13, 8)
        self._build()
        self._connect()
        self._show_state()

    def set_records(self, records: Sequence[T]) -> None:
        """Show these records; search, filters, order and selection stay."""
        self._is_loading = False
        self.model.set_records(records)

    def set_loading(self) -> None:
        """Say that records are on their way (until ``set_records``); rows already on show stay."""
        self._is_loading = True
        self._show_state()

    def set_empty(
        self, message: str, advice: str, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        """What to say, and which next step to offer, when there are no records at all."""
        self._empty.show_text(message, advice, action, on_action)

    def stretch(self, number: int) -> None:
        """Let this column, not the last one, take the room that is left."""
        header = self.view.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    def selected(self) -> list[T]:
        """The selected records, from top to bottom."""
        return [self.model.record(row) for row in self._selected_rows()]

    def current(self) -> T | None:
        """The record the cursor is on."""
        index = self.view.currentIndex()
        return self.model.record(index.row()) if index.isValid() else None

    def select(self, key: str) -> bool:
        """Put the cursor on the record with ``key`` and bring it into sight; False if it is not on show."""
        number = self._number_of(key)
        if number not in self.model.numbers():
            return False
        row = self.model.numbers().index(number)
        flag = QItemSelectionModel.SelectionFlag
        index = self.model.index(row, self._first_column())
        # not selectRow: with Ctrl held down, as in Ctrl+4, that would add to the selection
        self.view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self.view.scrollTo(index)
        return True

    def search_field(self) -> QWidget:
        """For Ctrl+F."""
        return self.filters.search

    def copy(self, with_titles: bool = False) -> str:
        """Put the selected rows on the clipboard as tab-separated text, and return it."""
        header = self.view.horizontalHeader()
        order = [header.logicalIndex(i) for i in range(header.count())]
        columns = [self.model.columns[i] for i in order if not self.view.isColumnHidden(i)]
        lines = [[column.title for column in columns]] if with_titles else []
        lines += [[_cell(column.text(record)) for column in columns] for record in self.selected()]
        text = "\n".join("\t".join(line) for line in lines)
        if text:
            QGuiApplication.clipboard().setText(text)
        return text

    def state(self) -> dict[str, Any]:
        """Columns shown, order of columns, widths and sorting, to be remembered (plain JSON values)."""
        header = self.view.horizontalHeader()
        columns = self.model.columns
        return {
            "order": [columns[header.logicalIndex(i)].key for i in range(header.count())],
            "hidden": [c.key for i, c in enumerate(columns) if header.isSectionHidden(i)],
            "widths": {c.key: round(w / tokens().scale) for c, w in zip(columns, self._widths(), strict=True) if w},
            "sort": columns[self.model.sort_column].key if self.model.sort_column >= 0 else "",
            "descending": self.model.sort_order == Qt.SortOrder.DescendingOrder,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Bring back what ``state`` gave; columns it does not know keep their place."""
        header = self.view.horizontalHeader()
        keys = [column.key for column in self.model.columns]
        known = [key for key in state.get("order", []) if key in keys]
        for place, key in enumerate(known):
            header.moveSection(header.visualIndex(keys.index(key)), place)
        for key in keys:
            if known:
                self._show_column(key, key not in state.get("hidden", []))
            width = state.get("widths", {}).get(key)
            if width:
                self._set_width(keys.index(key), tokens().text(width))
        if state.get("sort") in keys:
            descending = Qt.SortOrder.DescendingOrder if state.get("descending") else Qt.SortOrder.AscendingOrder
            self.model.sort(keys.index(state["sort"]), descending)

    def changeEvent(self, event: QEvent) -> None:
        """Rows and columns grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._scale != tokens().scale:
            factor = tokens().scale / self._scale
            self._scale = tokens().scale
            for i, width in enumerate(self._widths()):
                self._set_width(i, round(width * factor))
            self._set_heights()

    def _build(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(RecordCells(self.view))
        self._set_heights()
        for i, column in enumerate(self.model.columns):
            self._set_width(i, tokens().text(column.width))
            self.view.setColumnHidden(i, column.hidden)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._footer)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.view.opened.connect(self._on_opened)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.rows_changed.connect(self._on_rows_changed)
        self.filters.column_shown.connect(self._on_column_shown)
        header = self.view.horizontalHeader()
        header.sectionClicked.connect(self._on_header)
        header.sectionResized.connect(lambda *_: self.layout_changed.emit())
        header.sectionMoved.connect(lambda *_: self.layout_changed.emit())
        for text, keys, with_titles in (
            (tr("复制所选行"), "Ctrl+C", False),
            (tr("复制所选行（含列标题）"), "Ctrl+Shift+C", True),
        ):
            action = QAction(text, self.view)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _on=False, titles=with_titles: self.copy(titles))
            self.view.addAction(action)
        sort = QAction(tr("按光标所在的列排序"), self.view)
        sort.setShortcut("Ctrl+Shift+O")
        sort.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        sort.triggered.connect(lambda _on=False: self._on_header(self.view.currentIndex().column()))
        self.view.addAction(sort)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _set_heights(self) -> None:
        detail = any(column.detail for column in self.model.columns)
        self.view.verticalHeader().setDefaultSectionSize(row_height(detail))
        self.view.horizontalHeader().setFixedHeight(row_height())

    def _set_width(self, number: int, width: int) -> None:
        """Make a column ``width`` wide, or as wide as its title needs in the language in use."""
        header = self.view.horizontalHeader()
        font = QFont(self.view.font())
        font.setPixelSize(tokens().text(14))  # as the style sheet has it for titles
        font.setBold(True)
        title = QFontMetrics(font).horizontalAdvance(self.model.columns[number].title + " ↑")
        header.resizeSection(number, max(width, title + _TITLE_PADDING))

    def _widths(self) -> list[int]:
        return [self.view.columnWidth(i) for i in range(len(self.model.columns))]

    def _selected_rows(self) -> list[int]:
        """Numbers of the selected rows, from the ranges: ``selectedRows`` takes seconds when all are selected."""
        rows: set[int] = set()
        selection = self.view.selectionModel().selection()
        for part in (selection.at(number) for number in range(selection.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def _first_column(self) -> int:
        return next((i for i in range(len(self.model.columns)) if not self.view.isColumnHidden(i)), 0)

    def _on_opened(self, index: QModelIndex) -> None:
        self.activated.emit(self.model.record(index.row()))

    def _on_header(self, section: int) -> None:
        again = section == self.model.sort_column and self.model.sort_order == Qt.SortOrder.AscendingOrder
        self.model.sort(section, Qt.SortOrder.DescendingOrder if again else Qt.SortOrder.AscendingOrder)
        self.layout_changed.emit()

    def _on_column_shown(self, key: str, shown: bool) -> None:
        visible = sum(not self.view.isColumnHidden(i) for i in range(len(self.model.columns)))
        if not shown and visible <= 1:
            self.filters.mark_shown(key, True)
            return
        self._show_column(key, shown)
        self.layout_changed.emit()

    def _show_column(self, key: str, shown: bool) -> None:
        number = next(i for i, column in enumerate(self.model.columns) if column.key == key)
        self.view.setColumnHidden(number, not shown)
        self.filters.mark_shown(key, shown)

    def _remember(self) -> None:
        if self.model.rowCount() == 0:  # between two lists, while the text to search in is put together
            return
        self._selected_keys = {self._key(record) for record in self.selected()}
        current = self.current()
        self._current_column = max(self.view.currentIndex().column(), self._first_column())
        self._current_key = self._key(current) if current is not None else ""

    def _on_rows_changed(self) -> None:
        if self._selected_keys:
            self._reselect()
        self._show_state()
        self._on_selection()

    def _number_of(self, key: str) -> int:
        """The number of the record with ``key``, -1 if there is none."""
        if self._numbered is not self.model.records:
            self._numbered = self.model.records
            self._numbers = {self._key(record): number for number, record in enumerate(self._numbered)}
        return self._numbers.get(key, -1)

    def _reselect(self) -> None:
        """Select what was selected before the rows changed, in runs of neighbours so that "all" is quick too."""
        flag = QItemSelectionModel.SelectionFlag
        selection = QItemSelection()
        start = -1
        wanted = {self._number_of(key) for key in self._selected_keys}
        current = self._number_of(self._current_key)
        for row, number in enumerate([*self.model.numbers(), -2]):
            if number == current:
                index = self.model.index(row, self._current_column)
                self.view.selectionModel().setCurrentIndex(index, flag.NoUpdate)
            if number in wanted:
                start = row if start < 0 else start
            elif start >= 0:
                selection.select(self.model.index(start, 0), self.model.index(row - 1, 0))
                start = -1
        self.view.selectionModel().select(selection, flag.Select | flag.Rows)

    def _on_selection(self) -> None:
        self._show_footer()
        self.selection_changed.emit(self.selected())

    def _show_footer(self) -> None:
        text = tr("显示 {shown} / {all}").format(shown=f"{self.model.rowCount():,}", all=f"{len(self.model.records):,}")
        chosen = len(self._selected_rows())
        if chosen:
            text += " · " + tr("已选 {number}").format(number=f"{chosen:,}")
        self._footer.setText(text)

    def _show_state(self) -> None:
        if self._is_loading and not self.model.records:
            page: QWidget = self._loading
        elif not self.model.records:
            page = self._empty
        elif not self.model.rowCount():
            page = self._no_match
        else:
            page = self.view
        self._stack.setCurrentWidget(page)
        self._footer.setVisible(self._has_footer and page in (self.view, self._no_match))
        self._show_footer()


class _View(QTableView):
    """The table itself: whole rows, Enter opens, Tab leaves.

    Signals:
        opened(QModelIndex): Enter or double click on a row.
    """

    opened = Signal(QModelIndex)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row; Ctrl+Enter belongs to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class _Blank(QWidget):
    """What stands where rows would be: what is the matter, what to do, and a button that does it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._message = label("", "heading", wrap=True)
        self._advice = label("", "muted", wrap=True)
        self._button: Button | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 24, 24, 24)
        self._layout.addStretch(1)
        for text in (self._message, self._advice):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._layout.addWidget(text)
        self._layout.addSpacing(8)
        self._layout.addStretch(2)

    def show_text(
        self, message: str, advice: str, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        self._message.setText(message)
        self._advice.setText(advice)
        if self._button is not None:
            self._button.deleteLater()
            self._button = None
        if action and on_action is not None:
            self._button = Button(action, on_action, kind="primary")
            self._layout.insertWidget(4, self._button, 0, Qt.AlignmentFlag.AlignHCenter)


def _cell(text: str) -> str:
    """A text as one cell of pasted rows; what Excel would run as a formula gets a leading apostrophe."""
    flat = " ".join(cells.clean(text).replace("\t", " ").splitlines())
    return f"'{flat}" if cells.looks_like_formula(flat) and not _NUMBER.fullmatch(flat) else flat
