"""The survey page by keyboard: search, answers, verdicts, drafts, recovery, submitting; the real list to the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from barrierfree.app import Program
from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.records import Site
from barrierfree.model.words import Status, VisitState
from barrierfree.operations import batches, sample, visits
from barrierfree.operations.lists import import_list
from barrierfree.operations.surveys import definition_named, new_survey
from barrierfree.store import SiteFilter, Store
from tests.gui.program import keys, running, window_of

RAMP = {"present": 1, "slope": "1:14", "rise": "140", "clear_width": "1.3", "landing_length": "1.5"}


@pytest.fixture
def survey(tmp_path: Path, shared: Path) -> Path:
    """The real list of Shuangjing, clipped to its boundary."""
    path = tmp_path / "s.gpkg"
    folder = shared / "shuangjing"
    with new_survey(path, definition_named("shuangjing-sample"), device="maker") as store:
        import_list(store, folder / "facilities_gcj02.csv", datum="gcj02", within=folder / "boundary.geojson")
        store.name_person("甲", "01JD0000000000000000000001")
    return path


def page_of(program: Program) -> SurveyPage:
    window = window_of(program)
    window.show_page("survey")
    page = window.page("survey")
    assert isinstance(page, SurveyPage)
    return page


def open_site(qtbot: QtBot, page: SurveyPage, text: str) -> Site:
    keys(page.sites.search, text)
    qtbot.waitUntil(lambda: [s.code for s in page.sites._model.sites] == [text])
    QTest.keyClick(page.sites.search, Qt.Key.Key_Down)
    QTest.keyClick(page.sites.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._work is not None and page._work.site.id == page.sites._model.sites[0].id)
    assert page._work is not None
    return page._work.site


def answer(qtbot: QtBot, page: SurveyPage, element: str, answers: dict[str, Any]) -> None:
    assert page._work is not None
    page.tabs.setCurrentIndex([c.element for c in page._work.checkpoints].index(element))
    for name, value in answers.items():
        field = page.form._fields[name]
        qtbot.waitUntil(field.isVisible)
        if isinstance(value, int):
            pill = field.findChildren(QAbstractButton)[0]
            pill.setFocus()
            QTest.keyClick(pill, Qt.Key(int(Qt.Key.Key_0) + value))
        else:
            line = field.findChild(QLineEdit)
            assert line is not None
            keys(line, value)
        assert field.answer is not None, name


def submit(qtbot: QtBot, page: SurveyPage) -> None:
    page.submit()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), SubmitDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SubmitDialog)
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert not dialog.fault.isVisible(), dialog.fault.text()
    qtbot.waitUntil(lambda: "已提交" in page.messages.text())


@pytest.mark.slow
def test_a_volunteer_surveys_the_real_list(qtbot: QtBot, survey: Path, tmp_path: Path) -> None:
    person = "01JD0000000000000000000001"
    rng = random.Random(7)
    with Store.open(survey, device="maker") as store:
        sites = store.sites()
    assert len(sites) == 59
    chosen = rng.sample(sites, 10)
    with running(qtbot, survey, tmp_path / "home", device="maker", person=person, person_name="甲") as program:
        page = page_of(program)
        for at, site in enumerate(chosen):
            open_site(qtbot, page, site.code)
            width = "0.95" if at % 3 == 0 else "1.3"
            answer(qtbot, page, "wheelchair_ramp", RAMP | {"clear_width": width})
            submit(qtbot, page)
            page.messages.dismiss()
    with Store.open(survey, device="maker") as store:
        definition = store.definition()
        done = {v.site for v in store.visits()}
        assert done == {s.id for s in chosen}
        for site in sites:
            if site.id not in done:
                element = visits.element_named(definition, "door")
                answers = sample._answers(definition, element, rng, 0.8)
                ready = visits.ready_inspection(definition, site, element, answers)
                visits.submit(store, site, [ready], person=person)
        for visit in store.visits([VisitState.SUBMITTED]):
            store.review_visit(visit.id, accept=True, person="other")
        assert store.figures().visited == 59
        for unknown in (
            s for s in store.sites() if not s.site_class
        ):  # the check before the batch finds it, and the survey page mends it
            assert {f.column for f in batches.plan_batch(store).faults} == {"场所类别"}
            store.change_site(unknown.id, {"site_class": "storefront"}, person=person)
        plan = batches.plan_batch(store)
        assert not plan.faults
        report = batches.write_batch(store, plan, tmp_path / "out", person=person)
        assert store.check() == []
        expected = {s.code: s for s in store.sites()}
    sheet = openpyxl.load_workbook(report.workbook)["台账"]
    rows = [[str(c.value) for c in row] for row in sheet.iter_rows(min_row=3)]
    head = {str(c.value): at for at, c in enumerate(sheet[2])}
    assert len({r[head["点位编号"]] for r in rows}) == 59
    for row in rows:
        site = expected[row[head["点位编号"]]]
        assert row[head["点位名称"]] == site.name
        assert row[head["经度"]] == f"{site.lon:.6f}"
    narrow = [r for r in rows if "0.95" in str(r[head["实测值"]]) and r[head["元素类型"]] == "轮椅坡道"]
    assert len(narrow) == 4
    assert all("2.3.2" in r[head["依据条款"]] and r[head["整改状态"]] == "未整改" for r in narrow)


def test_verdicts_drafts_and_what_is_missing(qtbot: QtBot, survey: Path, tmp_path: Path) -> None:
    with running(qtbot, survey, tmp_path / "home") as program:
        page = page_of(program)
        with Store.open(survey, read_only=True) as store:
            code = store.sites()[3].code
        site = open_site(qtbot, page, code)
        answer(qtbot, page, "wheelchair_ramp", {"present": 1, "slope": "1:10", "clear_width": "0.95"})
        told = " ".join(text for _, text in page.form._fields["clear_width"]._verdicts)
        assert "小于 1.20 m" in told
        assert "10.0 %" in page.form._fields["slope"]._also.text()
        keys(page.form._fields["rise"].findChild(QLineEdit), "abc")  # type: ignore[arg-type]
        assert page.form._fields["rise"].fault
        page.drafts.save()
        observer = program.tasks
        assert observer is not None
        qtbot.waitUntil(lambda: not observer.is_busy)
        found: list[Any] = []
        observer.read(lambda s: s.drafts(site.id), found.append)
        qtbot.waitUntil(lambda: bool(found) and bool(found[0]))
        assert found[0][0].answers["clear_width"] == 0.95
        ready = page.ready()
        assert ready.filled == ("轮椅坡道",)
        assert any(m.blocks and m.question == "rise" for m in ready.missing)
        assert [p.problem for p in ready.proposed] == ["non_compliant"]
    with running(qtbot, survey, tmp_path / "home") as again:
        page = page_of(again)
        open_site(qtbot, page, site.code)
        qtbot.waitUntil(lambda: bool(page.drafts.drafts))
        page.tabs.setCurrentIndex(1)
        assert page.form.raw_answers()["clear_width"] == 0.95
        assert page.form.raw_answers()["rise"] == "abc"


def test_closed_site_needs_a_reason(qtbot: QtBot, survey: Path, tmp_path: Path) -> None:
    with running(qtbot, survey, tmp_path / "home", person="p", person_name="乙") as program:
        page = page_of(program)
        with Store.open(survey, read_only=True) as store:
            code = store.sites()[5].code
        site = open_site(qtbot, page, code)
        page.submit()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), SubmitDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SubmitDialog)
        QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
        assert dialog.fault.isVisible()
        pill = dialog.outcome_choice.findChildren(QAbstractButton)[0]
        QTest.keyClick(pill, Qt.Key.Key_3)
        QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
        assert "原因" in dialog.fault.text()
        keys(dialog.reason_edit, "closed for works")
        QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "已提交" in page.messages.text())
    with Store.open(survey, read_only=True) as store:
        assert store.site(site.id).status is Status.PENDING
        assert store.visits(site=site.id)[0].reason == "closed for works"


def test_search_by_name_address_and_initials(qtbot: QtBot, survey: Path, tmp_path: Path) -> None:
    with running(qtbot, survey, tmp_path / "home") as program:
        page = page_of(program)
        with Store.open(survey, read_only=True) as store:
            wanted = len(store.sites(SiteFilter(text="bai zi")))
        keys(page.sites.search, "no such place")
        qtbot.waitUntil(lambda: not page.sites._model.sites and page.sites._empty.isVisible())
        keys(page.sites.search, "bai zi")
        qtbot.waitUntil(lambda: len(page.sites._model.sites) == wanted)


@pytest.mark.slow
def test_kill_while_logging_loses_at_most_the_field_being_typed(qtbot: QtBot, survey: Path, tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from pytestqt.qtbot import QtBot
from PySide6.QtCore import QTimer
from tests.gui.program import running, window_of
from tests.gui import test_survey_page as t
class Bot:
    def waitUntil(self, condition, timeout=10000):
        from PySide6.QtCore import QEventLoop
        while not condition():
            loop = QEventLoop(); QTimer.singleShot(20, loop.quit); loop.exec()
bot = Bot()
with running(bot, Path({str(survey)!r}), Path({str(tmp_path / "home")!r})) as program:
    page = t.page_of(program)
    t.open_site(bot, page, sys.argv[1])
    t.answer(bot, page, "wheelchair_ramp", {{"present": 1, "slope": "1:14", "rise": "140"}})
    bot.waitUntil(lambda: not page.drafts.dirty and not program.tasks.is_busy)
    t.answer(bot, page, "wheelchair_ramp", {{"clear_width": "1.3"}})
    print("typing", flush=True)
    bot.waitUntil(lambda: False)
"""
    with Store.open(survey, device="maker") as store:
        site = store.sites()[0]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code, site.code], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "typing"
        process.send_signal(signal.SIGKILL)
    from barrierfree.settings import Settings

    device = Settings(tmp_path / "home" / "settings").choices.device
    with running(qtbot, survey, tmp_path / "home") as program:  # it says so, and leads back
        page = page_of(program)
        qtbot.waitUntil(lambda: "没有正常关闭" in page.messages.text())
        assert f"“{site.name}”" in page.messages.text()
        assert page.messages._action is not None
        QTest.mouseClick(page.messages._action, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page._work is not None and page._work.site.id == site.id)
    with running(qtbot, survey, tmp_path / "home") as program:  # once
        page = page_of(program)
        qtbot.waitUntil(lambda: bool(page.sites._model.sites))
        assert not page.messages.isVisible()
    with Store.open(survey, device=device) as store:
        (draft,) = store.drafts(site.id)
        assert draft.answers["rise"] == 140
        assert draft.answers["present"] == "yes"
        assert store.check() == []
