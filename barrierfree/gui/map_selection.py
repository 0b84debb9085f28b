"""Sites in a shape that was drawn on the map: how many, and what is done with them."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.map_list import MapList
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.operations.map_area import read_ring, sites_in_shape
from barrierfree.operations.map_list import Picked


class MapSelection(QObject):
    """Read ``sites``: the ids in the shape on show, () without one."""

    def __init__(self, context: Context, page: Page, view: MapView, beside: MapList) -> None:
        super().__init__(page)
        self._context, self._page, self._map, self._list = context, page, view, beside
        self.sites: tuple[str, ...] = ()

    def on_told(self, kind: str, values: dict[str, str]) -> None:
        """The page says which shape was drawn, or that it is gone."""
        if kind == "area":
            ring, wanted = read_ring(values["ring"]), self._list.filter
            self._context.tasks.read(
                lambda store: sites_in_shape(store, ring, wanted), self._show, self._page.messages.show_error,
                replaces="map.area", context=self,
            )  # fmt: skip
        elif kind == "unarea":
            self._forget()

    def _show(self, sites: tuple[str, ...]) -> None:
        self.sites = sites
        text = tr("选中 {n} 个点位").format(n=f"{len(sites):,}")
        self._map.tell(f"showArea({json.dumps(text)})")
        if not sites:
            self._page.messages.show_message("info", text, tr("换个地方再画，或按 Esc 结束。"))
            return
        self.only = Button(tr("只看这些"), self.show_only, kind="primary", icon="filter")
        self.clear = Button(tr("清除"), self._clear)
        self._page.messages.show_message("info", text, tr("列表和地图可以只看这些。"), FlowRow(self.only, self.clear))

    def show_only(self) -> None:
        """The filter that list and map share holds these sites alone, beside what it held already."""
        title = tr("地图上选中的 {n} 个").format(n=f"{len(self.sites):,}")
        self._list.panel.show_picked(Picked(title=title, sites=self.sites))
        self._list.show_rows()
        self._clear()
        self._map.tell("endTool()")

    def _clear(self) -> None:
        self._map.tell("clearArea()")
        self._map.tell("showArea('')")
        self._forget()

    def _forget(self) -> None:
        if self.sites:
            self.sites = ()
            self._page.messages.dismiss()
