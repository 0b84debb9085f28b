from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from barrierfree.gui.bar_chart import BarChart, BarRow, Segment
from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.notices import MessageBar, ask
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip, Thumbnail
from barrierfree.gui.tab_strip import TabStrip
from barrierfree.gui.theme import apply_theme
from tests.gui.accessibility import faults

YES_NO = [("yes", "有"), ("no", "无"), ("na", "不适用")]


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> None:
    apply_theme(qapp, "light", 1.0)


def _choice(qtbot: QtBot, *, digit_keys: bool = True, multiple: bool = False) -> ChoiceButtons:
    choice = ChoiceButtons(YES_NO, "是否设置轮椅坡道", digit_keys=digit_keys, multiple=multiple)
    qtbot.addWidget(choice)
    choice.show()
    return choice


def test_digits_answer_while_a_pill_has_the_focus(qtbot: QtBot) -> None:
    choice = _choice(qtbot)
    first = choice._pills["yes"]
    with qtbot.waitSignal(choice.chosen) as signal:
        QTest.keyClick(first, Qt.Key.Key_2)
    assert signal.args == ["no"]
    assert choice.value() == "no"
    QTest.keyClick(choice._pills["no"], Qt.Key.Key_Backspace)
    assert choice.value() == ""
    assert faults(choice) == []


def test_digits_can_be_switched_off(qtbot: QtBot) -> None:
    choice = _choice(qtbot, digit_keys=False)
    QTest.keyClick(choice._pills["yes"], Qt.Key.Key_2)
    assert choice.value() == ""


def test_several_answers(qtbot: QtBot) -> None:
    choice = _choice(qtbot, multiple=True)
    QTest.keyClick(choice._pills["yes"], Qt.Key.Key_1)
    QTest.keyClick(choice._pills["yes"], Qt.Key.Key_3)
    assert choice.value() == ["yes", "na"]
    choice.set_value(["no"])
    assert choice.value() == ["no"]


def test_a_mouse_click_anywhere_on_the_pill_answers(qtbot: QtBot) -> None:
    choice = _choice(qtbot)
    pill = choice._pills["na"]
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton, pos=pill.rect().bottomRight() - pill.rect().center() / 8)
    assert choice.value() == "na"


def test_a_row_of_buttons_wraps(qtbot: QtBot) -> None:
    row = FlowRow(*(Button(f"按钮 {n}") for n in range(6)))
    qtbot.addWidget(row)
    assert row.heightForWidth(2000) < row.heightForWidth(200) <= 6 * 60
    row.resize(200, row.heightForWidth(200))
    row.show()
    places = [child.geometry() for child in row.findChildren(Button)]
    assert all(place.right() <= 200 for place in places)
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[i + 1 :])


def test_a_question_names_its_answers(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    texts: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.extend(button.text() for button in box.buttons())
        next(button for button in box.buttons() if button.text() == "删除").click()

    QTimer.singleShot(50, answer)
    assert ask(parent, "删除这张照片？", "文件会被删除，原因会保留。", "删除", dangerous=True)
    assert sorted(texts) == ["删除", "取消"]


def test_escape_means_no(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def escape() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(50, escape)
    assert not ask(parent, "提交走访？", "提交后由审核人员查看。", "提交")


def test_a_message_can_be_put_away_by_keyboard(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("warning", "没有网络", "不影响使用", Button("重试"))
    assert bar.isVisible()
    assert faults(bar) == []
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.text() == ""


def test_chart_rows_open_their_list_and_have_a_table(qtbot: QtBot) -> None:
    chart = BarChart("各社区完成情况", "达标 · 有问题")
    qtbot.addWidget(chart)
    rows = [BarRow("guang", "光环", (Segment(3, "good", "达标"), Segment(1, "bad", "有问题")), "4 / 9", 9)]
    chart.set_rows(rows, "光环完成不到一半。")
    chart.show()
    row = chart._bars.findChildren(Button)[0]
    assert row.accessibleName() == "光环，4 / 9，达标 3，有问题 1"
    with qtbot.waitSignal(chart.activated) as signal:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert signal.args == ["guang"]
    chart._toggle.click()
    item = chart._table.item(0, 1)
    assert item is not None
    assert (chart._table.isVisible(), item.text()) == (True, "3")
    assert faults(chart) == []


def test_tabs_keep_their_keys(qtbot: QtBot) -> None:
    tabs = TabStrip("检查点")
    qtbot.addWidget(tabs)
    tabs.set_tabs([("door", "门", "met"), ("ramp", "轮椅坡道", "")], "ramp")
    assert tabs.current() == "ramp"
    tabs.set_status("ramp", "open", "未整改")
    tabs.show()
    with qtbot.waitSignal(tabs.chosen) as signal:
        QTest.keyClick(tabs, Qt.Key.Key_Left)
    assert signal.args == ["door"]


@pytest.fixture
def photos(tmp_path: Path) -> list[PhotoItem]:
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#3377aa"))
    assert picture.save(str(tmp_path / "a.png"))
    return [PhotoItem("a", tmp_path / "a.png", "整改前"), PhotoItem("b", tmp_path / "missing.jpg")]


def test_thumbnails_open_and_say_when_a_file_is_missing(qtbot: QtBot, photos: list[PhotoItem]) -> None:
    strip = PhotoStrip()
    qtbot.addWidget(strip)
    strip.set_photos(photos)
    strip.show()
    thumbs = strip.findChildren(Thumbnail)
    assert [thumb.accessibleName() for thumb in thumbs] == ["照片 1　整改前", "照片 2"]
    assert [thumb._image.isNull() for thumb in thumbs] == [False, True]
    with qtbot.waitSignal(strip.opened) as signal:
        QTest.keyClick(thumbs[0], Qt.Key.Key_Space)
    assert signal.args == ["a"]


def test_the_large_view_zooms_by_keys(qtbot: QtBot, photos: list[PhotoItem]) -> None:
    dialog = PhotoDialog(photos, "a")
    qtbot.addWidget(dialog)
    dialog.show()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Right):
        QTest.keyClick(dialog.view, key)
    assert dialog.view.zoom == pytest.approx(1.5625)
    QTest.keyClick(dialog.view, Qt.Key.Key_0)
    assert dialog.view.zoom == 1.0
    dialog.turn(1)
    assert dialog._caption.text().startswith("2 / 2")
    assert not dialog._next.isEnabled()


def test_digits_in_a_text_field_stay_digits(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    QTest.keyClicks(field, "123")
    assert field.text() == "123"
