"""Reads the tables of an export, row by row: csv files of a zip, sheets of a workbook."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from barrierfree.errors import SubmissionError
from barrierfree.submissions.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Report,
    check_archive,
    damaged,
    too_large,
)
from barrierfree.submissions.records import Record

Table = list[Record]
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, IndexError,
           RuntimeError, OSError, TypeError, AttributeError)  # fmt: skip


def read_csv_zip(path: Path, report: Report) -> tuple[dict[str, Table], dict[str, str]]:
    """The csv files of a zip by name, and the names of the other members by their lower-case file names."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
            tables = [m for m in members if m.filename.lower().endswith(".csv") and "/media/" not in f"/{m.filename}"]
            check_archive(path, tables, len(members))
            read = {}
            for done, member in enumerate(tables):
                report(done, len(tables))
                with archive.open(member) as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace", newline="") as text:
                    read[Path(member.filename).name] = _table(path, Path(member.filename).name, csv.reader(text))
    except SubmissionError:
        raise
    except (*_DAMAGE, csv.Error) as error:
        raise damaged(path, error) from error
    return read, {Path(m.filename).name.lower(): m.filename for m in members if m not in tables}


def read_csv(path: Path) -> Table:
    """A single csv file: a form without repeats."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            return _table(path, path.name, csv.reader(text))
    except (OSError, csv.Error) as error:
        raise damaged(path, error) from error


def read_workbook(path: Path, report: Report) -> dict[str, Table]:
    """The sheets of a workbook by name, read as a stream: what lies between far cells is never laid out."""
    from openpyxl import load_workbook  # openpyxl takes long to import: only when a workbook is read

    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            check_archive(path, (p for p in parts if "/media/" not in p.filename.lower()), len(parts))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of parts that it does not know
            with closing(load_workbook(path, read_only=True, data_only=True)) as book:
                tables = {}
                for done, sheet in enumerate(book.worksheets):
                    report(done, len(book.worksheets))
                    tables[sheet.title] = _table(path, sheet.title, _texts(sheet.iter_rows(values_only=True)))
                return tables
    except SubmissionError:
        raise
    except _DAMAGE as error:
        raise damaged(path, error) from error


def _texts(rows: Iterable[tuple[object, ...]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


def _table(path: Path, name: str, rows: Iterable[list[str]]) -> Table:
    """The rows under the first one, which holds the headers."""
    found: Table = []
    headers: list[str] = []
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > MAX_ROWS or cells > MAX_CELLS or len(row) > MAX_COLUMNS:
            raise too_large(path)
        if not headers:
            headers = [h.strip() for h in row]
            continue
        given = {h: t for h, c in zip(headers, row, strict=False) if h and (t := c.strip()) and t != "n/a"}
        if given:
            found.append(Record(name, number, given))
    return found
