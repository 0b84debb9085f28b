"""Make a report of a survey and write it as a workbook, as JSON, or as the page that becomes a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from barrierfree import report, workbook
from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr
from barrierfree.report import Report
from barrierfree.store import Store


def _progress(store: Store, today: date | None) -> Report:
    return report.progress(
        store.figures(today), store.definition(), str(store.info("title", "")), sample=bool(store.info("sample"))
    )


KINDS: Final[dict[str, Callable[[Store, date | None], Report]]] = {"progress": _progress}


def make_report(store: Store, kind: str = "progress", today: date | None = None) -> Report:
    """The report of this kind as of today."""
    if kind not in KINDS:
        raise NotFoundError(
            tr("没有“{kind}”这种报告。").format(kind=kind), tr("可用的报告：{kinds}。").format(kinds="、".join(KINDS))
        )
    return KINDS[kind](store, today)


def write_report_workbook(made: Report, path: Path) -> None:
    """Write a report as a workbook, one sheet per section."""
    workbook.write_tables(path, [workbook.Table(title=s.title, headers=s.headers, rows=s.rows) for s in made.sections])


def page(made: Report) -> str:
    """The report as an HTML page, ready to be printed."""
    return report.html(made)
