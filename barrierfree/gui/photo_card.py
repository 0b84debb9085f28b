"""The photos of the day: how many lie in the tray, and the way to the intake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.operations.photo_intake import Receipt

if TYPE_CHECKING:
    from barrierfree.gui.photo_intake import PhotoIntakeDialog


class PhotoCard(Card):
    """Opens the intake; a folder of photos can also be dropped anywhere in the window."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("照片导入"))
        self._context = context
        self._page = page
        hint = tr("晚上把手机里的照片一次导入：按拍摄时间和位置分给您的走访，分不出的留在“待分配”。")
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.start = Button(tr("导入照片…"), lambda: self.begin(), icon="photo")
        self.body.addWidget(FlowRow(self.start))
        self.tray = label("", "strong", wrap=True)
        self.tray.hide()
        self.body.addWidget(self.tray)

    def read(self) -> None:
        """Read anew how many photos belong to nothing yet."""
        self._context.tasks.read(lambda store: len(store.tray()), self._show, replaces="data.tray", context=self)

    def _show(self, waiting: int) -> None:
        self.tray.setText(tr("待分配 {n} 张，按“导入照片…”可以继续分配。").format(n=waiting))
        self.tray.setVisible(waiting > 0)

    def begin(self, places: Sequence[Path] = ()) -> PhotoIntakeDialog:
        """Open the intake, with folders or files if there are any."""
        from barrierfree.gui.photo_intake import PhotoIntakeDialog  # only when it is wanted

        self._page.messages.dismiss()
        dialog = next((d for d in self._page.findChildren(PhotoIntakeDialog) if d.isVisible()), None)
        if dialog is None:
            dialog = PhotoIntakeDialog(self._context, self._page)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.taken.connect(self._on_taken)
            dialog.open()
        if places:
            dialog.take(places)
        return dialog

    def _on_taken(self, receipt: Receipt) -> None:
        self._page.messages.show_message("warning" if receipt.refused else "good", receipt.told(), receipt.remarks())
        self.read()
