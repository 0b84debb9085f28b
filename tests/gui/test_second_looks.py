from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from barrierfree.gui.dispute_dialog import AdoptDialog, DisputeDialog
from barrierfree.gui.photo_view import PhotoDialog
from barrierfree.gui.review_page import ReviewPage
from barrierfree.gui.site_list import SiteList
from barrierfree.gui.spot_check_dialog import SampleDialog, SpotCheckDialog
from barrierfree.model.records import Photo, ReportedProblem
from barrierfree.model.second_looks import Agreement
from barrierfree.model.words import Problem
from barrierfree.store import Store
from tests.builders import inspection, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk

__all__ = ["desk"]
Key = Qt.Key
D = TypeVar("D", bound=QDialog)


def _texts(widget: QWidget) -> str:
    return "\n".join(text.text() for text in widget.findChildren(QLabel) if text.isVisibleTo(widget))


def _dialog(parent: QWidget, kind: type[D]) -> D:
    return next(d for d in parent.findChildren(kind) if d.isVisible())


def _accepted(desk: Desk, width: float, person: str, text: str = "幸福") -> str:
    site = desk.site(text)
    made = desk.do(lambda store: store.submit_visit(visit(site, inspection(width)), person=person))
    desk.do(lambda store: store.review_visit(made.visit, accept=True, person="staff"))
    return made.inspections[0]


@pytest.fixture
def disputed(desk: Desk) -> tuple[str, str]:
    """Anna measured 0.95 m here; ben, on another laptop that knew nothing of it, 1.25 m."""
    laptop = Store.create(desk.path.with_name("laptop.gpkg"), device="device-b", clock=desk.clock)
    with laptop:
        laptop.take_in(desk.ask(lambda store: store.facts()))
        one = _accepted(desk, 0.95, "anna")
        made = laptop.submit_visit(visit(desk.site(), inspection(1.25)), person="ben")
        laptop.review_visit(made.visit, accept=True, person="staff")
        facts = laptop.facts()
    desk.do(lambda store: store.take_in(facts))
    return one, made.inspections[0]


def test_a_dispute_is_decided_by_keyboard(desk: Desk, disputed: tuple[str, str]) -> None:
    page = desk.show(ReviewPage(desk.context))
    assert page.disputes.text() == "有分歧 1"
    desk.press(page.table.view, Key.Key_D, control=True)
    dialog = _dialog(page, DisputeDialog)
    dialog.resize(1200, 700)
    desk.settle()
    assert faults(dialog) == []
    text = _texts(dialog)
    for part in ("不同之处：净宽 0.95 m → 1.25 m", "anna 2026-03-02", "ben 2026-03-02", "小于 1.20 m"):
        assert part in text
    desk.press(dialog.table.view, Key.Key_Return, control=True)
    asked = _dialog(dialog, AdoptDialog)
    assert faults(asked) == []
    desk.press(asked.reason, Key.Key_Return, control=True)
    assert "请写明为什么采用这一次。" in asked.fault.text()
    asked.choice.set_value(disputed[0])
    QTest.keyClicks(asked.reason, "0.95")
    desk.press(asked.reason, Key.Key_Return, control=True)
    assert not dialog.table.model.records
    assert "没有有分歧的记录" in _texts(dialog)
    assert desk.ask(lambda store: store.disputes()) == []
    assert [i.id for i in desk.ask(lambda store: store.inspections(current=True))] == [disputed[0]]
    dialog.reject()
    desk.settle()
    assert page.disputes.text() == "有分歧 0"


def test_a_third_look_is_asked_for(desk: Desk, disputed: tuple[str, str]) -> None:
    page = desk.show(ReviewPage(desk.context))
    page.show_target("disputed")
    desk.settle()
    dialog = _dialog(page, DisputeDialog)
    dialog.resize(1200, 700)
    desk.settle()
    desk.press(dialog.table.view, Key.Key_T, control=True)
    assert "已请人第三次检查" in _texts(dialog)
    assert not dialog.third_button.isEnabled()
    assert desk.ask(lambda store: store.site_figures("chen").again) == 1
    chips = SiteList()
    chips.set_figures(desk.ask(lambda store: store.site_figures("chen")))
    assert chips.chips["again"].text() == "复查 1"
    assert not chips.chips["again"].isHidden()


def test_a_sample_is_drawn_and_told(desk: Desk) -> None:
    _accepted(desk, 0.95, "anna")
    _accepted(desk, 1.25, "ben", "光环")
    page = desk.show(ReviewPage(desk.context))
    desk.press(page.table.view, Key.Key_K, control=True)
    dialog = _dialog(page, SpotCheckDialog)
    assert "还没有抽查" in _texts(dialog)
    desk.press(dialog, Key.Key_N, control=True)
    asked = _dialog(dialog, SampleDialog)
    assert faults(asked) == []
    asked.since.setText("2026-03-01")
    asked.until.setText("2026-03-31")
    asked.number.setText("十次")
    desk.click(asked.confirm)
    assert "看不懂抽查的数量“十次”。" in asked.fault.text()
    asked.number.setText("100%")
    asked.seed.setText("4711")
    desk.click(asked.confirm)
    assert faults(dialog) == []
    text = _texts(dialog)
    assert "staff从 2026-03-01 至 2026-03-31 提交并通过的 2 次走访中抽 2 次（100%），种子 4711。" in text
    assert "未复查 2、已复查，待审核 0、结论一致 0、结论不同 0" in text
    _accepted(desk, 1.3, "chen")
    desk.click(dialog.end_button)
    assert {i.agreement for i in dialog.table.model.records} == {Agreement.TO_DO, Agreement.DIFFERS}
    desk.press(dialog.table.view, Key.Key_Return)
    assert desk.went[-1][0] == "review"


def test_review_shows_what_was_taken_over_how_bad_and_the_limit_beside_the_photo(desk: Desk) -> None:
    one = inspection(0.95, photos=("ab",)).model_copy(
        update={
            "taken_over": ("present",),
            "problems": (ReportedProblem(problem=Problem.OCCUPIED, severity="high", note="自行车"),),
        }
    )
    site = desk.site()
    photo = Photo(sha256="ab", suffix=".jpg", width=1, height=1)
    desk.do(lambda store: store.submit_visit(visit(site, one), person="anna", photos=[photo]))
    page = desk.show(ReviewPage(desk.context))
    text = _texts(page.detail)
    for part in ("是否设置（沿用）", "上报问题：占用（严重）", "自行车"):
        assert part in text
    desk.press(page.table.view, Key.Key_P, control=True)
    dialog = _dialog(page.detail, PhotoDialog)
    assert "净宽 0.95 m，小于 1.20 m（GB 55019-2021 2.3.2，强制）" in _texts(dialog)
    assert faults(dialog) == []
