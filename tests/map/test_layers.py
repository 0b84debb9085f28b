"""GeoJSON files of the user's: what is taken of them, and what is refused by name and reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from barrierfree.errors import LayerError
from barrierfree.map import read_layer

POINT = {"type": "Point", "coordinates": [116.46, 39.89, 44.5]}


def file(tmp_path: Path, content: Any, name: str = "医院.geojson") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
    return path


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_geometries_come_apart_and_texts_stay_texts(tmp_path: Path) -> None:
    square = [[116.4, 39.8], [116.5, 39.8], [116.5, 39.9], [116.4, 39.8]]
    line = {"type": "LineString", "coordinates": square}
    collection = {
        "type": "FeatureCollection",
        "features": [
            feature(POINT, 名称="<img src=x onerror=alert(1)>", 层数=3, 空=None, 表={"a": 1}),
            feature({"type": "MultiLineString", "coordinates": [square[:2], square[1:3]]}),
            feature({"type": "MultiPolygon", "coordinates": [[square], [square]]}),
            feature({"type": "GeometryCollection", "geometries": [POINT, line]}),
            feature(None, 名称="没有图形"),
        ],
    }  # fmt: skip
    layer = read_layer(file(tmp_path, collection))
    assert dict(layer.counts) == {"points": 2, "lines": 3, "areas": 2}
    assert (layer.bounds, layer.skipped) == ((116.4, 39.8, 116.5, 39.9), 1)
    drawn = json.loads(layer.content)
    assert drawn[0] == ["Point", [116.46, 39.89], ["名称：<img src=x onerror=alert(1)>", "层数：3"]]
    assert [part[0] for part in drawn].count("Polygon") == 2


def test_long_properties_are_cut(tmp_path: Path) -> None:
    layer = read_layer(file(tmp_path, feature(POINT, **{f"k{n}": "长" * 500 for n in range(40)})))
    lines = json.loads(layer.content)[0][2]
    assert len(lines) == 13
    assert lines[-1] == "…"
    assert all(len(line) <= 80 for line in lines)


def test_a_bare_geometry_and_chinese_encodings_are_read(tmp_path: Path) -> None:
    assert dict(read_layer(file(tmp_path, POINT)).counts) == {"points": 1}
    text = json.dumps(feature(POINT, 名称="社区卫生站（示例）"), ensure_ascii=False)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        layer = read_layer(file(tmp_path, text.encode(encoding)))
        assert json.loads(layer.content)[0][2] == ["名称：社区卫生站（示例）"]


PLANE = {"type": "Point", "coordinates": [20453000.0, 4415000.0]}
CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        (b"\0" * 4096, "是空的"),
        (b"PK\x03\x04 a workbook", "不是 GeoJSON"),
        (b'{"name": "x", "rows": []}', "不是 GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', "不是 GeoJSON"),
        (b"[1, 2]", "不是 GeoJSON"),
        (json.dumps(feature(POINT)).encode()[:60], "已损坏：第 1 行"),
        (b'{"type": "Feature", "a": ' + b"[" * 100_000, "已损坏"),
        (b'{"type": "Point", "coordinates": [' + b"9" * 5000 + b", 1]}", "已损坏"),
        (b'{"type": "Point", "coordinates": [1' + b"0" * 400 + b", 1]}", "已损坏"),
        (b'{"type": "Point", "coordinates": [NaN, 39.9]}', "已损坏：有图形的坐标不是数字"),
        (b'{"type": "Point", "coordinates": ["116.4", "39.9"]}', "已损坏：有图形的坐标不是数字"),
        (b'{"type": "Polygon", "coordinates": [116.4, 39.9]}', "层次不对（Polygon）"),
        (json.dumps({"type": "FeatureCollection", "features": []}).encode(), "没有可画的图形"),
        (json.dumps(feature(None)).encode(), "没有可画的图形"),
        (json.dumps(PLANE).encode(), "不是经纬度坐标：有数值超出"),
        (json.dumps({"type": "FeatureCollection", "crs": CRS, "features": [feature(POINT)]}).encode(), "EPSG::4548"),
        (json.dumps({"type": "Point", "coordinates": [39.9, 116.4]}).encode(), "116.4"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name_and_reason(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(LayerError) as caught:
        read_layer(file(tmp_path, content))
    assert "医院.geojson" in caught.value.message
    assert said in caught.value.message
    assert caught.value.advice


def test_what_is_gone_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="读不了"):
        read_layer(tmp_path / "gone.geojson")
    big = tmp_path / "big.geojson"
    with big.open("wb") as out:
        out.truncate(21 * 1024**2)
    with pytest.raises(LayerError, match=r"21\.0 MB，图层最大 20 MB"):
        read_layer(big)
