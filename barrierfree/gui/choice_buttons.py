"""The answers of a choice question as large pills, with the keys 1, 2, 3 … while one of them has the focus."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from barrierfree.gui.flow_layout import FlowLayout
from barrierfree.gui.theme import tokens
from barrierfree.i18n import named, tr

_DIGITS = {getattr(Qt.Key, f"Key_{n}"): n - 1 for n in range(1, 10)}


if TYPE_CHECKING:
    _Mixed = QAbstractButton
else:
    _Mixed = object  # a Qt class twice among the bases crashes the binding


class _PillPainting(_Mixed):
    """What radio and check pills share: their size, their picture, and that the whole pill can be pressed."""

    number = 0  # 1 to 9, or 0 for no key

    def sizeHint(self) -> QSize:
        bold = self._bold()
        width = QFontMetrics(bold).horizontalAdvance(self.text()) + tokens().text(18) + 8 + 32
        if self.number:
            width += QFontMetrics(self._small()).horizontalAdvance(str(self.number)) + 10
        return QSize(width, tokens().target)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, _pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        line, width = (colours.accent, 2.0) if on else (colours.field_line, 1.0)
        if self.hasFocus():
            line, width = colours.focus, 3.0
        frame = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(QColor(line), width, Qt.PenStyle.SolidLine if self.isEnabled() else Qt.PenStyle.DashLine))
        painter.setBrush(QColor(colours.selection if on else colours.hover if self.underMouse() else colours.surface))
        painter.drawRoundedRect(frame, tokens().radius, tokens().radius)
        if self.hasFocus() and on and tokens().is_contrast:
            painter.setPen(QPen(QColor(colours.on_selection), 1.5))
            painter.drawRoundedRect(frame.adjusted(4, 4, -4, -4), 5, 5)
        ink = QColor((colours.on_selection if on else colours.ink) if self.isEnabled() else colours.disabled)
        side = tokens().text(14)
        mark = QRectF(16, (self.height() - side) / 2, side, side)
        self._paint_mark(painter, mark, ink, on)
        x = mark.right() + 8
        painter.setFont(self._bold() if on else self.font())
        painter.setPen(ink)
        room = QRectF(x, 0, self.width() - x - 10, self.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, self.text())
        if self.number:
            painter.setFont(self._small())
            painter.setPen(QColor(colours.on_selection if on else colours.muted))
            painter.drawText(room.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignRight | middle, str(self.number))
        painter.end()  # not when the last reference to this frame goes: the watchdog may hold one

    def _paint_mark(self, painter: QPainter, room: QRectF, ink: QColor, on: bool) -> None:
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if isinstance(self, QCheckBox):
            painter.drawRoundedRect(room, 3, 3)
            if on:
                tick = [(0.2, 0.55), (0.42, 0.76), (0.8, 0.28)]
                painter.setPen(QPen(ink, 2.2))
                painter.drawPolyline(
                    [QPointF(room.x() + a * room.width(), room.y() + b * room.height()) for a, b in tick]
                )
            return
        painter.drawEllipse(room)
        if on:
            painter.setBrush(ink)
            painter.drawEllipse(room.center(), room.width() * 0.27, room.height() * 0.27)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(tokens().small)
        return font


class _RadioPill(_PillPainting, QRadioButton):
    pass


class _CheckPill(_PillPainting, QCheckBox):
    pass


class ChoiceButtons(QWidget):
    """One answer (or, with ``multiple``, several) out of a few. Digits answer while a pill has the focus.

    ``digit_keys`` False switches the digits off (WCAG 2.1.4). Backspace and Delete take the answer back.

    Signals:
        chosen(object): the key, or the list of keys with ``multiple``; '' or [] when taken back. Only by the user.
    """

    chosen = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        name: str,
        *,
        multiple: bool = False,
        digit_keys: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._multiple = multiple
        self._digit_keys = digit_keys
        self._pills: dict[str, _RadioPill | _CheckPill] = {}
        self.setAccessibleName(name)
        layout = FlowLayout(self, spacing=6)
        for number, (key, text) in enumerate(choices, start=1):
            pill = _CheckPill(text) if multiple else _RadioPill(text)
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            pill.number = number if digit_keys and number <= 9 else 0
            pill.setAccessibleName(named(name, text))
            if pill.number:
                pill.setAccessibleDescription(tr("按 {key} 选择").format(key=number))
                pill.setToolTip(tr("按 {key} 选择").format(key=number))
            pill.clicked.connect(self._on_clicked)
            pill.toggled.connect(pill.updateGeometry)
            layout.addWidget(pill)
            self._pills[key] = pill
        first = next(iter(self._pills.values()), None)
        if first is not None:
            self.setFocusProxy(first)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def value(self) -> str | list[str]:
        """The chosen key ('' for none), or with ``multiple`` the list of them."""
        chosen = [key for key, pill in self._pills.items() if pill.isChecked()]
        return chosen if self._multiple else (chosen[0] if chosen else "")

    def set_value(self, value: str | Sequence[str]) -> None:
        """Choose without a signal; '' or [] for nothing."""
        wanted = {value} if isinstance(value, str) else set(value)
        for key, pill in self._pills.items():
            pill.setAutoExclusive(False)
            pill.setChecked(key in wanted)
            pill.setAutoExclusive(not self._multiple)
        current = next((pill for pill in self._pills.values() if pill.isChecked()), None)
        if current is not None and not self._multiple:
            self.setFocusProxy(current)

    def offer(self, keys: Collection[str]) -> None:
        """Show only these choices, numbered anew; what was chosen and is not among them is taken back, silently."""
        number = 0
        for key, pill in self._pills.items():
            offered = key in keys
            number += offered
            pill.number = number if offered and self._digit_keys and number <= 9 else 0
            if not offered and pill.isChecked():
                pill.setAutoExclusive(False)
                pill.setChecked(False)
                pill.setAutoExclusive(not self._multiple)
            if pill.isHidden() is offered:
                pill.setVisible(offered)
            pill.update()
        first = next((p for p in self._pills.values() if not p.isHidden()), None)
        proxy = self.focusProxy()
        if first is not None and (proxy is None or proxy.isHidden()):
            self.setFocusProxy(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose, Backspace and Delete take back; arrows move as in every group of radio buttons."""
        number = _DIGITS.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and self._digit_keys and number is not None and number < len(self._offered()):
            pill = self._offered()[number]
            pill.setFocus(Qt.FocusReason.OtherFocusReason)
            pill.click()
        elif plain and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_value("")
            self.chosen.emit(self.value())
        else:
            super().keyPressEvent(event)

    def _offered(self) -> list[_RadioPill | _CheckPill]:
        return [pill for pill in self._pills.values() if not pill.isHidden()]

    def _on_clicked(self) -> None:
        self.chosen.emit(self.value())
