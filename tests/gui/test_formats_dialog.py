"""Open formats through the data page: what is asked, what is written, what is said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from barrierfree.formats import FORMATS, LAYERS, extras
from barrierfree.gui.data_page import DataPage
from barrierfree.gui.formats_dialog import FormatsDialog
from tests.builders import Clock, new_site, survey
from tests.gui import accessibility
from tests.gui.program import running, window_of
from tests.operations.test_reports import Life


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, clock: Clock) -> Iterator[DataPage]:
    path = tmp_path / "s.gpkg"
    with survey(path, clock) as store:
        life = Life(store, clock)
        for site in store.add_sites([new_site("a"), new_site("b", community="富力")], person=life.staff).ids:
            life.see(site, 0.9)
    with running(qtbot, path, tmp_path / "home", exports=str(tmp_path / "out")) as program:
        window = window_of(program)
        window.show_page("data")
        found = window.page("data")
        assert isinstance(found, DataPage)
        yield found


@pytest.fixture
def dialog(qtbot: QtBot, page: DataPage) -> FormatsDialog:
    page.formats.start.click()
    qtbot.waitUntil(lambda: bool(page.findChildren(FormatsDialog)), timeout=20_000)
    return page.findChildren(FormatsDialog)[0]


def _choose(dialog: FormatsDialog, kind: str) -> None:
    dialog.format.setCurrentIndex(dialog.format.findData(kind))


def test_only_what_a_format_has_room_for_is_asked(dialog: FormatsDialog) -> None:
    assert dialog.request().extras == (), "nothing goes along that was not ticked"
    for kind, known in FORMATS.items():
        _choose(dialog, kind)
        offered = [dialog.layer.itemData(at) for at in range(dialog.layer.count())]
        assert offered == [layer for layer in LAYERS if layer in known.layers]
        for layer in offered:
            dialog.layer.setCurrentIndex(dialog.layer.findData(layer))
            for box in dialog.extras.values():
                box.setChecked(True)
            assert set(dialog.request().extras) == set(extras(kind, layer)), (kind, layer)
            assert accessibility.faults(dialog) == []
        assert dialog._file.suffix == known.endings[0]
        assert dialog.about.text()
    _choose(dialog, "osm-geojson")
    assert "从不上传" in dialog.about.text()


def test_by_keyboard_to_the_file(qtbot: QtBot, page: DataPage, dialog: FormatsDialog, tmp_path: Path) -> None:
    dialog.format.setFocus()
    dialog.layer.setCurrentIndex(dialog.layer.findData("findings"))
    dialog.community.setFocus()
    QTest.keyClick(dialog.community, Qt.Key.Key_Down)
    assert dialog.request().community in ("垂杨柳东里", "富力")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.messages.text() != "", timeout=20_000)
    (made,) = (tmp_path / "out").iterdir()
    assert page.messages.text() == f"已导出 1 条“问题”：{made.name}"
    assert [f["properties"]["status_zh"] for f in json.loads(made.read_text(encoding="utf-8"))["features"]] == [
        "未整改"
    ]
    assert "打开文件夹" in [button.text() for button in page.messages.findChildren(QPushButton)]
    assert accessibility.faults(page) == []


def test_a_refusal_keeps_the_dialog_and_what_was_filled_in(
    qtbot: QtBot, page: DataPage, dialog: FormatsDialog, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    dialog.save_to(tmp_path / "taken" / "o.csv")
    _choose(dialog, "csv")
    dialog.confirm.click()
    qtbot.waitUntil(lambda: dialog.fault.isVisible(), timeout=20_000)
    assert "没有写成" in dialog.fault.text()
    assert dialog.isVisible()
    assert dialog.confirm.isEnabled()
    dialog.save_to(tmp_path / "o.csv")
    assert not dialog.fault.isVisible()
    dialog.confirm.click()
    qtbot.waitUntil(lambda: page.messages.text() != "", timeout=20_000)
    assert (tmp_path / "o.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_cancelling_leaves_nothing(qtbot: QtBot, page: DataPage, dialog: FormatsDialog, tmp_path: Path) -> None:
    dialog.confirm.click()
    assert dialog._task is not None
    dialog._task.cancel()
    dialog.reject()
    qtbot.waitUntil(lambda: dialog._task is None, timeout=20_000)
    assert dialog.isVisible()
    assert dialog.fault.text() == "已取消，没有留下文件。"
    assert not list((tmp_path / "out").glob("*"))
    dialog.reject()
    assert not dialog.isVisible()
