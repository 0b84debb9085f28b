"""What is measured of the reports: a ledger of 100,000 rows as a workbook, 200 site sheets with photos as a PDF."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator

from benchmarks.line import Line
from benchmarks.place import Place

FINDINGS = 100_000


def report_xlsx(place: Place) -> Iterator[Line]:
    """The ledger of 100,000 findings as a workbook / the same cells written by bare openpyxl, write-only."""
    survey, book = place.folder / "findings.gpkg", place.folder / "ledger.xlsx"
    place.run(["-m", "benchmarks.children.findings", str(survey), str(FINDINGS)], limit=1200)
    own, other = [], []
    for _ in range(3):
        own.append(json.loads(place.run(["-m", "benchmarks.children.ledger", str(survey), str(book)])))
        bare = ["benchmarks/baselines/ledger.py", str(book), str(place.folder / "bare.xlsx")]
        other.append(float(place.run(bare)))
    ours = statistics.median(one["seconds"] for one in own)
    yield Line("report_xlsx", ours, "s", statistics.median(other), 1.3, f"{FINDINGS:,} rows of 45 columns")
    yield Line("report_xlsx_memory", max(one["memory"] for one in own), "MB", None, 150, "above start")


def report_pdf(place: Place) -> Iterator[Line]:
    """200 site sheets with three photos each as one PDF: size, memory of all processes, cancel."""
    survey = place.folder / "sheets.gpkg"
    place.run(["-m", "benchmarks.children.sheets_survey", str(survey)], limit=600)
    own = [json.loads(place.run(["-m", "benchmarks.children.sheets", str(survey), str(place.folder / "s.pdf")]))
           for _ in range(3)]  # fmt: skip
    middle = sorted(own, key=lambda one: float(one["seconds"]))[1]
    note = f"{middle['sheets']} sheets of paper; {middle['written']:.1f} s of it photos and pages"
    yield Line("report_pdf", middle["seconds"], "s", note=note)
    yield Line("report_pdf_size", middle["size"], "MB", None, 60)
    yield Line("report_pdf_memory", max(one["memory"] for one in own), "MB", None, 400, "above start, with the engine")
    yield Line("report_pdf_cancel", 1000 * max(max(o["silence"], o["cancel"]) for o in own), "ms", None, 1000)
