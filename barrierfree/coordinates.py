"""Converts a coordinate from one datum to another and says how exact that is.

GCJ-02 and BD-09 by the published formula (prcoords, whose iterated inverse is exact to millimetres, BD-09 to
about 2 cm); CGCS2000 plane zones by pyproj from the EPSG database.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from barrierfree.errors import CoordinateError
from barrierfree.i18n import tr
from barrierfree.model.records import Position
from barrierfree.model.words import Datum

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

# CGCS2000 agrees with WGS-84 to better than a metre; EPSG calls the transformation "ballpark".
ACCURACY_M: Final = {Datum.WGS84: 0.0, Datum.CGCS2000: 1.0, Datum.GCJ02: 0.01, Datum.BD09: 0.05}
# EPSG codes of Beijing 54 and Xi'an 80 bases: without local parameters pyproj shifts by nothing at all.
_REFUSED_BASES: Final = {"4214": "北京 54", "4610": "西安 80"}
_CHINA: Final = (
    72.0,
    138.0,
    0.8,
    56.0,
)  # degrees within which the GCJ-02 offset is defined (published formula)


def read_datum(text: str) -> str:
    """A datum as typed (``wgs84``, ``gcj-02``, ``EPSG:4548`` …) in its one spelling."""
    plain = text.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    for datum in Datum:
        if plain == datum.value:
            return datum.value
    if plain.startswith("epsg:") and plain[5:].isdigit():
        return _check_epsg(int(plain[5:]))
    raise CoordinateError(
        tr("不认识坐标系“{text}”。").format(text=text),
        tr("请用 wgs84、gcj02、bd09、cgcs2000，或 EPSG:4548 这样的编号。"),
    )


def _check_epsg(code: int) -> str:
    from pyproj import CRS  # pyproj and prcoords are imported where they are needed: the window must come fast

    try:
        crs = CRS.from_epsg(code)
    except Exception:
        raise CoordinateError(
            tr("没有编号为 EPSG:{code} 的坐标系。").format(code=code),
            tr("北京常用 EPSG:4548、EPSG:4527（CGCS2000 三度带）或 EPSG:4498（六度带）。"),
        ) from None
    base = crs.geodetic_crs
    number = str(base.to_epsg()) if base else ""
    if number in _REFUSED_BASES:
        raise CoordinateError(
            tr("{name}坐标不能准确换算：没有本地参数，换算只会原样照搬，位置会差几十到上百米。").format(
                name=_REFUSED_BASES[number]
            ),
            tr("请向提供方索取 CGCS2000 或 WGS-84 坐标。"),
        )
    if number == "4490" and not crs.is_projected:
        return Datum.CGCS2000.value
    if number == "4326" and not crs.is_projected:
        return Datum.WGS84.value
    return f"EPSG:{code}"


def convert(x: float, y: float, source: str, target: str) -> tuple[float, float]:
    """(x, y) in ``source`` as (x, y) in ``target``.

    Degrees are longitude, latitude; plane coordinates are east, north in metres.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        raise CoordinateError(tr("坐标不是数字。"), tr("请填写经度和纬度的数值。"))
    lon, lat = _to_wgs84(x, y, source)
    return _from_wgs84(lon, lat, target)


def position(x: float, y: float, datum: str) -> Position:
    """A position from a coordinate as given; refuses what cannot lie on the earth."""
    lon, lat = convert(x, y, datum, Datum.WGS84)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CoordinateError(
            tr("坐标 {x}, {y} 不在地球上。").format(x=x, y=y),
            tr("请检查经度、纬度是否写反，坐标系是否选对。"),
        )
    return Position(lon=round(lon, 9), lat=round(lat, 9), given_x=x, given_y=y, datum=datum)


def _to_wgs84(x: float, y: float, datum: str) -> tuple[float, float]:
    if datum.startswith("EPSG:"):
        lon, lat = _transformer(datum, "EPSG:4326").transform(x, y)
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise CoordinateError(
                tr("坐标 {x}, {y} 不在 {datum} 的范围里。").format(x=x, y=y, datum=datum),
                tr("请检查坐标系，以及东、北坐标是否写反。"),
            )
        return float(lon), float(lat)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise CoordinateError(
            tr("经度 {x}、纬度 {y} 超出范围。").format(x=x, y=y),
            tr("请检查经度、纬度是否写反；若是以米为单位的平面坐标，请选相应的坐标系。"),
        )
    if datum in (Datum.GCJ02, Datum.BD09) and _in_china(x, y):
        import prcoords

        inverse = prcoords.gcj_wgs_bored if datum == Datum.GCJ02 else prcoords.bd_wgs_bored
        found = inverse(prcoords.Coords(y, x))
        return float(found.lon), float(found.lat)
    return x, y


def _from_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    if datum.startswith("EPSG:"):
        x, y = _transformer("EPSG:4326", datum).transform(lon, lat)
        return float(x), float(y)
    if datum in (Datum.GCJ02, Datum.BD09) and _in_china(lon, lat):
        import prcoords

        forward = prcoords.wgs_gcj if datum == Datum.GCJ02 else prcoords.wgs_bd
        found = forward(prcoords.Coords(lat, lon))
        return float(found.lon), float(found.lat)
    return lon, lat


def _in_china(lon: float, lat: float) -> bool:
    west, east, south, north = _CHINA
    return west <= lon <= east and south <= lat <= north


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


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


def accuracy_m(datum: str) -> float:
    """How exact a conversion from ``datum`` to WGS-84 is, in metres."""
    return ACCURACY_M[Datum(datum)] if datum in set(Datum) else 1.0
