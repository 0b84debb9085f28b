"""Coordinates as people type them, and where something is, in words."""

from __future__ import annotations

import pytest

from barrierfree.coordinates import distance_m, moved, read_coordinates
from barrierfree.errors import CoordinateError
from barrierfree.operations.whereabouts import told_from, told_move

HERE = (116.461, 39.895)


@pytest.mark.parametrize(
    ("text", "datum", "x", "y", "swapped"),
    [
        ("116.461,39.895", "wgs84", 116.461, 39.895, False),
        ("116.461，39.895", "gcj02", 116.461, 39.895, False),
        ("39.895 116.461", "wgs84", 116.461, 39.895, True),
        ("（39.895, 116.461）", "bd09", 116.461, 39.895, True),
        ("116°27'39.6\"E 39°53'42\"N", "wgs84", 116.461, 39.895, False),
        ("39°53′42″N，116°27′39.6″E", "wgs84", 116.461, 39.895, False),
        ("北纬39度53分42秒 东经116度27分39.6秒", "wgs84", 116.461, 39.895, False),
        ("N39.895 E116.461", "wgs84", 116.461, 39.895, False),
        ("N39.895 W116.461", "wgs84", -116.461, 39.895, False),
        ("纬度：39.895；经度：116.461", "wgs84", 116.461, 39.895, False),
        ("453902.168 4418009.572", "EPSG:4548", 453902.168, 4418009.572, False),
        ("4418009.572, 453902.168", "EPSG:4548", 453902.168, 4418009.572, True),  # north first, as surveyors write
        ("-0.5, 51.4", "wgs84", -0.5, 51.4, False),  # nowhere near: taken as it stands
    ],
)
def test_typed(text: str, datum: str, x: float, y: float, swapped: bool) -> None:
    typed = read_coordinates(text, datum)
    assert (typed.x, typed.y) == pytest.approx((x, y), abs=1e-9)
    assert typed.swapped is swapped


@pytest.mark.parametrize("text", ["116.46 abc", "116.461", "", "1 2 3", "116.4E 39.8E", "116°61'0\"E 39°53'42\"N"])
def test_refused_in_words(text: str) -> None:
    with pytest.raises(CoordinateError) as caught:
        read_coordinates(text, "wgs84")
    assert caught.value.advice


@pytest.mark.parametrize(
    ("east", "north", "word"),
    [
        (0, 40, "北"), (28.3, 28.3, "东北"), (40, 0, "东"), (28.3, -28.3, "东南"), (0, -40, "南"),
        (-28.3, -28.3, "西南"), (-40, 0, "西"), (-28.3, 28.3, "西北"), (7.8, 39.2, "北"), (8.2, 39.2, "北"),
        (16, 36, "东北"), (36, 16, "东北"), (39, 8, "东"), (-8, 39, "北"),
    ],
)  # fmt: skip
def test_bearings_in_words(east: float, north: float, word: str) -> None:
    there = moved(*HERE, east, north)
    assert distance_m(*HERE, *there) == pytest.approx((east**2 + north**2) ** 0.5, abs=1e-6)
    metres = round((east**2 + north**2) ** 0.5)
    assert told_from(HERE, there, "2 号门") == f"2 号门{word} {metres} 米"


def test_distances_in_words() -> None:
    assert told_from(HERE, HERE, "2 号门") == "就在2 号门"
    assert told_from(HERE, moved(*HERE, 0, 999.4), "门") == "门北 999 米"
    assert told_from(HERE, moved(*HERE, 0, 999.6), "门") == "门北 1.0 公里"
    assert told_from(HERE, moved(*HERE, 0, -2349), "门") == "门南 2.3 公里"
    assert told_move(HERE, HERE) == "位置不变"
    assert told_move(HERE, moved(*HERE, 3.4, 0)) == "向东 3.4 米"
    assert told_move(HERE, moved(*HERE, 0, 40)) == "向北 40 米"
