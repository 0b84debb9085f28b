"""A new edition of the checklist: told first, adopted only when asked, what was recorded stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from barrierfree import paths
from barrierfree.cli import main
from barrierfree.errors import DefinitionError
from barrierfree.operations import surveys, visits
from barrierfree.operations.editions import adopt_edition, compare_edition, read_edition
from barrierfree.operations.forms import export_form
from barrierfree.store import Store
from tests.builders import Clock, new_site

RAMP = {"present": "yes", "slope": "1:14", "rise": 140, "clear_width": 1.25, "landing_length": 1.5}
SHIPPED = paths.definitions() / "shuangjing-sample"


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.new(
        tmp_path / "s.gpkg", surveys.definition_named("shuangjing-sample"), device="d", clock=Clock()
    ) as made:
        made.add_sites([new_site("a")], person="p")
        site = made.sites()[0]
        definition = made.definition()
        ramp = visits.element_named(definition, "wheelchair_ramp")
        ready = visits.ready_inspection(definition, site, ramp, visits.read_answers(ramp, RAMP))
        done = visits.submit(made, site, [ready], person="p")
        made.review_visit(done.visit, accept=True, person="q")
        yield made


def _edited(path: Path, *changes: tuple[str, str, str, str | float]) -> Path:
    """The shipped checklist with cells changed: sheet, first cell (or second) of the row, column, value."""
    book = openpyxl.load_workbook(SHIPPED / "checklist.xlsx")
    for sheet, key, column, value in changes:
        rows = book[sheet]
        headers = [c.value for c in rows[1]]
        for row in rows.iter_rows(min_row=2):
            if key in (row[0].value, row[1].value):
                row[headers.index(column)].value = value
    book.save(path)
    return path


def test_the_same_edition_changes_nothing(store: Store, tmp_path: Path) -> None:
    new = read_edition(store, "shuangjing-sample")
    report = compare_edition(store, new)
    assert report.same
    assert (report.questions, report.rules, report.verdicts) == ((), (), ())
    written = export_form(store, tmp_path / "f").checklist
    assert compare_edition(store, read_edition(store, written)).same, "the form for phones is the same checklist"
    before = len(store.facts())
    adopt_edition(store, new, person="p")
    assert len(store.facts()) == before


def test_what_would_change(store: Store, tmp_path: Path) -> None:
    book = _edited(
        tmp_path / "new.xlsx",
        ("rules", "WR-05", "value", 1.3),
        ("rules", "WR-03", "id", "WR-03x"),
        ("survey", "wheelchair_ramp__rise", "label::中文 (zh)", "高差（新）"),
        ("survey", "wheelchair_ramp__clear_width", "bf_soft_max", 9),
    )
    (was,) = store.inspections()
    report = compare_edition(store, read_edition(store, str(book)))
    assert not report.same
    assert [(q.element, q.question, q.what, q.fields) for q in report.questions] == [
        ("wheelchair_ramp", "rise", "changed", ("label",)),
        ("wheelchair_ramp", "clear_width", "changed", ("soft_max",)),
    ]
    rules = {r.rule: r for r in report.rules}
    assert {k: r.what for k, r in rules.items()} == {"WR-05": "changed", "WR-03x": "added", "WR-03": "removed"}
    assert "1.20" in rules["WR-05"].before
    assert "1.30" in rules["WR-05"].after
    changed = {v.rule: (v.before, v.after) for v in report.verdicts}
    assert changed["WR-05"] == ("met", "not_met")
    assert changed["WR-03"][1] == changed["WR-03x"][0] == ""
    assert (report.inspections, report.differing) == (1, 1)
    assert report.summary["met → not_met"] == 1
    adopt_edition(store, read_edition(store, str(book)), person="p")
    assert store.definition().checklist.rule("WR-05").value == 1.3  # type: ignore[union-attr]
    assert store.inspections() == [was], "adopting changes no inspection"
    assert store.findings() == []
    assert store.info("sample")
    assert store.check() == []


def test_a_broken_edition_leaves_the_survey_its_own(store: Store, tmp_path: Path) -> None:
    book = _edited(
        tmp_path / "bad.xlsx", ("rules", "WR-05", "unit", "cm"), ("survey", "door__clear_width", "relevant", "${x} = ")
    )
    held, before = store.definition_hash(), len(store.facts())
    for source in (str(book), str(tmp_path / "absent.xlsx"), "nowhere"):
        with pytest.raises(DefinitionError):
            read_edition(store, source)
    few = openpyxl.load_workbook(SHIPPED / "checklist.xlsx")
    for sheet in ("rules", "survey"):
        few[sheet].delete_rows(60, 400)
    few["survey"].append(["end_repeat"])
    few.save(tmp_path / "few.xlsx")
    with pytest.raises(DefinitionError):
        read_edition(store, str(tmp_path / "few.xlsx"))
    assert (store.definition_hash(), len(store.facts())) == (held, before)


def test_command_line(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = store.definition_hash()
    store.close()
    folder = tmp_path / "edition"
    shutil.copytree(SHIPPED, folder)
    _edited(folder / "checklist.xlsx", ("rules", "WR-05", "value", 1.3))
    file = str(tmp_path / "s.gpkg")

    def run(*more: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["edition", file, "--definition", str(folder), "--json", *more]) == code
        out, err = capsys.readouterr()
        return dict(json.loads(out or err))

    assert run()["adopted"] is False
    assert "没有叫" in run("--adopt", code=1)["message"]
    with Store.open(Path(file), read_only=True) as unchanged:
        assert unchanged.definition_hash() == held
    assert run("--adopt", "--by", "甲")["adopted"] is True
    assert run()["same"] is True
    with Store.open(Path(file), read_only=True) as changed:
        assert changed.definition_hash() != held
        assert [p.name for p in changed.people()] == ["甲"]
