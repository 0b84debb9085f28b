"""GeoJSON (RFC 7946): points in WGS-84, longitude first, flat properties; written feature after feature."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from barrierfree.formats.content import About, Tally
from barrierfree.formats.values import Flat, flat, text
from barrierfree.model.open_records import SiteRecord


def write(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """The records of a layer as a FeatureCollection; answers stand beside the columns as ``q_…`` with their unit."""
    return collection(map(_feature, flat(records, about, tally, places=True)), about, {"layer": about.layer})


def collection(features: Iterable[Mapping[str, Any]], about: About, members: Mapping[str, Any]) -> Iterator[str]:
    """A FeatureCollection part by part; ``members`` are foreign members (RFC 7946 6.1) beside name and date."""
    head = {
        "type": "FeatureCollection", "name": text(about.title), "generator": about.generator,
        "generated_on": about.made_on, **members,
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ',\n"features": ['
    between = "\n"
    for feature in features:
        yield between + json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        between = ",\n"
    yield "\n]}\n"


def point(position: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": list(position)}


def _feature(one: Flat) -> dict[str, Any]:
    assert one.position is not None
    properties = {name: value for name, value in one.values.items() if value is not None}
    return {"type": "Feature", "id": one.id, "geometry": point(one.position), "properties": properties | one.answers}
