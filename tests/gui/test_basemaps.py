"""Basemaps in a real web engine: what is drawn, what is asked for, what stays blocked; added and switched by hand."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from barrierfree.coordinates import position
from barrierfree.gui import basemap_work, tile_server
from barrierfree.gui.basemap_look import map_colours, mixed
from barrierfree.gui.basemap_menu import BasemapMenu
from barrierfree.gui.basemap_work import BasemapWork, is_coarse
from barrierfree.gui.map_page import MapPage
from barrierfree.gui.map_scheme import Request
from barrierfree.gui.settings_page import SettingsPage
from barrierfree.gui.tile_server import CLEAR_PIXEL
from barrierfree.gui.tokens import PALETTES
from barrierfree.operations import basemaps
from barrierfree.store import Store
from tests.basemaps import files
from tests.builders import Clock, definition, new_site
from tests.gui.program import running, window_of
from tests.gui.test_map_page import ask, shown

pytestmark = pytest.mark.slow
Box = tuple[float, float, float, float]
BEIJING: Box = (116.345, 39.998, 116.359, 40.008)
STREET: Box = (116.43, 39.88, 116.49, 39.91)


def made_survey(path: Path, box: Box) -> Path:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    known = definition()
    area = known.area.model_copy(update={"outline": {"type": "Polygon", "coordinates": [ring]}})
    with Store.new(path, known.model_copy(update={"area": area}), device="device-a", clock=Clock()) as store:
        middle = position((west + east) / 2, (south + north) / 2, "wgs84")
        store.add_sites([replace(new_site("1"), position=middle)], person="p")
    return path


def state(qtbot: QtBot, page: MapPage) -> dict[str, Any]:
    return dict(json.loads(ask(qtbot, page, "JSON.stringify(barrierfree.basemapState || {})")))


def wait_drawn(qtbot: QtBot, page: MapPage, name: str) -> None:
    def done() -> bool:
        said = state(qtbot, page)
        return said.get("name") == name and said["shown"] and said["tiles"] > 0

    qtbot.waitUntil(done, timeout=20000)


def picture(page: MapPage) -> QImage:
    return page.map.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def changed(one: QImage, other: QImage) -> float:
    """Which part of the pixels differs, in a grid of every fifth."""
    spots = [(x, y) for x in range(0, one.width(), 5) for y in range(0, one.height(), 5)]
    return sum(one.pixel(x, y) != other.pixel(x, y) for x, y in spots) / len(spots)


@pytest.mark.parametrize(
    ("file", "box", "least"),
    [
        ("beijing_haidian.osm", BEIJING, 0.3), ("helsinki.osm.pbf", (24.938, 60.166, 24.950, 60.176), 0.2),
        ("firenze_vector.pmtiles", (11.245, 43.765, 11.265, 43.778), 0.3),
        ("world_raster.mbtiles", (100.0, 20.0, 130.0, 45.0), 0.3),
        ("world_raster_z3.pmtiles", (100.0, 20.0, 130.0, 45.0), 0.3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_file_is_drawn(
    qtbot: QtBot, tmp_path: Path, shared: Path, file: str, box: Box, least: float, theme: str
) -> None:
    home = tmp_path / "home"
    added = basemaps.add_basemap(home / "basemaps", shared / "basemap" / file, box)
    assert added.info is not None
    with running(qtbot, made_survey(tmp_path / "s.gpkg", box), home) as program:
        program.settings.change(theme=theme)
        program._on_look()
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.painted || false"), timeout=10000)
        assert state(qtbot, page)["shown"] is False
        bare = picture(page)
        page.basemaps.choose(added.file.name)
        wait_drawn(qtbot, page, added.info.name)
        qtbot.waitUntil(lambda: changed(bare, picture(page)) > least, timeout=20000)
        source = "document.querySelector('.bf-source').textContent"
        assert ask(qtbot, page, source) == added.info.attribution
        assert ask(qtbot, page, "document.querySelectorAll('.leaflet-control-scale-line').length") == 1
        assert state(qtbot, page)["failed"] == 0
        page.basemaps.choose("")
        qtbot.waitUntil(lambda: not state(qtbot, page)["shown"], timeout=10000)
        assert ask(qtbot, page, "document.querySelectorAll('.leaflet-tile').length") == 0
        assert page.map.blocker.blocked == []


def test_zoom_limits_bounds_and_missing_tiles(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "basemaps").mkdir()
    tile = files.picture("#FF0000", size=512)
    places = {(14, x, y): tile for x in range(13490, 13494) for y in range(6206, 6213) if (x, y) != (13492, 6209)}
    path = files.mbtiles(home / "basemaps" / "红.mbtiles", places, bounds="116.40,39.85,116.50,39.93")
    asked: list[tuple[int, int, int]] = []
    with running(qtbot, made_survey(tmp_path / "s.gpkg", STREET), home, basemap="红.mbtiles") as program:
        page = shown(qtbot, program)
        serve = page.map.tiles.answer

        def listen(request: Request) -> None:
            _number, z, x, y = map(int, request.parts)
            asked.append((z, x, y))
            serve(request)

        page.map._scheme._answers["tiles"] = listen
        ask(qtbot, page, "barrierfree.map.setView([39.895, 116.46], 15, {animate: false}); 1")
        wait_drawn(qtbot, page, path.stem)

        def reds() -> bool:
            colour = picture(page).pixelColor(420, 30)
            return colour.red() > 150 and colour.green() < 110

        qtbot.waitUntil(reds, timeout=10000)
        ask(qtbot, page, "barrierfree.map.setView([39.895, 116.46], 17, {animate: false}); 1")
        qtbot.waitUntil(lambda: state(qtbot, page)["shown"], timeout=10000)
        ask(qtbot, page, "barrierfree.map.setView([39.895, 116.46], 11, {animate: false}); 1")
        note = "document.querySelector('.bf-source').textContent"
        assert "放大就能看到" in ask(qtbot, page, note)
        assert ask(qtbot, page, "document.querySelectorAll('.bf-pictures img').length") == 0
        ask(qtbot, page, "barrierfree.map.setView([39.895, 116.46], 21, {animate: false}); 1")
        assert "缩小就能看到" in ask(qtbot, page, note)
        ask(qtbot, page, "barrierfree.map.setView([30, 100], 15, {animate: false}); 1")
        assert "不覆盖这里" in ask(qtbot, page, note)
        assert asked
        assert {z for z, _, _ in asked} == {14}
        assert min(x for _, x, _ in asked) >= 13489
        assert max(x for _, x, _ in asked) <= 13494
        assert (14, 13492, 6209) in asked, "a gap: blank, no fault"
        assert state(qtbot, page)["failed"] == 0
        assert page.map.blocker.blocked == []


def test_tiles_that_the_page_gave_up_are_not_read(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "basemaps").mkdir(parents=True)
    files.mbtiles(
        home / "basemaps" / "a.mbtiles", {(z, 0, 0): files.picture() for z in (15, 20)}, bounds="116,39,117,40"
    )
    held, asked, read = threading.Event(), [0], [0]
    tile = tile_server._Shelf.tile

    def slowly(shelf: Any, *place: int) -> bytes | None:
        held.wait(30)
        read[0] += 1
        return tile(shelf, *place)

    monkeypatch.setattr(tile_server._Shelf, "tile", slowly)
    with running(qtbot, made_survey(tmp_path / "s.gpkg", STREET), home, basemap="a.mbtiles") as program:
        page = shown(qtbot, program)
        serve = page.map.tiles.answer

        def listen(request: Request) -> None:
            asked[0] += 1
            serve(request)

        page.map._scheme._answers["tiles"] = listen
        try:
            for zoom in (16, 17, 18, 19):
                before = asked[0]
                ask(qtbot, page, f"barrierfree.map.setView([39.895, 116.46], {zoom}, {{animate: false}}); 1")
                qtbot.waitUntil(partial(lambda known: asked[0] > known, before), timeout=10000)
            ask(qtbot, page, "barrierfree.map.setView([20, 100], 15, {animate: false}); 1")
            waiting = page.map.tiles._waiting
            qtbot.waitUntil(
                lambda: sum(r is not None and not r.given_up for r in waiting.values()) < asked[0] / 2, timeout=10000
            )
        finally:
            held.set()
        qtbot.waitUntil(lambda: not waiting, timeout=10000)
        assert read[0] < asked[0]


def test_hostile_texts_and_requests(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "basemaps").mkdir(parents=True)
    evil = "<img src=https://example.org/x onerror=\"document.title='hacked'\"></script><script>document.title='hacked'"
    tiles = {(13, x, y): files.shapes(name=evil) for x in range(6744, 6749) for y in range(3102, 3109)}
    files.mbtiles(
        home / "basemaps" / "坏.mbtiles", tiles, name=evil, attribution=f"<a href='http://example.org'>图源</a>{evil}",
        format="pbf", bounds="116,39,117,40",
    )  # fmt: skip
    with running(qtbot, made_survey(tmp_path / "s.gpkg", STREET), home, basemap="坏.mbtiles") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: state(qtbot, page).get("tiles", 0) > 0, timeout=20000)
        assert ask(qtbot, page, "document.title") != "hacked"
        assert ask(qtbot, page, "document.querySelectorAll('a[href^=http], img[onerror]').length") == 0
        assert ask(qtbot, page, "document.querySelector('.bf-source').textContent").startswith("图源")
        assert page.map.blocker.blocked == []
        for address in ("https://example.org/a", "http://example.org/b", "ftp://example.org/c", "file:///etc/passwd"):
            ask(qtbot, page, f"fetch('{address}').catch(() => 0); new Image().src = '{address}'; 1")
        script = "const s = document.createElement('script'); s.src = 'script/other.js'; document.head.append(s); 1"
        ask(qtbot, page, script)
        ask(qtbot, page, "try { new WebSocket('wss://example.org'); } catch (e) {} 1")
        ask(qtbot, page, "fetch('tiles/x/y/z').then(() => 0, () => 0).then(() => { window.over = 1; }); 1")
        qtbot.waitUntil(lambda: ask(qtbot, page, "window.over || 0") == 1, timeout=10000)
        ranged = "fetch('tiles/1/13/6746/3104', {headers: {Range: 'bytes=0-9'}})"
        ask(qtbot, page, f"{ranged}.then(() => 'given', () => 'refused').then((t) => {{ window.ranged = t; }}); 1")
        qtbot.waitUntil(lambda: ask(qtbot, page, "window.ranged || ''") in ("given", "refused"), timeout=10000)
        refused = page.map.blocker.blocked
        assert all("barrierfree://map/tiles" not in one for one in refused)
        for sort in ("https://example.org/a", "http://example.org/b", "ftp", "file", "wss"):
            assert any(one.startswith(sort) for one in refused), f"{sort}: refused and counted"


def test_added_from_the_menu_switched_and_removed(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = files.pmtiles(tmp_path / "甲.pmtiles", {(0, 0, 0): files.shapes()}, bounds=(116, 39, 117, 40))
    second = files.mbtiles(tmp_path / "乙.mbtiles", {(0, 0, 0): files.picture()}, bounds="11,43,12,44")
    home = tmp_path / "home"
    with running(qtbot, made_survey(tmp_path / "s.gpkg", STREET), home) as program:
        page = shown(qtbot, program)
        menu = menu_of(page)
        qtbot.waitUntil(lambda: any("还没有底图" in a.text() for a in menu.actions()), timeout=10000)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(first), ""))
        menu.actions()[-1].trigger()
        qtbot.waitUntil(lambda: program.settings.choices.basemap == "甲.pmtiles", timeout=10000)
        assert "正在使用" in page.messages.text()
        program._on_dropped([second])
        qtbot.waitUntil(lambda: "不覆盖本普查的范围" in page.messages.text(), timeout=10000)
        assert program.settings.choices.basemap == "甲.pmtiles", "what shows nothing here is not used at once"
        qtbot.waitUntil(lambda: len(page.basemaps.known) == 2, timeout=10000)
        titles = [a.text() for a in menu.actions() if a.isCheckable()]
        assert titles == ["不用底图", "乙（不覆盖本普查的范围）", "甲"]
        assert [a.text() for a in menu.actions() if a.isChecked()] == ["甲"]
        menu.actions()[0].trigger()
        assert program.settings.choices.basemap == ""
        settings = settings_page(qtbot, program, 2)
        row = next(
            b for b in settings.findChildren(type(settings.basemaps.add)) if b.accessibleName() == "删除底图：乙"
        )
        monkeypatch.setattr(basemap_work, "ask", lambda *_args, **_named: True)
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: [k.name for k in settings.basemaps.work.known] == ["甲.pmtiles"], timeout=10000)
        assert not (home / "basemaps" / "乙.mbtiles").exists()
        drop(settings, tmp_path / "s.gpkg")
        qtbot.waitUntil(lambda: "不是底图" in settings.messages.text(), timeout=10000)


def menu_of(page: MapPage) -> QMenu:
    button = page.findChild(BasemapMenu)
    assert button is not None
    return button.menu()


def settings_page(qtbot: QtBot, program: Any, count: int) -> SettingsPage:
    window_of(program).show_page("settings")
    page = window_of(program).page("settings")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: len(page.basemaps.work.known) == count, timeout=10000)
    return page


def drop(page: SettingsPage, file: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(QPoint(5, 5)), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.basemaps.dropEvent(event)


def test_a_damaged_one_is_named_and_cannot_be_used(qtbot: QtBot, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "basemaps").mkdir(parents=True)
    (home / "basemaps" / "半个.pmtiles").write_bytes(b"PMTiles\x03" + bytes(50))
    with running(qtbot, made_survey(tmp_path / "s.gpkg", STREET), home, basemap="半个.pmtiles") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: "半个.pmtiles" in page.messages.text(), timeout=10000)
        qtbot.waitUntil(lambda: len(page.basemaps.known) == 1, timeout=10000)
        action = next(a for a in menu_of(page).actions() if "用不了" in a.text())
        assert not action.isEnabled()
        assert state(qtbot, page)["name"] == ""
        assert isinstance(page.basemaps, BasemapWork)


def test_a_map_of_the_world_is_said_to_have_no_streets(shared: Path, tmp_path: Path) -> None:
    for file, coarse in (("world_raster.mbtiles", True), ("firenze_vector.pmtiles", False)):
        info = basemaps.add_basemap(tmp_path / "basemaps", shared / "basemap" / file, BEIJING).info
        assert info is not None
        assert is_coarse(info) is coarse


def test_colours_keep_names_readable() -> None:
    for palette in PALETTES:
        colours = map_colours(palette)
        for ground in ("building", "green", "road", "built"):
            assert contrast(colours["text"], colours[ground]) >= 4.5, (palette.name, ground)
            assert contrast(palette.ink, colours[ground]) >= 7, (palette.name, ground)
    assert mixed("#000000", "#FFFFFF", 0.5) == "#808080"
    assert QImage.fromData(CLEAR_PIXEL).pixelColor(0, 0).alpha() == 0


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
