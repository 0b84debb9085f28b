"""Reads a list from map features: GeoJSON (collection, one feature, one per line) or JSON records."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import shapely

from barrierfree import coordinates
from barrierfree.errors import CoordinateError, InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.raw import RawList, RowFault
from barrierfree.inventory.texts import Report, Texts, cell_text
from barrierfree.inventory.words import JOINT

MAX_JSON: Final = 100 * 1024**2  # bytes: the whole text is in memory while it is read; 250,000 features
_POSITION: Final = ("lon", "lat")


class FeatureTable:
    """Gathers features into a table: their properties, and one position each as the columns ``lon`` and ``lat``."""

    def __init__(self, report: Report, total: int = 0) -> None:
        self.texts = Texts()
        self.report, self.total = report, total
        self.moved = 0  # features that are no points
        self.faults: list[RowFault] = []
        self._columns: dict[str, int] = {}
        self._rows: list[tuple[list[str], str, str]] = []

    def add(self, properties: Mapping[str, Any], geometry: Any, identity: Any = None) -> None:
        """Take a feature; ``geometry`` is GeoJSON, a shapely geometry or nothing."""
        number = len(self._rows) + 1
        if number % 500 == 0:
            self.report(number, self.total)
        row = [""] * len(self._columns)
        values = dict(properties) if identity is None or "id" in properties else {**properties, "id": identity}
        for name, value in values.items():
            at = self._columns.setdefault(str(name), len(self._columns))
            if at == len(row):
                row.append("")
            row[at] = self.texts[value] if not isinstance(value, dict | list) else cell_text(value)
        lon, lat = "", ""
        try:
            place = _point(geometry)
        except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError) as error:
            self.faults.append(RowFault(row=number, name="", reason=tr("几何图形读不了：{e}").format(e=error)))
            place = None
        if place is not None:
            lon, lat = cell_text(place[0]), cell_text(place[1])
            self.moved += place[2]
        self._rows.append((row, lon, lat))

    @property
    def count(self) -> int:
        """How many features there are so far."""
        return len(self._rows)

    def raw(self, file: str, *, sheet: str = "", sheets: tuple[str, ...] = (), encoding: str = "",
            datum_hint: str = "", remarks: tuple[str, ...] = ()) -> RawList:  # fmt: skip
        """The features as a list."""
        names = tuple(f"{n}{JOINT}{tr('属性')}" if n in _POSITION else n for n in self._columns)
        width = len(names)
        said = list(remarks)
        if self.moved:
            said.append(tr("{n} 个要素不是点，取图形里的一点作位置。").format(n=self.moved))
        rows = tuple((*row, *("",) * (width - len(row)), lon, lat) for row, lon, lat in self._rows)
        return RawList(
            file=file, sheet=sheet, encoding=encoding, header_row=0, headers=(*names, *_POSITION), rows=rows,
            row_numbers=tuple(range(1, len(rows) + 1)), sheets=sheets, datum_hint=datum_hint, remarks=tuple(said),
            faults=tuple(self.faults),
        )  # fmt: skip


def _point(geometry: Any) -> tuple[float, float, bool] | None:
    """East, north, and whether it is a point chosen within a line or an area; None where there is no geometry."""
    if isinstance(geometry, dict):
        if geometry.get("type") == "Point":
            given = geometry["coordinates"]
            return (float(given[0]), float(given[1]), False) if given else None
        geometry = shapely.from_geojson(json.dumps(geometry)) if geometry else None
    if geometry is None or geometry.is_empty:
        return None
    if geometry.geom_type == "Point":
        return float(geometry.x), float(geometry.y), False
    if not shapely.is_valid(geometry):
        geometry = shapely.make_valid(geometry)
    inner = geometry.representative_point()
    return float(inner.x), float(inner.y), True


def hint_of(text: str) -> str:
    """The datum that a file names (``urn:ogc:def:crs:EPSG::4548``, ``EPSG:4326``, ``CRS84``) in its one spelling.

    '' where it names none; a datum that cannot be converted (Beijing 54) as ``EPSG:n``.
    """
    if "CRS84" in text.upper():
        return "wgs84"
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d{4,6})", text, re.IGNORECASE)
    if found is None:
        return ""
    code = f"EPSG:{found[1]}"
    try:
        return coordinates.read_datum(code)
    except CoordinateError:
        return code


def read_json(path: Path, report: Report) -> RawList:
    """The features or records of a JSON file; rows are numbered by their order."""
    text, encoding = _text(path)
    table = FeatureTable(report)

    def take(found: dict[str, Any]) -> Any:
        if found.get("type") == "Feature":
            table.add(found.get("properties") or {}, found.get("geometry"), found.get("id"))
            return None  # what was taken need not stay in memory
        return found

    decoder = json.JSONDecoder(object_hook=take)
    try:
        content = decoder.decode(text)
    except ValueError as error:
        table = FeatureTable(report)
        content = _lines(path, text, decoder, error)
    except RecursionError as error:
        raise _no_geojson(path, tr("嵌套太深")) from error
    crs = content.get("crs") if isinstance(content, dict) else None
    if isinstance(content, list) and not table.count:  # records without geometry
        for record in content:
            if isinstance(record, dict):
                table.add(record, None)
    if not table.count:
        raise _no_geojson(path, tr("没有要素"))
    return table.raw(path.name, encoding=encoding, datum_hint=hint_of(json.dumps(crs)) if crs else "")


def _lines(path: Path, text: str, decoder: json.JSONDecoder, first: ValueError) -> Any:
    """One feature (or record) per line; the fault of the whole file where this is not so either."""
    lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
    lines = [line for line in lines if line]
    if len(lines) < 2 or not all(line.startswith("{") and line.endswith("}") for line in lines):
        raise _no_geojson(path, str(first)) from first
    try:
        return [decoder.decode(line) for line in lines]
    except ValueError as error:
        raise _no_geojson(path, str(error)) from error


def _no_geojson(path: Path, reason: str) -> InventoryError:
    return InventoryError(
        tr("“{name}”不是完整的 GeoJSON（{reason}）。").format(name=path.name, reason=reason),
        tr("请从 QGIS 导出为 GeoJSON（FeatureCollection）再导入。"),
    )


def _text(path: Path) -> tuple[str, str]:
    if path.stat().st_size > MAX_JSON:
        raise InventoryError(
            tr("“{name}”有 {mb} MB，GeoJSON 最大 {most} MB。").format(
                name=path.name, mb=path.stat().st_size // 1024**2, most=MAX_JSON // 1024**2
            ),
            tr("请导出为 GeoPackage（.gpkg）再导入。"),
        )
    data = path.read_bytes()
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for name in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return text, name if data.startswith(codecs.BOM_UTF8) else name.removesuffix("-sig")
    raise InventoryError(tr("看不出清单“{name}”的文字编码。").format(name=path.name), tr("请另存为 UTF-8 编码再导入。"))
