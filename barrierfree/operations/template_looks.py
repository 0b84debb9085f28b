"""A template as one looks at it in the profile editor: its first rows, its titles at other rows, words as codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from barrierfree import inventory
from barrierfree.workbook.package import Package
from barrierfree.workbook.template_sheet import scanned
from barrierfree.workbook.titles import shown, tidy

_BEFORE: Final = re.compile(r"^[0-9A-Za-z]{1,6}[\s.、．:：\-—_)）]+")  # a number before the word: "1-有", "02、坡道"
_CODE: Final = ("点位编号", "元素编号", "问题编号", "编号", "编码", "我方", "外部")
_NUMBER: Final = ("系统编号", "市系统", "案件", "工单", "受理", "流水")
_STATE: Final = ("状态", "结果", "是否通过", "审核")
_REASON: Final = ("原因", "理由", "意见", "说明", "备注")
_NO: Final = ("不", "未", "退", "驳", "失败", "拒")
_YES: Final = ("通过", "入库", "成功", "合格", "接收", "同意")
_MOST_WORDS: Final = 12  # different words in a column that tells the state


def first_lines(template: bytes, sheet: str, count: int = 10) -> tuple[tuple[str, ...], ...]:
    """The texts of the first rows of a sheet, all of the same length. Raises ``BatchError``."""
    package = Package(template)
    scan = scanned(package, next(entry for entry in package.sheets if entry.name == sheet))
    rows = []
    for number in range(1, count + 1):
        row = scan.row(number)
        rows.append({cell.column: tidy(shown(package, cell)) for cell in row.cells} if row else {})
    width = max((column for row in rows for column, text in row.items() if text), default=0)
    return tuple(tuple(row.get(column, "") for column in range(1, width + 1)) for row in rows)


def proposed_codes(ours: Sequence[str], theirs: Sequence[str]) -> dict[str, str]:
    """Our words to those of the template's list that say the same: equal, behind a number, or one holds the other."""
    found: dict[str, str] = {}
    bare = {text: _BEFORE.sub("", text) for text in theirs}
    for word in ours:
        same = [t for t in theirs if t == word] or [t for t in theirs if bare[t] == word]
        if len(same) == 1:
            found[word] = same[0]
    left = [t for t in theirs if t not in found.values()]
    words = [w for w in ours if w not in found]
    for word in words:
        near = [t for t in left if _holds(bare[t], word)]
        if len(near) == 1 and [w for w in words if _holds(bare[near[0]], w)] == [word]:
            found[word] = near[0]
    return {word: found[word] for word in ours if word in found}


def _holds(one: str, other: str) -> bool:
    """Whether one text is a part of the other."""
    return bool(one and other) and (one in other or other in one)


def answer_titles(path: Path, sheet: str = "") -> tuple[str, int, tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """An answer looked at: its sheet, the row of titles, the titles, and per title the few words below it.

    Raises ``InventoryError`` if it cannot be read.
    """
    raw = inventory.read_table(path, sheet)
    words: dict[str, tuple[str, ...]] = {}
    for at, title in enumerate(raw.headers):
        known = tuple(dict.fromkeys(row[at] for row in raw.rows if row[at]))
        if len(known) <= _MOST_WORDS:
            words[title] = known
    return raw.sheet, raw.header_row, tuple(raw.headers), words


def proposed_answer(titles_found: Sequence[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Which of the titles hold what, by the words in them; only what was recognised."""
    found: dict[str, Any] = {}
    free = list(titles_found)
    for name, wanted in (("city_number", _NUMBER), ("reason", _REASON), ("state", _STATE), ("code", _CODE)):
        title = next((t for w in wanted for t in free if w in t), "")
        if title:
            found[name] = title
            free.remove(title)
    told = words.get(found.get("state", ""), ())
    rejected = tuple(w for w in told if any(n in w for n in _NO))
    accepted = tuple(w for w in told if w not in rejected and any(y in w for y in _YES))
    return found | ({"accepted": accepted} if accepted else {}) | ({"rejected": rejected} if rejected else {})
