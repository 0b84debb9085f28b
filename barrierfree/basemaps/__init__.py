"""Basemap files: MBTiles, PMTiles, and OSM extracts made into MBTiles; owns their formats and pyosmium."""

from barrierfree.basemaps.basemap import WORLD, Basemap, BasemapInfo, Bounds
from barrierfree.basemaps.opening import FileKind, file_kind, open_basemap
from barrierfree.basemaps.osm_extract import Extract, read_extract
from barrierfree.basemaps.osm_tiles import write_tiles
from barrierfree.basemaps.tile_grid import overlap

__all__ = [
    "WORLD", "Basemap", "BasemapInfo", "Bounds", "Extract", "FileKind", "file_kind", "open_basemap", "overlap",
    "read_extract", "write_tiles",
]  # fmt: skip
