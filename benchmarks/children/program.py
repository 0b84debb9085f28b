"""The program on a survey, driven from inside; nothing of it but a wait and the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from barrierfree.app import Program
from barrierfree.gui.main_window import MainWindow
from barrierfree.paths import user_folders
from barrierfree.settings import Settings
from barrierfree.start import make_application


def opened(survey: str) -> tuple[Program, MainWindow]:
    """The program with ``survey`` open and its window at 1366×768."""
    folders = user_folders()
    program = Program(make_application(), Settings(folders.settings), folders)
    program.start(Path(survey))
    until(lambda: isinstance(program.window, MainWindow))
    assert isinstance(program.window, MainWindow)
    program.window.resize(1366, 768)
    return program, program.window


def until(true: Callable[[], bool], timeout_ms: int = 60_000) -> None:
    """Run the event loop until ``true``."""
    loop, timer, end = QEventLoop(), QTimer(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if true() else None)
    end.setSingleShot(True)
    end.timeout.connect(lambda: loop.exit(1))
    timer.start(1)
    end.start(timeout_ms)
    late = not true() and loop.exec()
    for one in (timer, end):
        one.stop()
        one.timeout.disconnect()  # no cycle is left for a collection in another thread
    if late:
        raise TimeoutError("waited too long")


def rest(ms: int) -> None:
    """Run the event loop for ``ms``."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
