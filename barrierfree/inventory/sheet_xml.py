"""The XML of a sheet of an xlsx, looked through in pieces: how far its cells reach, where its errors are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from barrierfree.inventory.texts import Report, column_index

_CHUNK: Final = 1024**2
_KEPT: Final = 1000  # error cells named one by one


@dataclass(slots=True)
class SheetLook:
    """What was seen of a sheet: the extent of cells that hold something, errors, formulas without a result."""

    rows: int = 0
    columns: int = 0
    errors: dict[str, int] = field(default_factory=dict)  # cell: row
    error_count: int = 0
    unworked: list[str] = field(default_factory=list)
    unworked_count: int = 0
    unnamed: bool = False  # some cells do not say where they stand

    def extend(self, row: int, column: int) -> None:
        """Take a cell (1-based) into the extent."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)

    def add_error(self, cell: str, row: int) -> None:
        """Note a cell that holds an error."""
        self.error_count += 1
        if len(self.errors) < _KEPT:
            self.errors[cell] = row


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked content of a part, piece by piece; a wrong checksum or size raises at the end."""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


_CELL: Final = re.compile(rb"<c\s[^>]*?\br=[\"']([A-Za-z]{1,3})(\d{1,9})[\"'][^>]*?(/?)>(</c>)?")
_ROW: Final = re.compile(rb"<row\s[^>]*?\br=[\"'](\d{1,9})")
_ERROR: Final = re.compile(rb"<c\s(?=[^>]*?\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Za-z]+)(\d+)[\"']")
_UNWORKED: Final = re.compile(
    rb"<c\s[^>]*?\br=[\"']([A-Za-z]+\d+)[\"'][^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)


def walk_xlsx(archive: zipfile.ZipFile, part: zipfile.ZipInfo, look: SheetLook, most: int, report: Report) -> None:
    """Takes extent, errors and formulas without result of a sheet into ``look``.

    The extent counts blank cells too (that is cheap to see) unless it is above ``most``: then only filled ones.
    """
    rest, done, prefix = b"", 0, None
    rough = SheetLook()
    for chunk in chunks(archive, part):
        done += len(chunk)
        report(done, part.file_size)
        if prefix is None:
            if chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise ValueError("UTF-16")
            found = re.search(rb"<(\w+:)?worksheet", chunk)
            prefix = found[1] or b"" if found else b""
        text = rest + chunk
        piece, rest = _parted(text, prefix)
        _walk_piece(piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else piece, look, rough)
    _walk_piece(rest.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else rest, look, rough)
    look.rows, look.columns = rough.rows, rough.columns
    if rough.rows * rough.columns > most and not rough.unnamed:  # many may be blank, only formatted: those cost nothing
        look.rows = look.columns = 0
        _walk_filled(archive, part, look, prefix or b"", report)


def _parted(text: bytes, prefix: bytes) -> tuple[bytes, bytes]:
    """``text`` cut before its last cell (or tag), which may not be whole yet."""
    at = text.rfind(b"<" + prefix + b"c ")
    if at <= 0 or len(text) - at > _CHUNK:  # no cells here any more: links, merged ranges
        at = max(text.rfind(b"<"), 0)
    if len(text) - at > 8 * _CHUNK:
        raise ValueError("cell without end")
    return text[:at], text[at:]


def _plain_extent(piece: bytes, rough: SheetLook) -> bool:
    """Takes the extent of cells written ``<c r="AB12"`` into ``rough``; false if any is written otherwise.

    By arrays of bytes: a million cells are looked at in a tenth of a second.
    """
    text = np.frombuffer(piece + b"\0" * 32, dtype=np.uint8)
    at = np.flatnonzero((text[:-1] == 60) & (text[1:] == 99)) + 2  # behind "<c"
    at = at[(text[at] == 32) | (text[at] == 62) | (text[at] == 47)]  # " ", ">", "/": no <col>
    if not at.size:
        return True
    if not (np.all(text[at] == 32) and np.all(text[at + 1] == 114) and np.all(text[at + 2] == 61)  # r=
            and np.all(text[at + 3] == 34)):  # fmt: skip
        return False
    at += 4
    column = np.zeros(at.size, dtype=np.int64)
    row = np.zeros(at.size, dtype=np.int64)
    for _ in range(3):
        sign = text[at]
        letter = (sign >= 65) & (sign <= 90)
        column = np.where(letter, column * 26 + sign - 64, column)
        at = at + letter
    for _ in range(8):
        sign = text[at]
        digit = (sign >= 48) & (sign <= 57)
        row = np.where(digit, row * 10 + sign - 48, row)
        at = at + digit
    if not np.all(text[at] == 34):
        return False
    rough.extend(int(row.max()), int(column.max()))
    return True


def _walk_piece(piece: bytes, look: SheetLook, rough: SheetLook) -> None:
    """Whole cells: their rough extent (with blank ones), errors, formulas without result."""
    plain = _plain_extent(piece, rough)
    if not plain:
        known = _CELL.findall(piece)
        for letters, row, _, _ in known:
            rough.extend(int(row), column_index(letters.decode()) + 1)
        if len(known) < piece.count(b"<c ") + piece.count(b"<c>"):  # cells without a name follow one another
            for line in piece.split(b"<row"):
                rough.columns = max(rough.columns, line.count(b"<c ") + line.count(b"<c>"))
            tagged = [int(n) for n in _ROW.findall(piece)]
            rough.rows = max([rough.rows, *tagged]) + piece.count(b"<row") - len(tagged)
            rough.unnamed = True
    if b't="e"' in piece or (not plain and b"t='e'" in piece):
        for letters, row in _ERROR.findall(piece):
            look.add_error((letters + row).decode(), int(row))
    if b"<f" in piece:
        for cell in _UNWORKED.findall(piece):
            look.unworked_count += 1
            if len(look.unworked) < _KEPT:
                look.unworked.append(cell.decode())


def _walk_filled(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, look: SheetLook, prefix: bytes, report: Report
) -> None:
    """The extent of the cells that hold something."""
    rest = b""
    for chunk in chunks(archive, part):
        report(0, 0)
        text = rest + chunk
        piece, rest = _parted(text, prefix)
        if prefix:
            piece = piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
        for letters, row, closed, empty in _CELL.findall(piece):
            if not closed and not empty:
                look.extend(int(row), column_index(letters.decode()) + 1)
    for letters, row, closed, empty in _CELL.findall(rest.replace(b"<" + prefix, b"<") if prefix else rest):
        if not closed and not empty:
            look.extend(int(row), column_index(letters.decode()) + 1)
