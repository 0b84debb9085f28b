"""The data page: import a facility list, make or open a survey, back up, check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.decision_card import DecisionCard
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import named, phrased, sentences, tr
from barrierfree.inventory import RowFault
from barrierfree.model.records import Changes
from barrierfree.operations import lists
from barrierfree.operations.lists import ListPlan, ListReport, Reading
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

LISTS = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.geojson"


def _planned(store: Store, path: Path, datum: str, within: Path | None, progress: Progress) -> ListPlan:
    raw = lists.read_list(path, progress=progress)
    columns = lists.suggest_reading(store, raw).columns
    return lists.compare_list(store, raw, Reading(columns, datum), within=within, progress=progress)


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
        self._list: Path | None = None
        self._within: Path | None = None
        self.header.set_sample(context.survey.sample)
        self.header.add_action(Button(tr("打开普查…"), on_open, icon="folder", shortcut="Ctrl+O"))
        self.header.add_action(Button(tr("新建普查…"), on_new, icon="add"))
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(12)
        self._add_import()
        self.decisions = DecisionCard(context, self)
        self._column.addWidget(self.decisions)
        self._add_copies()
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.body.addWidget(scroll, 1)
        for warning in context.survey.warnings:
            self.messages.show_message("warning", warning)

    def activate(self) -> None:
        """Read what has been decided."""
        self.decisions.read()

    def apply_changes(self, changes: Changes) -> None:
        """Sites were added, changed or joined."""
        if changes.written:
            self.activate()

    def show_target(self, target: object) -> None:
        """A list that was dropped somewhere in the window."""
        if isinstance(target, Path):
            self._choose(target)

    # -- import ---------------------------------------------------------------------------------------------------

    def _add_import(self) -> None:
        card = Card(tr("导入设施清单"))
        self.chosen = label(tr("把清单拖到窗口里，或按“选择清单”。支持 Excel、CSV、GeoJSON。"), "muted", wrap=True)
        card.body.addWidget(FlowRow(Button(tr("选择清单…"), self._on_choose, icon="file")))
        card.body.addWidget(self.chosen)
        card.body.addWidget(label(tr("清单里坐标的坐标系"), "strong"))
        self.datum = QComboBox()
        self.datum.setAccessibleName(tr("清单里坐标的坐标系"))
        for key, text in (
            ("", tr("请选择")), ("gcj02", tr("GCJ-02（高德、腾讯）")), ("bd09", tr("BD-09（百度）")),
            ("wgs84", tr("WGS-84（GPS、手机照片）")), ("cgcs2000", tr("CGCS2000 经纬度")),
            ("EPSG:4548", tr("CGCS2000 三度带，不带带号（EPSG:4548）")),
            ("EPSG:4527", tr("CGCS2000 三度带，带号 39（EPSG:4527）")),
        ):  # fmt: skip
            self.datum.addItem(text, key)
        self.datum.setMaximumWidth(tokens().text(420))
        self.datum.currentIndexChanged.connect(lambda _i: self._draw())
        card.body.addWidget(self.datum)
        card.body.addWidget(
            label(tr("选错坐标系会让点位偏 0.5 到 1.3 公里；不清楚时请问清单的提供者。"), "small", wrap=True)
        )
        self.boundary = label(tr("边界：不限"), "muted", wrap=True)
        card.body.addWidget(FlowRow(Button(tr("只导入边界以内…"), self._on_boundary), self.boundary))
        self.check = Button(tr("先检查"), lambda: self._run(True))
        self.load = Button(tr("导入"), lambda: self._run(False), kind="primary")
        card.body.addWidget(FlowRow(self.check, self.load))
        self.result = label("", wrap=True)
        self.result.hide()
        card.body.addWidget(self.result)
        self.faults: RecordTable[RowFault] = RecordTable(
            (
                Column("row", tr("行"), lambda f: str(f.row), sort=lambda f: f.row, width=70, align="right"),
                Column("name", tr("名称"), lambda f: f.name, width=260),
                Column("reason", tr("没有导入的原因"), lambda f: f.reason, width=360, filterable=True),
            ),
            lambda f: f"{f.row}{f.reason}",
            tr("没有导入的行"),
        )
        self.faults.setMinimumHeight(tokens().text(260))
        self.faults.hide()
        card.body.addWidget(self.faults)
        self._column.addWidget(card)
        self._draw()

    def _draw(self) -> None:
        ready = self._list is not None and bool(self.datum.currentData())
        self.check.setEnabled(ready)
        self.load.setEnabled(ready)

    def _on_choose(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("选择清单"), "", tr("清单 ({p})").format(p=LISTS))
        if file:
            self._choose(Path(file))

    def _choose(self, file: Path) -> None:
        self._list = file
        self.chosen.setText(tr("清单：{file}").format(file=file))
        self.result.hide()
        self.faults.hide()
        self.messages.dismiss()
        self._draw()
        self.datum.setFocus()

    def _on_boundary(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("选择边界"), "", "GeoJSON (*.geojson *.json)")
        self._within = Path(file) if file else None
        self.boundary.setText(tr("边界：{file}").format(file=self._within.name if self._within else tr("不限")))

    def _run(self, dry_run: bool) -> None:
        """Read the list beside the daily work; it is stored in one short transaction, so that no save waits for it."""
        path, datum, within = self._list, str(self.datum.currentData()), self._within
        if path is None:
            return
        self._context.tasks.run(
            lambda store, progress: _planned(store, path, datum, within, progress),
            tr("正在读取清单"),
            lambda plan: self._on_read(lists.report_of(plan)) if dry_run else self._store(plan),
            self.messages.show_error,
            context=self,
        )

    def _store(self, plan: ListPlan) -> None:
        person = self._context.person
        self._context.tasks.run(
            lambda store, progress: lists.store_list(store, plan, person=person, progress=progress),
            tr("正在导入清单"), self._on_read, self.messages.show_error, write=True,
        )  # fmt: skip

    def _on_read(self, report: ListReport) -> None:
        self.messages.dismiss()
        parts = [
            tr("共 {n} 行").format(n=report.rows),
            (tr("将新增 {n}") if report.dry_run else tr("新增 {n}")).format(n=report.added),
            tr("已有 {n}").format(n=report.same),
            tr("边界以外 {n}").format(n=len(report.outside)),
            tr("没有位置 {n}").format(n=len(report.without_position)),
            tr("不能导入 {n}").format(n=len(report.rejected)),
        ]
        self.result.setText(tr("{text}。").format(text=phrased(parts)))
        self.result.show()
        faults = [*report.rejected, *report.outside]
        self.faults.set_records(faults)
        self.faults.setVisible(bool(faults))
        if not report.dry_run:
            self.messages.show_message("good", named(tr("清单已导入"), self.result.text()))

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
