"""What the batches page shows, read in the threads of the tasks; and where a fault can be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from barrierfree.i18n import tr
from barrierfree.model.city import Answer, Batch, BatchFilter, BatchRow, CityState, Entry, EntryDay, RowKind, Selection
from barrierfree.operations import batches
from barrierfree.operations.batch_choice import choose
from barrierfree.operations.batch_entry import typed
from barrierfree.operations.batch_values import PlannedRow, dressed
from barrierfree.operations.batches import BatchFault, BatchPlan
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from barrierfree.workbook import Profile
from barrierfree.workbook.rows import maker

LOOKED_AT: Final = 50  # rows of a sheet that are shown as they will be written
SELECTIONS: Final[tuple[Selection, ...]] = ("new", "changed", "rejected", "all")
_OF_SITE: Final = {
    "site_name": "name", "address": "address", "community": "community", "community_code": "community",
    "site_class": "site_class", "key_area": "site_class", "lon": "place", "lat": "place", "note": "note",
    "grid": "grid", "district": "district", "street": "street",
}  # fmt: skip
_OF_FINDING: Final = frozenset({
    "unit", "responsible", "measure", "quantity", "quantity_unit", "method", "deadline", "state", "closed_by",
    "closed_on", "done_on", "conclusion", "return_reason", "photos_after", "severity", "problem", "city_number",
})  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A planned batch, and why its records came back from the city, by kind and record."""

    plan: BatchPlan
    rejected: Mapping[tuple[RowKind, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetLook:
    """The first rows of a sheet as they will be written, and how many there are."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class MendingPlace:
    """Where a fault can be mended: ``page`` with its ``target``, or (``page`` '') a ``field`` of the site dialog."""

    page: str = ""
    target: str = ""
    field: str = ""


def checked(store: Store, wanted: BatchFilter, progress: Progress) -> Checked:
    """Choose and check a batch."""
    plan = batches.plan_batch(store, wanted, progress=progress)
    return Checked(plan, {(row.kind, row.record): row.reason for row in store.rejected()})


def counted(store: Store, wanted: BatchFilter, progress: Progress) -> dict[Selection, int]:
    """How many records each selection has, under the other conditions of ``wanted``."""
    profile = batches.profile_of(store)[0]
    sent = store.sent_states()
    kinds: list[RowKind] = list(dict.fromkeys(sheet.rows for sheet in profile.sheets))
    states = [sent.get((r.kind, r.id)) for r in store.export_records(kinds, wanted, profile.without_findings)]
    changed = choose(store, profile, wanted.model_copy(update={"what": "changed"}), sent, progress)
    return {
        "new": sum(state is None for state in states), "changed": len(changed),
        "rejected": sum(state is not None and state.state is CityState.REJECTED for state in states),
        "all": len(states),
    }  # fmt: skip


def looks(plan: BatchPlan, out: Collection[str]) -> list[SheetLook]:
    """Per sheet the first rows as they will be written, without the excepted records."""
    found = []
    for sheet in plan.profile.sheets:
        rows = [row for row in plan.rows if row.kind == sheet.rows and row.record not in out]
        makers = [maker(plan.profile, column) for column in sheet.columns]
        ready = dressed(plan.profile, plan.number, rows[:LOOKED_AT])[sheet.rows]
        found.append(
            SheetLook(
                sheet.name or tr("第一张工作表"), tuple(column.header for column in sheet.columns),
                tuple(
                    tuple(typed(plan.profile, made(row.values, serial)) for made in makers)
                    for serial, row in enumerate(ready, start=1)
                ),
                len(rows),
            )
        )  # fmt: skip
    return found


def books_of(profile: Profile, rows: Sequence[PlannedRow]) -> int:
    """How many workbooks these rows will fill."""
    most = max(Counter(row.kind for row in rows).values(), default=0)
    return -(-most // profile.rows_per_file) if profile.rows_per_file and most else min(most, 1)


def mending_place(plan: BatchPlan, fault: BatchFault) -> MendingPlace:
    """Where a fault can be mended; nowhere in the survey if it is one of the profile."""
    if not fault.site or fault.sort in ("template", "photo_name", "key"):
        return MendingPlace()
    row = next((r for r in plan.rows if (r.kind, r.record) == (fault.kind, fault.record)), None)
    is_finding = row is not None and fault.kind == "finding" and bool(row.plain.get("finding_code"))
    if fault.sort in ("position", "outside"):
        return MendingPlace(target=fault.site, field="place")
    if fault.sort == "number" and fault.kind == "site":
        return MendingPlace(target=fault.site, field="city_number")
    names = {
        name for sheet in plan.profile.sheets if sheet.rows == fault.kind for column in sheet.columns
        if column.header == fault.column for name in column.names
    }  # fmt: skip
    known = next((_OF_SITE[name] for name in sorted(names) if name in _OF_SITE), "")
    if known and fault.sort == "cell":
        return MendingPlace(target=fault.site, field=known)
    if is_finding and (names & _OF_FINDING or fault.sort == "number"):
        return MendingPlace("rectification", fault.record)
    return MendingPlace("survey", fault.site)


# -- ledger ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LedgerLine:
    """A batch, or a day of entry by hand; one of ``batch`` and ``day`` is there."""

    key: str
    batch: Batch | None = None
    day: EntryDay | None = None

    @property
    def made_at(self) -> str:
        """When: a moment, or a day."""
        return self.batch.made_at if self.batch else self.day.day if self.day else ""


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row of a batch or an entry as it stands now."""

    kind: RowKind
    record: str
    code: str
    state: CityState
    reason: str = ""
    city_number: str = ""
    superseded: bool = False
    changed: bool = False
    entry: str = ""  # its id, of what was typed in by hand
    person: str = ""


@dataclass(frozen=True)
class SentBatch:
    """A line of the ledger with its rows, and the folder of the batch where it still is."""

    line: LedgerLine
    rows: tuple[SentRow, ...]
    folder: Path | None = None


def ledger(store: Store) -> list[LedgerLine]:
    """Batches and days of entry by hand, newest first."""
    lines = [LedgerLine(batch.id, batch=batch) for batch in store.batches()]
    lines += [LedgerLine(f"day {day.day}", day=day) for day in store.entry_days()]
    return sorted(lines, key=lambda line: line.made_at, reverse=True)


def sent_batch(store: Store, line: LedgerLine, places: Sequence[Path]) -> SentBatch:
    """The rows of a line: what the city said of each, and which changed or went again since."""
    sent: list[BatchRow] | list[Entry]
    if line.batch is not None:
        sent = store.batch_rows(line.batch.id)
        answers = {(a.kind, a.record): a for a in store.answers(sending=line.batch.id) if a.in_force}
    else:
        sent = store.entries(day=line.day.day if line.day else "")
        answers = {(a.kind, a.record): a for e in sent for a in store.answers(sending=e.id) if a.in_force}
    records = [row.record for row in sent]
    states = store.sent_states(records)
    changed = _changed(store, records) if records else frozenset()
    rows = []
    for row in sent:
        about = (row.kind, row.record)
        entry = row.id if isinstance(row, Entry) else ""
        now = states.get(about)
        newer = now is not None and now.last.id != (entry or (line.batch.id if line.batch else ""))
        rows.append(_sent_row(row, answers.get(about), newer, about in changed and not newer, entry))
    return SentBatch(line, tuple(rows), _folder_of(line.batch, places) if line.batch else None)


def _sent_row(row: BatchRow | Entry, answer: Answer | None, newer: bool, changed: bool, entry: str) -> SentRow:
    state = CityState.WAITING
    if answer is not None:
        state = CityState.ACCEPTED if answer.accepted else CityState.REJECTED
    number = answer.city_number if answer is not None else ""
    return SentRow(
        row.kind, row.record, row.code, state, answer.reason if answer else "",
        number or (row.city_number if isinstance(row, Entry) else ""), newer, changed, entry,
        row.person if isinstance(row, Entry) else "",
    )  # fmt: skip


def _changed(store: Store, records: Sequence[str]) -> frozenset[tuple[RowKind, str]]:
    wanted = BatchFilter(what="changed", records=tuple(records))
    rows = choose(store, batches.profile_of(store)[0], wanted, store.sent_states(records))
    return frozenset((row.kind, row.record) for row in rows)


def _folder_of(batch: Batch, places: Sequence[Path]) -> Path | None:
    """The folder of a batch where one expects it, and its first workbook is in it."""
    found = (folder for place in places if place.is_dir() for folder in place.glob(f"*_{batch.number}"))
    return next((folder for folder in found if (folder / batch.file).is_file()), None)


def find_record(store: Store, text: str) -> list[tuple[str, str]]:
    """Records that were sent under a code with ``text`` in it, or have this city's number or id: (id, code)."""
    wanted = text.strip().casefold()
    found: dict[str, str] = {}
    for state in store.sent_states().values() if wanted else ():
        last = state.last
        if wanted in last.code.casefold() or wanted in (state.city_number.casefold(), last.record.casefold()):
            found[last.record] = last.code
    return sorted(found.items(), key=lambda pair: pair[1])
