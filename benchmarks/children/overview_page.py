"""Opens the overview of a survey in the window; prints as JSON the ms until it shows new figures, and its queries."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import cast

from barrierfree.gui.overview_page import OverviewPage
from barrierfree.store import Store
from benchmarks.children.program import opened, rest, until

TURNS = 9


def queries(survey: str) -> list[str]:
    """The statements by which the figures are counted, with their values."""
    told: list[str] = []
    with Store.open(Path(survey), device="bench", read_only=True) as store:
        store._sql.set_trace_callback(told.append)
        store.figures()
        store._sql.set_trace_callback(None)
    return told


def main(survey: str) -> None:
    program, window = opened(survey)
    window.show_page("overview")
    page = cast(OverviewPage, window.page("overview"))
    until(lambda: page._figures is not None)
    rest(500)
    times = []
    for turn in range(TURNS + 1):
        before, begun = page._figures, time.perf_counter()
        page.activate()
        until(lambda before=before: page._figures is not before)  # type: ignore[misc]
        if turn:
            times.append((time.perf_counter() - begun) * 1000)
        rest(50)
    program.close()
    print(json.dumps({"ms": statistics.median(times), "queries": queries(survey)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
