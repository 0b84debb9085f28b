"""The coordinates of a list as they are written in it, for those who ask which datum they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from barrierfree import coordinates
from barrierfree.errors import InventoryError
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.values import place
from barrierfree.model.words import Datum

Point = tuple[str, float, float]  # the name of a row, its first and its second coordinate
_CHINA: Final = (72.0, 138.0, 0.8, 56.0)  # degrees: west, east, south, north
_LOOKED_AT: Final = 1000


def given_points(raw: RawList, columns: Mapping[str, int]) -> list[Point]:
    """The rows of a list that have a coordinate that can be read; those at 0,0 have none."""
    at = {name: columns.get(name) for name in ("name", "lon", "lat", "place")}
    found: list[Point] = []
    for cells in raw.rows:
        name, lon, lat, both = ("" if i is None else cells[i] for i in at.values())
        try:
            given = place(lon, lat, both, degrees=False)
        except InventoryError:
            continue
        if given is not None and (given.x or given.y):
            found.append((name, given.x, given.y))
    return found


def north_first(points: Sequence[Point], datum: str) -> bool:
    """Whether the first coordinate is the north one, as surveyors write plane coordinates: that way more lie in China.

    For degrees ``ready_sites`` tells row by row.
    """
    if not coordinates.is_plane(datum):
        return False
    looked_at = points[:: max(1, len(points) // _LOOKED_AT)]
    first, second = [p[1] for p in looked_at], [p[2] for p in looked_at]
    return _in_china(second, first, datum) > _in_china(first, second, datum)


def _in_china(xs: Sequence[float], ys: Sequence[float], datum: str) -> int:
    lons, lats = coordinates.convert_many(xs, ys, datum, Datum.WGS84)
    west, east, south, north = _CHINA
    return int(((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north)).sum())
