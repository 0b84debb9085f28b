"""The map in a real web engine: what is drawn, what is blocked, what a click selects, hostile names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree.app import Program
from barrierfree.gui.map_page import MapPage
from barrierfree.operations.map_list import Picked
from tests.builders import new_site, survey
from tests.gui.program import running, window_of

pytestmark = pytest.mark.slow
HOSTILE = [
    "<img src=x onerror=\"document.title='hacked'\">", "</script><script>document.title='hacked'</script>",
    "‮right to left‏", "长" * 2000, "a&b \"quoted\" 'single'", "${title}", "=1+1",
    "{{ 7 * 7 }}{% if %}",
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        sites = [new_site(str(n), name, lon=116.445 + n * 0.005) for n, name in enumerate(HOSTILE)]
        store.add_sites(sites, person="p")
        bare = replace(new_site("bare", "没有位置的点（示例）"), position=None)
        store.add_sites([bare], person="p")
    return path


def shown(qtbot: QtBot, program: Program) -> MapPage:
    window = window_of(program)
    window.show_page("map")
    page = window.page("map")
    assert isinstance(page, MapPage)
    qtbot.waitUntil(lambda: page.map.is_ready, timeout=30000)
    return page


def ask(qtbot: QtBot, page: MapPage, script: str) -> Any:
    answers: list[Any] = []
    page.map.ask(script, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=10000)
    return answers[0]


def test_what_is_typed_before_the_list_is_there_is_searched_for(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        window = window_of(program)
        window.show_page("map")
        page, keyboard = window.page("map"), window.focusWidget()
        assert isinstance(page, MapPage)
        assert keyboard is page.list
        QTest.keyClick(keyboard, Qt.Key.Key_A)
        assert page.list.tools.search.text() == "a"
        assert window.focusWidget() is page.list.tools.search
        qtbot.waitUntil(lambda: page.map.is_ready, timeout=30000)


def test_all_sites_are_drawn_and_nothing_leaves(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == len(HOSTILE), timeout=10000)
        assert ask(qtbot, page, "barrierfree.state.total") == len(HOSTILE)
        names = ask(qtbot, page, "JSON.stringify(barrierfree.layer.sites.map((site) => site.name))")
        assert set(json.loads(names)) == set(HOSTILE)
        assert page.map.blocker.blocked == []
        ask(qtbot, page, "fetch('https://example.org/x').catch(() => 0); fetch('file:///etc/passwd').catch(() => 0); 1")
        ask(qtbot, page, "new Image().src = 'http://example.org/y.png'; 1")
        assert ask(qtbot, page, "document.title") != "hacked"
        refused = (
            "fetch('https://example.org/x').then(() => 'loaded', () => 'refused').then((t) => { window.said = t; }); 1"
        )
        ask(qtbot, page, refused)
        qtbot.waitUntil(lambda: ask(qtbot, page, "window.said || ''") == "refused", timeout=10000)
        assert ask(qtbot, page, "document.querySelectorAll('img[onerror]').length") == 0


def test_click_selects_and_the_list_does_the_same(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == len(HOSTILE), timeout=10000)
        qtbot.waitUntil(lambda: len(page.list.table.model.records) == len(HOSTILE), timeout=10000)
        site = page.list.table.model.records[0].site
        position = f"(p => JSON.stringify([p.x, p.y]))(barrierfree.position({site.id!r}))"
        at = json.loads(ask(qtbot, page, position))
        target = page.map.view.focusProxy() or page.map.view
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(round(at[0]), round(at[1])))
        qtbot.waitUntil(lambda: page.list.site is not None and page.list.site.id == site.id, timeout=10000)
        assert page.list.rows.open.isEnabled()
        ask(qtbot, page, "barrierfree.flush(); 1")
        ringed = f"(p => barrierfree.colourAt(p.x + barrierfree.ring(), p.y))(barrierfree.position({site.id!r}))"
        assert ask(qtbot, page, ringed) == "11,98,164", "the chosen site wears a ring in the colour of the focus"
        other = page.list.table.model.records[3].site
        page.list.table.view.setFocus()
        assert page.list.table.select(other.id)
        qtbot.waitUntil(lambda: page.list.site is not None and page.list.site.id == other.id, timeout=10000)
        QTest.mouseClick(page.list.rows.open, Qt.MouseButton.LeftButton)
        assert window_of(program).current_page == "survey"


def test_sites_without_position_are_listed(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        page.show_target("without_position")
        qtbot.waitUntil(
            lambda: [row.site.name for row in page.list.table.model.records] == ["没有位置的点（示例）"], timeout=10000
        )


def test_the_list_follows_the_view_and_places_typed(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: len(page.list.table.model.records) == len(HOSTILE), timeout=10000)
        page.list.located.emit(116.445, 39.89)  # what the dialog for coordinates says
        qtbot.waitUntil(lambda: len(page.list.table.model.records) == 1, timeout=10000)
        assert page.list.tools.count.text() == "视野内 1 个点位，另有 1 个没有位置。"
        assert page.list.table.model.records[0].site.lon == 116.445
        sites = tuple(s.site.id for s in page.list.table.model.records)
        page.show_target(Picked(title="总览：示例", sites=sites))
        qtbot.waitUntil(lambda: page.list.tools.count.text() == "共 1 个点位。", timeout=10000)
        assert page.list.filter.ids == sites


def test_fast_panning_draws_the_last_view(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == len(HOSTILE), timeout=10000)
        ask(
            qtbot,
            page,
            "for (let i = 0; i < 40; i++) { barrierfree.map.panBy([i % 2 ? 90 : -60, 0], {animate: false}); } 1",
        )
        ask(qtbot, page, "barrierfree.map.setView([39.89, 116.445], 18, {animate: false}); 1")
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == 1, timeout=10000)
        QApplication.processEvents()
