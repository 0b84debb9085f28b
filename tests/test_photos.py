"""Pictures as phones make them: orientation, place, damaged EXIF, what is no picture."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from barrierfree.errors import PhotoError
from barrierfree.photos import LONG_SIDE, take, take_bytes


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
    image.save(tmp_path / "big.heic", format="HEIF")
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
