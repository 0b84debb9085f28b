"""Judges the answers about one checkpoint by every rule of its element: pure, and fast enough for whole surveys."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from barrierfree.conformance.form_logic import FormState, follow
from barrierfree.errors import NotFoundError
from barrierfree.expressions import UNKNOWN, Expression, parse
from barrierfree.i18n import tr
from barrierfree.model.definition import Checklist, ElementType, Rule
from barrierfree.model.records import ReportedProblem, Verdict
from barrierfree.model.words import Force, Problem, SourceMark, VerdictKind

PRESENCE: Final = "present"  # the question that says whether the element is there
YES: Final = "yes"
NO: Final = "no"
NOT_APPLICABLE: Final = "na"
NUMBER_COMPARISONS: Final = frozenset({">=", "<=", "=", "between"})
CHOICE_COMPARISONS: Final = frozenset({"is", "is_not", "has", "has_not"})


@dataclass(frozen=True)
class _Compiled:
    rule: Rule
    applies: Expression | None
    exception: Expression | None
    resolution: float
    numeric: bool
    when_missed: tuple[VerdictKind, str]  # and the reason


@dataclass(frozen=True)
class _Element:
    element: ElementType
    rules: tuple[_Compiled, ...]


_compiled: dict[int, tuple[Checklist, dict[str, _Element]]] = {}
_KEPT = 8


def when_missed(rule: Rule) -> tuple[VerdictKind, str]:
    """What a missed limit of ``rule`` comes to, without its exception, and the reason key.

    Recommendations (宜), ratings and guides are advice, figures from memory are unverified: neither is ever
    "not met" (domain facts, section 0).
    """
    if rule.force is Force.SHOULD or rule.mark in (SourceMark.BETTER, SourceMark.GUIDE):
        return VerdictKind.CHECK_STANDARD, "advice"
    if not rule.mark.gives_hard_verdicts:
        return VerdictKind.CHECK_STANDARD, "unverified"
    return VerdictKind.NOT_MET, ""


def _compile(rule: Rule, element: ElementType) -> _Compiled:
    question = element.question(rule.question)
    return _Compiled(
        rule,
        parse(rule.applies_when) if rule.applies_when else None,
        parse(rule.exception_when) if rule.exception_when else None,
        question.resolution if question else 0.0,
        rule.comparison in NUMBER_COMPARISONS,
        when_missed(rule),
    )


def _elements(checklist: Checklist) -> dict[str, _Element]:
    known = _compiled.get(id(checklist))  # by identity, as in form_logic
    if known is not None:
        return known[1]
    if len(_compiled) >= _KEPT:
        _compiled.clear()
    elements = {
        e.code: _Element(e, tuple(_compile(r, e) for r in checklist.rules_for(e.code))) for e in checklist.elements
    }
    _compiled[id(checklist)] = (checklist, elements)
    return elements


def judge(
    checklist: Checklist, element_code: str, answers: Mapping[str, object], *, new_build: bool = False
) -> tuple[Verdict, ...]:
    """One verdict for each rule of ``element_code``, in the order of the rules.

    ``answers`` are those of one inspection, as ``Answer`` values or as stored in JSON; lengths are in the unit of
    their question. ``new_build`` chooses between limits for new buildings and for alterations. Calculated
    questions are worked out here. Raises ``NotFoundError`` for an element the checklist does not have.
    """
    known = _elements(checklist).get(element_code)
    if known is None:
        raise NotFoundError(
            tr("检查表里没有元素“{code}”。").format(code=element_code), tr("请用填写时的那一版检查表。")
        )
    present = answers.get(PRESENCE) or ""
    # Whoever measured a thing without saying that it is there has said so.
    state = follow(known.element, answers if present else {**answers, PRESENCE: YES}, missing=UNKNOWN)
    return tuple(_verdict(c, state, present, new_build) for c in known.rules)


def _verdict(compiled: _Compiled, state: FormState, present: object, new_build: bool) -> Verdict:
    rule = compiled.rule
    kind, reason, measured = VerdictKind.NOT_APPLICABLE, "", None
    if rule.scope != "any" and (rule.scope == "new") is not new_build:
        return Verdict(rule=rule.id, kind=kind, reason="scope")
    if present == NOT_APPLICABLE or (present == NO and rule.question != PRESENCE):
        return Verdict(rule=rule.id, kind=kind, reason="absent")
    if state.asked.get(rule.question) is False:
        return Verdict(rule=rule.id, kind=kind, reason="applies")
    applies = compiled.applies.holds(state.values) if compiled.applies else True
    if applies is False:
        return Verdict(rule=rule.id, kind=kind, reason="applies")
    value = state.values.get(rule.question, UNKNOWN)
    if rule.question == PRESENCE and not present:
        value = UNKNOWN
    if applies is None or value is UNKNOWN:
        return Verdict(rule=rule.id, kind=VerdictKind.CANNOT_TELL, reason="missing")
    if compiled.numeric:
        kind, reason, measured = _by_number(compiled, value, state)
        return Verdict(rule=rule.id, kind=kind, measured=measured, reason=reason)
    kind, reason = _by_choice(compiled, value, state)
    shown = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Verdict(rule=rule.id, kind=kind, measured=shown, reason=reason)


def _by_number(compiled: _Compiled, value: object, state: FormState) -> tuple[VerdictKind, str, float | str | None]:
    rule = compiled.rule
    try:
        measured = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        measured = math.nan
    if not math.isfinite(measured) or rule.value is None:
        return VerdictKind.CANNOT_TELL, "unreadable", str(value)
    limits = [rule.value] if rule.upper is None else [rule.value, rule.upper]
    away = min(abs(measured - limit) for limit in limits)
    hair = 1e-9 * max(1.0, abs(rule.value))  # what floating point adds to an exact limit
    if away <= hair:
        return VerdictKind.MET, "", measured
    if away <= compiled.resolution + hair:
        return VerdictKind.MEASURE_AGAIN, "resolution", measured
    if _meets(rule.comparison, measured, limits):
        return VerdictKind.MET, "", measured
    return *_missed(compiled, state), measured


def _meets(comparison: str, measured: float, limits: list[float]) -> bool:
    if comparison == ">=":
        return measured > limits[0]
    if comparison == "<=":
        return measured < limits[0]
    return comparison == "between" and limits[0] < measured < limits[-1]


def _by_choice(compiled: _Compiled, value: object, state: FormState) -> tuple[VerdictKind, str]:
    rule = compiled.rule
    if value == NOT_APPLICABLE and rule.choice != NOT_APPLICABLE:
        return VerdictKind.NOT_APPLICABLE, "applies"
    chosen = [str(v) for v in value] if isinstance(value, list) else str(value).split()
    wanted = rule.comparison in ("is", "has")
    return (VerdictKind.MET, "") if (rule.choice in chosen) is wanted else _missed(compiled, state)


def _missed(compiled: _Compiled, state: FormState) -> tuple[VerdictKind, str]:
    kind, reason = compiled.when_missed
    # An exception has to be shown: while its own answers are missing the verified limit stands.
    excepted = compiled.exception is not None and compiled.exception.holds(state.values)
    if kind is VerdictKind.NOT_MET and excepted:
        return VerdictKind.CHECK_STANDARD, "exception"
    return kind, reason


def problems(checklist: Checklist, verdicts: Iterable[Verdict]) -> tuple[ReportedProblem, ...]:
    """The problems that ``verdicts`` propose: one for each problem word with the rules not met under it.

    Words come in the order of ``Problem``, rules in that of the verdicts; only "not met" proposes anything.
    """
    found: dict[Problem, list[str]] = {}
    words = {r.id: r.problem for r in checklist.rules}
    for verdict in verdicts:
        if verdict.kind is VerdictKind.NOT_MET and verdict.rule in words:
            found.setdefault(words[verdict.rule], []).append(verdict.rule)
    return tuple(ReportedProblem(problem=p, rules=tuple(found[p])) for p in Problem if p in found)
