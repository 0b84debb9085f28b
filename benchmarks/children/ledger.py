"""Writes the ledger of a survey as a workbook; prints as JSON the seconds and the memory above start."""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from pathlib import Path

from barrierfree.operations import report_files
from barrierfree.operations.reports import ReportRequest
from barrierfree.store import Store
from benchmarks.children.import_list import memory_mb


def main(survey: str, target: str) -> None:
    gc.disable()  # as in the program, whose cycles are collected in the GUI's thread when it rests
    seen, done = [memory_mb()], threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            seen.append(memory_mb())

    with Store.open(Path(survey), device="bench", read_only=True) as store:
        store.figures()
        threading.Thread(target=look, daemon=True).start()
        seen[:] = [memory_mb()]
        begun = time.perf_counter()
        report_files.write_workbook(store, ReportRequest(kind="ledger"), Path(target))
        took = time.perf_counter() - begun
        done.set()
    print(json.dumps({"seconds": took, "memory": max(seen) - seen[0]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
