"""The list beside the map by keyboard: from where it is told, the filter, going somewhere, moving a site and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from barrierfree.coordinates import moved, position
from barrierfree.gui.here_dialog import HereDialog
from barrierfree.gui.locate_dialog import LocateDialog
from barrierfree.gui.map_list import MapList
from barrierfree.gui.map_tools import ALL, BARE
from barrierfree.gui.move_dialog import MoveDialog
from barrierfree.gui.page import Page
from barrierfree.gui.record_model import DETAIL_ROLE
from barrierfree.gui.shortcut_help import collect
from barrierfree.gui.standing import Standing
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.gui.theme import apply_theme
from barrierfree.model.records import Changes, Site
from barrierfree.model.words import Status
from barrierfree.operations import moving
from barrierfree.operations.map_list import Origin, Picked
from barrierfree.store import Store
from tests.builders import inspection, new_site, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.gui.program import keys
from tests.photo_files import picture

__all__ = ["desk"]
D = TypeVar("D", bound=QDialog)
Key = Qt.Key
GATE = (116.46, 39.89)
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


class ListPage(Page):
    """The map page without its map."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("地图")
        self.list = MapList(desk.context, self)
        self.body.addWidget(self.list)

    def activate(self) -> None:
        self.list.begin()

    def apply_changes(self, changes: Changes) -> None:
        if changes.written and changes.sites:
            self.list.apply_changes(changes)


@pytest.fixture
def page(desk: Desk) -> ListPage:
    """A gate at ``GATE``, a shop 40 m north-east of it, one 600 m east, one without position."""
    shop = replace(new_site("shop", "丙店"), position=position(*moved(*GATE, 28.3, 28.3), "wgs84"))
    far = replace(new_site("far", "丁店"), position=moving.in_datum(*moved(*GATE, 600, 0), "gcj02"))
    bare = replace(new_site("bare", "戊店"), position=None)
    gate = new_site("gate", "2 号门")
    desk.do(lambda store: store.add_sites([gate, shop, far, bare], person="p"))
    for known in ("幸福", "光环"):  # the two that every desk has stand on the gate: away with them
        site = desk.site(known)
        there = position(*moved(*GATE, -900, 0), "wgs84")
        desk.do(partial(Store.change_site, site=site, values={"position": there}, person="p"))
    return desk.show(ListPage(desk))


def write(line: QLineEdit, text: str) -> None:
    """Chinese, as an input method gives it."""
    line.setFocus()
    line.setText(text)


def origin(page: ListPage) -> Origin:
    return page.list.tools.origin


def names(page: ListPage) -> list[str]:
    return [row.site.name for row in page.list.table.model.records]


def dialog_of(desk: Desk, kind: type[D]) -> D:
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def look_at_all(desk: Desk, page: ListPage) -> None:
    page.list.set_view((116.4, 39.8, 116.52, 39.98))
    desk.qtbot.waitUntil(lambda: not page.list._delay.isActive())
    desk.settle()


def test_a_row_is_a_sentence(desk: Desk, page: ListPage) -> None:
    page.list.set_view((GATE[0] - 0.001, GATE[1] - 0.001, GATE[0] + 0.001, GATE[1] + 0.001))
    desk.qtbot.waitUntil(lambda: sorted(names(page)) == ["2 号门", "丙店"])
    row = names(page).index("丙店")
    index = page.list.table.model.index(row, 0)
    assert index.data(SPOKEN) == "丙店，“2 号门”东北 40 米，未普查"
    assert index.data(int(Qt.ItemDataRole.ToolTipRole)) == index.data(SPOKEN)
    assert index.data(DETAIL_ROLE) == "未普查 · “2 号门”东北 40 米"
    assert page.list.tools.count.text() == "视野内 2 个点位，另有 1 个没有位置。"
    assert not page.list.rows.more.isVisible()


def test_the_origin_is_chosen_by_keyboard(desk: Desk, page: ListPage) -> None:
    look_at_all(desk, page)
    box = page.list.tools.origin_box
    assert origin(page) is Origin.NEIGHBOUR
    box.setCurrentIndex(box.findData(Origin.NEIGHBOUR.value))
    desk.press(box, Key.Key_Down)
    assert origin(page) is Origin.MIDDLE
    assert all("地图中心" in row.where for row in page.list.table.model.records)
    page.list.table.select(desk.site("2 号门"))
    desk.settle()
    desk.press(box, Key.Key_Down)
    assert origin(page) is Origin.CHOSEN
    assert box.currentText() == "从：“2 号门”"
    assert [row.where for row in page.list.table.model.records][:2] == ["就在“2 号门”", "“2 号门”东北 40 米"]


def test_here_is_one_place_for_map_and_walk(desk: Desk, page: ListPage) -> None:
    survey = desk.show(SurveyPage(desk.context))
    page.window().activateWindow()
    page.list.tools.typed.trigger()
    dialog = dialog_of(desk, HereDialog)
    assert faults(dialog) == []
    QTest.keyClicks(dialog.coordinates.place, f"{GATE[1]}, {moved(*GATE, 610, 0)[0]}")
    dialog.coordinates.datum.setCurrentIndex(dialog.coordinates.datum.findData("wgs84"))
    assert "像是反的" in dialog.coordinates.note.text()
    desk.press(dialog.coordinates.place, Key.Key_Return)
    assert origin(page) is Origin.HERE
    page.list.tools.set_scope(ALL)
    page.list.read()
    desk.settle()
    first = page.list.table.model.records[0]
    assert (first.site.name, first.where) == ("丁店", "我这里西 10 米")
    assert survey.sites.walk.here == desk.context.standing.here
    assert survey.sites._model.sites[0].name == "丁店"
    assert Standing(desk.context.settings, str(desk.path)).here == desk.context.standing.here, "kept for the day"
    assert Standing(desk.context.settings, "another survey").here is None
    page.list.tools.forget.trigger()
    desk.settle()
    assert origin(page) is Origin.NEIGHBOUR
    assert desk.context.standing.here is None


def test_here_by_photo_and_by_address(desk: Desk, page: ListPage, tmp_path: Path) -> None:
    page.list.tools.ask_here()
    dialog = dialog_of(desk, HereDialog)
    choose(desk, dialog, "photo")
    desk.press(dialog.photo.button, Key.Key_Return, control=True)
    assert "照片" in dialog.fault.text()
    dialog.photo.take([picture(tmp_path / "a.jpg", "2026:03:02 09:00:00")])
    desk.settle()
    assert "没有位置" in dialog.photo.told.text()
    dialog.photo.take([picture(tmp_path / "b.jpg", "2026:03:02 09:00:00", lon=GATE[0], lat=GATE[1])])
    desk.settle()
    desk.press(dialog.photo.button, Key.Key_Return, control=True)
    here = desk.context.standing.here
    assert here is not None
    assert here.name == "拍照的地方"
    page.list.tools.ask_here()
    dialog = dialog_of(desk, HereDialog)
    choose(desk, dialog, "site")
    write(dialog.sites.picker.search, "广渠路")  # an address
    desk.qtbot.waitUntil(lambda: dialog.sites.picker.table.model.rowCount() > 3)
    write(dialog.sites.picker.search, "丁店")
    desk.qtbot.waitUntil(lambda: dialog.sites.picker.table.model.rowCount() == 1)
    desk.press(dialog.sites.picker.search, Key.Key_Down)
    desk.qtbot.waitUntil(lambda: dialog.sites.picker.site is not None)
    desk.press(dialog.confirm, Key.Key_Return)
    assert desk.context.standing.here is not None
    assert desk.context.standing.here.name == "丁店"


def choose(desk: Desk, dialog: HereDialog | MoveDialog, way: str) -> None:
    pill = dialog.way._pills[way]
    pill.setFocus()
    desk.press(pill, Key.Key_Space)


def test_the_filter_is_said_and_taken_back(desk: Desk, page: ListPage) -> None:
    look_at_all(desk, page)
    told: list[object] = []
    page.list.filter_changed.connect(lambda: told.append(page.list.filter))
    desk.press(page.list.tools.filter_button, Key.Key_Return)
    state = page.list.panel.states[Status.NOT_SURVEYED]
    assert state.hasFocus()
    assert state.accessibleName() == "未普查：5"
    assert page.list.panel.states[Status.OPEN].text() == "未整改 0"
    desk.press(state, Key.Key_Space)
    desk.press(page.list.panel.flags["overdue"], Key.Key_Space)
    assert page.list.filter.statuses == (Status.NOT_SURVEYED,)
    assert page.list.filter.overdue_on
    assert names(page) == []
    desk.press(page.list.panel.back, Key.Key_Return)
    chips = page.list.tools._chip_buttons
    assert [chip.accessibleName() for chip in chips] == ["取消筛选：未普查", "取消筛选：有超期的问题"]
    chips[1].setFocus()
    desk.press(chips[1], Key.Key_Return)
    assert len(names(page)) == 5
    assert page.list.tools._chip_buttons[0].hasFocus(), "the keyboard stays among the chips"
    write(page.list.tools.search, "丁")
    desk.qtbot.waitUntil(lambda: names(page) == ["丁店"])
    assert page.list.filter.text == "丁"
    assert len(told) == 4
    page.list.tools.search.clear()
    page.list.panel.clear()
    desk.qtbot.waitUntil(lambda: len(names(page)) == 5)


def test_without_position_and_what_is_picked_elsewhere(desk: Desk, page: ListPage) -> None:
    page.list.show_bare()
    desk.settle()
    assert names(page) == ["戊店"]
    assert page.list.tools.scope == BARE
    done = desk.do(lambda store: store.submit_visit(visit(desk.site("丁店"), inspection(1.0)), person="anna"))
    desk.do(lambda store: store.review_visit(done.visit, accept=True, person="ben"))
    finding = desk.ask(lambda store: store.findings()[0])
    page.list.show_picked(Picked(title="台账：超期", sites=(finding.site,), findings=(finding.id,)))
    desk.settle()
    assert [row.title for row in page.list.table.model.records] == ["轮椅坡道（丁店）"]
    assert page.list.tools.count.text() == "选出的问题 1 个。"
    desk.press(page.list.tools._chip_buttons[0], Key.Key_Return)
    assert page.list.filter.ids is None
    table = page.list.table
    table.view.setFocus()
    table.select(finding.id)
    desk.settle()
    desk.press(table.view, Key.Key_Return)
    assert desk.went[-1] == ("survey", finding.site)
    desk.press(page.list.rows.ledger, Key.Key_Return)
    assert desk.went[-1] == ("rectification", finding.id)


def test_a_long_list_says_what_it_leaves_out(desk: Desk, page: ListPage) -> None:
    many = [new_site(f"m{n}", f"第 {n} 家店", lon=116.462 + n * 1e-5) for n in range(300)]
    desk.do(lambda store: store.add_sites(many, person="p"))
    look_at_all(desk, page)
    page.list.read()
    desk.settle()
    assert page.list.tools.count.text() == "视野内 305 个点位，列出最近的 200 个，另有 1 个没有位置。"
    desk.press(page.list.rows.more, Key.Key_Return)
    assert len(names(page)) == 305
    assert not page.list.rows.more.isVisible()


def test_located_by_coordinates_in_any_datum(desk: Desk, page: ListPage) -> None:
    places: list[tuple[float, float]] = []
    page.list.located.connect(lambda lon, lat: places.append((lon, lat)))
    desk.press(page.list.tools.locate, Key.Key_G, control=True)
    dialog = dialog_of(desk, LocateDialog)
    assert faults(dialog) == []
    keys(dialog.source.place, "39.89 116.46")
    dialog.source.datum.setCurrentIndex(dialog.source.datum.findData("wgs84"))
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    assert "像是反的" in dialog.source.note.text()
    assert [near.where for near in dialog.table.model.records][:2] == ["就在这里", "这里东北 40 米"]
    assert not dialog.warning.isVisible()
    keys(dialog.source.place, "116.9, 39.89")
    desk.qtbot.waitUntil(lambda: dialog.warning.isVisible())
    assert "普查范围之外" in dialog.warning.text()
    write(dialog.source.place, "116.9, 乱写")
    desk.qtbot.waitUntil(lambda: dialog.fault.isVisible())
    assert not dialog.confirm.isEnabled()
    dialog.source.datum.setCurrentIndex(dialog.source.datum.findData("other"))
    dialog.source.other.setText("4548")
    keys(dialog.source.place, "453902.168, 4418009.572")
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    desk.press(dialog.confirm, Key.Key_Return)
    ((lon, lat),) = places
    assert lon == pytest.approx(116.461, abs=1e-4)
    assert lat == pytest.approx(39.895, abs=1e-4)


def test_moved_by_metres_and_undone(desk: Desk, page: ListPage) -> None:
    look_at_all(desk, page)
    site = desk.site("丁店")
    before = moving.held(desk.ask(lambda store: store.site(site)))
    page.list.table.select(site)
    desk.settle()
    desk.press(page.list.table.view, Key.Key_F2)
    dialog = dialog_of(desk, MoveDialog)
    assert faults(dialog) == []
    assert not dialog.confirm.isEnabled()
    up = dialog.metres.metres.up
    keys(up, "40")
    south = dialog.metres.metres.up_side._pills["south"]
    south.setFocus()
    desk.press(south, Key.Key_2)
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    assert "移动：向南 40 米" in dialog.told.text()
    assert "普查范围：在范围内" in dialog.told.text()
    assert not dialog.warning.isVisible()
    keys(dialog.metres.metres.across, "60")
    desk.qtbot.waitUntil(lambda: dialog.warning.isVisible() and dialog.confirm.isEnabled())
    assert "超过 50 米" in dialog.warning.text()
    assert dialog.confirm.text() == "仍然采用"
    desk.press(dialog.confirm, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: page.messages.text() == "“丁店”的位置已改：向东南 72 米。")
    after = moving.held(desk.ask(lambda store: store.site(site)))
    assert after is not None
    assert after != before
    assert after.datum == "gcj02"
    assert page.messages._action is not None
    desk.press(page.list.table.view, Key.Key_Z, control=True)
    assert moving.held(desk.ask(lambda store: store.site(site))) == before
    assert "回到原来的位置" in page.messages.text()
    desk.press(page.list.table.view, Key.Key_Z, control=True)  # there is nothing more to take back
    assert moving.held(desk.ask(lambda store: store.site(site))) == before
    assert desk.ask(lambda store: store.check()) == []


def moving_dialog(desk: Desk, page: ListPage, name: str, way: str) -> tuple[Site, MoveDialog]:
    site = desk.ask(lambda store: store.site(desk.site(name)))
    page.list.site_actions.place(site)
    dialog = dialog_of(desk, MoveDialog)
    choose(desk, dialog, way)
    return site, dialog


def test_the_datum_alone_is_corrected(desk: Desk, page: ListPage) -> None:
    site, dialog = moving_dialog(desk, page, "丁店", "typed")
    assert dialog.typed.datum.currentData() == "gcj02"
    dialog.typed.datum.setCurrentIndex(dialog.typed.datum.findData("bd09"))
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    assert "公里" in dialog.told.text() or "米" in dialog.told.text()
    desk.press(dialog.confirm, Key.Key_Return)
    after = desk.ask(lambda store: store.site(site.id))
    assert (after.given_x, after.given_y, after.datum) == (site.given_x, site.given_y, "bd09")
    assert after.lon != site.lon


def test_from_a_photo_with_its_error_said(desk: Desk, page: ListPage, tmp_path: Path) -> None:
    site, dialog = moving_dialog(desk, page, "戊店", "photo")
    dialog.photo.take([picture(tmp_path / "no.jpg", "2026:03:02 09:00:00")])
    desk.settle()
    desk.qtbot.waitUntil(lambda: "没有位置" in dialog.told.text())
    assert not dialog.confirm.isEnabled()
    dialog.photo.take([picture(tmp_path / "yes.jpg", "2026:03:02 09:00:00", lon=GATE[0], lat=GATE[1])])
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    assert "10 到 50 米" in dialog.photo.told.text()
    assert "现在的位置：没有位置" in dialog.told.text()
    desk.press(dialog.confirm, Key.Key_Return)
    assert desk.ask(lambda store: store.site(site.id)).datum == "wgs84"
    page.list.site_actions.undo_move()
    desk.settle()
    assert desk.ask(lambda store: store.site(site.id)).lon is None


def test_as_another_site_and_metres_on(desk: Desk, page: ListPage) -> None:
    site, dialog = moving_dialog(desk, page, "戊店", "site")
    write(dialog.other.picker.search, "2 号门")
    desk.qtbot.waitUntil(lambda: dialog.other.picker.table.model.rowCount() == 1)
    desk.press(dialog.other.picker.search, Key.Key_Down)
    desk.qtbot.waitUntil(lambda: dialog.confirm.isEnabled())
    keys(dialog.other.metres.across, "25")
    desk.qtbot.waitUntil(lambda: dialog.chosen is not None and dialog.chosen.lon > GATE[0] + 1e-5)
    desk.press(dialog.confirm, Key.Key_Return)
    after = desk.ask(lambda store: store.site(site.id))
    assert after.lon == pytest.approx(moved(*GATE, 25, 0)[0], abs=1e-6)
    assert after.lat == pytest.approx(39.89, abs=1e-6)


def test_an_undo_that_would_lose_a_later_move_is_refused(desk: Desk, page: ListPage) -> None:
    site = desk.ask(lambda store: store.site(desk.site("丁店")))
    page.list.site_actions.move(site, position(*GATE, "wgs84"))
    desk.settle()
    later = position(116.47, 39.89, "wgs84")
    desk.context.tasks.write(lambda store: store.change_site(site.id, {"position": later}, person="ben"))
    desk.settle()
    page.list.site_actions.undo_move()
    desk.settle()
    assert "位置后来又改过" in page.messages.text()
    assert moving.held(desk.ask(lambda store: store.site(site.id))) == later


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_accessible(desk: Desk, page: ListPage, scale: float) -> None:
    apply_theme(QApplication.instance(), "light", scale)  # type: ignore[arg-type]
    look_at_all(desk, page)
    page.list.panel.flags["overdue"].setChecked(True)
    page.list.panel.flags["overdue"].setChecked(False)
    page.list.panel.states[Status.NOT_SURVEYED].setChecked(True)
    page.list.choose(desk.site("丁店"))
    desk.settle()
    assert faults(page) == []
    page.list.show_filter()
    desk.settle()
    assert faults(page) == []
    page.list.show_rows()
    said = {entry.keys for entry in collect(page, "地图")}
    assert {"Ctrl+J", "Ctrl+G", "Ctrl+Shift+F", "F2", "Ctrl+Z"} <= said


def test_tab_goes_from_the_list_to_what_can_be_done(desk: Desk, page: ListPage) -> None:
    look_at_all(desk, page)
    page.list.table.select(desk.site("丁店"))
    desk.settle()
    assert tabs(page, page.list.tools.search, 12) >= {page.list.tools.origin_box, page.list.table.view}
    page.list.table.view.setFocus()
    order: Sequence[QWidget | None] = [following(page) for _ in range(2)]
    assert order == [page.list.rows.open, page.list.rows.place]


def following(page: ListPage) -> QWidget | None:
    QTest.keyClick(QApplication.focusWidget() or page, Key.Key_Tab)
    return QApplication.focusWidget()


def tabs(page: ListPage, first: QWidget, most: int) -> set[QWidget | None]:
    first.setFocus()
    return {following(page) for _ in range(most)}
