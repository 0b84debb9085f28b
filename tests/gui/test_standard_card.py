"""The card of what the standard asks follows the question in hand, and lists whose requirements one chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from barrierfree.app import Program
from barrierfree.gui.drawing_view import DrawingView
from barrierfree.gui.labels import SymbolLabel
from barrierfree.gui.standard_card import StandardCard
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.words import VerdictKind
from barrierfree.operations.surveys import definition_named, new_survey
from barrierfree.settings import Settings
from tests.builders import new_site
from tests.gui.program import running, window_of


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    path = tmp_path / "普查.gpkg"
    with new_survey(path, definition_named("shuangjing-sample"), device="maker") as store:
        store.add_sites([new_site("a")], person="p")
    with running(qtbot, path, tmp_path / "home", person="p", person_name="p") as made:
        yield made


def at_the_ramp(qtbot: QtBot, program: Program) -> SurveyPage:
    """The survey page with the ramp in hand and the first answer given; the focus is on it."""
    window = window_of(program)
    window.show_page("survey")
    page = window.page("survey")
    assert isinstance(page, SurveyPage)
    window.activateWindow()
    qtbot.waitUntil(lambda: bool(page.sites._model.sites) and window.isActiveWindow())
    page.open_site(page.sites._model.sites[0].id)
    qtbot.waitUntil(lambda: page._work is not None)
    assert page._work is not None
    page.tabs.setCurrentIndex([c.element for c in page._work.checkpoints].index("wheelchair_ramp"))
    page.form.go_to("present")
    press(Qt.Key.Key_1)
    qtbot.waitUntil(lambda: "坡道坡度" in [f._label.text() for f in page.form._fields.values() if f.isVisible()])
    return page


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def drawn(card: StandardCard) -> str:
    view = card._scroll.findChild(DrawingView)
    return view.drawing.file if view is not None else ""


def listed(card: StandardCard) -> list[str]:
    inner = card._scroll.widget()
    assert inner is not None
    return [s.text() for s in inner.findChildren(SymbolLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)]


def test_the_drawing_follows_the_keyboard(qtbot: QtBot, program: Program) -> None:
    page = at_the_ramp(qtbot, program)
    card = page.standard
    assert not drawn(card), "a choice is not measured"
    press(Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: drawn(card) == "wheelchair_ramp.slope.svg")
    field = QApplication.focusWidget()
    assert field is not None
    assert page.form._fields["slope"].isAncestorOf(field), "the focus stays in the form"
    assert listed(card)[:2] == ["纵向坡度", "场地受限且高差不大于 150 mm 时的坡度"]
    view = card._scroll.findChild(DrawingView)
    assert view is not None
    assert view.accessibleDescription() in [t.text() for t in card.findChildren(QLabel)]
    QTest.keyClicks(field, "1:10")
    assert drawn(card) == "wheelchair_ramp.slope.svg"
    assert card.summary.text().startswith("全部人群：1 项不达标")
    press(Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: drawn(card) == "wheelchair_ramp.rise.svg")
    card.groups.setFocus()
    qtbot.wait_until(lambda: page.form._in_hand == "")
    assert drawn(card) == "wheelchair_ramp.rise.svg", "it stays while one reads the card"
    page.sites.search.setFocus()
    qtbot.waitUntil(lambda: not drawn(card))
    told = [v for v in page.form.verdicts if v.kind is not VerdictKind.NOT_APPLICABLE]
    assert len(listed(card)) == len(told), "the whole list again"


def test_the_drawing_is_there_when_columns_are_tabs(qtbot: QtBot, program: Program) -> None:
    page = at_the_ramp(qtbot, program)
    window_of(program).resize(1000, 700)
    qtbot.waitUntil(lambda: page.columns.tabbed)
    page.columns.show_pane("form")
    QApplication.processEvents()  # the columns give the focus back to where it was
    page.form.go_to("clear_width")
    qtbot.waitUntil(lambda: drawn(page.standard) == "wheelchair_ramp.clear_width.svg")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(page.standard.isVisible)
    qtbot.waitUntil(lambda: not page.form._look.isActive())
    assert drawn(page.standard) == "wheelchair_ramp.clear_width.svg"


def test_the_list_of_one_group_by_keyboard(qtbot: QtBot, program: Program) -> None:
    page = at_the_ramp(qtbot, program)
    card = page.standard
    everybody = listed(card)
    card.groups.setFocus()

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert menu is not None
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(menu, key)

    QTimer.singleShot(0, choose)
    QTest.keyClick(card.groups, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.group == "walking_aid")
    assert card.groups.text() == "助行"
    assert card.summary.text().startswith("助行器使用者：")
    checklist = page._context.survey.definition.checklist
    wanted = {r.label.zh for r in checklist.rules_for("wheelchair_ramp") if "walking_aid" in r.concerns}
    assert set(listed(card)) == wanted & set(everybody)
    assert set(listed(card)) != set(everybody)
    assert page._work is not None
    page.tabs.setCurrentIndex([c.element for c in page._work.checkpoints].index("door"))
    assert card.group == "walking_aid", "the next checkpoint is seen with the same eyes"
    assert Settings(page._context.settings._file.parent).choices.concerns == "walking_aid"
