"""A workbook read by python-calamine and its rows put into one bare table: arguments workbook, file; prints seconds."""

import sqlite3
import sys
import time

import python_calamine

begun = time.perf_counter()
rows = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
sql = sqlite3.connect(sys.argv[2])
sql.execute(f"CREATE TABLE rows ({','.join(f'c{i}' for i in range(len(rows[0])))})")
sql.executemany(f"INSERT INTO rows VALUES ({','.join('?' * len(rows[0]))})", rows)
sql.commit()
print(time.perf_counter() - begun)
