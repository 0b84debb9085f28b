"""Makes the sheets of all sites as one PDF; prints as JSON seconds, size, memory, and how fast a cancel is seen.

The memory is that of this process and of all those the web engine starts, shared pages counted once (PSS, Linux), at
its peak above the start. ``silence`` is the longest time between two looks at whether to stop while the pages are
written; ``cancel`` the time it takes to stop the engine while it prints.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from barrierfree import app, start
from barrierfree.operations import report_files
from barrierfree.operations.progress import Progress
from barrierfree.operations.reports import ReportRequest
from barrierfree.store import Store

WANTED = ReportRequest(kind="site")


class Watch(Progress):
    """Notes the longest time between two looks."""

    def __init__(self) -> None:
        super().__init__()
        self.last = time.perf_counter()
        self.longest = 0.0

    def check(self) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now
        super().check()


def memory_mb() -> float:
    """The proportional memory of this process and everything below it, in MB."""
    parents: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(name))
    found, waiting = 0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        waiting += parents.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1000


def main(survey: str, target: str) -> None:
    gc.disable()  # as in the program, whose cycles are collected in the GUI's thread when it rests
    application = start.make_application()
    seen, done = [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            seen.append(memory_mb())

    with Store.open(Path(survey), device="bench", read_only=True) as store, tempfile.TemporaryDirectory() as folder:
        store.figures()
        before = memory_mb()
        threading.Thread(target=look, daemon=True).start()
        watch, begun = Watch(), time.perf_counter()
        pages = report_files.write_pages(store, WANTED, Path(folder), watch)
        written = time.perf_counter() - begun
        sheets = app.write_pdf(application, pages, Path(target))
        took = time.perf_counter() - begun
        done.set()
        stopped = _cancel(pages)
    print(
        json.dumps(
            {"seconds": took, "written": written, "sheets": sheets, "size": Path(target).stat().st_size / 1e6,
             "memory": max(seen) - before, "silence": watch.longest, "cancel": stopped}
        )
    )  # fmt: skip


def _cancel(pages: tuple[Path, ...]) -> float:
    """Start printing again and stop it in its midst; seconds until everything of it is gone."""
    from barrierfree.gui.report_printing import ReportPrinter

    printer, loop = ReportPrinter(pages[-3:]), QEventLoop()
    printer.destroyed.connect(loop.quit)
    times: list[float] = []

    def stop() -> None:
        times.append(time.perf_counter())
        printer.cancel()

    printer.start()
    QTimer.singleShot(600, stop)
    loop.exec()
    return time.perf_counter() - times[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
