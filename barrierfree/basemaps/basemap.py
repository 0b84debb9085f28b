"""What every basemap file is, whatever its format: what is known of it, and its tiles one by one."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Bounds = tuple[float, float, float, float]  # west, south, east, north in WGS-84 degrees
Schema = Literal["", "protomaps", "protomaps-old", "openmaptiles", "unknown"]

LIMIT_LATITUDE: Final = 85.0511287798  # where web Mercator's square ends: atan(sinh(π))
WORLD: Final[Bounds] = (-180.0, -LIMIT_LATITUDE, 180.0, LIMIT_LATITUDE)
MAX_ZOOM: Final = 24  # what Leaflet and the formats' own tools go up to
MAX_TEXT: Final = 300  # characters of a name or an attribution that are kept
_HIDDEN = re.compile(r"<(script|style)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^>]*(>|$)")
# Control characters, and those that turn the direction of writing around for what stands beside.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class BasemapInfo:
    """What is known of a basemap.

    - ``name``, ``attribution``: plain text, at most 300 characters
    - ``kind``: ``raster`` (pictures) or ``vector`` (Mapbox vector tiles)
    - ``format``: ``png``, ``jpg``, ``webp``, ``avif`` or ``mvt``
    - ``tile_size``: px of a picture's side, 256 or 512; 512 for vector tiles, which protomaps-leaflet draws so
    - ``min_zoom``, ``max_zoom``: of the tiles that are there
    - ``bounds``: what it covers
    - ``schema``: how the layers of vector tiles are named, '' for pictures; ``layers`` the names in one of the tiles
    """

    name: str
    kind: Literal["raster", "vector"]
    format: str
    tile_size: int
    min_zoom: int
    max_zoom: int
    bounds: Bounds
    attribution: str = ""
    schema: Schema = ""
    layers: tuple[str, ...] = ()


class Basemap(Protocol):
    """An open basemap; may be used from any thread."""

    @property
    def info(self) -> BasemapInfo:
        """What is known of it."""

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The tile of column ``x`` from the west and row ``y`` from the north, unpacked; None where there is none.

        Raises ``BasemapError`` where the file is damaged.
        """

    def close(self) -> None:
        """Close the file."""


def plain(text: object) -> str:
    """``text`` from a file without markup (the words of a link stay), on one line, at most 300 characters."""
    if not isinstance(text, str):
        return ""
    shown = html.unescape(_MARKUP.sub("", _HIDDEN.sub("", text[:10_000])))
    shown = _MARKUP.sub("", shown)  # what was written as &lt;b&gt; was meant as markup as well
    shown = " ".join(_UNSEEN.sub(" ", shown).split())
    return shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - 1] + "…"


def tidy_bounds(bounds: Bounds | None) -> Bounds:
    """``bounds`` within the map; the whole world where a file says none, nonsense, or goes over the 180th meridian."""
    if bounds is None or any(value != value for value in bounds):
        return WORLD
    west, south, east, north = bounds
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -LIMIT_LATITUDE), min(north, LIMIT_LATITUDE)
    return (west, south, east, north) if west < east and south < north else WORLD
