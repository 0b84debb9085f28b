"""Checks every cell of a batch against the profile before anything is written.

A column is checked for a thousand rows at a time in one loop: a call per cell would take longer than its checks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, Literal

from barrierfree import cells
from barrierfree.errors import BatchError
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.workbook.lists import allowed_words
from barrierfree.workbook.package import Package
from barrierfree.workbook.profile import Column, Profile, Sheet
from barrierfree.workbook.rows import Report, Row, Rows, as_date, as_number, is_date, maker, raw_maker, silent, word
from barrierfree.workbook.template_sheet import TemplateSheet

FaultKind = Literal["required", "code", "list", "length", "range", "repeated", "characters", "number", "date"]
_CHUNK: Final = 1000
_SHOWN: Final = 60  # characters of a value in a sentence


class CellFault(Model):
    """A fault in one cell: of which record, in which column, and what is wrong.

    ``row`` is the number of the record among those of its sheet, from 1. ``value`` is the beginning of what stands
    there, '' where nothing does.
    """

    record: str
    code: str
    column: str
    reason: str
    kind: FaultKind = "required"
    sheet: str = ""
    row: int = 0
    value: str = ""


def check(profile: Profile, rows: Rows, template: bytes = b"", progress: Report = silent) -> tuple[CellFault, ...]:
    """All faults of the rows, in the order of sheets, rows and columns.

    With ``template`` its own lists of allowed words are kept to as well. ``progress`` may raise to stop. Nothing is a
    fault that writing makes safe: a text that looks like a formula or a number is written as text.
    """
    total = sum(len(rows.get(sheet.rows, ())) for sheet in profile.sheets)
    faults: list[CellFault] = []
    done = 0
    for sheet in profile.sheets:
        lists = _allowed(sheet, template)
        columns = [
            _Checked(profile, column, lists.get(at)) for at, column in zip(sheet.places, sheet.columns, strict=True)
        ]
        coming, first = iter(rows.get(sheet.rows, ())), 1
        while chunk := list(islice(coming, _CHUNK)):
            progress(done, total)
            found = [
                (place, at, found) for at, column in enumerate(columns) for place, found in column.faults(chunk, first)
            ]
            found.sort(key=lambda one: one[:2])
            faults += [_named(sheet, columns[at], chunk[place], first + place, *found) for place, at, found in found]
            first += len(chunk)
            done += len(chunk)
    return tuple(faults)


def _allowed(sheet: Sheet, template: bytes) -> dict[int, frozenset[str]]:
    """The words that the template allows, by the number of the column."""
    if not template:
        return {}
    try:
        package = Package(template)
        there = TemplateSheet(package, sheet)
        words = allowed_words(package, there.entry, there.scan, sheet.first_row)
    except BatchError:  # what is wrong with a template is told by template_faults
        return {}
    return {at: frozenset(known) for at, known in words.items()}


def _named(
    sheet: Sheet, column: _Checked, row: Row, number: int, kind: FaultKind, reason: str, value: object
) -> CellFault:
    return CellFault(
        record=row.record, code=row.code, sheet=sheet.name, row=number, column=column.header, kind=kind, reason=reason,
        value="" if value is None else word(value)[:_SHOWN],
    )  # fmt: skip


Found = tuple[FaultKind, str, object]


class _Checked:
    """One column with what it is checked for."""

    def __init__(self, profile: Profile, column: Column, allowed: frozenset[str] | None) -> None:
        self.header = column.header
        self._column = column
        self._codes = profile.codes_of(column)
        self._allowed = allowed
        self._made = maker(profile, column)
        self._raw = raw_maker(column)
        self._seen: dict[object, int] = {}
        self._dated = is_date(column)
        self._numbers = column.format == "number" and not self._codes
        self._ranged = column.minimum is not None or column.maximum is not None
        # a field alone is the usual case and needs no call per row
        self._field = column.field if column.field != "serial" else ""
        self._free = not (
            self._codes or allowed is not None or self._dated or self._numbers or self._ranged or column.unique
            or column.max_length
        )  # fmt: skip

    def faults(self, rows: Sequence[Row], first: int) -> Iterator[tuple[int, Found]]:
        """The faults of ``rows``, of which the first is row ``first`` of the sheet: place and what is wrong."""
        required, free, field = self._column.required, self._free, self._field
        if free and field and self._all_good([row.values.get(field) for row in rows]):
            return
        for place, row in enumerate(rows):
            value = row.values.get(field) if field else self._raw(row.values, first + place)
            if value is None or value == "":
                if required:
                    yield place, ("required", tr("必填，但是空的"), None)
                continue
            if free:
                if isinstance(value, str):
                    if value.isprintable() and cells.fits(value):
                        continue
                elif not isinstance(value, float) or math.isfinite(value):
                    continue
            found = self._fault(value, row, first + place)
            if found:
                yield place, (*found, value)

    def _all_good(self, values: list[Any]) -> bool:
        """Whether none of the values of a column that is checked for nothing else can be a fault, seen all at once."""
        texts = [value for value in values if value.__class__ is str]
        if not "".join(texts).isprintable() or 2 * max(map(len, texts), default=0) > cells.MAX_LENGTH:
            return False
        if len(texts) < len(values) and not all(v is None or v.__class__ in (str, int) for v in values):
            return False
        return not self._column.required or all(values)

    def _fault(self, value: Any, row: Row, number: int) -> tuple[FaultKind, str] | None:
        column = self._column
        shown = word(value)[:_SHOWN]
        if isinstance(value, float) and not math.isfinite(value):
            return "number", tr("“{value}”不是数").format(value=shown)
        if self._codes and word(value) not in self._codes:
            return "code", tr("“{value}”不在代码表里").format(value=shown)
        if self._dated and as_date(value) is None:
            return "date", tr("“{value}”不是日期").format(value=shown)
        if self._numbers and as_number(value) is None:
            return "number", tr("“{value}”不是数").format(value=shown)
        return (
            (self._range_fault(value) if self._ranged else None)
            or self._text_fault(value, row, number)
            or (self._repeated(value, number) if column.unique else None)
        )

    def _range_fault(self, value: Any) -> tuple[FaultKind, str] | None:
        column, number = self._column, as_number(value)
        if number is None:
            return "number", tr("“{value}”不是数").format(value=str(value)[:_SHOWN])
        if column.minimum is not None and number < column.minimum:
            return "range", tr("{value} 小于最小值 {limit}").format(value=value, limit=column.minimum)
        if column.maximum is not None and number > column.maximum:
            return "range", tr("{value} 大于最大值 {limit}").format(value=value, limit=column.maximum)
        return None

    def _text_fault(self, value: Any, row: Row, number: int) -> tuple[FaultKind, str] | None:
        column = self._column
        if isinstance(value, str) and not cells.holds(value):
            if not cells.fits(value):
                return "length", tr("有 {n} 个字，一格最多 {limit} 个").format(n=len(value), limit=cells.MAX_LENGTH)
            return "characters", tr("含有表格不能保存的控制字符")
        if not column.max_length and self._allowed is None:
            return None
        written = self._made(row.values, number)
        text = written if isinstance(written, str) else word(written)
        if column.max_length and len(text) > column.max_length:
            return "length", tr("有 {n} 个字，最多 {limit} 个").format(n=len(text), limit=column.max_length)
        if self._allowed is not None and text not in self._allowed:
            return "list", tr("“{value}”不在模板给这一列的选项里").format(value=text[:_SHOWN])
        return None

    def _repeated(self, value: Any, number: int) -> tuple[FaultKind, str] | None:
        before = self._seen.setdefault(value, number)
        if before == number:
            return None
        return "repeated", tr("与第 {row} 行重复：{value}").format(row=before, value=str(value)[:_SHOWN])
