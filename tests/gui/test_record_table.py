from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree.gui.buttons import Button
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import apply_theme


@dataclass(frozen=True)
class Shop:
    id: str
    name: str
    community: str
    metres: int
    state: str = "open"


SHOPS = (
    Shop("a", "幸福便利店", "垂杨柳东里", 80),
    Shop("b", "光环药房", "光环", 120, "met"),
    Shop("c", "=富力超市", "富力", 9),
)


def _columns() -> Sequence[Column[Shop]]:
    return (
        Column("name", "点位", lambda s: s.name, symbol=lambda s: s.state),
        Column("community", "社区", lambda s: s.community, filterable=True),
        Column("metres", "距离", lambda s: f"{s.metres} m", sort=lambda s: s.metres, align="right"),
        Column("id", "编号", lambda s: s.id, hidden=True),
    )


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> RecordTable[Shop]:
    apply_theme(qapp, "light", 1.0)
    table: RecordTable[Shop] = RecordTable(_columns(), lambda shop: shop.id, "点位")
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.set_records(SHOPS)
    table.show()
    return table


def _names(table: RecordTable[Shop]) -> list[str]:
    return [table.model.record(row).id for row in range(table.model.rowCount())]


def _click_header(qtbot: QtBot, table: RecordTable[Shop], column: int) -> None:
    header = table.view.horizontalHeader()
    x = header.sectionViewportPosition(column) + 20
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 15))


def test_a_header_sorts_by_value_not_by_text(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    _click_header(qtbot, table, 2)
    assert _names(table) == ["c", "a", "b"]
    assert "↑" in str(table.model.headerData(2, Qt.Orientation.Horizontal))
    _click_header(qtbot, table, 2)
    assert _names(table) == ["b", "a", "c"]


def test_the_keyboard_sorts_too(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    table.view.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.view.setFocus()
    table.view.setCurrentIndex(table.model.index(0, 2))
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(table.view, Qt.Key.Key_O, both)
    assert _names(table) == ["c", "a", "b"]


def test_searching_shows_what_has_every_word(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    table.filters.search.setText("光环 药")
    qtbot.waitUntil(lambda: _names(table) == ["b"])
    assert "显示 1 / 3" in table._footer.text()
    QTest.keyClick(table.search_field(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(_names(table)) == 3)


def test_a_filter_narrows_and_says_so(table: RecordTable[Shop]) -> None:
    table.filters.set_filter("community", frozenset({"光环"}))
    assert _names(table) == ["b"]
    assert table.filters._buttons["community"].text().startswith("社区：光环")
    table.filters.set_filter("community", frozenset({"没有"}))
    assert table._stack.currentWidget() is table._no_match
    table.filters.clear()
    assert len(_names(table)) == 3


def test_copy_is_what_a_spreadsheet_takes(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    table.view.setFocus()
    table.view.selectAll()
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == ["幸福便利店\t垂杨柳东里\t80 m", "光环药房\t光环\t120 m", "'=富力超市\t富力\t9 m"]
    assert table.copy(with_titles=True).startswith("点位\t社区\t距离\n")


def test_enter_opens_the_row(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    assert table.select("b")
    with qtbot.waitSignal(table.activated) as signal:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert signal.args == [SHOPS[1]]


def test_arrows_move_and_the_selection_survives_a_reload(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    table.select("a")
    QTest.keyClick(table.view, Qt.Key.Key_Down)
    assert [shop.id for shop in table.selected()] == ["b"]
    table.set_records([SHOPS[2], SHOPS[1]])
    assert [shop.id for shop in table.selected()] == ["b"]
    current = table.current()
    assert current is not None
    assert current.id == "b"
    assert "已选 1" in table._footer.text()


def test_an_empty_list_says_what_to_do(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    pressed: list[bool] = []
    table.set_empty("还没有点位", "把清单拖进窗口", "导入", lambda: pressed.append(True))
    table.set_records([])
    assert table._stack.currentWidget() is table._empty
    button = table._empty._button
    assert button is not None
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True]
    table.set_loading()
    assert table._stack.currentWidget() is table._loading


def test_columns_are_remembered(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    table.filters._ticks["id"].trigger()
    table.filters._ticks["community"].trigger()
    table.view.horizontalHeader().moveSection(2, 0)
    table.model.sort(0, Qt.SortOrder.DescendingOrder)
    state = table.state()
    other: RecordTable[Shop] = RecordTable(_columns(), lambda shop: shop.id, "点位")
    qtbot.addWidget(other)
    other.restore(state)
    assert other.state()["order"] == ["metres", "name", "community", "id"]
    assert other.state()["hidden"] == ["community"]
    assert other.state()["sort"] == "name"
    assert other.state()["descending"]


def test_sixty_thousand_rows(qtbot: QtBot, table: RecordTable[Shop]) -> None:
    many = [Shop(f"s{n}", f"点位 {n}", f"社区 {n % 18}", n * 7919 % 60_000) for n in range(60_000)]
    start = time.perf_counter()
    table.set_records(many)
    table.model.sort(2)
    assert table.model.record(0).metres == 0
    assert time.perf_counter() - start < 1.5
    table.model.set_search("s59999")
    qtbot.waitUntil(lambda: table.model.rowCount() == 1, timeout=8000)
    assert "1 / 60,000" in table._footer.text()


def test_selection_survives_a_shorter_list(qtbot: QtBot) -> None:
    table: RecordTable[str] = RecordTable((Column("a", "甲", lambda r: r),), lambda r: r, "表")
    qtbot.addWidget(table)
    table.show()
    table.set_records(["a", "b", "c", "d"])
    assert table.select("d")
    table.set_records(["d"])
    assert table.selected() == ["d"]
    table.set_records([])
    assert table.selected() == []
    button = Button("x", shortcut="Ctrl+L")
    button.setText("y")
    assert button.shortcut().toString() == "Ctrl+L"
    QApplication.processEvents()
