"""What the functions and operators of XLSForm expressions do with plain answers."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final


class Unknown:
    """The type of ``UNKNOWN``."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""Stands for an answer that is not there yet but matters: what depends on it becomes ``UNKNOWN`` too, except
where the rest decides (``false and UNKNOWN`` is false, ``true or UNKNOWN`` is true)."""

Values = Mapping[str, object]
Node = Callable[[Values, object], Any]


def plain(value: object) -> object:
    """An answer as the evaluator sees it: a slope is its ratio, nothing is ``''``."""
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return value.get("ratio", "")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    ratio = getattr(value, "ratio", None)
    return value if ratio is None else ratio


def _days(text: str) -> float:
    """An ISO date or time as days since 1970-01-01, NaN when it is none."""
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return math.nan
    try:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return math.nan
    return (moment - datetime.datetime(1970, 1, 1)).total_seconds() / 86400


def number(value: object) -> float:
    """As a number: an ISO date is days since 1970, what is none is NaN."""
    if isinstance(value, bool | int | float):
        try:
            return float(value)
        except OverflowError:
            return math.nan
    if isinstance(value, str):
        if not value:
            return math.nan
        try:
            read = float(value)
        except ValueError:
            return _days(value)
        return read if math.isfinite(read) and "_" not in value else math.nan
    return number(value[0]) if isinstance(value, list) and len(value) == 1 else math.nan


def string(value: object) -> str:
    """As a text, whole numbers without a dot, several choices with spaces between."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | tuple):
        return " ".join(map(string, value))
    return str(value)


def truth(value: object) -> bool:
    """As a truth: nothing, 0 and NaN are false."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def finite(value: float) -> float | int | str:
    """A result of arithmetic: ``''`` when there is none, an int when it is whole."""
    if not math.isfinite(value):
        return ""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _equal(left: object, right: object) -> bool:
    """XPath 1.0, 3.4: as truths if one is a truth, as numbers if one is a number, else as texts."""
    if type(left) is str and type(right) is str:  # nearly always; choices are texts
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left) == number(right)
    return string(left) == string(right)


_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": _equal,
    "!=": lambda a, b: not _equal(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
}


def _divide(left: float, right: float) -> float:
    return left / right if right else math.nan


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divide,
    "mod": _remainder,
}


def listed(value: object) -> list[str]:
    """The names of several choices."""
    return [string(v) for v in value] if isinstance(value, list | tuple) else string(value).split()


def _round(value: object, digits: object = 0) -> float | int | str:
    amount, places = number(value), number(digits)
    if not abs(amount) < 1e200 or not abs(places) <= 15:
        return ""
    factor = 10 ** int(places)
    return finite(math.floor(amount * factor + 0.5) / factor)  # halves go up (XPath 1.0, 4.4)


def _whole(value: object) -> float | int | str:
    amount = number(value)
    return int(amount) if math.isfinite(amount) else ""


def _least(choose: Callable[[list[float]], float], *values: object) -> float | int | str:
    given = [v for value in values for v in (value if isinstance(value, list) else [value]) if v != ""]
    numbers = [number(v) for v in given]
    return finite(choose(numbers)) if numbers and all(map(math.isfinite, numbers)) else ""


@lru_cache(maxsize=512)
def pattern(text: str) -> re.Pattern[str] | None:
    """The compiled pattern; None where it is faulty."""
    try:
        return re.compile(text)
    except re.error:
        return None


def _matches(value: object, wanted: object) -> bool:
    compiled = pattern(string(wanted))
    return compiled is not None and compiled.fullmatch(string(value)) is not None


def _now() -> str:
    return datetime.datetime.now().astimezone().replace(microsecond=0).isoformat()


_MANY: Final = 200
# name: (fewest arguments, most arguments, function)
BASIC: Final[dict[str, tuple[int, int, Callable[..., object]]]] = {
    "selected": (2, 2, lambda value, name: string(name) in listed(value)),
    "count-selected": (1, 1, lambda value: len(listed(value))),
    "not": (1, 1, lambda value: not truth(value)),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "today": (0, 0, lambda: datetime.date.today().isoformat()),
    "now": (0, 0, _now),
    "date": (1, 1, lambda value: string(value)[:10]),
    "regex": (2, 2, _matches),
    "string-length": (1, 1, lambda value: len(string(value))),
    "int": (1, 1, _whole),
    "number": (1, 1, lambda value: finite(number(value))),
    "round": (1, 2, _round),
    "abs": (1, 1, lambda value: finite(abs(number(value)))),
    "min": (1, _MANY, lambda *values: _least(min, *values)),
    "max": (1, _MANY, lambda *values: _least(max, *values)),
    "concat": (1, _MANY, lambda *values: "".join(map(string, values))),
    "contains": (2, 2, lambda text, piece: string(piece) in string(text)),
    "starts-with": (2, 2, lambda text, piece: string(text).startswith(string(piece))),
    # These three look at their arguments one after another and are built in ``call``.
    "if": (3, 3, lambda: None),
    "coalesce": (1, _MANY, lambda: None),
    "once": (1, 1, lambda: None),
}


def _choose(arguments: list[Node]) -> Node:
    condition, yes, no = arguments

    def node(values: Values, current: object) -> object:
        decided = condition(values, current)
        if decided is UNKNOWN:
            return UNKNOWN
        return yes(values, current) if truth(decided) else no(values, current)

    return node


def _first_given(arguments: list[Node]) -> Node:
    def node(values: Values, current: object) -> object:
        return next((v for a in arguments if (v := a(values, current)) not in ("", [])), "")

    return node


def call(name: str, arguments: list[Node], function: Callable[..., object]) -> Node:
    """A call of the function ``name``."""
    if name == "if":
        return _choose(arguments)
    if name == "coalesce":
        return _first_given(arguments)
    if name == "once":  # keeps what is there already
        only = arguments[0]
        return lambda values, current: only(values, current) if plain(current) == "" else plain(current)

    def node(values: Values, current: object) -> object:
        given = [a(values, current) for a in arguments]
        return UNKNOWN if UNKNOWN in given else function(*given)

    return node


def either(parts: list[Node], decisive: bool) -> Node:
    """``or`` (``decisive`` true) or ``and`` over ``parts``."""

    def node(values: Values, current: object) -> object:
        result: object = not decisive
        for part in parts:
            value = part(values, current)
            if value is UNKNOWN:
                result = UNKNOWN
            elif truth(value) is decisive:
                return decisive
        return result

    return node


def chained(first: Node, parts: list[tuple[str, Node]]) -> Node:
    """Comparisons or arithmetic of one level, from left to right."""
    steps = [(_COMPARE.get(sign), _ARITHMETIC.get(sign), part) for sign, part in parts]

    def node(values: Values, current: object) -> object:
        result: object = first(values, current)
        for compare, compute, part in steps:
            other = part(values, current)
            if result is UNKNOWN or other is UNKNOWN:
                result = UNKNOWN
            elif compare is not None:
                result = compare(result, other)
            elif compute is not None:
                result = finite(compute(number(result), number(other)))
        return result

    return node
