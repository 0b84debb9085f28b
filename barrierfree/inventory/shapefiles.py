"""Reads a list from a Shapefile: shapes from .shp, attributes from .dbf in the encoding of .cpg, datum from .prj."""

from __future__ import annotations

import codecs
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

import shapefile
import shapely

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.features import FeatureTable, hint_of
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.texts import Report

_WILD: Final = "\N{REPLACEMENT CHARACTER}"
_SAMPLE: Final = 500  # records from which the encoding is told


def read_shapefile(path: Path, report: Report) -> RawList:
    """The features of a Shapefile; ``path`` is its .shp."""
    parts = _parts(path)
    if ".dbf" not in parts:
        raise InventoryError(
            tr("“{name}”缺少同名的 .dbf 文件，没有名称等属性。").format(name=path.name),
            tr("请把 .shp、.shx、.dbf（以及 .prj、.cpg）放在同一个文件夹里再导入。"),
        )
    remarks = [] if ".shx" in parts else [tr("缺少同名的 .shx 文件，按先后顺序读。")]
    try:
        encoding = _encoding(parts)
        with closing(_opened(parts, encoding)) as reader:
            table = FeatureTable(report, max(0, len(reader)) if ".shx" in parts else 0)
            for shape, record in zip(reader.iterShapes(), reader.iterRecords(), strict=False):
                table.add(record.as_dict(), _geometry(shape))
    except (shapefile.ShapefileException, OSError, ValueError, IndexError, KeyError, LookupError) as error:
        raise _damaged(path, error) from error
    except Exception as error:  # struct.error and others that the library lets through for damaged files
        if type(error).__module__ in ("struct", "shapefile"):
            raise _damaged(path, error) from error
        raise
    if not table.count:
        raise InventoryError(tr("清单“{name}”里没有内容。").format(name=path.name), tr("请检查是否选对了文件。"))
    hint = _hint(parts[".prj"]) if ".prj" in parts else ""
    return table.raw(path.name, encoding=encoding, datum_hint=hint, remarks=tuple(remarks))


def _damaged(path: Path, error: Exception) -> InventoryError:
    return InventoryError(
        tr("Shapefile“{name}”不完整或已损坏（{reason}）。").format(name=path.name, reason=error),
        tr("请重新复制 .shp、.shx、.dbf，或从 QGIS 导出为 GeoPackage 再导入。"),
    )


def _parts(path: Path) -> dict[str, Path]:
    """The files of the Shapefile by ending, whatever their case."""
    return {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()}


def _opened(parts: dict[str, Path], encoding: str) -> Any:
    given = {name[1:]: parts[name].open("rb") for name in (".shp", ".dbf", ".shx") if name in parts}
    try:
        return shapefile.Reader(**given, encoding=encoding, encodingErrors="replace")
    except BaseException:
        for file in given.values():
            file.close()
        raise


def _encoding(parts: dict[str, Path]) -> str:
    """The encoding that .cpg names, else that of UTF-8 and GB18030 in which fewer signs are unreadable."""
    if ".cpg" in parts:
        name = parts[".cpg"].read_text(encoding="ascii", errors="replace").strip().lower()
        name = "gb18030" if name in ("936", "gbk", "cp936", "gb2312", "ansi 936") else name.replace("65001", "utf-8")
        try:
            return codecs.lookup(name).name
        except LookupError:
            pass
    faults = {}
    for name in ("utf-8", "gb18030"):
        with closing(_opened(parts, name)) as reader:
            text = "".join(str(v) for record in islice(reader.iterRecords(), _SAMPLE) for v in record)
            faults[name] = text.count(_WILD)
    return min(faults, key=lambda n: (faults[n], n != "utf-8"))


def _geometry(shape: Any) -> Any:
    if shape.shapeType == shapefile.NULL or not getattr(shape, "points", None):
        return None
    if shape.shapeType in (shapefile.POINT, shapefile.POINTZ, shapefile.POINTM):
        return {"type": "Point", "coordinates": shape.points[0]}
    return shapely.geometry.shape(shape.__geo_interface__)


def _hint(path: Path) -> str:
    """The datum that the .prj describes, by its number in the EPSG database."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        code = CRS.from_wkt(path.read_text(encoding="utf-8", errors="replace")).to_epsg(min_confidence=20)
    except CRSError:
        return ""
    return hint_of(f"EPSG:{code}") if code else ""
