"""A city profile: which of our fields goes into which column of the city's template, and how. Read from TOML."""

from __future__ import annotations

import tomllib
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from barrierfree.errors import DefinitionError
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.workbook.fields import FIELDS


class Column(Model):
    """One column of the target sheet.

    - ``header``: the column's title in the template, as people read it
    - ``field``: one of ``FIELDS``; '' with ``text`` for a fixed text
    - ``text``: a fixed text for every row
    - ``required``: the row is faulty while this is empty
    - ``max_length``: characters
    - ``codes``: our word to the city's code; a word without a code is a fault
    - ``minimum``, ``maximum``: range of a number
    - ``decimals``: digits behind the point; the number is then written as text so that none is lost
    - ``unique``: no two rows of a batch may have the same value
    """

    header: str
    field: str = ""
    text: str = ""
    required: bool = False
    max_length: int = Field(default=0, ge=0)
    codes: dict[str, str] = Field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = Field(default=None, ge=0, le=12)
    unique: bool = False

    @model_validator(mode="after")
    def _known(self) -> Column:
        if self.field and self.field not in FIELDS:
            raise ValueError(tr("列“{header}”：没有叫“{field}”的字段").format(header=self.header, field=self.field))
        if not self.field and not self.text:
            raise ValueError(tr("列“{header}”：请写 field 或 text").format(header=self.header))
        return self


class Profile(Model):
    """How a batch is written.

    - ``name``, ``title``: for the ledger of batches and the screen
    - ``status``: ``official`` (the city's own) or ``ours`` (until the city's own is loaded; said on screen)
    - ``template``: the workbook beside the profile that is filled
    - ``rows``: one row per ``finding`` (a checkpoint without one has a row too), or per ``checkpoint``
    - ``sheet``: the sheet to fill; '' means the first
    - ``header_row``, ``first_row``: 1-based rows of the titles and of the first record
    - ``datum``, ``decimals``: of lon and lat; ``date_format`` in the words of strftime
    - ``file_name``: with {number} for the batch number; ``photo_name``: with {code}, {kind} (前, 后), {n}
    - ``columns``: from the first column of the sheet on, in order
    """

    name: str
    title: str
    status: Literal["official", "ours"] = "ours"
    template: str = "template.xlsx"
    rows: Literal["finding", "checkpoint"] = "finding"
    sheet: str = ""
    header_row: int = Field(default=1, ge=1)
    first_row: int = Field(default=2, ge=2)
    datum: str = "cgcs2000"
    decimals: int = Field(default=6, ge=0, le=12)
    date_format: str = "%Y-%m-%d"
    file_name: str = "{number}.xlsx"
    photo_folder: str = "照片"
    photo_name: str = "{code}_{kind}{n}.jpg"
    columns: tuple[Column, ...]


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
