"""Reads and writes numbers, lengths and slopes the way people do."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from barrierfree.errors import AnswerError
from barrierfree.i18n import tr
from barrierfree.model.records import Slope

_METRES: Final = {
    "mm": 0.001, "毫米": 0.001, "cm": 0.01, "厘米": 0.01, "公分": 0.01, "dm": 0.1, "分米": 0.1, "m": 1.0, "米": 1.0,
}  # fmt: skip
_STEEPEST: Final = 1.0  # 1:1; a steeper entry is nearly always run:rise instead of rise:run
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_METRES_AND = re.compile(r"(\d+)(?:米|m)(\d{1,2})")  # 1米2 is 1.2 m, 1米05 is 1.05 m


def tidy(text: str) -> str:
    """``text`` with full-width digits and signs made plain (NFKC) and the Chinese full stop read as a dot."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").strip()


def _not_a_number(text: str) -> AnswerError:
    return AnswerError(tr("“{text}”不是数字。").format(text=text[:40]), tr("请只写数字，例如 0.95。"))


def parse_number(text: str, *, grouped: bool = True) -> float:
    """The number in ``text``: full-width digits, a dot or comma before decimals, ``1,200`` as 1200.

    Where ``grouped`` is false (metres), ``1,200`` could be 1.2 or 1200 and is refused. Raises ``AnswerError``.
    """
    tidied = tidy(text)
    if _GROUPED.fullmatch(tidied):
        if not grouped and tidied.count(",") == 1 and "." not in tidied:
            raise AnswerError(
                tr("“{text}”可以是两个数。").format(text=text[:40]),
                tr("请写成 {small} 或 {large}。").format(small=tidied.replace(",", "."), large=tidied.replace(",", "")),
            )
        return float(tidied.replace(",", ""))
    if not _PLAIN.fullmatch(tidied) or len(tidied) > 20:
        raise _not_a_number(text)
    return float(tidied.replace(",", "."))


def parse_length(text: str, unit: str) -> float:
    """The length in ``text`` in ``unit`` (``mm`` or ``m``); a unit in the text is converted.

    ``95cm`` is 0.95 in metres, ``1米2`` 1.2; without a unit the number is in ``unit``. Raises ``AnswerError``.
    """
    tidied = tidy(text)
    spoken = _METRES_AND.fullmatch(tidied)
    if spoken:
        return round(float(f"{spoken[1]}.{spoken[2]}") / _METRES[unit], 6)
    match = re.fullmatch(r"(.*?)\s*([A-Za-z\u4e00-\u9fff]*)", tidied, re.DOTALL)
    number, given = (match[1], match[2]) if match else (tidied, "")
    given = given if given in _METRES else given.lower()
    if given and not number:
        raise _not_a_number(text)
    if given and given not in _METRES:
        raise AnswerError(tr("长度单位“{unit}”不认识。").format(unit=given[:20]), tr("请用 mm、cm 或 m，例如 95cm。"))
    value = parse_number(number, grouped=(given or unit) not in ("m", "米"))
    return value if not given else round(value * _METRES[given] / _METRES[unit], 6)


def parse_slope(text: str) -> Slope:
    """The slope in ``text``: ``1:12``, ``8.3%``, ``4.8°``, or rise/run as measured, ``140/1680``.

    Raises ``AnswerError`` for anything else, for a bare number (per cent or degrees?) and for slopes over 1:1.
    """
    tidied = re.sub(r"\s+", "", tidy(text)).replace("比", ":").replace("∶", ":").replace("度", "°")
    advice = tr("请写成 1:12、8.3%、4.8° 或 高差/水平长度（如 140/1680）。")
    if not tidied:
        raise AnswerError(tr("没有填写坡度。"), advice)
    if tidied.endswith("%"):
        ratio = parse_number(tidied[:-1]) / 100
    elif tidied.endswith("°"):
        degrees = parse_number(tidied[:-1])
        ratio = math.tan(math.radians(degrees)) if abs(degrees) < 89 else math.inf
    elif pair := re.fullmatch(r"([^:/]+)[:/]([^:/]+)", tidied):
        rise, run = parse_number(pair[1]), parse_number(pair[2])
        if run <= 0:
            raise AnswerError(tr("坡度“{text}”的水平长度不能是 0。").format(text=text[:40]), advice)
        ratio = rise / run
    else:
        raise AnswerError(tr("坡度“{text}”看不懂。").format(text=text[:40]), advice)
    if ratio < 0:
        raise AnswerError(tr("坡度“{text}”是负数。").format(text=text[:40]), advice)
    if ratio > _STEEPEST + 1e-9:
        raise AnswerError(tr("坡度“{text}”比 1:1 还陡，高差和水平长度可能写反了。").format(text=text[:40]), advice)
    return Slope(ratio=ratio, entered=text.strip())


def _one_to(ratio: float) -> str:
    """A ratio as 1:n, with one decimal of n where it is not whole."""
    if ratio < 1e-6:
        return "0"
    n = 1 / ratio
    return f"1:{n:.0f}" if abs(n - round(n)) < 0.05 or n >= 1000 else f"1:{n:.1f}"


def slope_text(slope: Slope) -> str:
    """A slope in the three ways people use, e.g. ``1:10 = 10.0 %  5.7°``."""
    return f"{_one_to(slope.ratio)} = {slope.ratio * 100:.1f} %  {math.degrees(math.atan(slope.ratio)):.1f}°"


def measure_text(value: float, quantity: str, unit: str) -> str:
    """A number with the digits and name of its unit: mm whole, m two decimals, slopes as 1:n.

    A length gets more decimals where it has them, so that 1.195 m never reads as a limit of 1.20 m.
    """
    if quantity == "slope":
        return _one_to(value)
    if quantity in ("length_m", "area_m2"):
        shown = f"{value:.2f}" if abs(value - round(value, 2)) < 1e-9 else f"{value:.4f}".rstrip("0")
    else:
        shown = f"{value:.0f}" if abs(value - round(value)) < 1e-9 else f"{value:.3f}".rstrip("0").rstrip(".")
    return f"{shown} {unit}".rstrip()
