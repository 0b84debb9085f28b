"""The user's choices on this computer, versioned, in one JSON file; and the id of this device."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ulid import ULID

VERSION: Final = 1
MAX_RECENT: Final = 8


class Choices(BaseModel):
    """Every setting with its default. ``window`` and ``tables`` remember places, columns and filters by name.

    - ``device``: the id of this device in facts; it belongs to this user's settings, so a copied survey on another
      computer is another device
    - ``person``, ``person_name``: the id and name of the person who works here now
    - ``language``: ``zh_CN`` or ``en``; ``theme``: ``system``, ``light``, ``dark``, ``contrast``
    - ``text_scale``: 1.0 to 2.0
    - ``number_keys``: whether 1, 2, 3 answer a choice question while it has the focus (WCAG 2.1.4)
    - ``keep_originals``: whether photos are also kept as they came, beside the shrunk ones
    - ``role``: which pages come first: ``volunteer``, ``staff``, ``coordinator``; no access control
    - ``concerns``: whose requirements the survey page lists (a group of ``conformance.GROUPS``), '' for everybody's
    - ``basemap``: the file name of the basemap under the sites, '' for none
    - ``recent``: survey files opened last, newest first
    - ``exports``: the folder of the last export
    """

    model_config = ConfigDict(validate_assignment=True, extra="ignore")

    version: int = VERSION
    device: str = Field(default_factory=lambda: str(ULID()))
    person: str = ""
    person_name: str = ""
    language: Literal["zh_CN", "en"] = "zh_CN"
    theme: Literal["system", "light", "dark", "contrast"] = "system"
    text_scale: float = Field(default=1.0, ge=1.0, le=2.0)
    number_keys: bool = True
    keep_originals: bool = False
    role: Literal["volunteer", "staff", "coordinator"] = "volunteer"
    concerns: str = ""
    basemap: str = ""
    recent: list[str] = Field(default_factory=list)
    exports: str = ""
    window: dict[str, Any] = Field(default_factory=dict)
    tables: dict[str, Any] = Field(default_factory=dict)


class Settings:
    """Reads and keeps the choices. A damaged file is put aside and the defaults are used."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "settings.json"
        self.choices = self._read()
        if not self._file.exists():
            self.save()  # the device keeps its id from the first start on

    def _read(self) -> Choices:
        try:
            return Choices.model_validate(json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Choices()
        except (OSError, ValueError, ValidationError):
            with suppress(OSError):
                os.replace(self._file, self._file.with_suffix(".damaged.json"))
            return Choices()

    def save(self) -> None:
        """Write the choices; whole or not at all. A folder that cannot be written costs only the memory of them."""
        aside = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(self.choices.model_dump_json(indent=1), encoding="utf-8")
            os.replace(aside, self._file)
        except OSError:
            pass

    def change(self, **values: Any) -> None:
        """Set choices and keep them."""
        for name, value in values.items():
            setattr(self.choices, name, value)
        self.save()

    def get(self, key: str, default: Any = None) -> Any:
        """What a window or table remembered under ``key``."""
        return self.choices.window.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Remember ``value`` (JSON) under ``key`` for a window or table."""
        self.choices.window[key] = value
        self.save()

    def opened(self, survey: Path) -> None:
        """Put ``survey`` on top of the recent ones."""
        text = str(survey.resolve())
        self.change(recent=[text, *(r for r in self.choices.recent if r != text)][:MAX_RECENT])

    def device_name(self) -> str:
        """What people call this computer."""
        return platform.node() or "laptop"
