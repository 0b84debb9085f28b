"""Steps taken together, taken back, decided between; problems told of; units, days, works. In any order of facts."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from barrierfree.errors import StepRefused
from barrierfree.model.city import BatchRow, NewBatch
from barrierfree.model.records import NewReport, NewWork, Photo, SpecialDay, StepRequest, Unit
from barrierfree.model.words import FindingState as S
from barrierfree.model.words import Problem, ReportSource, Standing, UnitClass
from barrierfree.store import SiteFilter, Store, WantedStep, carry_over
from tests.builders import Clock, inspection, new_site, survey, visit

GIVEN = StepRequest(to=S.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = survey(tmp_path / "s.gpkg", clock)
    store.add_sites([new_site("a"), new_site("b", "光环药房（示例）", "富力")], person="p")
    return store


def site(store: Store, text: str = "幸福") -> str:
    return store.sites(SiteFilter(text=text))[0].id


def found(store: Store, clock: Clock, text: str = "幸福") -> str:
    """An open finding; its id."""
    made = store.submit_visit(visit(site(store, text), inspection(0.95)), person="anna")
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="boss")
    clock.move(hours=1)
    return made.findings[0]


def elsewhere(store: Store, tmp_path: Path, clock: Clock, device: str = "device-b") -> Store:
    """A copy of the survey on another laptop."""
    path = tmp_path / f"{device}.gpkg"
    store._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(store.path, path)
    return Store.open(path, device=device, clock=clock)


def state(store: Store, finding: str) -> object:
    held = store.finding(finding)
    rivals = sorted((s.request.to, s.person) for s in store.rivals(finding))
    return held.state, held.unit, held.conflict, rivals, [(s.id, s.standing) for s in store.steps(all_of_them=True)]


def in_any_order(store: Store, tmp_path: Path, clock: Clock, finding: str) -> None:
    """The same state comes from the same facts, however they arrive."""
    facts = store.facts()
    for seed in range(6):
        shuffled = random.Random(seed).sample(facts, len(facts))
        other = Store.create(tmp_path / f"order{len(facts)}-{seed}.gpkg", device="x", clock=clock)
        for start in range(0, len(shuffled), 3):
            other.take_in(shuffled[start : start + 3])
        assert state(other, finding) == state(store, finding)
        assert other.check(photos=False) == []
        other.close()
    assert store.check(photos=False) == []


def test_a_step_is_taken_back_and_another_one_taken(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    store.record_step(finding, GIVEN, person="staff")
    assert store.undoing(finding, person="staff").refused == ""
    with pytest.raises(StepRefused, match=r"只能撤销自己做的步骤.*调整交办"):
        store.revert_step(finding, person="other")
    assert store.revert_step(finding, person="staff")[0] == (finding,)
    held = store.finding(finding)
    assert (held.state, held.unit, held.deadline) == (S.OPEN, "", "")
    with pytest.raises(StepRefused, match="只能撤销自己"):
        store.revert_step(finding, person="staff")  # the opening step is the reviewer's
    store.record_step(finding, StepRequest(to=S.SOFT_SERVICE, reason="门铃"), person="staff")
    assert store.finding(finding).state is S.SOFT_SERVICE
    assert [s.standing for s in store.steps(finding, all_of_them=True)] == [
        Standing.IN_FORCE, Standing.REVERTED, Standing.IN_FORCE,
    ]  # fmt: skip
    in_any_order(store, tmp_path, clock, finding)


def test_a_step_in_a_batch_is_not_taken_back(store: Store, clock: Clock) -> None:
    finding = found(store, clock)
    store.record_step(finding, GIVEN, person="staff")
    rows = [BatchRow(record=finding, code="1", values_hash="x")]
    store.record_batch(NewBatch(number="20260302-01", profile="p", rows=tuple(rows)), person="x")
    with pytest.raises(StepRefused, match=r"交出.*调整交办"):
        store.revert_step(finding, person="staff")


def test_a_step_from_another_computer_has_left(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    with elsewhere(store, tmp_path, clock) as laptop:
        laptop.record_step(finding, GIVEN, person="staff")
        store.take_in(laptop.facts())
    with pytest.raises(StepRefused, match="数据包"):
        store.revert_step(finding, person="staff")


def test_a_revert_has_no_effect_where_somebody_went_on(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    store.record_step(finding, GIVEN, person="staff")
    with elsewhere(store, tmp_path, clock) as laptop:
        store.revert_step(finding, person="staff")
        clock.move(minutes=1)
        laptop.record_step(finding, StepRequest(to=S.TRANSFERRED, reason="市管路段"), person="ben")
        store.take_in(laptop.facts())
    assert store.finding(finding).state is S.TRANSFERRED
    in_any_order(store, tmp_path, clock, finding)


def test_a_bulk_action_is_one_group_and_is_taken_back_as_one(store: Store, clock: Clock, tmp_path: Path) -> None:
    one, two = found(store, clock), found(store, clock, "光环")
    three = store.submit_visit(visit(site(store), inspection(0.9)), person="anna").findings[0]
    assert three == one, "the same checkpoint and word is the same finding"
    wanted = [WantedStep(finding=x, request=GIVEN) for x in (one, two, one)]
    judged = store.judge_steps(wanted, person="staff")
    assert [j.refused for j in judged] == ["", "", "同一个问题出现了两次。"]
    before = len(store.facts())
    taken = store.record_steps(wanted, person="staff")
    assert (len(taken.done), len(taken.refused), len(store.facts()) - before) == (2, 1, 2)
    assert {s.group for s in store.steps(one)[-1:] + store.steps(two)[-1:]} == {taken.group}
    findings, _ = store.revert_step(two, person="staff")
    assert set(findings) == {one, two}
    assert [store.finding(x).state for x in (one, two)] == [S.OPEN, S.OPEN]
    again = store.record_steps(wanted[:2], person="staff")
    store.record_step(one, StepRequest(to=S.TRANSFERRED, reason="市管路段"), person="staff")
    with pytest.raises(StepRefused, match=r"2 个问题.*一起撤销.*幸福"):
        store.revert_step(two, person="staff")
    assert store.finding(two).state is S.IN_PROGRESS, again
    in_any_order(store, tmp_path, clock, two)


def test_two_computers_decide_differently(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    with elsewhere(store, tmp_path, clock) as laptop:
        store.record_step(finding, GIVEN, person="staff")
        clock.move(minutes=5)
        laptop.record_step(finding, StepRequest(to=S.INVALID, reason="量错了"), person="ben")
        laptop.record_step(finding, StepRequest(to=S.OPEN, reason="又去看了"), person="ben")
        store.take_in(laptop.facts())
        held = store.finding(finding)
        assert (held.state, held.conflict) == (S.OPEN, True)
        assert [s.request.to for s in store.rivals(finding)] == [S.IN_PROGRESS, S.INVALID]
        with pytest.raises(StepRefused, match="先裁定"):
            store.record_step(finding, StepRequest(to=S.TRANSFERRED, reason="x"), person="staff")
        with pytest.raises(StepRefused):
            store.revert_step(finding, person="staff")
        in_any_order(store, tmp_path, clock, finding)
        mine, theirs = store.rivals(finding)
        with pytest.raises(StepRefused, match="为什么"):
            store.decide_step(finding, theirs.id, " ", person="boss")
        store.decide_step(finding, theirs.id, "到现场看过", person="boss")
        held = store.finding(finding)
        assert (held.state, held.conflict, held.unit) == (S.OPEN, False, "")
        assert [s.request.to for s in store.steps(finding)][1:] == [S.INVALID, S.OPEN], "what follows it holds too"
        assert store.figures().conflicts == 0
        in_any_order(store, tmp_path, clock, finding)
        # somebody on the other laptop decides for the other one: undecided again, until a third decision
        laptop.take_in([x for x in store.facts() if x.kind == "step"])
        clock.move(minutes=5)
        laptop.decide_step(finding, mine.id, "单位已经答应", person="ben")
        store.take_in(laptop.facts())
        assert store.finding(finding).conflict
        in_any_order(store, tmp_path, clock, finding)
        store.decide_step(finding, mine.id, "两人商定", person="boss")
        assert (store.finding(finding).state, store.finding(finding).conflict) == (S.IN_PROGRESS, False)
        with pytest.raises(StepRefused, match="裁定采用"):
            store.revert_step(finding, person="staff")
        in_any_order(store, tmp_path, clock, finding)


def test_equal_steps_are_one_and_what_follows_either_holds(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    with elsewhere(store, tmp_path, clock) as laptop:
        store.record_step(finding, GIVEN, person="staff")
        clock.move(minutes=5)
        laptop.record_step(finding, GIVEN, person="ben")
        laptop.record_step(finding, StepRequest(to=S.TRANSFERRED, reason="市管路段"), person="ben")
        store.take_in(laptop.facts())
    held = store.finding(finding)
    assert (held.state, held.conflict) == (S.TRANSFERRED, False)
    in_any_order(store, tmp_path, clock, finding)


def test_a_problem_told_by_phone(store: Store, clock: Clock, tmp_path: Path) -> None:
    call = NewReport(site=site(store), element="wheelchair_ramp", problem=Problem.NON_COMPLIANT, note="太窄",
                     source=ReportSource.CALL)  # fmt: skip
    with pytest.raises(StepRefused, match="反映"):
        store.report_problem(call.model_copy(update={"note": " "}), person="staff")
    photo = Photo(sha256="ab", suffix=".jpg", width=1, height=1)
    told = store.report_problem(call, person="staff", photos=[photo])
    held = store.finding(told.finding)
    assert (held.state, held.source, held.photos_before, told.known) == (S.REPORTED, "call", ("ab",), False)
    with pytest.raises(StepRefused, match="怎样核实"):
        store.record_step(told.finding, StepRequest(to=S.OPEN), person="staff")
    # a visit finds the same: it is the same finding, and its acceptance opens it
    clock.move(hours=1)
    made = store.submit_visit(visit(call.site, inspection(0.95)), person="anna")
    assert made.findings == (told.finding,)
    with pytest.raises(StepRefused, match="审核"):
        store.record_step(told.finding, StepRequest(to=S.OPEN, reason="打过电话"), person="staff")
    clock.move(hours=1)
    store.review_visit(made.visit, accept=True, person="boss")
    held = store.finding(told.finding)
    assert (held.state, held.rules) == (S.OPEN, ("WR-05",))
    assert [r.source for r in store.reports(told.finding)] == ["call", ""]
    clock.move(hours=1)
    again = store.report_problem(call.model_copy(update={"note": "又有人反映"}), person="staff")
    assert (again.finding, again.known) == (told.finding, True)
    store.record_step(told.finding, StepRequest(to=S.INVALID, reason="x"), person="staff")
    with pytest.raises(StepRefused, match="不属实"):
        store.report_problem(call, person="staff")
    in_any_order(store, tmp_path, clock, told.finding)


def test_a_problem_of_a_whole_site_lives_and_is_closed(store: Store, clock: Clock) -> None:
    where = site(store)
    call = NewReport(site=where, problem=Problem.OCCUPIED, note="门口全是电动车", source=ReportSource.WALK_IN)
    one, two = (store.report_problem(call, person="staff").finding for _ in range(2))
    assert one != two, "two people may mean two things"
    store.record_step(one, StepRequest(to=S.OPEN, reason="社区网格员看过"), person="staff")
    photo = Photo(sha256="ab", suffix=".jpg", width=1, height=1)
    claim = StepRequest(to=S.CLAIMED, measure="清走", photos=("ab",))
    store.record_step(one, claim, person="staff", photos=[photo])
    clock.move(hours=1)
    there = inspection(1.3).model_copy(update={"gone": (one,)})
    made = store.submit_visit(visit(where, there), person="anna")
    store.review_visit(made.visit, accept=True, person="boss")
    store.record_step(one, StepRequest(to=S.RECTIFIED), person="staff")
    assert store.finding(one).state is S.RECTIFIED
    assert store.check(photos=False) == []


def test_what_was_told_goes_into_the_next_round(store: Store, clock: Clock, tmp_path: Path) -> None:
    call = NewReport(site=site(store), problem=Problem.OCCUPIED, note="占用", source=ReportSource.WEB)
    told = store.report_problem(call, person="staff").finding
    store.put_unit(Unit(name="示例单位"), person="staff")
    with Store.create(tmp_path / "next.gpkg", device="device-a", clock=clock) as new:
        carry_over(store, new, title="下一轮")
        assert new.finding(told).state is S.REPORTED
        assert "怎样核实" in (new.refusal(told, StepRequest(to=S.OPEN), person="staff") or "")
        assert [u.name for u in new.known_units()] == ["示例单位"]
        assert new.check(photos=False) == []


def test_planned_and_installed_are_two_figures(store: Store, clock: Clock) -> None:
    finding = found(store, clock)
    store.record_step(finding, GIVEN.model_copy(update={"planned": 3, "quantity_unit": "块"}), person="staff")
    assert (store.finding(finding).planned, store.finding(finding).quantity) == (3, None)
    photo = Photo(sha256="ab", suffix=".jpg", width=1, height=1)
    claim = StepRequest(to=S.CLAIMED, measure="装", photos=("ab",), quantity=2, quantity_unit="块")
    store.record_step(finding, claim, person="staff", photos=[photo])
    held = store.finding(finding)
    assert (held.planned, held.quantity, held.quantity_unit) == (3, 2, "块")


def test_units_with_their_class_and_contact(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    store.record_step(finding, GIVEN, person="staff")
    store.put_unit(Unit(name="示例路政所", unit_class=UnitClass.ROADS, contact="示例联系人"), person="staff")
    known = [(u.name, u.unit_class) for u in store.known_units()]
    assert known == [("示例单位", None), ("示例路政所", UnitClass.ROADS)]
    with elsewhere(store, tmp_path, clock) as laptop:
        laptop.put_unit(Unit(name="示例路政所", unit_class=UnitClass.ROADS, contact="另一位"), person="ben")
        laptop.put_unit(Unit(name="示例物业", unit_class=UnitClass.HOUSING), person="ben")
        store.put_unit(Unit(name="示例路政所", unit_class=UnitClass.ROADS, contact="第三位"), person="staff")
        store.put_unit(Unit(name="示例物业", unit_class=UnitClass.HOUSING), person="staff")
        store.take_in(laptop.facts())
    held = {u.name: u for u in store.known_units()}
    assert (held["示例路政所"].contact, held["示例路政所"].conflicts) == ("示例联系人", ("contact",))
    assert held["示例物业"].conflicts == ()
    store.put_unit(Unit(name="示例路政所", unit_class=UnitClass.ROADS, contact="第三位"), person="staff")
    assert {u.name: u for u in store.known_units()}["示例路政所"].conflicts == ()
    with pytest.raises(StepRefused, match="单位名称"):
        store.put_unit(Unit(name=" "), person="staff")
    in_any_order(store, tmp_path, clock, finding)


def test_special_days_are_kept_and_dropped(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    store.put_day(SpecialDay(day="2027-02-08", working=False, note="春节（示例）"), person="staff")
    store.put_day(SpecialDay(day="2027-02-14", working=True), person="staff")
    store.drop_day("2027-02-14", person="staff")
    assert {d.isoformat(): w for d, w in store.calendar().items()} == {"2027-02-08": False}
    store.put_day(SpecialDay(day="2027-02-14", working=True), person="staff")
    assert len(store.special_days()) == 2
    with pytest.raises(StepRefused, match="日期"):
        store.put_day(SpecialDay(day="2月8日", working=False), person="staff")
    in_any_order(store, tmp_path, clock, finding)


def test_works_are_counted_on_their_own(store: Store, clock: Clock, tmp_path: Path) -> None:
    finding = found(store, clock)
    new = NewWork(site=site(store), element="door", what="加装门铃", quantity=2, quantity_unit="个",
                  done_on="2026-03-01")  # fmt: skip
    work, _ = store.record_work(new, person="staff")
    store.record_work(new.model_copy(update={"quantity": 1.5}), person="staff")
    (figure,) = store.work_figures()
    assert (figure.element, figure.works, figure.quantity, figure.quantity_unit) == ("door", 2, 3.5, "个")
    store.withdraw_work(work, person="staff")
    assert [(w.quantity, w.site_name) for w in store.works()] == [(1.5, "幸福便利店（示例）")]
    assert (store.figures().closed_by_repair, store.figures().renovated) == (0, 0)
    for values, words in (
        ({"what": " "}, "做了什么"), ({"quantity": 0}, "数量"), ({"quantity": float("nan")}, "数量"),
        ({"quantity_unit": ""}, "单位"), ({"done_on": "2026-03-09"}, "还没有到"), ({"done_on": "x"}, "日期"),
    ):  # fmt: skip
        with pytest.raises(StepRefused, match=words):
            store.record_work(new.model_copy(update=values), person="staff")
    in_any_order(store, tmp_path, clock, finding)
