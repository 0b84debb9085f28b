"""Decides whether a row of a list is a site that is already known, and says why.

Pure: it is given both sides and returns what fits. Rows are compared with the sites that stand and with the rows
before them in their own list, by distance, name, address, number, place class and community. Only what is beyond
doubt is joined without asking (``certain``); everything else that is likely enough is a question for a person.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from barrierfree.i18n import tr
from barrierfree.model.definition import Model

# All of these are this project's own, set on the real lists at hand (tests/test_matching.py); nothing prescribes them.
NEAR_M: Final = 100.0  # farther apart than this, only equal numbers or addresses raise a question
CERTAIN_M: Final = 30.0  # an equal name as near as this is the same place: the breadth of a shop front and a GPS error
ASK_FROM: Final = 75  # points of 100 from which a person is asked
_NAME, _PLACE, _ADDRESS, _COMMUNITY, _CLASS = 60, 20, 10, 5, 5  # points of each part, 100 in all
_MOST: Final = 5  # candidates shown for one row
_FUZZY_LIMIT: Final = 20_000_000  # comparisons of names without positions; beyond, only equal names are found
_EARTH_M: Final = 111_320.0  # metres per degree of latitude; exact enough within some hundred metres


@dataclass(frozen=True, slots=True)
class Place:
    """One side of a comparison: a site, or a row of a list under the id that it would get."""

    id: str
    name: str
    address: str = ""
    community: str = ""
    site_class: str = ""
    lon: float | None = None
    lat: float | None = None
    number: str = ""  # the number of the list or of the city's own system


class Candidate(Model):
    """A place that a row may be: ``score`` is 0 to 100, ``reasons`` say in words what it is made of.

    ``certain``: nothing speaks against it and it needs no question. ``other`` is the id of the known place.
    """

    other: str
    score: int
    certain: bool
    distance_m: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name taken apart: its core without brackets and town names, its branch, and what tells neighbours apart."""

    whole: str
    core: str
    branch: str
    marks: frozenset[str]


_BRACKETS: Final = re.compile(r"[(\[【〔「](.*?)[)\]】〕」]")
_NOISE: Final = re.compile(r"[\s·•・.,、,。;:!\-—_/|\"'“”‘’()\[\]【】〔〕「」&+*#]+")
_TOWN: Final = re.compile(r"^(?:北京市|北京)?(?:朝阳区)?(?:双井街道|双井地区)?")
_DIGITS: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
# Numbers of buildings, doors, exits, phases; compass directions of gates and quarters: neighbours differ only in these.
_MARK: Final = re.compile(
    r"([0-9]+|[a-z](?=口|座|区|栋|门|出口))(?:号楼|号院|号线|号|楼|层|单元|栋|座|区|门|口|出口|期|院|f(?![a-z]))"
    r"|([东東西南北中]{1,2})(?:门|口|里|区|院|侧|广场|出口|入口)|([0-9]+)$|^([0-9]+)"
)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip()


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> _Name:
    plain = _plain(name)
    branch = _NOISE.sub("", "".join(_BRACKETS.findall(plain)))
    core = _NOISE.sub("", _BRACKETS.sub("", plain))
    core = _TOWN.sub("", core) or core
    whole = core + branch
    figures = whole.translate(_DIGITS)
    marks = frozenset("".join(found) for found in _MARK.findall(figures))
    return _Name(whole, core, branch, marks)


@lru_cache(maxsize=4096)
def _plain_address(address: str) -> str:
    text = _NOISE.sub("", _plain(address))
    return _TOWN.sub("", text) or text


def name_likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: 1 only when they are equal but for brackets, blanks and town names.

    Different house or door numbers, gates or branches make them neighbours, not the same: 0.6 at most.
    """
    from rapidfuzz import fuzz

    a, b = _taken_apart(one), _taken_apart(other)
    if a.whole == b.whole:
        return 1.0
    if a.marks != b.marks and a.marks and b.marks:
        return min(0.6, fuzz.ratio(a.whole, b.whole) / 100)
    if a.core == b.core:  # a branch named on one side only is likely; two different ones are two places
        return 0.93 if not (a.branch and b.branch) else 0.6
    ratio = max(fuzz.ratio(a.whole, b.whole), fuzz.ratio(a.core, b.core)) / 100
    short, long = sorted((a.core, b.core), key=len)
    if len(short) >= 3 and short in long:
        ratio = max(ratio, 0.85)
    return min(ratio, 0.97)


def same_name(one: str, other: str) -> bool:
    """Whether two names are equal but for the way they are written."""
    return _taken_apart(one).whole == _taken_apart(other).whole


def distance_m(one: Place, other: Place) -> float | None:
    """Metres between two places within some kilometres of each other (flat earth); None without both positions."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    east = (other.lon - one.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, other.lat - one.lat) * _EARTH_M


def compare(row: Place, known: Place) -> Candidate:
    """How likely ``row`` is ``known``, with the reasons in words, what weighs most first."""
    reasons: list[str] = []
    far = distance_m(row, known)
    alike = name_likeness(row.name, known.name)
    score = _NAME * alike
    if alike == 1:
        reasons.append(tr("名称相同"))
    else:
        reasons.append(tr("名称相近 {n}%：“{name}”").format(n=round(alike * 100), name=known.name))
    one, other = _plain_address(row.address), _plain_address(known.address)
    equal_address = bool(one) and one == other
    place = 0.0
    if far is not None:
        place = 1.0 if far <= CERTAIN_M / 2 else max(0.0, 1 - far / NEAR_M)
        reasons.append(tr("相距 {n} 米").format(n=round(far)))
    if equal_address:
        reasons.append(tr("地址相同"))
        score += _ADDRESS
        place = max(place, 0.6 if far is None else 0.0)
    elif one and other:
        share = _address_likeness(one, other)
        score += _ADDRESS * share
        if share < 0.5:
            reasons.append(tr("地址不同"))
    else:
        score += _ADDRESS / 2
    score += _PLACE * place
    same_number = bool(row.number) and row.number == known.number
    score += _share(row.community, known.community, _COMMUNITY, tr("社区相同"), tr("社区不同"), reasons)
    score += _share(row.site_class, known.site_class, _CLASS, tr("类别相同"), tr("类别不同"), reasons)
    if same_number:
        reasons.insert(0, tr("编号相同"))
        score = max(score + 20, float(ASK_FROM))
    near = far is not None and far <= CERTAIN_M
    certain = (alike == 1 and (near or (far is None and equal_address))) or (same_number and alike >= 0.6)
    return Candidate(
        other=known.id, score=min(100, round(score)), certain=certain, distance_m=far, reasons=tuple(reasons)
    )


def _share(one: str, other: str, points: int, equal: str, different: str, reasons: list[str]) -> float:
    if not one or not other:
        return points / 2
    reasons.append(equal if one == other else different)
    return float(points) if one == other else 0.0


def _address_likeness(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    numbers = [frozenset(re.findall(r"[0-9]+", text.translate(_DIGITS))) for text in (one, other)]
    share = fuzz.partial_ratio(one, other) / 100
    return min(share, 0.4) if numbers[0] and numbers[1] and not (numbers[0] & numbers[1]) else share


def find_candidates(
    rows: Sequence[Place],
    known: Sequence[Place],
    *,
    apart: Callable[[str, str], bool] = lambda _a, _b: False,
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[Candidate, ...]]:
    """For each row the places that it may be, likeliest first: known ones, and rows before it in the list.

    ``apart`` says of two ids that a person has decided that they are not the same. ``progress`` is called with
    (done, all) and may raise to stop.
    """
    found: list[list[Candidate]] = [[] for _ in rows]
    seen: set[tuple[int, int]] = set()
    everything = [*known, *rows]
    first = len(known)
    for done, (at, other) in enumerate(_pairs(rows, known, everything, progress)):
        if progress and done % 500 == 0:
            progress(min(at, len(rows)), len(rows))
        if other >= first + at or (at, other) in seen:
            continue  # itself, or a row that comes later: that row asks about this one
        seen.add((at, other))
        row, place = rows[at], everything[other]
        if row.id == place.id or apart(row.id, place.id):
            continue
        candidate = compare(row, place)
        if candidate.score >= ASK_FROM:
            found[at].append(candidate)
    return [tuple(sorted(c, key=lambda x: (-x.score, x.other))[:_MOST]) for c in found]


def _pairs(
    rows: Sequence[Place], known: Sequence[Place], everything: Sequence[Place],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Pairs (row, index in ``everything``) worth a closer look: near ones with a like name, equal names, numbers."""
    names = []  # once: a hundred thousand names are not kept taken apart
    for at, place in enumerate(everything):
        if progress and at % 5000 == 0:
            progress(0, len(rows))
        names.append(_taken_apart(place.name).whole)
    first = len(everything) - len(rows)
    yield from _near_pairs(rows, everything, names, progress)
    by_number = _index(p.number for p in everything)
    by_name = _index(names)
    for at, row in enumerate(rows):
        if row.number and len(by_number[row.number]) <= _MOST:  # a number that many have is no number
            yield from ((at, other) for other in by_number[row.number])
        alike = by_name[names[first + at]]
        if len(alike) <= 50:
            for other in alike:
                far = distance_m(row, everything[other])
                if far is None or far <= NEAR_M:
                    yield at, other
    yield from _unplaced_pairs(rows, known, progress)


def _index(values: Iterable[str]) -> Mapping[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, value in enumerate(values):
        if value:
            index[value].append(at)
    return index


def _near_pairs(
    rows: Sequence[Place], everything: Sequence[Place], names: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Rows and places within ``NEAR_M`` whose names share enough; a tree finds them, names are compared in C++."""
    import numpy
    import shapely
    from rapidfuzz import fuzz, process

    placed = [at for at, p in enumerate(everything) if p.lon is not None]
    asked = [at for at, p in enumerate(rows) if p.lon is not None]
    if not placed or not asked:
        return
    scale = math.cos(math.radians(float(numpy.median([everything[at].lat for at in placed]))))
    points = [[everything[at].lon, everything[at].lat] for at in placed]
    tree = shapely.STRtree(shapely.points(numpy.array(points, dtype=float) * [scale, 1]))
    numbers = numpy.array(placed)
    first = len(everything) - len(rows)
    for start in range(0, len(asked), 2000):
        if progress:
            progress(start, len(asked))
        part = asked[start : start + 2000]
        own = numpy.array([[rows[at].lon, rows[at].lat] for at in part], dtype=float) * [scale, 1]
        ours, theirs = tree.query(shapely.points(own), predicate="dwithin", distance=NEAR_M / _EARTH_M)
        ours, theirs = numpy.array(part)[ours], numbers[theirs]
        earlier = theirs < ours + first
        ours, theirs = ours[earlier], theirs[earlier]
        for low in range(0, len(ours), 200_000):
            a, b = ours[low : low + 200_000].tolist(), theirs[low : low + 200_000].tolist()
            left, right = [names[first + at] for at in a], [names[at] for at in b]
            likeness: Any = process.cpdist(left, right, scorer=fuzz.ratio, dtype=numpy.uint8)
            for at in numpy.nonzero(likeness >= 55)[0].tolist():
                yield a[at], b[at]
            for at in numpy.nonzero((likeness < 55) & (likeness >= 25))[0].tolist():
                short, long = sorted((left[at], right[at]), key=len)
                if len(short) >= 3 and short in long:
                    yield a[at], b[at]


def _unplaced_pairs(
    rows: Sequence[Place], known: Sequence[Place], progress: Callable[[int, int], None] | None
) -> Iterator[tuple[int, int]]:
    """Rows without a position against all names; sites without one against all rows."""
    from rapidfuzz import fuzz, process

    loose = [at for at, row in enumerate(rows) if row.lon is None]
    bare = [at for at, place in enumerate(known) if place.lon is None]
    for asked, others in (
        (loose, list(range(len(known)))),
        ([a for a, r in enumerate(rows) if r.lon is not None], bare),
    ):
        if not asked or not others or len(asked) * len(others) > _FUZZY_LIMIT:
            continue
        names = [_taken_apart(known[at].name).whole for at in others]
        for done, at in enumerate(asked):
            if progress and done % 50 == 0:
                progress(done, len(asked))
            own = _taken_apart(rows[at].name).whole
            for _name, _score, index in process.extract(own, names, scorer=fuzz.ratio, score_cutoff=80, limit=_MOST):
                yield at, others[index]


def certain_match(candidates: Iterable[Candidate]) -> Candidate | None:
    """The one candidate that needs no question: certain, and no other that is as good."""
    found = list(candidates)
    sure = [c for c in found if c.certain]
    return sure[0] if len(sure) == 1 and all(c.score < sure[0].score or c is sure[0] for c in found) else None
