"""The words that a template allows in a column: its list validations, wherever their words stand."""

from __future__ import annotations

from typing import Final

from barrierfree.workbook.package import Package, SheetEntry
from barrierfree.workbook.rows import as_number, word
from barrierfree.workbook.sheet_scan import Area, SheetScan, areas
from barrierfree.workbook.template_sheet import scanned
from barrierfree.workbook.titles import shown

_MOST: Final = 20_000  # words; a list of all communities of a city has some 7,000


def allowed_words(package: Package, entry: SheetEntry, scan: SheetScan, row: int) -> dict[int, tuple[str, ...]]:
    """By column the words that list validations allow in ``row``; lists that are computed (INDIRECT …) are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for rule in scan.validations:
        if rule.kind != "list" or not any(a.top <= row <= a.bottom for a in rule.areas):
            continue
        words = _words(package, entry, rule.formula.strip())
        for area in rule.areas if words else ():
            if area.top <= row <= area.bottom:
                found |= dict.fromkeys(range(area.left, min(area.right, area.left + 1000) + 1), words)
    return found


def _words(package: Package, entry: SheetEntry, formula: str) -> tuple[str, ...]:
    if formula.startswith('"') and formula.endswith('"'):
        return tuple(piece.strip() for piece in formula[1:-1].replace('""', '"').split(",") if piece.strip())
    formula = formula.removeprefix("=")
    sheet, area = (
        _place(package, entry, formula) or _place(package, entry, _named(package, entry, formula)) or (entry, None)
    )
    if area is None or (area.bottom - area.top + 1) * (area.right - area.left + 1) > _MOST:
        return ()
    texts = []
    for row in scanned(package, sheet).rows:
        if area.top <= row.number <= area.bottom:
            cells = (c for c in row.cells if area.left <= c.column <= area.right)
            texts += [_text(shown(package, c), c.kind) for c in cells]
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(text: str, kind: str) -> str:
    number = as_number(text) if kind == "n" and text else None
    return text.strip() if number is None else word(float(number))


def _place(package: Package, entry: SheetEntry, formula: str) -> tuple[SheetEntry, Area] | None:
    """A range of one sheet; None where ``formula`` is anything else."""
    name, _, cells = formula.rpartition("!")
    found = areas(cells) if " " not in cells else ()
    name = name.removeprefix("'").removesuffix("'").replace("''", "'")
    sheet = next((s for s in package.sheets if s.name == name), None) if name else entry
    return (sheet, found[0]) if sheet and len(found) == 1 and sheet.kind == "worksheet" else None


def _named(package: Package, entry: SheetEntry, name: str) -> str:
    """What a defined name refers to: of the sheet's own, else of the workbook's."""
    at = package.sheets.index(entry)
    found = {sheet: text for known, sheet, text in package.defined_names() if known.lower() == name.lower()}
    return found.get(at, found.get(None, ""))
