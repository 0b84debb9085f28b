"""OSM extracts: what is drawn of them, where, with which names; real files, cut ones, other places."""

from __future__ import annotations

import bz2
from collections import Counter
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest

from barrierfree.basemaps import file_kind, open_basemap
from barrierfree.basemaps.osm_classes import classify, is_area, label_of
from barrierfree.basemaps.osm_extract import read_extract
from barrierfree.basemaps.osm_tiles import write_tiles
from barrierfree.basemaps.tile_grid import tile_at, tile_range
from barrierfree.errors import BasemapError

STREET = (116.40, 39.90, 116.41, 39.91)
SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6"><bounds minlat="39.90" minlon="116.40" maxlat="39.91" maxlon="116.41"/>
 <node id="1" lat="39.9050" lon="116.4010" version="1"/><node id="2" lat="39.9050" lon="116.4090" version="1"/>
 <node id="3" lat="39.9060" lon="116.4020" version="1"/><node id="4" lat="39.9060" lon="116.4060" version="1"/>
 <node id="5" lat="39.9090" lon="116.4060" version="1"/><node id="6" lat="39.9090" lon="116.4020" version="1"/>
 <node id="7" lat="39.9070" lon="116.4030" version="1"/><node id="8" lat="39.9070" lon="116.4050" version="1"/>
 <node id="9" lat="39.9080" lon="116.4050" version="1"/><node id="10" lat="39.9080" lon="116.4030" version="1"/>
 <node id="11" lat="39.9020" lon="116.4050" version="1"><tag k="place" v="neighbourhood"/>
  <tag k="name" v="&lt;b&gt;里"/></node>
 <way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="99"/><tag k="highway" v="primary"/><tag k="name" v="长街"/>
  <tag k="name:en" v="Long Street"/></way>
 <way id="2" version="1"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/></way>
 <way id="3" version="1"><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="10"/><nd ref="7"/>
  <tag k="building" v="yes"/><tag k="name" v="湖心亭"/></way>
 <relation id="1" version="1"><member type="way" ref="2" role="outer"/><member type="way" ref="3" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="natural" v="water"/><tag k="name" v="小湖"/></relation>
</osm>"""


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


def tiles_of(source: Path, target: Path, area: tuple[float, float, float, float] | None = None) -> Any:
    write_tiles(read_extract(source, area, quiet), target, "试", quiet)
    return open_basemap(target)


def features(content: bytes | None) -> dict[str, list[dict[str, Any]]]:
    return {name: layer["features"] for name, layer in mapbox_vector_tile.decode(content or b"").items()}


def small(folder: Path, text: str = SMALL) -> Path:
    path = folder / "small.osm"
    path.write_text(text, encoding="utf-8")
    return path


def test_streets_water_with_holes_buildings_and_names(tmp_path: Path) -> None:
    basemap = tiles_of(small(tmp_path), tmp_path / "a.mbtiles")
    assert basemap.info.attribution == "© OpenStreetMap contributors"
    assert (basemap.info.min_zoom, basemap.info.max_zoom, basemap.info.schema) == (10, 15, "protomaps")
    assert basemap.info.bounds == pytest.approx(STREET)
    found = features(basemap.tile(15, *tile_at(15, 116.404, 39.907)))
    street = found["roads"][0]["properties"]
    assert street == {"kind": "major_road", "kind_detail": "primary", "name": "长街", "name:en": "Long Street"}
    water = found["water"][0]["geometry"]
    assert (water["type"], len(water["coordinates"])) == ("Polygon", 2), "the island is a hole"
    assert [f["properties"]["kind"] for f in found["buildings"]] == ["building"]
    assert {f["properties"]["name"] for f in found["pois"]} == {"湖心亭", "小湖"}
    assert found["places"][0]["properties"]["name"] == "<b>里", "a name is data"
    far = features(basemap.tile(10, *tile_at(10, 116.404, 39.907)))
    assert "buildings" not in far
    basemap.close()


def test_only_the_area_is_taken(tmp_path: Path) -> None:
    basemap = tiles_of(small(tmp_path), tmp_path / "a.mbtiles", (116.400, 39.900, 116.410, 39.9040))
    found = features(basemap.tile(15, *tile_at(15, 116.405, 39.902)))
    assert set(found) == {"places"}
    basemap.close()
    with pytest.raises(BasemapError, match="本普查范围"):
        read_extract(small(tmp_path), (10.0, 10.0, 10.1, 10.1), quiet)
    with pytest.raises(BasemapError, match="太大"):
        read_extract(small(tmp_path), (110.0, 30.0, 117.0, 41.0), quiet)


def test_packed_extracts_and_those_without_bounds(tmp_path: Path) -> None:
    plain = small(
        tmp_path, SMALL.replace('<bounds minlat="39.90" minlon="116.40" maxlat="39.91" maxlon="116.41"/>', "")
    )
    packed = tmp_path / "small.osm.bz2"
    packed.write_bytes(bz2.compress(plain.read_bytes()))
    assert [file_kind(plain), file_kind(packed)] == ["osm", "osm.bz2"]
    one, other = read_extract(plain, None, quiet), read_extract(packed, None, quiet)
    assert one.drawn == other.drawn
    assert one.bounds == pytest.approx((116.401, 39.902, 116.409, 39.909))


def test_damaged_extracts_are_refused(tmp_path: Path, shared: Path) -> None:
    for cut in (200, len(SMALL.encode()) // 2):
        path = tmp_path / "半.osm"
        path.write_bytes(SMALL.encode()[:cut])
        with pytest.raises(BasemapError, match=r"半\.osm"):
            read_extract(path, None, quiet)
    whole = (shared / "basemap" / "helsinki.osm.pbf").read_bytes()
    path = tmp_path / "半.osm.pbf"
    path.write_bytes(whole[:200_000])
    with pytest.raises(BasemapError, match=r"半\.osm\.pbf"):
        read_extract(path, None, quiet)
    path.write_bytes(whole[:5000] + bytes(5000) + whole[10_000:])
    with pytest.raises(BasemapError, match=r"半\.osm\.pbf"):
        read_extract(path, None, quiet)


def test_the_extract_of_beijing_has_its_chinese_names(tmp_path: Path, shared: Path) -> None:
    basemap = tiles_of(shared / "basemap" / "beijing_haidian.osm", tmp_path / "a.mbtiles")
    x0, x1, y0, y1 = tile_range(15, basemap.info.bounds)
    names, counts = set(), Counter[str]()
    for x in range(x0, x1 + 1):
        for y in range(y0, y1 + 1):
            for layer, found in features(basemap.tile(15, x, y)).items():
                counts[layer] += len(found)
                names |= {str(one["properties"].get("name")) for one in found}
    assert {"学清路", "清华东路", "双泉堡", "中国农业大学东校区", "星巴克"} <= names
    assert counts["buildings"] >= 257
    assert counts["roads"] >= 300
    assert counts["landuse"] > 50
    basemap.close()


def test_the_extract_of_helsinki(tmp_path: Path, shared: Path) -> None:
    basemap = tiles_of(shared / "basemap" / "helsinki.osm.pbf", tmp_path / "a.mbtiles", (24.94, 60.168, 24.95, 60.174))
    found = features(basemap.tile(15, *tile_at(15, 24.9453, 60.1712)))
    assert len(found["buildings"]) > 20
    assert {"rail", "path", "minor_road"} <= {f["properties"]["kind"] for f in found["roads"]}
    basemap.close()


def test_a_cancelled_job_ends_at_once(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        read_extract(small(tmp_path), None, stop)
    with pytest.raises(StopError):
        write_tiles(read_extract(small(tmp_path), None, quiet), tmp_path / "a.mbtiles", "", stop)


def test_what_tags_mean() -> None:
    assert classify({"highway": "steps"}, "line")[0].kind == "path"
    assert classify({"railway": "subway", "tunnel": "yes"}, "line") == []
    assert classify({"building": "no"}, "area") == []
    assert is_area({"leisure": "park"})
    assert not is_area({"highway": "primary"})
    assert is_area({"highway": "pedestrian", "area": "yes"})
    assert label_of({"amenity": "hospital"}) is None, "nothing to write"
    found = label_of({"amenity": "hospital", "name": "某院（示例）"})
    assert found is not None
    assert found.kind == "hospital"
    assert label_of({"public_transport": "stop_position", "name": "x"}) is None
