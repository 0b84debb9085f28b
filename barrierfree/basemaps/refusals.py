"""Why a basemap file is refused, in words, with what to do."""

from __future__ import annotations

from pathlib import Path

from barrierfree.errors import BasemapError
from barrierfree.i18n import tr


def damaged(path: Path, why: str) -> BasemapError:
    """The file is damaged; ``why`` in a sentence."""
    return BasemapError(
        tr("底图“{name}”用不了：{why}").format(name=path.name, why=why),
        tr("请重新下载或重新复制这个文件，核对它的大小后再添加。"),
    )


def cut_off(path: Path) -> BasemapError:
    """The file ends too early."""
    return damaged(path, tr("文件不完整，可能没有下载完。"))


def without_tiles(path: Path) -> BasemapError:
    """The file holds no tiles."""
    return BasemapError(
        tr("底图“{name}”里没有瓦片。").format(name=path.name),
        tr("请用制作底图的工具重新导出，导出时选上范围和缩放级别。"),
    )


def packed_unknown(path: Path, how: str) -> BasemapError:
    """The tiles are packed in a way this program does not know."""
    return BasemapError(
        tr("底图“{name}”的压缩方式（{how}）不支持。").format(name=path.name, how=how),
        tr("请用 gzip、brotli 或不压缩的方式重新导出。"),
    )


def tiles_unknown(path: Path) -> BasemapError:
    """The tiles are neither pictures nor vector tiles that can be shown."""
    return BasemapError(
        tr("底图“{name}”的瓦片不是能显示的格式。").format(name=path.name),
        tr("能用的格式：PNG、JPEG、WebP、AVIF 图片，或 Mapbox 矢量瓦片（MVT）。"),
    )
