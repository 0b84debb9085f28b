"""Write the survey's checklist as a form for ODK Collect and KoboCollect, with the list of sites beside it."""

from __future__ import annotations

import csv
import io
import os
import re
from contextlib import suppress
from pathlib import Path

from barrierfree import checklists, workbook
from barrierfree.errors import StorageError
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Site
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import SiteFilter, Store

COLUMNS = ("name", "label", "community", "lon", "lat", "class")


class WrittenForm(Model):
    """The files of a form for phones, and how much is in them."""

    checklist: str
    facilities: str
    elements: int
    questions: int
    sites: int


def export_form(store: Store, folder: Path, progress: Progress = SILENT) -> WrittenForm:
    """Write ``checklist.xlsx`` and ``facilities.csv`` into ``folder``; files of these names are replaced.

    The workbook is a valid XLSForm with the rules in a sheet of their own, so that it can be read as a checklist
    again. Raises ``StorageError`` where the folder does not take them.
    """
    definition = store.definition()
    checklist = definition.checklist
    form_id = re.sub(r"[^A-Za-z0-9_]+", "_", definition.name).strip("_") or "survey"
    sheets = checklists.form_sheets(checklist, form_id)
    progress.step(0, 2, "checklist.xlsx")
    sites = store.sites(SiteFilter(in_force=True))
    book, listed = folder / "checklist.xlsx", folder / checklists.FACILITIES
    aside = book.with_name(book.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tables = [workbook.Table(title=s.name, headers=s.headers, rows=s.rows) for s in sheets]
        workbook.write_tables(aside, tables)
        progress.step(1, 2, listed.name)
        _replace(listed, _facilities(sites))
        os.replace(aside, book)
    except OSError as error:
        raise StorageError(
            tr("无法写入“{path}”：{reason}。").format(path=folder, reason=error.strerror or error),
            tr("请换一个可以写入的文件夹。"),
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return WrittenForm(
        checklist=str(book), facilities=str(listed), elements=len(checklist.elements),
        questions=sum(len(e.questions) for e in checklist.elements), sites=len(sites),
    )  # fmt: skip


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(path.name + ".part")
    aside.write_bytes(content)
    os.replace(aside, path)


def _facilities(sites: list[Site]) -> bytes:
    """The sites as the csv of choices that the form names: UTF-8, as ODK reads it (a mark at its start is not)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for site in sites:
        shown = " ".join(t for t in (site.name, site.address) if t)
        place = ("", "") if site.lon is None or site.lat is None else (f"{site.lon:.6f}", f"{site.lat:.6f}")
        writer.writerow((site.code or site.id, shown or site.code, site.community, *place, site.site_class))
    return out.getvalue().encode()
