"""The rows of the ledger (台账) and of the notices to units (整改通知单).

Both go to units and to the city, so they are Chinese whatever the interface speaks; the columns are those seen in
ledgers of the programme (design, domain.md 2.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from barrierfree.model.definition import Definition
from barrierfree.model.records import Finding
from barrierfree.model.words import label
from barrierfree.operations.batches import judged, measured_text, rectified
from barrierfree.report import Cell, Picture, Row
from barrierfree.store import LedgerRecord, Store
from barrierfree.workbook import NOTICE_COLUMNS, Values

# Header: our field. Fields we hold nothing for ('') stay as empty columns, as the ledgers of the programme have them.
LEDGER_COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("序号", "serial"), ("点位编号", "site_code"), ("区", "district"), ("街道", "street"), ("社区", "community"),
    ("道路/小区", ""), ("点位名称", "site_name"), ("场所类别", "site_class"), ("重点领域", "key_area"),
    ("详细地址", "address"), ("经度", "lon"), ("纬度", "lat"), ("坐标系", "datum"), ("元素类型", "element"),
    ("元素编号", "number"), ("是否应建", "required"), ("现状", "present"), ("实测值", "measured"),
    ("标准限值", "limits"), ("依据条款", "clauses"), ("问题类型", "problem"), ("问题描述", "description"),
    ("严重程度", "severity"), ("整改前照片", "photos_before"), ("责任单位", "unit"), ("行业主管部门", ""),
    ("责任人", "responsible"), ("联系电话", ""), ("整改措施", "measure"), ("整改方式", "method"),
    ("数量", "quantity"), ("数量单位", "quantity_unit"), ("计划完成时间", "deadline"), ("实际完成时间", "done_on"),
    ("整改状态", "state"), ("是否超期", "overdue"), ("整改后照片", "photos_after"), ("验收人", "closed_by"),
    ("验收时间", "closed_on"), ("验收结论", "conclusion"), ("退回原因", "return_reason"), ("普查人", "surveyor"),
    ("普查时间", "surveyed_on"), ("备注", "note"), ("问题编号", "id"),
)  # fmt: skip
# On paper there is room for the columns by which a finding is followed, with their share of the line.
PAPER_COLUMNS: Final[tuple[tuple[str, int], ...]] = (
    ("serial", 4), ("site_code", 9), ("community", 5), ("site_name", 9), ("element", 6), ("problem", 6),
    ("description", 18), ("clauses", 8), ("unit", 7), ("measure", 6), ("quantity", 4), ("deadline", 7),
    ("state", 5), ("done_on", 7),
)  # fmt: skip
_DATUM: Final = "WGS-84"


class Described:
    """Turns ledger records into values of our fields; looks up people and photos once."""

    def __init__(self, store: Store, today: str) -> None:
        self._definition: Definition = store.definition()
        self._names: Mapping[str, str] = {p.id: p.name for p in store.people()}
        self._photos = store.kept_photos()
        self._today = today

    def values(self, record: LedgerRecord) -> Values:
        """Every field but the photos and the running number."""
        finding, site, inspection = record.finding, record.site, record.inspection
        known = self._definition.site_class(site.site_class)
        element = self._definition.checklist.element(finding.element)
        values: Values = {
            "id": finding.id, "site_code": site.code, "district": site.district, "street": site.street,
            "community": site.community, "site_name": site.name, "site_class": known.label.zh if known else "",
            "key_area": known.key_area if known else "", "address": site.address, "lon": site.lon, "lat": site.lat,
            "datum": _DATUM if site.lon is not None else "",
            "element": element.label.zh if element else finding.element or "整个点位", "number": finding.number,
            "required": "应建" if known and finding.element in known.elements else "",
            "problem": label(finding.problem), "description": finding.note, "note": site.note,
            "severity": {"high": "高", "medium": "中", "low": "低"}.get(finding.severity, ""),
            "overdue": "超期" if finding.overdue(self._today) else "",
        }  # fmt: skip
        if inspection is not None:
            values |= judged(self._definition, element, inspection, finding)
            values |= {"measured": measured_text(element, inspection.answers),
                       "surveyor": self._names.get(inspection.person, ""),
                       "surveyed_on": inspection.recorded_at[:10]}  # fmt: skip
            if finding.note and values["description"] != finding.note:  # what the person wrote beside the figures
                values["description"] = f"{values['description']}；{finding.note}"
        values |= rectified(finding, record.steps, self._names, lambda iso: iso[:10])
        return values

    def pictures(self, hashes: tuple[str, ...]) -> tuple[Picture, ...]:
        """The photos that are still there."""
        return tuple(Picture(h, self._photos[h]) for h in hashes if h in self._photos)


def ledger_rows(
    described: Described, records: Callable[[], Iterator[LedgerRecord]], *, paper: bool, photos: bool
) -> Iterator[Row]:
    """The rows of the ledger: all columns, or those for paper. Photos as such, or how many there are."""
    fields = [name for name, _ in PAPER_COLUMNS] if paper else [field for _, field in LEDGER_COLUMNS]
    for serial, record in enumerate(records(), start=1):
        values: dict[str, Cell] = dict(described.values(record))
        values["serial"] = serial
        if not paper:
            values["photos_before"] = _photo_cell(described, record.finding.photos_before, photos)
            values["photos_after"] = _photo_cell(described, record.finding.photos_after, photos)
        else:
            values["quantity"] = _quantity(record.finding)
        yield [values.get(field) for field in fields]


def ledger_headers(*, paper: bool) -> tuple[str, ...]:
    """The headers of those rows."""
    if not paper:
        return tuple(header for header, _ in LEDGER_COLUMNS)
    headers = {field: header for header, field in LEDGER_COLUMNS}
    return tuple(headers[field] for field, _ in PAPER_COLUMNS)


def _photo_cell(described: Described, hashes: tuple[str, ...], shown: bool) -> Cell:
    pictures = described.pictures(hashes)
    return pictures if shown else f"{len(pictures)} 张" if pictures else None


def _quantity(finding: Finding) -> str:
    return f"{finding.quantity:g} {finding.quantity_unit}".strip() if finding.quantity is not None else ""


def notice_rows(described: Described, records: Iterator[LedgerRecord]) -> Iterator[Row]:
    """What a unit is told of each finding, and empty cells for what it writes back; the id last."""
    for serial, record in enumerate(records, start=1):
        values: dict[str, Cell] = dict(described.values(record))
        number = f"{values['element']} {record.finding.number}" if record.finding.number > 1 else values["element"]
        before = described.pictures(record.finding.photos_before)
        values |= {"serial": serial, "element": number, "photos_before": before}
        values["planned_measure"] = record.finding.measure
        yield [None if column.filled_in else values.get(column.field) for column in NOTICE_COLUMNS]
