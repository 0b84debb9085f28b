"""Writes the rows of large sheets as XML themselves and puts them into a workbook that openpyxl made.

openpyxl's write-only mode takes 9 µs a cell, most of it for building and serialising elements; the text of a row is
made here in a tenth of that (SpreadsheetML: ECMA-376 part 1, 18.3.1.73 ``row``, 18.3.1.4 ``c``, 18.4.12 ``t``).
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from barrierfree import cells
from barrierfree.workbook.strings import escaped

_END: Final = b"</sheetData>"
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_BUFFER: Final = 1 << 20

Plain = str | float | int | None


class RowFile:
    """The rows of one sheet below its header, on their way through a temporary file. Close it after use."""

    def __init__(self, letters: Sequence[str]) -> None:
        self._letters = letters
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        self._part: list[str] = []
        self._size = 0
        self.last = 1  # number of the last row; 1 is the header

    def add(self, values: Sequence[Plain], height: float = 0) -> None:
        """Append a row; ``height`` in points, 0 for the usual one. Texts are texts, whatever they look like."""
        self.last = number = self.last + 1
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        made = [f'<row r="{number}"{tall}>']
        for letter, value in zip(self._letters, values, strict=False):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                text = escaped(cells.clean(value))
                made.append(f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
            else:
                made.append(f'<c r="{letter}{number}"><v>{value + 0!r}</v></c>')  # True + 0 is 1
        made.append("</row>")
        self._part += made
        self._size += 1
        if self._size == 200:
            self._flush()

    def _flush(self) -> None:
        self._file.write("".join(self._part).encode())
        self._part, self._size = [], 0

    def copy_to(self, target: IO[bytes], tick: Callable[[], None]) -> None:
        """Write all rows to ``target``, which packs them: that takes a while, so ``tick`` may raise to stop."""
        self._flush()
        self._file.seek(0)
        while content := self._file.read(_BUFFER):
            tick()
            target.write(content)

    @property
    def range(self) -> str:
        """The cells of the sheet, its header included."""
        return f"A1:{self._letters[-1]}{self.last}"

    def close(self) -> None:
        """Give the temporary file back."""
        self._file.close()


def put_rows(book: bytes, rows: Mapping[str, RowFile], target: Path, tick: Callable[[], None]) -> None:
    """Copy the workbook ``book`` to ``target`` with ``rows`` (by the name of the sheet's part) behind what is there."""
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as copy,
    ):
        for info in source.infolist():
            content = source.read(info)
            with copy.open(info.filename, "w", force_zip64=True) as part:
                known = rows.get(info.filename)
                if known is None:
                    part.write(content)
                    continue
                head, tail = content.split(_END, 1)
                dimension = b'<dimension ref="%s"/>' % known.range.encode()
                part.write(_DIMENSION.sub(dimension, head, count=1))
                known.copy_to(part, tick)
                part.write(_END + tail)
