"""A site that was dragged: what its new place means is said first; kept when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.gui.site_actions import SiteActions
from barrierfree.i18n import named, sentences, tr
from barrierfree.model.records import Position, Site
from barrierfree.model.words import Datum
from barrierfree.operations import moving
from barrierfree.operations.moving import Weighed
from barrierfree.store import Store


@dataclass(frozen=True)
class Dropped:
    """A site and where it was put down."""

    site: Site
    position: Position
    weighed: Weighed


class MapDrop(QObject):
    """Read ``pending``: what waits for an answer in the page's messages, None if nothing does."""

    def __init__(self, context: Context, page: Page, view: MapView, actions: SiteActions) -> None:
        super().__init__(page)
        self._context, self._page, self._map, self._actions = context, page, view, actions
        self.pending: Dropped | None = None
        self._waits = False  # something was put down and not taken back
        page.messages.closed.connect(self.cancel)

    def on_told(self, kind: str, values: dict[str, str]) -> None:
        """The page says where a site was put down, that it was taken back, or that it shall be kept."""
        if kind == "dropped":
            self._waits = True
            site, lon, lat = values["id"], float(values["lon"]), float(values["lat"])
            self._context.tasks.read(
                lambda store: _weighed(store, site, lon, lat), self._ask, self._on_failed, replaces="map.drop",
                context=self,
            )  # fmt: skip
        elif kind == "undropped":
            self._waits = False
            if self.pending is not None:
                self.pending = None
                self._page.messages.dismiss()
        elif kind == "keep":
            self.keep()

    def _ask(self, dropped: Dropped) -> None:
        if not self._waits:
            return
        self.pending = dropped
        self.save = Button(tr("保存"), self.keep, kind="primary", tip=tr("保存新位置（地图上按回车）"))
        self.back = Button(tr("取消"), self.cancel, tip=tr("放回原处（地图上按 Esc）"))
        told = dropped.weighed
        where = {True: tr("在普查范围内"), False: tr("在普查范围外"), None: ""}[told.inside]
        how = tr("移动 {n} 米").format(n=f"{told.metres:.1f}") if told.metres is not None else tr("新的位置")
        self._page.messages.show_message(
            "warning" if told.warnings else "info",
            named(tr("“{name}”").format(name=dropped.site.name), sentences(part for part in (how, where) if part)),
            " ".join(told.warnings) or tr("请确认后保存。保存后可以撤销。"), FlowRow(self.save, self.back),
        )  # fmt: skip

    def keep(self) -> None:
        """Record it; the message then offers the way back."""
        dropped, self.pending = self.pending, None
        if dropped is not None:
            self._map.tell("dropped()")
            self._actions.move(dropped.site, dropped.position)

    def cancel(self) -> None:
        """The site stays where it was."""
        dropped, self.pending = self.pending, None
        if dropped is not None:
            self._map.tell("dropped()")
            self._page.messages.dismiss()

    def _on_failed(self, error: Exception) -> None:
        self._map.tell("dropped()")
        self._page.messages.show_error(error)


def _weighed(store: Store, site: str, lon: float, lat: float) -> Dropped:
    """For the reader's thread; the new position is given in the datum that the site's was given in."""
    found = store.site(site)
    held = moving.held(found)
    position = moving.in_datum(lon, lat, held.datum if held is not None else Datum.WGS84)
    return Dropped(found, position, moving.weigh(store, found, position))
