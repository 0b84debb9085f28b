"""The text a site is found by: name, address, code, and the pinyin and initials of the name."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def _pinyin(name: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin  # a quarter of a second: only when a site is written

    syllables = lazy_pinyin(name, style=Style.NORMAL)
    return "".join(syllables), "".join(s[:1] for s in syllables)


def search_text(name: str, address: str, code: str) -> str:
    """One lower-case text to look in with LIKE; the parts are kept apart by line breaks."""
    full, initials = _pinyin(name)
    return "\n".join((name, address, code, full, initials)).lower()


def like(text: str) -> str:
    """The LIKE pattern (escape character backslash) that finds ``text`` as typed, spaces ignored at the ends."""
    plain = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
