"""Takes out of a JPEG what tells of camera, time and place, without touching the picture."""

from __future__ import annotations

from typing import Final

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM and RST0–7: markers without a length (ITU-T T.81 B.1.1.3)
_COMMENT: Final = 0xFE
# What the picture looks like needs: JFIF (APP0), colour profile (APP2 ICC_PROFILE), Adobe's transform (APP14).
_APPS: Final = range(0xE0, 0xF0)
_KEPT: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def stripped(content: bytes) -> bytes | None:
    """The same picture, byte for byte, without EXIF, XMP, IPTC, comments and what hangs behind its end.

    None if it is not a JPEG, or damaged, so that nothing can be promised.
    """
    if content[:2] != bytes((0xFF, _START)):
        return None
    kept, at = [content[:2]], 2
    while at + 1 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _END:
            return b"".join([*kept, content[at : at + 2]])
        if marker in _BARE:
            kept.append(content[at : at + 2])
            at += 2
            continue
        until = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if until > len(content) or until < at + 4:
            return None
        if marker == _SCAN:
            until = _scan_end(content, until)
        segment = content[at:until]
        if not (marker == _COMMENT or (marker in _APPS and not _is_picture(marker, segment))):
            kept.append(segment)
        at = until
    return None


def _is_picture(marker: int, segment: bytes) -> bool:
    wanted = _KEPT.get(marker)
    return wanted is not None and segment[4:].startswith(wanted)


def _scan_end(content: bytes, at: int) -> int:
    """Where the coded data of a scan end: at the next marker that is neither a stuffed byte nor a restart."""
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        if content[at + 1] != 0x00 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)
