"""Datums against published pairs, round trips, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barrierfree.coordinates import accuracy_m, convert, distance_m, position, read_datum
from barrierfree.errors import CoordinateError

LON = st.floats(74, 134)
LAT = st.floats(18, 53)


def test_published_pairs(shared: Path) -> None:
    with (shared / "coordinates" / "reference_points.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            a = (float(row["source_lon"]), float(row["source_lat"]), read_datum(row["source_system"]))
            b = (float(row["target_lon"]), float(row["target_lat"]), read_datum(row["target_system"]))
            assert distance_m(*convert(*a, b[2]), *b[:2]) < 0.05
            assert distance_m(*convert(*b, a[2]), *a[:2]) < 0.05


def test_cities(shared: Path) -> None:
    for city in json.loads((shared / "coordinates" / "cities.json").read_text(encoding="utf-8")):
        at = city["coords"]
        for source, target in (("GCJ02", "WGS84"), ("BD09", "GCJ02"), ("WGS84", "GCJ02")):
            found = convert(at[source][0], at[source][1], read_datum(source), read_datum(target))
            # seven decimals in the file are about 1 cm, and the file was itself made by an inexact inverse
            assert distance_m(*found, *at[target]) < 1.0, city["attrs"]


@given(LON, LAT)
@settings(max_examples=200, deadline=None)
def test_round_trips(lon: float, lat: float) -> None:
    for datum, limit in (("gcj02", 0.01), ("bd09", 0.05)):
        there = convert(lon, lat, "wgs84", datum)
        assert distance_m(*convert(*there, datum, "wgs84"), lon, lat) <= limit


def test_plane_coordinates_of_beijing() -> None:
    assert convert(116.461, 39.895, "cgcs2000", "EPSG:4548") == pytest.approx((453902.168, 4418009.572), abs=0.001)
    assert convert(39453902.168, 4418009.572, "EPSG:4527", "wgs84") == pytest.approx((116.461, 39.895), abs=1e-7)
    assert accuracy_m("EPSG:4548") == 1.0


def test_spellings() -> None:
    assert [read_datum(t) for t in ("WGS-84", "gcj02", "BD_09", "EPSG:4490", "epsg:4548")] == [
        "wgs84", "gcj02", "bd09", "cgcs2000", "EPSG:4548",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["EPSG:2436", "EPSG:4214", "EPSG:2334", "EPSG:0", "foo", ""])
def test_refused_datums(text: str) -> None:
    with pytest.raises(CoordinateError) as caught:
        read_datum(text)
    assert caught.value.advice


@pytest.mark.parametrize(("x", "y"), [(float("nan"), 1), (39.9, 116.4), (1e9, 1e9)])
def test_refused_positions(x: float, y: float) -> None:
    with pytest.raises(CoordinateError):
        position(x, y, "wgs84")


def test_given_coordinate_is_kept() -> None:
    found = position(116.467, 39.897, "gcj02")
    assert (found.given_x, found.given_y, found.datum) == (116.467, 39.897, "gcj02")
