"""What a column holds, as shares of its filled cells: coordinates, telephone numbers, names of places."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from barrierfree.inventory.texts import numeric
from barrierfree.inventory.values import angle, number, pair
from barrierfree.model.definition import Definition

MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE: Final = re.compile(
    r"(?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4}|[2-8]\d{7})(?:[-转 ]\d{1,6})?"
)
_SEVERAL: Final = re.compile(r"[/,;、，；\s]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_ADDRESS: Final = re.compile(r"路|街(?!道)|巷|胡同|大道|\d+号|\d+院|号楼|号院")
_STREET: Final = re.compile(r"(街道|街道办事处|[乡镇]|地区)$")
_DISTRICT: Final = re.compile(r"(?<![小社园景厂校])(区|县|旗)$")
_COMMUNITY: Final = re.compile(r"(社区|居委会|居民委员会|村委会)$")


@dataclass(frozen=True, slots=True)
class Holding:
    """Shares (0 to 1) of the filled cells; ``filled`` counts them; ``axis`` is '' or ``degrees east``,
    ``degrees north``, ``plane east``, ``plane north``; ``counter``: the rows are only numbered.
    """

    filled: int = 0
    distinct: float = 0.0
    texts: float = 0.0
    chinese: float = 0.0
    phones: float = 0.0
    mobiles: bool = False
    coordinates: float = 0.0
    pairs: float = 0.0
    axis: str = ""
    counter: bool = False
    addresses: float = 0.0
    streets: float = 0.0
    districts: float = 0.0
    communities: float = 0.0
    classes: float = 0.0


def is_phone(text: str) -> bool:
    """Whether a cell holds one or more telephone numbers and nothing else."""
    whole = unicodedata.normalize("NFKC", text).strip()
    if MOBILE.fullmatch(whole) or _LANDLINE.fullmatch(whole):
        return True
    parts = [p for p in _SEVERAL.split(whole) if p]
    return len(parts) > 1 and all(MOBILE.fullmatch(p) or _LANDLINE.fullmatch(p) for p in parts)


def holding(cells: Sequence[str], definition: Definition | None, every: bool) -> Holding:
    """What a column's ``cells`` are; ``every``: they are all of the column's rows, not a sample."""
    filled = [c for c in cells if c]
    if not filled:
        return Holding()
    different = list(dict.fromkeys(filled))
    n = len(filled)

    def share(matches: Sequence[bool]) -> float:
        return sum(matches) / n

    names = tuple(c.name for c in definition.area.communities) if definition else ()
    words = tuple(w for c in definition.classes for w in (c.label.zh, *c.words)) if definition else ()
    return Holding(
        filled=n,
        distinct=len(different) / n,
        texts=share([not numeric(c) and len(c) <= 120 for c in filled]),
        chinese=share([bool(_CHINESE.search(c)) for c in filled]),
        phones=share([is_phone(c) for c in filled]),
        mobiles=any(MOBILE.fullmatch(c) for c in filled),
        coordinates=share([angle(c) is not None or pair(c) is not None for c in filled]),
        pairs=share([_is_pair(c) for c in filled]),
        axis=_axis(filled),
        counter=_counts(filled, every),
        addresses=share([bool(_ADDRESS.search(c)) for c in filled]),
        streets=share([bool(_STREET.search(c)) and len(c) <= 16 for c in filled]),
        districts=share([bool(_DISTRICT.search(c)) and len(c) <= 12 for c in filled]),
        communities=share([bool(_COMMUNITY.search(c)) or c in names for c in filled]),
        classes=share([any(w in c for w in words) for c in filled]) if words else 0.0,
    )


def _is_pair(text: str) -> bool:
    if number(text) is not None:
        return False
    found = pair(text)
    return found is not None and abs(found.x) > 1 and abs(found.y) > 1


def _axis(filled: list[str]) -> str:
    """Which coordinate numbers look like: degrees within China with three decimals or more, or metres of a plane."""
    values = [v for v in map(angle, filled) if v]
    if len(values) < 0.9 * len(filled) or not values:
        return ""
    fine = sum(1 for v in values if abs(v * 100 - round(v * 100)) > 1e-7) > 0.5 * len(values)
    low, high = min(values), max(values)
    if fine and 73 <= low <= high <= 136:
        return "degrees east"
    if fine and 3 <= low <= high <= 54:
        return "degrees north"
    if not any("." in c for c in filled) and len(set(filled)) < 0.5 * len(filled):
        return ""
    if 2_000_000 <= low <= high <= 6_000_000:
        return "plane north"
    zones = {int(v // 1_000_000) for v in values}
    return "plane east" if len(zones) == 1 and low % 1_000_000 >= 150_000 and zones <= {0, *range(13, 46)} else ""


def _counts(filled: list[str], every: bool) -> bool:
    """Whether the cells only number the rows: 1, 2, 3 … (of a sample: whole numbers that grow evenly)."""
    if not all(c.isascii() and c.isdigit() and len(c) < 8 for c in filled) or len(filled) < 2:
        return False
    values = [int(c) for c in filled]
    steps = {b - a for a, b in itertools.pairwise(values)}
    return values[0] <= 1 and len(steps) == 1 and (steps == {1} if every else min(steps) >= 1)
