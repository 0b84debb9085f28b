"""The map in a real web engine: clusters, fans, what an edit draws anew, keys, fast panning, what is kept inside."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from barrierfree.app import Program
from barrierfree.coordinates import position
from barrierfree.gui.map_page import MapPage
from barrierfree.store import SiteFilter, Store
from tests.builders import new_site, survey
from tests.gui.program import running
from tests.gui.test_map_page import ask, shown

pytestmark = pytest.mark.slow
MANY = 1800  # more than are drawn one by one
SPOT = (116.4725, 39.9025)  # away from the others: five on one spot


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "s.gpkg"
    rng = random.Random(7)
    places = [(116.44 + rng.random() * 0.03, 39.885 + rng.random() * 0.014) for _ in range(MANY - 5)] + [SPOT] * 5
    with survey(path) as store:
        store.add_sites(
            [
                replace(
                    new_site(str(n), f"店{n}（示例）", community="富力" if n % 2 else "垂杨柳东里"),
                    position=position(*at, "wgs84"),
                )
                for n, at in enumerate(places)
            ],
            person="p",
        )
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "s.gpkg"
    copy.write_bytes(made.read_bytes())
    return copy


def wait(qtbot: QtBot, page: MapPage, script: str) -> None:
    qtbot.waitUntil(lambda: bool(ask(qtbot, page, script)), timeout=15000)


def look(qtbot: QtBot, page: MapPage, lon: float, lat: float, zoom: float) -> None:
    """Go there, and wait until what is there is shown."""
    ask(qtbot, page, f"window.seen = 0; barrierfree.on('content', () => {{ window.seen += 1; }});"
        f" barrierfree.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}); 1")  # fmt: skip
    wait(qtbot, page, "window.seen")


def opened(qtbot: QtBot, program: Program) -> MapPage:
    page = shown(qtbot, program)
    wait(qtbot, page, "barrierfree.state.painted")
    return page


def picked(qtbot: QtBot, page: MapPage, script: str) -> Any:
    return json.loads(ask(qtbot, page, f"JSON.stringify({script})"))


def click(page: MapPage, at: list[float]) -> None:
    target = page.map.view.focusProxy() or page.map.view
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(round(at[0]), round(at[1])))


AT = "(item => { const p = barrierfree.map.layerPointToContainerPoint(item.at); return [p.x, p.y]; })"


def test_clusters_stand_for_every_site_and_open(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        wait(qtbot, page, "barrierfree.state.clustered")
        assert ask(qtbot, page, "barrierfree.state.drawn") == MANY
        assert ask(qtbot, page, "barrierfree.layer.sites.length") == 0
        assert "1,800 / 1,800" in ask(qtbot, page, "document.querySelector('.bf-count').textContent")
        ask(qtbot, page, "barrierfree.flush(); 1")
        circles = picked(qtbot, page, "barrierfree.layer.clusters.filter(c => c.n > 1).map(c => [c.at.x, c.at.y, c.r])")
        assert len(circles) > 10
        for n, (x, y, r) in enumerate(circles):
            for u, v, s in circles[:n]:
                assert (x - u) ** 2 + (y - v) ** 2 > (r + s) ** 2, "no cluster covers another one's number"
        largest = "barrierfree.layer.clusters.reduce((a, b) => (a.n > b.n ? a : b))"
        n = round(ask(qtbot, page, f"{largest}.n"))
        assert ask(qtbot, page, f"barrierfree.describe({largest})") == f"{n} 个点位：{n} 个未普查"
        before = ask(qtbot, page, "barrierfree.map.getZoom()")
        click(page, picked(qtbot, page, f"{AT}({largest})"))
        wait(qtbot, page, f"barrierfree.map.getZoom() > {before} && !barrierfree.state.clustered")
        wait(qtbot, page, f"barrierfree.state.drawn >= {n}")


def test_a_filter_shows_its_part_of_the_whole(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        page.map.set_filter(SiteFilter(community="富力"))
        wait(qtbot, page, f"barrierfree.state.matching === {MANY // 2} && barrierfree.state.drawn === {MANY // 2}")
        assert "900 / 900（共 1,800）" in ask(qtbot, page, "document.querySelector('.bf-count').textContent")
        page.map.set_filter(None)
        wait(qtbot, page, f"barrierfree.state.drawn === {MANY}")


def test_an_edit_draws_only_what_changed(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        look(qtbot, page, 116.455, 39.892, 17)
        ask(qtbot, page, "barrierfree.flush(); 1")
        site = picked(qtbot, page, "(s => [s.id, s.lon, s.lat])(barrierfree.layer.sites[3])")
        shown_sites = ask(qtbot, page, "barrierfree.layer.sites.length")
        assert shown_sites > 40
        before = picked(qtbot, page, "barrierfree.state")
        edit = {"position": position(site[1] + 0.0001, site[2], "wgs84")}
        program_write(qtbot, program, page, site[0], edit)
        wait(qtbot, page, f"barrierfree.state.draws > {before['draws']}")
        after = picked(qtbot, page, "barrierfree.state")
        assert after["asked"] == before["asked"] + 1, "only the changed site is asked for"
        assert after["requests"] == before["requests"] + 1
        assert 1 <= after["stamped"] - before["stamped"] < shown_sites / 3, "and only what lies there is drawn"
        assert ask(qtbot, page, f"barrierfree.layer.sites.find(s => s.id === '{site[0]}').lon") > site[1]
        program_write(qtbot, program, page, site[0], {"note": "示例"})
        wait(qtbot, page, f"barrierfree.state.requests > {after['requests']}")
        page.map.refresh()
        wait(qtbot, page, f"barrierfree.state.requests > {after['requests'] + 1}")
        assert picked(qtbot, page, "barrierfree.state.stamped") == after["stamped"], "nothing differs: nothing drawn"


def program_write(qtbot: QtBot, program: Program, page: MapPage, site: str, values: dict[str, Any]) -> None:
    landed: list[object] = []

    def write(store: Store) -> Any:
        return store.change_site(site, values, person="p")

    page.list._context.tasks.write(write, landed.append)
    qtbot.waitUntil(lambda: bool(landed), timeout=10000)


def test_several_on_one_spot_fan_out_by_mouse_and_keys(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        look(qtbot, page, *SPOT, 18)
        assert ask(qtbot, page, "Math.max(...barrierfree.layer.sites.map(s => s.stack))") == 5
        ask(qtbot, page, "barrierfree.flush(); 1")
        click(page, picked(qtbot, page, f"{AT}(barrierfree.layer.sites[0])"))
        wait(qtbot, page, "document.querySelectorAll('.bf-leg').length === 5")
        legs = picked(
            qtbot, page,
            "[...document.querySelectorAll('.bf-leg')].map(b => b.getBoundingClientRect())"
            ".map(r => [r.x, r.y, r.width, r.height])",
        )  # fmt: skip
        for n, (x, y, w, h) in enumerate(legs):
            assert min(w, h) >= 44
            assert all((x - u) ** 2 + (y - v) ** 2 >= 44**2 for u, v, _, _ in legs[:n]), "targets do not overlap"
        x, y, w, h = legs[2]
        click(page, [x + w / 2, y + h / 2])
        qtbot.waitUntil(lambda: page.list.site is not None, timeout=10000)
        assert page.list.site is not None
        first = page.list.site.id
        target = page.map.view.focusProxy() or page.map.view
        page.map.view.setFocus()
        QTest.keyClick(target, Qt.Key.Key_Right)
        wait(qtbot, page, "document.activeElement.className === 'bf-leg'")
        QTest.keyClick(target, Qt.Key.Key_Right)
        QTest.keyClick(target, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.list.site is not None and page.list.site.id != first, timeout=10000)
        QTest.keyClick(target, Qt.Key.Key_Escape)
        wait(
            qtbot,
            page,
            "!document.querySelector('.bf-leg') && document.activeElement === barrierfree.map.getContainer()",
        )


def test_keys_move_zoom_and_choose_what_is_in_the_middle(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        look(qtbot, page, 116.455, 39.892, 17)
        target = page.map.view.focusProxy() or page.map.view
        page.map.view.setFocus()
        ask(qtbot, page, "barrierfree.map.getContainer().focus(); 1")
        wait(qtbot, page, "document.querySelector('.bf-live').textContent.startsWith('离中心最近：\u2068店')")
        before = ask(qtbot, page, "barrierfree.map.getCenter().lng")
        QTest.keyClick(target, Qt.Key.Key_Right)
        wait(qtbot, page, f"barrierfree.map.getCenter().lng > {before}")
        QTest.keyClick(target, Qt.Key.Key_Plus)
        wait(qtbot, page, "barrierfree.map.getZoom() > 17 && !barrierfree.map._animatingZoom")  # its end moves it
        alone = "barrierfree.layer.sites.find(s => barrierfree.stackOf(s).length === 1)"
        wanted, lon, lat = picked(qtbot, page, f"(s => [s.id, s.lon, s.lat])({alone})")
        look(qtbot, page, lon, lat, 18)
        ask(qtbot, page, "barrierfree.flush(); 1")
        QTest.keyClick(target, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.list.site is not None and page.list.site.id == wanted, timeout=10000)
        named = ask(qtbot, page, "barrierfree.map.getContainer().getAttribute('aria-label')")
        assert named.startswith("地图：方向键")


def test_fast_panning_gives_up_what_nobody_waits_for(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        asked = len(ask_counter(page))
        ask(
            qtbot, page,
            "window.pans = 0; (function pan() { if (window.pans++ < 60) {"
            " barrierfree.map.panBy([window.pans % 3 ? 120 : -60, 0], {animate: false}); setTimeout(pan, 15); } else {"
            f" barrierfree.map.setView([{SPOT[1]}, {SPOT[0]}], 18, {{animate: false}}); window.done = true; }}"
            " })(); 1",
        )  # fmt: skip
        wait(qtbot, page, "window.done && barrierfree.state.drawn === 5 && !barrierfree.state.clustered")
        state = picked(qtbot, page, "barrierfree.state")
        answered = len(ask_counter(page)) - asked
        assert state["requests"] >= 60
        assert state["aborted"] + answered >= 60, "each was drawn or given up"
        assert not page.map._scheme._waiting, "nothing waits any more"
        assert "5 / 1,800" in ask(qtbot, page, "document.querySelector('.bf-count').textContent")


def ask_counter(page: MapPage) -> list[object]:
    """Every answer that was drawn since the first call."""
    if not hasattr(page, "drawn_seen"):
        seen: list[object] = []
        page.drawn_seen = seen  # type: ignore[attr-defined]
        page.map.drawn.connect(lambda *n: seen.append(n))
    return page.drawn_seen  # type: ignore[attr-defined, no-any-return]
