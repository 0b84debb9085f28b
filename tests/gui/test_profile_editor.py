"""The profile editor on real templates: paired by keys, saved, and a batch written with it and read back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox
from python_calamine import CalamineWorkbook

from barrierfree.gui.batches_page import BatchesPage
from barrierfree.gui.profile_editor import ProfileEditor
from barrierfree.gui.profile_editor.codes_dialog import CodesDialog
from barrierfree.gui.profile_editor.field_choice import FieldChoice
from barrierfree.gui.profile_editor.frame import COLUMNS, GENERAL, IN_FORCE, TEMPLATE
from barrierfree.gui.theme import apply_theme
from barrierfree.operations import batches, profiles
from barrierfree.store import Store
from barrierfree.workbook import read_profile
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
PROBLEMS = ["01-应建未建", "02-不合规", "03-损坏"]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """A test that fails leaves no editor open over the next one."""
    yield
    while isinstance(left := QApplication.activeModalWidget(), QDialog):
        if isinstance(left, ProfileEditor):
            left.work.draft = None
        left.reject()
        QApplication.processEvents()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Titles over two lines under a heading, merged both ways, lists of words, a sheet of remarks."""
    path = tmp_path / "市系统模板.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, notes = book.add_worksheet("上报表"), book.add_worksheet("填表说明")
        sheet.merge_range("A1:J1", "无障碍问题上报表（示例）")
        for letter, title in zip("ABCIJ", ("序号", "点位编号*", "点位名称", "上报单位", "大类代码"), strict=True):
            sheet.merge_range(f"{letter}2:{letter}3", title)
        sheet.merge_range("D2:E2", "位置")
        sheet.merge_range("F2:H2", "问题")
        sheet.write_row("D3", ["经度", "纬度", "问题类型", "问题描述", "普查日期"])
        sheet.data_validation("F4:F999", {"validate": "list", "source": PROBLEMS})
        notes.write_column("A1", ["填表说明", "请勿改动表头"])
    return path


@pytest.fixture
def accepted(desk: Desk) -> None:
    def work(store: Store) -> None:
        store.submit_visit(visit(store.sites()[0].id, inspection(0.9)), person="anna")
        store.review_visit(store.visits()[0].id, accept=True, person="ben")

    desk.do(work)


@pytest.fixture
def page(desk: Desk) -> BatchesPage:
    return desk.show(BatchesPage(desk.context))


def opened(desk: Desk, page: BatchesPage) -> ProfileEditor:
    desk.press(page.profile, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ProfileEditor))
    editor = QApplication.activeModalWidget()
    assert isinstance(editor, ProfileEditor)
    desk.qtbot.waitUntil(lambda: editor.in_force.held is not None)
    desk.settle()
    return editor


def alt(desk: Desk, editor: ProfileEditor, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or editor, key, ALT)
    desk.settle()


def written(text: str) -> None:
    """Text as an input method gives it to what has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focus, event)


def chosen(desk: Desk, text: str) -> None:
    """Write a part of a name into the list that has the focus, and press Enter."""
    combo = QApplication.focusWidget()
    assert isinstance(combo, FieldChoice)
    combo.line.selectAll()
    written(text)
    QApplication.processEvents()  # the list has come up
    QTest.keyClick(QApplication.activePopupWidget() or combo, Qt.Key.Key_Return)
    combo.window().activateWindow()  # the offscreen platform gives it to nobody when a list closes
    desk.qtbot.waitUntil(combo.window().isActiveWindow)
    desk.settle()


def row_of(editor: ProfileEditor, letter: str) -> list[str]:
    model = editor.columns.table.model
    row = next(r for r in range(model.rowCount()) if model.record(r).letter == letter)
    return [column.text(model.record(row)) for column in model.columns]


def to_columns(desk: Desk, editor: ProfileEditor, template: Path) -> None:
    editor.in_force.take_template(template)
    desk.qtbot.waitUntil(lambda: editor.at == TEMPLATE)
    desk.settle()
    alt(desk, editor, Qt.Key.Key_Right)
    assert editor.at == COLUMNS
    desk.qtbot.waitUntil(lambda: bool(editor.work.shown))


@pytest.mark.usefixtures("accepted")
def test_a_template_becomes_a_batch_by_keys(
    desk: Desk, page: BatchesPage, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = opened(desk, page)
    assert editor.in_force.title.text() == "还没有导出方案"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(template), ""))
    desk.press(editor.in_force.begin, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: editor.at == TEMPLATE)
    desk.settle()
    step = editor.template
    assert (step.header.value(), step.lines.value(), step.first.value(), step.kind.value()) == (3, 2, 4, "finding")
    assert [step.tabs.tabText(n) for n in range(step.tabs.count())] == ["上报表", "填表说明"]
    alt(desk, editor, Qt.Key.Key_Right)
    desk.qtbot.waitUntil(lambda: bool(editor.work.shown))
    assert row_of(editor, "D")[:4] == ["D", "位置/经度", "经度", "小数 6"]
    assert row_of(editor, "B")[3] == "必填"
    assert row_of(editor, "F")[4] == "▲ “尺寸不达标”不在代码表里"
    alt(desk, editor, Qt.Key.Key_N)
    assert editor.columns.detail.heading.text().startswith("I 列")
    chosen(desk, "责任单位")
    alt(desk, editor, Qt.Key.Key_N)
    chosen(desk, "固定文字…")
    written("0302")
    desk.qtbot.waitUntil(lambda: row_of(editor, "J")[4] == "0302")

    def give_code() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, CodesDialog)
        try:
            told.append(dialog.left.text())
            dialog.activateWindow()
            desk.qtbot.waitUntil(dialog.isActiveWindow)
            code = next(code for name, code in dialog.lines if name == "尺寸不达标")
            code.setFocus()
            written("02-不合规")
            QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
        finally:
            if dialog.isVisible():
                dialog.reject()

    told: list[str] = []
    editor.columns.go_to("上报表", "F")
    QTimer.singleShot(0, give_code)
    desk.press(editor.columns.detail.codes, Qt.Key.Key_Space)
    assert "尺寸不达标" in told[0]
    assert "02-不合规" in told[0]
    desk.qtbot.waitUntil(lambda: row_of(editor, "F")[4] == "02-不合规")
    desk.press(editor, Qt.Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: editor.at == IN_FORCE)
    desk.settle()
    assert "已保存" in editor.messages.text()
    assert editor.in_force.title.text() == "市系统模板"
    editor.reject()

    def write(store: Store) -> Path:
        plan = batches.plan_batch(store)
        assert plan.faults == ()
        return Path(batches.write_batch(store, plan, tmp_path / "out", person="staff").workbook)

    book = CalamineWorkbook.from_path(str(desk.do(write)))
    rows = book.get_sheet_by_name("上报表").to_python()
    site = desk.ask(lambda store: store.sites()[0])
    assert [str(value) for value in rows[3][1:]] == [
        site.code, site.name, "116.460000", "39.890000", "02-不合规", rows[3][6], rows[3][7], "", "0302",
    ]  # fmt: skip
    assert book.get_sheet_by_name("填表说明").to_python()[1] == ["请勿改动表头"]


def test_back_to_the_profile_before(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    for title in ("甲", "乙"):
        to_columns(desk, editor, template)
        editor.go(GENERAL)
        editor.general.lines["title"].setFocus()
        QTest.keyClick(editor.general.lines["title"], Qt.Key.Key_A, CONTROL)
        written(title)
        desk.press(editor, Qt.Key.Key_Return, control=True)
        desk.qtbot.waitUntil(lambda: editor.at == IN_FORCE)
        desk.settle()
        assert editor.in_force.title.text() == title
    table = editor.in_force.table
    assert [table.model.record(r).state for r in range(table.model.rowCount())] == ["以前的", "在用"]
    table.select(table.model.record(0).kept.id)
    desk.press(editor.in_force.back, Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: editor.in_force.title.text() == "甲")
    assert read_profile(desk.ask(lambda store: store.profile())).title == "甲"
    editor.reject()


def test_without_records_values_are_invented_and_said_so(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    assert "编造的示例" in editor.columns.remark.text()
    assert row_of(editor, "C")[4] == "幸福便利店（示例）"


def test_a_formula_says_what_is_wrong_and_what_it_gives(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    editor.columns.go_to("上报表", "J")
    chosen(desk, "公式…")
    detail = editor.columns.detail
    assert QApplication.focusWidget() is detail.formula
    QTest.keyClicks(detail.formula, "substr(${site_cod}, 0, 9)")
    assert "site_cod" in detail.fault.text()
    assert not editor.save.isEnabled()
    assert editor.reason.text().startswith("上报表 J 列")
    editor.go(GENERAL)
    desk.press(editor.to_fault, Qt.Key.Key_Space)
    assert editor.at == COLUMNS
    assert editor.columns.column() is not None
    detail.formula.setFocus()
    QTest.keyClick(detail.formula, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(detail.formula, "substr(${site_code}, 0, 6)")
    desk.qtbot.waitUntil(lambda: detail.result.text().endswith("110105"))
    assert editor.save.isEnabled()


def test_other_rows_of_titles(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    editor.in_force.take_template(template)
    desk.qtbot.waitUntil(lambda: editor.at == TEMPLATE)
    desk.settle()
    step = editor.template
    step.lines.setFocus()
    QTest.keyClick(step.lines, Qt.Key.Key_Down)
    desk.settle()
    sheet = step.sheet()
    assert sheet is not None
    assert sheet.header_rows == 1
    assert [c.title for c in sheet.columns if c.letter == "D"] == ["经度"]
    QTest.keyClick(step.first, Qt.Key.Key_Down)
    assert step.remark.text() == "第一条记录要写在列名下面。"
    assert not editor.save.isEnabled()


@pytest.mark.parametrize("kind", ["damaged", "old", "empty", "missing"])
def test_what_is_no_template_is_named_with_a_cure(desk: Desk, page: BatchesPage, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.xlsx"
    if kind == "damaged":
        path.write_bytes(b"PK\x03\x04 nothing")
    elif kind == "old":
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    elif kind == "empty":
        openpyxl.Workbook().save(path)
    editor = opened(desk, page)
    editor.in_force.take_template(path)
    desk.qtbot.waitUntil(lambda: bool(editor.messages.text()))
    assert editor.at == IN_FORCE
    assert editor.messages._advice.text()
    assert editor.work.draft is None


def hostile(titles: list[str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.add_worksheet("A&B<i>").write_row("A1", titles)
    return out.getvalue()


def test_hostile_titles(desk: Desk, page: BatchesPage, tmp_path: Path) -> None:
    titles = ["点位编号", "<b>粗</b>&amp;", "长" * 500, "备注", "备注", "", "=1+1", "点位名称"]
    path = tmp_path / "h.xlsx"
    path.write_bytes(hostile(titles))
    editor = opened(desk, page)
    to_columns(desk, editor, path)
    assert editor.work.draft is not None
    (sheet,) = editor.work.draft.sheets
    told = {c.letter: c.title for c in sheet.columns}
    assert told == {letter: title for letter, title in zip("ABCDEFGH", titles, strict=True) if title}
    assert [c.source for c in sheet.columns if c.title == "备注"] == ["field", ""]
    for letter in "BCEG":
        editor.columns.go_to("A&B<i>", letter)
        chosen(desk, "固定文字…")
        written("x")
    desk.qtbot.waitUntil(lambda: row_of(editor, "E")[4] == "x")
    assert editor.width() <= 1366
    desk.press(editor, Qt.Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: editor.at == IN_FORCE)
    profile, _ = desk.ask(profiles.profile_in_force)
    assert [c.header for c in profile.sheets[0].columns] == [t for t in titles if t]


def test_closing_with_changes_asks(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    answers = [Qt.Key.Key_Escape]

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        if answers:
            QTest.keyClick(box, answers.pop())
        else:
            box.buttons()[0].click()

    QTimer.singleShot(0, answer)
    editor.reject()
    assert editor.isVisible()
    QTimer.singleShot(0, answer)
    editor.reject()
    desk.settle()
    assert desk.ask(lambda store: len(store.profiles())) == 1


def test_another_template_in_the_middle_asks(desk: Desk, page: BatchesPage, template: Path) -> None:
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    held = editor.work.draft

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, answer)
    editor.in_force.take_template(template)
    desk.settle()
    assert editor.work.draft is held


def test_a_dropped_profile_is_looked_through_first(
    desk: Desk, page: BatchesPage, template: Path, tmp_path: Path
) -> None:
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    assert editor.work.draft is not None
    given = editor.work.draft.profile()
    file = tmp_path / "p.zip"
    profiles.export_profile(given, template.read_bytes(), file)
    editor.work.draft = None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    none = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    editor.dropEvent(drop)
    desk.qtbot.waitUntil(lambda: editor.work.draft is not None)
    desk.settle()
    draft = editor.work.draft
    assert draft is not None
    assert draft.profile() == given
    assert desk.ask(lambda store: store.profile()) == ""
    desk.press(editor, Qt.Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: editor.at == IN_FORCE)
    assert desk.ask(profiles.profile_in_force) == (given, template.read_bytes())


def test_the_answer_is_taken_from_one(desk: Desk, page: BatchesPage, template: Path, tmp_path: Path) -> None:
    file = tmp_path / "回执.csv"
    lines = ["元素编号,审核结果,驳回意见,案件编号", "a-01,审核通过,,110", "a-02,未通过,照片不清,", "a-03,审核通过,,112"]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    editor = opened(desk, page)
    to_columns(desk, editor, template)
    editor.go(GENERAL)
    card = editor.general.answer
    card.comes.setFocus()
    QTest.keyClick(card.comes, Qt.Key.Key_Space)
    assert not editor.save.isEnabled(), "it must say where our code stands"
    card.take_file(file)
    desk.qtbot.waitUntil(lambda: card.columns["code"].currentText() == "元素编号")
    assert editor.save.isEnabled()
    assert editor.work.draft is not None
    layout = editor.work.draft.profile().answer
    assert layout is not None
    assert (layout.state, layout.reason, layout.city_number) == ("审核结果", "驳回意见", "案件编号")
    assert (layout.accepted, layout.rejected) == (("审核通过",), ("未通过",))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_step_can_be_read_aloud(
    desk: Desk, page: BatchesPage, template: Path, scale: float, qapp: QApplication
) -> None:
    apply_theme(qapp, "light", scale)
    editor = opened(desk, page)
    assert faults(editor) == []
    to_columns(desk, editor, template)
    editor.columns.go_to("上报表", "J")
    chosen(desk, "公式…")
    for step in range(4):
        editor.go(step)
        desk.settle()
        assert faults(editor) == [], step
        assert (editor.width(), editor.height()) <= (1366, 768)
    editor.go(GENERAL)
    editor.general.answer.comes.setChecked(True)
    assert faults(editor) == []
    draft = editor.work.draft
    assert draft is not None
    dialog = CodesDialog(draft.sheets[0].columns[5], {}, ("有", "无"), (), editor)
    dialog.show()
    assert faults(dialog) == []
    dialog.reject()
