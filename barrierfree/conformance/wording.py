"""Says in words what a rule asks and what a verdict means. Never speaks of breaking the law."""

from __future__ import annotations

from typing import Final

from barrierfree.conformance.measures import measure_text
from barrierfree.model.definition import Question, Rule, Text
from barrierfree.model.records import Verdict
from barrierfree.model.words import Force, SourceMark, VerdictKind

# These texts follow the language that is asked for, which need not be that of the interface (a report in
# English from a Chinese screen), so both stand here instead of going through gettext.
_FORCE: Final = {
    Force.MANDATORY: Text(zh="强制", en="mandatory"),
    Force.SHALL: Text(zh="应", en="shall"),
    Force.SHOULD: Text(zh="宜", en="recommended"),
}
_MARK: Final = {
    SourceMark.MEMORY: Text(zh="待核实", en="unverified"),
    SourceMark.BETTER: Text(zh="优于标准", en="better than the standard"),
    SourceMark.GUIDE: Text(zh="指南", en="guide"),
}
_WANTED: Final = {
    "is": Text(zh="应为“{choice}”", en="must be “{choice}”"),
    "is_not": Text(zh="不得为“{choice}”", en="must not be “{choice}”"),
    "has": Text(zh="应有“{choice}”", en="must have “{choice}”"),
    "has_not": Text(zh="不得有“{choice}”", en="must not have “{choice}”"),
}
_RELATION: Final = {
    "less": Text(zh="小于 {limit}", en="less than {limit}"),
    "more": Text(zh="大于 {limit}", en="more than {limit}"),
    "least": Text(zh="不小于 {limit}", en="at least {limit}"),
    "most": Text(zh="不大于 {limit}", en="at most {limit}"),
    "equal": Text(zh="等于 {limit}", en="equal to {limit}"),
    "within": Text(zh="在 {limit} 之内", en="within {limit}"),
    "outside": Text(zh="不在 {limit} 之内", en="outside {limit}"),
}
_ENDING: Final = {
    (VerdictKind.MET, ""): Text(zh="符合现行标准", en="conforms to the current standard"),
    (VerdictKind.NOT_MET, ""): Text(zh="与现行标准不符", en="does not conform to the current standard"),
    (VerdictKind.MEASURE_AGAIN, "resolution"): Text(
        zh="与限值之差在量具的分辨力之内，请复测",
        en="as close to the limit as the instrument can tell apart, please measure again",
    ),
    (VerdictKind.CHECK_STANDARD, "advice"): Text(
        zh="这是推荐要求，不作为问题，请核对标准", en="a recommendation, not a finding; check the standard"
    ),
    (VerdictKind.CHECK_STANDARD, "unverified"): Text(
        zh="这一要求尚未与标准原文核对，请核对标准",
        en="not yet compared with the printed standard; check the standard",
    ),
    (VerdictKind.CHECK_STANDARD, "exception"): Text(
        zh="条文的例外情形可能适用，请核对标准",
        en="an exception of the clause may apply; check the standard",
    ),
    (VerdictKind.CANNOT_TELL, "missing"): Text(
        zh="缺少判定所需的答案，无法判定", en="an answer it needs is missing, cannot tell"
    ),
    (VerdictKind.CANNOT_TELL, "unreadable"): Text(
        zh="答案不是数字，无法判定", en="the answer is not a number, cannot tell"
    ),
    (VerdictKind.NOT_APPLICABLE, "scope"): Text(
        zh="新建与既有改造的要求不同，此条不适用",
        en="limits for new buildings and alterations differ, this one does not apply",
    ),
    (VerdictKind.NOT_APPLICABLE, "absent"): Text(
        zh="没有该元素，此条不适用", en="the element is not there, does not apply"
    ),
    (VerdictKind.NOT_APPLICABLE, "applies"): Text(
        zh="不具备适用条件，此条不适用", en="its condition is not given, does not apply"
    ),
}


def _say(text: Text, language: str, **values: str) -> str:
    return text.in_language(language).format(**values)


def _number(value: float, question: Question) -> str:
    return measure_text(value, question.quantity, question.unit)


def _range(rule: Rule, question: Question) -> str:
    """``250–300 mm``: both ends with the unit once."""
    low, high = _number(rule.value or 0.0, question), _number(rule.upper or 0.0, question)
    tail = f" {question.unit}"
    return f"{low.removesuffix(tail)}–{high}" if question.unit and low.endswith(tail) else f"{low}–{high}"


def _choice(name: str, question: Question, language: str) -> str:
    labels = {c.name: c.label.in_language(language) for c in question.choices}
    parts = [labels.get(n, n) for n in name.split()]
    return ("、" if language != "en" else ", ").join(parts)


def _limit(rule: Rule, question: Question, language: str) -> str:
    if rule.comparison in _WANTED:
        return _say(_WANTED[rule.comparison], language, choice=_choice(rule.choice, question, language))
    if rule.comparison == "between":
        return _range(rule, question)
    sign = {">=": "≥", "<=": "≤"}.get(rule.comparison, "=")
    return f"{sign} {_number(rule.value or 0.0, question)}"


def limit_text(rule: Rule, question: Question, language: str) -> str:
    """The limit with its source, e.g. ``≥ 1.20 m · GB 55019-2021 2.3.2 · 强制``; says so where it is unsure.

    ``language`` is ``zh_CN`` or ``en``.
    """
    parts = [_limit(rule, question, language), f"{rule.edition} {rule.clause}", _force(rule, language)]
    return " · ".join(parts)


def bare_limit(rule: Rule, question: Question, language: str) -> str:
    """The limit alone, e.g. ``≥ 1.20 m``: where there is no room for its source."""
    return _limit(rule, question, language)


def _force(rule: Rule, language: str) -> str:
    force = _FORCE[rule.force].in_language(language)
    mark = _MARK.get(rule.mark)
    if mark is None:
        return force
    return f"{force} · {mark.in_language(language)}"


def _relation(rule: Rule, measured: float, question: Question) -> tuple[str, str]:
    """The key of the relation between what was measured and the limit, and the limit in words."""
    low = rule.value or 0.0
    hair = 1e-9 * max(1.0, abs(low))
    if rule.comparison == "between":
        high = rule.upper if rule.upper is not None else low
        within = low - hair <= measured <= high + hair
        return ("within" if within else "outside"), _range(rule, question)
    if abs(measured - low) <= hair:
        return "equal", _number(low, question)
    if measured < low:
        return ("most" if rule.comparison == "<=" else "less"), _number(low, question)
    return ("least" if rule.comparison == ">=" else "more"), _number(low, question)


def _close_numbers(rule: Rule, measured: float, question: Question) -> str:
    """A measured slope in per cent where as 1:n it would read the same as its limit."""
    shown = _number(measured, question)
    limits = [v for v in (rule.value, rule.upper) if v is not None and abs(v - measured) > 1e-9]
    if question.quantity == "slope" and any(_number(v, question) == shown for v in limits):
        return f"{shown} ({measured * 100:.2f} %)"
    return shown


def explain(verdict: Verdict, rule: Rule, question: Question, language: str) -> str:
    """The verdict in one sentence, with the measurement, the limit and its clause.

    E.g. ``净宽 0.95 m，小于 1.20 m（GB 55019-2021 2.3.2，强制），与现行标准不符``. ``language`` is ``zh_CN`` or
    ``en``.
    """
    english = language == "en"
    comma, left, right = (", ", " (", ")") if english else ("，", "（", "）")
    label = question.label.in_language(language)
    source = f"{left}{rule.edition} {rule.clause}{comma}{_FORCE[rule.force].in_language(language)}{right}"
    ending = _ENDING.get((verdict.kind, verdict.reason)) or _ENDING.get((verdict.kind, "")) or Text(zh="")
    end = ending.in_language(language)
    said = verdict.kind not in (VerdictKind.CANNOT_TELL, VerdictKind.NOT_APPLICABLE)
    if said and isinstance(verdict.measured, int | float):
        relation, limit = _relation(rule, float(verdict.measured), question)
        shown = _close_numbers(rule, float(verdict.measured), question)
        middle = f"{label} {shown}{comma}{_say(_RELATION[relation], language, limit=limit)}"
    elif said and isinstance(verdict.measured, str) and rule.comparison in _WANTED:
        colon = ": " if english else "："
        answer = _choice(verdict.measured, question, language)
        asked = rule.label.in_language(language)
        middle = f"{asked}{colon}{answer}{comma}{_limit(rule, question, language)}"
    else:
        middle = f"{rule.label.in_language(language)} {_limit(rule, question, language)}"
    return f"{middle}{source}{comma}{end}"
