"""The question types of XLSForm: which are asked here, which only a phone can answer, which stand for another."""

from __future__ import annotations

import re
from typing import Final

ASKED: Final = frozenset(
    {"text", "integer", "decimal", "range", "select_one", "select_multiple", "date", "time", "datetime", "note",
     "calculate", "acknowledge", "image", "geopoint"}
)  # fmt: skip
# Shown and stored, but neither filled in on a computer nor judged.
PHONE_ONLY: Final = frozenset(
    {"audio", "video", "file", "background-audio", "geotrace", "geoshape", "barcode", "rank", "hidden"}
)
SAME: Final = {
    "photo": "image", "trigger": "acknowledge", "int": "integer", "string": "text", "datetime": "datetime",
    "location": "geopoint", "gps": "geopoint", "select": "select_one", "select1": "select_one",
}  # fmt: skip
FROM_FILE: Final = {
    "select_one_from_file": "select_one", "select_multiple_from_file": "select_multiple",
}  # fmt: skip
# What a phone fills in by itself; there is nothing to ask.
METADATA: Final = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
     "start-geopoint"}
)  # fmt: skip
_PARAMETER = re.compile(r"([A-Za-z][\w-]*)\s*=\s*([^\s,;]+)")
RANGE: Final = {"start": 1.0, "end": 10.0, "step": 1.0}  # what stands where a range says nothing (XLSForm)


def parameters(text: str) -> dict[str, str]:
    """The pairs of a cell ``parameters``: ``start=1 end=5 step=1``."""
    return dict(_PARAMETER.findall(text))


def range_of(text: str) -> tuple[float, float, float]:
    """Start, end and step of a range question by its ``parameters``. Raises ``ValueError`` for what is no range."""
    given = parameters(text)
    strange = sorted(given.keys() - RANGE.keys())
    if strange:
        raise ValueError(strange[0])
    start, end, step = (float(given.get(name, usual)) for name, usual in RANGE.items())
    if not (start < end and 0 < step < float("inf")):
        raise ValueError(text)
    return start, end, step
