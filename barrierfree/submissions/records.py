"""What was collected, as read: instances of the form with the rows of its repeats, all texts."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MAX_MEDIA: Final = 100 * 1024 * 1024  # bytes of one attachment


@dataclass(frozen=True)
class Record:
    """A row: in which sheet (or csv of a zip) and row it stands, and its cells by header; empty ones left out."""

    sheet: str
    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """A row of a repeat: ``repeat`` as the file names it, ``number`` counts within its instance from 1."""

    repeat: str
    number: int
    record: Record


@dataclass(frozen=True)
class Instance:
    """One filled form. ``id`` is the form's own instance id, without ``uuid:`` before it."""

    id: str
    record: Record
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Lost:
    """A row that belongs to nothing: why, in words."""

    record: Record
    reason: str


@dataclass
class Attachments:
    """Files that came with the forms: in the zip, and in a folder; by file name, whatever their folder."""

    archive: Path | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether there is a file called ``name``."""
        return _key(name) in self.files or _key(name) in self.members

    def read(self, name: str) -> bytes | None:
        """The content of the file called ``name``; None where there is none, or it is larger than any picture."""
        key = _key(name)
        if key in self.files:
            path = self.files[key]
            try:
                return path.read_bytes() if path.stat().st_size <= MAX_MEDIA else None
            except OSError:
                return None
        if self.archive is None or key not in self.members:
            return None
        try:
            with zipfile.ZipFile(self.archive) as archive:
                info = archive.getinfo(self.members[key])
                return archive.read(info) if info.file_size <= MAX_MEDIA else None
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
            return None


def _key(name: str) -> str:
    return Path(name.replace("\\", "/")).name.lower()


@dataclass(frozen=True)
class Submissions:
    """``kind`` is ``odk`` or ``kobo``; ``lost`` are rows without an instance, or of one that stands twice."""

    file: str
    kind: str
    instances: tuple[Instance, ...]
    lost: tuple[Lost, ...]
    attachments: Attachments
