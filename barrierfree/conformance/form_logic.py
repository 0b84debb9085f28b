"""Follows an element's form: which questions are asked and what the calculated ones say, given the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from barrierfree.conformance.measures import parse_slope
from barrierfree.errors import AnswerError, DefinitionError
from barrierfree.expressions import UNKNOWN, Expression, parse_here, plain
from barrierfree.i18n import tr
from barrierfree.model.definition import ElementType


@dataclass(frozen=True)
class FormState:
    """Where a form stands. ``asked`` is None for a question that hangs on an answer not yet given.

    ``values`` are the answers as expressions see them, with calculated ones; those not asked are ``''``.
    """

    asked: dict[str, bool | None]
    values: dict[str, object]


@dataclass(frozen=True)
class _Step:
    name: str
    is_slope: bool
    relevant: Expression | None
    calculation: Expression | None


# Reading a form takes a thousand times as long as following it. Keyed by identity (hashing a model walks all of
# it); the element is kept beside its steps, so its identity cannot be given to another.
_read: dict[int, tuple[ElementType, tuple[_Step, ...]]] = {}
_KEPT = 256


def _steps(element: ElementType) -> tuple[_Step, ...]:
    known = _read.get(id(element))
    if known is not None:
        return known[1]
    if len(_read) >= _KEPT:
        _read.clear()
    steps = _in_order(element)
    _read[id(element)] = (element, steps)
    return steps


def dependencies(element: ElementType) -> dict[str, frozenset[str]]:
    """For each question the questions whose answers decide whether it is asked or what it calculates."""
    needed: dict[str, frozenset[str]] = {}
    for question in element.questions:
        read = [parse_here(question.relevant), parse_here(question.calculation)]
        needed[question.name] = frozenset(name for one in read if one is not None for name in one.names)
    return needed


def circle(needed: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The questions of a circle in ``needed`` (each depends on the next), empty where there is none."""
    done: set[str] = set()
    for start in needed:
        path: list[str] = []
        stack = [(start, False)]
        while stack:
            name, left = stack.pop()
            if left:
                path.pop()
                done.add(name)
            elif name in path:
                return tuple(path[path.index(name) :])
            elif name not in done and name in needed:
                path.append(name)
                stack.append((name, True))
                stack.extend((other, False) for other in sorted(needed[name]))
    return ()


def _in_order(element: ElementType) -> tuple[_Step, ...]:
    """The questions so that each comes after those it depends on. Raises ``DefinitionError`` for a circle."""
    needed = dependencies(element)
    ring = circle(needed)
    if ring:
        raise DefinitionError(
            tr("{element}：题目互相依赖：{names}。").format(element=element.code, names=" → ".join(ring)),
            tr("请改 relevant 或 calculation，使它们不成环。"),
        )
    placed: dict[str, _Step] = {}
    waiting = list(element.questions)
    while waiting:
        later = []
        for question in waiting:
            if any(n in needed and n not in placed for n in needed[question.name]):
                later.append(question)
                continue
            placed[question.name] = _Step(
                question.name,
                question.quantity == "slope",
                parse_here(question.relevant),
                parse_here(question.calculation),
            )
        waiting = later
    return tuple(placed.values())


def _value(step: _Step, answers: Mapping[str, object], missing: object) -> object:
    value = plain(answers.get(step.name, ""))
    if step.is_slope and isinstance(value, str) and value:
        try:
            value = parse_slope(value).ratio
        except AnswerError:
            return value
    return missing if value in ("", []) else value


def follow(element: ElementType, answers: Mapping[str, object], *, missing: object = "") -> FormState:
    """Follow the form of ``element`` with ``answers``.

    ``missing`` is what an answer counts as that is asked for and not there: ``''`` as in XLSForm, or
    ``expressions.UNKNOWN`` to learn what hangs on it. Raises ``DefinitionError`` only for a faulty form.
    """
    asked: dict[str, bool | None] = {}
    values: dict[str, object] = {}
    truths: dict[str, bool | None] = {"": True}  # most questions of an element share their condition
    for step in _steps(element):
        condition = step.relevant.text if step.relevant is not None else ""
        if condition not in truths and step.relevant is not None:
            truths[condition] = step.relevant.holds(values)
        truth = truths[condition]
        asked[step.name] = truth
        if truth is False:
            values[step.name] = ""
        elif step.calculation is not None:
            result = step.calculation.evaluate(values)
            values[step.name] = missing if result in ("", UNKNOWN) else result
        else:
            values[step.name] = _value(step, answers, missing)
    return FormState(asked, values)
