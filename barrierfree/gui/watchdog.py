"""Notices when the GUI thread does not answer, and logs where it was stuck."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QTimer

_log = logging.getLogger(__name__)
_PACKAGE: Final = str(Path(__file__).resolve().parent.parent)
BEAT_MS: Final = 50
LIMIT_MS: Final = 250


class Watchdog(QObject):
    """A heartbeat in the GUI thread and a thread that looks at it. Always on; costs one timer.

    ``longest_ms`` is the longest time without an answer while code of ours was on the stack. Call ``stop`` to end.
    """

    def __init__(self, parent: QObject | None = None, limit_ms: int = LIMIT_MS) -> None:
        super().__init__(parent)
        self.longest_ms = 0
        self.limit_ms = limit_ms
        self._gui_thread = threading.get_ident()
        self._beat: float | None = None  # None until the event loop runs for the first time
        self._stop = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="barrierfree-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching and join the thread."""
        self._timer.stop()
        self._stop.set()
        self._thread.join()

    def _on_beat(self) -> None:
        self._beat = time.monotonic()

    def _watch(self) -> None:
        reported_beat: float | None = None
        while not self._stop.wait(BEAT_MS / 1000):
            beat = self._beat
            if beat is None:
                continue
            late_ms = round((time.monotonic() - beat) * 1000) - BEAT_MS
            if late_ms < self.limit_ms:
                continue
            stack = self._stack()
            if not stack:
                continue
            self.longest_ms = max(self.longest_ms, late_ms)
            if beat != reported_beat:
                reported_beat = beat
                _log.warning("slow call: the window has not answered for %d ms. It was here:\n%s", late_ms, stack)

    def _stack(self) -> str:
        """Where the GUI thread is, '' where that is not our code.

        The frame is let go at once: it keeps the painter of a paint event alive, and Qt crashes on that.
        """
        frame = sys._current_frames().get(self._gui_thread)
        return "".join(traceback.format_stack(frame)) if frame is not None and _ours(frame) else ""


def _ours(frame: FrameType | None) -> bool:
    """Whether code of this package is on the stack; a test or a debugger that holds the thread is not ours."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_PACKAGE):
            return True
        frame = frame.f_back
    return False
