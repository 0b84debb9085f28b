"""The photos of the element in hand: take in by button, drag or paste."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip
from barrierfree.i18n import tr
from barrierfree.model.records import Photo
from barrierfree.operations import pictures

PICTURES = "*.jpg *.jpeg *.png *.webp *.heic *.heif"


class PhotoPane(Card):
    """Photos of one record.

    Signals:
        added(list[Photo]): photos were taken in and kept.
    """

    added = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("照片"), parent)
        self._context = context
        self._items: tuple[PhotoItem, ...] = ()
        self._add = Button(tr("添加"), self.choose, shortcut="Ctrl+Shift+P", tip=tr("添加照片"))
        self.top.addWidget(self._add)
        self._strip = PhotoStrip(context.tasks.compute)
        self._strip.opened.connect(self._on_opened)
        self._hint = label(tr("把照片拖到这里，或按 Ctrl+Shift+V 粘贴。"), "small", wrap=True)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._hint)
        self.setAcceptDrops(True)

    def set_photos(self, hashes: Sequence[str]) -> None:
        """Show these photos."""
        self._items = tuple(
            PhotoItem(h, self._context.photo_path(h), tr("照片 {n}").format(n=n)) for n, h in enumerate(hashes, 1)
        )
        self._strip.set_photos(self._items)
        count = len(self._items)
        self.title.setText(tr("照片 {n}").format(n=count) if count else tr("照片"))

    def choose(self) -> None:
        """Let the user choose files."""
        files, _ = QFileDialog.getOpenFileNames(
            self, tr("添加照片"), "", tr("照片 ({patterns})").format(patterns=PICTURES)
        )
        self.take(Path(f) for f in files)

    def take(self, files: object) -> None:
        """Take pictures in from files: read and kept off the GUI thread, then recorded."""
        paths = [Path(f) for f in files]  # type: ignore[attr-defined]
        if paths:
            self._context.tasks.run(
                lambda store, progress: pictures.keep_pictures(store, paths, progress),
                tr("正在添加照片"),
                self._on_kept,
            )

    def paste(self) -> None:
        """Take the picture or files in the clipboard in."""
        mime = QGuiApplication.clipboard().mimeData()
        files = [Path(u.toLocalFile()) for u in mime.urls() if u.isLocalFile()]
        if files:
            self.take(files)
        elif mime.hasImage():
            image = QImage(mime.imageData())
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(buffer, QByteArray(b"png")).write(image)
            content = bytes(buffer.data().data())
            self._context.tasks.run(
                lambda store, _progress: (pictures.keep_pasted(store, content, tr("粘贴的照片")),),
                tr("正在添加照片"),
                self._on_kept,
            )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped."""
        if any(u.isLocalFile() for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take dropped pictures in."""
        event.acceptProposedAction()
        self.take(Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile())

    def _on_kept(self, photos: tuple[Photo, ...]) -> None:
        person = self._context.person
        self._context.tasks.write(
            lambda store: store.add_photos(photos, person=person), lambda _changes: self.added.emit(list(photos))
        )

    def _on_opened(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
