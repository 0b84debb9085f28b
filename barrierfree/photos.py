"""Takes pictures in: EXIF time and place, upright, shrunk, hashed; JPEG, PNG, WebP, HEIC."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import pillow_heif
from PIL import ExifTags, Image, UnidentifiedImageError

from barrierfree.errors import PhotoError
from barrierfree.i18n import tr
from barrierfree.model.records import Photo

T = TypeVar("T")

LONG_SIDE: Final = 1600  # pixels kept: enough to read a tape measure in the picture
MAX_PIXELS: Final = 120_000_000  # more than any phone camera; beyond that Pillow would need gigabytes
MAX_BYTES: Final = 100 * 1024 * 1024
SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
_QUALITY: Final = 88
_FORMATS: Final = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp", "HEIF": ".heic"}
# EXIF 2.32 (CIPA DC-008), tag 0x0112: what has to be done so that the picture stands upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
# ``2026:03:02 09:00:00``; some cameras add a fraction, an offset, or write the date with other signs.
_TIME: Final = re.compile(
    r"(\d{4})[:./-](\d\d)[:./-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_OFFSET: Final = re.compile(r"[+-]\d\d:\d\d")
_PRINT_QUALITY: Final = 72  # as good on paper, half the bytes

pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class TakenPhoto:
    """A picture ready to be kept: its record, the bytes of its file, and those it came as ('' if not asked for)."""

    photo: Photo
    content: bytes
    original: bytes = b""


@dataclass(frozen=True)
class Seen:
    """What a picture says of itself without being taken in. ``taken_at`` as in ``Photo``; ``sha256`` of the file.

    ``error_m``: how far off the phone says that the place may be, in metres; None where it does not say.
    """

    sha256: str
    taken_at: str
    lon: float | None
    lat: float | None
    error_m: float | None = None


@dataclass(frozen=True)
class _Exif:
    orientation: int = 1
    taken_at: str = ""
    lon: float | None = None
    lat: float | None = None
    error_m: float | None = None


def take(path: Path, *, keep_original: bool = False) -> TakenPhoto:
    """Read the picture at ``path``. Raises ``PhotoError`` that says why it cannot be used."""
    return take_bytes(_bytes(path), Path(path).name, keep_original=keep_original)


def take_bytes(raw: bytes, name: str, *, keep_original: bool = False) -> TakenPhoto:
    """The same for a picture that is in memory (pasted, or from a camera).

    With ``keep_original`` the bytes it came as are to be kept beside it, where they are not the same anyway.
    """
    return _opened(raw, name, lambda image: _kept(image, raw, name, keep_original))


def look(path: Path) -> Seen:
    """Time, place and hash of the picture at ``path``, which is not decoded. Raises ``PhotoError``."""
    raw = _bytes(path)
    exif = _opened(raw, Path(path).name, _exif)
    return Seen(hashlib.sha256(raw).hexdigest(), exif.taken_at, exif.lon, exif.lat, exif.error_m)


def preview(path: Path, side: int) -> bytes:
    """The picture upright and not larger than ``side`` px, as a JPEG: for what cannot be shown as it is (HEIC)."""
    path = Path(path)
    raw = _bytes(path)
    return _opened(raw, path.name, lambda image: _jpeg(_shrunk(image, side, _exif(image).orientation)))


def _bytes(path: Path) -> bytes:
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
    return raw


def _opened(raw: bytes, name: str, use: Callable[[Image.Image], T]) -> T:
    """What ``use`` makes of the picture in ``raw``; whatever is wrong with it becomes a ``PhotoError``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of damaged EXIF, which is read as far as it goes
        try:
            with Image.open(io.BytesIO(raw), formats=_known_formats()) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PhotoError(
                        tr("照片“{name}”有 {n} 亿像素，太大。").format(
                            name=name, n=round(image.width * image.height / 1e8, 1)
                        ),
                        tr("请先缩小再添加。"),
                    )
                return use(image)
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
        except Exception as error:  # a damaged file makes decoders raise whatever they stumble over
            raise PhotoError(
                tr("照片“{name}”已损坏，打不开。").format(name=name),
                tr("请从手机重新复制这张照片，或重拍一张。"),
            ) from error


def _known_formats() -> list[str]:
    """Those of ours that Pillow has; MPO (several JPEGs in one file) is opened as JPEG."""
    return [name for name in _FORMATS if name != "MPO"]


def _kept(image: Image.Image, raw: bytes, name: str, keep_original: bool) -> TakenPhoto:
    exif = _exif(image)
    source = hashlib.sha256(raw).hexdigest()
    suffix = _FORMATS[str(image.format)]
    # a place in the file would go along whenever the photo is handed on, so such a file is written anew
    as_it_is = image.format == "JPEG" and exif.orientation == 1 and max(image.size) <= LONG_SIDE and exif.lon is None
    if as_it_is:
        image.load()  # a truncated picture shows itself only now
        content, size = raw, image.size
    else:
        upright = _shrunk(image, LONG_SIDE, exif.orientation)
        content, size = _jpeg(upright, exif.taken_at), upright.size
    beside = keep_original and not as_it_is
    photo = Photo(
        sha256=source if as_it_is else hashlib.sha256(content).hexdigest(), suffix=".jpg", width=size[0],
        height=size[1], taken_at=exif.taken_at, lon=exif.lon, lat=exif.lat, name=name, source=source,
        original=f"{source}{suffix}" if beside else "",
    )  # fmt: skip
    return TakenPhoto(photo, content, raw if beside else b"")


def _shrunk(image: Image.Image, side: int, orientation: int) -> Image.Image:
    """The picture upright: shrunk first, so that a small one is turned.

    ``thumbnail`` decodes a JPEG in part only where twice the pixels remain; in less, small writing loses sharpness.
    """
    if image.mode not in ("RGB", "L", "YCbCr", "CMYK"):  # a palette cannot be shrunk smoothly
        image = image.convert("RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    return image if image.mode == "RGB" else image.convert("RGB")


def _jpeg(image: Image.Image, taken_at: str = "") -> bytes:
    """As a JPEG with its time only: the place is kept in the survey, so that a photo handed on does not carry it."""
    exif = Image.Exif()
    if taken_at:
        exif[ExifTags.Base.DateTime] = taken_at[:19].replace("T", " ").replace("-", ":")
    out = io.BytesIO()
    image.info = {}  # nothing else that the file had goes along
    image.save(out, "JPEG", quality=_QUALITY, exif=exif)
    return out.getvalue()


def _exif(image: Image.Image) -> _Exif:
    """Orientation, time and place as far as the EXIF block can be read; damage in one costs only that one."""
    blocks: list[Mapping[int, Any]] = [{}, {}, {}]
    with suppress(Exception):
        block = image.getexif()
        blocks[0] = block
        for at, ifd in ((1, ExifTags.IFD.Exif), (2, ExifTags.IFD.GPSInfo)):
            with suppress(Exception):
                blocks[at] = block.get_ifd(ifd)
    base, times, gps = blocks
    orientation = 1
    with suppress(Exception):
        orientation = int(base.get(ExifTags.Base.Orientation, 1))
    place = None
    with suppress(Exception):
        place = _place(gps)
    taken_at = ""
    with suppress(Exception):
        taken_at = _time(base, times, gps)
    lon, lat = place or (None, None)
    error_m = None
    with suppress(Exception):
        error_m = float(gps[ExifTags.GPS.GPSHPositioningError])
    return _Exif(orientation if orientation in _UPRIGHT else 1, taken_at, lon, lat, error_m if place else None)


def _time(base: Mapping[int, Any], times: Mapping[int, Any], gps: Mapping[int, Any]) -> str:
    """When it was taken, ISO to the second: local time, with its offset where the camera gives one; '' if unknown.

    Fractions of a second are left out. Without a time of its own the one of the satellites is used, which is UTC.
    """
    for text, offset in (
        (times.get(ExifTags.Base.DateTimeOriginal), times.get(ExifTags.Base.OffsetTimeOriginal)),
        (times.get(ExifTags.Base.DateTimeDigitized), times.get(ExifTags.Base.OffsetTimeDigitized)),
        (base.get(ExifTags.Base.DateTime), times.get(ExifTags.Base.OffsetTime)),
    ):
        found = _iso(_text(text), _text(offset))
        if found:
            return found
    day, clock = _text(gps.get(ExifTags.GPS.GPSDateStamp)), gps.get(ExifTags.GPS.GPSTimeStamp)
    if day and clock:
        hour, minute, second = (int(float(part)) for part in clock)
        return _iso(f"{day} {hour:02}:{minute:02}:{second:02}", "+00:00")
    return ""


def _text(value: Any) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return text.strip("\x00 ")


def _iso(text: str, offset: str) -> str:
    """``2026:03:02 09:00:00`` as ``2026-03-02T09:00:00``; '' if it is not a time."""
    match = _TIME.match(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return ""
    own = (match[7] or "").replace("Z", "+00:00")
    own = own if len(own) != 5 else f"{own[:3]}:{own[3:]}"
    return moment.isoformat() + (own or (offset if _OFFSET.fullmatch(offset) else ""))


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    lon = _degrees(gps, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
    lat = _degrees(gps, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
    return None if lon is None or lat is None else (lon, lat)


def _degrees(gps: Mapping[int, Any], tag: int, reference: int, negative: str, limit: float) -> float | None:
    value = gps.get(tag)
    if not value:
        return None
    degrees, minutes, seconds = (float(v) for v in value)  # a denominator of 0 gives not-a-number, refused below
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= limit or (found == 0 and not gps.get(reference)):
        return None
    return -found if _text(gps.get(reference)).upper().startswith(negative) else found


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
