"""Finds the header of a table below its title rows, joins headers of several rows, and names every column."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.raw import RowFault
from barrierfree.inventory.texts import numeric
from barrierfree.inventory.words import JOINT, field_of

SEARCHED: Final = 30  # filled rows among which the header is looked for
_TALLEST: Final = 3  # rows of one header
NO_HEADER: Final = -1  # as ``header_row``: the table has none

Row = tuple[str, ...]
Merge = tuple[tuple[int, int], tuple[int, int]]  # (first row, first column), (last row, last column), 0-based


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled rows of a sheet with their 1-based numbers; ``merges`` is empty where the format does not say."""

    rows: list[Row]
    numbers: list[int]
    merges: Sequence[Merge] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A grid cut at its header: ``header_row`` 1-based (0: none), rows as long as ``headers``."""

    header_row: int
    headers: Row
    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    remarks: tuple[str, ...]
    faults: tuple[RowFault, ...]


def known_words(grid: Grid) -> int:
    """How many column words the best row among the first ones holds."""
    return max((_score(row) for row in grid.rows[:SEARCHED]), default=0)


def cut(grid: Grid, name: str, header_row: int = 0) -> Table:
    """The table below the header. ``header_row``: 1-based, 0 to look for it, ``NO_HEADER`` for none.

    ``name`` is the file's, for the ``InventoryError`` when that row is not there.
    """
    first, last = _given(grid, name, header_row) if header_row else _found(grid)
    remarks: list[str] = []
    if last < 0:
        headers: list[str] = []
        body, numbers = grid.rows, grid.numbers
        remarks.append(tr("没有表头，各列称为“第 1 列”“第 2 列”……"))
    else:
        headers = _joined(grid, first, last)
        body, numbers = grid.rows[last + 1 :], grid.numbers[last + 1 :]
    if first > 0:
        above = "、".join(str(n) for n in grid.numbers[:first][:5])
        remarks.append(tr("表头以上的第 {rows} 行是标题，没有当作数据读。").format(rows=above))
    if last > first >= 0:
        remarks.append(tr("第 {first} 至 {last} 行合起来是表头。").format(
            first=grid.numbers[first], last=grid.numbers[last]
        ))  # fmt: skip
    width = _width(headers, body)
    headers = (headers + [""] * width)[:width]
    names, renamed = _named(headers)
    if renamed:
        remarks.append(tr("列名重复，改称：{names}。").format(names="、".join(renamed[:10])))
    rows, kept, faults = _body(grid, body, numbers, headers, width)
    header = grid.numbers[first] if last >= 0 else 0
    return Table(header, tuple(names), tuple(rows), tuple(kept), tuple(remarks), tuple(faults))


def _score(row: Row) -> int:
    """How many column words a row holds; a row of numbers is none of headers, even with an N or an E in it."""
    words = sum(1 for cell in row if cell and field_of(cell))
    return words if words and sum(map(numeric, row)) * 2 < sum(map(bool, row)) else 0


def _given(grid: Grid, name: str, header_row: int) -> tuple[int, int]:
    if header_row == NO_HEADER:
        return -1, -1
    if header_row not in grid.numbers:
        raise InventoryError(
            tr("清单“{file}”的第 {row} 行不能作表头：这一行是空的，或在表格以外。").format(file=name, row=header_row),
            tr("请另选一行，或不指定表头行。"),
        )
    at = grid.numbers.index(header_row)
    return at, _end(grid, at)


def _found(grid: Grid) -> tuple[int, int]:
    """The first and last index of the header's rows; (-1, -1) where all rows are data."""
    searched = grid.rows[:SEARCHED]
    scores = [_score(row) for row in searched]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    if scores[best]:
        first = _start(grid, best)
        return first, max(best, _end(grid, first) if first == best else best)
    filled = [sum(map(bool, row)) for row in searched]
    first = next(i for i, n in enumerate(filled) if n >= 0.8 * max(filled))
    row, below = searched[first], searched[first + 1 : first + 2]
    if not below:
        return (-1, -1) if any(numeric(c) for c in row) else (first, first)
    alike = any(numeric(a) and numeric(b) for a, b in zip(row, below[0], strict=False))
    return (-1, -1) if alike or all(numeric(c) for c in row if c) else (first, first)


def _start(grid: Grid, at: int) -> int:
    """The index of the header's first row when ``at`` is its best one: group names may stand above."""
    first = at
    while first > 0 and at - first + 1 < _TALLEST and _groups(grid, first - 1, first):
        first -= 1
    return first


def _groups(grid: Grid, upper: int, lower: int) -> bool:
    """Whether the row ``upper`` holds the names of groups of columns (or taller headers) of the row ``lower``."""
    top, bottom = grid.rows[upper], grid.rows[lower]
    cells = [c for c in top if c]
    if len(cells) < 2 or any(numeric(c) or ":" in c or "：" in c for c in cells):  # "填报单位：…" is a title
        return False
    if grid.merges:
        row = grid.numbers[upper] - 1
        return any(r0 == row and (r1 > r0 or c1 > c0) for (r0, c0), (r1, c1) in grid.merges)
    return any(a and not b for a, b in zip(top, bottom, strict=False))


def _end(grid: Grid, at: int) -> int:
    """The index of the last row of the header that begins at ``at``."""
    row = grid.numbers[at] - 1
    tall = max((r1 for (r0, _), (r1, _) in grid.merges if r0 == row), default=row)
    last = at
    while last + 1 < len(grid.rows) and last + 1 - at < _TALLEST and grid.numbers[last + 1] - 1 <= tall:
        last += 1
    if last == at and not grid.merges and at + 1 < len(grid.rows) and _continues(grid.rows[at], grid.rows[at + 1]):
        last = at + 1
    return last


def _continues(top: Row, bottom: Row) -> bool:
    """Whether ``bottom`` is the second row of a header, where the format does not tell of merged cells."""
    cells = [c for c in bottom if c]
    known = sum(1 for c in cells if field_of(c))
    return (
        known * 2 >= len(cells) > 0
        and not any(numeric(c) for c in cells)
        and any(a and not b for a, b in zip(top, bottom, strict=False))
        and any(b and not a for a, b in zip(top, bottom, strict=False))
    )


def _joined(grid: Grid, first: int, last: int) -> list[str]:
    """One text per column: the names of its groups and its own, joined."""
    block = [list(row) for row in grid.rows[first : last + 1]]
    width = max(len(row) for row in block)
    block = [(row + [""] * width)[:width] for row in block]
    if len(block) == 1:
        return block[0]
    tops = grid.numbers[first : last + 1]
    if grid.merges:
        for (r0, c0), (_, c1) in grid.merges:
            if r0 + 1 in tops and c1 < width:
                line = block[tops.index(r0 + 1)]
                line[c0 : c1 + 1] = [line[c0]] * (c1 - c0 + 1)
    else:
        for line, lower in itertools.pairwise(block):
            for c in range(1, width):
                if not line[c] and lower[c]:
                    line[c] = line[c - 1] if lower[c - 1] else ""
    return [JOINT.join(dict.fromkeys(part for part in parts if part)) for parts in zip(*block, strict=True)]


def _width(headers: list[str], body: list[Row]) -> int:
    """How many columns the table has: those with a header, and those that hold something in many rows.

    Single longer rows of a text file are rows with a delimiter too many, no columns.
    """
    width = len(headers)
    while width and not headers[width - 1]:
        width -= 1
    longest = max(map(len, body), default=0)
    if longest > width:
        counts = [0] * (longest - width)
        for row in body:
            if len(row) > width:
                for i, cell in enumerate(row[width:]):
                    if cell:
                        counts[i] += 1
        limit = 0 if longest <= len(headers) else len(body) // 2
        while counts and counts[-1] <= limit:
            counts.pop()
        width += len(counts)
    return width


def _named(headers: list[str]) -> tuple[list[str], list[str]]:
    """Headers without blanks and without doubles, and those that were renamed."""
    taken: set[str] = set()
    names: list[str] = []
    renamed: list[str] = []
    for at, header in enumerate(headers, start=1):
        base = " ".join(header.split()) or tr("第{n}列").format(n=at)
        name, n = base, 1
        while name in taken:
            n += 1
            name = f"{base} ({n})"
        if n > 1:
            renamed.append(name)
        taken.add(name)
        names.append(name)
    return names, renamed


def _body(
    grid: Grid, body: list[Row], numbers: list[int], headers: list[str], width: int
) -> tuple[list[Row], list[int], list[RowFault]]:
    """The rows of data, all ``width`` long; sections, repeated headers and cells beyond the last column as faults."""
    wide = {r0 + 1 for (r0, c0), (r1, c1) in grid.merges if r1 == r0 and c1 - c0 + 1 >= max(2, width // 2)}
    rows: list[Row] = []
    kept: list[int] = []
    faults: list[RowFault] = []
    own = tuple(headers)
    blank = ("",) * width
    for number, row in zip(numbers, body, strict=True):
        if len(row) != width:
            if any(row[width:]):
                faults.append(RowFault(row=number, name="", reason=tr("比表头多出几格，多出的没有读")))
            row = (row + blank)[:width]
        if number in wide and sum(map(bool, row)) == 1:
            faults.append(RowFault(row=number, name=max(row, key=len), reason=tr("是合并成一格的小标题，不是点位")))
        elif row[:1] == own[:1] and row == own:
            faults.append(RowFault(row=number, name="", reason=tr("是重复的表头，不是点位")))
        else:
            rows.append(row)
            kept.append(number)
    return rows, kept, faults
