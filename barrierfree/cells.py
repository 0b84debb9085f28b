"""Text that is safe in a spreadsheet cell: no control characters, nothing that Excel would run as a formula."""

from __future__ import annotations

import re

# Characters that XML 1.0 (2.2, Char) forbids and an xlsx therefore cannot hold, and lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads a leading = + - @ (and tab or return before them) in csv as a formula (OWASP, CSV injection).
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
MAX_LENGTH = 32767  # characters a cell can hold: Excel specifications and limits


def holds(text: str) -> bool:
    """Whether a cell can hold ``text`` as it is."""
    return len(text) <= MAX_LENGTH and _FORBIDDEN.search(text) is None


def clean(text: str) -> str:
    """``text`` without what a cell cannot hold, cut to the length a cell can hold."""
    return _FORBIDDEN.sub("", text)[:MAX_LENGTH]


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take ``text`` for a formula if it were typed or read from csv."""
    return text.startswith(_FORMULA_START)
