"""Positions far from all the others of a list: another province, a mistyped figure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely

from barrierfree import coordinates
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Position

FAR_KM: Final = 100.0  # no sub-district, district or ordinary city is wider
_FEWEST: Final = 3  # of two positions neither is the stray one
_EARTH_KM: Final = 6371.0
_COMPARED: Final = 2000  # far positions looked at one by one; more of them are no strays


@dataclass(frozen=True, slots=True)
class Strays:
    """The rows (by index) left out, with the reason; ``remarks`` about the list as a whole."""

    outside: dict[int, str]
    remarks: list[str] = field(default_factory=list)


def strays(positions: Mapping[int, Position], definition: Definition) -> Strays:
    """The positions more than 100 km from the median of the list.

    Near the survey's area they are left out. In a list of elsewhere (or where the area is not known) only those are
    that are alone there: islands and other towns are kept, with a remark.
    """
    if not positions:
        return Strays({})
    indexes = list(positions)
    lons = np.array([p.lon for p in positions.values()])
    lats = np.array([p.lat for p in positions.values()])
    lon, lat = float(np.median(lons)), float(np.median(lats))
    distance = _km(lon, lat, lons, lats)
    far = np.flatnonzero(distance > FAR_KM)
    away = _from_area(lon, lat, definition)
    found = Strays({})
    if away is not None and away > FAR_KM:
        found.remarks.append(
            tr("清单的点位离普查区域约 {km} 公里，请确认清单和坐标系没有选错。").format(km=round(away))
        )
    if not far.size:
        return found
    if len(indexes) >= _FEWEST and far.size * 2 <= len(indexes):
        near = away is not None and away <= FAR_KM
        for at in far[:_COMPARED] if not near else far:
            if near or (_km(lons[at], lats[at], lons, lats) <= FAR_KM).sum() == 1:
                way = coordinates.direction(lon, lat, float(lons[at]), float(lats[at]))
                found.outside[indexes[at]] = tr("在其余点位{direction}约 {km} 公里处，可能是坐标写错").format(
                    direction=way, km=round(distance[at])
                )
    kept = int(far.size) - len(found.outside)
    if kept:
        found.remarks.append(tr("有 {n} 行离清单的中心 100 公里以上，附近还有别的点位，照收。").format(n=kept))
    return found


def _km(lon: float, lat: float, lons: Any, lats: Any) -> Any:
    """Distances on the sphere in kilometres, from one position to n: exact to half a percent."""
    a = np.radians(lats - lat) / 2
    b = np.radians(lons - lon) / 2
    h = np.sin(a) ** 2 + math.cos(math.radians(lat)) * np.cos(np.radians(lats)) * np.sin(b) ** 2
    return 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(h, 1.0)))


def _from_area(lon: float, lat: float, definition: Definition) -> float | None:
    """Kilometres from the middle of the survey's area; None where it has no outline."""
    if not definition.area.outline:
        return None
    middle = shapely.centroid(shapely.from_geojson(json.dumps(definition.area.outline)))
    return float(_km(lon, lat, np.array([middle.x]), np.array([middle.y]))[0])
