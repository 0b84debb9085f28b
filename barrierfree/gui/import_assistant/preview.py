"""The first rows of a list as they would be stored: what each cell becomes, and why a row would be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from barrierfree import inventory
from barrierfree.errors import InventoryError
from barrierfree.i18n import language, tr
from barrierfree.inventory import RawList
from barrierfree.model.definition import Definition
from barrierfree.model.records import NewSite
from barrierfree.model.words import Datum

LOOKED_AT = 50  # rows that are tried
_POSITION = ("lon", "lat", "place")
_AS_GIVEN = ("broad_class", "phone")


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row: its number, per field what will be stored, and what is to be said of it."""

    row: int
    cells: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows; ``fault`` says why the list cannot be read with these columns."""

    rows: tuple[PreviewRow, ...] = ()
    fault: str = ""


def preview(raw: RawList, columns: Mapping[str, int], definition: Definition) -> Preview:
    """Try the first rows. Coordinates are shown as they are read; which datum they are in is the next step's."""
    half = {"lon", "lat"} & columns.keys()
    if len(half) == 1:
        other = inventory.field_label("lat" if "lon" in half else "lon")
        return Preview(fault=tr("坐标只选了一半，请再选哪一列是“{other}”。").format(other=other))
    part = replace(raw, rows=raw.rows[:LOOKED_AT], row_numbers=raw.row_numbers[:LOOKED_AT], faults=())
    plain = {name: at for name, at in columns.items() if name not in _POSITION}
    try:
        read = inventory.ready_sites(part, plain, Datum.WGS84, definition)
    except InventoryError as error:
        return Preview(fault=error.message)
    sites = dict(zip(read.site_rows, read.sites, strict=True))
    reasons = {f.row: f.reason for f in (*read.rejected, *read.outside, *read.remarks)}
    rows = [
        PreviewRow(number, _cells(raw, cells, columns, sites.get(number), definition), reasons.get(number, ""))
        for number, cells in zip(part.row_numbers, part.rows, strict=True)
    ]
    return Preview(tuple(rows))


def _cells(
    raw: RawList, cells: tuple[str, ...], columns: Mapping[str, int], site: NewSite | None, definition: Definition
) -> dict[str, str]:
    if site is None:
        return {}
    found: dict[str, str] = {}
    for name, at in columns.items():
        if name in _POSITION:
            continue
        if name in _AS_GIVEN:
            found[name] = cells[at]
        elif name == "site_class":
            known = definition.site_class(site.site_class)
            found[name] = known.label.in_language(language()) if known else tr("（未定）")
        else:
            found[name] = str(getattr(site, name))
    points = inventory.given_points(replace(raw, rows=(cells,), row_numbers=(0,)), columns)
    x, y = (f"{points[0][1]:.10g}", f"{points[0][2]:.10g}") if points else ("", "")
    for name, value in (("lon", x), ("lat", y), ("place", f"{x}, {y}")):
        if name in columns:
            found[name] = value if points else tr("没有位置")
    return found
