"""Coordinates as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barrierfree.errors import InventoryError
from barrierfree.inventory.values import angle, number, pair, place

LON, LAT = 116 + 27 / 60 + 42 / 3600, 39 + 53 / 60 + 24 / 3600


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("116.46", 116.46), ("１１６．４６", 116.46), ("1.1646e2", 116.46), ("116.46°", 116.46), ("116.46E", 116.46),
        ("东经116.46", 116.46), ("116°27'42\"E", LON), ("东经116°27′42″", LON), ("116度27分42秒", LON),
        ("116º27’42”", LON),
        ("E116°27'42\"", LON), ("116° 27' 42\" E", LON), ("116°27.7'", LON), ("116:27:42", LON), ("116 27 42", LON),
        ("116-27-42", LON), ("西经116°27'42\"", -LON), ("33.5S", -33.5), ("-116.46", -116.46),
        ("505,123.45", 505123.45),
        ("4,416,123", 4416123.0), ("+39.89", 39.89), ("116°27'42''", LON), ("经度：116.46", 116.46),
        ("经度116.46", 116.46),
    ],
)  # fmt: skip
def test_one_coordinate(text: str, value: float) -> None:
    found = angle(text)
    assert found is not None
    assert abs(found - value) < 1e-9


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1_000", "abc", "", "116°61'0\"", "116°27'61\"", "116.5°27'", "116,46",
             "12-34-56-78", "1e999", "0x10", "Infinity", "116.46.1", "°"],
)  # fmt: skip
def test_no_coordinate(text: str) -> None:
    assert number(text) is None
    assert angle(text) is None


@pytest.mark.parametrize(
    ("text", "x", "y", "turned"),
    [
        ("116.46,39.89", 116.46, 39.89, False), ("116.46， 39.89", 116.46, 39.89, False),
        ("(116.46;39.89)", 116.46, 39.89, False), ("[116.46, 39.89]", 116.46, 39.89, False),
        ("116.46 39.89", 116.46, 39.89, False), ("116.46、39.89", 116.46, 39.89, False),
        ("POINT(116.46 39.89)", 116.46, 39.89, False), ("SRID=4326;Point Z (116.46 39.89 41)", 116.46, 39.89, False),
        ("116.46,39.89,41.2", 116.46, 39.89, False), ("39.89 116.46 0 0", 116.46, 39.89, True),
        ("116°27'42\"E 39°53'24\"N", LON, LAT, False), ("39°53'24\"N, 116°27'42\"E", LON, LAT, True),
        ("N39°53′24″E116°27′42″", LON, LAT, True), ("东经116°27′42″，北纬39°53′24″", LON, LAT, False),
        ("东经116°27′42″北纬39°53′24″", LON, LAT, False), ("北纬39.89 东经116.46", 116.46, 39.89, True),
        ("lng:116.46,lat:39.89", 116.46, 39.89, False), ("纬度:39.89 经度:116.46", 116.46, 39.89, True),
        ('{"lon": 116.46, "lat": 39.89}', 116.46, 39.89, False), ("505123.4,4416123.4", 505123.4, 4416123.4, False),
    ],
)  # fmt: skip
def test_two_in_one_cell(text: str, x: float, y: float, turned: bool) -> None:
    found = pair(text)
    assert found is not None, text
    assert abs(found.x - x) < 1e-9
    assert abs(found.y - y) < 1e-9
    assert found.turned is turned


@pytest.mark.parametrize("text", ["116.46", "广渠路1号", "116.46,", "116.46E,39.89E", "a,b", "1,2,3,4,5", "2024-03-01"])
def test_no_pair(text: str) -> None:
    assert pair(text) is None


def test_place_of_a_row() -> None:
    assert place("116.46", "39.89", "", degrees=True) == (116.46, 39.89, False)
    assert place("39.89", "116.46", "", degrees=True) == (116.46, 39.89, True)
    assert place("4416123", "505123", "", degrees=False) == (4416123, 505123, False)
    assert place("39.89N", "116.46E", "", degrees=True) == (116.46, 39.89, True)
    assert place("116.46,39.89", "", "", degrees=True) == (116.46, 39.89, False)
    assert place("116.46,39.89", "39.89", "", degrees=True) == (116.46, 39.89, False)
    assert place("", "", "39.89,116.46", degrees=True) == (116.46, 39.89, True)
    assert place("", "", "", degrees=True) is None
    assert place("505,123.4", "4,416,123.4", "", degrees=False) == (505123.4, 4416123.4, False)
    for lon, lat, word in (("116.46", "", "只有经度"), ("", "39.89", "只有纬度"), ("x", "39.89", "不是数字")):
        with pytest.raises(InventoryError, match=word):
            place(lon, lat, "", degrees=True)


degrees = st.floats(min_value=-179.99, max_value=179.99, allow_nan=False)


def _written(value: float, letters: str, style: int) -> str:
    """``value`` as people write it; the letter of the axis says the sign."""
    letter, size = letters[value < 0], abs(value)
    whole = int(size)
    minutes = (size - whole) * 60
    seconds = round((minutes - int(minutes)) * 60, 7)
    if style == 0:
        return f"{value:.9f}"
    if style == 1:
        return f"{size:.9f}{letter}"
    if style == 2:
        return f"{whole}°{minutes:.9f}'{letter}" if round(minutes, 9) < 60 else f"{whole + 1}°0'{letter}"
    text = f"{whole}°{int(minutes)}′{seconds:.7f}″" if seconds < 60 else f"{size:.9f}°"
    return f"{letter}{text}" if style == 3 else f"{text}{letter}"


@given(degrees, st.integers(0, 4))
def test_written_and_read_again(value: float, style: int) -> None:
    found = angle(_written(value, "EW", style))
    assert found is not None
    assert abs(found - value) < 1e-6


@given(degrees, st.floats(-89.99, 89.99), st.integers(0, 4), st.sampled_from([",", "，", ";", " "]), st.booleans())
def test_pairs_written_and_read_again(lon: float, lat: float, style: int, between: str, turned: bool) -> None:
    first, second = _written(lon, "EW", style), _written(lat, "NS", style)
    if style == 0:
        turned = False  # without letters nothing tells the order
    text = between.join((second, first) if turned else (first, second))
    found = pair(text)
    assert found is not None, text
    assert abs(found.x - lon) < 1e-6
    assert abs(found.y - lat) < 1e-6
    assert found.turned is turned
