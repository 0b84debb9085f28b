"""The faults of a planned batch: counted by sort, each with what to do, a jump, and rows left out by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial

from PySide6.QtCore import Signal

from barrierfree.gui.batches.words import CURES, SORTS
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.i18n import tr
from barrierfree.operations.batches import BatchFault


class FaultList(Card):
    """What stands in the way of a batch.

    Signals:
        jumped(BatchFault): the user wants to mend it.
        excepted(list of record ids): these records are to be left out.
        restored: no record is to be left out.
    """

    jumped = Signal(object)
    excepted = Signal(object)
    restored = Signal()

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self._out: frozenset[str] = frozenset()
        self._faults: Sequence[BatchFault] = ()
        self.sort_buttons: dict[str, Button] = {}
        self._sorts = FlowRow()
        self._sorts.setContentsMargins(12, 11, 12, 0)
        for sort, word in SORTS.items():
            button = Button(tr(word), partial(self._on_sort, sort))
            button.setCheckable(True)
            button.hide()
            self.sort_buttons[sort] = button
            self._sorts.add(button)
        self.table: RecordTable[BatchFault] = RecordTable(
            (
                Column("state", tr("处理"), self._state_of, symbol=self._symbol_of, width=126, filterable=True),
                Column("sort", tr("问题种类"), lambda f: tr(SORTS[f.sort]), width=120, filterable=True, hidden=True),
                Column("code", tr("编号"), lambda f: f.code or "—", width=232),
                Column("column", tr("栏目"), lambda f: f.column or "—", width=110, filterable=True),
                Column("reason", tr("哪里不对，怎么办"), lambda f: f.reason, detail=lambda f: tr(CURES[f.sort]),
                       width=420),
            ),
            self.key_of, tr("检查结果"),
        )  # fmt: skip
        self.table.activated.connect(self.jumped)
        self.table.selection_changed.connect(lambda _selected: self._draw())
        self.leave = Button("", self._leave_selected, shortcut="Ctrl+D")
        self.leave_sort = Button(tr("这一类都不报"), self._leave_sort)
        self.restore = Button(tr("恢复全部排除的行"), self.restored.emit, icon="undo")
        self._foot = FlowRow(self.leave, self.leave_sort, self.restore)
        self._foot.setContentsMargins(12, 8, 12, 10)
        self.body.addWidget(self._sorts)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._foot)
        self._draw()

    def show_faults(self, faults: Sequence[BatchFault], out: Collection[str]) -> None:
        """Show the faults of a plan and which records are left out."""
        self._out = frozenset(out)
        other = faults is not self._faults
        self._faults = faults
        counts: Counter[str] = Counter(f.sort for f in faults)
        for sort, button in self.sort_buttons.items():
            if not counts[sort] and button.isChecked():
                self._on_sort(sort)
            button.setVisible(bool(counts[sort]))
            button.setText(f"{tr(SORTS[sort])} {counts[sort]:,}")
            button.updateGeometry()
        self._sorts.setVisible(bool(faults))
        self.table.filters.setVisible(bool(faults))  # nothing to search in is nothing to show
        self.table.set_records(faults)
        if other and faults and self.table.current() is None:
            self.table.view.selectRow(0)
        self._draw()

    @staticmethod
    def key_of(fault: BatchFault) -> str:
        """What tells a fault from another."""
        return f"{fault.kind}|{fault.record}|{fault.column}|{fault.reason}"

    def _on_sort(self, sort: str) -> None:
        """Show only the faults of one sort, or all again."""
        on = self.sort_buttons[sort].isChecked() and any(f.sort == sort for f in self._faults)
        for other, button in self.sort_buttons.items():
            button.setChecked(on and other == sort)
        self.table.filters.set_filter("sort", frozenset({tr(SORTS[sort])}) if on else frozenset())

    def _state_of(self, fault: BatchFault) -> str:
        return tr("这行不报") if fault.record in self._out else tr("要改正")

    def _symbol_of(self, fault: BatchFault) -> str:
        return "invalid" if fault.record in self._out else "open"

    def _selected(self) -> list[BatchFault]:
        return [f for f in self.table.selected() if f.record and f.record not in self._out]

    def _of_sort(self) -> list[str]:
        sorts = {f.sort for f in self._selected()}
        return list(dict.fromkeys(f.record for f in self._faults if f.sort in sorts and f.record))

    def _draw(self) -> None:
        records = {f.record for f in self._selected()}
        self.leave.setText(tr("这 {n} 行不报").format(n=f"{len(records):,}") if records else tr("选中的行不报"))
        self.leave.setEnabled(bool(records))
        same = len(self._of_sort())
        self.leave_sort.setText(tr("同类的 {n} 行都不报").format(n=f"{same:,}"))
        self.leave_sort.setVisible(same > len(records))
        self.restore.setVisible(bool(self._out))
        self._foot.setVisible(bool(self._faults) or bool(self._out))

    def _leave_selected(self) -> None:
        self.excepted.emit(list(dict.fromkeys(f.record for f in self._selected())))

    def _leave_sort(self) -> None:
        self.excepted.emit(self._of_sort())
