"""What is said of a basemap, put together from what its file says and what one of its tiles is."""

from __future__ import annotations

from pathlib import Path

from barrierfree.basemaps import refusals
from barrierfree.basemaps.basemap import BasemapInfo, Bounds, plain, tidy_bounds
from barrierfree.basemaps.contents import Layer, layers, picture_format, picture_width, schema_of

_LARGE = 384  # px; a picture from here on is one of 512


def described(
    path: Path, tile: bytes, *, name: str, zooms: tuple[int, int], bounds: Bounds | None, attribution: str
) -> BasemapInfo:
    """The facts of a basemap with ``tile`` as an example; refuses tiles that are neither pictures nor vector tiles."""
    picture = picture_format(tile)
    known: list[Layer] = []
    if not picture:
        try:
            known = layers(tile)
        except ValueError as error:
            raise refusals.tiles_unknown(path) from error
    return BasemapInfo(
        name=name or plain(path.stem),
        kind="raster" if picture else "vector",
        format=picture or "mvt",
        tile_size=512 if not picture or picture_width(tile) >= _LARGE else 256,
        min_zoom=zooms[0],
        max_zoom=zooms[1],
        bounds=tidy_bounds(bounds),
        attribution=attribution,
        schema="" if picture else schema_of(known),
        layers=tuple(layer.name for layer in known),
    )
