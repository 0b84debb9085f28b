"""The photos of a dialog: their files are kept at once, the facts that name them come with what the dialog records."""

from __future__ import annotations

from PySide6.QtGui import QAction

from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.photo_pane import PhotoPane
from barrierfree.i18n import tr
from barrierfree.model.records import Photo


class DialogPhotos(PhotoPane):
    """Read ``photos`` when the dialog is confirmed. ``remark`` stands before how photos are brought in."""

    def __init__(self, context: Context, dialog: FormDialog, title: str, remark: str = "") -> None:
        super().__init__(context)
        self._dialog = dialog
        self._name = title
        self.photos: list[Photo] = []
        how = tr("把照片拖到这里，或按 Ctrl+Shift+V 粘贴。")
        self._hint.setText(tr("{remark}{how}").format(remark=remark, how=how) if remark else how)
        paste = QAction(tr("粘贴照片"), self)
        paste.setShortcut("Ctrl+Shift+V")
        paste.triggered.connect(lambda _on=False: self.paste())
        self.addAction(paste)
        self.setAccessibleName(title)
        self.removed.connect(self._on_removed)
        self._show()

    def _record(self, photos: tuple[Photo, ...], owner: object) -> None:
        known = {p.sha256 for p in self.photos}
        self.photos += [p for p in photos if p.sha256 not in known]
        self._show()
        self._dialog.hide_fault()

    def _refuse(self, error: Exception) -> None:
        """One that cannot be read is told in the dialog."""
        self._dialog.show_fault(error)

    def _on_removed(self, sha256: str) -> None:
        self.photos = [p for p in self.photos if p.sha256 != sha256]
        self._show()

    def _show(self) -> None:
        self.set_photos([p.sha256 for p in self.photos])
        count = len(self.photos)
        self.title.setText(tr("{title} {n}").format(title=self._name, n=count) if count else self._name)
