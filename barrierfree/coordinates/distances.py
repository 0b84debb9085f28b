"""How far one WGS-84 position is from another, and in which direction."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from barrierfree.i18n import tr

if TYPE_CHECKING:
    from pyproj import Geod


@lru_cache(maxsize=1)
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The distance of two WGS-84 positions in metres, on the ellipsoid."""
    return float(_geod().inv(lon1, lat1, lon2, lat2)[2])


def direction(lon1: float, lat1: float, lon2: float, lat2: float) -> str:
    """The direction from the first WGS-84 position to the second in words: one of eight."""
    azimuth = float(_geod().inv(lon1, lat1, lon2, lat2)[0]) % 360
    names = (tr("北"), tr("东北"), tr("东"), tr("东南"), tr("南"), tr("西南"), tr("西"), tr("西北"))
    return names[round(azimuth / 45) % 8]


def moved(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """The WGS-84 position so many metres east (west: negative) and north of another one, along the geodesic."""
    azimuth = math.degrees(math.atan2(east_m, north_m))
    found = _geod().fwd(lon, lat, azimuth, math.hypot(east_m, north_m))
    return float(found[0]), float(found[1])
