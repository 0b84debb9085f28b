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
from typing import TYPE_CHECKING, Any, Final, TypeVar

from barrierfree.i18n import tr
from barrierfree.model.definition import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")

# All of these are this project's own, set on the real lists at hand (tests/test_matching.py); nothing prescribes them.
NEAR_M: Final = 100.0  # farther apart than this, only equal numbers or addresses raise a question
CERTAIN_M: Final = 30.0  # an equal name as near as this is the same place: the breadth of a shop front and a GPS error
ASK_FROM: Final = 75  # points of 100 from which a person is asked
_NAME, _PLACE, _ADDRESS, _COMMUNITY, _CLASS = 60, 20, 10, 5, 5  # points of each part, 100 in all
_MOST: Final = 5  # candidates shown for one row
_PORTION: Final = 100_000  # pairs of neighbours looked at once: some 40 ms
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


def _parts(name: str) -> tuple[str, str]:
    """The core of a name and its branch."""
    plain = unicodedata.normalize("NFKC", name).lower()
    branch = _BRACKETS.findall(plain)
    core = _NOISE.sub("", _BRACKETS.sub("", plain) if branch else plain)
    return _TOWN.sub("", core) or core, _NOISE.sub("", "".join(branch)) if branch else ""


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> _Name:
    core, branch = _parts(name)
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
    found: dict[int, list[Candidate]] = defaultdict(list)
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
    likeliest = {at: tuple(sorted(c, key=lambda x: (-x.score, x.other))[:_MOST]) for at, c in found.items()}
    return [likeliest.get(at, ()) for at in range(len(rows))]


def _pairs(
    rows: Sequence[Place], known: Sequence[Place], everything: Sequence[Place],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Pairs (row, index in ``everything``) worth a closer look: near ones with a like name, equal names, numbers."""
    names = ["".join(_parts(place.name)) for place in _reported(everything, progress)]
    first = len(everything) - len(rows)
    yield from _near_pairs(rows, everything, names, progress)
    by_number = _several(p.number for p in _reported(everything, progress))
    by_name = _several(_reported(names, progress))
    for at, row in enumerate(_reported(rows, progress)):
        numbered = by_number.get(row.number, ())
        if len(numbered) <= _MOST:  # a number that many have is no number
            yield from ((at, other) for other in numbered)
        alike = by_name.get(names[first + at], ())
        if len(alike) <= 50:
            for other in alike:
                far = distance_m(row, everything[other])
                if far is None or far <= NEAR_M:
                    yield at, other
    yield from _unplaced_pairs(rows, known, progress)


def _reported(values: Sequence[T], progress: Callable[[int, int], None] | None) -> Iterator[T]:
    """The values; ``progress`` is told now and then how many of them are done."""
    for at, value in enumerate(values):
        if progress and at % 5000 == 0:
            progress(at, len(values))
        yield value


def _several(values: Iterable[str]) -> Mapping[str, list[int]]:
    """The indexes of each value that is there more than once; blanks are none."""
    first: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for at, value in enumerate(values):
        if value:
            before = first.setdefault(value, at)
            if before != at:
                several.setdefault(value, [before]).append(at)
    return several


def _near_pairs(
    rows: Sequence[Place], everything: Sequence[Place], names: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Rows and places within ``NEAR_M`` whose names share enough; names are compared in C++."""
    import numpy
    from rapidfuzz import fuzz, process

    first = len(everything) - len(rows)
    lengths = numpy.fromiter(map(len, names), dtype=int, count=len(names))
    for ours, theirs in _neighbours(everything, first, progress):
        a, b = ours.tolist(), theirs.tolist()
        left, right = [names[at] for at in a], [names[at] for at in b]
        likeness: Any = process.cpdist(left, right, scorer=fuzz.ratio, dtype=numpy.uint8)
        for at in numpy.nonzero(likeness >= 55)[0].tolist():
            yield a[at] - first, b[at]
        short = numpy.minimum(lengths[ours], lengths[theirs])
        # a name within the other has all its characters there, so the two are at least as alike as this
        within = likeness + 1 >= 200 * short / (lengths[ours] + lengths[theirs]).clip(1)
        for at in numpy.nonzero((likeness < 55) & (likeness >= 25) & (short >= 3) & within)[0].tolist():
            if left[at] in right[at] or right[at] in left[at]:
                yield a[at] - first, b[at]


def _neighbours(
    everything: Sequence[Place], first: int, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Indexes of places from ``first`` on, and of those before each that lie within ``NEAR_M``; in portions.

    Places are sorted by squares as wide as that, so that those around a place are three runs (one to a column).
    """
    import numpy as np

    if progress:
        progress(0, len(everything))
    lons = np.array([p.lon for p in everything], dtype=float)
    lats = np.array([p.lat for p in everything], dtype=float)
    placed = np.nonzero(np.isfinite(lons) & np.isfinite(lats))[0]
    asked = placed[placed >= first]
    if not len(asked):
        return
    near = NEAR_M / _EARTH_M
    x = lons * math.cos(math.radians(float(np.median(lats[placed]))))
    column, row = np.floor(x[placed] / near).astype(np.int64), np.floor(lats[placed] / near).astype(np.int64)
    width = int(row.max() - row.min()) + 3  # a column's rows, and one free at each end
    key = (column - column.min()) * width + row - row.min() + 1
    order = np.argsort(key, kind="stable")
    sorted_keys, sorted_places = key[order], placed[order]
    own = key[len(placed) - len(asked) :]
    columns = np.concatenate([own - width, own, own + width])
    lows = np.searchsorted(sorted_keys, columns - 1, "left")
    highs = np.searchsorted(sorted_keys, columns + 1, "right")
    askers, counts = np.tile(asked, 3), highs - lows
    start, sums = 0, np.cumsum(counts)
    while start < len(askers):
        done = int(sums[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(sums, done + _PORTION, "right")))
        if progress:
            progress(start, len(askers))
        part = counts[start:stop]
        ours = np.repeat(askers[start:stop], part)
        runs = np.repeat(lows[start:stop] - (np.cumsum(part) - part), part) + np.arange(int(part.sum()))
        theirs = sorted_places[runs]
        earlier = theirs < ours
        ours, theirs = ours[earlier], theirs[earlier]
        close = (x[ours] - x[theirs]) ** 2 + (lats[ours] - lats[theirs]) ** 2 <= near**2
        yield ours[close], theirs[close]
        start = stop


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
