"""Views over a large survey, ours and bare on the same connection; prints JSON: p95 in ms, and of one moved site.

Each pair of bare queries is what alone would fetch what is shown: the R-tree joined with the sites, or the clusters.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from barrierfree.coordinates import position
from barrierfree.store import SiteFilter, Store
from barrierfree.store.clusters import STATES, shift, world

TURNS = 300
MOVES = 110
_BARE_SITES = (
    "SELECT s.id, s.name, s.lon, s.lat, s.status FROM site_tree t JOIN sites s ON s.fid = t.fid"
    " WHERE t.max_lon >= ? AND t.min_lon <= ? AND t.max_lat >= ? AND t.min_lat <= ? AND s.same_as = ''"
)
_BARE_CLUSTERS = (
    f"SELECT gx, gy, n, x, y, {', '.join(STATES)} FROM clusters"
    " WHERE z = ? AND gx BETWEEN ? AND ? AND gy BETWEEN ? AND ?"
)
_Box = tuple[float, float, float, float]


def view(lon: float, lat: float, zoom: int) -> _Box:
    """What a map of 830 × 640 pixels shows, padded by 2 %."""
    across, up = 830 * 1.04 * 360 / 256 / 2**zoom / 2, 640 * 1.04 * 360 * 0.767 / 256 / 2**zoom / 2
    return lon - across, lat - up, lon + across, lat + up


def ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def views(store: Store, zooms: Sequence[int], rng: random.Random) -> tuple[float, float]:
    """p95 of ours and of the bare queries over random views at these zooms."""
    west, south, east, north = store.extent() or (0, 0, 1, 1)
    ours, bare = [], []
    for turn in range(TURNS):
        zoom = zooms[turn % len(zooms)]
        box = view(west + rng.random() * (east - west), south + rng.random() * (north - south), zoom)
        found = store.map_view(box, zoom)
        assert bool(found.sites) or bool(found.clusters) or not store.sites_in_view(*box)
        if found.clusters:
            (left, top), (right, bottom) = world(box[0], box[3]), world(box[2], box[1])
            bits = shift(zoom)
            values: list[float] = [zoom, left >> bits, right >> bits, top >> bits, bottom >> bits]
            query = _BARE_CLUSTERS
        else:
            query, values = _BARE_SITES, [box[0], box[2], box[1], box[3]]
        bare.append(ms(partial(_fetched, store, query, values)))
        ours.append(ms(partial(store.map_view, box, zoom)))
    return p95(ours[20:]), p95(bare[20:])


def _fetched(store: Store, query: str, values: Sequence[float]) -> list[object]:
    return store._sql.execute(query, values).fetchall()


def moves(path: Path, rng: random.Random) -> tuple[float, float]:
    """Median and p95 of moving one site, with all that its transaction takes; the first ones warm up."""
    copy = Path(shutil.copyfile(path, path.with_suffix(".moved.gpkg")))
    with Store.open(copy, device="bench") as store:
        west, south, east, north = store.extent() or (0, 0, 1, 1)
        times = []
        for site in [row[0] for row in store._sql.execute("SELECT id FROM sites ORDER BY random() LIMIT ?", [MOVES])]:
            place = position(west + rng.random() * (east - west), south + rng.random() * (north - south), "wgs84")
            times.append(ms(partial(store.change_site, site, {"position": place}, person="p")))
    copy.unlink()
    return statistics.median(times[10:]), p95(times[10:])


def main(survey: str) -> None:
    rng = random.Random(1)
    with Store.open(Path(survey), device="bench", read_only=True) as store:
        sites, clusters = views(store, (16, 17, 18), rng), views(store, (9, 11, 12, 13, 14), rng)
        community = store.sites()[0].community
        wanted = SiteFilter(community=community)
        west, south, east, north = store.extent() or (0, 0, 1, 1)
        middle = (west + east) / 2, (south + north) / 2
        filtered = [ms(partial(store.map_view, view(*middle, z), z, wanted)) for z in (10, 11, 12, 13) * 5]
    moved = moves(Path(survey), rng)
    print(json.dumps({"sites": sites, "clusters": clusters, "filter": p95(filtered), "moved": moved}))


if __name__ == "__main__":
    main(sys.argv[1])
