"""What is measured of the map beyond its first opening: views, pans, memory, an edit, and the ways not taken."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.inventory import BEIJING, DISTRICT, city
from benchmarks.line import Line
from benchmarks.place import LEAFLET, Place

PLAIN = (1412, 10_000)  # sites for which a page with a marker for each is made


def map_view(place: Place) -> Iterator[Line]:
    """The query of a view over 60,000 sites, p95 / the bare R-tree or cluster query of the same views."""
    yield from _views(place, DISTRICT, "map_view", 2)


def map_view_beijing(place: Place) -> Iterator[Line]:
    """The same over 462,000 sites; reported only."""
    yield from _views(place, BEIJING, "map_view_beijing", None)


def _views(place: Place, sites: int, name: str, ceiling: float | None) -> Iterator[Line]:
    survey = str(city(place, sites))
    found = [json.loads(place.run(["-m", "benchmarks.children.map_view", survey])) for _ in range(3)]
    for kind in ("sites", "clusters"):
        ours, bare = (statistics.median(one[kind][at] for one in found) for at in (0, 1))
        yield Line(f"{name}_{kind}", ours, "ms", bare, ceiling, "p95")
    yield Line(f"{name}_filter", statistics.median(one["filter"] for one in found), "ms", note="p95, with a filter")
    moved, most = (statistics.median(one["moved"][at] for one in found) for at in (0, 1))
    yield Line(f"{name}_moved", moved, "ms", None, 5 if ceiling else None, f"one moved site, median; p95 {most:.1f} ms")


def map_pan(place: Place) -> Iterator[Line]:
    """A pan or zoom over 60,000 sites until it is drawn, p95 / bare Leaflet drawing the same shapes."""
    yield from _pans(place, DISTRICT, "map_pan", 2)


def map_pan_beijing(place: Place) -> Iterator[Line]:
    """The same over 462,000 sites; reported only."""
    yield from _pans(place, BEIJING, "map_pan_beijing", None)


def _pans(place: Place, sites: int, name: str, ceiling: float | None) -> Iterator[Line]:
    survey, shapes = str(city(place, sites)), place.folder / f"shapes{sites}.js"
    page = str(place.folder / "pans.html")
    own, other = [], []
    for _ in range(3):
        own.append(json.loads(place.run(["-m", "benchmarks.children.map_pan", survey, str(shapes)])))
        other.append(json.loads(place.run(["benchmarks/baselines/map_pan.py", str(LEAFLET), str(shapes), page])))
    ours, bare = (statistics.median(one["p95"] for one in found) for found in (own, other))
    half = statistics.median(one["p50"] for one in own)
    yield Line(name, ours, "ms", bare, ceiling, f"p95; p50 {half:.0f} ms, of which {own[0]['shapes']} shapes at most")
    small = json.loads(place.run(["-m", "benchmarks.children.map_pan", str(place.survey), ""]))
    memory = statistics.median(one["memory"] for one in own)
    most = 1.1 if ceiling else None
    yield Line(f"{name}_memory", memory, "MB", small["memory"], most, "of the page's process, after 50 pans")


def map_plain(place: Place) -> Iterator[Line]:
    """The first picture by a plain folium.CircleMarker for each site / ours, opened with the window there."""
    for sites in PLAIN:
        survey = str(place.survey if sites == PLAIN[0] else _seen_at_once(place, sites))
        own, other = [], []
        for _ in range(3):
            own.append(float(place.run(["-m", "benchmarks.children.map_page", survey])))
            other.append(float(place.run(["benchmarks/baselines/map_folium.py", str(LEAFLET), survey,
                                          str(place.folder / "plain.html")])))  # fmt: skip
        ours, plain = statistics.median(own), statistics.median(other)
        most = 1 / 20 if sites > PLAIN[0] else None
        yield Line(
            f"map_plain_{sites}", ours, "ms", plain, most, f"plain folium takes {plain / ours:.1f} times as long"
        )


def _seen_at_once(place: Place, sites: int) -> Path:
    """A survey that opens on all of its sites."""
    survey = place.folder / f"seen{sites}.gpkg"
    place.run(["-m", "benchmarks.children.city", str(survey), str(sites), "without-outline"], limit=600)
    return survey
