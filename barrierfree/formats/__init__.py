"""Open formats out of plain records: GeoJSON, GeoJSON with OpenStreetMap tags, CSV, KML, A11yJSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from barrierfree.formats import a11yjson, geojson, kml, osm, tables
from barrierfree.formats.content import EXTRAS, FORMATS, LAYERS, About, Extra, Format, Layer, Tally, extras
from barrierfree.formats.jpeg import stripped
from barrierfree.model.open_records import SiteRecord

Write = Callable[[Iterator[SiteRecord], About, Tally], Iterator[str]]
_WRITERS: Final[dict[str, Write]] = {
    "geojson": geojson.write, "osm-geojson": osm.write, "csv": tables.write, "kml": kml.write,
    "a11yjson": a11yjson.write,
}  # fmt: skip


def written(kind: str, records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """The file of a format part by part, to be written as UTF-8 as it comes; ``tally`` counts along."""
    return _WRITERS[kind](records, about, tally)


__all__ = [
    "EXTRAS",
    "FORMATS",
    "LAYERS",
    "About",
    "Extra",
    "Format",
    "Layer",
    "Tally",
    "extras",
    "stripped",
    "written",
]
