"""What is measured, with the ceiling of each ratio; how is in ``children`` and ``baselines``."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Callable, Iterator

from benchmarks import checklist, inventory, ledger, photos, reports, tiles, workbook
from benchmarks import map as maps
from benchmarks.line import Line
from benchmarks.place import LEAFLET, Place

Bench = Callable[[Place], Iterator[Line]]


def start(place: Place) -> Iterator[Line]:
    """Process start to the first key in the site search / an empty window with a field."""
    own, pages, bare = [], [], []
    for turn in range(10):
        found = json.loads(place.run(["-m", "benchmarks.children.start", str(place.survey)]))
        other = float(place.run(["benchmarks/baselines/start.py"]))
        if turn:  # the first turn warms the file cache
            own.append(found["key"] * 1000)
            pages.append(found["page"] * 1000)
            bare.append(other * 1000)
    yield Line("start", statistics.median(own), "ms", statistics.median(bare), 1.6)
    yield Line("start_page", statistics.median(pages), "ms", note="the survey page is there and holds that key")


def map_page(place: Place) -> Iterator[Line]:
    """First opening of the map page until painted / the bare Leaflet page with the same points."""
    bare = ["benchmarks/baselines/map_page.py", str(LEAFLET), str(place.points), str(place.folder / "map.html")]
    ours, other = place.alternate(["-m", "benchmarks.children.map_page", str(place.survey)], bare, rounds=5)
    yield Line("map_page", ours, "ms", other, 1.3)


def points(place: Place) -> Iterator[Line]:
    """The features' JSON to painted glyphs / the same points as bare L.circleMarker on a canvas."""
    bare = ["benchmarks/baselines/points.py", str(LEAFLET), str(place.points), str(place.folder / "points.html")]
    ours, other = place.alternate(["-m", "benchmarks.children.points", str(place.survey)], bare, rounds=5)
    yield Line("points", ours, "ms", other, 1.3)


def save_inspection(place: Place) -> Iterator[Line]:
    """A visit of one inspection and one finding / the same rows by raw sqlite3; and its fsyncs."""
    statements = str(place.folder / "statements.json")
    save = "benchmarks.children.save"
    own, other = [], []
    for turn in range(5):
        own.append(float(place.run(["-m", save, str(place.copy(f"own{turn}.gpkg")), "200", statements])))
        file = str(place.copy(f"bare{turn}.gpkg"))
        other.append(float(place.run(["benchmarks/baselines/save.py", file, statements])))
    yield Line("save_inspection", statistics.median(own), "ms", statistics.median(other), 4)
    strace = shutil.which("strace")
    if strace is None:
        yield Line("save_fsyncs", 0, "", note="strace not found")
        return
    counted = {}
    for number in (20, 120):
        for what in ("", "drafts"):  # with the draft that precedes every save, and the drafts alone
            log = place.folder / f"strace{number}{what}.log"
            trace = [strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(log)]
            child = ["-m", save, str(place.copy(f"traced{number}{what}.gpkg")), str(number), what]
            place.run(child, before=trace)
            counted[number, what] = sum("sync(" in line for line in log.read_text().splitlines())
    whole = counted[120, ""] - counted[20, ""]
    drafts = counted[120, "drafts"] - counted[20, "drafts"]
    yield Line("save_fsyncs", (whole - drafts) / 100, "fsyncs", None, 2, f"per save; a draft {drafts / 100:g}")


def gui_thread(place: Place) -> Iterator[Line]:
    """The longest turn of the GUI thread while going through all pages; reported only."""
    found = [json.loads(place.run(["-m", "benchmarks.children.gui_thread", str(place.survey)])) for _ in range(3)]
    middle = sorted(found, key=lambda one: float(one["ms"]))[1]
    yield Line("gui_thread", middle["ms"], "ms", note=f"page {middle['page']}")


BENCHES: dict[str, Bench] = {
    "start": start,
    "map_page": map_page,
    "points": points,
    "save_inspection": save_inspection,
    "gui_thread": gui_thread,
    "import_list": inventory.import_list,
    "search": inventory.search,
    "search_beijing": inventory.search_beijing,
    "photos": photos.photos,
    "keys": checklist.keys,
    "verdicts": checklist.verdicts,
    "judged": checklist.judged,
    "ledger": ledger.ledger,
    "overview": ledger.overview,
    "report_xlsx": reports.report_xlsx,
    "report_pdf": reports.report_pdf,
    "map_view": maps.map_view,
    "map_view_beijing": maps.map_view_beijing,
    "map_pan": maps.map_pan,
    "map_pan_beijing": maps.map_pan_beijing,
    "map_plain": maps.map_plain,
    "tiles": tiles.tiles,
    "batch_plain": workbook.batch_plain,
    "batch_styled": workbook.batch_styled,
    "batch_check": workbook.batch_check,
}
