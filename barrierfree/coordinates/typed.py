"""Coordinates as people type and paste them: decimal or in degrees, minutes and seconds, in either order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from barrierfree import errors
from barrierfree.coordinates.conversion import convert
from barrierfree.coordinates.names import is_plane
from barrierfree.errors import CoordinateError
from barrierfree.i18n import tr
from barrierfree.model.words import Datum

# West, south, east, north of where a survey of China can lie, in degrees: the rectangle of the published GCJ-02
# formula (``shifts``) without its margin at sea.
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_AXES: Final = {"东经": "E", "西经": "W", "北纬": "N", "南纬": "S", "经度": "E", "纬度": "N"}
_NUMBER: Final = r"[+-]?\d+(?:\.\d+)?"
_PART: Final = re.compile(
    rf"(?P<before>[NSEW])?\s*[:=]?\s*(?P<degrees>{_NUMBER})\s*(?:[°度]\s*"
    r"(?:(?P<minutes>\d+(?:\.\d+)?)\s*['′’分]\s*)?(?:(?P<seconds>\d+(?:\.\d+)?)\s*(?:[\"″”秒]|''|′′)?\s*)?)?"
    r"(?(before)|(?P<after>[NSEW](?![A-Z]))?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Typed:
    """Two numbers in the order of their datum (longitude, latitude; east, north in metres).

    ``swapped``: they were typed the other way round, which nothing but their size says.
    """

    x: float
    y: float
    swapped: bool = False


def read_coordinates(text: str, datum: str) -> Typed:
    """What somebody typed as one position in ``datum`` (a ``Datum`` or ``EPSG:n``).

    ``116.461, 39.895`` · ``39.895 116.461`` · ``116°27'42"E 39°53'42"N`` · ``北纬39.895 东经116.461`` · two plane
    coordinates. A ``CoordinateError`` says what cannot be understood.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for word, letter in _AXES.items():
        plain = plain.replace(word, letter)
    rest = _PART.sub(" ", plain)
    found = list(_PART.finditer(plain))
    if len(found) != 2 or re.sub(r"[\s,;、()/|]", "", rest):
        raise CoordinateError(
            tr("看不懂位置“{text}”。").format(text=text.strip()),
            tr("请写“经度, 纬度”，例如 116.4610, 39.8950，或 116°27'42\"E 39°53'42\"N。"),
        )
    one, other = (_value(match, text) for match in found)
    letters = [(match["before"] or match["after"] or "").upper() for match in found]
    if any(letters):
        return _by_letters(one, other, letters, text)
    if not _plausible(one, other, datum) and _plausible(other, one, datum):
        return Typed(other, one, swapped=True)
    return Typed(one, other)


def _value(match: re.Match[str], text: str) -> float:
    degrees = float(match["degrees"])
    minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError(
            tr("“{text}”里的分或秒大于 59。").format(text=text.strip()), tr("请检查度、分、秒，例如 116°27'42\"E。")
        )
    size = abs(degrees) + minutes / 60 + seconds / 3600
    letter = (match["before"] or match["after"] or "").upper()
    return -size if degrees < 0 or match["degrees"].startswith("-") or letter in ("W", "S") else size


def _by_letters(one: float, other: float, letters: list[str], text: str) -> Typed:
    """N, S, E, W say which is which; that is no guess."""
    kinds = ["y" if letter in ("N", "S") else "x" if letter else "" for letter in letters]
    if kinds[0] == kinds[1]:
        raise CoordinateError(
            tr("“{text}”里两个数是同一个方向的。").format(text=text.strip()), tr("请写一个经度（E）和一个纬度（N）。")
        )
    return Typed(other, one) if "y" in kinds[:1] or kinds[1] == "x" else Typed(one, other)


def _plausible(x: float, y: float, datum: str) -> bool:
    """Whether these numbers, in this order, lie where a survey of China can lie."""
    west, south, east, north = _CHINA
    try:
        lon, lat = convert(x, y, datum, Datum.WGS84) if is_plane(datum) else (x, y)
    except errors.BarrierFreeError:
        return False
    return west <= lon <= east and south <= lat <= north
