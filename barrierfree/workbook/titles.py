"""The titles of a sheet's columns: of several lines joined, with merged cells spread over what they cover."""

from __future__ import annotations

from barrierfree.workbook.package import Package
from barrierfree.workbook.sheet_scan import Area, Cell, SheetScan


def shown(package: Package, cell: Cell) -> str:
    """The text that a cell of the template shows."""
    if cell.kind != "s":
        return cell.text
    at = int(cell.text) if cell.text.isdigit() else -1
    return package.strings[at] if 0 <= at < len(package.strings) else ""


def titles(package: Package, scan: SheetScan, header_row: int, header_rows: int) -> dict[int, str]:
    """The title of each column that has one; ``header_row`` is the last of the ``header_rows`` lines."""
    parts: dict[int, list[tuple[object, str]]] = {}
    for number in range(header_row - header_rows + 1, header_row + 1):
        for column, (source, text) in _line(package, scan, number).items():
            known = parts.setdefault(column, [])
            if (source, text) not in known:  # a cell merged over two lines says its text once
                known.append((source, text))
    return {column: "/".join(text for _, text in known) for column, known in sorted(parts.items())}


def _line(package: Package, scan: SheetScan, number: int) -> dict[int, tuple[object, str]]:
    """The texts of one row by column, each with the merged range it comes from (None: a cell of its own)."""
    row = scan.row(number)
    found: dict[int, tuple[object, str]] = {}
    for cell in row.cells if row else ():
        text = tidy(shown(package, cell))
        if text:
            found[cell.column] = (None, text)
    for area in scan.merges:
        if area.top <= number <= area.bottom:
            text = _first(package, scan, area)
            for column in range(area.left, area.right + 1):
                found.pop(column, None)
                if text:
                    found[column] = (area, text)
    return found


def _first(package: Package, scan: SheetScan, area: Area) -> str:
    row = scan.row(area.top)
    cell = next((c for c in row.cells if c.column == area.left), None) if row else None
    return tidy(shown(package, cell)) if cell else ""


def tidy(text: str) -> str:
    """A title on one line; between Chinese characters a line break leaves nothing."""
    words = text.split()
    made = words[0] if words else ""
    for word in words[1:]:
        made += word if ord(made[-1]) > 0x2E7F or ord(word[0]) > 0x2E7F else " " + word
    return made


def same(one: str, other: str) -> bool:
    """Whether two titles say the same, whatever the spaces and line breaks in them."""
    return "".join(one.split()) == "".join(other.split())
