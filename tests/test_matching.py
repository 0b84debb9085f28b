"""Which site is which: names that differ by a door number, branches, distance; on the real lists what is asked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from barrierfree.coordinates import position
from barrierfree.matching import ASK_FROM, Candidate, Place, certain_match, compare, find_candidates, name_likeness

STEP = 0.0001  # degrees: 8.5 m east, 11 m north in Beijing


def place(name: str, east: float | None = 0, **more: str) -> Place:
    lon = None if east is None else 116.46 + east * STEP / 8.5
    return Place(more.pop("id", name), name, lon=lon, lat=None if lon is None else 39.895, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("幸福便利店", "幸福便利店"), ("幸福便利店（双井店）", "幸福便利店 双井店"), ("ＡＢＣ药房", "abc药房"),
        ("北京市朝阳区双井街道富力社区居委会", "富力社区居委会"), ("中国银行·双井支行", "中国银行双井支行"),
    ],
)  # fmt: skip
def test_the_same_name(one: str, other: str) -> None:
    assert name_likeness(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("富力城2号楼", "富力城3号楼"), ("双井站A口", "双井站B口"), ("公园东门", "公园西门"),
        ("九龙山一号院", "九龙山二号院"),
        ("星巴克（富力店）", "星巴克（双井店）"), ("停车场1", "停车场2"), ("首城国际7号楼底商", "首城国际8号楼底商"),
    ],
)  # fmt: skip
def test_neighbours_are_not_the_same(one: str, other: str) -> None:
    assert name_likeness(one, other) <= 0.6
    near = compare(place(one), place(other, 8, id="x"))
    assert near.score < ASK_FROM
    assert not near.certain


def test_numbers_in_chinese_are_numbers() -> None:
    assert name_likeness("九龙山一号院", "九龙山1号院") > 0.6


def test_reasons_are_words() -> None:
    row = place("幸福便利店", address="广渠路36号", community="富力", site_class="storefront")
    known = place(
        "幸福便利店（双井店）", 12, id="k", address="北京市朝阳区广渠路36号", community="富力", site_class="storefront"
    )
    found = compare(row, known)
    assert found.reasons == ("名称相近 93%：“幸福便利店（双井店）”", "相距 12 米", "地址相同", "社区相同", "类别相同")
    assert found.score >= 90
    assert not found.certain


def test_certain_needs_an_equal_name_and_nothing_against_it() -> None:
    def certain(row: Place, *known: Place) -> Candidate | None:
        return certain_match(find_candidates([row], known)[0])

    row = place("幸福便利店", id="r")
    assert certain(row, place("幸福便利店", 25, id="k"))
    assert not certain(row, place("幸福便利店", 45, id="k"))
    assert not certain(row, place("幸福便利店", 5, id="k"), place("幸福便利店", 8, id="l"))
    assert not certain(row, place("幸福便利店", None, id="k"))
    bare = place("幸福便利店", None, id="r", address="广渠路36号")
    assert certain(bare, place("幸福便利店", None, id="k", address="广渠路36号"))
    assert certain(place("幸福超市", id="r", number="A7"), place("幸福便利超市", 60, id="k", number="A7"))
    assert not certain(place("牙科诊所", id="r", number="A7"), place("幸福便利超市", 60, id="k", number="A7"))
    asked = find_candidates([place("牙科诊所", id="r", number="A7")], [place("幸福便利超市", 60, id="k", number="A7")])
    assert asked[0][0].reasons[0] == "编号相同"


def test_a_number_that_many_have_is_no_number() -> None:
    known = [place(f"甲乙丙{c}", 500 * i, id=str(i), number="0") for i, c in enumerate("子丑寅卯辰巳午")]
    assert find_candidates([place("另一家", 9000, id="r", number="0")], known) == [()]


def test_duplicates_inside_one_list_ask_once() -> None:
    rows = [place("幸福便利店", id="1"), place("幸福便利店（双井店）", 10, id="2"), place("光环药房", 10, id="3")]
    found = find_candidates(rows, [])
    assert [[c.other for c in row] for row in found] == [[], ["1"], []]
    assert find_candidates(rows, [], apart=lambda a, b: {a, b} == {"1", "2"}) == [(), (), ()]


def test_far_apart_is_not_asked() -> None:
    assert find_candidates([place("永辉超市", id="r")], [place("永辉超市", 400, id="k")]) == [()]


def test_without_positions_names_and_addresses_decide() -> None:
    known = [
        place("富力社区居委会", None, id="k", address="广渠路5号", community="富力"),
        place("光环药房", None, id="l"),
    ]
    (found,) = find_candidates(
        [place("富力社区居民委员会", None, id="r", address="广渠路5号", community="富力")], known
    )
    assert [c.other for c in found] == ["k"]
    assert found[0].distance_m is None


def test_progress_can_stop() -> None:
    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    rows = [place(f"幸福便利店{chr(0x4E00 + i)}", i, id=str(i)) for i in range(50)]
    with pytest.raises(KeyboardInterrupt):
        find_candidates(rows, [], progress=stop)


def _rows(path: Path, name: str, address: str, lon: str, lat: str, datum: str) -> list[Place]:
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            at = position(float(row[lon]), float(row[lat]), datum) if row[lon] else None
            where = (at.lon, at.lat) if at else (None, None)
            rows.append(Place(str(number), row[name], row[address], lon=where[0], lat=where[1]))
    return rows


def test_the_real_list_of_shuangjing_asks_two_real_questions(shared: Path) -> None:
    rows = _rows(shared / "shuangjing" / "facilities_gcj02.csv", "名称", "地址", "经度", "纬度", "gcj02")
    found = find_candidates(rows, [])
    asked = [(row.name, known.other) for row, candidates in zip(rows, found, strict=True) for known in candidates]
    assert asked == [("万豪鲜花店", "88"), ("苹果手机维修中心", "150")]
    again = find_candidates([Place("x" + r.id, r.name, r.address, lon=r.lon, lat=r.lat) for r in rows], rows)
    sure = [certain_match(c) for c in again]
    assert [c.other for c in sure if c] == [r.id for r in rows], "the same list under other ids is known row by row"


def test_the_real_list_of_tokyo_asks_about_one_building_with_several_toilets(shared: Path) -> None:
    rows = _rows(shared / "accessibility" / "tokyo_barrier_free_toilets.csv", "name", "address", "lng", "lat", "wgs84")
    found = find_candidates(rows, [])
    asked = [(rows[at], c[0]) for at, c in enumerate(found) if c]
    assert 2500 < len(asked) < 3200
    by_id = {r.id: r for r in rows}
    alike = sum(row.name == by_id[c.other].name for row, c in asked)
    assert alike / len(asked) > 0.95
