from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from barrierfree.gui.bulk_dialog import ACTS, BulkDialog
from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_dialog import ChoiceDialog
from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.gui.step_dialog import StepDialog
from barrierfree.gui.steps_preview import StepsPreview
from barrierfree.gui.theme import apply_theme
from barrierfree.model.records import Finding, NewInspection, ReportedProblem, StepRequest, Unit
from barrierfree.model.words import FindingState, Problem, UnitClass
from barrierfree.store import FindingFilter, Store
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
    dialog.unit.box.setEditText("示例单位三")
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
    dialog.unit.box.setEditText("示例单位二")
    before = desk.ask(lambda store: len(store.facts()))
    desk.press(dialog, Key.Key_Return, control=True)
    seen = _preview(dialog)
    assert faults(seen) == []
    assert desk.ask(lambda store: len(store.facts())) == before, "nothing is stored by looking"
    refused = {j.finding.id: j.refused for j in seen.judged}
    assert refused[one] == ""
    assert refused[two] == "更换责任单位或期限，请写明原因。"
    assert refused[waiting] == "只能用于“未整改”、“整改中”的问题；这个是“待核实”。"
    desk.press(seen, Key.Key_Escape)
    dialog.reason.setText("换单位")
    desk.press(dialog, Key.Key_Return, control=True)
    seen = _preview(dialog)
    assert [bool(j.refused) for j in seen.judged].count(False) == 2
    desk.press(seen.table, Key.Key_Space)
    assert seen.confirm.text() == "确认执行 1 个"
    desk.press(seen.table, Key.Key_Space)
    desk.press(seen, Key.Key_Return, control=True)
    assert page.messages.text() == "已处理 2 个问题。"
    held = [_finding(desk, f) for f in (one, two, waiting)]
    assert [(f.state, f.unit) for f in held] == [
        (State.IN_PROGRESS, "示例单位二"), (State.IN_PROGRESS, "示例单位二"), (State.REPORTED, ""),
    ]  # fmt: skip
    assert "示例单位二" in [u.name for u in desk.ask(lambda store: store.known_units())]
    # all of it is taken back at once, by the key
    desk.press(page.table.view, Key.Key_Z, control=True)
    assert page.messages.text() == "已撤销对 2 个问题的处理。"
    held = [_finding(desk, f) for f in (one, two)]
    assert [(f.state, f.unit) for f in held] == [(State.OPEN, ""), (State.IN_PROGRESS, "示例单位一")]


def _preview(dialog: QWidget) -> StepsPreview:
    return next(d for d in dialog.findChildren(StepsPreview) if d.isVisible())


@pytest.mark.parametrize("key", list(ACTS))
def test_every_bulk_act_is_previewed_with_what_it_asks_for(desk: Desk, key: str) -> None:
    _found(desk), _found(desk, "光环")
    page = desk.show(RectificationPage(desk.context))
    QTest.keyClick(page.table.view, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    page.ask_bulk()
    dialog = next(d for d in page.findChildren(BulkDialog) if d.isVisible())
    dialog.act.setCurrentIndex(dialog.act.findData(key))
    dialog.unit.box.setEditText("示例单位")
    dialog.reason.setText("原因")
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    seen = _preview(dialog)
    possible = key in ("assign", "transferred", "soft", "invalid")
    assert [not j.refused for j in seen.judged] == [possible, possible]
    assert seen.confirm.isEnabled() == possible
    assert all(j.request.unit == ("示例单位" if key == "assign" else "") for j in seen.judged)


def test_a_step_is_taken_back_from_message_history_and_keyboard(desk: Desk) -> None:
    finding = _found(desk)
    page = desk.show(RectificationPage(desk.context))
    for way in ("message", "history", "key"):
        page.ask_step(State.INVALID)
        dialog = _open(page)
        assert dialog.reason is not None
        dialog.reason.setText("量错了")
        desk.press(dialog, Key.Key_Return, control=True)
        assert _finding(desk, finding).state is State.INVALID
        page.show_target(finding)
        desk.settle()
        if way == "message":
            desk.click(next(b for b in page.messages.findChildren(Button) if b.text() == "撤销"))
        elif way == "history":
            assert page.detail.undo_button is not None
            desk.press(page.detail.undo_button, Key.Key_Space)
        else:
            desk.press(page.table.view, Key.Key_Z, control=True)
        assert _finding(desk, finding).state is State.OPEN
        assert page.messages.text() == "已撤销：幸福便利店（示例） · 轮椅坡道 回到“未整改”。"
        assert "不属实　03-02 staff（已撤销）" in _texts(page.detail)
    desk.work_as("ben")
    assert "只能撤销自己做的步骤。可以改用正常步骤" in _undone(desk, page)
    assert page.detail.undo_button is None


def _undone(desk: Desk, page: RectificationPage) -> str:
    page._asked = ""
    page.activate()
    desk.settle()
    desk.press(page.table.view, Key.Key_Z, control=True)
    return page.messages.text()


def test_a_text_field_keeps_its_own_undo(desk: Desk) -> None:
    finding = _found(desk)
    page = desk.show(RectificationPage(desk.context))
    _step(desk, finding, State.INVALID, reason="量错了")
    field = page.search_field()
    field.setFocus()
    QTest.keyClicks(field, "podao")
    desk.press(field, Key.Key_Z, control=True)
    assert _finding(desk, finding).state is State.INVALID


def test_two_laptops_and_one_decision(desk: Desk, tmp_path: Path) -> None:
    finding = _found(desk)
    other = tmp_path / "laptop.gpkg"
    with Store.open(_copied(desk, other), device="device-b", clock=desk.clock) as laptop:
        laptop.record_step(finding, StepRequest(to=State.INVALID, reason="量的是隔壁"), person="ben")
        theirs = laptop.facts()
    _step(desk, finding, State.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")
    desk.do(lambda store: store.take_in(theirs))
    page = desk.show(RectificationPage(desk.context))
    page.show_target(finding)
    desk.settle()
    said = _texts(page.detail)
    for part in ("两处对这个问题作了不同处理。裁定之前仍是“未整改”", "整改中　03-02 staff（待裁定）",
                 "不属实　03-02 ben（待裁定）", "量的是隔壁", "示例单位"):  # fmt: skip
        assert part in said
    assert not page.detail.step_buttons
    assert faults(page) == []
    chosen = next(b for b in page.detail.choice_buttons.values() if "整改中" in b.text())
    desk.press(chosen, Key.Key_Space)
    dialog = next(d for d in page.findChildren(ChoiceDialog) if d.isVisible())
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    assert "为什么" in dialog.fault.text()
    QTest.keyClicks(dialog.reason, "seen")
    desk.press(dialog, Key.Key_Return, control=True)
    held = _finding(desk, finding)
    assert (held.state, held.conflict, held.unit) == (State.IN_PROGRESS, False, "示例单位")
    assert "不属实　03-02 ben（未采用）" in _texts(page.detail)


def _copied(desk: Desk, path: Path) -> Path:
    facts = desk.ask(lambda store: store.facts())
    with Store.create(path, device="device-b", clock=desk.clock) as copy:
        copy.take_in(facts)
    return path


def test_a_new_unit_gets_the_class_of_the_place_and_its_contact_is_proposed(desk: Desk) -> None:
    finding = _found(desk)
    unit = Unit(name="示例路政所", unit_class=UnitClass.ROADS, contact="示例甲")
    desk.do(lambda store: store.put_unit(unit, person="p"))
    page = desk.show(RectificationPage(desk.context))
    page.ask_step(State.IN_PROGRESS)
    dialog = _open(page)
    assert dialog.unit is not None
    assert dialog.responsible is not None
    assert dialog.quantity is not None
    dialog.unit.box.setEditText("示例路政所")
    assert dialog.responsible.text() == "示例甲"
    assert not dialog.unit.unit_class.isVisibleTo(dialog)
    dialog.unit.box.setEditText("示例物业")
    assert dialog.unit.unit_class.isVisibleTo(dialog)
    assert dialog.unit.unit_class.currentText() == "公共服务场所"
    dialog.quantity.setText("3")
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    held = _finding(desk, finding)
    assert (held.unit, held.planned, held.quantity, held.quantity_unit) == ("示例物业", 3, None, "处")
    units = {u.name: u.unit_class for u in desk.ask(lambda store: store.known_units())}
    assert units == {"示例物业": UnitClass.SERVICES, "示例路政所": UnitClass.ROADS}
    assert "计划 3 处" in _texts(page.detail)
    page.ask_step(State.CLAIMED)
    claim = _open(page)
    assert claim.quantity is not None
    assert claim.quantity.text() == "3", "what was planned is proposed as installed"


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
