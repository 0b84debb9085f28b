"""Flat records: stable English names for programs, Chinese titles and words for people; texts made harmless."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from barrierfree import cells, conformance
from barrierfree.formats.content import DECIMALS, About, Tally
from barrierfree.model import words
from barrierfree.model.definition import Definition, ElementType, Question
from barrierfree.model.open_records import SiteRecord
from barrierfree.model.records import Finding, Inspection, Site, Verdict
from barrierfree.model.words import Severity, VerdictKind

Value = str | int | float | None
Kind = Literal["string", "int", "double"]
_COMMERCIAL: Final = ("gcj02", "bd09")  # datums of the commercial maps, and their planes
# The worst first: one verdict for a checkpoint.
_WORST: Final = (
    VerdictKind.NOT_MET, VerdictKind.CHECK_STANDARD, VerdictKind.MEASURE_AGAIN, VerdictKind.CANNOT_TELL,
    VerdictKind.MET,
)  # fmt: skip
# Units as the endings of names; a slope is told as rise/run.
_ENDINGS: Final = {
    "length_mm": "_mm", "length_m": "_m", "slope": "_ratio", "force_n": "_n", "seconds": "_s", "area_m2": "_m2",
}  # fmt: skip


_DATES: Final = ("date", "time", "datetime", "dateTime", "today", "start", "end")
_YES_NO: Final = frozenset({"yes", "no", "true", "false"})
MOST_DIGITS: Final = 10  # a longer one may be a telephone number


@dataclass(frozen=True, slots=True)
class Column:
    """A value of a flat record: its name for programs, its Chinese title, its type."""

    name: str
    title: str
    kind: Kind = "string"


@dataclass(frozen=True, slots=True)
class Flat:
    """A record as a file shows it: its own values by column, answers by question, position in WGS-84 or None."""

    id: str
    title: str
    status: str
    values: dict[str, Value]
    answers: dict[str, Value]
    position: tuple[float, float] | None


_PLACE: Final = (
    Column("site_code", "点位编码"), Column("site_name", "点位名称"), Column("site_class", "类别代码"),
    Column("site_class_zh", "类别"), Column("community", "社区"), Column("street", "街道"), Column("address", "地址"),
)  # fmt: skip
_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "sites": (
        *_PLACE, Column("district", "区"), Column("grid", "网格"), Column("city_number", "市系统编号"),
        Column("status", "状态代码"), Column("status_zh", "状态"), Column("checkpoints", "检查点", "int"),
        Column("inspected", "已检查", "int"), Column("open_findings", "未关闭问题", "int"),
    ),
    "checkpoints": (
        *_PLACE, Column("element", "元素代码"), Column("element_zh", "元素"), Column("number", "序号", "int"),
        Column("status", "状态代码"), Column("status_zh", "状态"), Column("verdict", "判定代码"),
        Column("verdict_zh", "判定"), Column("not_met", "不达标条目"), Column("reasons_zh", "判定理由"),
        Column("measured_zh", "实测值"), Column("answers_zh", "检查内容"), Column("inspected_on", "检查日期"),
    ),
    "findings": (
        *_PLACE, Column("element", "元素代码"), Column("element_zh", "元素"), Column("number", "序号", "int"),
        Column("problem", "问题代码"), Column("problem_zh", "问题"), Column("rules", "不达标条目"),
        Column("severity", "严重程度代码"), Column("severity_zh", "严重程度"), Column("status", "状态代码"),
        Column("status_zh", "状态"), Column("status_since", "状态日期"), Column("round", "轮次", "int"),
        Column("unit", "责任单位"), Column("deadline", "期限"), Column("quantity", "安装数量", "double"),
        Column("quantity_unit", "数量单位"), Column("reported_on", "发现日期"), Column("city_number", "市系统编号"),
    ),
}  # fmt: skip
_NAMES: Final = {
    "sites": (), "checkpoints": (Column("inspected_by", "检查人"),), "findings": (Column("responsible", "责任人"),),
}  # fmt: skip
_NOTES: Final = {
    "sites": (Column("note", "备注"),), "checkpoints": (),
    "findings": (Column("measure", "整改措施"), Column("note", "备注"), Column("deadline_note", "期限说明")),
}  # fmt: skip
_PHOTOS: Final = {
    "sites": (Column("photos", "照片"),), "checkpoints": (Column("photos", "照片"),),
    "findings": (Column("photos_before", "整改前照片"), Column("photos_after", "整改后照片")),
}  # fmt: skip


def columns(about: About) -> tuple[Column, ...]:
    """The columns of a layer, those of the extras that were asked for last."""
    found = _COLUMNS[about.layer]
    for wanted, extra in ((about.with_names, _NAMES), (about.notes, _NOTES), (about.with_photos, _PHOTOS)):
        found += extra[about.layer] if wanted else ()
    return found


def flat(records: Iterator[SiteRecord], about: About, tally: Tally, *, places: bool) -> Iterator[Flat]:
    """The records of the layer, one after the other; without a position only where ``places`` is not asked for."""
    named = [c.name for c in columns(about)]
    make: Callable[[SiteRecord, About, Tally], Iterator[Flat]] = {
        "sites": _site, "checkpoints": _checkpoints, "findings": _findings,
    }[about.layer]  # fmt: skip
    for record in records:
        if places and position(record.site) is None:
            tally.bare += sum(1 for _ in make(record, about, Tally()))  # and its photos stay, too
            continue
        borrowed = is_borrowed(record.site)
        for one in make(record, about, tally):
            tally.written += 1
            tally.borrowed += borrowed
            one.values.update({name: None for name in named if name not in one.values})
            yield one


def is_borrowed(site: Site) -> bool:
    """Whether the position was given in the datum of a commercial map."""
    return site.lon is not None and site.datum.startswith(_COMMERCIAL)


def position(site: Site) -> tuple[float, float] | None:
    """Longitude and latitude in WGS-84 degrees, rounded; None without one."""
    if site.lon is None or site.lat is None:
        return None
    return round(site.lon, DECIMALS), round(site.lat, DECIMALS)


def text(value: object) -> str:
    """A text without what XML and cells cannot hold (control characters, lone surrogates)."""
    return cells.clean(str(value))


def _place(site: Site, definition: Definition) -> dict[str, Value]:
    known = definition.site_class(site.site_class)
    return {
        "site_code": text(site.code), "site_name": text(site.name), "site_class": text(site.site_class),
        "site_class_zh": text(known.label.zh) if known else "", "community": text(site.community),
        "street": text(site.street or definition.area.street), "address": text(site.address),
    }  # fmt: skip


def _site(record: SiteRecord, about: About, tally: Tally) -> Iterator[Flat]:
    site = record.site
    if about.statuses and site.status not in about.statuses:
        return
    hashes = [h for c in record.checkpoints if c.inspection for h in c.inspection.photos]
    values = _place(site, about.definition) | {
        "district": text(site.district or about.definition.area.district), "grid": text(site.grid),
        "city_number": text(site.city_number), "status": site.status.value, "status_zh": words.label(site.status),
        "checkpoints": site.checkpoints, "inspected": site.inspected, "open_findings": site.open_findings,
    }  # fmt: skip
    if about.notes:
        values["note"] = text(site.note)
    if about.with_photos:
        values["photos"] = _photos(hashes, about, tally)
    yield Flat(site.id, text(site.name), site.status.value, values, {}, position(site))


def _checkpoints(record: SiteRecord, about: About, tally: Tally) -> Iterator[Flat]:
    place = _place(record.site, about.definition)
    for one in record.checkpoints:
        checkpoint, inspection = one.checkpoint, one.inspection
        if about.statuses and checkpoint.status not in about.statuses:
            continue
        element = about.definition.checklist.element(checkpoint.element)
        name = text(element.label.zh) if element else checkpoint.element
        values = place | {
            "element": checkpoint.element, "element_zh": name, "number": checkpoint.number,
            "status": checkpoint.status.value, "status_zh": words.label(checkpoint.status),
        }  # fmt: skip
        if inspection is not None:
            values |= _inspected(inspection, element, about)
            if about.with_photos:
                values["photos"] = _photos(inspection.photos, about, tally)
        answers = _answers(element, inspection, about) if inspection is not None else {}
        title = _title(place["site_name"], name, checkpoint.number)
        yield Flat(checkpoint.id, title, checkpoint.status.value, values, answers, position(record.site))


def _inspected(inspection: Inspection, element: ElementType | None, about: About) -> dict[str, Value]:
    missed = [v for v in inspection.verdicts if v.kind is VerdictKind.NOT_MET]
    kind = overall(inspection)
    said = list(answers_zh(element, inspection.answers, notes=about.notes))
    values: dict[str, Value] = {
        "verdict": kind.value if kind else "", "verdict_zh": words.label(kind) if kind else "",
        "not_met": ";".join(v.rule for v in missed),
        "reasons_zh": "；".join(filter(None, (_reason(v, element, about.definition) for v in missed))),
        "measured_zh": "；".join(f"{q.label.zh} {answer}" for q, answer in said if q.quantity),
        "answers_zh": "；".join(f"{q.label.zh}：{answer}" for q, answer in said),
        "inspected_on": inspection.recorded_at[:10],
    }  # fmt: skip
    if about.with_names:
        values["inspected_by"] = text(about.names.get(inspection.person, ""))
    return {name: text(value) for name, value in values.items()}


def overall(inspection: Inspection) -> VerdictKind | None:
    """The worst verdict of an inspection; None if no rule said anything of it."""
    kinds = {v.kind for v in inspection.verdicts}
    return next((kind for kind in _WORST if kind in kinds), None)


def _reason(verdict: Verdict, element: ElementType | None, definition: Definition) -> str:
    rule = definition.checklist.rule(verdict.rule)
    question = element.question(rule.question) if element and rule else None
    return conformance.explain(verdict, rule, question, "zh_CN") if rule and question else ""


def answers_zh(
    element: ElementType | None, answers: Mapping[str, Any], *, notes: bool
) -> Iterator[tuple[Question, str]]:
    """The answers in Chinese words in the order of the form; free texts only with ``notes``."""
    for question in element.questions if element else ():
        value = told(question, answers.get(question.name), notes=notes)
        if value not in (None, "", []):
            yield question, _said(question, value)


def told(question: Question, value: Any, *, notes: bool) -> Any:
    """An answer without what somebody wrote freely, in which anything may stand: names too, telephone numbers too.

    Goes: numbers, slopes, choices of the question, dates; a calculated text only if it is a number or yes or no.
    """
    if isinstance(value, list):
        return [one for one in value if told(question, one, notes=notes) is not None]
    if notes or not isinstance(value, str) or question.kind in _DATES or _is_number(value):
        return value
    known = {c.name for c in question.choices} or (_YES_NO if question.kind == "calculate" else ())
    return value if value in known else None


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value)) and len(value) < MOST_DIGITS
    except ValueError:
        return False


def _said(question: Question, value: Any) -> str:
    if isinstance(value, Mapping):
        return text(value.get("entered", ""))
    if isinstance(value, list):
        return "、".join(_said(question, one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return conformance.measure_text(value, question.quantity, question.unit) if math.isfinite(value) else ""
    return text(next((c.label.zh for c in question.choices if c.name == str(value)), value))


def _answers(element: ElementType | None, inspection: Inspection, about: About) -> dict[str, Value]:
    """Answers by the name of their question with its unit: ``q_clear_width_m``, ``q_slope_ratio``, ``q_present``."""
    found: dict[str, Value] = {}
    for question in element.questions if element else ():
        value = told(question, inspection.answers.get(question.name), notes=about.notes)
        if value in (None, "", []):
            continue
        name = f"q_{question.name}{_ENDINGS.get(question.quantity, '')}"
        if isinstance(value, Mapping):
            found[name] = number(value.get("ratio"))
            found[f"q_{question.name}_entered"] = text(value.get("entered", ""))
        elif isinstance(value, list):
            found[name] = text(" ".join(str(v) for v in value))  # as XForms has it: names parted by spaces
        elif isinstance(value, bool | str):
            found[name] = text(value)
        else:
            found[name] = number(value)
    return {name: value for name, value in found.items() if value is not None}


def number(value: object) -> float | int | None:
    """A number that JSON can hold, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _findings(record: SiteRecord, about: About, tally: Tally) -> Iterator[Flat]:
    place = _place(record.site, about.definition)
    for finding in record.findings:
        if about.statuses and finding.state not in about.statuses:
            continue
        values = place | _found(finding, about.definition)
        if about.with_names:
            values["responsible"] = text(finding.responsible)
        if about.notes:
            values |= {"measure": text(finding.measure), "note": text(finding.note),
                       "deadline_note": text(finding.deadline_note)}  # fmt: skip
        if about.with_photos:
            values["photos_before"] = _photos(finding.photos_before, about, tally)
            values["photos_after"] = _photos(finding.photos_after, about, tally)
        title = _title(place["site_name"], values["element_zh"], words.label(finding.problem))
        yield Flat(finding.id, title, finding.state.value, values, {}, position(record.site))


def _found(finding: Finding, definition: Definition) -> dict[str, Value]:
    element = definition.checklist.element(finding.element)
    severity = finding.severity
    return {
        "element": finding.element, "element_zh": text(element.label.zh) if element else finding.element,
        "number": finding.number, "problem": finding.problem.value, "problem_zh": words.label(finding.problem),
        "rules": ";".join(finding.rules), "severity": severity,
        "severity_zh": words.label(Severity(severity)) if severity in list(Severity) else "",
        "status": finding.state.value, "status_zh": words.label(finding.state),
        "status_since": finding.state_since[:10], "round": finding.round, "unit": text(finding.unit),
        "deadline": finding.deadline, "quantity": number(finding.quantity),
        "quantity_unit": text(finding.quantity_unit), "reported_on": finding.reported_at[:10],
        "city_number": text(finding.city_number),
    }  # fmt: skip


def _title(*parts: Value) -> str:
    return " ".join(str(part) for part in parts if part)


def _photos(hashes: tuple[str, ...] | list[str], about: About, tally: Tally) -> str:
    kept = [h for h in hashes if h in about.photos]
    tally.hashes.update(dict.fromkeys(kept))
    return ";".join(about.photos[h] for h in kept)
