"""Import a facility list: read, convert, clip, store; with a report of every row that was left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from barrierfree import coordinates, inventory
from barrierfree.inventory import Boundary, RowFault
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes
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


def import_list(
    store: Store,
    path: Path,
    *,
    datum: str,
    within: Path | None = None,
    columns: Mapping[str, int] | None = None,
    sheet: str = "",
    dry_run: bool = False,
    person: str = "",
    progress: Progress = SILENT,
) -> ListReport:
    """Import the list at ``path``; all of it in one transaction, or nothing.

    ``datum`` as typed (gcj02, EPSG:4548 …); ``within`` is a GeoJSON boundary outside of which rows are left out;
    ``columns`` overrides the proposed columns (field: 0-based column).
    """
    known_datum = coordinates.read_datum(datum)
    boundary = Boundary.read(within) if within else None
    progress.step(0, 0)
    raw = inventory.read_table(path, sheet)
    used = dict(columns) if columns is not None else inventory.propose(raw.headers)
    read = inventory.ready_sites(
        raw, used, known_datum, store.definition(), within=boundary, progress=lambda d, n: progress.step(d, 2 * n)
    )
    if dry_run:
        known = store.known_keys(s.key for s in read.sites)
        added, changes = len(read.sites) - len(known), Changes()
    else:
        result = store.add_sites(read.sites, person=person, progress=lambda d, n: progress.step(n + d, 2 * n))
        added, changes = len(result.added), result.changes
    return ListReport(
        file=raw.file, sheet=raw.sheet, encoding=raw.encoding, header_row=raw.header_row, datum=known_datum,
        rows=len(raw.rows), added=added, same=len(read.sites) - added, outside=read.outside,
        without_position=read.without_position, rejected=read.rejected,
        columns={field: raw.headers[at] for field, at in used.items()}, dry_run=dry_run, changes=changes,
    )  # fmt: skip
