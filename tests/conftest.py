"""What every test gets: no display, no access to the user's folders, no unexpected warning, no thread left over."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

import pytest

from tests.builders import SHARED, Clock

MUCH_GARBAGE = 100_000  # new objects


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """All folders of the user lie below the test's own folder, and texts are Chinese again afterwards."""
    from barrierfree import i18n

    home = tmp_path / "home"
    monkeypatch.setenv("BARRIERFREE_HOME", str(home))
    i18n.use("zh_CN")
    yield home
    i18n.use("zh_CN")


@pytest.fixture(autouse=True)
def nothing_unexpected(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in our log or a thread of ours left running fails the test; take it out of caplog if it is meant."""
    before = set(threading.enumerate())
    yield
    if gc.get_count()[0] > MUCH_GARBAGE:  # the window's application collects in its event loop, which tests leave
        gc.collect()
    left = [t.name for t in set(threading.enumerate()) - before if t.name.startswith("barrierfree")]
    assert not left, f"threads left running: {left}; close what started them"
    loud = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    loud = [m for m in loud if not m.startswith("slow call")]
    assert not loud, f"unexpected log lines: {loud}; caplog.clear() when a test means to cause them"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the folder shared/data with real data is not beside this checkout")
    return SHARED


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """On CI a skipped test is a fault: everything a test needs is installed there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("skipped tests are not allowed on CI", red=True)
        session.exitstatus = 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
