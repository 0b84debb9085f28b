"""Turns the rows of a facility list into sites, and says row by row what is left out and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from barrierfree import coordinates
from barrierfree.errors import CoordinateError, InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.boundary import Boundary
from barrierfree.inventory.tables import RawList
from barrierfree.model.definition import Definition, Model
from barrierfree.model.records import NewSite, Position

MAX_NAME: Final = 200  # characters; longer names are cut, the whole stays in the note


class RowFault(Model):
    """A row left out, by its row in the sheet, with the reason in words."""

    row: int
    name: str
    reason: str


class ReadList(Model):
    """What a list gives: the sites to store (with their rows), and what is left out."""

    sites: tuple[NewSite, ...]
    site_rows: tuple[int, ...]
    rejected: tuple[RowFault, ...]
    outside: tuple[RowFault, ...]
    without_position: tuple[int, ...]


def ready_sites(
    raw: RawList,
    columns: Mapping[str, int],
    datum: str,
    definition: Definition,
    *,
    within: Boundary | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ReadList:
    """The sites of a list. ``columns`` says which column (0-based) holds which of ``FIELDS``.

    ``datum`` is that of the coordinates (``coordinates.read_datum``); ``within`` leaves out what lies outside.
    """
    if "name" not in columns:
        raise InventoryError(
            tr("清单“{file}”里找不到名称列。现有的列：{headers}。").format(
                file=raw.file, headers="、".join(h for h in raw.headers if h) or tr("无")
            ),
            tr("请在第一行写上列名，至少要有“名称”；有坐标时写“经度”“纬度”。"),
        )
    sites: list[NewSite] = []
    rows: list[int] = []
    rejected: list[RowFault] = []
    outside: list[RowFault] = []
    bare: list[int] = []
    for done, (number, cells) in enumerate(zip(raw.row_numbers, raw.rows, strict=True)):
        if progress and done % 200 == 0:
            progress(done, len(raw.rows))
        given = {field: cells[at] for field, at in columns.items()}
        name = given["name"]
        try:
            if not name:
                raise InventoryError(tr("没有名称"), "")
            position = _position(given, datum)
        except (InventoryError, CoordinateError) as error:
            rejected.append(RowFault(row=number, name=name, reason=error.message))
            continue
        if position is None:
            bare.append(number)
        elif within is not None and not within.contains(position.lon, position.lat):
            outside.append(RowFault(row=number, name=name, reason=tr("在边界以外")))
            continue
        sites.append(_site(raw, given, position, definition))
        rows.append(number)
    if raw.rows and len(rejected) == len(raw.rows):
        first = rejected[0]
        raise InventoryError(
            tr("清单“{file}”没有一行可用。第 {row} 行：{reason}").format(
                file=raw.file, row=first.row, reason=first.reason
            ),
            tr("请检查列是否选对、坐标列里是否只有数字。"),
        )
    return ReadList(
        sites=tuple(sites), site_rows=tuple(rows), rejected=tuple(rejected), outside=tuple(outside),
        without_position=tuple(bare),
    )  # fmt: skip


def _site(raw: RawList, given: Mapping[str, str], position: Position | None, definition: Definition) -> NewSite:
    name, address = given["name"], given.get("address", "")
    place = "" if position is None else f"{position.given_x!r},{position.given_y!r}"
    key = "|".join(unicodedata.normalize("NFKC", part).strip().lower() for part in (name, address, place))
    note = given.get("note", "")
    if len(name) > MAX_NAME:
        note, name = f"{name}\n{note}".strip(), name[:MAX_NAME]
    words = (given.get("site_class", ""), given.get("broad_class", ""), name)
    return NewSite(
        key=key, name=name, address=address, community=_community(given.get("community", ""), definition),
        site_class=class_of(words, definition), position=position, source=raw.file, note=note,
    )  # fmt: skip


def _community(text: str, definition: Definition) -> str:
    """The community's own name where the list writes it with 社区 or 居委会 behind; else as given."""
    for community in definition.area.communities:
        if text in (community.name, f"{community.name}社区", f"{community.name}居委会", f"{community.name}社区居委会"):
            return community.name
    return text


def class_of(words: tuple[str, ...], definition: Definition) -> str:
    """The place class whose words occur in the list's own category or name; '' if none does."""
    for text in words:
        for site_class in definition.classes:
            if text and (text == site_class.label.zh or any(word in text for word in site_class.words)):
                return site_class.code
    return ""


def _position(given: Mapping[str, str], datum: str) -> Position | None:
    x, y = given.get("lon", ""), given.get("lat", "")
    if not x and not y:
        return None
    try:
        numbers = [float(unicodedata.normalize("NFKC", v).replace("°", "")) for v in (x, y)]
    except ValueError:
        raise InventoryError(tr("坐标“{x}，{y}”不是数字").format(x=x, y=y), "") from None
    if numbers == [0.0, 0.0]:
        return None
    return coordinates.position(numbers[0], numbers[1], datum)
