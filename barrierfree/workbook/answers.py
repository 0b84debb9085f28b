"""Reads what the city's system answered: a workbook or csv with a row per record, found by our code.

What cannot be trusted (a merged cell, a code that a spreadsheet made a number of, an unknown word) is named with its
row and what to do, never guessed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from barrierfree.errors import BatchError
from barrierfree.i18n import listed, paragraph, tr
from barrierfree.workbook.profile import AnswerLayout, column_letter
from barrierfree.workbook.rows import word
from barrierfree.workbook.titles import same, tidy

_MOST_BYTES: Final = 200_000_000
_LOOKED_AT: Final = 40  # rows in which the titles are looked for
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_EXACT: Final = 1e15  # a spreadsheet keeps 15 digits of a number (Excel specifications and limits)
_ENCODINGS: Final = ("utf-8-sig", "gb18030")

Outcome = Literal["accepted", "rejected", "unclear"]
Grid = Sequence[Sequence[Any]]
Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, row and column from 0


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer, in the order of the file.

    ``line`` is its row there, from 1; ``state`` the word in it. ``unclear`` are rows without a word (nothing decided
    yet) and with a word that the layout does not know, which is named among the problems.
    """

    line: int
    sheet: str
    code: str
    outcome: Outcome
    reason: str = ""
    city_number: str = ""
    state: str = ""


@dataclass
class AnswerFile:
    """The rows that can be trusted, and what is wrong with others: sentences with sheet, row and what to do."""

    rows: list[AnswerRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Found(NamedTuple):
    """A sheet with the row of its titles (from 0) and per role of the layout the column (from 0)."""

    sheet: str
    grid: Grid
    merges: Sequence[Merge]
    header: int
    columns: dict[str, int]


def read_answers(layout: AnswerLayout, path: Path) -> AnswerFile:
    """Read the answer at ``path`` (xlsx, xlsm, xls, xlsb, ods, csv, tsv).

    The same code may stand in several rows, and in any order. Raises ``BatchError`` if the file cannot be read or has
    not the titles of ``layout``.
    """
    found = _titled(layout, path, list(_sheets(layout, path)))
    made = AnswerFile()
    merged = _merged_rows(found)
    for at in range(found.header + 1, len(found.grid)):
        cells = {role: _text(_cell(found.grid[at], column)) for role, column in found.columns.items()}
        if not any(cells.values()):
            continue
        problem = merged.get(at) or _code_problem(_cell(found.grid[at], found.columns["code"]))
        if not problem:
            row, problem = _row(layout, found.sheet, at + 1, cells)
            made.rows.append(row)
        if problem:
            made.problems.append(_placed(found.sheet, at + 1, problem))
    return made


def _row(layout: AnswerLayout, sheet: str, line: int, cells: dict[str, str]) -> tuple[AnswerRow, str]:
    state, reason, number = cells.get("state", ""), cells.get("reason", ""), cells.get("city_number", "")
    outcome: Outcome = "unclear"
    problem = ""
    if not layout.state:
        outcome = "rejected" if reason else "accepted" if number else "unclear"
    elif state in layout.accepted:
        outcome = "accepted"
    elif state in layout.rejected:
        outcome = "rejected"
    elif state:
        problem = tr("“{word}”既不是方案里的通过，也不是退回；请把这个词加进方案的 accepted 或 rejected。").format(
            word=state
        )
    row = AnswerRow(
        line=line, sheet=sheet, code=cells["code"], outcome=outcome, reason=reason, city_number=number, state=state
    )
    return row, problem


def _code_problem(value: Any) -> str:
    text = _text(value)
    if not text:
        return tr("没有编号；请补上我们的编号，或删去这一行。")
    if (isinstance(value, float) and abs(value) >= _EXACT) or _SCIENTIFIC.fullmatch(text):
        return tr("编号“{code}”被表格软件改成了数，位数已经丢了；请从原来的批次里抄回编号，存为文本。").format(
            code=text
        )
    return ""


def _merged_rows(found: _Found) -> dict[int, str]:
    """The rows below the titles that have a part in a merged range over our columns, with the problem."""
    ours = set(found.columns.values())
    problems: dict[int, str] = {}
    for (top, left), (bottom, right) in found.merges:
        if bottom > found.header and any(left <= at <= right for at in ours):
            start, end = f"{column_letter(left + 1)}{top + 1}", f"{column_letter(right + 1)}{bottom + 1}"
            problem = tr("有合并的单元格 {range}；请取消合并，每一行写全编号和结果。").format(range=f"{start}:{end}")
            problems |= dict.fromkeys(range(max(top, found.header + 1), bottom + 1), problem)
    return problems


def _placed(sheet: str, line: int, problem: str) -> str:
    if not sheet:
        return tr("第 {row} 行：{problem}").format(row=line, problem=problem)
    return tr("工作表“{sheet}”第 {row} 行：{problem}").format(sheet=sheet, row=line, problem=problem)


def _titled(layout: AnswerLayout, path: Path, sheets: list[tuple[str, Grid, Sequence[Merge]]]) -> _Found:
    """The first sheet that has the titles. Raises ``BatchError`` that names what is missing in the one most like it."""
    wanted = {
        role: getattr(layout, role) for role in ("code", "state", "reason", "city_number") if getattr(layout, role)
    }
    best: tuple[int, str, list[str], list[str], int] = (-1, "", list(wanted.values()), [], 0)
    for sheet, grid, merges in sheets:
        rows = [layout.header_row - 1] if layout.header_row else range(min(_LOOKED_AT, len(grid)))
        for at in rows:
            texts = [tidy(_text(value)) for value in grid[at]] if at < len(grid) else []
            places = {
                role: _filled(grid, at, [n for n, text in enumerate(texts) if same(text, title)])
                for role, title in wanted.items()
            }
            if all(len(found) == 1 for found in places.values()):
                return _Found(sheet, grid, merges, at, {role: found[0] for role, found in places.items()})
            double = next((wanted[role] for role, found in places.items() if len(found) > 1), "")
            if double and sum(map(bool, places.values())) == len(places):
                raise BatchError(
                    _placed(sheet, at + 1, tr("栏目“{name}”出现了两次。").format(name=double)),
                    tr("请把表头改回原样，每个栏目只留一列。"),
                )
            missing = [wanted[role] for role, found in places.items() if not found]
            if len(wanted) - len(missing) > best[0]:
                best = (len(wanted) - len(missing), sheet, missing, [text for text in texts if text], at + 1)
    _, sheet, missing, there, line = best
    what = tr("答复“{name}”里找不到栏目“{titles}”。").format(name=path.name, titles=listed(missing))
    advice = tr("请把表头改回原样，或改正方案里的答复栏目。")
    if there and best[0] > 0:
        found = tr("最像表头的一行写着：{titles}。").format(titles=listed(there[:12]))
        raise BatchError(what, paragraph((_placed(sheet, line, found), advice)))
    raise BatchError(what, advice)


def _filled(grid: Grid, header: int, columns: list[int]) -> list[int]:
    """Of columns with the same title the one with something below it: our own workbook has the title of the city's
    number, and a city may add it once more.
    """
    if len(columns) < 2:
        return columns
    return [at for at in columns if any(_text(_cell(row, at)) for row in grid[header + 1 :])] or columns


def _sheets(layout: AnswerLayout, path: Path) -> Iterator[tuple[str, Grid, Sequence[Merge]]]:
    content = _content(path)
    if content.startswith((b"PK\x03\x04", _COMPOUND)):
        yield from _workbook(layout, path, content)
    else:
        yield from (("", grid, ()) for grid in _texts(path, content))


def _workbook(layout: AnswerLayout, path: Path, content: bytes) -> Iterator[tuple[str, Grid, Sequence[Merge]]]:
    import python_calamine  # only when an answer is read

    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            names = book.sheet_names
            if layout.sheet and layout.sheet not in names:
                raise BatchError(
                    tr("答复“{name}”里没有工作表“{sheet}”。").format(name=path.name, sheet=layout.sheet),
                    tr("里面有：{names}。请改正方案，或把工作表的名字改回原样。").format(names=listed(names)),
                )
            for name in [layout.sheet] if layout.sheet else names:
                sheet = book.get_sheet_by_name(name)
                yield name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()
    except (BatchError, GeneratorExit):
        raise
    except Exception as error:  # calamine raises an error of its own for each format
        raise _unreadable(path, str(error)) from error


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BatchError(tr("“{name}”太大。").format(name=path.name), tr("请只保留答复的工作表。"))
        content = path.read_bytes()
    except PermissionError:
        raise BatchError(
            tr("打不开“{name}”。").format(name=path.name), tr("如果它正在 Excel 里打开，请先关闭。")
        ) from None
    except OSError as error:
        raise BatchError(
            tr("读不了“{path}”：{reason}。").format(path=path, reason=error.strerror or error), tr("请检查文件的位置。")
        ) from error
    if not content.strip():
        raise BatchError(tr("“{name}”是空的。").format(name=path.name), tr("请重新下载市系统的答复。"))
    if content.startswith(_COMPOUND) and _ENCRYPTED in content:
        raise BatchError(
            tr("“{name}”有打开密码。").format(name=path.name), tr("请在 Excel 里打开，去掉密码后另存，再读回。")
        )
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(part.file_size for part in packed.infolist()) > 3 * _MOST_BYTES:
                    raise BatchError(tr("“{name}”太大。").format(name=path.name), tr("请只保留答复的工作表。"))
        except zipfile.BadZipFile as error:
            raise _unreadable(path, str(error)) from error
    return content


def _unreadable(path: Path, why: str) -> BatchError:
    return BatchError(
        tr("“{name}”不是可以读取的工作簿：{why}。").format(name=path.name, why=why),
        tr("请在 Excel 或 WPS 里打开，另存为“Excel 工作簿（.xlsx）”后再试。"),
    )


def _texts(path: Path, content: bytes) -> Iterator[Grid]:
    """The rows of a text table, by each of the delimiters that are usual."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    text = ""
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if not text or "\0" in text:
        raise BatchError(
            tr("“{name}”既不是工作簿，也不是文本表格。").format(name=path.name),
            tr("请在 Excel 或 WPS 里打开，另存为“Excel 工作簿（.xlsx）”后再试。"),
        )
    for delimiter in ",\t;":
        try:
            yield list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise _unreadable(path, str(error)) from error


def _cell(row: Sequence[Any], at: int) -> Any:
    return row[at] if at < len(row) else ""


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return word(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()
