"""The names people and files give to a datum, and why some of them are refused."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from barrierfree.errors import CoordinateError
from barrierfree.i18n import mark, tr
from barrierfree.model.words import Datum

if TYPE_CHECKING:
    from pyproj import CRS

# EPSG codes of bases without published parameters: pyproj would shift by nothing at all ("ballpark").
_REFUSED_BASES: Final = {4214: mark("北京 54"), 4555: mark("新北京 54"), 4610: mark("西安 80")}
_SPELLINGS: Final = {
    Datum.WGS84: ("wgs84", "wgs1984", "gcswgs1984", "crs84", "gps", "gps坐标", "手机定位"),
    Datum.CGCS2000: (
        "cgcs2000", "国家2000", "国家大地2000", "2000国家大地", "大地2000", "chinageodeticcoordinatesystem2000",
        "gcschinageodeticcoordinatesystem2000",
    ),
    Datum.GCJ02: ("gcj02", "gcj", "高德", "腾讯", "国测局", "火星", "amap", "tencent"),
    Datum.BD09: ("bd09", "bd09ll", "百度", "baidu"),
    Datum.GCJ02MC: ("gcj02mc",),  # not 高德墨卡托: that may be the plane of Amap's own tiles, 20 km away
    Datum.BD09MC: ("bd09mc", "bd09墨卡托", "百度墨卡托"),
}  # fmt: skip
_DATUM_OF: Final = {name: datum.value for datum, names in _SPELLINGS.items() for name in names}
_TAIL: Final = re.compile(r"(经纬度|坐标系统?|坐标|地图)+$")
_EPSG: Final = re.compile(r"epsg[:/]*(?:[\d.]*[:/]+)?(\d+)$")  # EPSG:4548, urn:ogc:def:crs:EPSG::4548, …/EPSG/0/4548
_CGCS2000: Final = re.compile("|".join(_SPELLINGS[Datum.CGCS2000][:5]))
_WIDTH: Final = re.compile(r"([36三六])(?:度|°|degree)")
_ZONE: Final = re.compile(r"zone(\d{2})|(\d{2})(?:度?带|号)|带号?(\d{2})")
_MERIDIAN: Final = re.compile(r"(?:cm|中央子午线|中央经线|经线)(\d{2,3})")
# EPSG numbers its CGCS2000 planes in order: 6 degrees by zone 13–23 and by meridian 75–135, 3 degrees by zone 25–45
# and by meridian 75–135.
_FIRST: Final = {("6", "zone"): 4491, ("6", "cm"): 4502, ("3", "zone"): 4513, ("3", "cm"): 4534}


class RefusedDatumError(CoordinateError):
    """A datum that is known and yet cannot be converted: its local parameters are not published."""


def read_datum(text: str) -> str:
    """A datum as typed or as a file names it, in its one spelling: a ``Datum`` value or ``EPSG:n``.

    ``wgs84``, ``gcj-02``, ``高德``, ``EPSG:4548``, ``CGCS2000 3度带 39带``, the text of a .prj file (WKT) … A
    ``CoordinateError`` for what is not known, a ``RefusedDatumError`` with the reason for what cannot be converted.
    """
    plain = re.sub(r"[-_\s'’,、()]", "", unicodedata.normalize("NFKC", text).lower())
    if "[" in plain:
        return _of_wkt(text)
    found = _EPSG.search(plain)
    if found:
        return _check_epsg(int(found.group(1)))
    _refuse_by_name(plain)
    known = _DATUM_OF.get(plain) or _DATUM_OF.get(_TAIL.sub("", plain)) or _plane(plain)
    if known:
        return known
    if plain.startswith("urn:ogc:def:crs:ogc") and plain.endswith("crs84"):
        return Datum.WGS84.value
    raise _unknown(text)


def is_plane(datum: str) -> bool:
    """Whether coordinates in ``datum`` (as ``read_datum`` writes it) are metres on a plane, not degrees."""
    if not datum.startswith("EPSG:"):
        return datum in (Datum.GCJ02MC, Datum.BD09MC)
    from pyproj import CRS

    return bool(CRS.from_user_input(datum).is_projected)


def _unknown(text: str) -> CoordinateError:
    return CoordinateError(
        tr("不认识坐标系“{text}”。").format(text=text if len(text) <= 60 else text[:60] + "…"),
        tr("请用 wgs84、gcj02、bd09、cgcs2000，或 EPSG:4548 这样的编号。"),
    )


def _refused(name: str) -> RefusedDatumError:
    return RefusedDatumError(
        tr("{name} 坐标不能准确换算：没有本地参数，换算只会原样照搬，位置会差几十到上百米。").format(name=tr(name)),
        _ask_for_another(),
    )


def _ask_for_another() -> str:
    return tr("请向提供方索取 CGCS2000 或 WGS-84 坐标。")


def _refuse_by_name(plain: str) -> None:
    """Refuse Beijing 54, Xi'an 80 and Beijing's local system however they are written."""
    beijing = re.search("北京|beijing|bj|京", plain)
    if "54" in plain and (beijing or re.search(r"^(p|1954|54)", plain)):
        raise _refused(_REFUSED_BASES[4555 if re.search("新|new", plain) else 4214])
    if "80" in plain and re.search("西安|xian|国家|^(19)?80", plain):
        raise _refused(_REFUSED_BASES[4610])
    if beijing and re.search("地方|独立|城市|local|2000", _CGCS2000.sub("", plain)):
        raise RefusedDatumError(tr("北京地方坐标不能换算：它的参数不公开。"), _ask_for_another())


def _plane(plain: str) -> str:
    """The EPSG code of a CGCS2000 plane given by width and zone or central meridian; '' if it is none."""
    named = _CGCS2000.search(plain)
    if not named:
        return ""
    rest = plain[: named.start()] + " " + plain[named.end() :]  # the digits of 2000 are no zone
    width, zone, meridian = _WIDTH.search(rest), _ZONE.search(rest), _MERIDIAN.search(rest)
    given = {"三": "3", "六": "6"}.get(width.group(1), width.group(1)) if width else ""
    if zone:
        number = int(next(g for g in zone.groups() if g))
        degrees = "6" if 13 <= number <= 23 else "3" if 25 <= number <= 45 else ""
        if degrees and given in ("", degrees):
            return f"EPSG:{_FIRST[degrees, 'zone'] + number - (13 if degrees == '6' else 25)}"
    elif meridian:
        given = given or "3"  # about the same meridian both widths give the same numbers
        degrees_east, step = int(meridian.group(1)), int(given)
        if 75 <= degrees_east <= 135 and (degrees_east - 75) % step == 0:
            return f"EPSG:{_FIRST[given, 'cm'] + (degrees_east - 75) // step}"
    return ""


def _of_wkt(text: str) -> str:
    from pyproj import CRS  # where it is needed: the window must come fast

    try:
        crs = CRS.from_wkt(text)
    except Exception:
        raise _unknown(text) from None
    code = crs.to_epsg(min_confidence=25)
    if code is not None:
        return _check_epsg(code)
    base = crs.geodetic_crs
    _refuse_base(base)
    _refuse_by_name(re.sub(r"[-_\s']", "", (base.name if base else "").lower()))
    raise _unknown(crs.name)


def _check_epsg(code: int) -> str:
    from pyproj import CRS

    try:
        crs = CRS.from_epsg(code)
        usable = crs.is_projected or crs.is_geographic
    except Exception:
        usable = False
    if not usable:
        raise CoordinateError(
            tr("没有编号为 EPSG:{code} 的坐标系。").format(code=code),
            tr("北京常用 EPSG:4548、EPSG:4527（CGCS2000 三度带）或 EPSG:4498（六度带）。"),
        )
    base = crs.geodetic_crs
    _refuse_base(base)
    if not crs.is_projected and base is not None:
        known = {4490: Datum.CGCS2000, 4326: Datum.WGS84}.get(base.to_epsg() or 0)
        if known:
            return known.value
    return f"EPSG:{code}"


def _refuse_base(base: CRS | None) -> None:
    """Refuse what rests on Beijing 54 or Xi'an 80, geographic or plane, in any zone."""
    number = base.to_epsg(min_confidence=25) if base else None
    if number in _REFUSED_BASES:
        raise _refused(_REFUSED_BASES[number])
