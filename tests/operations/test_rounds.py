"""Next year's round: sites, codes, decisions and open findings go on; inspections stay with the old file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from barrierfree.errors import BarrierFreeError
from barrierfree.model.records import NewVisit, Photo, StepRequest
from barrierfree.model.words import FindingState, Outcome, Status, VisitState
from barrierfree.operations.site_work import site_work, told_earlier
from barrierfree.operations.surveys import next_round, told_round
from barrierfree.store import ListPart, SameSite, SiteFilter, Store
from tests.builders import Clock, inspection, new_site, survey, visit

PICTURE = b"picture"
SHA = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def old(tmp_path: Path, clock: Clock) -> Path:
    """Four sites: one with an open finding, one met, one merged, one gone; one visit not reviewed."""
    store = survey(tmp_path / "2026.gpkg", clock)
    who, _ = store.name_person("示例甲")
    staff, _ = store.name_person("示例乙")
    a, b, c, d = store.add_sites([new_site(k, name=f"店{k}") for k in "abcd"], person=who).ids
    store.keep_photo_file(SHA, ".jpg", PICTURE)
    photo = Photo(sha256=SHA, suffix=".jpg", width=1, height=1)
    store.add_checkpoint(a, "wheelchair_ramp", person=who)
    store.submit_visit(visit(a, inspection(0.95, (SHA,))), person=who, photos=[photo])
    store.submit_visit(visit(b, inspection(1.5)), person=who)
    for one in store.visits():
        clock.move(minutes=1)
        store.review_visit(one.id, accept=True, person=staff)
    (finding,) = store.findings()
    store.record_step(
        finding.id, StepRequest(to=FindingState.IN_PROGRESS, unit="示例单位", deadline="2026-12-01"), person=staff
    )
    store.decide_same(SameSite(row=c, site=b, same=True, name="店c"), person=staff)
    store.take_in_list(ListPart(gone={d: "清单里没有"}), person=staff)
    store.submit_visit(visit(b, inspection(0.8)), person=who)
    store.close()
    return tmp_path / "2026.gpkg"


def test_what_goes_on_and_what_stays(old: Path, tmp_path: Path) -> None:
    before = old.read_bytes()
    made, carried = next_round(tmp_path / "2027", old, device="device-b", title="2027年普查")
    assert old.read_bytes() == before
    with Store.open(old, read_only=True) as last, made as store:
        assert made.path == tmp_path / "2027.gpkg"
        assert (carried.round, carried.sites, carried.findings, carried.photos) == (2, 2, 1, 1)
        assert (carried.pending_visits, carried.reported_findings) == (1, 1)
        assert store.is_main_file
        assert store.info("previous") == {"file": "2026.gpkg", "round": 1, "title": "测试普查（示例）"}
        every = SiteFilter(merged=True)
        kept = ("id", "code", "name", "same_as", "gone", "lon", "lat")
        assert [[getattr(s, k) for k in kept] for s in store.sites(every)] == [
            [getattr(s, k) for k in kept] for s in last.sites(every)
        ]
        assert store.identities().apart("x", "y") is False
        (finding,) = store.findings()
        assert (finding.state, finding.unit, finding.deadline) == (FindingState.IN_PROGRESS, "示例单位", "2026-12-01")
        assert (store.photos_folder / f"{SHA}.jpg").read_bytes() == PICTURE
        assert len(store.sites(SiteFilter(unvisited=True))) == 3
        assert store.visits() == []
        assert store.inspections() == []
        a = next(s for s in store.sites() if s.name == "店a")
        assert a.status is Status.IN_PROGRESS
        numbers = {(c.element, c.number) for c in store.checkpoints(a.id)}
        assert ("wheelchair_ramp", 2) in numbers
        (earlier,) = store.earlier(a.id).values()
        assert (earlier.round, earlier.person_name, earlier.answers["clear_width"]) == (1, "示例甲", 0.95)
        work = site_work(store, a.id)
        told = told_earlier(store.definition(), work.earlier[earlier.checkpoint], "wheelchair_ramp")
        assert told.startswith("第 1 轮（2026-03-02）：1 项不达标；净宽 0.95 m，小于 1.20 m")
        assert "没有审核" in " ".join(told_round(carried))
        assert store.check() == []


def test_a_finding_is_closed_by_a_re_inspection_of_the_new_round(old: Path, tmp_path: Path, clock: Clock) -> None:
    made, _ = next_round(tmp_path / "2027.gpkg", old, device="device-a")
    made.close()
    clock.move(days=300)
    with Store.open(tmp_path / "2027.gpkg", device="device-a", clock=clock) as store:
        (finding,) = store.findings()
        claim = StepRequest(to=FindingState.CLAIMED, measure="加宽", photos=(SHA,), quantity=1, quantity_unit="处")
        store.record_step(finding.id, claim, person="staff")
        clock.move(days=1)
        done = store.submit_visit(visit(finding.site, inspection(1.3)), person="another")
        store.review_visit(done.visit, accept=True, person="staff")
        store.record_step(finding.id, StepRequest(to=FindingState.RECTIFIED), person="staff")
        assert store.finding(finding.id).state is FindingState.RECTIFIED
        assert len(store.sites(SiteFilter(unvisited=True))) == 2
        assert store.check() == []
    later, carried = next_round(tmp_path / "2028.gpkg", tmp_path / "2027.gpkg", device="device-a")
    with later as store:
        assert (carried.round, carried.findings) == (3, 0)
        rounds = {e.round for s in store.sites() for e in store.earlier(s.id).values()}
        assert rounds == {1, 2}, "what was not inspected last year keeps what the year before found"
        assert store.check() == []


def test_the_same_problem_in_a_new_round_is_a_new_finding(old: Path, tmp_path: Path, clock: Clock) -> None:
    made, _ = next_round(tmp_path / "2027.gpkg", old, device="device-a")
    with Store.open(old, read_only=True) as last, made as store:
        b = next(s for s in store.sites() if s.name == "店b")
        store.submit_visit(visit(b.id, inspection(0.7)), person="p")
        (fresh,) = [x for x in store.findings() if x.site == b.id]
        assert fresh.id not in {x.id for x in last.findings()}


def test_a_failure_leaves_nothing(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BarrierFreeError):
        next_round(old, old, device="d")
    assert old.exists()
    with pytest.raises(BarrierFreeError):
        next_round(tmp_path / "n.gpkg", tmp_path / "absent.gpkg", device="d")
    monkeypatch.setattr("barrierfree.operations.surveys.carry_over", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next_round(tmp_path / "n.gpkg", old, device="d")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2026.gpkg", "2026.photos"]


def test_closed_sites_are_to_be_visited_again(tmp_path: Path, clock: Clock) -> None:
    with survey(tmp_path / "o.gpkg", clock) as store:
        (a,) = store.add_sites([new_site("a")], person="p").ids
        store.submit_visit(NewVisit(site=a, outcome=Outcome.CLOSED, reason="装修"), person="p")
        store.review_visit(store.visits()[0].id, accept=True, person="q")
        assert store.visits()[0].state is VisitState.ACCEPTED
    made, _ = next_round(tmp_path / "n.gpkg", tmp_path / "o.gpkg", device="d")
    with made as store:
        assert store.site(a).status is Status.NOT_SURVEYED
