"""Which records a batch is made of, and what counts as changed since it was sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from barrierfree.model.city import BatchFilter, NewAnswer
from barrierfree.model.records import ReportedProblem, StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.model.words import Problem
from barrierfree.operations import batches
from barrierfree.operations.batches import BatchPlan
from barrierfree.store import SameSite, Store
from tests.builders import Clock, inspection, visit
from tests.operations.city_survey import GIVEN, PROFILE, accepted, city_survey, definition, photo, site


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return city_survey(tmp_path / "s.gpkg", clock)


def rows(plan: BatchPlan) -> list[tuple[str, str]]:
    return [(row.kind, row.code) for row in plan.rows]


def send(store: Store, out: Path, wanted: BatchFilter | None = None) -> str:
    plan = batches.plan_batch(store, wanted or BatchFilter())
    assert not plan.faults, plan.faults
    return batches.write_batch(store, plan, out, person="boss").number


def test_accepted_work_goes_once(store: Store, clock: Clock, tmp_path: Path) -> None:
    assert rows(batches.plan_batch(store)) == []
    (finding,) = accepted(store, clock)
    accepted(store, clock, "光环", width=1.3)
    one, other = "110105016001LS0001", "110105016009LS0001"
    assert rows(batches.plan_batch(store)) == [
        ("site", one), ("site", other), ("finding", f"{one}-01-P1"), ("finding", f"{other}-01"),
    ]  # fmt: skip
    send(store, tmp_path / "out")
    assert rows(batches.plan_batch(store)) == []
    assert rows(batches.plan_batch(store, "changed")) == []
    clock.move(days=1)
    store.record_step(finding, GIVEN, person="boss")
    (row,) = batches.plan_batch(store, "changed").rows
    assert (row.record, row.changed) == (finding, ("unit", "state"))
    send(store, tmp_path / "out", BatchFilter(what="changed"))
    assert rows(batches.plan_batch(store, "changed")) == []
    assert store.check() == []


def test_a_list_of_problems_alone(tmp_path: Path, clock: Clock) -> None:
    text = PROFILE.replace("decimals = 6\n", "without_findings = false\n", 1)
    assert "without_findings" in text
    store = city_survey(tmp_path / "s.gpkg", clock, profile=text)
    accepted(store, clock)
    accepted(store, clock, "光环", width=1.3)
    kinds = [kind for kind, _ in rows(batches.plan_batch(store))]
    assert kinds == ["site", "site", "finding"]
    assert all("-P" in code for kind, code in rows(batches.plan_batch(store)) if kind == "finding")


def test_a_site_waits_until_all_its_visits_are_reviewed(store: Store, clock: Clock) -> None:
    accepted(store, clock)
    assert ("site", "110105016001LS0001") in rows(batches.plan_batch(store))
    made = store.submit_visit(visit(site(store), inspection(0.9)), person="anna")
    assert "site" not in dict(rows(batches.plan_batch(store)))
    clock.move(hours=1)
    store.review_visit(made.visit, accept=False, reason="照片不清", person="boss")
    assert "site" in dict(rows(batches.plan_batch(store)))


def test_what_is_no_change(store: Store, clock: Clock, tmp_path: Path) -> None:
    """Another profile, the name of a photo, another edition's words, a field the city never sees, its own number."""
    (finding,) = accepted(store, clock, photos=[photo(store, 1)])
    number = send(store, tmp_path / "out")
    other = PROFILE.replace("{code}_{kind}{n}.jpg", "{n}{kind}{code}.jpg").replace('"gcj02"', '"wgs84"')
    other = other.replace('field = "unit"', 'field = "responsible"')
    made = definition(other)
    ramp = made.checklist.elements[0].model_copy(
        update={"label": made.checklist.elements[0].label.model_copy(update={"zh": "坡道"})}
    )
    checklist = made.checklist.model_copy(update={"elements": (ramp, made.checklist.elements[1])})
    store.adopt_definition(made.model_copy(update={"checklist": checklist}), title="t", person="p", main_file=True)
    assert rows(batches.plan_batch(store, "changed")) == []
    store.change_site(site(store), {"note": "门口有台阶"}, person="p")  # no column asks for the note
    store.record_step(finding, StepRequest(to=S.SOFT_SERVICE, reason="门铃"), person="boss")
    plan = batches.plan_batch(store, "changed")
    assert [(r.record, r.changed) for r in plan.rows] == [(finding, ("element", "state"))], "now its words go too"
    batch = store.batch(number)
    row = next(r for r in store.batch_rows(batch.id) if r.kind == "site")
    answer = NewAnswer(record=row.record, kind="site", sending=batch.id, accepted=True, city_number="C-1", line=2)
    store.record_answers([answer], person="boss")
    assert store.site(site(store)).city_number == "C-1"
    assert [r.record for r in batches.plan_batch(store, "changed").rows] == [finding]
    assert store.check() == []


def test_a_later_photo_is_a_change(store: Store, clock: Clock, tmp_path: Path) -> None:
    accepted(store, clock, "光环", width=1.3, photos=[photo(store, 1)])
    send(store, tmp_path / "out")
    clock.move(days=1)
    accepted(store, clock, "光环", width=1.3, photos=[photo(store, 2)])
    changed = {r.kind: r.changed for r in batches.plan_batch(store, "changed").rows}
    assert changed == {"site": ("surveyed_on",), "finding": ("photos_before",)}


def test_filters(store: Store, clock: Clock) -> None:
    (finding,) = accepted(store, clock)
    accepted(store, clock, "光环", width=1.3)
    clock.move(days=5)
    (third,) = accepted(store, clock, "餐厅", width=0.8)
    store.record_step(finding, GIVEN, person="boss")

    def found(**wanted: object) -> set[str]:
        plan = batches.plan_batch(store, BatchFilter.model_validate({"what": "all", **wanted}))
        return {row.record for row in plan.rows if row.kind == "finding"}

    assert len(found()) == 3
    assert found(communities=("富力",)) == found() - {finding, third}
    assert found(classes=("other",)) == set()
    assert found(states=(S.IN_PROGRESS,)) == {finding}
    assert found(since="2026-03-05") == {finding, third}
    assert found(until="2026-03-05") == found() - {finding, third}
    assert found(records=(third,)) == {third}
    code = store.site(site(store)).code
    assert found(records=(code,)) == {finding}
    assert found(records=(f"{code}-01-P1",)) == {finding}
    plan = batches.plan_batch(store, BatchFilter(what="all", communities=("富力",), since="2026-03-05"))
    assert plan.words == "全部审核通过的记录；社区：富力；审核或变化日期：2026-03-05 – …"


def test_a_record_the_city_rejected_comes_back(store: Store, clock: Clock, tmp_path: Path) -> None:
    (finding,) = accepted(store, clock)
    number = send(store, tmp_path / "out")
    batch = store.batch(number)
    answer = NewAnswer(record=finding, kind="finding", sending=batch.id, accepted=False, reason="照片不清", line=3)
    assert store.record_answers([answer], person="boss")[0] == 1
    assert store.record_answers([answer], person="boss")[0] == 0
    assert (store.figures().city_rejected, store.figures(community="富力").city_rejected) == (1, 0)
    assert [(r.record, r.reason, r.number) for r in store.rejected()] == [(finding, "照片不清", number)]
    plan = batches.plan_batch(store, "rejected")
    assert [r.record for r in plan.rows] == [finding]
    assert not plan.faults, "what came back may go again as it is"
    clock.move(days=1)
    send(store, tmp_path / "out", BatchFilter(what="rejected"))
    assert store.rejected() == []
    assert store.figures().city_rejected == 0
    assert store.batch(number).rejected == 1
    assert store.check() == []


def test_never_sent_invalid_findings_stay_home(store: Store, clock: Clock, tmp_path: Path) -> None:
    (finding,) = accepted(store, clock)
    (other,) = accepted(store, clock, "餐厅", width=0.9)
    send(store, tmp_path / "out", BatchFilter(records=(finding,)))
    for one in (finding, other):
        store.record_step(one, StepRequest(to=S.INVALID, reason="量错了"), person="boss")
    assert {r.record for r in batches.plan_batch(store, "all").rows if r.kind == "finding"} - {finding} == {
        c.id for c in store.checkpoints(site(store, "餐厅")) if c.inspection
    }


def test_codes_of_findings_stay_what_they_were_sent_as(store: Store, clock: Clock, tmp_path: Path) -> None:
    (first,) = accepted(store, clock)
    send(store, tmp_path / "out")
    clock.move(days=1)
    seen = inspection(0.95).model_copy(
        update={"problems": (ReportedProblem(problem=Problem.NON_COMPLIANT, rules=("WR-05",)),
                             ReportedProblem(problem=Problem.DAMAGED, note="裂缝"))}
    )  # fmt: skip
    made = store.submit_visit(visit(site(store), seen), person="anna")
    store.review_visit(made.visit, accept=True, person="boss")
    codes = {r.record: r.code[-3:] for r in batches.plan_batch(store, "all").rows if r.kind == "finding"}
    assert codes[first] == "-P1"
    assert sorted(codes.values()) == ["-P1", "-P2"]


def test_what_was_recorded_at_a_site_goes_with_the_site_it_is(store: Store, clock: Clock) -> None:
    (finding,) = accepted(store, clock)
    accepted(store, clock, "餐厅", width=0.8)
    kept, other = site(store, "餐厅"), site(store)
    store.decide_same(SameSite(row=other, site=kept, same=True), person="p")
    code = store.site(kept).code
    found = {row.record: (row.site, row.code) for row in batches.plan_batch(store).rows}
    assert found[finding] == (kept, f"{code}-03-P1"), "behind the site's own checkpoints"
    assert other not in found


def test_the_number_of_queries_does_not_grow_with_the_rows(tmp_path: Path, clock: Clock) -> None:
    asked = []
    for count in (3, 12):
        with city_survey(tmp_path / f"{count}.gpkg", clock, sites=count) as store:
            for one in store.sites():
                seen = visit(one.id, inspection(0.9, (photo(store, 1).sha256,)))
                made = store.submit_visit(seen, person="anna", photos=[photo(store, 1)])
                clock.move(minutes=1)
                store.review_visit(made.visit, accept=True, person="boss")
            said: list[str] = []
            store._sql.set_trace_callback(said.append)
            assert len(batches.plan_batch(store).rows) == 2 * count
            store._sql.set_trace_callback(None)
            asked.append(len([s for s in said if not s.startswith("--")]))
    assert asked[0] == asked[1], "a query per record"
