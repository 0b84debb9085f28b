"""A report as HTML pages that become a PDF: in portions, because the web engine holds a whole page in memory.

A portion holds about ``PORTION`` cells; the engine needs some 100 MB for one. A page breaks between portions only where
a site or unit begins, or inside a table that is longer than a portion. Headers are repeated, rows are not split.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from barrierfree import paths
from barrierfree.i18n import language, tr
from barrierfree.report.values import Cell, Picture, Report, Row, Section

PORTION: Final = 8000  # cells; a photo counts as ten, a long text by its length
_AT_ONCE: Final = 50  # rows looked at before a portion may end
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d\b")
_NUMBERING: Final = "/* numbering */"
Content = Callable[[Picture], bytes | None]


@dataclass
class _Portion:
    sections: list[Section] = field(default_factory=list)
    weight: int = 0


def write_pages(
    report: Report, folder: Path, content: Content, tick: Callable[[], None] = lambda: None
) -> tuple[Path, ...]:
    """Write the pages of a report and their photos into ``folder``; the files in order.

    ``content`` gives the JPEG of a photo, or None if it is not there. ``tick`` is called now and then and may raise.
    """
    made: list[Path] = []
    for number, portion in enumerate(_portions(report, tick)):
        shown = [_drawn(section, folder, content, tick) for section in portion]
        page = folder / f"{number:04d}.html"
        page.write_text(
            _template().render(report=report, sections=shown, first=number == 0, foot=_foot(report),
                               language=language().replace("_", "-"), numbering=_NUMBERING),
            encoding="utf-8",
        )  # fmt: skip
        made.append(page)
        tick()
    return tuple(made)


def number_page(page: Path, first: int, *, alone: bool) -> None:
    """Say in a page's style where its numbers begin; how many there are in all is known only if it is ``alone``."""
    style = "" if first == 1 else f"@page:first {{ counter-increment: page {first}; }}"
    counted = 'counter(page) " / " counter(pages)' if alone else "counter(page)"
    style += f" @page {{ @bottom-right {{ content: {counted}; font-size: 8pt; color: #5B6470; }} }}"
    page.write_text(page.read_text(encoding="utf-8").replace(_NUMBERING, style, 1), encoding="utf-8")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Where the page templates lie; texts in them go through ``tr``."""
    made = Environment(loader=FileSystemLoader(paths.resources() / "templates"), autoescape=True)
    made.globals["tr"] = tr
    made.filters["dates"] = _dates
    return made


@lru_cache(maxsize=1)
def _template() -> Template:
    return environment().get_template("report.html")


def _dates(text: str) -> Markup | str:
    """A date at the beginning of a cell is not broken at its hyphens."""
    found = _DATE.match(text)
    return Markup('<span class="d">{}</span>{}').format(found[0], text[found.end() :]) if found else text


def _foot(report: Report) -> str:
    """What stands at the foot of every page, as a CSS string: survey, period or date, the mark of sample data."""
    when = tr("截至 {date}").format(date=report.as_of)
    if report.since:
        when = tr("{since} 至 {until}").format(since=report.since, until=report.as_of)
    parts = [report.title, report.survey, report.place, when, tr("示例数据") if report.sample else ""]
    text = " · ".join(part for part in parts if part)
    # The blank ends an escape; one that follows it in the text stays (CSS Syntax 3, 4.3.7).
    return "".join(f"\\{ord(c):x} " if c in "\"'\\<>&\n\r" else c for c in text)


def _portions(report: Report, tick: Callable[[], None]) -> Iterator[list[Section]]:
    portion = _Portion()
    for section in report.sections:
        if section.opens and portion.weight >= PORTION // 2:
            yield portion.sections
            portion = _Portion()
        rows: list[Row] = []
        more, parts = iter(section.rows), 0
        while some := list(islice(more, _AT_ONCE)):
            tick()
            rows += some
            portion.weight += sum(map(_weight, some))
            if portion.weight >= (2 * PORTION if section.opens or section.of else PORTION):
                portion.sections.append(_part(section, rows, parts))
                yield portion.sections
                portion, rows, parts = _Portion(), [], parts + 1
        if rows or not parts:
            portion.sections.append(_part(section, rows, parts))
    if portion.sections:
        yield portion.sections


def _part(section: Section, rows: Sequence[Row], number: int) -> Section:
    """A part of a long table; the title says that it goes on, the rule stands with the first."""
    if not number:
        return replace(section, rows=rows)
    title = tr("{title}（续）").format(title=section.title)
    return replace(section, rows=rows, title=title, rule="", intro="", opens="", of=section.opens or section.of)


def _weight(row: Row) -> int:
    return sum(10 * len(c) if isinstance(c, tuple) else 1 + len(c) // 60 if isinstance(c, str) else 1 for c in row)


def _drawn(section: Section, folder: Path, content: Content, tick: Callable[[], None]) -> dict[str, Any]:
    """The section as the template wants it: photos written into the folder and named."""

    def named(cell: Cell) -> Any:
        if not isinstance(cell, tuple):
            return cell
        return [name for name in (_kept(picture, folder, content, tick) for picture in cell) if name]

    rows = [[(isinstance(c, tuple), named(c)) for c in row] for row in section.rows]
    return {"section": section, "rows": rows}


def _kept(picture: Picture, folder: Path, content: Content, tick: Callable[[], None]) -> str:
    file = folder / f"{picture.sha256}.jpg"
    if not file.exists():
        tick()
        jpeg = content(picture)
        if jpeg is None:
            return ""
        file.write_bytes(jpeg)
    return file.name
