"""Import a facility list: read, convert, clip, store; with a report of every row that was left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from barrierfree import coordinates, inventory
from barrierfree.inventory import Boundary, RowFault
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, NewSite
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store


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
    outside: tuple[RowFault, ...]
    without_position: tuple[int, ...]
    rejected: tuple[RowFault, ...]
    columns: dict[str, str]
    dry_run: bool
    changes: Changes = Changes()


class PreparedList(Model):
    """A list that was read, converted and clipped, ready to be stored in one short transaction."""

    sites: tuple[NewSite, ...]
    report: ListReport


def prepare_list(
    store: Store,
    path: Path,
    *,
    datum: str,
    within: Path | None = None,
    columns: Mapping[str, int] | None = None,
    sheet: str = "",
    progress: Progress = SILENT,
) -> PreparedList:
    """Read the list at ``path`` and say what an import would do; stores nothing.

    ``datum`` as typed (gcj02, EPSG:4548 …); ``within`` is a GeoJSON boundary outside of which rows are left out;
    ``columns`` overrides the proposed columns (field: 0-based column).
    """
    known_datum = coordinates.read_datum(datum)
    boundary = Boundary.read(within) if within else None
    progress.step(0, 0)
    raw = inventory.read_table(path, sheet)
    used = dict(columns) if columns is not None else inventory.propose(raw.headers)
    read = inventory.ready_sites(
        raw, used, known_datum, store.definition(), within=boundary, progress=lambda d, n: progress.step(d, n)
    )
    known = store.known_keys(s.key for s in read.sites)
    added = len({s.key for s in read.sites} - known)
    report = ListReport(
        file=raw.file, sheet=raw.sheet, encoding=raw.encoding, header_row=raw.header_row, datum=known_datum,
        rows=len(raw.rows), added=added, same=len(read.sites) - added, outside=read.outside,
        without_position=read.without_position, rejected=read.rejected,
        columns={field: raw.headers[at] for field, at in used.items()}, dry_run=True,
    )  # fmt: skip
    return PreparedList(sites=read.sites, report=report)


def store_list(store: Store, prepared: PreparedList, *, person: str = "", progress: Progress = SILENT) -> ListReport:
    """Store a prepared list in one transaction: all of it, or nothing."""
    result = store.add_sites(prepared.sites, person=person, progress=lambda d, n: progress.step(d, n))
    added = len(result.added)
    return prepared.report.model_copy(
        update={
            "added": added, "same": len(prepared.sites) - added, "dry_run": False, "changes": result.changes,
        }
    )  # fmt: skip


def import_list(
    store: Store, path: Path, *, datum: str, within: Path | None = None, sheet: str = "", dry_run: bool = False,
    person: str = "", progress: Progress = SILENT,
) -> ListReport:  # fmt: skip
    """Prepare and (unless ``dry_run``) store a list in one go."""
    prepared = prepare_list(store, path, datum=datum, within=within, sheet=sheet, progress=progress)
    return prepared.report if dry_run else store_list(store, prepared, person=person, progress=progress)
