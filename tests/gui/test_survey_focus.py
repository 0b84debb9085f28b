"""Where the keyboard is at the survey page: nothing takes the focus away, and Tab follows the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QLabel, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.survey_page import SurveyPage
from tests.gui.pages import Desk
from tests.gui.test_survey_flow import NAMES, desk, dialog_of, go, shown

__all__ = ["desk"]
Key = Qt.Key


class _Windows(QObject):
    """Remembers what was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and not isinstance(watched, (QDialog, SurveyPage)):
            assert isinstance(watched, QWidget)
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@contextmanager
def windows() -> Iterator[_Windows]:
    watch, application = _Windows(), QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        yield watch
    finally:
        application.removeEventFilter(watch)


def test_no_part_of_the_page_flashes_up_as_a_window(desk: Desk) -> None:
    with windows() as watch:
        page = desk.show(SurveyPage(desk.context))
        for element in ("entrance", "ramp", "door", "sign", "counter"):
            page.open_site(desk.site(NAMES[0]))
            desk.settle()
            assert page._work is not None
            codes = [c.element for c in page._work.checkpoints]
            page.tabs.setCurrentIndex(next((i for i, c in enumerate(codes) if element in c), 0))
        page.form.go_to()
        desk.press(_focus(), Key.Key_1)
        page.submit()
        dialog = dialog_of(desk, SubmitDialog)
        dialog.reject()
        desk.settle()
    assert watch.seen == []


def _focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _in(widget: QWidget, parent: QWidget) -> bool:
    return widget is parent or parent.isAncestorOf(widget)


def test_tab_goes_from_the_checkpoints_through_the_form_to_the_buttons_below(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    page.form.go_to("present")
    desk.press(_focus(), Key.Key_1)
    page.tabs.setFocus()
    passed = []
    for _ in range(40):
        QTest.keyClick(_focus(), Key.Key_Tab)
        at = _focus()
        if not _in(at, page.form):
            break
        field = page.form.field_in_hand()
        passed.append(field.question.name if field else "")
    shown_fields = [f.question.name for f in page.form.shown_fields()]
    assert [name for name in dict.fromkeys(passed) if name] == shown_fields
    assert isinstance(at, Button)
    assert at is page._next


def test_enter_on_another_site_puts_the_cursor_into_its_form(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    page.sites.search.setFocus()
    desk.press(_focus(), Key.Key_Down)
    page.sites.opened.emit(page.sites._model.sites[1])  # as a double click does on a site that is not read yet
    desk.settle()
    assert page._work is not None
    assert page._work.site.name == shown(page)[1]
    assert _in(_focus(), page.form)


def test_after_submitting_enter_goes_on_to_the_next_form(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    page.form.go_to("present")
    desk.press(_focus(), Key.Key_1)
    page.submit()
    dialog = dialog_of(desk, SubmitDialog)
    desk.press(dialog.confirm, Key.Key_Return)
    page.window().activateWindow()
    desk.qtbot.waitUntil(page.window().isActiveWindow)
    assert _focus() is page.messages._action
    desk.press(_focus(), Key.Key_Space)
    assert page._work is not None
    assert page._work.site.name != NAMES[0]
    assert _in(_focus(), page.form)


def test_a_second_door_is_proposed_at_the_door_and_gone_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    asked = []

    def answer(_parent: object, _title: str, _label: str, names: list[str], at: int, _editable: bool) -> object:
        asked.append(names[at])
        return names[at], True

    monkeypatch.setattr(QInputDialog, "getItem", answer)
    page.add_checkpoint()
    desk.settle()
    assert asked == [desk.context.element_name("door", 1)]
    current = page._current()
    assert current is not None
    assert (current.element, current.number) == ("door", 2)
    assert isinstance(page.form.field_in_hand().choice, ChoiceButtons)  # type: ignore[union-attr]


def test_what_is_not_understood_says_how_to_write_it(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    page.form.go_to("present")
    desk.press(_focus(), Key.Key_1)
    field = page.form._fields["clear_width"]
    field.go()
    QTest.keyClicks(_focus(), "1.2foo")
    assert "foo" in field.fault
    assert "cm" in field.fault
    field.line.clear()  # type: ignore[union-attr]
    QTest.keyClicks(_focus(), "abc")
    assert "0.95" in field.fault
    said = [text for _key, text in field._verdicts]
    assert said == [field.fault]


def test_several_limits_of_a_question_say_what_they_are_for(desk: Desk) -> None:
    page = desk.show(SurveyPage(desk.context))
    go(desk, page, NAMES[0], "door")
    field = page.form._fields["clear_width"]
    rules = [r for r in desk.context.survey.definition.checklist.rules_for("door") if r.question == "clear_width"]
    texts = [label.text() for label in field.findChildren(QLabel)]
    for rule in rules[1:3]:
        assert any(text.startswith(rule.label.in_language("zh_CN")) for text in texts)
