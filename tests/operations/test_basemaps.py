"""Taking basemaps in: copied or made whole or not at all, named by themselves, listed with their faults."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from barrierfree.errors import BasemapError, Cancelled, NotFoundError, StorageError
from barrierfree.operations import basemaps
from barrierfree.operations.progress import Progress
from barrierfree.settings import Settings
from tests.basemaps import files
from tests.basemaps.test_osm import small
from tests.builders import survey
from tests.test_cli import Shell, shell

__all__ = ["shell"]  # the fixture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "basemaps"


def test_added_listed_and_removed(tmp_path: Path, folder: Path) -> None:
    assert basemaps.installed(folder) == []
    source = files.mbtiles(tmp_path / "街道图.pmtiles", {(0, 0, 0): files.picture()})  # the name is wrong
    one = basemaps.add_basemap(folder, source, None)
    assert one.file == folder / "街道图.mbtiles"
    assert one.file.read_bytes() == source.read_bytes()
    other = basemaps.add_basemap(folder, source, None)
    assert other.title == "街道图 2"
    (folder / "坏.pmtiles").write_bytes(b"PMTiles\x03")
    found = {known.title: known for known in basemaps.installed(folder)}
    assert list(found) == ["坏", "街道图", "街道图 2"]
    assert found["坏"].info is None
    assert found["坏"].fault is not None
    basemaps.remove_basemap(folder, "街道图 2.mbtiles")
    assert [known.title for known in basemaps.installed(folder)] == ["坏", "街道图"]
    with pytest.raises(NotFoundError):
        basemaps.remove_basemap(folder, "../settings.json")


def test_an_extract_becomes_tiles_of_the_area(tmp_path: Path, folder: Path) -> None:
    steps: list[str] = []
    progress = Progress(lambda done, total, text: steps.append(text))
    added = basemaps.add_basemap(folder, small(tmp_path), (116.404, 39.904, 116.406, 39.908), progress)
    assert added.file == folder / "small.mbtiles"
    assert added.info is not None
    assert added.info.bounds == pytest.approx((116.394, 39.894, 116.416, 39.918))
    assert {"读取 OSM 摘录", "绘制瓦片"} <= set(steps)


def test_nothing_stays_of_what_was_refused_or_cancelled(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = files.mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): files.picture()})
    cancelled = Progress()
    cancelled.cancel()
    for file in (source, small(tmp_path)):
        with pytest.raises(Cancelled):
            basemaps.add_basemap(folder, file, None, cancelled)
    with pytest.raises(BasemapError):
        basemaps.add_basemap(folder, small(tmp_path), (1.0, 1.0, 1.1, 1.1))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="磁盘空间不够"):
        basemaps.add_basemap(folder, source, None)
    assert list(folder.iterdir()) == []


def test_cover_and_area(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        area = basemaps.survey_area(store)
    assert area == (116.43, 39.88, 116.49, 39.91)
    for name, bounds in {"all": "116,39,117,40", "part": "116.45,39,117,40", "none": "11,43,12,44"}.items():
        path = files.mbtiles(tmp_path / f"{name}.mbtiles", {(0, 0, 0): files.picture()}, bounds=bounds)
        info = basemaps.look_at(path).info
        assert info is not None
        assert basemaps.cover(info, area) == name
        assert basemaps.cover(info, None) == "all"


def test_the_command(shell: Shell, own_home: Path, tmp_path: Path) -> None:
    assert shell.run("basemap", shell.file)["basemaps"] == []
    source = files.pmtiles(tmp_path / "图.pmtiles", {(0, 0, 0): files.shapes()}, bounds=(116, 39, 117, 40))
    said = shell.run("basemap", shell.file, "--add", str(source))
    assert said["used"] == "图.pmtiles"
    assert (said["basemaps"][0]["kind"], said["basemaps"][0]["covers"]) == ("vector", "all")
    assert Settings(own_home / "settings").choices.basemap == "图.pmtiles"
    assert shell.run("basemap", shell.file, "--use", "")["used"] == ""
    assert shell.run("basemap", shell.file, "--use", "图")["used"] == "图.pmtiles"
    assert "没有名为" in shell.run("basemap", shell.file, "--use", "别的", code=1)["message"]
    assert "不是底图" in shell.run("basemap", shell.file, "--add", shell.file, code=1)["message"]
    said = shell.run("basemap", shell.file, "--remove", "图")
    assert (said["used"], said["basemaps"]) == ("", [])
