"""Take pictures in and keep their files; the facts that name them follow with the visit or step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from barrierfree.model.records import Photo
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store


def keep_pictures(store: Store, files: Sequence[Path], progress: Progress = SILENT) -> tuple[Photo, ...]:
    """Read, turn, shrink and keep the pictures; all are read before the first is kept, so a bad one stores nothing."""
    from barrierfree import photos  # Pillow and its HEIC part: only when there are pictures

    taken = []
    for done, file in enumerate(files):
        progress.step(done, len(files), file.name)
        taken.append(photos.take(file))
    for one in taken:
        store.keep_photo_file(one.photo.sha256, one.photo.suffix, one.content)
    return tuple(one.photo for one in taken)


def keep_pasted(store: Store, content: bytes, name: str) -> Photo:
    """Keep a picture that is in memory."""
    from barrierfree import photos

    taken = photos.take_bytes(content, name)
    store.keep_photo_file(taken.photo.sha256, taken.photo.suffix, taken.content)
    return taken.photo
