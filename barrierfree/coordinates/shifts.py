"""The offsets of GCJ-02 and BD-09, and their inverses, by the published formulas.

Every function takes floats with ``m=math`` or numpy arrays (any one shape) with ``m=numpy``: there is one formula for
a point in a dialog and for a list of 100,000. Degrees everywhere. Nobody publishes the official algorithm; the figures
are those that all open implementations share (prcoords, CC0; gcoord, MIT; eviltransform, MIT), and they reproduce the
pairs that those publish.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

# The rectangle within which the offset is applied, as published; it holds China and parts of its neighbours.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
_AXIS: Final = 6378245.0  # Krasovsky 1940: semi-major axis in metres and squared eccentricity
_ECCENTRICITY2: Final = 0.00669342162296594323
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.0060
# An inverse is repeated until a step is shorter than this (about a metre); the rest is then 4 mm for GCJ-02 and 2 cm
# for BD-09 at most. Positions in surveys were converted with this rule and stay what they are: do not tighten it.
_LAST_STEP: Final = 1e-5
_MAX_STEPS: Final = 10

Forward = Callable[[Any, Any], tuple[Any, Any]]


def in_china(lon: Any, lat: Any) -> Any:
    """Whether the offset is defined there: a bool, or an array of them."""
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def gcj_of_wgs(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """GCJ-02 of a WGS-84 position in China."""
    x, y, pi = lon - 105, lat - 35, math.pi
    # metres to the north and to the east; 105 E, 35 N lies (-100, 300) from itself
    waves = 2 * m.sin(x * 6 * pi) + 2 * m.sin(x * 2 * pi)
    root = m.sqrt(abs(x))
    north = (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root) + (
        waves + 2 * m.sin(y * pi) + 4 * m.sin(y / 3 * pi) + 16 * m.sin(y / 12 * pi) + 32 * m.sin(y / 30 * pi)
    ) * (20 / 3)
    east = (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root) + (
        waves + 2 * m.sin(x * pi) + 4 * m.sin(x / 3 * pi) + 15 * m.sin(x / 12 * pi) + 30 * m.sin(x / 30 * pi)
    ) * (20 / 3)
    # metres in a degree of latitude and of longitude on that ellipsoid
    angle = lat * (pi / 180)
    bend = 1 - _ECCENTRICITY2 * m.sin(angle) ** 2
    bend_root = m.sqrt(bend)
    per_lat = (_AXIS * (1 - _ECCENTRICITY2)) / (bend * bend_root) * (pi / 180)
    per_lon = _AXIS * m.cos(angle) / bend_root * (pi / 180)
    return lon + east / per_lon, lat + north / per_lat


def bd_of_gcj(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """BD-09 of a GCJ-02 position: a turn and a stretch about 0, 0 that wobble, and a shift."""
    x, y = _wobble(lon, lat, 1, m)
    return x + _BAIDU_LON, y + _BAIDU_LAT


def wgs_of_gcj(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """WGS-84 of a GCJ-02 position in China; within 5 mm."""
    return _inverse(lambda a, b: gcj_of_wgs(a, b, m), lon, lat, _wgs_roughly(lon, lat, m), _LAST_STEP, m)


def wgs_of_bd(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """WGS-84 of a BD-09 position in China; within 3 cm."""
    first = _wgs_roughly(*_gcj_roughly(lon, lat, m), m)
    return _inverse(lambda a, b: bd_of_gcj(*gcj_of_wgs(a, b, m), m), lon, lat, first, _LAST_STEP, m)


def gcj_of_bd(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """GCJ-02 of a BD-09 position; within a tenth of a millimetre."""
    return _inverse(lambda a, b: bd_of_gcj(a, b, m), lon, lat, _gcj_roughly(lon, lat, m), 1e-8, m)


def _wobble(x: Any, y: Any, sign: int, m: Any) -> tuple[Any, Any]:
    turn = math.pi / 180 * 3000
    radius = m.sqrt(x * x + y * y) + sign * 0.00002 * m.sin(y * turn)
    angle = m.atan2(y, x) + sign * 0.000003 * m.cos(x * turn)
    return radius * m.cos(angle), radius * m.sin(angle)


def _gcj_roughly(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    return _wobble(lon - _BAIDU_LON, lat - _BAIDU_LAT, -1, m)


def _wgs_roughly(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    there = gcj_of_wgs(lon, lat, m)
    return 2 * lon - there[0], 2 * lat - there[1]


def _inverse(forward: Forward, lon: Any, lat: Any, first: tuple[Any, Any], last_step: float, m: Any) -> tuple[Any, Any]:
    """Where ``forward`` leads to (lon, lat): step back by what it misses, each point until its own last step.

    A point that is done stays as it is, so that it comes out the same alone and in a list.
    """
    x, y = first
    going: Any = True
    for _ in range(_MAX_STEPS):
        found = forward(x, y)
        dx, dy = found[0] - lon, found[1] - lat
        x, y = x - dx * going, y - dy * going
        going = going & (m.hypot(dx, dy) > last_step)
        if not (going if m is math else going.any()):
            break
    return x, y
