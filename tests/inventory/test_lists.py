"""Facility lists as sub-districts have them: encodings, headers, coordinates, and every way of being unusable."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from barrierfree.coordinates import distance_m
from barrierfree.errors import BarrierFreeError, Cancelled, InventoryError
from barrierfree.inventory import Boundary, propose, read_table
from barrierfree.operations.lists import ListReport, import_list
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store
from tests.builders import survey

TEXT = (
    "名称,地址,社区,小分类,经度,纬度\n"
    + "甲店,广渠路1号,富力社区,便利店,116.467,39.897\n"
    + "乙店,广渠路2号,,药房,116.468,39.896\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return survey(tmp_path / "s.gpkg")


def load(store: Store, path: Path, **options: object) -> ListReport:
    return import_list(store, path, datum="gcj02", decide="new", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(store: Store, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(TEXT.encode(encoding))
    report = load(store, path)
    assert (report.rows, report.added) == (2, 2)
    assert {s.name for s in store.sites()} == {"甲店", "乙店"}
    assert store.sites(SiteFilter(text="甲店"))[0].community == "富力"


def test_real_list_of_shuangjing(store: Store, shared: Path) -> None:
    folder = shared / "shuangjing"
    path, within = folder / "facilities_gcj02.csv", folder / "boundary.geojson"
    report = load(store, path, within=within)
    assert report.rows == 200
    assert report.added == 59
    assert len(report.outside) == 141
    assert not report.rejected
    assert report.outside[0].row == 3
    boundary = Boundary.read(within)
    for site in store.sites():
        assert site.lon is not None
        assert site.lat is not None
        assert boundary.contains(site.lon, site.lat)
        assert site.datum == "gcj02"
    raw = read_table(path)
    columns = propose(raw.headers)
    given = {(row[columns["name"]], float(row[columns["lon"]]), float(row[columns["lat"]])) for row in raw.rows}
    assert {(s.name, s.given_x, s.given_y) for s in store.sites()} <= given
    again = load(store, path, within=within)
    assert (again.added, again.same) == (0, 59)


def test_positions_agree_with_the_published_conversion(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("名称,经度,纬度\n点,116.41024449916938,39.91640428150164\n", encoding="utf-8")
    load(store, path)
    site = store.sites()[0]
    assert distance_m(site.lon or 0, site.lat or 0, 116.404, 39.915) < 0.05


def test_two_laptops_give_the_same_ids(tmp_path: Path, shared: Path) -> None:
    found = []
    for device in ("a", "b"):
        with survey(tmp_path / f"{device}.gpkg", device=device) as store:
            load(store, shared / "shuangjing" / "facilities_gcj02.csv")
            found.append({s.id for s in store.sites()})
    assert found[0] == found[1]
    assert len(found[0]) == 200


def test_workbook_below_title_rows(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["双井街道设施清单"])
    sheet.append([])
    sheet.append(["序号", "点位名称", "详细地址", "经度", "纬度"])
    sheet.append([1, "丙店", "无", 116.467, 39.897])
    sheet.append([2, "丁店", "-", None, None])
    book.save(tmp_path / "l.xlsx")
    report = load(store, tmp_path / "l.xlsx")
    assert (report.header_row, report.added, report.without_position) == (3, 2, (5,))
    assert store.sites(SiteFilter(without_position=True))[0].address == ""


def test_real_workbook(store: Store, shared: Path) -> None:
    report = load(store, shared / "workbooks" / "facilities_chinese_headers.xlsx")
    assert report.rows == 30
    assert report.added + report.same == 30


def test_geojson(store: Store, shared: Path) -> None:
    report = import_list(store, shared / "shuangjing" / "osm_nodes.geojson", datum="wgs84")
    assert report.rows == 42
    assert report.added + len(report.rejected) + report.same == 42


def test_bad_rows_are_named_and_good_ones_kept(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    rows = "甲,116.46,39.89\n乙,abc,39.89\n,116.46,39.89\n丁,39.89,116.46\n戊,0,0\n"
    path.write_text("名称,经度,纬度\n" + rows, encoding="utf-8")
    report = load(store, path)
    assert report.added == 3  # the one with latitude first is taken
    assert [r.row for r in report.rejected] == [3, 4]
    assert "不是数字" in report.rejected[0].reason
    assert report.without_position == (6,)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _no_columns(path: Path) -> None:
    path.write_text("编号,电话\n1,2\n", encoding="utf-8")


def _letters(path: Path) -> None:
    path.write_text("名称,经度,纬度\n甲,abc,def\n乙,x,y\n", encoding="utf-8")


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def _blank(path: Path) -> None:
    path.write_text("\n\n,,\n", encoding="utf-8")


@pytest.mark.parametrize(("make", "word"), [(_empty, "0 字节"), (_no_columns, "名称"), (_letters, "没有一行可用"),
                                            (_binary, "l.csv"), (_blank, "没有内容")])  # fmt: skip
def test_unusable_lists(store: Store, tmp_path: Path, make: object, word: str) -> None:
    path = tmp_path / "l.csv"
    make(path)  # type: ignore[operator]
    before = len(store.facts())
    with pytest.raises(InventoryError) as caught:
        load(store, path)
    assert word in caught.value.message
    assert caught.value.advice
    assert len(store.facts()) == before


@pytest.mark.parametrize("name", ["no.xlsx", "bad.xlsx", "text.pdf"])
def test_files_that_are_no_lists(store: Store, tmp_path: Path, name: str) -> None:
    if not name.startswith("no"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(InventoryError):
        load(store, tmp_path / name)


def test_every_awkward_workbook_is_read_or_refused(store: Store, shared: Path) -> None:
    for path in sorted((shared / "workbooks").glob("*.xlsx")):
        try:
            load(store, path, dry_run=True)
            said = "read"
        except BarrierFreeError as error:
            said = error.advice
        assert said, path.name


def test_dry_run_and_cancel_store_nothing(store: Store, shared: Path) -> None:
    path = shared / "shuangjing" / "facilities_gcj02.csv"
    before = len(store.facts())
    report = load(store, path, dry_run=True)
    assert report.added == 200
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        load(store, path, progress=progress)
    assert len(store.facts()) == before


def test_bad_boundaries(store: Store, shared: Path, tmp_path: Path) -> None:
    for content in ("{}", "[]", "no json", json.dumps({"type": "Point", "coordinates": [1, 2]})):
        path = tmp_path / "b.geojson"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InventoryError):
            load(store, shared / "shuangjing" / "facilities_gcj02.csv", within=path)
