"""What an answer of the city's system says, row by row, before it is taken in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from barrierfree.errors import Cancelled
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import MarkedText, label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.gui.workers import Task
from barrierfree.i18n import sentences, tr
from barrierfree.model.records import Changes
from barrierfree.operations import city_answers
from barrierfree.operations.city_answers import MATCH_WORDS, AnswerPlan, Match, MatchedRow

ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv"})
_SYMBOLS = {
    Match.ACCEPTED: "met", Match.REJECTED: "open", Match.KNOWN: "not_inspected", Match.REPEATED: "duplicate",
}  # fmt: skip
_MOST_PROBLEMS = 6  # that are shown in words; all others are counted


class TakenAnswers:
    """How many answers were new; ``changes`` as the tasks expect it."""

    def __init__(self, new: int, changes: Changes) -> None:
        self.new, self.changes = new, changes


class AnswerDialog(FormDialog):
    """Nothing is stored before 登记.

    Signals:
        taken(AnswerPlan): its accepted and rejected rows are stored.
    """

    taken = Signal(object)

    def __init__(self, context: Context, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("读入市系统反馈"), tr("登记答复"), parent, height=760)
        self.resize(min(tokens().text(960), self.screen().availableSize().width() - 40), self.height())
        self._context, self._file = context, file
        self.plan: AnswerPlan | None = None
        self._task: Task | None = None
        self.fields.addWidget(label(file.name, "muted", wrap=True))
        self.summary = label(tr("正在读取…"), "strong", wrap=True)
        self.fields.addWidget(self.summary)
        self._problems = self.fields.count()
        self._buttons: dict[Match, Button] = {}
        row = FlowRow()
        for match in Match:
            button = Button("", partial(self._on_match, match))
            button.setCheckable(True)
            button.hide()
            self._buttons[match] = button
            row.add(button)
        self.fields.addWidget(row)
        self.table: RecordTable[MatchedRow] = RecordTable(
            (
                Column("match", tr("结果"), lambda r: tr(MATCH_WORDS[r.match]),
                       symbol=lambda r: _SYMBOLS.get(r.match, "question"), width=190, filterable=True, hidden=False),
                Column("code", tr("编号"), lambda r: r.row.code, width=240,
                       detail=lambda r: tr("第 {line} 行").format(line=r.row.line)),
                Column("reason", tr("原因"), lambda r: r.row.reason, width=200),
                Column("number", tr("市系统编号"), lambda r: r.row.city_number, width=120),
                Column("said", tr("说明"), lambda r: r.said, width=240),
            ),
            lambda r: f"{r.row.sheet}|{r.row.line}", tr("答复的行"),
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(260))
        self.table.set_empty(tr("没有读到答复的行"), tr("请核对文件和方案里的列名。"))
        self.table.set_loading()
        self.fields.addWidget(self.table, FILL)
        self.confirm.setEnabled(False)
        self.finish(self.table)
        self._read()

    def _read(self) -> None:
        file = self._file
        self._task = self._context.tasks.run(
            lambda store, progress: city_answers.plan_answers(store, file, progress=progress), tr("正在读取市系统反馈"),
            self._show, self._on_failed, context=self,
        )  # fmt: skip

    def _on_failed(self, error: Exception) -> None:
        self._task = None
        self.table.set_records([])
        self.summary.setText(tr("没有登记任何答复。"))
        if isinstance(error, Cancelled):
            self.say(tr("已取消，没有登记任何答复。"))
        else:
            self.show_fault(error)
        self.confirm.setEnabled(self.plan is not None and bool(self.plan.taken))

    def _show(self, plan: AnswerPlan) -> None:
        self._task = None
        self.plan = plan
        taken = len(plan.taken)
        other = len(plan.rows) - taken
        parts = [tr("{n} 行会登记").format(n=f"{taken:,}")]
        if other:
            parts.append(tr("{n} 行不登记，原因写在“说明”里").format(n=f"{other:,}"))
        if plan.problems:
            parts.append(tr("{n} 处看不懂").format(n=f"{len(plan.problems):,}"))
        self.summary.setText(sentences(parts))
        at = self._problems
        shown = list(plan.problems[:_MOST_PROBLEMS])
        if len(plan.problems) > _MOST_PROBLEMS:
            shown.append(tr("还有 {n} 处").format(n=f"{len(plan.problems) - _MOST_PROBLEMS:,}"))
        for number, problem in enumerate(shown):
            self.fields.insertWidget(at + number, MarkedText("question", problem))
        for match, button in self._buttons.items():
            button.setVisible(plan.count(match) > 0)
            button.setText(f"{tr(MATCH_WORDS[match])} {plan.count(match):,}")
            button.updateGeometry()
        self.table.set_records(plan.rows)
        self.confirm.setText(tr("登记 {n} 条答复").format(n=f"{taken:,}"))
        self.confirm.setEnabled(bool(taken) and self._context.survey.main_file)
        if not self._context.survey.main_file:
            self.say(tr("这不是总库：答复要在总库里登记。"))
        self.table.setFocus()

    def _on_match(self, match: Match) -> None:
        """Show only the rows of one outcome, or all again."""
        on = self._buttons[match].isChecked()
        for other, button in self._buttons.items():
            button.setChecked(on and other is match)
        self.table.filters.set_filter("match", frozenset({tr(MATCH_WORDS[match])}) if on else frozenset())

    def confirmed(self) -> None:
        """Take the answers in; the dialog closes when that is done."""
        plan = self.plan
        if plan is None or not (self._context.person or self._context.ask_person()):
            return
        person = self._context.person
        self.confirm.setEnabled(False)
        self.hide_fault()
        self._task = self._context.tasks.run(
            lambda store, progress: TakenAnswers(
                *city_answers.take_answers(store, plan, person=person, progress=progress)
            ),
            tr("正在登记答复"), self._on_taken, self._on_failed, write=True, context=self,
        )  # fmt: skip

    def _on_taken(self, _done: TakenAnswers) -> None:
        self._task = None
        self.taken.emit(self.plan)
        self.accept()

    def reject(self) -> None:
        """Stop what is under way, or close."""
        if self._task is not None:
            self._task.cancel()
            if self.plan is not None:
                return
        super().reject()
