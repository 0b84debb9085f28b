"""Disputes and second looks: found, decided, the same in any order of facts; who is asked, and what came of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.model.records import StepRequest
from barrierfree.model.second_looks import Agreement
from barrierfree.model.words import FindingState, Status
from barrierfree.operations import spot_checks
from barrierfree.store import SiteFilter, Store
from barrierfree.store import facts as f
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.store.test_life import rectify


def other(path: Path, store: Store, clock: Clock, device: str) -> Store:
    """The same survey on another laptop."""
    made = Store.create(path, device=device, clock=clock)
    made.take_in(store.facts())
    return made


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    made = survey(tmp_path / "s.gpkg", clock)
    made.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    for person in ("anna", "ben", "chen", "staff"):
        made.name_person(person, person)
    return made


def accepted(store: Store, clock: Clock, width: float, person: str, text: str = "幸福") -> str:
    """An accepted visit of one inspection; the inspection."""
    site = store.sites(SiteFilter(text=text))[0].id
    made = store.submit_visit(visit(site, inspection(width)), person=person)
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="staff")
    clock.move(hours=1)
    return made.inspections[0]


def disputed(tmp_path: Path, store: Store, clock: Clock) -> tuple[str, str]:
    """Two laptops that measured the same ramp: 0.95 m by anna, 1.25 m by ben; both merged."""
    laptop = other(tmp_path / "b.gpkg", store, clock, "device-b")
    one = accepted(store, clock, 0.95, "anna")
    two = accepted(laptop, clock, 1.25, "ben")
    store.take_in(laptop.facts())
    laptop.close()
    return one, two


def as_new(path: Path, facts: list[f.Fact], clock: Clock) -> Store:
    made = Store.create(path, device="x", clock=clock)
    made.take_in(facts)
    return made


def test_two_laptops_that_disagree_are_a_dispute(tmp_path: Path, store: Store, clock: Clock) -> None:
    one, two = disputed(tmp_path, store, clock)
    found = store.disputes()
    assert [[i.id for i in d.inspections] for d in found] == [[one, two]]
    assert (found[0].site_name, found[0].element, found[0].asked) == ("幸福便利店（示例）", "wheelchair_ramp", False)
    assert store.check() == []


def test_two_laptops_that_agree_are_none(tmp_path: Path, store: Store, clock: Clock) -> None:
    laptop = other(tmp_path / "b.gpkg", store, clock, "device-b")
    accepted(store, clock, 0.95, "anna")
    accepted(laptop, clock, 0.97, "ben")
    store.take_in(laptop.facts())
    assert store.disputes() == []


@pytest.mark.parametrize("adopt", [0, 1])
def test_a_decision_holds_in_any_order(tmp_path: Path, store: Store, clock: Clock, adopt: int) -> None:
    pair = disputed(tmp_path, store, clock)
    checkpoint = store.disputes()[0].checkpoint
    with pytest.raises(StepRefused, match="为什么"):
        store.adopt_inspection(checkpoint, pair[adopt], person="staff", reason=" ")
    changes = store.adopt_inspection(checkpoint, pair[adopt], person="staff", reason="看照片")
    assert changes.sites
    assert store.disputes() == []
    current = [i.id for i in store.inspections(checkpoint=checkpoint, current=True)]
    assert current == [pair[adopt]]
    finding = store.findings()[0]
    assert finding.state is (FindingState.OPEN if adopt == 0 else FindingState.INVALID)
    site = store.site(finding.site)
    assert site.status is (Status.OPEN if adopt == 0 else Status.PENDING)
    assert store.check() == []
    facts = store.facts()
    for seed in range(5):
        random.Random(seed).shuffle(facts)
        with as_new(tmp_path / f"{seed}.gpkg", facts, clock) as again:
            assert again.disputes() == []
            assert [i.id for i in again.inspections(checkpoint=checkpoint, current=True)] == current
            assert again.findings()[0].state is finding.state
    with pytest.raises(NotFoundError, match="没有分歧"):
        store.adopt_inspection(checkpoint, pair[adopt], person="staff", reason="再来")


def test_two_contradicting_decisions_decide_nothing(tmp_path: Path, store: Store, clock: Clock) -> None:
    one, two = disputed(tmp_path, store, clock)
    checkpoint = store.disputes()[0].checkpoint
    laptop = other(tmp_path / "c.gpkg", store, clock, "device-c")
    store.adopt_inspection(checkpoint, one, person="staff", reason="尺子")
    laptop.adopt_inspection(checkpoint, two, person="chen", reason="照片")
    store.take_in(laptop.facts())
    laptop.take_in(store.facts())
    for side in (store, laptop):
        assert [[i.id for i in d.inspections] for d in side.disputes()] == [[one, two]]
        assert side.check() == []
    store.adopt_inspection(checkpoint, two, person="staff", reason="商量过了")
    assert store.disputes() == []


def test_a_third_look_settles_it(tmp_path: Path, store: Store, clock: Clock) -> None:
    disputed(tmp_path, store, clock)
    checkpoint = store.disputes()[0].checkpoint
    store.ask_third_look(checkpoint, person="staff")
    assert store.disputes()[0].asked
    with pytest.raises(StepRefused, match="已经请人"):
        store.ask_third_look(checkpoint, person="staff")
    assert [store.site_figures(p).again for p in ("anna", "ben", "chen")] == [0, 0, 1]
    assert [s.name for s in store.sites(SiteFilter(again_by="chen"))] == ["幸福便利店（示例）"]
    accepted(store, clock, 0.96, "chen")
    assert store.disputes() == []
    assert store.site_figures("chen").again == 0
    assert store.check() == []


def test_a_sample_is_asked_of_others_and_compared(store: Store, clock: Clock) -> None:
    accepted(store, clock, 0.95, "anna")
    accepted(store, clock, 1.25, "anna", "光环")
    day = clock.now.date().isoformat()
    look, changes = spot_checks.begin(store, day, day, "100%", "2026", person="staff")
    assert len(changes.sites) == 2
    assert [store.site_figures(p).again for p in ("anna", "ben")] == [0, 2]
    clock.move(hours=1)
    accepted(store, clock, 0.97, "ben")
    site = store.sites(SiteFilter(text="光环"))[0].id
    second = store.submit_visit(visit(site, inspection(0.9)), person="chen")
    made = store.second_looks()[0]
    assert (made.id, made.sample.of, made.sample.seed, made.person_name) == (look, 2, "2026", "staff")
    assert {i.site_name: i.agreement for i in made.items} == {
        "幸福便利店（示例）": Agreement.AGREES, "光环药房（示例）": Agreement.PENDING,
    }  # fmt: skip
    assert store.disputes() == []
    store.review_visit(second.visit, accept=True, person="staff")
    differs = next(i for i in store.second_looks()[0].items if i.site == site)
    assert differs.agreement is Agreement.DIFFERS
    assert (differs.first, differs.second) == (("anna",), ("chen",))
    assert [d.site for d in store.disputes()] == [site], "the second opinion stands beside the first"
    assert store.check() == []


def test_ended_samples_ask_no_more(store: Store, clock: Clock) -> None:
    accepted(store, clock, 0.95, "anna")
    day = clock.now.date().isoformat()
    look, _ = spot_checks.begin(store, day, day, "1", "7", person="staff")
    store.end_second_look(look, person="staff")
    assert store.site_figures("ben").again == 0
    assert store.second_looks()[0].ended


def test_the_same_seed_draws_the_same_visits() -> None:
    visits = [f"V{n:03d}" for n in range(200)]
    first = spot_checks.drawn(visits, "4711", 20)
    assert first == spot_checks.drawn(list(reversed(visits)), "4711", 20)
    assert first != spot_checks.drawn(visits, "4712", 20)
    assert len(set(first)) == 20


@pytest.mark.parametrize(("asked", "number"), [("12", 12), ("5%", 3), (" 5 ％", 3), ("100%", 41), ("900", 41)])
def test_how_many_are_wanted(asked: str, number: int) -> None:
    assert spot_checks.wanted_number(asked, 41) == number


@pytest.mark.parametrize("asked", ["", "0", "-3", "1.5", "101%", "十次", "5%%", "=1+1"])
def test_strange_numbers_are_refused(asked: str) -> None:
    with pytest.raises(StepRefused, match="看不懂"):
        spot_checks.wanted_number(asked, 41)


def test_nothing_to_draw_from_is_said(store: Store) -> None:
    with pytest.raises(StepRefused, match="没有审核通过"):
        spot_checks.begin(store, "2020-01-01", "2020-02-01", "3", "1", person="staff")
    with pytest.raises(StepRefused, match="早于"):
        spot_checks.begin(store, "2020-02-01", "2020-01-01", "3", "1", person="staff")


def test_a_closure_on_one_device_is_marked(tmp_path: Path, store: Store, clock: Clock) -> None:
    finding = rectify(store, clock)
    site = store.sites(SiteFilter(text="幸福"))[0].id
    laptop = other(tmp_path / "b.gpkg", store, clock, "device-b")
    for where, device in ((laptop, False), (store, True)):
        made = where.submit_visit(visit(site, inspection(1.25)), person="ben")
        assert bool(where.same_hand(made.visit)) is device
        where.review_visit(made.visit, accept=True, person="staff")
        where.record_step(finding, StepRequest(to=FindingState.RECTIFIED), person="ben")
        assert where.closed_on_one_device() == (frozenset({finding}) if device else frozenset())
