"""Entry by hand (录入): one record after another as the clerk types it into the city's system."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.city import BatchFilter, NewEntry, Selection
from barrierfree.model.records import Changes
from barrierfree.operations.batch_checks import BatchFault, faults_of
from barrierfree.operations.batch_choice import choose
from barrierfree.operations.batch_values import PhotoFile, PlannedRow, dressed
from barrierfree.operations.batches import profile_of
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store
from barrierfree.workbook import Profile
from barrierfree.workbook.rows import Written, maker, word


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field to type: the target's title and the text it wants there ('' where it is to be left empty)."""

    header: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One record to type: its fields in the target's order, its photos, and what is wrong with it."""

    row: PlannedRow
    sheet: str
    fields: tuple[EntryField, ...]
    faults: tuple[BatchFault, ...] = ()

    @property
    def record(self) -> str:
        """The id of the record."""
        return self.row.record

    @property
    def code(self) -> str:
        """Its code as people read it."""
        return self.row.code

    @property
    def site(self) -> str:
        """The id of its site, for the jump."""
        return self.row.site

    @property
    def photos(self) -> tuple[PhotoFile, ...]:
        """The photos to upload, under the names the profile gives them."""
        return self.row.photos


@dataclass(frozen=True, kw_only=True)
class EntryQueue:
    """What is to be typed, in the order of the target's sheets, then of codes."""

    profile: Profile
    records: tuple[EntryRecord, ...]


def entry_queue(
    store: Store,
    wanted: BatchFilter | Selection = "new",
    *,
    profile_file: Path | None = None,
    progress: Progress = SILENT,
) -> EntryQueue:
    """The records that fit, each with its fields as the target wants them; writes nothing."""
    asked = wanted if isinstance(wanted, BatchFilter) else BatchFilter(what=wanted)
    profile, _, template = profile_of(store, profile_file)
    sent = store.sent_states()
    rows = choose(store, profile, asked, sent, progress)
    faults: dict[tuple[str, str], list[BatchFault]] = defaultdict(list)
    for fault in faults_of(store, profile, template, "", rows, sent, progress):
        faults[fault.kind, fault.record].append(fault)
    ready = dressed(profile, "", rows)
    planned = {(row.kind, row.record): row for row in rows}
    records = []
    for sheet in profile.sheets:
        makers = [(column, maker(profile, column)) for column in sheet.columns]
        for serial, row in enumerate(ready[sheet.rows], start=1):
            fields = tuple(
                EntryField(column.header, typed(profile, made(row.values, serial)), column.required)
                for column, made in makers
            )
            about = (sheet.rows, row.record)
            records.append(
                EntryRecord(row=planned[about], sheet=sheet.name, fields=fields, faults=tuple(faults[about]))
            )
    return EntryQueue(profile=profile, records=tuple(records))


def typed(profile: Profile, value: Written) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    return value.strftime(profile.date_format) if isinstance(value, date) else word(value)


def mark_entered(store: Store, record: EntryRecord, city_number: str = "", *, person: str) -> tuple[str, Changes]:
    """Say that a record of the queue was typed in, with the number the city gave it; (id of the entry, changes).

    What the queue showed is what was typed, even if the record went on meanwhile. Raises ``StepRefused`` if the record
    was sent since the queue was read.
    """
    row = record.row
    state = store.sent_states([row.record]).get((row.kind, row.record))
    if state is not None and state.last.state == row.state and state.state != "rejected":
        raise StepRefused(
            tr("{code} 已经报送过，之后没有变化。").format(code=row.code), tr("没有重复登记；请刷新录入清单。")
        )
    new = NewEntry(
        record=row.record, kind=row.kind, code=row.key, values_hash=row.values_hash, state=row.state,
        values=row.plain, city_number=city_number.strip(), inspection=row.inspection, step=row.step,
    )  # fmt: skip
    return store.record_entry(new, person=person)


def take_back_entry(store: Store, record: str, *, person: str) -> Changes:
    """Take back the last entry of a record (or the entry with this id), while nothing builds on it."""
    held = store.entries(record=record)
    entry = held[-1].id if held else next((e.id for e in store.entries() if e.id == record), "")
    if not entry:
        raise NotFoundError(tr("这条记录没有手工录入。"), tr("没有改动。"))
    return store.take_back_entry(entry, person=person)
