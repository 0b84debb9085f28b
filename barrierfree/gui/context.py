"""What every page is given: the survey's tasks, its definition, the settings, and the way to another page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from barrierfree.gui.standing import Standing
from barrierfree.gui.store_tasks import StoreTasks
from barrierfree.i18n import language, tr
from barrierfree.model.definition import Definition, ElementType, SiteClass
from barrierfree.settings import Settings
from barrierfree.store import Store


@dataclass(frozen=True)
class Survey:
    """What stays the same while a survey is open. ``left_open``: the program did not end by itself last time."""

    path: Path
    title: str
    sample: bool
    main_file: bool
    definition: Definition
    warnings: tuple[str, ...] = ()
    left_open: bool = False


@dataclass(frozen=True)
class Context:
    """Passed to every page; there is no global of any of these.

    ``go(page, target)`` shows another page and hands it ``target`` (a filter, an id) through its ``show_target``.
    ``basemaps`` is the folder of the basemaps of this user.
    """

    tasks: StoreTasks[Store]
    settings: Settings
    survey: Survey
    go: Callable[[str, object], None]
    ask_person: Callable[[], bool]
    basemaps: Path

    @cached_property
    def standing(self) -> Standing:
        """Where the person stands, for all pages."""
        return Standing(self.settings, str(self.survey.path))

    @property
    def person(self) -> str:
        """The id of who works here now; '' until somebody said so."""
        return self.settings.choices.person

    def element(self, code: str) -> ElementType | None:
        """The element type with ``code``."""
        return self.survey.definition.checklist.element(code)

    def element_name(self, code: str, number: int = 1) -> str:
        """What an element is called, with its number from the second on; '' is the site as a whole."""
        if not code:
            return tr("整个点位")
        known = self.element(code)
        name = known.label.in_language(language()) if known else code
        return f"{name} {number}" if number > 1 else name

    def class_name(self, code: str) -> str:
        """What a place class is called."""
        known: SiteClass | None = self.survey.definition.site_class(code)
        return known.label.in_language(language()) if known else ""

    def photo_path(self, sha256: str, suffix: str = ".jpg") -> Path:
        """Where a photo of this survey lies."""
        return self.survey.path.with_suffix(".photos") / f"{sha256}{suffix}"
