"""Converts coordinates from one datum to another and says how exact that is."""

from barrierfree.coordinates.conversion import ACCURACY_M, accuracy_m, convert, convert_many, position, positions
from barrierfree.coordinates.distances import direction, distance_m
from barrierfree.coordinates.names import read_datum

__all__ = [
    "ACCURACY_M",
    "accuracy_m",
    "convert",
    "convert_many",
    "direction",
    "distance_m",
    "position",
    "positions",
    "read_datum",
]
