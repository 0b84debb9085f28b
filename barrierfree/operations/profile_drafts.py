"""A profile in the making: it may be faulty for a while, which a ``Profile`` never is. Nothing here knows Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from barrierfree import coordinates
from barrierfree.errors import CoordinateError
from barrierfree.i18n import tr
from barrierfree.operations.template_looks import proposed_codes
from barrierfree.workbook import (
    AnswerLayout,
    Column,
    HeaderColumn,
    Profile,
    RowKind,
    Sheet,
    SheetHeaders,
    fields_of,
    template_headers,
)
from barrierfree.workbook.profile import column_letter
from barrierfree.workbook.suggestions import suggest_sheet

_SOURCES: Final = ("field", "text", "expression")
_ENOUGH: Final = 2  # recognised columns that make a sheet one to fill: a remark on another sheet is no column
Known = Callable[[str], Sequence[str]]


@dataclass
class ColumnDraft:
    """A column of the template: its letter and title, the words it allows, and what is put into it.

    ``values`` are those of a ``Column`` but for header and letter; without a field, text or expression the column is
    left as it is. ``source`` is which of the three was chosen, '' for none. ``reason`` tells why it was proposed.
    ``missing``: the profile names it and the template has no such column.
    """

    letter: str
    title: str
    words: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    reason: str = ""
    missing: bool = False

    def put(self, source: str, value: str) -> None:
        """Fill it from ``source`` ('' for not at all); what was said about its form stays, but for the codes."""
        if source != self.source or value != self.values.get(source):
            for name in ("codes", "code_table"):
                self.values.pop(name, None)
        for name in _SOURCES:
            self.values.pop(name, None)
        self.source = source
        if source:
            self.values[source] = value
        self.reason = ""

    def set(self, name: str, value: object) -> None:
        """Say something about its form; a value that is as usual is not kept."""
        if value in (None, "", 0, False) and not (name in ("decimals", "minimum", "maximum") and value == 0):
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def column(self) -> Column | None:
        """As a profile has it; None while it is not filled. Raises ``ValidationError``."""
        if not self.source:
            return None
        return Column.model_validate({**self.values, "header": self.title, "letter": self.letter})

    def fault(self, rows: RowKind) -> str:
        """What is wrong with it, in words; '' for nothing."""
        if not self.source:
            return ""
        if self.missing:
            return tr("模板里没有这一列，请选“不填”，或换回原来的模板。")
        if not self.values.get(self.source):
            return tr("请写固定文字。") if self.source == "text" else tr("请写公式。")
        try:
            column = self.column()
        except ValidationError as error:
            return message_of(error)
        unknown = sorted(column.names - fields_of(rows).keys()) if column else []
        if unknown:
            return tr("这种行没有字段“{field}”。").format(field=unknown[0])
        low, high = self.values.get("minimum"), self.values.get("maximum")
        if low is not None and high is not None and low > high:
            return tr("最小值比最大值还大。")
        return ""


@dataclass
class SheetDraft:
    """A sheet of the template; ``filled`` says whether a batch writes into it."""

    name: str
    rows: RowKind = "finding"
    header_row: int = 1
    header_rows: int = 1
    first_row: int = 2
    columns: list[ColumnDraft] = field(default_factory=list)
    filled: bool = True
    hidden: bool = False

    def fault(self) -> str:
        """What is wrong with the sheet as a whole."""
        if self.header_rows > self.header_row:
            return tr("列名最后一行是第 {row} 行，占不了 {n} 行。").format(row=self.header_row, n=self.header_rows)
        if self.first_row <= self.header_row:
            return tr("第一条记录要写在列名下面。")
        return "" if any(c.source for c in self.columns) else tr("还没有一列配上我们的字段。")

    def sheet(self) -> Sheet | None:
        """As a profile has it, of the columns without a fault; None if there is none."""
        columns = [c.column() for c in self.columns if c.source and not c.fault(self.rows)]
        if not columns or self.header_rows > self.header_row or self.first_row <= self.header_row:
            return None
        return Sheet(
            name=self.name, rows=self.rows, header_row=self.header_row, header_rows=self.header_rows,
            first_row=self.first_row, columns=tuple(c for c in columns if c is not None),
        )  # fmt: skip

    def retitle(self, found: SheetHeaders) -> None:
        """Other rows hold the titles: the columns are others too; what was put into a letter stays there."""
        held = {c.letter: c for c in self.columns}
        self.columns = []
        for one in found.columns:
            column = held.get(one.letter) or _empty(one)
            column.title, column.words, column.missing = one.title, one.words, False
            self.columns.append(column)


@dataclass
class Draft:
    """All of it. ``general`` holds the values of a ``Profile`` but for sheets, code tables and answer."""

    general: dict[str, Any]
    template: bytes = field(default=b"", repr=False)
    sheets: list[SheetDraft] = field(default_factory=list)
    code_tables: dict[str, dict[str, str]] = field(default_factory=dict)
    answer: dict[str, Any] | None = None

    def filled(self) -> list[SheetDraft]:
        """The sheets that a batch writes into."""
        return [sheet for sheet in self.sheets if sheet.filled]

    def codes_of(self, column: ColumnDraft) -> dict[str, str]:
        """Our word to the city's code for a column."""
        table = column.values.get("code_table", "")
        return dict(self.code_tables.get(table, {}) if table else column.values.get("codes", {}))

    def set_codes(self, column: ColumnDraft, codes: dict[str, str]) -> None:
        """Change them; a table that several columns share changes for all of them."""
        table = column.values.get("code_table", "")
        if table:
            self.code_tables[table] = codes
        else:
            column.set("codes", codes or None)

    def sharing(self, column: ColumnDraft) -> list[ColumnDraft]:
        """The other columns that share the code table of ``column``."""
        table = column.values.get("code_table", "")
        everywhere = (c for sheet in self.sheets for c in sheet.columns)
        return [c for c in everywhere if table and c is not column and c.values.get("code_table") == table]

    def faults(self) -> Iterator[tuple[SheetDraft | None, ColumnDraft | None, str]]:
        """Everything that keeps it from being saved: where, and what."""
        if not self.filled():
            yield None, None, tr("请至少选一张要填写的工作表。")
        for sheet in self.filled():
            for column in sheet.columns:
                if fault := column.fault(sheet.rows):
                    yield sheet, column, fault
            if fault := sheet.fault():
                yield sheet, None, fault
        if self.answer is not None:
            try:
                AnswerLayout.model_validate(self.answer)
            except ValidationError as error:
                yield None, None, tr("回执：{fault}").format(fault=message_of(error))
        try:
            coordinates.read_datum(self.general["datum"])
        except CoordinateError as error:
            yield None, None, error.message
        try:
            Profile.model_validate({**self.general, "sheets": [_ANY_SHEET]})
        except ValidationError as error:
            yield None, None, message_of(error)

    def profile(self) -> Profile:
        """All that is without a fault, as a profile. Raises ``ValidationError`` where even that cannot be."""
        sheets = [made for sheet in self.filled() if (made := sheet.sheet()) is not None]
        used = {c.code_table for s in sheets for c in s.columns}
        tables = {name: codes for name, codes in self.code_tables.items() if name in used}
        answer = None
        if self.answer is not None:
            answer = AnswerLayout.model_validate(self.answer)
        return Profile.model_validate({**self.general, "sheets": sheets, "code_tables": tables, "answer": answer})


_ANY_SHEET: Final = Sheet(columns=(Column(header="x", text="x"),))


def message_of(error: ValidationError) -> str:
    """The first fault that pydantic found, in our words."""
    first = error.errors()[0]
    if first["type"] == "value_error":
        text = str(first["ctx"]["error"]) if "ctx" in first else first["msg"]
        return text.partition("：")[2] if text.startswith("列“") else text
    names = {"code": tr("我们的编号在哪一列"), "name": tr("方案短名"), "title": tr("方案名称")}
    where = str(first["loc"][-1]) if first["loc"] else ""
    return tr("“{name}”没有填对。").format(name=names.get(where, where))


def of_profile(profile: Profile, template: bytes) -> Draft:
    """A profile to be changed, on ``template``: columns are found by their place, else by their title.

    Raises ``BatchError`` if the template cannot be read.
    """
    headers = template_headers(template)
    general = profile.model_dump(exclude={"sheets", "code_tables", "answer"})
    draft = Draft(general, template, code_tables={n: dict(c) for n, c in profile.code_tables.items()})
    draft.answer = profile.answer.model_dump() if profile.answer is not None else None
    by_name = {sheet.name: sheet for sheet in profile.sheets}
    if headers and "" in by_name:
        by_name[headers[0].name] = by_name.pop("")
    for found in headers:
        known = by_name.pop(found.name, None)
        draft.sheets.append(_sheet_of(found, known))
    for name, gone in by_name.items():  # said as a fault, so that nothing is lost unseen
        made = SheetDraft(name, gone.rows, gone.header_row, gone.header_rows, gone.first_row)
        made.columns = [_column_of(c, at, missing=True) for c, at in zip(gone.columns, gone.places, strict=True)]
        draft.sheets.append(made)
    return draft


def of_template(template: bytes, name: str, known: Known) -> Draft:
    """A proposal for a template of which nothing is known; what no title tells is left to be paired by hand.

    ``known`` gives the words that a field may hold. Raises ``BatchError`` if the template cannot be read.
    """
    draft = Draft(Profile(name="city", title=name, status="official", sheets=(_ANY_SHEET,)).model_dump(), template)
    for part in ("sheets", "code_tables", "answer"):
        del draft.general[part]
    for found in template_headers(template):
        guess = suggest_sheet(found) if found.columns else None
        made = _sheet_of(found, guess)
        made.filled = guess is not None and not found.hidden and len(guess.columns) >= _ENOUGH
        draft.sheets.append(made)
        for column in made.columns:
            if column.source:
                _propose_codes(column, known(str(column.values.get("field", ""))))
    titled = [sheet for sheet in draft.sheets if sheet.columns]
    if titled and not draft.filled():
        titled[0].filled = True
    return draft


def on_template(profile: Profile, template: bytes, known: Known) -> Draft:
    """The profile in force on another edition of its template: columns by their titles, new ones as proposed."""
    draft, proposed = of_profile(profile, template), of_template(template, profile.title, known)
    for sheet, other in zip(draft.sheets, proposed.sheets, strict=False):
        for column, guess in zip(sheet.columns, other.columns, strict=False):
            taken = {c.values.get("field") for c in sheet.columns}
            if not column.source and column.letter == guess.letter and guess.values.get("field") not in taken:
                column.values, column.source, column.reason = guess.values, guess.source, guess.reason
    return draft


def _propose_codes(column: ColumnDraft, ours: Sequence[str]) -> None:
    """The template's words as codes of ours, where they are not the same words anyway; and why it was proposed."""
    column.reason = tr("按列名配的，请核对")
    column.values.pop("codes", None)
    codes = proposed_codes(ours, column.words) if column.words else {}
    if any(word != code for word, code in codes.items()):
        column.values["codes"] = codes
        column.reason = tr("按列名和模板的选项配的，请核对")


def _sheet_of(found: SheetHeaders, known: Sheet | None) -> SheetDraft:
    made = SheetDraft(
        found.name, header_row=max(found.header_row, 1), header_rows=found.header_rows,
        first_row=max(found.first_row, 2), hidden=found.hidden,
        filled=known is not None, columns=[_empty(c) for c in found.columns],
    )  # fmt: skip
    if known is None:
        return made
    made.rows = known.rows
    by_letter = {c.letter: c for c in made.columns}
    for column, at in zip(known.columns, known.places, strict=True):
        target = by_letter.get(column_letter(at))
        if target is None or target.title != column.header:
            same = [c for c in made.columns if c.title == column.header and not c.source]
            target = same[0] if len(same) == 1 else None
        if target is None or target.source:
            made.columns.append(_column_of(column, at, missing=True))
            continue
        filled = _column_of(column, at)
        target.values, target.source = filled.values, filled.source
        if target.letter != column_letter(at):
            target.reason = tr("原来在 {letter} 列，按列名找到").format(letter=column_letter(at))
    return made


def _empty(found: HeaderColumn) -> ColumnDraft:
    return ColumnDraft(found.letter, found.title, found.words)


def _column_of(column: Column, at: int, *, missing: bool = False) -> ColumnDraft:
    values = column.model_dump(exclude={"header", "letter"}, exclude_defaults=True)
    source = next((name for name in _SOURCES if values.get(name)), "")
    return ColumnDraft(column_letter(at), column.header, values=values, source=source, missing=missing)
