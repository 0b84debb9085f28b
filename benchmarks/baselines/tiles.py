"""Tiles read barely: arguments file, list; a select, or seek, read and gunzip; prints seconds per tile."""

import gzip
import json
import sqlite3
import sys
import time
from pathlib import Path

asked = json.loads(Path(sys.argv[2]).read_text())
path = Path(sys.argv[1])
query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
sql = sqlite3.connect(path) if path.suffix == ".mbtiles" else None
file = path.open("rb")


def read(z: int, x: int, y: int, at: int, size: int) -> bytes:
    if sql is not None:
        return bytes(sql.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()[0])
    file.seek(at)
    return gzip.decompress(file.read(size))


for one in asked[:200]:
    read(*one)
begun = time.perf_counter()
for one in asked:
    read(*one)
print((time.perf_counter() - begun) / len(asked))
