"""Converts coordinates, one or a whole list, from one datum to another.

GCJ-02 and BD-09 by the published formulas (``shifts``), Baidu's plane by ``mercator``, everything called ``EPSG:n``
by pyproj from the EPSG database. One point and a list go through the same formula (``m`` is math or numpy).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from barrierfree.coordinates import mercator, shifts
from barrierfree.errors import CoordinateError
from barrierfree.i18n import tr
from barrierfree.model.records import Position
from barrierfree.model.words import Datum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Transformer

    Floats = NDArray[np.float64]

# Metres. CGCS2000 agrees with WGS-84 to better than a metre; EPSG calls the transformation "ballpark". The others: how
# well the inverse of the published formula is met.
ACCURACY_M: Final = {
    Datum.WGS84: 0.0,
    Datum.CGCS2000: 1.0,
    Datum.GCJ02: 0.01,
    Datum.BD09: 0.05,
    Datum.GCJ02MC: 0.01,
    Datum.BD09MC: 0.05,
}
_DEGREES_OF: Final[dict[str, str]] = {Datum.GCJ02MC: Datum.GCJ02, Datum.BD09MC: Datum.BD09}
_MAX_PLANE: Final = 1e8  # metres: above every easting with a zone in front (45,500,000)
_SHIFTED: Final = (Datum.GCJ02, Datum.BD09)


def convert(x: float, y: float, source: str, target: str) -> tuple[float, float]:
    """(x, y) in ``source`` as (x, y) in ``target``.

    Degrees are longitude, latitude; plane coordinates are east, north in metres. Outside the rectangle in which the
    offset is defined GCJ-02 and BD-09 are WGS-84. ``CoordinateError`` for what cannot be converted.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        raise CoordinateError(tr("坐标不是数字。"), tr("请填写经度和纬度的数值。"))
    if not _possible(x, y, source):
        if source in _DEGREES_OF or source.startswith("EPSG:"):
            raise _outside(x, y, source)
        raise CoordinateError(
            tr("经度 {x}、纬度 {y} 超出范围。").format(x=x, y=y),
            tr("请检查经度、纬度是否写反；若是以米为单位的平面坐标，请选相应的坐标系。"),
        )
    found_x, found_y = _between(x, y, source, target, math)
    if not (math.isfinite(found_x) and math.isfinite(found_y)):
        raise _outside(x, y, source if source.startswith("EPSG:") else target)
    return float(found_x), float(found_y)


def convert_many(xs: ArrayLike, ys: ArrayLike, source: str, target: str) -> tuple[Floats, Floats]:
    """``convert`` for a list: two arrays of shape (n,) in, two new ones out; NaN where a point cannot be converted.

    The same to the last figures as ``convert`` point by point.
    """
    import numpy as np

    x, y = np.array(xs, dtype=np.float64), np.array(ys, dtype=np.float64)  # copies
    bad = ~(np.isfinite(x) & np.isfinite(y) & _possible(x, y, source))
    x[bad] = y[bad] = np.nan
    found_x, found_y = _between(x, y, source, target, np)
    bad |= ~(np.isfinite(found_x) & np.isfinite(found_y))
    return np.where(bad, np.nan, found_x), np.where(bad, np.nan, found_y)


def position(x: float, y: float, datum: str) -> Position:
    """A position from a coordinate as given; refuses what cannot lie on the earth."""
    lon, lat = convert(x, y, datum, Datum.WGS84)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CoordinateError(
            tr("坐标 {x}, {y} 不在地球上。").format(x=x, y=y),
            tr("请检查经度、纬度是否写反，坐标系是否选对。"),
        )
    return Position(lon=round(lon, 9), lat=round(lat, 9), given_x=x, given_y=y, datum=datum)


def positions(xs: ArrayLike, ys: ArrayLike, datum: str) -> list[Position | None]:
    """``position`` for a list of n coordinates; ``None`` where ``position`` would refuse (ask it for the reason)."""
    import numpy as np

    given_x, given_y = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
    lons, lats = convert_many(given_x, given_y, datum, Datum.WGS84)
    on_earth = (abs(lons) <= 180) & (abs(lats) <= 90)
    rows = zip(given_x.tolist(), given_y.tolist(), lons.tolist(), lats.tolist(), on_earth.tolist(), strict=True)
    return [Position(round(lon, 9), round(lat, 9), x, y, datum) if good else None for x, y, lon, lat, good in rows]


def accuracy_m(datum: str) -> float:
    """How exact a conversion from ``datum`` to WGS-84 is, in metres."""
    return ACCURACY_M[Datum(datum)] if datum in set(Datum) else 1.0


def _outside(x: float, y: float, datum: str) -> CoordinateError:
    return CoordinateError(
        tr("坐标 {x}, {y} 不在 {datum} 的范围里。").format(x=x, y=y, datum=datum),
        tr("请检查坐标系，以及东、北坐标是否写反。"),
    )


def _possible(x: Any, y: Any, datum: str) -> Any:
    """Whether these can be numbers of ``datum`` (a bool, or an array of them); of EPSG systems pyproj knows more."""
    if datum.startswith("EPSG:"):
        return (abs(x) <= _MAX_PLANE) & (abs(y) <= _MAX_PLANE)
    if datum in _DEGREES_OF:
        return (abs(x) <= mercator.MAX_EAST) & (abs(y) <= mercator.MAX_NORTH)
    return (abs(x) <= 180) & (abs(y) <= 90)


def _between(x: Any, y: Any, source: str, target: str, m: Any) -> tuple[Any, Any]:
    if source == target:
        return x, y
    if source in _DEGREES_OF:
        x, y = mercator.degrees(x, y, m)
    here, there = (_DEGREES_OF.get(d, d) for d in (source, target))
    if here != there:
        if here in _SHIFTED and there in _SHIFTED:  # not by way of WGS-84: nothing is lost
            x, y = _in_china(shifts.gcj_of_bd if here == Datum.BD09 else shifts.bd_of_gcj, x, y, m)
        else:
            x, y = _from_wgs84(*_to_wgs84(x, y, here, m), there, m)
    return mercator.plane(x, y, m) if target in _DEGREES_OF else (x, y)


def _to_wgs84(x: Any, y: Any, datum: str, m: Any) -> tuple[Any, Any]:
    if datum.startswith("EPSG:"):
        return _transformer(datum, "EPSG:4326").transform(x, y)
    if datum in _SHIFTED:
        return _in_china(shifts.wgs_of_gcj if datum == Datum.GCJ02 else shifts.wgs_of_bd, x, y, m)
    return x, y


def _from_wgs84(lon: Any, lat: Any, datum: str, m: Any) -> tuple[Any, Any]:
    if datum.startswith("EPSG:"):
        return _transformer("EPSG:4326", datum).transform(lon, lat)
    if datum == Datum.GCJ02:
        return _in_china(shifts.gcj_of_wgs, lon, lat, m)
    if datum == Datum.BD09:
        return _in_china(lambda a, b, m: shifts.bd_of_gcj(*shifts.gcj_of_wgs(a, b, m), m), lon, lat, m)
    return lon, lat


def _in_china(step: Callable[[Any, Any, Any], tuple[Any, Any]], x: Any, y: Any, m: Any) -> tuple[Any, Any]:
    """``step`` where the offset is defined, no change elsewhere."""
    inside = shifts.in_china(x, y)
    if m is math:
        return step(x, y, m) if inside else (x, y)
    out_x, out_y = x.copy(), y.copy()
    out_x[inside], out_y[inside] = step(x[inside], y[inside], m)
    return out_x, out_y


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer  # where it is needed: the window must come fast

    return Transformer.from_crs(source, target, always_xy=True)
