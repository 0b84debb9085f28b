"""Finds in the XML of a sheet where its rows stand, byte by byte, and what else matters when they are exchanged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from barrierfree.workbook.profile import column_letter, column_number
from barrierfree.workbook.strings import unescaped

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
LAST_ROW: Final = 1_048_576  # Excel specifications and limits


class Area(NamedTuple):
    """A range of cells, all from 1 and with their ends."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        start = f"{column_letter(self.left)}{self.top}"
        return start if self[:2] == self[2:] else f"{start}:{column_letter(self.right)}{self.bottom}"


class Cell(NamedTuple):
    """A cell of the template. ``text`` is what it shows (of a shared string its number), '' if nothing."""

    column: int
    style: int
    kind: str  # s, inlineStr, str, n, b, e, d
    text: str
    formula: bool
    shared: str = ""  # number of a formula that several cells share
    start: int = 0  # bytes of its element
    end: int = 0


@dataclass
class RowSpan:
    """A row and the bytes at which its element starts and ends."""

    number: int
    start: int
    end: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)

    @property
    def filled(self) -> list[Cell]:
        """The cells that show something."""
        return [cell for cell in self.cells if cell.text or cell.formula]


@dataclass
class Rule:
    """A validation or a conditional format: its ranges; of a list validation the formula of its words."""

    areas: tuple[Area, ...]
    kind: str
    formula: str = ""


@dataclass
class SheetScan:
    """What a sheet holds. ``content`` up to ``data_start`` and from ``data_end`` on is outside of its rows, if it has
    any (an empty ``sheetData`` has no end of its own)."""

    content: bytes
    prefix: str = ""
    data_start: int = -1
    data_end: int = -1
    dimension: tuple[int, int] | None = None  # bytes of that element
    used: Area | None = None  # what the dimension says
    rows: list[RowSpan] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    validations: list[Rule] = field(default_factory=list)
    formats: list[Rule] = field(default_factory=list)
    filters: list[Area] = field(default_factory=list)
    links: list[Area] = field(default_factory=list)
    column_styles: list[tuple[int, int, int]] = field(default_factory=list)  # first, last, style

    def row(self, number: int) -> RowSpan | None:
        """The row with this number, if the sheet has it."""
        return next((row for row in self.rows if row.number == number), None)

    def column_style(self, column: int) -> int:
        """The style of a whole column."""
        return next((style for first, last, style in self.column_styles if first <= column <= last), 0)


def areas(text: str) -> tuple[Area, ...]:
    """The ranges named in ``text``, as in a ``sqref``, with or without dollars; whole columns reach to the last row."""
    found = []
    for piece in text.split():
        first, _, second = piece.replace("$", "").partition(":")
        one, two = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(second or first)
        if one and two:
            left, right = sorted((column_number(one[1]), column_number(two[1])))
            top, bottom = sorted((int(one[2]), int(two[2])))
            found.append(Area(top, left, bottom, right))
        elif first.isalpha() and second.isalpha():
            found.append(Area(1, column_number(first), LAST_ROW, column_number(second)))
    return tuple(found)


def scan(content: bytes) -> SheetScan:
    """Look through the XML of a sheet. Raises ``ValueError`` if it is none, or in an encoding other than UTF-8."""
    found = SheetScan(content)
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") or b"<!DOCTYPE" in content[:2000]:
        raise ValueError("encoding")
    declared = re.match(rb"[^<]*<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", content)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise ValueError("encoding")
    reader = _Scanner(found)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    if found.data_start < 0:
        raise ValueError("sheetData")
    return found


def tag_end(content: bytes, start: int) -> int:
    """The byte behind the tag that starts at ``start``; ``>`` may stand in its attributes."""
    quote = 0
    for at in range(start, len(content)):
        byte = content[at]
        if quote:
            if byte == quote:
                quote = 0
        elif byte in (0x22, 0x27):
            quote = byte
        elif byte == 0x3E:
            return at + 1
    raise ValueError("tag")


def element_end(content: bytes, start: int, here: int) -> int:
    """The byte behind the element that started at ``start`` and whose end was met at ``here``."""
    behind = tag_end(content, start)
    return behind if content[behind - 2 : behind] == b"/>" else tag_end(content, here)


class _Scanner:
    """The handlers of one pass over a sheet."""

    def __init__(self, found: SheetScan) -> None:
        self.found = found
        self.path: list[str] = []
        self.row: RowSpan | None = None
        self.last_row = 0
        self.column = 0
        self.cell: dict[str, str] | None = None
        self.parts: dict[str, list[str]] = {}
        self.formula: dict[str, str] | None = None
        self.rule: dict[str, str] | None = None
        self.starts: list[int] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = full.rpartition(" ")[2]
        path, at = self.path, self.parser.CurrentByteIndex
        path.append(name)
        self.starts.append(at)
        depth = len(path)
        if depth > 2 and path[1] == "sheetData":
            self._inside_rows(name, depth, attributes, at)
        elif name in ("dataValidation", "conditionalFormatting"):
            self.rule = {"name": name, "sqref": attributes.get("sqref", ""), "type": attributes.get("type", "")}
        elif depth == 2 and name == "sheetData":
            raw = self.found.content[at : at + 200]
            tag = re.match(rb"<((?:[^\s:/>]+:)?)sheetData", raw)
            self.found.prefix = tag[1].decode() if tag else ""
            self.found.data_start = tag_end(self.found.content, at)
        elif name == "mergeCell":
            self.found.merges += areas(attributes.get("ref", ""))
        elif name == "hyperlink" and depth == 3:
            self.found.links += areas(attributes.get("ref", ""))
        elif name == "col" and depth == 3:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.found.column_styles.append((first, last, int(attributes.get("style", "0"))))
        elif depth == 2 and name == "autoFilter":
            self.found.filters += areas(attributes.get("ref", ""))
        elif depth == 2 and name == "dimension":
            self.found.used = next(iter(areas(attributes.get("ref", ""))), None)

    def _inside_rows(self, name: str, depth: int, attributes: dict[str, str], at: int) -> None:
        if depth == 3 and name == "row":
            self.last_row = int(attributes.get("r", self.last_row + 1))
            self.row = RowSpan(self.last_row, at, attributes=attributes)
            self.column = 0
        elif depth == 4 and name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self.column = column_number(letters) if letters else self.column + 1
            self.cell, self.parts, self.formula = attributes, {}, None
        elif depth == 5 and name == "f":
            self.formula = attributes

    def end(self, full: str) -> None:
        """An element ends."""
        name = self.path.pop()
        start = self.starts.pop()
        depth = len(self.path) + 1
        if name == "c" and depth == 4 and self.cell is not None and self.row is not None:
            self._end_cell(self.cell, self.row, start)
        elif name == "row" and depth == 3 and self.row is not None:
            self.row.end = self._end_of(start)
            self.found.rows.append(self.row)
            self.row = None
        elif name == "sheetData" and depth == 2:
            self.found.data_end = self.parser.CurrentByteIndex
        elif name == "dimension" and depth == 2:
            self.found.dimension = (start, self._end_of(start))
        elif self.rule is not None and name == self.rule["name"]:
            made = Rule(areas(self.rule["sqref"]), self.rule["type"], self.rule.get("formula", ""))
            (self.found.validations if name == "dataValidation" else self.found.formats).append(made)
            self.rule = None

    def _end_of(self, start: int) -> int:
        """The byte behind the element that started at ``start`` and ends now."""
        return element_end(self.found.content, start, self.parser.CurrentByteIndex)

    def _end_cell(self, cell: dict[str, str], row: RowSpan, start: int) -> None:
        kind = cell.get("t", "n")
        text = "".join(self.parts.get("t" if kind == "inlineStr" else "v", ()))
        formula = self.formula is not None
        shared = (self.formula or {}).get("si", "")
        if kind in ("inlineStr", "str"):
            text = unescaped(text)
        end = self._end_of(start)
        row.cells.append(Cell(self.column, int(cell.get("s", "0")), kind, text, formula, shared, start, end))
        self.cell = None

    def text(self, piece: str) -> None:
        """Text of an element."""
        name = self.path[-1]
        if self.cell is not None:
            if name in ("v", "t") and "rPh" not in self.path:
                self.parts.setdefault(name, []).append(piece)
        elif self.rule is not None:
            if name == "sqref":
                self.rule["sqref"] += piece
            elif name == "formula1" or (name == "f" and "formula1" in self.path):
                self.rule["formula"] = self.rule.get("formula", "") + piece
