"""Looks at a workbook before the reader opens it: what it is, what it would cost, where its errors are.

The reader lays out every cell between the first and the last one that holds something, ends the whole process when
memory runs out, and gives errors and formulas without a result as blanks; so this is looked up first, streaming.
"""

from __future__ import annotations

import html
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory import binary_books
from barrierfree.inventory.sheet_xml import SheetLook, chunks, walk_xlsx
from barrierfree.inventory.texts import Report, column_letter

# All of Beijing at Shuangjing's density is 462,000 rows; with 25 columns 12 million cells, 24 bytes each in the reader.
MAX_CELLS: Final = 12_000_000
# Such a list unpacks to 700 MB of XML at most; spreadsheets pack 5 to 20 times, rows of blanks 60 times, bombs 1,000.
MAX_UNPACKED: Final = 1024**3
MAX_RATIO: Final = 200
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, IndexError, struct.error,
    expat.ExpatError,
)  # fmt: skip
_RATIO_FROM: Final = 32 * 1024**2  # bytes unpacked from which the ratio counts
_KINDS: Final = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any format; a cell beyond is damage
MAX_BINARY: Final = 150 * 1024**2  # bytes of a sheet of xlsb, or of an xls, whose records are walked in memory
MAX_PARTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Look:
    """``kind``: xlsx, xlsb, xls or ods, as the content says; ``sheets`` by name, those that were looked at."""

    kind: str
    sheets: dict[str, SheetLook]


def look_at(path: Path, sheet: str, report: Report) -> Look:
    """What the workbook is and holds (only ``sheet`` if named). ``InventoryError`` for what must not be opened."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(binary_books.OLE_MAGIC):
        return _look_at_ole(path, sheet, report)
    if not start.startswith(b"PK"):
        raise _no_workbook(path, start)
    try:
        with zipfile.ZipFile(path) as archive:
            return _look_into(path, archive, sheet, report)
    except _DAMAGE as error:
        raise InventoryError(
            tr("工作簿“{name}”不完整或已损坏（{reason}）。").format(name=path.name, reason=error),
            tr("请重新复制或下载这份文件；若 Excel 能打开，请另存为新的 .xlsx 再导入。"),
        ) from error


def _no_workbook(path: Path, start: bytes) -> InventoryError:
    if start.lstrip()[:1] == b"<":
        return InventoryError(
            tr("“{name}”其实是网页或 XML 文件，不是工作簿。").format(name=path.name),
            tr("请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。"),
        )
    return InventoryError(
        tr("“{name}”不是工作簿。").format(name=path.name), tr("请检查是否选错了文件，或用 Excel 另存为 .xlsx。")
    )


def _locked(path: Path) -> InventoryError:
    return InventoryError(
        tr("打不开工作簿“{name}”：有密码保护。").format(name=path.name),
        tr("请用 Excel 打开，取消密码后另存为 .xlsx 再导入。"),
    )


def _look_at_ole(path: Path, sheet: str, report: Report) -> Look:
    if path.stat().st_size > MAX_BINARY:
        raise _too_large(path, path.stat().st_size, 1)
    try:
        book = binary_books.open_ole(path)
        if book.encrypted:
            raise _locked(path)
        found = {}
        for name, position in book.sheets:
            if not sheet or name == sheet:
                found[name] = SheetLook()
                binary_books.walk_xls(book.stream, position, found[name], report)
                check_extent(path, name, found[name].rows, found[name].columns)
    except (IndexError, ValueError, KeyError, OverflowError, struct.error) as error:
        raise InventoryError(
            tr("工作簿“{name}”不完整或已损坏（{reason}）。").format(name=path.name, reason=error),
            tr("请重新复制或下载这份文件；若 Excel 能打开，请另存为新的 .xlsx 再导入。"),
        ) from error
    return Look("xls", found)


def _look_into(path: Path, archive: zipfile.ZipFile, sheet: str, report: Report) -> Look:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(path)
    _check_sizes(path, parts)
    names = {part.filename.lower().lstrip("/"): part for part in parts}
    kinds = [kind for part, kind in _KINDS.items() if part in names]
    if len(kinds) > 1:  # the reader might take it for another kind than the one that was looked at
        raise ValueError("+".join(kinds))
    if kinds in (["xlsx"], ["xlsb"]):
        for part in parts:  # what the reader reads whole; a size that was not true shows here
            low = part.filename.lower()
            if low.startswith("xl/") and low.endswith((".xml", ".bin")) and low.count("/") == 1:
                for _ in chunks(archive, part):
                    report(0, 0)
        return Look(kinds[0], _look_at_sheets(path, archive, names, kinds[0], sheet, report))
    if kinds == ["ods"]:
        if "meta-inf/manifest.xml" in names and b"encryption-data" in archive.read(names["meta-inf/manifest.xml"]):
            raise _locked(path)
        looks: dict[str, SheetLook] = {}
        _walk_ods(archive, names["content.xml"], looks, report)
        for name, look in looks.items():
            check_extent(path, name, look.rows, look.columns)
        return Look("ods", looks)
    raise _no_workbook(path, b"PK")


def _look_at_sheets(
    path: Path, archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], kind: str, sheet: str, report: Report
) -> dict[str, SheetLook]:
    """The sheets by name; all parts that may be sheets by their own names where it is not clear which they are."""
    wanted = [(name, target) for name, target in _sheet_parts(archive, names, kind) if not sheet or name == sheet]
    if not wanted or any(target not in names for _, target in wanted):
        ending = ".xml" if kind == "xlsx" else ".bin"
        wanted = [(n, n) for n in names if n.endswith(ending) and not n.startswith(("docprops/", "xl/theme/"))]
    looks: dict[str, SheetLook] = {}
    for name, target in wanted:
        look = looks[name] = SheetLook()
        if kind == "xlsx":
            walk_xlsx(archive, names[target], look, MAX_CELLS, report)
        elif names[target].file_size > MAX_BINARY:
            raise _too_large(path, names[target].file_size, 1)
        else:
            binary_books.walk_xlsb(archive.read(names[target]), look, report)
        check_extent(path, name, look.rows, look.columns)
    return looks


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    read = [p for p in parts if "/media/" not in p.filename.lower() and not p.filename.lower().startswith("pictures/")]
    total = sum(part.file_size for part in read)
    steep = [
        p for p in read if p.file_size > _RATIO_FROM and p.file_size > MAX_RATIO * max(1, p.compress_size)
    ]  # fmt: skip
    if total > MAX_UNPACKED or steep or len(parts) > MAX_PARTS:
        raise _too_large(path, total, len(parts))


def _too_large(path: Path, size: int, parts: int) -> InventoryError:
    return InventoryError(
        tr("工作簿“{name}”解开后有 {mb} MB（{parts} 个部分），不像设施清单，没有打开。").format(
            name=path.name, mb=size // 1024 // 1024, parts=parts
        ),
        tr("请用 Excel 打开，删去空白的行列，按社区或街道拆成几份再导入。"),
    )


def check_extent(path: Path, sheet: str, rows: int, columns: int) -> None:
    """Refuses a sheet whose last filled cell is in this row and column (1-based) if that is too far away."""
    if rows * columns > MAX_CELLS or rows > _LAST_ROW or columns > _LAST_COLUMN:
        raise InventoryError(
            tr("“{name}”的工作表“{sheet}”一直用到 {corner}（{n} 万格），没有打开。").format(
                name=path.name, sheet=sheet, corner=f"{column_letter(columns - 1)}{rows}", n=rows * columns // 10_000
            ),
            tr("请在 Excel 里按 Ctrl+End 找到最远的单元格，删去多余的行列；行数太多时拆成几份。"),
        )


def _sheet_parts(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], kind: str) -> list[tuple[str, str]]:
    """Names of sheets with the (lower case) names of their parts."""
    ending = "xml" if kind == "xlsx" else "bin"
    rels = names.get(f"xl/_rels/workbook.{ending}.rels")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", archive.read(rels).decode("utf-8") if rels else ""):
        given = dict(re.findall(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']", tag))
        target = given.get("Target", "").lower()
        targets[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    book = archive.read(names[f"xl/workbook.{ending}"])
    if kind == "xlsb":
        return [(name, targets.get(rel, "")) for name, rel in binary_books.xlsb_sheets(book)]
    found = []
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book.decode("utf-8", errors="replace")):
        given = dict(re.findall(r"([\w:]+)\s*=\s*\"([^\"]*)\"", tag) or re.findall(r"([\w:]+)\s*=\s*'([^']*)'", tag))
        rel = next((v for k, v in given.items() if k.endswith(":id")), "")
        found.append((html.unescape(given.get("name", "")), targets.get(rel, "")))
    return found


_ODS: Final = re.compile(
    rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"|<(table:table-row)\b([^>]*)>"
    rb"|<(table:(?:covered-)?table-cell)\b([^>]*)>"
)
_REPEATED: Final = re.compile(rb"number-(?:rows|columns)-repeated=\"(\d+)\"")


def _walk_ods(archive: zipfile.ZipFile, part: zipfile.ZipInfo, looks: dict[str, SheetLook], report: Report) -> None:
    """The extent of each sheet; XML that is not well-formed raises: the reader would never come back from it."""
    look, rest, done = SheetLook(), b"", 0
    parser = expat.ParserCreate()
    row = height = column = 0
    for chunk in chunks(archive, part):
        done += len(chunk)
        report(done, part.file_size)
        parser.Parse(chunk)
        text = rest + chunk
        at = text.rfind(b"<")
        piece, rest = text[:at], text[at:]
        for name, is_row, row_tag, is_cell, cell_tag in _ODS.findall(piece + (b">" if not rest else b"")):
            if is_cell:
                many = _REPEATED.search(cell_tag)
                column += int(many[1]) if many else 1
                if b"value-type=" in cell_tag:
                    look.extend(row + height, column)
            elif is_row:
                many = _REPEATED.search(row_tag)
                row, column, height = row + height, 0, int(many[1]) if many else 1
            else:
                look = looks[html.unescape(name.decode("utf-8", errors="replace"))] = SheetLook()
                row = height = column = 0
    parser.Parse(b"", True)
