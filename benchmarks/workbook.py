"""What is measured of city batches: rows into a plain and into a styled template, and their check."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks.line import Line
from benchmarks.place import Place

ROWS, STYLED = 100_000, 5_000


def _ours(place: Place, what: str, count: int) -> dict[str, Any]:
    child = ["-m", "benchmarks.children.workbook", what, str(count), str(place.folder)]
    return dict(json.loads(place.run(child, limit=600)))


def batch_plain(place: Place) -> Iterator[Line]:
    """100,000 rows of 40 columns into a plain template / the same cells by bare openpyxl, write-only."""
    own, other = [], []
    for _ in range(3):
        own.append(_ours(place, "plain", ROWS))
        bare = ["benchmarks/baselines/ledger.py", str(place.folder / "plain.xlsx"), str(place.folder / "bare.xlsx")]
        other.append(float(place.run(bare, limit=600)))
    ours = statistics.median(one["seconds"] for one in own)
    yield Line("batch_plain", ours, "s", statistics.median(other), 1.3, f"{ROWS:,} rows of 40 columns")
    yield Line("batch_plain_memory", max(one["memory"] for one in own), "MB", None, 150, "above start")


def batch_styled(place: Place) -> Iterator[Line]:
    """5,000 rows into a styled template / bare openpyxl: load, fill, save."""
    own, other = [], []
    for _ in range(3):
        own.append(_ours(place, "styled", STYLED)["seconds"])
        files = [str(place.folder / name) for name in ("styled-template.xlsx", "styled.xlsx", "bare.xlsx")]
        other.append(float(place.run(["benchmarks/baselines/styled.py", *files])))
    yield Line("batch_styled", statistics.median(own), "s", statistics.median(other), 2)


def batch_check(place: Place) -> Iterator[Line]:
    """100,000 rows of 40 columns checked before they are written."""
    took = statistics.median(_ours(place, "check", ROWS)["seconds"] for _ in range(3))
    yield Line("batch_check", took, "s", None, ROWS / 20_000, f"{ROWS / took:,.0f} rows a second")
