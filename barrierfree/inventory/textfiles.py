"""Reads a list from a text file (csv, tsv, txt): finds its encoding and delimiter, keeps the line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import charset_normalizer

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory import headers
from barrierfree.inventory.raw import RawList, RowFault
from barrierfree.inventory.texts import Report, Texts, column_letter
from barrierfree.inventory.words import field_of, holds_words

MAX_LINE: Final = 2 * 1024 * 1024  # bytes; a list has lines of hundreds of bytes
MAX_COLUMNS: Final = 2000
_CHUNK: Final = 1024 * 1024
_SAMPLE: Final = 64 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WILD: Final = "\N{REPLACEMENT CHARACTER}"
_USUAL: Final = re.compile("[\\t\\r\\n\\x20-\\u024f\\u2010-\\u203f\\u3000-\\u9fff\\uff00-\\uffee]")
_SAVE_AGAIN: Final = "请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: with ``errors`` 'replace' where single signs are damaged; ``remark`` says so."""

    name: str
    errors: str = "strict"
    remark: str = ""


def read_text(path: Path, header_row: int, report: Report) -> RawList:
    """The list in a text file; its rows are numbered by the lines at which they begin."""
    encoding = find_encoding(path, report)
    with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
        sample = file.read(_SAMPLE)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(sample)
    rows: list[headers.Row] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    texts = Texts()
    nuls = 0
    size = path.stat().st_size
    with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
        seen, under = 0, cast(BinaryIO, file.buffer)
        try:
            for number, cells in _records(file, delimiter):
                seen += 1
                if seen % 1000 == 0:
                    report(min(under.tell(), size), size)
                if len(cells) > MAX_COLUMNS:
                    raise _too_wide(path, number, len(cells))
                nuls, cells = _without_nul(cells, nuls)
                before = texts.errors
                row = tuple(map(texts.__getitem__, cells))
                if any(row):
                    rows.append(row)
                    numbers.append(number)
                    faults += _row_faults(number, cells, texts.errors - before)
        except csv.Error as error:
            raise _unreadable(path, numbers, error) from error
    if not rows:
        raise InventoryError(tr("清单“{name}”里没有内容。").format(name=path.name), tr("请检查是否选对了文件。"))
    table = headers.cut(headers.Grid(rows, numbers), path.name, header_row)
    remarks = [*table.remarks]
    if encoding.remark:
        remarks.append(encoding.remark)
    if nuls:
        remarks.append(tr("去掉了 {n} 个空字符（NUL）。").format(n=nuls))
    return RawList(
        file=path.name, sheet="", encoding=encoding.name, header_row=table.header_row, headers=table.headers,
        rows=table.rows, row_numbers=table.numbers, remarks=tuple(remarks), faults=(*table.faults, *faults),
    )  # fmt: skip


def _records(file: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a file, each with the line at which it begins."""
    reader = csv.reader(file, delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _without_nul(cells: list[str], nuls: int) -> tuple[int, list[str]]:
    found = sum(c.count("\0") for c in cells) if any("\0" in c for c in cells) else 0
    return (nuls + found, [c.replace("\0", "") for c in cells]) if found else (nuls, cells)


def _row_faults(number: int, cells: list[str], errors: int) -> list[RowFault]:
    faults = []
    if errors:
        faults.append(RowFault(row=number, name="", reason=tr("有 {n} 格是错误值，按空白处理").format(n=errors)))
    wild = [column_letter(i) for i, c in enumerate(cells) if _WILD in c]
    if wild:
        faults.append(RowFault(
            row=number, name="", reason=tr("{columns} 列有无法识别的文字").format(columns="、".join(wild))
        ))  # fmt: skip
    return faults


def _too_wide(path: Path, number: int, columns: int) -> InventoryError:
    return InventoryError(
        tr("清单“{name}”第 {row} 行有 {n} 格，不像设施清单。").format(name=path.name, row=number, n=columns),
        tr(_SAVE_AGAIN),
    )


def _unreadable(path: Path, numbers: list[int], error: csv.Error) -> InventoryError:
    row = numbers[-1] if numbers else 0
    if "field larger" in str(error):
        return InventoryError(
            tr("清单“{name}”第 {row} 行之后有一格长于 13 万字，多半是少了一个引号。").format(name=path.name, row=row),
            tr("请用 Excel 或 WPS 打开，改正后另存为 .xlsx 再导入。"),
        )
    return InventoryError(
        tr("清单“{name}”第 {row} 行之后不是可读的表格：{error}。").format(name=path.name, row=row, error=error),
        tr(_SAVE_AGAIN),
    )


def _delimiter(sample: str) -> str:
    """The delimiter that gives the most known headers, then the most cells in rows of equal length."""
    lines = io.StringIO(sample.replace("\0", ""), newline="")
    best, best_score = ",", (0, 0.0)
    for delimiter in ",\t;，|":
        lines.seek(0)
        rows = []
        try:
            for row in csv.reader(lines, delimiter=delimiter):
                if any(row):
                    rows.append(row)
                if len(rows) >= 50:
                    break
        except csv.Error:
            pass
        lengths = Counter(len(row) for row in rows if len(row) > 1)
        if not lengths:
            continue
        length, often = lengths.most_common(1)[0]
        words = max(sum(1 for cell in row if field_of(cell)) for row in rows)
        score = (words, length * often / len(rows))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def find_encoding(path: Path, report: Report) -> Encoding:
    """The encoding of the whole file, read once through; refuses lines without end and what is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if start.startswith(mark):
            _check_lines(path, report)
            return Encoding(name) if _decodes(path, name) < 0 else _damaged(path, name)
    if b"\0" in start[:4096] and start.count(b"\0") > len(start) // 50:
        return _utf16(path, start, report)
    _check_lines(path, report)
    fault = _decodes(path, "utf-8")
    if fault < 0:
        return Encoding("utf-8")
    if fault >= path.stat().st_size - 3:
        return Encoding("utf-8", "replace", tr("文件在最后一个字中间断开，可能不完整。"))
    gb = _decodes(path, "gb18030")
    chinese = start.decode("gb18030", errors="replace")
    if gb < 0 and (holds_words(chinese) or _usual_chinese(chinese)):
        return Encoding("gb18030")
    for name in ("utf-8", "gb18030"):
        text = start.decode(name, errors="replace")
        if holds_words(text) and text.count(_WILD) <= max(3, len(text) // 1000):
            return _damaged(path, name)
    best = charset_normalizer.from_bytes(start).best()
    if best is not None and _decodes(path, best.encoding) < 0:
        return Encoding(best.encoding)
    if gb < 0 and not re.search("[\x00-\x08\x0e-\x1f]", chinese):
        return Encoding("gb18030")
    raise InventoryError(
        tr("看不出清单“{name}”的文字编码，或者它不是文本表格。").format(name=path.name),
        tr("请用 Excel 打开后另存为 .xlsx，或另存为“CSV UTF-8”再导入。"),
    )


def _usual_chinese(text: str) -> bool:
    """Whether nearly all signs that are not ASCII are those of GB 2312, as in Chinese and not in Big5 read as such."""
    signs = "".join(c for c in text if c > "\x7f")
    return len(signs) > 3 and len(signs.encode("gb2312", errors="ignore")) / 2 > 0.9 * len(signs)


def _damaged(path: Path, name: str) -> Encoding:
    return Encoding(name, "replace", tr("有些字节不是 {encoding} 文字，各行另列。").format(encoding=name))


def _decodes(path: Path, name: str) -> int:
    """-1 if the whole file decodes, else the byte (roughly) at which it does not."""
    decoder = codecs.getincrementaldecoder(name)()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            done += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return done - 1
    return -1


def _check_lines(path: Path, report: Report) -> None:
    size = path.stat().st_size
    line, since, done = 1, 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            report(done, size)
            ends = chunk.count(b"\n") or chunk.count(b"\r")
            since = since + len(chunk) if not ends else len(chunk) - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            if since > MAX_LINE:
                raise InventoryError(
                    tr("清单“{name}”的第 {line} 行长于 {mb} MB，不是清单里的一行。").format(
                        name=path.name, line=line + ends, mb=MAX_LINE // 1024 // 1024
                    ),
                    tr(_SAVE_AGAIN),
                )
            line += ends
            done += len(chunk)


def _utf16(path: Path, start: bytes, report: Report) -> Encoding:
    """UTF-16 without a mark, told by what its first signs are."""
    for name in ("utf-16-le", "utf-16-be"):
        text = start[: len(start) // 2 * 2].decode(name, errors="replace")
        usual = sum(
            1 for c in text if c in "\t\r\n" or "\x20" <= c < "\u0250" or "\u3000" <= c <= "\u9fff" or c > "\uff00"
        )
        if usual >= 0.98 * len(text) and any(c in text for c in ",\t;，|\n"):
            _check_lines(path, report)
            return Encoding(name) if _decodes(path, name) < 0 else _damaged(path, name)
    raise InventoryError(tr("“{name}”不是文本表格。").format(name=path.name), tr(_SAVE_AGAIN))
