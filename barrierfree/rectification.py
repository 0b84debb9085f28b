"""Decides which step may follow which in the life of a finding, why one is refused, and what is overdue.

The states and what each needs are the programme's (product.md §4): nothing closes by repair until an accepted
inspection, made after the claim by another person, meets every rule the finding carries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from barrierfree.errors import StepRefused
from barrierfree.i18n import listed, tr
from barrierfree.model.records import Finding, Inspection, Step, StepRequest
from barrierfree.model.words import FindingState as S
from barrierfree.model.words import Standing, UnitClass, VerdictKind, VisitState, label

TRANSITIONS: Final[dict[S, tuple[S, ...]]] = {
    S.REPORTED: (S.OPEN, S.INVALID, S.DUPLICATE, S.TRANSFERRED, S.SOFT_SERVICE),
    S.OPEN: (S.IN_PROGRESS, S.CLAIMED, S.TRANSFERRED, S.SOFT_SERVICE, S.DUPLICATE, S.INVALID),
    # in_progress to itself: another unit or a new deadline, with its reason
    S.IN_PROGRESS: (S.CLAIMED, S.IN_PROGRESS, S.TRANSFERRED, S.SOFT_SERVICE, S.DUPLICATE, S.INVALID),
    S.CLAIMED: (S.RECTIFIED, S.IN_PROGRESS),
    S.RECTIFIED: (S.OPEN,),
    S.SOFT_SERVICE: (S.OPEN,),
    S.TRANSFERRED: (S.OPEN,),
    S.DUPLICATE: (S.OPEN,),
    S.INVALID: (S.OPEN,),
}
_REASON_NEEDED: Final = frozenset({S.SOFT_SERVICE, S.TRANSFERRED, S.INVALID})


def next_states(state: S) -> tuple[S, ...]:
    """The states that can follow ``state``, the usual one first."""
    return TRANSITIONS[state]


def refusal(
    finding: Finding,
    request: StepRequest,
    *,
    by: str,
    today: date,
    reinspection: Inspection | None = None,
    visit_accepted: bool = True,
    inspected: bool = True,
) -> str | None:
    """Why ``request`` cannot follow now, in words; None if it can.

    ``reinspection`` is the inspection named by the request (needed for ``rectified``); ``visit_accepted`` says
    whether the visit that reported the finding has been accepted (needed to open it). ``inspected`` is False for a
    problem somebody told of and nobody has looked at: staff open it by saying how they verified it.
    """
    if finding.conflict:
        return tr("两处对这个问题作了不同处理，请先裁定采用哪一步。")
    if request.to not in TRANSITIONS[finding.state]:
        return tr("问题现在是“{state}”，不能直接改为“{to}”。").format(
            state=tr(label(finding.state)), to=tr(label(request.to))
        )
    if request.to is S.OPEN:
        return _open_refusal(finding, request, visit_accepted, inspected)
    if request.to is S.IN_PROGRESS:
        return _progress_refusal(finding, request, today)
    if request.to is S.CLAIMED:
        return _claim_refusal(request)
    if request.to is S.RECTIFIED:
        return _closing_refusal(finding, reinspection, by)
    if request.to is S.DUPLICATE:
        if not request.original:
            return tr("请指明与哪个问题重复。")
        return tr("不能是自己的重复。") if request.original == finding.id else None
    if request.to in _REASON_NEEDED and not request.reason.strip():
        return tr("请写明原因：软服务写提供什么替代，移交写移交给谁，不属实写为什么。")
    return None


def _open_refusal(finding: Finding, request: StepRequest, visit_accepted: bool, inspected: bool) -> str | None:
    if finding.state is S.REPORTED and not inspected:
        return None if request.reason.strip() else tr("这个问题还没有人到现场检查；请写明是怎样核实的。")
    if finding.state is S.REPORTED:
        return None if visit_accepted else tr("发现问题的走访还没有通过审核。")
    if not request.reason.strip() and not request.inspection:
        return tr("重新打开已关闭的问题，请写明原因。")
    return None


def _progress_refusal(finding: Finding, request: StepRequest, today: date) -> str | None:
    if finding.state is S.CLAIMED:
        return None if request.reason.strip() else tr("退回重改，请写明原因。")
    if not (request.unit.strip() or finding.unit):
        return tr("请填写责任单位。")
    if not (request.deadline or finding.deadline):
        return tr("请填写整改期限。")
    if request.planned is not None and request.planned <= 0:
        return tr("计划数量要大于 0。")
    if finding.state is S.IN_PROGRESS and not request.reason.strip():
        return tr("更换责任单位或期限，请写明原因。")
    if request.deadline and date.fromisoformat(request.deadline) < today:
        return tr("整改期限 {date} 已经过去，请选今天或以后的日期。").format(date=request.deadline)
    return None


def _claim_refusal(request: StepRequest) -> str | None:
    if not request.measure.strip():
        return tr("请写明整改措施。")
    if not request.photos:
        return tr("申请验收需要至少一张整改后的照片。")
    if request.quantity is not None and request.quantity <= 0:
        return tr("安装数量要大于 0。")
    return None


def _closing_refusal(finding: Finding, found: Inspection | None, by: str) -> str | None:
    if found is None:
        return tr("销号需要申请验收之后、由另一人到现场复检并通过审核的检查记录；现在还没有。")
    if found.site != finding.site or (finding.checkpoint and found.checkpoint != finding.checkpoint):
        return tr("复检记录不是这个检查点的。")
    if found.state is not VisitState.ACCEPTED:
        return tr("复检记录还没有通过审核。")
    if found.recorded_at <= finding.claimed_at:
        return tr("复检要在申请验收之后进行。")
    if found.person == finding.claimed_by:
        return tr("复检要由申请验收者以外的人进行。")
    kinds = {v.rule: v.kind for v in found.verdicts}
    unmet = [rule for rule in finding.rules if kinds.get(rule) is not VerdictKind.MET]
    if unmet:
        return tr("复检仍不符合：{rules}。").format(rules=listed(unmet))
    if not finding.rules and finding.id not in found.gone:
        return tr("复检没有确认问题已经消除。")
    return None


def qualifying(finding: Finding, inspections: tuple[Inspection, ...], by: str) -> Inspection | None:
    """The newest of ``inspections`` that would close ``finding``; None if none does."""
    fitting = [i for i in inspections if _closing_refusal(finding, i, by) is None]
    return max(fitting, key=lambda i: i.id) if fitting else None


def revert_refusal(
    finding: Finding, step: Step, *, by: str, last: bool, left: bool = False, decided: bool = False
) -> str | None:
    """Why ``step`` of ``finding`` cannot be taken back, in words with the regular way; None if it can.

    ``last``: it is the last step in force. ``left``: it went out in a batch or came from another computer.
    ``decided``: a person decided for it against another step.
    """
    if step.standing is Standing.REVERTED:
        return tr("这一步已经撤销。")
    if decided:
        why = tr("这一步是裁定采用的，不能撤销。")
    elif step.standing is not Standing.IN_FORCE or not last:
        why = tr("后面已经有别的步骤，不能撤销这一步。")
    elif step.person != by:
        why = tr("只能撤销自己做的步骤。")
    elif left:
        why = tr("这一步已经随批次或数据包交出，不能撤销。")
    else:
        return None
    return tr("{why}可以改用正常步骤：{step}。").format(why=why, step=_regular(finding.state))


def _regular(state: S) -> str:
    """What is done instead of taking the last step back, as the buttons call it."""
    if state is S.CLAIMED:
        return tr("退回重改")
    if state is S.IN_PROGRESS:
        return tr("调整交办")
    if state is S.OPEN:
        return tr("不属实、重复、移交或软服务")
    return tr("重新打开")


def choice_refusal(finding: Finding, step: Step, reason: str) -> str | None:
    """Why ``step`` cannot be decided for against the other one that follows the same step; None if it can."""
    if not finding.conflict or step.standing is not Standing.RIVAL or step.finding != finding.id:
        return tr("这里没有需要裁定的步骤。")
    return None if reason.strip() else tr("请写明为什么采用这一步。")


_KEY_AREAS: Final = {
    "城市道路": UnitClass.ROADS,
    "公共交通": UnitClass.TRANSPORT,
    "公共服务场所": UnitClass.SERVICES,
    "信息交流": UnitClass.INFORMATION,
    "居住区": UnitClass.HOUSING,
}


def unit_class_of(key_area: str) -> UnitClass:
    """The class of unit that answers for a place class of this key area (重点领域)."""
    return _KEY_AREAS.get(key_area, UnitClass.SERVICES)


def working_days_after(start: date, days: int, special: Mapping[date, bool] | None = None) -> tuple[date, bool]:
    """The date ``days`` working days (工作日) after ``start``, and whether it is provisional.

    Holidays and make-up working days as published by the State Council, through chinesecalendar; beyond the last
    published year plain weekdays are counted and the date is provisional. ``special`` are the survey's own days,
    True for a working day; they hold before the calendar.
    """
    special = special or {}
    day, provisional = start, False
    import chinese_calendar  # imported where it is needed: the window must come fast

    while days > 0:
        day += timedelta(days=1)
        try:
            working = special[day] if day in special else chinese_calendar.is_workday(day)
        except NotImplementedError:
            working, provisional = day.weekday() < 5, True
        days -= working
    return day, provisional


def read_deadline(text: str, today: date, special: Mapping[date, bool] | None = None) -> tuple[str, str]:
    """A deadline as typed, ``2026-12-04`` or ``15wd`` / ``15个工作日``: (ISO date, how it was reached)."""
    text = text.strip()
    match = re.fullmatch(r"(\d{1,3})\s*(?:wd|个?工作日)", text, re.IGNORECASE)
    if match:
        days = int(match[1])
        end, provisional = working_days_after(today, days, special)
        note = tr("{n} 个工作日").format(n=days)
        if provisional:
            note += tr("（该年放假安排尚未公布，暂定）")
        return end.isoformat(), note
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        raise StepRefused(
            tr("看不懂整改期限“{text}”。").format(text=text),
            tr("请写成 2026-12-04 这样的日期，或 15wd（15 个工作日）。"),
        ) from None
