"""Phones and new checklists: the form out, what was collected in, and what a new edition would change."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.edition_dialog import EditionDialog
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import Severity
from barrierfree.gui.page import Page
from barrierfree.gui.submissions_dialog import SubmissionsDialog
from barrierfree.i18n import phrased, tr
from barrierfree.model.definition import Definition
from barrierfree.operations import editions, forms
from barrierfree.operations.editions import EditionReport
from barrierfree.operations.progress import Progress
from barrierfree.operations.take_submissions import TakenSubmissions
from barrierfree.store import Store


class PhoneCard(Card):
    """Three buttons; what is read from files is shown before anything is stored."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("手机和检查表"))
        self._context = context
        self._page = page
        hint = tr("手机上用 ODK Collect 或 KoboCollect 填写，收齐后导入；同一份提交导入多次不会重复。")
        self.body.addWidget(label(hint, "muted", wrap=True))
        self.form = Button(tr("导出手机表单…"), self._on_form, icon="export")
        self.take = Button(tr("导入手机提交…"), self._on_take, icon="import")
        self.edition = Button(tr("新版检查表…"), self._on_edition, icon="file")
        self.body.addWidget(FlowRow(self.form, self.take, self.edition))

    def _on_form(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("导出手机表单到哪个文件夹"), str(self._context.survey.path.parent)
        )
        if folder:
            self.write_form(Path(folder))

    def write_form(self, folder: Path) -> None:
        """Write the form and the list of sites into ``folder``."""
        self._context.tasks.run(
            lambda store, progress: forms.export_form(store, folder, progress), tr("正在导出手机表单"),
            self._on_written, self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _on_written(self, done: forms.WrittenForm) -> None:
        text = tr("手机表单已导出：{questions} 道题、{sites} 个点位。").format(
            questions=f"{done.questions:,}", sites=f"{done.sites:,}"
        )
        advice = tr("请把 {form} 和 {sites} 一起传到 ODK Central 或 KoboToolbox。").format(
            form=done.checklist, sites=Path(done.facilities).name
        )
        self._page.messages.show_message("good", text, advice)

    def _on_take(self) -> None:
        kinds = tr("手机提交的数据 (*.zip *.xlsx *.csv)")
        file, _ = QFileDialog.getOpenFileName(
            self, tr("选择从服务器导出的文件"), str(self._context.survey.path.parent), kinds
        )
        if file:
            self.begin(Path(file))

    def begin(self, file: Path) -> SubmissionsDialog:
        """Show what ``file`` would bring."""
        dialog = SubmissionsDialog(self._context, file, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(self._on_taken)
        dialog.open()
        return dialog

    def _on_taken(self, done: TakenSubmissions) -> None:
        counts = (
            (tr("走访 {n}"), done.visits), (tr("检查记录 {n}"), done.inspections), (tr("已经导入过 {n}"), done.known),
            (tr("照片 {n}"), done.photos), (tr("照片稍后到 {n}"), len(done.photos_to_follow)),
            (tr("没有导入的行 {n}"), sum(f.left_out for f in done.faults)),
        )  # fmt: skip
        parts = [text.format(n=f"{count:,}") for text, count in counts if count]
        severity: Severity = "warning" if any(f.left_out for f in done.faults) or done.photos_to_follow else "good"
        self._page.messages.show_message(
            severity, tr("“{file}”已导入。").format(file=done.file), tr("{text}。").format(text=phrased(parts))
        )

    def _on_edition(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self, tr("选择新版检查表"), str(self._context.survey.path.parent), tr("检查表 (*.xlsx)")
        )
        if file:
            self.compare(Path(file))

    def compare(self, file: Path) -> None:
        """Say what the checklist in ``file`` would change."""
        self._page.messages.dismiss()
        self._context.tasks.run(
            lambda store, progress: _compared(store, file, progress), tr("正在比较检查表"), self._on_compared,
            self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _on_compared(self, compared: tuple[Definition, EditionReport]) -> None:
        new, report = compared
        if report.same:
            self._page.messages.show_message("info", tr("这就是现在用的检查表，没有变化。"))
            return
        dialog = EditionDialog(self._context, report, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._adopt(new))
        dialog.open()

    def _adopt(self, new: Definition) -> None:
        if not self._context.person and not self._context.ask_person():
            return
        person = self._context.person
        self._context.tasks.write(
            lambda store: editions.adopt_edition(store, new, person=person), None, self._page.messages.show_error,
            context=self,
        )  # fmt: skip


def _compared(store: Store, file: Path, progress: Progress) -> tuple[Definition, EditionReport]:
    remarks: list[str] = []
    new = editions.read_edition(store, str(file), remarks)
    return new, editions.compare_edition(store, new, progress, tuple(remarks))
