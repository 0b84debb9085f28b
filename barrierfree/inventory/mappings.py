"""A choice of columns kept for later: which lists it fits, and as a file for the command line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.texts import column_index, column_letter
from barrierfree.inventory.words import FIELDS, plain

HEADER_ROW: Final = "header_row"


def signature(headers: Sequence[str]) -> str:
    """What identifies the lists that have these columns, in whatever order: a hash (hex) of their plain headers."""
    text = "\x1f".join(sorted(plain(h) for h in headers))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_mapping(path: Path) -> dict[str, str | int]:
    """A JSON mapping: field to header text, column letter or 1-based number; ``header_row`` may be among them."""
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InventoryError(
            tr("读不了列对应文件“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否存在。"),
        ) from error
    except ValueError as error:
        raise InventoryError(
            tr("列对应文件“{name}”不是 JSON：{reason}。").format(name=path.name, reason=error), _example()
        ) from error
    if not isinstance(content, dict) or not content:
        raise InventoryError(tr("列对应文件“{name}”里没有列。").format(name=path.name), _example())
    for field, value in content.items():
        if field not in FIELDS and field != HEADER_ROW:
            raise InventoryError(
                tr("列对应文件“{name}”里的“{field}”不是字段。").format(name=path.name, field=field),
                tr("可用的字段：{fields}。").format(fields="、".join((*FIELDS, HEADER_ROW))),
            )
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole or (isinstance(value, str) and value.strip() and field != HEADER_ROW)):
            raise InventoryError(
                tr("列对应文件“{name}”里“{field}”的值 {value} 用不了。").format(
                    name=path.name, field=field, value=json.dumps(value, ensure_ascii=False)
                ),
                _example(),
            )
    return dict(content)


def _example() -> str:
    return tr("请写成 {example} 这样：值是列名、列的字母或从 1 起的列号。").format(
        example='{"name": "店铺名", "lon": "C", "lat": 4}'
    )


def resolve(mapping: Mapping[str, str | int], raw: RawList) -> dict[str, int]:
    """The columns (0-based) of ``raw`` that a mapping names; refuses what is not there."""
    return {field: _column(field, value, raw) for field, value in mapping.items() if field != HEADER_ROW}


def _column(field: str, value: str | int, raw: RawList) -> int:
    if isinstance(value, int):
        if 1 <= value <= len(raw.headers):
            return value - 1
    else:
        wanted = value.strip()
        if wanted in raw.headers:
            return raw.headers.index(wanted)
        for at, header in enumerate(raw.headers):
            if plain(header) == plain(wanted):
                return at
        if re.fullmatch(r"[A-Za-z]{1,3}", wanted) and column_index(wanted) < len(raw.headers):
            return column_index(wanted)
    names = "、".join(f"{column_letter(i)} {h}" for i, h in enumerate(raw.headers))
    raise InventoryError(
        tr("清单“{file}”里没有“{field}”要用的列“{value}”。").format(file=raw.file, field=field, value=value),
        tr("现有的列：{columns}。").format(columns=names),
    )
