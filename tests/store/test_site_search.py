"""Search as one types: parts of the list, how many there are in all, every filter with every limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from barrierfree.model.records import Draft, NewSite
from barrierfree.store import SameSite, SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with survey(tmp_path / "s.gpkg", clock) as made:
        sites = [
            new_site(
                f"k{n}", f"{'幸福' if n % 3 else '光环'}便利店{n}", "富力" if n % 2 else "垂杨柳东里", 116.44 + n * 1e-4
            )
            for n in range(40)
        ]
        sites[7] = replace(sites[7], position=None)
        made.add_sites(sites, person="p")
        yield made


FILTERS = [
    SiteFilter(), SiteFilter(text="便利"), SiteFilter(text="幸福 3"), SiteFilter(text="xfbld"), SiteFilter(text="没有"),
    SiteFilter(unfinished=True, in_force=True), SiteFilter(gone=True), SiteFilter(unvisited=True, text="店"),
    SiteFilter(without_position=True), SiteFilter(returned_to="anna"), SiteFilter(drafted=True),
    SiteFilter(community="富力"), SiteFilter(site_class="storefront", text="1"), SiteFilter(merged=True),
]  # fmt: skip


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("limit", [1, 7, 20, 40, 100])
def test_parts_make_the_whole(store: Store, wanted: SiteFilter, limit: int) -> None:
    _live(store)
    whole = [s.id for s in store.sites(wanted)]
    parts: list[str] = []
    while True:
        found = store.find_sites(wanted, limit, len(parts))
        assert found.total == len(whole)
        parts += [s.id for s in found.sites]
        if len(found.sites) < limit:
            break
    assert parts == whole


def _live(store: Store) -> None:
    """A returned visit, a draft, a merge and a site that is gone."""
    ids = [s.id for s in store.sites()]
    made = store.submit_visit(visit(ids[3], inspection(1.0)), person="anna")
    store.review_visit(made.visit, accept=False, person="ben", reason="照片不清")
    store.save_draft(Draft(site=ids[5], element="door", number=1, person="p", answers={"present": "yes"}))
    store.decide_same(SameSite(row=ids[9], site=ids[10], same=True), person="p")
    store.change_site(ids[11], {"gone": "“x.csv”里已经没有"}, person="p")


def test_figures_and_filters_agree(store: Store) -> None:
    _live(store)
    figures = store.site_figures("anna")
    for wanted, count in (
        (SiteFilter(in_force=True), figures.total),
        (SiteFilter(unfinished=True, in_force=True), figures.left),
        (SiteFilter(unvisited=True, in_force=True), figures.unvisited),
        (SiteFilter(without_position=True, in_force=True), figures.bare),
        (SiteFilter(gone=True), figures.gone),
        (SiteFilter(returned_to="anna"), figures.returned),
    ):
        assert store.find_sites(wanted, 1).total == count
    assert (figures.gone, figures.returned, figures.bare, figures.round) == (1, 1, 1, 1)


def test_codes_that_are_equal_are_counted_once(tmp_path: Path, clock: Clock) -> None:
    """Beside the main file codes are provisional and come from the ids, so they may be equal."""
    with survey(tmp_path / "s.gpkg", clock) as made:
        made.add_sites([NewSite(key=f"k{n}", name="同名") for n in range(9)], person="p")
        with made._transaction():
            made._sql.execute("UPDATE sites SET code = 'x'")
        for limit in (1, 4, 9, 10):
            assert made.find_sites(SiteFilter(), limit).total == 9


def test_the_nearest_sites_come_first(store: Store) -> None:
    near = store.sites_near(116.44, 39.89, 5)
    assert [s.name[-1] for s in near] == ["0", "1", "2", "3", "4"]
    assert len(store.sites_near(10.0, 0.0, 100)) == 39
    assert store.sites_near(116.44, 39.89, 0) == []
