"""What is measured of basemaps: reading the tiles of a file of 3,600."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from barrierfree.basemaps.tile_grid import tile_id
from benchmarks.line import Line
from benchmarks.place import Place

ZOOM, SIDE = 14, 60  # 3,600 tiles of one zoom: a district
LEAF = 600  # entries in a leaf directory
Tile = tuple[int, int, int]


def tiles(place: Place) -> Iterator[Line]:
    """A tile of a 3,600-tile MBTiles and PMTiles file / the bare select, the bare seek, read and gunzip."""
    asked = place.folder / "asked.json"
    places = [(ZOOM, 13400 + n % SIDE, 6200 + n // SIDE) for n in range(SIDE * SIDE)]
    for name, file, offsets in (
        ("tiles_mbtiles", _mbtiles(place.folder / "tiles.mbtiles", places), {}),
        ("tiles_pmtiles", *_pmtiles(place.folder / "tiles.pmtiles", places)),
    ):
        order = random.Random(1).sample(places, len(places))
        asked.write_text(json.dumps([[*one, *offsets.get(one, (0, 0))] for one in order]))
        bare = ["benchmarks/baselines/tiles.py", str(file), str(asked)]
        ours, other = place.alternate(["-m", "benchmarks.children.tiles", str(file), str(asked)], bare, rounds=7)
        yield Line(name, ours * 1e6, "µs", other * 1e6, 2)


def _picture(seed: int) -> bytes:
    """A picture of some 6 KB, as a simple street map has."""
    made = Image.effect_noise((256, 256), 20 + seed % 20).quantize(4)
    out = io.BytesIO()
    made.crop((0, 0, 256, 100)).resize((256, 256)).save(out, "PNG")
    return out.getvalue()


def _mbtiles(path: Path, places: list[Tile]) -> Path:
    pictures = [_picture(seed) for seed in range(20)]
    sql = sqlite3.connect(path)
    sql.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
    sql.execute("CREATE UNIQUE INDEX place ON tiles (zoom_level, tile_column, tile_row)")
    rows = ((z, x, (1 << z) - 1 - y, pictures[(x + y) % 20]) for z, x, y in places)
    sql.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    sql.commit()
    sql.close()
    return path


def _pmtiles(path: Path, places: list[Tile]) -> tuple[Path, dict[Tile, tuple[int, int]]]:
    """Vector tiles of some 10 KB, packed; and where each lies in the file."""
    chance, data, entries, found = random.Random(2), bytearray(), [], {}
    words = [struct.pack("<I", chance.randrange(1 << 32)) for _ in range(400)]
    for one in sorted(places, key=lambda at: tile_id(*at)):
        keys = b"".join(b"\x1a\x04" + chance.choice(words) for _ in range(4000))  # names of what is said of features
        layer = b"\x0a\x05roads" + keys
        packed = gzip.compress(b"\x1a" + _varint(len(layer)) + layer, 6, mtime=0)
        entries.append((tile_id(*one), 1, len(packed), len(data)))
        found[one] = (len(data), len(packed))
        data += packed
    leaves, root = bytearray(), []
    for at in range(0, len(entries), LEAF):
        part = gzip.compress(_directory(entries[at : at + LEAF]))
        root.append((entries[at][0], 0, len(part), len(leaves)))
        leaves += part
    top, told = gzip.compress(_directory(root)), gzip.compress(b"{}")
    begin = 127 + len(top) + len(told) + len(leaves)
    head = struct.pack(
        "<7sB11Q6B4iB2i", b"PMTiles", 3, 127, len(top), 127 + len(top), len(told), 127 + len(top) + len(told),
        len(leaves), begin, len(data), 0, 0, 0, 1, 2, 2, 1, ZOOM, ZOOM, 0, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    path.write_bytes(head + top + told + bytes(leaves) + bytes(data))
    return path, {one: (begin + offset, size) for one, (offset, size) in found.items()}


def _directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    numbers = [len(entries)]
    numbers += [entry[0] - before for entry, before in zip(entries, [0, *(e[0] for e in entries)], strict=False)]
    numbers += [entry[1] for entry in entries] + [entry[2] for entry in entries] + [entry[3] + 1 for entry in entries]
    return b"".join(map(_varint, numbers))


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
