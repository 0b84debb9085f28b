"""The rarer functions of XLSForm expressions, as the ODK XForms specification names and defines them.

Source: ODK XForms specification, "XPath functions" (getodk.github.io/xforms-spec); positions count from 0.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Final

from barrierfree.expressions.functions import finite, listed, number, string, truth

_MANY: Final = 200
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _piece(value: object, start: object, end: object = "") -> str:
    text, first = string(value), number(start)
    last = number(end) if end != "" else float(len(text))
    if not (math.isfinite(first) and math.isfinite(last)):
        return ""
    return text[max(int(first), 0) : max(int(last), 0)]


def _around(value: object, mark: object, *, after: bool) -> str:
    if not string(mark):
        return string(value) if after else ""
    before, found, behind = string(value).partition(string(mark))
    return (behind if after else before) if found else ""


def _translated(value: object, old: object, new: object) -> str:
    """XPath 1.0, 4.2: characters of ``old`` become those at the same place of ``new``, or go."""
    before, after = string(old), string(new)
    table = {ord(c): (after[at] if at < len(after) else None) for at, c in reversed(list(enumerate(before)))}
    return string(value).translate(table)


def _of_numbers(compute: Callable[..., float]) -> Callable[..., object]:
    def computed(*values: object) -> object:
        numbers = [number(v) for v in values]
        if not all(map(math.isfinite, numbers)):
            return ""
        try:
            return finite(float(compute(*numbers)))
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            return ""

    return computed


def _selected_at(value: object, place: object) -> str:
    chosen, at = listed(value), number(place)
    return chosen[int(at)] if math.isfinite(at) and 0 <= at < len(chosen) else ""


def _moment(value: object) -> datetime.datetime | None:
    text = string(value)
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        days = number(value)
    if not math.isfinite(days) or not abs(days) < 1e6:
        return None
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(days=days)


def _formatted(value: object, pattern: object) -> str:
    """``format-date``: %Y %y %m %n %b %d %e %H %h %M %S %3 %a; month and day names in English."""
    moment = _moment(value)
    if moment is None:
        return ""
    codes = {
        "Y": f"{moment.year:04}", "y": f"{moment.year % 100:02}", "m": f"{moment.month:02}", "n": str(moment.month),
        "b": _MONTHS[moment.month - 1], "d": f"{moment.day:02}", "e": str(moment.day), "H": f"{moment.hour:02}",
        "h": str(moment.hour), "M": f"{moment.minute:02}", "S": f"{moment.second:02}",
        "3": f"{moment.microsecond // 1000:03}", "a": _DAYS[moment.weekday()], "%": "%",
    }  # fmt: skip
    text, out, at = string(pattern), [], 0
    while at < len(text):
        if text[at] == "%" and at + 1 < len(text):
            out.append(codes.get(text[at + 1], text[at : at + 2]))
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _as_days(value: object) -> object:
    moment = _moment(value)
    if moment is None:
        return ""
    return finite((moment.replace(tzinfo=None) - datetime.datetime(1970, 1, 1)).total_seconds() / 86400)


def _part_of_day(value: object) -> object:
    try:
        time = datetime.time.fromisoformat(string(value))
    except ValueError:
        return ""
    return finite((time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86400)


# name: (fewest arguments, most arguments, function)
FURTHER: Final[dict[str, tuple[int, int, Callable[..., object]]]] = {
    "substr": (2, 3, _piece),
    "substring-before": (2, 2, lambda value, mark: _around(value, mark, after=False)),
    "substring-after": (2, 2, lambda value, mark: _around(value, mark, after=True)),
    "ends-with": (2, 2, lambda text, piece: string(text).endswith(string(piece))),
    "translate": (3, 3, _translated),
    "normalize-space": (1, 1, lambda value: " ".join(string(value).split())),
    "string": (1, 1, string),
    "boolean": (1, 1, truth),
    "boolean-from-string": (1, 1, lambda value: string(value) in ("true", "1")),
    "selected-at": (2, 2, _selected_at),
    "count-non-empty": (1, _MANY, lambda *values: sum(v not in ("", []) for v in values)),
    "pow": (2, 2, _of_numbers(math.pow)),
    "sqrt": (1, 1, _of_numbers(math.sqrt)),
    "exp": (1, 1, _of_numbers(math.exp)),
    "exp10": (1, 1, _of_numbers(lambda value: 10.0**value)),
    "log": (1, 1, _of_numbers(math.log)),
    "log10": (1, 1, _of_numbers(math.log10)),
    "pi": (0, 0, lambda: math.pi),
    "sin": (1, 1, _of_numbers(math.sin)),
    "cos": (1, 1, _of_numbers(math.cos)),
    "tan": (1, 1, _of_numbers(math.tan)),
    "asin": (1, 1, _of_numbers(math.asin)),
    "acos": (1, 1, _of_numbers(math.acos)),
    "atan": (1, 1, _of_numbers(math.atan)),
    "atan2": (2, 2, _of_numbers(math.atan2)),
    "format-date": (2, 2, _formatted),
    "format-date-time": (2, 2, _formatted),
    "decimal-date-time": (1, 1, _as_days),
    "decimal-time": (1, 1, _part_of_day),
}

# Part of the specification, but about what only a phone has: lines and areas, other repeats, attached data.
PHONE_FUNCTIONS: Final = frozenset(
    {"area", "distance", "geofence", "pulldata", "indexed-repeat", "position", "count", "sum", "instance",
     "jr:choice-name", "jr:itext", "join", "uuid", "random", "randomize", "property", "digest", "base64-decode",
     "extract-signed", "version", "checklist", "weighted-checklist", "current", "intersects"}
)  # fmt: skip
