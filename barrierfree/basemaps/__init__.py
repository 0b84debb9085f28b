"""Basemap files: MBTiles, PMTiles, and OSM extracts made into MBTiles; owns their formats and pyosmium.

``osm_extract`` and ``osm_tiles`` are imported where an extract is read: their libraries take half a second.
"""

from barrierfree.basemaps.basemap import WORLD, Basemap, BasemapInfo, Bounds
from barrierfree.basemaps.opening import FileKind, file_kind, open_basemap
from barrierfree.basemaps.tile_grid import overlap

__all__ = ["WORLD", "Basemap", "BasemapInfo", "Bounds", "FileKind", "file_kind", "open_basemap", "overlap"]
