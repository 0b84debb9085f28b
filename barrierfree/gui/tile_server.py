"""Reads the tiles of the chosen basemap in a thread of its own, so that neither sites nor typing wait for them."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from barrierfree.basemaps import Basemap, BasemapInfo, open_basemap
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.map_scheme import Request
from barrierfree.gui.workers import Task, Worker

_log = logging.getLogger(__name__)
MIME: Final = {
    "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif",
    "mvt": "application/x-protobuf",
}  # fmt: skip
# What is shown where a picture is missing: one transparent pixel, so that nothing is blamed and nothing asked again.
CLEAR_PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364600000000600023081d02f"
    "0000000049454e44ae426082"
)


class _Shelf:
    """The basemap in use; lives in the worker's thread. A file at rest is opened again for the next tile."""

    def __init__(self) -> None:
        self.number = 0
        self._file: Path | None = None
        self._basemap: Basemap | None = None

    def use(self, number: int, file: Path) -> BasemapInfo:
        """Open ``file`` in place of the one before."""
        self.close()
        self.number, self._file = number, None
        self._basemap = open_basemap(file)
        self._file = file
        return self._basemap.info

    def tile(self, number: int, z: int, x: int, y: int) -> bytes | None:
        """A tile of the basemap with this number; None of any other."""
        if number != self.number or self._file is None:
            return None
        if self._basemap is None:
            self._basemap = open_basemap(self._file)
        return self._basemap.tile(z, x, y)

    def close(self) -> None:
        """Let go of the file."""
        if self._basemap is not None:
            self._basemap.close()
            self._basemap = None


class TileServer(QObject):
    """Answers ``tiles/{number}/{z}/{x}/{y}``; every basemap that is opened has a new number.

    Signals:
        opened(number, info): the basemap can be drawn.
        failed(error): it could not be opened, or a tile not be read; once for each basemap.
    """

    opened = Signal(int, object)
    failed = Signal(object)
    _reported = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._number = 0
        self._info: BasemapInfo | None = None
        self._said = False
        self._waiting: dict[Task, Request | None] = {}  # None: a basemap is being opened
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    def use(self, file: Path | None) -> None:
        """Show the tiles of ``file`` from now on; None for no basemap."""
        self._number += 1
        self._info, self._said = None, False
        if file is None:
            self.rest()
            return
        self._put(partial(_use, self._number, file), None)

    def rest(self) -> None:
        """Close the file until a tile is asked for: it may then be removed, or the stick it lies on."""
        if self._worker is not None:
            self._put(_close, None)

    def answer(self, request: Request) -> None:
        """Answer a request by its parts: number, zoom, column, row."""
        numbers = [int(part) if part.isascii() and part.isdigit() else -1 for part in request.parts]
        number, z, x, y = numbers if len(numbers) == 4 else (-1, -1, -1, -1)
        if self._info is None or number != self._number or min(z, x, y) < 0:
            self._give(request, None)
            return
        self._put(partial(_tile, request, number, z, x, y), request)

    def _put(self, job: Any, request: Request | None) -> None:
        if self._worker is None:
            worker = self._worker = Worker("tiles", self._report, _Shelf)
            self.destroyed.connect(lambda: worker.close(drain=False))
        task = Task(job)
        self._waiting[task] = request
        self._worker.put(task)

    def _report(self, task: Task, result: Any, error: Exception | None) -> None:
        if isValid(self):
            self._reported.emit(task, result, error)

    @Slot(object, object, object)
    def _on_reported(self, task: Task, result: Any, error: Exception | None) -> None:
        request = self._waiting.pop(task, None)
        if request is not None:
            self._give(request, result)
        if error is not None:
            self._tell(error)
        elif isinstance(result, tuple) and result[0] == self._number:
            self._info = result[1]
            self.opened.emit(*result)

    def _tell(self, error: Exception) -> None:
        if not isinstance(error, BarrierFreeError):
            _log.error("A tile could not be read: %s", error)
        elif not self._said:
            self._said = True
            self.failed.emit(error)

    def _give(self, request: Request, content: bytes | None) -> None:
        if self._info is not None and self._info.kind == "vector":
            request.reply(content or b"", MIME["mvt"])
        elif content:
            request.reply(content, MIME[self._info.format if self._info is not None else "png"])
        else:
            request.reply(CLEAR_PIXEL, MIME["png"])


def _use(number: int, file: Path, shelf: _Shelf) -> tuple[int, BasemapInfo]:
    return number, shelf.use(number, file)


def _close(shelf: _Shelf) -> None:
    shelf.close()


def _tile(request: Request, number: int, z: int, x: int, y: int, shelf: _Shelf) -> bytes | None:
    return None if request.given_up else shelf.tile(number, z, x, y)
