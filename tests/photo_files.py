"""Pictures as phones make them: JPEG, HEIC and PNG with time, offset, place and orientation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pillow_heif
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

pillow_heif.register_heif_opener()


def picture(
    path: Path, taken: str = "", *, lon: float | None = None, lat: float | None = None, offset: str = "",
    orientation: int = 1, size: tuple[int, int] = (400, 300), shade: int = 128, kind: str = "",
) -> Path:  # fmt: skip
    """A picture at ``path`` taken at ``taken`` (``2026:03:02 09:00:00``); ``shade`` makes it differ from others."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    times: dict[int, Any] = {}
    if taken:
        times[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        times[ExifTags.Base.OffsetTimeOriginal] = offset
    exif._ifds[ExifTags.IFD.Exif] = times
    if lon is not None and lat is not None:
        exif._ifds[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S", ExifTags.GPS.GPSLatitude: _sexagesimal(lat),
            ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W", ExifTags.GPS.GPSLongitude: _sexagesimal(lon),
        }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.linear_gradient("L").resize(size).point(lambda v: (v + shade) % 256)
    kind = kind or ("HEIF" if path.suffix == ".heic" else "PNG" if path.suffix == ".png" else "JPEG")
    Image.merge("RGB", [image, image.rotate(180), image]).save(path, kind, exif=exif, quality=80)
    return path


def _sexagesimal(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    seconds = round(abs(value) * 3600 * 1000)
    degrees, rest = divmod(seconds, 3600 * 1000)
    minutes, thousandths = divmod(rest, 60 * 1000)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(thousandths, 1000)
