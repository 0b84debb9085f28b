"""The choice of what goes into a column: our fields in groups, found by typing; a fixed text; a formula; nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from barrierfree.gui.profile_editor.field_words import groups_of
from barrierfree.i18n import tr
from barrierfree.workbook import RowKind


class FieldChoice(QComboBox):
    """A list with the groups as headings; typing a part of a name finds it, Enter takes the first that fits.

    Signals:
        picked(str, str): by the user: the source ('', field, text, expression), and the field if it is one.
    """

    picked = Signal(str, str)

    def __init__(self, name: str, *, fields_only: bool = False) -> None:
        super().__init__()
        self._fields_only = fields_only
        self._rows: RowKind | None = None
        self._last = -1
        self.setAccessibleName(name)
        self.setEditable(True)
        self.line = line_of(self)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        completer = QCompleter(self._items, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.activated.connect(self._on_activated)
        self.line.editingFinished.connect(self._on_finished)

    def offer(self, rows: RowKind) -> None:
        """The fields that a row of this kind has."""
        if rows == self._rows:
            return
        self._rows = rows
        self._items.clear()
        if not self._fields_only:
            for text, source in ((tr("不填"), ""), (tr("固定文字…"), "text"), (tr("公式…"), "expression")):
                self._add(text, (source, ""))
        for group, fields in groups_of(rows):
            heading = QStandardItem(tr("— {group} —").format(group=tr(group)))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self._items.appendRow(heading)
            for field, name in fields:
                self._add(tr(name), ("field", field))

    def show_choice(self, source: str, field: str = "") -> None:
        """Show this one, without a signal."""
        at = next((i for i in range(self.count()) if self.itemData(i) == (source, field)), -1)
        self._last = at
        self.setCurrentIndex(at)
        self.line.setText(self.itemText(at) if at >= 0 else field)

    def _add(self, text: str, data: tuple[str, str]) -> None:
        item = QStandardItem(text)
        item.setData(data, Qt.ItemDataRole.UserRole)
        self._items.appendRow(item)

    def _on_activated(self, at: int) -> None:
        data = self.itemData(at)
        if data is None:
            self._restore()
        elif at != self._last or self._fields_only:
            self._last = at
            self.picked.emit(*data)

    def _on_finished(self) -> None:
        """What was typed is taken if it is one of them or part of one; else the choice before comes back."""
        typed = self.line.text().strip().casefold()
        texts = [(i, self.itemText(i).casefold()) for i in range(self.count()) if self.itemData(i) is not None]
        found = [i for i, text in texts if text == typed] or [i for i, text in texts if typed and typed in text]
        if not found:
            self._restore()
        elif found[0] != self._last:
            self.setCurrentIndex(found[0])
            self._on_activated(found[0])

    def _restore(self) -> None:
        self.setCurrentIndex(self._last)
        self.line.setText(self.itemText(self._last) if self._last >= 0 else "")


def line_of(combo: QComboBox) -> QLineEdit:
    """The line of an editable list. Its own: one that is set from outside stands lower than the text of others."""
    line = combo.lineEdit()
    assert line is not None
    return line
