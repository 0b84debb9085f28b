"""Reads PMTiles 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): one file, directories of tiles.

Directories are kept once read: reading them again for every tile costs a hundred times the tile.
"""

from __future__ import annotations

import json
import struct
import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final

from barrierfree.basemaps import refusals
from barrierfree.basemaps.basemap import MAX_ZOOM, BasemapInfo, Bounds, plain
from barrierfree.basemaps.described import described
from barrierfree.basemaps.tile_grid import tile_id, tile_of
from barrierfree.basemaps.unpacking import MAX_TILE, Unpackable, unpack_brotli, unpack_deflate
from barrierfree.errors import BasemapError
from barrierfree.i18n import tr

_HEAD: Final = struct.Struct("<7sB11Q6B4i")  # §3.1; the 9 bytes after it are the proposed centre
_HEAD_SIZE: Final = 127
_NONE, _GZIP, _BROTLI = 1, 2, 3
_DEPTH: Final = 4  # root and leaves below it; the specification's own reader goes as far
_MAX_DIRECTORY: Final = 8 << 20  # bytes unpacked; the planet's leaves have some 100 KB
_MAX_METADATA: Final = 4 << 20
_KEPT_LEAVES: Final = 32


@dataclass(frozen=True)
class Directory:
    """Entries in the order of their first tile; a run of 0 points to a further directory."""

    ids: array[int]
    runs: array[int]
    lengths: array[int]
    offsets: array[int]


class PmTiles:
    """An open PMTiles file; locked, so that any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._leaves: OrderedDict[int, Directory] = OrderedDict()
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as error:
            raise refusals.damaged(path, tr("文件打不开。")) from error
        try:
            self.info = self._describe()
        except BaseException:
            self._file.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """One tile, unpacked; None where there is none. Raises ``BasemapError``."""
        if not self.info.min_zoom <= z <= self.info.max_zoom or not 0 <= x < 1 << z or not 0 <= y < 1 << z:
            return None
        with self._lock:
            packed = self._packed(tile_id(z, x, y))
        return None if packed is None else self._unpacked(packed)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def _describe(self) -> BasemapInfo:
        head = self._file.read(_HEAD_SIZE)
        if head[:8] != b"PMTiles\x03":
            raise self._wrong_version(head)
        if len(head) < _HEAD_SIZE:
            raise refusals.cut_off(self._path)
        (
            _, _, root, root_size, metadata, metadata_size, leaves, leaves_size, data, data_size, _, _, _,
            _, self._inner, self._tiles, _kind, low, high, *edges,
        ) = _HEAD.unpack_from(head)  # fmt: skip
        size = self._path.stat().st_size
        if max(root + root_size, metadata + metadata_size, leaves + leaves_size, data + data_size) > size:
            raise refusals.cut_off(self._path)
        self._leaves_at, self._leaves_size, self._data, self._data_size = leaves, leaves_size, data, data_size
        for packed in (self._inner, self._tiles):
            if packed not in (_NONE, _GZIP, _BROTLI):
                raise refusals.packed_unknown(self._path, {0: tr("未说明"), 4: "Zstandard"}.get(packed, str(packed)))
        if not low <= high <= MAX_ZOOM:
            raise refusals.damaged(self._path, tr("缩放级别写错了。"))
        self._root = self._directory(root, root_size)
        west, south, east, north = (value / 1e7 for value in edges)
        bounds: Bounds | None = (west, south, east, north)
        said = self._metadata(metadata, metadata_size)
        return described(
            self._path, self._example(high), name=plain(said.get("name")), zooms=(low, high), bounds=bounds,
            attribution=plain(said.get("attribution")),
        )  # fmt: skip

    def _wrong_version(self, head: bytes) -> BasemapError:
        if head[:2] == b"PM" and len(head) > 7:
            version = head[7] if head[:7] == b"PMTiles" else int.from_bytes(head[2:4], "little")
            return BasemapError(
                tr("底图“{name}”是 PMTiles 第 {version} 版，只能用第 3 版。").format(
                    name=self._path.name, version=version
                ),
                tr("请用 pmtiles convert 转换成第 3 版，或下载新的文件。"),
            )
        return refusals.damaged(self._path, tr("它不是 PMTiles 文件。"))

    def _metadata(self, at: int, size: int) -> dict[str, Any]:
        if size == 0 or size > _MAX_METADATA:
            return {}
        try:
            found = json.loads(self._opened(self._read(at, size), _MAX_METADATA))
        except (ValueError, RecursionError):
            return {}  # the tiles can be shown without
        return found if isinstance(found, dict) else {}

    def _example(self, high: int) -> bytes:
        """A tile of the file, of its nearest zoom if that is found at once."""
        directory = self._root
        for _ in range(_DEPTH):
            if not directory.ids:
                raise refusals.without_tiles(self._path)
            entry = len(directory.ids) - 1
            if directory.runs[entry]:
                if tile_of(directory.ids[entry])[0] > high:
                    raise refusals.damaged(self._path, tr("缩放级别写错了。"))
                return self._unpacked(self._content(directory, entry))
            directory = self._leaf(directory, entry)
        raise self._faulty()

    def _packed(self, wanted: int) -> bytes | None:
        directory = self._root
        for _ in range(_DEPTH):
            entry = bisect_right(directory.ids, wanted) - 1
            if entry < 0:
                return None
            run = directory.runs[entry]
            if run:
                return self._content(directory, entry) if wanted - directory.ids[entry] < run else None
            directory = self._leaf(directory, entry)
        raise self._faulty()  # leaves that point to leaves, without end

    def _content(self, directory: Directory, entry: int) -> bytes:
        at, size = directory.offsets[entry], directory.lengths[entry]
        if size > MAX_TILE or at + size > self._data_size:
            raise self._faulty()
        return self._read(self._data + at, size)

    def _leaf(self, directory: Directory, entry: int) -> Directory:
        at, size = directory.offsets[entry], directory.lengths[entry]
        found = self._leaves.get(at)
        if found is None:
            if at + size > self._leaves_size:
                raise self._faulty()
            found = self._leaves[at] = self._directory(self._leaves_at + at, size)
            if len(self._leaves) > _KEPT_LEAVES:
                self._leaves.popitem(last=False)
        else:
            self._leaves.move_to_end(at)
        return found

    def _directory(self, at: int, size: int) -> Directory:
        if size > _MAX_DIRECTORY:
            raise self._faulty()
        try:
            return parse_directory(self._opened(self._read(at, size), _MAX_DIRECTORY))
        except (ValueError, OverflowError) as error:
            raise self._faulty() from error

    def _read(self, at: int, size: int) -> bytes:
        try:
            self._file.seek(at)
            found = self._file.read(size)
        except OSError as error:
            raise refusals.damaged(self._path, tr("读不到，存放它的盘可能已拔出。")) from error
        if len(found) < size:
            raise refusals.cut_off(self._path)
        return found

    def _opened(self, content: bytes, limit: int) -> bytes:
        if self._inner == _GZIP:
            return unpack_deflate(content, limit)
        return unpack_brotli(content, limit) if self._inner == _BROTLI else content

    def _unpacked(self, content: bytes) -> bytes:
        if self._tiles == _NONE:
            return content
        try:
            return unpack_deflate(content) if self._tiles == _GZIP else unpack_brotli(content)
        except Unpackable as error:
            raise refusals.damaged(self._path, tr("有瓦片损坏，解不开。")) from error

    def _faulty(self) -> BasemapError:
        return refusals.damaged(self._path, tr("瓦片目录损坏。"))


def parse_directory(content: bytes) -> Directory:
    """The entries of an unpacked directory (§4.2). Raises ValueError or OverflowError for what is none."""
    numbers = _varints(content)
    if not numbers or len(numbers) != 1 + 4 * numbers[0]:
        raise ValueError("not a directory")
    count = numbers[0]
    ids = array("Q", accumulate(numbers[1 : 1 + count]))
    runs = array("Q", numbers[1 + count : 1 + 2 * count])
    lengths = array("Q", numbers[1 + 2 * count : 1 + 3 * count])
    offsets = array("Q", bytes(8 * count))
    follows = 0
    for entry, value in enumerate(numbers[1 + 3 * count :]):
        if value == 0 and entry == 0:
            raise ValueError("nothing to follow")
        offsets[entry] = follows if value == 0 else value - 1  # 0: right after the one before
        follows = offsets[entry] + lengths[entry]
    return Directory(ids, runs, lengths, offsets)


def _varints(content: bytes) -> list[int]:
    found: list[int] = []
    value = shift = 0
    for byte in content:
        if byte < 0x80:
            found.append(value | byte << shift)
            value = shift = 0
        else:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("not a number")
    if shift:
        raise ValueError("cut off")
    return found
