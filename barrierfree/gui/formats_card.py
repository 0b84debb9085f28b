"""Open formats on the data page: the way to the dialog, and what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.formats_dialog import FormatsDialog
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.operations import open_formats
from barrierfree.operations.open_formats import WrittenFormat


class FormatsCard(Card):
    """One button; the file says nothing that was not ticked."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("开放格式"))
        self._context = context
        self._page = page
        hint = tr("把点位、检查结果和问题导出给别的软件：GeoJSON、CSV、KML、A11yJSON，或供 JOSM 核对的 OSM 标签。")
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.start = Button(tr("导出开放格式…"), self.begin, icon="export")
        self.body.addWidget(FlowRow(self.start))

    def begin(self) -> None:
        """Ask which format, once it is known which communities there are."""
        self._page.messages.dismiss()
        self._context.tasks.read(
            lambda store: store.communities(), self._show, self._page.messages.show_error, replaces="data.formats",
            context=self,
        )  # fmt: skip

    def _show(self, communities: list[str]) -> None:
        dialog = FormatsDialog(self._context, communities, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_written(dialog.made))
        dialog.open()

    def _on_written(self, done: WrittenFormat | None) -> None:
        if done is None:
            return
        folder = QUrl.fromLocalFile(str(Path(done.file).parent))
        show = Button(tr("打开文件夹"), lambda: QDesktopServices.openUrl(folder), icon="folder")
        said, more = open_formats.told(done)
        self._page.messages.show_message("good" if done.complete else "warning", said, more, show)
