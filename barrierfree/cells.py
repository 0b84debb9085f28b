"""Text that is safe in a spreadsheet cell: no control characters, nothing that Excel would run as a formula."""

from __future__ import annotations

import re

# Characters that XML 1.0 (2.2, Char) forbids and an xlsx therefore cannot hold, and lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads a leading = + - @ (and tab or return before them) in csv as a formula (OWASP, CSV injection).
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
# Characters a cell can hold (Excel specifications and limits), counted as Excel does: an emoji is two
MAX_LENGTH = 32767


def holds(text: str) -> bool:
    """Whether a cell can hold ``text`` as it is."""
    return fits(text) and _FORBIDDEN.search(text) is None


def fits(text: str) -> bool:
    """Whether ``text`` is short enough for a cell."""
    return 2 * len(text) <= MAX_LENGTH or _units(text) <= MAX_LENGTH


def clean(text: str) -> str:
    """``text`` without what a cell cannot hold, cut to the length a cell can hold."""
    if text.isprintable() and fits(text):  # none of the forbidden ones is printable; the usual case, in a tenth
        return text
    made = _FORBIDDEN.sub("", text)
    if fits(made):
        return made
    return made.encode("utf-16-le")[: 2 * MAX_LENGTH].decode("utf-16-le", errors="ignore")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take ``text`` for a formula if it were typed or read from csv."""
    return text.startswith(_FORMULA_START)
