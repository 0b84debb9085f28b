"""Reads a facility list of any format as a table of text, and refuses what cannot be one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.features import read_json
from barrierfree.inventory.geopackages import read_geopackage
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.shapefiles import read_shapefile
from barrierfree.inventory.textfiles import read_text
from barrierfree.inventory.texts import Report
from barrierfree.inventory.workbooks import read_workbook

# A facility list of all of Beijing at Shuangjing's density has 462,000 rows; anything far beyond is a mistake.
MAX_BYTES: Final = 300 * 1024 * 1024
FORMATS: Final = (
    ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".geojson", ".json", ".gpkg", ".shp",
)  # fmt: skip
_WORKBOOKS: Final = frozenset(FORMATS[:5])


def read_table(path: Path, sheet: str = "", *, header_row: int = 0, progress: Report | None = None) -> RawList:
    """Read the list at ``path``.

    ``sheet`` names a sheet or layer, '' takes the one with the most column words. ``header_row`` (1-based row of the
    sheet) overrides the search for the header, -1 says that there is none. ``progress(done, all)`` (0, 0 where
    nothing can be counted) may raise to stop. Raises ``InventoryError`` that says what, where and what to do.
    """
    path = Path(path)
    report: Report = progress or (lambda done, total: None)
    start = _refuse_unreadable(path)
    suffix = path.suffix.lower()
    report(0, 0)
    if suffix in _WORKBOOKS and not _is_text(start):
        return read_workbook(path, sheet, header_row, report)
    if suffix in (".csv", ".tsv", ".txt") or suffix in _WORKBOOKS:
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # a workbook under a wrong name
            return read_workbook(path, sheet, header_row, report)
        return read_text(path, header_row, report)
    if suffix in (".geojson", ".json"):
        return read_json(path, report)
    if suffix == ".gpkg":
        return read_geopackage(path, sheet, report)
    if suffix == ".shp":
        return read_shapefile(path, report)
    raise InventoryError(
        tr("不支持“{suffix}”格式的清单：{name}。").format(suffix=suffix or tr("无扩展名"), name=path.name),
        tr("请另存为 .xlsx 或 .csv 再导入。"),
    )


def _is_text(start: bytes) -> bool:
    """Whether a file named as a workbook is a text table, as some systems export them."""
    return not start.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and start.lstrip()[:1] != b"<" and b"\0" not in start


def _refuse_unreadable(path: Path) -> bytes:
    """The first bytes of the file."""
    try:
        if path.is_dir():
            raise InventoryError(tr("“{path}”是文件夹，不是清单。").format(path=path), tr("请选择里面的文件。"))
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise InventoryError(
            tr("读不了清单“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否存在、是否正被其他程序占用。"),
        ) from error
    if size == 0:
        raise InventoryError(
            tr("清单“{name}”是空文件（0 字节）。").format(name=path.name), tr("请重新导出或复制这份清单。")
        )
    if size > MAX_BYTES and path.suffix.lower() not in (".gpkg", ".shp"):
        raise InventoryError(
            tr("清单“{name}”太大（{mb} MB）。").format(name=path.name, mb=size // 1024 // 1024),
            tr("请按社区或街道拆成几份再导入。"),
        )
    return start
