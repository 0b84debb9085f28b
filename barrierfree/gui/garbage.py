"""Lets Python's cycle collector run in the GUI thread only, while other threads are at work."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 500
# How many new objects, or younger collections, call for a collection: the interpreter's own defaults.
THRESHOLDS: Final = (700, 10, 10)


class GarbageInGuiThread(QObject):
    """While one of these lives, garbage is collected by a timer of the GUI thread instead of by whoever allocates.

    WORKAROUND: closed windows are cyclic garbage (a lambda that holds its page). Collected in a worker thread, their
    Qt objects would end in a thread that is not theirs; collected by a handler in Python in the middle of one of Qt's
    own functions (a style sheet for all widgets, an event filter), they end under its hands. Both are crashes. The
    application has one for as long as it runs.
    """

    _living: ClassVar[list[GarbageInGuiThread]] = []

    def __init__(self, parent: QObject | None = None, *, busy: Callable[[], bool] = lambda: False) -> None:
        # While threads are at work (``busy``) what they make is not gone through as a whole: with a list of 100,000
        # rows in hand that would stop the window for more than a second, again and again.
        super().__init__(parent)
        self._busy = busy
        GarbageInGuiThread._living.append(self)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """The threads are done; without any other of these the interpreter collects by itself again."""
        if self in GarbageInGuiThread._living:
            self._timer.stop()
            GarbageInGuiThread._living.remove(self)
            if not GarbageInGuiThread._living:
                gc.enable()

    @staticmethod
    def _collect() -> None:
        spared = Kept.held or any(one._busy() for one in GarbageInGuiThread._living)
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > THRESHOLDS[generation] and not (generation == 2 and spared):
                gc.collect(generation)
                return


class Kept:
    """While one of these is held, old objects are not gone through: there are many, and they stay for a while.

    ``let_go`` ends it.
    """

    held: ClassVar[int] = 0

    def __init__(self) -> None:
        Kept.held += 1
        self._holds = True

    def let_go(self) -> None:
        """Everything is looked at again."""
        if self._holds:
            self._holds = False
            Kept.held -= 1


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected meanwhile.

    WORKAROUND: ``QApplication.setStyle`` and ``setStyleSheet`` go through a list of all widgets that they made before.
    A handler in Python that happens to start the collector there takes closed windows from under them: a crash.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
