"""Which datum are the coordinates of a list in? A proposal with its reason; a person decides, looking at the map.

Two witnesses: sites that the survey knows by name (how far from them does each datum put the rows?), and the outline of
the area (how many rows does each datum put inside?). Near Shuangjing GCJ-02 lies 546 m from WGS-84, BD-09 847 m from
GCJ-02 and 1,340 m from WGS-84 (domain.md §3), the area is some 2 km wide: names tell the datums apart at once, the
outline only if the list is meant for the area. A list that reaches beyond it may well put more points inside by a wrong
datum: of the 200 real businesses around Shuangjing, which are in GCJ-02, 59 lie inside by GCJ-02 and 89 by BD-09.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from barrierfree import coordinates
from barrierfree.coordinates import RefusedDatumError
from barrierfree.errors import CoordinateError
from barrierfree.i18n import phrased, sentences, tr
from barrierfree.inventory.datum_candidates import (
    DatumCandidate,
    Floats,
    Tried,
    apart,
    candidates_of,
    datum_name,
    measure,
    shown,
)
from barrierfree.model.definition import Model

if TYPE_CHECKING:
    from barrierfree.inventory.boundary import Boundary

MAX_TRIED: Final = 100_000  # rows looked at; of a longer list evenly spaced ones
MIN_KNOWN: Final = 3  # sites known by name below which their distance decides nothing: one may have moved
# The right datum puts a named site within 100 m (its door or its middle), a wrong one then at least 546 - 100 m from
# it: more than four times as far. Below 10 m distances are as good as equal.
KNOWN_NEAR_M: Final = 100.0
KNOWN_FACTOR: Final = 3.0
KNOWN_FLOOR_M: Final = 10.0
TIE: Final = 0.9  # the runner-up has at least this part of the best one's points inside: cannot tell
# Datums that put the rows within 5 km of one another are told apart by the outline only with some points, a lead of
# some, and if nearly all lie inside: else the list is not one of this area.
NEAR_M: Final = 5_000.0
MIN_POINTS: Final = 10
MIN_LEAD: Final = 5
MIN_SHARE: Final = 0.8
SWAP_FACTOR: Final = 2  # columns the other way round need twice the points


class DatumProposal(Model):
    """``best`` is (datum, swapped), or ``None`` for "cannot tell"; without ``sure`` it is only likely: ask.

    ``reason`` says why in words for the person who decides; ``candidates`` come best first; ``points`` rows have a
    coordinate.
    """

    best: tuple[str, bool] | None
    sure: bool
    reason: str
    candidates: tuple[DatumCandidate, ...]
    points: int


@dataclass
class _Verdict:
    """``best`` and whether it is sure; ``why`` closes the reason."""

    best: Tried | None
    sure: bool
    why: str


def propose_datum(
    xs: ArrayLike,
    ys: ArrayLike,
    *,
    area: Boundary | None,
    known: Sequence[tuple[float, float, float, float]] = (),
    hint: str = "",
    area_name: str = "",
) -> DatumProposal:
    """Propose the datum of a list, and whether its two coordinate columns are the other way round.

    ``xs``, ``ys`` (shape (n,)) are the first and second value of each row that has both; ``area`` the outline of the
    survey, called ``area_name``; ``known`` one (x, y, lon, lat) for each row with the name of exactly one known site,
    lon and lat in WGS-84; ``hint`` what the file says of itself (EPSG:n, a name, WKT). Nothing in the numbers or in the
    hint is an error: it becomes a doubt.
    """
    points = _points(xs, ys)
    declared, refusal, notes = _declared(hint)
    if not len(points):
        return DatumProposal(best=None, sure=False, reason=tr("清单里没有坐标。"), candidates=(), points=0)
    tried = points[np.linspace(0, len(points) - 1, min(len(points), MAX_TRIED)).astype(int)]
    if len(tried) < len(points):
        notes.append(tr("清单有 {n} 个点，均匀抽取了 {k} 个来计算").format(n=len(points), k=len(tried)))
    candidates = candidates_of(tried, declared)
    rows = np.array(known, dtype=np.float64).reshape(-1, 4)[:MAX_TRIED]
    measure(candidates, area, rows)
    candidates.sort(key=lambda c: (c.median_m if len(rows) >= MIN_KNOWN else 0, -c.inside))
    place = area_name or tr("调查范围")
    if refusal:
        verdict = _Verdict(None, False, refusal)
    else:
        verdict = _decide(candidates, area is not None, len(rows), place)
        verdict = _with_hint(verdict, candidates, declared, len(rows))
        if not verdict.best:
            verdict.why = sentences([verdict.why, tr("无法判断是哪一种坐标系")])
    if verdict.best:
        candidates.sort(key=lambda c: c is not verdict.best)
    notes += _figures(candidates, len(tried), area is not None, place, len(rows))
    return DatumProposal(
        best=(verdict.best.datum, verdict.best.swapped) if verdict.best else None,
        sure=verdict.sure, reason=tr("{statements}。").format(statements=sentences([*notes, verdict.why])),
        candidates=tuple(shown(c, len(tried), area is not None, len(rows)) for c in candidates), points=len(points),
    )  # fmt: skip


def _points(xs: ArrayLike, ys: ArrayLike) -> Floats:
    """The rows that have a coordinate, shape (n, 2); 0, 0 is none."""
    pairs = np.column_stack([np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)])
    kept: Floats = pairs[np.isfinite(pairs).all(axis=1) & (pairs != 0).any(axis=1)]
    return kept


def _declared(hint: str) -> tuple[str, str, list[str]]:
    """The datum the file names ('' if none), why it is refused, and what to say besides."""
    if not hint.strip():
        return "", "", []
    try:
        return coordinates.read_datum(hint), "", []
    except RefusedDatumError as error:
        return "", sentences([error.message.rstrip("。."), error.advice.rstrip("。.")]), []
    except CoordinateError as error:
        return "", "", [error.message.rstrip("。.")]


def _decide(candidates: list[Tried], has_area: bool, n_known: int, place: str) -> _Verdict:
    """What known sites say, else what the outline says, without regard to what the file says of itself."""
    if not candidates:
        return _Verdict(None, False, tr("这些数字既不像经纬度，也不像北京常用的平面坐标，请检查坐标列是否选对"))
    nearest = candidates[0] if n_known >= MIN_KNOWN else None
    if nearest and _clearly_nearest(nearest, candidates):
        return _Verdict(nearest, True, tr("同名点位说明应是 {datum}").format(datum=nearest.name))
    if not has_area:
        if len(candidates) == 1:
            why = tr("这些数字只适合 {datum}，但没有范围，也没有足够的同名点位可以核对")
            return _Verdict(candidates[0], False, why.format(datum=candidates[0].name))
        return _Verdict(None, False, tr("没有范围，也没有足够的同名点位可以核对"))
    best, doubt = _by_outline(sorted(candidates, key=lambda c: -c.inside), place)
    if best and nearest and best is not nearest:
        return _Verdict(None, False, tr("同名点位和落在范围内的点数互相矛盾"))
    if best:
        return _Verdict(best, True, tr("落在{place}内的点数说明应是 {datum}").format(place=place, datum=best.name))
    return _Verdict(None, False, doubt)


def _clearly_nearest(best: Tried, candidates: list[Tried]) -> bool:
    others = [c.median_m for c in candidates if c is not best]
    return best.median_m <= KNOWN_NEAR_M and all(m >= KNOWN_FACTOR * max(best.median_m, KNOWN_FLOOR_M) for m in others)


def _by_outline(ranked: list[Tried], place: str) -> tuple[Tried | None, str]:
    """The candidate whose points inside say so (``ranked`` by them), or ``None`` with the doubt in words."""
    best, rivals = ranked[0], ranked[1:]
    if not best.inside:
        return None, tr("按哪一种换算都没有点落在{place}内").format(place=place)
    if rivals and rivals[0].inside >= TIE * best.inside:
        return None, tr("{a} 和 {b} 的点数相差不到一成").format(a=best.name, b=rivals[0].name)
    if best.swapped and any(SWAP_FACTOR * r.inside > best.inside for r in rivals if not r.swapped):
        return None, tr("两列对调后点数只多一些")
    near = [r for r in rivals if np.median(apart(best, r.lons, r.lats)) < NEAR_M]
    if not near:
        return best, ""
    if len(best.lons) < MIN_POINTS:
        return None, tr("不到 {n} 个点，太少").format(n=MIN_POINTS)
    if best.inside - near[0].inside < MIN_LEAD:
        return None, tr("点数相差不到 {n} 个").format(n=MIN_LEAD)
    if best.inside < MIN_SHARE * len(best.lons):
        return None, tr("清单里有很多点在{place}以外，点数多少说明不了坐标系").format(place=place)
    return best, ""


def _with_hint(verdict: _Verdict, candidates: list[Tried], declared: str, n_known: int) -> _Verdict:
    """The verdict in the light of what the file says of itself: it counts if nothing contradicts it."""
    if not declared:
        return verdict
    name, best = datum_name(declared), verdict.best
    if best and best.datum == declared:
        return _Verdict(best, verdict.sure, sentences([verdict.why, tr("文件自己也写明是 {datum}").format(datum=name)]))
    said = [c for c in candidates if c.datum == declared]
    if best:
        against = tr("但文件自己写明是 {datum}，请核对").format(datum=name)
        sure = verdict.sure and (n_known >= MIN_KNOWN or not said)  # or its numbers cannot be what it says
        return _Verdict(best, sure, sentences([verdict.why, against]))
    if not said:
        why = tr("文件写明是 {datum}，但这些数字不可能是").format(datum=name)
        return _Verdict(None, False, sentences([why, verdict.why]))
    own = min(said, key=lambda c: (c.swapped, -c.inside))
    far = n_known >= MIN_KNOWN and own.median_m > KNOWN_FACTOR * max(candidates[0].median_m, KNOWN_FLOOR_M)
    if far or 2 * own.inside < max(c.inside for c in candidates):
        why = tr("文件写明是 {datum}，但换算结果与此矛盾").format(datum=name)
        return _Verdict(None, False, sentences([why, verdict.why]))
    why = tr("文件写明是 {datum}，换算结果不与此矛盾，也不能证明，请在地图上核对").format(datum=name)
    return _Verdict(own, False, sentences([verdict.why, why]))


def _figures(candidates: list[Tried], n: int, has_area: bool, place: str, n_known: int) -> list[str]:
    """The figures of the first three candidates in words."""
    said: list[str] = []
    if n_known and candidates:
        nearest = sorted(candidates, key=lambda c: c.median_m)[:3]
        parts = [tr("按 {datum} 中位相差 {m} 米").format(datum=c.name, m=round(c.median_m)) for c in nearest
                 if np.isfinite(c.median_m)]  # fmt: skip
        said.append(tr("与 {n} 个同名点位相比，{figures}").format(n=n_known, figures=phrased(parts)))
    if has_area and candidates:
        most = sorted(candidates, key=lambda c: -c.inside)[:3]
        parts = [tr("按 {datum} 有 {k} 个").format(datum=c.name, k=c.inside) for c in most]
        said.append(tr("{n} 个点换算后落在{place}内的，{figures}").format(n=n, place=place, figures=phrased(parts)))
    return said
