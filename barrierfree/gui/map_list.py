"""The list beside the map: the same sites and problems as the map shows, so that nothing needs eyes or a pointer."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.locate_dialog import LocateDialog
from barrierfree.gui.map_filter import MapFilter
from barrierfree.gui.map_rows import MapRows
from barrierfree.gui.map_tools import ALL, BARE, VIEW, MapTools
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import RecordTable
from barrierfree.gui.site_actions import SiteActions, site_levels
from barrierfree.i18n import phrased, tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Site
from barrierfree.operations.map_list import PART, Listing, Picked, Row, Wanted, listing
from barrierfree.store import SiteFilter

View = tuple[float, float, float, float]


class MapList(QWidget):
    """Follows the map by ``set_view``; ``filter`` is the one filter of list and map.

    Signals:
        chosen(Site): a site was chosen, here or by ``choose``.
        located(float, float): the map should show this place (lon, lat).
        filter_changed: ``filter`` is another one.
    """

    chosen = Signal(object)
    located = Signal(float, float)
    filter_changed = Signal()

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self._view: View | None = None
        self._middle: tuple[float, float] | None = None
        self._limit = PART
        self._wanted = ""  # the site to be selected when the rows have come
        self._told_filter = SiteFilter()
        self._begun = False
        self.site: Site | None = None
        self.site_actions = SiteActions(context, page)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(150)
        self._delay.timeout.connect(self.read)
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # in place of the search that comes
        self.setAccessibleName(tr("列表"))
        QTimer.singleShot(3000, self, self.begin)  # the list comes even where the map does not

    # -- what is built when it is needed ----------------------------------------------------------------------------

    @cached_property
    def rows(self) -> MapRows:
        """What is seen; built when the map is painted, or when somebody asks for it."""
        rows = MapRows(self._context)
        self._stack.insertWidget(0, rows)
        self._stack.setCurrentIndex(0)
        rows.table.selection_changed.connect(self._on_selection)
        rows.table.activated.connect(lambda row: self._context.go("survey", row.site.id))
        for button, act in (
            (rows.more, self._on_more), (rows.open, self._on_open), (rows.place, self._on_place),
            (rows.ledger, self._on_ledger),
        ):  # fmt: skip
            button.clicked.connect(act)
        tools = rows.tools
        tools.changed.connect(self._on_wanted)
        tools.searched.connect(self._on_search)
        tools.search.down.connect(self._into_list)
        tools.locate_wanted.connect(self.ask_place)
        tools.filter_wanted.connect(self.show_filter)
        tools.clear_wanted.connect(lambda: self.panel.clear())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(tools.search)  # where the keyboard is already here, it goes there
        return rows

    @cached_property
    def panel(self) -> MapFilter:
        """The filter; built when it is first opened, or needed to hold a condition."""
        panel = MapFilter(self._context)
        self._stack.insertWidget(self._stack.indexOf(self.rows) + 1, panel)
        panel.changed.connect(self._on_filter)
        panel.done.connect(self.show_rows)
        return panel

    @property
    def tools(self) -> MapTools:
        """What stands above the rows."""
        return self.rows.tools

    @property
    def table(self) -> RecordTable[Row]:
        """The rows."""
        return self.rows.table

    @property
    def _known_panel(self) -> MapFilter | None:
        return self.__dict__.get("panel")

    @property
    def _picked(self) -> Picked | None:
        return self._known_panel.picked if self._known_panel else None

    @property
    def _filtering(self) -> bool:
        """Whether the filter is in sight."""
        return self._stack.currentWidget() is self._known_panel is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed before the search is there goes into it."""
        if "rows" not in self.__dict__ and event.text().isprintable() and event.text():
            QApplication.sendEvent(self.tools.search, event)
            return
        super().keyPressEvent(event)

    # -- what the page says -----------------------------------------------------------------------------------------

    @property
    def filter(self) -> SiteFilter:
        """The sites that are wanted, for list and map; without view and origin."""
        return self._known_panel.filter(date.today()) if self._known_panel else SiteFilter()

    def begin(self) -> None:
        """Read the list for the first time."""
        if not self._begun:
            self.read()

    def refresh(self) -> None:
        """Something may have changed: read the list again if it is there."""
        if self._begun:
            self.read()

    def apply_changes(self, changes: Changes) -> None:
        """Sites changed: the list and the chosen site may be among them."""
        self.refresh()
        if self.site is not None and self.site.id in changes.sites:
            self.choose(self.site.id)

    def set_view(self, view: View) -> None:
        """What the map shows now: west, south, east, north in WGS-84 degrees."""
        self._view = view
        self.set_middle((view[0] + view[2]) / 2, (view[1] + view[3]) / 2)

    def set_middle(self, lon: float, lat: float) -> None:
        """The middle of what the map shows."""
        self._middle = (lon, lat)
        self._limit = PART
        if self._begun:
            self._delay.start()

    def show_bare(self) -> None:
        """List the sites without position."""
        self.tools.set_kind("sites")
        self.tools.set_scope(BARE)
        self.show_rows()
        self._on_wanted()

    def show_picked(self, picked: Picked) -> None:
        """List what another page picked, wherever it is."""
        self.tools.set_kind("findings" if picked.findings else "sites")
        self.tools.set_scope(ALL)
        self.tools.search.clear()
        self.panel.text = ""
        self.panel.clear()
        self.panel.show_picked(picked)
        self.show_rows()

    def choose(self, site: str) -> None:
        """Choose a site by its id: in the list, in the card, and by the signal on the map."""
        self._context.tasks.read(lambda store: store.site(site), self._show_site, replaces="map.site", context=self)

    def show_filter(self) -> None:
        """Show the filter in place of the list."""
        self._stack.setCurrentWidget(self.panel)
        next(iter(self.panel.states.values())).setFocus()
        self.read()  # with the counts

    def show_rows(self) -> None:
        """Show the list."""
        if self._filtering:
            self._stack.setCurrentWidget(self.rows)
            self.table.setFocus()

    def ask_place(self) -> None:
        """Ask for coordinates and go there."""
        dialog = LocateDialog(self._context, self)
        dialog.accepted.connect(lambda: self._go_to(dialog))
        dialog.site_wanted.connect(self.choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _go_to(self, dialog: LocateDialog) -> None:
        if dialog.position is not None:
            self.set_middle(dialog.position.lon, dialog.position.lat)
            self.located.emit(dialog.position.lon, dialog.position.lat)

    # -- the chosen site --------------------------------------------------------------------------------------------

    def _show_site(self, site: Site) -> None:
        self._tell(site)
        self.chosen.emit(site)
        self._select(site.id)
        self._wanted = site.id

    def _select(self, site: str) -> None:
        """The row of a site, or of the first problem there; none where it is not listed: Enter opens no other."""
        at = self.table.model.row_of(lambda row: row.site.id == site)
        current = self.table.current()
        if current is None if at < 0 else current is not None and current.site.id == site:
            return
        self.table.view.selectionModel().blockSignals(True)
        if at >= 0:
            self.table.select(self.table.model.record(at).key)
        else:
            self.table.view.selectionModel().clear()
        self.table.view.selectionModel().blockSignals(False)
        self.table.view.viewport().update()
        self._offer_ledger()

    def _offer_ledger(self) -> None:
        """The problem itself can be opened where the row is one."""
        row = self.table.current()
        self.rows.ledger.setVisible(row is not None and row.finding is not None)

    def _tell(self, site: Site) -> None:
        self.site = site
        self.rows.card.title.setText(site.name)
        self.rows.status.set_status(site.status.value, tr(words.label(site.status)))
        self.rows.status.show()
        parts = [
            site.code, self._context.class_name(site.site_class), *site_levels(self._context, site), site.address,
            tr("清单里已没有") if site.gone else "",
        ]  # fmt: skip
        counts = tr("已检查 {a} / {b}，未关闭的问题 {c}").format(
            a=site.inspected, b=site.checkpoints, c=site.open_findings
        )
        self.rows.about.setText(" · ".join(p for p in parts if p) + f"\n{counts}")
        self.rows.open.setEnabled(True)
        self.rows.place.setEnabled(True)
        self.rows.place.setText(tr("补位置…") if site.lon is None else tr("改位置…"))
        self.tools.set_site(site)

    def _on_selection(self, chosen: list[Row]) -> None:
        self._offer_ledger()
        if chosen and (self.site is None or chosen[0].site.id != self.site.id):
            self._show_site(chosen[0].site)

    def _on_place(self) -> None:
        if self.site is not None:
            self.site_actions.place(self.site)

    def _on_ledger(self) -> None:
        row = self.table.current()
        if row is not None and row.finding is not None:
            self._context.go("rectification", row.finding.id)

    def _on_open(self) -> None:
        if self.site is not None:
            self._context.go("survey", self.site.id)

    # -- the list ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read what the list holds."""
        self._begun = True
        tools, wanted = self.tools, self.filter
        findings, bare = tools.kind == "findings", tools.scope == BARE
        picked = self._picked
        asked = Wanted.model_construct(
            filter=wanted.model_copy(update={"without_position": bare, "in_force": bare}),
            findings=findings, finding_ids=picked.findings if picked and findings else (),
            view=self._view if tools.scope == VIEW else None, middle=self._middle, origin=tools.origin,
            stands=tools.stands, limit=self._limit, counts=self._filtering,
        )  # fmt: skip
        name = self._context.element_name
        self._context.tasks.read(
            lambda store: listing(store, asked, name), self._show, replaces="map.list", context=self
        )

    def _show(self, found: Listing) -> None:
        if found.counts:
            self.panel.show_counts(found.counts)
        self._say_what_to_do(found)
        self.table.set_records(found.rows)
        shown = len(found.rows)
        parts = [self._count_text(found.total)]
        if shown < found.total:
            parts.append(tr("列出最近的 {n} 个").format(n=f"{shown:,}"))
        if found.bare and self.filter == SiteFilter():
            parts.append(tr("另有 {n} 个没有位置").format(n=f"{found.bare:,}"))
        self.tools.count.setText(tr("{text}。").format(text=phrased(parts)))
        self.rows.more.setVisible(shown < found.total)
        if self.site is not None:
            self._select(self.site.id)

    def _count_text(self, total: int) -> str:
        picked = self._picked
        texts = {
            ("sites", VIEW): tr("视野内 {n} 个点位"), ("sites", ALL): tr("共 {n} 个点位"),
            ("sites", BARE): tr("{n} 个点位没有位置"), ("findings", VIEW): tr("视野内 {n} 个未关闭的问题"),
            ("findings", ALL): tr("共 {n} 个未关闭的问题"),
            ("findings", BARE): tr("没有位置的点位有 {n} 个未关闭的问题"),
        }  # fmt: skip
        text = texts[self.tools.kind, self.tools.scope]
        if picked and picked.findings and self.tools.kind == "findings":
            text = tr("选出的问题 {n} 个")
        return text.format(n=f"{total:,}")

    def _say_what_to_do(self, found: Listing) -> None:
        if self.filter != SiteFilter() and self.tools.scope == VIEW and self._view is not None:
            self.table.set_empty(
                tr("视野里没有符合条件的"), tr("别处可能有；也可以放宽筛选，或换一个搜索词。"), tr("在全部里找"),
                self._show_all,
            )  # fmt: skip
        elif self.filter != SiteFilter():
            self.table.set_empty(
                tr("没有符合条件的"), tr("放宽筛选，或换一个搜索词。"), tr("清除筛选"), self._clear_all
            )
        elif self.tools.scope == BARE:
            self.table.set_empty(tr("每个点位都有位置"), tr("没有位置的点位会列在这里，可以在这里补上。"))
        elif found.bare and not found.placed:
            self.table.set_empty(
                tr("点位都还没有位置"), tr("补上位置以后，地图上才看得到。"), tr("列出没有位置的"), self.show_bare
            )
        elif found.placed:
            self.table.set_empty(tr("视野里什么都没有"), tr("移动地图，或者列出全部。"), tr("列出全部"), self._show_all)
        elif self.tools.kind == "findings":
            self.table.set_empty(tr("没有未关闭的问题"), tr("走访里发现的问题会列在这里。"))
        else:
            self.table.set_empty(tr("这里没有点位"), tr("请在“数据”页导入设施清单。"))

    def _clear_all(self) -> None:
        self.tools.search.clear()
        self.panel.text = ""
        self.panel.clear()

    def _show_all(self) -> None:
        self.tools.set_scope(ALL)
        self._on_wanted()

    def _on_wanted(self) -> None:
        self._limit = PART
        self.read()

    def _on_search(self, text: str) -> None:
        if text != self.panel.text:
            self.panel.text = text
            self._on_filter()

    def _on_filter(self) -> None:
        self.tools.show_conditions(self.panel.conditions())
        if self.filter != self._told_filter:
            self._told_filter = self.filter
            self.filter_changed.emit()
        self._on_wanted()

    def _on_more(self) -> None:
        self._limit += PART
        self.table.setFocus()
        self.read()

    def _into_list(self) -> None:
        if self.table.model.rowCount():
            self.table.setFocus()
            if not self.table.view.currentIndex().isValid():
                self.table.select(self.table.model.record(0).key)
