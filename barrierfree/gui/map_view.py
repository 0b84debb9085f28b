"""The map of the sites: fed from the survey, view by view."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from barrierfree import symbols
from barrierfree.gui.context import Context
from barrierfree.gui.map_frame import MapFrame, bounds_of
from barrierfree.gui.map_scheme import Answer, Request, View
from barrierfree.gui.theme import symbol_theme, tokens
from barrierfree.i18n import tr
from barrierfree.map import MapData, content_json, page
from barrierfree.model import words
from barrierfree.model.words import STATUS_ORDER, Status
from barrierfree.store import SiteFilter, Store

_FEW: Final = 200  # changed sites that are asked for one by one


class MapView(MapFrame):
    """Draws the sites of the survey; what is outside the view costs nothing."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._first = ""
        self._asked: Request | None = None  # the page, while it is not made yet
        self._filter: SiteFilter | None = None
        super().__init__(context, parent)
        self.ready.connect(lambda: self._ask_filtered() if self._filter is not None else None)
        self.load()

    def _prepare(self) -> None:
        """Make the page with its first view in a thread, while the engine starts."""
        self._preparing = True
        outline = bounds_of(self._context.survey.definition.area.outline)
        job = partial(_first_page, outline, self._data(), self._nonce)
        self._context.tasks.read(job, self._keep_first, lambda _error: self._keep_first(None), replaces="map.first")

    def select(self, site: str, lon: float | None = None, lat: float | None = None) -> None:
        """Mark a site; with a position bring it into the middle."""
        where = f", {lat!r}, {lon!r}" if lon is not None and lat is not None else ""
        self._run(f"barrierfree.select({site!r}{where})")

    def show_changes(self, sites: Sequence[str]) -> None:
        """These sites changed: they are asked for anew, and drawn where they differ."""
        if 0 < len(sites) <= _FEW:
            self._run(f"barrierfree.changed({json.dumps(list(sites))})")
        elif sites:
            self.refresh()

    @property
    def filter(self) -> SiteFilter | None:
        """Which sites are shown; None for all."""
        return self._filter

    def set_filter(self, wanted: SiteFilter | None) -> None:
        """Show only these; the page tells of how many."""
        if wanted != self._filter:
            self._filter, self._first = wanted, ""
            self._ask_filtered()

    def _ask_filtered(self) -> None:
        """What came with the page knows of no filter."""
        self._run("barrierfreeFirst = null; barrierfree.refresh()")

    def _keep_first(self, made: tuple[View, str] | None) -> None:
        self._preparing = False
        if made is not None:
            self._bounds, self._first = made
        if self._asked is not None:
            self._serve(self._asked)
            self._asked = None

    def _serve(self, request: Request) -> None:
        if self._preparing:
            self._asked = request
        else:
            super()._serve(request)

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
        inks = {key.value: symbols.symbol(key).colour(theme) for key in Status}
        return self._data_with(drawn, legend, [s.value for s in reversed(STATUS_ORDER)], inks)

    def _answers(self) -> dict[str, Answer]:
        return super()._answers() | {"sites": self._sites, "extent": self._extent}

    def _features(self, request: Request) -> None:
        wanted, box, zoom = self._filter, request.box, request.zoom
        self._read(
            request, lambda store: content_json(store.map_view(box, zoom, wanted, tick=request.tick)), "map.features"
        )

    def _sites(self, request: Request) -> None:
        """Those of some sites that are on the map, after they changed."""
        wanted, ids = self._filter, request.values["ids"].split(",")
        self._read(request, lambda store: content_json(store.map_changes(ids, wanted)), "map.features")

    def _extent(self, request: Request) -> None:
        """Where the sites of a cluster lie."""
        wanted, box = self._filter, request.box
        self._read(request, lambda store: json.dumps({"box": store.map_extent(box, wanted)}).encode(), "map.cluster")

    def _read(self, request: Request, job: Callable[[Store], bytes], replaces: str) -> None:
        self._context.tasks.read(
            job, request.reply, lambda _error: request.reply(None), replaces=replaces, context=self
        )


def _first_page(outline: View | None, data: MapData, nonce: str, store: Store) -> tuple[View, str]:
    """Where to look and the page, with the sites of its first view, whatever the shape of the window: of three times
    width and height. The outline says where, else the sites; both where most sites lie outside of it."""
    extent = store.extent()
    bounds = outline or extent or data.bounds
    if outline and extent and _most_outside(outline, store):
        bounds = _both(outline, extent)
    content = store.map_view(_wide(bounds), 0)
    data = data.model_copy(update={"bounds": bounds})
    if content.clusters:  # how near they will be looked at depends on the window: the page asks
        return bounds, page(data, nonce)
    return bounds, page(data, nonce, content_json(content))


def _wide(view: View) -> View:
    """Three times as wide and as high."""
    west, south, east, north = view
    return 2 * west - east, 2 * south - north, 2 * east - west, 2 * north - south


def _most_outside(view: View, store: Store) -> bool:
    """Whether less than half of the sites lie in a view, by cells of which about eight go across it."""
    content = store.map_view(view, math.log2(360 / max(view[2] - view[0], 1e-4)) + 1)
    return 2 * (len(content.sites) + sum(cluster[2] for cluster in content.clusters)) < content.total


def _both(one: View, other: View) -> View:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
