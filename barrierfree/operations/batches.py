"""Make a city batch: choose accepted records, check every cell, fill the template, move all of it out as one.

The order of writing: everything lies complete and synced in a folder ``….part`` beside its place; then the ledger
remembers it in one transaction; then the folder gets its name. Whatever stops the computer, the ledger never misses
what could have been handed over: before the transaction nothing happened, after it the folder is found and named by
the next batch (``recover``), and the batch can be made again from what the ledger keeps.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, get_args

from barrierfree import workbook
from barrierfree.errors import BarrierFreeError, BatchError, StorageError
from barrierfree.i18n import listed, tr
from barrierfree.model.city import Batch, BatchFile, BatchFilter, BatchRow, LeftOut, NewBatch, Selection
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes
from barrierfree.operations.batch_checks import BatchFault, FaultSort, faults_of
from barrierfree.operations.batch_choice import choose, filter_words
from barrierfree.operations.batch_values import (
    PhotoFile,
    PhotoNames,
    PlannedRow,
    dressed,
    judged,
    measured_text,
    rectified,
)
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store
from barrierfree.workbook import Profile

__all__ = [
    "BatchFault",
    "BatchPlan",
    "BatchReport",
    "PlannedRow",
    "PreparedBatch",
    "Selection",
    "again",
    "finish_batch",
    "judged",
    "measured_text",
    "plan_batch",
    "prepare_batch",
    "profile_alone",
    "profile_of",
    "recover",
    "rectified",
    "without",
    "write_batch",
]
_MANIFEST: Final = "manifest.json"
_PART: Final = ".part"


@dataclass(frozen=True, kw_only=True)
class BatchPlan:
    """What a batch would hold. ``faults`` must be empty before it can be written, but for excepted records.

    ``losses`` says what of the template would not be in the result; writing refuses unless they are accepted.
    ``warnings`` says what of it ends above the last row, and which rows give way as examples.
    """

    profile: Profile
    profile_text: str
    template: bytes
    wanted: BatchFilter
    words: str
    number: str
    rows: tuple[PlannedRow, ...]
    faults: tuple[BatchFault, ...]
    losses: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def selection(self) -> Selection:
        """Which records were asked for."""
        return self.wanted.what

    @property
    def photos(self) -> tuple[PhotoFile, ...]:
        """The photos that go along, each once."""
        return _photos(self.rows)


class BatchReport(Model):
    """A batch that was written: its folder, workbooks, what went and what was left out by name.

    ``recovered``: numbers of batches whose folder was found unfinished and was put in its place. ``missing``: photos
    whose file was not there (only of a batch made again). ``differing``: files of a batch made again that are not
    byte for byte those of the first time.
    """

    number: str
    folder: str
    workbook: str
    rows: int
    photos: int
    sha256: str
    workbooks: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    recovered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    changes: Changes = Changes()


def plan_batch(
    store: Store,
    wanted: BatchFilter | Selection = "new",
    *,
    profile_file: Path | None = None,
    progress: Progress = SILENT,
) -> BatchPlan:
    """Choose the records and check them; writes nothing.

    ``profile_file`` takes a profile (with its template beside it) instead of the survey's own.
    """
    asked = wanted if isinstance(wanted, BatchFilter) else BatchFilter(what=wanted)
    profile, text, template = profile_of(store, profile_file)
    sent = store.sent_states()
    rows = choose(store, profile, asked, sent, progress)
    number = store.next_batch_number()
    faults = faults_of(store, profile, template, number, rows, sent, progress)
    return BatchPlan(
        profile=profile, profile_text=text, template=template, wanted=asked, words=filter_words(store, asked),
        number=number, rows=tuple(rows), faults=faults, losses=workbook.losses(profile, template),
        warnings=workbook.template_warnings(profile, template, dressed(profile, number, rows)),
    )  # fmt: skip


def profile_of(store: Store, file: Path | None = None) -> tuple[Profile, str, bytes]:
    """The profile, its text and its template: the survey's own, or those of a file."""
    profile, text = _profile_text(store, file)
    if file is None:
        return profile, text, store.template()
    template = file.parent / profile.template
    _refuse_open(template)
    with _readable(file):
        return profile, text, template.read_bytes()


def profile_alone(store: Store, file: Path | None = None) -> Profile:
    """The profile without its template."""
    return _profile_text(store, file)[0]


def _profile_text(store: Store, file: Path | None) -> tuple[Profile, str]:
    if file is None:
        text = store.profile()
        return workbook.read_profile(text), text
    with _readable(file):
        text = file.read_text(encoding="utf-8-sig")
    return workbook.read_profile(text, file.name), text


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Say in words why a profile or its template cannot be read."""
    try:
        yield
    except PermissionError as error:
        raise BatchError(
            tr("打不开“{path}”：没有权限，或者它正被另一个程序打开。").format(path=error.filename or file),
            tr("请关闭 Excel 等程序里的这个文件，再试一次。"),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(
            tr("读不了导出方案或它的模板：{error}").format(error=error),
            tr("方案（.toml）和模板（.xlsx）要放在同一个文件夹里。"),
        ) from error


def _refuse_open(template: Path) -> None:
    """A template that somebody is editing is not what the screen shows: Excel and LibreOffice leave a mark beside."""
    marks = (f"~${template.name}", f"~${template.name[2:]}", f".~lock.{template.name}#")
    if any((template.parent / mark).exists() for mark in marks):
        raise BatchError(
            tr("模板“{name}”正在 Excel 或 LibreOffice 里打开。").format(name=template.name),
            tr("请保存并关闭它，再试一次。"),
        )


@dataclass(frozen=True, kw_only=True)
class PreparedBatch:
    """A batch whose files lie aside, complete, waiting to be remembered and moved out."""

    plan: BatchPlan
    rows: tuple[PlannedRow, ...]
    left_out: tuple[LeftOut, ...]
    aside: Path
    folder: Path
    files: tuple[BatchFile, ...]  # the workbooks first
    books: int
    recovered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def write_batch(
    store: Store,
    plan: BatchPlan,
    out: Path,
    *,
    person: str,
    excepted: Iterable[str] = (),
    accepted: Collection[str] = (),
    progress: Progress = SILENT,
) -> BatchReport:
    """Prepare and finish a batch in one go."""
    prepared = prepare_batch(store, plan, out, excepted=excepted, accepted=accepted, progress=progress)
    return finish_batch(store, prepared, person=person)


def prepare_batch(
    store: Store,
    plan: BatchPlan,
    out: Path,
    *,
    excepted: Iterable[str] = (),
    accepted: Collection[str] = (),
    progress: Progress = SILENT,
) -> PreparedBatch:
    """Write workbooks, photos and manifest of the planned batch aside; a fault, a cancel or a full disk leaves nothing.

    ``excepted`` names records to leave out although (or because) they are faulty: by id, by code, or by the sort of
    their fault (``duplicate`` …). ``accepted`` are those of the plan's ``losses`` that the user takes.
    """
    if not store.is_main_file:
        raise BatchError(tr("只有总库能导出批次。"), tr("请把数据交给持有总库的统筹员，由他导出。"))
    rows, left_out = _rows_to_write(plan, excepted)
    recovered = recover(store, out)
    prepared = _prepare(store, plan, rows, out, accepted, progress)
    return replace(prepared, left_out=left_out, recovered=recovered)


def _prepare(
    store: Store, plan: BatchPlan, rows: tuple[PlannedRow, ...], out: Path, accepted: Collection[str],
    progress: Progress,
) -> PreparedBatch:  # fmt: skip
    folder = out / tr("批次_{number}").format(number=plan.number)
    _refuse_existing(store, folder)
    aside = folder.with_name(folder.name + _PART)
    try:
        if aside.exists():
            shutil.rmtree(aside)
        aside.mkdir(parents=True)
        books = workbook.fill(
            plan.profile, plan.template, dressed(plan.profile, plan.number, rows),
            aside / plan.profile.file_name.format(number=plan.number), accepted=accepted,
            progress=lambda done, total: progress.step(done, total, tr("正在写工作簿")),
        )  # fmt: skip
        missing = _copy_photos(store, plan.profile, rows, aside, progress)
        files = _seal(store, plan, rows, aside, books)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, OSError):
            raise _unwritable(out, error) from error
        raise
    return PreparedBatch(
        plan=plan, rows=rows, left_out=(), aside=aside, folder=folder, files=files, books=len(books), missing=missing
    )


def finish_batch(store: Store, prepared: PreparedBatch, *, person: str) -> BatchReport:
    """Remember a prepared batch and move it out; if it cannot be remembered or moved, neither happened."""
    plan, folder = prepared.plan, prepared.folder
    new = NewBatch.model_construct(
        number=plan.number, profile=plan.profile.name, profile_text=plan.profile_text, template=plan.template,
        wanted=plan.wanted, words=plan.words, files=prepared.files, left_out=prepared.left_out,
        rows=tuple(
            BatchRow.unchecked({
                "record": r.record, "code": r.key, "values_hash": r.values_hash, "kind": r.kind, "state": r.state,
                "inspection": r.inspection, "step": r.step,
            })
            for r in prepared.rows
        ),
        values=tuple(r.plain for r in prepared.rows),
    )  # fmt: skip
    try:
        _refuse_existing(store, folder)
        _refuse_sent_since(store, prepared.rows)
        made, changes = store.record_batch(new, person=person)
    except BaseException:
        shutil.rmtree(prepared.aside, ignore_errors=True)  # nothing remembered, nothing left behind
        raise
    try:
        os.replace(prepared.aside, folder)
    except OSError as error:
        _undo(store, prepared, made, person)
        raise _unwritable(folder.parent, error) from error
    _sync_folder(folder.parent)
    return _report(prepared, changes)


def _refuse_sent_since(store: Store, rows: Iterable[PlannedRow]) -> None:
    """Nothing goes twice: a record may have been typed in by hand since the batch was planned."""
    now = {key: state.last.id for key, state in store.sent_states().items()}
    other = [row.code for row in rows if now.get((row.kind, row.record), "") != row.sent]
    if other:
        raise BatchError(
            tr("检查之后又报送了 {n} 条记录，例如 {code}。").format(n=len(other), code=other[0]),
            tr("没有写出任何文件；请重新检查一次，再导出。"),
        )


def _undo(store: Store, prepared: PreparedBatch, batch: str, person: str) -> None:
    """Take back a batch whose folder could not be named. If that fails too, its files stay and it can be recovered."""
    try:
        store.take_back_batch(batch, person=person)
    except BarrierFreeError as error:
        raise StorageError(
            tr("批次 {number} 已经登记，但文件夹没有改名，内容完整地留在“{folder}”。").format(
                number=prepared.plan.number, folder=prepared.aside
            ),
            tr("请把文件夹名末尾的 .part 去掉；也可以在批次台账里重新生成。"),
        ) from error
    shutil.rmtree(prepared.aside, ignore_errors=True)


def _report(prepared: PreparedBatch, changes: Changes) -> BatchReport:
    folder = prepared.folder
    books = tuple(str(folder / file.name) for file in prepared.files[: prepared.books])
    return BatchReport(
        number=prepared.plan.number, folder=str(folder), workbook=books[0], rows=len(prepared.rows),
        photos=len(prepared.files) - prepared.books, sha256=prepared.files[0].sha256, workbooks=books,
        left_out=prepared.left_out, recovered=prepared.recovered, missing=prepared.missing, changes=changes,
    )  # fmt: skip


def again(store: Store, number: str, out: Path, *, progress: Progress = SILENT) -> BatchReport:
    """Make a batch of the ledger again below ``out``, as it went: same rows, values, profile and template.

    Nothing is remembered. ``missing`` and ``differing`` of the report say what is not as it was the first time.
    """
    kept = store.kept_batch(number)
    profile = workbook.read_profile(kept.profile_text)
    names = PhotoNames(profile)
    rows = tuple(
        PlannedRow(
            kind=row.kind, record=row.record, site="", code=row.code, key=row.code, plain=plain,
            state=row.state, photos=names.of(row.kind, plain),
        )
        for row, plain in zip(kept.rows, kept.values, strict=True)
    )  # fmt: skip
    plan = BatchPlan(
        profile=profile, profile_text=kept.profile_text, template=kept.template, wanted=BatchFilter(what="all"),
        words=kept.batch.words, number=kept.batch.number, rows=rows, faults=(),
    )  # fmt: skip
    taken = workbook.losses(profile, kept.template)  # they were accepted the first time
    recover(store, out)
    prepared = _prepare(store, plan, rows, out, taken, progress)
    try:
        os.replace(prepared.aside, prepared.folder)
    except OSError as error:
        shutil.rmtree(prepared.aside, ignore_errors=True)
        raise _unwritable(out, error) from error
    first = {file.name: file.sha256 for file in kept.batch.files}
    other = tuple(file.name for file in prepared.files if first.get(file.name) != file.sha256)
    return _report(prepared, Changes()).model_copy(update={"differing": other, "left_out": kept.batch.left_out})


def recover(store: Store, out: Path) -> tuple[str, ...]:
    """Put batches in their place that the ledger remembers and whose folder was not named yet; their numbers.

    That is what a computer leaves that stopped in the last moment. Only complete folders are touched: every file of
    the manifest is there and is what the ledger says.
    """
    known = {b.number: b for b in store.batches()}
    found = []
    for aside in sorted(out.glob(f"*{_PART}")) if out.is_dir() else ():
        folder = aside.with_name(aside.name.removesuffix(_PART))
        manifest = _manifest(aside)
        batch = known.get(str(manifest.get("number", "")))
        ours = manifest.get("survey") == store.survey_mark()
        if batch is not None and ours and not folder.exists() and _complete(aside, batch):
            with suppress(OSError):
                os.replace(aside, folder)
                found.append(batch.number)
    return tuple(found)


def _complete(folder: Path, batch: Batch) -> bool:
    try:
        return bool(batch.files) and all(hash_of(folder / f.name) == f.sha256 for f in batch.files)
    except OSError:
        return False


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _refuse_existing(store: Store, folder: Path) -> None:
    if not folder.exists():
        return
    number = str(_manifest(folder).get("number", ""))
    if number and number not in {b.number for b in store.batches()}:
        raise BatchError(
            tr("文件夹“{folder}”里已有批次 {number}，但这个普查文件没有登记它。").format(folder=folder, number=number),
            tr("打开的可能是较早的备份。如果它已经报送，请打开最新的文件；没有报送就删掉这个文件夹，再导出。"),
        )
    raise BatchError(tr("文件夹“{folder}”已经存在。").format(folder=folder), tr("请换一个输出文件夹。"))


def without(
    plan: BatchPlan, excepted: Iterable[str]
) -> tuple[tuple[PlannedRow, ...], tuple[LeftOut, ...], tuple[BatchFault, ...]]:
    """The plan's rows without those that are excepted, these with their faults in words, and the faults that stand.

    Raises ``BatchError`` for a name that is none of the plan's.
    """
    left_out = set(excepted)
    names = {name for row in plan.rows for name in (row.record, row.code, row.key)}
    strangers = sorted(left_out - names - set(get_args(FaultSort)))
    if strangers:
        raise BatchError(
            tr("这个批次里没有“{code}”，不能排除。").format(code=strangers[0]), tr("请写检查结果里的编号。")
        )
    found: dict[tuple[str, str], list[BatchFault]] = {}
    for fault in plan.faults:
        found.setdefault((fault.kind, fault.record), []).append(fault)
    rows, out = [], []
    for row in plan.rows:
        faults = found.get((row.kind, row.record), [])
        if {row.record, row.code, row.key} & left_out or any(f.sort in left_out for f in faults):
            said = listed(dict.fromkeys(f.reason for f in faults))
            out.append(LeftOut(record=row.record, kind=row.kind, code=row.code, reason=said))
        else:
            rows.append(row)
    gone = {(x.kind, x.record) for x in out}
    standing = [f for f in plan.faults if (f.kind, f.record) not in gone]
    if out and any(f.sort == "template" for f in standing):  # fewer rows may fit above what stands below them
        still = workbook.template_faults(plan.profile, plan.template, dressed(plan.profile, plan.number, rows))
        standing = [f for f in standing if f.sort != "template" or f.reason in still]
    return tuple(rows), tuple(out), tuple(standing)


def _rows_to_write(plan: BatchPlan, excepted: Iterable[str]) -> tuple[tuple[PlannedRow, ...], tuple[LeftOut, ...]]:
    rows, out, standing = without(plan, excepted)
    if standing:
        first = standing[0]
        where = tr("{code} 的“{column}”{reason}").format(code=first.code, column=first.column, reason=first.reason)
        raise BatchError(
            tr("有 {n} 处不符合要求，没有写出。第一处：{where}。").format(
                n=len(standing), where=where if first.record else first.reason.rstrip("。")
            ),
            tr("请按检查结果逐条改正，或把这些记录排除后再导出。"),
        )
    if not rows:
        raise BatchError(tr("没有可以导出的记录。"), tr("只有审核通过的记录才会进入批次。"))
    return rows, out


def _unwritable(out: Path, error: OSError) -> StorageError:
    return StorageError(
        tr("无法写入“{path}”：{reason}。").format(path=out, reason=error.strerror or error),
        tr("请换一个可以写入的文件夹，或腾出磁盘空间后重试；没有留下半个批次。"),
    )


def _photos(rows: Iterable[PlannedRow]) -> tuple[PhotoFile, ...]:
    return tuple(dict.fromkeys(photo for row in rows for photo in row.photos))


def _copy_photos(
    store: Store, profile: Profile, rows: Sequence[PlannedRow], aside: Path, progress: Progress
) -> tuple[str, ...]:
    """Copy the photos under the profile's names; the names of those whose file is not there."""
    photos = _photos(rows)
    missing = []
    folder = aside / profile.photo_folder
    for done, photo in enumerate(photos):
        progress.step(done, len(photos), photo.name)
        source = store.photo_path(photo.sha256, photo.suffix)
        if not source.is_file():
            missing.append(photo.name)
            continue
        folder.mkdir(exist_ok=True)
        shutil.copyfile(source, folder / photo.name)
    return tuple(missing)


def _seal(
    store: Store, plan: BatchPlan, rows: Sequence[PlannedRow], aside: Path, books: Sequence[Path]
) -> tuple[BatchFile, ...]:
    """Write the manifest, bring everything to the disk, and say what there is."""
    photos = sorted(p for p in aside.rglob("*") if p.is_file() and p not in books)
    files = tuple(
        BatchFile(name=path.relative_to(aside).as_posix(), sha256=hash_of(path)) for path in (*books, *photos)
    )
    manifest = {
        "number": plan.number, "survey": store.survey_mark(), "profile": plan.profile.name,
        "status": plan.profile.status, "selection": plan.words, "rows": len(rows),
        "files": {file.name: file.sha256 for file in files},
    }  # fmt: skip
    target = aside / _MANIFEST
    target.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (*books, *photos, target):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    for folder in (aside, *(p for p in aside.iterdir() if p.is_dir())):
        _sync_folder(folder)
    return files


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that for folders."""
    with suppress(OSError):
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
