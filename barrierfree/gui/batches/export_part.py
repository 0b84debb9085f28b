"""Choose, check, export: the first part of the batches page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from barrierfree import paths
from barrierfree.errors import Cancelled, DefinitionError
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.batches.choice import SELECTION_WORDS, ChoiceBar
from barrierfree.gui.batches.fault_list import FaultList
from barrierfree.gui.batches.reading import Checked, books_of, checked, counted, mending_place
from barrierfree.gui.batches.record_dialog import show_record
from barrierfree.gui.batches.rows_pane import RowsPane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label, set_tone
from barrierfree.gui.page import Page
from barrierfree.gui.site_actions import SiteActions
from barrierfree.gui.workers import Task
from barrierfree.i18n import named, phrased, sentences, tr
from barrierfree.model.city import Selection
from barrierfree.operations import batches
from barrierfree.operations.batch_values import PlannedRow
from barrierfree.operations.batches import BatchFault, BatchReport, PreparedBatch

_SHOWN: Final = 3  # warnings in words; all of them in the tool tip


class ExportPart(QWidget):
    """Nothing is written while a fault stands whose row is not left out by name.

    Signals:
        drawn: the plan or what may be done with it is another; see ``ready`` and ``going``.
        counted(dict): how many records each selection has.
        profile_wanted: the fault is one of the profile, or there is none.
    """

    drawn = Signal()
    profile_wanted = Signal()
    counted = Signal(object)

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context, self._page = context, page
        self._actions = SiteActions(context, page)
        self.checked: Checked | None = None
        self.out: set[str] = set()  # records left out by name
        self._tasks: list[Task] = []
        self._writing: Task | None = None
        self._build()

    def _build(self) -> None:
        self.choice = ChoiceBar(self._context)
        self.choice.changed.connect(self.check)
        self.summary = label("", "strong", wrap=True)
        self.origin = label("", "small", wrap=True)
        self.losses = QCheckBox()
        self.losses.toggled.connect(lambda _on: self._draw())
        self._lost = label("", tone="warn", wrap=True)
        self.warned = label("", "small", wrap=True)
        top = Card(padding=0)
        top.body.setContentsMargins(0, 0, 0, 0)
        top.body.setSpacing(0)
        top.body.addWidget(self.choice)
        below = QVBoxLayout()
        below.setContentsMargins(14, 0, 14, 12)
        below.setSpacing(4)
        for widget in (self.summary, self.origin, self.warned, self._lost, self.losses):
            below.addWidget(widget)
        top.body.addLayout(below)
        self.faults = FaultList()
        self.faults.jumped.connect(self._on_jump)
        self.faults.excepted.connect(self.leave_out)
        self.faults.restored.connect(lambda: self.take_in(self.out))
        self.rows = RowsPane()
        self.rows.opened.connect(self._on_row)
        self.rows.excepted.connect(self.leave_out)
        self.rows.restored.connect(self.take_in)
        self.columns = AdaptiveColumns(
            [Pane("faults", tr("导出前检查"), self.faults, 640, 1), Pane("rows", tr("要报的行"), self.rows, 520, 1)]
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(top)
        layout.addWidget(self.columns, 1)
        self.faults.table.set_loading()
        self._draw()

    # -- plan -------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Choose and check what could be exported now; writes nothing. What runs already is given up."""
        for task in self._tasks:
            task.superseded = True
            task.cancel()
        wanted = self.choice.wanted()
        self.checked = None
        set_tone(self.summary, "")
        self.summary.setText(tr("正在检查…"))
        self.faults.table.set_loading()
        self.choice.set_counts({})  # those of before may be wrong now: none until they are counted
        self._draw()
        run = self._context.tasks.run
        self._tasks = [
            run(lambda store, progress: checked(store, wanted, progress), tr("正在检查"), self._show, self._on_failed,
                context=self),
            run(lambda store, progress: counted(store, wanted, progress), tr("正在计数"), self._show_counts,
                lambda _error: None, context=self),
        ]  # fmt: skip

    def _show_counts(self, counts: dict[Selection, int]) -> None:
        self.choice.set_counts(counts)
        self.counted.emit(counts)

    def _on_failed(self, error: Exception) -> None:
        self.out.clear()
        self.faults.show_faults((), ())
        self.rows.show_plan(None, ())
        stopped = isinstance(error, Cancelled)
        title = tr("检查已取消") if stopped else tr("现在不能检查")
        if isinstance(error, DefinitionError):
            advice = tr("请在“导出方案…”里载入或改正方案。")
            self.faults.table.set_empty(title, advice, tr("导出方案…"), self.profile_wanted.emit)
        else:
            self.faults.table.set_empty(title, tr("按“重新检查”再来一次。"), tr("重新检查"), self.check)
        set_tone(self.summary, "" if stopped else "bad")
        self.summary.setText(title)
        if not stopped:
            self._page.messages.show_error(error)
        self._draw()

    def _show(self, found: Checked) -> None:
        self.checked = found
        self.out &= {row.record for row in found.plan.rows}
        self._say_what_to_do()
        profile = found.plan.profile
        ours = tr("这是本软件自带的方案，不是市系统的官方模板；取得官方模板后请换成官方方案。")
        title = named(tr("导出方案"), profile.title)
        self.origin.setText(sentences((title, ours if profile.status == "ours" else tr("市系统官方方案。"))))
        self.losses.setChecked(False)
        self._redraw()

    def _say_what_to_do(self) -> None:
        found = self.checked
        if found is None:
            return
        if found.plan.rows:
            self.faults.table.set_empty(tr("检查没有发现问题"), tr("可以导出这个批次。"))
        what = found.plan.wanted.what
        texts: dict[str, tuple[str, str]] = {
            "new": (tr("没有未报送的记录"), tr("走访审核通过以后，记录会出现在这里。")),
            "changed": (tr("没有报送后有变化的记录"), tr("报送过的记录有了新的检查或整改，会出现在这里。")),
            "rejected": (tr("没有市系统退回的记录"), tr("读入市系统反馈以后，退回的记录和原因会出现在这里。")),
            "all": (tr("还没有审核通过的记录"), tr("走访审核通过以后，记录会出现在这里。")),
        }
        message, advice = texts[what]
        act: Callable[[], object]
        if self.choice.is_restricted():
            step, act = tr("清除条件"), self.choice.clear
        elif what == "new":
            step, act = tr("打开“审核”页"), lambda: self._context.go("review", "pending")
        else:
            step, act = tr("显示未报送的"), lambda: self.choice.choose("new")
        self.rows.table.set_empty(message, advice, step, act)
        if not found.plan.rows:
            self.faults.table.set_empty(message, advice)

    # -- leaving out ------------------------------------------------------------------------------------------------

    def leave_out(self, records: Collection[str]) -> None:
        """Leave records out of this batch by name."""
        self.out |= set(records)
        self._redraw()

    def take_in(self, records: Collection[str]) -> None:
        """Take records in again."""
        self.out -= set(records)
        self._redraw()

    def going(self) -> list[PlannedRow]:
        """The rows that would go."""
        return [row for row in self.checked.plan.rows if row.record not in self.out] if self.checked else []

    def standing(self) -> list[BatchFault]:
        """The faults that stand in the way."""
        return [f for f in self.checked.plan.faults if f.record not in self.out] if self.checked else []

    @property
    def ready(self) -> bool:
        """Whether it may be written."""
        found = self.checked
        return (
            found is not None and bool(self.going()) and not self.standing() and self._context.survey.main_file
            and (not found.plan.losses or self.losses.isChecked()) and self._writing is None
        )  # fmt: skip

    def _redraw(self) -> None:
        if self.checked is not None:
            self.faults.show_faults(self.checked.plan.faults, self.out)
            self.rows.show_plan(self.checked, self.out)
        self._draw()

    def _draw(self) -> None:
        found = self.checked
        lost = found.plan.losses if found else ()
        self._lost.setVisible(bool(lost))
        self.losses.setVisible(bool(lost))
        if lost:
            self._lost.setText(named(tr("模板里这些内容写出后不会保留"), phrased(lost)))
            self.losses.setText(tr("知道了，仍然导出"))
        warnings = found.plan.warnings if found and found.plan.rows else ()
        self.warned.setVisible(bool(warnings))
        self.warned.setText(phrased(warnings[:_SHOWN]))
        self.warned.setToolTip("\n".join(warnings))
        self.origin.setVisible(found is not None)
        if found is not None:
            set_tone(self.summary, "bad" if self.standing() else "")
            self.summary.setText(self._told(found))
        self.drawn.emit()

    def _told(self, found: Checked) -> str:
        going, standing = self.going(), self.standing()
        if not found.plan.rows:
            return named(tr(SELECTION_WORDS[found.plan.wanted.what]), tr("没有记录"))
        photos = len({photo for row in going for photo in row.photos})
        parts = [
            tr("将导出 {rows} 行，{photos} 张照片，{books} 个工作簿").format(
                rows=f"{len(going):,}", photos=f"{photos:,}", books=books_of(found.plan.profile, going)
            )
        ]
        left = len(found.plan.rows) - len(going)
        if left:
            parts.append(tr("{n} 行不报").format(n=f"{left:,}"))
        if standing:
            parts.append(tr("{faults} 处要改正，或把这些行排除").format(faults=f"{len(standing):,}"))
        return sentences(parts)

    # -- jumps ------------------------------------------------------------------------------------------------------

    def _on_jump(self, fault: BatchFault) -> None:
        if self.checked is None:
            return
        if fault.sort == "duplicate":
            show_record(self._context, fault.record, fault.code, self._page)
            return
        place = mending_place(self.checked.plan, fault)
        if place.field:
            self._context.tasks.read(
                lambda store: store.site(place.target), lambda site: self._actions.edit(site, place.field),
                self._page.messages.show_error, context=self,
            )  # fmt: skip
        elif place.page:
            self._context.go(place.page, place.target)
        else:
            self.profile_wanted.emit()  # no record is at fault

    def _on_row(self, row: PlannedRow) -> None:
        if row.kind == "finding" and row.plain.get("finding_code"):
            self._context.go("rectification", row.record)
        else:
            self._context.go("survey", row.site)

    # -- writing ----------------------------------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """Let the user choose where the batch goes, and write it."""
        if not self.ready or not (self._context.person or self._context.ask_person()):
            return
        held = self._context.settings.choices.exports or str(paths.default_exports(self._context.survey.path))
        folder = QFileDialog.getExistingDirectory(self, tr("导出到"), held)
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Write the planned batch below ``folder``."""
        if self.checked is None or not self.ready:
            return
        plan, person, out = self.checked.plan, self._context.person, frozenset(self.out)
        self._context.settings.change(exports=str(folder))
        self._page.messages.dismiss()
        self._writing = self._context.tasks.run(
            lambda store, progress: batches.prepare_batch(
                store, plan, folder, excepted=out, accepted=plan.losses, progress=progress
            ),
            tr("正在导出批次"), lambda prepared: self._finish(prepared, person), self._on_unwritten, context=self,
        )  # fmt: skip
        self.drawn.emit()

    def _finish(self, prepared: PreparedBatch, person: str) -> None:
        self._context.tasks.write(
            lambda store: batches.finish_batch(store, prepared, person=person), self._on_written, self._on_unwritten,
            context=self,
        )  # fmt: skip

    def _on_unwritten(self, error: Exception) -> None:
        self._writing = None
        if isinstance(error, Cancelled):
            self._page.messages.show_message("info", tr("导出已取消。"), tr("没有留下文件，台账里也没有这个批次。"))
        else:
            self._page.messages.show_error(error)
        self._draw()

    def _on_written(self, report: BatchReport) -> None:
        self._writing = None
        self.out.clear()
        text = tr("批次 {number} 已导出：{rows} 行，{photos} 张照片。").format(
            number=report.number, rows=f"{report.rows:,}", photos=f"{report.photos:,}"
        )
        more = [report.workbook]
        if report.left_out:
            more.append(tr("{n} 行没有报，原因记在台账里").format(n=f"{len(report.left_out):,}"))
        if report.recovered:
            more.append(tr("上次没有收尾的批次 {numbers} 已放回原处").format(numbers=phrased(report.recovered)))
        more.append(tr("市系统答复以后，按“读入市系统反馈…”"))
        self._page.messages.show_message("good", text, sentences(more), folder_button(Path(report.folder)))


def folder_button(folder: Path) -> Button:
    """A button that opens a folder in the system's file manager."""
    act: Callable[[], object] = lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))  # noqa: E731
    return Button(tr("打开文件夹"), act, icon="folder")
