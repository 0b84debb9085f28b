"""The form for phones as files: the checklist as a workbook, the sites beside it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from barrierfree.checklists import read_checklist
from barrierfree.errors import StorageError
from barrierfree.operations.forms import COLUMNS, export_form
from tests.builders import new_site, survey


def test_form_and_sites(tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        store.add_sites([new_site("a", "甲,店"), new_site("b", "乙店")], person="p")
        done = export_form(store, tmp_path / "out")
        assert (done.elements, done.questions, done.sites) == (2, 3, 2)
        assert read_checklist(Path(done.checklist)) == store.definition().checklist
        with Path(done.facilities).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert tuple(rows[0]) == COLUMNS
        assert [r["name"] for r in rows] == [s.code for s in store.sites()]
        assert rows[0]["label"] == "甲,店 广渠路 1 号"
        assert (rows[0]["lon"], rows[0]["class"]) == ("116.460000", "storefront")
        assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["checklist.xlsx", "facilities.csv"]
        again = export_form(store, tmp_path / "out")
        assert again == done


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with survey(tmp_path / "s.gpkg") as store, pytest.raises(StorageError):
        export_form(store, tmp_path / "file")
