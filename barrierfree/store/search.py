"""The text a site is found by: name, address, code, the city's number, and the pinyin and initials of the name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Runs of Chinese characters (CJK unified ideographs with extension A and the compatibility block) and all between.
_RUNS: Final = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇]+)")


@lru_cache(maxsize=65536)
def _word(word: str) -> tuple[str, str]:
    from pypinyin import Style, lazy_pinyin  # a quarter of a second: only when a site is written

    syllables = lazy_pinyin(word, style=Style.NORMAL)
    return "".join(syllables), "".join(s[:1] for s in syllables)


@lru_cache(maxsize=16384)
def _run(run: str) -> tuple[str, str]:
    """Pinyin and initials of a run of Chinese word by word: most words are looked up only once."""
    from pypinyin.seg import mmseg

    found = [_word(word) for word in mmseg.seg.cut(run)]
    return "".join(full for full, _ in found), "".join(initials for _, initials in found)


def _pinyin(name: str) -> tuple[str, str]:
    """Pinyin and initials: the names of shops share their parts (brand, road, kind)."""
    found = [_run(part) if at % 2 else _word(part) for at, part in enumerate(_RUNS.split(name)) if part]
    return "".join([full for full, _ in found]), "".join([initials for _, initials in found])


def load() -> None:
    """Load the dictionaries of pinyin, which takes some 0.15 s: else the first site that is written waits for them."""
    _run("字")


def search_text(name: str, address: str, code: str, city_number: str = "") -> str:
    """One lower-case text to look in with LIKE; the parts are kept apart by line breaks."""
    full, initials = _pinyin(name)
    parts = (name, address, code, full, initials, *([city_number] if city_number else []))
    return "\n".join(parts).lower()


def like(text: str) -> str:
    """The LIKE pattern (escape character backslash) that finds ``text`` as typed, spaces ignored at the ends."""
    plain = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
