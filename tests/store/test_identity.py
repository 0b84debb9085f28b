"""Which site is which: decisions are facts, hold in any order, can be taken back, and never lose an inspection."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from barrierfree.model.records import NewSite
from barrierfree.store import ListPart, SameSite, SiteFilter, Store, TakenList, site_id
from barrierfree.store.places import root_of
from tests.builders import Clock, inspection, new_site, survey, visit


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return survey(tmp_path / "s.gpkg")


def _three(store: Store) -> tuple[str, ...]:
    return store.add_sites([new_site("a"), new_site("b", name="乙"), new_site("c", name="丙")], person="p").ids


def test_joined_sites_leave_lists_and_figures_but_keep_their_records(store: Store) -> None:
    a, b, c = _three(store)
    store.submit_visit(visit(b, inspection(0.9)), person="p")
    changes = store.decide_same(SameSite(row=b, site=a, same=True, name="乙"), person="p")
    assert b in changes.sites
    assert {s.id for s in store.sites()} == {a, c}
    assert store.site(b).same_as == a
    assert (store.figures().sites, store.site_figures().total, store.sites_with_position()) == (2, 2, 2)
    assert len(store.sites_in_view(110, 30, 120, 45)) == 2
    assert [v.site for v in store.visits()] == [b]
    assert len(store.sites(SiteFilter(merged=True))) == 3
    assert store.check() == []
    store.decide_same(SameSite(row=b, site=a, same=False, reason="门牌不同"), person="p")
    assert store.site(b).same_as == ""
    assert store.figures().sites == 3
    assert store.identities().apart(a, b)
    assert [(d.same, d.reason) for d in store.decisions()] == [(False, "门牌不同")]
    assert store.check() == []


def test_a_row_that_was_never_stored_stands_for_its_site(store: Store) -> None:
    a, _, _ = _three(store)
    row = site_id("another spelling")
    store.decide_same(SameSite(row=row, site=a, same=True), person="p")
    assert store.identities().site_of(row) == a
    assert store.identities().site_of("unknown") == "unknown"
    facts = len(store.facts())
    store.decide_same(SameSite(row=row, site=a, same=True), person="p")
    assert len(store.facts()) == facts, "the same decision again is no new fact"


def test_chains_and_rings() -> None:
    assert root_of("a", {"a": ["b"], "b": ["c"]}) == "c"
    assert root_of("a", {"a": ["b"], "b": ["a"]}) == root_of("b", {"a": ["b"], "b": ["a"]}) == "a"
    assert root_of("x", {"x": ["c", "b"], "c": [], "b": []}) == "b"


def test_two_devices_that_decide_differently_leave_it_open(tmp_path: Path) -> None:
    clock = Clock()
    one = survey(tmp_path / "one.gpkg", clock, device="one")
    a, b, _ = _three(one)
    two = Store.create(tmp_path / "two.gpkg", device="two", clock=clock)
    two.take_in(one.facts())
    one.decide_same(SameSite(row=b, site=a, same=True), person="p")
    two.decide_same(SameSite(row=b, site=a, same=False, reason="两家店"), person="q")
    two.take_in(one.facts())
    one.take_in(two.facts())
    for store in (one, two):
        assert store.site(b).same_as == ""
        assert [d.undecided for d in store.decisions()] == [True]
        assert store.check() == []
    one.decide_same(SameSite(row=b, site=a, same=True, reason="看过现场"), person="p")
    two.take_in(one.facts())
    assert two.site(b).same_as == a


def test_any_order_of_facts_gives_the_same(tmp_path: Path) -> None:
    clock = Clock()
    first = survey(tmp_path / "first.gpkg", clock)
    a, b, c = _three(first)
    first.decide_same(SameSite(row=b, site=a, same=True), person="p")
    first.decide_same(SameSite(row=c, site=b, same=True), person="p")
    first.decide_same(SameSite(row=site_id("row"), site=c, same=True), person="p")
    first.change_site(a, {"note": "x"}, person="p")
    first.take_in_list(ListPart(gone={c: "清单里没有"}), person="p")
    facts = first.facts()
    shown = {s.id: (s.same_as, s.gone, s.note) for s in first.sites(SiteFilter(merged=True))}
    assert shown == {a: ("", "", "x"), b: (a, "", ""), c: (a, "清单里没有", "")}
    for seed in range(5):
        random.Random(seed).shuffle(facts)
        other = Store.create(tmp_path / f"{seed}.gpkg", device="other", clock=clock)
        for start in range(0, len(facts), 3):
            other.take_in(facts[start : start + 3])
        assert {s.id: (s.same_as, s.gone, s.note) for s in other.sites(SiteFilter(merged=True))} == shown
        assert other.check() == []
        other.close()


def test_many_new_sites_are_derived_as_one_by_one(tmp_path: Path) -> None:
    clock = Clock()
    new = [new_site(f"k{i}", name=f"店{i}", community="富力" if i % 2 else "", lon=116.4 + i / 1e4) for i in range(300)]
    bare = [NewSite(key=f"bare{i}", name=f"无位置{i}", city_number=f"N{i}", district="东城区") for i in range(5)]
    with survey(tmp_path / "many.gpkg", clock) as many, survey(tmp_path / "each.gpkg", clock) as each:
        many.add_sites([*new, *bare], person="p")
        for site in [*new, *bare]:
            each.add_sites([site], person="p")
        assert [s.model_dump() for s in many.sites()] == [s.model_dump() for s in each.sites()]
        assert len(many.checkpoints()) == 600
        assert many.check() == []
        assert len(many.sites_in_view(116.3, 39, 117, 40)) == 300
        assert many.sites(SiteFilter(text="无位置3"))[0].district == "东城区"


def test_codes_go_past_four_digits_and_are_final_only_in_the_main_file(tmp_path: Path) -> None:
    clock = Clock()
    with survey(tmp_path / "main.gpkg", clock, device="main") as main:
        main.add_sites([NewSite(key=str(i), name="x") for i in range(10_050)], person="p")
        main.add_sites([NewSite(key="one more", name="y")], person="p")
        codes = [s.code for s in main.sites()]
        assert len(set(codes)) == 10_051
        assert "110105016000QT10051" in codes
        other = Store.create(tmp_path / "other.gpkg", device="other", clock=clock)
        other.take_in([f for f in main.facts() if f.kind in ("survey", "definition")])
        (field,) = other.add_sites([new_site("field")], person="q").ids
        assert other.site(field).code.startswith("临")
        assert not other.site(field).final_code
        other.give_codes(person="q")
        assert not other.site(field).final_code, "only the main file gives codes"
        main.take_in(other.facts())
        main.give_codes(person="p")
        assert main.site(field).code == "110105016001LS0001"
        other.take_in(main.facts())
        assert other.site(field).final_code
        other.close()


def test_lists_are_remembered_once(store: Store) -> None:
    a, b, _ = _three(store)
    taken = TakenList(id="l1", file="清单.xlsx", sheet="", signature="s", columns={"name": "名称"}, datum="gcj02")
    part = ListPart(taken=taken, row_ids=(a, b))
    assert store.take_in_list(part, person="p").changes.written
    assert store.take_in_list(part, person="p").changes.written == ()
    assert [(t.file, t.rows, t.columns) for t in store.lists()] == [("清单.xlsx", 2, {"name": "名称"})]
    assert store.list_rows("l1") == [a, b]
    assert store.check() == []


def test_values_given_before_are_known(store: Store) -> None:
    a, _, _ = _three(store)
    store.take_in_list(ListPart(changed={a: {"name": "新名"}}, declined={a: {"note": "不要"}}), person="p")
    given = store.values_given([a])[a]
    assert {'"新名"', '"幸福便利店（示例）"'} <= given["name"]
    assert '"不要"' in given["note"]
    assert store.site(a).note == ""


def test_a_list_is_stored_whole_or_not_at_all(store: Store) -> None:
    def stop(done: int, _all: int) -> None:
        if done >= 200:
            raise KeyboardInterrupt

    new = [(site_id(str(i)), NewSite(key=str(i), name=str(i))) for i in range(500)]
    before = len(store.facts())
    with pytest.raises(KeyboardInterrupt):
        store.take_in_list(ListPart(new=new), person="p", progress=stop)
    assert len(store.facts()) == before
    assert store.sites() == []


def test_ids_are_ulids_that_count_on() -> None:
    from datetime import UTC, datetime

    from ulid import ULID

    from barrierfree.store import facts

    now = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    made = facts.next_id("", now)
    assert ULID.from_str(made).datetime == now
    for last in (made, "01KJP0Y9M0ZVNAGEX9YGDCZZZZ", facts.derived_id("x")):
        assert int(ULID.from_str(facts.following_id(last))) == int(ULID.from_str(last)) + 1
    assert facts.next_id(facts.derived_id("later"), now) == facts.following_id(facts.derived_id("later"))
    with pytest.raises(OverflowError):
        facts.following_id("Z" * 26)
