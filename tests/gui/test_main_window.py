from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from barrierfree.errors import PhotoError
from barrierfree.gui.main_window import MainWindow, merged
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.theme import apply_theme
from barrierfree.gui.workers import Task
from barrierfree.model.records import Changes
from tests.gui.accessibility import faults, process
from tests.gui.demo_window import FiguresPage, FormPage, Memory, demo_window


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    apply_theme(qapp, "light", 1.0)
    window = demo_window()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    process()
    yield window
    apply_theme(qapp, "light", 1.0)


def _form(window: MainWindow) -> FormPage:
    page = window.page("survey")
    assert isinstance(page, FormPage)
    return page


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("page", ["overview", "survey", "settings"])
def test_everything_has_a_name_and_can_be_reached(
    window: MainWindow, qapp: QApplication, page: str, scale: float
) -> None:
    apply_theme(qapp, "light", scale)
    window.show_page(page)
    process()
    assert faults(window) == []


def test_the_walk_finds_what_is_missing(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

    bad = QWidget()
    qtbot.addWidget(bad)
    layout = QVBoxLayout(bad)
    combo = QComboBox()
    combo.addItem("水泥")
    for part in (QLineEdit(), QPushButton(), combo):
        layout.addWidget(part)
    bad.show()
    found = "\n".join(faults(bad))
    assert "QLineEdit" in found
    assert "button without a name" in found
    assert "QComboBox" in found


def test_pages_are_built_when_first_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert list(window._pages) == ["overview"]
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "survey"
    assert window.rail._buttons["survey"].isChecked()
    assert list(window._pages) == ["overview", "survey"]


def test_building_a_page_flashes_no_other_window(window: MainWindow, qapp: QApplication) -> None:
    shown: list[QObject] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for key in ("survey", "settings", "overview"):
        window.show_page(key)
        process()
    qapp.removeEventFilter(watch)
    assert shown == []
    assert window.isActiveWindow()


def test_changes_reach_hidden_pages_when_they_are_shown(window: MainWindow) -> None:
    page = window.page("overview")
    assert isinstance(page, FiguresPage)
    window.show_page("survey")
    window.apply_changes(Changes(sites=("a",)))
    window.apply_changes(Changes(sites=("b", "a"), drafts=True))
    assert page.seen == []
    window.show_page("overview")
    assert page.seen == [Changes(sites=("a", "b"), drafts=True)]


def test_merged_changes_name_everything_once() -> None:
    both = merged(Changes(findings=("x",), people=True), Changes(findings=("x", "y")))
    assert both == Changes(findings=("x", "y"), people=True)


def test_ctrl_f_goes_to_the_search_field(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("survey")
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is _form(window).search_field())


def test_f1_lists_every_key(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("survey")
    found = {(entry.keys, entry.place) for entry in window.shortcuts()}
    assert {("Ctrl+1", "所有页面"), ("F1", "所有页面"), ("Alt+2", "调查"), ("空格", "调查")} <= found
    assert ("Ctrl+Return", "调查") in found
    QTest.keyClick(window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert faults(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_an_error_is_shown_in_the_page_with_what_to_do(window: MainWindow) -> None:
    window.show_error(PhotoError("照片 IMG_1.heic 打不开", "请重新从手机导出"))
    page = window.page("overview")
    assert isinstance(page, FiguresPage)
    process()
    assert page.messages.isVisible()
    assert page.messages.text() == "照片 IMG_1.heic 打不开"
    page.messages.dismiss()
    assert not page.messages.isVisible()


def test_the_window_comes_back_where_it_was(qtbot: QtBot) -> None:
    memory = Memory()
    first = demo_window(memory)
    qtbot.addWidget(first)
    first.resize(1100, 700)
    first.show()
    first.close()
    second = demo_window(memory)
    qtbot.addWidget(second)
    assert (second.width(), second.height()) in {(1100, 700), (1366, 768)}
    assert isinstance(memory.get("window_geometry"), str)


def test_dropped_files_are_forwarded(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "清单.xlsx")), QUrl("https://example.org/x")])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(window.filesDropped) as signal:
        window.dropEvent(event)
    assert signal.args == [[tmp_path / "清单.xlsx"]]


def test_progress_can_be_cancelled_in_the_status_strip(window: MainWindow, qtbot: QtBot) -> None:
    task = Task(lambda _store: None, "正在导出")
    window.status.show_progress(ProgressState(task, "正在导出", 3, 10, ""))
    process()
    assert window.status._progress.isVisible()
    assert faults(window) == []
    QTest.mouseClick(window.status._cancel, Qt.MouseButton.LeftButton)
    assert task.progress.cancelled
    window.status.show_progress(ProgressState(task, "正在导出", 3, 10, "", finished=True))
    assert not window.status._progress.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_window_fits_the_screen_at_every_text_size(window: MainWindow, qapp: QApplication, scale: float) -> None:
    apply_theme(qapp, "light", scale)
    for key in ("overview", "survey", "settings"):
        window.show_page(key)
        process()
    window.resize(1366, 768)
    process()
    assert (window.width(), window.height()) == (1366, 768)
    assert _form(window).columns.tabbed is (scale >= 1.5)


def test_columns_become_tabs_and_keep_keys_and_focus(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    window.show_page("survey")
    page = _form(window)
    process()
    assert not page.columns.tabbed
    page.width_field.setFocus()
    apply_theme(qapp, "light", 2.0)
    process()
    assert page.columns.tabbed
    assert page.width_field.isVisible()
    assert QApplication.focusWidget() is page.width_field
    QTest.keyClick(page.width_field, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    process()
    assert page.table.isVisible()
    assert not page.width_field.isVisible()
    apply_theme(qapp, "light", 1.0)
    process()
    assert not page.columns.tabbed
    assert page.width_field.isVisible()
    assert page.table.isVisible()
