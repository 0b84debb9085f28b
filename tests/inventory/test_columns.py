"""Which column is what: by its header, by what it holds, by a remembered or given mapping; telephones stay out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from barrierfree.errors import InventoryError
from barrierfree.inventory import (
    FIELD_LABELS,
    FIELDS,
    RawList,
    field_label,
    proposals,
    propose,
    read_mapping,
    resolve,
    signature,
)
from tests.builders import definition


def raw(headers: str, *rows: str) -> RawList:
    cells = tuple(tuple(r.split("|")) for r in rows)
    return RawList(
        file="l.csv", sheet="", encoding="utf-8", header_row=1, headers=tuple(headers.split("|")), rows=cells,
        row_numbers=tuple(range(2, len(rows) + 2)),
    )  # fmt: skip


def named(table: RawList) -> dict[str, str]:
    return {field: table.headers[at] for field, at in propose(table, definition()).items()}


def test_every_field_has_a_label() -> None:
    assert list(FIELD_LABELS) == list(FIELDS)
    assert all(field_label(f) for f in FIELDS)


def test_headers_alone() -> None:
    found = propose(["序号", "店名", "详细地址", "所属社区", "经度(°)", "纬度(°)", "联系电话", "网格编号", "街道/乡镇"])
    assert found == {"name": 1, "address": 2, "community": 3, "lon": 4, "lat": 5, "grid": 7, "street": 8}


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        ("名称|X|Y", "甲|4416123.4|505123.4", {"name": "名称", "lon": "X", "lat": "Y"}),
        ("名称|横坐标|纵坐标", "甲|505123.4|4416123.4", {"name": "名称", "lon": "横坐标", "lat": "纵坐标"}),
        ("名称|E|N", "甲|505123.4|4416123.4", {"name": "名称", "lon": "E", "lat": "N"}),
        ("名称|x|n", "甲|大|是", {"name": "名称"}),
        ("名称|坐标", "甲|116.46,39.89", {"name": "名称", "place": "坐标"}),
        ("名称|位置", "甲|116.46,39.89", {"name": "名称", "place": "位置"}),
        ("名称|location", "甲|POINT(116.46 39.89)", {"name": "名称", "place": "location"}),
        ("名称|经度", "甲|116.46,39.89", {"name": "名称", "place": "经度"}),
        ("序号|名称|设施编号", "1|甲|CY-0001", {"name": "名称", "city_number": "设施编号"}),
        ("名称|市县区|街道", "甲|朝阳区|双井街道", {"name": "名称", "district": "市县区", "street": "街道"}),
        ("名称|市县区", "甲|北京", {"name": "名称"}),
    ],
)
def test_headers_and_content(headers: str, row: str, expected: dict[str, str]) -> None:
    assert named(raw(headers, row)) == expected


def test_content_alone() -> None:
    table = raw(
        "c1|c2|c3|c4|c5|c6|c7",
        "1|一分利超市|广渠路36号院5号楼|富力社区|116.4671|39.8971|13800138000",
        "2|双井药房|双井桥东路2号|垂杨柳东里|116.4682|39.8962|13900139000",
        "3|老张理发店|劲松路甲1号|富力社区|116.4693|39.8953|010-67701234",
    )
    found = proposals(table, definition())
    assert {f: p.column for f, p in found.items()} == {
        "lon": 4, "lat": 5, "community": 3, "address": 2, "name": 1,
    }  # fmt: skip
    assert found["lon"].reason == "内容像经度、纬度"


def test_plane_coordinates_by_content() -> None:
    table = raw("c1|c2|c3", "超市|4416123.412|39505123.4", "药房|4416200.3|39505200.1", "理发店|4416300.2|39505300")
    assert named(table) == {"name": "c1", "lon": "c3", "lat": "c2"}


def test_reason_names_the_header() -> None:
    assert proposals(raw("店名", "甲"))["name"].reason == "列名“店名”"


def test_the_fuller_of_two_columns() -> None:
    assert named(raw("name:zh|name", "|甲", "|乙", "丙|丙")) == {"name": "name"}


def test_telephones_stay_out() -> None:
    for header in ("电话", "备注", "地址", "店名", "编号", "c1"):
        table = raw(f"名称|{header}", "甲店|13800138000", "乙店|010-67701234", "丙店|13900139000/67701234")
        assert named(table) == {"name": "名称"}, header


def test_row_numbers_are_no_numbers_of_things() -> None:
    assert named(raw("id|名称", *(f"{n}|店{n}" for n in range(1, 9)))) == {"name": "名称"}
    assert named(raw("id|名称", *(f"{n * 7}|店{n}" for n in range(1, 9))))["city_number"] == "id"
    assert named(raw("身份证编号|名称", *(f"{n * 7}|店{n}" for n in range(1, 9)))) == {"name": "名称"}


def test_texts_without_any_place_are_no_list() -> None:
    assert named(raw("calamine repo|mail link", "Rust Programming Language|", "book2|")) == {}


def test_empty_list_keeps_its_headers() -> None:
    assert named(raw("名称|经度|纬度")) == {"name": "名称", "lon": "经度", "lat": "纬度"}


def test_signature() -> None:
    assert signature(["名称", "经度（E）"]) == signature(["经度", " 名称 "])
    assert signature(["名称"]) != signature(["名称", "经度"])


def mapping(path: Path, content: object) -> dict[str, str | int]:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_mapping(path)


def test_mapping_by_text_letter_and_number(tmp_path: Path) -> None:
    table = raw("店铺名|b|c|d", "甲||1|2")
    given = mapping(tmp_path / "m.json", {"name": "店铺名", "lon": "C", "lat": 4, "header_row": 3})
    assert given["header_row"] == 3
    assert resolve(given, table) == {"name": 0, "lon": 2, "lat": 3}
    assert resolve({"name": " 店铺名 "}, table) == {"name": 0}


@pytest.mark.parametrize(
    ("content", "word"),
    [("no json", "不是 JSON"), ([], "没有列"), ({}, "没有列"), ({"nmae": "A"}, "nmae"), ({"name": True}, "true"),
     ({"name": 1.5}, "1.5"), ({"name": ""}, '""'), ({"header_row": "x"}, "header_row")],
)  # fmt: skip
def test_mappings_that_cannot_be(tmp_path: Path, content: object, word: str) -> None:
    with pytest.raises(InventoryError, match=word) as caught:
        mapping(tmp_path / "m.json", content)
    assert caught.value.advice
    with pytest.raises(InventoryError, match="读不了"):
        read_mapping(tmp_path / "none.json")


@pytest.mark.parametrize("value", ["没有", "Z", 0, 9, -1])
def test_columns_that_are_not_there(value: str | int) -> None:
    with pytest.raises(InventoryError) as caught:
        resolve({"name": value}, raw("店名|b", "甲|1"))
    assert "A 店名、B b" in caught.value.advice
