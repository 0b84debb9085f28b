"""The one way to the user: a message in the page, a question where a decision is needed."""

from __future__ import annotations

import logging
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from barrierfree.errors import BarrierFreeError, Cancelled
from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import label, set_tone
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

_log = logging.getLogger(__name__)
Severity = Literal["info", "good", "warning", "error"]
_TONES: dict[Severity, str] = {"info": "", "good": "good", "warning": "warn", "error": "bad"}
_ICONS: dict[Severity, str] = {"info": "info", "good": "check", "warning": "warning", "error": "error"}
_COLOURS: dict[Severity, str] = {"info": "link", "good": "good", "warning": "warn", "error": "bad"}


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say ``text`` now."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def words(error: Exception) -> tuple[str, str]:
    """What happened and what to do, for any exception; those we did not foresee point to the log."""
    if isinstance(error, BarrierFreeError):
        return error.message, error.advice
    if isinstance(error, Cancelled):
        return tr("已取消。"), tr("没有保存任何改动。")
    _log.error("Shown to the user: %r", error, exc_info=error)
    return (
        tr("程序出错：{name}：{text}").format(name=type(error).__name__, text=error),
        tr("已保存的数据不受影响。请重试；若再次出现，请把日志文件发给维护人员。"),
    )


class MessageBar(QFrame):
    """A message in the page it belongs to: what happened, what to do, an optional action, and a close button.

    Signals:
        closed: the user put it away.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "message")
        self.setProperty("tone", "")
        self._picture = QLabel()
        self._message = label("", "strong", wrap=True)
        self._advice = label("", wrap=True)
        for text in (self._message, self._advice):
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._close = Button(tr("关闭这条提示"), self.dismiss, kind="icon", icon="close")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._message)
        texts.addWidget(self._advice)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.setSpacing(12)
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._action: QWidget | None = None
        self.setAccessibleName(tr("提示"))
        self.hide()

    def show_message(self, severity: Severity, message: str, advice: str = "", action: QWidget | None = None) -> None:
        """Show a message (it replaces the last one) and let a screen reader say it. ``action``: a button or several."""
        self._take_action()
        if action is not None:
            self._action = action
            self._row.insertWidget(2, action, 0, Qt.AlignmentFlag.AlignTop)
        set_tone(self, _TONES[severity])
        self._picture.setPixmap(icons.pixmap(_ICONS[severity], _COLOURS[severity], tokens().text(24)))
        self._message.setText(message)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleDescription(f"{message} {advice}".strip())
        self.show()
        announce(self, f"{message} {advice}".strip())

    def show_error(self, error: Exception) -> None:
        """Show an exception: what it is about and what to do. Fits ``on_error`` of the store tasks."""
        severity: Severity = "info" if isinstance(error, Cancelled) else "error"
        self.show_message(severity, *words(error))

    def dismiss(self) -> None:
        """Put the message away."""
        if not self.isHidden():
            self.hide()
            self._take_action()
            self.closed.emit()

    def text(self) -> str:
        """The message on show, '' if there is none."""
        return "" if self.isHidden() else self._message.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the message away."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def _take_action(self) -> None:
        if self._action is not None:
            self._row.removeWidget(self._action)
            self._action.deleteLater()
            self._action = None


def ask(
    parent: QWidget,
    question: str,
    consequence: str,
    yes: str,
    no: str = "",
    *,
    dangerous: bool = False,
) -> bool:
    """Ask for a decision; the buttons say what they do. Escape and a dangerous default mean ``no``."""
    return choose(parent, question, consequence, [yes], no or tr("取消"), dangerous=dangerous) == 0


def choose(
    parent: QWidget,
    question: str,
    consequence: str,
    answers: list[str],
    cancel: str = "",
    *,
    dangerous: bool = False,
) -> int:
    """Ask for one of several decisions; the index in ``answers``, or -1 for cancel."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning if dangerous else QMessageBox.Icon.Question)
    box.setWindowTitle(tr("请确认"))
    box.setText(question)
    box.setInformativeText(consequence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    buttons: list[QPushButton] = []
    for text in answers:
        button = Button(text, kind="danger" if dangerous else ("primary" if not buttons else "plain"))
        box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
        buttons.append(button)
    stay = Button(cancel or tr("取消"))
    box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(stay)
    box.setDefaultButton(stay if dangerous else buttons[0])
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return next((i for i, button in enumerate(buttons) if button is clicked), -1)
