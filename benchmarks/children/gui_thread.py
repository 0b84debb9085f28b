"""Goes through all pages and prints the longest turn of the GUI thread in ms, and on which page it was."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QAbstractEventDispatcher

from benchmarks.children.program import opened, rest, until

PAGES = ("overview", "survey", "map", "review", "rectification", "batches", "data", "settings")


def main(survey: str) -> None:
    program, window = opened(survey)
    rest(300)
    longest: dict[str, float] = {}
    at, begun = "", [time.perf_counter()]

    def slept() -> None:
        took = (time.perf_counter() - begun[0]) * 1000
        longest[at] = max(longest.get(at, 0.0), took)

    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.awake.connect(lambda: begun.__setitem__(0, time.perf_counter()))
    dispatcher.aboutToBlock.connect(slept)
    for page in PAGES:
        at = page
        start = time.perf_counter()
        window.show_page(page)
        longest[page] = (time.perf_counter() - start) * 1000
        begun[0] = time.perf_counter()
        until(lambda: program.tasks is not None and not program.tasks.is_busy)
        rest(700)
    dispatcher.aboutToBlock.disconnect(slept)
    program.close()
    worst = max(longest, key=lambda page: longest[page])
    print(json.dumps({"page": worst, "ms": longest[worst], "pages": longest}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
