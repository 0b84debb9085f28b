"""Every step from every state, deadlines in working days."""

from __future__ import annotations

from datetime import date

import pytest

from barrierfree.errors import StepRefused
from barrierfree.model.records import Finding, Inspection, Step, StepRequest, Verdict
from barrierfree.model.words import FindingState as S
from barrierfree.model.words import Problem, Standing, VerdictKind, VisitState
from barrierfree.rectification import (
    TRANSITIONS,
    choice_refusal,
    qualifying,
    read_deadline,
    refusal,
    revert_refusal,
    unit_class_of,
    working_days_after,
)

TODAY = date(2026, 3, 2)


def finding(state: S, **values: object) -> Finding:
    plain: dict[str, object] = {
        "id": "f", "site": "s", "site_name": "", "site_code": "", "community": "", "checkpoint": "c", "element": "door",
        "number": 1, "problem": Problem.NON_COMPLIANT, "rules": ("R",), "severity": "", "note": "", "state": state,
        "round": 1, "unit": "", "responsible": "", "deadline": "", "deadline_note": "", "measure": "",
        "quantity": None, "quantity_unit": "", "reported_at": "2026-01-01T00:00:00+08:00", "state_since": "",
        "last_step": "", "claimed_by": "anna", "claimed_at": "2026-02-01T00:00:00+08:00", "photos_before": (),
        "photos_after": (),
    }  # fmt: skip
    return Finding.model_validate(plain | values)


def again(**values: object) -> Inspection:
    plain: dict[str, object] = {
        "id": "i", "visit": "v", "checkpoint": "c", "site": "s", "element": "door", "number": 1, "person": "berta",
        "recorded_at": "2026-02-10T00:00:00+08:00", "checklist": "", "answers": {},
        "verdicts": (Verdict(rule="R", kind=VerdictKind.MET),), "photos": (), "state": VisitState.ACCEPTED,
    }  # fmt: skip
    return Inspection.model_validate(plain | values)


FULL = {
    S.OPEN: StepRequest(to=S.OPEN, reason="r"),
    S.IN_PROGRESS: StepRequest(to=S.IN_PROGRESS, unit="u", deadline="2026-04-01", reason="r"),
    S.CLAIMED: StepRequest(to=S.CLAIMED, measure="m", photos=("p",)),
    S.RECTIFIED: StepRequest(to=S.RECTIFIED),
    S.SOFT_SERVICE: StepRequest(to=S.SOFT_SERVICE, reason="r"),
    S.TRANSFERRED: StepRequest(to=S.TRANSFERRED, reason="r"),
    S.DUPLICATE: StepRequest(to=S.DUPLICATE, original="other"),
    S.INVALID: StepRequest(to=S.INVALID, reason="r"),
    S.REPORTED: StepRequest(to=S.REPORTED),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_every_step_from_every_state(state: S, to: S) -> None:
    said = refusal(finding(state), FULL[to], by="staff", today=TODAY, reinspection=again())
    assert (said is None) == (to in TRANSITIONS[state]), said


@pytest.mark.parametrize(
    ("state", "request_", "word"),
    [
        (S.OPEN, StepRequest(to=S.IN_PROGRESS, deadline="2026-04-01"), "责任单位"),
        (S.OPEN, StepRequest(to=S.IN_PROGRESS, unit="u"), "期限"),
        (S.OPEN, StepRequest(to=S.IN_PROGRESS, unit="u", deadline="2026-03-01"), "已经过去"),
        (S.OPEN, StepRequest(to=S.CLAIMED, photos=("p",)), "措施"),
        (S.OPEN, StepRequest(to=S.CLAIMED, measure="m"), "照片"),
        (S.OPEN, StepRequest(to=S.SOFT_SERVICE, reason=" "), "原因"),
        (S.OPEN, StepRequest(to=S.DUPLICATE), "哪个问题"),
        (S.OPEN, StepRequest(to=S.DUPLICATE, original="f"), "自己"),
        (S.OPEN, StepRequest(to=S.IN_PROGRESS, unit="u", deadline="2026-04-01", planned=0), "计划数量"),
        (S.OPEN, StepRequest(to=S.IN_PROGRESS, unit=" ", deadline="2026-04-01"), "责任单位"),
        (S.OPEN, StepRequest(to=S.CLAIMED, measure=" ", photos=("p",)), "措施"),
        (S.OPEN, StepRequest(to=S.CLAIMED, measure="m", photos=("p",), quantity=0), "数量"),
        (S.OPEN, StepRequest(to=S.TRANSFERRED), "移交给谁"),
        (S.REPORTED, StepRequest(to=S.INVALID, reason="\n"), "原因"),
        (S.IN_PROGRESS, StepRequest(to=S.IN_PROGRESS, unit="v", deadline="2026-04-01"), "更换"),
        (S.IN_PROGRESS, StepRequest(to=S.SOFT_SERVICE), "替代"),
        (S.CLAIMED, StepRequest(to=S.IN_PROGRESS), "原因"),
        (S.CLAIMED, StepRequest(to=S.IN_PROGRESS, reason=" "), "退回重改"),
        (S.SOFT_SERVICE, StepRequest(to=S.OPEN), "原因"),
        (S.INVALID, StepRequest(to=S.OPEN, reason=" "), "原因"),
        (S.RECTIFIED, StepRequest(to=S.OPEN), "原因"),
    ],
)
def test_what_a_step_needs(state: S, request_: StepRequest, word: str) -> None:
    assert word in (refusal(finding(state), request_, by="staff", today=TODAY) or "")


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (None, "还没有"),
        (again(person="anna"), "以外的人"),
        (again(recorded_at="2026-01-30T00:00:00+08:00"), "之后"),
        (again(state=VisitState.SUBMITTED), "审核"),
        (again(checkpoint="x"), "检查点"),
        (again(verdicts=(Verdict(rule="R", kind=VerdictKind.NOT_MET),)), "仍不符合"),
        (again(recorded_at="2026-02-01T00:00:00+08:00"), "之后"),
        (again(state=VisitState.RETURNED), "审核"),
        (again(site="elsewhere", checkpoint="c"), "检查点"),
        (again(verdicts=()), "仍不符合"),
        (again(verdicts=(Verdict(rule="R", kind=VerdictKind.MEASURE_AGAIN),)), "仍不符合"),
    ],
)
def test_closing_needs_a_real_reinspection(found: Inspection | None, word: str) -> None:
    said = refusal(finding(S.CLAIMED), FULL[S.RECTIFIED], by="staff", today=TODAY, reinspection=found)
    assert word in (said or "")


def test_a_finding_without_rule_asks_whether_it_is_gone() -> None:
    bare = finding(S.CLAIMED, rules=())
    assert "消除" in (refusal(bare, FULL[S.RECTIFIED], by="x", today=TODAY, reinspection=again()) or "")
    assert qualifying(bare, (again(gone=("f",)),), "x") is not None


def test_working_days_with_holidays_and_make_up_days() -> None:
    # National Day 2026: off 1-7 October, make-up working days 20 September and 10 October (State Council notice).
    assert working_days_after(date(2026, 9, 30), 1)[0] == date(2026, 10, 8)
    assert working_days_after(date(2026, 9, 30), 3)[0] == date(2026, 10, 10)
    assert working_days_after(date(2026, 12, 31), 5)[1] is True


def test_deadlines_as_typed() -> None:
    assert read_deadline("2026-12-04", TODAY) == ("2026-12-04", "")
    assert read_deadline("15wd", TODAY) == ("2026-03-23", "15 个工作日")
    with pytest.raises(StepRefused):
        read_deadline("soon", TODAY)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_nothing_follows_while_two_steps_contradict(state: S, to: S) -> None:
    said = refusal(finding(state, conflict=True), FULL[to], by="staff", today=TODAY, reinspection=again())
    assert "先裁定" in (said or "")


def test_opening_needs_the_visit_or_somebody_who_verified_it() -> None:
    told = finding(S.REPORTED)
    plain = StepRequest(to=S.OPEN)
    assert "审核" in (refusal(told, FULL[S.OPEN], by="x", today=TODAY, visit_accepted=False) or "")
    assert refusal(told, plain, by="x", today=TODAY) is None
    assert "怎样核实" in (refusal(told, plain, by="x", today=TODAY, inspected=False) or "")
    assert refusal(told, FULL[S.OPEN], by="x", today=TODAY, inspected=False) is None


def test_a_finding_of_a_whole_site_is_closed_by_who_was_there() -> None:
    whole = finding(S.CLAIMED, rules=(), checkpoint="")
    here, elsewhere = again(checkpoint="any", gone=("f",)), again(site="elsewhere", gone=("f",))
    assert refusal(whole, FULL[S.RECTIFIED], by="x", today=TODAY, reinspection=here) is None
    assert "复检记录不是" in (refusal(whole, FULL[S.RECTIFIED], by="x", today=TODAY, reinspection=elsewhere) or "")


def step(to: S, standing: Standing = Standing.IN_FORCE, person: str = "staff") -> Step:
    return Step(id="s", finding="f", follows="", person=person, person_name="", recorded_at="",
                request=StepRequest(to=to), standing=standing)  # fmt: skip


@pytest.mark.parametrize("to", [s for s in S if s is not S.REPORTED])
def test_every_step_can_be_taken_back_by_its_person_while_nothing_builds_on_it(to: S) -> None:
    held = finding(to)
    assert revert_refusal(held, step(to), by="staff", last=True) is None
    way = {S.CLAIMED: "退回重改", S.IN_PROGRESS: "调整交办", S.OPEN: "不属实"}.get(to, "重新打开")
    for said, words in (
        (revert_refusal(held, step(to), by="other", last=True), "只能撤销自己"),
        (revert_refusal(held, step(to), by="staff", last=False), "后面已经有"),
        (revert_refusal(held, step(to), by="staff", last=True, left=True), "交出"),
        (revert_refusal(held, step(to), by="staff", last=True, decided=True), "裁定"),
        (revert_refusal(held, step(to, Standing.RIVAL), by="staff", last=True), "后面已经有"),
    ):
        assert words in (said or "")
        assert way in (said or ""), "the regular step is offered"
    assert "已经撤销" in (revert_refusal(held, step(to, Standing.REVERTED), by="staff", last=True) or "")


def test_a_choice_needs_two_steps_and_a_reason() -> None:
    torn, one = finding(S.OPEN, conflict=True), step(S.INVALID, Standing.RIVAL)
    assert choice_refusal(torn, one, "到现场看过") is None
    assert "为什么" in (choice_refusal(torn, one, " ") or "")
    assert "没有需要" in (choice_refusal(finding(S.OPEN), one, "r") or "")
    assert "没有需要" in (choice_refusal(torn, step(S.INVALID), "r") or "")


def test_special_days_hold_before_the_calendar() -> None:
    friday = date(2026, 3, 6)
    assert working_days_after(friday, 1) == (date(2026, 3, 9), False)
    assert working_days_after(friday, 1, {date(2026, 3, 7): True}) == (date(2026, 3, 7), False)
    assert working_days_after(friday, 1, {date(2026, 3, 9): False}) == (date(2026, 3, 10), False)
    assert read_deadline("1wd", friday, {date(2026, 3, 9): False})[0] == "2026-03-10"
    beyond = date(2099, 1, 1)
    assert working_days_after(beyond, 1, {date(2099, 1, 2): True}) == (date(2099, 1, 2), False)
    assert working_days_after(beyond, 2, {date(2099, 1, 2): True})[1], "the other day is not published"


def test_a_class_of_place_proposes_the_class_of_the_unit() -> None:
    areas = ("城市道路", "公共交通", "公共服务场所", "信息交流", "居住区", "?")
    assert [unit_class_of(area).value for area in areas] == [
        "roads", "transport", "services", "information", "housing", "services",
    ]  # fmt: skip


def test_overdue_is_derived() -> None:
    late = finding(S.IN_PROGRESS, deadline="2026-03-01")
    assert late.overdue("2026-03-02")
    assert not late.overdue("2026-03-01")
    assert not finding(S.RECTIFIED, deadline="2026-03-01").overdue("2026-03-02")
