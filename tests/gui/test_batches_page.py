"""The batches page at work: choose, fault, jump, mend, export, answer, rejected, again; entry by hand; the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from barrierfree.gui.batches.answer_dialog import AnswerDialog
from barrierfree.gui.batches.choice import PeriodDialog
from barrierfree.gui.batches.record_dialog import RecordDialog
from barrierfree.gui.batches_page import BatchesPage
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Survey
from barrierfree.gui.finding_detail import FindingDetail, read_finding
from barrierfree.gui.page import Page
from barrierfree.gui.profile_editor import ProfileEditor
from barrierfree.gui.site_actions import SiteActions
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.gui.site_head import SiteHead
from barrierfree.gui.theme import apply_theme
from barrierfree.model.city import BatchFilter, CityState
from barrierfree.operations import batches, city_answers, site_work
from barrierfree.operations.city_answers import Match
from barrierfree.store import Store
from tests.builders import Clock, new_site
from tests.gui import accessibility
from tests.gui.pages import Desk, desk_of
from tests.gui.program import keys, running, window_of
from tests.operations.city_survey import GIVEN, PROFILE, accepted, city_survey, definition, photo, site, template

HOSTILE = '=1+1<b>"坏"</b>&\t；😀'


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """Three accepted sites, the first with a photo."""
    path = tmp_path / "s.gpkg"
    store = city_survey(path, clock)
    store.name_person("staff", "统筹员（示例）")
    accepted(store, clock, photos=[photo(store, 1)])
    accepted(store, clock, "光环", width=1.3)
    accepted(store, clock, "餐厅", width=0.8)
    store.close()
    known = Survey(path=path, title="普查", sample=True, main_file=True, definition=definition())
    for desk in desk_of(qtbot, qapp, tmp_path, clock, known, person="staff"):
        desk.context.settings.change(exports=str(tmp_path / "out"))
        (tmp_path / "out").mkdir()
        yield desk


def answer(path: Path, lines: Sequence[tuple[str, str, str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("编号", "结果", "原因", "市编号"), *lines])
    return path


def test_choose_fault_jump_mend_export_answer_and_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = next(desk.ask(lambda store: store.photos_folder).iterdir())
    content = gone.read_bytes()
    gone.unlink()
    page = desk.show(BatchesPage(desk.context))
    choosing, table = page.choosing, page.choosing.faults.table
    assert choosing.choice.chips.buttons["new"].text() == "未报送 6"
    assert choosing.choice.chips.buttons["rejected"].text() == "市系统退回 0"
    assert [(f.sort, f.column) for f in table.model.records] == [("photo", "照片")]
    assert not page.export.isEnabled()
    assert "1 处" in page.export.toolTip()
    asked: list[str] = []

    def folder(*_: object) -> str:
        asked.append("")
        return str(tmp_path / "out")

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)
    desk.press(page, Qt.Key.Key_E, control=True)
    assert asked == [], "nothing is written while a fault stands"
    table.view.setFocus()
    desk.press(table.view, Qt.Key.Key_Return)
    assert desk.went[-1] == ("survey", desk.site()), "the jump"
    gone.write_bytes(content)
    desk.press(page, Qt.Key.Key_F5)
    assert table.model.records == []
    assert page.export.text() == "导出 6 行…"
    desk.press(page, Qt.Key.Key_E, control=True)
    (made,) = desk.ask(lambda store: store.batches())
    assert (made.rows, page.export.isEnabled(), asked) == (6, False, [""])
    assert f"批次 {made.number} 已导出：6 行，1 张照片。" in page.messages.text()
    assert choosing.choice.chips.buttons["new"].text() == "未报送 0"

    codes = [r.code for r in desk.ask(lambda store: store.batch_rows(made.id))]
    lines = [(codes[3], "退回", HOSTILE, ""), (codes[4], "通过", "", "C-9"), ("没有的", "通过", "", ""),
             (codes[5], "看看", "", "")]  # fmt: skip
    assert page.take_files([tmp_path / "x.png", answer(tmp_path / "答复.csv", lines)])
    desk.settle()
    (dialog,) = page.findChildren(AnswerDialog)
    assert dialog.plan is not None
    assert [dialog.plan.count(m) for m in (Match.REJECTED, Match.ACCEPTED, Match.UNKNOWN, Match.UNCLEAR)] == [1] * 4
    assert accessibility.faults(dialog) == []
    dialog._buttons[Match.REJECTED].click()
    assert [r.row.code for r in (dialog.table.model.record(i) for i in range(dialog.table.model.rowCount()))] == [
        codes[3]
    ]
    desk.press(dialog, Qt.Key.Key_Return, control=True)
    assert "接收 1 条，退回 1 条" in page.messages.text()
    assert isinstance(page.messages._action, Button)
    desk.click(page.messages._action)
    assert choosing.choice.wanted() == BatchFilter(what="rejected")
    assert choosing.choice.chips.buttons["rejected"].text() == "市系统退回 1"
    rows = choosing.rows.table
    assert rows.model.columns[1].text(rows.model.record(0)) == f"已退回：{HOSTILE.strip()}"
    assert desk.ask(lambda store: store.figures().city_rejected) == 1
    desk.press(page, Qt.Key.Key_E, control=True)
    newest = desk.ask(lambda store: store.batches())[0]
    assert (newest.rows, newest.number != made.number) == (1, True)
    assert choosing.choice.chips.buttons["rejected"].text() == "市系统退回 0"
    assert desk.ask(lambda store: store.check()) == []


def test_a_fault_of_a_site_opens_its_field_and_is_mended_there(desk: Desk) -> None:
    where = desk.ask(lambda store: site(store, "光环"))
    desk.do(lambda store: store.change_site(where, {"position": None}, person="staff"))
    page = desk.show(BatchesPage(desk.context))
    table = page.choosing.faults.table
    assert {(f.sort, f.column) for f in table.model.records} == {("position", "经度")}
    table.view.setFocus()
    desk.press(table.view, Qt.Key.Key_Return)
    (dialog,) = page.findChildren(SiteDialog)
    assert dialog.focusWidget() is dialog.place
    keys(dialog.place, "116.4501, 39.89")
    desk.press(dialog, Qt.Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: page.choosing.ready)
    assert table.model.records == []


def test_rows_are_left_out_by_name_and_remembered_with_the_reason(desk: Desk, tmp_path: Path) -> None:
    next(desk.ask(lambda store: store.photos_folder).iterdir()).unlink()
    page = desk.show(BatchesPage(desk.context))
    choosing = page.choosing
    choosing.faults.table.view.setFocus()
    assert choosing.faults.leave.text() == "这 1 行不报"
    desk.press(page, Qt.Key.Key_D, control=True)
    assert (page.export.text(), page.export.isEnabled()) == ("导出 5 行…", True)
    assert "1 行不报" in choosing.summary.text()
    desk.click(choosing.faults.restore)
    assert not page.export.isEnabled()
    choosing.faults.table.view.selectRow(0)
    desk.click(choosing.faults.leave)
    choosing.rows.table.view.selectRow(0)
    desk.click(choosing.rows.leave)
    assert page.export.text() == "导出 4 行…"
    desk.click(choosing.rows.leave)
    assert page.export.text() == "导出 5 行…", "the same button takes it in again"
    choosing.export_to(tmp_path / "out")
    desk.settle()
    (made,) = desk.ask(lambda store: store.batches())
    assert [x.reason for x in made.left_out] == ["有 1 张照片的文件不在照片文件夹里"]
    page.show_part("ledger")
    desk.settle()
    detail = page.ledger.detail
    assert [x.code for x in detail.left.model.records] == [made.left_out[0].code]
    assert not detail.folder.isHidden()


def test_conditions_restrict_and_are_cleared(desk: Desk) -> None:
    page = desk.show(BatchesPage(desk.context))
    choice = page.choosing.choice
    action = next(a for a in choice.communities.choices.actions() if a.text() == "富力")
    action.trigger()
    desk.settle()
    assert choice.communities.text() == "社区：富力 ▾"
    assert choice.wanted().communities == ("富力",)
    assert choice.chips.buttons["new"].text() == "未报送 2"
    dialog: PeriodDialog = choice.ask_period()
    keys(dialog.since, "2026-13-01")
    desk.press(dialog, Qt.Key.Key_Return, control=True)
    assert "不是日期" in dialog.fault.text()
    keys(dialog.since, "2030-01-01")
    desk.press(dialog, Qt.Key.Key_Return, control=True)
    assert choice.chips.buttons["all"].text() == "全部 0"
    assert page.choosing.going() == []
    desk.click(choice.clear_button)
    assert (choice.wanted(), choice.chips.buttons["new"].text()) == (BatchFilter(), "未报送 6")
    page.choosing.rows.views.buttons["look"].click()
    look = page.choosing.rows._look
    assert [look.sheet.itemText(i) for i in range(look.sheet.count())] == ["点位", "问题"]
    assert look.cells.horizontalHeaderItem(0).text() == "点位编号"  # type: ignore[union-attr]
    assert look.cells.rowCount() == 3


def test_entry_by_hand_with_the_keyboard_alone(desk: Desk) -> None:
    desk.do(lambda store: store.change_site(site(store), {"name": HOSTILE}, person="staff"))
    page = desk.show(BatchesPage(desk.context))
    page.parts.setFocus()
    desk.press(page.focusWidget(), Qt.Key.Key_2)
    entry = page.entry
    assert (page.part, entry.left.text()) == ("entry", "还有 6 条")
    first = entry.current()
    assert first is not None
    entry.take_focus()
    board = QGuiApplication.clipboard()
    for at, field in enumerate(first.fields):
        assert page.focusWidget() is entry.fields.rows[at].button
        desk.press(page.focusWidget(), Qt.Key.Key_Return)
        assert board.text() == field.text
        assert entry.fields.rows[at].button.text() == "已复制"
        assert [r.button.text() for r in entry.fields.rows].count("已复制") == 1
    assert page.focusWidget() is entry.number
    QTest.keyClicks(entry.number, "C-1")
    desk.press(entry.number, Qt.Key.Key_Return, control=True)
    assert entry.left.text() == "还有 5 条，这次已录入 1 条"
    assert desk.ask(lambda store: store.sent_states())["site", first.record].state is CityState.WAITING
    second = entry.current()
    assert second is not None
    assert second.record != first.record
    assert page.focusWidget() is entry.fields.rows[0].button
    assert entry.number.text() == ""
    desk.press(page, Qt.Key.Key_Right)  # not Alt: stays
    entry.skip_button.click()
    assert entry.current() is not second
    entry.back.click()
    assert entry.current() is second
    page.setFocus()
    desk.click(entry.undo_button)
    assert entry.current() is first
    assert desk.ask(lambda store: store.sent_states()) == {}
    assert desk.ask(lambda store: store.check()) == []
    assert entry.undo_button.isHidden()


def test_what_others_change_comes_in_and_the_record_in_hand_stays(desk: Desk) -> None:
    page = desk.show(BatchesPage(desk.context))
    page.show_part("entry")
    desk.settle()
    entry = page.entry
    entry.skip()
    held = entry.current()
    assert held is not None
    entry.fields.rows[0].button.click()
    finding = desk.ask(lambda store: store.findings()[0])
    desk.context.tasks.write(lambda store: store.record_step(finding.id, GIVEN, person="staff"))
    desk.settle()
    now = entry.current()
    assert now is not None
    assert now.record == held.record
    assert entry.fields.rows[0].button.text() == "已复制"


def test_the_ledger_tells_every_row_and_makes_a_batch_again(desk: Desk, tmp_path: Path) -> None:
    made = desk.do(
        lambda store: batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="staff")
    )
    rows = desk.ask(lambda store: store.batch_rows(store.batches()[0].id))
    file = answer(tmp_path / "a.csv", [(rows[3].code, "退回", "不清楚", ""), (rows[0].code, "通过", "", "C-5")])
    desk.do(lambda store: city_answers.take_answers(store, city_answers.plan_answers(store, file), person="staff"))
    finding = next(r.record for r in rows if r.kind == "finding" and r.code.endswith("-P1"))
    desk.do(lambda store: store.record_step(finding, GIVEN, person="staff"))
    page = desk.show(BatchesPage(desk.context))
    desk.press(page, Qt.Key.Key_PageUp, control=True)
    ledger = page.ledger
    assert page.part == "ledger"
    assert ledger.detail.shown is not None
    shown = {r.code: r for r in ledger.detail.shown.rows}
    assert (shown[rows[3].code].state, shown[rows[3].code].reason) == (CityState.REJECTED, "不清楚")
    assert {r.record for r in shown.values() if r.changed} >= {finding}
    assert ledger.detail.shown.folder == Path(made.folder)
    ledger.make_again(tmp_path / "again")
    desk.settle()
    assert "每个文件都与原来相同" in page.messages.text()
    keys(ledger.wanted_code, "C-5")
    desk.press(ledger.wanted_code, Qt.Key.Key_Return)
    (dialog,) = page.findChildren(RecordDialog)
    assert dialog.isVisible()
    dialog.reject()
    keys(ledger.wanted_code, "nowhere")
    desk.press(ledger.wanted_code, Qt.Key.Key_Return)
    assert "没有报送过" in page.messages.text()


def test_a_fault_of_the_template_opens_the_profile(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "s.gpkg"
    moved = template(
        [("点位", ("点位编号", "名称")), ("问题", ("序号", "编号", "元素", "问题", "责任单位", "状态", "照片"))]
    )
    made = Store.new(path, definition(PROFILE, moved), device="device-a", clock=clock)
    made.add_sites([new_site("a")], person="p")
    accepted(made, clock)
    made.close()
    known = Survey(path=path, title="普查", sample=True, main_file=True, definition=definition(PROFILE, moved))
    for desk in desk_of(qtbot, qapp, tmp_path, clock, known, person="staff"):
        page = desk.show(BatchesPage(desk.context))
        table = page.choosing.faults.table
        assert {f.sort for f in table.model.records} == {"template"}
        assert not page.choosing.faults.leave.isEnabled(), "a template cannot be left out"
        table.view.setFocus()
        desk.press(table.view, Qt.Key.Key_Return)
        (editor,) = page.findChildren(ProfileEditor)
        editor.reject()
        desk.settle()


def test_example_rows_that_give_way_are_named(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    book["问题"].append([1, "示例编号", "坡道"])
    frame = io.BytesIO()
    book.save(frame)
    made = definition(PROFILE, frame.getvalue())
    desk.do(lambda store: store.adopt_definition(made, title="t", person="staff", main_file=True))
    choosing = desk.show(BatchesPage(desk.context)).choosing
    assert choosing.warned.isVisible()
    assert "第 2 行（1、示例编号、坡道）是示例" in choosing.warned.text()
    assert choosing.ready


def test_rows_of_one_sort_are_left_out_together_with_the_mouse(desk: Desk) -> None:
    for name in ("光环", "餐厅"):
        where = desk.ask(lambda store, name=name: site(store, name))  # type: ignore[misc]
        desk.do(lambda store, where=where: store.change_site(where, {"position": None}, person="staff"))  # type: ignore[misc]
    next(desk.ask(lambda store: store.photos_folder).iterdir()).unlink()
    page = desk.show(BatchesPage(desk.context))
    faults = page.choosing.faults
    assert [b.text() for b in faults.sort_buttons.values() if not b.isHidden()] == ["没有位置 2", "照片缺失 1"]
    desk.click(faults.sort_buttons["position"])
    assert faults.table.model.rowCount() == 2
    faults.table.view.selectRow(0)
    assert faults.leave_sort.text() == "同类的 2 行都不报"
    desk.click(faults.leave_sort)
    assert len(page.choosing.standing()) == 1
    desk.click(faults.sort_buttons["position"])
    assert faults.table.model.rowCount() == 3
    assert [faults.table.model.columns[0].text(f) for f in faults.table.model.records].count("这行不报") == 2


def test_a_bad_answer_is_refused_and_nothing_is_stored(desk: Desk, tmp_path: Path) -> None:
    page = desk.show(BatchesPage(desk.context))
    wrong = tmp_path / "别的.csv"
    wrong.write_text("甲,乙\n1,2\n", encoding="utf-8")
    dialog = page.read_answer(wrong)
    desk.settle()
    assert not dialog.fault.isHidden()
    assert not dialog.confirm.isEnabled()
    assert not page.take_files([tmp_path / "图.jpg"])
    dialog.reject()
    assert desk.ask(lambda store: store.answers()) == []


def test_another_file_may_look_but_not_export(qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.gpkg"
    store = city_survey(path, clock)
    accepted(store, clock)
    store.close()
    known = Survey(path=path, title="普查", sample=False, main_file=False, definition=definition())
    for desk in desk_of(qtbot, qapp, tmp_path, clock, known, person="staff"):
        page = desk.show(BatchesPage(desk.context))
        assert not page._elsewhere.isHidden()
        assert (page.export.isEnabled(), page.answer.isEnabled()) == (False, False)
        page.show_part("entry")
        desk.settle()
        assert not page.entry.entered.isEnabled()
        desk.click(page.data_button)
        assert desk.went[-1] == ("data", None)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_part_can_be_named_and_reached(desk: Desk, qapp: QApplication, scale: float, tmp_path: Path) -> None:
    next(desk.ask(lambda store: store.photos_folder).iterdir()).unlink()
    apply_theme(qapp, "light", scale)
    page = desk.show(BatchesPage(desk.context))
    for part in ("export", "entry", "ledger"):
        page.show_part(part)
        desk.settle()
        assert accessibility.faults(page) == [], part
    page.show_part("entry")
    desk.settle()
    least = page.layout().minimumHeightForWidth(580)  # type: ignore[union-attr]
    assert scale > 1 or least <= 690, "beside a browser nothing of the entry needs scrolling"
    apply_theme(qapp, "light", 1.0)


def test_dropped_on_the_window_a_table_is_an_answer(qtbot: QtBot, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "s.gpkg"
    city_survey(path, clock).close()
    file = answer(tmp_path / "答复.csv", [("X", "通过", "", "")])
    with running(qtbot, path, tmp_path / "home") as program:
        window = window_of(program)
        window.show_page("batches")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        event = QDropEvent(
            QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        window.dropEvent(event)
        page = window.page("batches")
        qtbot.waitUntil(lambda: bool(page.findChildren(AnswerDialog)), timeout=10_000)
        assert window.current_page == "batches"
        window.resize(QSize(683, 768))
        page.findChildren(AnswerDialog)[0].reject()
        qtbot.waitUntil(lambda: not window.page("batches")._context.tasks.is_busy)  # type: ignore[attr-defined]


def test_what_came_back_stands_at_the_finding_and_at_the_site(desk: Desk, tmp_path: Path) -> None:
    desk.do(lambda store: batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="staff"))
    finding = desk.ask(lambda store: store.findings()[0])
    assert desk.ask(lambda store: read_finding(store, finding.id, "staff")).city.startswith("已报送，等待答复；批次")
    rows = desk.ask(lambda store: store.batch_rows(store.batches()[0].id))
    code = next(row.code for row in rows if row.record == finding.id)
    file = answer(tmp_path / "a.csv", [(code, "退回", HOSTILE, "C-3")])
    desk.do(lambda store: city_answers.take_answers(store, city_answers.plan_answers(store, file), person="staff"))
    hand = desk.ask(lambda store: read_finding(store, finding.id, "staff"))
    assert hand.city == f"已退回：{HOSTILE}；编号：C-3"
    detail = FindingDetail(desk.context)
    desk.qtbot.addWidget(detail)
    detail.show_finding(hand)
    assert f"市系统：{hand.city}" in [text.text() for text in detail.findChildren(QLabel)]
    work = desk.ask(lambda store: site_work.site_work(store, finding.site))
    head = SiteHead(desk.context, SiteActions(desk.context, Page("")), lambda _site: None, lambda: None)
    desk.qtbot.addWidget(head)
    head.show_work(work)
    assert head.notice() == f"市系统：已退回：{HOSTILE}；编号：C-3（{code}）"
