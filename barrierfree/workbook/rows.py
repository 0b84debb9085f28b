"""The rows of a batch, and what is written for them: a maker per column, prepared once."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from barrierfree import cells
from barrierfree.workbook.fields import DATE_FIELDS, RowKind, Values
from barrierfree.workbook.profile import Column, Profile, Sheet

Written = str | float | int | date | None
Report = Callable[[int, int], None]  # (done, all): called now and then, may raise to stop


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the id of its record, its code as people read it, and the values of our fields."""

    record: str
    code: str
    values: Values


# By kind of row. They are gone through once for a check and once for a file, so they may be made as one goes.
Rows = Mapping[RowKind, Collection[Row]]


def silent(done: int, total: int) -> None:
    """Reports to nobody."""


def raw_maker(column: Column) -> Callable[[Values, int], Any]:
    """How the value of a column is found, before codes and formats: from the values of a row and its number."""
    expression, field, text = column.parsed, column.field, column.text
    if expression is not None:
        if "serial" in expression.names:
            return lambda values, serial: expression.evaluate(values | {"serial": serial})
        return lambda values, serial: expression.evaluate(values)
    if field == "serial":
        return lambda values, serial: serial
    if field:
        return lambda values, serial: values.get(field)
    return lambda values, serial: text


def is_date(column: Column) -> bool:
    """Whether the column's values are dates."""
    return column.format == "date" or (column.format == "" and column.field in DATE_FIELDS)


def maker(profile: Profile, column: Column) -> Callable[[Values, int], Written]:
    """What is written into the column's cells; a ``date`` where it is one, for the template to decide how."""
    raw, codes = raw_maker(column), profile.codes_of(column)
    dated, form, decimals = is_date(column), column.format, column.decimals

    def made(values: Values, serial: int) -> Written:
        value = raw(values, serial)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, list):
            value = "、".join(map(str, value))
        if codes:
            value = codes.get(word(value), word(value))
        elif dated:
            return as_date(value) or cells.clean(str(value))
        if form == "number":
            number = as_number(value)
            if number is not None:
                return number if decimals is None else round(number, decimals)
        elif isinstance(value, int | float) and math.isfinite(value):
            if decimals is not None:
                return f"{value:.{decimals}f}"
            return word(value) if form == "text" else value
        return cells.clean(str(value))

    return made


def word(value: object) -> str:
    """A value as a text: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_number(value: object) -> float | int | None:
    """``value`` as a number, None where it is none."""
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    try:
        number = float(str(value))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def as_date(value: object) -> date | None:
    """The day of an ISO date or time, None where it is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def preview(profile: Profile, sheet: Sheet, row: Row, serial: int = 1) -> tuple[str, ...]:
    """What is written for a row, column by column, as texts for the eye; dates by the profile's ``date_format``."""
    made = (maker(profile, column)(row.values, serial) for column in sheet.columns)
    return tuple(
        "" if value is None else value.strftime(profile.date_format) if isinstance(value, date) else word(value)
        for value in made
    )
