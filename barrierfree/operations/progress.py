"""How far a long operation is, and whether the user wants it to stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from barrierfree.errors import Cancelled

StepCallback = Callable[[int, int, str], None]


class Progress:
    """Passed to every long operation: it reports with ``step``, and ``step`` stops it when the user cancelled.

    ``on_step`` gets (done, total, text) in the thread of the operation, so it must be cheap; ``cancel`` may be called
    from any thread.
    """

    def __init__(self, on_step: StepCallback | None = None) -> None:
        self._on_step = on_step
        self._cancelled = False

    def step(self, done: int, total: int, text: str = "") -> None:
        """Say that ``done`` of ``total`` are done (total 0: unknown); raises ``Cancelled`` when asked to stop."""
        self.check()
        if self._on_step is not None:
            self._on_step(done, total, text)

    def check(self) -> None:
        """Raise ``Cancelled`` if the user wants to stop; for places with nothing to report."""
        if self._cancelled:
            raise Cancelled

    def cancel(self) -> None:
        """Ask the operation to stop at its next step."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether stopping was asked for."""
        return self._cancelled


class SilentProgress(Progress):
    """Reports to nobody and is never cancelled: the default where nobody watches."""

    def cancel(self) -> None:
        """Nothing: it is shared by everybody who does not watch."""


SILENT: Final = SilentProgress()
