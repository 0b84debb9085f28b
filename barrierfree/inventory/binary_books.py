"""The records of binary workbooks (xls, xlsb), walked without laying out their cells."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from barrierfree.inventory.texts import Report, column_letter

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE: Final = 0xFFFFFFFA  # sector numbers from here on are marks, no sectors (MS-CFB 2.1)
# Records of BIFF8 (MS-XLS 2.3) and of xlsb (MS-XLSB 2.3)
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_FILLED: Final = frozenset({_FORMULA, _BOOLERR, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6})
_B_ROW, _B_FIRST, _B_LAST, _B_ERRORS, _B_SHEET = 0, 2, 11, (3, 11), 156


class Extent(Protocol):
    """Takes what is found: ``limits.SheetLook``."""

    def extend(self, row: int, column: int) -> None:
        """Take a cell (1-based) into the extent."""

    def add_error(self, cell: str, row: int) -> None:
        """Note a cell that holds an error."""


@dataclass(frozen=True, slots=True)
class Ole:
    """The stream of an xls with its sheets (name, position); ``encrypted``: nothing can be read without password."""

    encrypted: bool
    stream: bytes = b""
    sheets: tuple[tuple[str, int], ...] = ()


def open_ole(path: Path) -> Ole:
    """The workbook stream of an OLE container; ``ValueError`` or ``IndexError`` for a damaged one."""
    data = path.read_bytes()
    streams = _streams(data)
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        return Ole(True)
    stream = streams.get("workbook") or streams.get("book")
    if stream is None:
        raise ValueError("no workbook in it")
    sheets = []
    for kind, at, _ in _records(stream, 0):
        if kind == _FILEPASS:
            return Ole(True)
        if kind == _BOUNDSHEET:
            position, _, length, wide = struct.unpack_from("<IHBB", stream, at)
            raw = stream[at + 8 : at + 8 + length * (1 + (wide & 1))]
            sheets.append((raw.decode("utf-16-le" if wide & 1 else "latin-1"), position))
        if kind == _EOF:
            break
    return Ole(False, stream, tuple(sheets))


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of a compound file by lower-case name (MS-CFB)."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("sector size")
    size = 1 << shift
    (directory,) = struct.unpack_from("<I", data, 48)
    (mini_start,) = struct.unpack_from("<I", data, 60)
    difat_next, difat_count = struct.unpack_from("<II", data, 68)

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    tables = [n for n in struct.unpack_from("<109I", data, 76) if n < _FREE]
    for _ in range(min(difat_count, len(data) >> shift)):
        numbers = struct.unpack(f"<{size // 4}I", sector(difat_next))
        tables += [n for n in numbers[:-1] if n < _FREE]
        difat_next = numbers[-1]
    fat: list[int] = []
    for table in tables:
        fat += struct.unpack(f"<{size // 4}I", sector(table))

    def chain(start: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table)):
            if start >= _FREE:
                return
            yield start
            start = table[start]

    def whole(start: int) -> bytes:
        return b"".join(map(sector, chain(start, fat)))

    entries = whole(directory)
    mini_fat: list[int] = list(struct.unpack(f"<{len(b := whole(mini_start)) // 4}I", b)) if mini_start < _FREE else []
    found: dict[str, bytes] = {}
    mini = b""
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace").lower()
        start, wanted = struct.unpack_from("<IQ", entries, at + 116)
        wanted &= 0xFFFFFFFF
        if kind == 5:
            mini = whole(start)
        elif kind == 2 and name in ("workbook", "book", "encryptedpackage", "encryptioninfo"):
            if name.startswith("enc"):
                found[name] = b""
            elif wanted < 4096:
                found[name] = b"".join(mini[n << 6 : (n + 1) << 6] for n in chain(start, mini_fat))[:wanted]
            else:
                found[name] = whole(start)[:wanted]
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, position of the content, its length) of each BIFF record from ``at`` on."""
    head = struct.Struct("<HH").unpack_from
    end = len(stream) - 4
    while at <= end:
        kind, size = head(stream, at)
        yield kind, at + 4, size
        at += 4 + size


def walk_xls(stream: bytes, position: int, look: Extent, report: Report) -> None:
    """Takes the filled cells of the sheet at ``position`` into ``look``."""
    depth = 0
    cell = struct.Struct("<HH").unpack_from
    for count, (kind, at, size) in enumerate(_records(stream, position)):
        if count % 50_000 == 0:
            report(at, len(stream))
        if kind in _FILLED:
            row, column = cell(stream, at)
            look.extend(row + 1, column + 1)
            error = (kind == _BOOLERR and stream[at + 7]) or (
                kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2
            )
            if error:
                look.add_error(f"{column_letter(column)}{row + 1}", row + 1)
        elif kind == _MULRK:
            row, _ = cell(stream, at)
            look.extend(row + 1, cell(stream, at + size - 2)[0] + 1 if size >= 4 else 1)
        elif kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return


def _binary_records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, position, length) of each record of an xlsb part; numbers in groups of seven bits (MS-XLSB 2.1.4)."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, at, size
        at += size


def walk_xlsb(data: bytes, look: Extent, report: Report) -> None:
    """Takes the filled cells of a sheet part into ``look``."""
    row = 0
    number = struct.Struct("<I").unpack_from
    for count, (kind, at, _) in enumerate(_binary_records(data)):
        if count % 50_000 == 0:
            report(at, len(data))
        if kind == _B_ROW:
            row = number(data, at)[0] + 1
        elif _B_FIRST <= kind <= _B_LAST:
            column = number(data, at)[0]
            look.extend(row, column + 1)
            if kind in _B_ERRORS:
                look.add_error(f"{column_letter(column)}{row}", row)


def xlsb_sheets(data: bytes) -> list[tuple[str, str]]:
    """The sheets of a ``workbook.bin`` with the ids of their relationships."""
    found = []
    for kind, at, _ in _binary_records(data):
        if kind == _B_SHEET:
            (length,) = struct.unpack_from("<I", data, at + 8)
            relation = data[at + 12 : at + 12 + 2 * length].decode("utf-16-le")
            at += 12 + 2 * length
            (length,) = struct.unpack_from("<I", data, at)
            found.append((data[at + 4 : at + 4 + 2 * length].decode("utf-16-le"), relation))
    return found
