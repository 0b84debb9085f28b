"""Take a facility list in, step by step: read it, choose columns and datum, compare it, decide, store.

Each step gives a value that the next one takes, so an assistant can go back, and nothing is stored before
``store_list``, which is one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from barrierfree import coordinates, inventory
from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory import Boundary, RawList, RowFault
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, NewSite
from barrierfree.model.words import RowKind
from barrierfree.operations.comparing import Comparison, PlannedRow, changes_of, compare_rows
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import ListPart, SameSite, Store, TakenList

Decide = Literal["", "same", "new"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is to be read: ``columns`` is field: 0-based column; ``remembered`` from the last time."""

    columns: Mapping[str, int]
    datum: str = ""
    swapped: bool = False
    remembered: bool = False


class ChangedRow(Model):
    """A row whose site the list describes otherwise; ``fields`` is field: (before, after)."""

    row: int
    name: str
    code: str
    fields: dict[str, tuple[str, str]]
    reason: str


class PossibleRow(Model):
    """A row that is perhaps a known site (``code``) or another row of the list (``other_row``)."""

    row: int
    name: str
    other: str
    code: str
    other_row: int
    score: int
    reason: str


class GoneSite(Model):
    """A site of an earlier list that this one no longer has."""

    id: str
    code: str
    name: str
    community: str


class ListReport(Model):
    """What an import did, or would do (``dry_run``). Row numbers are those of the sheet."""

    file: str
    sheet: str
    encoding: str
    header_row: int
    datum: str
    rows: int
    added: int
    same: int
    changed: tuple[ChangedRow, ...] = ()
    possible: tuple[PossibleRow, ...] = ()
    gone: tuple[GoneSite, ...] = ()
    outside: tuple[RowFault, ...]
    without_position: tuple[int, ...]
    rejected: tuple[RowFault, ...]
    remarks: tuple[str, ...] = ()
    columns: dict[str, str]
    updates: str = ""
    dry_run: bool
    changes: Changes = Changes()


@dataclass(frozen=True, slots=True)
class ListPlan:
    """A list that was read, converted, clipped and compared; nothing of it is stored yet.

    ``updates`` is the earlier list that this one seems to be a newer edition of, ``gone`` what it no longer has.
    """

    raw: RawList
    reading: Reading
    read: inventory.ReadList
    comparison: Comparison
    gone: tuple[GoneSite, ...] = ()
    updates: TakenList | None = None

    @property
    def rows(self) -> Sequence[PlannedRow]:
        """The rows in the order of the list."""
        return self.comparison.rows

    def of_kind(self, kind: RowKind) -> list[PlannedRow]:
        """The rows of one kind."""
        return [row for row in self.comparison.rows if row.kind is kind]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided. ``same``: row id and the site or row it is; ``new``: row ids that are places of their own.

    Possible rows in neither are left out and asked about again. ``declined``: ids of changed rows whose values are not
    wanted. ``keep``: sites that are not to be marked as gone.
    """

    same: Mapping[str, str] = field(default_factory=dict)
    new: Collection[str] = frozenset()
    declined: Collection[str] = frozenset()
    keep: Collection[str] = frozenset()


def read_list(path: Path, sheet: str = "", *, header_row: int = 0, progress: Progress = SILENT) -> RawList:
    """Read the table at ``path``; raises ``InventoryError`` that says what, where and what to do."""
    return inventory.read_table(
        path, sheet, header_row=header_row, progress=lambda d, n: progress.step(d, n, tr("正在读取"))
    )


def suggest_reading(store: Store, raw: RawList) -> Reading:
    """The columns as a list with the same headers was read the last time, else as proposed from headers and content."""
    signature = inventory.signature(raw.headers)
    for taken in store.lists():
        if taken.signature == signature and set(taken.columns.values()) <= set(raw.headers):
            columns = {name: raw.headers.index(header) for name, header in taken.columns.items()}
            return Reading(columns, taken.datum, taken.swapped, remembered=True)
    return Reading(inventory.propose(raw, store.definition()))


def suggest_datum(
    store: Store, raw: RawList, columns: Mapping[str, int], *, within: Path | None = None, progress: Progress = SILENT
) -> inventory.DatumProposal:
    """Which datum the coordinates of a list are in, with the reason; known sites of the same name count first."""
    progress.step(0, 0, tr("正在判断坐标系"))
    points = inventory.given_points(raw, columns)
    survey_area = store.definition().area
    outline = survey_area.outline
    area = Boundary.read(within) if within else Boundary.of(outline) if outline else None
    by_name: dict[str, list[tuple[float, float]]] = {}
    for site in store.places():
        if site.lon is not None and site.lat is not None:
            by_name.setdefault(site.name, []).append((site.lon, site.lat))
    known = [(x, y, *by_name[name][0]) for name, x, y in points if len(by_name.get(name, ())) == 1]
    return inventory.propose_datum(
        [p[1] for p in points], [p[2] for p in points], area=area, known=known, hint=raw.datum_hint,
        area_name=survey_area.street if within is None else "",
    )  # fmt: skip


def compare_list(
    store: Store, raw: RawList, reading: Reading, *, within: Path | None = None, progress: Progress = SILENT
) -> ListPlan:
    """Say what taking the list in would do; stores nothing."""
    boundary = Boundary.read(within) if within else None
    reading = replace(reading, datum=coordinates.read_datum(reading.datum))
    read = inventory.ready_sites(
        raw, reading.columns, reading.datum, store.definition(), within=boundary, swapped=reading.swapped,
        progress=lambda d, n: progress.step(d, n, tr("正在换算坐标")),
    )  # fmt: skip
    comparison = compare_rows(store, raw, read, progress)
    progress.step(0, 0, tr("正在比对内容"))
    updates, gone = _no_longer_there(store, comparison)
    return ListPlan(raw, reading, read, comparison, gone, updates)


def _no_longer_there(store: Store, comparison: Comparison) -> tuple[TakenList | None, tuple[GoneSite, ...]]:
    """The earlier list of which this one is a newer edition (at least half of its sites are here), and what it lost."""
    present = {r.match or r.id for r in comparison.rows} | {c.other for r in comparison.rows for c in r.candidates}
    identities = store.identities()
    best, updates, lost = 0.0, None, set[str]()
    for taken in store.lists():
        sites = {identities.site_of(row) for row in store.list_rows(taken.id)}
        share = len(sites & present) / len(sites) if sites else 0.0
        if share >= 0.5 and share > best:
            best, updates, lost = share, taken, sites - present
    gone = [s for s in store.sites_by_id(sorted(lost)).values() if not s.gone and not s.same_as]
    return updates, tuple(GoneSite(id=s.id, code=s.code, name=s.name, community=s.community) for s in gone)


def decide_all(plan: ListPlan, decide: Decide) -> Choices:
    """The same answer for every possible row: its likeliest candidate, or a place of its own; '' leaves them open."""
    possible = plan.of_kind(RowKind.POSSIBLE)
    if decide == "same":
        return Choices(same={row.id: row.candidates[0].other for row in possible})
    return Choices(new={row.id for row in possible} if decide == "new" else frozenset())


def store_list(
    store: Store, plan: ListPlan, choices: Choices | None = None, *, person: str = "", progress: Progress = SILENT
) -> ListReport:
    """Store what the plan and the choices say in one transaction: all of it, or nothing."""
    chosen = choices or Choices()
    progress.step(0, 0, tr("正在保存"))
    list_id = _list_id(plan.raw)
    part = _part(plan, chosen, list_id, progress)
    progress.step(0, 0, tr("正在保存"))
    done = store.take_in_list(part, person=person, progress=lambda d, n: progress.step(d, n, tr("正在保存")))
    told = report_of(plan, chosen)
    return told.model_copy(update={"added": len(done.added), "dry_run": False, "changes": done.changes})


def _part(plan: ListPlan, chosen: Choices, list_id: str, progress: Progress) -> ListPart:
    """What is to be stored."""
    new: list[tuple[str, NewSite]] = []
    changed: dict[str, dict[str, Any]] = {}
    declined: dict[str, dict[str, Any]] = {}
    decisions: list[SameSite] = []
    gone = {s.id: tr("“{file}”里已经没有").format(file=plan.raw.file) for s in plan.gone}
    for at, row in enumerate(plan.rows):
        if at % 10_000 == 0:
            progress.step(0, 0, tr("正在保存"))
        site = _joined_to(plan, chosen, row)
        if row.kind is RowKind.NEW or row.id in chosen.new:
            new.append((row.id, row.site))
            decisions += [_decision(row, c.other, False, tr("导入时确认不是同一点位")) for c in row.candidates]
        elif row.id in chosen.same:
            decisions.append(_decision(row, site, True, tr("导入时确认是同一点位")))
            _fill(plan, row, site, changed, declined)
        elif row.kind is RowKind.CHANGED:
            target = declined if row.id in chosen.declined else changed
            target.setdefault(site, {}).update({c.field: c.value for c in row.changes})
        if row.match and not row.decided:
            decisions.append(_decision(row, row.match, True, row.how))
        known = plan.comparison.known.get(site)
        if known is not None and known.gone:
            gone[site] = ""
    kept = {*chosen.keep, *chosen.same.values()}
    return ListPart(
        new=new, changed=changed, declined=declined, decisions=decisions, taken=_taken(plan, list_id),
        gone={site: text for site, text in gone.items() if not text or site not in kept},
        row_ids=[row.id for row in plan.rows],
    )  # fmt: skip


def _joined_to(plan: ListPlan, chosen: Choices, row: PlannedRow) -> str:
    """The site a row is: its match, or what a person chose, followed through rows that are joined themselves."""
    site, seen = chosen.same.get(row.id, row.match), {row.id}
    while site not in seen and site in plan.comparison.by_id:
        seen.add(site)
        other = plan.comparison.by_id[site]
        site = chosen.same.get(site, other.match) or site
    return site


def _decision(row: PlannedRow, site: str, same: bool, reason: str) -> SameSite:
    return SameSite(row=row.id, site=site, same=same, name=row.site.name, reason=reason)


def _taken(plan: ListPlan, list_id: str) -> TakenList:
    raw, reading = plan.raw, plan.reading
    return TakenList(
        id=list_id, file=raw.file, sheet=raw.sheet, signature=inventory.signature(raw.headers),
        columns=_named_columns(plan), datum=reading.datum, swapped=reading.swapped,
    )  # fmt: skip


def _named_columns(plan: ListPlan) -> dict[str, str]:
    return {name: plan.raw.headers[at] for name, at in plan.reading.columns.items()}


def _fill(
    plan: ListPlan, row: PlannedRow, site: str, changed: dict[str, dict[str, Any]], declined: dict[str, dict[str, Any]]
) -> None:
    """A row that a person joined with a site fills what is blank there; what the site has already stands."""
    known, other = plan.comparison.known.get(site), plan.comparison.by_id.get(site)
    against = known or (other.site if other else None)
    if against is None:
        return
    for change in changes_of(against, row.site):  # another row becomes a site only now: nothing of it is filled
        target = changed if known is not None and not change.before else declined
        target.setdefault(site, {}).setdefault(change.field, change.value)


def _list_id(raw: RawList) -> str:
    """The same for the same table on every device: it derives from what is in it, not from where it lay."""
    digest = hashlib.sha256("\x1f".join((raw.file, raw.sheet, *raw.headers)).encode("utf-8", "surrogatepass"))
    for cells in raw.rows:
        digest.update("\x1f".join(cells).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def report_of(plan: ListPlan, choices: Choices | None = None) -> ListReport:
    """What storing the plan with these choices would do, in figures and row by row."""
    chosen = choices or Choices()
    counts = dict.fromkeys(RowKind, 0)
    changed, possible = [], []
    for row in plan.rows:
        kind = RowKind.NEW if row.id in chosen.new else RowKind.SAME if row.id in chosen.same else row.kind
        counts[kind] += 1
        if kind is RowKind.CHANGED:
            changed.append(_changed_row(plan, row))
        elif kind is RowKind.POSSIBLE:
            possible.append(possible_row(plan, row))
    raw, read = plan.raw, plan.read
    remarks = [*raw.remarks, *(_remark(r) for r in (*raw.faults, *read.remarks))]
    return ListReport(
        file=raw.file, sheet=raw.sheet, encoding=raw.encoding, header_row=raw.header_row, datum=plan.reading.datum,
        rows=len(raw.rows), added=counts[RowKind.NEW], same=counts[RowKind.SAME], changed=tuple(changed),
        possible=tuple(possible), gone=tuple(g for g in plan.gone if g.id not in chosen.keep), outside=read.outside,
        without_position=read.without_position, rejected=read.rejected, remarks=tuple(remarks),
        columns=_named_columns(plan), updates=plan.updates.file if plan.updates else "", dry_run=True,
    )  # fmt: skip


def _remark(about: RowFault) -> str:
    return tr("第 {row} 行：{text}").format(row=about.row, text=about.reason) if about.row else about.reason


def _changed_row(plan: ListPlan, row: PlannedRow) -> ChangedRow:
    known = plan.comparison.known[row.match]
    return ChangedRow(
        row=row.row, name=known.name, code=known.code, reason=row.how,
        fields={c.field: (c.before, c.after) for c in row.changes},
    )  # fmt: skip


def possible_row(plan: ListPlan, row: PlannedRow) -> PossibleRow:
    """A possible row with its likeliest candidate in words."""
    best = row.candidates[0]
    known, other = plan.comparison.known.get(best.other), plan.comparison.by_id.get(best.other)
    return PossibleRow(
        row=row.row, name=row.site.name, other=known.name if known else other.site.name if other else "",
        code=known.code if known else "", other_row=0 if known or other is None else other.row, score=best.score,
        reason=tr("；").join(best.reasons),
    )  # fmt: skip


def import_list(
    store: Store, path: Path, *, datum: str = "", within: Path | None = None, sheet: str = "",
    mapping: Path | None = None, decide: Decide = "", dry_run: bool = False, person: str = "",
    progress: Progress = SILENT,
) -> ListReport:  # fmt: skip
    """Read, compare and (unless ``dry_run``) store a list in one go.

    ``mapping`` is a JSON file that says which column holds which field. Without ``datum`` the import is refused with
    the proposal and its reason: a wrong datum moves every point by half a kilometre or more.
    """
    known = coordinates.read_datum(datum) if datum else ""
    wanted = inventory.read_mapping(mapping) if mapping else {}
    raw = read_list(path, sheet, header_row=int(wanted.pop("header_row", 0)), progress=progress)
    reading = suggest_reading(store, raw)
    if wanted:
        reading = replace(reading, columns=inventory.resolve(wanted, raw))
    if not known:
        raise _no_datum(store, raw, reading, within)
    swapped = coordinates.is_plane(known) and inventory.north_first(inventory.given_points(raw, reading.columns), known)
    plan = compare_list(store, raw, replace(reading, datum=known, swapped=swapped), within=within, progress=progress)
    choices = decide_all(plan, decide)
    return report_of(plan, choices) if dry_run else store_list(store, plan, choices, person=person, progress=progress)


def _no_datum(store: Store, raw: RawList, reading: Reading, within: Path | None) -> InventoryError:
    proposal = suggest_datum(store, raw, reading.columns, within=within)
    likely = proposal.best[0] if proposal.best else "gcj02"
    advice = tr("请用 --datum 指定坐标系，例如 --datum {datum}。").format(datum=likely)
    return InventoryError(
        tr("没有指定清单“{file}”的坐标系。{reason}").format(file=raw.file, reason=proposal.reason), advice
    )
