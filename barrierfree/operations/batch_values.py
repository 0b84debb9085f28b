"""The fields of a row of a batch: what a record says (plain), as a profile wants it (dressed), and whether it changed.

Plain values are what a batch keeps: words, ISO dates, WGS-84 positions, photos by their hashes. They say nothing of a
profile, so a batch can be made again from them, and another profile or another name of a photo is no change.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final

from barrierfree import conformance, coordinates, workbook
from barrierfree.i18n import tr
from barrierfree.model.city import Plain, RowKind
from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.records import Finding, Inspection, Site, Step
from barrierfree.model.words import FindingState, VerdictKind, label
from barrierfree.store import ExportRecord, Store
from barrierfree.workbook import Profile, Row, Values

PHOTO_FIELDS: Final = {"photos_before": "前", "photos_after": "后"}
_DATUM_NAMES: Final = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
_SEVERITY: Final = {"high": "高", "medium": "中", "low": "低"}
_PRESENT: Final = {"yes": "有", "no": "无", "na": "不适用"}
# What a profile or the batch gives, not the record; and the city's own number, which comes with its answer.
_NOT_OF_THE_RECORD: Final = frozenset({"serial", "batch", "datum", "city_number"})


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo of a row: its name in the batch, its hash and the suffix of its file."""

    name: str
    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of a planned batch.

    ``code`` is that of the record as people read it, ``key`` the code the city answers by. ``changed`` names the
    fields that differ from what was sent last, ``sent`` is that sending (both empty for what was never sent).
    """

    kind: RowKind
    record: str
    site: str
    code: str
    key: str
    plain: Plain
    state: str
    inspection: str = ""
    step: str = ""
    photos: tuple[PhotoFile, ...] = ()
    changed: tuple[str, ...] = ()
    sent: str = ""

    @property
    def values_hash(self) -> str:
        """The hash of the plain values."""
        text = json.dumps(self.plain, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Describer:
    """Turns records into plain values; looks up what all of them need once."""

    def __init__(self, store: Store) -> None:
        self._definition: Definition = store.definition()
        self._communities = {c.name: c.code for c in self._definition.area.communities}
        self._elements = {e.code: e for e in self._definition.checklist.elements}
        self._classes = {c.code: c for c in self._definition.classes}
        self._photos = store.kept_photos()
        self._numbers = {key: state.city_number for key, state in store.sent_states().items() if state.city_number}

    def plain(self, record: ExportRecord) -> Plain:
        """Every field of a record but those that a profile gives."""
        values = self._of_place(record.site)
        values["accepted_by"], values["surveyor"] = record.accepted_by, record.inspector
        if record.kind == "site":
            return values | self._of_site(record)
        return values | self._of_checkpoint(record)

    def _of_place(self, site: Site) -> Plain:
        known, area = self._classes.get(site.site_class), self._definition.area
        return {
            "site_code": site.code, "city": area.city, "district": site.district or area.district,
            "street": site.street or area.street, "community": site.community,
            "community_code": self._communities.get(site.community, ""), "grid": site.grid, "site_name": site.name,
            "site_class": known.label.zh if known else "", "key_area": known.key_area if known else "",
            "address": site.address, "lon": site.lon, "lat": site.lat, "note": site.note,
        }  # fmt: skip

    def _of_checkpoint(self, record: ExportRecord) -> Plain:
        inspection, finding = record.inspection, record.finding
        about = inspection or finding
        assert about is not None
        known = self._classes.get(record.site.site_class)
        element = self._elements.get(about.element)
        before = finding.photos_before if finding else inspection.photos if inspection else ()
        number = finding.city_number if finding and record.kind == "finding" else ""
        values: Plain = {
            "checkpoint_code": record.checkpoint_code, "finding_code": record.code if finding else "",
            "element": element.label.zh if element else about.element or "整个点位", "number": about.number,
            "due": "是" if known and about.element in known.elements else "否",
            "city_number": number or self._numbers.get((record.kind, record.id), ""),
            "photos_before": self._kept(before), "photos_after": self._kept(finding.photos_after if finding else ()),
            "surveyed_on": inspection.recorded_at[:10] if inspection else "",
        }  # fmt: skip
        if inspection:
            values |= judged(self._definition, element, inspection, finding)
        elif finding:
            values |= {"problem": label(finding.problem), "description": finding.note, "verdict": "不达标",
                       "severity": _SEVERITY.get(finding.severity, "")}  # fmt: skip
        return values | (rectified(finding, record.steps, None, lambda iso: iso[:10]) if finding else {})

    def _of_site(self, record: ExportRecord) -> Plain:
        counted = Counter(self._elements[i.element].label.zh if i.element in self._elements else i.element
                          for i in record.inspections)  # fmt: skip
        not_met = [i for i in record.inspections if any(v.kind is VerdictKind.NOT_MET for v in i.verdicts)]
        those = [f for f in record.findings if f.state not in (FindingState.INVALID, FindingState.DUPLICATE)]
        rules = [v.rule for i in not_met for v in i.verdicts if v.kind is VerdictKind.NOT_MET]
        known = [rule for rule in (self._definition.checklist.rule(r) for r in rules) if rule is not None]
        before = [p for f in those for p in f.photos_before] or [p for i in record.inspections for p in i.photos]
        return {
            "city_number": record.site.city_number,
            "problem": "、".join(dict.fromkeys(label(f.problem) for f in those)),
            "photos_before": self._kept(before),
            "photos_after": self._kept([p for f in those for p in f.photos_after]),
            "verdict": ("不达标" if not_met else "达标") if record.inspections else "",
            "clauses": "；".join(dict.fromkeys(f"{rule.edition} {rule.clause}" for rule in known)),
            "surveyed_on": max((i.recorded_at[:10] for i in record.inspections), default=""),
            "elements": len(record.inspections), "elements_met": len(record.inspections) - len(not_met),
            "elements_not_met": len(not_met),
            "element_words": "、".join(f"{name} {n}" for name, n in counted.items()),
            "findings": len(those), "findings_open": sum(not f.state.closed for f in those),
            "findings_closed": sum(f.state.closed for f in those),
        }  # fmt: skip

    def _kept(self, hashes: Iterable[str]) -> list[list[str]]:
        """The photos that were not withdrawn: hash and suffix."""
        return [[h, self._photos[h]] for h in dict.fromkeys(hashes) if h in self._photos]


def judged(
    definition: Definition, element: ElementType | None, inspection: Inspection, finding: Finding | None
) -> Values:
    """What an inspection found, in the words of the ledger (Chinese, whatever the interface speaks)."""
    checklist = definition.checklist
    carried = finding.rules if finding else ()
    missed = [v for v in inspection.verdicts if v.kind is VerdictKind.NOT_MET and (not carried or v.rule in carried)]
    shown = [v.rule for v in missed] or list(carried)
    reasons, limits, clauses = [], [], []
    for rule in (checklist.rule(r) for r in shown):
        question = element.question(rule.question) if element and rule else None
        if rule is None or question is None:
            continue
        limits.append(conformance.limit_text(rule, question, "zh_CN"))
        clauses.append(f"{rule.edition} {rule.clause}")
        reasons += [conformance.explain(v, rule, question, "zh_CN") for v in missed if v.rule == rule.id]
    all_missed = any(v.kind is VerdictKind.NOT_MET for v in inspection.verdicts)
    return {
        "present": _PRESENT.get(str(inspection.answers.get("present", "")), ""),
        "measured": measured_text(element, inspection.answers),
        "limits": "；".join(limits), "clauses": "；".join(dict.fromkeys(clauses)),
        "verdict": "不达标" if all_missed else "达标",
        "problem": label(finding.problem) if finding else "",
        "description": "；".join(reasons) or (finding.note if finding else ""),
        "severity": _SEVERITY.get(finding.severity, "") if finding else "",
    }  # fmt: skip


def measured_text(element: ElementType | None, answers: dict[str, Any]) -> str:
    """The measured values of an inspection, each with its question and unit."""
    parts = []
    for question in element.questions if element else ():
        value = answers.get(question.name)
        if not question.quantity or value in (None, ""):
            continue
        if isinstance(value, dict):
            value = value.get("entered", "")
        parts.append(f"{question.label.zh} {value} {question.unit}".strip())
    return "；".join(parts)


def rectified(
    finding: Finding, steps: Sequence[Step], names: Mapping[str, str] | None, dated: Callable[[str], str]
) -> Values:
    """How a finding was handled, in the words of the ledger; ``dated`` writes a date.

    ``names`` are those of people, by id; None where the steps carry them.
    """
    closing = next((s for s in reversed(steps) if s.request.to is FindingState.RECTIFIED), None)
    if finding.state is not FindingState.RECTIFIED:
        closing = None
    returned = [
        s.request.reason for a, s in pairwise(steps)
        if a.request.to is FindingState.CLAIMED and s.request.to is FindingState.IN_PROGRESS
    ]  # fmt: skip
    visited = [s.request.to for s in steps]
    spot = FindingState.CLAIMED in visited and FindingState.IN_PROGRESS not in visited
    method = "软服务" if finding.state is FindingState.SOFT_SERVICE else "立查立改" if spot else ""
    if not method and finding.measure:
        method = "工程改造"
    closed_on = dated(closing.recorded_at) if closing else ""
    closed_by = "" if closing is None else closing.person_name if names is None else names.get(closing.person, "")
    return {
        "unit": finding.unit, "responsible": finding.responsible, "measure": finding.measure,
        "quantity": finding.quantity, "quantity_unit": finding.quantity_unit, "method": method,
        "deadline": dated(finding.deadline), "done_on": closed_on, "state": label(finding.state),
        "closed_by": closed_by, "closed_on": closed_on,
        "conclusion": "复检合格，销号" if closing else "", "return_reason": returned[-1] if returned else "",
    }  # fmt: skip


# -- is it the same as what was sent? -------------------------------------------------------------------------------


def state_of(record: ExportRecord) -> str:
    """The state of a record as a hash: what people said of the place, which inspections and steps it rests on, and its
    photos. Not the words and clauses of the definition, nor anything a profile says, nor the city's number.
    """
    site = record.site
    basis = [
        site.code, site.name, site.address, site.community, site.site_class, repr(site.lon), repr(site.lat), site.note,
        site.district, site.street, site.grid,
    ]  # fmt: skip
    for inspection in sorted(record.inspections, key=_id):
        basis += ["", inspection.id, *inspection.photos]
    for finding in sorted(record.findings, key=_id):
        basis += ["", finding.id, finding.last_step, finding.state, *finding.rules, "", *finding.photos_before]
    return hashlib.sha256("\x1f".join(basis).encode("utf-8", "surrogatepass")).hexdigest()


_id: Final = attrgetter("id")


def differing(plain: Plain, sent: Mapping[str, Any], asked: Iterable[str]) -> tuple[str, ...]:
    """Those of the ``asked`` fields in which a record differs from what was sent of it.

    A field that was not kept then (by an earlier version) tells nothing; nor does the city's own number.
    """
    return tuple(
        name for name in asked
        if name not in _NOT_OF_THE_RECORD and name in sent and (plain.get(name) or "") != (sent[name] or "")
    )  # fmt: skip


def asked_fields(profile: Profile, kind: RowKind) -> tuple[str, ...]:
    """The fields that a profile asks of rows of this kind, in the order of its columns."""
    return tuple(dict.fromkeys(
        name for sheet in profile.sheets if sheet.rows == kind for column in sheet.columns
        for name in ([column.field] if column.field else sorted(column.names))
    ))  # fmt: skip


# -- as a profile wants it ------------------------------------------------------------------------------------------


class PhotoNames:
    """Gives the photos of a batch their names, so that no two share one: several findings of a checkpoint go on
    counting, and a photo that two rows show keeps its name.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._asked = {kind: asked_fields(profile, kind) for kind in ("site", "checkpoint", "finding")}
        self._given: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    def of(self, kind: RowKind, plain: Plain) -> tuple[PhotoFile, ...]:
        """The photos that go with a row, those before first."""
        code = plain.get("checkpoint_code") or plain["site_code"]
        found = []
        for name, word in PHOTO_FIELDS.items():
            if name in self._asked[kind]:
                given = self._given[code, word]
                for sha256, suffix in plain[name]:
                    made = given.get(sha256)
                    if made is None:
                        made = self._profile.photo_name.format(code=code, kind=word, n=len(given) + 1)
                        given[sha256] = made
                    found.append(PhotoFile(made, sha256, suffix))
        return tuple(found)


class Dresser:
    """Gives plain values what a profile says: its datum, the names of photos, the number of the batch."""

    def __init__(self, profile: Profile, number: str) -> None:
        self._profile = profile
        self._number = number
        self._datum = coordinates.read_datum(profile.datum)
        self._datum_name = _DATUM_NAMES.get(profile.datum, profile.datum)
        self._positions: dict[tuple[float, float], tuple[float, float]] = {}

    def position(self, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
        """A WGS-84 position in the profile's datum, rounded as it is written."""
        if lon is None or lat is None:
            return None, None
        held = self._positions.get((lon, lat))
        if held is None:
            x, y = coordinates.convert(lon, lat, "wgs84", self._datum)
            held = self._positions[lon, lat] = round(x, self._profile.decimals), round(y, self._profile.decimals)
        return held

    def values(self, row: PlannedRow) -> Values:
        """The values of our fields as they are checked and written."""
        values: Values = dict(row.plain)
        values["lon"], values["lat"] = self.position(row.plain["lon"], row.plain["lat"])
        values["datum"], values["batch"] = self._datum_name, self._number
        names = {photo.sha256: photo.name for photo in row.photos}
        for field in PHOTO_FIELDS:
            values[field] = "、".join(names[h] for h, _ in row.plain.get(field, ()) if h in names)
        return values


class DressedRows(Collection[Row]):
    """The rows of a batch as ``workbook`` takes them, made as one goes: 60,000 of them at once would take 200 MB."""

    def __init__(self, dresser: Dresser, rows: Sequence[PlannedRow]) -> None:
        self._dresser, self._rows = dresser, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            yield Row(row.record, row.code, self._dresser.values(row))

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)


def dressed(profile: Profile, number: str, rows: Sequence[PlannedRow]) -> workbook.Rows:
    """The rows of a batch by kind, for ``workbook.check`` and ``workbook.fill``."""
    dresser = Dresser(profile, number)
    kinds = dict.fromkeys(sheet.rows for sheet in profile.sheets)
    return {kind: DressedRows(dresser, [row for row in rows if row.kind == kind]) for kind in kinds}


def key_of(profile: Profile, plain: Plain, code: str) -> str:
    """The code by which the city answers for a row: what its layout of the answer says, else the most exact one."""
    asked = plain.get(profile.answer.field) if profile.answer else ""
    return str(asked or code)


def field_word(name: str) -> str:
    """What a field holds, in few words."""
    return tr(workbook.FIELDS.get(name, name)).split("：")[0].split("，")[0].split("；")[0].split("（")[0]
