"""Where things lie: the only place that computes a path to resources, definitions and the user's folders.

Works alike from a source checkout, an installed wheel and a frozen bundle.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs


def _shipped(name: str) -> Path:
    """The folder ``name`` shipped with the program, wherever the program was put."""
    bundle = getattr(sys, "_MEIPASS", None)
    candidates = [Path(bundle) / name] if bundle else []
    package = Path(__file__).resolve().parent
    candidates += [package.parent / name, package / "_shipped" / name]  # a checkout, a wheel
    return next((c for c in candidates if c.is_dir()), candidates[0])


def resources() -> Path:
    """Icons, locale, Leaflet, page templates."""
    return _shipped("resources")


def definitions() -> Path:
    """The survey definitions shipped with the program, one folder each."""
    return _shipped("surveys")


def default_exports(survey: Path) -> Path:
    """Where exports go unless told otherwise: ``exports/`` in a source checkout, else beside the survey."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "exports").is_dir():
        return checkout / "exports"
    return survey.parent / "exports"


@dataclass(frozen=True)
class UserFolders:
    """The user's own folders. Built once by the program and passed down, so that tests pass others."""

    settings: Path
    logs: Path
    surveys: Path
    basemaps: Path


def user_folders() -> UserFolders:
    """The folders of this user on this system; ``BARRIERFREE_HOME`` puts all of them below one folder."""
    home = os.environ.get("BARRIERFREE_HOME")
    if home:
        root = Path(home)
        return UserFolders(root / "settings", root / "logs", root / "surveys", root / "basemaps")
    return UserFolders(
        Path(platformdirs.user_config_dir("barrierfree", appauthor=False)),
        Path(platformdirs.user_log_dir("barrierfree", appauthor=False)),
        Path(platformdirs.user_documents_dir()) / "barrierfree",
        Path(platformdirs.user_data_dir("barrierfree", appauthor=False)) / "basemaps",
    )
