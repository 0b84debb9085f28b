"""What is written in a coordinate cell: numbers, degrees and minutes, two coordinates in one cell."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr

_SIMPLE: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_SIGNS_KEPT: Final = str.maketrans({"º": "°", "˚": "°", "″": '"', "´": "'"})  # which NFKC would take apart
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_ANGLES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"([+-]?){_NUMBER}°(?:{_NUMBER}'(?:{_NUMBER}\"?)?)?",
        rf"([+-]?){_NUMBER}:{_NUMBER}(?::{_NUMBER})?",
        rf"([+-]?){_NUMBER}[ -]{_NUMBER}(?:[ -]{_NUMBER})?",
        rf"([+-]?){_NUMBER}()()",
    )
)
_SIGNS: Final = str.maketrans({
    "º": "°", "˚": "°", "度": "°", "′": "'", "’": "'", "‘": "'", "分": "'", "`": "'", "´": "'", "″": '"', "”": '"',
    "“": '"', "秒": '"', "−": "-", "–": "-",
})  # fmt: skip
# Words for an axis, put as its letter; 度 must not be read as the mark of degrees before that.
_AXES: Final = (
    ("E", ("经度", "东经", "LONGITUDE", "LONG", "LNG", "LON")), ("W", ("西经",)),
    ("N", ("纬度", "北纬", "LATITUDE", "LAT")), ("S", ("南纬",)),
)  # fmt: skip
_LETTER: Final = {word: letter for letter, words in _AXES for word in words}
_WORDS: Final = re.compile("|".join(sorted(_LETTER, key=len, reverse=True)))
_QUOTED: Final = re.compile(r'"([EWNS])"(?=\s*:)')
_POINT: Final = re.compile(r"(?:SRID=\d+;)?\s*POINT\s*(?:ZM|Z|M)?\s*\(([^()]*)\)")
_BEFORE: Final = re.compile(r"[EWNS][^EWNS]+")
_BEHIND: Final = re.compile(r"[^EWNS]+[EWNS]")
_CHINA: Final = ((73.0, 136.0), (3.0, 54.0))  # degrees of longitude and latitude within which China lies


class Place(NamedTuple):
    """A coordinate as given: east (longitude), north (latitude); ``turned`` where it was written north first."""

    x: float
    y: float
    turned: bool


def number(text: str) -> float | None:
    """A plain number (full-width digits, exponent, thousands marks); None for all else, ``nan`` and ``inf`` too."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip()
    if _SIMPLE.fullmatch(text):
        return float(text)
    return float(text.replace(",", "")) if _THOUSANDS.fullmatch(text) else None


def _folded(text: str) -> str:
    """Half-width capitals with one sign for each mark, and E, W, N, S for the words of the axes."""
    text = _WORDS.sub(
        lambda found: _LETTER[found[0]], unicodedata.normalize("NFKC", text.translate(_SIGNS_KEPT)).upper()
    )
    return _QUOTED.sub(r"\1", text.translate(_SIGNS).replace("''", '"')).strip()


def _angle(text: str) -> tuple[float, str] | None:
    """Decimal degrees (or any number) and the axis that is written with it: E, N or ''. ``text`` is folded."""
    axis = ""
    text = text.strip(" ()[]")
    if text[:1] in ("E", "W", "N", "S"):
        axis, text = text[0], text[1:].strip(" :=")
    elif text[-1:] in ("E", "W", "N", "S"):
        axis, text = text[-1], text[:-1].strip()
    sign = -1.0 if axis in ("W", "S") else 1.0
    axis = {"W": "E", "S": "N"}.get(axis, axis)
    if _SIMPLE.fullmatch(text):
        return sign * float(text), axis
    squeezed = re.sub(r"\s*([°'\":])\s*", r"\1", text)
    for pattern in _ANGLES:
        found = pattern.fullmatch(squeezed)
        if found:
            minus, degrees, minutes, seconds = found.groups()
            m, s = float(minutes or 0), float(seconds or 0)
            if m >= 60 or s >= 60 or (s and m % 1) or ((m or s) and float(degrees) % 1):
                return None
            value = float(degrees) + m / 60 + s / 3600
            return (-sign if minus == "-" else sign) * value, axis
    return (float(text.replace(",", "")), axis) if _THOUSANDS.fullmatch(text) else None


def angle(text: str) -> float | None:
    """A number, or degrees as written (``116°27'42"E``, ``东经116度27分42秒``, ``116.46E``); None if neither."""
    plain = number(text)
    if plain is not None:
        return plain
    found = _angle(_folded(text))
    return found[0] if found else None


def pair(text: str) -> Place | None:
    """Two coordinates in one cell: ``116.46,39.89``, ``POINT(116.46 39.89)``, ``39°53'24"N 116°27'42"E`` …

    East first unless the letters say otherwise; four numbers apart by spaces are a point of ODK: latitude first.
    None where the text is no pair.
    """
    text = _folded(text)
    point = _POINT.fullmatch(text)
    if point:
        text = ",".join(point[1].split())
    text = text.strip("()[]{} ")
    numbers = text.split()
    if len(numbers) == 4 and all(_SIMPLE.fullmatch(n) for n in numbers):
        return Place(float(numbers[1]), float(numbers[0]), True)
    for parts in _parts(text):
        found = [_angle(part) for part in parts]
        first, second = found[0], found[1]
        if first is None or second is None or (first[1] and first[1] == second[1]):
            continue
        if first[1] == "N" or second[1] == "E":
            return Place(second[0], first[0], True)
        return Place(first[0], second[0], False)
    return None


def _parts(text: str) -> list[list[str]]:
    """The ways to divide a cell into two coordinates, the surest first."""
    ways = []
    for pattern in (r"[,;、|/，]\s*", r"\s+"):
        parts = [p for p in re.split(pattern, text) if p]
        if len(parts) == 2 or (len(parts) == 3 and all(_SIMPLE.fullmatch(p) for p in parts)):
            ways.append(parts[:2])
    letters = _BEFORE if text[:1] in ("E", "W", "N", "S") else _BEHIND
    lettered = [p.strip(" ,;") for p in letters.findall(text)]
    return [*ways, lettered] if len(lettered) == 2 else ways


def place(lon: str, lat: str, both: str, *, degrees: bool) -> Place | None:
    """The coordinate of a row: from its two cells, or from one that holds both; None where nothing is given.

    ``degrees``: the datum is in degrees, so that a latitude where the longitude should be can be told within China;
    such a one is ``turned``. ``InventoryError`` says what cannot be read.
    """
    if lon and lat:
        x, y = number(lon), number(lat)
        if x is None or y is None:
            return _turned(_lettered(lon, lat), degrees)
        return _turned(Place(x, y, False), degrees)
    given = lon or lat or both
    if not given:
        return None
    found = pair(given)
    if found is None:
        if (lon or lat) and angle(given) is not None:
            missing = (
                tr("只有经度（东坐标），没有纬度（北坐标）") if lon else tr("只有纬度（北坐标），没有经度（东坐标）")
            )
            raise InventoryError(missing, "")
        raise InventoryError(tr("坐标“{text}”不是数字").format(text=given), "")
    return _turned(found, degrees)


def _lettered(lon: str, lat: str) -> Place:
    east, north = _angle(_folded(lon)), _angle(_folded(lat))
    if east is None or north is None:
        found = pair(lon)
        if found is None or not (north is None or abs(north[0] - found.y) < 1e-6):
            raise InventoryError(tr("坐标“{x}，{y}”不是数字").format(x=lon, y=lat), "")
        return found
    if east[1] == "N" or north[1] == "E":
        return Place(north[0], east[0], True)
    return Place(east[0], north[0], False)


def _turned(found: Place, degrees: bool) -> Place:
    (west, right), (south, top) = _CHINA
    if degrees and south <= found.x <= top and west <= found.y <= right:
        return Place(found.y, found.x, True)
    return found
