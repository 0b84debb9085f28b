"""What a unit wrote into its notice (整改通知单), as proposed steps: nothing is taken over unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from barrierfree import conformance, workbook
from barrierfree.errors import AnswerError, BarrierFreeError, NotFoundError
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Finding, Photo, StepRequest
from barrierfree.model.words import FindingState
from barrierfree.operations import pictures
from barrierfree.operations.bulk_steps import elsewhere
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import JudgedStep, Store, WantedStep
from barrierfree.workbook import NoticeFault, NoticeRow, ReadNotice

_GIVEN_OUT: Final = frozenset({FindingState.OPEN, FindingState.IN_PROGRESS})
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SERIAL: Final = re.compile(r"(\d{1,5})(?!\d)")
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})


@dataclass
class Answers:
    """The steps that the filled rows propose, judged; rows nobody filled in; and what is wrong, as sentences."""

    file: str
    units: tuple[str, ...]
    judged: list[JudgedStep] = field(default_factory=list)
    untouched: int = 0
    remarks: list[str] = field(default_factory=list)
    photos: tuple[Photo, ...] = ()


def read_answers(
    store: Store, path: Path, *, person: str, photos: Path | None = None, progress: Progress = SILENT
) -> Answers:
    """Read a filled notice and judge what it proposes; nothing is stored but the files of photos.

    A row with a date of completion proposes to claim, one with a measure or another deadline to adjust what was
    given out. Photos after the work are in the folder ``photos``, named by the serial number (``3.jpg``, ``3-2.jpg``)
    or the id of the row.
    """
    read = workbook.read_notices(path)
    pictured = _pictures(store, photos, read, progress)
    made = Answers(path.name, tuple(read.units), photos=tuple(p for found in pictured.values() for p in found))
    faults, wanted = list(read.faults), []
    for number, row in enumerate(read.rows):
        progress.step(number, len(read.rows), row.sheet)
        try:
            finding = _finding(store, row)
            request = _request(row, finding, [p.sha256 for p in pictured.get(row.id, ())], store.clock().date())
        except BarrierFreeError as error:
            faults.append(NoticeFault(row.sheet, row.row, error.message, error.advice))
            continue
        if request is not None:
            wanted.append(WantedStep(finding=row.id, request=request))
        elif row.values.get("remark"):
            said = tr("只写了说明“{text}”，没有可做的步骤。").format(text=row.values["remark"])
            faults.append(NoticeFault(row.sheet, row.row, said, ""))
        else:
            made.untouched += 1
    made.judged = [_guarded(one) for one in store.judge_steps(wanted, person=person, tick=progress.check)]
    made.remarks = list(workbook.notice_lines(faults))
    return made


def _guarded(one: JudgedStep) -> JudgedStep:
    """To adjust what is claimed or closed would send it back or open it again: that a notice cannot mean."""
    adjusting = one.request.to is FindingState.IN_PROGRESS
    return elsewhere(one, _GIVEN_OUT) if adjusting and one.finding.state not in _GIVEN_OUT else one


def _finding(store: Store, row: NoticeRow) -> Finding:
    cure = tr("请从原来的通知单里重新填写这一行。")
    try:
        finding = store.finding(row.id)
    except NotFoundError:
        raise AnswerError(tr("问题编号“{id}”不在这份普查里，可能被改动过。").format(id=row.id), cure) from None
    code = str(row.values.get("site_code") or "")
    if code and code != finding.site_code:
        raise AnswerError(
            tr("问题编号是“{name}”的，这一行却写着点位 {code}。").format(name=finding.site_name, code=code), cure
        )
    return finding


def _request(row: NoticeRow, finding: Finding, photos: Sequence[str], today: date) -> StepRequest | None:
    values = row.values
    measure, unit, remark = (_text(values.get(name)) for name in ("measure", "quantity_unit", "remark"))
    quantity = _number(values.get("quantity"))
    done_on = _day(values.get("done_on"), tr("完成日期"))
    deadline = _day(values.get("deadline"), tr("整改期限"))
    moved = deadline.isoformat() if deadline is not None and deadline.isoformat() != finding.deadline else ""
    if done_on is not None:
        if done_on > today:
            raise AnswerError(
                tr("完成日期 {date} 还没有到。").format(date=done_on.isoformat()), tr("完成以后再填这一栏。")
            )
        said = tr("单位填写的完成日期 {date}").format(date=done_on.isoformat())
        return StepRequest(
            to=FindingState.CLAIMED, measure=measure or finding.measure, quantity=quantity,
            quantity_unit=unit or (finding.quantity_unit if quantity is not None else ""), photos=tuple(photos),
            reason=sentences([said, remark] if remark else [said]),
        )  # fmt: skip
    if not (measure or moved or quantity is not None):
        return None
    return StepRequest(
        to=FindingState.IN_PROGRESS, measure=measure, deadline=moved, planned=quantity,
        quantity_unit=unit if quantity is not None else "", reason=remark or tr("单位在通知单里的答复"),
    )  # fmt: skip


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) if value is not None else ""


def _number(value: object) -> float | None:
    if value is None or isinstance(value, float):
        return value
    return conformance.parse_number(str(value))


def _day(value: object, name: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    found = workbook.excel_day(value) if isinstance(value, float) else None
    match = _DATE.fullmatch(str(value).strip())
    try:
        found = date(*map(int, match.groups())) if match else found
    except ValueError:
        found = None
    if found is None:
        raise AnswerError(
            tr("看不懂{name}“{text}”。").format(name=name, text=_text(value)), tr("请写成 2026-12-04 这样的日期。")
        )
    return found


def _pictures(store: Store, folder: Path | None, read: ReadNotice, progress: Progress) -> dict[str, tuple[Photo, ...]]:
    """Per row the photos of a folder: by id, or by serial number where one sheet alone came back."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise NotFoundError(tr("没有文件夹“{path}”。").format(path=folder), tr("请选择照片所在的文件夹。"))
    serials = {_text(row.values.get("serial")): row.id for row in read.rows} if len(read.units) == 1 else {}
    ids = {row.id for row in read.rows}
    files: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in _PICTURES:
            continue
        serial = _SERIAL.match(file.stem)
        owner = file.stem[:26] if file.stem[:26] in ids else serials.get(str(int(serial[1])) if serial else "", "")
        if owner:
            files[owner].append(file)
    return {row: pictures.keep_pictures(store, found, progress).photos for row, found in files.items()}
