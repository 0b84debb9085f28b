"""The records that would go: why each goes, and the first rows as they will be written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from barrierfree.gui.batches.reading import Checked, SheetLook, looks
from barrierfree.gui.batches.words import KINDS
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import named, tr
from barrierfree.model.city import RowKind
from barrierfree.operations.batch_choice import changed_words
from barrierfree.operations.batch_values import PlannedRow


class RowsPane(Card):
    """The rows of a plan in two views.

    Signals:
        opened(PlannedRow): the user wants to see the record.
        excepted(list of record ids), restored(list of record ids): leave out, or take in again.
    """

    opened = Signal(object)
    excepted = Signal(object)
    restored = Signal(object)

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self._checked: Checked | None = None
        self._out: frozenset[str] = frozenset()
        self._rejected: Mapping[tuple[RowKind, str], str] = {}
        self.views = FilterChips(["rows", "look"], tr("要报的行"))
        self.views.set_value("rows")
        self.views.set_text("look", tr("写出的样子"))
        self.views.chosen.connect(self._on_view)
        self.table: RecordTable[PlannedRow] = RecordTable(
            (
                Column("code", tr("编号"), lambda r: r.code, symbol=self._symbol_of, tinted=False,
                       detail=lambda r: str(r.plain.get("site_name") or ""), width=262),
                Column("why", tr("说明"), self._why, width=230),
                Column("kind", tr("种类"), lambda r: tr(KINDS[r.kind]), width=110, filterable=True, hidden=True),
                Column("community", tr("社区"), lambda r: str(r.plain.get("community") or ""), width=110,
                       filterable=True),
                Column("photos", tr("照片"), lambda r: str(len(r.photos)), sort=lambda r: len(r.photos), width=64,
                       align="right", hidden=True),
            ),
            lambda r: f"{r.kind}|{r.record}", tr("要报的行"),
        )  # fmt: skip
        self.table.activated.connect(self.opened)
        self.table.selection_changed.connect(lambda _rows: self._draw())
        self.leave = Button("", self._toggle)
        self.views.add(self.leave)
        self._look = LookTable()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._look)
        self.body.addWidget(self.views)
        self.body.addWidget(self._stack, 1)
        self._draw()

    def show_plan(self, checked: Checked | None, out: Collection[str]) -> None:
        """Show the rows of a plan and which of them are left out."""
        self._checked, self._out = checked, frozenset(out)
        self._rejected = checked.rejected if checked else {}
        rows = checked.plan.rows if checked else ()
        self.views.set_text("rows", f"{tr('要报的行')} {sum(r.record not in self._out for r in rows):,}")
        self.table.set_records(rows)
        self._look.show_looks(looks(checked.plan, self._out) if checked and self.views.value() == "look" else [])
        self._draw()

    def _on_view(self, view: str) -> None:
        self._stack.setCurrentIndex(("rows", "look").index(view))
        self.leave.setVisible(view == "rows")
        if view == "look" and self._checked is not None:
            self._look.show_looks(looks(self._checked.plan, self._out))

    def _symbol_of(self, row: PlannedRow) -> str:
        return "invalid" if row.record in self._out else "met"

    def _why(self, row: PlannedRow) -> str:
        if row.record in self._out:
            return tr("这行不报")
        reason = self._rejected.get((row.kind, row.record))
        if reason is not None:
            return named(tr("已退回"), reason or tr("没有写明原因"))
        return named(tr("变化"), changed_words(row)) if row.changed else tr("第一次报送")

    def _draw(self) -> None:
        records = {r.record for r in self.table.selected()}
        self._back = bool(records) and records <= self._out
        text = tr("这 {n} 行恢复报送") if self._back else tr("这 {n} 行不报")
        self.leave.setText(text.format(n=f"{len(records):,}") if records else tr("选中的行不报"))
        self.leave.updateGeometry()
        self.leave.setEnabled(bool(records))

    def _toggle(self) -> None:
        records = list(dict.fromkeys(r.record for r in self.table.selected()))
        (self.restored if self._back else self.excepted).emit(records)


class LookTable(QWidget):
    """The first rows of each sheet, cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._looks: Sequence[SheetLook] = ()
        self.sheet = QComboBox()
        self.sheet.setAccessibleName(tr("工作表"))
        self.sheet.currentIndexChanged.connect(lambda _at: self._show())
        self.cells = QTableWidget()
        self.cells.setAccessibleName(tr("写出的样子"))
        self.cells.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.cells.setTabKeyNavigation(False)
        self.cells.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.note = label("", "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.addWidget(self.sheet)
        layout.addWidget(self.cells, 1)
        layout.addWidget(self.note)

    def show_looks(self, found: Sequence[SheetLook]) -> None:
        """Show these sheets; the one in sight stays."""
        held = self.sheet.currentIndex()
        self._looks = found
        self.sheet.blockSignals(True)
        self.sheet.clear()
        self.sheet.addItems([look.name for look in found])
        self.sheet.setCurrentIndex(min(max(held, 0), len(found) - 1))
        self.sheet.blockSignals(False)
        self.sheet.setVisible(len(found) > 1)
        self._show()

    def _show(self) -> None:
        at = self.sheet.currentIndex()
        look = self._looks[at] if 0 <= at < len(self._looks) else SheetLook("", (), (), 0)
        table = self.cells
        table.clear()
        table.setRowCount(len(look.rows))
        table.setColumnCount(len(look.headers))
        table.setHorizontalHeaderLabels(list(look.headers))
        for row, cells in enumerate(look.rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(row, column, item)
        table.verticalHeader().setDefaultSectionSize(tokens().target)
        for column in range(table.columnCount()):
            table.resizeColumnToContents(column)
            table.setColumnWidth(column, min(table.columnWidth(column) + 16, tokens().text(260)))
        shown = len(look.rows)
        self.note.setText(
            tr("前 {n} 行，共 {total} 行；空格子照样留空。").format(n=f"{shown:,}", total=f"{look.total:,}")
            if shown else tr("这张工作表没有要写的行。")
        )  # fmt: skip
