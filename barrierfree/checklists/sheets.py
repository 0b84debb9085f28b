"""Reads the sheets of an XLSForm workbook as rows of texts under normalised column names."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from barrierfree.checklists.faults import Faults
from barrierfree.errors import DefinitionError
from barrierfree.i18n import tr
from barrierfree.model.definition import Text

_LARGEST: Final = 30_000_000  # bytes; a checklist has some 100 kB
_ALIASES: Final = {
    "read only": "read_only",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraint message": "constraint_message",
    "list name": "list_name",
    "choice filter": "choice_filter",
    "form title": "form_title",
    "form id": "form_id",
}
_TRANSLATED: Final = ("label", "hint", "constraint_message", "note")


@dataclass(frozen=True)
class Row:
    """One row: its number in the spreadsheet, from 1, and its cells by column; empty cells are left out."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The text of ``column``, '' where it is empty."""
        return self.cells.get(column, "")

    def text(self, column: str) -> Text:
        """A text with its languages: ``label``, ``label::中文 (zh)``, ``label::English (en)``."""
        plain, zh, en = (self.get(column), self.get(f"{column}::zh"), self.get(f"{column}::en"))
        other = next((t for c, t in self.cells.items() if c.startswith(f"{column}::")), "")
        return Text(zh=zh or plain or en or other, en=en)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns and its rows that are not empty."""

    name: str
    columns: frozenset[str]
    rows: tuple[Row, ...]

    def has_column(self, column: str) -> bool:
        """Whether there is ``column``, in whatever language."""
        return any(c == column or c.startswith(f"{column}::") for c in self.columns)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def _column(header: str) -> str:
    """The normalised name of a column: lower case, known spellings as one, its language as ``::zh`` or ``::en``."""
    name, _, language = header.partition("::")
    name = re.sub(r"\s+", " ", name).strip().lower()
    name = _ALIASES.get(name, name)
    language = language.strip().lower()
    if not language or name not in _TRANSLATED:
        return name if not language else f"{name}::{language}"
    if re.search(r"\bzh|中文|chinese", language):
        return f"{name}::zh"
    return f"{name}::en" if re.search(r"\ben\b|english|英", language) else f"{name}::{language}"


def _sheet(name: str, raw: Iterable[Sequence[object]], faults: Faults) -> Sheet:
    rows = list(raw)
    headers = [_column(_cell(c)) for c in rows[0]] if rows else []
    seen: set[str] = set()
    for header in headers:
        if header and header in seen:
            what, cure = tr("表头“{name}”出现了两次。").format(name=header), tr("请只保留一列。")
            faults.add(name, 1, header, what, cure)
        seen.add(header)
    found: list[Row] = []
    for number, cells in enumerate(rows[1:], start=2):
        texts = {h: t for h, c in reversed(list(zip(headers, cells, strict=False))) if h and (t := _cell(c))}
        if texts:
            found.append(Row(number, texts))
    return Sheet(name, frozenset(h for h in headers if h), tuple(found))


def read_sheets(path: Path, faults: Faults) -> dict[str, Sheet]:
    """All sheets of the workbook at ``path`` by lower-case name. Raises ``DefinitionError`` if it is none."""
    advice = tr("请确认它是 Excel 工作簿（.xlsx），能用 Excel 或 WPS 打开，再试一次。")
    try:
        if path.stat().st_size > _LARGEST:
            raise DefinitionError(tr("检查表文件太大：{path}").format(path=path), advice)
        workbook = CalamineWorkbook.from_path(path)
        sheets = {}
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheets[name.strip().lower()] = _sheet(name.strip().lower(), rows, faults)
    except FileNotFoundError as error:
        raise DefinitionError(tr("没有检查表文件：{path}").format(path=path), tr("请检查文件名和位置。")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise DefinitionError(
            tr("检查表文件打不开：{path}（{reason}）").format(path=path, reason=error), advice
        ) from error
    return sheets
