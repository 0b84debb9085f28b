"""Make a city batch: choose accepted records, check every cell, fill the template, move all of it out as one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from barrierfree import conformance, coordinates, workbook
from barrierfree.errors import BatchError, StorageError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition, ElementType, Model
from barrierfree.model.records import BatchRow, Changes, Finding, Inspection, Step
from barrierfree.model.words import FindingState, VerdictKind, label
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import ExportRecord, Store
from barrierfree.workbook import CellFault, Profile, Values

Selection = Literal["new", "changed", "all"]
_DATUM_NAMES: Final = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


class BatchPlan(Model):
    """What a batch would hold. ``faults`` must be empty before it can be written, but for excepted records."""

    profile: Profile
    selection: Selection
    number: str
    rows: tuple[tuple[str, Values], ...]
    photos: tuple[tuple[str, str, str], ...]  # file name in the batch, hash, suffix
    faults: tuple[CellFault, ...]
    template: bytes = b""


class BatchReport(Model):
    """A batch that was written: its folder, workbook, and what went."""

    number: str
    folder: str
    workbook: str
    rows: int
    photos: int
    sha256: str
    changes: Changes = Changes()


def plan_batch(
    store: Store, selection: Selection = "new", *, profile_file: Path | None = None, progress: Progress = SILENT
) -> BatchPlan:
    """Choose the records and check them; writes nothing.

    ``profile_file`` takes a profile (with its template beside it) instead of the survey's own.

    ``new``: accepted and in no batch yet; ``changed``: sent before in another state; ``all``: every accepted record.
    """
    definition = store.definition()
    profile, template = _profile(store, profile_file)
    sent = store.sent()
    rows: list[tuple[str, Values]] = []
    photos: list[tuple[str, str, str]] = []
    records = store.export_records()
    for done, record in enumerate(records):
        progress.step(done, len(records))
        values, pictures = _values(store, definition, profile, record)
        fresh = record.id not in sent
        differs = not fresh and sent[record.id] != _hash(values)
        if selection == "all" or (selection == "new" and fresh) or (selection == "changed" and differs):
            rows.append((record.id, values))
            photos += pictures
    faults = workbook.check(profile, _as_rows(profile, rows), template)
    return BatchPlan(
        profile=profile, selection=selection, number=store.next_batch_number(), rows=tuple(rows),
        photos=tuple(dict.fromkeys(photos)), faults=faults, template=template,
    )  # fmt: skip


def _profile(store: Store, file: Path | None) -> tuple[Profile, bytes]:
    if file is None:
        return workbook.read_profile(store.profile()), store.template()
    try:
        profile = workbook.read_profile(file.read_text(encoding="utf-8"), file.name)
        return profile, (file.parent / profile.template).read_bytes()
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(
            tr("读不了导出方案或它的模板：{error}").format(error=error),
            tr("方案（.toml）和模板（.xlsx）要放在同一个文件夹里。"),
        ) from error


class PreparedBatch(Model):
    """A batch whose files lie aside, complete, waiting to be moved out and remembered."""

    plan: BatchPlan
    rows: tuple[tuple[str, Values], ...]
    aside: Path
    folder: Path
    book: str
    sha256: str


def write_batch(
    store: Store,
    plan: BatchPlan,
    out: Path,
    *,
    person: str,
    excepted: Iterable[str] = (),
    progress: Progress = SILENT,
) -> BatchReport:
    """Prepare and finish a batch in one go."""
    return finish_batch(store, prepare_batch(store, plan, out, excepted=excepted, progress=progress), person=person)


def prepare_batch(
    store: Store, plan: BatchPlan, out: Path, *, excepted: Iterable[str] = (), progress: Progress = SILENT
) -> PreparedBatch:
    """Write workbook, photos and manifest of the planned batch aside; a fault, a cancel or a full disk leaves nothing.

    ``excepted`` names records to leave out although (or because) they are faulty.
    """
    if not store.is_main_file:
        raise BatchError(tr("只有总库能导出批次。"), tr("请把数据交给持有总库的统筹员，由他导出。"))
    rows = _rows_to_write(plan, set(excepted))
    folder = out / tr("批次_{number}").format(number=plan.number)
    if folder.exists():
        raise BatchError(tr("文件夹“{folder}”已经存在。").format(folder=folder), tr("请换一个输出文件夹。"))
    aside = folder.with_name(folder.name + ".part")
    try:
        book, sha256 = _write_aside(store, plan, rows, aside, progress)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(out, error) from error
        raise
    return PreparedBatch(plan=plan, rows=tuple(rows), aside=aside, folder=folder, book=book.name, sha256=sha256)


def finish_batch(store: Store, prepared: PreparedBatch, *, person: str) -> BatchReport:
    """Move a prepared batch out as one and remember it; if either fails neither happened."""
    plan, folder = prepared.plan, prepared.folder
    try:
        os.replace(prepared.aside, folder)
    except OSError as error:
        shutil.rmtree(prepared.aside, ignore_errors=True)
        raise _unwritable(folder.parent, error) from error
    try:
        changes = store.record_batch(
            plan.number, person=person, profile=plan.profile.name, selection=plan.selection, file=prepared.book,
            sha256=prepared.sha256,
            rows=[
                BatchRow(record=r, code=str(v["checkpoint_code"]), values_hash=_hash(v)) for r, v in prepared.rows
            ],
        )  # fmt: skip
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # nothing remembered, nothing left behind
        raise
    return BatchReport(
        number=plan.number, folder=str(folder), workbook=str(folder / prepared.book), rows=len(prepared.rows),
        photos=len(plan.photos), sha256=prepared.sha256, changes=changes,
    )  # fmt: skip


def _rows_to_write(plan: BatchPlan, left_out: set[str]) -> list[tuple[str, Values]]:
    faults = [f for f in plan.faults if f.record not in left_out]
    if faults:
        first = faults[0]
        raise BatchError(
            tr("有 {n} 处不符合要求，没有写出。第一处：{code} 的“{column}”{reason}。").format(
                n=len(faults), code=first.code, column=first.column, reason=first.reason
            ),
            tr("请按检查结果逐条改正，或把这些记录排除后再导出。"),
        )
    rows = [(record, values) for record, values in plan.rows if record not in left_out]
    if not rows:
        raise BatchError(tr("没有可以导出的记录。"), tr("只有审核通过的记录才会进入批次。"))
    return rows


def _unwritable(out: Path, error: OSError) -> StorageError:
    return StorageError(
        tr("无法写入“{path}”：{reason}。").format(path=out, reason=error.strerror or error),
        tr("请换一个可以写入的文件夹，或腾出磁盘空间后重试；没有留下半个批次。"),
    )


def _write_aside(
    store: Store, plan: BatchPlan, rows: Sequence[tuple[str, Values]], aside: Path, progress: Progress
) -> tuple[Path, str]:
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(parents=True)
    book = aside / plan.profile.file_name.format(number=plan.number)
    (book,) = workbook.fill(plan.profile, plan.template, _as_rows(plan.profile, rows), book)
    used = {name for _, values in rows for name in _names(values)}
    files = [book.name]
    for done, (name, sha256, suffix) in enumerate(plan.photos):
        progress.step(done, len(plan.photos), name)
        source = store.photo_path(sha256, suffix)
        if name in used and source.is_file():
            target = aside / plan.profile.photo_folder / name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
            files.append(f"{plan.profile.photo_folder}/{name}")
    manifest = {
        "number": plan.number, "profile": plan.profile.name, "status": plan.profile.status, "rows": len(rows),
        "files": {name: hashlib.sha256((aside / name).read_bytes()).hexdigest() for name in files},
    }  # fmt: skip
    (aside / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return book, str(manifest["files"][book.name])  # type: ignore[index]


def _as_rows(profile: Profile, rows: Sequence[tuple[str, Values]]) -> workbook.Rows:
    made = [workbook.Row(record, str(values["checkpoint_code"]), values) for record, values in rows]
    return {sheet.rows: made for sheet in profile.sheets}


def _names(values: Values) -> list[str]:
    return [n for key in ("photos_before", "photos_after") for n in str(values.get(key) or "").split("、") if n]


def _hash(values: Values) -> str:
    kept = {name: value for name, value in values.items() if name != "serial"}
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _values(
    store: Store, definition: Definition, profile: Profile, record: ExportRecord
) -> tuple[Values, list[tuple[str, str, str]]]:
    """Our fields of one row, and the photos that go with it."""
    site, inspection, finding = record.site, record.inspection, record.finding
    known = definition.site_class(site.site_class)
    element = definition.checklist.element(inspection.element)
    communities = {c.name: c.code for c in definition.area.communities}
    code = f"{site.code}-{_element_number(store, inspection):02d}"
    lon = lat = None
    if site.lon is not None and site.lat is not None:
        lon, lat = coordinates.convert(site.lon, site.lat, "wgs84", coordinates.read_datum(profile.datum))
    before = finding.photos_before if finding else inspection.photos
    after = finding.photos_after if finding else ()
    taken: list[tuple[str, str, str]] = []
    values: Values = {
        "site_code": site.code, "checkpoint_code": code, "city": definition.area.city,
        "district": definition.area.district, "street": definition.area.street, "community": site.community,
        "community_code": communities.get(site.community, ""), "site_name": site.name,
        "site_class": known.label.zh if known else "", "key_area": known.key_area if known else "",
        "address": site.address,
        "lon": None if lon is None else round(lon, profile.decimals),
        "lat": None if lat is None else round(lat, profile.decimals),
        "datum": _DATUM_NAMES.get(profile.datum, profile.datum),
        "element": element.label.zh if element else inspection.element, "number": inspection.number,
        "photos_before": _photo_names(store, profile, code, "前", before, taken),
        "photos_after": _photo_names(store, profile, code, "后", after, taken),
        "accepted_by": record.accepted_by, "surveyor": record.inspector,
        "surveyed_on": _date(inspection.recorded_at, profile), "note": site.note,
    }  # fmt: skip
    values |= judged(definition, element, inspection, finding)
    values |= _rectified(store, profile, finding)
    return values, taken


def _element_number(store: Store, inspection: Inspection) -> int:
    """The place of a checkpoint among those of its site: the NN behind the point code."""
    ids = [c.id for c in store.checkpoints(inspection.site)]
    return ids.index(inspection.checkpoint) + 1


def _photo_names(
    store: Store, profile: Profile, code: str, kind: str, hashes: Sequence[str], taken: list[tuple[str, str, str]]
) -> str:
    names = []
    for n, photo in enumerate(store.photos(hashes), start=1):
        if not photo.withdrawn:
            name = profile.photo_name.format(code=code, kind=kind, n=n)
            names.append(name)
            taken.append((name, photo.sha256, photo.suffix))
    return "、".join(names)


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
    present = {"yes": "有", "no": "无", "na": "不适用"}.get(str(inspection.answers.get("present", "")), "")
    description = "；".join(reasons) or (finding.note if finding else "")
    return {
        "present": present, "measured": measured_text(element, inspection.answers),
        "limits": "；".join(limits), "clauses": "；".join(dict.fromkeys(clauses)),
        "verdict": "不达标" if all_missed else "达标",
        "problem": label(finding.problem) if finding else "", "description": description,
        "severity": {"high": "高", "medium": "中", "low": "低"}.get(finding.severity, "") if finding else "",
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


def _rectified(store: Store, profile: Profile, finding: Finding | None) -> Values:
    if finding is None:
        return {}
    names = {p.id: p.name for p in store.people()}
    return rectified(finding, store.steps(finding.id), names, lambda iso: _date(iso, profile))


def rectified(finding: Finding, steps: Sequence[Step], names: Mapping[str, str], dated: Callable[[str], str]) -> Values:
    """How a finding was handled, in the words of the ledger; ``dated`` writes a date."""
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
    return {
        "unit": finding.unit, "responsible": finding.responsible, "measure": finding.measure,
        "quantity": finding.quantity, "quantity_unit": finding.quantity_unit, "method": method,
        "deadline": dated(finding.deadline), "done_on": closed_on, "state": label(finding.state),
        "closed_by": names.get(closing.person, "") if closing else "", "closed_on": closed_on,
        "conclusion": "复检合格，销号" if closing else "", "return_reason": returned[-1] if returned else "",
    }  # fmt: skip


def _date(iso: str, profile: Profile) -> str:
    return datetime.fromisoformat(iso).date().isoformat() if iso else ""
