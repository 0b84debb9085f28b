from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from barrierfree.gui.labels import MarkedText
from barrierfree.gui.review_page import ReturnDialog, ReviewPage
from barrierfree.gui.theme import apply_theme
from barrierfree.model.definition import Question, Text
from barrierfree.model.records import NewInspection
from barrierfree.model.words import FindingState, Outcome, VisitState
from barrierfree.operations.answer_words import answer_text
from barrierfree.store import Submitted
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
Key = Qt.Key


def _door() -> NewInspection:
    return NewInspection(element="door", answers={"present": "yes"}, verdicts=())


def _submit(desk: Desk, *inspections: NewInspection, site: str = "幸福", person: str = "anna") -> Submitted:
    where = desk.site(site)
    return desk.do(lambda store: store.submit_visit(visit(where, *inspections), person=person))


def _state(desk: Desk, made: Submitted) -> VisitState:
    return desk.ask(lambda store: store.visit(made.visit).state)


def _texts(widget: QWidget) -> str:
    """Everything that can be read below ``widget``."""
    return "\n".join(text.text() for text in widget.findChildren(QLabel) if text.isVisibleTo(widget))


def _dialog(page: ReviewPage) -> ReturnDialog:
    return next(d for d in page.findChildren(ReturnDialog) if d.isVisible())


def test_the_oldest_visit_is_in_hand_with_what_misses_a_limit(desk: Desk) -> None:
    _submit(desk, inspection(0.95), _door())
    _submit(desk, inspection(1.25), site="光环", person="ben")
    page = desk.show(ReviewPage(desk.context))
    assert page.detail.hand is not None
    assert page.detail.hand.site.name == "幸福便利店（示例）"
    text = _texts(page.detail)
    for part in (
        "轮椅坡道",
        "净宽 0.95 m，小于 1.20 m（GB 55019-2021 2.3.2，强制），与现行标准不符",
        "anna",
        "上报问题",
    ):
        assert part in text
    assert page.chips.buttons["pending"].text() == "待审核 2"
    assert faults(page) == []


def test_met_limits_are_shown_when_asked_for(desk: Desk) -> None:
    _submit(desk, inspection(1.25))
    page = desk.show(ReviewPage(desk.context))
    block = page.detail.blocks[0]
    assert not [t for t in block.findChildren(MarkedText) if t.isVisibleTo(block)]
    desk.click(page.detail.all_button)
    assert [t.text() for t in block.findChildren(MarkedText) if t.isVisibleTo(block)] == [
        "净宽 1.25 m，不小于 1.20 m（GB 55019-2021 2.3.2，强制），符合现行标准"
    ]


def test_ctrl_enter_accepts_and_goes_on_with_the_next(desk: Desk) -> None:
    first = _submit(desk, inspection(0.95))
    _submit(desk, inspection(1.25), site="光环")
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.table.view, Key.Key_Return, control=True)
    assert _state(desk, first) is VisitState.ACCEPTED
    assert desk.ask(lambda store: store.finding(first.findings[0]).state) is FindingState.OPEN
    assert page.detail.hand is not None
    assert page.detail.hand.site.name == "光环药房（示例）"
    assert page.messages.text() == "“幸福便利店（示例）”的走访已通过。"
    desk.press(page.table.view, Key.Key_Return, control=True)
    assert page.detail.hand is None
    assert "没有待审核的走访" in _texts(page.table)


def test_a_visit_is_returned_with_a_reason_and_not_without(desk: Desk) -> None:
    made = _submit(desk, inspection(0.95))
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.table.view, Key.Key_R, control=True)
    dialog = _dialog(page)
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    assert "退回需要写明原因。" in dialog.fault.text()
    assert _state(desk, made) is VisitState.SUBMITTED
    QTest.keyClicks(dialog.reason, "1.20 m? ")
    desk.click(dialog.phrases[1])
    desk.press(dialog, Key.Key_Return, control=True)
    assert not page.findChildren(ReturnDialog)
    assert _state(desk, made) is VisitState.RETURNED
    assert desk.ask(lambda store: store.visit(made.visit).review_reason) == "1.20 m? 尺寸请复测。"
    desk.click(page.chips.buttons["returned"])
    assert "已退回，审核人 staff：1.20 m? 尺寸请复测。" in _texts(page.detail)
    assert page.detail.accept_button.isHidden()


def test_one_inspection_is_returned_the_others_are_accepted(desk: Desk) -> None:
    made = _submit(desk, inspection(0.95), _door())
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.detail.blocks[0].box, Key.Key_Space)
    assert page.detail.return_button.text() == "退回 1 条…"
    desk.press(page.table.view, Key.Key_Return, control=True)
    assert "勾选" in page.messages.text(), "accepting what is ticked to be returned is asked about"
    desk.press(page.table.view, Key.Key_R, control=True)
    dialog = _dialog(page)
    dialog.reason.setPlainText("请重新量净宽")
    desk.click(dialog.confirm)
    assert _state(desk, made) is VisitState.PARTLY_RETURNED
    states = desk.ask(lambda store: {i.element: i.state for i in store.inspections(visit=made.visit)})
    assert states == {"wheelchair_ramp": VisitState.RETURNED, "door": VisitState.ACCEPTED}


def test_a_resubmission_shows_what_it_answers(desk: Desk) -> None:
    first = _submit(desk, inspection(0.95))
    desk.do(lambda store: store.review_visit(first.visit, accept=False, person="staff", reason="净宽请复测"))
    again = inspection(1.25).model_copy(update={"replaces": first.inspections[0]})
    _submit(desk, again)
    page = desk.show(ReviewPage(desk.context))
    text = _texts(page.detail)
    assert "退回原因：净宽请复测（staff）" in text
    assert "改动：净宽 0.95 m → 1.25 m" in text


def test_a_visit_without_inspections_says_why(desk: Desk) -> None:
    site = desk.site()
    closed = visit(site, outcome=Outcome.CLOSED, reason="正在装修")
    desk.do(lambda store: store.submit_visit(closed, person="anna"))
    page = desk.show(ReviewPage(desk.context))
    assert "结果：未开放（正在装修）" in _texts(page.detail)
    assert page.detail.all_button.isHidden()


def test_the_empty_queue_says_what_to_do(desk: Desk) -> None:
    page = desk.show(ReviewPage(desk.context))
    assert "没有待审核的走访" in _texts(page.table)
    assert "请选择一次走访" in _texts(page.detail)
    page.accept_visit()
    page.ask_return()
    assert not page.findChildren(ReturnDialog)


def test_other_pages_can_ask_for_a_visit(desk: Desk) -> None:
    made = _submit(desk, inspection(0.95))
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))
    page = desk.show(ReviewPage(desk.context))
    page.show_target(made.visit)
    desk.settle()
    assert page.detail.hand is not None
    assert page.detail.hand.visit.id == made.visit
    desk.click(page.detail.site_button)
    assert desk.went == [("survey", desk.site())]
    page.show_target("pending")
    desk.settle()
    assert page.detail.hand is None


def test_nothing_is_decided_by_nobody(desk: Desk) -> None:
    made = _submit(desk, inspection(0.95))
    desk.work_as("")
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.table.view, Key.Key_Return, control=True)
    assert _state(desk, made) is VisitState.SUBMITTED


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_has_a_name_at_every_text_size(desk: Desk, qapp: QApplication, scale: float) -> None:
    _submit(desk, inspection(0.95), _door())
    page = desk.show(ReviewPage(desk.context))
    apply_theme(qapp, "light", scale)
    desk.settle()
    assert faults(page) == []
    apply_theme(qapp, "light", 1.0)


@pytest.mark.parametrize(
    ("kind", "quantity", "unit", "value", "text"),
    [
        ("decimal", "slope", "", {"entered": "1:12", "ratio": 1 / 12}, "1:12"),
        ("decimal", "slope", "", {"entered": "140/1680", "ratio": 1 / 12}, "140/1680（1:12）"),
        ("decimal", "length_m", "m", 1.195, "1.195 m"),
        ("integer", "length_mm", "mm", 850, "850 mm"),
        ("text", "", "", "贴着墙", "贴着墙"),
        ("acknowledge", "", "", "OK", "是"),
    ],
)
def test_answers_in_words(kind: str, quantity: str, unit: str, value: object, text: str) -> None:
    question = Question(name="q", kind=kind, label=Text(zh="问"), quantity=quantity, unit=unit)
    assert answer_text(question, value) == text
