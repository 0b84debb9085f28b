"""Looks into a tile: which picture it is and how large, or which layers a vector tile holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from barrierfree.basemaps.basemap import Schema

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_LAYERS: Final = 200


@dataclass(frozen=True)
class Layer:
    """A layer of a vector tile: its name, and the names of what its features say of themselves."""

    name: str
    keys: frozenset[str]


def picture_format(content: bytes) -> str:
    """``png``, ``jpg``, ``webp``, ``avif``, or '' for what is none of these."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "avif"
    return ""


def picture_width(content: bytes) -> int:
    """The width of a picture in px by its head; 0 where that is not told."""
    kind = picture_format(content)
    if kind == "png":
        return int.from_bytes(content[16:20], "big")
    if kind == "webp":
        return _webp_width(content)
    if kind == "jpg":
        return _jpeg_width(content)
    return 0


def _webp_width(content: bytes) -> int:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little")
    if form == b"VP8L":
        return 1 + (int.from_bytes(content[21:23], "little") & 0x3FFF)
    return int.from_bytes(content[26:28], "little") & 0x3FFF


def _jpeg_width(content: bytes) -> int:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):  # a start of frame: length, bits, height, width
            return int.from_bytes(content[at + 7 : at + 9], "big")
        at += 2 + length
    return 0


def layers(content: bytes) -> list[Layer]:
    """The layers of a vector tile (Mapbox Vector Tile 2.1, §4.1). Raises ValueError for what is none."""
    found = []
    for number, value in _fields(memoryview(content)):
        if number != 3 or isinstance(value, int):
            raise ValueError("not a vector tile")
        name, keys = "", set()
        for inner, part in _fields(value):
            if inner == 1 and not isinstance(part, int):
                name = bytes(part).decode("utf-8", "replace")
            elif inner == 3 and not isinstance(part, int):
                keys.add(bytes(part).decode("utf-8", "replace"))
        if not name:
            raise ValueError("not a vector tile")
        found.append(Layer(name, frozenset(keys)))
        if len(found) > _MAX_LAYERS:
            raise ValueError("not a vector tile")
    return found


def schema_of(known: list[Layer]) -> Schema:
    """How the layers are named: protomaps (basemaps 3 and later, or before: ``pmap:kind``), OpenMapTiles."""
    names = {layer.name for layer in known}
    keys = {key for layer in known for key in layer.keys}
    if "pmap:kind" in keys:
        return "protomaps-old"
    if names & {"transportation", "landcover", "waterway", "transportation_name", "water_name"} and "kind" not in keys:
        return "openmaptiles"
    if names & {"earth", "roads", "buildings", "landuse", "water", "places", "pois"}:
        return "protomaps"
    return "unknown"


def _fields(content: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """The fields of a protocol buffer message: number and bytes, or number and 0 for what is a number."""
    at, end = 0, len(content)
    while at < end:
        tag, at = _varint(content, at)
        number, wire = tag >> 3, tag & 7
        if wire == _BYTES:
            length, at = _varint(content, at)
            if at + length > end:
                raise ValueError("cut off")
            yield number, content[at : at + length]
            at += length
        elif wire == _VARINT:
            _, at = _varint(content, at)
            yield number, 0
        elif wire in (_FIXED64, _FIXED32):
            at += 8 if wire == _FIXED64 else 4
            yield number, 0
        else:
            raise ValueError("not a protocol buffer")


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        if at >= len(content):
            raise ValueError("cut off")
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("not a number")
