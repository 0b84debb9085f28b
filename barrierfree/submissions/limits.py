"""Refuses archives that would unpack to more than any survey holds, before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from barrierfree.errors import SubmissionError
from barrierfree.i18n import tr

# 1,400 visits with 8 elements of 25 answers are 280,000 cells and some 30 MB of XML.
MAX_UNPACKED: Final = 500 * 1024**2
MAX_RATIO: Final = 200  # spreadsheets pack 5 to 20 times, rows of blanks 60 times, bombs 1,000
_RATIO_FROM: Final = 32 * 1024**2
MAX_PARTS: Final = 100_000  # pictures are parts, too
MAX_ROWS: Final = 500_000
MAX_CELLS: Final = 20_000_000
MAX_COLUMNS: Final = 5_000
Report = Callable[[int, int], None]


def check_archive(path: Path, tables: Iterable[zipfile.ZipInfo], parts: int) -> None:
    """Refuse an archive whose ``tables`` (what is read whole) unpack to too much."""
    read = list(tables)
    if any(part.flag_bits & 1 for part in read):
        raise SubmissionError(
            tr("“{name}”有密码保护。").format(name=path.name), tr("请在导出时不设密码；ODK 加密的表单要先解密。")
        )
    total = sum(part.file_size for part in read)
    steep = [p for p in read if p.file_size > _RATIO_FROM and p.file_size > MAX_RATIO * max(1, p.compress_size)]
    if total > MAX_UNPACKED or steep or parts > MAX_PARTS:
        raise too_large(path)


def too_large(path: Path) -> SubmissionError:
    """The file holds more than any survey does."""
    return SubmissionError(
        tr("“{name}”解开后太大，不像手机提交的数据，没有打开。").format(name=path.name),
        tr("请重新导出；数据确实很多时，请按日期分几次导出。"),
    )


def damaged(path: Path, reason: object) -> SubmissionError:
    """The file cannot be read to its end."""
    return SubmissionError(
        tr("“{name}”不完整或已损坏（{reason}）。").format(name=path.name, reason=reason),
        tr("请从服务器重新导出后再试。"),
    )
