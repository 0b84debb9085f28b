"""Recognises a file by its content, whatever it is called, and opens it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from barrierfree.basemaps import refusals
from barrierfree.basemaps.basemap import Basemap
from barrierfree.basemaps.mbtiles import MbTiles
from barrierfree.basemaps.pmtiles import PmTiles
from barrierfree.errors import BasemapError
from barrierfree.i18n import tr

FileKind = Literal["mbtiles", "pmtiles", "osm", "osm.bz2", "osm.gz", "pbf"]


def file_kind(path: Path) -> FileKind:
    """What a file is by its first bytes. Raises ``BasemapError`` with a cure for what is no basemap."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise BasemapError(
            tr("找不到或读不了文件“{name}”。").format(name=path.name), tr("请检查文件是否还在、盘是否插好。")
        ) from error
    if not head:
        raise BasemapError(tr("文件“{name}”是空的。").format(name=path.name), tr("请重新下载或重新复制这个文件。"))
    if head.startswith(b"SQLite format 3\0"):
        return "mbtiles"
    if head.startswith(b"PM") and (head.startswith(b"PMTiles") or head[2:4] in (b"\x01\0", b"\x02\0")):
        return "pmtiles"
    if b"OSMHeader" in head[:32]:
        return "pbf"
    if head.startswith(b"BZh"):
        return "osm.bz2"
    if head.startswith(b"\x1f\x8b"):
        return "osm.gz"
    if re.search(rb"<osm[\s>]", head):
        return "osm"
    raise _unknown(path, head)


def _unknown(path: Path, head: bytes) -> BasemapError:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return BasemapError(
            tr("“{name}”是一个网页，不是底图。").format(name=path.name),
            tr("下载时可能存成了说明页或登录页。请重新下载底图文件本身。"),
        )
    if path.suffix.lower() in (".mbtiles", ".pmtiles", ".pbf", ".osm", ".bz2"):
        return refusals.damaged(path, tr("内容与文件名不符，可能已损坏。"))
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() not in (".xlsx", ".docx", ".pptx", ".kmz"):
        return BasemapError(tr("“{name}”是压缩包。").format(name=path.name), tr("请先解压，再添加里面的底图文件。"))
    return BasemapError(
        tr("“{name}”不是底图文件。").format(name=path.name),
        tr("请选择底图文件：MBTiles、PMTiles，或 OSM 摘录（.osm、.osm.pbf）。"),
    )


def open_basemap(path: Path) -> Basemap:
    """Open an MBTiles or PMTiles file. Raises ``BasemapError``; an OSM extract has to be made into tiles first."""
    kind = file_kind(path)
    if kind == "mbtiles":
        return MbTiles(path)
    if kind == "pmtiles":
        return PmTiles(path)
    raise BasemapError(
        tr("“{name}”是 OSM 摘录，要先转换成底图。").format(name=path.name),
        tr("请在“设置”页的“底图”里添加它，会自动转换。"),
    )
