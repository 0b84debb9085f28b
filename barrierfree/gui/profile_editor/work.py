"""What is being edited, and the frame of a step that works on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from barrierfree.gui.context import Context
from barrierfree.operations.profile_drafts import Draft
from barrierfree.operations.profiles import LiveRows, LiveSheet


@dataclass
class Work:
    """The profile in hand: None before one was taken up. ``before`` is how it was when that happened."""

    draft: Draft | None = None
    before: str = ""
    live: LiveRows | None = None
    live_of: object = None
    shown: dict[str, LiveSheet] = field(default_factory=dict)

    def state(self) -> str:
        """All of the draft, as one text to compare."""
        return f"{self.draft!r} {hash(self.draft.template if self.draft else b'')}"

    @property
    def changed(self) -> bool:
        """Whether something would be lost by closing."""
        return self.draft is not None and self.state() != self.before

    def take(self, draft: Draft, *, changed: bool) -> None:
        """Take up another profile; ``changed``: it is not the one in force."""
        self.draft = draft
        self.before = "" if changed else self.state()
        self.live_of = None
        self.shown = {}


class EditorStep(QWidget):
    """A step: it shows what it has to when it comes into sight, and says why one cannot save.

    Signals:
        changed: the draft may have changed.
        failed(Exception): something went wrong; it is said above the step.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        self._context = context
        self._work = work

    def enter(self) -> None:
        """It comes into sight."""
