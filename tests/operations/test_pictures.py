"""Files taken in as photos: the good ones kept, the bad ones named, nothing left over."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from barrierfree.cli import main
from barrierfree.errors import Cancelled, PhotoError
from barrierfree.operations.photo_places import distant, told_distant
from barrierfree.operations.pictures import keep_pictures, remove_unnamed, told_refused
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from tests.builders import new_site, survey
from tests.photo_files import picture


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = survey(tmp_path / "s.gpkg")
    store.add_sites([new_site("a")], person="p")
    return store


def _mixed(folder: Path) -> list[Path]:
    files = [picture(folder / "one.jpg", shade=1), folder / "empty.jpg", picture(folder / "two.heic", shade=90)]
    files.append(folder / "notes.jpg")
    files[1].write_bytes(b"")
    files[3].write_text("no picture", encoding="utf-8")
    return files


def test_good_ones_are_kept_and_bad_ones_named(store: Store, tmp_path: Path) -> None:
    kept = keep_pictures(store, _mixed(tmp_path))
    assert [p.name for p in kept.photos] == ["one.jpg", "two.heic"]
    assert [r.name for r in kept.refused] == ["empty.jpg", "notes.jpg"]
    said, advice = told_refused(kept.refused)
    assert "2 个文件没有添加" in said
    assert "0 字节" in said
    assert "不是照片" in said
    assert advice
    assert all(store.photo_path(p.sha256, p.suffix).is_file() for p in kept.photos)


def test_none_of_them_is_a_refusal(store: Store, tmp_path: Path) -> None:
    bad = [f for f in _mixed(tmp_path) if f.name in ("empty.jpg", "notes.jpg")]
    with pytest.raises(PhotoError, match="2 个文件没有添加"):
        keep_pictures(store, bad)
    with pytest.raises(PhotoError, match="0 字节"):
        keep_pictures(store, bad[:1])


def test_cancelled_leaves_no_file(store: Store, tmp_path: Path) -> None:
    progress = Progress(lambda done, _total, _text: progress.cancel() if done == 1 else None)
    with pytest.raises(Cancelled):
        keep_pictures(store, [picture(tmp_path / f"{n}.jpg", shade=n) for n in range(3)], progress)
    assert list(store.photos_folder.glob("*")) == []


def test_originals_lie_beside_and_are_checked(store: Store, tmp_path: Path) -> None:
    file = picture(tmp_path / "a.heic", size=(2000, 1000))
    (plain,) = keep_pictures(store, [file]).photos
    store.add_photos([plain], person="p")
    (photo,) = keep_pictures(store, [file], originals=True).photos
    assert photo.sha256 == plain.sha256
    store.add_photos([photo], person="p")
    held = store.photo(photo.sha256)
    assert held is not None
    original = store.photos_folder / held.original
    assert hashlib.sha256(original.read_bytes()).hexdigest() == original.stem == held.source
    assert store.check() == []
    original.write_bytes(b"other")
    assert any(original.name in fault for fault in store.check())
    store.add_photos([plain], person="p")  # said again without it: nothing changes
    assert store.photo(photo.sha256) == held


def test_only_files_that_nothing_names_are_removed(store: Store, tmp_path: Path) -> None:
    named, loose = keep_pictures(store, [picture(tmp_path / f"{n}.jpg", shade=n) for n in (1, 2)]).photos
    store.add_photos([named], person="p")
    remove_unnamed(store, [named, loose])
    assert [p.name for p in store.photos_folder.iterdir()] == [f"{named.sha256}.jpg"]


def test_photos_from_elsewhere_are_asked_about(store: Store, tmp_path: Path) -> None:
    files = [
        picture(tmp_path / "here.jpg", lon=116.4601, lat=39.89),
        picture(tmp_path / "there.jpg", lon=116.4697, lat=39.89, shade=3),
        picture(tmp_path / "nowhere.jpg", shade=5),
    ]
    photos = keep_pictures(store, files).photos
    (found,) = distant(photos, (116.46, 39.89))
    assert found[0].name == "there.jpg"
    assert "830 米" in told_distant([found])[0]
    assert distant(photos, None) == []


def test_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = store.sites()[0].code
    store.close()
    answers = tmp_path / "a.json"
    answers.write_text('{"present": "yes", "clear_width": 0.95}', encoding="utf-8")
    files = [part for file in _mixed(tmp_path) for part in ("--photo", str(file))]
    given = ["record", str(store.path), "--site", code, "--element", "wheelchair_ramp", "--answers", str(answers)]
    assert main([*given, *files, "--photos-to-follow", "--by", "示例甲", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["photos"] == 2
    assert [r["name"] for r in said["refused_photos"]] == ["empty.jpg", "notes.jpg"]
    assert all(r["reason"] for r in said["refused_photos"])
    with Store.open(store.path, read_only=True) as again:
        (visit,) = again.visits()
        assert (visit.photos, visit.photos_to_follow) == (2, True)
