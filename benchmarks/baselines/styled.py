"""Bare openpyxl loads a template, fills it in the look of its first row, saves: template, cells, file; seconds."""

import sys
import time
from typing import Any

import openpyxl
import python_calamine

rows = python_calamine.CalamineWorkbook.from_path(sys.argv[2]).get_sheet_by_index(0).to_python()[1:]
begun = time.perf_counter()
book = openpyxl.load_workbook(sys.argv[1])
sheet: Any = book.worksheets[0]
styles = [cell._style for cell in sheet[2]]
for number, row in enumerate(rows, start=2):
    for at, value in enumerate(row, start=1):
        cell = sheet.cell(number, at, None if value == "" else value)
        cell._style = styles[at - 1]
book.save(sys.argv[3])
print(time.perf_counter() - begun)
