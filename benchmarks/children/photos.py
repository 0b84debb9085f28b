"""Takes all photos of a folder in beside a survey: arguments survey, folder; prints seconds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from barrierfree import photos
from barrierfree.operations import pictures
from barrierfree.store import Store


def main(survey: str, folder: str) -> None:
    files = sorted(Path(folder).glob("*.jpg"))
    with Store.open(Path(survey), device="bench") as store:
        begun = time.perf_counter()
        kept = pictures.keep_pictures(store, files)
        store.add_photos(kept.photos, person="p")
        seconds = time.perf_counter() - begun
        if len(kept.photos) != len(files) or any(max(p.width, p.height) != photos.LONG_SIDE for p in kept.photos):
            raise SystemExit("every photo must be taken in and shrunk")
    print(seconds, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
