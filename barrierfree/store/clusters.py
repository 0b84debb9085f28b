"""How many sites of which state lie in each cell of the map, zoom by zoom; kept with the sites they count.

A cell is a square of 64 pixels of the usual web map (Web Mercator, EPSG:3857, tiles of 256 pixels): at zoom z there are
2^(z+2) × 2^(z+2) of them, counted from the north-west. Positions are whole numbers (the world is 2^30 wide, 2.6 cm at
40 degrees north), so that sums are exact and the same in whatever order sites come and go.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Final

from barrierfree.model.words import Status
from barrierfree.store.reading import Tick, silent, ticking
from barrierfree.store.schema import MANY, guards_down

FARTHEST, NEAREST = 8, 16  # the zooms for which cells are kept; farther ones are summed from these when asked for
STATES: Final = tuple(s.value for s in Status)  # the columns of counts, in this order
WORLD_BITS: Final = 30
MAX_LATITUDE: Final = 85.0511287798066  # where the square of web maps ends
_CELL_BITS: Final = 2  # 256-pixel tiles hold 4 × 4 cells
_AT: Final = {state: at for at, state in enumerate(STATES, 3)}
_SUMS: Final = ("n", "x", "y", *STATES)
_ADD: Final = (
    f"INSERT INTO clusters (z, gx, gy, {', '.join(_SUMS)}) VALUES ({','.join('?' * (3 + len(_SUMS)))})"
    f" ON CONFLICT (z, gx, gy) DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _SUMS)}"
)
_Key = tuple[int, int]


def world(lon: float, lat: float) -> tuple[int, int]:
    """East and south of the north-west corner of the world, in 2^-30 of its width; beyond its edge is at its edge."""
    size = 1 << WORLD_BITS
    sine = math.sin(math.radians(max(-MAX_LATITUDE, min(MAX_LATITUDE, lat))))
    x = int((lon / 360 + 0.5) * size)
    y = int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size)
    return max(0, min(size - 1, x)), max(0, min(size - 1, y))


def shift(zoom: int) -> int:
    """How many bits of a position lie within a cell of ``zoom``: ``x >> shift(zoom)`` is the cell."""
    return WORLD_BITS - zoom - _CELL_BITS


class Cells:
    """What came to and went from the cells of the nearest zoom; a site that is another one's double is in none."""

    def __init__(self) -> None:
        self._near: dict[_Key, list[int]] = {}

    def add(self, lon: float | None, lat: float | None, status: str, n: int = 1) -> None:
        """``n`` sites (negative: fewer) of this status at this position in WGS-84 degrees; none without position."""
        if lon is None or lat is None:
            return
        x, y = world(lon, lat)
        bits = WORLD_BITS - NEAREST - _CELL_BITS
        key = (x >> bits, y >> bits)
        held = self._near.get(key)
        if held is None:
            self._near[key] = held = [0] * len(_SUMS)
        held[0] += n
        held[1] += n * x
        held[2] += n * y
        held[_AT[status]] += n

    def store(self, sql: sqlite3.Connection, tick: Tick = silent) -> None:
        """Add all this to the table, in every zoom; cells that become empty go. Afterwards there is nothing left."""
        cells, self._near = {key: sums for key, sums in self._near.items() if any(sums)}, {}
        if not cells:
            return
        with guards_down(sql, ("clusters",)) if len(cells) >= MANY else nullcontext():
            for zoom in range(NEAREST, FARTHEST - 1, -1):
                rows = ((zoom, *key, *cells[key]) for key in ticking(sorted(cells), tick))
                sql.executemany(_ADD, rows)
                fewer = [(zoom, *key) for key, sums in cells.items() if sums[0] < 0]
                sql.executemany("DELETE FROM clusters WHERE z = ? AND gx = ? AND gy = ? AND n = 0", fewer)
                cells = _farther(cells)


def _farther(cells: dict[_Key, list[int]]) -> dict[_Key, list[int]]:
    """The same one zoom farther out, where four cells are one."""
    summed: dict[_Key, list[int]] = {}
    for (gx, gy), sums in cells.items():
        key = (gx >> 1, gy >> 1)
        held = summed.get(key)
        summed[key] = sums if held is None else [a + b for a, b in zip(held, sums, strict=True)]
    return {key: sums for key, sums in summed.items() if any(sums)}


def grouped(places: Iterable[tuple[float, float, str]], zoom: int, tick: Tick = silent) -> list[tuple[int, ...]]:
    """Clusters of ``places`` (lon, lat, status) as the table would hold them: gx, gy, n, x, y, counts of ``STATES``."""
    cells: dict[_Key, list[int]] = {}
    bits = shift(zoom)
    for lon, lat, status in ticking(places, tick):
        x, y = world(lon, lat)
        key = (x >> bits, y >> bits)
        held = cells.get(key)
        if held is None:
            cells[key] = held = [0] * len(_SUMS)
        held[0] += 1
        held[1] += x
        held[2] += y
        held[_AT[status]] += 1
    return [(*key, *cells[key]) for key in sorted(cells)]
