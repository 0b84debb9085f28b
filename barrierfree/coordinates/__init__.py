"""Converts coordinates from one datum to another and says how exact that is."""

from barrierfree.coordinates.conversion import ACCURACY_M, accuracy_m, convert, convert_many, position, positions
from barrierfree.coordinates.distances import direction, distance_m
from barrierfree.coordinates.names import RefusedDatumError, is_plane, read_datum

__all__ = [
    "ACCURACY_M",
    "RefusedDatumError",
    "accuracy_m",
    "convert",
    "convert_many",
    "direction",
    "distance_m",
    "is_plane",
    "position",
    "positions",
    "read_datum",
]
