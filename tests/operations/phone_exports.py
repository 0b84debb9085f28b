"""What ODK Central and KoboToolbox would export of our form, with the names that stand in the form itself."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

Filled = dict[str, Any]  # id, the visit's answers by name, and "parts": [(element, answers by name)]


def form_names(form: Path) -> dict[str, list[tuple[str, str]]]:
    """The questions of an exported form: type and name, of the form itself ('') and of each repeat."""
    rows = CalamineWorkbook.from_path(form).get_sheet_by_name("survey").to_python()
    found: dict[str, list[tuple[str, str]]] = {"": []}
    here, group = "", ""
    for kind, name in ((str(r[0]), str(r[1])) for r in rows[1:]):
        if kind == "begin_repeat":
            here = name
            found[here] = []
        elif kind == "end_repeat":
            here = ""
        elif kind in ("begin_group", "end_group"):
            group = name if kind == "begin_group" else ""
        else:
            found[here].append((kind, f"{group}/{name}" if group else name))
    return found


def _typed(answers: dict[str, Any], name: str, code: str) -> str:
    value = answers.get(name.rpartition("/")[2].removeprefix(f"{code}__"), "")
    return " ".join(value) if isinstance(value, list) else str(value)


def odk_zip(path: Path, form: Path, filled: list[Filled], media: dict[str, bytes] | None = None) -> Path:
    names = form_names(form)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        head = [n.replace("/", "-") for _, n in names[""]]
        rows = [["SubmissionDate", *head, "KEY", "SubmitterName", "ReviewState"]]
        for one in filled:
            cells = [_typed(one, n, "whole_site") for _, n in names[""]]
            rows.append([one.get("end", ""), *cells, f"uuid:{one['id']}", "account", one.get("ReviewState", "")])
        archive.writestr("checklist.csv", _csv(rows))
        for repeat, asked in names.items():
            code = repeat.removeprefix("element_")
            parts = [(one, [a for c, a in one["parts"] if c == code]) for one in filled]
            if not repeat or not any(p for _, p in parts):
                continue
            rows = [[*(n for _, n in asked), "PARENT_KEY", "KEY"]]
            for one, own in parts:
                for number, answers in enumerate(own, start=1):
                    key = f"uuid:{one['id']}"
                    cells = [_typed(answers, n, code) for _, n in asked]
                    rows.append([*cells, key, f"{key}/{repeat}[{number}]"])
            archive.writestr(f"checklist-{repeat}.csv", _csv(rows))
        for name, content in (media or {}).items():
            archive.writestr(f"media/{name}", content)
    return path


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def kobo_xlsx(path: Path, form: Path, filled: list[Filled]) -> Path:
    """With groups in the headers, choices of several in columns of their own, and sheets for the repeats."""
    names = form_names(form)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "checklist"
    sheet.append([*(n for _, n in names[""]), "_id", "_uuid", "_submission_time", "_submitted_by", "_index"])
    for index, one in enumerate(filled, start=1):
        cells = [_typed(one, n, "whole_site") for _, n in names[""]]
        sheet.append([*cells, index + 100, one["id"], "2026-03-02T12:00:00", "account", index])
    for repeat, asked in names.items():
        if not repeat:
            continue
        code = repeat.removeprefix("element_")
        sheet = book.create_sheet(repeat[:31])
        head = [f"{repeat}/{n}" for _, n in asked]
        split = {n: sorted({v for one in filled for c, a in one["parts"] if c == code
                            for v in a.get(n.removeprefix(f"{code}__"), [])})
                 for k, n in asked if k.startswith("select_multiple")}  # fmt: skip
        more = [f"{repeat}/{n}/{v}" for n, values in split.items() for v in values]
        sheet.append([*head, *more, "_index", "_parent_table_name", "_parent_index", "_submission__uuid"])
        row = 0
        for index, one in enumerate(filled, start=1):
            for answers in [a for c, a in one["parts"] if c == code]:
                row += 1
                typed: list[str | float] = ["" if n in split else _number(_typed(answers, n, code)) for _, n in asked]
                marks = [int(v in answers.get(n.removeprefix(f"{code}__"), [])) for n, vs in split.items() for v in vs]
                sheet.append([*typed, *marks, row, "checklist", index, one["id"]])
    book.save(path)
    return path


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text
