"""The facility lists of the survey: those taken in, and the way to the import assistant."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from barrierfree import inventory
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, phrased, tr
from barrierfree.operations.lists import ListReport
from barrierfree.store import TakenList


class ListCard(Card):
    """Opens the assistant; a list can also be dropped anywhere in the window."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("设施清单"))
        self._context = context
        self._page = page
        self.start = Button(tr("导入清单…"), self._on_start, kind="primary", icon="import", shortcut="Ctrl+I")
        hint = label(
            tr("也可以把清单文件拖到窗口里。支持 Excel、CSV、GeoJSON、GeoPackage、Shapefile。"), "muted", wrap=True
        )
        self.body.addWidget(FlowRow(self.start))
        self.body.addWidget(hint)
        self.table: RecordTable[TakenList] = RecordTable(
            (
                Column("file", tr("清单"), lambda t: t.file, detail=lambda t: t.sheet, width=300),
                Column("when", tr("何时导入"), lambda t: t.taken_at[:16].replace("T", " "), width=150),
                Column("rows", tr("行数"), lambda t: f"{t.rows:,}", sort=lambda t: t.rows, width=80, align="right"),
                Column("datum", tr("坐标系"), lambda t: inventory.datum_name(t.datum, t.swapped), width=220),
                Column("columns", tr("用了哪些列"), _columns, width=320),
            ),
            lambda t: t.id, tr("已导入的清单"), filter_row=False,
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(230))
        self.table.set_empty(tr("还没有导入清单"), tr("按“导入清单…”选一个文件，四步完成；最后一步之前什么都不保存。"))
        self.body.addWidget(self.table)

    def read(self) -> None:
        """Read the lists anew."""
        self._context.tasks.read(
            lambda store: store.lists(), self.table.set_records, replaces="data.lists", context=self
        )

    def begin(self, file: Path | None = None) -> None:
        """Open the assistant, with a file if there is one."""
        from barrierfree.gui.import_assistant import ImportAssistant  # with the map's engine: only when it is wanted

        self._page.messages.dismiss()
        dialog = next((d for d in self._page.findChildren(ImportAssistant) if d.isVisible()), None)
        if dialog is None:
            dialog = ImportAssistant(self._context, self._page)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.imported.connect(self._on_imported)
            dialog.open()
        if file is not None:
            dialog.take(file)

    def _on_start(self) -> None:
        self.begin()

    def _on_imported(self, report: ListReport) -> None:
        counts = (
            (tr("新增 {n}"), report.added), (tr("相同 {n}"), report.same), (tr("有变化 {n}"), len(report.changed)),
            (tr("清单里已没有 {n}"), len(report.gone)), (tr("边界以外 {n}"), len(report.outside)),
            (tr("没有位置 {n}"), len(report.without_position)), (tr("不能导入 {n}"), len(report.rejected)),
        )  # fmt: skip
        parts = [text.format(n=f"{count:,}") for text, count in counts if count]
        advice = tr("共 {n} 行：{text}。").format(n=f"{report.rows:,}", text=phrased(parts))
        if report.possible:
            advice += tr("{n} 行“可能相同”没有决定，没有导入；再导入这份清单时会再问。").format(n=len(report.possible))
        self._page.messages.show_message("good", tr("“{file}”已导入。").format(file=report.file), advice)


def _columns(taken: TakenList) -> str:
    return listed(taken.columns[field] for field in inventory.FIELDS if field in taken.columns)
