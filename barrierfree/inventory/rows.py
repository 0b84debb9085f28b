"""Turns the rows of a facility list into sites, and says row by row what is left out and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from barrierfree import coordinates
from barrierfree.errors import BarrierFreeError, InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.boundary import Boundary
from barrierfree.inventory.content import MOBILE
from barrierfree.inventory.naming import Naming, class_finder, community_finder
from barrierfree.inventory.raw import RawList, RowFault
from barrierfree.inventory.strays import Strays, strays
from barrierfree.inventory.texts import Report
from barrierfree.inventory.values import place
from barrierfree.model.definition import Definition, Model
from barrierfree.model.records import NewSite, Position

MAX_NAME: Final = 200  # characters; longer names are cut, the whole stays in the note
_DEGREES: Final = frozenset({"wgs84", "cgcs2000", "gcj02", "bd09"})
_TOTALS: Final = frozenset({"合计", "小计", "总计", "共计"})
_STEP: Final = 1000  # rows between two reports
_CONVERTED: Final = 10_000  # positions converted in one go


class ReadList(Model):
    """What a list gives: the sites to store (with their rows), and what is left out.

    ``remarks`` are about rows that were taken all the same; row 0 stands for the whole list.
    """

    sites: tuple[NewSite, ...]
    site_rows: tuple[int, ...]
    rejected: tuple[RowFault, ...]
    outside: tuple[RowFault, ...]
    without_position: tuple[int, ...]
    remarks: tuple[RowFault, ...] = ()


@dataclass(slots=True)
class _Sorting:
    """The rows while they are sorted, by their index in the list."""

    positions: dict[int, Position] = field(default_factory=dict)
    bare: list[int] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    outside: dict[int, str] = field(default_factory=dict)
    turned: list[int] = field(default_factory=list)


def ready_sites(
    raw: RawList,
    columns: Mapping[str, int],
    datum: str,
    definition: Definition,
    *,
    within: Boundary | None = None,
    swapped: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ReadList:
    """The sites of a list. ``columns`` says which column (0-based) holds which of ``FIELDS``.

    ``datum`` is that of the coordinates (``coordinates.read_datum``); ``swapped``: the column ``lon`` holds the north
    coordinate and ``lat`` the east one (plane coordinates as surveyors write them). ``within`` leaves out what lies
    outside; without it what lies more than 100 km from all the others is left out. ``progress(done, all)`` counts
    each row twice and may raise to stop.
    """
    total = 2 * len(raw.rows)
    report: Report = progress or (lambda done, total: None)
    naming = Naming.of(raw, columns, definition)
    if naming is None:
        raise InventoryError(
            tr("清单“{file}”里找不到名称列。现有的列：{headers}。").format(
                file=raw.file, headers="、".join(h for h in raw.headers if h) or tr("无")
            ),
            tr("请在第一行写上列名，至少要有“名称”；有坐标时写“经度”“纬度”。"),
        )
    sorting = _Sorting()
    _place(raw, columns, datum, swapped, naming, sorting, lambda done: report(done, total))
    remarks = _turned_remarks(raw, naming, sorting)
    remarks += [
        _fault(raw, naming, i, tr("没有名称，以地址为名")) for i in sorting.positions if naming.addressed(raw.rows[i])
    ]
    far = strays(sorting.positions, definition) if within is None else Strays(_beyond(sorting.positions, within))
    for index, reason in far.outside.items():
        del sorting.positions[index]
        sorting.outside[index] = reason
    sites, rows, phones = _sites(raw, columns, definition, naming, sorting, lambda done: report(done, total))
    rejected = [_fault(raw, naming, i, reason) for i, reason in sorted(sorting.rejected.items())]
    if raw.rows and len(rejected) == len(raw.rows):
        raise InventoryError(
            tr("清单“{file}”没有一行可用。第 {row} 行：{reason}").format(
                file=raw.file, row=rejected[0].row, reason=rejected[0].reason
            ),
            tr("请检查列是否选对、坐标列里是否只有数字。"),
        )
    left, taken = _reading_faults(raw, naming)
    whole = [*naming.remarks, *far.remarks]
    if sites and len(sorting.bare) == len(sites):
        whole.append(tr("清单里没有一行有坐标，点位都没有位置。"))
    if phones:
        whole.append(tr("备注里的 {n} 个手机号没有收入（没有选电话列）。").format(n=phones))
    return ReadList.model_construct(
        sites=tuple(sites), site_rows=tuple(rows), rejected=tuple(sorted([*rejected, *left], key=lambda f: f.row)),
        outside=tuple(_fault(raw, naming, i, reason) for i, reason in sorted(sorting.outside.items())),
        without_position=tuple(raw.row_numbers[i] for i in sorting.bare),
        remarks=(*(RowFault(row=0, name="", reason=r) for r in whole), *remarks, *taken),
    )  # fmt: skip


def _fault(raw: RawList, naming: Naming, index: int, reason: str) -> RowFault:
    return RowFault(row=raw.row_numbers[index], name=naming.given(raw.rows[index]), reason=reason)


def _place(
    raw: RawList, columns: Mapping[str, int], datum: str, swapped: bool, naming: Naming, sorting: _Sorting,
    report: Callable[[int], None],
) -> None:  # fmt: skip
    """Sorts the rows into those with a position, without one, and rejected."""
    lon, lat, both = (columns.get(f) for f in ("lon", "lat", "place"))
    degrees = datum in _DEGREES
    indexes: list[int] = []
    xs: list[float] = []
    ys: list[float] = []
    for index, row in enumerate(raw.rows):
        if index % _STEP == 0:
            report(index)
        if not naming.names(row):
            sorting.rejected[index] = tr("没有名称")
            continue
        try:
            found = place(
                row[lon] if lon is not None else "", row[lat] if lat is not None else "",
                row[both] if both is not None else "", degrees=degrees,
            )  # fmt: skip
        except InventoryError as error:
            sorting.rejected[index] = error.message
            continue
        if found is None or (found.x == 0 and found.y == 0):
            if naming.given(row) in _TOTALS:
                sorting.rejected[index] = tr("是合计行，不是点位")
            elif not naming.given(row):  # neither can one go there by an address alone, nor by a made-up name
                sorting.rejected[index] = tr("没有名称，也没有坐标")
            else:
                sorting.bare.append(index)
            continue
        if found.turned:
            sorting.turned.append(index)
        x, y, _ = found
        indexes.append(index)
        xs.append(y if swapped and not found.turned else x)
        ys.append(x if swapped and not found.turned else y)
    for start in range(0, len(xs), _CONVERTED):
        report(len(raw.rows))
        part = slice(start, start + _CONVERTED)
        lons, lats = coordinates.convert_many(xs[part], ys[part], datum, "wgs84")
        for index, x, y, lon, lat in zip(indexes[part], xs[part], ys[part], lons.tolist(), lats.tolist(), strict=True):
            if -180 <= lon <= 180 and -90 <= lat <= 90:  # not so for NaN
                sorting.positions[index] = Position(round(lon, 9), round(lat, 9), x, y, datum)
            else:
                sorting.rejected[index] = _reason(x, y, datum)


def _reason(x: float, y: float, datum: str) -> str:
    """Why a coordinate cannot be taken."""
    try:
        coordinates.position(x, y, datum)
    except BarrierFreeError as error:
        return error.message
    return tr("坐标 {x}, {y} 不能换算").format(x=x, y=y)


def _turned_remarks(raw: RawList, naming: Naming, sorting: _Sorting) -> list[RowFault]:
    """Rows whose latitude stood first: named one by one, or once if the whole list is written so."""
    turned = [i for i in sorting.turned if i in sorting.positions]
    if len(turned) * 2 > len(sorting.positions) and len(turned) > 1:
        text = tr("有 {n} 行先写纬度、后写经度，已对调。").format(n=len(turned))
        return [RowFault(row=0, name="", reason=text)]
    return [_fault(raw, naming, i, tr("经度、纬度写反了，已对调")) for i in turned]


def _beyond(positions: Mapping[int, Position], within: Boundary) -> dict[int, str]:
    """The rows outside a boundary."""
    inside = within.contains_many([p.lon for p in positions.values()], [p.lat for p in positions.values()])
    return {i: tr("在边界以外") for i, good in zip(positions, inside, strict=True) if not good}


def _sites(
    raw: RawList, columns: Mapping[str, int], definition: Definition, naming: Naming, sorting: _Sorting,
    report: Callable[[int], None],
) -> tuple[list[NewSite], list[int], int]:  # fmt: skip
    """The sites with their rows, and how many telephone numbers were taken out of notes."""
    community_of, class_of = community_finder(definition), class_finder(definition)
    blank = len(raw.headers)  # the index of an empty cell put behind each row: the column of a field not there
    at = {
        f: columns.get(f, blank)
        for f in ("address", "community", "note", "phone", "district", "street", "grid", "city_number")
    }
    address_at, community_at, note_at, phone_at, district_at, street_at, grid_at, number_at = at.values()
    bare = set(sorting.bare)
    normal = unicodedata.normalize
    sites: list[NewSite] = []
    rows: list[int] = []
    phones = 0
    for index, (number, cells) in enumerate(zip(raw.row_numbers, raw.rows, strict=True)):
        if index % _STEP == 0:
            report(len(raw.rows) + index)
        position = sorting.positions.get(index)
        if position is None and index not in bare:
            continue
        row = (*cells, "")
        name, keyed = naming.name(cells, number)
        address, note = row[address_at], row[note_at]
        where = "" if position is None else f"{position.given_x!r},{position.given_y!r}"
        key = "|".join((normal("NFKC", keyed).strip().lower(), normal("NFKC", address).strip().lower(), where))
        if note and phone_at == blank:
            note, found = MOBILE.subn("", note)
            phones += found
        elif row[phone_at]:
            note = "\n".join(filter(None, (note, tr("电话 {number}").format(number=row[phone_at]))))
        if len(name) > MAX_NAME:
            note, name = f"{name}\n{note}".strip(), name[:MAX_NAME]
        kind, broad = naming.kinds(cells)
        sites.append(NewSite(
            key=key, name=name, address=address, community=community_of(row[community_at]),
            site_class=class_of((kind, broad, name)), position=position, source=raw.file, note=note,
            district=row[district_at], street=row[street_at], grid=row[grid_at], city_number=row[number_at],
        ))  # fmt: skip
        rows.append(number)
    return sites, rows, phones


def _reading_faults(raw: RawList, naming: Naming) -> tuple[list[RowFault], list[RowFault]]:
    """What was odd about single rows while reading: of rows that are not there, and of rows that are."""
    if not raw.faults:
        return [], []
    wanted = {fault.row for fault in raw.faults}
    names = {n: naming.given(row) for n, row in zip(raw.row_numbers, raw.rows, strict=True) if n in wanted}
    left = [f for f in raw.faults if f.row not in names]
    header = raw.header_row
    taken = [f.model_copy(update={"name": names[f.row]}) for f in raw.faults if f.row in names]
    return [f for f in left if f.row > header], taken
