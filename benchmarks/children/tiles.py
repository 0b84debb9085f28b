"""All tiles of a basemap in the order given, by our reader: arguments file, list; prints seconds per tile."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from barrierfree.basemaps import open_basemap


def main() -> None:
    asked = json.loads(Path(sys.argv[2]).read_text())
    basemap = open_basemap(Path(sys.argv[1]))
    for z, x, y, _, _ in asked[:200]:  # warm, as the baseline
        basemap.tile(z, x, y)
    begun = time.perf_counter()
    found = sum(len(basemap.tile(z, x, y) or b"") > 0 for z, x, y, _, _ in asked)
    seconds = time.perf_counter() - begun
    basemap.close()
    if found != len(asked):
        raise SystemExit(f"{found} of {len(asked)} tiles")
    print(seconds / len(asked))


if __name__ == "__main__":
    main()
