"""Reads a facility list as a table of text: csv, tsv, Excel, OpenDocument, GeoJSON; finds encoding and header row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

import charset_normalizer
import python_calamine

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr
from barrierfree.inventory.columns import known_headers
from barrierfree.model.definition import Model

# A facility list of all of Beijing at Shuangjing's density has 462,000 rows; anything far beyond is a mistake.
MAX_BYTES: Final = 300 * 1024 * 1024
EMPTY: Final = frozenset({"", "null", "none", "nan", "无", "-", "—", "/", "\\n"})
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_SEARCHED_ROWS: Final = 20  # rows among which the header row is looked for


class RawList(Model):
    """A list as read: ``rows`` are texts in the order of ``headers``; ``first_row`` is the sheet row of the first."""

    file: str
    sheet: str
    encoding: str
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]


def read_table(path: Path, sheet: str = "") -> RawList:
    """Read the list at ``path``. Raises ``InventoryError`` that says what, where and what to do."""
    path = Path(path)
    _refuse_unreadable(path)
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        return _from_geojson(path)
    if suffix in _WORKBOOKS:
        return _from_workbook(path, sheet)
    if suffix in (".csv", ".tsv", ".txt"):
        return _from_text(path)
    raise InventoryError(
        tr("不支持“{suffix}”格式的清单：{name}。").format(suffix=suffix or tr("无扩展名"), name=path.name),
        tr("请另存为 .xlsx 或 .csv 再导入。"),
    )


def _refuse_unreadable(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise InventoryError(
            tr("读不了清单“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否存在、是否正被其他程序占用。"),
        ) from error
    if size == 0:
        raise InventoryError(
            tr("清单“{name}”是空文件（0 字节）。").format(name=path.name), tr("请重新导出或复制这份清单。")
        )
    if size > MAX_BYTES:
        raise InventoryError(
            tr("清单“{name}”太大（{mb} MB）。").format(name=path.name, mb=size // 1024 // 1024),
            tr("请按社区或街道拆成几份再导入。"),
        )


def _from_text(path: Path) -> RawList:
    text, encoding = _decoded(path)
    sample = text[:20000]
    delimiter = max(",\t;，", key=lambda d: sample.count(d)) if path.suffix.lower() != ".tsv" else "\t"
    try:
        cells = [[_clean(c) for c in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise InventoryError(
            tr("清单“{name}”不是可读的表格：{error}。").format(name=path.name, error=error),
            tr("请用 Excel 打开后另存为 .xlsx 再导入。"),
        ) from error
    return _with_header(path, "", encoding, cells)


def _decoded(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _decode(path, raw, name), name
    if b"\x00" in raw[:4096]:
        raise InventoryError(
            tr("“{name}”不是文本表格。").format(name=path.name), tr("请用 Excel 打开后另存为 .xlsx 再导入。")
        )
    for name in ("utf-8", "gb18030"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or known_headers(text[:2000]):
            return text, name
    best = charset_normalizer.from_bytes(raw[:200_000]).best()
    if best is None:
        raise InventoryError(
            tr("看不出清单“{name}”的文字编码。").format(name=path.name),
            tr("请用 Excel 打开后另存为 .xlsx，或另存为“CSV UTF-8”再导入。"),
        )
    return _decode(path, raw, best.encoding), best.encoding


def _decode(path: Path, raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise InventoryError(
            tr("清单“{name}”的文字编码有误（{encoding}）。").format(name=path.name, encoding=name),
            tr("请用 Excel 打开后另存为 .xlsx，或另存为“CSV UTF-8”再导入。"),
        ) from error


def _from_workbook(path: Path, sheet: str) -> RawList:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        chosen = sheet or next((n for n in names if book.get_sheet_by_name(n).total_height > 1), names[0])
        if chosen not in names:
            raise InventoryError(
                tr("“{name}”里没有工作表“{sheet}”。").format(name=path.name, sheet=chosen),
                tr("现有的工作表：{sheets}。").format(sheets="、".join(names)),
            )
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except InventoryError:
        raise
    except Exception as error:  # the reader raises its own kinds for each format
        reason = tr("有密码保护") if "password" in str(error).lower() else str(error)
        raise InventoryError(
            tr("打不开工作簿“{name}”：{reason}。").format(name=path.name, reason=reason),
            tr("请用 Excel 打开，取消密码后另存为 .xlsx 再导入。"),
        ) from error
    return _with_header(path, chosen, "", [[_clean(c) for c in row] for row in rows])


def _from_geojson(path: Path) -> RawList:
    text, encoding = _decoded(path)
    try:
        features = json.loads(text)["features"]
        found = [(f.get("properties") or {}, f.get("geometry") or {}) for f in features]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InventoryError(
            tr("“{name}”不是 GeoJSON 要素集合。").format(name=path.name),
            tr("请从 QGIS 导出为 GeoJSON（FeatureCollection）再导入。"),
        ) from error
    names = list(dict.fromkeys(key for properties, _ in found for key in properties))
    rows = []
    for properties, geometry in found:
        lon, lat = ("", "")
        if geometry.get("type") == "Point":
            lon, lat = (_clean(v) for v in geometry["coordinates"][:2])
        rows.append((*(_clean(properties.get(n)) for n in names), lon, lat))
    return RawList(
        file=path.name, sheet="", encoding=encoding, header_row=0, headers=(*names, "lon", "lat"),
        rows=tuple(rows), row_numbers=tuple(range(1, len(rows) + 1)),
    )  # fmt: skip


def _clean(value: Any) -> str:
    """A cell as text: whole floats without the point calamine gives them, literal nothings as ''."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).strip()
    return "" if text.lower() in EMPTY else text


def _with_header(path: Path, sheet: str, encoding: str, cells: list[list[str]]) -> RawList:
    """Find the header row (the first with the most known column words) and cut the table there."""
    if not any(any(row) for row in cells):
        raise InventoryError(
            tr("清单“{name}”里没有内容。").format(name=path.name), tr("请检查是否选对了文件和工作表。")
        )
    scores = [sum(bool(known_headers(c)) for c in row) for row in cells[:_SEARCHED_ROWS]]
    at = max(range(len(scores)), key=lambda i: (scores[i], -i))
    headers = tuple(cells[at])
    width = len(headers)
    rows, numbers = [], []
    for number, row in enumerate(cells[at + 1 :], start=at + 2):
        if any(row):
            rows.append(tuple((row + [""] * width)[:width]))
            numbers.append(number)
    return RawList(
        file=path.name, sheet=sheet, encoding=encoding, header_row=at + 1, headers=headers, rows=tuple(rows),
        row_numbers=tuple(numbers),
    )  # fmt: skip
