"""A11yJSON (Sozialhelden, schema 31.1.0): a PlaceInfo per site; what is unknown stays out, it is never ``false``.

Lengths go in the unit they were measured in, slopes in degrees. No grade is given: the schema calls it human-rated,
and its maintainers ask for measurements instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from barrierfree.formats.content import About, Tally
from barrierfree.formats.geojson import collection, point
from barrierfree.formats.measures import Measured, measured
from barrierfree.formats.values import is_borrowed, position, text
from barrierfree.model.open_records import SiteRecord

VERSION: Final = "31.1.0"
# Classes of sites as categories of accessibility.cloud.
_CATEGORIES: Final = {
    "storefront": "shop", "office_building": "office", "bus_stop": "bus_stop", "public_toilet": "toilets",
    "residents_committee": "government_office", "service_centre": "government_office", "crossing": "crossing",
}  # fmt: skip
_OTHER: Final = "other"
Json = dict[str, Any]


def write(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """The sites as a FeatureCollection of PlaceInfos."""
    return collection(_places(records, about, tally), about, {"a11yjson": VERSION})


def _places(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[Json]:
    for record in records:
        site = record.site
        if about.statuses and site.status not in about.statuses:
            continue
        place = position(site)
        if place is None:
            tally.bare += 1
            continue
        tally.written += 1
        tally.borrowed += is_borrowed(site)
        yield {"type": "Feature", "formatVersion": VERSION, "geometry": point(place),
               "properties": _properties(record, about)}  # fmt: skip


def _properties(record: SiteRecord, about: About) -> Json:
    site, area = record.site, about.definition.area
    area_name = _chinese(site.community)
    elements = measured(record.checkpoints, about.definition)
    return _known({
        "originalId": site.id, "ids": {"pointCode": text(site.code)} if site.code else None,
        "category": _CATEGORIES.get(site.site_class, _OTHER), "name": _chinese(site.name),
        "address": _known({
            "text": _chinese(site.address), "areas": [area_name] if area_name else None,
            "district": _chinese(site.district or area.district), "city": _chinese(area.city),
        }) or None,
        "description": _chinese(site.note) if about.notes else None,
        "accessibility": accessibility(elements) or None,
    })  # fmt: skip


def _chinese(words: str) -> Json | None:
    told = text(words)
    return {"zh": told} if told.strip() else None


class _None:
    """Stands for the schema's ``null``: known not to be there."""


def _known(values: Mapping[str, Any]) -> Json:
    """The values without those that are unknown."""
    return {name: None if value is _None else value for name, value in values.items() if value not in (None, {}, [])}


def _length(element: Measured | None, question: str) -> Json | None:
    metres = element.metres(question) if element else None
    return None if metres is None else {"value": metres, "unit": "m"}


def _slope(element: Measured | None, question: str) -> Json | None:
    """A slope in degrees, with what was entered."""
    ratio = element.ratio(question) if element else None
    if element is None or ratio is None:
        return None
    return {
        "value": round(math.degrees(math.atan(ratio)), 2),
        "unit": "deg",
        "rawValue": text(element.entered(question)),
    }


def accessibility(elements: Sequence[Measured]) -> Json:
    """What was found at a site, as ``Accessibility``."""
    by: dict[str, list[Measured]] = {}
    for element in elements:
        by.setdefault(element.element, []).append(element)
    found: Json = {}
    for kind, (name, make) in _LISTS.items():
        found[name] = [*found.get(name, []), *filter(None, map(make, by.get(kind, [])))]
    found["entrances"] = _entrances(by)
    found["parking"] = next(filter(None, map(_parking, by.get("parking", []))), None)
    found["wheelchairPlaces"] = next(filter(None, map(_seats, by.get("wheelchair_seating", []))), None)
    found["pathways"] = next(filter(None, map(_pathways, by.get("accessible_route", []))), None)
    return _known(found)


def _entrances(by: Mapping[str, list[Measured]]) -> list[Json]:
    """Entrance, ramp, door and steps of one number belong together; none of them need be there."""
    parts = {kind: {e.number: e for e in by.get(kind, ())}
             for kind in ("accessible_entrance", "wheelchair_ramp", "door", "steps")}  # fmt: skip
    numbers = sorted({n for kind in ("accessible_entrance", "wheelchair_ramp", "door") for n in parts[kind]})
    made = []
    for n in numbers:
        entrance, ramp, door, steps = (parts[kind].get(n) for kind in parts)
        form = entrance.choice("form") if entrance else ""
        level = {"level": True, "steps_ramp": False, "steps_lift": False}.get(form)
        ramped = ramp.there if ramp else None
        outside = steps if steps and steps.choice("kind") == "steps" and steps.there else None
        properties = _known({
            "isLevel": False if ramped else level, "hasFixedRamp": ramped,
            "hasHoist": True if form == "steps_lift" else None,
            "slopeAngle": _slope(ramp, "slope") if ramped else _slope(entrance, "slope") if level else None,
            "stairs": _stairs(outside) if level is not True else None, "door": _door(door),
        })  # fmt: skip
        if properties:
            made.append({"properties": properties})
    return made


def _stairs(steps: Measured | None) -> Json | None:
    if steps is None:
        return None
    return _known({
        "count": steps.count("risers"), "stepHeight": _length(steps, "riser"),
        "hasHandRail": {"both": True, "one": True, "none": False}.get(steps.choice("handrails")),
        "hasHighContrastNosing": steps.yes("contrast"),
    })  # fmt: skip


def _door(door: Measured | None) -> Json | type[_None] | None:
    if door is None or door.there is None:
        return None
    if not door.there:
        return _None
    kind, glass = door.choice("kind"), door.yes("glass")
    # an automatic door may slide or swing; of other kinds nothing is said but what they are not
    return _known({
        "width": _length(door, "clear_width"), "thresholdHeight": _length(door, "threshold"),
        "turningSpaceInFront": _length(door, "turning_outside"),
        "isAutomatic": {"automatic": True, "hinged": False, "revolving": None}.get(kind),
        "isSliding": {"sliding": True, "hinged": False, "revolving": False}.get(kind),
        "isRevolving": {"revolving": True, "hinged": False, "sliding": False, "automatic": False}.get(kind),
        "isGlassDoor": glass, "hasClearMarkingOnGlassDoor": door.yes("glass_band") if glass else None,
        "hasErgonomicDoorHandle": door.yes("handle_fist"),
    })  # fmt: skip


def _desk(desk: Measured) -> Json | None:
    if not desk.there:
        return None
    return _known({
        "fixedHeight": _length(desk, "height"), "widthBelow": _length(desk, "knee_width"),
        "fixedHeightBelow": _length(desk, "knee_height"), "depthBelow": _length(desk, "knee_depth"),
        "turningSpaceInFront": _length(desk, "turning_space"),
    })  # fmt: skip


def _restroom(toilet: Measured) -> Json | None:
    """An accessible toilet that is there; that there is none says nothing of other toilets."""
    if not toilet.there:
        return None
    opens = toilet.choice("door_opens")
    door = _known({"isSliding": {"sliding": True, "out": False, "in": False}.get(opens),
                   "doorOpensToOutside": {"out": True, "in": False}.get(opens)})  # fmt: skip
    basin = _known({"height": _length(toilet, "basin_height"), "spaceBelowHeight": _length(toilet, "basin_knee_height"),
                    "spaceBelowDepth": _length(toilet, "basin_knee_depth")})  # fmt: skip
    return _known({
        "turningSpaceInside": _length(toilet, "turning_circle"), "hasSupportRails": toilet.yes("grab_bars"),
        "washBasin": basin if toilet.yes("basin") is not False else None,
        "entrance": {"door": door} if door else None,
    })  # fmt: skip


def _lift(lift: Measured) -> Json | None:
    if not lift.there:
        return None
    door = _known({"width": _length(lift, "door_width"), "isSliding": lift.yes("sliding")})
    return _known({
        "category": {"lift": "elevator", "platform": "wheelchairLift"}.get(lift.choice("form"), "elevator"),
        "isWorking": lift.yes("working"), "cabinWidth": _length(lift, "car_width"),
        "cabinLength": _length(lift, "car_depth"), "heightOfControls": _length(lift, "car_button_height"),
        "door": door,
    })  # fmt: skip


def _parking(parking: Measured) -> Json | None:
    if parking.there is None:
        return None
    marks = parking.chosen("markings")
    bays = _known({
        "count": parking.count("accessible_bays"),
        "hasDedicatedSignage": None if marks is None else "guide_sign" in marks,
    })  # fmt: skip
    return _known({"count": parking.count("total_bays"), "forWheelchairUsers": bays if parking.there else _None})


def _seats(seats: Measured) -> Json | type[_None] | None:
    if seats.there is None:
        return None
    return _known({"count": seats.count("spaces")}) if seats.there else _None


def _pathways(route: Measured) -> Json | None:
    if not route.there:
        return None
    return _known({
        "width": _length(route, "clear_width"), "widthAtObstacles": _length(route, "opening_width"),
        "surface": _known({"turningSpace": _length(route, "turning_space")}),
    })  # fmt: skip


def _tactile(paving: Measured) -> Json | None:
    return _known(
        {"hasTactilePaving": paving.there, "isHighContrast": paving.yes("contrast") if paving.there else None}
    )


def _audible(signal: Measured) -> Json | None:
    return _known({"hasAudio": signal.there})


def _signs(signs: Measured) -> Json | None:
    return _known({"hasPictograms": signs.yes("symbol_standard") or None}) if signs.there else None


_LISTS: Final[dict[str, tuple[str, Callable[[Measured], Json | None]]]] = {
    "low_counter": ("desks", _desk), "toilet": ("restrooms", _restroom), "lift": ("availableEquipment", _lift),
    "signage": ("signageSystems", _signs), "tactile_paving": ("signageSystems", _tactile),
    "audible_signal": ("signageSystems", _audible),
}  # fmt: skip
