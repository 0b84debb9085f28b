from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from barrierfree.gui.data_page import DataPage
from barrierfree.gui.history_dialog import HistoryDialog
from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.gui.review_page import ReviewPage
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
Key = Qt.Key


def _dialog(parent: QWidget) -> HistoryDialog:
    return next(d for d in parent.findChildren(HistoryDialog) if d.isVisible())


def test_a_visit_and_a_finding_tell_their_history(desk: Desk) -> None:
    site = desk.site()
    made = desk.do(lambda store: store.submit_visit(visit(site, inspection(0.95)), person="anna"))
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.table.view, Key.Key_H, control=True)
    dialog = _dialog(page)
    assert faults(dialog) == []
    assert ("检查记录", "净宽", "0.95 m") in [(c.what, c.field, c.new) for c in dialog.table.model.records]
    dialog.reject()
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))
    ledger = desk.show(RectificationPage(desk.context))
    desk.press(ledger.table.view, Key.Key_H, control=True)
    dialog = _dialog(ledger)
    newest = dialog.table.model.records[0]
    assert (newest.person, newest.field, newest.old, newest.new) == ("staff", "状态", "待核实", "未整改")
    assert "状态：待核实 → 未整改" in dialog.whole.text()


def test_the_log_is_exported_from_the_data_page(desk: Desk, tmp_path: Path) -> None:
    page = desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))
    page.export_log(tmp_path / "log.csv")
    desk.settle()
    assert str(tmp_path / "log.csv") in page.copies.text()
    text = (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert "幸福便利店（示例）" in text
