"""What tests of pages need: a real survey behind the real tasks, and a page in a window that follows its changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from barrierfree.gui.context import Context, Survey
from barrierfree.gui.page import Page
from barrierfree.gui.store_tasks import StoreTasks
from barrierfree.gui.theme import apply_theme
from barrierfree.settings import Settings
from barrierfree.store import SiteFilter, Store
from tests.builders import Clock, definition, new_site, survey

T = TypeVar("T")
P = TypeVar("P", bound=Page)
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Desk:
    """Somebody at work on a survey of two sites; ``went`` is where pages wanted to go."""

    qtbot: QtBot
    path: Path
    clock: Clock
    context: Context
    went: list[tuple[str, object]] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def do(self, job: Callable[[Store], T], **later: float) -> T:
        """Something that happened elsewhere; then time goes on (by an hour)."""
        with Store.open(self.path, device="device-a", clock=self.clock) as store:
            done = job(store)
        self.clock.move(**(later or {"hours": 1}))
        return done

    def ask(self, job: Callable[[Store], T]) -> T:
        """What the file says now."""
        with Store.open(self.path, read_only=True, clock=self.clock) as store:
            return job(store)

    def site(self, text: str = "幸福") -> str:
        """The id of a site."""
        return self.ask(lambda store: store.sites(SiteFilter(text=text))[0].id)

    def work_as(self, person: str) -> None:
        """Somebody else sits down."""
        self.context.settings.change(person=person, person_name=person)

    def show(self, page: P) -> P:
        """Show a page in a window of its own and wait until it has read what it shows."""
        self.qtbot.addWidget(page)
        self.context.tasks.changed.connect(page.apply_changes)
        page.resize(1366, 768)
        with self.qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        page.activate()
        self.settle()
        return page

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.qtbot.waitUntil(lambda: not self.context.tasks.is_busy)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not self.context.tasks.is_busy)

    def press(self, widget: QWidget, key: Qt.Key, *, control: bool = False) -> None:
        """Press a key, in a window that has the keyboard, and wait for what follows."""
        widget.window().activateWindow()  # the offscreen platform gives it to nobody when a dialog closes
        self.qtbot.waitUntil(widget.window().isActiveWindow)
        QTest.keyClick(widget, key, CONTROL if control else Qt.KeyboardModifier.NoModifier)
        self.qtbot.waitUntil(lambda: not _pressed())  # a button shows for a moment that its key was pressed
        self.settle()

    def click(self, widget: QWidget) -> None:
        """Click with the mouse and wait for what follows."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()


def _pressed() -> list[QAbstractButton]:
    return [w for w in QApplication.allWidgets() if isinstance(w, QAbstractButton) and w.isDown()]


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    path = tmp_path / "普查.gpkg"
    with survey(path, clock) as store:
        store.add_sites([new_site("a"), new_site("b", name="光环药房（示例）", community="富力")], person="p")
        for person in ("anna", "ben", "staff"):
            store.name_person(person, person)
    known = Survey(path=path, title="普查", sample=True, main_file=True, definition=definition())
    yield from desk_of(qtbot, qapp, tmp_path, clock, known, person="staff")


def desk_of(
    qtbot: QtBot, qapp: QApplication, home: Path, clock: Clock, known: Survey, *, person: str
) -> Iterator[Desk]:
    """Somebody at work on a survey that is there, an hour later."""
    apply_theme(qapp, "light", 1.0)
    clock.move(hours=1)
    settings = Settings(home / "settings")
    settings.change(person=person, person_name=person)
    tasks: StoreTasks[Store] = StoreTasks(
        lambda read_only: Store.open(known.path, device="device-a", read_only=read_only, clock=clock)
    )
    went: list[tuple[str, object]] = []
    context = Context(
        tasks, settings, known, lambda page, target: went.append((page, target)), lambda: False, home / "basemaps"
    )
    made = Desk(qtbot, known.path, clock, context, went)
    tasks.failed.connect(made.failed.append)
    yield made
    tasks.close()
    assert made.failed == []
