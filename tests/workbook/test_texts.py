"""Every text and number that is written is read back the same, by readers of three kinds."""

from __future__ import annotations

import csv
import io
import math
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from barrierfree import cells
from barrierfree.workbook import Profile, Values, check, fill
from barrierfree.workbook.strings import unescaped
from tests.workbook.templates import of, plain, soffice

TEMPLATE = plain(titles=("文字", "数"))
COLUMNS = [{"header": "文字", "field": "note"}, {"header": "数", "field": "quantity"}]
PROFILE = Profile.model_validate(
    {"name": "t", "title": "t", "sheets": [{"name": "台账", "header_row": 2, "columns": COLUMNS}]}
)
HARD = [
    "=1+1", "+1", "-5", "@SUM(A1)", "'01", "007", "1E5", "2026-03-05", "TRUE", "#N/A", " 前后空格 ", "\t\t", "\n",
    "a\r\nb", "a\rb", "_x000D_", "_x005F_x000D_", "_x00", "__x0041__", "😀" * 300, "ש\u202eלום", "<b>&amp;</b>]]>",
    "&#13;", "\ufeff", "\u2028", "é", "e\u0301", "x" * 32767, "字" * 32767, "\x85", "\xa0", "\U0010ffff",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HARD), st.text(max_size=60), st.text(st.characters(codec="utf-8"), max_size=60),
    st.builds("{}{}".format, st.sampled_from("=+-@'_x \t"), st.text(max_size=20)),
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False))


def filled(folder: Path, texts: list[str], numbers: list[float]) -> Path:
    rows: list[Values] = [{"note": t, "quantity": n} for t, n in zip(texts, numbers, strict=True)]
    (book,) = fill(PROFILE, TEMPLATE, of(*rows), folder / "o.xlsx")
    return book


def by_openpyxl(book: Path) -> list[tuple[Any, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["台账"]
    rows = list(sheet.iter_rows(min_row=3, max_col=2))
    assert all(cell.data_type == "s" for row in rows for cell in row[:1] if cell.value is not None)
    # openpyxl leaves numbered characters of inline texts as they stand in the file
    return [(unescaped(row[0].value or ""), row[1].value) for row in rows]  # type: ignore[arg-type]


def by_calamine(book: Path) -> list[tuple[Any, Any]]:
    with python_calamine.CalamineWorkbook.from_path(str(book)) as read:
        rows = read.get_sheet_by_name("台账").to_python(skip_empty_area=False)
    return [(row[0], row[1]) for row in rows[2:]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=20))
@example([(text, 0.1) for text in HARD])
def test_what_is_written_is_read_back(pairs: list[tuple[str, float]]) -> None:
    texts, numbers = [t for t, _ in pairs], [n for _, n in pairs]
    with tempfile.TemporaryDirectory() as folder:
        book = filled(Path(folder), texts, numbers)
        for rows in (by_openpyxl(book), by_calamine(book)):
            for (text, number), (wanted, given_number) in zip(rows, pairs, strict=True):
                assert text == cells.clean(wanted)
                assert math.isclose(number, given_number, rel_tol=1e-15, abs_tol=0)
    notes: list[Values] = [{"note": text} for text in texts]
    faulty = {f.row - 1 for f in check(PROFILE, of(*notes))}
    assert faulty == {n for n, text in enumerate(texts) if not cells.holds(text)}


def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    kept = [text for text in HARD if "\r" not in text and text.strip() and len(text) < 1000]
    book = filled(tmp_path, kept, [n / 7 for n in range(len(kept))])
    soffice(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1", book)
    file = next(tmp_path.glob("o*.csv"))
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))[2:]
    assert [row[0] for row in rows] == kept


def test_what_no_cell_can_hold_is_a_fault() -> None:
    bad: list[Values] = [{"note": text} for text in ("\x00", "a\x0bb", "\ud800", "\uffff", "x" * 32768, "😀" * 16384)]
    assert [f.kind for f in check(PROFILE, of(*bad))] == ["characters"] * 4 + ["length"] * 2
    assert cells.holds("😀" * 16383)
    assert cells.clean("😀" * 16384) == "😀" * 16383
