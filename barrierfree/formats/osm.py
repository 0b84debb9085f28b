"""GeoJSON with OpenStreetMap tags, for JOSM and a person who knows the place; nothing is ever uploaded."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from barrierfree import paths
from barrierfree.formats.content import About, Tally
from barrierfree.formats.geojson import collection, point
from barrierfree.formats.measures import Measured, measured
from barrierfree.formats.values import is_borrowed, position, text
from barrierfree.model.open_records import SiteRecord
from barrierfree.model.records import Site

MAX_VALUE: Final = 255  # characters of a tag's value that the OpenStreetMap API takes
_WARNING: Final = (
    "只供 JOSM 人工核对，本程序从不上传。位置是点位的位置，不是设施本身的位置；上传的人对来源和许可负责。"
    " For review in JOSM by a person; never uploaded by this program."
)


def write(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """A node per site, or per element that has words in OpenStreetMap (table ``resources/formats/osm_tags.toml``)."""
    make = _site_nodes if about.layer == "sites" else _element_nodes
    features = (f for record in records for f in make(record, about, tally))
    return collection(features, about, {"layer": about.layer, "warning": _WARNING})


@cache
def tag_table() -> dict[str, Any]:
    """The table of tags."""
    return tomllib.loads((paths.resources() / "formats" / "osm_tags.toml").read_text(encoding="utf-8"))


def _site_nodes(record: SiteRecord, about: About, tally: Tally) -> Iterator[dict[str, Any]]:
    site = record.site
    if about.statuses and site.status not in about.statuses:
        return
    elements = measured(record.checkpoints, about.definition)
    tags = dict(tag_table()["classes"].get(site.site_class, {}))
    for line in tag_table()["site"]:
        for element in elements:
            if element.element == line["element"]:
                tags |= _tag(line, element)
    grade = wheelchair(elements)
    if grade:
        tags["wheelchair"] = grade
    days = [e.inspected_on for e in elements]
    if site.name and days:
        tags["name"] = text(site.name)
    if about.notes and site.note and days:
        tags["note"] = text(site.note)
    yield from _node(site, site.id, tags if days else {}, max(days, default=""), tally)


def _element_nodes(record: SiteRecord, about: About, tally: Tally) -> Iterator[dict[str, Any]]:
    elements = measured(record.checkpoints, about.definition)
    grades = entrance_grades(elements)
    known = {e.checkpoint: e for e in elements}
    for one in record.checkpoints:
        checkpoint = one.checkpoint
        if about.statuses and checkpoint.status not in about.statuses:
            continue
        element = known.get(checkpoint.id)
        tags = element_tags(element) if element else {}
        if element and element.element == "accessible_entrance" and grades[element.number] and tags:
            tags["wheelchair"] = grades[element.number]
        yield from _node(record.site, checkpoint.id, tags, element.inspected_on if element else "", tally)


def _node(site: Site, ident: str, tags: Mapping[str, str], day: str, tally: Tally) -> Iterator[dict[str, Any]]:
    place = position(site)
    if place is None:
        tally.bare += 1
    elif not tags:
        tally.untold += 1
    else:
        tally.written += 1
        tally.borrowed += is_borrowed(site)
        properties = {**tags, "source": "survey", "check_date": day}
        yield {
            "type": "Feature", "id": ident, "geometry": point(place),
            "properties": {key: value[:MAX_VALUE] for key, value in properties.items()},
        }  # fmt: skip


def element_tags(element: Measured) -> dict[str, str]:
    """The tags of one element; empty where OpenStreetMap has no words for it or nothing is known."""
    table = tag_table()["elements"].get(element.element)
    if table is None or element.there is None:
        return {}
    if not element.there:
        return dict(table.get("absent", {}))
    tags = dict(table.get("object", {}))
    for line in table.get("tags", ()):
        tags |= _tag(line, element)
    return tags


def _tag(line: Mapping[str, Any], element: Measured) -> dict[str, str]:
    """The tag a line of the table gives, or none."""
    key, question, kind = line["key"], line["question"], line.get("as", "choice")
    if kind == "choice":
        value = line["values"].get(element.choice(question))
        return {key: value} if value else {}
    if kind == "percent":
        ratio = element.ratio(question)
        return {} if ratio is None else {key: f"{_short(ratio * 100, 1)}%"}
    if kind == "count":
        count = element.count(question)
        return {} if count is None else {key: str(count)}
    length = element.metres(question)
    if length is None:
        return {}
    return {key: _step(length, line["steps"]) if "steps" in line else _short(length, 3)}


def _step(length: float, steps: Sequence[Sequence[Any]]) -> str:
    return next(str(step[-1]) for step in steps if len(step) == 1 or length <= step[0])


def _short(value: float, decimals: int) -> str:
    """A number with a point and without zeros at its end, as the wiki asks for."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def wheelchair(elements: Sequence[Measured]) -> str:
    """``yes``, ``limited`` or ``no`` for a site, '' unless everything that it needs was measured.

    The best entrance counts; one of which nothing is known may be better than a ``no``. The wiki asks of ``yes`` and
    ``limited`` that one also gets about inside without steps: they need an inspected route that says so.
    """
    grades = set(entrance_grades(elements).values())
    if not grades or ("" in grades and "yes" not in grades):
        return ""
    best = next(grade for grade in ("yes", "limited", "no") if grade in grades)
    inside = [e.yes("step_free") for e in elements if e.element == "accessible_route"]
    return best if best == "no" or (inside and all(inside)) else ""


def entrance_grades(elements: Sequence[Measured]) -> dict[int, str]:
    """Per entrance, by its number, what its ``wheelchair`` tag says; '' unless everything it needs was measured.

    ``yes`` on the level or over a ramp that misses no rule, through a door wide enough and without a threshold;
    ``limited`` over one step of at most 7 cm; ``no`` over a higher one without a ramp.
    """
    by = {kind: {e.number: e for e in elements if e.element == kind}
          for kind in ("accessible_entrance", "wheelchair_ramp", "door")}  # fmt: skip
    return {
        n: _entrance(entrance, by["wheelchair_ramp"].get(n), by["door"].get(n))
        for n, entrance in by["accessible_entrance"].items()
    }


def _entrance(entrance: Measured, ramp: Measured | None, door: Measured | None) -> str:
    limits = tag_table()["wheelchair"]
    step = entrance.metres("step_height")
    level = entrance.choice("form") == "level" or step == 0
    ramped = ramp is not None and ramp.there is True and ramp.ratio("slope") is not None and not ramp.missed
    if level or ramped:
        width, threshold = (door.metres("clear_width"), door.metres("threshold")) if door else (None, None)
        if width is None or threshold is None or width < limits["door_width_m"]:
            return ""
        if threshold <= limits["threshold_m"]:
            return "yes"
        return "limited" if threshold <= limits["limited_step_m"] else ""
    if step is None or ramp is None or ramp.there is not False or entrance.choice("form") == "steps_lift":
        return ""
    return "limited" if step <= limits["limited_step_m"] else "no"
