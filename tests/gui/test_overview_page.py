from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from barrierfree.gui.context import Context, Survey
from barrierfree.gui.overview_lists import RulesDialog, SiteDialog
from barrierfree.gui.overview_page import OverviewPage
from barrierfree.gui.store_tasks import StoreTasks
from barrierfree.gui.theme import apply_theme
from barrierfree.model.records import Draft
from barrierfree.model.words import FindingState
from barrierfree.operations.map_list import Picked
from barrierfree.settings import Settings
from barrierfree.store import FindingFilter, Store
from tests.builders import Clock, definition, inspection, new_site, survey, visit
from tests.gui import accessibility

Open = Callable[[Callable[[Store], object]], OverviewPage]


@pytest.fixture
def went() -> list[tuple[str, object]]:
    return []


@pytest.fixture
def open_page(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock, went: list[tuple[str, object]]
) -> Iterator[Open]:
    """Fills a new survey, opens it as the program does, and shows the page with its figures."""
    apply_theme(qapp, "light")
    path = tmp_path / "survey.gpkg"
    running: list[StoreTasks[Store]] = []

    def made(fill: Callable[[Store], object]) -> OverviewPage:
        with survey(path, clock) as store:
            fill(store)
        tasks: StoreTasks[Store] = StoreTasks(
            lambda read_only: Store.open(path, device="device-a", read_only=read_only, clock=clock)
        )
        running.append(tasks)
        about = Survey(path=path, title="测试普查", sample=True, main_file=True, definition=definition())
        settings = Settings(tmp_path / "settings")
        context = Context(
            tasks, settings, about, lambda page, target: went.append((page, target)), lambda: True, tmp_path / "maps"
        )
        page = OverviewPage(context)
        tasks.changed.connect(page.apply_changes)
        qtbot.addWidget(page)
        page.resize(1274, 700)
        page.show()
        page.activate()
        qtbot.waitUntil(lambda: page.header._counts.text() != "")
        return page

    yield made
    for tasks in running:
        tasks.close()


def _filled(store: Store) -> None:
    """Four sites: one visited and accepted with a finding, one visited, one without position, one with a draft."""
    person, _ = store.name_person("甲（示例）")
    other, _ = store.name_person("乙（示例）")
    sites = [
        new_site("a"),
        new_site("b", "光环药房（示例）", "富力"),
        new_site("c", "无名（示例）", "富力"),
        new_site("d"),
    ]
    bare = replace(sites[2], position=None)
    ids = store.add_sites([sites[0], sites[1], bare, sites[3]], person=person).ids
    accepted = store.submit_visit(visit(ids[0], inspection(0.9)), person=person)
    store.review_visit(accepted.visit, accept=True, person=other)
    store.submit_visit(visit(ids[1], inspection(1.3)), person=person)
    store.save_draft(Draft(site=ids[3], element="door", number=1, person=person, answers={"present": "yes"}))


def test_figures_and_their_notes(open_page: Open) -> None:
    page = open_page(_filled)
    assert page.header._counts.text() == "双井街道 · 截至 2026-03-02"
    assert page.sites.accessibleName() == "点位，4，2 个社区"
    assert page.visited.accessibleName() == "已走访，1，25.0 %　本周 +1"
    assert page.findings.accessibleName() == "问题，1，其中超期 0"
    assert page.rectified.accessibleName() == "已整改（销号），0，复检合格　返工 0"
    counts = {key: row.count for key, row in page.rows.items()}
    assert counts == {
        "pending": 1, "claimed": 0, "overdue": 0, "disputed": 0, "bare": 1, "returned": 0, "drafts": 1,
        "conflicts": 0, "waiting": 0, "city_rejected": 0,
    }  # fmt: skip
    assert page.rows["claimed"].view.isHidden()
    assert page.rows["waiting"].isHidden()


def test_sentences(open_page: Open) -> None:
    page = open_page(_filled)
    assert page.communities._sentence.text() == "2 个社区中 1 个完成过半；垂杨柳东里最快（50%），富力最慢（0%）。"
    assert page.states._sentence.text() == "修复关闭 0，其他方式关闭 0，未关闭 1。"
    assert page.elements._sentence.text() == "检查 1 处，不达标 1 处；轮椅坡道最多（1 处）。"


def test_every_number_opens_its_list(open_page: Open, went: list[tuple[str, object]]) -> None:
    page = open_page(_filled)
    for card in page._cards:
        card.click()
    page.rows["pending"].view.click()
    page.rows["bare"].view.click()
    page.communities.activated.emit("富力")
    page.states.activated.emit("open")
    assert went == [
        ("survey", None),
        ("review", "all"),
        ("rectification", FindingFilter()),
        ("rectification", FindingFilter(states=(FindingState.RECTIFIED,))),
        ("review", "pending"),
        ("map", "without_position"),
        ("rectification", FindingFilter(community="富力")),
        ("rectification", FindingFilter(states=(FindingState.OPEN,))),
    ]


def _dialog(qtbot: QtBot, page: OverviewPage, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: bool(page.findChildren(kind)))
    return page.findChildren(kind)[0]


def test_drafts_are_listed_and_open_their_site(qtbot: QtBot, open_page: Open, went: list[tuple[str, object]]) -> None:
    page = open_page(_filled)
    page.rows["drafts"].view.click()
    dialog = _dialog(qtbot, page, SiteDialog)
    assert isinstance(dialog, SiteDialog)
    assert "1 个点位" in dialog.windowTitle()
    dialog.go.click()
    assert went[-1][0] == "survey"
    assert isinstance(went[-1][1], str)


def test_a_list_goes_to_the_map(qtbot: QtBot, open_page: Open, went: list[tuple[str, object]]) -> None:
    page = open_page(_filled)
    page.rows["drafts"].view.click()
    dialog = _dialog(qtbot, page, SiteDialog)
    assert isinstance(dialog, SiteDialog)
    shown = tuple(site.id for site in dialog.table.model.records)
    dialog.map_button.click()
    where, picked = went[-1]
    assert where == "map"
    assert isinstance(picked, Picked)
    assert (picked.sites, picked.findings) == (shown, ())


def test_an_element_lists_the_sites_that_fail(qtbot: QtBot, open_page: Open) -> None:
    page = open_page(_filled)
    page.elements.activated.emit("wheelchair_ramp")
    dialog = _dialog(qtbot, page, SiteDialog)
    assert isinstance(dialog, SiteDialog)
    assert dialog.table.model.rowCount() == 1
    assert accessibility.faults(dialog) == []
    dialog.reject()


def test_rules_are_said(qtbot: QtBot, open_page: Open) -> None:
    page = open_page(_filled)
    assert "另一人复检合格" in page.rectified.toolTip()
    page.rules.click()
    dialog = _dialog(qtbot, page, RulesDialog)
    assert accessibility.faults(dialog) == []
    dialog.reject()


def test_an_empty_survey_says_what_to_do(open_page: Open, went: list[tuple[str, object]]) -> None:
    page = open_page(lambda store: None)
    assert page.empty.isVisible()
    assert not page._scroll.isVisible()
    assert not page.report.isEnabled()
    page.to_data.click()
    assert went == [("data", None)]


def test_changes_are_counted_at_once(qtbot: QtBot, open_page: Open) -> None:
    page = open_page(_filled)
    page._context.tasks.write(lambda store: store.add_sites([new_site("e")], person="").changes)
    qtbot.waitUntil(lambda: page.sites.accessibleName().startswith("点位，5"))


def test_accessible_and_whole_at_200_percent(qtbot: QtBot, qapp: QApplication, open_page: Open) -> None:
    page = open_page(_filled)
    assert accessibility.faults(page) == []
    try:
        apply_theme(qapp, "light", 2.0)
        qtbot.waitUntil(lambda: page.sites.height() >= page.sites.sizeHint().height())
        assert accessibility.faults(page) == []
    finally:
        apply_theme(qapp, "light")


def test_figures_at_each_level(open_page: Open, went: list[tuple[str, object]]) -> None:
    """Where sites lie in several grids, completion can be listed by grid; a row opens the findings of that grid."""

    def fill(store: Store) -> None:
        _filled(store)
        for number, site in enumerate(store.sites()):
            store.change_site(site.id, {"grid": f"G{number % 2}"}, person="p")

    page = open_page(fill)
    assert [page.level.itemText(i) for i in range(page.level.count())] == ["社区", "网格"]
    page.level.setCurrentIndex(1)
    assert page.communities.title.text() == "各网格完成情况"
    assert page.communities._sentence.text().startswith("2 个网格中")
    page.communities.activated.emit("G1")
    assert went[-1] == ("rectification", FindingFilter(grid="G1"))
    assert not accessibility.faults(page)
