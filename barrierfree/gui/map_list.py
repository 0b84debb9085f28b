"""The list beside the map: the same sites as the map shows, so that everything works without seeing or pointing."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree import coordinates
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.site_actions import SiteActions, site_levels
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Site
from barrierfree.store import SiteFilter, Store

NEAREST = 200  # sites that the list beside the map holds


class MapList(QWidget):
    """Signals:
    chosen(Site): a site was chosen here or by ``choose``.
    """

    chosen = Signal(object)

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self._middle: tuple[float, float] | None = None
        self.site: Site | None = None
        self.site_actions = SiteActions(context, page)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(150)
        self._delay.timeout.connect(self.read)
        self._listed = False
        self._list_parts: tuple[RecordTable[Site], ChoiceButtons] | None = None
        QTimer.singleShot(3000, self, self.begin)  # the list comes even where the map does not
        self._build()

    def _build(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
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
        self._column.addWidget(self.card)

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
        near.chosen.connect(lambda _value: self.read())
        self._column.addWidget(near)
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
        table.activated.connect(lambda site: self._context.go("survey", site.id))
        listed = Card(padding=1)
        listed.body.addWidget(table)
        self._column.addWidget(listed, 1)
        return table, near

    # -- what the page says -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Read the list for the first time."""
        if not self._listed:
            self.read()

    def refresh(self) -> None:
        """Something may have changed: read the list again if it is there."""
        if self._listed:
            self.read()

    def apply_changes(self, changes: Changes) -> None:
        """Sites changed: the list and the chosen site may be among them."""
        self.refresh()
        if self.site is not None and self.site.id in changes.sites:
            self.choose(self.site.id)

    def set_middle(self, lon: float, lat: float) -> None:
        """The middle of the map's view is another one."""
        self._middle = (lon, lat)
        if self._listed:
            self._delay.start()

    def show_bare(self) -> None:
        """List the sites without position."""
        self.near.set_value("bare")
        self.read()

    def choose(self, site: str) -> None:
        """Choose a site by its id: in the list, in the card, and by the signal on the map."""
        self._context.tasks.read(lambda store: store.site(site), self._show_site, replaces="map.site")

    # -- the chosen site --------------------------------------------------------------------------------------------

    def _show_site(self, site: Site) -> None:
        self._tell(site)
        self.chosen.emit(site)
        self.table.view.selectionModel().blockSignals(True)
        self.table.select(site.id)
        self.table.view.selectionModel().blockSignals(False)

    def _tell(self, site: Site) -> None:
        self.site = site
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
        if chosen and (self.site is None or chosen[0].id != self.site.id):
            self._show_site(chosen[0])

    def _on_place(self) -> None:
        if self.site is not None:
            self.site_actions.edit(self.site, "place")

    def _on_open(self) -> None:
        if self.site is not None:
            self._context.go("survey", self.site.id)

    # -- the list ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read what the list holds."""
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


def _middle_of(extent: tuple[float, float, float, float] | None) -> tuple[float, float]:
    west, south, east, north = extent or (0.0, 0.0, 0.0, 0.0)
    return (west + east) / 2, (south + north) / 2
