"""Follows the form of one element: what to ask, what it calculates, what is wrong with the answers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from barrierfree.checklists.kinds import PHONE_ONLY, range_of
from barrierfree.conformance import follow, measure_text, parse_length, parse_number, parse_slope
from barrierfree.conformance.measures import tidy
from barrierfree.errors import AnswerError
from barrierfree.expressions import COLUMN, parse_filter, parse_here
from barrierfree.i18n import language, listed, named, tr
from barrierfree.model.definition import Choice, ElementType, Question
from barrierfree.model.records import Answer, Answers, Slope

_SUFFIXES: Final = {  # what people write behind a number, by quantity
    "force_n": ("n", "牛", "牛顿"), "seconds": ("s", "秒", "秒钟"), "area_m2": ("m2", "平方米", "平米"),
    "count": ("个", "级", "处", "台"),
}  # fmt: skip
_LARGEST: Final = 1e9
_NOT_ANSWERED: Final = PHONE_ONLY | {"calculate", "note", "image"}  # a picture is kept with the inspection


@dataclass(frozen=True)
class AnswerFault:
    """What is wrong with the answer of ``question``. A ``hard`` one keeps the inspection from being submitted.

    ``what`` is for a place beside the question; ``message`` names it too.
    """

    question: str
    message: str
    hard: bool
    what: str


def relevant_questions(element: ElementType, answers: Mapping[str, object]) -> tuple[Question, ...]:
    """The questions of ``element`` that are asked with ``answers``, in form order (without calculated ones)."""
    asked = follow(element, answers).asked
    return tuple(q for q in element.questions if asked[q.name] and q.kind != "calculate" and not q.calculation)


def fitting_choices(element: ElementType, question: Question, answers: Mapping[str, object]) -> tuple[Choice, ...]:
    """The choices of ``question`` that its filter lets through with ``answers``: all of them where it has none."""
    if not question.choice_filter:
        return question.choices
    return _fitting(question, follow(element, answers).values)


def _fitting(question: Question, values: Mapping[str, object]) -> tuple[Choice, ...]:
    wanted = parse_filter(question.choice_filter)
    return tuple(c for c in question.choices if wanted.holds({**values, **_columns(c)}))


def _columns(choice: Choice) -> dict[str, object]:
    own = {"name": choice.name, "label": choice.label.zh, **choice.columns}
    return {COLUMN + name: value for name, value in own.items()}


def is_calculated(default: str) -> bool:
    """Whether a default is an expression (``today()``, ``${width}``) and not the answer itself."""
    return "${" in default or re.fullmatch(r"[a-z][\w-]*\(.*\)", default.strip()) is not None


def first_answers(element: ElementType) -> Answers:
    """What the form holds before anybody answered: the defaults, those that are expressions worked out."""
    found: Answers = {}
    for question in element.questions:
        text: object = question.default
        if is_calculated(question.default):
            default = parse_here(question.default)
            text = default.evaluate(found) if default is not None else ""
        if text in ("", None) or question.calculation or question.kind in (PHONE_ONLY | {"note"}):
            continue
        try:
            answer = parse_answer(question, text)
        except AnswerError:
            continue  # an expression that gives nothing that fits
        if answer != "":
            found[question.name] = answer
    return found


def calculated(element: ElementType, answers: Mapping[str, object]) -> Answers:
    """What the calculated questions of ``element`` come to with ``answers``; those without a result are left out."""
    values = follow(element, answers).values
    found: Answers = {}
    for question in element.questions:
        value = values[question.name]
        if not question.calculation or value == "":
            continue
        if isinstance(value, bool):
            found[question.name] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[question.name] = value
    return found


def check_answers(element: ElementType, answers: Mapping[str, object]) -> tuple[AnswerFault, ...]:
    """What is wrong with ``answers``, in form order.

    Hard: a required answer missing, a wrong type, an unknown choice, a constraint not kept. Soft: outside the
    usual range, or not in the form at all. Questions that are not asked are not checked.
    """
    state = follow(element, answers)
    faults: list[AnswerFault] = []
    for question in element.questions:
        if question.kind in _NOT_ANSWERED or question.calculation or not state.asked[question.name]:
            continue
        raw = answers.get(question.name, "")
        if raw is None or raw == "" or raw == []:
            if is_required(question, state.values):
                faults.append(_fault(question, tr("必须填写。"), True))
            continue
        faults += _answer_faults(question, raw, state.values)
    known = {q.name for q in element.questions}
    unknown = tr("检查表里没有这道题，答案不会使用。")
    faults += [AnswerFault(n, named(n, unknown), False, unknown) for n in sorted(answers.keys() - known)]
    return tuple(faults)


def form_values(element: ElementType, answers: Mapping[str, object]) -> Mapping[str, object]:
    """The answers as expressions see them, with what is calculated."""
    return follow(element, answers).values


def is_required(question: Question, values: Mapping[str, object]) -> bool:
    """Whether an answer must be given, the other answers being ``values``."""
    when = parse_here(question.required_when)
    return question.required or (when is not None and when.holds(values) is True)


def shown_text(text: str, element: ElementType, answers: Mapping[str, object]) -> str:
    """A label or hint with the answers it refers to (``${width}``) filled in; … where there is none yet."""
    if "${" not in text:
        return text
    values = follow(element, answers).values

    def answer(found: re.Match[str]) -> str:
        question = element.question(found[1])
        value = values.get(found[1], "")
        names = value if isinstance(value, list) else [value]
        labels = {c.name: c.label.in_language(language()) for c in question.choices} if question else {}
        if question is not None and question.quantity and isinstance(value, int | float):
            return measure_text(value, question.quantity, question.unit)
        return listed(labels.get(str(n), _plain_text(n)) for n in names) if value not in ("", []) else "…"

    return re.sub(r"\$\{\s*([^\s{}]+)\s*\}", answer, text)


def _plain_text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fault(question: Question, what: str, hard: bool) -> AnswerFault:
    name = question.label.in_language(language()).rstrip("？?：: ")
    return AnswerFault(question.name, named(name, what), hard, what)


def _answer_faults(question: Question, raw: object, values: Mapping[str, object]) -> list[AnswerFault]:
    try:
        answer = parse_answer(question, raw)
    except AnswerError as error:
        return [_fault(question, f"{error.message}{error.advice}", True)]
    constraint = parse_here(question.constraint)
    if constraint is not None and not constraint.holds(values, answer):
        message = question.constraint_message.in_language(language()) or tr("不符合要求。")
        return [_fault(question, message, True)]
    if question.choice_filter:
        fitting = {c.name for c in _fitting(question, values)}
        if not set(answer if isinstance(answer, list) else [str(answer)]) <= fitting:
            what = tr("这个选项和前面的回答不符，请重选。")
            return [_fault(question, what, True)]
    number = answer.ratio if isinstance(answer, Slope) else answer
    if isinstance(number, str | list) or question.kind.startswith("select"):
        return []
    low, high = question.soft_min, question.soft_max
    if (low is None or number >= low) and (high is None or number <= high):
        return []
    what = tr("{value} 不常见，请再看一眼。").format(value=measure_text(number, question.quantity, question.unit))
    return [_fault(question, what, False)]


def parse_answer(question: Question, raw: object) -> Answer:
    """The answer that ``raw`` (typed text, or a value from JSON) means for ``question``; ``''`` for none.

    Numbers may have full-width digits and a comma; lengths may name a unit and are converted into that of the
    question; slopes are ``1:12``, ``8.3%``, ``4.8°`` or ``140/1680``. Raises ``AnswerError``.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return ""
    if question.quantity == "slope":
        return _slope(raw)
    if question.kind in ("integer", "decimal", "range"):
        return _number(question, raw)
    if question.kind == "geopoint":
        return _place(raw)
    if question.kind == "select_one":
        return _choice(question, raw)
    if question.kind == "select_multiple":
        return _choices(question, raw)
    if question.kind in ("date", "time", "datetime"):
        return _moment(question.kind, raw)
    if question.kind == "acknowledge":
        return "OK" if raw is True or str(raw).strip().lower() in ("ok", "yes", "true", "1", "是") else ""
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        return raw if question.kind == "calculate" else str(raw).strip()
    raise AnswerError(tr("答案的类型不对。"), tr("请填写文字。"))


def _slope(raw: object) -> Slope:
    if isinstance(raw, Slope):
        return raw
    if isinstance(raw, Mapping):
        ratio, entered = raw.get("ratio"), raw.get("entered", "")
        if isinstance(ratio, int | float) and not isinstance(ratio, bool) and 0 <= ratio <= 1:
            return Slope(ratio=float(ratio), entered=str(entered))
    return parse_slope(raw if isinstance(raw, str) else str(raw))


def _number(question: Question, raw: object) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise AnswerError(tr("答案的类型不对。"), tr("请填写数字。"))
    number = _typed_number(question, raw) if isinstance(raw, str) else raw
    if not abs(number) < _LARGEST:  # also refuses NaN
        raise AnswerError(tr("数字太大或不是数字。"), tr("请检查是否多打了数字。"))
    if question.kind == "range":
        return _in_range(question, number)
    if question.kind == "integer":
        if number != int(number):
            raise AnswerError(tr("“{text}”不是整数。").format(text=raw), tr("请填写整数。"))
        return int(number)
    return number


def _in_range(question: Question, number: float) -> int | float:
    start, end, step = range_of(question.parameters)
    steps = (number - start) / step
    if not start <= number <= end or abs(steps - round(steps)) > 1e-6:
        raise AnswerError(
            tr("“{text}”不在范围内。").format(text=f"{number:g}"),
            tr("请填写 {start:g} 到 {end:g}，间隔 {step:g}。").format(start=start, end=end, step=step),
        )
    return int(number) if number == int(number) else number


def _place(raw: object) -> str:
    """A geopoint as phones write it: latitude, longitude, and where given altitude and accuracy in metres."""
    pieces = re.split(r"[\s,，;；]+", tidy(str(raw)))
    try:
        numbers = [float(p) for p in pieces]
        if 2 <= len(numbers) <= 4 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180:
            return " ".join(f"{n:.10g}" for n in numbers)
    except ValueError:
        pass
    raise AnswerError(
        tr("“{text}”不是位置。").format(text=str(raw)[:40]), tr("请写纬度和经度，例如 39.8931 116.4606。")
    )


def _typed_number(question: Question, text: str) -> float:
    if question.quantity in ("length_mm", "length_m"):
        return parse_length(text, question.unit)
    tidied = tidy(text)
    suffixes = [*_SUFFIXES.get(question.quantity, ()), tidy(question.unit).lower()]
    for suffix in sorted(suffixes, key=len, reverse=True):
        if suffix and tidied.lower().endswith(suffix):
            tidied = tidied[: -len(suffix)].strip()
            break
    return parse_number(tidied, grouped=question.kind == "integer")


def _choice(question: Question, raw: object) -> str:
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).strip()
    for choice in question.choices:
        if text == choice.name or text in (choice.label.zh, choice.label.en):
            return choice.name
    names = "、".join(c.label.in_language(language()) for c in question.choices)
    raise AnswerError(tr("没有选项“{text}”。").format(text=text[:40]), tr("可选：{names}。").format(names=names))


def _choices(question: Question, raw: object) -> list[str]:
    pieces = list(raw) if isinstance(raw, list | tuple) else re.split(r"[\s,，、;；]+", str(raw).strip())
    chosen = {_choice(question, p) for p in pieces if str(p).strip()}
    return [c.name for c in question.choices if c.name in chosen]


def _moment(kind: str, raw: object) -> str:
    if isinstance(raw, datetime.date | datetime.time):
        return raw.isoformat()
    text = re.sub(r"[年月/.]", "-", tidy(str(raw))).replace("日", "") if kind == "date" else tidy(str(raw))
    try:
        if kind == "date":
            year, month, day = (int(p) for p in text.split("-"))
            return datetime.date(year, month, day).isoformat()
        if kind == "time":
            return datetime.time.fromisoformat(text).isoformat()
        return datetime.datetime.fromisoformat(text).isoformat()
    except (ValueError, OverflowError):
        example = {"date": "2024-03-05", "time": "09:30"}.get(kind, "2024-03-05T09:30:00")
        raise AnswerError(
            tr("“{text}”不是日期或时间。").format(text=str(raw)[:40]),
            tr("请写成 {example}。").format(example=example),
        ) from None
