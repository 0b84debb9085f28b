"""A checklist written as a form for phones: pyxform takes it, and reading it again gives the same checklist."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyxform import xls2xform

from barrierfree import paths, workbook
from barrierfree.checklists import form_sheets, read_checklist
from barrierfree.model.definition import Checklist
from tests.checklists.test_outcomes import rows
from tests.checklists.test_whole_forms import STREETS
from tests.checklists.workbooks import good_choices, good_survey, question, rule, write

SHIPPED = paths.definitions() / "shuangjing-sample" / "checklist.xlsx"


def written(checklist: Checklist, path: Path) -> Path:
    tables = [workbook.Table(title=s.name, headers=s.headers, rows=s.rows) for s in form_sheets(checklist, "t")]
    workbook.write_tables(path, tables)
    return path


def _there_and_back(checklist: Checklist, tmp_path: Path) -> str:
    path = written(checklist, tmp_path / "written.xlsx")
    remarks: list[str] = []
    assert read_checklist(path, remarks) == checklist
    converted = xls2xform.convert(str(path), validate=False)
    assert converted.warnings == []
    return str(converted.xform)


def test_the_shipped_checklist(tmp_path: Path) -> None:
    xform = _there_and_back(read_checklist(SHIPPED), tmp_path)
    for words in ("element_wheelchair_ramp", "facilities.csv", "door__clear_width", "door__photo_1", "visit/outcome"):
        assert words in xform


def test_every_kind_of_question(tmp_path: Path) -> None:
    survey = [
        *good_survey()[:-1],
        question("range", "door__stars", parameters="start=1 end=5 step=1"),
        question("select_one areas", "door__area", default="east"),
        question("select_one streets", "door__street", choice_filter="district = ${door__area} and name != 's9'"),
        question("geopoint", "door__where"),
        question("date", "door__day", default="today()"),
        question("time", "door__at"),
        question("datetime", "door__moment"),
        question("acknowledge", "door__sure"),
        question("note", "door__told", **{"label::English (en)": "width ${door__width}"}),
        question("image", "door__picture"),
        question("audio", "door__said"),
        question("geotrace", "door__way"),
        {"type": "end_repeat"},
    ]
    rules = [
        rule(), rule(id="B", comparison="between", value=900, upper=1200.5, applies_when="${present} = 'yes'"),
        rule(id="C", question="bevel", comparison="<=", value="1:12", unit="", note="看过"),
        rule(id="D", question="marks", comparison="has", choice="a", value=None, unit=None),
    ]  # fmt: skip
    path = write(tmp_path / "a.xlsx", survey=survey, choices=[*good_choices(), *STREETS], rules=rules)
    checklist = read_checklist(path)
    assert len(checklist.elements[0].questions) == 18
    _there_and_back(checklist, tmp_path)


@pytest.mark.parametrize("name", [line["file"] for line in rows() if line["outcome"] == "read"])
def test_forms_of_other_people(shared: Path, name: str, tmp_path: Path) -> None:
    _there_and_back(read_checklist(shared / "xlsform" / name), tmp_path)
