"""A real program for tests: its window on a real survey file, opened in its own threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from barrierfree import app, start
from barrierfree.gui.first_window import FirstWindow
from barrierfree.gui.main_window import MainWindow
from barrierfree.gui.welcome import WelcomeWindow
from barrierfree.paths import UserFolders
from barrierfree.settings import Settings


@contextmanager
def running(qtbot: QtBot, survey: Path, home: Path, **choices: object) -> Iterator[app.Program]:
    """The program with ``survey`` open; closed again whatever happens."""
    folders = UserFolders(home / "settings", home / "logs", home / "surveys", home / "basemaps")
    settings = Settings(folders.settings)
    settings.change(**{"theme": "light", **choices})
    program = app.Program(start.make_application(), settings, folders)
    try:
        program.start(survey)
        qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=20000)
        window_of(program).resize(1366, 768)
        yield program
    finally:
        program.close()
        QApplication.processEvents()
        for window in QApplication.topLevelWidgets():  # each style sheet of a later test would go through them again
            if isinstance(window, MainWindow | WelcomeWindow | FirstWindow):
                window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def window_of(program: app.Program) -> MainWindow:
    """Its main window."""
    assert isinstance(program.window, MainWindow)
    return program.window


def keys(widget: QWidget, text: str) -> None:
    """Type into a widget from empty."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
