"""Photos of a checkpoint: taken in where they were dropped, removed with an undo, asked about when from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from barrierfree.errors import PhotoError
from barrierfree.gui import camera_dialog, photo_pane
from barrierfree.gui.camera_dialog import CameraDialog, why_no_camera
from barrierfree.gui.photo_view import PhotoDialog, Thumbnail
from barrierfree.gui.settings_page import SettingsPage
from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.records import Draft
from barrierfree.store import DraftPhotos, Store
from tests.gui.accessibility import faults
from tests.gui.pages import Desk, desk
from tests.photo_files import picture

__all__ = ["desk"]


@pytest.fixture
def page(desk: Desk) -> SurveyPage:
    """The survey page with 幸福便利店 open at its ramp."""
    desk.work_as("anna")
    page = desk.show(SurveyPage(desk.context))
    page.open_site(desk.site())
    desk.settle()
    return page


def held(desk: Desk) -> dict[str, int]:
    """How many photos the drafts of this device hold, by element."""

    def read(store: Store) -> dict[str, int]:
        return {d.element: len(d.photos) for d in store.drafts()}

    with Store.open(desk.path, device="device-a", read_only=True) as store:
        return read(store)


def thumbnails(page: SurveyPage) -> list[Thumbnail]:
    return [t for t in page.photos.findChildren(Thumbnail) if t.isVisible()]


def test_photos_stay_where_they_were_taken_in(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    page.photos.take([picture(tmp_path / "ramp.jpg", shade=3)])
    page.tabs.setCurrentIndex(1)  # they are still being read
    desk.settle()
    assert held(desk) == {"wheelchair_ramp": 1}
    page.tabs.setCurrentIndex(0)
    assert len(thumbnails(page)) == 1


def test_photos_of_a_site_that_was_left(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    page.photos.take([picture(tmp_path / "ramp.jpg", shade=3)])
    page.open_site(desk.site("光环"))
    desk.settle()
    assert held(desk) == {"wheelchair_ramp": 1}
    assert thumbnails(page) == []
    page.open_site(desk.site())
    desk.settle()
    assert len(thumbnails(page)) == 1


def test_removed_and_brought_back(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    page.photos.take([picture(tmp_path / f"{n}.jpg", shade=n) for n in (1, 90)])
    desk.settle()
    desk.press(thumbnails(page)[0], Qt.Key.Key_Delete)
    assert held(desk) == {"wheelchair_ramp": 1}
    undo = page.messages._action
    assert undo is not None
    desk.click(undo)
    assert held(desk) == {"wheelchair_ramp": 2}
    desk.click(thumbnails(page)[0])
    (large,) = page.photos.findChildren(PhotoDialog)
    assert faults(large) == []
    desk.press(large, Qt.Key.Key_Delete)
    assert large.isVisible()  # on to the next one
    desk.press(large, Qt.Key.Key_Delete)
    assert page.photos.findChildren(PhotoDialog) == []
    assert held(desk) == {}


def test_the_last_photo_brought_back(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    page.photos.take([picture(tmp_path / "a.jpg")])
    desk.settle()
    desk.press(thumbnails(page)[0], Qt.Key.Key_Delete)
    page.open_site(desk.site("光环"))
    desk.settle()
    undo = page.messages._action
    assert undo is not None
    desk.click(undo)
    assert held(desk) == {"wheelchair_ramp": 1}


def test_photos_put_into_a_draft_elsewhere_are_not_lost(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    """Removed, then brought in again on another page: nothing new is written, and still the page must know."""
    page.photos.take([picture(tmp_path / "a.jpg")])
    desk.settle()
    (photo,) = desk.ask(lambda store: store.photos())
    desk.press(thumbnails(page)[0], Qt.Key.Key_Delete)
    placed = DraftPhotos(desk.site(), "wheelchair_ramp", 1, (photo.sha256,))
    desk.context.tasks.write(lambda store: store.place_photos(drafts=[placed], person="anna"))
    desk.settle()
    page.activate()
    desk.settle()
    assert len(thumbnails(page)) == 1
    assert held(desk) == {"wheelchair_ramp": 1}


def test_bad_files_are_named_and_good_ones_kept(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"")
    page.photos.take([picture(tmp_path / "good.jpg"), tmp_path / "bad.jpg"])
    desk.settle()
    assert held(desk) == {"wheelchair_ramp": 1}
    (error,) = desk.failed
    assert isinstance(error, PhotoError)
    assert "bad.jpg" in error.message
    desk.failed.clear()


@pytest.mark.parametrize("agreed", [True, False])
def test_photos_from_elsewhere_are_asked_about_once(
    desk: Desk, page: SurveyPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    asked: list[str] = []

    def answer(_parent: object, question: str, *_rest: str) -> bool:
        asked.append(question)
        return agreed

    monkeypatch.setattr(photo_pane, "ask", answer)
    files = [picture(tmp_path / f"{n}.jpg", lon=116.4697 + n / 10000, lat=39.89, shade=n) for n in (1, 60)]
    files.append(picture(tmp_path / "near.jpg", lon=116.4601, lat=39.89, shade=120))
    page.photos.take(files)
    desk.settle()
    assert asked == ["2 张照片的位置离点位最远 1.3 公里，仍然添加？"]
    assert held(desk) == {"wheelchair_ramp": 3 if agreed else 1}
    assert len(list((desk.path.with_suffix(".photos")).iterdir())) == (3 if agreed else 1)


def test_photos_that_follow(desk: Desk, page: SurveyPage) -> None:
    draft = Draft(site=desk.site(), element="door", number=1, person="anna", answers={"present": "yes"})
    desk.do(lambda store: store.save_draft(draft))
    page.open_site(desk.site())
    desk.settle()
    desk.press(page.submit_button, Qt.Key.Key_Space)
    (dialog,) = page.findChildren(SubmitDialog)
    desk.press(dialog.photos_box, Qt.Key.Key_Space)
    desk.click(dialog.confirm)
    (visit,) = desk.ask(lambda store: store.visits())
    assert visit.photos_to_follow
    assert page.sites.chips["photos"].text() == "照片待补 1"
    page.show_target("photos")
    desk.settle()
    assert [s.name for s in page.sites._model.sites] == ["幸福便利店（示例）"]
    assert "照片待补" in page.head.notice()
    page.head.no_photos.trigger()
    desk.settle()
    assert "照片待补" not in page.head.notice()
    assert not desk.ask(lambda store: store.visits())[0].photos_to_follow


def test_originals_are_a_setting(desk: Desk, page: SurveyPage, tmp_path: Path) -> None:
    settings = desk.show(SettingsPage(desk.context, lambda: None))
    settings.originals.click()
    page.photos.take([picture(tmp_path / "a.heic", size=(2000, 1000))])
    desk.settle()
    (photo,) = desk.ask(lambda store: store.photos())
    assert (desk.path.with_suffix(".photos") / photo.original).suffix == ".heic"


# -- camera -----------------------------------------------------------------------------------------------------------


def test_without_the_component_the_button_says_why(
    desk: Desk, page: SurveyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)  # as if libpulse were not there
    desk.click(page.photos.camera)
    (error,) = desk.failed
    assert "不能拍照" in str(error)
    desk.failed.clear()
    assert page.findChildren(CameraDialog) == []


def test_without_a_camera_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Devices:
        @staticmethod
        def videoInputs() -> list[object]:
            return []

    class Media:
        QMediaDevices = Devices

    monkeypatch.setattr(camera_dialog, "multimedia", lambda: (Media, None))
    said = why_no_camera()
    assert said is not None
    assert "没有找到摄像头" in said[0]


def test_space_takes_the_picture(desk: Desk, page: SurveyPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_dialog, "multimedia", lambda: None)
    dialog = CameraDialog(page.photos)
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor("#446688"))
    monkeypatch.setattr(dialog, "capture", lambda: dialog.accept_image(image))
    dialog.taken.connect(lambda taken: page.photos.take_image(taken, "x"))
    dialog.open()
    desk.press(dialog, Qt.Key.Key_Space)
    assert dialog.isVisible()  # the camera is not ready
    dialog._on_ready(True)
    assert faults(dialog) == []
    desk.press(dialog, Qt.Key.Key_Space)
    assert not dialog.isVisible()
    assert held(desk) == {"wheelchair_ramp": 1}
