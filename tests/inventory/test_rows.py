"""Rows become sites: the same keys as ever, coordinates turned round, strays left out, names where there are none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from barrierfree.coordinates import convert
from barrierfree.errors import Cancelled, InventoryError
from barrierfree.inventory import Boundary, RawList, ReadList, propose, read_table, ready_sites
from barrierfree.store import facts
from tests.builders import definition


def raw(headers: str, *rows: str) -> RawList:
    cells = tuple(tuple(r.split("|")) for r in rows)
    return RawList(
        file="清单.csv", sheet="", encoding="utf-8", header_row=1, headers=tuple(headers.split("|")), rows=cells,
        row_numbers=tuple(range(2, len(rows) + 2)),
    )  # fmt: skip


def ready(table: RawList, datum: str = "wgs84", columns: Mapping[str, int] | None = None, **more: object) -> ReadList:
    chosen = columns if columns is not None else propose(table, definition())
    return ready_sites(table, chosen, datum, definition(), **more)  # type: ignore[arg-type]


# Computed by the first edition of this room: ids of existing surveys derive from these keys.
PINNED = {
    "shuangjing/facilities_gcj02.csv": (
        "gcj02", 200, "8b938f7007c515c3b3af2e0eb38a37046c4df8e5ed99dd57997dc3f3525f224f",
    ),
    "workbooks/facilities_chinese_headers.xlsx": (
        "gcj02", 30, "c81506ead15eb0b1bcf64e983797039f288aa0e1d37a769294d0c62ffed203b5",
    ),
    "shuangjing/beijing_admin_codes.csv": (
        "wgs84", 357, "2c33b11cb3bc2333e06f8a0de87534ecf90dc5e4c13960fd99d12395eed18bcc",
    ),
}  # fmt: skip
IDS = {0: "55D7JN950Q87AJ9J8ETXQEJK5Q", 1: "6WQSG34W4Q14VK2XJ1VMS6W251", 57: "06A8ZKKJA87RKB6JXH151HCEMJ",
       199: "1HPNACYM0NSKGQX41V3AN9MVCY"}  # fmt: skip


@pytest.mark.parametrize("name", PINNED)
def test_keys_stay_as_they_were(shared: Path, name: str) -> None:
    datum, count, digest = PINNED[name]
    read = ready(read_table(shared / name), datum)
    keys = [s.key for s in read.sites]
    assert len(keys) == count
    assert hashlib.sha256("\n".join(keys).encode()).hexdigest() == digest
    if count == 200:
        assert {n: facts.derived_id("site", keys[n]) for n in IDS} == IDS


def test_same_row_twice_is_given_twice() -> None:
    read = ready(raw("名称|经度|纬度", "甲|116.46|39.89", "甲|116.46|39.89"))
    assert read.sites[0].key == read.sites[1].key
    assert read.site_rows == (2, 3)


def test_latitude_first() -> None:
    rows = [f"店{n}|116.46{n}|39.89" for n in range(5)]
    read = ready(raw("名称|经度|纬度", *rows, "反|39.89|116.46"))
    assert [(r.row, r.name) for r in read.remarks] == [(7, "反")]
    assert read.sites[-1].position is not None
    assert (read.sites[-1].position.given_x, read.sites[-1].position.given_y) == (116.46, 39.89)
    read = ready(raw("名称|lat|lng", *(f"店{n}|116.46{n}|39.89" for n in range(5))))
    assert [r.row for r in read.remarks] == [0]
    assert "5 行先写纬度" in read.remarks[0].reason
    assert len(read.sites) == 5


def test_axis_order_of_plane_coordinates() -> None:
    east, north = convert(116.46, 39.89, "wgs84", "EPSG:4548")
    table = raw("名称|X|Y", f"甲|{north!r}|{east!r}")
    read = ready(table, "EPSG:4548", swapped=True)
    position = read.sites[0].position
    assert position is not None
    assert (position.given_x, position.given_y) == (east, north)
    assert abs(position.lon - 116.46) < 1e-6
    wrong = ready(table, "EPSG:4548").sites[0].position
    assert wrong is None or abs(wrong.lon - 116.46) > 1


def test_rows_without_a_place_are_kept() -> None:
    read = ready(raw("名称|经度|纬度", "甲|0|0", "乙||", "丙|0.0|0", "丁|116.46|39.89"))
    assert read.without_position == (2, 3, 4)
    assert len(read.sites) == 4


def test_rows_that_are_refused() -> None:
    rows = ("甲|116.46|39.89", "乙|nan|39.89", "丙|inf|39.89", "丁|116.46|", "戊|999|39", "|116.46|39.89", "合计||")
    read = ready(raw("名称|经度|纬度", *rows))
    assert [r.row for r in read.rejected] == [3, 4, 5, 6, 7, 8]
    reasons = [r.reason for r in read.rejected]
    words = ("不是数字", "不是数字", "只有经度", "超出范围", "没有名称", "合计")
    assert all(word in reason for word, reason in zip(words, reasons, strict=True)), reasons


def test_address_stands_in_for_a_name() -> None:
    read = ready(raw("名称|地址|经度|纬度", "甲|路1号|116.46|39.89", "|路2号|116.46|39.89", "|路3号||"))
    assert [s.name for s in read.sites] == ["甲", "路2号"]
    assert [r.row for r in read.remarks] == [3]
    assert [r.row for r in read.rejected] == [4]


def near(count: int) -> list[str]:
    return [f"店{n}|{116.46 + n / 1000}|39.89" for n in range(count)]


def test_another_province_is_left_out() -> None:
    read = ready(raw("名称|经度|纬度", *near(8), "沪|121.47|31.23", "错|11.646|39.89"))
    assert [f.row for f in read.outside] == [10, 11]
    assert "公里" in read.outside[0].reason
    assert "东南" in read.outside[0].reason
    assert len(read.sites) == 8


def test_far_list_is_kept_with_a_remark() -> None:
    rows = [f"店{n}|{121.47 + n / 1000}|31.23" for n in range(8)]
    islands = [f"岛{n}|122.{n}|29.9" for n in range(2)]
    read = ready(raw("名称|经度|纬度", *rows, *islands, "错|2.35|48.85"))
    assert len(read.sites) == 10
    assert [f.name for f in read.outside] == ["错"]
    assert any("离普查区域约" in r.reason for r in read.remarks)


def test_two_far_apart_are_both_kept() -> None:
    assert len(ready(raw("名称|经度|纬度", "甲|116.46|39.89", "乙|121.47|31.23")).sites) == 2


def test_boundary() -> None:
    square = {"type": "Polygon", "coordinates": [[[116.4, 39.8], [116.5, 39.8], [116.5, 39.9], [116.4, 39.9],
                                                  [116.4, 39.8]]]}  # fmt: skip
    within = Boundary.of(json.loads(json.dumps(square)))
    read = ready(raw("名称|经度|纬度", "里|116.46|39.89", "外|116.6|39.89", "无||"), within=within)
    assert [s.name for s in read.sites] == ["里", "无"]
    assert [(f.row, f.reason) for f in read.outside] == [(3, "在边界以外")]


def test_levels_and_numbers() -> None:
    headers = "点位编号|名称|区|街道|社区|网格编号|经度|纬度"
    written = ("富力社区", "双井街道富力社区居委会", "朝阳区双井街道富力", "富力居委会", " 富力 社区", "首城社区")
    rows = [f"CY-{n}|店{n}|朝阳区|双井街道|{c}|W0{n}|116.46|39.89" for n, c in enumerate(written)]
    read = ready(raw(headers, *rows))
    assert [s.community for s in read.sites] == ["富力"] * 5 + ["首城社区"]
    first = read.sites[0]
    assert (first.city_number, first.district, first.street, first.grid) == ("CY-0", "朝阳区", "双井街道", "W00")


def test_telephone_only_when_asked_for() -> None:
    table = raw("名称|备注|电话", "甲|找张姐13800138000|13900139000", "乙|二层|")
    read = ready(table, columns={"name": 0, "note": 1})
    assert [s.note for s in read.sites] == ["找张姐", "二层"]
    assert any("1 个手机号" in r.reason for r in read.remarks)
    read = ready(table, columns={"name": 0, "note": 1, "phone": 2})
    assert read.sites[0].note == "找张姐13800138000\n电话 13900139000"
    assert read.sites[1].note == "二层"


def test_names_where_there_are_none() -> None:
    table = raw("类型|编号|经度|纬度", "路口|LK-1|116.46|39.89", "便利店||116.47|39.89", "||116.48|39.89")
    read = ready(table, columns={"site_class": 0, "city_number": 1, "lon": 2, "lat": 3})
    assert [s.name for s in read.sites] == ["路口 LK-1", "便利店 3", "清单 4"]
    assert "3 行没有名称" in read.remarks[0].reason
    columns = {"site_class": 0, "lon": 1, "lat": 2}
    moved = ready(raw("类型|经度|纬度", "路口|116.40|39.89", "路口|116.47|39.89"), columns=columns)
    again = ready(raw("类型|经度|纬度", "路口|116.47|39.89"), columns=columns)
    assert moved.sites[1].key == again.sites[0].key  # the row number is no part of it


def test_no_name_and_no_position() -> None:
    with pytest.raises(InventoryError, match="找不到名称列"):
        ready(raw("编号|电话", "A1|2"))


def test_long_name() -> None:
    read = ready(raw("名称|备注", f"{'甲' * 250}|二层"), columns={"name": 0, "note": 1})
    assert len(read.sites[0].name) == 200
    assert read.sites[0].note == f"{'甲' * 250}\n二层"


def test_faults_of_reading_get_names(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text("名称,地址\n甲店,#REF!\n名称,地址\n乙店,路\n", encoding="utf-8")
    read = ready(read_table(path))
    assert [(r.row, r.name) for r in read.remarks if r.row] == [(2, "甲店")]
    assert [(r.row, r.reason) for r in read.rejected] == [(3, "是重复的表头，不是点位")]


def test_stopped() -> None:
    table = raw("名称|经度|纬度", *near(3000))

    def cancel(done: int, total: int) -> None:
        if done >= total // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        ready(table, progress=cancel)
