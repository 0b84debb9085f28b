"""Reads MBTiles 1.3 (https://github.com/mapbox/mbtiles-spec): an SQLite file of tiles, rows counted from the south."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from barrierfree.basemaps import refusals
from barrierfree.basemaps.basemap import MAX_ZOOM, BasemapInfo, Bounds, plain, tidy_bounds
from barrierfree.basemaps.described import described
from barrierfree.basemaps.tile_grid import bounds_of_tiles
from barrierfree.basemaps.unpacking import MAX_TILE, Unpackable, unpack_seen
from barrierfree.errors import BasemapError
from barrierfree.i18n import tr

_SECONDS: Final = 5.0  # a query that takes longer is none of a basemap's (a view without end, no index)
_STEPS: Final = 100_000  # instructions of SQLite between two looks at the clock
_TILE: Final = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"


class MbTiles:
    """An open MBTiles file, read only; locked, so that any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._until = 0.0
        try:
            self._sql = sqlite3.connect(
                path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise refusals.damaged(path, tr("文件打不开。")) from error
        try:
            self._guard()
            self.info = self._describe()
        except sqlite3.Error as error:
            self._sql.close()
            raise self._refused(error) from error
        except BaseException:
            self._sql.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """One tile, unpacked; None where there is none. Raises ``BasemapError``."""
        if not self.info.min_zoom <= z <= self.info.max_zoom:
            return None
        with self._lock:
            self._until = time.monotonic() + _SECONDS
            try:
                row = self._sql.execute(_TILE, (z, x, (1 << z) - 1 - y)).fetchone()
            except sqlite3.Error as error:
                raise self._refused(error) from error
        if row is None or not isinstance(row[0], bytes) or not row[0]:
            return None
        return self._unpacked(row[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._sql.close()

    def _guard(self) -> None:
        """The file is a stranger's: no functions from its schema, no endless queries, no value beyond a tile's size."""
        self._sql.execute("PRAGMA trusted_schema = OFF")
        self._sql.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TILE)
        self._until = time.monotonic() + _SECONDS
        self._sql.set_progress_handler(lambda: int(time.monotonic() > self._until), _STEPS)

    def _describe(self) -> BasemapInfo:
        names = {str(row[0]) for row in self._sql.execute("SELECT name FROM sqlite_master LIMIT 1000")}
        if "gpkg_contents" in names:
            raise BasemapError(
                tr("“{name}”是 GeoPackage（普查文件就是这种格式），不是底图。").format(name=self._path.name),
                tr("请选择底图文件：MBTiles、PMTiles，或 OSM 摘录（.osm、.osm.pbf）。"),
            )
        if "tiles" not in names:
            raise BasemapError(
                tr("“{name}”是一个数据库，但里面没有瓦片表，不是 MBTiles 底图。").format(name=self._path.name),
                tr("请选择底图文件：MBTiles、PMTiles，或 OSM 摘录（.osm、.osm.pbf）。"),
            )
        zooms = self._sql.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        if not isinstance(zooms[0], int) or not 0 <= zooms[0] <= zooms[1] <= MAX_ZOOM:
            raise refusals.without_tiles(self._path)
        said = self._metadata() if "metadata" in names else {}
        found = self._sql.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND length(tile_data) > 0 LIMIT 1", (zooms[1],)
        ).fetchone()
        if found is None or not isinstance(found[0], bytes):
            raise refusals.without_tiles(self._path)
        bounds = _bounds(said.get("bounds")) or self._bounds_of_tiles(zooms[1])
        known = described(
            self._path, self._unpacked(found[0]), name=plain(said.get("name")), zooms=(zooms[0], zooms[1]),
            bounds=bounds, attribution=plain(said.get("attribution")),
        )  # fmt: skip
        if said.get("format") and known.kind == "raster" and said["format"] in ("pbf", "mvt"):
            raise refusals.tiles_unknown(self._path)
        return known

    def _metadata(self) -> Mapping[str, Any]:
        with suppress(sqlite3.Error):  # without it the tiles can still be shown
            rows = self._sql.execute("SELECT name, substr(value, 1, 20000) FROM metadata LIMIT 1000")
            return {str(name): value for name, value in rows if isinstance(value, str)}
        return {}

    def _bounds_of_tiles(self, z: int) -> Bounds | None:
        """What the tiles of the nearest zoom cover, where the file does not say."""
        with suppress(sqlite3.Error, TypeError):
            x0, x1, y0, y1 = self._sql.execute(
                "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row) FROM tiles"
                " WHERE zoom_level = ?",
                (z,),
            ).fetchone()
            last = (1 << z) - 1
            return bounds_of_tiles(z, int(x0), int(x1), last - int(y1), last - int(y0))
        return None

    def _unpacked(self, content: bytes) -> bytes:
        try:
            return unpack_seen(content)
        except Unpackable as error:
            raise refusals.damaged(self._path, tr("有瓦片损坏，解不开。")) from error

    def _refused(self, error: sqlite3.Error) -> BasemapError:
        if "interrupted" in str(error):
            return refusals.damaged(self._path, tr("读取一块瓦片就用了太久，文件没有索引或不是底图。"))
        return refusals.damaged(self._path, tr("数据库已损坏或不完整。"))


def _bounds(text: object) -> Bounds | None:
    """ "west,south,east,north" as numbers."""
    parts = text.split(",") if isinstance(text, str) else []
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    return tidy_bounds((west, south, east, north))
