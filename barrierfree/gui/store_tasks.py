"""The one way off the GUI thread: jobs for the survey file and for the processor, answered on the GUI thread."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from barrierfree.errors import Cancelled
from barrierfree.gui.garbage import GarbageInGuiThread
from barrierfree.gui.watchdog import Watchdog
from barrierfree.gui.workers import Closable, Task, Worker
from barrierfree.model.records import Changes
from barrierfree.operations.progress import Progress

S = TypeVar("S", bound=Closable)
T = TypeVar("T")
OnError = Callable[[Exception], None]

SHOW_AFTER_MS: Final = 500
POLL_MS: Final = 100


@dataclass(frozen=True)
class ProgressState:
    """How a long operation stands; ``finished`` comes once, last. ``total`` 0: unknown."""

    task: Task
    title: str
    done: int
    total: int
    text: str
    finished: bool = False


@dataclass
class _Pending:
    on_done: Callable[[Any], None] | None
    on_error: OnError | None
    receivers: tuple[QObject, ...]
    key: str = ""


class StoreTasks(QObject, Generic[S]):
    """Owns the threads of one open survey: a writer, a reader, one for long reads, one without a store.

    ``open_store(read_only)`` is called inside each thread that needs it. Callbacks arrive on the GUI thread and are
    dropped when their receiver is gone: the object of a bound method, QObjects a closure or ``partial`` holds, or
    ``context``. An error nobody handles comes as ``failed``; a cancelled job only calls its ``on_error``.

    Signals:
        changed(Changes): a write changed something; after its ``on_done``.
        failed(Exception): a job without ``on_error`` failed.
        progress(ProgressState): a long operation, from 500 ms on.
        busy(bool): something is under way, or nothing any more.
    """

    changed = Signal(object)
    failed = Signal(object)
    progress = Signal(object)
    busy = Signal(bool)
    _reported = Signal(object, object, object)

    def __init__(self, open_store: Callable[[bool], S], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_store = open_store
        self._pending: dict[Task, _Pending] = {}
        self._by_key: dict[str, Task] = {}
        self._closed = False
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)
        self.garbage = GarbageInGuiThread(self, busy=lambda: bool(self._pending))
        self.watchdog = Watchdog(self)
        self._writer = Worker("writer", self._report, lambda: open_store(False))
        self._reader = self._new_reader("reader")
        self._long_reader: Worker | None = None
        self._computer: Worker | None = None
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._on_poll)

    def read(
        self,
        job: Callable[[S], T],
        on_done: Callable[[T], None],
        on_error: OnError | None = None,
        *,
        replaces: str = "",
        context: QObject | None = None,
    ) -> Task:
        """Ask the survey something. An earlier read with the same ``replaces`` is dropped, answered or not."""
        task = Task(job)
        if replaces:
            earlier = self._by_key.get(replaces)
            if earlier is not None:
                earlier.superseded = True
                earlier.cancel()
            self._by_key[replaces] = task
        return self._start(task, self._reader, _pending(on_done, on_error, context, key=replaces))

    def write(
        self,
        job: Callable[[S], T],
        on_done: Callable[[T], None] | None = None,
        on_error: OnError | None = None,
        *,
        urgent: bool = False,
        context: QObject | None = None,
    ) -> Task:
        """Change the survey in one short transaction. ``urgent`` (drafts) goes before everything that waits."""
        task = Task(job, write=True)
        return self._start(task, self._writer, _pending(on_done, on_error, context), urgent)

    def run(
        self,
        operation: Callable[[S, Progress], T],
        title: str,
        on_done: Callable[[T], None] | None = None,
        on_error: OnError | None = None,
        *,
        write: bool = False,
        context: QObject | None = None,
    ) -> Task:
        """Run a long operation that reports to its ``Progress`` and can be cancelled there.

        With ``write`` it holds the writer, and saves wait: prepare without, land with ``write``. Without, it has
        a thread and a read-only store of its own, so lists and map are not held up by an export.
        """
        task = Task(lambda store: operation(store, task.progress), title, write)
        if write:
            worker = self._writer
        else:
            self._long_reader = worker = self._long_reader or self._new_reader("long-reader")
        self._watch(task)
        return self._start(task, worker, _pending(on_done, on_error, context))

    def compute(
        self,
        job: Callable[[], T],
        on_done: Callable[[T], None],
        on_error: OnError | None = None,
        *,
        context: QObject | None = None,
    ) -> Task:
        """Do something slow that needs no survey (decode a picture, read a foreign file)."""
        self._computer = self._computer or Worker("computer", self._report)
        return self._start(Task(lambda _store: job()), self._computer, _pending(on_done, on_error, context))

    def close(self) -> None:
        """Drop reads, let the writes land, close the stores, join the threads. Callbacks no longer come."""
        if self._closed:
            return
        self._closed = True
        self._poll.stop()
        for task in self._pending:
            if not task.write:
                task.cancel()
        for worker in (self._reader, self._long_reader, self._computer):
            if worker is not None:
                worker.close(drain=False)
        self._writer.close()  # last: only the last connection can leave the file without a write-ahead log
        self.watchdog.stop()
        self.garbage.stop()
        self._pending.clear()

    @property
    def is_busy(self) -> bool:
        """Whether something is under way or waiting."""
        return bool(self._pending)

    def _new_reader(self, name: str) -> Worker:
        return Worker(name, self._report, lambda: self._open_store(True), self._writer.opened)

    def _start(self, task: Task, worker: Worker, pending: _Pending, urgent: bool = False) -> Task:
        if self._closed:
            task.state = "cancelled"
            return task
        self._pending[task] = pending
        if len(self._pending) == 1:
            self.busy.emit(True)
        worker.put(task, urgent)
        return task

    def _report(self, task: Task, result: Any, error: Exception | None) -> None:
        """Called in the worker's thread: hand over to the GUI thread."""
        if not self._closed and isValid(self):
            self._reported.emit(task, result, error)

    @Slot(object, object, object)
    def _on_reported(self, task: Task, result: Any, error: Exception | None) -> None:
        pending = self._pending.pop(task, None)
        if pending is None or self._closed:
            return
        if pending.key and self._by_key.get(pending.key) is task:
            del self._by_key[pending.key]
        if task.shown:
            self.progress.emit(_state(task, finished=True))
        try:
            self._answer(task, pending, result, error)
        finally:
            if not self._pending and not self._closed:
                self.busy.emit(False)

    def _answer(self, task: Task, pending: _Pending, result: Any, error: Exception | None) -> None:
        alive = all(isValid(receiver) for receiver in pending.receivers)
        if error is not None:
            if task.superseded or (isinstance(error, Cancelled) and pending.on_error is None):
                return
            if pending.on_error is not None and alive:
                pending.on_error(error)
            elif not isinstance(error, Cancelled):
                self.failed.emit(error)
            return
        try:
            if pending.on_done is not None and alive and not task.superseded:
                pending.on_done(result)
        finally:
            changes = result if isinstance(result, Changes) else getattr(result, "changes", None)
            if task.write and isinstance(changes, Changes) and not self._closed:
                self.changed.emit(changes)

    def _watch(self, task: Task) -> None:
        def show() -> None:
            if not task.finished and task in self._pending:
                task.shown = True
                self.progress.emit(_state(task))
                self._poll.start()

        QTimer.singleShot(SHOW_AFTER_MS, self, show)

    @Slot()
    def _on_poll(self) -> None:
        shown = [task for task in self._pending if task.shown]
        for task in shown:
            self.progress.emit(_state(task))
        if not shown:
            self._poll.stop()


def _state(task: Task, finished: bool = False) -> ProgressState:
    done, total, text = task.position
    return ProgressState(task, task.title, done, total, text, finished)


def _pending(
    on_done: Callable[[Any], None] | None,
    on_error: OnError | None,
    context: QObject | None,
    *,
    key: str = "",
) -> _Pending:
    receivers = [context] if context is not None else []
    for callback in (on_done, on_error):
        receivers += _receivers(callback)
    return _Pending(on_done, on_error, tuple(receivers), key)


def _receivers(callback: Callable[..., Any] | None) -> list[QObject]:
    """The QObjects a callback needs to be alive."""
    if callback is None:
        return []
    if isinstance(callback, functools.partial):
        held: list[Any] = [*callback.args, *callback.keywords.values()]
        return _receivers(callback.func) + [value for value in held if isinstance(value, QObject)]
    held = [getattr(callback, "__self__", None)]
    for cell in getattr(callback, "__closure__", None) or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # a name that is not bound yet
            continue
    return [value for value in held if isinstance(value, QObject)]
