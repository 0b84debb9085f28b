"""Takes a list into a survey; prints as JSON the seconds, the memory above start and the longest silence.

The silence is the longest time between two reports to the ``Progress``, at which a cancel would be seen; the last one,
while SQLite writes its log to the disk, is given apart.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import threading
import time
from pathlib import Path

from barrierfree.operations import lists
from barrierfree.operations.progress import Progress
from barrierfree.store import Store


class Watch:
    """Notes when progress was reported, and the memory of the process meanwhile."""

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.longest: tuple[float, str] = (0.0, "")
        self.text = ""

    def step(self, _done: int, _total: int, text: str) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self.last, f"{self.text}→{text}"))
        self.last, self.text = now, text


def memory_mb() -> float:
    """The memory of this process now, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main(survey: str, list_file: str) -> None:
    gc.disable()  # as in the program, whose cycles are collected in the GUI's thread when it rests
    watch, seen, done = Watch(), [memory_mb()], threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            seen.append(memory_mb())

    with Store.open(Path(survey), device="bench") as store:
        store.sites()
        threading.Thread(target=look, daemon=True).start()
        seen[:] = [memory_mb()]
        begun = watch.last = time.perf_counter()
        report = lists.import_list(
            store, Path(list_file), datum="gcj02", decide="new", person="p", progress=Progress(watch.step)
        )
        ended = time.perf_counter()
        done.set()
    print(
        json.dumps(
            {"seconds": ended - begun, "memory": max(seen) - seen[0], "silence": watch.longest[0],
             "where": watch.longest[1], "commit": ended - watch.last, "rows": report.rows, "added": report.added,
             "same": report.same, "changed": len(report.changed), "possible": len(report.possible)},
            ensure_ascii=False,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
