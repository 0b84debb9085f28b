"""The map page: the map, and beside it the same sites as a list, so that everything works by keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree import coordinates
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.basemap_menu import BasemapMenu
from barrierfree.gui.basemap_work import BasemapWork
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.site_actions import SiteActions, site_levels
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Site
from barrierfree.store import SiteFilter, Store

NEAREST = 200  # sites that the list beside the map holds


class MapPage(Page):
    """Choosing a site on the map or in the list is the same; Enter goes to its form."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("地图"), parent)
        self._context = context
        self._middle: tuple[float, float] | None = None
        self._chosen: Site | None = None
        self._actions = SiteActions(context, self)
        self.header.set_sample(context.survey.sample)
        self.map = MapView(context)
        self.basemaps = BasemapWork(context, self)
        self.basemaps.chosen.connect(self._show_basemap)
        self.map.basemap_failed.connect(self.messages.show_error)
        self.header.add_action(BasemapMenu(self.basemaps))
        self.header.add_action(Button(tr("显示全部"), self.map.show_all, icon="fit"))
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(150)
        self._delay.timeout.connect(self._ask_list)
        self._listed = False
        self._list_parts: tuple[RecordTable[Site], ChoiceButtons] | None = None
        QTimer.singleShot(3000, self, self._first_list)  # the list comes even where the map does not
        self._build()
        self.map.selected.connect(self.choose)
        self.map.drawn.connect(self._on_drawn)
        self.map.painted.connect(self.basemaps.refresh)
        self.map.moved.connect(self._on_moved)

    def _build(self) -> None:
        frame = Card(padding=1)
        frame.body.setContentsMargins(1, 1, 1, 1)
        frame.body.addWidget(self.map)
        side = QWidget()
        side.setProperty("role", "plain")
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.card = Card(tr("选中的点位"))
        self.status = SymbolLabel("", "", strong=True)
        self.about = label(tr("在地图或列表里选一个点位。"), "muted", wrap=True)
        self.open = Button(tr("去检查"), self._on_open, kind="primary", icon="survey")
        self.open.setEnabled(False)
        self.card.body.addWidget(self.status)
        self.card.body.addWidget(self.about)
        self.place = Button(tr("补位置…"), self._on_place, icon="locate", shortcut="F2")
        self.place.setEnabled(False)
        self.card.body.addWidget(FlowRow(self.open, self.place))
        self.status.hide()
        column.addWidget(self.card)
        self._side = column
        self.columns = AdaptiveColumns([Pane("map", tr("地图"), frame, 900, 1), Pane("list", tr("列表"), side, 400)])
        self.body.addWidget(self.columns, 1)

    @property
    def table(self) -> RecordTable[Site]:
        """The list, built when it is first needed: the map is on the screen before."""
        return self._list()[0]

    @property
    def near(self) -> ChoiceButtons:
        """Which sites the list holds: those nearest to the middle of the map, or those without position."""
        return self._list()[1]

    def _list(self) -> tuple[RecordTable[Site], ChoiceButtons]:
        if self._list_parts is None:
            self._list_parts = self._build_list()
        return self._list_parts

    def _build_list(self) -> tuple[RecordTable[Site], ChoiceButtons]:
        near = ChoiceButtons([("near", tr("离地图中心最近")), ("bare", tr("没有位置"))], tr("列表"))
        near.set_value("near")
        near.chosen.connect(lambda _value: self._ask_list())
        self._side.addWidget(near)
        table: RecordTable[Site] = RecordTable(
            (
                Column("name", tr("点位"), lambda s: s.name, symbol=lambda s: s.status.value, width=170, tinted=False),
                Column("far", tr("方位"), self._far_text, sort=self._far, width=105),
                Column("status", tr("状态"), lambda s: tr(words.label(s.status)), width=86, filterable=True),
            ),
            lambda s: s.id,
            tr("点位"),
            filter_row=False,
        )
        table.set_empty(tr("这里没有点位"), tr("请在“数据”页导入设施清单。"))
        table.selection_changed.connect(self._on_selection)
        table.activated.connect(lambda site: context_go(self._context, site))
        listed = Card(padding=1)
        listed.body.addWidget(table)
        self._side.addWidget(listed, 1)
        return table, near

    def activate(self) -> None:
        """Show what has changed meanwhile."""
        self._show_basemap()
        if self.map.is_ready:  # the first time after it is painted
            self.basemaps.refresh()
        self._ask_again()

    def _ask_again(self) -> None:
        self.map.refresh()
        if self._listed:
            self._ask_list()

    def _show_basemap(self) -> None:
        self.map.show_basemap(self.basemaps.choice)

    def apply_changes(self, changes: Changes) -> None:
        """Sites changed: ask for the view again; only what differs is drawn anew."""
        if changes.written and changes.sites:
            self._ask_again()
            if self._chosen is not None and self._chosen.id in changes.sites:
                self.choose(self._chosen.id)

    def show_target(self, target: object) -> None:
        """Show a site (its id), or 'without_position'; take in a basemap (a file that was dropped)."""
        if isinstance(target, Path):
            self.basemaps.add(target)
        elif target == "without_position":
            self.near.set_value("bare")
            self._ask_list()
            self.columns.show_pane("list")
        elif isinstance(target, str):
            self.choose(target)

    def choose(self, site: str) -> None:
        """Choose a site: on the map, in the list, and in the card."""
        self._context.tasks.read(lambda store: store.site(site), self._show_site, replaces="map.site")

    def _show_site(self, site: Site) -> None:
        self._tell(site)
        self.map.select(site.id, site.lon, site.lat)
        self.table.view.selectionModel().blockSignals(True)
        self.table.select(site.id)
        self.table.view.selectionModel().blockSignals(False)

    def _tell(self, site: Site) -> None:
        self._chosen = site
        self.card.title.setText(site.name)
        self.status.set_status(site.status.value, tr(words.label(site.status)))
        self.status.show()
        parts = [
            site.code, self._context.class_name(site.site_class), *site_levels(self._context, site), site.address,
            tr("清单里已没有") if site.gone else "",
        ]  # fmt: skip
        counts = tr("已检查 {a} / {b}，未关闭的问题 {c}").format(
            a=site.inspected, b=site.checkpoints, c=site.open_findings
        )
        self.about.setText(" · ".join(p for p in parts if p) + f"\n{counts}")
        self.open.setEnabled(True)
        self.place.setEnabled(True)
        self.place.setText(tr("补位置…") if site.lon is None else tr("改位置…"))

    def _on_selection(self, chosen: list[Site]) -> None:
        if chosen and (self._chosen is None or chosen[0].id != self._chosen.id):
            self._show_site(chosen[0])

    def _on_place(self) -> None:
        if self._chosen is not None:
            self._actions.edit(self._chosen, "place")

    def _on_open(self) -> None:
        if self._chosen is not None:
            context_go(self._context, self._chosen)

    def _on_drawn(self, drawn: int, total: int) -> None:
        self.header.set_counts(tr("地图上 {a} / {b}").format(a=f"{drawn:,}", b=f"{total:,}"))
        QTimer.singleShot(60, self, self._first_list)  # after the map is painted

    def _first_list(self) -> None:
        if not self._listed:
            self._ask_list()

    def _on_moved(self, lon: float, lat: float) -> None:
        self._middle = (lon, lat)
        if self._listed:
            self._delay.start()

    def _ask_list(self) -> None:
        self._listed = True
        bare, middle = self.near.value() == "bare", self._middle

        def read(store: Store) -> list[Site]:
            if bare:
                return store.sites(SiteFilter(without_position=True, in_force=True))
            lon, lat = middle or _middle_of(store.extent())
            return store.sites_near(lon, lat, NEAREST)

        self._context.tasks.read(read, self._show_list, replaces="map.list")

    def _show_list(self, sites: list[Site]) -> None:
        if self.near.value() == "bare":
            self.table.set_empty(tr("每个点位都有位置"), tr("没有位置的点位会列在这里，可以在这里补上。"))
        else:
            self.table.set_empty(tr("这里没有点位"), tr("请在“数据”页导入设施清单。"))
        self.table.set_records(sites)

    def _far(self, site: Site) -> float:
        if self._middle is None or site.lon is None or site.lat is None:
            return 0.0
        return coordinates.distance_m(*self._middle, site.lon, site.lat)

    def _far_text(self, site: Site) -> str:
        if self._middle is None or site.lon is None or site.lat is None:
            return ""
        metres = coordinates.distance_m(*self._middle, site.lon, site.lat)
        return f"{coordinates.direction(*self._middle, site.lon, site.lat)} {metres:.0f} m"


def context_go(context: Context, site: Site) -> None:
    """Go to the form of ``site``."""
    context.go("survey", site.id)


def _middle_of(extent: tuple[float, float, float, float] | None) -> tuple[float, float]:
    west, south, east, north = extent or (0.0, 0.0, 0.0, 0.0)
    return (west + east) / 2, (south + north) / 2
