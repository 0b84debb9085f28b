"""Where the person at this computer stands: said once, for map and walking order alike, and kept for the day."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from barrierfree.operations.site_work import Here
from barrierfree.settings import Settings

_KEY: Final = "standing"


class Standing(QObject):
    """Read ``here``; None while nobody has said. It is no fact and never leaves this computer.

    Signals:
        changed(): ``here`` is another place, or none.
    """

    changed = Signal()

    def __init__(self, settings: Settings | None = None, survey: str = "") -> None:
        super().__init__()
        self._settings, self._survey = settings, survey
        self.here: Here | None = self._kept()

    def stand(self, here: Here | None) -> None:
        """The person is there now (None: nobody knows)."""
        if here == self.here:
            return
        self.here = here
        if self._settings is not None:
            said = {"survey": self._survey, "day": date.today().isoformat(), "here": here.model_dump()} if here else {}
            self._settings.set(_KEY, said)
        self.changed.emit()

    def _kept(self) -> Here | None:
        """What was said today in this survey; yesterday's place says nothing."""
        said: Any = self._settings.get(_KEY) if self._settings is not None else None
        if not isinstance(said, dict) or (said.get("survey"), said.get("day")) != (
            self._survey, date.today().isoformat(),
        ):  # fmt: skip
            return None
        try:
            return Here.model_validate(said.get("here"))
        except ValueError:
            return None
