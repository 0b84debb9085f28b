"""Paper out and in through the real window: sheets as PDF, typed in again by keyboard in the order of the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from barrierfree.app import Program
from barrierfree.gui import notices
from barrierfree.gui.checklist_field import ChecklistField
from barrierfree.gui.paper_dialog import PaperDialog, _codes
from barrierfree.gui.paper_entry import PaperEntry
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.records import Draft
from barrierfree.model.words import Outcome, VisitState
from barrierfree.operations.paper_order import code_text, paper_parts
from barrierfree.operations.surveys import definition_named, next_round
from barrierfree.store import Store
from tests.builders import new_site
from tests.gui import accessibility
from tests.gui.program import running, window_of

STAFF = "01JD0000000000000000000001"
# What the pen wrote, by the number on the sheet; everything else was left empty.
WRITTEN = {
    "1.1": "1", "1.2": "2", "1.4": "1.60",
    "2.1": "1", "2.2": "1:10", "2.3": "140", "2.4": "0.95", "2.5": "1.50", "2.6": "1",
    "3.1": "1", "3.2": "1", "3.3": "920", "3.4": "12", "3.5": "1.60", "3.6": "1.55",
    "4.1": "1", "4.2": "1", "4.3": "2", "4.4": "2",
    "5.1": "1", "5.2": "780", "5.3": "800", "5.4": "680", "5.5": "1.60",
}  # fmt: skip


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "s.gpkg"
    with Store.new(path, definition_named("shuangjing-sample"), device="maker") as store:
        store.add_sites([new_site(k, f"{k}店（示例）") for k in "甲乙丙"], person="p")
        store.name_person("录入员（示例）", STAFF)
        store.name_person("志愿者甲（示例）", "01JD0000000000000000000002")
    return path


@pytest.fixture
def program(qtbot: QtBot, survey: Path, tmp_path: Path) -> Iterator[Program]:
    with running(qtbot, survey, tmp_path / "home", device="maker", person=STAFF, person_name="录入员（示例）") as made:
        yield made
        for dialog in (QApplication.activeModalWidget(), *window_of(made).findChildren(QDialog)):
            if isinstance(dialog, QDialog):
                dialog.reject()


def page_of(program: Program) -> SurveyPage:
    window = window_of(program)
    window.show_page("survey")
    window.activateWindow()
    QTest.qWaitForWindowActive(window)  # keys go to the page again when a dialog has closed
    page = window.page("survey")
    assert isinstance(page, SurveyPage)
    return page


def entry_of(qtbot: QtBot, program: Program) -> PaperEntry:
    """The screen, opened by its keys."""
    page = page_of(program)
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperEntry))
    screen = QApplication.activeModalWidget()
    assert isinstance(screen, PaperEntry)
    qtbot.waitUntil(lambda: len(screen._people) >= 2 and screen.isActiveWindow())
    return screen


class Hands:
    """Types at whatever has the focus, as a person does, and counts the keys."""

    def __init__(self, screen: PaperEntry) -> None:
        self.screen = screen
        self.count = 0

    def at(self) -> QWidget:
        widget = self.screen.focusWidget()
        assert widget is not None
        return widget

    def field(self) -> ChecklistField:
        widget: QWidget | None = self.at()
        while widget is not None and not isinstance(widget, ChecklistField):
            widget = widget.parentWidget()
        assert widget is not None
        return widget

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.at(), key, modifiers)
        self.count += 1

    def type(self, text: str) -> None:
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(self.at(), letter)
            else:  # as an input method hands it over
                composed = QInputMethodEvent()
                composed.setCommitString(letter)
                QApplication.sendEvent(self.at(), composed)
            self.count += 1

    def line(self, text: str) -> None:
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def submit(self, qtbot: QtBot) -> None:
        with qtbot.waitSignal(self.screen.submit_button.clicked):  # a button lets its shortcut be seen for 100 ms
            self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def code_of(survey: Path, at: int = 0) -> str:
    with Store.open(survey, read_only=True) as store:
        return store.sites()[at].code


def open_sheet(qtbot: QtBot, hands: Hands, text: str) -> None:
    hands.line(text)
    qtbot.waitUntil(lambda: hands.screen._sheet is not None)


def text_of(pdf: Path) -> list[str]:
    document = QPdfDocument()
    assert document.load(str(pdf)) == QPdfDocument.Error.None_
    texts = [document.getAllText(at).text() for at in range(document.pageCount())]
    document.close()
    return texts


@pytest.mark.slow
def test_printed_and_typed_in_in_the_printed_order(
    qtbot: QtBot, program: Program, survey: Path, tmp_path: Path
) -> None:
    page, code = page_of(program), code_of(survey)
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PaperDialog)
    assert dialog.which.value() == "listed"
    pdf = tmp_path / "表.pdf"
    dialog.print_to(pdf)
    qtbot.waitUntil(lambda: "3 份检查表已保存" in page.messages.text(), timeout=60_000)
    texts = text_of(pdf)
    assert len(texts) == 6
    assert [re.findall(r"第 (\d) / (\d) 页", t) for t in texts] == [[("1", "2")], [("2", "2")]] * 3
    assert all(code in t for t in texts[:2])
    assert all("示例" in t for t in texts)
    printed = re.findall(r"^(\d\.\d+) ", "\n".join(texts[:2]), re.MULTILINE)
    assert set(WRITTEN) <= set(printed)
    hands = Hands(entry_of(qtbot, program))
    open_sheet(qtbot, hands, code[-4:])
    day = date.today() - timedelta(days=2)
    assert hands.field() is hands.screen.head.person
    hands.line("志愿者甲（示例）")
    hands.line(day.strftime("%m%d"))
    for _ in range(3):
        hands.press(Qt.Key.Key_Return)
    hands.count = 0
    for number in (n for n in printed if n in WRITTEN):
        field = hands.field()
        assert field._label.text().split("　")[0] == number
        hands.type(WRITTEN[number])
        if field.line is not None:
            hands.press(Qt.Key.Key_Return)
    print("keys for the core questions", hands.count)
    hands.submit(qtbot)
    qtbot.waitUntil(lambda: "已录入" in hands.screen.messages.text())
    assert re.search(r"（\d+ 个问题）", hands.screen.messages.text())
    assert hands.at() is hands.screen.code
    assert len(hands.screen.list.model.records) == 1
    with Store.open(survey, read_only=True) as store:
        (visit,) = store.visits()
        assert (visit.person_name, visit.entered_by, visit.source) == ("志愿者甲（示例）", "录入员（示例）", "paper")
        assert visit.outcome is Outcome.DONE
        assert visit.ended.startswith(day.isoformat())
        site = store.site(code)
        parts = paper_parts(store.definition(), site, store.checkpoints(site.id))
        made = {i.element: i.answers for i in store.inspections(visit=visit.id)}
        stored = {}
        for part in parts:
            for name, number in part.numbers().items():
                value = made[part.element.code].get(name)
                question = part.element.question(name)
                assert question is not None
                if value is None:
                    continue
                if question.choices:
                    value = str([c.name for c in question.choices].index(value) + 1)
                stored[number] = value["entered"] if isinstance(value, dict) else value
        assert {n: str(v) if isinstance(v, str) else float(v) for n, v in stored.items()} == {
            n: v if isinstance(stored[n], str) else float(v) for n, v in WRITTEN.items()
        }
        assert store.drafts() == []
        assert store.check() == []


def _says(bar: notices.MessageBar, words: str) -> bool:
    return words in bar.text()


def test_wrong_input_is_refused_in_words(qtbot: QtBot, program: Program, survey: Path, tmp_path: Path) -> None:
    with Store.open(survey, read_only=True) as store:
        site = store.sites()[0]
        parts = paper_parts(store.definition(), site, store.checkpoints(site.id))
    made, _ = next_round(tmp_path / "next.gpkg", survey, device="maker")
    with made:
        foreign = code_text(made, made.sites()[0], parts, full=False)
    hands = Hands(entry_of(qtbot, program))
    said = hands.screen.messages
    for wrong, words in (("99999", "“99999”"), ("LS0", "“LS0”"), (foreign, "另一次普查"), ("BF9 X Y", "读不懂")):
        hands.line(wrong)
        qtbot.waitUntil(partial(_says, said, words))
        assert hands.at() is hands.screen.code
        assert hands.screen._sheet is None
    open_sheet(qtbot, hands, site.code)
    hands.line("新来的（示例）")
    assert "名单里没有" in hands.screen.head.person._verdicts[0][1]
    future = date.today() + timedelta(days=3)
    for wrong in (future.isoformat(), "13-45", "昨天"):
        hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        hands.line(wrong)
        assert hands.field() is hands.screen.head.day, wrong
        assert hands.field()._verdicts
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.line(date.today().isoformat())
    hands.line("25:70")
    assert hands.field() is hands.screen.head.clock
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.press(Qt.Key.Key_Delete)
    for _ in range(3):
        hands.press(Qt.Key.Key_Return)
    assert hands.field().question.name == "present"
    hands.type("7")
    assert "请按 1 到 3" in hands.field()._verdicts[0][1]
    hands.type("1")
    hands.type("2")
    field = hands.field()
    hands.line("abc")
    assert hands.field() is field
    assert "abc" in field._verdicts[0][1]
    hands.submit(qtbot)
    assert hands.field() is field, "submitting comes back to it"
    hands.press(Qt.Key.Key_Up)
    assert hands.field().question.name == "form"
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.line("16")
    assert hands.field() is field, "an unusual value is asked about once"
    hands.press(Qt.Key.Key_Return)
    assert hands.field() is not field
    with Store.open(survey, read_only=True) as store:
        assert store.visits() == []


def test_digits_scanner_drafts_and_what_waits(qtbot: QtBot, program: Program, survey: Path) -> None:
    with Store.open(survey, device="maker") as store:
        sites = store.sites()
        parts = paper_parts(store.definition(), sites[1], store.checkpoints(sites[1].id))
        scanned = code_text(store, sites[1], parts, full=True)
        store.save_draft(
            Draft(site=sites[1].id, element="door", number=1, person=STAFF, answers={"present": "yes", "glass": "no"})
        )
    hands = Hands(entry_of(qtbot, program))
    hands.line("0")
    qtbot.waitUntil(lambda: hands.screen.messages.text() != "")
    hands.screen.code.clear()
    hands.line(scanned)
    qtbot.waitUntil(lambda: "草稿（门）" in hands.screen.messages.text())
    assert hands.screen._sheet is None, "said before"
    hands.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: hands.screen._sheet is not None)
    assert hands.screen._full, "the code says that all questions were printed"
    door = next(p for p in hands.screen._parts if p.part.element.code == "door")
    assert door.answers() == {"present": "yes", "glass": "no"}
    hands.line("志愿者甲（示例）")
    hands.line(date.today().isoformat())
    hands.press(Qt.Key.Key_Return)
    hands.type("2")
    hands.press(Qt.Key.Key_Return)
    hands.type("1")
    qtbot.waitUntil(lambda: not hands.screen._dirty)
    hands.submit(qtbot)
    qtbot.waitUntil(lambda: "已录入" in hands.screen.messages.text())
    with Store.open(survey, read_only=True) as store:
        (visit,) = store.visits(site=sites[1].id)
        assert visit.outcome is Outcome.PARTLY
        kept = {i.element: i.answers for i in store.inspections(visit=visit.id)}
        assert kept["door"] == {"present": "yes", "glass": "no"}
        assert visit.state is VisitState.SUBMITTED
    hands.line(sites[1].code)
    qtbot.waitUntil(lambda: "等待审核" in hands.screen.messages.text() and "再录入" in hands.screen.messages.text())
    hands.screen.code.clear()
    open_sheet(qtbot, hands, sites[2].code)
    assert hands.field().question.name == "present", "who and when are carried over"
    hands.type("1")
    with Store.open(survey, device="maker", read_only=True) as store:
        qtbot.waitUntil(lambda: [d.site for d in store.drafts()] == [sites[2].id])


def test_a_closed_site_needs_a_reason(qtbot: QtBot, program: Program, survey: Path) -> None:
    hands = Hands(entry_of(qtbot, program))
    open_sheet(qtbot, hands, code_of(survey))
    hands.submit(qtbot)
    assert hands.field() is hands.screen.head.person
    hands.line("新来的（示例）")
    hands.line(date.today().isoformat())
    hands.submit(qtbot)
    assert hands.field() is hands.screen.head.outcome
    hands.type("3")
    assert hands.field() is hands.screen.head.reason
    hands.submit(qtbot)
    assert "原因" in hands.field()._verdicts[0][1]
    hands.type("装修")
    hands.submit(qtbot)
    qtbot.waitUntil(lambda: "已录入" in hands.screen.messages.text())
    with Store.open(survey, read_only=True) as store:
        (visit,) = store.visits()
        assert (visit.outcome, visit.reason, visit.person_name) == (Outcome.CLOSED, "装修", "新来的（示例）")


def test_clearing_a_sheet_asks_first(
    qtbot: QtBot, program: Program, survey: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(entry_of(qtbot, program))
    open_sheet(qtbot, hands, code_of(survey))
    hands.line("志愿者甲（示例）")
    hands.line(date.today().isoformat())
    for _ in range(3):
        hands.press(Qt.Key.Key_Return)
    hands.type("1")
    monkeypatch.setattr(notices, "ask", lambda *_a, **_k: True)
    hands.screen.discard()
    assert not any(p.raw_answers() for p in hands.screen._parts)
    with Store.open(survey, device="maker", read_only=True) as store:
        qtbot.waitUntil(lambda: store.drafts() == [])


def test_accessible(qtbot: QtBot, program: Program, survey: Path) -> None:
    hands = Hands(entry_of(qtbot, program))
    open_sheet(qtbot, hands, code_of(survey))
    assert accessibility.faults(hands.screen) == []
    hands.screen.reject()
    page = page_of(program)
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert accessibility.faults(dialog) == []


@pytest.mark.slow
def test_printing_can_be_given_up(qtbot: QtBot, program: Program, survey: Path, tmp_path: Path) -> None:
    page = page_of(program)
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PaperDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PaperDialog)
    qtbot.waitUntil(lambda: dialog.count.text() == "3 个点位")
    dialog.print_to(tmp_path / "never.pdf")
    qtbot.waitUntil(lambda: dialog._printer is not None, timeout=20_000)
    dialog.reject()
    again = entry_of(qtbot, program)
    again.reject()
    assert page.messages.text() == ""
    assert not (tmp_path / "never.pdf").exists()


@pytest.mark.parametrize("text", ["A1 B2", "A1，B2", " A1、B2；", "A1,  B2"])
def test_codes_may_stand_between_whatever_commas_people_type(text: str) -> None:
    assert _codes(text) == ["A1", "B2"]
