"""The import assistant on real lists: four steps by keys, back and forth, and nothing left behind when it is closed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from barrierfree import coordinates
from barrierfree.errors import Cancelled
from barrierfree.gui.data_page import DataPage
from barrierfree.gui.import_assistant import ImportAssistant
from barrierfree.gui.import_assistant.entries import KINDS
from barrierfree.gui.theme import apply_theme
from barrierfree.operations import lists
from barrierfree.operations.lists import import_list
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.gui.program import keys

__all__ = ["desk"]
Rows = list[list[str]]
NAME, LON, LAT = 0, 8, 9


@pytest.fixture
def real(shared: Path) -> Path:
    return shared / "shuangjing" / "facilities_gcj02.csv"


@pytest.fixture
def page(desk: Desk) -> DataPage:
    return desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """A test that fails leaves no assistant open over the next one."""
    yield
    while isinstance(left := QApplication.activeModalWidget(), QDialog):
        left.reject()
        QApplication.processEvents()


def assistant_of(desk: Desk) -> ImportAssistant:
    desk.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ImportAssistant))
    found = QApplication.activeModalWidget()
    assert isinstance(found, ImportAssistant)
    return found


def begin(desk: Desk, page: DataPage, file: Path) -> ImportAssistant:
    page.show_target(file)
    assistant = assistant_of(desk)
    desk.settle()
    return assistant


def forward(desk: Desk, assistant: ImportAssistant) -> None:
    """The next step, by its key, once one can go on."""
    desk.qtbot.waitUntil(assistant.next.isEnabled, timeout=20000)
    desk.press(assistant, Qt.Key.Key_Return, control=True)


def back(desk: Desk, assistant: ImportAssistant) -> None:
    """The step before, by its key."""
    at = assistant.at
    QTest.keyClick(assistant, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    desk.qtbot.waitUntil(lambda: assistant.at < at)
    desk.settle()


def to_match(desk: Desk, page: DataPage, file: Path, datum: str = "gcj02") -> ImportAssistant:
    assistant = begin(desk, page, file)
    forward(desk, assistant)
    forward(desk, assistant)
    if assistant.at == 2:
        assistant.datum.radios[datum].click()
        forward(desk, assistant)
    assert assistant.at == 3
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    desk.settle()
    return assistant


def edition(real: Path, path: Path, change: Callable[[Rows], None]) -> Path:
    """The real list, changed; in GB18030 below a title, as offices send it."""
    rows = list(csv.reader(real.read_text(encoding="utf-8-sig").splitlines()))
    body = rows[1:]
    change(body)
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["双井街道设施清单"] + [""] * 9, rows[0], *body])
    return path


def second(body: Rows) -> None:
    """Three rows gone, two with another name, two moved, one without a name, one quite new."""
    del body[:3]
    body[0][NAME], body[1][NAME] = body[0][NAME] + "（新址）", "新" + body[1][NAME]
    for at, east in ((6, 0.0002), (7, 0.0003)):
        body[at][LON] = f"{float(body[at][LON]) + east:.6f}"
    body.append(["", *body[9][1:]])
    body.append(["老王修车铺", "", "", "", "", "百子湾路 9 号", "", "", "116.47", "39.895"])


def facts(desk: Desk) -> int:
    return desk.ask(lambda store: int(store._sql.execute("SELECT count(*) FROM facts").fetchone()[0]))


@pytest.fixture
def first_list(desk: Desk, real: Path) -> None:
    desk.do(lambda store: import_list(store, real, datum="gcj02", person="p", decide="new"))


def test_by_keys_alone(desk: Desk, page: DataPage, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From Ctrl+I to the message; only the system's file dialog is not ours."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_n: (str(real), ""))
    desk.press(page, Qt.Key.Key_I, control=True)
    assistant = assistant_of(desk)
    assert assistant.reason.text() == "请选择清单文件。"
    assert not assistant.next.isEnabled()
    desk.press(_focus(assistant), Qt.Key.Key_Return)
    assert "列名在第 1 行" in assistant.file.told.text()
    assert "200 行" in assistant.file.told.text()
    forward(desk, assistant)
    assert assistant.columns.preview.rows[0].cells["name"] == "唐炖小馆"
    assert assistant.columns.preview.rows[0].cells["lon"] == "116.478558"
    forward(desk, assistant)
    assert assistant.at == 2
    assert assistant.work.datum == "", "the outline alone cannot tell: nothing is chosen beforehand"
    assert not assistant.next.isEnabled()
    assert "判断不了" in assistant.datum.said.text()
    assert "范围内" in assistant.datum.radios["gcj02"].text()
    for _ in range(10):
        if assistant.datum.radios["gcj02"].hasFocus():
            break
        QTest.keyClick(_focus(assistant), Qt.Key.Key_Down)
    QTest.keyClick(_focus(assistant), Qt.Key.Key_Space)
    assert assistant.work.datum == "gcj02"
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: bool(assistant.match.table.model.records), timeout=20000)
    table = assistant.match.table
    assert assistant.match.chips.value() == "possible"
    undecided = assistant.match.undecided
    assert undecided == len(table.model.records) > 0
    desk.press(table.view, Qt.Key.Key_S)
    desk.press(table.view, Qt.Key.Key_N)
    assert assistant.match.undecided == undecided - 2
    desk.press(table.view, Qt.Key.Key_Z, control=True)
    assert assistant.match.undecided == undecided - 1
    desk.press(table.view, Qt.Key.Key_A, control=True)
    desk.press(table.view, Qt.Key.Key_N)
    assert assistant.match.undecided == 0
    assert assistant.next.text() == "导入 200 行"
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: "已导入" in page.messages.text(), timeout=20000)
    assert "新增 200" in page.messages._advice.text()
    assert len(desk.ask(lambda store: store.sites())) == 202
    assert [t.file for t in page.lists.table.model.records] == ["facilities_gcj02.csv"]
    assert desk.ask(lambda store: store.check()) == []


def _focus(assistant: ImportAssistant) -> QWidget:
    focus = assistant.focusWidget()
    assert focus is not None
    return focus


@pytest.mark.usefixtures("first_list")
def test_a_second_edition(desk: Desk, page: DataPage, real: Path, tmp_path: Path) -> None:
    file = edition(real, tmp_path / "2027.csv", second)
    assistant = begin(desk, page, file)
    assert "GB18030 编码，列名在第 2 行" in assistant.file.told.text()
    assert any("标题" in text for text in assistant.file.remarks.text().splitlines())
    forward(desk, assistant)
    assert "上次同样列名的清单就是这样选的" in assistant.columns.remark.text()
    forward(desk, assistant)
    assert assistant.work.datum == "gcj02", "190 sites of the same name say so"
    assert "建议：GCJ-02" in assistant.datum.said.text()
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    match = assistant.match
    counts = {kind: len(match._entries[kind]) for kind in KINDS}
    assert counts["gone"] == 3
    assert counts["changed"] + counts["possible"] == 4, "two renamed, two moved"
    assert counts["rejected"] == 0
    assert match.chips.buttons["gone"].text() == "清单里已没有 3"
    assert "facilities_gcj02.csv" in assistant.reason.text()
    _decide_the_edition(desk, assistant)
    before = desk.ask(lambda store: store.sites())
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: "已导入" in page.messages.text(), timeout=20000)
    assert "没有决定，没有导入" in page.messages._advice.text()
    gone = desk.ask(lambda store: store.sites(SiteFilter(gone=True)))
    assert len(gone) == 2, "one of the three was kept by hand"
    after = desk.ask(lambda store: {s.id: s for s in store.sites()})
    moved = [s for s in before if s.id in after and after[s.id].given_x != s.given_x]
    assert len(moved) == 1, "one of the two moves was declined"
    assert any(s.name == "老王修车铺" for s in after.values())
    again = begin(desk, page, file)
    assert again.work.suggested is not None
    assert again.work.suggested.remembered


def _decide_the_edition(desk: Desk, assistant: ImportAssistant) -> None:
    """One move declined, one site kept, one renamed one joined, the other left open; all by keys."""
    match = assistant.match
    view = match.table.view
    for kind in ("changed", "gone"):
        match.chips.buttons[kind].setFocus()
        desk.press(match.chips.buttons[kind], Qt.Key.Key_Space)
        view.setFocus()
        desk.press(view, Qt.Key.Key_Home, control=True)
        desk.press(view, Qt.Key.Key_Space)
        assert match.decisions.words(match.table.model.records[0]).startswith("✗")
    match.chips.buttons["possible"].setFocus()
    desk.press(match.chips.buttons["possible"], Qt.Key.Key_Space)
    view.setFocus()
    desk.press(view, Qt.Key.Key_Home, control=True)
    desk.press(view, Qt.Key.Key_Return)
    same = match.detail.buttons["same"]
    assert same.hasFocus(), "Enter goes to the answers"
    desk.press(same, Qt.Key.Key_Return)
    assert match.decisions.words(match.table.model.records[0]) == "✓ 相同"
    assert match.undecided >= 1


def test_back_and_forth(desk: Desk, page: DataPage, real: Path) -> None:
    assistant = to_match(desk, page, real)
    match, work = assistant.match, assistant.work
    plan = work.plan
    match.decisions.decide(match._entries["possible"][:2], "new")
    desk.press(assistant, Qt.Key.Key_Left)  # no key of ours without Alt
    assert assistant.at == 3
    back(desk, assistant)
    assert assistant.at == 2
    assert assistant.datum.radios["gcj02"].isChecked()
    back(desk, assistant)
    assert assistant.at == 1
    desk.settle()
    forward(desk, assistant)
    forward(desk, assistant)
    assert work.plan is plan, "nothing was changed, so nothing is compared again"
    assert len(work.new) == 2
    assistant.heads[1].click()
    desk.settle()
    address = work.columns["address"]
    combo = assistant.columns.combos[address]
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    combo.activated.emit(combo.currentIndex())
    desk.settle()
    assert "address" not in work.columns
    forward(desk, assistant)
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: work.plan is not None and work.plan is not plan, timeout=20000)
    assert work.plan is not None
    assert all(not row.site.address for row in work.plan.rows)
    assistant.reject()


def test_a_field_belongs_to_one_column(desk: Desk, page: DataPage, real: Path) -> None:
    assistant = begin(desk, page, real)
    forward(desk, assistant)
    columns = assistant.columns
    combo = columns.combos[4]
    combo.setCurrentIndex(combo.findData("name"))
    combo.activated.emit(combo.currentIndex())
    desk.settle()
    assert columns.combos[NAME].currentData() == ""
    assert assistant.work.columns["name"] == 4
    assert columns.preview.rows[0].cells["name"] == "百子湾"
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    lat = columns.combos[LAT]
    lat.setCurrentIndex(0)
    lat.activated.emit(0)
    desk.settle()
    assert "坐标只选了一半" in assistant.reason.text()
    lon = columns.combos[LON]
    lon.setCurrentIndex(0)
    lon.activated.emit(0)
    desk.settle()
    assert "跳过坐标系" in columns.remark.text()
    for at in list(assistant.work.columns.values()):
        columns.combos[at].setCurrentIndex(0)
        columns.combos[at].activated.emit(0)
    desk.settle()
    assert "名称" in assistant.reason.text()
    assert not assistant.next.isEnabled()
    assistant.reject()


def test_without_coordinates_the_datum_is_skipped(desk: Desk, page: DataPage, tmp_path: Path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("名称,地址,联系电话\n双井居委会,广渠路 3 号,13800000000\n劲松药房,,13900000000\n", encoding="utf-8")
    assistant = begin(desk, page, file)
    forward(desk, assistant)
    assert "电话不导入" in assistant.columns.remark.text()
    forward(desk, assistant)
    assert assistant.at == 3
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None)
    assert "跳过" in assistant.heads[2].text()
    assert len(assistant.match._entries["bare"]) == 2
    back(desk, assistant)
    assert assistant.at == 1
    desk.settle()
    forward(desk, assistant)
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: "已导入" in page.messages.text())
    sites = desk.ask(lambda store: store.sites(SiteFilter(without_position=True)))
    assert {s.name for s in sites} == {"双井居委会", "劲松药房"}
    assert not any("138" in s.note for s in sites)


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_cancel_leaves_nothing(desk: Desk, page: DataPage, real: Path, step: int) -> None:
    before = facts(desk)
    assistant = begin(desk, page, real) if step < 3 else to_match(desk, page, real)
    for _ in range(min(step, 2) if step < 3 else 0):
        forward(desk, assistant)
    assert assistant.at == step
    if step == 3:
        assistant.match.decisions.decide(assistant.match._entries["possible"], "same")
    desk.press(assistant, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert facts(desk) == before
    assert desk.ask(lambda store: store.lists()) == []


def test_cancel_while_comparing_and_while_storing(
    desk: Desk, page: DataPage, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = facts(desk)
    compare = lists.compare_list

    def cancelled(store: Store, *_given: object, progress: Progress, **_named: object) -> object:
        progress.cancel()
        progress.check()
        raise AssertionError

    assistant = begin(desk, page, real)
    forward(desk, assistant)
    forward(desk, assistant)
    assistant.datum.radios["gcj02"].click()
    monkeypatch.setattr(lists, "compare_list", cancelled)
    forward(desk, assistant)
    assert assistant.messages.text() == "已取消。"
    assert assistant.reason.text() == "还没有比对。"
    monkeypatch.setattr(lists, "compare_list", compare)
    back(desk, assistant)
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    monkeypatch.setattr(Store, "take_in_list", _raise_cancelled)
    forward(desk, assistant)
    assert assistant.messages.text() == "已取消。"
    assert assistant.isVisible()
    assert facts(desk) == before
    assert assistant.next.isEnabled(), "it can be tried again"
    assistant.reject()


def _raise_cancelled(*_given: object, **_named: object) -> None:
    raise Cancelled


def test_bad_files_say_why_and_another_can_be_chosen(desk: Desk, page: DataPage, real: Path, tmp_path: Path) -> None:
    bad = {"empty.csv": b"", "torn.xlsx": b"PK\x03\x04torn", "list.pdf": b"%PDF-1.4", "absent.csv": None}
    assistant = begin(desk, page, real)
    for name, content in bad.items():
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        assistant.take(file)
        desk.settle()
        assert name in assistant.messages.text()
        assert assistant.messages._advice.text()
        assert not assistant.next.isEnabled()
        assert assistant.reason.text() == "请选择清单文件。"
    _drop(assistant, real)
    desk.settle()
    assert assistant.next.isEnabled()
    assert assistant.messages.text() == ""
    area = tmp_path / "area.geojson"
    area.write_text("{}", encoding="utf-8")
    assistant.file.take_area(area)
    desk.settle()
    assert "area.geojson" in assistant.messages.text()
    assert assistant.work.within is None
    assistant.reject()


def _drop(assistant: ImportAssistant, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    assistant.dropEvent(event)


def test_sheets_and_header_rows(desk: Desk, page: DataPage, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    one = book.active
    assert one is not None
    one.title = "说明"
    one.append(["填报说明"])
    two = book.create_sheet("设施")
    for row in (["2026 年设施"], ["店铺", "位置"], ["甲店", "广渠路 1 号"], ["乙店", "广渠路 2 号"]):
        two.append(row)
    file = tmp_path / "two.xlsx"
    book.save(file)
    assistant = begin(desk, page, file)
    step = assistant.file
    assert [step.sheet.itemText(i) for i in range(step.sheet.count())] == ["说明", "设施"]
    assert step.sheet.currentText() == "设施"
    assert step.header.value() == 2
    keys(step.header, "3")
    desk.qtbot.waitUntil(lambda: assistant.work.raw is not None and assistant.work.raw.header_row == 3, timeout=5000)
    desk.settle()
    assert assistant.work.raw is not None
    assert assistant.work.raw.headers == ("甲店", "广渠路 1 号")
    step.sheet.setCurrentText("说明")
    step.sheet.activated.emit(0)
    desk.settle()
    assert assistant.work.raw is None or assistant.work.raw.sheet == "说明"
    assistant.reject()


def test_datums_that_are_typed(desk: Desk, page: DataPage, tmp_path: Path) -> None:
    """A plane list, north first, as surveyors write it; an old datum is refused with the reason."""
    rows = [("名称", "X", "Y")]
    for n in range(30):
        x, y = coordinates.convert(116.45 + n * 1e-3, 39.893, "wgs84", "EPSG:4547")
        rows.append((f"第{n}店", f"{y:.3f}", f"{x:.3f}"))
    file = tmp_path / "plane.csv"
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    assistant = begin(desk, page, file)
    forward(desk, assistant)
    assert assistant.work.has_coordinates
    forward(desk, assistant)
    step = assistant.datum
    step.radios["other"].click()
    assert assistant.reason.text() == "请写出坐标系。"
    step.other.setText("北京54")
    desk.qtbot.waitUntil(lambda: "北京 54" in step._other_fault.text())
    assert "本地参数" in step._other_fault.text()
    assert not assistant.next.isEnabled()
    step.other.setText("EPSG:999999")
    desk.qtbot.waitUntil(lambda: "999999" in step._other_fault.text())
    step.other.setText("CGCS2000 3度带 117")
    desk.qtbot.waitUntil(lambda: "CGCS2000 3度带 117" in step._other_fault.text() or bool(assistant.work.datum))
    step.other.setText("EPSG:4547")
    desk.qtbot.waitUntil(lambda: assistant.work.datum == "EPSG:4547")
    desk.qtbot.waitUntil(lambda: assistant.work.swapped)
    assert step.swapped.isChecked()
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    assert assistant.work.plan is not None
    place = assistant.work.plan.rows[0].site.position
    assert place is not None
    assert (round(place.lon, 6), round(place.lat, 6)) == (116.45, 39.893)
    assistant.reject()


def test_what_is_left_out_can_be_mended(desk: Desk, page: DataPage, shared: Path, real: Path, tmp_path: Path) -> None:
    def spoil(body: Rows) -> None:
        body[0][LON] = "x"
        body[1][NAME] = ""
        body[1][LON] = body[1][LAT] = ""

    file = edition(real, tmp_path / "spoilt.csv", spoil)
    assistant = begin(desk, page, file)
    assistant.file.take_area(shared / "shuangjing" / "boundary.geojson")
    desk.settle()
    assert "boundary.geojson" in assistant.file.area.text()
    for _ in range(2):
        forward(desk, assistant)
    assistant.datum.radios["gcj02"].click()
    forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    match = assistant.match
    counts = {kind: len(match._entries[kind]) for kind in KINDS}
    assert counts["rejected"] == 2
    assert counts["outside"] > 100
    assert match.save.isVisible()
    out = tmp_path / "left.xlsx"
    match.save_left_out(out)
    desk.settle()
    assert str(out) in assistant.reason.text()
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:2] == ["不能导入", "边界以外"]
    sheet = [[c.value for c in row] for row in book["不能导入"].iter_rows()]
    assert sheet[0][:3] == ["行", "没有导入的原因", "名称"]
    assert [row[0] for row in sheet[1:]] == [3, 4]
    assert book["边界以外"].max_row == counts["outside"] + 1
    assistant.reject()


def test_the_points_are_on_the_map(desk: Desk, page: DataPage, real: Path) -> None:
    assistant = begin(desk, page, real)
    forward(desk, assistant)
    forward(desk, assistant)
    step = assistant.datum
    assert [step._shape(c) for c in step.table.model.records][:2] == ["圆点", "三角"]
    shown = step.map
    assert shown is not None
    desk.qtbot.waitUntil(lambda: shown.is_ready, timeout=30000)
    told: list[object] = []

    def drawn() -> bool:
        shown.ask("JSON.stringify([barrierfree.state.drawn, barrierfree.state.total])", told.append)
        return told[-1:] == ["[400,400]"]

    desk.qtbot.waitUntil(drawn, timeout=10000)
    assert shown.blocker.blocked == []
    step.radios["bd09"].click()
    assert shown.shown[0] == "BD-09", "what is chosen is always on the map"
    assistant.reject()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.usefixtures("first_list")
def test_every_step_can_be_read_aloud(
    desk: Desk, page: DataPage, real: Path, tmp_path: Path, scale: float, qapp: QApplication
) -> None:
    apply_theme(qapp, "light", scale)
    assistant = begin(desk, page, edition(real, tmp_path / "2027.csv", second))
    for step in range(3):
        assert assistant.at == step
        assert faults(assistant) == [], step
        assert (assistant.width(), assistant.height()) <= (1366, 768)
        forward(desk, assistant)
    desk.qtbot.waitUntil(lambda: assistant.work.plan is not None, timeout=20000)
    for kind in KINDS:
        assistant.match._show_kind(kind)
        QApplication.processEvents()
        assert faults(assistant) == [], kind
    assistant.match.columns.show_pane("detail")
    assert faults(assistant) == []
    assistant.reject()
