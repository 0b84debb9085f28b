"""The bare queries of the ledger or of the overview: arguments file, queries as JSON, turns; prints the ms of each."""

import json
import sqlite3
import statistics
import sys
import time

sql = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
found = []
for query in json.loads(sys.argv[2]):
    times = []
    for turn in range(int(sys.argv[3]) + 1):
        begun = time.perf_counter()
        sql.execute(query).fetchall()
        if turn:
            times.append((time.perf_counter() - begun) * 1000)
    found.append(statistics.median(times))
print(json.dumps(found))
