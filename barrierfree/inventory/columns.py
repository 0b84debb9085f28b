"""Which column of a facility list is what: proposed from the words of its header and from what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from barrierfree.i18n import tr
from barrierfree.inventory.content import Holding, holding
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.words import FIELDS, field_of, plain
from barrierfree.model.definition import Definition

# The number of a thing in some system; not of a person or a certificate.
_NUMBERED: Final = re.compile(r"(?:^|[_ .])id$|(?<!证)(?<!身份)(?:编号|编码|代码)$")
_WIDEST: Final = 200  # columns whose content is looked at
_SAMPLE: Final = 500  # rows looked at, spread over the list


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed column (0-based) of a field, and why, in words."""

    column: int
    reason: str


def propose(table: RawList | Sequence[str], definition: Definition | None = None) -> dict[str, int]:
    """Which column (0-based) holds which field, from headers alone or (given a list) from what it holds as well.

    Telephone numbers are never proposed, nor a column that looks like them: they stay out unless asked for.
    """
    if isinstance(table, RawList):
        return {field: p.column for field, p in proposals(table, definition).items()}
    found: dict[str, int] = {}
    for field in FIELDS:
        at = next((i for i in _worded(table, field) if i not in found.values()), None)
        if at is not None and field != "phone":
            found[field] = at
    return found


def proposals(raw: RawList, definition: Definition | None = None) -> dict[str, Proposal]:
    """The proposed columns with the reason of each; ``definition`` lends the names of communities and classes."""
    step = max(1, len(raw.rows) // _SAMPLE)
    sample = raw.rows[::step]
    columns = [
        holding([row[i] for row in sample], definition, step == 1) if i < _WIDEST else Holding()
        for i in range(len(raw.headers))
    ]
    found: dict[str, Proposal] = {}
    taken: set[int] = set()

    def take(field: str, at: int, reason: str) -> None:
        found[field] = Proposal(at, reason)
        taken.add(at)

    for field in FIELDS:
        if field == "phone":
            continue
        fitting = [
            i for i in _worded(raw.headers, field) if i not in taken and _fits(field, raw.headers[i], columns[i])
        ]
        if fitting:
            most = max(columns[i].filled for i in fitting)
            at = next(i for i in fitting if columns[i].filled * 2 >= most)
            take(field, at, tr("列名“{header}”").format(header=raw.headers[at]))
    _positions(columns, found, taken, take)
    _contents(raw.headers, columns, found, taken, take)
    return found


def _worded(headers: Sequence[str], field: str) -> list[int]:
    """The columns whose header is a word of ``field``, the surest word first."""
    words = {word: n for n, word in enumerate(FIELDS[field])}
    known = [i for i, header in enumerate(headers) if field_of(header) == field]
    return sorted(known, key=lambda i: (words.get(plain(headers[i]), len(words)), i))


def _fits(field: str, header: str, column: Holding) -> bool:
    """Whether what a column holds can be what its header says."""
    if column.phones > 0.5 and not (field in ("city_number", "grid") and not column.mobiles):
        return False
    if not column.filled:
        return True
    if field in ("lon", "lat"):
        return len(plain(header)) > 1 or column.coordinates > 0.8  # a clear word with nonsense below: each row says so
    if field == "place":
        return column.pairs > 0.5
    if field == "address":
        return column.pairs <= 0.5
    if field == "city_number":
        return not column.counter and column.distinct > 0.9
    if field == "district":
        return column.districts > 0.5
    if field == "street":
        return column.addresses <= 0.5 or column.streets > 0.5
    return True


Take = Callable[[str, int, str], None]


def _positions(columns: list[Holding], found: dict[str, Proposal], taken: set[int], take: Take) -> None:
    """Columns that hold coordinates, whatever they are called."""
    if "lon" in found and "lat" not in found and columns[found["lon"].column].pairs > 0.5:
        found["place"] = found.pop("lon")
    if "place" in found and not ("lon" in found and "lat" in found):
        for field in ("lon", "lat"):
            found.pop(field, None)
        return
    if "lon" in found and "lat" in found:
        return
    for kind in ("degrees", "plane"):
        for field in ("lon", "lat"):  # half a coordinate is of no use
            if field in found and not columns[found[field].column].axis:
                return
        east = [i for i, c in enumerate(columns) if c.axis == f"{kind} east" and (i not in taken)]
        north = [i for i, c in enumerate(columns) if c.axis == f"{kind} north" and (i not in taken)]
        east = [found["lon"].column] if "lon" in found else east
        north = [found["lat"].column] if "lat" in found else north
        if east and north:
            lon, lat = min(((e, n) for e in east for n in north), key=lambda p: (abs(p[0] - p[1]), p))
            what = tr("内容像经度、纬度") if kind == "degrees" else tr("内容像以米为单位的平面坐标")
            for field, at in (("lon", lon), ("lat", lat)):
                if field not in found:
                    take(field, at, what)
            return
    both = [i for i, c in enumerate(columns) if c.pairs > 0.8 and i not in taken]
    if both and "lon" not in found and "lat" not in found:
        take("place", both[0], tr("每格像一对坐标"))


def _contents(
    headers: Sequence[str], columns: list[Holding], found: dict[str, Proposal], taken: set[int], take: Take
) -> None:
    """Columns told by their texts: a name only beside something else that makes the table a list of places."""
    most = max((c.filled for c in columns), default=0)
    free = [i for i, c in enumerate(columns) if i not in taken and c.filled * 3 > most and c.phones <= 0.3]
    kinds: tuple[tuple[str, Callable[[Holding], float], str], ...] = (
        ("community", lambda c: c.communities, tr("内容多是社区")),
        ("street", lambda c: c.streets if c.distinct < 0.9 or c.filled < 10 else 0.0, tr("内容多是街道、乡镇")),
        ("district", lambda c: c.districts if c.distinct < 0.5 else 0.0, tr("内容多是区、县")),
        ("site_class", lambda c: c.classes if c.distinct < 0.5 else 0.0, tr("内容多是场所类别")),
        ("address", lambda c: c.addresses, tr("内容多含路、街、号")),
    )
    for field, share, reason in kinds:
        if field in found or (field == "site_class" and "broad_class" in found):
            continue
        fitting = [i for i in free if i not in taken and share(columns[i]) > 0.6]
        if fitting:
            take(field, max(fitting, key=lambda i: (share(columns[i]), -i)), reason)
    if "city_number" not in found:
        for i in free:
            if _NUMBERED.search(plain(headers[i])) and i not in taken and _fits("city_number", headers[i], columns[i]):
                take("city_number", i, tr("列名“{header}”，各行不同").format(header=headers[i]))
                break
    places = {"lon", "place", "address", "community", "street"} & set(found)
    if "name" not in found and places:
        fitting = [i for i in free if i not in taken and columns[i].texts > 0.6 and columns[i].distinct > 0.3]
        chinese = [i for i in fitting if columns[i].chinese > 0.5]
        if chinese:
            at = max(chinese, key=lambda i: (columns[i].distinct * columns[i].filled, -i))
            take("name", at, tr("不同的文字最多"))
