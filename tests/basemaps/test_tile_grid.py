"""The grid of tiles: PMTiles' numbers there and back, positions, what covers what."""

from __future__ import annotations

import random

import pytest

from barrierfree.basemaps.tile_grid import bounds_of_tiles, overlap, tile_at, tile_id, tile_of, tile_range


@pytest.mark.parametrize(
    ("tile", "number"),
    [((0, 0, 0), 0), ((1, 0, 0), 1), ((1, 0, 1), 2), ((1, 1, 1), 3), ((1, 1, 0), 4), ((2, 0, 0), 5)],
)
def test_numbers_of_the_specification(tile: tuple[int, int, int], number: int) -> None:
    assert tile_id(*tile) == number
    assert tile_of(number) == tile


def test_every_number_of_the_first_zooms_is_given_once() -> None:
    found = [tile_id(z, x, y) for z in range(6) for x in range(1 << z) for y in range(1 << z)]
    assert sorted(found) == list(range(len(found)))


def test_neighbours_on_the_curve_are_neighbours_on_the_map() -> None:
    for number in range(tile_id(7, 0, 0), tile_id(8, 0, 0) - 1):
        (_, x, y), (_, x2, y2) = tile_of(number), tile_of(number + 1)
        assert abs(x - x2) + abs(y - y2) == 1


def test_there_and_back_at_all_zooms() -> None:
    chance = random.Random(7)
    for _ in range(5000):
        z = chance.randrange(25)
        tile = (z, chance.randrange(1 << z), chance.randrange(1 << z))
        assert tile_of(tile_id(*tile)) == tile


def test_a_position_lies_in_the_bounds_of_its_tile() -> None:
    chance = random.Random(8)
    for _ in range(500):
        z, lon, lat = chance.randrange(1, 18), chance.uniform(-179, 179), chance.uniform(-84, 84)
        x, y = tile_at(z, lon, lat)
        west, south, east, north = bounds_of_tiles(z, x, x, y, y)
        assert west <= lon <= east
        assert south <= lat <= north
    assert tile_at(14, 116.391, 39.906) == (13489, 6208)  # Tiananmen, as any slippy map numbers it
    assert tile_range(1, (-10, -10, 10, 10)) == (0, 1, 0, 1)


def test_overlap_is_the_part_of_the_first() -> None:
    assert overlap((0, 0, 2, 2), (1, 1, 9, 9)) == pytest.approx(0.25)
    assert overlap((0, 0, 1, 1), (2, 2, 3, 3)) == 0
    assert overlap((1, 1, 1, 1), (0, 0, 2, 2)) == 1
