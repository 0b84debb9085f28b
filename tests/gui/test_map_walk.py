"""The map page as its first users met it: walking down the list, searching, large text, an outline elsewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from barrierfree.coordinates import position
from barrierfree.gui.locate_dialog import LocateDialog
from barrierfree.gui.map_page import MapPage
from barrierfree.gui.map_tools import ALL
from tests.builders import new_site, survey
from tests.gui.program import running, window_of
from tests.gui.test_map_page import ask, shown

pytestmark = pytest.mark.slow
Key = Qt.Key
EAST, NORTH = 116.44, 39.885  # the south-west corner of the sites of ``path``, 220 m apart


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """5 rows of 8 shops; the last of all has a name of its own."""
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        store.add_sites(
            [
                replace(
                    new_site(f"{row}{at}", "光环药房" if (row, at) == (4, 7) else f"{row} 排 {at} 号"),
                    position=position(EAST + at * 0.0026, NORTH + row * 0.002, "wgs84"),
                )
                for row in range(5)
                for at in range(8)
            ],
            person="p",
        )
    return path


def listed(qtbot: QtBot, page: MapPage, count: int) -> list[str]:
    qtbot.waitUntil(lambda: page.list.table.model.rowCount() == count, timeout=10000)
    return [row.site.id for row in page.list.table.model.records]


def look(qtbot: QtBot, page: MapPage, lon: float, lat: float, zoom: float) -> None:
    ask(qtbot, page, f"barrierfree.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}); 1")


def is_chosen(page: MapPage, site: str) -> bool:
    return page.list.site is not None and page.list.site.id == site


def test_walking_down_the_list_goes_on_while_the_map_follows(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        view = page.list.table.view
        listed(qtbot, page, 40)
        page.list.tools.set_scope(ALL)
        look(qtbot, page, EAST, NORTH, 18)
        qtbot.waitUntil(lambda: page.list._middle == pytest.approx((EAST, NORTH), abs=1e-4), timeout=10000)
        qtbot.waitUntil(lambda: page.list.table.model.record(0).site.name == "0 排 0 号", timeout=10000)
        order = listed(qtbot, page, 40)
        page.list.tools.search.setFocus()
        QTest.keyClick(page.list.tools.search, Key.Key_Down)
        for row in range(1, 6):
            QTest.keyClick(view, Key.Key_Down)
            site = page.list.table.model.record(row).site
            qtbot.waitUntil(partial(is_chosen, page, site.id), timeout=10000)
            inside = f"barrierfree.map.getBounds().contains([{site.lat}, {site.lon}])"
            qtbot.waitUntil(partial(ask, qtbot, page, inside), timeout=10000)
            assert view.currentIndex().row() == row
        qtbot.waitUntil(lambda: not ask(qtbot, page, "!!barrierfree.map._panAnim?._inProgress"), timeout=10000)
        assert listed(qtbot, page, 40) == order, "the order is of the place one looked at, not of each step"
        look(qtbot, page, EAST + 7 * 0.0026, NORTH, 18)
        qtbot.waitUntil(lambda: page.list.table.model.record(0).site.name == "0 排 7 号", timeout=10000)


def test_what_is_chosen_on_the_map_and_not_listed_leaves_no_other_row_marked(
    qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        order = listed(qtbot, page, 40)
        names = {row.site.id: row.site.name for row in page.list.table.model.records}
        page.list.table.select(order[0])
        qtbot.waitUntil(lambda: page.list.site is not None)
        look(qtbot, page, EAST, NORTH, 19)
        qtbot.waitUntil(lambda: page.list.table.model.rowCount() < 9, timeout=10000)
        far = next(key for key in order if names[key] == "光环药房")
        assert far not in [row.site.id for row in page.list.table.model.records]
        page.map.selected.emit(far)
        qtbot.waitUntil(lambda: page.list.site is not None and page.list.site.id == far, timeout=10000)
        assert page.list.table.current() is None
        assert page.list.table.selected() == []


def test_a_search_that_finds_nothing_in_view_offers_to_look_everywhere(
    qtbot: QtBot, path: Path, tmp_path: Path
) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        listed(qtbot, page, 40)
        look(qtbot, page, EAST, NORTH, 19)
        qtbot.waitUntil(lambda: page.list.table.model.rowCount() < 9, timeout=10000)
        search = page.list.tools.search
        search.setText("光环药房")
        qtbot.waitUntil(lambda: "视野里没有符合条件的" in texts(page), timeout=10000)
        page.list._show_all()
        qtbot.waitUntil(lambda: [row.title for row in page.list.table.model.records] == ["光环药房"], timeout=10000)
        line = "document.querySelector('.bf-count').textContent"
        qtbot.waitUntil(lambda: ask(qtbot, page, line) == "筛选中：显示 0 / 1（共 40）", timeout=10000)
        search.setFocus()
        QTest.keyClick(search, Key.Key_Escape)
        assert search.text() == ""
        listed(qtbot, page, 40)


def texts(page: MapPage) -> list[str]:
    return [label.text() for label in page.list.table.findChildren(QLabel) if label.isVisible()]


def test_enter_goes_to_typed_coordinates_at_once(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        listed(qtbot, page, 40)
        page.list.ask_place()
        dialog = window_of(program).findChild(LocateDialog)
        assert dialog is not None
        dialog.source.place.setText("abc")
        QTest.keyClick(dialog.source.place, Key.Key_Return)
        assert dialog.fault.isVisibleTo(dialog)
        assert dialog.told.text() == "", "nothing is said of what was typed before"
        dialog.source.place.setText("116.4461, 39.8864")
        QTest.keyClick(dialog.source.place, Key.Key_Return)
        qtbot.waitUntil(lambda: ask(qtbot, page, "(barrierfree.state.place || {}).lon || 0") > 116, timeout=10000)


def test_texts_in_the_page_are_as_large_as_the_others(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('{}')).fontSize)"
    found = []
    for scale in (1.0, 2.0):
        with running(qtbot, path, tmp_path / f"home{scale}", text_scale=scale) as program:
            page = shown(qtbot, program)
            what = (".bf-count", ".bf-note", ".bf-row", ".bf-legend summary", ".leaflet-control-scale-line")
            found.append([ask(qtbot, page, size.format(one)) for one in what])
            assert bool(ask(qtbot, page, "document.querySelector('.bf-legend').open")) is (scale == 1.0)
    assert found[1] == pytest.approx([2 * one for one in found[0]])


def test_everything_is_shown_where_the_outline_is_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        store.add_sites([new_site(str(at), lon=116.2 + at * 0.001) for at in range(5)], person="p")
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == 5, timeout=10000)
        page.map.show_all()
        listed(qtbot, page, 5)


def test_a_survey_without_positions_says_where_its_sites_are(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        store.add_sites([replace(new_site(str(at)), position=None) for at in range(3)], person="p")
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: "点位都还没有位置" in texts(page), timeout=10000)
        assert page.list.tools.count.text() == "视野内 0 个点位，另有 3 个没有位置。"
        page.list.show_bare()
        listed(qtbot, page, 3)


def test_an_empty_survey_says_where_sites_come_from(qtbot: QtBot, tmp_path: Path) -> None:
    survey(tmp_path / "s.gpkg").close()
    with running(qtbot, tmp_path / "s.gpkg", tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: "请在“数据”页导入设施清单。" in texts(page), timeout=10000)


def test_a_basemap_that_is_gone_is_said_once(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", basemap="双井.mbtiles") as program:
        page = shown(qtbot, program)
        assert "底图“双井”找不到了" in page.messages.text()
        assert program.settings.choices.basemap == ""
        page.messages.dismiss()
        page.activate()
        assert page.messages.text() == ""


def test_a_fan_of_what_is_filtered_out_closes(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        store.add_sites([new_site("a"), new_site("b", "光环药房")], person="p")
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == 2, timeout=10000)
        legs = "document.querySelectorAll('.bf-leg').length"
        assert ask(qtbot, page, f"barrierfree.act(barrierfree.layer.sites[0]); {legs}") == 2
        page.list.tools.search.setText("光环")
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == 1, timeout=10000)
        assert ask(qtbot, page, legs) == 0
