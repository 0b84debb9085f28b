"""Unpacks what a file holds packed, up to a limit: a few bytes can say that they are gigabytes."""

from __future__ import annotations

import zlib
from typing import Final

import brotli

MAX_TILE: Final = 16 << 20  # bytes of an unpacked tile; whole cities at zoom 14 take about 1 MB
_GZIP, _ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class Unpackable(ValueError):  # noqa: N818 - it is said of the content
    """The content is damaged, or larger than its limit."""


def unpack_deflate(content: bytes, limit: int = MAX_TILE) -> bytes:
    """Unpack gzip or zlib."""
    machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        found = machine.decompress(content, limit)
    except zlib.error as error:
        raise Unpackable(str(error)) from error
    if not machine.eof:
        raise Unpackable("too large" if machine.unconsumed_tail else "cut off")
    return found


def unpack_brotli(content: bytes, limit: int = MAX_TILE) -> bytes:
    """Unpack brotli."""
    machine = brotli.Decompressor()
    found: list[bytes] = []
    size, given = 0, content
    try:
        while not machine.is_finished():
            part = machine.process(given, output_buffer_limit=1 << 16)
            given = b""
            size += len(part)
            if size > limit:
                raise Unpackable("too large")
            if not part and not machine.is_finished() and machine.can_accept_more_data():
                raise Unpackable("cut off")
            found.append(part)
    except brotli.error as error:
        raise Unpackable(str(error)) from error
    return b"".join(found)


def unpack_seen(content: bytes, limit: int = MAX_TILE) -> bytes:
    """Unpack what begins like gzip or zlib; anything else is given back as it is."""
    if content[:2] == _GZIP or content[:2] in _ZLIB:
        return unpack_deflate(content, limit)
    return content
