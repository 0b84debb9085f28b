from __future__ import annotations

import functools
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from barrierfree.errors import Cancelled, NotFoundError, SurveyFileError
from barrierfree.gui.store_tasks import ProgressState, StoreTasks
from barrierfree.model.records import Changes
from barrierfree.operations.progress import Progress


class FakeStore:
    """Remembers in which thread it lives; every job must come from there."""

    opened: list[FakeStore]

    def __init__(self, read_only: bool) -> None:
        self.read_only = read_only
        self.thread = threading.get_ident()
        self.log: list[str] = []
        self.closed = False

    def note(self, text: str) -> str:
        assert threading.get_ident() == self.thread
        self.log.append(text)
        return text

    def close(self) -> None:
        assert threading.get_ident() == self.thread
        self.closed = True


class Stores:
    def __init__(self) -> None:
        self.all: list[FakeStore] = []

    def open(self, read_only: bool) -> FakeStore:
        store = FakeStore(read_only)
        self.all.append(store)
        return store

    @property
    def writer(self) -> FakeStore:
        return next(store for store in self.all if not store.read_only)


@pytest.fixture
def stores() -> Stores:
    return Stores()


@pytest.fixture
def tasks(qtbot: QtBot, stores: Stores) -> Iterator[StoreTasks[FakeStore]]:
    tasks = StoreTasks(stores.open)
    yield tasks
    tasks.close()


def _noted(text: str) -> Callable[[FakeStore], str]:
    return lambda store: store.note(text)


def test_an_answer_arrives_on_the_gui_thread(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    got: list[tuple[str, int]] = []
    tasks.read(_noted("hello"), lambda text: got.append((text, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [("hello", threading.get_ident())]


def test_reader_and_writer_have_stores_of_their_own(qtbot: QtBot, tasks: StoreTasks[FakeStore], stores: Stores) -> None:
    threads: list[int] = []
    tasks.read(lambda store: (store.read_only, store.thread), lambda got: threads.append(got[1]))
    tasks.write(lambda store: store.thread, threads.append)
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert len({*threads, threading.get_ident()}) == 3
    assert sorted(store.read_only for store in stores.all) == [False, True]


def test_writes_keep_their_order_and_drafts_go_first(
    qtbot: QtBot, tasks: StoreTasks[FakeStore], stores: Stores
) -> None:
    gate = threading.Event()
    tasks.write(lambda _store: gate.wait(5))
    for text in ("one", "two"):
        tasks.write(_noted(text))
    tasks.write(_noted("draft"), urgent=True)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert stores.writer.log == ["draft", "one", "two"]


def test_changes_are_announced_after_the_answer(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    order: list[str] = []
    tasks.changed.connect(lambda changes: order.append(f"changed {changes.sites}"))
    with qtbot.waitSignal(tasks.changed):
        tasks.write(lambda _store: Changes(sites=("s1",)), lambda _changes: order.append("done"))
    assert order == ["done", "changed ('s1',)"]


def test_an_object_with_changes_announces_them_too(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    class Imported:
        changes = Changes(batches=True)

    with qtbot.waitSignal(tasks.changed) as signal:
        tasks.write(lambda _store: Imported())
    assert signal.args is not None
    assert signal.args[0].batches


def test_an_error_goes_to_its_handler_or_to_failed(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    def fail(_store: FakeStore) -> None:
        raise NotFoundError("没有这个点位", "请刷新列表")

    handled: list[Exception] = []
    tasks.read(fail, lambda _: None, handled.append)
    qtbot.waitUntil(lambda: bool(handled))
    assert isinstance(handled[0], NotFoundError)
    with qtbot.waitSignal(tasks.failed) as signal:
        tasks.read(fail, lambda _: None)
    assert signal.args is not None
    assert isinstance(signal.args[0], NotFoundError)


def test_a_fault_of_ours_is_logged_with_its_stack(
    qtbot: QtBot, tasks: StoreTasks[FakeStore], caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(tasks.failed):
        tasks.write(lambda _store: 1 // 0)
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_later_read_with_the_same_key_replaces_the_earlier(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    gate = threading.Event()
    got: list[str] = []
    tasks.read(lambda _store: gate.wait(5), lambda _: None)
    for text in ("a", "ab", "abc"):
        tasks.read(_noted(text), got.append, replaces="search")
    tasks.read(_noted("other"), got.append, replaces="counts")
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert got == ["abc", "other"]


def test_nothing_is_called_on_a_receiver_that_is_gone(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    class Receiver(QObject):
        def take(self, text: str) -> None:
            got.append(text)

        def take_with(self, _number: int, text: str) -> None:
            got.append(text)

    got: list[str] = []
    gate = threading.Event()
    gone, there = Receiver(), Receiver()
    tasks.read(lambda _store: gate.wait(5), lambda _: None)
    tasks.read(_noted("bound"), gone.take)
    tasks.read(_noted("closure"), lambda text: gone.take(text))
    tasks.read(_noted("partial"), functools.partial(gone.take_with, 1))
    tasks.read(_noted("context"), got.append, context=gone)
    tasks.read(_noted("there"), there.take)
    delete(gone)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy)
    assert got == ["there"]


def test_a_long_operation_shows_progress_and_can_be_cancelled(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    states: list[ProgressState] = []
    errors: list[Exception] = []
    tasks.progress.connect(states.append)

    def count(_store: FakeStore, progress: Progress) -> None:
        for number in range(10_000):
            progress.step(number, 10_000, "点位")
            time.sleep(0.005)

    task = tasks.run(count, "正在导入", on_error=errors.append, write=True)
    qtbot.waitUntil(lambda: bool(states), timeout=3000)
    assert (states[0].title, states[0].total, states[0].text) == ("正在导入", 10_000, "点位")
    assert states[0].done > 0
    task.cancel()
    qtbot.waitUntil(lambda: bool(errors), timeout=3000)
    assert isinstance(errors[0], Cancelled)
    assert states[-1].finished
    assert task.state == "cancelled"


def test_a_short_operation_shows_no_progress(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    states: list[Any] = []
    done: list[int] = []
    tasks.progress.connect(states.append)
    tasks.run(lambda _store, _progress: 7, "kurz", done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert states == []


def test_lists_are_not_held_up_by_a_long_read(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    gate = threading.Event()
    got: list[str] = []
    tasks.run(lambda _store, _progress: gate.wait(5), "导出")
    tasks.read(_noted("list"), got.append)
    qtbot.waitUntil(lambda: bool(got))
    gate.set()


def test_close_lets_writes_land_and_drops_reads(qtbot: QtBot, stores: Stores) -> None:
    tasks = StoreTasks(stores.open)
    gate = threading.Event()
    got: list[str] = []
    tasks.write(lambda _store: gate.wait(5))
    tasks.write(_noted("last draft"), got.append, urgent=True)
    gate.set()
    tasks.close()
    assert stores.writer.log == ["last draft"]
    assert all(store.closed for store in stores.all)
    assert tasks.write(_noted("too late")).state == "cancelled"
    qtbot.waitUntil(lambda: not any(t.name.startswith("barrierfree") for t in threading.enumerate()))
    assert got == []


def test_a_file_that_does_not_open_fails_every_job(qtbot: QtBot) -> None:
    def refuse(_read_only: bool) -> FakeStore:
        raise SurveyFileError("这个文件来自更新的版本", "请更新程序")

    tasks = StoreTasks(refuse)
    errors: list[Exception] = []
    tasks.read(_noted("a"), lambda _: None, errors.append)
    tasks.write(_noted("b"), None, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 2)
    tasks.close()
    assert all(isinstance(error, SurveyFileError) for error in errors)


def test_busy_tells_begin_and_end(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    told: list[bool] = []
    tasks.busy.connect(told.append)
    tasks.read(_noted("a"), lambda _: None)
    qtbot.waitUntil(lambda: told == [True, False])


def test_a_stuck_gui_thread_reports_its_stack(
    qtbot: QtBot, tasks: StoreTasks[FakeStore], caplog: pytest.LogCaptureFixture
) -> None:
    from barrierfree.gui import watchdog

    qtbot.waitUntil(lambda: tasks.watchdog._beat is not None)
    blocking = compile("def block(sleep):\n    sleep(0.6)\n", watchdog.__file__, "exec")
    space: dict[str, Any] = {}
    exec(blocking, space)
    with caplog.at_level(logging.WARNING):
        space["block"](time.sleep)
    assert tasks.watchdog.longest_ms >= watchdog.LIMIT_MS
    assert "slow call" in caplog.text
    assert "block" in caplog.text


def test_garbage_of_the_window_ends_in_the_gui_thread(qtbot: QtBot, tasks: StoreTasks[FakeStore]) -> None:
    """A worker that allocates a lot must not be the one who collects cyclic Qt objects."""
    ended: list[int] = []

    class Cyclic(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.me = self

        def __del__(self) -> None:
            ended.append(threading.get_ident())

    for _ in range(200):
        Cyclic()
    done: list[int] = []
    kept: list[list[int]] = []  # what lives on is what calls for a collection; what is freed again does not count

    def allocate(_store: FakeStore) -> int:
        kept.extend([n] for n in range(50_000))
        return len(kept)

    tasks.write(allocate, done.append)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.waitUntil(lambda: bool(ended), timeout=10000)
    assert set(ended) == {threading.get_ident()}
    tasks.close()
    assert not gc.isenabled(), "the application goes on collecting in this thread"
