"""MBTiles: pictures of every kind and size, vector tiles packed or not, real files, and what is none."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from barrierfree.basemaps import file_kind, mbtiles, open_basemap
from barrierfree.basemaps.basemap import WORLD, plain
from barrierfree.errors import BasemapError
from tests.basemaps import files
from tests.builders import survey


@pytest.mark.parametrize(("form", "name"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("AVIF", "avif")])
@pytest.mark.parametrize("size", [256, 512])
def test_pictures(tmp_path: Path, form: str, name: str, size: int) -> None:
    content = files.picture(form=form, size=size)
    basemap = open_basemap(files.mbtiles(tmp_path / "a.mbtiles", {(3, 6, 1): content}, name="a<b>b</b>"))
    info = basemap.info
    assert (info.kind, info.format, info.name) == ("raster", name, "ab")
    assert info.tile_size == (256 if name == "avif" else size)
    assert (info.min_zoom, info.max_zoom) == (3, 3)
    assert basemap.tile(3, 6, 1) == content, "rows are counted from the south in the file, from the north here"
    assert [basemap.tile(3, 6, 6), basemap.tile(2, 3, 0), basemap.tile(9, 0, 0)] == [None] * 3
    assert info.bounds[0] == 90
    assert info.bounds[2] == 135
    basemap.close()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zlib.compress])
def test_vector_tiles_packed_or_not(tmp_path: Path, pack: type[bytes]) -> None:
    content = files.shapes("transportation")
    path = files.mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): pack(content)}, format="pbf", bounds="1,2,3,4")
    basemap = open_basemap(path)
    assert basemap.tile(0, 0, 0) == content
    assert (basemap.info.kind, basemap.info.bounds) == ("vector", (1, 2, 3, 4))
    basemap.close()


@pytest.mark.parametrize(
    ("layer", "said", "schema"),
    [("roads", {}, "protomaps"), ("roads", {"pmap:kind": "x"}, "protomaps-old"), ("zones", {}, "unknown")],
)
def test_schemas(tmp_path: Path, layer: str, said: dict[str, str], schema: str) -> None:
    basemap = open_basemap(files.mbtiles(tmp_path / "a.mbtiles", {(0, 0, 0): files.shapes(layer, **said)}))
    assert basemap.info.schema == schema
    basemap.close()


def test_the_real_file_whole(shared: Path) -> None:
    basemap = open_basemap(shared / "basemap" / "world_raster.mbtiles")
    assert (basemap.info.format, basemap.info.tile_size) == ("png", 256)
    found = sum(basemap.tile(z, x, y) is not None for z in range(5) for x in range(1 << z) for y in range(1 << z))
    assert found == 285  # 1 + 4 + 16 + 56 + 208
    basemap.close()


def refused(path: Path) -> BasemapError:
    with pytest.raises(BasemapError) as caught:
        open_basemap(path)
    assert path.name in caught.value.message
    assert caught.value.advice
    return caught.value


def test_what_is_no_basemap_is_named(tmp_path: Path) -> None:
    survey(tmp_path / "普查.gpkg").close()
    assert "GeoPackage" in refused(tmp_path / "普查.gpkg").message
    page = tmp_path / "页.mbtiles"
    page.write_text("\n<!DOCTYPE html><html>404</html>", encoding="utf-8")
    assert "网页" in refused(page).message
    empty = tmp_path / "空.mbtiles"
    empty.touch()
    assert "空的" in refused(empty).message
    with closing(sqlite3.connect(tmp_path / "b.mbtiles")) as sql, sql:
        sql.execute("CREATE TABLE other (a)")
    assert "没有瓦片表" in refused(tmp_path / "b.mbtiles").message
    assert "没有瓦片" in refused(files.mbtiles(tmp_path / "c.mbtiles", {})).message
    assert "没有瓦片" in refused(files.mbtiles(tmp_path / "d.mbtiles", {(0, 0, 0): b""})).message
    noise = tmp_path / "e.mbtiles"
    noise.write_bytes(bytes(range(256)) * 9)
    assert "损坏" in refused(noise).message
    packed = tmp_path / "f.zip"
    packed.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "解压" in refused(packed).advice
    refused(tmp_path / "nowhere.mbtiles")
    refused(files.mbtiles(tmp_path / "g.mbtiles", {(0, 0, 0): b"neither picture nor tile"}))


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = files.mbtiles(tmp_path / "a.pmtiles", {(0, 0, 0): files.picture()})
    assert file_kind(path) == "mbtiles"
    open_basemap(path).close()


def test_a_cut_off_database_is_refused(tmp_path: Path) -> None:
    tiles = {(6, x, y): files.picture(f"#{x:02x}{y:02x}00") for x in range(20) for y in range(20)}
    path = files.mbtiles(tmp_path / "半.mbtiles", tiles)
    whole = path.read_bytes()
    for part in (100, 5000, len(whole) // 2):
        path.write_bytes(whole[:part])
        try:
            basemap = open_basemap(path)
        except BasemapError:
            continue
        with closing(basemap), pytest.raises(BasemapError):  # the head was whole: the tiles are not
            [basemap.tile(*place) for place in tiles]


def test_hostile_databases_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbtiles, "_SECONDS", 0.2)
    path = tmp_path / "a.mbtiles"
    with closing(sqlite3.connect(path)) as sql, sql:
        sql.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data FROM n"
        )
    assert "太久" in refused(path).message
    bomb = gzip.compress(bytes(100 << 20))
    assert "解不开" in refused(files.mbtiles(tmp_path / "b.mbtiles", {(0, 0, 0): bomb})).message
    odd = files.mbtiles(tmp_path / "c.mbtiles", {(0, 0, 0): files.picture()}, bounds="nan,x", minzoom="-7", name="")
    basemap = open_basemap(odd)
    assert basemap.info.bounds == pytest.approx(WORLD)
    assert basemap.info.name == "c"
    basemap.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<a href='http://x.org'>© OpenStreetMap</a> &amp; others", "© OpenStreetMap & others"),
        ("<img src=x onerror=alert(1)>图", "图"), ("&lt;script&gt;alert(1)&lt;/script&gt;", "alert(1)"),
        ("<script>alert(1)", ""), ("a\n\n b\x00\u202ec", "a b c"), (None, ""), (7, ""), ("长" * 999, "长" * 299 + "…"),
    ],
)  # fmt: skip
def test_texts_lose_their_markup(text: object, shown: str) -> None:
    assert plain(text) == shown
