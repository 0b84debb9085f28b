"""The map page: the map, and beside it the same sites as a list, so that everything works by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.basemap_menu import BasemapMenu
from barrierfree.gui.basemap_work import BasemapWork
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.map_layers import MapLayers
from barrierfree.gui.map_list import MapList
from barrierfree.gui.map_toolbox import MapToolbox
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.model.records import Changes, Site
from barrierfree.operations.map_list import Picked

if TYPE_CHECKING:
    from barrierfree.gui.map_print_dialog import MapPrintDialog


class MapPage(Page):
    """Choosing a site on the map or in the list is the same; Enter goes to its form."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("地图"), parent)
        self._context = context
        self.header.set_sample(context.survey.sample)
        self.map = MapView(context)
        self.basemaps = BasemapWork(context, self)
        self.basemaps.chosen.connect(self._show_basemap)
        self.map.basemap_failed.connect(self.messages.show_error)
        self.header.add_action(BasemapMenu(self.basemaps))
        self.layers = MapLayers(context, self, self.map)
        self.header.add_action(self.layers.button)
        self.list = MapList(context, self)
        self.toolbox = MapToolbox(context, self, self.map, self.list)
        self.header.add_action(self.toolbox.button)
        self.toolbox.add_action(tr("打印或存成图片…"), self.print_map, "Ctrl+P")
        self.header.add_action(Button(tr("显示全部"), self.map.show_all, icon="fit"))
        frame = Card(padding=1)
        frame.body.setContentsMargins(1, 1, 1, 1)
        frame.body.addWidget(self.map)
        self.columns = AdaptiveColumns(
            [Pane("map", tr("地图"), frame, 900, 1), Pane("list", tr("列表"), self.list, 400)]
        )
        self.body.addWidget(self.columns, 1)
        self.first = self.list  # its search, once that is there
        self.printing: MapPrintDialog | None = None
        self._pointed = ""  # the site that was chosen on the map last
        self.list.chosen.connect(self._on_chosen)
        self.map.selected.connect(self._on_pointed)
        self.map.drawn.connect(self._on_drawn)
        self.map.painted.connect(self.basemaps.refresh)
        self.map.painted.connect(lambda: QTimer.singleShot(60, self.list, self.list.begin))  # the picture comes first
        self.map.moved.connect(self._on_moved)
        self.list.located.connect(self.toolbox.show_place)

    def activate(self) -> None:
        """Show what has changed meanwhile."""
        self.basemaps.say_missing()
        self._show_basemap()
        if self.map.is_ready:  # the first time after it is painted
            self.basemaps.refresh()
        self._ask_again()

    def _ask_again(self) -> None:
        self.map.refresh()
        self.list.refresh()

    def _show_basemap(self) -> None:
        self.map.show_basemap(self.basemaps.choice)

    def apply_changes(self, changes: Changes) -> None:
        """Sites changed: ask for these; only what differs is drawn anew."""
        if changes.written and changes.sites:
            self.map.show_changes(changes.sites)
            self.list.apply_changes(changes)

    def show_target(self, target: object) -> None:
        """Show a site (its id), 'without_position', what another page ``Picked``, or take in a basemap (a file)."""
        if isinstance(target, Path):
            self.basemaps.add(target)
        elif isinstance(target, Picked):
            self.list.show_picked(target)
            self.columns.show_pane("list")
        elif target == "without_position":
            self.list.show_bare()
            self.columns.show_pane("list")
        elif isinstance(target, str):
            self.list.choose(target)

    def print_map(self) -> None:
        """Ask how the map is to be printed, and make it."""
        self.map.ask("barrierfree.map.getBounds().toBBoxString()", self._ask_print)

    def _ask_print(self, said: object) -> None:
        from barrierfree.gui.map_print_dialog import MapPrintDialog  # seldom needed

        view = tuple(float(part) for part in str(said or "").split(",") if part)
        west, south, east, north = view if len(view) == 4 else self.map.bounds
        panel = self.list.panel
        told = [condition.text for condition in panel.conditions()]
        if panel.text:
            told.append(tr("搜索“{text}”").format(text=panel.text))
        self.printing = dialog = MapPrintDialog(
            self._context, (west, south, east, north), self.list.filter, told, self.layers.on_paper(),
            self.layers.outline, self.basemaps.choice, self,
        )  # fmt: skip
        dialog.made.connect(lambda text, folder: self.messages.show_message("good", text, folder))
        dialog.finished.connect(self._on_printed)
        dialog.open()

    def _on_printed(self) -> None:
        if self.printing is not None:
            self.printing.deleteLater()
            self.printing = None

    def search_field(self) -> QWidget:
        """Ctrl+F searches the list."""
        self.columns.show_pane("list")
        self.list.show_rows()
        return self.list.tools.search

    def shortcuts(self) -> list[tuple[str, str]]:
        """Keys that the map answers itself."""
        return [
            (tr("方向键、+、-"), tr("移动地图、放大、缩小")),
            ("Enter", tr("选择离地图中心最近的点位；用工具时取中心处")),
            ("Ctrl+Enter", tr("打开选中点位的检查表")), ("Backspace", tr("测量时去掉上一点")),
            ("Esc", tr("放回点位、清除选区、结束工具")),
        ]  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the tool also where the keyboard is not on the map."""
        if event.key() == Qt.Key.Key_Escape and self.toolbox.active:
            self.toolbox.start("")
            return
        super().keyPressEvent(event)

    def choose(self, site: str) -> None:
        """Choose a site: on the map, in the list, and in the card."""
        self.list.choose(site)

    def _on_pointed(self, site: str) -> None:
        self._pointed = site
        self.list.choose(site)

    def _on_chosen(self, site: Site) -> None:
        if site.id == self._pointed:  # what was clicked on the map stays where it is
            self.map.select(site.id)
        else:
            self.map.select(site.id, site.lon, site.lat)
        self._pointed = ""

    def _on_moved(self, lon: float, lat: float) -> None:
        self.list.set_middle(lon, lat)
        self.map.ask("barrierfree.map.getBounds().toBBoxString()", self._on_bounds)

    def _on_bounds(self, said: object) -> None:
        """The edges of what is in sight."""
        parts = [float(part) for part in str(said or "").split(",") if part]
        if len(parts) == 4:
            self.list.set_view((parts[0], parts[1], parts[2], parts[3]))

    def _on_drawn(self, drawn: int, total: int) -> None:
        self.header.set_counts(tr("地图上 {a} / {b}").format(a=f"{drawn:,}", b=f"{total:,}"))
