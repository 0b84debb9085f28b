"""Paints the cells of a record table: status glyph, text in the colour of the status, alarm badge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from barrierfree.gui import icons
from barrierfree.gui.record_model import BADGE_ROLE, DETAIL_ROLE, SYMBOL_ROLE, TINT_ROLE
from barrierfree.gui.theme import tokens

_PADDING = 11
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)


class RecordCells(QStyledItemDelegate):
    """Draws a cell of a ``RecordModel``; the current cell gets a focus frame."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint ground, glyph, text, badge, line below and focus frame."""
        colours = tokens().palette
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(colours.selection if selected else colours.surface))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(colours.line))
        left = rect.left() + _PADDING
        right = rect.right() - _PADDING
        ink = colours.on_selection if selected else colours.ink
        key = index.data(SYMBOL_ROLE)
        if key:
            side = tokens().text(18)
            picture = icons.symbol_pixmap(key, side, selected)
            painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, picture)
            ink = icons.symbol_colour(key, selected) if index.data(TINT_ROLE) else ink
            left += side + 7
        badge = index.data(BADGE_ROLE)
        font: QFont = option.font
        metrics = QFontMetrics(font)
        if badge:
            left, right = self._paint_badge(painter, rect, badge, left, right, metrics.horizontalAdvance(index.data()))
        room = QRect(left, rect.top(), max(right - left, 0), rect.height())
        detail = index.data(DETAIL_ROLE)
        if detail:
            small = self._small(font)
            lower = QFontMetrics(small).height()
            room.setTop(rect.top() + (rect.height() - metrics.height() - lower) // 2)
            room.setHeight(metrics.height())
            below = QRect(left, room.bottom() + 1, room.width(), lower)
            self._paint_text(painter, below, index, detail, small, colours.on_selection if selected else colours.muted)
        self._paint_text(painter, room, index, str(index.data() or ""), font, ink)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.on_selection if tokens().is_contrast else colours.focus), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -3, -3), 4, 4)
        painter.restore()

    def _paint_text(
        self,
        painter: QPainter,
        room: QRect,
        index: QModelIndex | QPersistentModelIndex,
        text: str,
        font: QFont,
        colour: str,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(index.data(_ALIGNMENT)), cut)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """What the cell needs to show all of its text."""
        font: QFont = option.font
        width = QFontMetrics(font).horizontalAdvance(str(index.data() or "")) + 2 * _PADDING + 2
        if index.data(SYMBOL_ROLE):
            width += tokens().text(18) + 7
        badge = index.data(BADGE_ROLE)
        if badge:
            width += QFontMetrics(self._small(font)).horizontalAdvance(badge) + 20
        return QSize(width, row_height())

    def _paint_badge(
        self, painter: QPainter, rect: QRect, badge: str, left: int, right: int, text_width: int
    ) -> tuple[int, int]:
        """Paint the badge right behind the text; the room that is left for the text."""
        colours = tokens().palette
        font = self._small(painter.font())
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(badge) + 12
        height = metrics.height() + 2
        x = max(left, min(left + text_width + 7, right - width))
        frame = QRectF(x, rect.top() + (rect.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.bad))
        painter.drawRoundedRect(frame, 4, 4)
        painter.setPen(QColor(colours.on_bad))
        painter.setFont(font)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, badge)
        return left, x - 6

    def _small(self, font: QFont) -> QFont:
        small = QFont(font)
        small.setPixelSize(tokens().small)
        return small


def row_height(detail: bool = False) -> int:
    """Height of a row: a target of 44 px or more with its line; ``detail``: with a second, smaller text line."""
    return tokens().target + 2 + (tokens().text(14) if detail else 0)
