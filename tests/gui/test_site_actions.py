"""Adding, placing and merging sites by keyboard: what is offered, what is recorded, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from barrierfree.gui.data_page import DataPage
from barrierfree.gui.decision_card import UndoDialog
from barrierfree.gui.merge_dialog import MergeDialog
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.gui.theme import apply_theme
from barrierfree.model.records import Draft
from barrierfree.store import SameSite, SiteFilter
from tests.builders import inspection, new_site, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.gui.program import keys

__all__ = ["desk"]
D = TypeVar("D", bound=QDialog)


def dialog_of(desk: Desk, kind: type[D]) -> D:
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


@pytest.fixture
def page(desk: Desk) -> SurveyPage:
    return desk.show(SurveyPage(desk.context))


def test_a_site_that_is_there_is_offered(desk: Desk, page: SurveyPage) -> None:
    desk.press(page, Qt.Key.Key_N, control=True)
    dialog = dialog_of(desk, SiteDialog)
    dialog.name.setText("幸福便利店")
    keys(dialog.place, "116.4601, 39.8900")
    desk.qtbot.waitUntil(lambda: bool(dialog.similar.shown))
    assert dialog.similar.isVisible()
    assert "相距 9 米" in dialog.similar.accessibleDescription()
    assert dialog.confirm.text() == "仍然新增"
    assert faults(dialog) == []
    button = dialog.similar.buttons[0]
    button.setFocus()
    desk.press(button, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: page._work is not None)
    assert page._work is not None
    assert page._work.site.id == desk.site("幸福")
    assert len(desk.ask(lambda store: store.sites())) == 2


def test_added_all_the_same_and_never_asked_again(desk: Desk, page: SurveyPage) -> None:
    before = desk.site("幸福")
    page.new_site()
    dialog = dialog_of(desk, SiteDialog)
    dialog.name.setText("幸福便利店")
    keys(dialog.place, "116.4601, 39.8900")
    dialog.more.setChecked(True)
    keys(dialog.grid, "105-17")
    keys(dialog.city_number, "C-9")
    dialog.street.setText("劲松街道")
    dialog.confirmed()  # before the search has answered: it comes first
    assert dialog.isVisible()
    desk.qtbot.waitUntil(lambda: dialog.confirm.text() == "仍然新增")
    assert dialog.isVisible()
    desk.press(dialog.confirm, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: page._work is not None and page._work.site.grid == "105-17")
    assert page._work is not None
    new = page._work.site
    assert (new.city_number, new.street, new.district) == ("C-9", "劲松街道", "朝阳区")
    assert "劲松街道" in page.head._about.text()
    assert "105-17" in page.head._about.text()
    assert desk.ask(lambda store: store.identities()).apart(new.id, before)


def test_a_new_name_is_saved_at_once(desk: Desk, page: SurveyPage) -> None:
    page.new_site()
    dialog = dialog_of(desk, SiteDialog)
    dialog.name.setText("老王修车铺")
    dialog.confirmed()
    desk.qtbot.waitUntil(lambda: page._work is not None and page._work.site.name == "老王修车铺")
    assert desk.ask(lambda store: store.decisions()) == []


def test_a_position_can_be_given_by_keyboard(desk: Desk, page: SurveyPage) -> None:
    bare = replace(new_site("bare", "没有位置的点"), position=None)
    desk.do(lambda store: store.add_sites([bare], person="p"))
    page.activate()
    desk.settle()
    chip = page.sites.chips["bare"]
    assert (chip.isVisible(), chip.text()) == (True, "无位置 1")
    desk.press(chip, Qt.Key.Key_Space)
    assert [s.name for s in page.sites._model.sites] == ["没有位置的点"]
    page.sites.search.setFocus()
    desk.press(page.sites.search, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: page._work is not None)
    desk.press(page.sites.view, Qt.Key.Key_F2)
    dialog = dialog_of(desk, SiteDialog)
    keys(dialog.place, "116.4610, 39.8950")
    dialog.datum.setCurrentIndex(dialog.datum.findData("gcj02"))
    desk.press(dialog.place, Qt.Key.Key_Return, control=True)
    desk.qtbot.waitUntil(lambda: not page.sites._model.sites)
    site = desk.ask(lambda store: store.sites(SiteFilter(text="没有位置")))[0]
    assert site.datum == "gcj02"
    assert site.lon is not None
    assert 0.004 < abs(116.461 - site.lon) < 0.008


def test_filters_and_what_is_gone(desk: Desk, page: SurveyPage) -> None:
    site = desk.site("光环")
    assert not page.sites.chips["gone"].isVisible()
    assert not page.sites.chips["unvisited"].isVisible()
    desk.context.tasks.write(lambda store: store.change_site(site, {"gone": "“新清单.xlsx”里已经没有"}, person="p"))
    desk.settle()
    desk.settle()
    assert page.sites.chips["left"].text() == "未完成 1"
    desk.press(page.sites.chips["gone"], Qt.Key.Key_Space)
    assert [s.id for s in page.sites._model.sites] == [site]
    row = page.sites._model.index(0)
    assert "清单里已没有" in str(row.data(int(Qt.ItemDataRole.AccessibleTextRole)))
    page.open_site(site)
    desk.settle()
    assert "新清单.xlsx" in page.head.notice()


def test_in_a_later_round_those_not_yet_visited_can_be_seen(desk: Desk, page: SurveyPage) -> None:
    figures = desk.ask(lambda store: store.site_figures())
    page.sites.set_figures(figures.model_copy(update={"round": 2}))
    chip = page.sites.chips["unvisited"]
    assert (chip.isVisible(), chip.text()) == (True, "本轮未走访 2")
    desk.press(chip, Qt.Key.Key_Space)
    assert len(page.sites._model.sites) == 2
    desk.do(lambda store: store.submit_visit(visit(desk.site("光环"), inspection(1.3)), person="anna"))
    page.activate()
    desk.settle()
    assert [s.id for s in page.sites._model.sites] == [desk.site("幸福")]


def test_a_long_list_comes_part_by_part(desk: Desk, page: SurveyPage) -> None:
    many = [new_site(f"m{n}", f"第{n}家店", lon=116.44 + n * 1e-5) for n in range(700)]
    desk.do(lambda store: store.add_sites(many, person="p"))
    page.activate()
    desk.settle()
    assert len(page.sites._model.sites) == 300
    assert page.sites._footer.text() == "显示前 300 个，共 702 个——再输入几个字可缩小范围"
    page.sites.view.setFocus()
    QTest.keyClick(page.sites.view, Qt.Key.Key_End)
    desk.qtbot.waitUntil(lambda: len(page.sites._model.sites) == 600)
    QTest.keyClick(page.sites.view, Qt.Key.Key_End)
    desk.qtbot.waitUntil(lambda: len(page.sites._model.sites) == 702)
    assert len({s.id for s in page.sites._model.sites}) == 702
    assert page.sites._footer.text() == "显示 702 / 702"
    page.sites.search.setText("第699")
    desk.qtbot.waitUntil(lambda: len(page.sites._model.sites) == 1)


def test_merging_and_taking_it_back(desk: Desk, page: SurveyPage) -> None:
    one, other = desk.site("幸福"), desk.site("光环")
    page.open_site(one)
    desk.settle()
    page.head.merge()
    dialog = dialog_of(desk, MergeDialog)
    desk.settle()
    assert not dialog.confirm.isEnabled()
    dialog.search.setText("光环")
    desk.qtbot.waitUntil(lambda: [s.site.id for s in dialog.table.model.records] == [other])
    desk.press(dialog.search, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(dialog.confirm.isEnabled)
    assert "名称相近" in dialog.comparison.text()
    assert faults(dialog) == []
    pill = dialog.keep.focusProxy()
    assert pill is not None
    QTest.keyClick(pill, Qt.Key.Key_2)
    assert dialog._kept.text().startswith("光环药房")
    desk.press(dialog.confirm, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: page._work is not None and page._work.site.id == other)
    assert [s.id for s in desk.ask(lambda store: store.sites())] == [other]
    _take_back(desk)
    assert len(desk.ask(lambda store: store.sites())) == 2
    assert desk.ask(lambda store: store.check()) == []


def _take_back(desk: Desk) -> None:
    data = desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))
    card = data.decisions
    assert [(d.name, d.same) for d in card.table.model.records] == [("幸福便利店（示例）", True)]
    card.table.view.setFocus()
    QTest.keyClick(card.table.view, Qt.Key.Key_Down)
    card.table.view.selectRow(0)
    desk.press(card.undo, Qt.Key.Key_Return)
    dialog = dialog_of(desk, UndoDialog)
    dialog.confirmed()
    assert dialog.isVisible(), "a reason is asked for"
    dialog.reason.setText("其实是两家")
    desk.press(dialog.confirm, Qt.Key.Key_Return)
    desk.settle()
    assert [d.same for d in card.table.model.records] == [False]
    assert not card.undo.isEnabled()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_accessible(desk: Desk, page: SurveyPage, scale: float) -> None:
    apply_theme(QApplication.instance(), "light", scale)  # type: ignore[arg-type]
    one, other = desk.site("幸福"), desk.site("光环")
    desk.do(lambda store: store.decide_same(SameSite(row=one, site=other, same=False, name="甲"), person="p"))
    desk.do(lambda store: store.save_draft(Draft(site=one, element="door", number=1, person="p", answers={})))
    page.open_site(one)
    desk.settle()
    assert faults(page) == []
    data = desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))
    assert faults(data) == []
