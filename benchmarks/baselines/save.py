"""The rows of a save by SQLite alone: arguments are the file and the statements; prints the median ms of a save."""

import json
import pathlib
import sqlite3
import statistics
import sys
import time

sql = sqlite3.connect(sys.argv[1], isolation_level=None)
sql.execute("PRAGMA journal_mode = WAL")
sql.execute("PRAGMA synchronous = FULL")
for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    sql.execute(f'DROP TRIGGER "{name}"')
times = []
for save in json.loads(pathlib.Path(sys.argv[2]).read_text()):
    sql.execute("INSERT INTO drafts VALUES ('bench',?,'wheelchair_ramp',1,'p','{}','[]','','')", save[-1][1])
    begun = time.perf_counter()
    sql.execute("BEGIN IMMEDIATE")
    for statement, values in save:
        sql.execute(statement, values)
    sql.execute("COMMIT")
    times.append(time.perf_counter() - begun)
print(statistics.median(times) * 1000)
