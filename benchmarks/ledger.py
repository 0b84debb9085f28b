"""What is measured of 60,000 findings: opening the ledger, each of its filters, the overview."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

from barrierfree.store.findings import _FINDING
from benchmarks.line import Line
from benchmarks.place import Place

FINDINGS = 60_000
FRAME = 1000 / 60  # ms; a bare query that is faster than one picture of the screen counts as this
_UNCLOSED = "f.state IN ('reported','open','in_progress','claimed')"
# What the child does, and the bare query of the same rows.
_FILTERS = {
    "open": "1",
    "chip open": _UNCLOSED,
    "chip overdue": f"{_UNCLOSED} AND f.deadline <> '' AND f.deadline < date()",
    "chip closed": f"NOT {_UNCLOSED}",
    "community": "s.community = '社区3'",
    "unit": "f.unit = '单位7'",
    "search common": "s.search LIKE '%门店%'",
    "search rare": "s.search LIKE '%门店77%'",
    "search absent": "s.search LIKE '%㐀%'",
}
_BARE = "benchmarks/baselines/findings.py"


def _survey(place: Place) -> Path:
    """A survey with so many findings, made once in a run."""
    survey = place.folder / f"findings{FINDINGS}.gpkg"
    if not survey.exists():
        place.run(["-m", "benchmarks.children.findings", str(survey), str(FINDINGS)], limit=1200)
    return survey


def ledger(place: Place) -> Iterator[Line]:
    """The ledger of 60,000 findings opened and filtered in the window / the bare query of the same rows."""
    survey = str(_survey(place))
    bare = json.dumps([f"{_FINDING} WHERE {where} ORDER BY f.id DESC" for where in _FILTERS.values()])
    own, other = [], []
    for _ in range(3):
        own.append(json.loads(place.run(["-m", "benchmarks.children.ledger_page", survey])))
        other.append(json.loads(place.run([_BARE, survey, bare, "5"])))
    ours = {name: statistics.median(one[name] for one in own) for name in _FILTERS}
    theirs = {name: statistics.median(one[at] for one in other) for at, name in enumerate(_FILTERS)}
    yield Line("ledger_open", ours["open"], "ms", theirs["open"], 3)
    held = {name: max(theirs[name], FRAME) for name in _FILTERS if name != "open"}
    worst = max(held, key=lambda name: ours[name] / held[name])
    yield Line("ledger_filter", ours[worst], "ms", held[worst], 3, f"the worst of {len(held)}: {worst}")


def overview(place: Place) -> Iterator[Line]:
    """The overview of 60,000 findings, from asking until it shows the figures / its bare queries."""
    survey = str(_survey(place))
    own, other = [], []
    for _ in range(3):
        found = json.loads(place.run(["-m", "benchmarks.children.overview_page", survey]))
        own.append(found["ms"])
        other.append(sum(json.loads(place.run([_BARE, survey, json.dumps(found["queries"]), "5"]))))
    yield Line("overview", statistics.median(own), "ms", statistics.median(other), 3)
