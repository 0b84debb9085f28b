from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.gui.step_dialog import BulkDialog, StepDialog
from barrierfree.gui.theme import apply_theme
from barrierfree.model.records import Finding, NewInspection, ReportedProblem, StepRequest
from barrierfree.model.words import FindingState, Problem
from barrierfree.store import FindingFilter
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
Key = Qt.Key
State = FindingState


def _found(desk: Desk, site: str = "幸福", *, accept: bool = True) -> str:
    """A ramp that is too narrow, reported by anna; the id of the finding."""
    where = desk.site(site)
    made = desk.do(lambda store: store.submit_visit(visit(where, inspection(0.95)), person="anna"))
    if accept:
        desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))
    return made.findings[0]


def _finding(desk: Desk, finding: str) -> Finding:
    return desk.ask(lambda store: store.finding(finding))


def _step(desk: Desk, finding: str, to: FindingState, **fields: str) -> None:
    request = StepRequest.model_validate({"to": to, **fields})
    desk.do(lambda store: store.record_step(finding, request, person="staff"))


def _reinspect(desk: Desk, width: float, person: str) -> None:
    where = desk.site()
    made = desk.do(lambda store: store.submit_visit(visit(where, inspection(width)), person=person))
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))


def _texts(widget: QWidget) -> str:
    return "\n".join(text.text() for text in widget.findChildren(QLabel) if text.isVisibleTo(widget))


def _open(page: QWidget) -> StepDialog:
    return next(d for d in page.findChildren(StepDialog) if d.isVisible())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "after.jpg"
    Image.new("RGB", (640, 480), "#3377aa").save(path)
    return path


def test_the_ledger_and_the_finding_in_hand(desk: Desk) -> None:
    _found(desk)
    page = desk.show(RectificationPage(desk.context))
    row = [page.table.model.data(page.table.model.index(0, column)) for column in range(7)]
    assert row == ["未整改", "幸福便利店（示例）", "垂杨柳东里", "轮椅坡道", "尺寸不达标", "—", "—"]
    text = _texts(page.detail)
    for part in (
        "幸福便利店（示例） · 轮椅坡道", "净宽 0.95 m，小于 1.20 m（GB 55019-2021 2.3.2，强制），与现行标准不符",
        "申请验收前需要", "走访通过审核", "检查发现", "03-02 anna",
    ):  # fmt: skip
        assert part in text
    assert list(page.detail.step_buttons) == [State.IN_PROGRESS, State.CLAIMED, State.TRANSFERRED]
    assert page.detail.step_buttons[State.IN_PROGRESS].property("kind") == "primary"
    assert faults(page) == []


def test_the_whole_way_to_closure(desk: Desk, picture: Path) -> None:
    finding = _found(desk)
    page = desk.show(RectificationPage(desk.context))
    # open -> in progress, by the key of the usual step
    desk.press(page.table.view, Key.Key_Return, control=True)
    dialog = _open(page)
    assert faults(dialog) == []
    assert dialog.unit is not None
    assert dialog.deadline is not None
    desk.press(dialog, Key.Key_Return, control=True)
    assert "请填写责任单位。" in dialog.fault.text()
    dialog.unit.setEditText("示例单位三")
    desk.click(dialog.deadline.quick[15])
    desk.press(dialog, Key.Key_Return, control=True)
    held = _finding(desk, finding)
    assert (held.state, held.unit, held.deadline) == (State.IN_PROGRESS, "示例单位三", "2026-03-23")
    assert held.deadline_note == "15 个工作日"
    assert page.messages.text() == "幸福便利店（示例） · 轮椅坡道：交办整改，现在是“整改中”。"
    assert "示例单位三 · 期限 03-23（15 个工作日）" in _texts(page.detail)
    desk.clock.move(days=3)

    # in progress -> claimed: refused without photo, then with one
    desk.click(page.detail.step_buttons[State.CLAIMED])
    dialog = _open(page)
    assert dialog.measure is not None
    assert dialog.photos is not None
    assert dialog.quantity is not None
    dialog.measure.setText("加宽坡道")
    QTest.keyClicks(dialog.quantity, "1x")
    desk.click(dialog.confirm)
    assert "不是数字" in dialog.fault.text()
    dialog.quantity.setText("1")
    desk.click(dialog.confirm)
    assert "至少一张整改后的照片" in dialog.fault.text()
    assert dialog.measure.text() == "加宽坡道", "nothing typed is lost"
    dialog.photos.take([picture])
    desk.settle()
    desk.click(dialog.confirm)
    held = _finding(desk, finding)
    assert (held.state, held.quantity, held.quantity_unit, len(held.photos_after)) == (State.CLAIMED, 1, "处", 1)
    assert desk.context.photo_path(held.photos_after[0]).is_file()
    assert "整改后 03-05" in _texts(page.detail)

    # claimed -> rectified: refused, now and after a re-inspection by the claimer, until another person was there
    closing = page.detail.step_buttons[State.RECTIFIED]
    assert closing.property("kind") == "plain"
    assert "由另一人到现场复检" in _texts(page.detail)
    desk.click(closing)
    dialog = _open(page)
    assert "现在还不能" in dialog.fault.text()
    desk.press(dialog, Key.Key_Return, control=True)
    assert "由另一人到现场复检" in dialog.fault.text()
    desk.press(dialog, Key.Key_Escape)
    desk.clock.move(hours=1)
    _reinspect(desk, 1.25, "staff")
    page.show_target(finding)
    desk.settle()
    assert _finding(desk, finding).state is State.CLAIMED
    assert "复检要由申请验收者以外的人进行。" in _refreshed(desk, page)
    _reinspect(desk, 1.25, "ben")
    assert "复检 03-05 ben" in _refreshed(desk, page)
    assert page.detail.step_buttons[State.RECTIFIED].property("kind") == "primary"
    desk.press(page.table.view, Key.Key_Return, control=True)
    desk.press(_open(page), Key.Key_Return, control=True)
    assert _finding(desk, finding).state is State.RECTIFIED
    assert "现场复检合格" in _texts(page.detail)
    assert page.chips.buttons["closed"].text() == "已关闭 1"


def _refreshed(desk: Desk, page: RectificationPage) -> str:
    """What the detail says after somebody else changed the survey."""
    page._asked = ""
    page.activate()
    desk.settle()
    return _texts(page.detail)


def test_a_reported_finding_waits_for_its_visit(desk: Desk) -> None:
    finding = _found(desk, accept=False)
    page = desk.show(RectificationPage(desk.context))
    assert "发现问题的走访还没有通过审核。" in _texts(page.detail)
    desk.click(page.detail.step_buttons[State.INVALID])
    dialog = _open(page)
    desk.click(dialog.confirm)
    assert "请写明原因" in dialog.fault.text()
    assert dialog.reason is not None
    dialog.reason.setText("量的是隔壁的坡道")
    desk.click(dialog.confirm)
    assert _finding(desk, finding).state is State.INVALID


def test_a_duplicate_is_chosen_from_the_same_site(desk: Desk) -> None:
    where = desk.site()
    occupied = NewInspection(
        element="door", answers={"present": "yes"}, verdicts=(), problems=(ReportedProblem(problem=Problem.OCCUPIED),)
    )
    made = desk.do(lambda store: store.submit_visit(visit(where, inspection(0.95), occupied), person="anna"))
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))
    _found(desk, "光环")
    page = desk.show(RectificationPage(desk.context))
    page.show_target(made.findings[1])
    desk.settle()
    page.ask_step(State.DUPLICATE)
    dialog = _open(page)
    assert dialog.original is not None
    assert [dialog.original.itemText(i) for i in range(dialog.original.count())] == ["轮椅坡道 · 尺寸不达标（未整改）"]
    desk.press(dialog, Key.Key_Return, control=True)
    assert _finding(desk, made.findings[1]).state is State.DUPLICATE
    assert "与“尺寸不达标”重复" in _texts(page.detail)


def test_an_overdue_deadline_is_a_badge_and_can_be_moved(desk: Desk) -> None:
    finding = _found(desk)
    _step(desk, finding, State.IN_PROGRESS, unit="示例单位一", deadline="2026-03-04")
    desk.clock.move(days=6)
    page = desk.show(RectificationPage(desk.context))
    assert page.chips.buttons["overdue"].text() == "超期 1"
    page.show_target("overdue")
    desk.settle()
    assert page._badge(page.table.selected()[0]) == "超期 4 天"
    desk.click(page.detail.step_buttons[State.IN_PROGRESS])
    dialog = _open(page)
    assert dialog.deadline is not None
    assert dialog.reason is not None
    dialog.deadline.edit.setDate(QDate(2026, 3, 5))
    dialog.reason.setText("单位申请延期")
    desk.click(dialog.confirm)
    assert "已经过去" in dialog.fault.text()
    dialog.deadline.edit.setDate(QDate(2026, 4, 1))
    desk.click(dialog.confirm)
    held = _finding(desk, finding)
    assert (held.deadline, held.unit, held.deadline_note) == ("2026-04-01", "示例单位一", "")
    assert page.chips.buttons["overdue"].text() == "超期 0"
    assert "没有超期的问题" in _texts(page.table)


def test_several_are_assigned_at_once_and_the_others_are_named(desk: Desk) -> None:
    one, two = _found(desk), _found(desk, "光环")
    where = desk.site("光环")
    occupied = NewInspection(
        element="door", answers={"present": "yes"}, verdicts=(), problems=(ReportedProblem(problem=Problem.OCCUPIED),)
    )
    waiting = desk.do(lambda store: store.submit_visit(visit(where, occupied), person="anna")).findings[0]
    _step(desk, two, State.IN_PROGRESS, unit="示例单位一", deadline="2026-04-01")
    page = desk.show(RectificationPage(desk.context))
    QTest.keyClick(page.table.view, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert "已选 3 个问题" in _texts(page.detail)
    desk.press(page.table.view, Key.Key_Return, control=True)
    dialog = next(d for d in page.findChildren(BulkDialog) if d.isVisible())
    assert faults(dialog) == []
    desk.click(dialog.confirm)
    assert "请填写责任单位。" in dialog.fault.text()
    dialog.unit.setEditText("示例单位二")
    desk.click(dialog.confirm)
    assert page.messages.text() == "已交办 1 个问题，2 个没有改动。"
    told = _texts(page.messages)
    assert "所选的还有：待核实 1。" in told
    assert "更换责任单位或期限，请写明原因。（光环药房（示例） · 轮椅坡道）" in told
    held = [_finding(desk, f) for f in (one, two, waiting)]
    assert [(f.state, f.unit) for f in held] == [
        (State.IN_PROGRESS, "示例单位二"), (State.IN_PROGRESS, "示例单位一"), (State.REPORTED, ""),
    ]  # fmt: skip


def test_other_pages_can_ask_for_findings(desk: Desk) -> None:
    one, two = _found(desk), _found(desk, "光环")
    page = desk.show(RectificationPage(desk.context))
    page.show_target(FindingFilter(community="富力"))
    desk.settle()
    assert [f.id for f in page.table.model.records] == [two]
    assert page.chips.buttons["asked"].text() == "富力 1"
    assert page.chips.buttons["asked"].isVisible()
    for target, chip in (
        (FindingFilter(), "all"), ("claimed", "claimed"), (FindingFilter(overdue_on="2026-03-02"), "overdue"),
        (FindingFilter(states=(State.CLAIMED,)), "claimed"),
    ):  # fmt: skip
        page.show_target(target)
        desk.settle()
        assert page.chips.value() == chip
    assert not page.chips.buttons["asked"].isVisible()
    page.show_target(one)
    desk.settle()
    assert page.detail.hand is not None
    assert page.detail.hand.finding.id == one
    desk.click(page.detail.site_button)
    assert desk.went == [("survey", desk.site())]


def test_the_empty_ledger_says_what_to_do(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    assert "还没有问题" in _texts(page.table)
    assert "请选择一个问题" in _texts(page.detail)
    page.ask_step(State.OPEN)
    page.ask_bulk()
    assert not page.findChildren(QDialog)


def test_columns_are_remembered(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    page.table.filters._ticks["severity"].setChecked(True)
    page.hide()
    again = desk.show(RectificationPage(desk.context))
    assert "severity" not in again.table.state()["hidden"]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_has_a_name_at_every_text_size(desk: Desk, qapp: QApplication, scale: float) -> None:
    _found(desk)
    page = desk.show(RectificationPage(desk.context))
    apply_theme(qapp, "light", scale)
    desk.settle()
    assert faults(page) == []
    page.columns.show_pane("finding")
    assert faults(page) == []
    apply_theme(qapp, "light", 1.0)
