"""Reads a notice that a unit filled in back: which file, which photos; what it proposes is shown before it is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from barrierfree.errors import BatchError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.steps_preview import StepsPreview
from barrierfree.i18n import listed, named, tr
from barrierfree.operations import pictures
from barrierfree.operations.notice_answers import Answers, read_answers
from barrierfree.store import TakenSteps

_MOST_REMARKS = 30


class AnswersDialog(FormDialog):
    """``accepted`` comes after the chosen steps were recorded as one group; ``taken`` then says what was done."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("读回通知单"), tr("预览…"), parent, height=620)
        self._context = context
        self.taken: TakenSteps | None = None
        hint = tr("单位填好的 .xlsx。写了完成日期的建议“申请验收”，只写措施或新期限的建议“调整交办”；预览后才保存。")
        self.fields.addWidget(label(hint, "muted", wrap=True))
        self.file, self.folder = QLineEdit(), QLineEdit()
        self.add_field(tr("填好的通知单"), self.file, tr("选择文件，或把路径粘贴在这里"))
        self.fields.addWidget(FlowRow(Button(tr("选择文件…"), self.choose_file)))
        self.add_field(tr("整改后照片的文件夹（可不填）"), self.folder, tr("照片按序号命名：3.jpg、3-2.jpg"))
        self.fields.addWidget(FlowRow(Button(tr("选择文件夹…"), self.choose_folder)))
        self.remarks = label("", tone="warn", wrap=True)
        self.fields.addWidget(self.remarks)
        self.finish(self.file)

    def choose_file(self) -> None:
        """Let the user choose the workbook."""
        file, _ = QFileDialog.getOpenFileName(self, tr("填好的通知单"), "", tr("Excel 工作簿 (*.xlsx)"))
        if file:
            self.file.setText(file)

    def choose_folder(self) -> None:
        """Let the user choose the folder of photos."""
        folder = QFileDialog.getExistingDirectory(self, tr("整改后照片的文件夹"))
        if folder:
            self.folder.setText(folder)

    def confirmed(self) -> None:
        """Read the notice and show what it proposes."""
        text, place = self.file.text().strip().strip('"'), self.folder.text().strip().strip('"')
        if not text:
            self.show_fault(BatchError(tr("请选择填好的通知单。"), ""))
            self.file.setFocus()
            return
        person, path, folder = self._context.person, Path(text), Path(place) if place else None
        self.hide_fault()
        self.remarks.setText("")
        self.confirm.setEnabled(False)
        self._context.tasks.run(
            lambda store, progress: read_answers(store, path, person=person, photos=folder, progress=progress),
            tr("正在读回通知单"), self._show, self.show_fault,
        )  # fmt: skip

    def _show(self, found: Answers) -> None:
        self.confirm.setEnabled(True)
        remarks = found.remarks[:_MOST_REMARKS]
        if len(found.remarks) > len(remarks):
            remarks.append(tr("……还有 {n} 处。").format(n=len(found.remarks) - len(remarks)))
        if not found.judged:
            self.remarks.setText("\n".join(remarks))
            self.show_fault(BatchError(tr("没有可以读回的内容。"), tr("{n} 行没有填写。").format(n=found.untouched)))
            return
        remarks.insert(0, tr("{n} 行没有填写，保持不变。").format(n=found.untouched))
        title = named(tr("预览"), listed(found.units) or found.file)
        dialog = StepsPreview(self._context, found.judged, title, self, photos=found.photos, remarks=remarks)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_taken(dialog.taken))
        dialog.finished.connect(lambda _result: self._tidy(found))
        dialog.open()

    def _on_taken(self, taken: TakenSteps | None) -> None:
        self.taken = taken
        self.accept()

    def _tidy(self, found: Answers) -> None:
        """Files of photos that no step names are taken away again."""
        photos = found.photos
        if photos:
            self._context.tasks.write(lambda store: pictures.remove_unnamed(store, photos))
