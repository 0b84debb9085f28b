"""Writes a map on paper: as a picture, as a PDF, or on a printer; whole or not at all, in a thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from barrierfree.errors import StorageError
from barrierfree.gui.map_picture import Extras, MapPicture
from barrierfree.i18n import tr
from barrierfree.operations.map_paper import MapWanted, Projection, paper_map
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

_STEPS: Final = 3  # read, draw, write


@dataclass(frozen=True)
class Made:
    """What came of it: the files (none for a printer) and how many sites are on the map."""

    files: tuple[Path, ...]
    sites: int


def write_map(
    store: Store, progress: Progress, wanted: MapWanted, projection: Projection, extras: Extras, target: Path
) -> Made:
    """A ``.pdf``, else a PNG; the list of names is a page more, or a picture of its own beside it."""
    picture = _picture(store, progress, wanted, projection, extras)
    part = target.with_name(target.name + ".part")
    files = [target]
    try:
        if target.suffix.lower() == ".pdf":
            writer = QPdfWriter(str(part))
            writer.setResolution(1200)
            writer.setTitle(wanted.title)
            _lay_out(writer, wanted)
            _paint_pages(writer, 1200, picture, progress)
        else:
            _write_png(picture.paint, wanted, part)
            progress.check()
            if picture.has_list:
                files.append(target.with_name(f"{target.stem}-{tr('名单')}{target.suffix}"))
                _write_png(picture.paint_list, wanted, files[1].with_name(files[1].name + ".part"))
        progress.check()
        for file in files:
            os.replace(file.with_name(file.name + ".part"), file)
    except OSError as error:
        raise _unwritten(target) from error
    finally:
        for file in files:
            with suppress(OSError):
                file.with_name(file.name + ".part").unlink(missing_ok=True)
    progress.step(_STEPS, _STEPS)
    return Made(tuple(files), picture.count)


def print_map(
    store: Store, progress: Progress, wanted: MapWanted, projection: Projection, extras: Extras,
    printer: QPagedPaintDevice, dpi: int,
) -> Made:  # fmt: skip
    """On a printer that was chosen and set up before."""
    picture = _picture(store, progress, wanted, projection, extras)
    _lay_out(printer, wanted)
    _paint_pages(printer, dpi, picture, progress)
    return Made((), picture.count)


def _picture(store: Store, progress: Progress, wanted: MapWanted, projection: Projection, extras: Extras) -> MapPicture:
    progress.step(0, _STEPS, tr("正在读取点位"))
    paper = paper_map(store, wanted, projection)
    progress.step(1, _STEPS, tr("正在画图"))
    return MapPicture(paper, extras, progress.check)


def _lay_out(device: QPagedPaintDevice, wanted: MapWanted) -> None:
    short, long = sorted(wanted.size)
    side = QPageLayout.Orientation.Landscape if wanted.landscape else QPageLayout.Orientation.Portrait
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, wanted.paper)
    layout = QPageLayout(size, side, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    device.setPageLayout(layout)


def _paint_pages(device: QPagedPaintDevice, dpi: int, picture: MapPicture, progress: Progress) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise OSError("the device takes nothing")
    try:
        painter.save()
        picture.paint(painter, dpi)
        painter.restore()
        progress.check()
        if picture.has_list:
            device.newPage()
            picture.paint_list(painter, dpi)
    finally:
        painter.end()


def _write_png(paint: Callable[[QPainter, float], None], wanted: MapWanted, part: Path) -> None:
    width, height = wanted.size
    image = QImage(round(width / 25.4 * wanted.dpi), round(height / 25.4 * wanted.dpi), QImage.Format.Format_RGB32)
    if image.isNull():
        raise StorageError(tr("内存不够画这么大的图。"), tr("请选小一些的纸，或 150 dpi。"))
    image.setDotsPerMeterX(round(wanted.dpi / 0.0254))
    image.setDotsPerMeterY(round(wanted.dpi / 0.0254))
    image.fill("#FFFFFF")
    painter = QPainter(image)
    try:
        paint(painter, wanted.dpi)
    finally:
        painter.end()
    writer = QImageWriter(str(part), QByteArray(b"png"))
    if not writer.write(image):
        raise OSError(writer.errorString())


def _unwritten(target: Path) -> StorageError:
    return StorageError(tr("没有写成：{path}").format(path=target), tr("请检查文件夹是否可以写入、文件是否正被打开。"))
