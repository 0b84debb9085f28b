"""The bare LIKE over a table of the same texts: arguments file, words as JSON, turns; prints p50 and p99 in ms."""

import json
import sqlite3
import statistics
import sys
import time

sql = sqlite3.connect(sys.argv[1])
times = []
for turn in range(int(sys.argv[3]) + 1):
    for word in json.loads(sys.argv[2]):
        begun = time.perf_counter()
        sql.execute("SELECT id FROM texts WHERE text LIKE ?", [f"%{word}%"]).fetchall()
        if turn:
            times.append((time.perf_counter() - begun) * 1000)
print(json.dumps({"p50": statistics.median(times), "p99": statistics.quantiles(times, n=100)[98]}))
