"""The tools of the map page: one menu, each with its key; what they point at is asked, kept, or filtered by."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.map_drop import MapDrop
from barrierfree.gui.map_list import MapList
from barrierfree.gui.map_selection import MapSelection
from barrierfree.gui.map_tool_words import TITLES
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.i18n import named, tr
from barrierfree.model.words import Status
from barrierfree.store import SiteFilter

_KEYS: Final = {
    "move": "Ctrl+M", "add": "Ctrl+Shift+A", "rectangle": "Ctrl+B", "lasso": "Ctrl+L", "distance": "Ctrl+D",
    "surface": "Ctrl+Shift+D",
}  # fmt: skip


class MapToolbox(QObject):
    """Starts tools in the page and answers what they tell.

    ``button`` belongs above the map; ``active`` is the tool that is on, '' without one.
    """

    def __init__(self, context: Context, page: Page, view: MapView, beside: MapList) -> None:
        super().__init__(page)
        self._context, self._page, self._map, self._list = context, page, view, beside
        self.active = ""
        self.drop = MapDrop(context, page, view, beside.site_actions)
        self.selection = MapSelection(context, page, view, beside)
        self.button = Button(tr("工具"), icon="rectification", tip=tr("移动、新增、选取、测量"))
        self._menu = QMenu(self.button)
        self._menu.setToolTipsVisible(True)
        self.actions = {key: self._add(key, tr(TITLES[key])) for key in _KEYS}
        self._menu.addSeparator()
        self.end = self._plain(tr("结束工具"), partial(self.start, ""))
        self.end.setEnabled(False)
        self._menu.addSeparator()
        self.here = self._plain(tr("到我在的位置"), self.go_here, "Ctrl+Shift+J")
        self.form = self._plain(tr("打开选中点位的检查表"), self._open_chosen)
        self.button.setMenu(self._menu)
        view.told.connect(self._on_told)
        view.ready.connect(self._on_ready)
        beside.filter_changed.connect(self.show_filter)
        context.standing.changed.connect(self._show_here)
        self._show_here()

    def add_action(self, text: str, act: Any, keys: str = "") -> QAction:
        """Something else that belongs into the menu."""
        return self._plain(text, act, keys)

    def _add(self, key: str, title: str) -> QAction:
        action = self._plain(title, partial(self.toggle, key), _KEYS[key])
        action.setCheckable(True)
        return action

    def _plain(self, text: str, act: Any, keys: str = "") -> QAction:
        action = QAction(text, self._page)
        action.triggered.connect(lambda _on=False: act())
        if keys:
            action.setShortcut(keys)
        self._page.addAction(action)  # the key works while the page is in sight
        self._menu.addAction(action)
        return action

    # -- one tool at a time -----------------------------------------------------------------------------------------

    def toggle(self, key: str) -> None:
        """Start a tool, or end it if it is the one."""
        self.start("" if key == self.active else key)

    def start(self, key: str) -> None:
        """Start a tool; '' ends the one that is on."""
        self._mark(self.active)
        self._map.tell(f"startTool({json.dumps(key)})" if key else "endTool()")
        if key:
            self._map.view.setFocus()

    def _mark(self, key: str) -> None:
        self.active = key
        for name, action in self.actions.items():
            action.setChecked(name == key)
        self.end.setEnabled(bool(key))
        self.button.setText(named(tr("工具"), tr(TITLES[key])) if key else tr("工具"))
        self.button.updateGeometry()

    def _on_told(self, kind: str, values: dict[str, str]) -> None:
        if kind == "tool":
            self._mark(values.get("name", ""))
        elif kind == "add":
            self._add_site(float(values["lon"]), float(values["lat"]))
        elif kind == "copy":
            QGuiApplication.clipboard().setText(values.get("text", ""))
            self._page.messages.show_message("good", tr("已复制：{text}").format(text=values.get("text", "")))
        elif kind == "status":
            self._on_status(values.get("status", ""))
        elif kind == "open":
            self._context.go("survey", values.get("id", ""))
        else:
            self.drop.on_told(kind, values)
            self.selection.on_told(kind, values)

    def _add_site(self, lon: float, lat: float) -> None:
        actions = self._list.site_actions
        actions.add(f"{lon:.7f}, {lat:.7f}", lambda: self._map.tell("showAdded(null)"))

    def _open_chosen(self) -> None:
        if self._list.site is not None:
            self._context.go("survey", self._list.site.id)

    # -- the filter that list and map share -------------------------------------------------------------------------

    def show_filter(self) -> None:
        """Map and legend show what the list is filtered by."""
        wanted = self._list.filter
        self._map.set_filter(wanted if wanted != SiteFilter() else None)
        self._map.tell(f"showLegend({json.dumps([s.value for s in wanted.statuses])})")

    def _on_status(self, status: str) -> None:
        panel = self._list.panel
        if status:
            panel.states[Status(status)].toggle()
            return
        for button in panel.states.values():
            button.setChecked(False)

    # -- where the person stands, and what was looked for -----------------------------------------------------------

    def _show_here(self) -> None:
        here = self._context.standing.here
        self.here.setEnabled(here is not None)
        place = {"lon": here.lon, "lat": here.lat, "text": named(tr("我在这里"), here.name)} if here else None
        self._map.tell(f"showMark('here', {json.dumps(place)})")

    def go_here(self) -> None:
        """Bring where the person stands into the middle."""
        here = self._context.standing.here
        if here is not None:
            self._map.tell(f"map.setView([{here.lat!r}, {here.lon!r}], Math.max(barrierfree.map.getZoom(), 17))")

    def show_place(self, lon: float, lat: float) -> None:
        """Bring a place that was looked for into the middle, with a cross on it."""
        place = {"lon": lon, "lat": lat, "text": f"{lon:.6f}, {lat:.6f}"}
        self._map.tell(f"showMark('place', {json.dumps(place)})")
        self._map.tell(f"map.setView([{lat!r}, {lon!r}], Math.max(barrierfree.map.getZoom(), 17))")

    def _on_ready(self) -> None:
        self._mark("")
        self._show_here()
        self.show_filter()
