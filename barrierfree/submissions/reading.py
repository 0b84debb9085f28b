"""Puts the rows of an export together: each instance of the form with the rows of its repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from barrierfree.errors import SubmissionError
from barrierfree.i18n import tr
from barrierfree.submissions.limits import Report
from barrierfree.submissions.records import Attachments, Instance, Lost, Part, Record, Submissions
from barrierfree.submissions.tables import Table, read_csv, read_csv_zip, read_workbook

_ODK_IDS: Final = ("KEY", "meta-instanceID", "meta:instanceID", "meta/instanceID", "instanceID")
_KOBO_IDS: Final = ("meta/rootUuid", "_uuid", "meta/instanceID", "instanceID", "_id")
_NUMBERED: Final = re.compile(r"\[(\d+)\]$")  # uuid:…/element_door[2]


def read_submissions(path: Path, media: Path | None = None, progress: Report | None = None) -> Submissions:
    """Read an export of ODK Central or Aggregate (zip of csv, or one csv) or of KoboToolbox (xlsx).

    ``media`` is a folder of attachments that did not come in the zip. ``progress(done, all)`` may raise to stop.
    Raises ``SubmissionError`` for what cannot be read at all; single rows that belong nowhere are ``lost``.
    """
    report: Report = progress or (lambda done, total: None)
    start = _start(path)
    files = _files(media)
    if start.startswith(b"PK"):
        if _is_workbook(path):
            return _kobo(path, read_workbook(path, report), Attachments(files=files))
        tables, members = read_csv_zip(path, report)
        return _odk(path, tables, Attachments(path, members, files))
    if path.suffix.lower() == ".csv" and b"\0" not in start:
        return _odk(path, {path.name: read_csv(path)}, Attachments(files=files))
    raise SubmissionError(
        tr("“{name}”不是手机提交的数据。").format(name=path.name),
        tr("请选择 ODK Central 导出的 csv 压缩包（.zip）或 KoboToolbox 导出的 .xlsx（选“XML 值和表头”）。"),
    )


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise SubmissionError(
            tr("读不了“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否存在、是否正被其他程序占用。"),
        ) from error
    if not start:
        raise SubmissionError(tr("“{name}”是空文件（0 字节）。").format(name=path.name), tr("请重新导出。"))
    return start


def _is_workbook(path: Path) -> bool:
    import zipfile

    from barrierfree.submissions.limits import damaged

    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(path, error) from error


def _files(folder: Path | None) -> dict[str, Path]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise SubmissionError(tr("没有照片文件夹“{path}”。").format(path=folder), tr("请检查位置。"))
    return {p.name.lower(): p for p in sorted(folder.rglob("*")) if p.is_file()}


def _instance_id(record: Record, names: tuple[str, ...]) -> str:
    text = next((record.cells[n] for n in names if n in record.cells), "")
    return text.removeprefix("uuid:").lower()


def _odk(path: Path, tables: Mapping[str, Table], attachments: Attachments) -> Submissions:
    """The table of the form has no ``PARENT_KEY``; those of repeats name the rows they belong to."""
    forms = {n: t for n, t in tables.items() if t and not any("PARENT_KEY" in r.cells for r in t)}
    if not forms:
        raise SubmissionError(
            tr("“{name}”里没有表单的数据（带 KEY 列的 csv）。").format(name=path.name),
            tr("请在 ODK Central 里选“所有数据和附件”导出，不要改动压缩包。"),
        )
    if len(forms) > 1:  # the shortest name is that of the form: form.csv, form-element_door.csv
        shortest = min(forms, key=len)
        forms = {shortest: forms[shortest]}
    ((form, rows),) = forms.items()
    parts: dict[str, list[Part]] = {}
    lost: list[Lost] = []
    for name, table in tables.items():
        if name == form:
            continue
        repeat = name.removesuffix(".csv").removeprefix(form.removesuffix(".csv")).lstrip("-_")
        for record in table:
            parent = record.cells.get("PARENT_KEY", "").removeprefix("uuid:").lower()
            root = parent.partition("/")[0]
            numbered = _NUMBERED.search(record.cells.get("KEY", ""))
            siblings = parts.setdefault(root, [])
            number = int(numbered[1]) if numbered else 1 + sum(p.repeat == repeat for p in siblings)
            siblings.append(Part(repeat, number, record))
    return _joined(path, "odk", [(_instance_id(r, _ODK_IDS), r) for r in rows], parts, lost, attachments)


def _kobo(path: Path, tables: Mapping[str, Table], attachments: Attachments) -> Submissions:
    """The first sheet is the form; rows of the others name the ``_index`` of the row they belong to."""
    names = list(tables)
    rows = tables[names[0]] if names else []
    ids = [(_instance_id(r, _KOBO_IDS), r) for r in rows]
    if not any(i for i, _ in ids):
        raise SubmissionError(
            tr("“{name}”的第一张工作表没有 _uuid 列或没有内容。").format(name=path.name),
            tr("请在 KoboToolbox 里选 XLS、“XML 值和表头”导出，不要删列。"),
        )
    by_index = {r.cells.get("_index", ""): i for i, r in ids}
    parts: dict[str, list[Part]] = {}
    lost: list[Lost] = []
    for name in names[1:]:
        for record in tables[name]:
            root = record.cells.get("_submission__uuid", "").removeprefix("uuid:").lower()
            root = by_index.get(record.cells.get("_parent_index", ""), root)
            siblings = parts.setdefault(root, [])
            siblings.append(Part(name, 1 + sum(p.repeat == name for p in siblings), record))
    return _joined(path, "kobo", ids, parts, lost, attachments)


def _joined(
    path: Path, kind: str, rows: list[tuple[str, Record]], parts: dict[str, list[Part]], lost: list[Lost],
    attachments: Attachments,
) -> Submissions:  # fmt: skip
    instances: dict[str, Instance] = {}
    for instance, record in rows:
        if not instance:
            lost.append(Lost(record, tr("没有提交编号（KEY、_uuid）")))
        elif instance in instances:
            lost.append(Lost(record, tr("同一份提交出现了两次")))
        else:
            instances[instance] = Instance(instance, record, tuple(parts.get(instance, ())))
    for root, orphans in parts.items():
        if root not in instances:
            lost += [Lost(p.record, tr("找不到它所属的提交")) for p in orphans]
    return Submissions(path.name, kind, tuple(instances.values()), tuple(lost), attachments)
