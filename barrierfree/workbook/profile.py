"""A city profile: which of our fields goes into which column of the city's template, and how. Read from TOML."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property, lru_cache
from string import Formatter
from typing import Any, Final, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from barrierfree import expressions
from barrierfree.errors import DefinitionError
from barrierfree.expressions import Expression
from barrierfree.i18n import listed, tr
from barrierfree.model.definition import Model
from barrierfree.workbook.fields import FIELDS, RowKind, fields_of

_LETTER: Final = re.compile(r"[A-Z]{1,3}\Z")
# Forbidden in the name of a file on Windows (Naming Files, Paths, and Namespaces)
_NOT_IN_NAMES: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Column(Model):
    """One column of a target sheet.

    - ``header``: the column's title in the template, as people read it; of titles over two lines the parts with "/"
    - ``letter``: the column's letter in the sheet; '' means the one after the column before, the first is A
    - ``field``: one of ``FIELDS``; or ``text``: a fixed text for every row; or ``expression``: an XLSForm expression
      over ``${field}``
    - ``required``: the row is faulty while this is empty
    - ``max_length``: characters, of what is written
    - ``codes``: our word to the city's code; a word without a code is a fault
    - ``code_table``: the name of a table in the profile's ``code_tables``, instead of ``codes``
    - ``minimum``, ``maximum``: range of a number
    - ``decimals``: digits behind the point; the number is then written as text so that none is lost, or with
      ``format`` "number" as a rounded number
    - ``format``: '' as it comes (numbers as numbers, texts as texts), ``text`` always as text, ``number`` as a number
      (what is none is a fault), ``date`` as a date (ISO dates; what is none is a fault)
    - ``unique``: no two rows of a batch may have the same value
    """

    header: str = Field(min_length=1)
    letter: str = ""
    field: str = ""
    text: str = ""
    expression: str = ""
    required: bool = False
    max_length: int = Field(default=0, ge=0)
    codes: dict[str, str] = Field(default_factory=dict)
    code_table: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = Field(default=None, ge=0, le=12)
    format: Literal["", "text", "number", "date"] = ""
    unique: bool = False

    @model_validator(mode="after")
    def _known(self) -> Column:
        if self.field and self.field not in FIELDS:
            raise ValueError(tr("列“{header}”：没有叫“{field}”的字段").format(header=self.header, field=self.field))
        if sum(map(bool, (self.field, self.text, self.expression))) != 1:
            raise ValueError(tr("列“{header}”：请写 field、text、expression 中的一个").format(header=self.header))
        if self.codes and self.code_table:
            raise ValueError(tr("列“{header}”：codes 和 code_table 只能写一个").format(header=self.header))
        if self.letter and not _LETTER.match(self.letter):
            raise ValueError(
                tr("列“{header}”：“{letter}”不是列标（A 到 XFD）").format(header=self.header, letter=self.letter)
            )
        for name in sorted(self.names - FIELDS.keys()):
            raise ValueError(tr("列“{header}”：没有叫“{field}”的字段").format(header=self.header, field=name))
        return self

    @cached_property
    def parsed(self) -> Expression | None:
        """The expression, read; None where there is none."""
        if not self.expression:
            return None
        try:
            return expressions.parse(self.expression)
        except DefinitionError as error:
            raise ValueError(tr("列“{header}”：{fault}").format(header=self.header, fault=error.message)) from error

    @property
    def names(self) -> frozenset[str]:
        """The fields that the column is made of."""
        if self.parsed is not None:
            return self.parsed.names
        return frozenset({self.field} if self.field else ())


class Sheet(Model):
    """One sheet to fill.

    - ``name``: the sheet; '' means the first
    - ``rows``: one row per ``site``, per ``checkpoint``, or per ``finding`` (see ``without_findings``)
    - ``header_row``: 1-based row of the titles, the last of them if they take several lines
    - ``header_rows``: lines of the titles; those above are joined to them with "/", merged cells spread out
    - ``first_row``: 1-based row of the first record; 0 means the row below the titles
    - ``columns``: the columns that are filled; others are left as they are
    """

    name: str = ""
    rows: RowKind = "finding"
    header_row: int = Field(default=1, ge=1, le=1000)
    header_rows: int = Field(default=1, ge=1, le=5)
    first_row: int = Field(default=0, ge=0, le=1000)
    columns: tuple[Column, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fitting(self) -> Sheet:
        if not self.first_row:
            object.__setattr__(self, "first_row", self.header_row + 1)
        if self.first_row <= self.header_row:
            raise ValueError(tr("first_row 要在 header_row 下面"))
        if self.header_rows > self.header_row:
            raise ValueError(tr("header_rows 比 header_row 还多"))
        known = fields_of(self.rows)
        for column in self.columns:
            for name in sorted(column.names - known.keys()):
                raise ValueError(
                    tr('列“{header}”：rows = "{rows}" 的工作表没有字段“{field}”').format(
                        header=column.header, rows=self.rows, field=name
                    )
                )
        taken: dict[int, str] = {}
        for at, column in zip(self.places, self.columns, strict=True):
            if at in taken:
                raise ValueError(
                    tr("列“{header}”和列“{other}”写在同一列").format(header=column.header, other=taken[at])
                )
            taken[at] = column.header
        return self

    @property
    def places(self) -> tuple[int, ...]:
        """The 1-based number of each column in the sheet."""
        found, at = [], 0
        for column in self.columns:
            at = column_number(column.letter) if column.letter else at + 1
            found.append(at)
        return tuple(found)


class AnswerLayout(Model):
    """How the city's system answers: a workbook or csv with a row per record.

    - ``sheet``: its sheet; '' means the first that has the titles
    - ``header_row``: 1-based row of the titles; 0 means to look for it
    - ``code``: title of the column with our code; ``field``: which code that is (``site_code`` …)
    - ``state``: title of the column that says accepted or rejected; '' if there is none: then a number of the city's
      means accepted and a reason rejected
    - ``accepted``, ``rejected``: the words in it; other words are unclear and named
    - ``reason``, ``city_number``: titles of the columns with the reason and the city's own number; '' if none
    """

    sheet: str = ""
    header_row: int = Field(default=0, ge=0, le=1000)
    code: str = Field(min_length=1)
    field: Literal["site_code", "checkpoint_code", "finding_code"] = "checkpoint_code"
    state: str = ""
    accepted: tuple[str, ...] = ("通过", "审核通过", "已入库", "成功")
    rejected: tuple[str, ...] = ("不通过", "审核不通过", "退回", "驳回", "失败")
    reason: str = ""
    city_number: str = ""

    @model_validator(mode="after")
    def _clear(self) -> AnswerLayout:
        if not (self.state or self.reason or self.city_number):
            raise ValueError(tr("请写 state、reason、city_number 中的至少一个"))
        both = sorted(set(self.accepted) & set(self.rejected))
        if both:
            raise ValueError(tr("“{word}”既算通过又算退回").format(word=both[0]))
        return self


class Profile(Model):
    """How a batch is written and answered.

    - ``name``, ``title``: for the ledger of batches and the screen; ``target``: the name of the system it is for
    - ``status``: ``official`` (the city's own) or ``ours`` (until the city's own is loaded; said on screen)
    - ``template``: the workbook beside the profile that is filled
    - ``sheets``: the sheets to fill
    - ``code_tables``: by name, our word to the city's code
    - ``datum``, ``decimals``: of lon and lat; ``date_format`` in the words of strftime
    - ``file_name``: with {number} for the batch number; ``photo_name``: with {code}, {kind} (前, 后), {n};
      ``photo_folder``: where the photos lie beside the workbook
    - ``without_findings``: whether a checkpoint without a finding has a row too where rows are findings
    - ``rows_per_file``: more rows than these in a sheet go into further files; 0 means one file
    - ``answer``: how the city answers

    The form of older surveys, with the keys of one sheet (``sheet``, ``rows``, ``header_row``, ``first_row``,
    ``columns``) beside the others, is read too.
    """

    name: str
    title: str
    target: str = ""
    status: Literal["official", "ours"] = "ours"
    template: str = "template.xlsx"
    datum: str = "cgcs2000"
    decimals: int = Field(default=6, ge=0, le=12)
    date_format: str = "%Y-%m-%d"
    file_name: str = "{number}.xlsx"
    photo_folder: str = "照片"
    photo_name: str = "{code}_{kind}{n}.jpg"
    without_findings: bool = True
    rows_per_file: int = Field(default=0, ge=0)
    sheets: tuple[Sheet, ...] = Field(min_length=1)
    code_tables: dict[str, dict[str, str]] = Field(default_factory=dict)
    answer: AnswerLayout | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_one_sheet(cls, given: Any) -> Any:
        """The older form: the keys of the only sheet stand among the profile's own."""
        if not isinstance(given, dict) or "sheets" in given or "columns" not in given:
            return given
        rest = dict(given)
        sheet = {key: rest.pop(key) for key in ("rows", "header_row", "first_row", "columns") if key in rest}
        if "sheet" in rest:
            sheet["name"] = rest.pop("sheet")
        if "header_row" not in sheet and "first_row" in sheet:
            sheet["header_row"] = 1
        return rest | {"sheets": [sheet]}

    @field_validator("file_name", "photo_name")
    @classmethod
    def _writable(cls, name: str, info: Any) -> str:
        known = {"number"} if info.field_name == "file_name" else {"code", "kind", "n"}
        try:
            used = {field for _, field, _, _ in Formatter().parse(name) if field is not None}
        except ValueError as error:
            raise ValueError(tr("“{name}”里的花括号不成对").format(name=name)) from error
        if used - known:
            words = listed("{" + word + "}" for word in sorted(known))
            raise ValueError(tr("“{name}”里只能用 {known}").format(name=name, known=words))
        if not name.strip() or _NOT_IN_NAMES.search(name):
            raise ValueError(tr("“{name}”不能做文件名").format(name=name))
        return name

    @field_validator("template", "photo_folder")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not name.strip(". ") or _NOT_IN_NAMES.search(name):
            raise ValueError(tr("“{name}”不能做文件名").format(name=name))
        return name

    @model_validator(mode="after")
    def _tables_there(self) -> Profile:
        for sheet in self.sheets:
            for column in sheet.columns:
                if column.code_table and column.code_table not in self.code_tables:
                    raise ValueError(
                        tr("列“{header}”：没有叫“{table}”的代码表").format(
                            header=column.header, table=column.code_table
                        )
                    )
        names = [sheet.name for sheet in self.sheets]
        if len(set(names)) < len(names):
            raise ValueError(tr("同一张工作表写了两次"))
        return self

    def codes_of(self, column: Column) -> dict[str, str]:
        """Our word to the city's code for this column; empty where it has none."""
        return self.code_tables[column.code_table] if column.code_table else column.codes


@lru_cache(maxsize=1024)
def column_number(letter: str) -> int:
    """The 1-based number of a column: A is 1, XFD 16384."""
    number = 0
    for character in letter:
        number = number * 26 + ord(character) - 64
    return number


def column_letter(number: int) -> str:
    """The letter of the 1-based column ``number``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_profile(text: str, source: str = "profile.toml") -> Profile:
    """The profile written in ``text``. Raises ``DefinitionError`` that names every faulty entry."""
    if not text.strip():
        raise DefinitionError(tr("普查里没有市系统导出方案。"), tr("请在“批次”页载入方案（.toml）和模板工作簿。"))
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(
            tr("导出方案“{source}”不是正确的 TOML：{error}").format(source=source, error=error),
            tr("请按提示的行列改正。"),
        ) from error
    except ValidationError as error:
        faults = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
        raise DefinitionError(
            tr("导出方案“{source}”有误：{faults}").format(source=source, faults=faults),
            tr("请改正这些条目；可用的字段见说明。"),
        ) from error


def profile_text(profile: Profile) -> str:
    """The profile as TOML, without what is as usual; ``read_profile`` gives it back equal."""
    import tomli_w  # only when a profile is written

    values = profile.model_dump(mode="json", exclude_defaults=True)
    return tomli_w.dumps(values)
