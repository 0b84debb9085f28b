"""Photos that follow their visit: joined in any order, waited for, brought to an end; drafts and the tray."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from barrierfree.errors import NotFoundError
from barrierfree.model.records import Draft, NewVisit, Photo
from barrierfree.model.words import Outcome
from barrierfree.store import DraftPhotos, SiteFilter, Store, VisitPhotos
from barrierfree.store.upkeep import _content
from tests.builders import Clock, inspection, new_site, survey, visit


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    return store


def photo(name: str) -> Photo:
    return Photo(sha256=name, suffix=".jpg", width=1, height=1, name=name, source=f"from-{name}")


def submitted(store: Store, clock: Clock, *, follow: bool = True, text: str = "幸福") -> tuple[str, str]:
    """A visit with a finding, its photos still on the phone; (visit, inspection)."""
    site = store.sites(SiteFilter(text=text))[0]
    new = visit(site.id, inspection(0.95, photos=("own",)))
    made = store.submit_visit(new.model_copy(update={"photos_to_follow": follow}), person="anna", photos=[photo("own")])
    clock.move(minutes=10)
    return made.visit, made.inspections[0]


def test_photos_join_their_inspection_and_its_finding(store: Store, clock: Clock) -> None:
    made, one = submitted(store, clock)
    done = store.add_visit_photos(
        [VisitPhotos(made, {one: ["own", "p1", "p2", "p1"]})], photos=[photo("p1"), photo("p2")], person="ben"
    )
    assert (done.visits, done.known) == (2, 2)
    assert store.inspection(one).photos == ("own", "p1", "p2")
    assert store.findings()[0].photos_before == ("own", "p1", "p2")
    assert store.visit(made).photos == 3
    assert store.history(made)[-1]["kind"] == "photos"
    assert store.site_figures("anna").awaiting == 1
    assert store.check(photos=False) == []


def test_the_same_again_makes_no_fact(store: Store, clock: Clock) -> None:
    made, one = submitted(store, clock)
    for _ in range(2):
        done = store.add_visit_photos(
            [VisitPhotos(made, {one: ["p1"]}, complete=True)], photos=[photo("p1")], person="anna"
        )
    assert (done.visits, done.known, done.changes.written) == (0, 1, ())


def test_waited_for_until_somebody_says_there_are_no_more(store: Store, clock: Clock) -> None:
    made, _ = submitted(store, clock)
    submitted(store, clock, follow=False, text="光环")
    wanted = SiteFilter(photos_by="anna")
    assert [s.name for s in store.sites(wanted)] == ["幸福便利店（示例）"]
    assert store.find_sites(wanted, 10).total == 1
    assert store.sites(SiteFilter(photos_by="ben")) == []
    store.add_visit_photos([VisitPhotos(made, complete=True)], person="anna")
    assert store.sites(wanted) == []
    assert store.site_figures("anna").awaiting == 0
    assert not store.visit(made).photos_to_follow
    assert store.check(photos=False) == []


def test_a_returned_visit_is_not_waited_for(store: Store, clock: Clock) -> None:
    made, _ = submitted(store, clock)
    store.review_visit(made, accept=False, reason="重测", person="staff")
    assert store.site_figures("anna").awaiting == 0


def test_photos_only_for_inspections_of_that_visit(store: Store, clock: Clock) -> None:
    made, _ = submitted(store, clock)
    other, strange = submitted(store, clock, text="光环")
    with pytest.raises(NotFoundError):
        store.add_visit_photos([VisitPhotos(made, {strange: ["p1"]})], photos=[photo("p1")], person="anna")
    assert store.photo("p1") is None
    assert store.visit(other).photos == 1


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_facts_gives_the_same(store: Store, clock: Clock, tmp_path: Path, seed: int) -> None:
    made, one = submitted(store, clock)
    store.add_visit_photos([VisitPhotos(made, {one: ["p1"]})], photos=[photo("p1")], person="anna")
    again = photo("p1").model_copy(update={"name": "other", "original": "x.heic"})
    store.add_visit_photos([VisitPhotos(made, {one: ["p2"]}, complete=True)], photos=[photo("p2"), again], person="b")
    store.review_visit(made, accept=True, person="staff")
    facts = store.facts()
    random.Random(seed).shuffle(facts)
    with Store.create(tmp_path / "other.gpkg", device="device-b", clock=clock) as other:
        for fact in facts:
            other.take_in([fact])
        assert other.check(photos=False) == []
        for table in ("visits", "inspections", "findings", "photos", "sites", "waiting"):
            assert _content(other._database, table) == _content(store._database, table), table
        assert other.inspection(one).photos == ("own", "p1", "p2")
        assert other.findings()[0].photos_before == ("own", "p1", "p2")


def test_photos_before_their_visit_wait(store: Store, clock: Clock, tmp_path: Path) -> None:
    made, one = submitted(store, clock)
    store.add_visit_photos([VisitPhotos(made, {one: ["p1"]})], photos=[photo("p1")], person="anna")
    facts = {f.kind: f for f in store.facts()}
    with Store.create(tmp_path / "other.gpkg", device="device-b", clock=clock) as other:
        other.take_in([facts["photos"]])
        waiting = other._sql.execute("SELECT fact, subject FROM waiting").fetchall()
        assert waiting == [(facts["photos"].id, made)]
        other.take_in(store.facts())
        assert other.inspection(one).photos == ("own", "p1")
        assert other.check(photos=False) == []


def test_drafts_and_the_tray(store: Store, clock: Clock) -> None:
    site = store.sites()[0].id
    store.save_draft(Draft(site=site, element="door", number=1, person="anna", answers={"present": "yes"}))
    done = store.place_photos(
        drafts=[DraftPhotos(site, "door", 1, ("p1",)), DraftPhotos(site, "wheelchair_ramp", 1, ("p2",))],
        photos=[photo("p1"), photo("p2")], tray=[photo("p3"), photo("p3")], person="anna",
    )  # fmt: skip
    assert (done.drafts, done.tray) == (2, 1)
    assert site in done.changes.sites
    drafts = {d.element: d for d in store.drafts(site)}
    assert (drafts["door"].answers, drafts["door"].photos) == ({"present": "yes"}, ("p1",))
    assert drafts["wheelchair_ramp"].photos == ("p2",)
    assert [p.sha256 for p in store.tray()] == ["p3"]
    assert store.names_photo("p3")
    assert not store.names_photo("p4")
    assert store.photo("p3") is None
    assert store.placed_sources(["from-p1", "from-p3", "from-p4"]) == {"from-p1"}
    store.place_photos(drafts=[DraftPhotos(site, "door", 1, ("p3",))], photos=[photo("p3")], person="anna")
    assert store.tray() == []
    store.place_photos(tray=[photo("p4")], person="anna")
    store.place_photos(untray=["p4"], person="anna")
    assert store.tray() == []


def test_visits_that_wait_for_nothing_say_nothing_of_it(store: Store) -> None:
    """So that facts of an older program and of this one are the same."""
    site = store.sites()[0].id
    store.submit_visit(NewVisit(site=site, outcome=Outcome.CLOSED, reason="装修"), person="anna")
    (fact,) = [f for f in store.facts() if f.kind == "visit"]
    assert "photos_to_follow" not in fact.payload
