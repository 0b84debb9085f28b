"""A list tried in every datum and order of columns: where its points would lie, for the proposal and for the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from barrierfree import coordinates
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.words import LABELS, Datum

if TYPE_CHECKING:
    from barrierfree.inventory.boundary import Boundary

Floats = NDArray[np.float64]

MAX_SAMPLE: Final = 500  # positions handed out for the map
SAME_M: Final = 1.0  # datums closer than this everywhere are one candidate
# Where numbers of a plane system can lie, in metres: east from, east to. North is 100 km to 10,000 km.
_EAST: Final = {"EPSG:4548": (1e5, 9e5), "EPSG:4527": (39.1e6, 39.9e6), "EPSG:4498": (20.1e6, 20.9e6)}
_TRIED_ALWAYS: Final = (Datum.WGS84.value, Datum.GCJ02.value, Datum.BD09.value, *_EAST)


class DatumCandidate(Model):
    """What comes out if the list is in ``datum`` (``swapped``: the first value is the latitude or the northing).

    ``inside`` of the ``tried`` points lie in the area (``None`` without one; ``share`` is their part), the rows of
    known sites lie ``median_m`` metres from them (``None`` without any). For the map: ``sample``, up to 500 positions
    (lon, lat in WGS-84; the same rows for every candidate where they can be converted), and the ``extent`` of all
    (west, south, east, north).
    """

    datum: str
    swapped: bool
    tried: int
    inside: int | None
    share: float | None
    median_m: float | None
    sample: tuple[tuple[float, float], ...]
    extent: tuple[float, float, float, float]

    @property
    def label(self) -> str:
        """The name to show, in the language in use."""
        return datum_name(self.datum, self.swapped)


def datum_name(datum: str, swapped: bool = False) -> str:
    """A datum as people call it; WGS-84 and CGCS2000 agree within a metre and are one."""
    names = {
        Datum.WGS84: "WGS-84/CGCS2000",
        Datum.CGCS2000: "WGS-84/CGCS2000",
        "EPSG:4548": tr("CGCS2000 三度带不带带号（EPSG:4548）"),
        "EPSG:4527": tr("CGCS2000 三度带 39 带（EPSG:4527）"),
        "EPSG:4498": tr("CGCS2000 六度带 20 带（EPSG:4498）"),
    }
    name = names.get(datum) or (tr(LABELS[datum]) if datum in LABELS else datum)
    return tr("两列对调的 {datum}").format(datum=name) if swapped else name


@dataclass
class Tried:
    """A list (n rows) as positions by one datum and order of columns: WGS-84 degrees, NaN where there is none."""

    datum: str
    swapped: bool
    lons: Floats
    lats: Floats
    inside: int = 0
    median_m: float = float("inf")

    @property
    def name(self) -> str:
        """The name to show, in the language in use."""
        return datum_name(self.datum, self.swapped)


def candidates_of(points: Floats, declared: str) -> list[Tried]:
    """Every datum and order of columns in which at least half the numbers are possible; what agrees is one."""
    kept: list[Tried] = []
    for datum in dict.fromkeys([declared, *_TRIED_ALWAYS] if declared else _TRIED_ALWAYS):
        for swapped in (False, True):
            x, y = points[:, int(swapped)], points[:, int(not swapped)]
            if _possible(x, y, datum).mean() < 0.5:
                continue
            lons, lats = coordinates.convert_many(x, y, datum, Datum.WGS84)
            found = np.isfinite(lons)
            if not found.any() or any(c.swapped == swapped and apart(c, lons, lats).max() < SAME_M for c in kept):
                continue
            kept.append(Tried(datum, swapped, lons, lats))
    return kept


def _possible(x: Floats, y: Floats, datum: str) -> NDArray[np.bool_]:
    if datum in _EAST:
        west, east = _EAST[datum]
        return (x >= west) & (x <= east) & (y >= 1e5) & (y <= 1e7)
    degrees = (abs(x) <= 180) & (abs(y) <= 90)
    return ~degrees if coordinates.is_plane(datum) else degrees


def apart(one: Tried, lons: Floats, lats: Floats) -> Floats:
    """Metres between the same rows by two conversions, at least one of them; not comparable is infinitely far."""
    found = np.isfinite(one.lons) & np.isfinite(lons)
    return _metres(one.lons[found], one.lats[found], lons[found], lats[found]) if found.any() else np.array([np.inf])


def _metres(lons1: Floats, lats1: Floats, lons2: Floats, lats2: Floats) -> Floats:
    """Distances on a sphere laid flat: within 1 % up to some ten kilometres, which is all that is asked here."""
    east = (lons2 - lons1) * np.cos(np.radians((lats1 + lats2) / 2))
    return np.hypot(east, lats2 - lats1) * 111_195.0  # metres in a degree of a sphere of 6,371 km


def measure(candidates: list[Tried], area: Boundary | None, known: Floats) -> None:
    """Count what lies inside ``area``; take the median distance to ``known`` (k rows of x, y, lon, lat)."""
    for one in candidates:
        if area is not None:
            one.inside = int(area.contains_many(one.lons, one.lats).sum())
        if len(known):
            first, second = known[:, int(one.swapped)], known[:, int(not one.swapped)]
            away = _metres(*coordinates.convert_many(first, second, one.datum, Datum.WGS84), known[:, 2], known[:, 3])
            one.median_m = float(np.median(np.where(np.isfinite(away), away, np.inf)))


def shown(one: Tried, tried: int, has_area: bool, n_known: int) -> DatumCandidate:
    """A candidate as it is handed out, with evenly spaced positions for the map."""
    rows = np.linspace(0, tried - 1, min(tried, MAX_SAMPLE)).astype(int)
    sample = np.column_stack([one.lons[rows], one.lats[rows]])
    return DatumCandidate(
        datum=one.datum, swapped=one.swapped, tried=tried, inside=one.inside if has_area else None,
        share=one.inside / tried if has_area else None,
        median_m=one.median_m if n_known and np.isfinite(one.median_m) else None,
        sample=tuple((lon, lat) for lon, lat in sample[np.isfinite(sample[:, 0])].tolist()),
        extent=(float(np.nanmin(one.lons)), float(np.nanmin(one.lats)), float(np.nanmax(one.lons)),
                float(np.nanmax(one.lats))),
    )  # fmt: skip
