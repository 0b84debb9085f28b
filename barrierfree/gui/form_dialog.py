"""The frame of every dialog that asks for something: fields that scroll, a line for faults, the buttons below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

FILL: Final = 100  # the stretch of a list that takes all the room the fields leave


class FormDialog(QDialog):
    """A column of fields that scrolls, a line for faults, and the buttons below."""

    def __init__(
        self, title: str, confirm: str, parent: QWidget | None, *, height: int = 680, cancel: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        room = self.screen().availableSize()
        self.resize(min(tokens().text(620), room.width() - 40), min(tokens().text(height), room.height() - 60))
        self._inner = QWidget()
        self._inner.setProperty("role", "plain")
        self.fields = QVBoxLayout(self._inner)
        self.fields.setContentsMargins(2, 2, 10, 2)
        self.fields.setSpacing(6)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(title)
        self.fault = label("", tone="bad", wrap=True)
        self.fault.hide()
        self.confirm = Button(confirm, self.confirmed, kind="primary", shortcut="Ctrl+Return")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.fault)
        layout.addWidget(FlowRow(Button(cancel or tr("取消"), self.reject), self.confirm, align_right=True))

    def confirmed(self) -> None:
        """The main button was pressed; dialogs with nothing to check just close."""
        self.accept()

    def show_fault(self, error: Exception) -> None:
        """Say why it was refused; everything typed stays."""
        self.confirm.setEnabled(True)
        self.fault.setText("\n".join(text for text in notices.words(error) if text))
        self.fault.show()
        notices.announce(self.fault, self.fault.text())

    def say(self, text: str) -> None:
        """Say what is missing; '' for nothing."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        if text:
            notices.announce(self.fault, text)

    def hide_fault(self) -> None:
        """The fault may be mended."""
        self.fault.hide()

    def finish(self, first: QWidget | None) -> None:
        """All fields are there: show them, the cursor in ``first``."""
        self.fields.addStretch(1)
        self._scroll.setWidget(self._inner)
        (first or self.confirm).setFocus()

    def add_below(self, widget: QWidget) -> None:
        """Add something that stays in sight below the fields."""
        self._layout.insertWidget(1, widget)

    def add_field(self, title: str, widget: QWidget, hint: str = "", *, column: QVBoxLayout | None = None) -> None:
        """Add a field with its title above it, to ``column`` if it is not one of the main ones."""
        fields = column or self.fields
        name = label(title, "strong", wrap=True)
        name.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(title)
        if hint and isinstance(widget, QLineEdit | QPlainTextEdit):
            widget.setPlaceholderText(hint)
        if fields.count():
            fields.addSpacing(6)
        fields.addWidget(name)
        fields.addWidget(widget)
