"""The life of a record through the store: site, visit, review, finding, closure; derived equals facts throughout."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from barrierfree.errors import StepRefused
from barrierfree.model.records import Draft, Photo, StepRequest
from barrierfree.model.words import FindingState, Outcome, Status, VisitState
from barrierfree.store import SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    return store


def rectify(store: Store, clock: Clock) -> str:
    """One finding from the first visit to the claim; its id."""
    site = store.sites(SiteFilter(text="幸福"))[0]
    made = store.submit_visit(visit(site.id, inspection(0.95)), person="anna")
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="staff")
    clock.move(hours=1)
    finding = made.findings[0]
    store.record_step(
        finding, StepRequest(to=FindingState.IN_PROGRESS, unit="示例单位", deadline="2026-04-01"), person="staff"
    )
    clock.move(days=10)
    photo = Photo(sha256="ab", suffix=".jpg", width=1, height=1)
    claim = StepRequest(to=FindingState.CLAIMED, measure="加宽", photos=("ab",), quantity=1, quantity_unit="处")
    store.record_step(finding, claim, person="staff", photos=[photo])
    clock.move(days=1)
    return finding


def test_codes_and_search(store: Store) -> None:
    assert [s.code for s in store.sites()] == ["110105016001LS0001", "110105016009LS0001"]
    for text in ("幸福", "xfbld", "xingfu", "0001", "广渠 便利"):
        assert store.sites(SiteFilter(text=text)), text
    assert [s.name for s in store.sites(SiteFilter(text="光环"))] == ["光环药房（示例）"]
    assert not store.sites(SiteFilter(text="100%"))
    assert {c.element for c in store.checkpoints(store.sites()[0].id)} == {"wheelchair_ramp", "door"}


def test_same_key_is_the_same_site(store: Store) -> None:
    again = store.add_sites([new_site("a"), new_site("c"), new_site("c")], person="p")
    assert len(again.added) == 1
    assert len(store.sites()) == 3


def test_from_finding_to_closure_and_regression(store: Store, clock: Clock) -> None:
    finding = rectify(store, clock)
    site = store.finding(finding).site
    assert store.site(site).status is Status.CLAIMED
    close = StepRequest(to=FindingState.RECTIFIED)
    with pytest.raises(StepRefused, match="还没有"):
        store.record_step(finding, close, person="boss")
    own = store.submit_visit(visit(site, inspection(1.3)), person="staff")
    store.review_visit(own.visit, accept=True, person="boss")
    with pytest.raises(StepRefused, match="以外的人"):
        store.record_step(finding, close, person="boss")
    clock.move(hours=1)
    other = store.submit_visit(visit(site, inspection(1.3)), person="berta")
    with pytest.raises(StepRefused):
        store.record_step(finding, close, person="boss")
    store.review_visit(other.visit, accept=True, person="boss")
    store.record_step(finding, close, person="boss")
    assert store.finding(finding).state is FindingState.RECTIFIED
    assert store.figures().renovated == 1
    assert store.checkpoints(site)[0].status is Status.MET
    clock.move(days=30)
    worse = store.submit_visit(visit(site, inspection(1.0)), person="anna")
    assert store.finding(finding).state is FindingState.RECTIFIED
    store.review_visit(worse.visit, accept=True, person="boss")
    again = store.finding(finding)
    assert (again.state, again.round) == (FindingState.OPEN, 2)
    assert store.figures().regressions == 1
    assert store.check() == ["缺少照片文件 ab.jpg。"]


def test_returned_visit_and_its_replacement(store: Store, clock: Clock) -> None:
    site = store.sites()[0].id
    first = store.submit_visit(visit(site, inspection(0.95)), person="anna")
    with pytest.raises(StepRefused, match="原因"):
        store.review_visit(first.visit, accept=False, person="staff")
    store.review_visit(first.visit, accept=False, person="staff", reason="请重新量净宽")
    assert store.visit(first.visit).state is VisitState.RETURNED
    assert [s.id for s in store.sites(SiteFilter(returned_to="anna"))] == [site]
    assert store.site_figures("anna").returned == 1
    better = inspection(1.25).model_copy(update={"replaces": first.inspections[0]})
    second = store.submit_visit(visit(site, better), person="anna")
    assert store.sites(SiteFilter(returned_to="anna")) == []
    store.review_visit(second.visit, accept=True, person="staff")
    assert store.finding(first.findings[0]).state is FindingState.INVALID
    with pytest.raises(StepRefused, match="已经审核"):
        store.review_visit(second.visit, accept=False, person="staff", reason="again")
    assert store.check() == []


def test_not_inspected_and_drafts(store: Store) -> None:
    site = store.sites()[0].id
    store.save_draft(Draft(site=site, element="door", number=1, person="anna", answers={"present": "yes"}))
    assert store.drafts()[0].answers == {"present": "yes"}
    made = store.submit_visit(visit(site, outcome=Outcome.CLOSED, reason="装修"), person="anna")
    assert store.site(site).status is Status.PENDING
    store.review_visit(made.visit, accept=True, person="staff")
    assert store.site(site).status is Status.NOT_INSPECTED


def test_any_order_of_facts_gives_the_same_survey(store: Store, clock: Clock, tmp_path: Path) -> None:
    rectify(store, clock)
    facts = store.facts()
    for seed in range(5):
        other = Store.create(tmp_path / f"o{seed}.gpkg", device="device-b", clock=clock)
        shuffled = random.Random(seed).sample(facts, len(facts))
        half = len(shuffled) // 2
        other.take_in(shuffled[:half])
        other.take_in(shuffled[half - 3 :])
        assert other.take_in(facts) == 0
        assert not other._sql.execute("SELECT * FROM waiting").fetchall()
        assert other.check(photos=False) == []
        ours = [s.model_dump() for s in store.sites()]
        assert [s.model_dump() for s in other.sites()] == ours
        assert [x.model_dump() for x in other.findings()] == [x.model_dump() for x in store.findings()]
        other.close()


def test_rebuild_changes_nothing(store: Store, clock: Clock) -> None:
    rectify(store, clock)
    before = store.sites(), store.findings(), store.visits()
    store.rebuild()
    assert (store.sites(), store.findings(), store.visits()) == before
    assert store.check(photos=False) == []


def test_check_finds_an_altered_table(store: Store) -> None:
    with store._transaction():
        store._sql.execute("UPDATE sites SET name = 'x' WHERE fid = 1")
    assert any("sites" in fault for fault in store.check())


def test_two_devices_change_one_field(store: Store, clock: Clock, tmp_path: Path) -> None:
    site = store.sites()[0]
    other = Store.create(tmp_path / "o.gpkg", device="device-b", clock=clock)
    other.take_in(store.facts())
    store.change_site(site.id, {"name": "甲", "note": "one"}, person="anna")
    clock.move(seconds=1)
    other.change_site(site.id, {"name": "乙", "address": "新地址"}, person="berta")
    facts = [*store.facts(), *other.facts()]
    store.take_in(facts)
    other.take_in(reversed(facts))  # type: ignore[arg-type]
    for each in (store, other):
        found = each.site(site.id)
        assert (found.name, found.note, found.address) == (site.name, "one", "新地址")
        assert found.conflicts == ("name",)
    other.close()


def test_ids_grow_even_if_the_clock_goes_back(store: Store, clock: Clock) -> None:
    first = store.submit_visit(visit(store.sites()[0].id), person="p").visit
    clock.move(days=-30)
    assert store.submit_visit(visit(store.sites()[0].id), person="p").visit > first


def test_kill_while_writing_leaves_a_whole_survey(tmp_path: Path) -> None:
    """A process that is killed between two saves loses nothing that was saved."""
    path = tmp_path / "k.gpkg"
    store = survey(path)
    site = store.add_sites([new_site("a")], person="p").ids[0]
    store.close()
    code = f"""
import os, signal
from pathlib import Path
from barrierfree.store import Store
from barrierfree.model.records import Draft
store = Store.open(Path({str(path)!r}), device="device-a")
for n in range(1, 50):
    store.save_draft(Draft(site={site!r}, element="door", number=n, person="p", answers={{"n": n}}))
    print(n, flush=True)
    if n == 30:
        store._sql.execute("BEGIN IMMEDIATE")
        store._sql.execute("UPDATE guard SET open = 1")
        store._sql.execute("DELETE FROM drafts")
        os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.stdout.split()[-1] == "30"
    with Store.open(path, device="device-a") as again:
        assert len(again.drafts()) == 30
        assert again.check() == []
