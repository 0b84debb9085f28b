"""Converts coordinates from one datum to another and says how exact that is."""

from barrierfree.coordinates.conversion import ACCURACY_M, accuracy_m, convert, convert_many, position, positions
from barrierfree.coordinates.distances import direction, distance_m, moved
from barrierfree.coordinates.names import RefusedDatumError, is_plane, read_datum
from barrierfree.coordinates.typed import Typed, read_coordinates

__all__ = [
    "ACCURACY_M",
    "RefusedDatumError",
    "Typed",
    "accuracy_m",
    "convert",
    "convert_many",
    "direction",
    "distance_m",
    "is_plane",
    "moved",
    "position",
    "positions",
    "read_coordinates",
    "read_datum",
]
