"""Looks at a template for the editor of profiles: its sheets, the rows of titles, lists of allowed words."""

from __future__ import annotations

from typing import Literal

from barrierfree.model.definition import Model


class HeaderColumn(Model):
    """A column of a template: its letter, its title (of two lines the parts with "/"), and what may stand in it."""

    letter: str
    title: str
    words: tuple[str, ...] = ()  # of a list validation: the allowed words
    format: Literal["", "text", "number", "date"] = ""  # of the cells below the title


class SheetHeaders(Model):
    """A sheet of a template with a guess at its rows of titles; ``first_row`` is the row below them."""

    name: str
    header_row: int
    header_rows: int
    first_row: int
    columns: tuple[HeaderColumn, ...]
    hidden: bool = False


def template_headers(template: bytes) -> tuple[SheetHeaders, ...]:
    """The sheets of a template. Raises ``BatchError`` if it is no workbook that can be filled."""
    return ()
