"""The report dialog on the overview page, and the PDF files that come out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QSize, Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree import app, report, start
from barrierfree.gui.overview_page import OverviewPage
from barrierfree.gui.report_dialog import ReportDialog
from barrierfree.gui.result_dialog import ResultDialog
from barrierfree.gui.theme import apply_theme
from barrierfree.operations import report_files
from barrierfree.operations.reports import ReportRequest
from barrierfree.store import Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.gui import accessibility
from tests.gui.program import keys, running, window_of
from tests.operations.test_reports import NASTY, Life

Open = Callable[[], ReportDialog]


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, clock: Clock) -> Iterator[OverviewPage]:
    path = tmp_path / "s.gpkg"
    with survey(path, clock) as store:
        life = Life(store, clock)
        for site in store.add_sites([new_site("a"), new_site("b", community="富力")], person=life.staff).ids:
            life.assign(life.see(site, 0.9)[0])
    with running(qtbot, path, tmp_path / "home", exports=str(tmp_path)) as program:
        window = window_of(program)
        window.show_page("overview")
        found = window.page("overview")
        assert isinstance(found, OverviewPage)
        qtbot.waitUntil(lambda: found._figures is not None, timeout=10_000)
        yield found


@pytest.fixture
def dialog(qtbot: QtBot, page: OverviewPage) -> ReportDialog:
    page.report.click()
    qtbot.waitUntil(lambda: bool(page.findChildren(ReportDialog)), timeout=20_000)
    return page.findChildren(ReportDialog)[0]


def _choose(dialog: ReportDialog, kind: str) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def test_only_what_a_kind_can_use_is_asked(dialog: ReportDialog) -> None:
    shown: dict[str, set[str]] = {}
    for kind in ("progress", "ledger", "site", "notice", "contributions"):
        _choose(dialog, kind)
        shown[kind] = {name for name, row in dialog._rows.items() if row.isVisibleTo(dialog)}
        assert accessibility.faults(dialog) == []
    assert shown == {
        "progress": {"since", "community"}, "ledger": {"site", "unit", "community"}, "site": {"site", "community"},
        "notice": {"unit", "community"}, "contributions": {"since"},
    }  # fmt: skip
    dialog.community.setCurrentIndex(1)
    assert dialog.request().community == "", "what is hidden does not count"


def test_a_workbook_by_keyboard(qtbot: QtBot, page: OverviewPage, dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.kind.setFocus()
    QTest.keyClick(dialog.kind, Qt.Key.Key_Down)
    assert dialog.request().kind == "results"
    dialog.format.setFocus()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_2)
    assert dialog._file.suffix == ".xlsx"
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.messages.text() != "", timeout=20_000)
    (made,) = tmp_path.glob("*.xlsx")
    assert page.messages.text() == f"报告已生成：{made.name}"
    assert "成果摘要" in load_workbook(made).sheetnames


def test_a_name_that_is_taken_gets_a_number(dialog: ReportDialog, tmp_path: Path) -> None:
    dialog._file.write_bytes(b"")
    first = dialog._file
    dialog._draw()
    assert dialog._file == first.with_name(f"{first.stem} 2.pdf")


def test_what_cannot_be_made_is_said_and_everything_stays(qtbot: QtBot, dialog: ReportDialog) -> None:
    _choose(dialog, "site")
    dialog.site.setText("没有这个")
    dialog.format.set_value(".xlsx")
    dialog._draw()
    dialog.confirm.click()
    qtbot.waitUntil(lambda: dialog.fault.isVisibleTo(dialog), timeout=20_000)
    assert "没有这个" in dialog.fault.text()
    assert dialog.confirm.isEnabled()
    assert dialog.site.text() == "没有这个"
    assert not dialog._file.exists()


def test_whole_at_200_percent(qapp: QApplication, dialog: ReportDialog) -> None:
    try:
        apply_theme(qapp, "light", 2.0)
        assert accessibility.faults(dialog) == []
    finally:
        apply_theme(qapp, "light")


def test_a_result_is_entered_and_taken_back(qtbot: QtBot, page: OverviewPage, dialog: ReportDialog) -> None:
    page._context.settings.change(person="staff")
    _choose(dialog, "results")
    dialog.enter.click()
    entry = dialog.findChildren(ResultDialog)[0]
    qtbot.waitUntil(entry.isActiveWindow, timeout=10_000)
    entry.label.setText("无障碍手册")
    entry.unit.setText("册")
    keys(entry.quantity, "many")
    QTest.keyClick(entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: entry.fault.isVisibleTo(entry), timeout=10_000)  # a shortcut presses for 100 ms
    assert entry.label.text() == "无障碍手册"
    keys(entry.quantity, "180")
    QTest.keyClick(entry, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(entry.entered) == 1, timeout=10_000)
    assert entry.entered[0].quantity == 180
    assert accessibility.faults(entry) == []
    entry._withdraw(entry.entered[0].id)
    qtbot.waitUntil(lambda: not entry.entered, timeout=10_000)


@pytest.mark.slow
def test_a_pdf_and_its_cancelling(qtbot: QtBot, page: OverviewPage, dialog: ReportDialog, tmp_path: Path) -> None:
    """Escape while the engine prints ends it at once and leaves nothing; the next try gives the file."""
    _choose(dialog, "site")
    dialog.confirm.click()
    qtbot.waitUntil(lambda: dialog._work is not None and dialog._work._printer is not None, timeout=60_000)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog._work is None
    assert dialog.fault.text() == "已取消，没有留下文件。"
    assert not list(tmp_path.glob("*.pdf"))
    dialog.confirm.click()
    qtbot.waitUntil(lambda: page.messages.text() != "", timeout=60_000)
    (made,) = tmp_path.glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")


# -- PDF files ------------------------------------------------------------------------------------------------------


def _printed(store: Store, wanted: ReportRequest, folder: Path) -> QPdfDocument:
    target = folder / f"{wanted.kind}.pdf"
    pages = folder / wanted.kind
    pages.mkdir()
    application = start.make_application()
    sheets = app.write_pdf(application, report_files.write_pages(store, wanted, pages), target)
    found = QPdfDocument()
    found.load(str(target))
    assert found.pageCount() == sheets
    return found


def _text(document: QPdfDocument, page: int) -> str:
    return re.sub(r"\s+", "", document.getAllText(page).text())


@pytest.mark.slow
def test_every_kind_opens_again_as_a_pdf(qapp: QApplication, tmp_path: Path, clock: Clock) -> None:
    """Every sheet has its number, the survey, the date and the mark of sample data; hostile texts are texts."""
    with survey(tmp_path / "s.gpkg", clock) as store:
        life = Life(store, clock)
        first, second = store.add_sites([new_site("a", NASTY[0]), new_site("b", NASTY[6])], person=life.staff).ids
        life.assign(life.see(first, 0.9, note=NASTY[5])[0], unit=NASTY[0])
        life.repair(second, life.see(second, 0.9)[0], 2)
        for kind in ("progress", "results", "ledger", "site", "notice", "proposals", "contributions"):
            document = _printed(store, ReportRequest(kind=kind), tmp_path)
            count = document.pageCount()
            for number in range(count):
                text = _text(document, number)
                assert f"{number + 1}/{count}" in text, kind
                assert "测试普查（示例）" in text
                assert "2026-03-02" in text
                assert "示例数据" in text
            whole = "".join(_text(document, n) for n in range(count))
            if kind in ("ledger", "site", "notice"):
                assert "=cmd|'/Ccalc'!A0" in whole
            if kind in ("ledger", "site"):
                assert "</td><script>" in whole
                assert whole.count("甲") >= 5000


@pytest.mark.slow
def test_long_reports_are_printed_in_portions(
    qapp: QApplication, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers run on over the portions, headers are repeated, and no row is split between two sheets."""
    monkeypatch.setattr("barrierfree.report.page.PORTION", 300)
    with survey(tmp_path / "s.gpkg", clock) as store:
        life = Life(store, clock)
        names = [f"门店{n:03d}（示例）" for n in range(60)]
        for site in store.add_sites([new_site(n, n) for n in names], person=life.staff).ids:
            life.see(site, 0.9, note="很长的说明" * 20)
        document = _printed(store, ReportRequest(kind="ledger"), tmp_path)
        assert len(list((tmp_path / "ledger").glob("*.html"))) > 1
        texts = [_text(document, n) for n in range(document.pageCount())]
    assert document.pageCount() > 3
    for number, text in enumerate(texts, start=1):
        assert re.search(rf"示例数据{number}(?!\d)", text), text[:60]
        assert "点位编号" in text
    assert [name for text in texts for name in re.findall(r"门店\d{3}（示例）", text)] == names
    for text in texts:
        for row in re.split(r"门店\d{3}（示例）", text)[1:]:
            assert row.count("很长的说明") == 20, "a row is split"


@pytest.mark.slow
def test_joined_pages_look_as_they_were(qapp: QApplication, tmp_path: Path, clock: Clock) -> None:
    with survey(tmp_path / "s.gpkg", clock) as store:
        sites = store.add_sites([new_site("a"), new_site("b")], person="p").ids
        for site in sites:
            store.submit_visit(visit(site, inspection(0.9)), person="p")
        for name, wanted in (("one", ReportRequest()), ("two", ReportRequest(kind="site"))):
            (tmp_path / name).mkdir()
            _printed(store, wanted, tmp_path / name)
    parts = [tmp_path / "one" / "progress.pdf", tmp_path / "two" / "site.pdf"]
    count = report.join_pdfs(parts, tmp_path / "joined.pdf")
    assert count == sum(report.page_count(p) for p in parts)
    joined = _opened(tmp_path / "joined.pdf")
    at = 0
    for part in map(_opened, parts):
        for number in range(part.pageCount()):
            size = QSize(300, 424)
            assert joined.render(at, size) == part.render(number, size)
            at += 1
    assert at == joined.pageCount()


def _opened(path: Path) -> QPdfDocument:
    document = QPdfDocument()
    document.load(str(path))
    return document
