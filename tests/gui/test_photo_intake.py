"""The evening's photos through the data page: proposals, the tray, the clock, by keyboard; stored only when told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, Qt
from pytestqt.qtbot import QtBot

from barrierfree.gui import notices
from barrierfree.gui.data_page import DataPage
from barrierfree.gui.photo_intake import PhotoIntakeDialog
from barrierfree.gui.photo_intake.clock import ClockDialog, OffsetDialog
from barrierfree.model.records import Draft
from barrierfree.store import Store
from tests.builders import Clock, inspection, new_site, survey, visit
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.gui.program import running, window_of
from tests.photo_files import picture

__all__ = ["desk"]


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """Anna's visit of 10:00 to 10:20, her draft of 10:30, and what is on her phone."""
    desk.work_as("anna")

    def submit(store: Store) -> None:
        new = visit(desk.site(), inspection(0.95)).model_copy(
            update={
                "photos_to_follow": True, "started": "2026-03-02T10:00:00+08:00", "ended": "2026-03-02T10:20:00+08:00",
            }
        )  # fmt: skip
        store.submit_visit(new, person="anna")

    desk.do(submit, minutes=30)
    draft = Draft(site=desk.site("光环"), element="door", number=1, person="anna", answers={"present": "yes"})
    desk.do(lambda store: store.save_draft(draft), hours=9)
    folder = tmp_path / "手机"
    picture(folder / "one.jpg", "2026:03:02 10:05:00", lon=116.4601, lat=39.89, shade=1)
    picture(folder / "two.heic", "2026:03:02 10:10:00", shade=60)
    picture(folder / "door.jpg", "2026:03:02 10:31:00", shade=100)
    picture(folder / "lunch.jpg", "2026:03:02 12:30:00", lon=116.4697, lat=39.89, shade=150)
    (folder / "notes.jpg").write_text("no picture", encoding="utf-8")
    (folder / "video.mp4").write_bytes(b"video")
    return folder


def opened(desk: Desk, *places: Path) -> tuple[DataPage, PhotoIntakeDialog]:
    page = desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))
    dialog = page.photos.begin(places)
    desk.settle()
    return page, dialog


def rows(dialog: PhotoIntakeDialog) -> dict[str, list[str]]:
    """Groups and the names in them."""
    found = {}
    for n in range(dialog.tree.topLevelItemCount()):
        top = dialog.tree.topLevelItem(n)
        assert top is not None
        below = [child for m in range(top.childCount()) if (child := top.child(m)) is not None]
        found[top.text(0)] = [child.text(0).split("\n")[0] for child in below]
    return found


def test_agreeing_with_all_proposals(desk: Desk, folder: Path) -> None:
    page, dialog = opened(desk, folder)
    assert rows(dialog) == {
        "光环药房（示例）（草稿，03-02 10:30），1 张，其中 1 张是建议": ["door.jpg"],
        "幸福便利店（示例）（03-02 10:00–10:20，照片待补），2 张，其中 2 张是建议": ["one.jpg", "two.heic"],
        "待分配 1 张": ["lunch.jpg"],
        "不能用 1 个": ["notes.jpg"],
    }
    assert "不是照片 1" in dialog.summary.text()
    assert faults(dialog) == []
    assert all(not icon.isNull() for icon in dialog.tree._images.values())
    desk.press(dialog.take_all, Qt.Key.Key_Space)
    assert desk.ask(lambda store: store.photos()) == []
    assert dialog.confirm.text() == "导入 3 张"
    desk.press(dialog, Qt.Key.Key_Return, control=True)
    assert dialog._receipt.text() == "导入 4 张：走访 2，草稿 1，待分配 1。"
    assert "不能用 1 个，不是照片 1 个" in dialog._hint.text()
    assert faults(dialog) == []
    (made,) = desk.ask(lambda store: store.visits())
    assert (made.photos, made.photos_to_follow) == (2, False)
    assert len(desk.ask(lambda store: store.drafts())) == 0  # read by another device
    assert page.messages.text() == "导入 4 张：走访 2，草稿 1，待分配 1。"
    dialog.reject()
    desk.settle()
    assert "待分配 1 张" in page.photos.tray.text()
    _, again = page, page.photos.begin([folder])
    desk.settle()
    assert rows(again)["以前已导入 3 张"] == ["door.jpg", "one.jpg", "two.heic"]
    again.reject()


def test_assigning_by_keyboard_asks_once_about_photos_from_elsewhere(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [False, True]

    def answer(_parent: object, question: str, *_rest: str) -> bool:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr(notices, "ask", answer)
    _, dialog = opened(desk, folder)
    (lunch,) = [key for key, item in dialog.intake.items.items() if item.name == "lunch.jpg"]  # type: ignore[union-attr]
    for _ in range(2):
        dialog.tree.select([lunch])
        desk.press(dialog.tree, Qt.Key.Key_Return)
        assert dialog.targets.search.hasFocus()
        dialog.targets.search.insert("幸福")  # as an input method does
        desk.press(dialog.targets.search, Qt.Key.Key_Return)
        dialog.targets.search.clear()
    assert asked == ["1 张照片的位置离“幸福便利店（示例）”最远 830 米，仍然添加？"] * 2
    assert dialog.intake is not None
    assert list(dialog.intake.chosen) == [lunch]
    desk.press(dialog.tree, Qt.Key.Key_Delete)
    dialog.reject()


def test_nothing_is_stored_by_closing(desk: Desk, folder: Path) -> None:
    _, dialog = opened(desk, folder)
    dialog.take_all.click()
    dialog.reject()
    desk.settle()
    assert desk.ask(lambda store: (store.photos(), store.tray(), store.visits()[0].photos)) == ([], [], 0)


def test_left_out_photos_are_not_taken(desk: Desk, folder: Path) -> None:
    _, dialog = opened(desk, folder)
    assert dialog.intake is not None
    dialog.tree.select([k for k, i in dialog.intake.items.items() if i.name in ("lunch.jpg", "door.jpg")])
    desk.press(dialog.tree, Qt.Key.Key_Delete)
    assert rows(dialog)["不导入 2 张"]
    dialog.take_all.click()
    desk.click(dialog.confirm)
    assert dialog._receipt.text() == "导入 2 张：走访 2。"
    dialog.reject()


@pytest.mark.parametrize(("answer", "placed", "tray"), [(0, 3, 1), (1, 0, 4), (-1, 0, 0)])
def test_proposals_nobody_agreed_with_are_asked_about(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: int, placed: int, tray: int
) -> None:
    monkeypatch.setattr(notices, "choose", lambda *_rest: answer)
    _, dialog = opened(desk, folder)
    desk.click(dialog.confirm)
    receipt = dialog.receipt
    assert (receipt is None) == (answer < 0)
    if receipt is not None:
        assert (receipt.visits + receipt.drafts, receipt.tray) == (placed, tray)
    dialog.reject()


def test_the_cameras_clock(desk: Desk, folder: Path) -> None:
    picture(folder.parent / "慢" / "clock.jpg", "2026:03:02 09:00:00", shade=3)
    picture(folder.parent / "慢" / "ramp.jpg", "2026:03:02 09:08:00", shade=33)
    _, dialog = opened(desk, folder.parent / "慢")
    assert dialog.intake is not None
    assert list(rows(dialog)) == ["待分配 2 张"]
    dialog.tree.clearSelection()
    dialog.camera_time.click()
    assert "请先选中" in dialog.fault.text()
    dialog.tree.select([k for k, i in dialog.intake.items.items() if i.name == "clock.jpg"])
    dialog.camera_time.click()
    (ask,) = dialog.findChildren(OffsetDialog)
    desk.settle()
    assert faults(ask) == []
    ask.shown.setDateTime(QDateTime.fromString("2026-03-02T10:03:20", Qt.DateFormat.ISODate))
    assert ask.told.text() == "相机慢 1 小时 3 分钟 20 秒"
    desk.click(ask.confirm)
    assert dialog.intake.offset == timedelta(hours=1, minutes=3, seconds=20)
    assert "相机慢" in dialog.summary.text()
    assert [i.name for k, i in dialog.intake.items.items() if dialog.intake.target(k)] == ["clock.jpg", "ramp.jpg"]
    assert len(dialog.intake.dropped) == 1  # the clock itself
    dialog.reject()


def test_a_clock_to_photograph(desk: Desk) -> None:
    _, dialog = opened(desk)
    assert "把手机的照片文件夹拖到这里" in dialog._hint.text()
    assert not dialog.confirm.isVisible()
    dialog.clock.click()
    (clock,) = dialog.findChildren(ClockDialog)
    assert clock._time.text().count(":") == 2
    assert faults(clock) == []
    clock.reject()
    dialog.reject()


def test_dropped_folders_open_the_intake(desk: Desk, folder: Path) -> None:
    page = desk.show(DataPage(desk.context, on_new=lambda: None, on_open=lambda: None))
    page.show_target((folder,))
    desk.settle()
    (dialog,) = page.findChildren(PhotoIntakeDialog)
    assert dialog.intake is not None
    assert len(dialog.intake.items) == 4
    dialog.reject()


def test_a_folder_dropped_on_the_window(qtbot: QtBot, tmp_path: Path, clock: Clock) -> None:
    with survey(tmp_path / "普查.gpkg", clock) as store:
        store.add_sites([new_site("a")], person="p")
    picture(tmp_path / "手机" / "a.jpg")
    with running(qtbot, tmp_path / "普查.gpkg", tmp_path / "home") as program:
        program._on_dropped([tmp_path / "手机"])
        page = window_of(program).page("data")
        qtbot.waitUntil(lambda: bool(page.findChildren(PhotoIntakeDialog)))
        (dialog,) = page.findChildren(PhotoIntakeDialog)
        qtbot.waitUntil(lambda: dialog.intake is not None and len(dialog.intake.items) == 1)
        dialog.reject()
        program._on_dropped([picture(tmp_path / f"{n}.jpg", shade=n) for n in range(13)])
        qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(PhotoIntakeDialog)))
        for again in page.findChildren(PhotoIntakeDialog):
            again.reject()
