"""A list of frozen records as a table model that sorts and filters 60,000 rows without a pause."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
SYMBOL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
BADGE_ROLE = SYMBOL_ROLE + 1
DETAIL_ROLE = SYMBOL_ROLE + 2
TINT_ROLE = SYMBOL_ROLE + 3
_SLICE_SECONDS = 0.012
_MANY = 2000  # records from which the text to search in is put together before anybody searches
_ALIGN = {"left": Qt.AlignmentFlag.AlignLeft, "right": Qt.AlignmentFlag.AlignRight}


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: what it shows of a record.

    ``symbol`` gives the key of a status glyph ('' for none) shown before the text, which gets its colour unless
    ``tinted`` is False; ``badge`` a short alarm behind the text ('' for none); ``detail`` a second, smaller line;
    ``spoken`` what a screen reader and the tooltip say instead of all that;
    ``sort`` what to sort by (default: the text); ``width`` in px at 100 %;
    ``filterable`` offers the different texts as a filter; ``hidden`` until the user shows it.
    """

    key: str
    title: str
    text: Callable[[T], str]
    symbol: Callable[[T], str] | None = None
    badge: Callable[[T], str] | None = None
    detail: Callable[[T], str] | None = None
    spoken: Callable[[T], str] | None = None
    sort: Callable[[T], Any] | None = None
    width: int = 140
    align: Literal["left", "right"] = "left"
    filterable: bool = False
    hidden: bool = False
    tinted: bool = True


class RecordModel(QAbstractTableModel, Generic[T]):
    """Keeps all records and the numbers of those on show, in order.

    The text to search in is put together in slices of 12 ms while the program is idle.

    Signals:
        rows_changed: other rows are on show; counts are new.
    """

    rows_changed = Signal()

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.records: list[T] = []
        self.searching = False
        self.sort_column = -1
        self.sort_order = Qt.SortOrder.AscendingOrder
        self._rows: list[int] = []
        self._haystack: list[str] = []
        self._search: tuple[str, ...] = ()
        self._filters: dict[str, frozenset[str]] = {}
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._build_haystack)

    def set_records(self, records: Sequence[T]) -> None:
        """Show other records; search, filters and order stay."""
        self.beginResetModel()  # before the swap: whoever notes the selection now must see the old rows
        self.records = list(records)
        self._haystack = []
        if len(self.records) >= _MANY:
            self._idle.start()
        self._rows = [] if self._search else self._sorted(self._matching())
        self.endResetModel()
        if self._search:
            self._refresh()
        else:
            self.rows_changed.emit()

    def set_search(self, text: str) -> None:
        """Show the records that contain every word of ``text``."""
        self._search = tuple(text.casefold().split())
        self._refresh()

    def set_filter(self, column: str, texts: frozenset[str]) -> None:
        """Show the records whose text in ``column`` is one of ``texts`` (none: all)."""
        if texts:
            self._filters[column] = texts
        else:
            self._filters.pop(column, None)
        self._refresh()

    def filters(self) -> dict[str, frozenset[str]]:
        """The filters in force by column key."""
        return dict(self._filters)

    def column(self, key: str) -> Column[T]:
        """The column with ``key``."""
        return next(column for column in self.columns if column.key == key)

    def texts(self, key: str) -> list[str]:
        """The different texts of a column, for a filter."""
        column = self.column(key)
        return sorted({column.text(record) for record in self.records})

    def record(self, row: int) -> T:
        """The record shown in ``row``."""
        return self.records[self._rows[row]]

    def numbers(self) -> list[int]:
        """The number in ``records`` of each row on show."""
        return self._rows

    def row_of(self, wanted: Callable[[T], bool]) -> int:
        """The first row on show whose record is wanted, or -1."""
        return next((row for row, i in enumerate(self._rows) if wanted(self.records[i])), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Rows on show."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Columns, hidden ones included."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles, the arrow of the order in them."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = " ↑" if self.sort_order == Qt.SortOrder.AscendingOrder else " ↓"
            return column.title + (arrow if section == self.sort_column else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Text, glyph, badge and alignment of a cell."""
        column = self.columns[index.column()]
        record = self.records[self._rows[index.row()]]
        if column.spoken and role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return column.spoken(record)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(record)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            more = [extra(record) for extra in (column.badge, column.detail) if extra]
            return " ".join(part for part in (column.text(record), *more) if part)
        if role == SYMBOL_ROLE:
            return column.symbol(record) if column.symbol else ""
        if role == BADGE_ROLE:
            return column.badge(record) if column.badge else ""
        if role == DETAIL_ROLE:
            return column.detail(record) if column.detail else ""
        if role == TINT_ROLE:
            return column.tinted
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; equal ones keep their order. -1: the order they came in."""
        self.sort_column = column
        self.sort_order = order
        self._refresh()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.columns) - 1))

    def _refresh(self) -> None:
        """Decide anew which rows to show; waits for the search text where that is still being put together."""
        if self._search and len(self._haystack) < len(self.records):
            self.searching = True
            self._idle.start()
            self._build_haystack()
            return
        self.searching = False
        self.beginResetModel()
        self._rows = self._sorted(self._matching())
        self.endResetModel()
        self.rows_changed.emit()

    def _matching(self) -> list[int]:
        rows: list[int] = list(range(len(self.records)))
        for key, texts in self._filters.items():
            text = self.column(key).text
            rows = [i for i in rows if text(self.records[i]) in texts]
        for word in self._search:
            rows = [i for i in rows if word in self._haystack[i]]
        return rows

    def _sorted(self, rows: list[int]) -> list[int]:
        if not 0 <= self.sort_column < len(self.columns):
            return rows
        column = self.columns[self.sort_column]
        value = column.sort or column.text
        records = self.records
        rows.sort(key=lambda i: value(records[i]), reverse=self.sort_order == Qt.SortOrder.DescendingOrder)
        return rows

    def _build_haystack(self) -> None:
        end = time.perf_counter() + _SLICE_SECONDS
        while len(self._haystack) < len(self.records):
            record = self.records[len(self._haystack)]
            self._haystack.append("\n".join(column.text(record) for column in self.columns).casefold())
            if time.perf_counter() > end:
                return
        self._idle.stop()
        if self.searching:
            self._refresh()
