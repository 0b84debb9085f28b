"""Joins PDF files of the web engine into one, copying from disk to disk.

A page tree of its own for each part keeps what its pages inherit; our tree stands above them (ISO 32000-1, 7.7.3).
Only what Chromium's printer (Skia) writes is understood: a plain table of references at the end, no object streams.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from barrierfree.errors import StorageError
from barrierfree.i18n import tr

_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_HEADER: Final = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True)
class _Part:
    """A PDF file's objects: number and bytes between ``obj`` and ``endobj``; the number of its page tree."""

    objects: dict[int, bytes]
    catalog: int
    pages: int

    @property
    def count(self) -> int:
        """How many pages it has."""
        found = re.search(rb"/Count (\d+)", self.objects[self.pages])
        return int(found[1]) if found else 0


def page_count(path: Path) -> int:
    """How many pages a printed PDF has."""
    return _read(path).count


def join_pdfs(parts: Sequence[Path], target: Path) -> int:
    """Write the pages of all ``parts`` to ``target``, in order: all of it or nothing. Returns how many pages it has."""
    aside = target.with_name(target.name + ".part")
    try:
        with aside.open("wb") as file:
            count = _write(parts, file)
        os.replace(aside, target)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    return count


def _write(parts: Sequence[Path], file: BinaryIO) -> int:
    file.write(_HEADER)
    places: dict[int, int] = {}
    kids: list[int] = []
    count, last = 0, 2  # 1 is our catalogue, 2 our page tree

    def put(number: int, content: bytes) -> None:
        places[number] = file.tell()
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    for path in parts:
        part = _read(path)
        numbers = {old: last + at for at, old in enumerate(sorted(part.objects), start=1) if old != part.catalog}
        for old, new in numbers.items():
            content = _renumbered(part.objects[old], numbers)
            if old == part.pages:
                content = content.replace(b"<<", b"<</Parent 2 0 R\n", 1)
            put(new, content)
        kids.append(numbers[part.pages])
        count += part.count
        last += len(part.objects)
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    put(2, b"<</Type /Pages /Count %d /Kids [%s]>>" % (count, listed))
    put(1, b"<</Type /Catalog /Pages 2 0 R>>")
    _write_references(file, places, last)
    return count


def _write_references(file: BinaryIO, places: dict[int, int], last: int) -> None:
    begin = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
    for number in range(1, last + 1):
        if number in places:
            file.write(b"%010d 00000 n \n" % places[number])
        else:
            file.write(b"0000000000 65535 f \n")
    file.write(b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, begin))


def _renumbered(content: bytes, numbers: dict[int, int]) -> bytes:
    """Every reference outside a stream's data leads to the new number; one to something left out leads nowhere."""
    data = _STREAM.search(content)
    head, tail = (content[: data.start()], content[data.start() :]) if data else (content, b"")

    def renumber(match: re.Match[bytes]) -> bytes:
        new = numbers.get(int(match[1]))
        return b"%d 0 R" % new if new else b"null"

    return _REFERENCE.sub(renumber, head) + tail


def _read(path: Path) -> _Part:
    content = path.read_bytes()
    try:
        begin = int(content[content.rindex(b"startxref") + 9 :].split()[0])
        trailer = content[content.rindex(b"trailer") :]
        offsets = dict(_offsets(content[begin : content.rindex(b"trailer")]))
        objects = {number: _object(content, at) for number, at in offsets.items()}
        catalog = _referred(trailer, b"Root")
        pages = _referred(objects[catalog], b"Pages")
        return _Part(objects, catalog, pages)
    except (ValueError, KeyError, IndexError) as error:
        raise StorageError(
            tr("PDF 的一部分读不回来：{path}").format(path=path.name), tr("请重试；如果再次发生，请把日志发给维护者。")
        ) from error


def _offsets(table: bytes) -> Iterator[tuple[int, int]]:
    """Numbers and places in a table of references (ISO 32000-1, 7.5.4)."""
    lines = table.split(b"\n")
    at = 1
    while at < len(lines) and len(lines[at].split()) == 2:
        first, size = map(int, lines[at].split())
        for number, line in enumerate(lines[at + 1 : at + 1 + size], start=first):
            if line[17:18] == b"n":
                yield number, int(line[:10])
        at += 1 + size


def _object(content: bytes, at: int) -> bytes:
    begin = content.index(b"obj", at) + 3
    length = re.compile(rb"/Length (\d+)\b").search
    data = _STREAM.search(content, begin, begin + 4096)
    first_end = content.index(b"endobj", begin)
    if data and data.start() < first_end:
        known = length(content, begin, data.end())
        end = content.index(b"endobj", data.end() + (int(known[1]) if known else 0))
        return content[begin:end].strip(b"\r\n ")
    return content[begin:first_end].strip(b"\r\n ")


def _referred(content: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", content)
    if found is None:
        raise ValueError(name)
    return int(found[1])
