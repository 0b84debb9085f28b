"""The data page: import a facility list, make or open a survey, back up, check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.decision_card import DecisionCard
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.formats_card import FormatsCard
from barrierfree.gui.labels import label
from barrierfree.gui.list_card import ListCard
from barrierfree.gui.page import Page
from barrierfree.gui.paper_actions import PaperActions
from barrierfree.gui.phone_card import PhoneCard
from barrierfree.gui.photo_card import PhotoCard
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Changes
from barrierfree.operations import history


class DataPage(Page):
    """What comes into the survey from outside, and copies of it."""

    def __init__(
        self,
        context: Context,
        *,
        on_new: Callable[[], None],
        on_open: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("数据"), parent)
        self._context = context
        self.header.set_sample(context.survey.sample)
        self.header.add_action(Button(tr("打开普查…"), on_open, icon="folder", shortcut="Ctrl+O"))
        self.header.add_action(Button(tr("新建普查…"), on_new, icon="add"))
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(12)
        self.lists = ListCard(context, self)
        self._column.addWidget(self.lists)
        self.photos = PhotoCard(context, self)
        self._column.addWidget(self.photos)
        self.decisions = DecisionCard(context, self)
        self._column.addWidget(self.decisions)
        self.phones = PhoneCard(context, self)
        self._column.addWidget(self.phones)
        self._add_paper()
        self.formats = FormatsCard(context, self)
        self._column.addWidget(self.formats)
        self._add_copies()
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.body.addWidget(scroll, 1)
        for warning in context.survey.warnings:
            self.messages.show_message("warning", warning)

    def activate(self) -> None:
        """Read which lists were taken in, and what has been decided."""
        self.lists.read()
        self.decisions.read()
        self.photos.read()

    def apply_changes(self, changes: Changes) -> None:
        """Sites were added, changed or joined."""
        if changes.written:
            self.activate()

    def show_target(self, target: object) -> None:
        """A list, or folders and photos, that were dropped somewhere in the window."""
        if isinstance(target, tuple):
            self.photos.begin(target)
        elif isinstance(target, Path):
            self.lists.begin(target)

    # -- paper ----------------------------------------------------------------------------------------------------

    def _add_paper(self) -> None:
        card = Card(tr("纸质表"))
        hint = tr("给没有设备的人打印检查表，收回后按纸上的顺序录入。")
        card.body.addWidget(label(hint, "muted", wrap=True))
        paper = PaperActions(self._context, self)
        card.body.addWidget(
            FlowRow(
                Button(tr("打印检查表…"), paper.print_sheets, icon="print", shortcut="Ctrl+P"),
                Button(tr("录入纸质表…"), paper.enter_sheets, icon="table", shortcut="Ctrl+Shift+E"),
            )
        )
        self._column.addWidget(card)

    # -- copies ---------------------------------------------------------------------------------------------------

    def _add_copies(self) -> None:
        card = Card(tr("备份和检查"))
        card.body.addWidget(
            label(tr("备份是普查文件的完整副本；照片在旁边的“.photos”文件夹里，请一起保存。"), "muted", wrap=True)
        )
        card.body.addWidget(
            FlowRow(
                Button(tr("备份到…"), self._on_backup, icon="save"),
                Button(tr("检查普查文件"), self._on_check, icon="check"),
                Button(
                    tr("导出全部记录…"),
                    self._on_log,
                    icon="export",
                    tip=tr("谁在什么时候把什么改成了什么，导出为 Excel 或 CSV"),
                ),
            )
        )
        self.copies = QLineEdit()
        self.copies.setReadOnly(True)
        self.copies.setAccessibleName(tr("结果"))
        self.copies.hide()
        card.body.addWidget(self.copies)
        self._column.addWidget(card)

    def _on_backup(self) -> None:
        survey = self._context.survey.path
        file, _ = QFileDialog.getSaveFileName(
            self, tr("备份到"), str(survey.with_name(f"{survey.stem}-{tr('备份')}.gpkg")), "GeoPackage (*.gpkg)"
        )
        if file:
            self._context.tasks.run(
                lambda store, _progress: store.back_up(Path(file)), tr("正在备份"), self._on_backed_up,
                self.messages.show_error,
            )  # fmt: skip

    def _on_backed_up(self, path: Path) -> None:
        self._say(tr("已备份到 {path}").format(path=path))

    def _on_log(self) -> None:
        survey = self._context.survey.path
        name = survey.with_name(f"{survey.stem}-{tr('全部记录')}.xlsx")
        kinds = ";;".join((tr("Excel 工作簿 (*.xlsx)"), tr("CSV 文件 (*.csv)")))
        file, _ = QFileDialog.getSaveFileName(self, tr("导出全部记录"), str(name), kinds)
        if file:
            self.export_log(Path(file))

    def export_log(self, path: Path) -> None:
        """Write every record to a file."""
        self._context.tasks.run(
            lambda store, progress: history.export_log(store, path, progress), tr("正在导出记录"),
            lambda made: self._say(tr("已导出到 {path}").format(path=made)), self.messages.show_error,
        )  # fmt: skip

    def _on_check(self) -> None:
        self._context.tasks.run(
            lambda store, _progress: store.check(), tr("正在检查"), self._on_checked, self.messages.show_error
        )

    def _on_checked(self, faults: list[str]) -> None:
        if faults:
            self.messages.show_message(
                "error", tr("发现 {n} 处问题：{first}").format(n=len(faults), first=sentences(faults[:3])),
                tr("请不要继续使用这个文件，打开最近的备份，并联系维护人员。"),
            )  # fmt: skip
        else:
            self._say(tr("普查文件完好：记录、图层和照片都一致。"))

    def _say(self, text: str) -> None:
        self.copies.setText(text)
        self.copies.show()
        self.messages.show_message("good", text)
