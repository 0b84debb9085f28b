"""Map features as lists: GeoJSON in its forms, GeoPackages of others and of our own, Shapefiles."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import shapefile
import shapely

from barrierfree.errors import Cancelled, InventoryError
from barrierfree.inventory import propose, read_table, ready_sites
from tests.builders import definition, new_site, survey


def feature(name: str, geometry: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [116.46, 39.89]}
    return {"type": "Feature", "properties": {"名称": name, **more}, "geometry": geometry or point}


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_forms_of_geojson(tmp_path: Path) -> None:
    collection = {"type": "FeatureCollection", "features": [feature("甲"), feature("乙", 编号=7)]}
    raw = read_table(written(tmp_path / "a.geojson", collection))
    assert raw.headers == ("名称", "编号", "lon", "lat")
    assert raw.rows == (("甲", "", "116.46", "39.89"), ("乙", "7", "116.46", "39.89"))
    assert read_table(written(tmp_path / "b.json", feature("甲"))).rows == (("甲", "116.46", "39.89"),)
    lines = "\n".join(json.dumps(feature(n)) for n in ("甲", "乙", "丙"))
    assert len(read_table(written(tmp_path / "c.geojson", lines)).rows) == 3
    records = [{"名称": "甲", "经度": 116.46}, {"名称": "乙", "地址": "路"}]
    assert read_table(written(tmp_path / "d.json", records)).headers[:3] == ("名称", "经度", "地址")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"), ("urn:ogc:def:crs:EPSG::4490", "cgcs2000"), ("EPSG:4548", "EPSG:4548"),
     ("EPSG:2436", "EPSG:2436")],
)  # fmt: skip
def test_datum_that_geojson_states(tmp_path: Path, name: str, hint: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    content = {"type": "FeatureCollection", "crs": crs, "features": [feature("甲")]}
    assert read_table(written(tmp_path / "a.geojson", content)).datum_hint == hint


def test_shapes_that_are_no_points(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]]}
    bad = {"type": "Polygon", "coordinates": [[[116, 39], [117, 40], [117, 39], [116, 40], [116, 39]]]}
    odd = {"type": "Point", "coordinates": ["x", 39]}
    empty: dict[str, Any] = {"type": "Point", "coordinates": []}
    features = [feature("面", area), feature("结", bad), feature("错", odd), feature("空", empty)]
    features.append({"type": "Feature", "properties": {"名称": "无"}, "geometry": None})
    raw = read_table(written(tmp_path / "a.geojson", {"type": "FeatureCollection", "features": features}))
    assert "2 个要素不是点" in raw.remarks[0]
    inside = shapely.Point(float(raw.rows[0][-2]), float(raw.rows[0][-1]))
    assert shapely.from_geojson(json.dumps(area)).contains(inside)
    assert raw.rows[1][-1]
    assert [f.row for f in raw.faults] == [3]
    assert [r[-1] for r in raw.rows[2:]] == ["", "", ""]


def test_position_wins_over_properties_of_the_same_name(tmp_path: Path) -> None:
    raw = read_table(written(tmp_path / "a.geojson", feature("甲", lon=1, lat=2)))
    columns = propose(raw)
    assert raw.rows[0][columns["lon"]] == "116.46"


@pytest.mark.parametrize(
    "content", ["{}", "[]", "not json", '{"type": "FeatureCollection", "features": [{"type"', "[" * 100_000]
)
def test_no_geojson(tmp_path: Path, content: str) -> None:
    with pytest.raises(InventoryError) as caught:
        read_table(written(tmp_path / "a.geojson", content))
    assert "a.geojson" in caught.value.message


def test_stopped(tmp_path: Path) -> None:
    features = [feature(str(n)) for n in range(2000)]
    path = written(tmp_path / "a.geojson", {"type": "FeatureCollection", "features": features})

    def cancel(done: int, total: int) -> None:
        if done >= 1000:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_table(path, progress=cancel)


def geopackage(path: Path, srs: int = 4490) -> Path:
    """A GeoPackage as QGIS writes it, with two layers."""
    db = sqlite3.connect(path)
    db.executescript(
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);"
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);"
        "CREATE TABLE roads (fid INTEGER, geom BLOB, width REAL);"
        'CREATE TABLE "设施 表" (fid INTEGER, geom BLOB, "名称" TEXT, "地址" TEXT);'
    )
    db.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, 'EPSG', ?)", [srs, srs])
    for name in ("roads", "设施 表"):
        db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?)", [name, srs])
        db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?)", [name, srs])
    plain = b"GP\0\1" + srs.to_bytes(4, "little")
    boxed = b"GP\0\3" + srs.to_bytes(4, "little") + b"\0" * 32
    shapes = [plain + shapely.to_wkb(shapely.Point(116.46, 39.89)), boxed + shapely.to_wkb(shapely.box(1, 2, 3, 4)),
              b"GP\0\x11\0\0\0\0", None, b"broken", plain + b"\1\1"]  # fmt: skip
    for n, shape in enumerate(shapes):
        db.execute('INSERT INTO "设施 表" VALUES (?, ?, ?, ?)', [n, shape, f"点{n}", "路"])
    db.commit()
    db.close()
    return path


def test_geopackage_of_others(tmp_path: Path) -> None:
    before = geopackage(tmp_path / "a.gpkg").read_bytes()
    raw = read_table(tmp_path / "a.gpkg")
    assert (raw.sheet, raw.sheets, raw.datum_hint) == ("设施 表", ("roads", "设施 表"), "cgcs2000")
    assert [r[-2:] for r in raw.rows] == [("116.46", "39.89"), ("2", "3"), ("", ""), ("", ""), ("", ""), ("", "")]
    assert [f.row for f in raw.faults] == [6]
    assert (tmp_path / "a.gpkg").read_bytes() == before
    assert not list(tmp_path.glob("a.gpkg-*"))
    assert read_table(geopackage(tmp_path / "b.gpkg", 4548)).datum_hint == "EPSG:4548"
    with pytest.raises(InventoryError) as caught:
        read_table(tmp_path / "a.gpkg", "没有")
    assert "设施 表" in caught.value.advice
    with pytest.raises(InventoryError, match="没有要素"):
        read_table(tmp_path / "a.gpkg", "roads")


def test_our_own_survey(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        store.add_sites([new_site("a"), new_site("b", name="另一家", lon=116.47)], person="")
        for path in (tmp_path / "s.gpkg",):  # open in the program, and closed
            assert len(read_table(path).rows) == 2
    raw = read_table(tmp_path / "s.gpkg")
    assert (raw.sheet, raw.datum_hint) == ("sites", "wgs84")
    assert "code" not in raw.headers
    read = ready_sites(raw, propose(raw, definition()), "wgs84", definition())
    assert {(s.name, s.community, s.site_class) for s in read.sites} == {
        ("幸福便利店（示例）", "垂杨柳东里", "storefront"), ("另一家", "垂杨柳东里", "storefront"),
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 broken", b"text"])
def test_broken_geopackage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.gpkg").write_bytes(content)
    with pytest.raises(InventoryError, match=r"a\.gpkg"):
        read_table(tmp_path / "a.gpkg")


def test_sqlite_without_layers(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "a.gpkg")
    db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(InventoryError, match="没有要素图层"):
        read_table(tmp_path / "a.gpkg")


def shapes(path: Path, encoding: str, cpg: str = "") -> Path:
    with shapefile.Writer(str(path), encoding=encoding, shapeType=shapefile.POINT) as writer:
        writer.field("名称", "C", 60)
        writer.field("编号", "N", 12)
        writer.point(116.46, 39.89)
        writer.record("双井便民服务中心", 7)
        writer.point(116.47, 39.88)
        writer.record("垂杨柳社区卫生站", 8)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    return path


@pytest.mark.parametrize(("encoding", "cpg"), [("utf-8", "UTF-8"), ("gb18030", "936"), ("gb18030", ""), ("utf-8", ""),
                                               ("gb18030", "nonsense")])  # fmt: skip
def test_shapefile(tmp_path: Path, encoding: str, cpg: str) -> None:
    path = shapes(tmp_path / "点位.shp", encoding, cpg)
    raw = read_table(path)
    assert raw.headers == ("名称", "编号", "lon", "lat")
    assert raw.rows[0] == ("双井便民服务中心", "7", "116.46", "39.89")
    assert raw.datum_hint == ""


def test_datum_of_shapefile(tmp_path: Path) -> None:
    from pyproj import CRS

    path = shapes(tmp_path / "a.shp", "utf-8", "UTF-8")
    for code, hint in ((4326, "wgs84"), (4490, "cgcs2000"), (4548, "EPSG:4548")):
        path.with_suffix(".prj").write_text(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))
        assert read_table(path).datum_hint == hint
    path.with_suffix(".prj").write_text("nonsense")
    assert read_table(path).datum_hint == ""


def test_parts_of_a_shapefile_that_are_missing(tmp_path: Path) -> None:
    path = shapes(tmp_path / "a.shp", "utf-8", "UTF-8")
    path.with_suffix(".shx").unlink()
    raw = read_table(path)
    assert len(raw.rows) == 2
    assert ".shx" in raw.remarks[0]
    path.with_suffix(".dbf").rename(tmp_path / "b.dbf")
    with pytest.raises(InventoryError, match=r"缺少同名的 \.dbf"):
        read_table(path)


def test_broken_shapefile(tmp_path: Path) -> None:
    path = shapes(tmp_path / "a.shp", "utf-8", "UTF-8")
    path.write_bytes(path.read_bytes()[:110])
    with pytest.raises(InventoryError, match=r"a\.shp"):
        read_table(path)
    path.write_bytes(b"nonsense" * 20)
    with pytest.raises(InventoryError, match=r"a\.shp"):
        read_table(path)
