"""The fields of one record for entry by hand: each copied with Enter, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import label, set_tone
from barrierfree.gui.notices import announce
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, named, tr
from barrierfree.operations.batch_entry import EntryField

_TITLE_WIDTH: Final = 150  # px at 100 % text


class FieldRow(QFrame):
    """A field: the target's title, the text it wants, and the button that copies it.

    Signals:
        copied: the text is on the clipboard.
    """

    copied = Signal()

    def __init__(self, field: EntryField) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.field = field
        title = bracketed(field.header, tr("必填")) if field.required and not field.text else field.header
        self._title = label(title, "muted", wrap=True)
        self._value = label(field.text or tr("（留空）"), "strong" if field.text else "muted", wrap=True)
        self._value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if field.required and not field.text:
            set_tone(self._title, "bad")
        self.button = Button(tr("复制"), self.copy, icon="copy")
        self.button.setAccessibleName(named(tr("复制“{header}”").format(header=field.header), field.text or tr("空")))
        self.button.setToolTip(tr("复制这一项，转到下一项（回车）"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(12)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._value, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.button, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        self._title.setFixedWidth(tokens().text(_TITLE_WIDTH))
        self.button.setMinimumWidth(self._widest())

    def copy(self) -> None:
        """Put the text on the clipboard; what is to stay empty copies nothing."""
        if self.field.text:
            QGuiApplication.clipboard().setText(self.field.text)
        self.copied.emit()

    def _widest(self) -> int:
        """As wide as the longer of its two texts, so that nothing moves when one is copied."""
        texts = (tr("已复制"), tr("复制"))
        return max(self.fontMetrics().horizontalAdvance(text) for text in texts) + tokens().icon + tokens().text(40)

    def mark(self, last: bool) -> None:
        """Show whether this was copied last."""
        self.button.setText(tr("已复制") if last and self.field.text else tr("复制"))
        self.button.set_icon("check" if last and self.field.text else "copy")
        self.button.updateGeometry()


class FieldRows(QWidget):
    """All fields of a record.

    Signals:
        finished: the last field was copied.
    """

    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.rows: list[FieldRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_fields(self, fields: Sequence[EntryField]) -> None:
        """Show the fields of another record, nothing copied yet."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [FieldRow(field) for field in fields]
        before: QWidget | None = None
        for number, row in enumerate(self.rows):
            row.copied.connect(partial(self._on_copied, number))
            self._column.addWidget(row)
            row.show()
            if before is not None:
                QWidget.setTabOrder(before, row.button)
            before = row.button

    def take_focus(self) -> None:
        """Go to the first field."""
        if self.rows:
            self.rows[0].button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_copied(self, number: int) -> None:
        for at, row in enumerate(self.rows):
            row.mark(at == number)
        field = self.rows[number].field
        said = tr("已复制“{header}”") if field.text else tr("“{header}”留空，没有复制")
        announce(self, said.format(header=field.header))
        if number + 1 < len(self.rows):
            self.rows[number + 1].button.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()
