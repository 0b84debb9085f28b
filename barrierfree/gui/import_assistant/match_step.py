"""Step 4: what each row is beside the survey; the doubtful ones are decided here, one by one or all at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from barrierfree.gui import notices
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.garbage import Kept
from barrierfree.gui.import_assistant.decisions import Decisions
from barrierfree.gui.import_assistant.entries import KINDS, Entry, entries_of
from barrierfree.gui.import_assistant.row_detail import RowDetail
from barrierfree.gui.import_assistant.work import Step, Work
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import mark, phrased, tr
from barrierfree.model.words import RowKind
from barrierfree.operations import leftovers, lists
from barrierfree.operations.lists import ListPlan, ListReport
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

Entries = dict[str, list[Entry]]
_CHIPS = {
    "new": mark("新增 {n}"), "same": mark("相同 {n}"), "changed": mark("有变化 {n}"), "possible": mark("可能相同 {n}"),
    "gone": mark("清单里已没有 {n}"), "outside": mark("边界以外 {n}"), "bare": mark("没有位置 {n}"),
    "rejected": mark("不能导入 {n}"), "remark": mark("提示 {n}"),
}  # fmt: skip
_FIRST = ("possible", "changed", "gone", "rejected", "new", "same")  # what is shown first, if there is any


class MatchStep(Step):
    """Signals: imported(ListReport): the list is stored."""

    imported = Signal(object)

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.decisions = Decisions(work)
        self._entries: Entries = {}
        self._storing = False
        self._kept: Kept | None = None
        self.chips = FilterChips(KINDS, tr("比对结果"))
        self.chips.chosen.connect(self._show_kind)
        self.table: RecordTable[Entry] = RecordTable(
            (
                Column("row", tr("行"), lambda e: str(e.row) if e.row else "–", sort=lambda e: e.row, width=60,
                       align="right"),
                Column("name", tr("名称"), lambda e: e.name, width=210),
                Column("decision", tr("怎样处理"), self.decisions.words, width=110, filterable=True),
                Column("text", tr("说明"), lambda e: e.text, width=420),
            ),
            lambda e: e.key, tr("清单的行"),
        )  # fmt: skip
        self.detail = RowDetail(context, self.decisions)
        self._note = ""
        self.save = Button(tr("把没有导入的行另存为…"), self._on_save, icon="save")
        self._build()

    def _build(self) -> None:
        rows = Card(padding=1)
        rows.body.addWidget(self.table)
        self.columns = AdaptiveColumns(
            [Pane("rows", tr("清单的行"), rows, 850, 1), Pane("detail", tr("对照"), self.detail, 430)]
        )
        above = Card(padding=0)
        above.body.setContentsMargins(0, 0, 0, 8)
        above.body.addWidget(self.chips)
        self.chips.add(self.save)
        self.table.filters.setVisible(not tokens().large)  # rows are worth more than a search of them
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(above)
        layout.addWidget(self.columns, 1)
        self.table.selection_changed.connect(lambda _chosen: self._show_detail())
        self.table.activated.connect(lambda _entry: self._into_detail())
        self.detail.answered.connect(self._on_answer)
        self.detail.picked.connect(self._show_detail)
        self.detail.undone.connect(self._on_undo)
        self._keys()

    def _keys(self) -> None:
        """S and N answer possible rows, Space turns the others round, in the table alone: never in a text field."""
        for keys, text, act in (
            ("S", tr("相同：所选的行就是那个点位"), partial(self._answer_selected, "same")),
            ("N", tr("新增：所选的行是新的点位"), partial(self._answer_selected, "new")),
            ("Space", tr("采用或不采用、标记或不标记"), self._toggle_selected),
            ("Ctrl+Z", tr("撤销上一个决定"), self._on_undo),
        ):
            action = QAction(text, self.table.view)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _on=False, run=act: run())
            self.table.view.addAction(action)

    # -- coming in --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Compare, unless nothing has changed since the last time."""
        work = self._work
        if work.plan is not None and work.plan_of == work.compared_as:
            self._show_plan()
            return
        work.plan = None
        raw, reading, within = work.raw, work.reading, work.within
        if raw is None:
            return
        definition = self._context.survey.definition

        def operation(store: Store, progress: Progress) -> tuple[ListPlan, Entries]:
            plan = lists.compare_list(store, raw, reading, within=within, progress=progress)
            return plan, entries_of(plan, definition)

        self.table.set_records([])
        self.table.set_loading()
        self._show_summary()
        self.start(operation, tr("正在比对"), self._on_plan)

    def _on_plan(self, found: tuple[ListPlan, Entries]) -> None:
        work = self._work
        work.plan, self._entries = found
        self._let_go()
        self._kept = Kept()
        work.plan_of = work.compared_as
        self._drop_stale(work.plan)
        self.decisions.clear()
        first = next((kind for kind in _FIRST if self._entries[kind]), "new")
        self.chips.set_value(first)
        self._show_plan()

    def leave(self) -> None:
        """The assistant closes."""
        self._let_go()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.let_go()
            self._kept = None

    def _drop_stale(self, plan: ListPlan) -> None:
        """Answers about rows that are no longer in question fall away."""
        work = self._work
        possible = {row.id: row for row in plan.of_kind(RowKind.POSSIBLE)}
        others = {row_id: {c.other for c in row.candidates} for row_id, row in possible.items()}
        for row_id in [r for r, other in work.same.items() if other not in others.get(r, ())]:
            del work.same[row_id]
        work.new &= possible.keys()
        work.declined &= {row.id for row in plan.of_kind(RowKind.CHANGED)}
        work.keep &= {site.id for site in plan.gone}

    def gave_up(self) -> None:
        """Nothing was compared, or nothing was stored."""
        self._storing = False
        self.table.set_records([] if self._work.plan is None else self._shown())
        self._show_summary()

    # -- showing ----------------------------------------------------------------------------------------------------

    def _shown(self) -> list[Entry]:
        return self._entries.get(self.chips.value(), [])

    def _show_plan(self) -> None:
        for kind, text in _CHIPS.items():
            count = len(self._entries[kind])
            self.chips.set_text(kind, tr(text).format(n=f"{count:,}"))
            self.chips.buttons[kind].setVisible(bool(count) or kind == "new")
        self._show_kind(self.chips.value())
        self.table.view.setFocus()

    def _show_kind(self, kind: str) -> None:
        self.chips.set_value(kind)
        self.table.set_empty(tr("没有这样的行"), tr("请按上面的按钮看其他行。"))
        entries = self._shown()
        self.table.set_records(entries)
        if entries and self.table.current() is None:
            self.table.select(entries[0].key)
        self._show_detail()
        self._show_summary()

    def _show_detail(self) -> None:
        self.detail.show_entry(self._work.plan, self.table.current())

    def _into_detail(self) -> None:
        self.columns.show_pane("detail")
        button = next(iter(self.detail.buttons.values()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_summary(self) -> None:
        plan = self._work.plan
        self.save.setVisible(plan is not None and bool(plan.read.rejected or plan.read.outside or self.undecided))
        if plan is None:
            self._note = ""
            self.changed.emit()
            return
        totals = self.decisions.totals(plan)
        parts = [
            (tr("新增 {n} 个点位"), totals.added), (tr("更新 {n} 个"), totals.changed),
            (tr("与已有的合并 {n} 行"), totals.joined), (tr("{n} 个标记为“清单里已没有”"), totals.gone),
        ]  # fmt: skip
        said = [text.format(n=f"{count:,}") for text, count in parts if count]
        lines = [tr("导入后：{text}。").format(text=phrased(said)) if said else tr("这份清单没有带来变化。")]
        if plan.updates is not None:
            lines.append(tr("它是“{file}”的新版本。").format(file=plan.updates.file))
        if totals.undecided:
            lines.append(tr("{n} 行“可能相同”还没有决定：先不导入，下次再问。").format(n=f"{totals.undecided:,}"))
        self._note = " ".join(lines)
        self.changed.emit()

    def note(self) -> str:
        """What importing would do."""
        return self._note

    @property
    def undecided(self) -> int:
        """Possible rows without an answer."""
        plan = self._work.plan
        return self.decisions.totals(plan).undecided if plan is not None else 0

    # -- deciding ---------------------------------------------------------------------------------------------------

    def _answer_selected(self, answer: str) -> None:
        self._decided(self.decisions.decide(self.table.selected(), answer), advance=True)

    def _toggle_selected(self) -> None:
        self._decided(self.decisions.toggle(self.table.selected()))

    def _on_answer(self, answer: str) -> None:
        entry = self.table.current()
        if entry is not None:
            self._decided(self.decisions.decide([entry], answer))

    def _on_undo(self) -> None:
        count = self.decisions.undo()
        self._decided(count)
        if count:
            notices.announce(self.table, tr("已撤销 {n} 行的决定").format(n=count))

    def _decided(self, count: int, *, advance: bool = False) -> None:
        """Show what was decided; a single answer by key goes on to the next row."""
        if not count:
            self._show_detail()
            return
        view, chosen = self.table.view, self.table.selected()
        column = next(i for i, c in enumerate(self.table.model.columns) if c.key == "decision")
        model = self.table.model
        model.dataChanged.emit(model.index(0, column), model.index(model.rowCount() - 1, column))
        entry = self.table.current()
        if entry is not None and len(chosen) <= 1:
            notices.announce(self.table, phrased((entry.name, self.decisions.words(entry))))
        else:
            notices.announce(self.table, tr("{n} 行已决定").format(n=count))
        below = view.currentIndex().row() + 1
        if advance and len(chosen) == 1 and below < model.rowCount():
            self.table.select(model.record(below).key)
        self._show_detail()
        self._show_summary()

    # -- the end ----------------------------------------------------------------------------------------------------

    def fault(self) -> str:
        """Why it cannot be imported yet."""
        return self.busy or ("" if self._work.plan is not None else tr("还没有比对。"))

    def button_text(self) -> str:
        """What the main button does."""
        plan = self._work.plan
        taken = self.decisions.totals(plan).taken if plan is not None else 0
        return tr("导入 {n} 行").format(n=f"{taken:,}") if taken or plan is None else tr("完成")

    @property
    def is_storing(self) -> bool:
        """Whether the list is being written."""
        return self._storing

    def store(self) -> None:
        """Store the list: all of it or nothing."""
        plan, choices, person = self._work.plan, self._work.choices, self._context.person
        if plan is None or self._storing:
            return
        self._storing = True
        self.start(
            lambda store, progress: lists.store_list(store, plan, choices, person=person, progress=progress),
            tr("正在导入清单"), self._on_stored, write=True,
        )  # fmt: skip

    def _on_stored(self, report: ListReport) -> None:
        self._storing = False
        self.imported.emit(report)

    def _on_save(self) -> None:
        plan = self._work.plan
        if plan is None:
            return
        stem = Path(plan.raw.file).stem
        suggested = (self._work.path or Path(plan.raw.file)).with_name(f"{stem}-{tr('没有导入的行')}.xlsx")
        file, _ = QFileDialog.getSaveFileName(self, tr("把没有导入的行另存为"), str(suggested), "Excel (*.xlsx)")
        if file:
            self.save_left_out(Path(file))

    def save_left_out(self, file: Path) -> None:
        """Write the rows that are not taken in to a workbook."""
        plan, choices = self._work.plan, self._work.choices
        if plan is None:
            return
        self._context.tasks.compute(
            lambda: leftovers.write_left_out(plan, choices, file),
            lambda path: self._say_saved(path), self.failed.emit, context=self,
        )  # fmt: skip

    def _say_saved(self, path: Path) -> None:
        self._note = tr("没有导入的行已保存到 {path}。").format(path=path)
        notices.announce(self.table, self._note)
        self.changed.emit()
