"""PMTiles: every packing, leaves, real files, and what is damaged, old or hostile."""

from __future__ import annotations

import random
import struct
import threading
from pathlib import Path

import pytest

from barrierfree.basemaps import open_basemap
from barrierfree.basemaps.pmtiles import parse_directory
from barrierfree.basemaps.tile_grid import tile_range
from barrierfree.errors import BasemapError
from tests.basemaps import files

GRID = {(z, x, y): files.shapes(name=f"路 {z}/{x}/{y}") for z in range(4) for x in range(1 << z) for y in range(1 << z)}


@pytest.mark.parametrize("packing", [files.NONE, files.GZIP, files.BROTLI])
@pytest.mark.parametrize("inner", [files.NONE, files.GZIP, files.BROTLI])
@pytest.mark.parametrize("leaf", [0, 7])
def test_every_packing_and_leaves(tmp_path: Path, packing: int, inner: int, leaf: int) -> None:
    path = files.pmtiles(
        tmp_path / "a.pmtiles", GRID, packing=packing, inner=inner, leaf=leaf, bounds=(116, 39, 117, 40),
        attribution="<a href='https://example.org' onclick='x()'>© 某处</a><script>alert(1)</script>", name="试",
    )  # fmt: skip
    basemap = open_basemap(path)
    info = basemap.info
    assert (info.kind, info.format, info.schema, info.layers) == ("vector", "mvt", "protomaps", ("roads",))
    assert (info.min_zoom, info.max_zoom, info.bounds) == (0, 3, (116, 39, 117, 40))
    assert (info.name, info.attribution) == ("试", "© 某处")
    assert {place: basemap.tile(*place) for place in GRID} == GRID
    assert [basemap.tile(*place) for place in ((4, 0, 0), (3, 8, 0), (3, -1, 0), (0, 0, 1))] == [None] * 4
    basemap.close()


def test_runs_share_one_content_and_gaps_are_blank(tmp_path: Path) -> None:
    sea = files.picture("#A0C0F0")
    root = files.directory([(1, 3, len(sea), 0), (6, 1, len(sea), 0)])
    basemap = open_basemap(files.assembled(tmp_path / "a.pmtiles", root, b"", sea, b"{}", zooms=(1, 2)))
    assert basemap.info.format == "png"
    assert [basemap.tile(1, x, y) for x, y in ((0, 0), (0, 1), (1, 1), (1, 0))] == [sea, sea, sea, None]
    basemap.close()


def test_directories_there_and_back() -> None:
    chance = random.Random(3)
    for _ in range(50):
        entries, number, offset = [], 0, 0
        for _ in range(chance.randrange(1, 80)):
            number += chance.choice([1, 1, 1, 2, 1 << chance.randrange(40)])
            length = chance.randrange(1, 1 << 20)
            offset = chance.choice([offset, chance.randrange(1 << 45)])
            entries.append((number, chance.randrange(0, 5), length, offset))
            offset += length
        found = parse_directory(files.directory(entries))
        assert list(zip(found.ids, found.runs, found.lengths, found.offsets, strict=True)) == entries


def test_many_threads_read_the_same(tmp_path: Path) -> None:
    basemap = open_basemap(files.pmtiles(tmp_path / "a.pmtiles", GRID, packing=files.GZIP, leaf=5))
    wrong: list[object] = []

    def read(seed: int) -> None:
        order = list(GRID)
        random.Random(seed).shuffle(order)
        wrong.extend(place for place in order if basemap.tile(*place) != GRID[place])

    threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    basemap.close()


@pytest.mark.parametrize(("name", "count"), [("firenze_vector.pmtiles", 108), ("world_raster_z3.pmtiles", 85)])
def test_real_files_whole(shared: Path, name: str, count: int) -> None:
    basemap = open_basemap(shared / "basemap" / name)
    found = 0
    for z in range(basemap.info.max_zoom + 1):
        x0, x1, y0, y1 = tile_range(z, basemap.info.bounds)
        found += sum(basemap.tile(z, x, y) is not None for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))
    assert found == count
    assert basemap.info.schema == ("protomaps-old" if "vector" in name else "")
    if "vector" in name:
        assert basemap.info.attribution == "Protomaps © OpenStreetMap"
    basemap.close()


def refused(path: Path) -> BasemapError:
    with pytest.raises(BasemapError) as caught:
        open_basemap(path)
    assert path.name in caught.value.message
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize("length", [0, 5, 90, 127, 200, -1])
def test_cut_off_files_are_refused(tmp_path: Path, length: int) -> None:
    path = files.pmtiles(tmp_path / "半个.pmtiles", GRID, packing=files.GZIP)
    path.write_bytes(path.read_bytes()[:length])
    refused(path)


def test_other_versions_and_packings_are_named(tmp_path: Path) -> None:
    path = files.pmtiles(tmp_path / "a.pmtiles", GRID)
    whole = path.read_bytes()
    for version, head in ((1, b"PM\x01\x00"), (2, b"PM\x02\x00"), (4, b"PMTiles\x04")):
        path.write_bytes(head + whole[len(head) :])
        assert f"第 {version} 版" in refused(path).message
    assert "Zstandard" in refused(files.pmtiles(path, GRID, packing=files.ZSTD)).message


def test_no_tiles_or_none_that_can_be_shown(tmp_path: Path) -> None:
    assert "没有瓦片" in refused(files.pmtiles(tmp_path / "a.pmtiles", {})).message
    refused(files.pmtiles(tmp_path / "b.pmtiles", {(0, 0, 0): b"what is this"}))


def test_hostile_directories_end(tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    loop = files.directory([(0, 0, 5, 0)])  # a leaf that names itself
    refused(files.assembled(path, loop, loop, b"x", b"{}"))
    far = files.directory([(0, 1, 1 << 40, 0)])  # a tile of a terabyte
    refused(files.assembled(path, far, b"", b"x", b"{}"))
    refused(files.assembled(path, b"\xff" * 9 + b"\x01", b"", b"x", b"{}"))  # more entries than bytes
    refused(files.assembled(path, b"\xff" * 400, b"", b"x", b"{}"))  # a number without end
    bomb = files._PACK[files.GZIP](bytes(100 << 20))
    refused(files.assembled(path, bomb, b"", b"x", b"{}", inner=files.GZIP))
    root = files.directory([(0, 1, len(bomb), 0)])
    refused(files.assembled(path, root, b"", bomb, b"{}", packing=files.GZIP))
    bomb = files._PACK[files.BROTLI](bytes(100 << 20))
    refused(files.assembled(path, files.directory([(0, 1, len(bomb), 0)]), b"", bomb, b"{}", packing=files.BROTLI))


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    path = files.pmtiles(tmp_path / "a.pmtiles", GRID, packing=files.GZIP, leaf=9)
    whole, chance = path.read_bytes(), random.Random(11)
    for _ in range(150):
        spoilt = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(spoilt)
        try:
            basemap = open_basemap(path)
        except BasemapError:
            continue
        for place in GRID:
            try:
                basemap.tile(*place)
            except BasemapError:
                continue
        basemap.close()


def test_the_head_is_as_the_specification_says(tmp_path: Path) -> None:
    head = files.pmtiles(tmp_path / "a.pmtiles", GRID).read_bytes()[:127]
    assert struct.unpack_from("<Q", head, 8) == (127,)
    assert (head[97], head[98], head[100], head[101]) == (files.GZIP, files.NONE, 0, 3)
