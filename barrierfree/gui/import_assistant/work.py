"""What has been chosen in the assistant so far, and the frame of a step that works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.workers import Task
from barrierfree.inventory import DatumProposal, RawList
from barrierfree.model.words import Datum
from barrierfree.operations.lists import Choices, ListPlan, Reading
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

T = TypeVar("T")
NO_COORDINATES = Datum.WGS84.value  # the datum of a list without coordinates: it converts nothing


@dataclass
class Work:
    """The list in hand.

    What later steps found out is kept with what it was found from (``proposal_of``, ``plan_of``), so that going back
    and forth without a change asks nothing again.
    """

    path: Path | None = None
    within: Path | None = None
    raw: RawList | None = None
    suggested: Reading | None = None
    columns: dict[str, int] = field(default_factory=dict)
    datum: str = ""
    swapped: bool = False
    proposal: DatumProposal | None = None
    proposal_of: object = None
    plan: ListPlan | None = None
    plan_of: object = None
    same: dict[str, str] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    keep: set[str] = field(default_factory=set)

    @property
    def has_coordinates(self) -> bool:
        """Whether the chosen columns give positions."""
        return "place" in self.columns or {"lon", "lat"} <= self.columns.keys()

    @property
    def read_as(self) -> object:
        """What the points of the list depend on."""
        return id(self.raw), tuple(sorted(self.columns.items())), self.within

    @property
    def compared_as(self) -> object:
        """What the comparison depends on."""
        return self.read_as, self.datum, self.swapped

    @property
    def reading(self) -> Reading:
        """How the list is to be read."""
        datum = self.datum if self.has_coordinates else NO_COORDINATES
        return Reading(dict(self.columns), datum, self.swapped and self.has_coordinates)

    @property
    def choices(self) -> Choices:
        """What was decided row by row."""
        return Choices(dict(self.same), frozenset(self.new), frozenset(self.declined), frozenset(self.keep))

    def forget_decisions(self) -> None:
        """Another list: nothing is decided."""
        for held in (self.same, self.new, self.declined, self.keep):
            held.clear()


class Step(QWidget):
    """A step: it shows what it has to when it comes into sight, and says why one cannot go on.

    Signals:
        changed: whether one can go on may have changed.
        failed(Exception): something went wrong; it is said above the step.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        self._context = context
        self._work = work
        self._task: Task | None = None
        self._generation = 0
        self.busy = ""

    def enter(self) -> None:
        """It comes into sight."""

    def fault(self) -> str:
        """Why one cannot go on, in words; '' when one can."""
        return ""

    def note(self) -> str:
        """What is said beside the buttons while one can go on."""
        return ""

    def start(
        self,
        operation: Callable[[Store, Progress], T],
        title: str,
        on_done: Callable[[T], None],
        *,
        write: bool = False,
    ) -> None:
        """Run something long in place of what is still running; ``busy`` says what meanwhile."""
        self.stop()
        mine = self._generation
        self.busy = title

        def done(result: T) -> None:
            if mine == self._generation:
                self._end()
                on_done(result)
                self.changed.emit()

        def wrong(error: Exception) -> None:
            if mine == self._generation:
                self._end()
                self.gave_up()
                self.failed.emit(error)
                self.changed.emit()

        self._task = self._context.tasks.run(operation, title, done, wrong, write=write, context=self)
        self.changed.emit()

    def gave_up(self) -> None:
        """What was running was cancelled or failed."""

    def stop(self) -> None:
        """Cancel what is running; its answer is no longer wanted."""
        self._generation += 1
        if self._task is not None:
            self._task.cancel()
        self._end()

    def cancel(self) -> None:
        """Ask what is running to stop; it answers once more."""
        if self._task is not None:
            self._task.cancel()

    def _end(self) -> None:
        self._task = None
        self.busy = ""
