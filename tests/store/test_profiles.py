"""The profile that a survey carries: facts of its own, the same in any order, and no other edition of the checklist."""

from __future__ import annotations

import itertools
from pathlib import Path

from barrierfree.operations.surveys import next_round
from barrierfree.store import Store
from tests.builders import Clock, definition, inspection, new_site, survey, visit

FIRST, SECOND = ('name = "a"', b"book a"), ('name = "b"', b"book b")


def test_adopting_and_going_back(tmp_path: Path, clock: Clock) -> None:
    store = survey(tmp_path / "s.gpkg", clock)
    who, _ = store.name_person("示例甲")
    site = store.add_sites([new_site("a")], person=who).ids[0]
    edition = store.definition_hash()
    assert (store.profile(), store.template(), store.profile_id()) == ("", b"", "")
    written = store.adopt_profile(*FIRST, person=who)
    assert written.written
    assert not written.sites, "no site is derived anew"
    assert not written.definition
    assert (store.profile(), store.template()) == FIRST
    assert not store.adopt_profile(*FIRST, person=who).written, "the same again is nothing"
    store.submit_visit(visit(site, inspection(0.9)), person=who)
    store.adopt_profile(*SECOND, person=who)
    assert store.definition_hash() == edition == store.inspections()[0].checklist
    first, own = store.profiles()[1], store.profiles()[0]
    assert [(k.text, k.person_name) for k in store.profiles()[1:]] == [(FIRST[0], "示例甲"), (SECOND[0], "示例甲")]
    count = store.count_facts()
    store.use_profile(first.id, person=who)
    assert store.count_facts() == count + 1, "its content is there already"
    assert (store.profile(), store.template()) == FIRST
    store.use_profile(own.id, person=who)
    assert store.profile() == ""
    assert store.check() == []
    store.rebuild()
    assert store.profile() == ""


def test_two_computers_that_differ_leave_the_one_before_in_force(tmp_path: Path, clock: Clock) -> None:
    here = survey(tmp_path / "s.gpkg", clock)
    here.adopt_profile(*FIRST, person="p")
    shared = here.facts()
    there = Store.create(tmp_path / "t.gpkg", device="device-b", clock=clock)
    there.take_in(shared)
    assert (there.profile(), there.template()) == FIRST
    clock.move(minutes=1)
    here.adopt_profile(*SECOND, person="p")
    there.adopt_profile('name = "c"', b"book c", person="p")
    news = [fact for fact in (*here.facts(), *there.facts()) if fact not in shared]
    for number, order in enumerate(itertools.permutations(news)):
        one = Store.create(tmp_path / f"{number}.gpkg", device="device-c", clock=clock)
        for fact in (*order, *shared):
            one.take_in([fact])
        assert one.profile() == FIRST[0]
        assert one.profile_is_contested()
        assert one.check() == []
        one.close()
    here.take_in(there.facts())
    here.adopt_profile(*SECOND, person="p")
    assert not here.profile_is_contested()
    assert here.profile() == SECOND[0]


def test_the_next_round_goes_on_with_it(tmp_path: Path, clock: Clock) -> None:
    with survey(tmp_path / "2026.gpkg", clock) as old:
        old.adopt_profile(*FIRST, person="p")
    made, _ = next_round(tmp_path / "2027", tmp_path / "2026.gpkg", device="device-b", title="下一轮")
    with made as new:
        assert (new.profile(), new.template()) == FIRST
        assert new.definition() == definition()
