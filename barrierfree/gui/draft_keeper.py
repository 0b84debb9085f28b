"""Keeps what is typed at a site as drafts: at once in memory, a moment later in the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from barrierfree.gui.context import Context
from barrierfree.model.records import Changes, Draft
from barrierfree.operations.readiness import Key, holds_something
from barrierfree.store import Store

SAVE_AFTER_MS: Final = 300


class DraftKeeper(QObject):
    """The drafts of the site in hand, by element type and number.

    Signals:
        changed(): a draft came, changed or went.
        begun(): the file holds the first draft at this site.
    """

    changed = Signal()
    begun = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.site = ""
        self.drafts: dict[Key, Draft] = {}
        self.started = ""  # when the first thing was typed at this site
        self._unsaved: set[Key] = set()
        self._known_to_begin = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    @property
    def dirty(self) -> bool:
        """Whether something is not in the file yet."""
        return bool(self._unsaved)

    def open(self, site: str, drafts: Iterable[Draft]) -> None:
        """Hold the drafts of another site, or those of this one as the file has them."""
        self.save()
        if site != self.site:
            self.site, self.started = site, ""
        self.drafts = {(d.element, d.number): d for d in drafts}

    def holds(self, key: Key) -> bool:
        """Whether there is anything drafted about this element."""
        draft = self.drafts.get(key)
        return draft is not None and holds_something(draft)

    def keep(self, key: Key, answers: dict[str, Any], photos: tuple[str, ...] | None = None) -> None:
        """What is typed now, to be saved in a moment; ``photos`` None leaves those that are there."""
        held = self.drafts.get(key)
        self.started = self.started or datetime.now().astimezone().isoformat(timespec="seconds")
        self.drafts[key] = Draft(
            site=self.site, element=key[0], number=key[1], person=self._context.person, answers=answers,
            photos=photos if photos is not None else (held.photos if held else ()),
        )  # fmt: skip
        self._unsaved.add(key)
        self._timer.start()
        self.changed.emit()

    def save(self) -> None:
        """Save what is typed now; does nothing when all is saved."""
        self._timer.stop()
        unsaved, self._unsaved = self._unsaved, set()
        for key in sorted(unsaved):
            draft = self.drafts.get(key)
            if draft is not None and holds_something(draft):
                self._write(draft)
            elif draft is not None:
                del self.drafts[key]
                self._context.tasks.write(partial(_drop, draft), urgent=True)
                self.changed.emit()

    def _write(self, draft: Draft) -> None:
        first, self._known_to_begin = self._known_to_begin != draft.site, draft.site
        self._context.tasks.write(partial(_save, draft), self._on_begun if first else None, urgent=True)

    def _on_begun(self, _changes: Changes) -> None:
        self.begun.emit()

    def submitted(self) -> None:
        """The drafts became a visit."""
        self.drafts.clear()
        self._unsaved.clear()
        self.started = ""


def _save(draft: Draft, store: Store) -> Changes:
    return store.save_draft(draft)


def _drop(draft: Draft, store: Store) -> Changes:
    return store.drop_draft(draft.site, draft.element, draft.number)
