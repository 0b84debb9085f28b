"""What is measured of logging a checkpoint: keys pressed, verdicts while one types, judging in bulk."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator

from benchmarks.line import Line
from benchmarks.place import Place


def keys(place: Place) -> Iterator[Line]:
    """Keys besides digits for the core questions of five elements of a shop, to the visit that is submitted."""
    found = json.loads(place.run(["-m", "benchmarks.children.keys", str(place.copy("keys.gpkg"))]))
    core, full = found["core"], found["full"]
    yield Line("keys", core["others"], "keys", None, 60, f"{core['questions']} questions, {core['digits']} digits")
    yield Line("keys_full", full["others"], "keys", note=f"{full['questions']} questions, {full['digits']} digits")


def verdicts(place: Place) -> Iterator[Line]:
    """A key in a form with all questions answered until every verdict stands, median."""
    found = [json.loads(place.run(["-m", "benchmarks.children.verdicts"])) for _ in range(3)]
    middle = sorted(found, key=lambda one: float(one["form"]["p50"]))[1]
    form, rules = middle["form"], middle["rules"]
    yield Line("verdicts", form["p50"], "ms", None, 5, f"p99 {form['p99']:.1f} ms")
    yield Line("verdicts_rules", rules["p50"], "ms", note=f"without the window; p99 {rules['p99']:.1f} ms")


def judged(place: Place) -> Iterator[Line]:
    """Microseconds to judge an inspection, over 100,000; 200 are 5,000 a second."""
    rate = statistics.median(float(place.run(["-m", "benchmarks.children.judged"])) for _ in range(3))
    yield Line("judged", 1e6 / rate, "µs", None, 200, f"{rate:,.0f} a second")
