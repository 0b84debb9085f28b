"""Which datum a list is in: made from true positions in every datum, and the real lists."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from barrierfree.coordinates import convert_many
from barrierfree.inventory import Boundary, DatumProposal, datum_name, propose_datum

Floats = NDArray[np.float64]
DATUMS = ["wgs84", "gcj02", "bd09", "EPSG:4548", "EPSG:4527", "EPSG:4498"]
DEGREES = DATUMS[:3]
WEST, SOUTH, EAST, NORTH = 116.43792, 39.88317, 116.48376, 39.90318  # around the polygon of 双井街道


@pytest.fixture
def area(shared: Path) -> Boundary:
    return Boundary.read(shared / "shuangjing" / "boundary.geojson")


def _inside(area: Boundary, n: int, seed: int = 1) -> tuple[Floats, Floats]:
    """``n`` random WGS-84 positions inside the area."""
    chance = np.random.default_rng(seed)
    lons, lats = chance.uniform(WEST, EAST, 4 * n + 50), chance.uniform(SOUTH, NORTH, 4 * n + 50)
    held = area.contains_many(lons, lats)
    assert held.sum() >= n
    return lons[held][:n], lats[held][:n]


def _cluster(n: int) -> tuple[Floats, Floats]:
    """``n`` positions within some 50 m in the middle of the area: inside by every datum of degrees."""
    chance = np.random.default_rng(2)
    return 116.4655 + chance.normal(0, 3e-4, n), 39.8945 + chance.normal(0, 3e-4, n)


def _in(lons: Floats, lats: Floats, datum: str, swapped: bool) -> tuple[Floats, Floats]:
    x, y = convert_many(lons, lats, "wgs84", datum)
    return (y, x) if swapped else (x, y)


def _real(shared: Path) -> tuple[list[str], Floats, Floats]:
    with (shared / "shuangjing" / "facilities_gcj02.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return (
        [r["名称"] for r in rows],
        np.array([float(r["经度"]) for r in rows]),
        np.array([float(r["纬度"]) for r in rows]),
    )


def _counts(found: DatumProposal) -> dict[str, int | None]:
    return {c.datum: c.inside for c in found.candidates if not c.swapped}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("n", [50, 1400])
def test_points_all_over_the_area_tell_the_datum(area: Boundary, n: int, datum: str, swapped: bool) -> None:
    found = propose_datum(*_in(*_inside(area, n), datum, swapped), area=area)
    assert (found.best, found.sure) == ((datum, swapped), True), found.reason
    first = found.candidates[0]
    assert (first.datum, first.swapped, first.inside, first.tried, first.share) == (datum, swapped, n, n, 1.0)
    assert len(first.sample) == min(n, 500)
    west, south, east, north = first.extent
    assert WEST <= west < east <= EAST
    assert SOUTH <= south < north <= NORTH
    assert first.label in found.reason
    assert str(n) in found.reason


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [5, 10, 20, 35])
def test_few_points_tell_the_right_one_or_nothing(area: Boundary, n: int, seed: int) -> None:
    for datum in DATUMS:
        found = propose_datum(*_in(*_inside(area, n, seed), datum, False), area=area)
        assert found.best in ((datum, False), None), found.reason
        if n == 5 and datum in DEGREES:
            assert found.best is None
            assert "太少" in found.reason or "不到一成" in found.reason


@pytest.mark.parametrize("datum", DEGREES)
def test_a_cluster_in_the_middle_is_told_by_names_alone(area: Boundary, datum: str) -> None:
    lons, lats = _cluster(300)
    xs, ys = _in(lons, lats, datum, False)
    by_area = propose_datum(xs, ys, area=area)
    assert (by_area.best, by_area.sure) == (None, False)
    assert "无法判断" in by_area.reason
    known = [(xs[i], ys[i], lons[i] + 2e-4, lats[i]) for i in range(3)]
    for outline in (area, None):
        found = propose_datum(xs, ys, area=outline, known=known)
        assert (found.best, found.sure) == ((datum, False), True), found.reason
        assert found.candidates[0].median_m == pytest.approx(17, abs=1)
        assert "3 个同名点位" in found.reason
        assert "17 米" in found.reason
    assert (found.candidates[0].inside, found.candidates[0].share) == (None, None)


def test_two_known_names_are_too_few_and_far_ones_say_nothing(area: Boundary) -> None:
    lons, lats = _cluster(300)
    xs, ys = _in(lons, lats, "gcj02", False)
    assert propose_datum(xs, ys, area=None, known=[(xs[0], ys[0], lons[0], lats[0])] * 2).best is None
    far = [(xs[i], ys[i], lons[i] + 0.003, lats[i]) for i in range(5)]  # 256 m: other branches of the same chain
    assert propose_datum(xs, ys, area=area, known=far).best is None
    one_wrong = [(xs[i], ys[i], lons[i], lats[i] + (0.05 if i == 0 else 0)) for i in range(5)]
    assert propose_datum(xs, ys, area=area, known=one_wrong).best == ("gcj02", False)


def test_names_and_outline_that_contradict_each_other(area: Boundary) -> None:
    lons, lats = _inside(area, 300)
    xs, ys = _in(lons, lats, "gcj02", False)
    # the sites known by name lie where WGS-84 would put the rows, but 150 m off
    known = [(x, y, x, y + 150 / 111_000) for x, y in zip(xs[:5].tolist(), ys[:5].tolist(), strict=True)]
    found = propose_datum(xs, ys, area=area, known=known)
    assert found.best is None
    assert "矛盾" in found.reason


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("datum", DATUMS)
def test_known_names_find_swapped_columns_too(area: Boundary, datum: str, swapped: bool) -> None:
    lons, lats = _cluster(4)
    xs, ys = _in(lons, lats, datum, swapped)
    found = propose_datum(xs, ys, area=None, known=list(zip(xs, ys, lons, lats, strict=True)))
    assert (found.best, found.sure) == ((datum, swapped), True)


def test_real_list_reaches_beyond_the_area(shared: Path, area: Boundary) -> None:
    """It is in GCJ-02, and yet most points lie inside by BD-09: the outline must not decide here."""
    _, xs, ys = _real(shared)
    found = propose_datum(xs, ys, area=area, area_name="双井街道")
    assert _counts(found) == {"gcj02": 59, "wgs84": 67, "bd09": 89}
    assert (found.best, found.sure) == (None, False)
    assert found.reason == (
        "200 个点换算后落在双井街道内的，按 BD-09 有 89 个，按 WGS-84/CGCS2000 有 67 个，按 GCJ-02 有 59 个；"
        "清单里有很多点在双井街道以外，点数多少说明不了坐标系；无法判断是哪一种坐标系。"
    )
    around = Boundary.read(shared / "shuangjing" / "boundary_and_neighbours.geojson")
    found = propose_datum(xs, ys, area=around)
    assert _counts(found) == {"gcj02": 183, "wgs84": 165, "bd09": 181}
    assert found.best is None
    assert "不到一成" in found.reason


def test_real_list_with_known_names_or_a_hint(shared: Path, area: Boundary) -> None:
    names, xs, ys = _real(shared)
    lons, lats = convert_many(xs, ys, "gcj02", "wgs84")
    once = [i for i, name in enumerate(names) if names.count(name) == 1][:12]
    known = [(xs[i], ys[i], lons[i] + 1e-4 * (i % 3), lats[i]) for i in once]
    found = propose_datum(xs, ys, area=area, known=known, area_name="双井街道")
    assert (found.best, found.sure) == (("gcj02", False), True)
    assert found.reason.startswith("与 12 个同名点位相比，按 GCJ-02 中位相差")
    found = propose_datum(xs, ys, area=area, hint="高德")
    assert (found.best, found.sure) == (("gcj02", False), False)
    assert "文件写明是 GCJ-02，换算结果不与此矛盾" in found.reason


def test_tokyo(shared: Path, area: Boundary) -> None:
    with (shared / "accessibility" / "tokyo_barrier_free_toilets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    xs, ys = ([float(r[name]) for r in rows] for name in ("lng", "lat"))
    found = propose_datum(xs, ys, area=area)
    assert (found.best, found.sure) == (None, False)
    assert [c.datum for c in found.candidates] == ["wgs84"], "outside China the others are the same"
    assert "没有点落在" in found.reason
    for hint, datum in (("EPSG:6668", "EPSG:6668"), ("WGS 84", "wgs84"), ("EPSG:4490", "cgcs2000")):
        found = propose_datum(xs, ys, area=area, hint=hint)
        assert (found.best, found.sure) == ((datum, False), False)
    assert propose_datum(ys, xs, area=None).best == ("wgs84", True)


def test_what_the_file_says(area: Boundary) -> None:
    lons, lats = _inside(area, 200)
    xs, ys = _in(lons, lats, "gcj02", False)
    agreed = propose_datum(xs, ys, area=area, hint="GCJ-02")
    assert (agreed.best, agreed.sure) == (("gcj02", False), True)
    assert "文件自己也写明" in agreed.reason
    prj = (
        'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )
    against = propose_datum(xs, ys, area=area, hint=prj)
    assert (against.best, against.sure) == (("gcj02", False), False)
    assert "但文件自己写明是 WGS-84/CGCS2000" in against.reason
    unknown = propose_datum(xs, ys, area=area, hint="某某坐标")
    assert unknown.best == ("gcj02", False)
    assert "某某坐标" in unknown.reason


def test_a_declared_system_that_is_not_usually_tried(area: Boundary) -> None:
    lons, lats = _inside(area, 200)
    for hint, datum in (("EPSG:4547", "EPSG:4547"), ("bd09mc", "bd09mc"), ("EPSG:3857", "EPSG:3857")):
        assert propose_datum(*_in(lons, lats, datum, False), area=area, hint=hint).best == (datum, False)
        assert propose_datum(*_in(lons, lats, datum, True), area=area, hint=hint).best == (datum, True)
    # the six degree zone about the same meridian has the same numbers: what the file says is taken, not doubted
    found = propose_datum(*_in(lons, lats, "EPSG:4548", False), area=area, hint="EPSG:4509")
    assert (found.best, found.sure) == (("EPSG:4509", False), True)
    assert "EPSG:4548" not in _counts(found)
    plane = propose_datum(*_in(lons, lats, "EPSG:4527", False), area=area, hint="EPSG:4326")
    assert (plane.best, plane.sure) == (("EPSG:4527", False), True)


@pytest.mark.parametrize("hint", ["北京54", "EPSG:2436", "Xian_1980_3_Degree_GK_Zone_39", "EPSG:4610"])
def test_an_old_datum_is_refused_though_the_points_seem_to_fit(area: Boundary, hint: str) -> None:
    found = propose_datum(*_in(*_inside(area, 100), "EPSG:4527", False), area=area, hint=hint)
    assert found.best is None
    assert "没有本地参数" in found.reason
    assert found.candidates[0].inside == 100


def test_a_declared_datum_that_the_points_contradict(area: Boundary) -> None:
    lons, lats = _cluster(200)  # WGS-84 or GCJ-02: cannot tell; but not a city 300 km away
    found = propose_datum(*_in(lons, lats, "EPSG:4548", False), area=area, hint="EPSG:4549")
    assert found.best == ("EPSG:4548", False)
    none = propose_datum(*_in(lons, lats, "gcj02", False), area=area, hint="EPSG:4527")
    assert none.best is None
    assert "不可能" in none.reason


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        ([], []), ([0.0] * 20, [0.0] * 20), ([float("nan")] * 20, [1.0] * 20), ([1e12] * 20, [1e12] * 20),
        ([float("inf")], [3.0]), ([500.0] * 20, [600.0] * 20),
    ],
)  # fmt: skip
def test_no_usable_numbers(area: Boundary, xs: list[float], ys: list[float]) -> None:
    for hint in ("", "wgs84", "EPSG:4548", "bd09mc"):
        found = propose_datum(xs, ys, area=area, hint=hint)
        assert found.best is None or hint
        assert not found.sure
        assert found.reason.endswith("。")


def test_rows_without_a_coordinate_do_not_count(area: Boundary) -> None:
    xs, ys = _in(*_inside(area, 60), "bd09", False)
    xs[:5], ys[:5], xs[5] = 0, 0, np.nan
    found = propose_datum(xs, ys, area=area)
    assert (found.points, found.best) == (54, ("bd09", False))


def test_no_area_and_no_names() -> None:
    assert propose_datum([116.46] * 9, [39.89] * 9, area=None).best is None
    only = propose_datum([39453902.0] * 9, [4418009.0] * 9, area=None)
    assert (only.best, only.sure) == (("EPSG:4527", False), False)


def test_100_000_points_are_fast(area: Boundary) -> None:
    lons, lats = (np.tile(a, 50)[:100_000] for a in _inside(area, 2000))
    xs, ys = _in(lons, lats, "gcj02", False)
    known = list(zip(xs[:2000], ys[:2000], lons[:2000], lats[:2000], strict=True))
    start = time.perf_counter()
    found = propose_datum(xs, ys, area=area, known=known, hint="EPSG:4490")
    taken = time.perf_counter() - start
    print(f"100,000 points, {len(found.candidates)} candidates: {taken:.3f} s")
    assert found.best == ("gcj02", False)
    assert taken < 1.5


def test_of_a_longer_list_evenly_spaced_rows_are_tried(area: Boundary) -> None:
    lons, lats = (np.tile(a, 50) for a in _inside(area, 3000))
    found = propose_datum(*_in(lons, lats, "gcj02", False), area=area)
    assert (found.best, found.points, found.candidates[0].tried) == (("gcj02", False), 150_000, 100_000)
    assert "均匀抽取" in found.reason


def test_boundary_for_many_is_boundary_for_one(shared: Path, area: Boundary) -> None:
    chance = np.random.default_rng(5)
    lons, lats = chance.uniform(116.43, 116.49, 500), chance.uniform(39.88, 39.91, 500)
    assert area.contains_many(lons, lats).tolist() == [area.contains(a, b) for a, b in zip(lons, lats, strict=True)]
    assert area.contains_many([float("nan"), 116.46, float("inf")], [39.89, 39.893, 39.89]).tolist() == [
        False,
        True,
        False,
    ]
    assert area.contains_many([], []).tolist() == []
    polygon: dict[str, Any] = json.loads((shared / "shuangjing" / "boundary.geojson").read_text(encoding="utf-8"))
    lon, lat = polygon["features"][0]["geometry"]["coordinates"][0][0]
    assert area.contains_many([lon], [lat]).tolist() == [True], "the edge belongs to it"


def test_names() -> None:
    assert datum_name("wgs84") == datum_name("cgcs2000") == "WGS-84/CGCS2000"
    assert datum_name("gcj02", True) == "两列对调的 GCJ-02"
    assert datum_name("EPSG:6668") == "EPSG:6668"
