"""Take pictures in and keep their files; the facts that name them follow with the visit or step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from barrierfree.errors import PhotoError
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Photo
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import Store

if TYPE_CHECKING:
    from barrierfree.photos import TakenPhoto


@dataclass(frozen=True)
class Refused:
    """A file that was not taken: its name, and why in words."""

    name: str
    reason: str


@dataclass(frozen=True)
class Kept:
    """The pictures that were kept, in the order given, and the files that could not be used."""

    photos: tuple[Photo, ...]
    refused: tuple[Refused, ...] = ()


def keep_pictures(store: Store, files: Sequence[Path], progress: Progress = SILENT, *, originals: bool = False) -> Kept:
    """Read, turn, shrink and keep the pictures. One that cannot be used does not hold the others up.

    Raises ``PhotoError`` if none of them can be used. ``originals``: keep the files as they came, too.
    """
    kept: list[Photo] = []
    refused: list[Refused] = []
    try:
        for done, file in enumerate(files):
            progress.step(done, len(files), file.name)
            try:
                kept.append(keep_picture(store, file, originals=originals))
            except PhotoError as error:
                if len(files) == 1:
                    raise
                refused.append(Refused(file.name, error.message))
    except BaseException:
        remove_unnamed(store, kept)
        raise
    if refused and not kept:
        raise PhotoError(*told_refused(refused))
    return Kept(tuple(kept), tuple(refused))


def keep_pasted(store: Store, content: bytes, name: str, *, taken_at: str = "") -> Photo:
    """Keep a picture that is in memory; ``taken_at`` if it does not say so itself."""
    from barrierfree import photos

    photo = _keep(store, photos.take_bytes(content, name))
    return photo if photo.taken_at else photo.model_copy(update={"taken_at": taken_at})


def keep_picture(store: Store, file: Path, *, originals: bool = False) -> Photo:
    """Read, turn, shrink and keep one picture. Raises ``PhotoError``."""
    from barrierfree import photos  # Pillow and its HEIC part: only when there are pictures

    return _keep(store, photos.take(file, keep_original=originals))


def _keep(store: Store, taken: TakenPhoto) -> Photo:
    photo = taken.photo
    if photo.original:
        original = Path(photo.original)
        store.keep_photo_file(original.stem, original.suffix, taken.original)
    store.keep_photo_file(photo.sha256, photo.suffix, taken.content)
    return photo


def remove_unnamed(store: Store, photos: Iterable[Photo]) -> None:
    """Take the files of photos away again that nothing names: no record, no draft, not the tray."""
    for photo in photos:
        if not store.names_photo(photo.sha256):
            store.photo_path(photo.sha256, photo.suffix).unlink(missing_ok=True)
            if photo.original:
                (store.photos_folder / photo.original).unlink(missing_ok=True)


def told_refused(refused: Sequence[Refused]) -> tuple[str, str]:
    """Which files were not taken and why, and what to do."""
    reasons = [one.reason.rstrip("。.") for one in refused[:6]]
    if len(refused) > len(reasons):
        reasons.append(tr("……还有 {n} 个").format(n=len(refused) - len(reasons)))
    text = tr("{n} 个文件没有添加：{reasons}。").format(n=len(refused), reasons=sentences(reasons))
    return text, tr("请从手机重新复制这些照片，或重拍。")
