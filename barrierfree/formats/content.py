"""What a file is about and what may go into it: the formats, their layers, and the choices of privacy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from barrierfree.model.definition import Definition

Layer = Literal["sites", "checkpoints", "findings"]
LAYERS: Final[tuple[Layer, ...]] = ("sites", "checkpoints", "findings")
Extra = Literal["names", "notes", "photos", "exif"]
EXTRAS: Final[tuple[Extra, ...]] = ("names", "notes", "photos", "exif")
DECIMALS: Final = 7  # of a degree: 1 cm; RFC 7946 11.2 finds 6 enough, OpenStreetMap keeps 7


@dataclass(frozen=True, slots=True)
class Format:
    """An open format: the endings its file may have (the first is proposed), its layers, the extras it has room for.

    ``places``: it can only hold what has a position.
    """

    endings: tuple[str, ...]
    layers: tuple[Layer, ...]
    extras: tuple[Extra, ...]
    places: bool = True


FORMATS: Final[dict[str, Format]] = {
    "geojson": Format((".geojson", ".json"), LAYERS, EXTRAS),
    "osm-geojson": Format((".geojson", ".json"), ("sites", "checkpoints"), ("notes",)),
    "csv": Format((".csv",), LAYERS, EXTRAS, places=False),
    "kml": Format((".kml",), LAYERS, EXTRAS),
    "a11yjson": Format((".json", ".geojson"), ("sites",), ("notes",)),
}


def extras(kind: str, layer: Layer) -> tuple[Extra, ...]:
    """What a format has room for in a layer: nobody's name belongs to a site."""
    return tuple(e for e in FORMATS[kind].extras if not (e == "names" and layer == "sites"))


@dataclass(frozen=True, slots=True)
class About:
    """What stands around the records: the definition they were made with, and what may be told.

    ``names`` are people's names by id, ``photos`` the file names of photos by hash: empty where they must not go.
    ``statuses``: only records in one of these (of sites and checkpoints a ``Status``, of findings a ``FindingState``).
    """

    definition: Definition
    title: str
    made_on: str  # ISO date
    generator: str
    layer: Layer
    notes: bool = False
    with_names: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    with_photos: bool = False
    photos: Mapping[str, str] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset()


@dataclass(slots=True)
class Tally:
    """What went, and what was left out and why.

    ``bare``: without a position; ``untold``: the format has no words for it; ``borrowed``: went, but its position was
    given in the datum of a commercial map, whose licence may forbid handing it on. ``hashes`` are photos named.
    """

    written: int = 0
    bare: int = 0
    untold: int = 0
    borrowed: int = 0
    hashes: dict[str, None] = field(default_factory=dict)
