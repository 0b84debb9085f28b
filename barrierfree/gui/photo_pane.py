"""The photos of the element in hand: take in by button, drag or paste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from barrierfree.errors import Cancelled, PhotoError
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.notices import ask
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip
from barrierfree.i18n import tr
from barrierfree.model.records import Photo
from barrierfree.operations import photo_places, pictures
from barrierfree.operations.pictures import Kept
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

PICTURES = "*.jpg *.jpeg *.png *.webp *.heic *.heif"


class PhotoPane(Card):
    """Photos of one record, which ``set_owner`` names: what is taken in goes to the record that was on show then.

    Signals:
        added(object, list[Photo]): photos were taken in and kept for that owner.
        removed(str): a photo is to be taken off the record (its hash).
    """

    added = Signal(object, object)
    removed = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("照片"), parent)
        self._context = context
        self._items: tuple[PhotoItem, ...] = ()
        self._owner: object = None
        self._place: tuple[float, float] | None = None
        self._add = Button(tr("添加"), self.choose, shortcut="Ctrl+Shift+P", tip=tr("添加照片"))
        self.camera = Button(tr("拍照"), self.photograph, kind="icon", icon="photo")
        self.top.addWidget(self.camera)
        self.top.addWidget(self._add)
        self._strip = PhotoStrip(context.tasks.compute)
        self._strip.opened.connect(self._on_opened)
        self._strip.removed.connect(self.removed)
        self._hint = label(tr("把照片拖到这里，或按 Ctrl+Shift+V 粘贴。"), "small", wrap=True)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._hint)
        self.setAcceptDrops(True)

    def set_owner(self, owner: object, lon: float | None = None, lat: float | None = None) -> None:
        """Whose photos are on show from now on, and where (WGS-84) that is, if it is known."""
        self._owner = owner
        self._place = None if lon is None or lat is None else (lon, lat)

    def set_photos(self, hashes: Sequence[str]) -> None:
        """Show these photos."""
        self._items = tuple(
            PhotoItem(h, self._context.photo_path(h), tr("照片 {number}").format(number=n))
            for n, h in enumerate(hashes, 1)
        )
        self._strip.set_photos(self._items)
        count = len(self._items)
        self.title.setText(tr("照片 {n} 张").format(n=count) if count else tr("照片"))

    def choose(self) -> None:
        """Let the user choose files."""
        files, _ = QFileDialog.getOpenFileNames(
            self, tr("添加照片"), "", tr("照片 ({patterns})").format(patterns=PICTURES)
        )
        self.take(Path(f) for f in files)

    def take(self, files: object) -> None:
        """Take pictures in from files: read and kept off the GUI thread, then recorded."""
        paths = [Path(f) for f in files]  # type: ignore[attr-defined]
        originals = self._context.settings.choices.keep_originals
        if paths:
            self._run(lambda store, progress: pictures.keep_pictures(store, paths, progress, originals=originals))

    def take_image(self, image: QImage, name: str, taken_at: str = "") -> None:
        """Take a picture in that is in memory."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        content = bytes(buffer.data().data())
        self._run(lambda store, _progress: Kept((pictures.keep_pasted(store, content, name, taken_at=taken_at),)))

    def paste(self) -> None:
        """Take the picture or files in the clipboard in."""
        mime = QGuiApplication.clipboard().mimeData()
        files = [Path(u.toLocalFile()) for u in mime.urls() if u.isLocalFile()]
        if files:
            self.take(files)
        elif mime.hasImage():
            self.take_image(QImage(mime.imageData()), tr("粘贴的照片"))

    def photograph(self) -> None:
        """Take a picture with the camera of this computer, or say why that is not possible."""
        from barrierfree.gui.camera_dialog import CameraDialog, why_no_camera  # QtMultimedia only when it is wanted

        fault = why_no_camera()
        if fault:
            self._refuse(PhotoError(*fault))
            return
        dialog = CameraDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(
            lambda image: self.take_image(
                image, tr("电脑拍摄的照片"), datetime.now().astimezone().isoformat(timespec="seconds")
            )
        )
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped; a folder goes on to the window, which takes it in as a whole."""
        files = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if files and not any(f.is_dir() for f in files):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take dropped pictures in."""
        event.acceptProposedAction()
        self.take(Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile())

    def _run(self, keep: Callable[[Store, Progress], Kept]) -> None:
        owner, place = self._owner, self._place
        self._context.tasks.run(
            keep, tr("正在添加照片"), lambda kept: self._on_kept(kept, owner, place), self._refuse, context=self
        )

    def _on_kept(self, kept: Kept, owner: object, place: tuple[float, float] | None) -> None:
        photos = kept.photos
        distant = photo_places.distant(photos, place)
        if distant and not ask(self, *photo_places.told_distant(distant), tr("仍然添加"), tr("不添加")):
            strange = [p for p, _ in distant]
            photos = tuple(p for p in photos if p not in strange)
            self._context.tasks.run(
                lambda store, _progress: pictures.remove_unnamed(store, strange), tr("正在整理照片")
            )
        if photos:
            self._record(photos, owner)
        if kept.refused:
            self._refuse(PhotoError(*pictures.told_refused(kept.refused)))

    def _record(self, photos: tuple[Photo, ...], owner: object) -> None:
        person = self._context.person
        self._context.tasks.write(
            lambda store: store.add_photos(photos, person=person),
            lambda _changes: self.added.emit(owner, list(photos)), context=self,
        )  # fmt: skip

    def _refuse(self, error: Exception) -> None:
        """Say what could not be taken, in the page on show."""
        if not isinstance(error, Cancelled):
            self._context.tasks.failed.emit(error)

    def _on_opened(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self, removable=True)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.removed.connect(self.removed)
        dialog.open()
