"""Fills a template: its package stays as it is, only the rows of the target sheets are exchanged.

openpyxl loads a workbook and writes what it understood: text boxes, data bars, sparklines and much else would go. Here
the bytes of every other part, and of the sheets all around their rows, are copied (ECMA-376 part 1, 18.3.1.80
``sheetData``); only styles may be added to, at their end, and the parts that ``changed_parts`` names follow the rows.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Final

from barrierfree.errors import BatchError
from barrierfree.i18n import paragraph, tr
from barrierfree.workbook.package import Package
from barrierfree.workbook.package_changes import changed_parts
from barrierfree.workbook.profile import Profile
from barrierfree.workbook.row_writer import RowWriter
from barrierfree.workbook.rows import Report, Row, Rows, silent
from barrierfree.workbook.sheet_scan import Area
from barrierfree.workbook.styles import Styles
from barrierfree.workbook.tables import whole
from barrierfree.workbook.template_check import faults_of, losses_of
from barrierfree.workbook.template_sheet import TemplateSheet, template_sheets

_PORTION: Final = 200  # rows between two reports
_LARGE: Final = 400_000  # rows from which a part may be larger than 2 GB


def fill(
    profile: Profile,
    template: bytes,
    rows: Rows,
    target: Path,
    *,
    accepted: Collection[str] = (),
    progress: Report = silent,
) -> tuple[Path, ...]:
    """Write ``rows`` into a copy of ``template`` at ``target``; the files that were written.

    With more rows in a sheet than ``rows_per_file`` there are several, named …_1, …_2. A template with macros makes
    ``.xlsm`` whatever ``target`` says: Excel opens it under no other name. ``accepted`` are those of the ``losses``
    that the user takes. ``progress`` may raise to stop; then, or on a fault, no file is left. The same rows give the
    same bytes. Raises ``BatchError``.
    """
    package = Package(template)
    faults = faults_of(profile, package, rows)
    if faults:
        raise faults[0].error()
    lost = [loss for loss in losses_of(profile, package) if loss not in accepted]
    if lost:
        raise BatchError(paragraph(lost), tr("如果可以接受，请在导出时确认；否则请先改模板。没有写出任何文件。"))
    sheets = template_sheets(profile, package)
    coming = [iter(rows.get(sheet.sheet.rows, ())) for sheet in sheets]
    counts = [len(rows.get(sheet.sheet.rows, ())) for sheet in sheets]
    step = profile.rows_per_file or max([*counts, 1])
    files = max(1, *(-(-count // step) for count in counts))
    if target.suffix.lower() != package.suffix:
        plain = target.suffix.lower() in (".xlsx", ".xlsm")
        target = target.with_suffix(package.suffix) if plain else target.with_name(target.name + package.suffix)
    work = _Work(profile, package, sheets, sum(counts), progress)
    written: list[Path] = []
    try:
        for number in range(files):
            path = target if files == 1 else target.with_stem(f"{target.stem}_{number + 1}")
            parts = [min(step, max(0, count - number * step)) for count in counts]
            written.append(path)
            work.write(path, [islice(one, part) for one, part in zip(coming, parts, strict=True)], parts, number * step)
    except BaseException as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        if isinstance(error, PermissionError):
            raise BatchError(
                tr("写不了“{name}”。").format(name=target.name), tr("如果它正在 Excel 里打开，请先关闭。")
            ) from error
        raise
    return tuple(written)


class _Work:
    """The filling of one template, into one file or several."""

    def __init__(
        self, profile: Profile, package: Package, sheets: list[TemplateSheet], total: int, progress: Report
    ) -> None:
        self._package, self._sheets = package, sheets
        part = package.part_of("styles")
        self._styles = Styles(package.read(part) if part else b"")
        self._styles_part = part
        self._writers = [RowWriter(profile, sheet, self._styles) for sheet in sheets]
        self._total, self._progress, self._done = total, progress, 0

    def write(self, path: Path, rows: list[Iterator[Row]], counts: list[int], before: int) -> None:
        """Write one file with these rows, ``counts`` of them per sheet, ``before`` of which went into other files."""
        lasts = [s.sheet.first_row + n - 1 if n else 0 for s, n in zip(self._sheets, counts, strict=True)]
        changed = changed_parts(self._package, zip(self._sheets, lasts, strict=True))
        if self._styles.changed:
            changed[self._styles_part] = self._styles.content()
        places = {sheet.entry.part: at for at, sheet in enumerate(self._sheets)}
        with whole(path) as aside, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, info in self._package.names.items():
                content = changed.get(name, b"")
                if content is None or info.is_dir():
                    continue
                with archive.open(_copied(info), "w", force_zip64=max(counts) > _LARGE) as part:
                    if name in places:
                        at = places[name]
                        self._write_sheet(part, at, rows[at], lasts[at], before)
                    else:
                        part.write(content or self._package.read(name))
            self._progress(self._done, self._total)

    def _write_sheet(self, part: IO[bytes], at: int, rows: Iterator[Row], last: int, before: int) -> None:
        sheet, writer = self._sheets[at], self._writers[at]
        scan, first = sheet.scan, sheet.sheet.first_row
        content = scan.content
        kept = [row for row in scan.rows if row.number < first]
        gone = {row.number for row in sheet.replaced_rows(last)}
        behind = [row for row in scan.rows if row.number >= first and row.number > last]
        part.write(self._with_dimension(sheet, last, content[: kept[-1].end]))  # there are titles, or it was refused
        number, serial = first, before + 1
        while portion := list(islice(rows, _PORTION)):
            self._progress(self._done, self._total)
            made = [writer.row(number + n, serial + n, row.values) for n, row in enumerate(portion)]
            part.write("".join(made).encode())
            number, serial = number + len(portion), serial + len(portion)
            self._done += len(portion)
        for row in behind:
            part.write(writer.emptied(row) if row.number in gone else content[row.start : row.end])
        part.write(content[scan.data_end :])

    @staticmethod
    def _with_dimension(sheet: TemplateSheet, last: int, head: bytes) -> bytes:
        """What stands before the rows, its ``dimension`` covering those that are written."""
        scan, places = sheet.scan, sheet.sheet.places
        if scan.dimension is None or not last:
            return head
        start, end = scan.dimension
        used = scan.used or Area(sheet.sheet.header_row, min(places), sheet.sheet.header_row, max(places))
        new = Area(used.top, min(used.left, *places), max(used.bottom, last), max(used.right, *places))
        return head[:start] + f'<{scan.prefix}dimension ref="{new}"/>'.encode() + head[end:]


def _copied(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """An entry like ``info``, so that the same batch gives the same bytes."""
    made = zipfile.ZipInfo(info.filename, info.date_time)
    made.compress_type = zipfile.ZIP_STORED if info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
    made.external_attr, made.create_system = info.external_attr, info.create_system
    return made
