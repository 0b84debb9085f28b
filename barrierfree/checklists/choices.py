"""Reads lists of choices: from the sheet ``choices``, and from csv files beside the form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from barrierfree.checklists.faults import Faults
from barrierfree.checklists.sheets import Sheet
from barrierfree.expressions import Expression
from barrierfree.i18n import tr
from barrierfree.model.definition import Choice, Text

_LARGEST: Final = 10_000_000  # bytes of a csv beside the form
_MOST: Final = 20_000  # choices in one list
_OWN: Final = frozenset({"list_name", "name", "value"})


@dataclass
class ChoiceList:
    """The choices of one list with all their columns; ``columns`` are those that a filter may name."""

    columns: set[str] = field(default_factory=set)
    rows: list[tuple[str, Text, Mapping[str, str]]] = field(default_factory=list)

    def choices(self, wanted: Iterable[str] = ()) -> tuple[Choice, ...]:
        """The choices, each with the ``wanted`` columns only: a definition need not carry the others."""
        names = [n for n in sorted(wanted) if n not in ("name", "label")]
        return tuple(
            Choice(name=name, label=label, columns={n: cells.get(n.lower(), "") for n in names})
            for name, label, cells in self.rows
        )

    def lacks(self, expression: Expression) -> list[str]:
        """The columns that ``expression`` names and the list does not have."""
        return sorted(n for n in expression.columns if n.lower() not in self.columns | {"name", "label"})


def read_choices(sheet: Sheet, faults: Faults, *, duplicates: bool = False) -> dict[str, ChoiceList]:
    """The lists of the sheet ``choices`` by name; ``duplicates`` says that a name may stand twice in a list."""
    lists: dict[str, ChoiceList] = {}
    for row in sheet.rows:
        list_name, name, label = row.get("list_name"), row.get("name") or row.get("value"), row.text("label")
        if not list_name or not name or not label.zh:
            missing = "list_name" if not list_name else "label" if name else "name"
            faults.add("choices", row.number, missing, tr("没有填写。"), tr("请填写，或删掉这一行。"))
            continue
        if re.search(r"\s", name):
            what = tr("选项名称“{name}”里有空格。").format(name=name)
            faults.add("choices", row.number, "name", what, tr("请去掉空格，文字写在 label 列。"))
        known = lists.setdefault(list_name, ChoiceList())
        if not duplicates and any(name == n for n, _, _ in known.rows):
            what = tr("选项表“{list_name}”里已有“{name}”。").format(list_name=list_name, name=name)
            faults.add("choices", row.number, "name", what, tr("请删掉一个或改名。"))
            continue
        known.columns |= {c for c in sheet.columns if c not in _OWN and not c.startswith("label")}
        known.rows.append((name, label, row.cells))
    return lists


def read_choice_file(path: Path, value: str, label: str) -> ChoiceList:
    """The choices in a csv beside the form; ``value`` and ``label`` name its columns.

    Raises ``ValueError`` with a sentence about what is wrong.
    """
    if path.suffix.lower() != ".csv":
        raise ValueError(tr("{file}：只支持 csv。").format(file=path.name))
    try:
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except OSError as error:
        raise ValueError(tr("表格旁边没有文件“{file}”。").format(file=path.name)) from error
    if raw is None:
        raise ValueError(tr("{file} 太大。").format(file=path.name))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    try:
        rows = list(csv.DictReader(text.splitlines()))
    except csv.Error as error:
        raise ValueError(tr("{file} 不是可读的 csv：{error}。").format(file=path.name, error=error)) from error
    found = ChoiceList()
    for row in rows[:_MOST]:
        cells = {k.strip().lower(): (v or "").strip() for k, v in row.items() if k and not isinstance(v, list)}
        name = cells.get(value.lower(), "")
        shown = cells.get(label.lower(), "") or name
        if name:
            found.columns |= cells.keys()
            found.rows.append((name, Text(zh=shown), cells))
    if not found.rows:
        raise ValueError(tr("{file} 里没有“{column}”列或没有内容。").format(file=path.name, column=value))
    if len(rows) > _MOST:
        raise ValueError(tr("{file} 有 {n} 行，太多。").format(file=path.name, n=len(rows)))
    return found
