"""The points of a list on the map, as two datums put them: two colours and two shapes, beside the survey's outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.map_frame import FALLBACK_BOUNDS, MapFrame, bounds_of
from barrierfree.gui.map_scheme import Request, View
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.inventory import DatumCandidate
from barrierfree.map import features_json, page

KEYS: Final = ("first", "second")
_FAR: Final = 0.3  # degrees beyond the outline from which a candidate does not decide what is shown at first
_SHAPES: Final = {
    "first": '<circle cx="12" cy="12" r="7.5"{halo}/><circle cx="12" cy="12" r="7.5" fill="{ink}"/>',
    "second": '<path d="M12 3.5 21 19.5H3Z"{halo}/><path d="M12 3.5 21 19.5H3Z" fill="{ink}"/>',
}


@dataclass(frozen=True, slots=True)
class _Point:
    id: str
    name: str
    lon: float
    lat: float
    status: str


class DatumMap(MapFrame):
    """Shows one or two candidates; ``shown`` are their names in the order of ``KEYS``."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._candidates: tuple[DatumCandidate, ...] = ()
        self._is_wanted = False
        super().__init__(context, parent)

    def show_candidates(self, candidates: Sequence[DatumCandidate]) -> None:
        """Draw these, the first one as circles, the second as triangles."""
        if tuple(candidates) == self._candidates:
            return
        self._candidates = tuple(candidates[: len(KEYS)])
        self._bounds = self._wanted_bounds()
        self.load()

    def load(self) -> None:
        """Load the page once there is room for it: a map without a size cannot be fitted to anything."""
        self._is_wanted = not self.isVisible()
        if not self._is_wanted:
            super().load()

    def showEvent(self, event: QShowEvent) -> None:
        """Now there is room."""
        super().showEvent(event)
        if self._is_wanted:
            QTimer.singleShot(0, self, self.load)

    @property
    def shown(self) -> list[str]:
        """The names of what is on the map."""
        return [c.label for c in self._candidates]

    def _wanted_bounds(self) -> View:
        outline = bounds_of(self._context.survey.definition.area.outline)
        boxes = [c.extent for c in self._candidates]
        if outline is not None:
            boxes = [outline, *(b for b in boxes if _near(b, outline))]
        if not boxes:
            return FALLBACK_BOUNDS
        return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))

    def _page_html(self) -> str:
        colours = tokens().palette
        inks = {"first": colours.accent, "second": colours.bad}
        halo = f' fill="{colours.surface}" stroke="{colours.surface}" stroke-width="5" stroke-linejoin="round"'
        drawn = {
            key: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
            + shape.format(halo=halo, ink=inks[key])
            + "</svg>"
            for key, shape in _SHAPES.items()
        }
        legend = [(key, c.label) for key, c in zip(KEYS, self._candidates, strict=False)]
        return page(self._data_with(drawn, legend, [key for key, _ in reversed(legend)], inks), self._nonce)

    def _features(self, request: Request) -> None:
        west, south, east, north = request.box
        found: list[_Point] = []
        for key, candidate in zip(KEYS, self._candidates, strict=False):
            name = candidate.label
            found += [
                _Point(f"{key}{at}", tr("{datum} 的第 {n} 点").format(datum=name, n=at + 1), lon, lat, key)
                for at, (lon, lat) in enumerate(candidate.sample)
                if west <= lon <= east and south <= lat <= north
            ]
        request.reply(features_json(found, sum(len(c.sample) for c in self._candidates)))


def _near(box: View, outline: View) -> bool:
    return all(abs(a - b) <= _FAR for a, b in zip(box, outline, strict=True))
