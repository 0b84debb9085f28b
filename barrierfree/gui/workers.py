"""A worker thread with a queue: opens its store inside itself, runs jobs one by one, urgent ones first."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from barrierfree.errors import BarrierFreeError, Cancelled
from barrierfree.operations.progress import Progress

_log = logging.getLogger(__name__)


class Closable(Protocol):
    """All that the threads need to know of a store."""

    def close(self) -> None:
        """Close the file; called in the thread that opened it."""


class Task:
    """A job on its way. ``cancel`` drops it while it waits and asks it to stop while it runs.

    ``state`` is ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
    """

    def __init__(self, job: Callable[[Any], Any], title: str = "", write: bool = False) -> None:
        self.job = job
        self.title = title
        self.write = write
        self.state = "waiting"
        self.position: tuple[int, int, str] = (0, 0, "")
        self.shown = False
        self.superseded = False
        self.progress = Progress(self._on_step)

    def cancel(self) -> None:
        """Ask for it to stop; a write that has already landed stays."""
        self.progress.cancel()

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")

    def _on_step(self, done: int, total: int, text: str) -> None:
        self.position = (done, total, text)


Report = Callable[[Task, Any, Exception | None], None]


@dataclass(order=True)
class _Entry:
    rank: int
    number: int
    task: Task | None = field(compare=False)  # None: the last one, close


class Worker:
    """One thread and its store. ``open_store`` runs in the thread; without it jobs get ``None``.

    ``wait_for`` is set by another worker: the reader opens the file only after the writer has made or migrated it.
    ``report`` is called in the thread after each job.
    """

    def __init__(
        self,
        name: str,
        report: Report,
        open_store: Callable[[], Closable] | None = None,
        wait_for: threading.Event | None = None,
    ) -> None:
        self.opened = threading.Event()
        self._report = report
        self._open_store = open_store
        self._wait_for = wait_for
        self._entries: list[_Entry] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name=f"barrierfree-{name}", daemon=True)
        self._thread.start()

    def put(self, task: Task, urgent: bool = False) -> None:
        """Queue a task; urgent ones go before all that are not, otherwise first come, first served."""
        with self._wake:
            if self._closing:
                task.state = "cancelled"
                return
            heapq.heappush(self._entries, _Entry(0 if urgent else 1, next(self._numbers), task))
            self._wake.notify()

    def close(self, drain: bool = True) -> None:
        """Let the queue run empty (or drop it), close the store, join the thread."""
        with self._wake:
            self._closing = True
            if not drain:
                for entry in self._entries:
                    if entry.task is not None:
                        entry.task.cancel()
            heapq.heappush(self._entries, _Entry(2, next(self._numbers), None))
            self._wake.notify()
        self._thread.join()

    def _next(self) -> Task | None:
        with self._wake:
            while not self._entries:
                self._wake.wait()
            return heapq.heappop(self._entries).task

    def _work(self) -> None:
        if self._wait_for is not None:
            self._wait_for.wait()
        store, fault = self._open()
        self.opened.set()
        while (task := self._next()) is not None:
            self._do(task, store, fault)
        if store is not None:
            try:
                store.close()
            except Exception:
                _log.exception("The survey file did not close")

    def _open(self) -> tuple[Closable | None, Exception | None]:
        if self._open_store is None:
            return None, None
        try:
            return self._open_store(), None
        except Exception as error:
            if not isinstance(error, BarrierFreeError):
                _log.exception("The survey file did not open")
            return None, error

    def _do(self, task: Task, store: Closable | None, fault: Exception | None) -> None:
        result: Any = None
        error = fault
        if task.progress.cancelled:
            error = Cancelled()
        if error is None:
            task.state = "running"
            try:
                result = task.job(store)
            except Exception as raised:
                error = raised
                if not isinstance(raised, BarrierFreeError | Cancelled):
                    _log.exception("A job failed: %s", task.title or task.job)
        if error is None:
            task.state = "done"
        else:
            task.state = "cancelled" if isinstance(error, Cancelled) else "failed"
        self._report(task, result, error)
