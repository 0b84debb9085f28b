"""Builds paths, settings, store threads and windows, and owns every long-lived object; the one error hook."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import shiboken6
from PySide6.QtCore import QEventLoop, QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit, QMainWindow
from ulid import ULID

from barrierfree import i18n
from barrierfree.gui.context import Context, Survey
from barrierfree.gui.first_window import FirstWindow
from barrierfree.gui.main_window import MainWindow, PageEntry
from barrierfree.gui.store_tasks import StoreTasks
from barrierfree.gui.theme import apply_theme
from barrierfree.gui.welcome import WelcomeWindow
from barrierfree.i18n import sentences, tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Changes, Person
from barrierfree.paths import UserFolders
from barrierfree.settings import Settings
from barrierfree.store import Store

_log = logging.getLogger(__name__)
SLOW_MS = 400
PREPARE_AFTER_MS = 1500
SETTLE_AFTER_MS = 3000
MANY_PHOTOS = 12  # more were hardly taken of one checkpoint
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
MAPS = (".mbtiles", ".pmtiles", ".osm", ".osm.pbf", ".osm.bz2")
SMALL_SCREEN = (1440, 900)  # px; up to here the window takes the whole screen
FIRST_PAGE = {"volunteer": "survey", "staff": "overview", "coordinator": "data"}


class Program(QObject):
    """One running program: an application, the settings, and at most one open survey with its window."""

    def __init__(
        self,
        application: QApplication,
        settings: Settings,
        folders: UserFolders,
        first: FirstWindow | None = None,
    ) -> None:
        super().__init__(application)
        self.application = application
        self.settings = settings
        self.folders = folders
        self.window: QMainWindow | None = first
        self.tasks: StoreTasks[Store] | None = None
        self.survey: Survey | None = None
        self._people: list[Person] = []
        self._translator = QTranslator(self)
        self._idle = QTimer(self)  # people copy the file alone: what is written moves into it soon
        self._idle.setSingleShot(True)
        self._idle.setInterval(SETTLE_AFTER_MS)
        self._idle.timeout.connect(self._settle)
        self._look()

    # -- start and end --------------------------------------------------------------------------------------------

    def start(self, path: Path | None) -> None:
        """Open ``path``, or the survey opened last, or say welcome."""
        recent = [Path(r) for r in self.settings.choices.recent]
        chosen = path or next((r for r in recent[:1] if r.is_file()), None)
        if chosen is None:
            self.welcome()
            return
        self.open(chosen)
        QTimer.singleShot(SLOW_MS, self, partial(self._say_opening, chosen))

    def _say_opening(self, path: Path) -> None:
        """A file that takes long (a large one, a migration) is waited for in the start window."""
        if self.window is None:  # the first window says so itself
            self.welcome().set_busy(tr("正在打开“{name}”…").format(name=path.name))

    def welcome(self, error: Exception | None = None) -> WelcomeWindow:
        """Show the start window, with what went wrong if something did."""
        made = WelcomeWindow(
            self.settings.choices.recent, on_sample=self.open_sample, on_new=self.ask_new, on_open=self.ask_open,
            on_recent=self.open,
        )  # fmt: skip
        self._show(made)
        if error is not None:
            made.messages.show_error(error)
        return made

    def open_sample(self) -> None:
        """Open the user's copy of the sample survey, made at the first time."""
        path = self.folders.surveys / "双井示例普查.gpkg"
        if path.exists():
            self.open(path)
        else:
            self.create(path, "shuangjing-sample", sample=True)

    def ask_new(self) -> None:
        """Ask for a new survey and make it."""
        from barrierfree.gui.new_survey_dialog import NewSurveyDialog

        dialog = NewSurveyDialog(self.folders.surveys, self.window)
        dialog.accepted.connect(
            lambda: self.create(
                dialog.path, dialog.definition, sample=dialog.with_sample and not dialog.previous,
                previous=dialog.previous,
            )
        )  # fmt: skip
        dialog.open()

    def ask_open(self) -> None:
        """Ask for a survey file and open it."""
        file, _ = QFileDialog.getOpenFileName(
            self.window, tr("打开普查文件"), str(self.folders.surveys), "GeoPackage (*.gpkg)"
        )
        if file:
            self.open(Path(file))

    def create(self, path: Path, definition: str, *, sample: bool = False, previous: Path | None = None) -> None:
        """Make a survey (from ``previous``, the file of the last round) in the writer's thread and open it."""
        device = self.settings.choices.device

        def make(read_only: bool) -> Store:
            if not read_only:
                from barrierfree.operations import sample as samples
                from barrierfree.operations import surveys

                if previous is not None:
                    store, carried = surveys.next_round(path, previous, device=device)
                    store.warnings += surveys.told_round(carried)
                    return store
                known = surveys.definition_named(definition)
                if sample:
                    return samples.make_sample(path, known, device=device)
                return surveys.new_survey(path, known, device=device, title=path.stem)
            return Store.open(path, device=device, read_only=True)

        self._open_with(path, make, tr("正在建立“{name}”…").format(name=path.stem))

    def open(self, path: Path) -> None:
        """Open a survey file; the file is touched only in the threads of the tasks."""
        device = self.settings.choices.device
        self._open_with(
            path,
            lambda read_only: Store.open(path, device=device, read_only=read_only),
            tr("正在打开“{name}”…").format(name=path.name),
        )

    def _open_with(self, path: Path, open_store: Callable[[bool], Store], text: str) -> None:
        if isinstance(self.window, WelcomeWindow):
            self.window.set_busy(text)
        left_open = path.with_name(f"{path.name}-wal").exists()  # closing leaves one file: the program was ended
        tasks: StoreTasks[Store] = StoreTasks(open_store)
        settings = self.settings.choices
        tasks.write(
            partial(_survey_of, path=path, person=settings.person, name=settings.person_name, left_open=left_open),
            partial(self._opened, tasks),
            partial(self._not_opened, tasks),
            context=self,
        )

    def _opened(self, tasks: StoreTasks[Store], found: tuple[Survey, list[Person]]) -> None:
        if self.tasks is not None:
            self.tasks.close()
        self.tasks = tasks
        tasks.changed.connect(self._on_changed)
        self.survey, self._people = found
        self.settings.opened(self.survey.path)
        self._build_window(FIRST_PAGE[self.settings.choices.role])

    def _on_changed(self, changes: Changes) -> None:
        self._idle.start()
        if changes.definition and self.tasks is not None:
            self.tasks.read(lambda store: store.definition(), self._on_definition, context=self)

    def _on_definition(self, definition: Definition) -> None:
        """Another edition of the checklist: the window is built anew on it, on the same page."""
        if self.survey is None or not isinstance(self.window, MainWindow) or definition == self.survey.definition:
            return
        self.survey = replace(self.survey, definition=definition)
        self._build_window(self.window.current_page)
        page = self.window.page(self.window.current_page)
        messages = getattr(page, "messages", None)
        if messages is not None:
            said = sentences((tr("已采用新版检查表"), tr("已有的检查记录没有改变")))
            messages.show_message("good", tr("{text}。").format(text=said))

    def _not_opened(self, tasks: StoreTasks[Store], error: Exception) -> None:
        tasks.close()
        if self.survey is not None and isinstance(self.window, MainWindow):
            self.window.show_error(error)
        else:
            self.welcome(error)

    def close(self) -> None:
        """Save what is typed, let the writes land, close the file."""
        if self.window is not None:
            self.window.close()
        self._let_go()
        self.application.removeTranslator(self._translator)

    def _settle(self) -> None:
        if self.tasks is not None:
            self.tasks.write(lambda store: store.settle())

    def _let_go(self) -> None:
        if self.tasks is not None:
            self.tasks.close()
            self.tasks = None
            self.survey = None

    # -- window ---------------------------------------------------------------------------------------------------

    def _build_window(self, first: str) -> None:
        assert self.tasks is not None
        assert self.survey is not None
        folder = self.folders.basemaps
        context = Context(self.tasks, self.settings, self.survey, self._go, self.ask_person, folder)
        window = MainWindow(self._entries(context), self.settings, self.tasks, first=first)
        window.setWindowTitle(f"{self.survey.title} · {tr('无障碍普查')}")
        window.status.set_file(self.survey.path.name)
        window.status.set_person(self.settings.choices.person_name)
        window.filesDropped.connect(self._on_dropped)
        window.closing.connect(self._on_closing)
        typed = self.window.search.text() if isinstance(self.window, FirstWindow) else ""
        self._show(window)
        self.survey = replace(self.survey, left_open=False)  # said once
        QTimer.singleShot(PREPARE_AFTER_MS, window, partial(self._prepare, self.tasks))
        if first == "survey":
            window.focus_search()
            find = getattr(window.page("survey"), "search_field", None)
            field = find() if find is not None else None
            if typed and isinstance(field, QLineEdit):  # before the list was there; the cursor stays behind it
                field.setText(typed)

    def _prepare(self, tasks: StoreTasks[Store]) -> None:
        """Once the window stands: import in a thread what the map needs, so that its first opening is quick."""
        if tasks is self.tasks:
            tasks.compute(_import_map, lambda _nothing: None)

    def _entries(self, context: Context) -> list[PageEntry]:
        def build(module: str, name: str, *arguments: Any, **named: Any) -> Callable[[], Any]:
            def made() -> Any:  # pages are imported when they are first shown, so that the window comes fast
                found = getattr(__import__(f"barrierfree.gui.{module}", fromlist=[name]), name)
                return found(context, *arguments, **named)

            return made

        return [
            PageEntry("overview", tr("总览"), "overview", build("overview_page", "OverviewPage")),
            PageEntry("survey", tr("调查"), "survey", build("survey_page", "SurveyPage")),
            PageEntry("map", tr("地图"), "map", build("map_page", "MapPage")),
            PageEntry("review", tr("审核"), "review", build("review_page", "ReviewPage")),
            PageEntry("rectification", tr("整改"), "rectification", build("rectification_page", "RectificationPage")),
            PageEntry("batches", tr("批次"), "batches", build("batches_page", "BatchesPage")),
            PageEntry("data", tr("数据"), "data",
                      build("data_page", "DataPage", on_new=self.ask_new, on_open=self.ask_open)),
            PageEntry("settings", tr("设置"), "settings", build("settings_page", "SettingsPage", self._on_look), True),
        ]  # fmt: skip

    def _show(self, window: QMainWindow) -> None:
        before, self.window = self.window, window
        if isinstance(before, MainWindow) and isinstance(window, MainWindow):
            window.setGeometry(before.geometry())
        room = window.screen().availableSize()
        small = room.width() <= SMALL_SCREEN[0] and room.height() <= SMALL_SCREEN[1]
        if isinstance(window, MainWindow) and small and QApplication.platformName() != "offscreen":
            window.showMaximized()  # on a laptop's 1366×768 the title bar would push the foot of the window out
        else:
            window.show()
        if before is not None:
            if isinstance(before, MainWindow):
                before.closing.disconnect(self._on_closing)
            before.close()
            before.deleteLater()

    def _go(self, page: str, target: object) -> None:
        if isinstance(self.window, MainWindow):
            self.window.show_page(page)
            show = getattr(self.window.page(page), "show_target", None)
            if callable(show) and target is not None:
                show(target)

    def _on_dropped(self, files: list[Path]) -> None:
        surveys = [f for f in files if f.suffix.lower() == ".gpkg"]
        photos = [f for f in files if f.suffix.lower() in PICTURES]
        if surveys:
            self.open(surveys[0])
        elif any(f.is_dir() for f in files) or len(photos) > MANY_PHOTOS:
            self._go("data", tuple(files))
        elif photos and isinstance(self.window, MainWindow):
            self.window.show_page("survey")
            take = getattr(self.window.page("survey"), "take_photos", None)
            if take is not None:
                take(photos)
        elif self._on_batches(files):
            return
        elif files:
            self._go("map" if files[0].name.lower().endswith(MAPS) else "data", files[0])

    def _on_batches(self, files: list[Path]) -> bool:
        """Whether the batches page is in sight and takes the files: a table is an answer there."""
        if not isinstance(self.window, MainWindow) or self.window.current_page != "batches":
            return False
        take = getattr(self.window.page("batches"), "take_files", None)
        return bool(take is not None and take(files))

    def _on_closing(self) -> None:
        self._let_go()

    def _on_look(self) -> None:
        """Language, text size or colours changed: the window is built anew on the same page."""
        self._look()
        if isinstance(self.window, MainWindow):
            self._build_window(self.window.current_page)

    def _look(self) -> None:
        choices = self.settings.choices
        i18n.use(choices.language)
        self.application.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(QLocale(choices.language), "qtbase", "_", folder):
            self.application.installTranslator(self._translator)
        apply_theme(self.application, choices.theme, choices.text_scale)

    def ask_person(self) -> bool:
        """Ask who works here; False if the user does not say."""
        if self.tasks is None:
            return False
        names = ["", *(p.name for p in self._people)]  # nobody is proposed: Enter must not sign in another's name
        name, given = QInputDialog.getItem(
            self.window, tr("我是谁"), tr("请选择或输入您的姓名；提交和审核记在这个名字下。"), names, 0, True
        )
        name = name.strip()
        if not given or not name:
            return False
        known = [p.id for p in self._people if p.name == name]
        person = known[0] if known else str(ULID())
        if not known:
            self._people.append(Person(id=person, name=name))
            self.tasks.write(lambda store: store.name_person(name, person)[1])
        self.settings.change(person=person, person_name=name)
        if isinstance(self.window, MainWindow):
            self.window.status.set_person(name)
        return True


def _survey_of(store: Store, *, path: Path, person: str, name: str, left_open: bool) -> tuple[Survey, list[Person]]:
    """What the window needs to know of a survey; whoever works here is known in it."""
    people = store.people()
    if person and name and person not in {p.id for p in people}:
        store.name_person(name, person)
        people = store.people()
    survey = Survey(
        path=path, title=str(store.info("title", path.stem)), sample=bool(store.info("sample", False)),
        main_file=store.is_main_file, definition=store.definition(), warnings=tuple(store.warnings),
        left_open=left_open,
    )  # fmt: skip
    return survey, people


def _import_map() -> None:
    """What the first opening of the map needs: folium and its templates, and the web engine's bindings."""
    from barrierfree import map as map_room
    from barrierfree.gui import map_page

    map_room.prepare()
    map_page.__name__  # noqa: B018 - imported for what it brings


def begin(
    application: QApplication, folders: UserFolders, path: Path | None, *, first: FirstWindow | None = None
) -> Program:
    """The program, on its way to show ``path``; ``first`` is the window that stands in its place meanwhile."""
    _keep_log(folders.logs)
    program = Program(application, Settings(folders.settings), folders, first)
    sys.excepthook = partial(_on_uncaught, program)
    program.start(path)
    return program


def _keep_log(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "barrierfree.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)


def _on_uncaught(
    program: Program, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The one hook: whatever nobody caught is logged and shown, and the program goes on."""
    _log.error("Uncaught", exc_info=(kind, error, trace))
    window = program.window
    if isinstance(window, MainWindow) and isinstance(error, Exception):
        window.show_error(error)


def write_pdf(application: QApplication, pages: Sequence[Path], target: Path) -> int:
    """Print the pages of a report as one PDF without a window; how many sheets it has. Raises ``StorageError``."""
    assert application is QApplication.instance()
    from barrierfree import report
    from barrierfree.gui.report_printing import ReportPrinter

    printer, loop = ReportPrinter(pages), QEventLoop()
    outcome: list[list[Path] | Exception] = []

    def done(found: list[Path] | Exception) -> None:
        outcome.append(found)
        loop.quit()

    printer.printed.connect(done)
    printer.failed.connect(done)
    printer.start()
    if not outcome:
        loop.exec()
    shiboken6.delete(printer)  # no event loop runs any more that would do it later
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return report.join_pdfs(outcome[0], target)
