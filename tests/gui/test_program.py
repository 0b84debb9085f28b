"""The program: welcome, opening what cannot be opened, look and language, every page accessible."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree import app, start
from barrierfree.gui.import_assistant import ImportAssistant
from barrierfree.gui.main_window import MainWindow
from barrierfree.gui.new_survey_dialog import NewSurveyDialog
from barrierfree.gui.page import Page
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.gui.welcome import WelcomeWindow
from barrierfree.model.definition import Question, Text
from barrierfree.operations import editions
from barrierfree.paths import UserFolders
from barrierfree.settings import Settings
from barrierfree.store import Store
from tests.builders import definition, inspection, new_site, survey, visit
from tests.gui.accessibility import faults
from tests.gui.program import running, window_of

PAGES = ("overview", "survey", "map", "review", "rectification", "batches", "data", "settings")


def program_at(tmp_path: Path) -> app.Program:
    folders = UserFolders(tmp_path / "settings", tmp_path / "logs", tmp_path / "surveys", tmp_path / "basemaps")
    return app.Program(start.make_application(), Settings(folders.settings), folders)


def _welcome(program: app.Program) -> WelcomeWindow:
    assert isinstance(program.window, WelcomeWindow)
    return program.window


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        ids = store.add_sites([new_site("a"), new_site("b")], person="p").ids
        made = store.submit_visit(visit(ids[0], inspection(0.9)), person="p")
        store.review_visit(made.visit, accept=True, person="q")
        store.submit_visit(visit(ids[1], inspection(0.9)), person="p")
    return path


@pytest.mark.parametrize("content", [b"", b"no survey", None])
def test_what_cannot_be_opened_is_said_in_the_window(qtbot: QtBot, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.gpkg"
    if content is not None:
        file.write_bytes(content)
    program = program_at(tmp_path)
    program.start(file)
    qtbot.waitUntil(lambda: bool(_welcome(program).messages.text()))
    assert "x.gpkg" in _welcome(program).messages.text()
    assert faults(_welcome(program)) == []
    program.close()


def test_a_bad_file_leaves_the_open_survey_alone(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"bad")
    with running(qtbot, path, tmp_path / "home") as program:
        window = window_of(program)
        window.filesDropped.emit([bad])
        page = window.page(window.current_page)
        qtbot.waitUntil(lambda: "bad.gpkg" in page.messages.text())  # type: ignore[attr-defined]
        assert program.window is window


def test_new_survey_with_a_list_dropped_in(qtbot: QtBot, tmp_path: Path, shared: Path) -> None:
    program = program_at(tmp_path)
    program.start(None)
    program.create(tmp_path / "n.gpkg", "shuangjing-sample")
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20000)
    window = window_of(program)
    window.filesDropped.emit([shared / "shuangjing" / "facilities_gcj02.csv"])
    page = window.page("data")
    assistant = QApplication.activeModalWidget()
    assert isinstance(assistant, ImportAssistant)
    for _step in ("file", "columns", "datum"):
        qtbot.waitUntil(lambda: assistant.next.isEnabled() or bool(assistant.work.proposal), timeout=20000)
        assistant.datum.radios["gcj02"].click()
        assistant.next.click()
    qtbot.waitUntil(assistant.next.isEnabled, timeout=20000)
    assistant.match.decisions.decide(assistant.match._entries["possible"], "new")
    assistant.next.click()
    qtbot.waitUntil(lambda: "新增 200" in page.messages._advice.text(), timeout=20000)  # type: ignore[attr-defined]
    page.show_target(tmp_path / "absent.csv")  # type: ignore[attr-defined]
    again = QApplication.activeModalWidget()
    assert isinstance(again, ImportAssistant)
    qtbot.waitUntil(lambda: "absent.csv" in again.messages.text())
    again.reject()
    program.close()
    with Store.open(tmp_path / "n.gpkg", read_only=True) as store:
        assert len(store.sites()) == 200
        assert store.check() == []


def test_closing_leaves_one_file(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home"):
        pass
    assert [p.name for p in path.parent.glob("s.gpkg*")] == ["s.gpkg"]


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_page_can_be_read_aloud(qtbot: QtBot, path: Path, tmp_path: Path, scale: float) -> None:
    with running(qtbot, path, tmp_path / "home", text_scale=scale) as program:
        window = window_of(program)
        for page in PAGES:
            window.show_page(page)
            qtbot.waitUntil(lambda: program.tasks is not None and not program.tasks.is_busy, timeout=20000)
            QApplication.processEvents()
            assert faults(window) == [], page
            assert window.width() <= 1366, page


def test_each_language_and_theme_builds_the_window_anew(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        for choice in ({"theme": "dark"}, {"theme": "contrast"}, {"language": "en"}, {"language": "zh_CN"}):
            program.settings.change(**choice)
            before = program.window
            program._on_look()
            assert program.window is not before
        assert window_of(program).status is not None


def test_new_survey_dialog_says_what_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    start.make_application()
    dialog = NewSurveyDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    for name, word in (("", "请填写"), ("a/b", "不能有")):
        dialog.name.setText(name)
        dialog._on_accept()
        assert word in dialog.fault.text()
    QTest.keyClicks(dialog.name, "x")
    dialog.name.setText("ok")
    dialog._on_accept()
    assert dialog.result() == 1
    assert dialog.path == tmp_path / "ok.gpkg"


def test_a_new_edition_is_in_force_at_once(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    known = definition()
    ramp = known.checklist.elements[0]
    added = Question(name="steps", kind="integer", label=Text(zh="台阶级数"), core=True)
    richer = ramp.model_copy(update={"questions": (*ramp.questions, added)})
    checklist = known.checklist.model_copy(update={"version": "2", "elements": (richer, known.checklist.elements[1])})
    new = known.model_copy(update={"checklist": checklist})
    with running(qtbot, path, tmp_path / "home", person="p", person_name="p") as program:
        window_of(program).show_page("data")
        before = window_of(program)
        assert program.tasks is not None
        program.tasks.write(lambda store: editions.adopt_edition(store, new, person="p"))
        qtbot.waitUntil(lambda: program.window is not before)
        assert window_of(program).current_page == "data"
        data = window_of(program).page("data")
        assert isinstance(data, Page)
        assert "已采用新版检查表" in data.messages.text()
        window_of(program).show_page("survey")
        page = window_of(program).page("survey")
        assert isinstance(page, SurveyPage)
        qtbot.waitUntil(lambda: bool(page.sites._model.sites))
        page.open_site(page.sites._model.sites[0].id)
        qtbot.waitUntil(lambda: "steps" in page.form._fields)
