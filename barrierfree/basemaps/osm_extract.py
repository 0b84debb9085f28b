"""Reads an OSM extract (.osm, .osm.pbf, .osm.bz2) with pyosmium: what lies in an area, as shapes of our basemap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from barrierfree.basemaps.basemap import LIMIT_LATITUDE, Bounds, tidy_bounds
from barrierfree.basemaps.opening import file_kind
from barrierfree.basemaps.osm_classes import Drawn, Tags, classify, is_area, label_of, names_of
from barrierfree.errors import BasemapError
from barrierfree.i18n import tr

Step = Callable[[int, int], None]  # (done, all); may raise to stop

_EVERY: Final = 2000  # objects between two reports
_AREA_KEYS: Final = (
    "building", "natural", "landuse", "leisure", "amenity", "waterway", "highway", "place", "public_transport", "shop",
    "tourism",
)  # fmt: skip
MAX_SHAPES: Final = 2_000_000  # an inner city with all its houses has some 500,000
MAX_DEGREES: Final = 1.5  # a side of the area, about 130 km: a whole city with its counties


@dataclass
class Extract:
    """The shapes of an area: geometry in the square map (0 to 1, y to the south), how it is drawn, its names."""

    bounds: Bounds
    shapes: list[BaseGeometry] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    names: list[dict[str, str]] = field(default_factory=list)

    def add(self, shape: BaseGeometry, drawn: Drawn, names: dict[str, str]) -> None:
        """Take in a shape in WGS-84 degrees."""
        self.shapes.append(shape)
        self.drawn.append(drawn)
        self.names.append(names)


def read_extract(path: Path, area: Bounds | None, step: Step) -> Extract:
    """What of the extract lies in ``area`` (WGS-84 degrees), or all of it without one.

    Raises ``BasemapError`` for damaged files, areas that are too large, and extracts of another place; what ``step``
    raises ends the reading.
    """
    try:
        bounds = _bounds(path, area)
        extract = Extract(bounds)
        for number, thing in enumerate(_things(path)):
            if number % _EVERY == 0:
                step(number, 0)
            _take(extract, thing)
            if len(extract.shapes) > MAX_SHAPES:
                raise _too_large(path)
    except (RuntimeError, ValueError) as error:  # pyosmium's words for what it cannot parse
        raise BasemapError(
            tr("OSM 摘录“{name}”读到一半出错，文件可能不完整。").format(name=path.name),
            tr("请重新下载这个摘录后再添加。"),
        ) from error
    if not extract.shapes:
        raise BasemapError(
            tr("OSM 摘录“{name}”里没有本普查范围内的道路、建筑或地名。").format(name=path.name),
            tr("请选择包含本普查范围的摘录；位置不对时，请检查清单的坐标系。"),
        )
    extract.shapes = list(shapely.transform(np.array(extract.shapes, dtype=object), _projected))
    return extract


def _things(path: Path) -> Iterable[Any]:
    """All objects with tags; closed lines and multipolygons also as areas."""
    file = osmium.io.File(str(path), file_kind(path))
    tagged, areas = osmium.filter.EmptyTagFilter(), osmium.filter.KeyFilter(*_AREA_KEYS)
    return osmium.FileProcessor(file).with_areas(areas).with_filter(tagged)


def _bounds(path: Path, area: Bounds | None) -> Bounds:
    """What is read: the area asked for, or what the file says, or what its nodes cover."""
    if area is None:
        with osmium.io.Reader(osmium.io.File(str(path), file_kind(path))) as reader:
            box = reader.header().box()
        if box.valid():
            area = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
        else:
            area = _bounds_of_nodes(path)
    area = tidy_bounds(area)
    if max(area[2] - area[0], area[3] - area[1]) > MAX_DEGREES:
        raise _too_large(path)
    return area


def _bounds_of_nodes(path: Path) -> Bounds:
    nodes: Iterable[Any] = osmium.FileProcessor(osmium.io.File(str(path), file_kind(path)), osmium.osm.NODE)
    west, south, east, north = 181.0, 91.0, -181.0, -91.0
    for node in nodes:
        if node.location.valid():
            lon, lat = node.location.lon, node.location.lat
            west, south, east, north = min(west, lon), min(south, lat), max(east, lon), max(north, lat)
    return west, south, east, north


def _too_large(path: Path) -> BasemapError:
    return BasemapError(
        tr("OSM 摘录“{name}”的范围太大。").format(name=path.name),
        tr("请先导入设施清单，底图就只取普查范围；或下载小一些的摘录，例如一个区。"),
    )


def _take(extract: Extract, thing: Any) -> None:
    tags: Tags = dict(thing.tags)
    if thing.is_node():
        if thing.location.valid():
            _take_point(extract, thing.location.lon, thing.location.lat, tags)
    elif thing.is_way():
        closed = thing.is_closed()
        if closed and is_area(tags):
            return  # comes as an area
        for drawn in classify(tags, "line"):
            for shape in _lines(thing, extract.bounds):
                extract.add(shape, drawn, names_of(tags))
    elif thing.is_area() and (not thing.from_way() or is_area(tags)):
        _take_area(extract, thing, tags)


def _take_point(extract: Extract, lon: float, lat: float, tags: Tags) -> None:
    west, south, east, north = extract.bounds
    if west <= lon <= east and south <= lat <= north:
        for drawn in classify(tags, "point"):
            extract.add(shapely.Point(lon, lat), drawn, names_of(tags))


def _take_area(extract: Extract, thing: Any, tags: Tags) -> None:
    found, label = classify(tags, "area"), label_of(tags)
    if not found and label is None:
        return
    polygons = []
    for outer in thing.outer_rings():
        shell = _positions(outer)
        holes = [ring for ring in map(_positions, thing.inner_rings(outer)) if len(ring) > 3]
        if len(shell) > 3 and _touches(shell, extract.bounds):
            polygons.append(shapely.Polygon(shell, holes))
    if not polygons:
        return
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if not whole.is_valid:
        whole = whole.buffer(0)
        if whole.is_empty:
            return
    for drawn in found:
        extract.add(whole, drawn, {})
    if label is not None:
        point = whole.representative_point()
        west, south, east, north = extract.bounds
        if west <= point.x <= east and south <= point.y <= north:
            extract.add(point, label, names_of(tags))


def _lines(way: Any, bounds: Bounds) -> list[BaseGeometry]:
    """The line of a way; several where an extract was cut and nodes are missing."""
    parts: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            parts[-1].append((node.location.lon, node.location.lat))
        elif parts[-1]:
            parts.append([])
    return [shapely.LineString(part) for part in parts if len(part) > 1 and _touches(part, bounds)]


def _positions(ring: Any) -> list[tuple[float, float]]:
    return [(node.lon, node.lat) for node in ring if node.location.valid()]


def _touches(positions: list[tuple[float, float]], bounds: Bounds) -> bool:
    """Whether the box of ``positions`` meets ``bounds``."""
    west, south, east, north = bounds
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south


def _projected(positions: Any) -> Any:
    """Degrees as places in the square map; see ``tile_grid.place``."""
    lat = np.clip(positions[:, 1], -LIMIT_LATITUDE, LIMIT_LATITUDE)
    return np.column_stack(
        ((positions[:, 0] + 180.0) / 360.0, (1.0 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2.0)
    )
