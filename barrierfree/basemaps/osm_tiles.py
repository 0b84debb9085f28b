"""Cuts the shapes of an extract into vector tiles and writes them as an MBTiles file."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import mapbox_vector_tile
import numpy as np
import shapely
from mapbox_vector_tile.encoder import on_invalid_geometry_make_valid

from barrierfree.basemaps.osm_extract import Extract, Step
from barrierfree.basemaps.tile_grid import tile_range

MIN_ZOOM: Final = 10  # from here on a district fits on a screen
MAX_ZOOM: Final = 15  # a unit of a tile is 0.3 m there; the page draws nearer zooms from these tiles
ATTRIBUTION: Final = "© OpenStreetMap contributors"  # ODbL 1.0, §4.3; osm.org/copyright
_EXTENT: Final = 4096  # units of a tile's side
_MARGIN: Final = 128  # units drawn beyond the edge, so that lines and names do not end there
_FINE, _COARSE = 1.0, 8.0  # units that a line may be moved by: at the nearest zoom, and below (half a pixel)
_LEAST_AREA: Final = 1024.0  # square units (2 × 2 px): smaller areas are left out below the nearest zoom
_SMALL_LAYERS: Final = frozenset({"buildings", "landuse", "water"})


def write_tiles(extract: Extract, target: Path, name: str, step: Step) -> int:
    """Write ``extract`` as vector tiles to ``target`` (a new file), zooms 10 to 15; how many tiles there are.

    Raises OSError where the disk does not take them.
    """
    try:
        with closing(sqlite3.connect(target)) as sql:
            return _write(sql, extract, name, step)
    except sqlite3.Error as error:
        raise OSError(0, str(error)) from error


def _write(sql: sqlite3.Connection, extract: Extract, name: str, step: Step) -> int:
    shapes = np.array(extract.shapes, dtype=object)
    first = np.array([drawn.first_zoom for drawn in extract.drawn])
    small = np.array([drawn.layer in _SMALL_LAYERS for drawn in extract.drawn])
    ranges = {z: tile_range(z, extract.bounds) for z in range(MIN_ZOOM, MAX_ZOOM + 1)}
    total = sum((x1 - x0 + 1) * (y1 - y0 + 1) for x0, x1, y0, y1 in ranges.values())
    done = written = 0
    _begin(sql, extract, name)
    for z, (x0, x1, y0, y1) in ranges.items():
        chosen = np.flatnonzero(first <= z)
        unit = 1.0 / (_EXTENT << z)
        at_zoom = shapely.simplify(shapes[chosen], unit * (_FINE if z == MAX_ZOOM else _COARSE))
        if z < MAX_ZOOM and len(chosen):
            seen = ~(small[chosen] & (shapely.area(at_zoom) < _LEAST_AREA * unit * unit))
            chosen, at_zoom = chosen[seen], at_zoom[seen]
        tree = shapely.STRtree(at_zoom)
        for x in range(x0, x1 + 1):
            for y in range(y0, y1 + 1):
                step(done, total)
                done += 1
                content = _tile(extract, chosen, at_zoom, tree, (z, x, y))
                if content:
                    row = (z, x, (1 << z) - 1 - y, gzip.compress(content, 6, mtime=0))
                    sql.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", row)
                    written += 1
    sql.commit()
    return written


def _begin(sql: sqlite3.Connection, extract: Extract, name: str) -> None:
    sql.execute("PRAGMA journal_mode = OFF")  # an unfinished file is thrown away
    sql.execute("PRAGMA synchronous = OFF")
    sql.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    sql.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    sql.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
    layers = sorted({drawn.layer for drawn in extract.drawn})
    facts = {
        "name": name, "format": "pbf", "type": "baselayer", "version": "1", "attribution": ATTRIBUTION,
        "minzoom": str(MIN_ZOOM), "maxzoom": str(MAX_ZOOM), "bounds": ",".join(f"{v:.6f}" for v in extract.bounds),
        "json": json.dumps({"vector_layers": [{"id": one, "fields": {"kind": "String"}} for one in layers]}),
    }  # fmt: skip
    sql.executemany("INSERT INTO metadata VALUES (?, ?)", facts.items())


def _tile(extract: Extract, chosen: Any, shapes: Any, tree: shapely.STRtree, tile: tuple[int, int, int]) -> bytes:
    """One tile as MVT; empty where nothing lies."""
    z, x, y = tile
    side, margin = 1.0 / (1 << z), _MARGIN / (_EXTENT << z)
    box = (x * side - margin, y * side - margin, (x + 1) * side + margin, (y + 1) * side + margin)
    hit = np.sort(tree.query(shapely.box(*box)))
    if not len(hit):
        return b""
    cut = shapely.clip_by_rect(shapes[hit], *box)
    origin = np.array([x * side, y * side])
    placed = shapely.transform(cut, lambda at: np.rint((at - origin) * (_EXTENT / side)))
    layers: dict[str, list[dict[str, Any]]] = {}
    for shape, at in zip(placed, chosen[hit], strict=True):
        drawn = extract.drawn[at]
        for part in _simple(shape, drawn.layer):
            said = {"kind": drawn.kind, **({"kind_detail": drawn.detail} if drawn.detail else {}), **extract.names[at]}
            layers.setdefault(drawn.layer, []).append({"geometry": part, "properties": said})
    if not layers:
        return b""
    content = [{"name": name, "features": features} for name, features in layers.items()]
    options = {
        "y_coord_down": True, "extents": _EXTENT, "on_invalid_geometry": on_invalid_geometry_make_valid
    }  # fmt: skip
    return bytes(mapbox_vector_tile.encode(content, default_options=options))


def _simple(shape: Any, layer: str) -> list[Any]:
    """The parts of a cut shape that can be drawn: what became a point or line at an edge is left out."""
    if shape.is_empty:
        return []
    if shape.geom_type == "GeometryCollection":
        return [part for one in shape.geoms for part in _simple(one, layer)]
    flat = shape.geom_type in ("Polygon", "MultiPolygon")
    if (flat and shape.area < 1) or (shape.geom_type.endswith("LineString") and shape.length < 1):
        return []
    if layer == "buildings" and not flat:
        return []
    return [shape]
