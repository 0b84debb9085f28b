"""Opens the ledger of a survey in the window and filters it; prints the ms of each as JSON.

``open``: reading and all that the GUI thread does until the rows are there. Filters are those of the page: its chips,
the filters of its columns, the search (without the moment in which one waits for the next key).
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import cast

from barrierfree.gui.rectification_page import RectificationPage
from benchmarks.children.program import opened, rest, until

TURNS = 7
AFTER_READING = 1500  # ms in which the text to search in is put together


def main(survey: str) -> None:
    program, window = opened(survey)
    window.show_page("rectification")
    page = cast(RectificationPage, window.page("rectification"))
    until(lambda: bool(page.table.model.records))
    rest(AFTER_READING)
    model = page.table.model
    found: dict[str, float] = {}

    def measure(name: str, act: Callable[[], object], undo: Callable[[], object]) -> None:
        times = []
        for turn in range(TURNS + 1):
            begun = time.perf_counter()
            act()
            until(lambda: not model.searching)
            if turn:
                times.append((time.perf_counter() - begun) * 1000)
            undo()
            until(lambda: program.tasks is not None and not program.tasks.is_busy)
        found[name] = statistics.median(times)

    def chip(key: str) -> None:
        page.chips.set_value(key)
        page._show_findings()

    def read() -> None:
        before = page._ledger
        page.activate()
        until(lambda: page._ledger is not before)

    chip("all")
    measure("open", read, partial(rest, AFTER_READING))
    for key in ("open", "overdue", "closed"):
        measure(f"chip {key}", partial(chip, key), partial(chip, "all"))
    rest(AFTER_READING)
    for column, text in (("community", "社区3"), ("unit", "单位7")):
        only = partial(model.set_filter, column)
        measure(column, partial(only, frozenset({text})), partial(only, frozenset()))
    for name, word in (("common", "门店"), ("rare", "门店77"), ("absent", "㐀")):
        measure(f"search {name}", partial(model.set_search, word), partial(model.set_search, ""))
    program.close()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
