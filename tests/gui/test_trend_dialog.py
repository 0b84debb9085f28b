from __future__ import annotations

from PySide6.QtCore import Qt

from barrierfree.gui.overview_page import OverviewPage
from barrierfree.gui.trend_dialog import TrendDialog
from barrierfree.model.words import FindingState
from barrierfree.store import FindingFilter
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]


def _open(desk: Desk) -> TrendDialog:
    page = desk.show(OverviewPage(desk.context))
    desk.press(page, Qt.Key.Key_T, control=True)
    return next(d for d in page.findChildren(TrendDialog) if d.isVisible())


def _report(desk: Desk, text: str) -> None:
    site = desk.site(text)
    made = desk.do(lambda store: store.submit_visit(visit(site, inspection(0.95)), person="anna"))
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))


def test_what_was_found_when_and_where(desk: Desk) -> None:
    _report(desk, "幸福")
    desk.clock.move(days=40)
    _report(desk, "光环")
    dialog = _open(desk)
    assert faults(dialog) == []
    assert "发现 2，修复关闭 0，其他关闭 0，返工 0。" in dialog.told.text()
    table = dialog.weeks._table
    rows = {table.item(n, 0).text(): table.item(n, table.columnCount() - 1).text() for n in range(table.rowCount())}  # type: ignore[union-attr]
    assert rows["2026-03-02 起"] == "1 / 0"
    assert rows["2026-04-06 起"] == "1 / 0"
    assert dialog._trends is not None
    assert [a.findings for a in dialog._trends.ages] == [1, 1, 0, 0]
    assert [(r.rule, r.met, r.not_met) for r in dialog._trends.rules] == [("WR-05", 0, 2)]
    dialog.weeks.activated.emit("2026-03-02")
    assert desk.went[-1] == (
        "rectification", FindingFilter(reported_since="2026-03-02", reported_until="2026-03-08")
    )  # fmt: skip
    found = desk.ask(lambda store: store.findings(FindingFilter(reported_until="2026-03-08")))
    assert [f.site_name for f in found] == ["幸福便利店（示例）"]


def test_another_day_and_the_lists_behind(desk: Desk) -> None:
    _report(desk, "幸福")
    desk.clock.move(days=40)
    _report(desk, "光环")
    dialog = _open(desk)
    dialog.as_of.setCurrentIndex(2)
    desk.settle()
    assert dialog.as_of.currentData() == "2026-03-31"
    assert "发现 1，" in dialog.told.text()
    dialog.as_of.setCurrentIndex(0)
    desk.settle()
    dialog.ages.activated.emit("1")
    wanted = desk.went[-1][1]
    assert isinstance(wanted, FindingFilter)
    assert FindingState.OPEN in wanted.states
    assert [f.site_name for f in desk.ask(lambda store: store.findings(wanted))] == ["幸福便利店（示例）"]
