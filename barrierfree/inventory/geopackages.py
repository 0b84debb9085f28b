"""Reads a list from a GeoPackage: any layer of features, and the sites of one of our own surveys."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import shapely

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.features import FeatureTable, hint_of
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.texts import Report
from barrierfree.inventory.words import field_of

# Bytes of the envelope in the header of a geometry, by its code (OGC 12-128r17, 2.1.3)
_ENVELOPES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
# Of our own survey only what a list has: ids, codes, status and figures belong to that survey.
_OWN: Final = ("name", "address", "community", "class", "district", "street", "grid", "city_number", "note")


def read_geopackage(path: Path, sheet: str, report: Report) -> RawList:
    """The features of one layer: the one named, else the one with the most column words."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)) as db:
            return _read(db, path, sheet, report)
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise InventoryError(
            tr("打不开 GeoPackage“{name}”：{reason}。").format(name=path.name, reason=error),
            tr("文件可能已损坏，或正被其他程序写入；请关闭那个程序，或重新导出。"),
        ) from error


def _read(db: sqlite3.Connection, path: Path, sheet: str, report: Report) -> RawList:
    layers = _layers(db)
    if not layers:
        raise InventoryError(
            tr("“{name}”里没有要素图层。").format(name=path.name), tr("请从 QGIS 导出点图层为 GeoPackage 再导入。")
        )
    if sheet and sheet not in layers:
        raise InventoryError(
            tr("“{name}”里没有图层“{sheet}”。").format(name=path.name, sheet=sheet),
            tr("现有的图层：{sheets}。").format(sheets="、".join(layers)),
        )
    own = bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone()) and "sites" in layers
    columns = {name: [r[1] for r in db.execute(f"PRAGMA table_info({_quoted(name)})")] for name in layers}
    if sheet:
        chosen = sheet
    elif own:
        chosen = "sites"
    else:
        chosen = max(layers, key=lambda n: len({field_of(c) for c in columns[n]} - {""}))
    geometry, hint = layers[chosen]
    names = [c for c in columns[chosen] if c != geometry]
    if own and chosen == "sites":
        names = [c for c in _OWN if c in names]
    total = db.execute(f"SELECT count(*) FROM {_quoted(chosen)}").fetchone()[0]
    table = FeatureTable(report, total)
    selected = ", ".join(map(_quoted, [*names, geometry]))
    for values in db.execute(f"SELECT {selected} FROM {_quoted(chosen)}"):
        shape = values[-1]
        table.add(dict(zip(names, map(_plain, values[:-1]), strict=True)), _geometry(shape))
    if not table.count:
        raise InventoryError(tr("图层“{sheet}”里没有要素。").format(sheet=chosen), tr("请检查是否选对了文件和图层。"))
    remarks = []
    if len(layers) > 1 and not sheet:
        remarks.append(tr("共有 {n} 个图层，读的是“{sheet}”。").format(n=len(layers), sheet=chosen))
    return table.raw(
        path.name, sheet=chosen, sheets=tuple(layers), encoding="", datum_hint=hint, remarks=tuple(remarks)
    )  # fmt: skip


def _layers(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Each layer of features: its geometry column and the datum it states."""
    try:
        found = db.execute(
            "SELECT c.table_name, g.column_name, r.organization, r.organization_coordsys_id FROM gpkg_contents c"
            " JOIN gpkg_geometry_columns g ON g.table_name = c.table_name"
            " LEFT JOIN gpkg_spatial_ref_sys r ON r.srs_id = g.srs_id"
            " WHERE c.data_type = 'features' ORDER BY c.rowid"
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return {}
        raise
    return {name: (column, hint_of(f"{body}:{code}")) for name, column, body, code in found}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(value: Any) -> Any:
    return "" if isinstance(value, bytes) else value


def _geometry(blob: Any) -> Any:
    """The geometry in a GeoPackage's own wrapping: header 'GP', version, flags, srs, envelope, then WKB.

    A dict with a wrong type is handed on where it cannot be read, so that the row is named.
    """
    if not blob:
        return None
    try:
        if blob[:2] != b"GP" or blob[3] & 0x10:  # bit 4: empty
            return None
        return shapely.from_wkb(blob[8 + _ENVELOPES[blob[3] >> 1 & 7] :])
    except (shapely.errors.ShapelyError, KeyError, IndexError, TypeError):
        return {"type": "?"}
