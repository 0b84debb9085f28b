"""A map on paper: its scale, what lies in it, and the words that count it; shapes drawn on the map."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from barrierfree import coordinates
from barrierfree.errors import ReportError
from barrierfree.operations.map_area import read_ring, sites_in_shape
from barrierfree.operations.map_paper import MapWanted, Projection, box_of, paper_map
from barrierfree.store import SiteFilter
from tests.builders import new_site, survey

FRAME = (10.0, 25.0, 277.0, 150.0)
BOX = (116.44, 39.885, 116.48, 39.905)


@pytest.mark.parametrize("lat", [0.0, 22.5, 39.9, 53.0])
def test_the_scale_is_right_for_its_latitude(lat: float) -> None:
    box = (116.44, lat - 0.01, 116.48, lat + 0.01)
    made = Projection.fit(box, FRAME)
    middle = ((made.box[0] + made.box[2]) / 2, lat)
    metres, length = made.bar()
    x, _y = made.place(*middle)
    lon, there = coordinates.moved(*middle, float(metres), 0.0)
    assert made.place(lon, there)[0] - x == pytest.approx(length, rel=1e-4)
    assert length * made.ratio / 1000 == pytest.approx(metres, rel=1e-9)
    assert 20 <= length <= 50
    west, south, east, north = made.box
    assert west <= box[0] < box[2] <= east
    assert south <= box[1] < box[3] <= north
    assert made.ratio == int(made.ratio)


def test_the_box_fills_the_frame_as_far_as_usual_scales_allow() -> None:
    made = Projection.fit(BOX, FRAME)
    left, top = made.place(BOX[0], BOX[3])
    right, bottom = made.place(BOX[2], BOX[1])
    assert max((right - left) / FRAME[2], (bottom - top) / FRAME[3]) > 0.78
    assert (left + right) / 2 == pytest.approx(FRAME[0] + FRAME[2] / 2)
    assert (top + bottom) / 2 == pytest.approx(FRAME[1] + FRAME[3] / 2)


def test_what_is_counted_is_what_is_drawn(tmp_path: Path) -> None:
    rng = random.Random(3)
    places = [(116.44 + rng.random() * 0.04, 39.885 + rng.random() * 0.02) for _ in range(50)]
    with survey(tmp_path / "s.gpkg") as store:
        sites = [
            replace(new_site(str(n), f"店{n}（示例）", community="富力" if n < 20 else "垂杨柳东里"),
                    position=coordinates.position(*place, "wgs84"))
            for n, place in enumerate(places)
        ]  # fmt: skip
        store.add_sites([*sites, replace(new_site("bare"), position=None)], person="p")
        wanted = MapWanted(title="t", what="view", view=(116.45, 39.888, 116.46, 39.894))
        projection = Projection.fit(box_of(store, wanted), FRAME)
        west, south, east, north = projection.box
        inside = sum(west <= x <= east and south <= y <= north for x, y in places)
        paper = paper_map(store, wanted, projection)
        assert 0 < inside < 50
        assert sum(paper.counts.values()) == inside == len(paper.named)
        assert f"图上 {inside} 个点位；有位置的共 50 个；另有 1 个没有位置，不在图上。" in paper.count_text
        assert [name for _id, name, _status in paper.named] == [
            f"店{n}（示例）" for n, (x, y) in sorted(enumerate(places), key=lambda found: -found[1][1])
            if west <= x <= east and south <= y <= north
        ]  # fmt: skip
        community = MapWanted(title="t", what="community", community="富力")
        whole = Projection.fit(box_of(store, community), FRAME)
        assert sum(paper_map(store, community, whole).counts.values()) == 20
        with pytest.raises(ReportError, match="没有可以打印的范围"):
            box_of(store, MapWanted(title="t", what="community", community="没有的社区"))


def test_clusters_on_paper_count_every_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barrierfree.operations.map_paper.MOST_SITES", 100)
    rng = random.Random(5)
    with survey(tmp_path / "s.gpkg") as store:
        sites = [
            replace(new_site(str(n)), position=coordinates.position(116.44 + rng.random() * 0.04, 39.89, "wgs84"))
            for n in range(300)
        ]
        store.add_sites(sites, person="p")
        wanted = MapWanted(title="t", what="all")
        paper = paper_map(store, wanted, Projection.fit(box_of(store, wanted), FRAME))
        assert paper.content.clusters
        assert sum(paper.counts.values()) == 300
        assert "圆圈里的数字" in paper.rule_text
        assert paper.named == ()


def test_a_shape_holds_the_sites_of_a_filter(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        places = [(116.45, 39.89), (116.46, 39.89), (116.455, 39.895), (116.48, 39.89)]
        made = [
            replace(new_site(str(n), community="富力" if n else "垂杨柳东里"),
                    position=coordinates.position(*place, "wgs84"))
            for n, place in enumerate(places)
        ]  # fmt: skip
        ids = store.add_sites(made, person="p").ids
        ring = read_ring("116.449,39.889;116.465,39.889;116.465,39.899;116.449,39.899")
        assert set(sites_in_shape(store, ring)) == set(ids[:3])
        assert set(sites_in_shape(store, ring, SiteFilter(community="富力"))) == set(ids[1:3])
        bow = [(116.449, 39.889), (116.465, 39.899), (116.465, 39.889), (116.449, 39.899)]
        assert set(sites_in_shape(store, bow)) <= set(ids[:3]), "one that crosses itself is no fault"
        assert sites_in_shape(store, [(116.4, 39.8), (116.5, 39.8), (116.45, 39.8)]) == ()
        with pytest.raises(ValueError, match="three"):
            read_ring("116.4,39.8;116.5,39.8")
