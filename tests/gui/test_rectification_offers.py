"""Beside the steps of findings: problems told of, works, units, days off; each by keyboard in the real window."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from barrierfree.gui.answers_dialog import AnswersDialog
from barrierfree.gui.days_dialog import DaysDialog
from barrierfree.gui.problem_dialog import ProblemDialog
from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.gui.site_picker import SitePicker
from barrierfree.gui.step_dialog import StepDialog
from barrierfree.gui.steps_preview import StepsPreview
from barrierfree.gui.theme import apply_theme
from barrierfree.gui.units_dialog import UnitsDialog
from barrierfree.gui.works_dialog import WorkDialog, WorksDialog
from barrierfree.model.words import FindingState, Problem, UnitClass
from barrierfree.operations import report_files
from barrierfree.operations.reports import ReportRequest
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.gui.test_rectification_page import _found, _step, _texts

__all__ = ["desk"]
Key = Qt.Key
D = TypeVar("D", bound=QDialog)


def shown(page: QWidget, kind: type[D]) -> D:
    return next(d for d in page.findChildren(kind) if d.isVisible())


def pick(desk: Desk, picker: SitePicker, letters: str) -> None:
    """Find a site by pinyin and choose it with the arrow key."""
    picker.search.setFocus()
    QTest.keyClicks(picker.search, letters)
    desk.qtbot.waitUntil(lambda: picker.table.model.rowCount() == 1)
    desk.press(picker.search, Key.Key_Down)
    desk.qtbot.waitUntil(lambda: picker.site is not None)


def test_a_call_is_taken_down_verified_and_joined(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    for letters in ("xfbld", "xfbld"):  # the second call is about the same
        desk.press(page.table, Key.Key_N, control=True)
        dialog = shown(page, ProblemDialog)
        assert faults(dialog) == []
        desk.press(dialog, Key.Key_Return, control=True)
        assert "请先选一个点位" in dialog.fault.text()
        pick(desk, dialog.picker, letters)
        assert "幸福便利店（示例）" in dialog.picker.told.text()
        elements = [dialog.picker.element_box.itemText(i) for i in range(dialog.picker.element_box.count())]
        assert elements == ["整个点位", "轮椅坡道", "门"]
        dialog.picker.element_box.setCurrentIndex(1)
        desk.press(dialog, Key.Key_Return, control=True)
        assert "请写下反映的问题" in dialog.fault.text()
        dialog.note.setPlainText("坡道被电动车占用 🚲")
        desk.press(dialog, Key.Key_Return, control=True)
    assert page.messages.text() == "幸福便利店（示例） · 轮椅坡道：这个问题已经登记过，来电内容已加进它的历史。"
    (finding,) = desk.ask(lambda store: store.findings())
    assert (finding.state, finding.problem, finding.source) == (FindingState.REPORTED, Problem.OCCUPIED, "call")
    assert _texts(page.detail).count("来电反映，staff登记：坡道被电动车占用 🚲") == 2
    desk.click(page.detail.step_buttons[FindingState.OPEN])
    step = shown(page, StepDialog)
    desk.press(step, Key.Key_Return, control=True)
    assert "怎样核实" in step.fault.text()
    assert step.reason is not None
    step.reason.setText("网格员到现场看过")
    desk.press(step, Key.Key_Return, control=True)
    assert desk.ask(lambda store: store.findings())[0].state is FindingState.OPEN


def test_a_call_about_a_place_that_is_not_in_the_list(desk: Desk) -> None:
    from barrierfree.gui.site_dialog import SiteDialog

    page = desk.show(RectificationPage(desk.context))
    page.offers.show_problem()
    dialog = shown(page, ProblemDialog)
    desk.press(dialog.picker.add_button, Key.Key_Space)
    new = shown(dialog, SiteDialog)
    new.name.setText("新开的面馆（示例）")
    desk.press(new, Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: dialog.picker.site is not None)
    dialog.note.setPlainText("门口有三级台阶")
    desk.press(dialog, Key.Key_Return, control=True)
    (finding,) = desk.ask(lambda store: store.findings())
    assert (finding.site_name, finding.element) == ("新开的面馆（示例）", "")
    assert "新开的面馆（示例） · 整个点位" in _texts(page.detail)


def test_works_are_listed_added_and_taken_back(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    page.offers.actions["works"].trigger()
    desk.settle()
    dialog = shown(page, WorksDialog)
    assert "还没有登记改造" in _texts(dialog)
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    work = shown(dialog, WorkDialog)
    assert faults(work) == []
    pick(desk, work.picker, "ghyf")
    work.what.setText("加装门铃")
    work.quantity.setText("两个")
    desk.press(work, Key.Key_Return, control=True)
    assert "不是数字" in work.fault.text()
    work.quantity.setText("2")
    desk.press(work, Key.Key_Return, control=True)
    (made,) = desk.ask(lambda store: store.works())
    assert (made.what, made.quantity, made.quantity_unit, made.site_name) == ("加装门铃", 2, "处", "光环药房（示例）")
    assert dialog.table.select(made.id)
    desk.press(dialog.withdraw_button, Key.Key_Space)
    assert desk.ask(lambda store: store.works()) == []
    assert len(desk.ask(lambda store: store.works(withdrawn=True))) == 1


def test_units_are_kept_with_class_and_contact(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    page.offers.actions["units"].trigger()
    desk.settle()
    dialog = shown(page, UnitsDialog)
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    assert "请填写单位名称" in dialog.fault.text()
    dialog.name.setText("示例路政所")
    dialog.unit_class.setCurrentIndex(dialog.unit_class.findData(UnitClass.ROADS))
    dialog.contact.setText("示例甲")
    desk.press(dialog, Key.Key_Return, control=True)
    assert dialog.said.text() == "已保存：示例路政所"
    assert dialog.table.select("示例路政所")
    dialog.offered.setChecked(False)
    desk.press(dialog, Key.Key_Return, control=True)
    (unit,) = desk.ask(lambda store: store.known_units())
    assert (unit.unit_class, unit.contact, unit.hidden) == (UnitClass.ROADS, "示例甲", True)


def test_days_off_move_a_deadline(desk: Desk) -> None:
    page = desk.show(RectificationPage(desk.context))
    page.offers.actions["days"].trigger()
    desk.settle()
    dialog = shown(page, DaysDialog)
    assert faults(dialog) == []
    dialog.day.setDate(QDate(2026, 3, 9))
    desk.press(dialog, Key.Key_Return, control=True)
    assert desk.ask(lambda store: {d.isoformat(): w for d, w in store.calendar().items()}) == {"2026-03-09": False}
    desk.press(dialog, Key.Key_Escape)
    assert page._ledger.special, "the page knows it for the next deadline"
    page.offers.show_days()
    desk.settle()
    dialog = shown(page, DaysDialog)
    assert dialog.table.select("2026-03-09")
    desk.press(dialog.drop_button, Key.Key_Space)
    assert desk.ask(lambda store: store.special_days()) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_dialog_has_names_at_every_text_size(desk: Desk, qapp: QApplication, scale: float) -> None:
    apply_theme(qapp, "light", scale)
    page = desk.show(RectificationPage(desk.context))
    for ask in (page.offers.show_problem, page.offers.show_works, page.offers.show_units, page.offers.show_days):
        ask()
        desk.settle()
        dialog = next(d for d in page.findChildren(QDialog) if d.isVisible())
        assert faults(dialog) == []
        desk.press(dialog, Key.Key_Escape)
    apply_theme(qapp, "light", 1.0)


def test_a_filled_notice_is_read_back_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    one, two = _found(desk), _found(desk, "光环")
    for finding in (one, two):
        _step(desk, finding, FindingState.IN_PROGRESS, unit="示例单位", deadline="2026-04-01")
    path = tmp_path / "n.xlsx"
    desk.ask(lambda store: report_files.write_workbook(store, ReportRequest(kind="notice"), path))
    book = openpyxl.load_workbook(path)
    sheet: Any = book["示例单位"]
    at = {cell.value: cell.column for cell in sheet[4]}
    for row in (5, 6):
        sheet.cell(row, at["整改措施"]).value = "拓宽坡道"
        sheet.cell(row, at["完成日期"]).value = "2026-03-02"
    serial = {sheet.cell(row, at["问题编号"]).value: sheet.cell(row, at["序号"]).value for row in (5, 6)}
    book.save(path)
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (64, 48), "#3377aa").save(tmp_path / "photos" / f"{serial[one]}.jpg")
    page = desk.show(RectificationPage(desk.context))
    page.offers.actions["answers"].trigger()
    dialog = shown(page, AnswersDialog)
    assert faults(dialog) == []
    desk.press(dialog, Key.Key_Return, control=True)
    assert "请选择填好的通知单" in dialog.fault.text()
    dialog.file.setText(str(tmp_path / "other.xlsx"))
    desk.press(dialog, Key.Key_Return, control=True)
    assert "没有文件" in dialog.fault.text()
    dialog.file.setText(str(path))
    dialog.folder.setText(str(tmp_path / "photos"))
    desk.press(dialog, Key.Key_Return, control=True)
    seen = shown(dialog, StepsPreview)
    assert faults(seen) == []
    refused = {j.finding.id: j.refused for j in seen.judged}
    assert refused[one] == ""
    assert "照片" in refused[two]
    desk.press(seen, Key.Key_Return, control=True)
    assert page.messages.text() == "已处理 1 个问题。"
    states = [desk.ask(lambda store, f=f: store.finding(f).state) for f in (one, two)]  # type: ignore[misc]
    assert states == [FindingState.CLAIMED, FindingState.IN_PROGRESS]
    desk.press(page.table.view, Key.Key_Z, control=True)
    assert desk.ask(lambda store: store.finding(one).state) is FindingState.IN_PROGRESS
