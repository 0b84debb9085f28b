"""Forms for phones, submissions and new editions through the data page."""

from __future__ import annotations

from pathlib import Path

from barrierfree import paths
from barrierfree.checklists import read_checklist
from barrierfree.gui.data_page import DataPage
from barrierfree.gui.edition_dialog import EditionDialog
from barrierfree.gui.submissions_dialog import SubmissionsDialog
from barrierfree.operations.forms import export_form
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.operations.phone_exports import Filled, odk_zip

__all__ = ["desk"]


def _page(desk: Desk) -> DataPage:
    return desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))


def _export(desk: Desk, folder: Path) -> Path:
    code = desk.ask(lambda store: store.sites()[0].code)
    filled: list[Filled] = [
        {"id": "a1", "site_code": code, "outcome": "done", "enumerator": "王芳", "end": "2026-03-02T09:30:00+08:00",
         "parts": [("wheelchair_ramp", {"present": "yes", "clear_width": 0.9})]},
        {"id": "a2", "site_code": "nowhere", "outcome": "done", "enumerator": "王芳", "parts": []},
    ]  # fmt: skip
    form = Path(desk.ask(lambda store: export_form(store, folder / "form")).checklist)
    return odk_zip(folder / "o.zip", form, filled)


def test_the_form_is_written(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    page.phones.write_form(tmp_path / "out")
    desk.settle()
    written = read_checklist(tmp_path / "out" / "checklist.xlsx")
    assert written == desk.ask(lambda store: store.definition().checklist)
    assert (tmp_path / "out" / "facilities.csv").is_file()


def test_submissions_are_shown_then_taken(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    dialog = page.phones.begin(_export(desk, tmp_path))
    desk.settle()
    assert isinstance(dialog, SubmissionsDialog)
    assert [r.person for r in dialog.rows.model.records] == ["王芳"]
    assert [f.column for f in dialog.faults.model.records] == ["site_code"]
    assert dialog.confirm.isEnabled()
    assert faults(dialog) == []
    assert desk.ask(lambda store: store.visits()) == []
    desk.click(dialog.confirm)
    (visit,) = desk.ask(lambda store: store.visits())
    assert (visit.person_name, visit.not_met) == ("王芳", 1)
    again = page.phones.begin(tmp_path / "o.zip")
    desk.settle()
    assert not again.confirm.isEnabled()
    again.reject()


def test_a_file_that_is_no_export_says_so_in_the_dialog(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    dialog = _page(desk).phones.begin(tmp_path / "bad.zip")
    desk.settle()
    assert "损坏" in dialog.fault.text()
    dialog.reject()


def test_a_new_edition_is_told_then_adopted(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    form = desk.ask(lambda store: export_form(store, tmp_path / "form"))
    page.phones.compare(Path(form.checklist))
    desk.settle()
    assert "没有变化" in page.messages._message.text()
    page.phones.compare(paths.definitions() / "shuangjing-sample" / "checklist.xlsx")
    desk.settle()
    (dialog,) = page.findChildren(EditionDialog)
    assert len(dialog.changes.model.records) > 200
    assert faults(dialog) == []
    desk.click(dialog.confirm)
    assert len(desk.ask(lambda store: store.definition().checklist.elements)) == 18
    assert desk.ask(lambda store: store.definition_hash())
