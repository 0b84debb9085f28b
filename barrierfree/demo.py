"""Does the main job without a person but through the real window, with keys and mouse only; fails loudly."""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from barrierfree import app, i18n, start
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.batches.answer_dialog import AnswerDialog
from barrierfree.gui.main_window import MainWindow
from barrierfree.gui.map_page import MapPage
from barrierfree.gui.rectification_page import RectificationPage
from barrierfree.gui.review_page import ReviewPage
from barrierfree.gui.step_dialog import StepDialog
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.i18n import tr
from barrierfree.model.records import Finding, Site, Visit
from barrierfree.model.words import FindingState, Status, VisitState
from barrierfree.operations import batches, sample, surveys
from barrierfree.paths import UserFolders
from barrierfree.settings import Settings
from barrierfree.store import FindingFilter, SiteFilter, Store

W = TypeVar("W", bound=QWidget)
SIZE: Final = (1366, 768)
PEOPLE: Final = ("演示志愿者（示例）", "演示工作人员（示例）", "演示复检员（示例）")
RAMP: Final = {"present": 1, "slope": "1:14", "rise": "140", "clear_width": "0.95", "landing_length": "1.5"}
RAMP_AGAIN: Final = RAMP | {"clear_width": "1.30"}
DOOR: Final = {"present": 1, "kind": 1, "clear_width": "900", "threshold": "10", "turning_outside": "1.6",
               "turning_inside": "1.6"}  # fmt: skip
SIGNAGE: Final = {"present": 1, "visible": 1, "continuous": 1, "condition": 1}


class DemoError(BarrierFreeError):
    """A step of the demo did not happen."""


def _failed(what: str) -> DemoError:
    return DemoError(tr("演示失败：{what}").format(what=what), tr("请查看输出文件夹里的最后一张截图 failed.png。"))


class Hands:
    """Keys and mouse at a real window: finds things by what is written on them, as a person does."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window = window
        self.out = out
        self.pictures: list[str] = []

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = 30) -> Any:
        """Let the program work until ``condition`` is true; its value."""
        end = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > end:
                self.window.grab().save(str(self.out / "failed.png"))
                raise _failed(what)
            rest(20)

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Save what is to be seen."""
        rest(120)
        (widget or self.window).grab().save(str(self.out / f"{name}.png"))
        self.pictures.append(f"{name}.png")

    def top(self) -> QWidget:
        """The dialog in front, or the window."""
        modal = QApplication.activeModalWidget()
        return modal if modal is not None else self.window

    def find(self, kind: type[W], fits: Callable[[W], bool], what: str) -> W:
        """The first visible widget of a kind in the dialog in front (or the window)."""

        def look() -> W | None:
            top = self.top()
            held = [top] if isinstance(top, kind) else []
            return next((w for w in (*held, *top.findChildren(kind)) if w.isVisible() and fits(w)), None)

        found: W = self.wait(look, what)
        return found

    def click(self, text: str) -> None:
        """Press the button with this text with the mouse."""
        button = self.find(QAbstractButton, lambda b: b.isEnabled() and _words(b).startswith(text), text)
        self.click_on(button)

    def click_on(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press a widget with the mouse; it is scrolled into sight first, as a hand would."""
        _into_sight(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        rest(10)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        target = QApplication.focusWidget() or self.top()
        QTest.keyClick(target, key, modifiers)
        rest(10)

    def shortcut(self, key: Qt.Key, *more: Qt.KeyboardModifier) -> None:
        """Press a key with Ctrl (and more)."""
        if not self.top().isActiveWindow():
            self.top().activateWindow()
            rest(30)
        modifiers = Qt.KeyboardModifier.ControlModifier
        for one in more:
            modifiers |= one
        QTest.keyClick(self.top(), key, modifiers)
        rest(30)

    def type_into(self, field: QWidget, text: str) -> None:
        """Click a field, clear it and type."""
        self.click_on(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        _type(field, text)
        rest(10)

    def field(self, name: str) -> QLineEdit:
        """The text field with this name."""
        return self.find(QLineEdit, lambda f: name in (f.accessibleName(), f.placeholderText()), name)

    def page(self, number: int, key: str) -> QWidget:
        """Go to a page with Ctrl and its number."""
        self.shortcut(Qt.Key(int(Qt.Key.Key_0) + number))
        self.wait(lambda: self.window.current_page == key, key)
        return self.window.page(key)


def rest(milliseconds: int) -> None:
    """Let the event loop run; QTest's own waiting would keep the other threads from working."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _type(field: QWidget, text: str) -> None:
    """Latin letters and digits as keys; Chinese as an input method hands it over."""
    if text.isascii():
        QTest.keyClicks(field, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)


def _words(button: QAbstractButton) -> str:
    return button.text() or button.accessibleName()


def _into_sight(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, 40)
        parent = parent.parentWidget()
    rest(10)


class Script:
    """The job: survey, review, rectification, re-inspection, closure, batch."""

    def __init__(self, hands: Hands, survey: Path, photo: Path) -> None:
        self.hands = hands
        self.survey = survey
        self.photo = photo

    def look(self, ask: Callable[[Store], Any]) -> Any:
        """Ask the survey file itself, through a connection of our own."""
        with Store.open(self.survey, device="demo-observer", read_only=True) as store:
            return ask(store)

    def run(self) -> dict[str, Any]:
        """Do all of it; what came out."""
        site: Site = self.look(_untouched_storefront)
        self.be(PEOPLE[0])
        self.inspect(site, (("wheelchair_ramp", RAMP), ("door", DOOR), ("signage", SIGNAGE)), picture="02-survey")
        self.be(PEOPLE[1])
        self.accept(site, picture="04-review")
        finding = self.finding(site, FindingState.OPEN)
        self.rectify(finding)
        self.be(PEOPLE[2])
        self.inspect(site, (("wheelchair_ramp", RAMP_AGAIN),))
        self.be(PEOPLE[1])
        self.accept(site)
        self.close(finding)
        batch = self.export()
        self.remaining_pages(site)
        faults = self.look(lambda store: store.check())
        if faults:
            raise _failed("；".join(faults))
        return {"survey": str(self.survey), "site": site.code, "finding": finding.id, **batch}

    def be(self, name: str) -> None:
        """Say on the settings page who works here now."""
        self.hands.page(8, "settings")
        field = self.hands.field(tr("新的姓名"))
        known = {p.name for p in self.look(lambda store: store.people())}
        if name in known:
            box = self.hands.find(QComboBox, lambda b: b.accessibleName() == tr("我是谁"), tr("我是谁"))
            self.hands.wait(lambda: box.findText(name) >= 0, name)
            box.setFocus()
            for _ in range(box.count()):
                QTest.keyClick(box, Qt.Key.Key_Up)
            for _ in range(box.findText(name)):
                QTest.keyClick(box, Qt.Key.Key_Down)
            box.activated.emit(box.currentIndex())
        else:
            self.hands.type_into(field, name)
            QTest.keyClick(field, Qt.Key.Key_Return)
        self.hands.window = self.hands.wait(lambda: _window_of(name), name)

    def inspect(self, site: Site, parts: Iterable[tuple[str, dict[str, Any]]], picture: str = "") -> None:
        """Find the site by its code, fill the elements, attach a photo, submit."""
        hands = self.hands
        before = len(self.look(lambda store: store.visits(site=site.id)))
        page = hands.page(2, "survey")
        assert isinstance(page, SurveyPage)
        hands.shortcut(Qt.Key.Key_F)
        hands.type_into(page.sites.search, site.code)
        hands.wait(lambda: len(page.sites._model.sites) == 1, site.code)
        QTest.keyClick(page.sites.search, Qt.Key.Key_Down)
        QTest.keyClick(page.sites.view, Qt.Key.Key_Return)
        hands.wait(lambda: page._work is not None and page._work.site.id == site.id, site.name)
        for at, (element, answers) in enumerate(parts):
            self.fill(page, element, answers)
            if at == 0:
                self.attach(page)
                if picture:
                    page.form.go_to("clear_width")
                    hands.picture(picture)
        hands.shortcut(Qt.Key.Key_S)
        hands.find(QDialog, lambda d: d.windowTitle() == tr("提交走访"), tr("提交走访"))
        if picture:
            hands.picture(f"{picture}-submit", hands.top())
        hands.click(tr("提交"))
        hands.wait(lambda: len(self.look(lambda store: store.visits(site=site.id))) == before + 1, tr("走访没有提交"))

    def fill(self, page: SurveyPage, element: str, answers: dict[str, Any]) -> None:
        """Go to an element's tab and answer: numbers choose, texts are typed."""
        assert page._work is not None
        at = [c.element for c in page._work.checkpoints].index(element)
        self.click_tab(page.tabs, at)
        self.hands.wait(lambda: page._at == at, element)
        for name, value in answers.items():
            field = self.hands.wait(partial(_shown, page, name), f"{element}.{name}")
            _into_sight(field)
            if isinstance(value, int):
                pills = [b for b in field.findChildren(QAbstractButton) if b.isVisible()]
                pills[0].setFocus()
                QTest.keyClick(pills[0], Qt.Key(int(Qt.Key.Key_0) + value))
            else:
                self.hands.type_into(field.findChild(QLineEdit), value)
            self.hands.wait(partial(_answered, field), f"{element}.{name}")

    def click_tab(self, tabs: QTabBar, at: int) -> None:
        """Press a tab with the mouse."""
        rect: QRect = tabs.tabRect(at)
        self.hands.click_on(tabs, rect.center())

    def attach(self, page: SurveyPage) -> None:
        """Paste a picture."""
        QGuiApplication.clipboard().setImage(QImage(str(self.photo)))
        self.hands.shortcut(Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
        self.hands.wait(lambda: bool(page.photos._items), tr("照片没有添加"))

    def accept(self, site: Site, picture: str = "") -> None:
        """Open the visit in the review queue and accept it."""
        hands = self.hands
        page = hands.page(4, "review")
        assert isinstance(page, ReviewPage)
        visit: Visit = self.look(partial(_waiting_visit, site=site.id))
        hands.wait(lambda: page.table.select(visit.id), visit.id)
        page.table.view.setFocus()
        hands.wait(lambda: page.detail.hand is not None and page.detail.hand.visit.id == visit.id, visit.id)
        if picture:
            hands.picture(picture)
        hands.shortcut(Qt.Key.Key_Return)
        hands.wait(
            lambda: self.look(lambda store: store.visit(visit.id)).state is VisitState.ACCEPTED, tr("走访没有通过")
        )

    def finding(self, site: Site, state: FindingState) -> Finding:
        """The finding about the ramp that came of it."""
        found: list[Finding] = self.look(lambda store: store.findings(FindingFilter(site=site.id, states=(state,))))
        ramp = [f for f in found if f.element == "wheelchair_ramp"]
        if not ramp:
            raise _failed(tr("没有产生问题"))
        return ramp[0]

    def choose_finding(self, finding: Finding, state: FindingState) -> RectificationPage:
        """Show the finding in the ledger, as it stands now."""
        hands = self.hands
        page = hands.page(5, "rectification")
        assert isinstance(page, RectificationPage)
        hands.click_on(page.chips.buttons["all"])
        hands.wait(lambda: page.table.select(finding.id), finding.id)
        page.table.view.setFocus()

        def shown() -> bool:
            hand = page.detail.hand
            return hand is not None and hand.finding.id == finding.id and hand.finding.state is state

        hands.wait(shown, finding.id)
        return page

    def step(self, finding: Finding, before: FindingState, after: FindingState, button: str) -> StepDialog:
        """Press the button of a step; the dialog that asks for what it needs."""
        self.choose_finding(finding, before)
        self.hands.click(button)
        return self.hands.wait(_dialog_in_front, button)  # type: ignore[no-any-return]

    def rectify(self, finding: Finding) -> None:
        """Responsible unit and deadline; then the claim with measure, quantity and photo."""
        hands = self.hands
        dialog = self.step(finding, FindingState.OPEN, FindingState.IN_PROGRESS, tr("交办整改"))
        hands.picture("05-rectification")
        unit = dialog.findChild(QComboBox)
        assert unit is not None
        hands.type_into(unit.lineEdit() or unit, "示例单位")
        hands.click(tr("{n} 个工作日").format(n=15))
        hands.picture("05-rectification-step", dialog)
        self.confirm(dialog, finding, FindingState.IN_PROGRESS)
        dialog = self.step(finding, FindingState.IN_PROGRESS, FindingState.CLAIMED, tr("申请验收"))
        measure, quantity, photos = dialog.measure, dialog.quantity, dialog.photos
        assert measure is not None
        assert quantity is not None
        assert photos is not None
        hands.type_into(measure, "加宽坡道（示例）")
        hands.type_into(quantity, "1")
        self.choose_file(tr("添加"), self.photo)
        hands.wait(lambda: bool(photos.photos), tr("照片没有添加"))
        hands.picture("05-rectification-claim", dialog)
        self.confirm(dialog, finding, FindingState.CLAIMED)

    def close(self, finding: Finding) -> None:
        """Close the finding by the accepted re-inspection."""
        dialog = self.step(finding, FindingState.CLAIMED, FindingState.RECTIFIED, tr("验收销号"))
        self.confirm(dialog, finding, FindingState.RECTIFIED)
        self.choose_finding(finding, FindingState.RECTIFIED)
        self.hands.picture("05-rectification-closed")

    def confirm(self, dialog: StepDialog, finding: Finding, state: FindingState) -> None:
        """Press the dialog's main button and see that it happened."""
        self.hands.click_on(dialog.confirm)
        self.hands.wait(
            lambda: self.look(lambda store: store.finding(finding.id)).state is state, f"{finding.id} → {state}"
        )

    def choose_file(self, button: str, path: Path) -> None:
        """Press a button that asks for a file or folder, and type the path there."""
        self.answer_file_dialog(path)
        self.hands.click(button)

    def answer_file_dialog(self, path: Path) -> None:
        """As soon as the file dialog is there, type into it; it runs its own event loop."""

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                QTimer.singleShot(50, answer)
                return
            field = dialog.findChild(QLineEdit)
            assert field is not None
            QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            _type(field, str(path))
            confirm(dialog, field)

        def confirm(dialog: QFileDialog, field: QLineEdit) -> None:
            if isValid(dialog) and dialog.isVisible():  # the first Enter may only have closed what completes names
                QTest.keyClick(field, Qt.Key.Key_Return)
                QTimer.singleShot(200, lambda: confirm(dialog, field))

        QTimer.singleShot(50, answer)

    def export(self) -> dict[str, Any]:
        """Export everything accepted as a batch; rows with a fault are left out by name."""
        hands = self.hands
        page: Any = hands.page(6, "batches")
        choosing = page.choosing
        hands.wait(lambda: choosing.checked is not None, tr("导出前检查"), 60)
        hands.picture("06-batches")
        while choosing.standing():
            faults = choosing.faults
            hands.click_on(faults.leave_sort if faults.leave_sort.isVisible() else faults.leave)
            faults.table.select(next((faults.key_of(f) for f in choosing.standing()), ""))
        hands.wait(lambda: page.export.isEnabled() and not page._context.tasks.is_busy, tr("导出批次"))
        folder = hands.out / "batches"
        folder.mkdir(exist_ok=True)
        choosing.export_to(folder)  # the system's dialog for a folder is not ours to show, and slow on a busy disk
        batch = hands.wait(lambda: self.look(lambda store: store.batches()), tr("批次没有导出"), 120)[0]
        book = hands.wait(lambda: next(folder.glob(f"*/{batch.file}"), None), batch.file)
        hands.picture("06-batches-done")
        page.show_part("ledger")
        hands.wait(lambda: page.ledger.detail.shown is not None, tr("批次台账"))
        hands.picture("06-batches-ledger")
        self.answer(page, folder)
        return {"batch": batch.number, "workbook": str(book), "rows": batch.rows}

    def answer(self, page: Any, folder: Path) -> None:
        """The city's system answers two rows, one of them with a rejection; it comes back as work."""
        hands = self.hands
        file = folder / "市系统反馈-示例.csv"
        self.look(partial(_write_answer, file))
        page.read_answer(file)
        found = hands.wait(lambda: page.findChildren(AnswerDialog), page.answer.text())
        dialog: AnswerDialog = found[0]
        hands.wait(dialog.confirm.isEnabled, dialog.windowTitle())
        hands.picture("06-batches-answer", dialog)
        hands.click_on(dialog.confirm)
        hands.wait(lambda: len(self.look(lambda store: store.answers())) == 2, tr("读入市系统反馈"))
        page.show_target("rejected")
        hands.wait(lambda: len(page.choosing.going()) == 1, tr("市系统退回"))
        hands.picture("06-batches-rejected")

    def remaining_pages(self, site: Site) -> None:
        """Look at the other pages too."""
        hands = self.hands
        hands.page(1, "overview")
        rest(800)
        hands.picture("01-overview")
        page = hands.page(3, "map")
        assert isinstance(page, MapPage)
        drawn: list[int] = []
        page.map.drawn.connect(lambda n, _total: drawn.append(n))
        if page.map.is_ready:
            page.map.refresh()
        hands.wait(lambda: drawn and drawn[-1] > 1000, tr("地图没有画出点位"), 60)
        page.choose(site.id)
        rest(500)
        hands.picture("03-map")
        hands.page(7, "data")
        hands.picture("07-data")
        hands.page(8, "settings")
        hands.picture("08-settings")


def _write_answer(file: Path, store: Store) -> None:
    """An answer as the survey's profile says the city gives it: one row accepted, one rejected."""
    layout = batches.profile_alone(store).answer
    assert layout is not None
    first, second = store.batch_rows(store.batches()[0].id)[:2]
    titles = (layout.code, layout.state, layout.reason, layout.city_number)
    lines = (
        (first.code, layout.accepted[0], "", "示例-1"),
        (second.code, layout.rejected[0], "照片看不清（示例）", ""),
    )
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([titles, *lines])


def _waiting_visit(store: Store, site: str) -> Visit:
    return store.visits([VisitState.SUBMITTED], site=site)[0]


def _dialog_in_front() -> StepDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, StepDialog) else None


def _untouched_storefront(store: Store) -> Site:
    wanted = SiteFilter(site_class="storefront", statuses=(Status.NOT_SURVEYED,))
    return next(s for s in store.sites(wanted) if s.lon is not None and len(s.name) < 20)


def _shown(page: SurveyPage, question: str) -> Any:
    field = page.form._fields.get(question)
    return field if field is not None and field.isVisible() else None


def _answered(field: Any) -> bool:
    return field.answer is not None


def _window_of(name: str) -> MainWindow | None:
    """The main window once it shows this person (it is built anew when somebody else sits down)."""
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and widget.isVisible() and widget.status._person.text() == name:
            return widget
    return None


def run(out: Path) -> dict[str, Any]:
    """Do the main job; leaves the survey, the batch and screenshots in ``out``. Raises ``DemoError``."""
    if not QGuiApplication.instance():
        _offscreen_without_display()
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    survey = out / "demo.gpkg"
    for old in (survey, out / "demo.photos", out / "batches"):
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="barrierfree-demo-") as home:
        root = Path(home)
        folders = UserFolders(root / "settings", root / "logs", root / "surveys", root / "basemaps")
        settings = Settings(folders.settings)
        settings.change(theme="light", language=i18n.SOURCE_LANGUAGE)
        known = surveys.definition_named("shuangjing-sample")
        sample.make_sample(survey, known, device=settings.choices.device).close()
        application = start.make_application()
        application.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        program = app.Program(application, settings, folders)
        try:
            return _play(program, survey, out)
        finally:
            program.close()
            rest(50)


def _play(program: app.Program, survey: Path, out: Path) -> dict[str, Any]:
    program.start(survey)
    end = time.monotonic() + 60
    while not isinstance(program.window, MainWindow):
        if time.monotonic() > end:
            raise _failed(tr("窗口没有打开"))
        rest(50)
    program.window.resize(*SIZE)
    photo = next(survey.with_suffix(".photos").glob("*.jpg"))
    hands = Hands(program.window, out)
    found = Script(hands, survey, photo).run()
    return {**found, "pictures": hands.pictures}


def _offscreen_without_display() -> None:
    import os
    import sys

    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
