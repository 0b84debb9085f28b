"""Fills, or checks, rows of 40 columns: ``plain``, ``styled`` or ``check``, number of rows, folder; prints JSON."""

from __future__ import annotations

import gc
import io
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from barrierfree import workbook
from barrierfree.workbook import Column, Profile, Row, Sheet, Values
from benchmarks.children.import_list import memory_mb

CODES = {"有": "1", "无": "0", "不适用": "9"}
FIELDS = [name for name in workbook.fields_of("finding") if name not in ("batch", "finding_code", "due", "grid")][:40]


class Made:
    """Rows made as one goes, as a store gives them: what is measured is the room, not the rows."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __contains__(self, row: object) -> bool:
        return False

    def __iter__(self) -> Iterator[Row]:
        common: Values = {name: f"{name} 的文字，长一点的一句话" for name in FIELDS}
        common |= {
            "present": "有",
            "surveyed_on": "2026-03-05",
            "deadline": "2026-06-30",
            "done_on": "",
            "closed_on": "",
        }
        for n in range(self._count):
            code = f"110105016001GC{n:06d}"
            mine: Values = {"site_code": code, "checkpoint_code": f"{code}-01", "lon": 116.4 + n / 1e7, "lat": 39.9,
                            "number": n % 7, "quantity": n / 4}  # fmt: skip
            yield Row(code, code, common | mine)


def profile() -> Profile:
    """Forty columns: codes, ranges, lengths, a unique code, dates, decimals, an expression."""
    columns = [Column(header=name, field=name) for name in FIELDS]
    changes: dict[str, dict[str, Any]] = {
        "checkpoint_code": {"required": True, "unique": True, "max_length": 40}, "present": {"codes": CODES},
        "lon": {"minimum": 115.4, "maximum": 117.6, "decimals": 6}, "description": {"max_length": 200},
        "lat": {"minimum": 39.4, "maximum": 41.1, "decimals": 6}, "site_name": {"required": True, "max_length": 100},
        "note": {"field": "", "expression": "concat(${street}, ${community})"},
    }  # fmt: skip
    made = [c.model_copy(update=changes.get(c.header, {})) for c in columns]
    return Profile(name="b", title="b", sheets=(Sheet(name="1", columns=tuple(made)),))


def template(styled: bool) -> bytes:
    """Titles alone, or with styles, lists, formats and a text box."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("1")
    look = book.add_format({"border": 1, "text_wrap": True}) if styled else None
    sheet.write_row(0, 0, FIELDS, look)
    if styled:
        for at in range(len(FIELDS)):
            sheet.write_blank(1, at, None, look)
        sheet.data_validation("O2:O9999", {"validate": "list", "source": ["1", "0", "9"]})
        sheet.conditional_format("N2:N9999", {"type": "data_bar", "data_bar_2010": True})
        sheet.insert_textbox("AQ3", "填写说明")
    book.close()
    return out.getvalue()


def main(what: str, count: int, folder: Path) -> None:
    gc.disable()  # as in the program, whose cycles are collected in the GUI's thread when it rests
    used, book = profile(), template(what == "styled")
    (folder / f"{what}-template.xlsx").write_bytes(book)
    rows: workbook.Rows = {"finding": list(Made(count)) if what == "check" else Made(count)}
    seen, done = [memory_mb()], threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            seen.append(memory_mb())

    threading.Thread(target=look, daemon=True).start()
    begun = time.perf_counter()
    if what == "check":
        assert not workbook.check(used, rows, book)
    else:
        workbook.fill(used, book, rows, folder / f"{what}.xlsx")
    took = time.perf_counter() - begun
    done.set()
    print(json.dumps({"seconds": took, "memory": max(seen) - seen[0]}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
