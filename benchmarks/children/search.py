"""Searches as one types, ours: prints as JSON the p50 and p99 in ms over common, rare and absent words.

Writes the texts of all sites to a second file, for the bare query.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from pathlib import Path

from barrierfree.operations import site_work
from barrierfree.store import SiteFilter, Store

# One to four characters, Chinese, initials and numbers; common, rare, and in no site.
WORDS = (
    "店",
    "便利",
    "便利店",
    "广渠百子",
    "优士阁珠",
    "bld",
    "s",
    "0592",
    "S012",
    "电梯",
    "盲道口",
    "zzq",
    "㐀",
    "qxqx",
)
TURNS = 12


def main(survey: str, texts: str) -> None:
    with Store.open(Path(survey), device="bench", read_only=True) as store:
        if not Path(texts).exists():
            copy = sqlite3.connect(texts)
            copy.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")
            copy.executemany("INSERT INTO texts VALUES (?,?)", store._sql.execute("SELECT fid, search FROM sites"))
            copy.commit()
            copy.close()
        times = []
        for turn in range(TURNS + 1):
            for word in WORDS:
                begun = time.perf_counter()
                site_work.site_listing(store, SiteFilter(text=word))
                if turn:
                    times.append((time.perf_counter() - begun) * 1000)
    print(json.dumps({"p50": statistics.median(times), "p99": statistics.quantiles(times, n=100)[98]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
