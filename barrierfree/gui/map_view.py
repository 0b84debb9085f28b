"""The map of the sites: fed from the survey, view by view."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from barrierfree import symbols
from barrierfree.gui.context import Context
from barrierfree.gui.map_frame import MapFrame, bounds_of
from barrierfree.gui.map_scheme import Reply, View
from barrierfree.gui.theme import symbol_theme, tokens
from barrierfree.i18n import tr
from barrierfree.map import MapData, features_json, page
from barrierfree.model import words
from barrierfree.model.words import STATUS_ORDER, Status
from barrierfree.store import Store


class MapView(MapFrame):
    """Draws the sites of the survey; what is outside the view costs nothing."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._first = ""
        super().__init__(context, parent)
        if bounds_of(context.survey.definition.area.outline) is not None:
            self.load()  # the outline says where to look: no need to wait for the sites' extent
        else:
            context.tasks.read(lambda store: store.extent(), self._on_extent, replaces="map.extent")

    def _prepare(self) -> None:
        """Read the first view while the engine starts; it is sent along with the page."""
        outline = bounds_of(self._context.survey.definition.area.outline)
        if outline is not None:
            self._bounds = outline
            job = partial(_first_page, outline, self._data(), self._nonce)
            self._context.tasks.read(job, self._keep_first, replaces="map.first")

    def select(self, site: str, lon: float | None = None, lat: float | None = None) -> None:
        """Mark a site; with a position bring it into the middle."""
        where = f", {lat!r}, {lon!r}" if lon is not None and lat is not None else ""
        self._run(f"barrierfree.select({site!r}{where})")

    def _keep_first(self, html: str) -> None:
        self._first = html

    def _on_extent(self, extent: View | None) -> None:
        if extent is not None:
            self._bounds = extent
        self.load()

    def _page_html(self) -> str:
        return self._first or page(self._data(), self._nonce)

    def _data(self) -> MapData:
        colours, theme = tokens().palette, symbol_theme()
        drawn = {
            key.value: symbols.symbol(key).painted(
                symbols.symbol(key).colour(theme), halo=colours.surface, cut=colours.surface
            )
            for key in Status
        }
        legend = [(s.value, tr(words.label(s))) for s in Status]
        return self._data_with(drawn, legend, [s.value for s in reversed(STATUS_ORDER)])

    def _features(self, view: View, reply: Reply) -> None:
        def read(store: Store) -> bytes:
            return features_json(store.sites_in_view(*view), store.sites_with_position())

        self._context.tasks.read(read, reply, lambda _error: reply(None), replaces="map.features", context=self)


def _first_page(bounds: View, data: MapData, nonce: str, store: Store) -> str:
    """The page with the sites of its first view, whatever the shape of the window: of three times width and height."""
    west, south, east, north = bounds
    across, up = east - west, north - south
    sites = store.sites_in_view(west - across, south - up, east + across, north + up)
    return page(data, nonce, features_json(sites, store.sites_with_position()))
