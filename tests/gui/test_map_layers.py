"""The user's layers in a real web engine: drawn, told, switched, remembered, and never markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint
from pytestqt.qtbot import QtBot

from barrierfree.gui.map_page import MapPage
from tests.gui.program import running
from tests.gui.test_map_page import HOSTILE, ask
from tests.gui.test_map_tools import at, look, mouse, opened, path, value, wait

pytestmark = pytest.mark.slow
__all__ = ["path"]
SQUARE = [[116.468, 39.898], [116.472, 39.898], [116.472, 39.901], [116.468, 39.901], [116.468, 39.898]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "学校（示例）.geojson"
    properties = {f"p{n}": text for n, text in enumerate(HOSTILE)}
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}, "properties": properties},
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": SQUARE[:2]}, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": SQUARE[0]}, "properties": {}},
    ]
    made.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return made


def colour_beside(qtbot: QtBot, page: MapPage, lon: float, lat: float) -> str:
    spot = at(qtbot, page, lon, lat)
    image = page.map.view.grab().toImage()
    return image.pixelColor(QPoint(spot.x(), spot.y())).name()


def test_a_layer_is_drawn_told_switched_and_remembered(qtbot: QtBot, path: Path, file: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(qtbot, path, home) as program:
        page = opened(qtbot, program)
        page.layers.add(file)
        wait(qtbot, page, "barrierfree.state.layers['1'] === 3")
        assert page.messages.text() == "图层“学校（示例）.geojson”已添加：1 个面、1 条线、1 个点。"
        legend = ask(qtbot, page, "document.querySelector('.bf-layers').textContent")
        assert "学校（示例）.geojson" in legend
        look(qtbot, page, 116.470, 39.8995, 17)
        plain = colour_beside(qtbot, page, 116.4740, 39.8995)
        filled = colour_beside(qtbot, page, 116.4705, 39.8990)
        assert plain != filled, "the area has a colour of its own"
        spot = at(qtbot, page, 116.4705, 39.8990)
        for step in (QPoint(0, 0), QPoint(3, 3), QPoint(5, 5)):
            mouse(page, QEvent.Type.MouseMove, spot + step, False)
        wait(qtbot, page, "document.querySelectorAll('.leaflet-tooltip bdi').length > 3")
        assert (
            value(qtbot, page, "document.querySelectorAll('.leaflet-tooltip img, .leaflet-tooltip script').length") == 0
        )
        assert "onerror" in ask(qtbot, page, "document.querySelector('.leaflet-tooltip').textContent")
        assert ask(qtbot, page, "document.title") != "hacked"
        assert page.map.blocker.blocked == []
        page.layers.set_shown("1", False)
        wait(qtbot, page, "barrierfree.state.layers['1'] === undefined")
        page.layers.set_shown("1", True)
        wait(qtbot, page, "barrierfree.state.layers['1'] === 3")
        page.layers.show_outline(False)
    with running(qtbot, path, home) as program:
        page = opened(qtbot, program)
        wait(qtbot, page, "barrierfree.state.layers['1'] === 3")
        assert not page.layers.outline
        page.layers._on_removed("1", False)
        wait(qtbot, page, "barrierfree.state.layers['1'] === undefined")


def test_a_damaged_file_is_refused_and_one_that_is_gone_is_marked(
    qtbot: QtBot, path: Path, file: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with running(qtbot, path, home) as program:
        page = opened(qtbot, program)
        page.layers.add(file)
        wait(qtbot, page, "barrierfree.state.layers['1'] === 3")
        broken = tmp_path / "坏.geojson"
        broken.write_text(file.read_text(encoding="utf-8")[:300], encoding="utf-8")
        page.layers.add(broken)
        qtbot.waitUntil(lambda: "“坏.geojson”已损坏" in page.messages.text(), timeout=10000)
        assert len(page.layers.layers) == 1
    file.unlink()
    with running(qtbot, path, home) as program:
        page = opened(qtbot, program)
        qtbot.waitUntil(lambda: bool(page.layers.layers[0].fault), timeout=10000)
        titles = [action.text() for action in page.layers._menu.actions()]
        assert "学校（示例）.geojson（用不了）" in titles
