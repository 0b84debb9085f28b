"""The profile of the city's workbook: which is in force, files of it, adopting one, rows as they will be written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from barrierfree import workbook
from barrierfree.errors import BatchError, DefinitionError, StorageError
from barrierfree.i18n import mark, tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Changes
from barrierfree.model.words import FindingState, Problem, label
from barrierfree.operations.batch_values import PHOTO_FIELDS, Describer, Dresser, PhotoNames, PlannedRow
from barrierfree.operations.profile_samples import SAMPLE_VALUES
from barrierfree.store import KeptProfile, Store
from barrierfree.workbook import CellFault, Column, Profile, Row, RowKind, Rows, Sheet
from barrierfree.workbook.profile import column_letter
from barrierfree.workbook.rows import maker

FILE_NAME: Final = "profile.toml"
_LARGEST: Final = 64 << 20  # bytes of a part of a .zip; templates are a thousandth of that
_CURE: Final = mark("方案（.toml）和模板（.xlsx）要放在同一个文件夹里，或一起放在一个 .zip 里。")


@dataclass(frozen=True, slots=True)
class LiveCell:
    """What will stand in a cell, and what is wrong with it ('' for nothing)."""

    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class LiveSheet:
    """The first rows of a sheet as they will be written: the codes of the records, and per row a cell per column."""

    name: str
    codes: tuple[str, ...]
    rows: tuple[tuple[LiveCell, ...], ...]


@dataclass(frozen=True, slots=True)
class LiveRows:
    """The first records as rows. ``sample`` are the kinds of rows of which there is no accepted work yet."""

    rows: Rows
    sample: frozenset[RowKind] = frozenset()


# -- in force -------------------------------------------------------------------------------------------------------


def profile_in_force(store: Store) -> tuple[Profile, bytes]:
    """The profile that batches are written with, and its template. Raises ``DefinitionError`` where there is none."""
    return workbook.read_profile(store.profile()), store.template()


def adopt_profile(store: Store, profile: Profile, template: bytes, *, person: str) -> Changes:
    """Make ``profile`` the one that batches are written with; the earlier ones stay in the survey.

    Only the main file writes batches, so only it adopts. Raises ``BatchError`` elsewhere, and for a template that
    cannot be filled.
    """
    _refuse_elsewhere(store)
    faults = workbook.template_faults(profile, template)
    if faults:
        raise BatchError(faults[0], tr("请核对模板和方案；没有保存任何改动。"))
    return store.adopt_profile(workbook.profile_text(profile), template, person=person)


def use_profile(store: Store, kept: KeptProfile, *, person: str) -> Changes:
    """Go back to an earlier profile of this survey. Raises ``BatchError`` where this is not the main file."""
    _refuse_elsewhere(store)
    return store.use_profile(kept.id, person=person)


def _refuse_elsewhere(store: Store) -> None:
    if not store.is_main_file:
        raise BatchError(tr("只有总库能更换导出方案。"), tr("可以把方案导出成文件，交给持有总库的统筹员，由他导入。"))


# -- files ----------------------------------------------------------------------------------------------------------


def import_profile(path: Path) -> tuple[Profile, bytes]:
    """The profile at ``path`` (.toml) with its template beside it, or a .zip that holds both. Nothing is stored."""
    try:
        if zipfile.is_zipfile(path):
            return _from_zip(path)
        profile = workbook.read_profile(_decoded(path.read_bytes(), path.name), path.name)
        return profile, (path.parent / profile.template).read_bytes()
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BatchError(
            tr("读不了导出方案或它的模板：{error}").format(error=reason), tr(_CURE)
        ) from error  # RuntimeError: a password


def _from_zip(path: Path) -> tuple[Profile, bytes]:
    with zipfile.ZipFile(path) as packed:
        names = [n for n in packed.namelist() if n.lower().endswith(".toml") and "__MACOSX" not in n]
        if len(names) != 1:
            raise BatchError(
                tr("“{name}”里有 {n} 个方案文件（.toml），应该正好一个。").format(name=path.name, n=len(names)),
                tr(_CURE),
            )
        profile = workbook.read_profile(_decoded(_part(packed, names[0]), names[0]), names[0])
        wanted = str(PurePosixPath(names[0]).parent / profile.template)
        if wanted not in packed.namelist():
            raise BatchError(
                tr("“{name}”里没有方案写明的模板“{template}”。").format(name=path.name, template=profile.template),
                tr(_CURE),
            )
        return profile, _part(packed, wanted)


def _part(packed: zipfile.ZipFile, name: str) -> bytes:
    if packed.getinfo(name).file_size > _LARGEST:
        raise BatchError(tr("“{name}”太大了，不像方案或模板。").format(name=name), tr("请核对选的是不是导出方案。"))
    return packed.read(name)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            tr("方案“{name}”不是 UTF-8 编码的文本。").format(name=name), tr("请用记事本另存为 UTF-8 后再导入。")
        ) from error


def export_profile(profile: Profile, template: bytes, target: Path) -> tuple[Path, ...]:
    """Write profile and template into the folder ``target``, or into one .zip; the files that were written.

    A .zip of that name is replaced (who chose it was asked); files in a folder are not.
    """
    parts = {FILE_NAME: workbook.profile_text(profile).encode(), profile.template: template}
    try:
        if target.suffix.lower() == ".zip":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
                for name, content in parts.items():
                    made.writestr(name, content)
            return (_written(target, packed.getvalue()),)
        target.mkdir(parents=True, exist_ok=True)
        there = [name for name in parts if (target / name).exists()]
        if there:
            raise StorageError(
                tr("文件夹“{folder}”里已经有“{name}”。").format(folder=target, name=there[0]),
                tr("请换一个文件夹，以免盖掉原来的方案。"),
            )
        return tuple(_written(target / name, content) for name, content in parts.items())
    except OSError as error:
        raise StorageError(
            tr("无法写入“{path}”：{reason}。").format(path=target, reason=error.strerror or error),
            tr("请换一个可以写入的文件夹，或腾出磁盘空间后重试。"),
        ) from error


def _written(path: Path, content: bytes) -> Path:
    aside = path.with_name(path.name + ".part")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return path


def read_template(path: Path) -> bytes:
    """The workbook at ``path``, looked at: it must be an .xlsx that can be filled. Raises ``BatchError``."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BatchError(tr("“{name}”太大了，不像模板。").format(name=path.name), tr("请核对选的是不是空白模板。"))
        content = path.read_bytes()
    except OSError as error:
        raise BatchError(
            tr("读不了模板“{name}”：{reason}。").format(name=path.name, reason=error.strerror or error),
            tr("请核对文件还在不在；若正在 Excel 里打开，请先关闭。"),
        ) from error
    if not any(sheet.columns for sheet in workbook.template_headers(content)):
        raise BatchError(
            tr("模板“{name}”里没有找到列名。").format(name=path.name),
            tr("请核对选的是不是市里发的空白模板；列名要写在表格里，不能只是图片。"),
        )
    return content


# -- live rows ------------------------------------------------------------------------------------------------------


def live_rows(store: Store, profile: Profile, template: bytes, n: int = 3) -> tuple[LiveSheet, ...]:
    """The first ``n`` rows of every sheet as they will be written, with their faults."""
    return shown_rows(profile, first_rows(store, profile, n), template)


def first_rows(store: Store, profile: Profile, n: int = 3) -> LiveRows:
    """The first ``n`` records of each kind of row; invented values where there is no accepted work yet.

    They depend on the datum, the decimals and the photo names of ``profile``, and on the kinds of rows; not on its
    columns.
    """
    kinds: list[RowKind] = list(dict.fromkeys(sheet.rows for sheet in profile.sheets))
    photos = tuple(Column(header=name, field=name) for name in PHOTO_FIELDS)
    asking = profile.model_copy(
        update={"sheets": tuple(sheet.model_copy(update={"columns": photos}) for sheet in profile.sheets)}
    )
    describer, names = Describer(store), PhotoNames(asking)
    dresser = Dresser(profile, store.next_batch_number())
    found: dict[RowKind, list[Row]] = {kind: [] for kind in kinds}
    portions = store.export_portions(kinds, None, profile.without_findings)
    for record in chain.from_iterable(portion.records for portion in portions):
        if len(found[record.kind]) < n:
            plain = describer.plain(record)
            planned = PlannedRow(
                kind=record.kind, record=record.id, site=record.site.id, code=record.code, key=record.code, plain=plain,
                state="", photos=names.of(record.kind, plain),
            )  # fmt: skip
            found[record.kind].append(Row(record.id, record.code, dresser.values(planned)))
        elif all(len(rows) == n for rows in found.values()):
            break
    bare = frozenset(kind for kind, rows in found.items() if not rows)
    for kind in bare:
        kept = {name: SAMPLE_VALUES.get(name) for name in workbook.fields_of(kind)}
        found[kind] = [Row("sample", tr("示例"), kept)]
    return LiveRows(found, bare)


def shown_rows(profile: Profile, live: LiveRows, template: bytes = b"") -> tuple[LiveSheet, ...]:
    """``live`` as ``profile`` writes them, sheet by sheet, with what is wrong in each cell."""
    lettered = profile.model_copy(update={"sheets": tuple(map(_by_letter, profile.sheets))})
    faults: dict[tuple[str, int, str], CellFault] = {}
    for fault in workbook.check(lettered, live.rows, template):
        faults.setdefault((fault.sheet, fault.row, fault.column), fault)
    return tuple(_shown(lettered, sheet, live.rows, faults) for sheet in lettered.sheets)


def _by_letter(sheet: Sheet) -> Sheet:
    """The sheet with letters for titles: two columns may have the same title, and faults name no more than that."""
    columns = tuple(
        column.model_copy(update={"header": column_letter(at), "letter": column_letter(at)})
        for at, column in zip(sheet.places, sheet.columns, strict=True)
    )
    return sheet.model_copy(update={"columns": columns})


def _shown(profile: Profile, sheet: Sheet, rows: Rows, faults: Mapping[tuple[str, int, str], CellFault]) -> LiveSheet:
    makers = [maker(profile, column) for column in sheet.columns]
    made = []
    for serial, row in enumerate(rows.get(sheet.rows, ()), start=1):
        cells = []
        for column, make in zip(sheet.columns, makers, strict=True):
            value, fault = make(row.values, serial), faults.get((sheet.name, serial, column.header))
            text = value.strftime(profile.date_format) if isinstance(value, date) else "" if value is None else value
            cells.append(LiveCell(str(text), fault.reason if fault else ""))
        made.append(tuple(cells))
    codes = tuple(row.code for row in rows.get(sheet.rows, ()))
    return LiveSheet(sheet.name, codes, tuple(made))


# -- codes ----------------------------------------------------------------------------------------------------------


def known_words(definition: Definition, field: str) -> tuple[str, ...]:
    """The words that ``field`` may hold in this survey, where they are few; none for free texts and numbers."""
    area = definition.area
    words: Mapping[str, tuple[str, ...]] = {
        "city": (area.city,), "district": (area.district,), "street": (area.street,),
        "community": tuple(c.name for c in area.communities),
        "community_code": tuple(c.code for c in area.communities),
        "site_class": tuple(c.label.zh for c in definition.classes),
        "key_area": tuple(dict.fromkeys(c.key_area for c in definition.classes if c.key_area)),
        "element": tuple(e.label.zh for e in definition.checklist.elements),
        "problem": tuple(label(p) for p in Problem),
        "state": tuple(label(s) for s in FindingState),
        "verdict": ("达标", "不达标"), "present": ("有", "无", "不适用"), "due": ("是", "否"),
        "severity": ("高", "中", "低"), "method": ("立查立改", "工程改造", "软服务"),
    }  # fmt: skip
    return words.get(field, ())
