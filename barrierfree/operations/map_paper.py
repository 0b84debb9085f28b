"""A map on paper: which part of the world at which scale, what is on it, and in which words that is counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from barrierfree import coordinates
from barrierfree.errors import ReportError
from barrierfree.i18n import paragraph, sentences, tr
from barrierfree.model.definition import Model
from barrierfree.model.words import STATUS_ORDER, Status
from barrierfree.store import MapContent, SiteFilter, Store

PAPERS: Final = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}  # mm, ISO 216, upright
MARGIN_MM: Final = 10.0
MOST_SITES: Final = 4000  # drawn one by one: on A3 a glyph of 3 mm each covers a third of the map
MOST_NAMED: Final = 60  # named by numbers with a list
_RATIOS: Final = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 7.5, 8, 9)  # × 10^k: the scales that maps have
_PIXEL_MM: Final = 25.4 / 96  # a CSS pixel
Box = tuple[float, float, float, float]
Frame = tuple[float, float, float, float]  # left, top, width, height in mm


@dataclass(frozen=True)
class Projection:
    """Web Mercator on paper: ``west``, ``north`` in parts of the world's width lie at the frame's left, top.

    ``mm`` is the world's width on paper; ``ratio`` n of the scale 1 : n in the middle of the frame.
    """

    frame: Frame
    west: float
    north: float
    mm: float
    ratio: float

    @classmethod
    def fit(cls, box: Box, frame: Frame) -> Projection:
        """The box (WGS-84 degrees) in the middle of the frame, at the next usual scale that shows all of it."""
        left, bottom = _world(box[0], box[1])
        right, top = _world(box[2], box[3])
        middle = ((left + right) / 2, (top + bottom) / 2)
        lon, lat = _degrees(*middle)
        metres = coordinates.distance_m(lon - 0.0005, lat, lon + 0.0005, lat) * 360_000  # of the world's width there
        most = min(frame[2] / max(right - left, 1e-9), frame[3] / max(bottom - top, 1e-9))
        ratio = _usual(max(metres * 1000 / most, 200.0))
        mm = metres * 1000 / ratio
        return cls(frame, middle[0] - frame[2] / 2 / mm, middle[1] - frame[3] / 2 / mm, mm, ratio)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a WGS-84 position is on the paper, in mm."""
        x, y = _world(lon, lat)
        return self.at(x, y)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The same for parts of the world's width."""
        return self.frame[0] + (x - self.west) * self.mm, self.frame[1] + (y - self.north) * self.mm

    @property
    def box(self) -> Box:
        """What the frame shows, in WGS-84 degrees."""
        west, north = _degrees(self.west, self.north)
        east, south = _degrees(self.west + self.frame[2] / self.mm, self.north + self.frame[3] / self.mm)
        return west, south, east, north

    @property
    def zoom(self) -> float:
        """The zoom of a web map whose pixels are as large as on a screen."""
        return math.log2(self.mm / (256 * _PIXEL_MM))

    def bar(self, most_mm: float = 50.0) -> tuple[int, float]:
        """The scale bar: metres (1, 2 or 5 × 10^k) and how long that is on the paper in mm, at most ``most_mm``."""
        most = most_mm * self.ratio / 1000
        power = 10 ** math.floor(math.log10(most))
        metres = next(n * power for n in (5, 2, 1) if n * power <= most)
        return round(metres), metres * 1000 / self.ratio


class MapWanted(Model):
    """What is printed: the ``view`` (a box), the whole area or a ``community``; ``conditions`` say the filter."""

    title: str
    paper: Literal["A4", "A3"] = "A4"
    landscape: bool = True
    dpi: int = 300
    what: Literal["view", "all", "community"] = "view"
    view: Box | None = None
    community: str = ""
    filter: SiteFilter = SiteFilter()
    conditions: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in mm."""
        short, long = PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)


@dataclass(frozen=True)
class PaperMap:
    """What is on the paper. ``counts``: sites in the frame by state, worst first; ``named``: (id, name, state)."""

    wanted: MapWanted
    projection: Projection
    content: MapContent
    counts: dict[Status, int]
    named: tuple[tuple[str, str, Status], ...]
    count_text: str
    rule_text: str
    date: str
    sample: bool


def box_of(store: Store, wanted: MapWanted) -> Box:
    """West, south, east, north of what is to be seen. A ``ReportError`` if there is nothing."""
    found: Box | None = wanted.view
    if wanted.what == "all":
        outline = store.definition().area.outline
        extents = [extent for extent in (_outline_box(outline), store.extent()) if extent]
        found = _union(extents) if extents else None
    elif wanted.what == "community":
        found = store.map_extent((-180.0, -90.0, 180.0, 90.0), SiteFilter(community=wanted.community))
    if found is None:
        raise ReportError(tr("没有可以打印的范围：这里没有带位置的点位。"), tr("换一个范围，或先给点位补上位置。"))
    return _widened(found) if wanted.what != "view" else found


def paper_map(store: Store, wanted: MapWanted, projection: Projection) -> PaperMap:
    """Everything that is on the map: up to ``MOST_SITES`` sites one by one, more as clusters."""
    asked = wanted.filter
    if wanted.what == "community":
        asked = asked.model_copy(update={"community": wanted.community})
    content = store.map_view(projection.box, projection.zoom, asked, MOST_SITES)
    counts: Counter[Status] = Counter(Status(site[4]) for site in content.sites)
    for cluster in _inside(content, projection):
        counts.update({Status(s): n for s, n in zip(content.states, cluster[5:], strict=True) if n})
    shown = counts.total()
    parts = [tr("图上 {n} 个点位").format(n=f"{shown:,}")]
    if content.matching != content.total:
        parts.append(tr("符合筛选的共 {n} 个").format(n=f"{content.matching:,}"))
    parts.append(tr("有位置的共 {n} 个").format(n=f"{content.total:,}"))
    bare = store.find_sites(SiteFilter(without_position=True), 1).total
    if bare:
        parts.append(tr("另有 {n} 个没有位置，不在图上").format(n=f"{bare:,}"))
    rule = tr("一个点位计一次，状态取其中最需要处理的；已合并的不计，清单里已没有的仍画出。")
    if content.clusters:
        rule = paragraph((rule, tr("圆圈里的数字是那一处的点位数。")))
    sites = sorted(content.sites, key=lambda site: (-site[3], site[2]))
    few = 0 < len(sites) <= MOST_NAMED
    return PaperMap(
        wanted, projection, content, {s: counts[s] for s in STATUS_ORDER if counts[s]},
        tuple((site[0], site[1], Status(site[4])) for site in sites) if few else (),
        tr("{text}。").format(text=sentences(parts)), rule, store.clock().date().isoformat(),
        store.definition().sample,
    )  # fmt: skip


def _inside(content: MapContent, projection: Projection) -> list[tuple[int, ...]]:
    """The clusters whose middle is in the frame: a cell reaches beyond it."""
    left, top, width, height = projection.frame
    found = []
    for cluster in content.clusters:
        x, y = projection.at(*middle_of(cluster))
        if left <= x <= left + width and top <= y <= top + height:
            found.append(cluster)
    return found


def middle_of(cluster: Sequence[int]) -> tuple[float, float]:
    """Where the middle of a cluster's sites lies, in parts of the world's width."""
    return cluster[3] / cluster[2] / 2**30, cluster[4] / cluster[2] / 2**30


def _outline_box(part: object) -> Box | None:
    """The box of a GeoJSON geometry; None without points."""
    points: list[tuple[float, float]] = []

    def walk(inner: object) -> None:
        if isinstance(inner, (list, tuple)) and inner:
            if isinstance(inner[0], (int, float)):
                points.append((float(inner[0]), float(inner[1])))
            else:
                for one in inner:
                    walk(one)

    walk(part.get("coordinates") if isinstance(part, dict) else None)
    if not points:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _union(boxes: Sequence[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _widened(box: Box) -> Box:
    """With some room around, at least 100 m."""
    up = max((box[3] - box[1]) * 0.03, 0.0005)
    across = max((box[2] - box[0]) * 0.03, 0.0005)
    return box[0] - across, box[1] - up, box[2] + across, box[3] + up


def _usual(ratio: float) -> float:
    power = 10.0 ** math.floor(math.log10(ratio))
    return next(n * power for n in (*_RATIOS, 10) if n * power >= ratio * 0.999999)


def _world(lon: float, lat: float) -> tuple[float, float]:
    sine = math.sin(math.radians(lat))
    return lon / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def _degrees(x: float, y: float) -> tuple[float, float]:
    return (x - 0.5) * 360, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
