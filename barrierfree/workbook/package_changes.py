"""The other parts of a template that must follow its rows: tables grow, the order of calculation forgets formulas.

Each is left byte for byte where nothing of it changes; what changes is told by ``changed_parts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.parsers import expat

from barrierfree.workbook.package import Package
from barrierfree.workbook.profile import column_letter
from barrierfree.workbook.sheet_scan import element_end, tag_end
from barrierfree.workbook.template_sheet import TemplateSheet

_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
# What stands before calcPr in a workbook (ECMA-376 part 1, 18.2.27 workbook)
_BEFORE_CALCULATION: Final = frozenset(
    {"fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
     "externalReferences", "definedNames"}
)  # fmt: skip


def changed_parts(package: Package, sheets: Iterable[tuple[TemplateSheet, int]]) -> dict[str, bytes | None]:
    """New contents of other parts (None: the part goes) when ``sheets`` are filled down to their last rows (0: none).

    - tables whose titles are the sheet's reach down to the last row, as they do in Excel when rows are typed below;
    - ``calcChain`` forgets the cells whose formulas were replaced: Excel takes a file with others for damaged;
    - with formulas elsewhere the workbook asks to be calculated when it is opened, or sums would show the template's.
    """
    changed: dict[str, bytes | None] = {}
    replaced: dict[int, set[str]] = {}
    for sheet, last in sheets:
        changed |= _grown_tables(sheet, last)
        gone = {
            f"{column_letter(cell.column)}{row.number}" for row in sheet.replaced_rows(last) for cell in row.cells
            if cell.formula and sheet.inside(cell.column)
        }  # fmt: skip
        replaced.setdefault(sheet.entry.sheet_id, set()).update(gone)
    changed |= _calculation_order(package, replaced)
    if _formulas_left(package, replaced):
        content = _calculated_on_opening(package.read(package.main))
        if content is not None:
            changed[package.main] = content
    return changed


def _grown_tables(sheet: TemplateSheet, last: int) -> dict[str, bytes | None]:
    made: dict[str, bytes | None] = {}
    for table in sheet.tables:
        area = table.area
        if area.top != sheet.sheet.header_row or table.totals or last <= area.bottom:
            continue
        new = area._replace(bottom=last)
        pattern = rb'(\sref\s*=\s*["\'])%s(["\'])' % re.escape(str(area).encode())
        made[table.part] = re.sub(pattern, rb"\g<1>%s\g<2>" % str(new).encode(), sheet.package.read(table.part))
    return made


def _calculation_order(package: Package, replaced: dict[int, set[str]]) -> dict[str, bytes | None]:
    part = package.part_of("calcChain")
    if not part or not any(replaced.values()):
        return {}
    content = package.read(part)
    kept, gone = 0, list[tuple[int, int, bytes]]()
    sheet = 0
    for start, end, name, attributes in _elements(content, 2):
        if name != "c":
            continue
        sheet = int(attributes.get("i", sheet))  # an entry without a sheet is in that of the one before
        if attributes.get("r") in replaced.get(sheet, ()):
            gone.append((start, end, b""))
        else:
            kept += 1
            if gone and "i" not in attributes:
                at = start + len(re.match(rb"<[^\s/>]+", content[start:])[0])  # type: ignore[index]
                gone.append((at, at, b' i="%d"' % sheet))
    if not gone:
        return {}
    if kept:
        return {part: _replaced(content, gone)}
    return {part: None} | _forgotten(package, part)


def _forgotten(package: Package, part: str) -> dict[str, bytes | None]:
    """The list of parts and the workbook's relations without ``part``."""
    folder, _, name = package.main.rpartition("/")
    made: dict[str, bytes | None] = {}
    for where, key in ((f"{folder}/_rels/{name}.rels".lstrip("/"), "Target"), ("[Content_Types].xml", "PartName")):
        content = package.read(where)
        pieces = [
            (start, end, b"") for start, end, element, attributes in _elements(content, 2)
            if element != "Default" and attributes.get(key, "").rpartition("/")[2] == part.rpartition("/")[2]
        ]  # fmt: skip
        made[where] = _replaced(content, pieces)
    return made


def _formulas_left(package: Package, replaced: dict[int, set[str]]) -> bool:
    for entry in package.sheets:
        if entry.kind == "worksheet":
            found = len(_FORMULA.findall(package.read(entry.part)))
            # formulas of validations and formats have other names (formula1, formula), those of 2010 live in xm:f
            found -= len(re.findall(rb"<xm:f[\s/>]", package.read(entry.part)))
            if found > len(replaced.get(entry.sheet_id, ())):
                return True
    return False


def _calculated_on_opening(content: bytes) -> bytes | None:
    """The workbook with ``fullCalcOnLoad``; None if it has it."""
    after = 0
    for start, end, name, attributes in _elements(content, 2):
        if name == "calcPr":
            if attributes.get("fullCalcOnLoad", "0") in ("1", "true"):
                return None
            tag = content[start : tag_end(content, start)]
            bare = re.sub(rb'\sfullCalcOnLoad\s*=\s*(?:"[^"]*"|\'[^\']*\')', b"", tag)
            made = re.sub(rb"(\s*/?>)\Z", rb' fullCalcOnLoad="1"\1', bare)
            return content[:start] + made + content[start + len(tag) :]
        if name in _BEFORE_CALCULATION:
            after = end
    prefix = re.match(rb"(?:[^<]|<[?!])*<((?:[^\s:/>]+:)?)", content)
    made = b'<%scalcPr fullCalcOnLoad="1"/>' % (prefix[1] if prefix else b"")
    return content[:after] + made + content[after:]


def _elements(content: bytes, depth: int) -> list[tuple[int, int, str, dict[str, str]]]:
    """The elements at this depth (1 is the root): first byte, the byte behind, name, attributes."""
    found: list[tuple[int, int, str, dict[str, str]]] = []
    open_ones: list[tuple[int, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(full: str, attributes: dict[str, str]) -> None:
        open_ones.append((parser.CurrentByteIndex, attributes))

    def end(full: str) -> None:
        begun, attributes = open_ones.pop()
        if len(open_ones) == depth - 1:
            behind = element_end(content, begun, parser.CurrentByteIndex)
            found.append((begun, behind, full.rpartition(" ")[2], attributes))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return found


def _replaced(content: bytes, pieces: list[tuple[int, int, bytes]]) -> bytes:
    made, at = [], 0
    for start, end, new in pieces:
        made += [content[at:start], new]
        at = end
    return b"".join([*made, content[at:]])
