"""The batches page: choose accepted records, check them with a jump to each fault, export, ledger."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QSplitter, QWidget

from barrierfree import paths
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.profile_editor import ProfileEditor
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.i18n import language, tr
from barrierfree.model.city import Batch
from barrierfree.model.records import Changes
from barrierfree.operations import batches
from barrierfree.operations.batches import BatchFault, BatchPlan, BatchReport, PreparedBatch, Selection


class BatchesPage(Page):
    """Holds accepted records only; nothing is written while a fault stands."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("批次"), parent)
        self._context = context
        self._plan: BatchPlan | None = None
        self.header.set_sample(context.survey.sample)
        self.export = Button(tr("导出批次"), self.choose_folder, kind="primary", icon="export", shortcut="Ctrl+E")
        self.profile = Button(tr("导出方案…"), self.edit_profile, icon="columns")
        self.header.add_action(self.profile)
        self.header.add_action(self.export)
        self._build()

    def _build(self) -> None:
        top = Card(tr("选择记录"))
        choices = [
            ("new", tr("审核通过、还没有导出")), ("changed", tr("导出后有变化")), ("all", tr("全部审核通过的记录")),
        ]  # fmt: skip
        self.selection = ChoiceButtons(choices, tr("选择记录"))
        self.selection.set_value("new")
        self.selection.chosen.connect(lambda _value: self.check())
        top.body.addWidget(self.selection)
        self.summary = label("", wrap=True)
        self.origin = label("", "small", wrap=True)
        top.body.addWidget(self.summary)
        top.body.addWidget(self.origin)
        self.body.addWidget(top)
        self.faults: RecordTable[BatchFault] = RecordTable(
            (
                Column("code", tr("元素编号"), lambda f: f.code, width=220),
                Column("column", tr("栏目"), lambda f: f.column, width=140, filterable=True),
                Column("reason", tr("要改正什么"), lambda f: f.reason, width=380),
            ),
            lambda f: f"{f.record}{f.column}{f.reason}",
            tr("检查结果"),
        )
        self.faults.set_empty(tr("检查没有发现问题"), tr("可以导出这个批次。"))
        self.faults.activated.connect(self._on_fault)
        checked = Card(tr("导出前检查（回车跳到记录）"), padding=1)
        checked.body.addWidget(self.faults, 1)
        self.ledger: RecordTable[Batch] = RecordTable(
            (
                Column("number", tr("批次号"), lambda b: b.number, width=130),
                Column("at", tr("时间"), lambda b: b.made_at[:16].replace("T", " "), width=150),
                Column("who", tr("经手人"), lambda b: b.person_name, width=110),
                Column("rows", tr("行数"), lambda b: f"{b.rows:,}", sort=lambda b: b.rows, width=80, align="right"),
                Column("file", tr("文件"), lambda b: b.file, width=280),
            ),
            lambda b: b.id,
            tr("批次"),
            filter_row=False,
        )
        self.ledger.set_empty(tr("还没有批次"), tr("检查通过后按“导出批次”。"))
        made = Card(tr("批次台账"), padding=1)
        made.body.addWidget(self.ledger, 1)
        for card in (checked, made):
            card.top.setContentsMargins(17, 12, 17, 0)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(checked)
        split.addWidget(made)
        self.body.addWidget(split, 1)

    def activate(self) -> None:
        """Check what could be exported now, and read the ledger."""
        self.check()
        self._context.tasks.read(lambda store: store.batches(), self._show_ledger, replaces="batches.ledger")

    def apply_changes(self, changes: Changes) -> None:
        """Other records, other batches."""
        if changes.written:
            self.activate()

    def check(self) -> None:
        """Plan the batch and show what is wrong with it; writes nothing."""
        selection: Selection = str(self.selection.value() or "new")  # type: ignore[assignment]
        self._plan = None
        self.summary.setText(tr("正在检查…"))
        self._draw()
        self.faults.set_loading()
        self._context.tasks.run(
            lambda store, progress: batches.plan_batch(store, selection, progress=progress), tr("正在检查"),
            self._show_plan, self._on_plan_failed,
        )  # fmt: skip

    def _on_plan_failed(self, error: Exception) -> None:
        self.faults.set_records([])
        self.messages.show_error(error)

    def _show_plan(self, plan: BatchPlan) -> None:
        self._plan = plan
        self.faults.set_records(plan.faults)
        self.summary.setText(
            tr("{rows} 行，{photos} 张照片；{faults} 处需要改正。").format(
                rows=f"{len(plan.rows):,}", photos=f"{len(plan.photos):,}", faults=f"{len(plan.faults):,}"
            )
        )
        ours = tr("这是本软件自带的方案，不是市系统的官方模板；取得官方模板后请换成官方方案。")
        official = tr("市系统官方方案。")
        tail = (" " if language() == "en" else "") + (ours if plan.profile.status == "ours" else official)
        self.origin.setText(tr("{text}。").format(text=plan.profile.title) + tail)
        self._draw()

    def _draw(self) -> None:
        plan = self._plan
        self.export.setEnabled(
            plan is not None and bool(plan.rows) and not plan.faults and self._context.survey.main_file
        )
        if not self._context.survey.main_file:
            self.export.setToolTip(tr("只有总库能导出批次。"))

    def _show_ledger(self, made: list[Batch]) -> None:
        self.ledger.set_records(made)
        self.header.set_counts(tr("已导出 {n} 个批次").format(n=len(made)))

    def _on_fault(self, fault: BatchFault) -> None:
        if fault.site:
            self._context.go("survey", fault.site)

    def edit_profile(self) -> None:
        """Look at the profile, change it, take another one."""
        editor = ProfileEditor(self._context, self)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.adopted.connect(self.check)
        editor.open()

    def choose_folder(self) -> None:
        """Let the user choose where the batch goes, and write it."""
        if self._plan is None or not (self._context.person or self._context.ask_person()):
            return
        held = self._context.settings.choices.exports or str(paths.default_exports(self._context.survey.path))
        folder = QFileDialog.getExistingDirectory(self, tr("导出到"), held)
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write the planned batch below ``folder``."""
        plan, person = self._plan, self._context.person
        if plan is None:
            return
        self._context.settings.change(exports=str(folder))
        self._context.tasks.run(
            lambda store, progress: batches.prepare_batch(store, plan, folder, progress=progress),
            tr("正在导出批次"), lambda prepared: self._finish(prepared, person), self.messages.show_error, context=self,
        )  # fmt: skip

    def _finish(self, prepared: PreparedBatch, person: str) -> None:
        self._context.tasks.write(
            lambda store: batches.finish_batch(store, prepared, person=person), self._on_written,
            self.messages.show_error,
        )  # fmt: skip

    def _on_written(self, report: BatchReport) -> None:
        show = Button(
            tr("打开文件夹"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(report.folder)), icon="folder"
        )
        self.messages.show_message(
            "good",
            tr("批次 {number} 已导出：{rows} 行，{photos} 张照片。").format(
                number=report.number, rows=report.rows, photos=report.photos
            ),
            report.workbook,
            show,
        )
