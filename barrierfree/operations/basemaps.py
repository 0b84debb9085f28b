"""The basemaps of this computer: list them, take one in (an OSM extract becomes tiles), remove one.

They are copied into one folder of the user: a file that stays on a stick is gone with the stick.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from barrierfree.basemaps import BasemapInfo, Bounds, file_kind, open_basemap, overlap
from barrierfree.errors import BasemapError, NotFoundError, StorageError
from barrierfree.i18n import tr
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store

SUFFIXES: Final = (".mbtiles", ".pmtiles", ".osm", ".pbf", ".bz2", ".gz")  # what a file dialog offers
MARGIN_DEGREES: Final = 0.01  # about 1 km around the survey's area, so that its edge does not lie in nothing
_CHUNK: Final = 4 << 20  # bytes copied between two reports
_SPARE: Final = 64 << 20  # bytes that shall stay free on the disk
Cover = Literal["all", "part", "none"]


@dataclass(frozen=True)
class Installed:
    """A basemap in the folder: its file, its size in bytes, and what is known of it or why it cannot be used."""

    file: Path
    size: int
    info: BasemapInfo | None
    fault: BasemapError | None = None

    @property
    def title(self) -> str:
        """What it is called: as its file, which people gave it; its own name is often a version number."""
        return self.file.stem


def survey_area(store: Store) -> Bounds | None:
    """Where the survey lies: the outline of its area, or of its positions; None where neither is known."""
    outline = store.definition().area.outline
    if outline:
        from shapely.geometry import shape  # not for the start of the map

        west, south, east, north = shape(outline).bounds
        return west, south, east, north
    return store.extent()


def cover(info: BasemapInfo, area: Bounds | None) -> Cover:
    """How much of the survey's area the basemap covers; an unknown area is covered."""
    part = 1.0 if area is None else overlap(area, info.bounds)
    return "all" if part > 0.99 else "part" if part > 0 else "none"


def installed(folder: Path) -> list[Installed]:
    """What lies in the folder, by name; files that cannot be used with their fault."""
    if not folder.is_dir():
        return []
    files = [f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in (".mbtiles", ".pmtiles")]
    return [look_at(file) for file in sorted(files, key=lambda f: f.stem.lower())]


def look_at(file: Path) -> Installed:
    """One basemap file as it lies there."""
    size = file.stat().st_size if file.is_file() else 0
    try:
        basemap = open_basemap(file)
    except BasemapError as error:
        return Installed(file, size, None, error)
    basemap.close()
    return Installed(file, size, basemap.info)


def add_basemap(folder: Path, file: Path, area: Bounds | None, progress: Progress = SILENT) -> Installed:
    """Take a file into the folder: tiles are copied, an OSM extract is made into tiles of ``area`` and around.

    Its content says what it is, not its name. Raises ``BasemapError`` or ``StorageError``; cancelled or refused,
    nothing is left in the folder.
    """
    kind = file_kind(file)
    if kind in ("mbtiles", "pmtiles"):
        open_basemap(file).close()
        target = _free_name(folder, file.stem, f".{kind}")
        with _aside(folder, target, file.stat().st_size) as part:
            _copy(file, part, progress)
    else:
        target = _free_name(folder, re.sub(r"(\.osm)?(\.pbf|\.bz2|\.gz)?$", "", file.name), ".mbtiles")
        with _aside(folder, target, file.stat().st_size) as part:
            _convert(file, part, area, progress)
    return look_at(target)


def remove_basemap(folder: Path, name: str) -> None:
    """Delete a basemap from the folder by its file name."""
    found = named(folder, name)
    try:
        found.unlink()
    except OSError as error:
        raise StorageError(
            tr("底图“{name}”删除不了：{why}").format(name=name, why=error.strerror or ""),
            tr("请关闭正在使用它的程序后再试。"),
        ) from error


def named(folder: Path, name: str) -> Path:
    """The file of the basemap called ``name`` (its file name, with or without the ending)."""
    known = [f for f in folder.iterdir() if f.is_file()] if folder.is_dir() else []
    for file in known:
        if name in (file.name, file.stem) and file.suffix.lower() in (".mbtiles", ".pmtiles"):
            return file
    raise NotFoundError(tr("没有名为“{name}”的底图。").format(name=name), tr("请先看一看已添加的底图的名字。"))


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A name that is not taken; letters that other systems refuse are replaced."""
    clean = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", stem).strip(" .")[:80] or "basemap"
    number, name = 1, clean
    while any((folder / f"{name}{ending}").exists() for ending in (".mbtiles", ".pmtiles")):
        number += 1
        name = f"{clean} {number}"
    return folder / f"{name}{suffix}"


@contextmanager
def _aside(folder: Path, target: Path, needed: int) -> Iterator[Path]:
    """A file to write to; it becomes ``target`` when all went well, else nothing stays."""
    part = target.with_name(target.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        free = shutil.disk_usage(folder).free
        if free < needed + _SPARE:
            raise StorageError(
                tr("磁盘空间不够：底图需要 {needed} MB，只剩 {free} MB。").format(
                    needed=f"{(needed + _SPARE) / 1e6:,.0f}", free=f"{free / 1e6:,.0f}"
                ),
                tr("请删除不用的底图或其他文件后再添加。"),
            )
        yield part
        os.replace(part, target)
    except OSError as error:
        raise StorageError(
            tr("底图写不进文件夹“{folder}”：{why}").format(folder=folder, why=error.strerror or ""),
            tr("请检查磁盘空间和写入权限，或存放原文件的盘是否还插着。"),
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(file: Path, part: Path, progress: Progress) -> None:
    size, done = file.stat().st_size, 0
    with file.open("rb") as source, part.open("wb") as target:
        while chunk := source.read(_CHUNK):
            progress.step(done, size, tr("复制底图"))
            target.write(chunk)
            done += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    progress.check()


def _convert(file: Path, part: Path, area: Bounds | None, progress: Progress) -> None:
    from barrierfree.basemaps.osm_extract import read_extract
    from barrierfree.basemaps.osm_tiles import write_tiles

    wider = None
    if area is not None:
        wider = (
            area[0] - MARGIN_DEGREES, area[1] - MARGIN_DEGREES, area[2] + MARGIN_DEGREES, area[3] + MARGIN_DEGREES,
        )  # fmt: skip
    reading, drawing = tr("读取 OSM 摘录"), tr("绘制瓦片")
    extract = read_extract(file, wider, lambda done, total: progress.step(done, total, reading))
    write_tiles(extract, part, file.stem, lambda done, total: progress.step(done, total, drawing))
