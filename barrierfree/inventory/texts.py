"""The value of a cell as text, and the words that mean: nothing."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

EMPTY: Final = frozenset({"", "null", "none", "nan", "无", "-", "—", "/", "\\n", "n/a", "#n/a", "－", "——", "--"})
# What a spreadsheet shows in place of a value that it could not work out.
ERRORS: Final = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_LONGEST: Final = max(map(len, EMPTY))
_REMEMBERED: Final = 50_000  # texts kept to hand out the same one again; more would cost more memory than they save
_NUMERIC: Final = re.compile(r"[+-]?\d[\d.,:/ \-]*")

Report = Callable[[int, int], None]  # (done, all); may raise to stop


def column_letter(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(letters: str) -> int:
    """The 0-based column of its letters: A is 0, XFD is 16383."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def numeric(text: str) -> bool:
    """Whether a cell holds a number, a date or a time, as data do and headers do not."""
    return bool(_NUMERIC.fullmatch(text))


def cell_text(value: Any) -> str:
    """A cell as text: numbers in full without exponent, whole ones without point, dates in ISO; nothings as ''."""
    if isinstance(value, str):
        text = value.strip()
        return "" if text.lower() in EMPTY else text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).strip()


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


class Texts(dict[Any, str]):
    """``texts[value]`` is the text of a cell; equal cells get one and the same text, so that lists stay small.

    ``errors`` counts the cells so far that hold an error (``#REF!``) in place of a value.
    """

    def __init__(self) -> None:
        super().__init__()
        self.errors = 0

    def __missing__(self, value: Any) -> str:
        kind = type(value)
        if kind is float:
            text = repr(value)
            if text[-2:] == ".0":
                text = text[:-2]
            elif "e" in text or "n" in text:  # an exponent, inf, nan
                text = _number(value)
            if len(text) > 4 or value in (0.0, 1.0):  # seldom twice; the same key as True and False
                return text
        elif kind is str:
            text = value.strip()
            if len(text) <= _LONGEST and text.lower() in EMPTY:
                text = ""
            elif text[:1] == "#" and text in ERRORS:
                self.errors += 1
                return ""
        else:
            return cell_text(value)
        if len(self) > _REMEMBERED:
            self.clear()
        self[value] = text
        return text
