"""The list of sites at the left of the survey page: search, filters, and the sites that fit, part by part."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.search_line import SearchLine
from barrierfree.gui.site_rows import SITE_ROLE, SiteCells, SiteRows
from barrierfree.gui.walk_line import WalkLine
from barrierfree.i18n import tr
from barrierfree.model.records import Site
from barrierfree.model.words import Status
from barrierfree.operations.site_work import SiteListing
from barrierfree.store import SiteFigures, SiteFilter


class _List(QListView):
    """Signals: opened(): Enter was pressed."""

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        super().keyPressEvent(event)


class SiteList(Card):
    """Search and choose a site.

    Signals:
        wanted(): the list should hold other sites, those of ``filter``.
        more(int): more of the same should follow the first so many.
        chosen(Site): a site was chosen.
        opened(Site): Enter on a site: go on to its form.
    """

    wanted = Signal()
    more = Signal(int)
    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, context: Context | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, padding=12)
        self.search = SearchLine(tr("名称、地址、编码、拼音"))
        self.search.setAccessibleName(tr("搜索点位"))
        self.chips = {key: Button("") for key in ("left", "returned", "again", "photos", "unvisited", "bare", "gone")}
        for button in self.chips.values():
            button.setCheckable(True)
            button.toggled.connect(self.wanted)
        self.walk = WalkLine(context)
        self.walk.changed.connect(self.wanted)
        self._all = 0
        self._model = SiteRows()
        self._model.more.connect(lambda: self.more.emit(len(self._model.sites)))
        self.view = _List()
        self.view.setAccessibleName(tr("点位"))
        self.view.setModel(self._model)
        self.view.setItemDelegate(SiteCells(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = label("", "muted", wrap=True)
        self._footer = label("", "muted", wrap=True)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(60)
        self._delay.timeout.connect(self.wanted)
        self._build()
        self._show_figures(SiteFigures(total=0, left=0, gone=0, unvisited=0, bare=0, returned=0, round=1))

    def _build(self) -> None:
        self.body.setContentsMargins(1, 12, 1, 8)
        above = QVBoxLayout()
        above.setContentsMargins(12, 0, 12, 0)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.search, 1)
        line.addWidget(self.walk.button)
        above.addLayout(line)
        above.addWidget(FlowRow(*self.chips.values()))
        above.addWidget(self.walk)
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

    def filter(self, person: str) -> SiteFilter:
        """The sites that are wanted; ``person`` is who works here."""
        on = {key: chip.isChecked() for key, chip in self.chips.items()}
        return SiteFilter(
            text=self.search.text(), unfinished=on["left"], unvisited=on["unvisited"], without_position=on["bare"],
            gone=on["gone"], in_force=not on["gone"] and (on["left"] or on["unvisited"] or on["bare"]),
            returned_to=(person or "-") if on["returned"] else "",
            near=(self.walk.here.lon, self.walk.here.lat) if self.walk.here else None,
            photos_by=(person or "-") if on["photos"] else "", again_by=(person or "-") if on["again"] else "",
        )  # fmt: skip

    def set_figures(self, figures: SiteFigures) -> None:
        """How many sites each filter would show; the list is told when a filter that was on has nothing left."""
        self._all = figures.total + figures.gone
        self._show_figures(figures)

    def _show_figures(self, figures: SiteFigures) -> None:
        for key, text, count, useful in (
            ("left", tr("未完成 {n}"), figures.left, True),
            ("returned", tr("退回 {n}"), figures.returned, True),
            ("again", tr("复查 {n}"), figures.again, figures.again > 0),
            ("photos", tr("照片待补 {n}"), figures.awaiting, figures.awaiting > 0),
            ("unvisited", tr("本轮未走访 {n}"), figures.unvisited, figures.round > 1),
            ("bare", tr("无位置 {n}"), figures.bare, figures.bare > 0),
            ("gone", tr("清单里已没有 {n}"), figures.gone, figures.gone > 0),
        ):
            chip = self.chips[key]
            chip.setText(text.format(n=f"{count:,}"))
            chip.setVisible(useful or chip.isChecked())
            chip.updateGeometry()

    def set_sites(self, listing: SiteListing) -> None:
        """Show these sites, or more below those on show; the current one stays current."""
        if listing.offset:
            if listing.offset == len(self._model.sites):
                self._model.far |= listing.far
                self._model.add_sites(listing.sites)
                self._show_footer()
            return
        current = self.current()
        self._model.far = dict(listing.far)
        self._model.set_sites(listing.sites, listing.total)
        self._show_footer()
        self.view.setVisible(bool(listing.sites))
        self._empty.setVisible(not listing.sites)
        self._empty.setText(
            tr("没有符合条件的点位。\n换一个搜索词，或取消筛选。")
            if self._all
            else tr("还没有点位。\n请在“数据”页导入设施清单。")
        )
        if current is not None:
            self.select(current.id, quietly=True)

    def _show_footer(self) -> None:
        shown, total = len(self._model.sites), self._model.total
        if shown < total:
            text = tr("显示前 {shown} 个，共 {total} 个——再输入几个字可缩小范围")
        else:
            text = tr("显示 {shown} / {total}")
            total = max(self._all, shown)
        self._footer.setText(text.format(shown=f"{shown:,}", total=f"{total:,}"))

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
        """Go on to the next site below where nobody has been, else to the next one."""
        row = self.view.currentIndex().row() + 1
        left = (Status.NOT_SURVEYED, Status.QUESTION)
        row = next((r for r in range(row, len(self._model.sites)) if self._model.sites[r].status in left), row)
        if row < len(self._model.sites):
            self.view.setCurrentIndex(self._model.index(row))

    def show_all(self) -> None:
        """Take search and filters back."""
        for chip in self.chips.values():
            chip.setChecked(False)
        self.search.clear()

    def show_only(self, chip: str) -> None:
        """One filter alone."""
        self.show_all()
        self.chips[chip].show()
        self.chips[chip].setChecked(True)

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
