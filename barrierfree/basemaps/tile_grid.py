"""The grid of tiles of web Mercator, and the numbers that PMTiles gives to its places (a Hilbert curve per zoom)."""

from __future__ import annotations

import math

from barrierfree.basemaps.basemap import LIMIT_LATITUDE, Bounds


def place(lon: float, lat: float) -> tuple[float, float]:
    """Where a position (WGS-84 degrees) lies in the square map: x to the east, y to the south, both 0 to 1."""
    lat = max(-LIMIT_LATITUDE, min(LIMIT_LATITUDE, lat))
    turned = math.asinh(math.tan(math.radians(lat))) / math.pi
    return (lon + 180.0) / 360.0, (1.0 - turned) / 2.0


def tile_at(z: int, lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the tile that holds a position."""
    side = 1 << z
    x, y = place(lon, lat)
    return min(max(int(x * side), 0), side - 1), min(max(int(y * side), 0), side - 1)


def tile_range(z: int, bounds: Bounds) -> tuple[int, int, int, int]:
    """First and last column, first and last row of the tiles that ``bounds`` touch."""
    west, south, east, north = bounds
    (x0, y0), (x1, y1) = tile_at(z, west, north), tile_at(z, east, south)
    return x0, x1, y0, y1


def bounds_of_tiles(z: int, x0: int, x1: int, y0: int, y1: int) -> Bounds:
    """What tiles from column ``x0`` to ``x1`` and row ``y0`` to ``y1`` cover."""
    side = 1 << z

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))

    return x0 / side * 360 - 180, latitude(y1 + 1), (x1 + 1) / side * 360 - 180, latitude(y0)


def overlap(one: Bounds, other: Bounds) -> float:
    """Which part of ``one`` lies within ``other``, 0 to 1, by degrees; a point or line counts as 0 or 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    if across < 0 or up < 0:
        return 0.0
    width, height = one[2] - one[0], one[3] - one[1]
    return (across / width if width > 0 else 1.0) * (up / height if height > 0 else 1.0)


def tile_id(z: int, x: int, y: int) -> int:
    """The number of a tile in PMTiles: zooms one after the other, each along its Hilbert curve (spec v3, §3.2)."""
    number = ((1 << (2 * z)) - 1) // 3
    side = 1 << z
    half = side >> 1
    while half:
        right, below = x & half, y & half
        number += half * ((3 * right) ^ below)
        if below == 0:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return number


def tile_of(number: int) -> tuple[int, int, int]:
    """Zoom, column and row of a tile's number in PMTiles."""
    z = ((3 * number + 1).bit_length() - 1) // 2
    left = number - ((1 << (2 * z)) - 1) // 3
    x = y = 0
    half = 1
    while half < 1 << z:
        right = 1 & (left >> 1)
        below = 1 & (left ^ right)
        if below == 0:
            if right:
                x, y = half - 1 - x, half - 1 - y
            x, y = y, x
        x, y = x + half * right, y + half * below
        left >>= 2
        half <<= 1
    return z, x, y
