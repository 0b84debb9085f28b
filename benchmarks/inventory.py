"""What is measured of the facility inventory: taking a large list in, and the search as one types."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.children.search import TURNS, WORDS
from benchmarks.line import Line
from benchmarks.place import Place

DISTRICT, BEIJING = 60_000, 462_000  # sites of a district, and of all Beijing at Shuangjing's density


def city(place: Place, sites: int) -> Path:
    """A survey with so many sites, made once in a run."""
    survey = place.folder / f"city{sites}.gpkg"
    if not survey.exists():
        place.run(["-m", "benchmarks.children.city", str(survey), str(sites)], limit=1200)
    return survey


def import_list(place: Place) -> Iterator[Line]:
    """A workbook of 100,000 rows taken into 60,000 sites / read by calamine into one bare table."""
    survey, book = city(place, DISTRICT), place.folder / "list.xlsx"
    place.run(["-m", "benchmarks.city", str(book), str(DISTRICT), "40000"])
    own, other = [], []
    for turn in range(3):
        copy = Path(shutil.copyfile(survey, place.folder / "taken.gpkg"))
        own.append(json.loads(place.run(["-m", "benchmarks.children.import_list", str(copy), str(book)])))
        bare = place.folder / f"bare{turn}.db"
        other.append(float(place.run(["benchmarks/baselines/import_list.py", str(book), str(bare)])))
        bare.unlink()
    middle = sorted(own, key=lambda one: float(one["seconds"]))[1]
    counts = f"{middle['added']:,} new, {middle['same']:,} same, {middle['changed']:,} changed"
    yield Line("import_list", middle["seconds"], "s", statistics.median(other), 10, counts)
    yield Line("import_memory", max(one["memory"] for one in own), "MB", None, 300, "above start")
    silence = min(one["silence"] for one in own) * 1000
    yield Line("import_silence", silence, "ms", None, 200, f"longest between two reports: {middle['where']}")
    yield Line("import_commit", middle["commit"], "s", note="the last, while SQLite writes: no cancel any more")


def search(place: Place) -> Iterator[Line]:
    """The site list as one types, p99 over 60,000 sites / the bare LIKE over the same texts."""
    yield _search(place, DISTRICT, "search", 3)


def search_beijing(place: Place) -> Iterator[Line]:
    """The same over 462,000 sites; reported only."""
    yield _search(place, BEIJING, "search_beijing", None)


def _search(place: Place, sites: int, name: str, ceiling: float | None) -> Line:
    survey, texts = city(place, sites), place.folder / f"texts{sites}.db"
    bare = ["benchmarks/baselines/search.py", str(texts), json.dumps(WORDS), str(TURNS)]
    own, other = [], []
    for _ in range(3):
        own.append(json.loads(place.run(["-m", "benchmarks.children.search", str(survey), str(texts)])))
        other.append(json.loads(place.run(bare)))
    ours, theirs = (statistics.median(one["p99"] for one in found) for found in (own, other))
    half = statistics.median(one["p50"] for one in own)
    return Line(name, ours, "ms", theirs, ceiling, f"p99; p50 {half:.1f} ms")
