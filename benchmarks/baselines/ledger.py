"""The cells of a workbook written again by bare openpyxl, write-only: arguments workbook, file; prints seconds."""

import sys
import time

import python_calamine
from openpyxl import Workbook

rows = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
begun = time.perf_counter()
book = Workbook(write_only=True)
sheet = book.create_sheet("1")
for row in rows:
    sheet.append([None if value == "" else value for value in row])
book.save(sys.argv[2])
print(time.perf_counter() - begun)
