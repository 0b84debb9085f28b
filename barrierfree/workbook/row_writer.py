"""Makes the XML of a sheet's rows in the look of the template's first data row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from barrierfree import cells
from barrierfree.workbook.fields import NUMBER_FIELDS, Values
from barrierfree.workbook.profile import Column, Profile, column_letter
from barrierfree.workbook.rows import Written, is_date, maker
from barrierfree.workbook.sheet_scan import RowSpan, tag_end
from barrierfree.workbook.strings import escaped
from barrierfree.workbook.styles import Styles
from barrierfree.workbook.template_sheet import TemplateSheet

_ATTRIBUTE: Final = re.compile(rb"\s([\w:.-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
# of the first data row, those that say how a row looks; whether it is folded away is its own affair
_NOT_COPIED: Final = frozenset({b"r", b"spans", b"hidden", b"collapsed", b"outlineLevel"})
# Excel shows ##### for a longer text in a cell that is formatted as text
_LONGEST_AS_TEXT: Final = 255
_FIRST_DAY: Final = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900 before it


class RowWriter:
    """Writes rows of one sheet; made once, it has looked up everything that is the same for each row."""

    def __init__(self, profile: Profile, there: TemplateSheet, styles: Styles) -> None:
        sheet, self._scan = there.sheet, there.scan
        self._prefix = p = there.scan.prefix
        self._date_format = profile.date_format
        self._day_zero = date(1904, 1, 1) if there.package.date1904 else date(1899, 12, 30)
        pattern = there.scan.row(sheet.first_row)
        self._attributes = _attributes(there.scan.content, pattern) if pattern else ""
        self._end = f"</{p}row>"
        filled = dict(zip(sheet.places, sheet.columns, strict=True))
        empty = (
            {cell.column for cell in pattern.cells if cell.style and there.inside(cell.column)} if pattern else set()
        )
        self._inside = there.inside
        self._beside = {
            row.number: row for row in there.scan.rows if not all(there.inside(c.column) for c in row.cells)
        }
        self._left = min(filled)
        self._cells = [
            self._of_column(profile, at, filled[at], _style(there, pattern, at), styles)
            if at in filled
            else self._blank(at, _style(there, pattern, at))
            for at in sorted({*filled, *empty})
        ]

    def row(self, number: int, serial: int, values: Values) -> str:
        """The element of a row."""
        made = [f'<{self._prefix}row r="{number}"{self._attributes}>']
        made += [cell(number, serial, values) for cell in self._cells]
        if number in self._beside:
            left, right = self._kept(self._beside[number])
            made = [made[0], left, *made[1:], right]
        made.append(self._end)
        return "".join(made)

    def _kept(self, row: RowSpan) -> tuple[str, str]:
        """What the template has in this row to the left and to the right of the profile's columns, as it stands."""
        content = self._scan.content
        parts = [
            "".join(
                content[c.start : c.end].decode()
                for c in row.cells
                if not self._inside(c.column) and (c.column < self._left) is left
            )
            for left in (True, False)
        ]
        return parts[0], parts[1]

    def emptied(self, row: RowSpan) -> bytes:
        """An example row that no record takes: its look without its contents."""
        content, p = self._scan.content, self._prefix
        tag = content[row.start : tag_end(content, row.start)]
        made = "".join(
            f'<{p}c r="{column_letter(cell.column)}{row.number}" s="{cell.style}"/>'
            for cell in row.cells
            if cell.style and self._inside(cell.column)
        )
        left, right = self._kept(row)
        return tag + f"{left}{made}{right}{self._end}".encode()

    def _blank(self, at: int, style: int) -> Callable[[int, int, Values], str]:
        head, tail = f'<{self._prefix}c r="{column_letter(at)}', f'" s="{style}"/>'
        return lambda number, serial, values: f"{head}{number}{tail}"

    def _of_column(
        self, profile: Profile, at: int, column: Column, style: int, styles: Styles
    ) -> Callable[[int, int, Values], str]:
        p, made = self._prefix, maker(profile, column)
        head = f'<{p}c r="{column_letter(at)}'
        looks = style
        if column.format == "number" and column.decimals is not None:
            looks = styles.with_decimals(style, column.decimals)
        look, long_look = _look(looks), _look(style)
        text_look = _look(styles.as_text(style)) if _writes_texts(profile, column) else long_look
        number_look = look
        opened, closed = f'{text_look} t="inlineStr"><{p}is><{p}t xml:space="preserve">', f"</{p}t></{p}is></{p}c>"
        long_opened = f'{long_look} t="inlineStr"><{p}is><{p}t xml:space="preserve">'
        before_value, behind_value = f"{number_look}><{p}v>", f"</{p}v></{p}c>"
        nothing = f"{long_look}/>" if style else ""
        real_dates = styles.shows(style) == "date"

        def cell(number: int, serial: int, values: Values) -> str:
            value: Written = made(values, serial)
            if value is None:
                return f"{head}{number}{nothing}" if nothing else ""
            if isinstance(value, date):
                if real_dates and value >= _FIRST_DAY:
                    return f"{head}{number}{before_value}{(value - self._day_zero).days}{behind_value}"
                value = cells.clean(value.strftime(self._date_format))
            if isinstance(value, str):
                start = opened if len(value) <= _LONGEST_AS_TEXT else long_opened
                return f"{head}{number}{start}{escaped(value)}{closed}"
            return f"{head}{number}{before_value}{value!r}{behind_value}"

        return cell


def _look(style: int) -> str:
    return f'" s="{style}"' if style else '"'


def _writes_texts(profile: Profile, column: Column) -> bool:
    """Whether the column's cells may hold texts, which are then shown as texts: numbers alone are not."""
    if profile.codes_of(column) or column.format == "text" or is_date(column):
        return column.format != "number"
    return column.format != "number" and (column.decimals is not None or column.field not in NUMBER_FIELDS)


def _style(there: TemplateSheet, pattern: RowSpan | None, at: int) -> int:
    """The style of a cell in the template's first data row: its own, that of its row, that of its column."""
    cell = next((c for c in pattern.cells if c.column == at), None) if pattern else None
    if cell is not None:
        return cell.style
    if pattern is not None and pattern.attributes.get("customFormat", "0") in ("1", "true"):
        return int(pattern.attributes.get("s", "0"))
    return there.scan.column_style(at)


def _attributes(content: bytes, row: RowSpan) -> str:
    tag = content[row.start : tag_end(content, row.start)]
    return "".join(
        f" {name.decode()}={text.decode()}" for name, text in _ATTRIBUTE.findall(tag) if name not in _NOT_COPIED
    )
