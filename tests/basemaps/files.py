"""Small basemap files of every kind, written by hand after the specifications, and spoilt ones."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import struct
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import brotli
import mapbox_vector_tile
from PIL import Image
from shapely.geometry import LineString

from barrierfree.basemaps.tile_grid import tile_id

Tile = tuple[int, int, int]
NONE, GZIP, BROTLI, ZSTD = 1, 2, 3, 4
_PACK: dict[int, Callable[[bytes], bytes]] = {
    NONE: bytes, GZIP: lambda content: gzip.compress(content, mtime=0), BROTLI: brotli.compress, ZSTD: bytes,
}  # fmt: skip


def picture(colour: str = "#C04020", form: str = "PNG", size: int = 256) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(made, form)
    return made.getvalue()


def shapes(layer: str = "roads", **said: Any) -> bytes:
    """A vector tile with one line across it."""
    feature = {"geometry": LineString([(0, 2048), (4096, 2048)]), "properties": {"kind": "major_road", **said}}
    return bytes(mapbox_vector_tile.encode([{"name": layer, "features": [feature]}]))


def mbtiles(path: Path, tiles: Mapping[Tile, bytes], **metadata: str) -> Path:
    """An MBTiles file; the keys of ``tiles`` count rows from the north, as the page does."""
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        sql.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        sql.execute("CREATE UNIQUE INDEX place ON tiles (zoom_level, tile_column, tile_row)")
        sql.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        rows = [(z, x, (1 << z) - 1 - y, content) for (z, x, y), content in tiles.items()]
        sql.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries (id, run, length, offset) as an unpacked directory; offsets that follow on are written as 0."""
    found, last = [varint(len(entries))], 0
    for number, *_ in entries:
        found.append(varint(number - last))
        last = number
    found += [varint(run) for _, run, _, _ in entries]
    found += [varint(length) for _, _, length, _ in entries]
    for at, (_, _, _, offset) in enumerate(entries):
        follows = at > 0 and offset == entries[at - 1][3] + entries[at - 1][2]
        found.append(varint(0 if follows else offset + 1))
    return b"".join(found)


def pmtiles(
    path: Path, tiles: Mapping[Tile, bytes], *, packing: int = NONE, inner: int = GZIP, leaf: int = 0,
    bounds: tuple[float, float, float, float] = (-180, -85, 180, 85), **metadata: str,
) -> Path:  # fmt: skip
    """A PMTiles file of version 3; with ``leaf`` that many entries lie in each leaf directory."""
    data, entries = bytearray(), []
    for place in sorted(tiles, key=lambda one: tile_id(*one)):
        content = _PACK[packing](tiles[place])
        entries.append((tile_id(*place), 1, len(content), len(data)))
        data += content
    leaves = bytearray()
    root = entries
    if leaf:
        root = []
        for at in range(0, len(entries), leaf):
            part = _PACK[inner](directory(entries[at : at + leaf]))
            root.append((entries[at][0], 0, len(part), len(leaves)))
            leaves += part
    zooms = [z for z, _, _ in tiles]
    return assembled(
        path, _PACK[inner](directory(root)), bytes(leaves), bytes(data), _PACK[inner](json.dumps(metadata).encode()),
        packing=packing, inner=inner, zooms=(min(zooms, default=0), max(zooms, default=0)), bounds=bounds,
    )  # fmt: skip


def assembled(
    path: Path, root: bytes, leaves: bytes, data: bytes, metadata: bytes, *, packing: int = NONE, inner: int = NONE,
    zooms: tuple[int, int] = (0, 0), bounds: tuple[float, float, float, float] = (-180, -85, 180, 85),
) -> Path:  # fmt: skip
    """The parts of a PMTiles file put together."""
    at = [127]
    for part in (root, metadata, leaves):
        at.append(at[-1] + len(part))
    head = struct.pack(
        "<7sB11Q6B4iB2i", b"PMTiles", 3, at[0], len(root), at[1], len(metadata), at[2], len(leaves), at[3], len(data),
        0, 0, 0, 1, inner, packing, 1, *zooms, *(round(value * 1e7) for value in bounds), 0, 0, 0,
    )  # fmt: skip
    path.write_bytes(head + root + metadata + leaves + data)
    return path
