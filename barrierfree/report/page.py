"""A report as one HTML page, for the screen, for paper and for PDF."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, Template

from barrierfree import paths
from barrierfree.i18n import language, tr
from barrierfree.report.values import Report


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Where the page templates lie; texts in them go through ``tr``."""
    made = Environment(loader=FileSystemLoader(paths.resources() / "templates"), autoescape=True)
    made.globals["tr"] = tr
    return made


@lru_cache(maxsize=1)
def _template() -> Template:
    return environment().get_template("report.html")


def html(report: Report) -> str:
    """The page of a report: no script, no link, fonts of the system."""
    return _template().render(report=report, language=language().replace("_", "-"))
