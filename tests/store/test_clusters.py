"""Clusters of the map: equal to a count by hand whatever happens in whatever order; what a view shows."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from barrierfree.coordinates import position
from barrierfree.errors import Cancelled
from barrierfree.model.records import Position
from barrierfree.model.words import Status
from barrierfree.store import MapContent, SameSite, SiteFilter, Store
from barrierfree.store.clusters import FARTHEST, NEAREST, STATES, shift, world
from barrierfree.store.schema import MANY
from tests.builders import inspection, new_site, survey, visit

WORLD = (-180.0, -85.0, 180.0, 85.0)


def by_hand(store: Store) -> Counter[tuple[int, ...]]:
    """Every row of the table, counted from the sites."""
    sums: dict[tuple[int, int, int], list[int]] = {}
    for site in store.sites(SiteFilter()):
        if site.lon is None or site.lat is None:
            continue
        x, y = world(site.lon, site.lat)
        for zoom in range(FARTHEST, NEAREST + 1):
            held = sums.setdefault((zoom, x >> shift(zoom), y >> shift(zoom)), [0] * (3 + len(STATES)))
            for at, more in enumerate((1, x, y, *(int(site.status == state) for state in STATES))):
                held[at] += more
    return Counter((*key, *held) for key, held in sums.items())


def in_table(store: Store) -> Counter[tuple[int, ...]]:
    names = ", ".join(("z", "gx", "gy", "n", "x", "y", *STATES))
    return Counter(store._sql.execute(f"SELECT {names} FROM clusters").fetchall())


def somewhere(rng: random.Random) -> tuple[float, float] | None:
    spread = rng.choice((0.00001, 0.001, 0.1, 20))
    return None if rng.random() < 0.15 else (116.4 + rng.random() * spread, 39.9 + rng.random() * spread)


def placed(where: tuple[float, float] | None) -> Position | None:
    return None if where is None else position(*where, "wgs84")


def happen(store: Store, rng: random.Random, acts: list[str]) -> None:
    """Sites come, move, lose their place, are visited, judged, joined and parted again."""
    sites: list[str] = []
    for number, act in enumerate(acts):
        where, person = somewhere(rng), rng.choice("pq")
        if act == "add" or len(sites) < 2:
            site = replace(new_site(f"{number}"), position=placed(where))
            sites += store.add_sites([site], person=person).ids
            continue
        one, other = rng.sample(sites, 2)
        if act == "move":
            store.change_site(one, {"position": placed(where)}, person=person)
        elif act == "visit":
            made = store.submit_visit(visit(one, inspection(rng.choice((0.9, 1.3)))), person="p")
            if rng.random() < 0.7:
                store.review_visit(made.visit, person="q", accept=rng.random() < 0.7, reason="示例")
        elif act == "gone":
            store.change_site(one, {"gone": rng.choice(("清单（示例）", ""))}, person=person)
        else:
            same = act == "join"
            store.decide_same(SameSite(row=one, site=other, same=same, reason="" if same else "误判"), person=person)


ACTS = st.lists(st.sampled_from(("add", "move", "visit", "join", "part", "gone")), min_size=3, max_size=14)


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), ACTS)
def test_clusters_are_a_count_of_the_sites(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random, acts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("clusters")
    with survey(folder / "one.gpkg") as store, Store.create(folder / "two.gpkg", device="device-b") as other:
        happen(store, rng, acts)
        assert in_table(store) == by_hand(store)
        facts = store.facts()
        rng.shuffle(facts)
        while facts:  # in any order and in any portions the same comes of it
            size = rng.randint(1, 9)
            other.take_in(facts[:size])
            facts = facts[size:]
        assert in_table(other) == in_table(store)
        assert store.check() == []


def test_a_large_list_is_counted_as_a_whole(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        rng = random.Random(1)
        sites = [replace(new_site(str(n)), position=placed(somewhere(rng))) for n in range(MANY + 100)]
        store.add_sites(sites, person="p")
        assert in_table(store) == by_hand(store)
        with pytest.raises(sqlite3.IntegrityError, match="layer is derived"):  # the guard stands again
            store._sql.execute("UPDATE clusters SET n = n + 1")


def test_check_finds_a_wrong_cluster_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        store.add_sites([new_site(str(n), lon=116.44 + n / 100) for n in range(5)], person="p")
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("UPDATE guard SET open = 1")
        sql.execute("UPDATE clusters SET n = n + 1, met = met + 1 WHERE z = 12")
        sql.execute("UPDATE guard SET open = 0")
        sql.commit()
    with Store.open(path, device="device-a") as store:
        assert any("clusters" in fault for fault in store.check())
        store.rebuild()
        assert store.check() == []
        assert in_table(store) == by_hand(store)


def test_columns_are_the_states(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        columns = [c.name for c in Database(store._sql).table("clusters").columns]
    assert columns == ["z", "gx", "gy", "n", "x", "y", *(s.value for s in Status)]


@pytest.fixture
def many(tmp_path: Path) -> Store:
    """300 sites around Shuangjing, seven of them on one spot, and one in Lhasa."""
    store = survey(tmp_path / "s.gpkg")
    rng = random.Random(4)
    places = [(116.43 + rng.random() * 0.06, 39.88 + rng.random() * 0.03) for _ in range(292)]
    places += [(116.46, 39.89)] * 7 + [(91.1, 29.65)]
    sites = [
        replace(new_site(str(n), community="富力" if n % 3 else "垂杨柳东里"), position=position(*at, "wgs84"))
        for n, at in enumerate(places)
    ]
    store.add_sites(sites, person="p")
    return store


def stood_for(content: MapContent) -> int:
    return len(content.sites) + sum(cluster[2] for cluster in content.clusters)


def test_a_view_shows_all_of_it_at_every_zoom(many: Store) -> None:
    for zoom in range(19):
        content = many.map_view(WORLD, zoom + 0.75, limit=100)
        assert (stood_for(content), content.total, content.matching) == (300, 300, 300)
        assert content.level == min(zoom, NEAREST)
        assert not content.sites, "300 are more than 100, at whatever zoom"
        assert all(sum(cluster[5:]) == cluster[2] for cluster in content.clusters)
    assert len(many.map_view(WORLD, 0, limit=100).clusters) <= 4
    assert len(many.map_view(WORLD, 3).sites) == 300


def test_few_come_one_by_one_wherever_one_looks(many: Store) -> None:
    box = (116.4599, 39.8899, 116.4601, 39.8901)
    content = many.map_view(box, 19, limit=20)  # the cells there hold more than 20, the view does not
    assert {row[0] for row in content.sites} == {s.id for s in many.sites_in_view(*box)}
    assert len(content.sites) >= 7
    assert many.map_view(box, 19, limit=6).sites == (), "seven on one spot stay one cluster: never a part of them"
    assert many.map_extent(box) is not None
    assert many.map_extent((0, 0, 1, 1)) is None


def test_a_filter_counts_only_what_fits(many: Store) -> None:
    wanted = SiteFilter(community="富力")
    fit = [s for s in many.sites(wanted) if s.lon is not None]
    for zoom, limit in ((5, 1000), (5, 10), (12, 10), (16, 10)):
        content = many.map_view(WORLD, zoom, wanted, limit=limit)
        assert (stood_for(content), content.matching, content.total) == (len(fit), len(fit), 300)
        assert bool(content.sites) == (limit == 1000)
    picked = tuple(s.id for s in fit[:3])
    content = many.map_view(WORLD, 12, SiteFilter(ids=picked))
    assert ({row[0] for row in content.sites}, content.matching) == (set(picked), 3)
    assert many.map_view(WORLD, 12, SiteFilter(ids=())).matching == 0
    changed = many.map_changes([fit[0].id, "no such site"], wanted)
    assert ([row[0] for row in changed.sites], changed.matching, changed.total) == ([fit[0].id], len(fit), 300)
    assert many.map_changes([fit[0].id], SiteFilter(community="垂杨柳东里")).sites == []
    assert many.map_changes([fit[0].id]).matching == 300
    assert many.find_sites(SiteFilter(ids=picked), 10).total == 3


def test_a_filter_follows_what_is_written_elsewhere(many: Store) -> None:
    wanted = SiteFilter(community="富力")
    with Store.open(many.path, device="device-a", read_only=True) as reader:
        before = reader.map_view(WORLD, 8, wanted).matching
        many.add_sites([new_site("one more", community="富力")], person="p")
        assert reader.map_view(WORLD, 8, wanted).matching == before + 1


def _given_up() -> Callable[[], None]:
    def tick() -> None:
        raise Cancelled

    return tick


def test_a_view_nobody_waits_for_any_more_is_given_up(many: Store) -> None:
    with pytest.raises(Cancelled):
        many.map_view(WORLD, 12, SiteFilter(community="富力"), tick=_given_up())


@pytest.mark.parametrize(("lon", "lat"), [(-180, 90), (180, -90), (179.9999999, 85.2), (0, 0)])
def test_the_edge_of_the_world_is_inside(lon: float, lat: float) -> None:
    assert all(0 <= part < 1 << 30 for part in world(lon, lat))
    assert world(0, 0) == (1 << 29, 1 << 29)
