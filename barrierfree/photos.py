"""Takes pictures in: EXIF time and place, upright, shrunk, hashed; JPEG, PNG, WebP, HEIC."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pillow_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from barrierfree.errors import PhotoError
from barrierfree.i18n import tr
from barrierfree.model.records import Photo

LONG_SIDE: Final = 1600  # pixels kept: enough to read a tape measure in the picture
MAX_PIXELS: Final = 120_000_000  # more than any phone camera; beyond that Pillow would need gigabytes
MAX_BYTES: Final = 100 * 1024 * 1024
_QUALITY: Final = 88
_PRINT_QUALITY: Final = 72  # as good on paper, half the bytes

pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class TakenPhoto:
    """A picture ready to be kept: its record and the bytes of its file."""

    photo: Photo
    content: bytes


def take(path: Path) -> TakenPhoto:
    """Read the picture at ``path``. Raises ``PhotoError`` that says why it cannot be used."""
    path = Path(path)
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise PhotoError(
            tr("读不了照片“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否存在，或把照片先复制到电脑上。"),
        ) from error
    if raw is None:
        raise PhotoError(tr("照片“{name}”超过 100 MB。").format(name=path.name), tr("请先缩小再添加。"))
    if not raw:
        raise PhotoError(
            tr("照片“{name}”是空文件（0 字节）。").format(name=path.name), tr("请从手机重新复制这张照片。")
        )
    return take_bytes(raw, path.name)


def take_bytes(raw: bytes, name: str) -> TakenPhoto:
    """The same for a picture that is in memory (pasted, or from a camera)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of damaged EXIF, which is read as far as it goes
        try:
            with Image.open(io.BytesIO(raw)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PhotoError(
                        tr("照片“{name}”有 {n} 亿像素，太大。").format(
                            name=name, n=round(image.width * image.height / 1e8, 1)
                        ),
                        tr("请先缩小再添加。"),
                    )
                exif = _exif(image)
                return _kept(image, raw, name, exif)
        except PhotoError:
            raise
        except Image.DecompressionBombError as error:
            raise PhotoError(
                tr("照片“{name}”的像素太多，无法打开。").format(name=name), tr("请先缩小再添加。")
            ) from error
        except UnidentifiedImageError as error:
            raise PhotoError(
                tr("“{name}”不是照片，或格式不受支持。").format(name=name),
                tr("请选择 JPEG、PNG、WebP 或 HEIC 图片。"),
            ) from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise PhotoError(
                tr("照片“{name}”已损坏：{reason}。").format(name=name, reason=error),
                tr("请从手机重新复制这张照片，或重拍一张。"),
            ) from error


def _kept(image: Image.Image, raw: bytes, name: str, exif: dict[str, Any]) -> TakenPhoto:
    turned = exif["orientation"] not in (0, 1)
    as_it_is = image.format == "JPEG" and not turned and max(image.size) <= LONG_SIDE
    if as_it_is:
        image.load()  # a truncated picture shows itself only now
        content, size = raw, image.size
    else:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=_QUALITY, exif=_small_exif(exif))
        content, size = out.getvalue(), upright.size
    photo = Photo(
        sha256=hashlib.sha256(content).hexdigest(), suffix=".jpg", width=size[0], height=size[1],
        taken_at=exif["taken_at"], lon=exif["lon"], lat=exif["lat"], name=name,
    )  # fmt: skip
    return TakenPhoto(photo, content)


def _exif(image: Image.Image) -> dict[str, Any]:
    """Orientation, time and place as far as the EXIF block can be read."""
    found: dict[str, Any] = {"orientation": 1, "taken_at": "", "lon": None, "lat": None}
    try:
        exif = image.getexif()
        found["orientation"] = int(exif.get(ExifTags.Base.Orientation, 1) or 1)
        times = exif.get_ifd(ExifTags.IFD.Exif)
        taken = str(times.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "")
        found["taken_at"] = _iso(taken)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        found["lon"] = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
        found["lat"] = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
        if found["lon"] is None or found["lat"] is None:
            found["lon"] = found["lat"] = None
    except Exception:  # damaged EXIF must never cost the picture
        pass
    return found


def _iso(text: str) -> str:
    """``2026:03:02 09:00:00`` as ``2026-03-02T09:00:00``; '' if it is not a time."""
    parts = text.strip("\x00 ").split(" ")
    if len(parts) != 2 or len(parts[0]) != 10 or not parts[0][:4].isdigit() or parts[0].startswith("0000"):
        return ""
    return f"{parts[0].replace(':', '-')}T{parts[1]}"


def _degrees(gps: dict[int, Any], tag: int, reference: int, negative: str, limit: float) -> float | None:
    value = gps.get(tag)
    if not value:
        return None
    degrees, minutes, seconds = (float(v) for v in value)
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= limit or (found == 0 and not gps.get(reference)):
        return None
    return -found if str(gps.get(reference, "")).upper().startswith(negative) else found


def _small_exif(found: dict[str, Any]) -> Image.Exif:
    """Time only: the place is kept in the survey, so that a photo handed on does not carry it."""
    exif = Image.Exif()
    if found["taken_at"]:
        exif[ExifTags.Base.DateTime] = found["taken_at"].replace("T", " ").replace("-", ":")
    return exif


def shrunk(path: Path, side: int) -> bytes:
    """A kept photo for paper or a cell, as JPEG with no side longer than ``side`` pixels and nothing of its EXIF.

    Raises ``PhotoError`` if it is not there or damaged.
    """
    try:
        with Image.open(path) as image:
            image.draft("RGB", (side, side))  # a JPEG is decoded at a half, quarter or eighth of its size
            image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=_PRINT_QUALITY, optimize=True)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError) as error:
        raise PhotoError(
            tr("照片“{name}”读不出来。").format(name=path.name), tr("请用“检查”看看普查文件和照片是否完好。")
        ) from error
