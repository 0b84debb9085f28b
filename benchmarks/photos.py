"""What is measured of photos: taking a day's pictures in."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from PIL import ExifTags, Image

from benchmarks.line import Line
from benchmarks.place import Place

COUNT, SIZE = 12, (4000, 3000)  # 12 megapixels, what most phones take


def photos(place: Place) -> Iterator[Line]:
    """Twelve 12-megapixel photos taken in, files and facts / Pillow alone turning, shrinking and saving them."""
    folder = _pictures(place.folder / "camera")
    own, other = [], []
    for turn in range(6):
        survey = place.copy(f"photos{turn}.gpkg")
        one = float(place.run(["-m", "benchmarks.children.photos", str(survey), str(folder)]))
        bare = ["benchmarks/baselines/photos.py", str(folder), str(place.folder / f"bare{turn}")]
        two = float(place.run(bare))
        if turn:  # the first turn warms the file cache
            own.append(one)
            other.append(two)
    yield Line("photos", statistics.median(own) * 1000, "ms", statistics.median(other) * 1000, 1.3)


def _pictures(folder: Path) -> Path:
    """Pictures with the size and the noise of a phone's (3 MB each); every other one lies on its side."""
    folder.mkdir()
    shades = Image.merge("RGB", [Image.radial_gradient("L").rotate(120 * n) for n in range(3)]).resize(SIZE)
    for number in range(COUNT):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6 if number % 2 else 1
        exif[ExifTags.Base.DateTime] = f"2026:03:02 09:{number:02}:00"
        picture = Image.blend(Image.effect_noise(SIZE, 30 + number).convert("RGB"), shades, 0.8)
        picture.save(folder / f"{number:02}.jpg", quality=90, exif=exif)
    return folder
