"""What an OSM object is on our basemap, by its tags: layer and kind in the names of the Protomaps schema (version 4).

Tags as the OSM wiki describes them (Map features); only what helps to find one's way on foot is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Tags = Mapping[str, str]
Shape = Literal["point", "line", "area"]

# highway: kind, detail, first zoom
_ROADS: Final[dict[str, tuple[str, int]]] = {
    "motorway": ("highway", 10), "motorway_link": ("highway", 12), "trunk": ("highway", 10),
    "trunk_link": ("highway", 12), "primary": ("major_road", 10), "primary_link": ("major_road", 12),
    "secondary": ("major_road", 11), "secondary_link": ("major_road", 13), "tertiary": ("major_road", 12),
    "tertiary_link": ("major_road", 13), "residential": ("minor_road", 13), "unclassified": ("minor_road", 13),
    "living_street": ("minor_road", 13), "road": ("minor_road", 13), "service": ("minor_road", 14),
    "pedestrian": ("path", 13), "footway": ("path", 14), "path": ("path", 14), "cycleway": ("path", 14),
    "steps": ("path", 14), "track": ("path", 14), "corridor": ("path", 15),
}  # fmt: skip
_RAILS: Final = frozenset({"rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail"})
_GREEN: Final[dict[tuple[str, str], str]] = {
    ("leisure", "park"): "park", ("leisure", "garden"): "garden", ("leisure", "pitch"): "pitch",
    ("leisure", "playground"): "playground", ("leisure", "golf_course"): "golf_course",
    ("leisure", "nature_reserve"): "nature_reserve", ("leisure", "track"): "pitch", ("leisure", "stadium"): "pitch",
    ("landuse", "grass"): "grass", ("landuse", "forest"): "forest", ("landuse", "meadow"): "grass",
    ("landuse", "recreation_ground"): "park", ("landuse", "village_green"): "park", ("landuse", "orchard"): "wood",
    ("landuse", "farmland"): "farmland", ("landuse", "allotments"): "allotments", ("landuse", "cemetery"): "cemetery",
    ("landuse", "flowerbed"): "grass", ("natural", "wood"): "wood", ("natural", "scrub"): "scrub",
    ("natural", "grassland"): "grassland", ("natural", "beach"): "beach", ("natural", "sand"): "sand",
}  # fmt: skip
_GROUNDS: Final[dict[tuple[str, str], str]] = {
    ("amenity", "school"): "school", ("amenity", "kindergarten"): "school", ("amenity", "college"): "college",
    ("amenity", "university"): "university", ("amenity", "hospital"): "hospital", ("amenity", "clinic"): "hospital",
    ("landuse", "industrial"): "industrial", ("landuse", "railway"): "railway",
    ("landuse", "residential"): "residential", ("landuse", "commercial"): "commercial",
    ("landuse", "retail"): "commercial", ("place", "square"): "pedestrian", ("amenity", "parking"): "parking",
}  # fmt: skip
_WATER: Final = {"river": 11, "canal": 12, "stream": 14, "ditch": 15, "drain": 15}
_PLACES: Final = {
    "city": 10, "town": 10, "borough": 10, "suburb": 11, "quarter": 12, "village": 12, "neighbourhood": 13,
    "hamlet": 13, "square": 14, "locality": 14,
}  # fmt: skip
# What has a name and is looked for: key, or key and value, with the first zoom of the name.
_EARLY: Final[dict[tuple[str, str], int]] = {
    ("railway", "station"): 12, ("railway", "subway_entrance"): 15, ("station", "subway"): 12,
    ("amenity", "hospital"): 13, ("amenity", "university"): 13, ("leisure", "park"): 13, ("amenity", "school"): 14,
    ("amenity", "college"): 14, ("amenity", "townhall"): 14, ("tourism", "museum"): 14, ("amenity", "library"): 14,
    ("shop", "mall"): 14, ("shop", "supermarket"): 15, ("leisure", "stadium"): 14, ("tourism", "attraction"): 14,
    ("amenity", "bus_station"): 14, ("leisure", "garden"): 15, ("landuse", "residential"): 14,
}  # fmt: skip
_NAMED: Final = ("amenity", "shop", "tourism", "leisure", "railway", "public_transport", "office", "historic",
                 "healthcare", "building", "landuse", "natural", "highway")  # fmt: skip
_UNWANTED: Final = frozenset(
    {"no", "yes", "stop_position", "platform", "stop", "stop_area"}
)  # the bus stop has the name
NAMES: Final = ("name", "name:zh", "name:zh-Hans", "name:en")
MAX_NAME: Final = 80


@dataclass(frozen=True)
class Drawn:
    """How an object is drawn: its layer, what is said of it, and the first zoom of its tiles at which it is there."""

    layer: Literal["landuse", "water", "buildings", "roads", "places", "pois"]
    kind: str
    first_zoom: int
    detail: str = ""


def classify(tags: Tags, shape: Shape) -> list[Drawn]:
    """How an object with ``tags`` is drawn: not at all, once, or as itself and as a name."""
    found = {"point": _point, "line": _line, "area": _area}[shape](tags)
    return [found] if found is not None else []


def label_of(tags: Tags) -> Drawn | None:
    """The name of what is looked for, as a point; None for what has none or is no destination."""
    if not any(key in tags for key in NAMES):
        return None
    for key in _NAMED:
        value = tags.get(key, "no")
        if value in _UNWANTED and (key, value) != ("building", "yes"):
            continue
        if (key, value) in _EARLY:
            return Drawn("pois", value, _EARLY[key, value])
        if key != "highway" or value == "bus_stop":
            return Drawn("pois", "building" if key == "building" else value, 15)
    return None


def names_of(tags: Tags) -> dict[str, str]:
    """The names that are kept for labels."""
    return {key: tags[key][:MAX_NAME] for key in NAMES if tags.get(key)}


def is_area(tags: Tags) -> bool:
    """Whether a closed line with these tags means its area (the wiki's Key:area in the cases we draw)."""
    if tags.get("area") == "yes":
        return True
    if tags.get("area") == "no" or "highway" in tags or "railway" in tags or "barrier" in tags:
        return False
    return _area(tags) is not None


def _point(tags: Tags) -> Drawn | None:
    place = tags.get("place", "")
    if place in _PLACES and any(key in tags for key in NAMES):
        return Drawn("places", "locality" if place in ("city", "town", "village") else "neighbourhood",
                     _PLACES[place], place)  # fmt: skip
    return label_of(tags)


def _line(tags: Tags) -> Drawn | None:
    road = tags.get("highway", "")
    if road in _ROADS and tags.get("area") != "yes":
        kind, zoom = _ROADS[road]
        if kind == "path" and tags.get("footway") == "sidewalk":
            zoom = 15
        return Drawn("roads", kind, zoom, road)
    rail = tags.get("railway", "")
    if rail in _RAILS and not (rail == "subway" and tags.get("tunnel") == "yes"):
        return Drawn("roads", "rail", 15 if tags.get("service") else 12, rail)
    water = tags.get("waterway", "")
    if water in _WATER and tags.get("tunnel") not in ("yes", "culvert"):
        return Drawn("water", "stream" if water in ("stream", "ditch", "drain") else "river", _WATER[water], water)
    return None


def _area(tags: Tags) -> Drawn | None:
    if tags.get("building", "no") != "no":
        return Drawn("buildings", "building", 13)
    if tags.get("building:part", "no") != "no":
        return None  # the building itself is there
    if tags.get("natural") == "water" or tags.get("waterway") == "riverbank" or tags.get("landuse") == "reservoir":
        return Drawn("water", "water", 10)
    if tags.get("leisure") == "swimming_pool":
        return Drawn("water", "swimming_pool", 15)
    for pairs, zoom in ((_GREEN, 11), (_GROUNDS, 12)):
        for (key, value), kind in pairs.items():
            if tags.get(key) == value:
                return Drawn("landuse", kind, zoom)
    if tags.get("highway") in ("pedestrian", "footway", "platform") or tags.get("public_transport") == "platform":
        return Drawn("landuse", "pedestrian", 14)
    return None
