from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from barrierfree.gui.pair_dialog import PairDialog
from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.model.records import Photo, StepRequest
from barrierfree.model.words import FindingState
from barrierfree.operations import pictures
from barrierfree.operations.map_list import Picked
from barrierfree.store import FindingFilter
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
Key = Qt.Key


def _photos(desk: Desk, folder: Path) -> list[Photo]:
    files = []
    for name, colour in (("before", "red"), ("after", "green")):
        path = folder / f"{name}.jpg"
        Image.new("RGB", (400, 300), colour).save(path)
        files.append(path)
    return list(desk.do(lambda store: pictures.keep_pictures(store, files)).photos)


@pytest.fixture
def page(desk: Desk, tmp_path: Path) -> RectificationPage:
    """A finding claimed, with a photo before and after, at one site; an open one at the other."""
    before, after = _photos(desk, tmp_path)
    for text, photo in (("幸福", before), ("光环", None)):
        site = desk.site(text)
        one = inspection(0.95, photos=(photo.sha256,) if photo else ())
        made = desk.do(lambda store, s=site, i=one, p=photo: store.submit_visit(  # type: ignore[misc]
            visit(s, i), person="anna", photos=[p] if p else []))  # fmt: skip
        desk.do(lambda store, v=made.visit: store.review_visit(v, accept=True, person="staff"))  # type: ignore[misc]
        if photo:
            claim = StepRequest(to=FindingState.CLAIMED, measure="加宽", photos=(after.sha256,))
            desk.do(lambda store, f=made.findings[0], c=claim: store.record_step(  # type: ignore[misc]
                f, c, person="ben", photos=[after]))  # fmt: skip
    return desk.show(RectificationPage(desk.context))


def test_a_filter_is_kept_under_a_name(desk: Desk, page: RectificationPage) -> None:
    page.chips.set_value("claimed")
    page._show_findings()
    page.table.filters.set_filter("community", frozenset({"垂杨柳东里"}))
    dialog = page.saved.ask_name()
    assert faults(dialog) == []
    desk.click(dialog.confirm)
    assert "请写一个名称。" in dialog.fault.text()
    dialog.name.setText("东里待验收")
    desk.press(dialog.name, Key.Key_Return, control=True)
    page.show_target("open")
    desk.settle()
    assert page.table.model.rowCount() == 2
    page.saved._fill()
    menu: QMenu = page.saved.choices
    assert [a.text() for a in menu.actions()] == ["东里待验收", "", "保存现在的筛选…", "删除"]
    menu.actions()[0].trigger()
    desk.settle()
    assert page.chips.value() == "claimed"
    assert page.table.model.filters() == {"community": frozenset({"垂杨柳东里"})}
    assert page.table.model.rowCount() == 1
    again = RectificationPage(desk.context)
    desk.qtbot.addWidget(again)
    assert list(again.saved.saved) == ["东里待验收"]


def test_what_is_on_show_is_exported_with_photos(desk: Desk, page: RectificationPage, tmp_path: Path) -> None:
    page.table.filters.set_filter("community", frozenset({"垂杨柳东里"}))
    page.export.write(tmp_path / "out" / "台账.xlsx")
    desk.settle()
    assert "已导出 1 个问题" in page.messages.text()
    sheet = load_workbook(tmp_path / "out" / "台账.xlsx").worksheets[0]
    assert len(sheet._images) == 2  # type: ignore[attr-defined]
    texts = {str(c.value) for row in sheet.iter_rows() for c in row}
    assert "幸福便利店（示例）" in texts
    assert "光环药房（示例）" not in texts


def test_before_and_after_keep_the_same_part_in_sight(desk: Desk, page: RectificationPage) -> None:
    page.show_target("claimed")
    desk.settle()
    assert not page.detail.pair_button.isHidden()
    desk.press(page.table.view, Key.Key_B, control=True)
    dialog = next(d for d in page.detail.findChildren(PairDialog) if d.isVisible())
    assert faults(dialog) == []
    before, after = dialog.views
    for _ in range(4):
        desk.press(before, Key.Key_Plus)
    desk.press(before, Key.Key_Right)
    assert before.zoom > 2
    assert after.zoom == before.zoom
    assert after._centre == before._centre
    desk.press(after, Key.Key_0)
    assert before.zoom == 1


def test_one_computer_is_told_where_its_column_is_shown(desk: Desk, page: RectificationPage) -> None:
    desk.do(lambda store: store.submit_visit(visit(desk.site(), inspection(1.25)), person="chen"))
    made = desk.ask(lambda store: store.visits()[0].id)
    desk.do(lambda store: store.review_visit(made, accept=True, person="staff"))
    finding = desk.ask(lambda store: store.findings(FindingFilter(states=(FindingState.CLAIMED,)))[0].id)
    desk.do(lambda store: store.record_step(finding, StepRequest(to=FindingState.RECTIFIED), person="staff"))
    page.show_target("closed")
    desk.settle()
    assert not page._ledger.one_device, "not asked for while nobody sees it"
    page.table.filters.column_shown.emit("device", True)
    desk.settle()
    assert page.table.model.texts("device") == ["同一台"]


def test_findings_of_a_class_are_asked_for(desk: Desk, page: RectificationPage) -> None:
    assert len(desk.ask(lambda store: store.findings(FindingFilter(site_class="storefront")))) == 2
    assert desk.ask(lambda store: store.findings(FindingFilter(site_class="bus_stop"))) == []
    page.show_target(FindingFilter(site_class="storefront"))
    desk.settle()
    assert page.chips.buttons["asked"].text() == "临街门店 2"


def test_what_is_on_show_goes_to_the_map(desk: Desk, page: RectificationPage) -> None:
    page.chips.set_value("claimed")
    page._show_findings()
    desk.press(page, Key.Key_M, control=True)
    where, picked = desk.went[-1]
    assert where == "map"
    claimed = desk.ask(lambda store: store.findings(FindingFilter(states=(FindingState.CLAIMED,))))
    assert picked == Picked(title="台账：待验收", sites=(claimed[0].site,), findings=(claimed[0].id,))
