"""The dialog of a site: which datums it offers, and that a position given in another one survives."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from barrierfree.gui.context import Context
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.model.records import Site
from barrierfree.model.words import Status
from tests.builders import definition


def _dialog(qtbot: QtBot, site: Site | None) -> SiteDialog:
    context = cast(Context, SimpleNamespace(survey=SimpleNamespace(definition=definition())))
    dialog = SiteDialog(context, site)
    qtbot.addWidget(dialog)
    return dialog


def _site(**values: Any) -> Site:
    return Site(
        id="s", code="", final_code=False, name="甲", address="", community="", site_class="", lon=116.461, lat=39.895,
        status=Status.NOT_SURVEYED, checkpoints=0, inspected=0, open_findings=0, source="", note="", **values,
    )  # fmt: skip


def _offered(dialog: SiteDialog) -> list[str]:
    return [dialog.datum.itemData(at) for at in range(dialog.datum.count())]


def test_four_datums_are_offered(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, None)
    assert _offered(dialog) == ["wgs84", "cgcs2000", "gcj02", "bd09"]
    assert dialog.datum.currentData() == "wgs84"
    assert [dialog.datum.itemText(at) for at in (2, 3)] == ["GCJ-02（高德、腾讯）", "BD-09（百度）"]


@pytest.mark.parametrize("datum", ["EPSG:4548", "bd09mc"])
def test_a_plane_position_is_kept_when_something_else_is_changed(qtbot: QtBot, datum: str) -> None:
    dialog = _dialog(qtbot, _site(given_x=453902.168, given_y=4418009.572, datum=datum))
    assert _offered(dialog) == ["wgs84", "cgcs2000", "gcj02", "bd09", datum]
    dialog.name.setText("乙")
    dialog.confirmed()
    assert dialog.values == {"name": "乙"}


def test_coordinates_the_other_way_round_are_not_taken_silently(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, _site(given_x=116.461, given_y=39.895, datum="wgs84"))
    dialog.place.setText("39.895, 116.461")
    dialog.confirmed()
    assert dialog.values == {}
    assert "写反了" in dialog.fault.text()
    assert "116.461, 39.895" in dialog.fault.text()
    dialog.place.setText("39°53'42\"N 116°27'39.6\"E")  # letters are no guess
    dialog.confirmed()
    assert dialog.values["position"].lon == pytest.approx(116.461)
