"""Fills the checklist of a fictitious shop by keys alone and counts them; prints the counts as JSON.

Counted is every key but digits, from the first question to the visit that is submitted; a key held down together
with another one (Ctrl, Shift) counts too. Nothing is filled in beforehand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.definition import Question

Until = Callable[[Callable[[], bool]], None]
ELEMENTS = ("accessible_entrance", "wheelchair_ramp", "door", "signage", "low_counter")
# What the volunteer finds, by element: the number of a choice, or what is typed. Questions without one are answered
# with their first choice, or with a plausible measure.
SHOP: dict[str, dict[str, str]] = {
    "accessible_entrance": {"form": "2", "platform_depth": "1.2"},
    "wheelchair_ramp": {"slope": "1:10", "rise": "160", "clear_width": "0.95", "landing_length": "1.3", "run": "1.6"},
    "door": {"clear_width": "850", "threshold": "20", "turning_outside": "1.4", "turning_inside": "1.6"},
    "signage": {"visible": "2", "condition": "2"},
    "low_counter": {"height": "900", "knee_width": "600", "knee_height": "500", "turning_space": "1.4"},
}


class Presses:
    """Presses keys in the widget that has the focus, and counts."""

    def __init__(self) -> None:
        self.digits = 0
        self.others = 0
        self.answers: dict[str, dict[str, str]] = {}

    def key(self, key: Qt.Key, *, control: bool = False) -> None:
        """One key, with Ctrl held down or not."""
        focus = QApplication.focusWidget()
        assert focus is not None
        self.others += 1 + control
        QTest.keyClick(focus, key, Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """A measure or the number of a choice."""
        for character in text:
            focus = QApplication.focusWidget()
            assert focus is not None
            self.digits += character.isdigit()
            self.others += 0 if character.isdigit() else 2 if character == ":" else 1  # the colon takes Shift
            QTest.keyClicks(focus, character)
        QApplication.processEvents()


def fill_site(page: SurveyPage, until: Until, *, full: bool) -> Presses:
    """Fill the elements of the shop that is open, beginning at its first question, and submit the visit."""
    presses = Presses()
    page.window().activateWindow()
    page.form.go_to()
    until(lambda: page.form.field_in_hand() is not None)
    if full:
        presses.key(Qt.Key.Key_L, control=True)
    for at, element in enumerate(ELEMENTS):
        assert page.tabs.currentIndex() == at
        _fill_element(page, presses, element)
        presses.key(Qt.Key.Key_Return, control=True)
    until(lambda: isinstance(QApplication.activeModalWidget(), SubmitDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SubmitDialog)
    dialog.activateWindow()  # the offscreen platform gives the keyboard to nobody
    until(lambda: (focus := QApplication.focusWidget()) is not None and dialog.isAncestorOf(focus))
    presses.key(Qt.Key.Key_Return, control=True)
    until(lambda: QApplication.activeModalWidget() is None)
    return presses


def _fill_element(page: SurveyPage, presses: Presses, element: str) -> None:
    """Answer every question on show in turn; what comes up by an answer is answered too."""
    answered = presses.answers.setdefault(element, {})
    field = page.form.field_in_hand()
    while field is not None:
        question: Question = field.question
        text = SHOP[element].get(question.name) or _answer(question)
        presses.type(text)
        answered[question.name] = text
        shown = [f for f in page.form.shown_fields() if f.question.kind != "note"]
        if shown.index(field) + 1 == len(shown):
            return
        presses.key(Qt.Key.Key_Tab)
        following = page.form.field_in_hand()
        assert following is shown[shown.index(field) + 1], f"Tab left {question.name} for something else"
        field = following


def _answer(question: Question) -> str:
    if question.choices:
        return "1"
    if question.quantity == "slope":
        return "1:60"
    assert question.soft_min is not None
    assert question.soft_max is not None
    middle = (question.soft_min + question.soft_max) / 2  # of what is usual
    return f"{middle:.1f}" if question.unit == "m" else f"{middle:.0f}"


def _is_open(page: SurveyPage, site: str) -> bool:
    return page._work is not None and page._work.site.id == site


def main(survey: str) -> None:
    """Count for the core questions and for all of them, at two shops of the sample."""
    from benchmarks.children.program import opened, until

    program, window = opened(survey)
    program.settings.change(person="bench", person_name="bench")
    window.show_page("survey")
    page = window.page("survey")
    assert isinstance(page, SurveyPage)
    until(lambda: bool(page.sites._model.sites))
    shops = [s for s in page.sites._model.sites if s.site_class == "storefront" and s.status == "not_surveyed"]
    counts = {}
    for name, shop in (("core", shops[0]), ("full", shops[1])):
        page.open_site(shop.id)
        until(partial(_is_open, page, shop.id))
        presses = fill_site(page, until, full=name == "full")
        counts[name] = {
            "others": presses.others, "digits": presses.digits,
            "questions": sum(len(a) for a in presses.answers.values()),
        }  # fmt: skip
    program.close()
    print(json.dumps(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
