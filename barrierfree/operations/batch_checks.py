"""Checks a planned batch before it leaves: its cells, and what no cell alone can tell."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from barrierfree import coordinates, workbook
from barrierfree.i18n import listed, tr
from barrierfree.model.city import CityState, RowKind, SentState
from barrierfree.model.definition import Model
from barrierfree.operations.batch_values import PHOTO_FIELDS, Dresser, PlannedRow, asked_fields, dressed
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from barrierfree.workbook import Profile

_MARGIN: Final = 200.0  # metres: an outline may be drawn by hand, while a wrong datum moves a point 500 m and more
_METRES: Final = 111_320.0  # of latitude
FaultSort = Literal[
    "cell", "template", "position", "outside", "photo", "photo_name", "duplicate", "provisional", "number", "key"
]


class BatchFault(Model):
    """One fault of a planned batch: of which record, in which column, what is wrong, and of which sort.

    ``record`` and ``site`` (for the jump) are '' where the template itself is at fault.
    """

    record: str
    code: str
    column: str
    reason: str
    sort: FaultSort = "cell"
    kind: RowKind = "finding"
    site: str = ""


def faults_of(
    store: Store, profile: Profile, template: bytes, number: str, rows: Sequence[PlannedRow],
    sent: Mapping[tuple[RowKind, str], SentState], progress: Progress,
) -> tuple[BatchFault, ...]:  # fmt: skip
    """All faults, those of the template first, then row by row."""
    ready = dressed(profile, number, rows)
    by_record = {(row.kind, row.record): row for row in rows}
    kinds = {sheet.name: sheet.rows for sheet in profile.sheets}
    found: dict[tuple[str, str], list[BatchFault]] = defaultdict(list)
    text = tr("正在检查单元格")
    for cell in workbook.check(profile, ready, template, lambda done, total: progress.step(done, total, text)):
        row = by_record.get((kinds.get(cell.sheet, "finding"), cell.record))
        if row is not None:
            found[row.kind, row.record].append(_fault(row, cell.column, cell.reason, "cell"))
    for fault in _beyond_cells(store, profile, rows, sent):
        found[fault.kind, fault.record].append(fault)
    of_template = [
        BatchFault(record="", code="", column="", reason=reason, sort="template")
        for reason in workbook.template_faults(profile, template, ready)
    ]
    return (*of_template, *(fault for row in rows for fault in found.get((row.kind, row.record), ())))


def _fault(row: PlannedRow, column: str, reason: str, sort: FaultSort) -> BatchFault:
    return BatchFault(
        record=row.record, code=row.code, column=column, reason=reason, sort=sort, kind=row.kind, site=row.site
    )


def _beyond_cells(
    store: Store, profile: Profile, rows: Sequence[PlannedRow], sent: Mapping[tuple[RowKind, str], SentState]
) -> Iterator[BatchFault]:
    final = {site.id for site in store.sites() if site.final_code}
    for row in rows:
        if row.site not in final:
            reason = tr("还是临时编号，合并到总库、取得正式编号后才能报送")
            yield _fault(row, tr("点位编号"), reason, "provisional")
        state = sent.get((row.kind, row.record))
        if state is not None and not row.changed and state.state is not CityState.REJECTED:
            yield _fault(row, tr("重复报送"), _told_before(state), "duplicate")
    yield from _position_faults(store, profile, rows)
    yield from _photo_faults(store, profile, rows)
    yield from _shared(profile, rows)


def _told_before(state: SentState) -> str:
    day = state.last.made_at[:10]
    if state.last.number:
        return tr("已在批次 {number}（{day}）里报送，之后没有变化").format(number=state.last.number, day=day)
    return tr("{day} 已手工录入，之后没有变化").format(day=day)


def _position_faults(store: Store, profile: Profile, rows: Sequence[PlannedRow]) -> Iterator[BatchFault]:
    """Where the target wants a position: none, or one that lies outside the survey's area as it is written."""
    columns = {kind: _header(profile, kind, ("lon", "lat")) for kind in _kinds(profile)}
    placed: list[PlannedRow] = []
    for row in rows:
        if not columns[row.kind]:
            continue
        if row.plain["lon"] is None or row.plain["lat"] is None:
            yield _fault(row, columns[row.kind], tr("没有位置，请在调查页补上"), "position")
        else:
            placed.append(row)
    outline = store.definition().area.outline
    if not outline or not placed:
        return
    dresser = Dresser(profile, "")
    written = [dresser.position(row.plain["lon"], row.plain["lat"]) for row in placed]
    for row, lies_inside in zip(placed, _inside(outline, profile.datum, written), strict=True):
        if not lies_inside:
            reason = tr("位置在普查范围以外，请核对位置或坐标系")
            yield _fault(row, columns[row.kind], reason, "outside")


def _inside(
    outline: dict[str, Any], datum: str, written: Sequence[tuple[float | None, float | None]]
) -> NDArray[np.bool_]:
    """Whether positions lie in the outline as it is in the target's datum, or at most ``_MARGIN`` outside."""
    known = coordinates.read_datum(datum)
    geometry = shapely.transform(
        shapely.make_valid(shapely.from_geojson(json.dumps(outline))),
        lambda points: np.column_stack(coordinates.convert_many(points[:, 0], points[:, 1], "wgs84", known)),
    )
    points = np.array(written, dtype=np.float64)
    if not coordinates.is_plane(known):  # metres, near enough for a margin
        scale = _METRES * np.array([np.cos(np.radians(shapely.get_y(geometry.centroid))), 1.0])
        geometry = shapely.transform(geometry, lambda given: given * scale)
        points = points * scale
    shapely.prepare(geometry)
    found: NDArray[np.bool_] = shapely.dwithin(geometry, shapely.points(points), _MARGIN)
    return found


def _photo_faults(store: Store, profile: Profile, rows: Sequence[PlannedRow]) -> Iterator[BatchFault]:
    """A photo that a row names and whose file is not there, or whose name another photo bears."""
    columns = {kind: _header(profile, kind, tuple(PHOTO_FIELDS)) for kind in _kinds(profile)}
    folder = store.photos_folder
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
    bearers: dict[str, str] = {}
    for row in rows:
        gone = [photo for photo in row.photos if photo.sha256 + photo.suffix not in there]
        if gone:
            reason = tr("有 {n} 张照片的文件不在照片文件夹里").format(n=len(gone))
            yield _fault(row, columns[row.kind], reason, "photo")
        if any(bearers.setdefault(photo.name.lower(), photo.sha256) != photo.sha256 for photo in row.photos):
            reason = tr("照片文件名与另一张重复，请在方案的 photo_name 里写上 {fields}").format(
                fields=listed(("{code}", "{kind}", "{n}"))
            )
            yield _fault(row, columns[row.kind], reason, "photo_name")


def _shared(profile: Profile, rows: Sequence[PlannedRow]) -> Iterator[BatchFault]:
    """A number of the city that two records bear (where it is written), or a code that answers could not tell apart."""
    numbers: dict[tuple[RowKind, str], list[PlannedRow]] = defaultdict(list)
    keys: dict[str, list[PlannedRow]] = defaultdict(list)
    columns = {kind: _header(profile, kind, ("city_number",)) for kind in _kinds(profile)}
    for row in rows:
        number = row.plain.get("city_number")
        if number and columns[row.kind]:
            numbers[row.kind, str(number)].append(row)
        if profile.answer:
            keys[row.key].append(row)
    for (kind, number), those in numbers.items():
        for row in those if len(those) > 1 else ():
            other = next(x.code for x in those if x is not row)
            reason = tr("市系统编号 {number} 与 {other} 的相同").format(number=number, other=other)
            yield _fault(row, columns[kind], reason, "number")
    for key, those in keys.items():
        for row in those if len(those) > 1 else ():
            reason = tr(
                "市系统按“{key}”答复，有 {n} 行用这个编号，答复时分不清；请在方案的 answer 里用 finding_code"
            ).format(key=key, n=len(those))
            yield _fault(row, tr("答复编号"), reason, "key")


def _kinds(profile: Profile) -> Collection[RowKind]:
    return dict.fromkeys(sheet.rows for sheet in profile.sheets).keys()


def _header(profile: Profile, kind: RowKind, fields: Sequence[str]) -> str:
    """The title of the first column of such rows that holds one of ``fields``; '' if none does."""
    if not set(fields) & set(asked_fields(profile, kind)):
        return ""
    return next(
        column.header for sheet in profile.sheets if sheet.rows == kind for column in sheet.columns
        if column.names & set(fields)
    )  # fmt: skip
