"""The list beside the map: what it holds, in which order, from where it is told, and moving with its way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from barrierfree.coordinates import distance_m, moved, position
from barrierfree.errors import PhotoError, StepRefused
from barrierfree.model.records import StepRequest
from barrierfree.model.words import FindingState, Status
from barrierfree.operations import moving
from barrierfree.operations.map_list import Listing, Origin, Wanted, listing
from barrierfree.operations.site_work import Here
from barrierfree.store import SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.photo_files import picture

GATE = (116.46, 39.89)
ALL = (116.0, 39.0, 117.0, 40.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A gate, a shop 40 m north-east of it with an overdue ramp, one 600 m east, and one without position."""
    clock = Clock()
    store = survey(tmp_path / "s.gpkg", clock)
    shop = replace(new_site("shop", "光环药房"), position=position(*moved(*GATE, 28.3, 28.3), "wgs84"))
    far = replace(new_site("far", "远处的店", "富力"), position=moving.in_datum(*moved(*GATE, 600, 0), "gcj02"))
    bare = replace(new_site("bare", "没有位置的店"), position=None)
    store.add_sites([new_site("gate", "2 号门"), shop, far, bare], person="p")
    done = store.submit_visit(visit(named(store, "光环"), inspection(1.0)), person="anna")
    clock.move(hours=1)
    store.review_visit(done.visit, accept=True, person="staff")
    finding = store.findings()[0]
    step = StepRequest(to=FindingState.IN_PROGRESS, unit="物业", deadline="2026-03-05")
    store.record_step(finding.id, step, person="staff")
    clock.move(days=6)  # 8 March
    yield store
    store.close()


def named(store: Store, text: str) -> str:
    return store.sites(SiteFilter(text=text))[0].id


def ask(store: Store, **wanted: object) -> Listing:
    return listing(store, Wanted.model_validate(wanted), lambda element, _number: {"wheelchair_ramp": "坡道"}[element])


def test_a_problem_is_told_from_the_neighbour(store: Store) -> None:
    found = ask(store, view=ALL, findings=True)
    assert [row.sentence for row in found.rows] == [
        "坡道，尺寸不达标（光环药房），“2 号门”东北 40 米，整改中，超期 3 天"
    ]
    assert (found.total, found.rows[0].late, found.rows[0].symbol) == (1, 3, "in_progress")


def test_nearest_first_from_each_origin(store: Store) -> None:
    here = Here(lon=moved(*GATE, 590, 0)[0], lat=GATE[1], name="我")
    from_here = ask(store, origin=Origin.HERE, stands=here)
    assert [r.site.name for r in from_here.rows] == ["远处的店", "光环药房", "2 号门", "没有位置的店"]
    assert [r.where for r in from_here.rows] == ["我这里东 10 米", "我这里西 562 米", "我这里西 590 米", ""]
    assert "没有位置" in from_here.rows[-1].sentence
    middle = ask(store, view=ALL, middle=GATE, origin=Origin.MIDDLE)
    assert [r.where for r in middle.rows] == ["就在地图中心", "地图中心东北 40 米", "地图中心东 600 米"]
    chosen = ask(store, view=ALL, origin=Origin.CHOSEN, stands=Here(lon=GATE[0], lat=GATE[1], name="2 号门"))
    assert chosen.rows[1].where == "“2 号门”东北 40 米"


def test_the_view_the_part_and_the_filter(store: Store) -> None:
    near = (GATE[0] - 0.002, GATE[1] - 0.002, GATE[0] + 0.002, GATE[1] + 0.002)
    assert ask(store, view=near).total == 2
    part = ask(store, view=ALL, limit=1)
    assert (len(part.rows), part.total) == (1, 3)
    counts = ask(store, view=ALL, filter=SiteFilter(statuses=(Status.IN_PROGRESS,)))
    assert (counts.total, counts.counts[Status.IN_PROGRESS], counts.counts[Status.NOT_SURVEYED]) == (1, 1, 2)
    for wanted, total in (
        (SiteFilter(overdue_on="2026-03-08"), 1), (SiteFilter(overdue_on="2026-03-05"), 0),
        (SiteFilter(problem="non_compliant"), 1), (SiteFilter(problem="missing"), 0),
        (SiteFilter(problem="missing", overdue_on="2026-03-08"), 0), (SiteFilter(community="富力"), 1),
        (SiteFilter(reported_since="2026-03-02"), 1), (SiteFilter(reported_since="2026-03-03"), 0),
        (SiteFilter(ids=(named(store, "远处"), named(store, "2 号"))), 2), (SiteFilter(text="药房"), 1),
    ):  # fmt: skip
        assert ask(store, view=ALL, filter=wanted).total == total, wanted
    bare = ask(store, view=near, filter=SiteFilter(without_position=True))
    assert [r.site.name for r in bare.rows] == ["没有位置的店"]


def test_named_findings_are_listed_when_closed_too(store: Store) -> None:
    finding = store.findings()[0]
    store.record_step(finding.id, StepRequest(to=FindingState.INVALID, reason="看错了"), person="staff")
    assert ask(store, view=ALL, findings=True).total == 0
    found = ask(store, view=ALL, findings=True, finding_ids=(finding.id,))
    assert (found.total, found.rows[0].late) == (1, 0)


def test_more_sites_than_are_compared_at_once(tmp_path: Path) -> None:
    with survey(tmp_path / "many.gpkg") as store:
        store.add_sites([new_site(str(n), f"店 {n}", lon=116.46 + n * 1e-6) for n in range(40)], person="p")
        store.add_sites([new_site("away", "远处", lon=116.6)], person="p")
        found = {r.site.name: r.where for r in ask(store).rows}
    assert found["远处"].startswith("“店 39”东 ")
    assert found["店 3"].startswith("就在“店 ")


# -- moving ---------------------------------------------------------------------------------------------------------


def test_by_metres_stays_in_the_datum_of_the_site(store: Store) -> None:
    site = store.site(named(store, "远处"))
    origin = moving.held(site)
    assert origin is not None
    new = moving.beside(origin, -30, 40)
    assert new.datum == "gcj02"
    assert distance_m(origin.lon, origin.lat, new.lon, new.lat) == pytest.approx(50, abs=0.02)
    told = moving.weigh(store, site, new)
    assert "移动：向西北 50 米" in told.lines
    assert told.inside is True
    store.change_site(site.id, {"position": new}, person="anna")
    assert moving.held(store.site(site.id)) == new
    moving.put_back(store, site.id, origin, new, person="anna")
    assert moving.held(store.site(site.id)) == origin, "also the coordinate as given and its datum"
    with pytest.raises(StepRefused):
        moving.put_back(store, site.id, origin, new, person="anna")
    assert store.check() == []


def test_on_a_plane_too(store: Store) -> None:
    origin = position(453902.168, 4418009.572, "EPSG:4548")
    new = moving.beside(origin, 0, 10)
    assert (new.given_x, new.given_y) == pytest.approx((453902.16, 4418019.57), abs=0.15)  # grid north is nearly north
    assert new.datum == "EPSG:4548"
    assert moving.beside(origin, 0, 0) is origin


def test_far_outside_and_another_community_are_said(store: Store) -> None:
    site = store.site(named(store, "光环"))
    away = moving.weigh(store, site, position(116.52, 39.89, "wgs84"))
    assert away.inside is False
    assert len(away.warnings) == 2
    assert "超过 50 米" in away.warnings[0]
    beside_far = moving.weigh(store, site, position(*moved(*GATE, 590, 0), "wgs84"))
    assert "附近的点位多属于“富力”，这个点位填的是“垂杨柳东里”。" in beside_far.warnings
    assert moving.weigh(store, None, position(*GATE, "wgs84")).metres is None


def test_from_photos(tmp_path: Path) -> None:
    early = picture(tmp_path / "a.jpg", "2026:03:02 09:00:00", lon=116.46, lat=39.89)
    late = picture(tmp_path / "b.jpg", "2026:03:02 10:00:00", lon=116.47, lat=39.89)
    without = picture(tmp_path / "c.jpg", "2026:03:02 11:00:00")
    path, place = moving.of_photos([late, without, early])
    assert path == late
    assert place.position.lon == pytest.approx(116.47, abs=1e-6)
    assert place.position.datum == "wgs84"
    assert "拍于 2026-03-02 10:00" in place.told
    assert "10 到 50 米" in place.told
    with pytest.raises(PhotoError, match="没有位置"):
        moving.of_photos([without])
