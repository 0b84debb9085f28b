"""The list of sites at the left of the survey page: search, what is left, what came back; glyph, name, community."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.model import words
from barrierfree.model.records import Site

Index = QModelIndex | QPersistentModelIndex
SITE_ROLE = Qt.ItemDataRole.UserRole + 1
FAR_ROLE = SITE_ROLE + 1


class _Sites(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.sites: list[Site] = []
        self.far: dict[str, float] = {}

    def set_sites(self, sites: Sequence[Site]) -> None:
        self.beginResetModel()
        self.sites = list(sites)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.sites)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        site = self.sites[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return site.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return phrased(
                p for p in (site.name, tr(words.label(site.status)), site.community, self.distance(site)) if p
            )
        if role == SITE_ROLE:
            return site
        if role == FAR_ROLE:
            return self.distance(site)
        return None

    def distance(self, site: Site) -> str:
        metres = self.far.get(site.id)
        if metres is None:
            return ""
        return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


class _Rows(QStyledItemDelegate):
    """Two lines: the name, and where; the glyph of the status before them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, tokens().text(60))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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
        where = " · ".join(p for p in (site.community or tr("未填社区"), site.address) if p)
        below = room.adjusted(0, half + 1, 0, -4)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignTop), _cut(painter, where, room.width()))
        painter.setFont(bold)
        painter.setPen(QColor(ink))
        above = room.adjusted(0, 4, 0, -half - 1)
        painter.drawText(above, int(Qt.AlignmentFlag.AlignBottom), _cut(painter, site.name, room.width()))
        painter.restore()


def _cut(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)


class _List(QListView):
    """Signals: opened(): Enter was pressed."""

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)


class _Search(QLineEdit):
    """Signals: down(): the user wants to go on in the list."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
            return
        super().keyPressEvent(event)


class SiteList(Card):
    """Search and choose a site.

    Signals:
        wanted(text, left, returned): the list should hold other sites.
        chosen(Site): a site was chosen.
        opened(Site): Enter on a site: go on to its form.
    """

    wanted = Signal(str, bool, bool)
    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, padding=12)
        self.search = _Search()
        self.search.setPlaceholderText(tr("搜索名称、地址、编码、拼音首字母"))
        self.search.setAccessibleName(tr("搜索点位"))
        self.search.setClearButtonEnabled(True)
        self._left = Button(tr("未完成"))
        self._returned = Button(tr("退回"))
        for button in (self._left, self._returned):
            button.setCheckable(True)
            button.toggled.connect(self._ask)
        self._model = _Sites()
        self.view = _List()
        self.view.setAccessibleName(tr("点位"))
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Rows(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = label("", "muted", wrap=True)
        self._footer = label("", "muted")
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(60)
        self._delay.timeout.connect(self._ask)
        self._build()

    def _build(self) -> None:
        self.body.setContentsMargins(1, 12, 1, 8)
        above = QVBoxLayout()
        above.setContentsMargins(12, 0, 12, 0)
        above.addWidget(self.search)
        above.addWidget(FlowRow(self._left, self._returned))
        self.body.addLayout(above)
        self.body.addWidget(self.view, 1)
        self._empty.setContentsMargins(13, 20, 13, 20)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._empty, 1)
        self._empty.hide()
        self._footer.setContentsMargins(13, 0, 13, 0)
        self.body.addWidget(self._footer)
        self.search.textChanged.connect(lambda _text: self._delay.start())
        self.search.down.connect(self._into_list)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.opened.connect(self._on_opened)
        self.view.doubleClicked.connect(lambda _index: self._on_opened())

    def set_counts(self, left: int, returned: int) -> None:
        """How many sites are not done, and how many came back."""
        self._left.setText(tr("未完成 {n}").format(n=f"{left:,}"))
        self._returned.setText(tr("退回 {n}").format(n=f"{returned:,}"))

    def set_sites(self, sites: Sequence[Site], total: int, far: dict[str, float] | None = None) -> None:
        """Show these sites of ``total``; the current one stays current. ``far``: metres from where I am."""
        current = self.current()
        self._model.far = far or {}
        self._model.set_sites(sites)
        self._footer.setText(tr("显示 {shown} / {total}").format(shown=f"{len(sites):,}", total=f"{total:,}"))
        self.view.setVisible(bool(sites))
        self._empty.setVisible(not sites)
        self._empty.setText(
            tr("没有符合条件的点位。\n换一个搜索词，或取消“未完成”“退回”。")
            if total
            else tr("还没有点位。\n请在“数据”页导入设施清单。")
        )
        if current is not None:
            self.select(current.id, quietly=True)

    def current(self) -> Site | None:
        """The chosen site."""
        site = self.view.currentIndex().data(SITE_ROLE)
        return site if isinstance(site, Site) else None

    def select(self, site: str, *, quietly: bool = False) -> bool:
        """Choose the site with this id if it is in the list; ``quietly`` without saying so."""
        row = next((i for i, s in enumerate(self._model.sites) if s.id == site), -1)
        if row < 0:
            return False
        self.view.selectionModel().blockSignals(quietly)
        self.view.setCurrentIndex(self._model.index(row))
        self.view.selectionModel().blockSignals(False)
        self.view.viewport().update()
        self.view.scrollTo(self._model.index(row))
        return True

    def select_next(self) -> None:
        """Go on to the site below."""
        row = self.view.currentIndex().row() + 1
        if row < len(self._model.sites):
            self.view.setCurrentIndex(self._model.index(row))

    def show_all(self) -> None:
        """Take search and filters back."""
        self._left.setChecked(False)
        self._returned.setChecked(False)
        self.search.clear()

    def show_returned(self) -> None:
        """Only what came back."""
        self.show_all()
        self._returned.setChecked(True)

    def _ask(self) -> None:
        self.wanted.emit(self.search.text(), self._left.isChecked(), self._returned.isChecked())

    def _into_list(self) -> None:
        if self._model.sites:
            if not self.view.currentIndex().isValid() or self.current() not in self._model.sites:
                self.view.setCurrentIndex(self._model.index(0))
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_current(self) -> None:
        site = self.current()
        if site is not None:
            self.chosen.emit(site)

    def _on_opened(self) -> None:
        site = self.current()
        if site is not None:
            self.opened.emit(site)
