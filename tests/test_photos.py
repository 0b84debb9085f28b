"""Pictures as phones make them: orientation, place, damaged EXIF, what is no picture."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageChops
from PIL.TiffImagePlugin import IFDRational

from barrierfree.errors import PhotoError
from barrierfree.photos import LONG_SIDE, look, preview, take, take_bytes
from tests.photo_files import picture


def test_place_and_time(shared: Path) -> None:
    taken = take(shared / "photos" / "gps_DSCN0010.jpg")
    assert taken.photo.taken_at.startswith("2008-")
    assert taken.photo.lon == pytest.approx(11.885, abs=0.01)
    assert taken.photo.lat == pytest.approx(43.467, abs=0.01)
    assert hashlib.sha256(taken.content).hexdigest() == taken.photo.sha256


@pytest.mark.parametrize("name", ["orientation_3.jpg", "orientation_6.jpg"])
def test_upright(shared: Path, name: str) -> None:
    with Image.open(shared / "photos" / name) as before:
        turned = name.endswith("6.jpg")
        expected = (before.height, before.width) if turned else before.size
    photo = take(shared / "photos" / name).photo
    assert (photo.width > photo.height) == (expected[0] > expected[1])


def test_every_real_photo_is_taken(shared: Path) -> None:
    for path in sorted((shared / "photos").glob("*.jpg")):
        taken = take(path)
        assert max(taken.photo.width, taken.photo.height) <= LONG_SIDE


def test_shrunk_and_heic(tmp_path: Path) -> None:
    image = Image.new("RGB", (4000, 3000), "white")
    image.save(tmp_path / "big.heic", kind="HEIF")
    photo = take(tmp_path / "big.heic").photo
    assert (photo.width, photo.height, photo.suffix) == (1600, 1200, ".jpg")


def test_what_is_no_picture(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 50).convert("RGB").save(out, "JPEG")
    cases = {
        "empty.jpg": b"", "text.jpg": b"not a picture", "cut.jpg": out.getvalue()[: len(out.getvalue()) // 2],
    }  # fmt: skip
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PhotoError) as caught:
            take(tmp_path / name)
        assert name in caught.value.message
        assert caught.value.advice
    with pytest.raises(PhotoError):
        take(tmp_path / "absent.jpg")
    wide = io.BytesIO()
    Image.new("1", (20000, 10000)).save(wide, "PNG")
    with pytest.raises(PhotoError, match="像素"):
        take_bytes(wide.getvalue(), "wide.png")


@pytest.mark.parametrize("suffix", [".jpg", ".heic", ".png"])
def test_time_place_and_orientation_of_every_format(tmp_path: Path, suffix: str) -> None:
    file = picture(
        tmp_path / f"one{suffix}", "2026:03:02 10:42:07", lon=116.46, lat=39.89, offset="+08:00", orientation=6,
        size=(2000, 1000),
    )  # fmt: skip
    seen, photo = look(file), take(file).photo
    turned = suffix != ".heic"  # HEIF turns by a box of its own, and says that the orientation in EXIF does not count
    assert (photo.width, photo.height) == ((800, 1600) if turned else (1600, 800))
    assert photo.taken_at == seen.taken_at == "2026-03-02T10:42:07+08:00"
    assert (photo.lon, photo.lat) == (seen.lon, seen.lat)
    assert photo.lon == pytest.approx(116.46)
    assert photo.lat == pytest.approx(39.89)
    assert photo.source == seen.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_kept_photo_names_no_place_and_stands_upright(tmp_path: Path) -> None:
    taken = take(picture(tmp_path / "small.jpg", "2026:03:02 10:42:07", lon=116.46, lat=39.89, orientation=8))
    with Image.open(io.BytesIO(taken.content)) as kept:
        exif = kept.getexif()
        assert not exif.get_ifd(ExifTags.IFD.GPSInfo)
        assert exif.get(ExifTags.Base.Orientation, 1) == 1
        assert exif[ExifTags.Base.DateTime] == "2026:03:02 10:42:07"
        assert kept.size == (300, 400)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("2026:03:02 10:42:07.50", "", "2026-03-02T10:42:07"),
        ("2026-03-02 10:42:07", "+08:00", "2026-03-02T10:42:07+08:00"),
        ("2026:03:02 10:42:07+0800", "", "2026-03-02T10:42:07+08:00"),
        ("2026:03:02 10:42", "8 h", "2026-03-02T10:42:00"),
        ("0000:00:00 00:00:00", "", ""),
        ("2026:02:30 10:42:07", "", ""),
        ("    :  :     :  :  ", "", ""),
    ],
)
def test_times_as_cameras_write_them(tmp_path: Path, text: str, offset: str, expected: str) -> None:
    assert look(picture(tmp_path / "a.jpg", text, offset=offset)).taken_at == expected


def test_time_of_the_satellites_is_universal_time(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif._ifds[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSDateStamp: "2026:03:02",
        ExifTags.GPS.GPSTimeStamp: (IFDRational(2), IFDRational(42), IFDRational(7)),
    }
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    assert look(tmp_path / "a.jpg").taken_at == "2026-03-02T02:42:07+00:00"


@pytest.mark.parametrize("bad", [(IFDRational(116, 0), IFDRational(0, 0), IFDRational(0, 0)), 116.4, (1, 2)])
def test_a_place_that_cannot_be_is_none_and_costs_nothing_else(tmp_path: Path, bad: object) -> None:
    exif = Image.Exif()
    exif._ifds[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:03:02 10:42:07"}
    exif._ifds[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: bad,
        ExifTags.GPS.GPSLongitudeRef: "E", ExifTags.GPS.GPSLongitude: bad,
    }  # fmt: skip
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    seen = look(tmp_path / "a.jpg")
    assert (seen.lon, seen.lat, seen.taken_at) == (None, None, "2026-03-02T10:42:07")


def test_wrong_extensions(tmp_path: Path) -> None:
    assert take(picture(tmp_path / "really.jpg", kind="PNG")).photo.suffix == ".jpg"
    assert take(picture(tmp_path / "really.png", kind="HEIF")).photo.width == 400
    (tmp_path / "notes.jpg").write_text("ramp 0.95 m", encoding="utf-8")
    for use in (take, look):
        with pytest.raises(PhotoError, match="不是照片"):
            use(tmp_path / "notes.jpg")
    Image.new("RGB", (10, 10)).save(tmp_path / "drawing.jpg", "GIF")  # a format nobody's phone takes
    with pytest.raises(PhotoError, match="不受支持"):
        take(tmp_path / "drawing.jpg")


def test_a_header_that_claims_two_hundred_megapixels(tmp_path: Path) -> None:
    small = io.BytesIO()
    Image.new("RGB", (16, 16)).save(small, "JPEG")
    raw = bytearray(small.getvalue())
    at = raw.index(b"\xff\xc0")
    raw[at + 5 : at + 9] = (10000).to_bytes(2) + (20000).to_bytes(2)
    (tmp_path / "bomb.jpg").write_bytes(raw)
    for use in (take, look):
        with pytest.raises(PhotoError, match="像素"):
            use(tmp_path / "bomb.jpg")


def test_every_cut_of_a_photo_is_taken_or_refused_in_words(tmp_path: Path, shared: Path) -> None:
    heic = picture(tmp_path / "a.heic", "2026:03:02 10:42:07", lon=116.46, lat=39.89)
    for source in (shared / "photos" / "gps_DSCN0010.jpg", heic):
        raw = source.read_bytes()
        for cut in range(0, len(raw), len(raw) // 37):
            with suppress(PhotoError):
                assert take_bytes(raw[:cut], "cut").content


def test_the_original_is_kept_only_if_asked(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.heic", size=(2000, 1000))
    plain, asked = take(file), take(file, keep_original=True)
    assert (plain.photo.original, plain.original) == ("", b"")
    assert asked.photo.original == f"{hashlib.sha256(file.read_bytes()).hexdigest()}.heic"
    assert asked.original == file.read_bytes()
    small = take(picture(tmp_path / "b.jpg"), keep_original=True)  # kept as it is: there is nothing more to keep
    assert (small.photo.original, small.content) == ("", (tmp_path / "b.jpg").read_bytes())


def test_a_preview_of_what_the_window_cannot_show(tmp_path: Path) -> None:
    shown = preview(picture(tmp_path / "a.heic", size=(2000, 1000)), 200)
    with Image.open(io.BytesIO(shown)) as image:
        assert (image.format, image.size) == ("JPEG", (200, 100))


def test_shrinking_equals_what_pillow_makes_of_the_whole_picture(tmp_path: Path) -> None:
    """Shrunk before it is turned, and from a JPEG as far as it pays: no worse than the plain way."""
    file = picture(tmp_path / "a.jpg", orientation=6, size=(4000, 3000))
    with Image.open(file) as image:
        plain = image.convert("RGB").transpose(Image.Transpose.ROTATE_270)
    plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
    with Image.open(io.BytesIO(take(file).content)) as ours:
        difference = ImageChops.difference(ours, plain).convert("L").histogram()
    assert ours.size == plain.size
    far = sum(difference[16:]) / sum(difference)
    assert far < 0.005  # what saving as a JPEG costs
