"""The rows of the list of sites: a model that is filled part by part, and the painting of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from barrierfree.gui import icons
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.model import words
from barrierfree.model.records import Site

Index = QModelIndex | QPersistentModelIndex
SITE_ROLE = Qt.ItemDataRole.UserRole + 1
FAR_ROLE = SITE_ROLE + 1


class SiteRows(QAbstractListModel):
    """The sites on show, of more that fit.

    Signals:
        more(): the view came to the end, and there are more.
    """

    more = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sites: list[Site] = []
        self.total = 0
        self._asked = 0
        self.far: dict[str, float] = {}

    def set_sites(self, sites: Sequence[Site], total: int) -> None:
        """Show the first sites of ``total``."""
        self.beginResetModel()
        self.sites, self.total, self._asked = list(sites), total, 0
        self.endResetModel()

    def add_sites(self, sites: Sequence[Site]) -> None:
        """Show more below those that are there."""
        if sites:
            self.beginInsertRows(QModelIndex(), len(self.sites), len(self.sites) + len(sites) - 1)
            self.sites += sites
            self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether more sites fit than are on show."""
        return not parent.isValid() and len(self.sites) < self.total

    def fetchMore(self, parent: Index) -> None:
        """The view came to the end."""
        if self._asked != len(self.sites):  # views ask again and again until the rows are there
            self._asked = len(self.sites)
            self.more.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Sites on show."""
        return 0 if parent.isValid() else len(self.sites)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Name, what a screen reader says, the site itself and how far it is."""
        site = self.sites[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return site.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return phrased(
                p
                for p in (site.name, _gone(site), tr(words.label(site.status)), site.community, self.distance(site))
                if p
            )
        if role == SITE_ROLE:
            return site
        if role == FAR_ROLE:
            return self.distance(site)
        return None

    def distance(self, site: Site) -> str:
        """How far it is in words, '' when that is not known."""
        metres = self.far.get(site.id)
        if metres is None:
            return ""
        return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


class SiteCells(QStyledItemDelegate):
    """Two lines: the name, and where; the glyph of the status before them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for two lines."""
        return QSize(100, tokens().text(60))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, glyph, the two lines and the distance."""
        site: Site = index.data(SITE_ROLE)
        colours = tokens().palette
        rect: QRect = option.rect
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(colours.selection if chosen else colours.surface))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), 4, rect.height()), QColor(colours.accent))
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colours.focus))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        side = tokens().text(18)
        picture = icons.symbol_pixmap(site.status, side, chosen)
        painter.drawPixmap(rect.left() + 14, rect.top() + (rect.height() - side) // 2, picture)
        left = rect.left() + 14 + side + 12
        far = str(index.data(FAR_ROLE))
        bold, small = QFont(painter.font()), QFont(painter.font())
        bold.setPixelSize(tokens().base)
        bold.setBold(chosen)
        small.setPixelSize(tokens().small)
        painter.setFont(small)
        width = painter.fontMetrics().horizontalAdvance(far) + 14 if far else 8
        half = rect.height() // 2
        room = QRect(left, rect.top(), rect.right() - left - width, rect.height())
        ink = colours.on_selection if chosen else colours.ink
        painter.setPen(QColor(colours.muted if not chosen else ink))
        painter.drawText(
            rect.adjusted(0, 0, -12, 0), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), far
        )
        where = " · ".join(p for p in (_gone(site), site.community or tr("未填社区"), site.address) if p)
        below = room.adjusted(0, half + 1, 0, -4)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignTop), _cut(painter, where, room.width()))
        painter.setFont(bold)
        painter.setPen(QColor(ink))
        above = room.adjusted(0, 4, 0, -half - 1)
        painter.drawText(above, int(Qt.AlignmentFlag.AlignBottom), _cut(painter, site.name, room.width()))
        painter.restore()


def _cut(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)


def _gone(site: Site) -> str:
    return tr("清单里已没有") if site.gone else ""
