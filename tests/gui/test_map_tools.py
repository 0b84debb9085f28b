"""The tools of the map in a real web engine, with real mouse and keys: moving, adding, selecting, measuring."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from barrierfree import coordinates
from barrierfree.app import Program
from barrierfree.coordinates import position
from barrierfree.gui.map_page import MapPage
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.model.records import Site
from barrierfree.model.words import Status
from barrierfree.operations.site_work import Here
from tests.builders import new_site, survey
from tests.gui.program import running, window_of
from tests.gui.test_map_page import ask, shown

pytestmark = pytest.mark.slow
SPOTS = {"ramp": (116.4600, 39.8950), "door": (116.4610, 39.8955), "gate": (116.4590, 39.8945)}
MANY = 1800  # more than are drawn one by one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.gpkg"
    with survey(path) as store:
        made = [
            replace(new_site(key, f"{key}（示例）"), position=position(*spot, "wgs84")) for key, spot in SPOTS.items()
        ]
        gcj = coordinates.position(116.4668, 39.8966, "gcj02")
        made.append(replace(new_site("gcj", "高德上的点（示例）"), position=gcj))
        store.add_sites(made, person="p")
    return path


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[float, float]]]:
    path = tmp_path_factory.mktemp("crowd") / "s.gpkg"
    rng = random.Random(11)
    places = [(116.44 + rng.random() * 0.04, 39.885 + rng.random() * 0.02) for _ in range(MANY)]
    with survey(path) as store:
        sites = [
            replace(new_site(str(n), f"店{n}（示例）"), position=position(*at, "wgs84")) for n, at in enumerate(places)
        ]
        store.add_sites(sites, person="p")
    return path, places


def opened(qtbot: QtBot, program: Program) -> MapPage:
    page = shown(qtbot, program)
    wait(qtbot, page, "barrierfree.state.painted")
    return page


def wait(qtbot: QtBot, page: MapPage, script: str) -> None:
    qtbot.waitUntil(lambda: bool(ask(qtbot, page, script)), timeout=15000)


def value(qtbot: QtBot, page: MapPage, script: str) -> Any:
    return json.loads(ask(qtbot, page, f"JSON.stringify({script})"))


def look(qtbot: QtBot, page: MapPage, lon: float, lat: float, zoom: float) -> None:
    ask(qtbot, page, "window.seen = 0; barrierfree.on('content', () => { window.seen += 1; });"
        f" barrierfree.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}); 1")  # fmt: skip
    wait(qtbot, page, "window.seen")
    ask(qtbot, page, "barrierfree.flush(); 1")


def at(qtbot: QtBot, page: MapPage, lon: float, lat: float) -> QPoint:
    found = value(
        qtbot, page, f"(p => [p.x, p.y])(barrierfree.map.latLngToContainerPoint([{lat!r}, {lon!r}]))"
    )  # fmt: skip
    return QPoint(round(found[0]), round(found[1]))


def target(page: MapPage) -> QWidget:
    return page.map.view.focusProxy() or page.map.view


def mouse(page: MapPage, kind: QEvent.Type, where: QPoint, pressed: bool) -> None:
    """As a person's hand: a move with the button held."""
    widget, button = target(page), Qt.MouseButton.LeftButton
    held = button if pressed else Qt.MouseButton.NoButton
    which = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(
        kind, QPointF(where), QPointF(widget.mapToGlobal(where)), which, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()


def drag(qtbot: QtBot, page: MapPage, way: Sequence[QPoint]) -> None:
    """Each leg is waited for: the engine hands on only the last of the moves that come within a frame."""
    ask(qtbot, page, "window.seen = ''; document.addEventListener('mousemove', (e) => {"
        " window.seen = e.clientX + ',' + e.clientY; }, true); 1")  # fmt: skip
    mouse(page, QEvent.Type.MouseButtonPress, way[0], True)
    for start, end in itertools.pairwise(way):
        for part in range(1, 6):
            mouse(page, QEvent.Type.MouseMove, start + (end - start) * part / 5, True)
        wait(qtbot, page, f"window.seen === '{end.x()},{end.y()}'")
    mouse(page, QEvent.Type.MouseButtonRelease, way[-1], False)


def site_of(qtbot: QtBot, page: MapPage, key: str) -> Site:
    found: list[Site] = []
    page.list._context.tasks.read(lambda store: next(s for s in store.sites() if s.name.startswith(key)), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=10000)
    return found[0]


def undo(qtbot: QtBot, page: MapPage) -> None:
    """Ctrl+Z while the keyboard is on the map."""
    qtbot.waitUntil(lambda: "向东" in page.messages.text(), timeout=10000)
    page.window().activateWindow()
    page.map.view.setFocus()
    qtbot.waitUntil(page.window().isActiveWindow, timeout=10000)
    QTest.keyClick(target(page), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "回到原来的位置" in page.messages.text(), timeout=10000)


def test_a_site_is_dragged_asked_about_kept_and_put_back(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        before = site_of(qtbot, page, "ramp")
        look(qtbot, page, *SPOTS["ramp"], 18)
        start, middle = at(qtbot, page, *SPOTS["ramp"]), value(qtbot, page, "barrierfree.map.getCenter()")
        drag(qtbot, page, [start, start + QPoint(60, 0)])
        assert site_of(qtbot, page, "ramp") == before, "without the tool nobody moves a site by accident"
        look(qtbot, page, *SPOTS["ramp"], 18)
        page.toolbox.actions["move"].trigger()
        wait(qtbot, page, "barrierfree.mode === 'move'")
        assert page.toolbox.button.text() == "工具：移动点位"
        start = at(qtbot, page, *SPOTS["ramp"])
        drag(qtbot, page, [start, start + QPoint(40, -30)])
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is not None, timeout=10000)
        moved = value(qtbot, page, "barrierfree.state.moved")
        exact = coordinates.distance_m(*SPOTS["ramp"], moved["lon"], moved["lat"])
        assert moved["metres"] == pytest.approx(exact, rel=2e-4)
        assert value(qtbot, page, "barrierfree.map.getCenter()")["lng"] == pytest.approx(middle["lng"], abs=2e-3)
        assert f"移动 {exact:.0f} 米，向东北" in ask(qtbot, page, "barrierfree.state.toolText")
        assert f"移动 {exact:.1f} 米" in page.messages.text()
        assert "在普查范围内" in page.messages.text()
        assert site_of(qtbot, page, "ramp") == before, "nothing is kept before somebody says so"
        QTest.mouseClick(page.toolbox.drop.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: site_of(qtbot, page, "ramp").lon != before.lon, timeout=10000)
        after = site_of(qtbot, page, "ramp")
        assert after.lon == pytest.approx(moved["lon"], abs=1e-7)
        undo(qtbot, page)
        assert site_of(qtbot, page, "ramp") == before


def test_a_far_move_warns_and_escape_takes_it_back(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        before = site_of(qtbot, page, "高德")
        assert before.lon is not None
        assert before.lat is not None
        look(qtbot, page, before.lon, before.lat, 17)
        page.toolbox.start("move")
        wait(qtbot, page, "barrierfree.mode === 'move'")
        start = at(qtbot, page, before.lon, before.lat)
        drag(qtbot, page, [start, start + QPoint(150, 0)])
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is not None, timeout=10000)
        pending = page.toolbox.drop.pending
        assert pending is not None
        assert pending.position.datum == "gcj02", "given in the datum it was given in"
        assert "超过 50 米" in page.messages.accessibleDescription()
        QTest.keyClick(target(page), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is None, timeout=10000)
        assert page.messages.text() == ""
        assert ask(qtbot, page, "barrierfree.mode") == "move", "the first Escape takes the site back"
        QTest.keyClick(target(page), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.toolbox.active == "", timeout=10000)
        assert site_of(qtbot, page, "高德") == before


def test_a_site_is_carried_by_keys_and_its_datum_comes_back(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        before = site_of(qtbot, page, "高德")
        assert before.lon is not None
        assert before.lat is not None
        look(qtbot, page, before.lon, before.lat, 19)
        page.toolbox.start("move")
        wait(qtbot, page, "barrierfree.mode === 'move'")
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Return):
            QTest.keyClick(target(page), key)
            QApplication.processEvents()
            if key == Qt.Key.Key_Right:
                wait(qtbot, page, f"barrierfree.map.getCenter().lng > {before.lon + 0.00005}")
                wait(qtbot, page, "!barrierfree.map._panAnim || !barrierfree.map._panAnim._inProgress")
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is not None, timeout=10000)
        QTest.keyClick(target(page), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: site_of(qtbot, page, "高德").lon != before.lon, timeout=10000)
        after = site_of(qtbot, page, "高德")
        assert after.lon is not None
        assert after.lon > before.lon
        assert after.datum == "gcj02"
        undo(qtbot, page)
        assert site_of(qtbot, page, "高德") == before


def test_a_site_is_added_where_it_was_clicked(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        look(qtbot, page, 116.4600, 39.8960, 18)
        page.toolbox.actions["add"].trigger()
        wait(qtbot, page, "barrierfree.mode === 'add'")
        QTest.mouseClick(target(page), Qt.MouseButton.LeftButton, pos=at(qtbot, page, 116.4602, 39.8961))
        qtbot.waitUntil(lambda: bool(page.findChildren(SiteDialog)), timeout=10000)
        dialog = page.findChildren(SiteDialog)[0]
        lon, lat = (float(part) for part in dialog.place.text().split(","))
        assert [lon, lat] == pytest.approx([116.4602, 39.8961], abs=1e-5)
        assert dialog.datum.currentData() == "wgs84"
        dialog.name.setText("新点（示例）")
        QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.total") == 5, timeout=10000)
        assert site_of(qtbot, page, "新点").lon == pytest.approx(lon)


def test_enter_adds_at_the_middle(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        look(qtbot, page, 116.4605, 39.8961, 18)
        page.toolbox.start("add")
        wait(qtbot, page, "barrierfree.mode === 'add' && !document.querySelector('.bf-cross').hidden")
        QTest.keyClick(target(page), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(page.findChildren(SiteDialog)), timeout=10000)
        dialog = page.findChildren(SiteDialog)[0]
        assert dialog.place.text().startswith("116.4605"), dialog.place.text()
        dialog.reject()


def inside(ring: list[list[float]], x: float, y: float) -> bool:
    """The even-odd rule, written out: independent of what counts in the program."""
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def test_a_lasso_counts_what_clusters_hold(
    qtbot: QtBot, crowd: tuple[Path, list[tuple[float, float]]], tmp_path: Path
) -> None:
    path, places = crowd
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        wait(qtbot, page, "barrierfree.state.clustered")
        page.toolbox.start("lasso")
        wait(qtbot, page, "barrierfree.mode === 'lasso'")
        ways = [(116.452, 39.888), (116.464, 39.888), (116.472, 39.896), (116.464, 39.902), (116.454, 39.899)]
        drag(qtbot, page, [at(qtbot, page, *way) for way in ways])
        qtbot.waitUntil(lambda: bool(page.toolbox.selection.sites), timeout=10000)
        ring = value(qtbot, page, "barrierfree.state.ring")
        expected = sum(inside(ring, *place) for place in places)
        assert 300 < expected < MANY
        assert len(page.toolbox.selection.sites) == expected
        assert page.messages.text() == f"选中 {expected:,} 个点位"
        QTest.mouseClick(page.toolbox.selection.only, Qt.MouseButton.LeftButton)
        wait(qtbot, page, f"barrierfree.state.matching === {expected}")
        qtbot.waitUntil(lambda: page.toolbox.active == "", timeout=10000)
        assert page.list.filter.ids is not None
        assert len(page.list.filter.ids) == expected
        page.list.panel.clear()
        wait(qtbot, page, f"barrierfree.state.matching === {MANY}")


def test_a_rectangle_and_the_view_by_key_select(
    qtbot: QtBot, crowd: tuple[Path, list[tuple[float, float]]], tmp_path: Path
) -> None:
    path, places = crowd
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        page.toolbox.start("rectangle")
        wait(qtbot, page, "barrierfree.mode === 'rectangle'")
        drag(qtbot, page, [at(qtbot, page, 116.445, 39.890), at(qtbot, page, 116.460, 39.900)])
        qtbot.waitUntil(lambda: bool(page.toolbox.selection.sites), timeout=10000)
        (west, north), _, (east, south), _ = value(qtbot, page, "barrierfree.state.ring")
        low, high, left, right = min(south, north), max(south, north), min(west, east), max(west, east)
        assert len(page.toolbox.selection.sites) == sum(left <= x <= right and low <= y <= high for x, y in places)
        QTest.keyClick(target(page), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not page.toolbox.selection.sites, timeout=10000)
        look(qtbot, page, 116.455, 39.892, 16)
        QTest.keyClick(target(page), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(page.toolbox.selection.sites), timeout=10000)
        (west, north), _, (east, south), _ = value(qtbot, page, "barrierfree.state.ring")  # a message narrows the map
        seen = sum(west <= x <= east and south <= y <= north for x, y in places)
        assert len(page.toolbox.selection.sites) == seen


def test_distance_and_area_by_mouse_and_keys(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        look(qtbot, page, *SPOTS["ramp"], 17)
        page.toolbox.start("distance")
        wait(qtbot, page, "barrierfree.mode === 'distance'")
        QTest.keyClick(target(page), Qt.Key.Key_Return)
        wait(qtbot, page, "barrierfree.state.measured?.points === 1")
        middle = value(qtbot, page, "barrierfree.map.getCenter()")
        spot = at(qtbot, page, *SPOTS["ramp"]) + QPoint(200, 100)
        QTest.mouseClick(target(page), Qt.MouseButton.LeftButton, pos=spot)
        wait(qtbot, page, "barrierfree.state.measured?.points === 2")
        there = value(qtbot, page, f"barrierfree.map.containerPointToLatLng([{spot.x()}, {spot.y()}])")
        exact = coordinates.distance_m(middle["lng"], middle["lat"], there["lng"], there["lat"])
        assert ask(qtbot, page, "barrierfree.state.measured.metres") == pytest.approx(exact, rel=2e-4)
        assert ask(qtbot, page, "document.querySelector('.bf-result').getAttribute('role')") == "status"
        ask(qtbot, page, "document.querySelector('.bf-tool button').click(); 1")
        qtbot.waitUntil(lambda: f"共 {exact:.0f} 米" in QGuiApplication.clipboard().text(), timeout=10000)
        QTest.keyClick(target(page), Qt.Key.Key_Backspace)
        wait(qtbot, page, "barrierfree.state.measured?.points === 1")
        page.toolbox.start("surface")
        wait(qtbot, page, "barrierfree.mode === 'surface'")
        base = at(qtbot, page, *SPOTS["ramp"])
        for step in (QPoint(0, 0), QPoint(100, 0), QPoint(100, 100), QPoint(0, 100)):
            QTest.mouseClick(target(page), Qt.MouseButton.LeftButton, pos=base + step)
        wait(qtbot, page, "barrierfree.state.measured?.points === 4")
        corners = value(
            qtbot, page,
            f"[[0,0],[100,0],[100,100],[0,100]].map(([x, y]) => barrierfree.map.containerPointToLatLng("
            f"[{base.x()} + x, {base.y()} + y])).map(p => [p.lng, p.lat])",
        )  # fmt: skip
        from pyproj import Geod

        area, _ = Geod(ellps="WGS84").polygon_area_perimeter([c[0] for c in corners], [c[1] for c in corners])
        assert ask(qtbot, page, "barrierfree.state.measured.square") == pytest.approx(abs(area), rel=1e-3)
        QTest.keyClick(target(page), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.toolbox.active == "", timeout=10000)
        wait(qtbot, page, "document.querySelectorAll('.bf-note-on').length === 0")


def test_the_legend_filters_list_and_map(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        wait(qtbot, page, "barrierfree.state.drawn === 4")
        row = "document.querySelectorAll('.bf-legend .bf-row')[{n}]"
        order = list(Status)
        unsurveyed, other = order.index(Status.NOT_SURVEYED), order.index(Status.OPEN)
        ask(qtbot, page, row.format(n=other) + ".click(); 1")
        wait(qtbot, page, "barrierfree.state.matching === 0")
        assert page.list.filter.statuses == (Status.OPEN,)
        assert "0 / 0（共 4）" in ask(qtbot, page, "document.querySelector('.bf-count').textContent")
        ask(qtbot, page, row.format(n=unsurveyed) + ".click(); 1")
        wait(qtbot, page, "barrierfree.state.matching === 4")
        assert ask(qtbot, page, row.format(n=unsurveyed) + ".getAttribute('aria-pressed')") == "true"
        assert ask(qtbot, page, row.format(n=unsurveyed) + ".querySelector('.bf-number').textContent") == "4"
        page.list.panel.clear()
        wait(qtbot, page, "barrierfree.state.legend.length === 0")
        assert page.map.blocker.blocked == []


def test_double_click_and_control_enter_open_the_form(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        look(qtbot, page, *SPOTS["door"], 18)
        spot = at(qtbot, page, *SPOTS["door"])
        press, release = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
        for kind in (press, release, QEvent.Type.MouseButtonDblClick, release):
            mouse(page, kind, spot, kind != release)
        window = window_of(program)
        qtbot.waitUntil(lambda: window.current_page == "survey", timeout=10000)
        window.show_page("map")
        page.map.view.setFocus()
        QTest.keyClick(target(page), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.current_page == "survey", timeout=10000)


def test_where_one_stands_and_a_place_looked_for_are_drawn(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home") as program:
        page = opened(qtbot, program)
        assert not page.toolbox.here.isEnabled()
        page.list._context.standing.stand(Here(lon=116.47, lat=39.90, name="<b>门口</b>（示例）"))
        wait(qtbot, page, "document.querySelectorAll('.bf-mark-here').length === 1")
        assert ask(qtbot, page, "document.querySelectorAll('.leaflet-tooltip b').length") == 0
        page.toolbox.here.trigger()
        wait(qtbot, page, "Math.abs(barrierfree.map.getCenter().lng - 116.47) < 1e-4")
        page.list.located.emit(116.46, 39.89)
        wait(qtbot, page, "document.querySelectorAll('.bf-mark-place').length === 1")
        page.list._context.standing.stand(None)
        wait(qtbot, page, "document.querySelectorAll('.bf-mark-here').length === 0")


def test_every_tool_has_its_key_and_the_help_names_it(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page, window = opened(qtbot, program), window_of(program)
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=10000)
        for name, key, more in (
            ("move", Qt.Key.Key_M, False), ("add", Qt.Key.Key_A, True), ("rectangle", Qt.Key.Key_B, False),
            ("lasso", Qt.Key.Key_L, False), ("distance", Qt.Key.Key_D, False), ("surface", Qt.Key.Key_D, True),
        ):  # fmt: skip
            for start in (page.list.table.view, target(page)):
                start.setFocus()
                QTest.keyClick(start, key, control | shift if more else control)
                qtbot.waitUntil(lambda name=name: page.toolbox.active == name, timeout=10000)  # type: ignore[misc]
                wait(qtbot, page, f"barrierfree.mode === '{name}'")
                assert page.toolbox.actions[name].isChecked()
                box = "document.querySelector('.bf-tool')"
                assert "结束（Esc）" in ask(qtbot, page, f"{box}.textContent")
                QTest.keyClick(target(page), Qt.Key.Key_Escape)
                qtbot.waitUntil(lambda: page.toolbox.active == "", timeout=10000)
                assert ask(qtbot, page, f"{box}.hidden") is True
        told = {(entry.keys, entry.text) for entry in window.shortcuts()}
        assert {("Ctrl+M", "移动点位"), ("Ctrl+L", "圈选点位"), ("Ctrl+P", "打印或存成图片…")} <= told
        page.toolbox.start("distance")
        qtbot.waitUntil(lambda: page.toolbox.active == "distance", timeout=10000)
        page.list.table.view.setFocus()
        QTest.keyClick(page.list.table.view, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.toolbox.active == "", timeout=10000)


def test_a_name_is_shown_as_it_is_and_a_quick_escape_asks_nothing(qtbot: QtBot, path: Path, tmp_path: Path) -> None:
    hostile = "$& $1 <b>x</b>{distance}"
    with running(qtbot, path, tmp_path / "home", person="p") as program:
        page = opened(qtbot, program)
        ramp = site_of(qtbot, page, "ramp")
        landed: list[object] = []
        page.list._context.tasks.write(
            lambda store: store.change_site(ramp.id, {"name": hostile}, person="p"), landed.append
        )
        qtbot.waitUntil(lambda: bool(landed), timeout=10000)
        look(qtbot, page, *SPOTS["ramp"], 18)
        page.toolbox.start("move")
        wait(qtbot, page, "barrierfree.mode === 'move'")
        start = at(qtbot, page, *SPOTS["ramp"])
        drag(qtbot, page, [start, start + QPoint(30, 0)])
        told = ask(qtbot, page, "barrierfree.state.toolText")
        assert told.startswith(f"\u2068{hostile}\u2069")
        assert ask(qtbot, page, "document.querySelectorAll('.bf-tool b').length") == 0
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is not None, timeout=10000)
        QTest.keyClick(target(page), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: page.toolbox.drop.pending is None, timeout=10000)
        page.toolbox.drop.on_told("dropped", {"id": ramp.id, "lon": "116.46", "lat": "39.895"})
        page.toolbox.drop.on_told("undropped", {})  # taken back before it was weighed
        qtbot.waitUntil(lambda: not page.list._context.tasks.is_busy, timeout=10000)
        assert page.toolbox.drop.pending is None
        assert page.messages.text() == ""
