"""Exports as servers write them: other headers, rows that belong nowhere, numbers of repeats, attachments."""

from __future__ import annotations

import zipfile
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import Workbook

from barrierfree.errors import SubmissionError
from barrierfree.model.definition import Choice, ElementType, Question, Text
from barrierfree.operations.phone_answers import cell, read_cells, read_moment
from barrierfree.submissions import Record, limits, read_submissions

MARKS = tuple(Choice(name=n, label=Text(zh=n)) for n in ("a", "b", "c"))
DOOR = ElementType(
    code="door", label=Text(zh="门"),
    questions=(
        Question(name="width", kind="decimal", label=Text(zh="宽"), quantity="length_m", unit="m"),
        Question(name="marks", kind="select_multiple", label=Text(zh="标"), choices=MARKS),
        Question(name="where", kind="geopoint", label=Text(zh="处")),
        Question(name="day", kind="date", label=Text(zh="日")),
        Question(name="at", kind="time", label=Text(zh="时")),
        Question(name="picture", kind="image", label=Text(zh="照")),
        Question(name="twice", kind="calculate", label=Text(zh="倍"), calculation="${width} * 2"),
    ),
)  # fmt: skip


def _zip(path: Path, **tables: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name.replace('__', '-')}.csv", text)
    return path


def test_rows_of_a_zip_are_put_together(tmp_path: Path) -> None:
    path = _zip(
        tmp_path / "a.zip",
        form="a,KEY\n1,uuid:A\n2,uuid:B\n3,uuid:A\n4,\n",
        form__element_door="b,PARENT_KEY,KEY\nx,uuid:B,uuid:B/element_door[2]\ny,uuid:B,uuid:B/element_door[1]\n"
        "z,uuid:C,uuid:C/element_door[1]\nw,uuid:A,\n",
    )  # fmt: skip
    read = read_submissions(path)
    assert (read.kind, [i.id for i in read.instances]) == ("odk", ["a", "b"])
    assert [(p.repeat, p.number, p.record.cells["b"]) for p in read.instances[1].parts] == [
        ("element_door", 2, "x"), ("element_door", 1, "y"),
    ]  # fmt: skip
    assert [p.number for p in read.instances[0].parts] == [1]
    assert [(x.record.sheet, x.record.row) for x in read.lost] == [
        ("form.csv", 4), ("form.csv", 5), ("form-element_door.csv", 4),
    ]  # fmt: skip


def test_attachments_are_found_whatever_their_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("form.csv", "a,KEY\n1,uuid:A\n")
        archive.writestr("media/1.JPG", b"one")
    (tmp_path / "m" / "deep").mkdir(parents=True)
    (tmp_path / "m" / "deep" / "2.jpg").write_bytes(b"two")
    found = read_submissions(path, tmp_path / "m").attachments
    assert (found.read("1.jpg"), found.read("media\\2.JPG"), found.read("3.jpg")) == (b"one", b"two", None)
    assert (found.has("1.jpg"), found.has("3.jpg")) == (True, False)
    with pytest.raises(SubmissionError):
        read_submissions(path, tmp_path / "absent")


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    first = book.worksheets[0]
    for row in (["site_code", "meta/rootUuid", "_uuid", "_index"], ["x", "uuid:OLD", "new", 1], ["y", None, "b", 2]):
        first.append(row)
    second = book.create_sheet("element_door")
    for row in (["door__width", "_parent_index", "_submission__uuid"], [0.9, 1, "new"], [1.5, 2, "b"], [1, 9, "c"]):
        second.append(row)
    book.save(tmp_path / "k.xlsx")
    read = read_submissions(tmp_path / "k.xlsx")
    assert [(i.id, [p.record.cells["door__width"] for p in i.parts]) for i in read.instances] == [
        ("old", ["0.9"]), ("b", ["1.5"]),
    ]  # fmt: skip
    assert [x.record.row for x in read.lost] == [4]
    book.worksheets[0].delete_cols(2, 2)
    book.save(tmp_path / "labels.xlsx")
    with pytest.raises(SubmissionError, match="_uuid"):
        read_submissions(tmp_path / "labels.xlsx")


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _zip(tmp_path / "a.zip", form="a,KEY\n1,uuid:A\n")
    monkeypatch.setattr(limits, "MAX_PARTS", 0)
    with pytest.raises(SubmissionError, match="太大"):
        read_submissions(path)
    wide = _zip(tmp_path / "w.zip", form="," * 6000)
    monkeypatch.undo()
    with pytest.raises(SubmissionError, match="太大"):
        read_submissions(wide)


@pytest.mark.parametrize("header", ["width", "door__width", "element_door/door__width", "group-door__width", "g:width"])
def test_headers_of_all_servers(header: str) -> None:
    read = read_cells(DOOR, Record("s", 2, {header: "95cm"}))
    assert (read.answers, read.faults) == ({"width": 0.95}, [])


def test_what_cells_mean() -> None:
    read = read_cells(DOOR, Record("s", 2, {
        "door__marks/a": "1", "door__marks/b": "0", "door__marks/c": "True", "door__where-Latitude": "39.89",
        "door__where-Longitude": "116.46", "door__where-Altitude": "0", "door__where-Accuracy": "4.5",
        "door__day": "2026-03-01T00:00:00", "door__at": "09:30:00.000+08:00", "door__picture": "1.jpg",
        "door__picture_URL": "somewhere/1.jpg", "door__photo_2": "2.jpg", "door__twice": "9", "_index": "1",
        "KEY": "uuid:x", "strange": "5",
    }))  # fmt: skip
    assert read.answers == {
        "marks": ["a", "c"], "where": "39.89 116.46 0 4.5", "day": "2026-03-01", "at": "09:30:00",
    }  # fmt: skip
    assert read.pictures == ["1.jpg", "2.jpg"]
    assert [(f.column, f.left_out) for f in read.faults] == [("strange", False)]
    both = read_cells(DOOR, Record("s", 2, {"door__marks/a": "1", "door__marks": "b c"}))
    assert both.answers == {"marks": ["b", "c"]}
    bad = read_cells(DOOR, Record("s", 2, {"door__width": "wide", "door__where": "nowhere"}))
    assert [(f.column, f.left_out) for f in bad.faults] == [("width", True), ("where", True)]


def test_moments_and_names() -> None:
    zone = timezone(timedelta(hours=8))
    for text in ("2026-03-01T01:30:00Z", "2026-03-01T09:30:00.000+08:00", "2026-03-01T09:30:00",
                 "Mar 1, 2026 9:30:00 AM"):  # fmt: skip
        found = read_moment(text, zone)
        assert found is not None
        assert found.isoformat() == "2026-03-01T09:30:00+08:00"
    for text in ("", "yesterday", "1970-01-01T00:00:00Z"):
        assert read_moment(text, zone) is None
    record = Record("s", 2, {"visit/outcome": "done", "visit-site_code": "x"})
    assert (cell(record, "outcome"), cell(record, "site_code"), cell(record, "reason")) == ("done", "x", "")
