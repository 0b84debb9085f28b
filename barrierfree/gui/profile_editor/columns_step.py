"""Step 3: what goes into each column, beside the first records as they will be written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from pydantic import ValidationError
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QDialog, QScrollArea

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.profile_editor.codes_dialog import CodesDialog
from barrierfree.gui.profile_editor.column_detail import ColumnDetail
from barrierfree.gui.profile_editor.field_words import NAMES
from barrierfree.gui.profile_editor.work import EditorStep, Work
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.tab_strip import TabStrip
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, sentences, tr
from barrierfree.operations import profiles
from barrierfree.operations.profile_drafts import ColumnDraft, SheetDraft
from barrierfree.operations.profiles import LiveCell, LiveRows, LiveSheet

LIVE = 3  # records on show
_AFTER_MS = 150  # typing: the last state counts


@dataclass(frozen=True)
class Line:
    """A column of the template as the table shows it."""

    letter: str
    title: str
    source: str
    form: str
    fault: str
    cells: tuple[LiveCell, ...]


class ColumnsStep(EditorStep):
    """A line per column of the template with three records beside it; the form of the chosen one at the right."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(_AFTER_MS)
        self._waiting.timeout.connect(self._ask)
        self._asked = 0
        self.tabs = TabStrip(tr("要填写的工作表"))
        self.tabs.chosen.connect(lambda _name: self._show_sheet())
        self.remark = label("", "muted", wrap=True)
        self.table: RecordTable[Line] = RecordTable(
            (
                Column("letter", tr("列标"), lambda line: line.letter, width=56),
                Column("title", tr("模板的列名"), lambda line: line.title, width=150),
                Column("source", tr("填什么"), lambda line: line.source or tr("不填"), width=125),
                Column("form", tr("要求"), lambda line: line.form, width=105),
                *(
                    Column(f"live{n}", tr("第 {n} 条").format(n=n + 1), partial(_cell, n), width=143)
                    for n in range(LIVE)
                ),
            ),
            lambda line: line.letter, tr("模板的列"), filter_row=False,
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(240))
        self.table.selection_changed.connect(self._on_selected)
        self.detail = ColumnDetail()
        self.detail.edited.connect(self._on_edited)
        self.detail.codes_wanted.connect(self._on_codes)
        self.table.activated.connect(lambda _line: self._to_detail())
        self.next_column = Button(tr("下一列"), lambda: self._move(1), icon="chevron_down", shortcut="Alt+Down")
        self.last_column = Button(tr("上一列"), lambda: self._move(-1), icon="chevron_up", shortcut="Alt+Up")
        self.next_bare = Button(tr("下一个没配的"), self._to_bare, shortcut="Alt+N")
        self._build()

    def _build(self) -> None:
        left = Card(tr("哪一列填什么？右边三列是前几条记录写出来的样子"))
        for widget in (self.tabs, self.remark):
            left.body.addWidget(widget)
        left.body.addWidget(self.table, 1)
        right = Card()
        scroll = FitScroll(self.detail)
        scroll.setMinimumHeight(tokens().text(300))
        right.body.addWidget(scroll, 1)
        right.body.addWidget(FlowRow(self.last_column, self.next_column, self.next_bare))
        right.setMinimumWidth(tokens().text(330))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(left, 5)
        self._row.addWidget(right, 2)
        if tokens().large:
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)

    def enter(self) -> None:
        """Show the sheets that are filled."""
        draft = self._work.draft
        if draft is None:
            return
        filled = draft.filled()
        self.tabs.set_tabs([(s.name, s.name.replace("&", "&&"), "") for s in filled], self.tabs.current())
        self.tabs.setVisible(len(filled) > 1)
        self._show_sheet()
        self.table.view.setFocus()

    def sheet(self) -> SheetDraft | None:
        """The sheet in sight."""
        draft = self._work.draft
        return next((s for s in draft.filled() if s.name == self.tabs.current()), None) if draft else None

    def column(self) -> ColumnDraft | None:
        """The column in hand."""
        sheet, line = self.sheet(), self.table.current()
        return next((c for c in sheet.columns if c.letter == line.letter), None) if sheet and line else None

    def go_to(self, sheet: str, letter: str) -> None:
        """Bring a column into sight, where something is to be mended."""
        self.tabs.set_current(sheet)
        self._show_sheet()
        self.table.select(letter)
        self._to_detail()

    def _show_sheet(self) -> None:
        self._draw()
        sheet = self.sheet()
        if sheet is not None and sheet.columns and self.table.current() is None:
            self.table.select(sheet.columns[0].letter)
        self._show_detail()
        self._ask()

    def _draw(self) -> None:
        sheet = self.sheet()
        self.table.blockSignals(True)  # while rows are exchanged none is selected: the form would lose the keyboard
        lines = [self._line(sheet, c) for c in sheet.columns] if sheet else []
        self.table.set_records(lines)
        self.table.blockSignals(False)
        if sheet is not None:
            bare = sum(not c.source for c in sheet.columns)
            faults = sum(bool(c.fault(sheet.rows)) for c in sheet.columns)
            told = [tr("{n} 列，{bare} 列不填").format(n=len(sheet.columns), bare=bare)]
            if faults:
                told.append(tr("{n} 列有错").format(n=faults))
            doubtful = sum(any(cell.fault for cell in line.cells) for line in lines)
            if doubtful:
                told.append(tr("前几条记录里有 {n} 列不合要求（▲）").format(n=doubtful))
            live = self._work.live
            if live is not None and sheet.rows in live.sample:
                told.append(tr("还没有审核通过的记录，右边是编造的示例"))
            self.remark.setText(sentences(told))

    def _line(self, sheet: SheetDraft, column: ColumnDraft) -> Line:
        shown, draft = self._work.shown.get(sheet.name), self._work.draft
        cells = self._cells(sheet, column, shown)
        source = {"": "", "text": tr("固定文字"), "expression": tr("公式")}.get(column.source)
        if source is None:
            field = str(column.values.get("field", ""))
            source = tr(NAMES[field]) if field in NAMES else field
        codes = draft.codes_of(column) if draft else {}
        return Line(column.letter, column.title, source, _form(column, len(codes)), column.fault(sheet.rows), cells)

    @staticmethod
    def _cells(sheet: SheetDraft, column: ColumnDraft, shown: LiveSheet | None) -> tuple[LiveCell, ...]:
        written = [c.letter for c in sheet.columns if c.source and not c.fault(sheet.rows)]
        if shown is None or column.letter not in written or any(len(row) != len(written) for row in shown.rows):
            return ()
        at = written.index(column.letter)
        return tuple(row[at] for row in shown.rows)

    def _show_detail(self) -> None:
        sheet, column, draft = self.sheet(), self.column(), self._work.draft
        if sheet is None or draft is None:
            return
        self.detail.show_column(column, sheet.rows, draft.codes_of(column) if column else {})
        self._show_result()

    def _show_result(self) -> None:
        sheet, column = self.sheet(), self.column()
        if sheet is None or column is None:
            return
        line = self._line(sheet, column)
        live = enumerate(line.cells, start=1)
        first = next((tr("第 {n} 条：{fault}").format(n=n, fault=cell.fault) for n, cell in live if cell.fault), "")
        self.detail.show_result(line.cells[0].text if line.cells else "", line.fault or first)

    def _on_selected(self, _selected: list[Line]) -> None:
        self._show_detail()

    def _on_edited(self) -> None:
        self._draw()
        self._show_detail()
        self.changed.emit()
        self._waiting.start()

    def _to_detail(self) -> None:
        frame = self.parentWidget()
        while frame is not None:  # with large text the form stands below the table, out of sight
            if isinstance(frame, QScrollArea):
                frame.ensureWidgetVisible(self.detail.choice, 0, tokens().text(120))
            frame = frame.parentWidget()
        self.detail.choice.setFocus()
        self.detail.choice.line.selectAll()

    def _move(self, by: int) -> None:
        sheet, column = self.sheet(), self.column()
        if sheet is not None and column is not None:
            at = sheet.columns.index(column) + by
            if 0 <= at < len(sheet.columns):
                self.table.select(sheet.columns[at].letter)
                self._to_detail()

    def _to_bare(self) -> None:
        """The next column behind this one that nothing is put into, or that has a fault; from the top again."""
        sheet, column = self.sheet(), self.column()
        if sheet is None or not sheet.columns:
            return
        start = sheet.columns.index(column) + 1 if column else 0
        for one in (*sheet.columns[start:], *sheet.columns[:start]):
            if not one.source or one.fault(sheet.rows):
                self.table.select(one.letter)
                self._to_detail()
                return

    def _on_codes(self) -> None:
        column, draft = self.column(), self._work.draft
        if column is None or draft is None:
            return
        words = profiles.known_words(self._context.survey.definition, str(column.values.get("field", "")))
        shared = [c.title for c in draft.sharing(column)]
        dialog = CodesDialog(column, draft.codes_of(column), words, shared, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            draft.set_codes(column, dialog.codes)
            self._on_edited()
        dialog.deleteLater()

    # -- live rows --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Write the first records with what is right so far."""
        draft = self._work.draft
        if draft is None:
            return
        try:
            profile = draft.profile()
        except ValidationError:
            return  # a general setting or no column at all: said beside the buttons
        self._asked += 1
        mine, template, work = self._asked, draft.template, self._work
        key = (profile.datum, profile.decimals, profile.photo_name, tuple(s.rows for s in profile.sheets))
        if work.live is not None and work.live_of == key:
            live = work.live
            self._context.tasks.compute(
                lambda: profiles.shown_rows(profile, live, template), lambda found: self._show_live(mine, found),
                self.failed.emit, context=self,
            )  # fmt: skip
            return

        def read(live: LiveRows) -> None:
            if mine == self._asked:
                work.live, work.live_of = live, key
                self._ask()

        self._context.tasks.run(
            lambda store, _progress: profiles.first_rows(store, profile, LIVE), tr("正在读取前几条记录"), read,
            self.failed.emit, context=self,
        )  # fmt: skip

    def _show_live(self, mine: int, found: tuple[LiveSheet, ...]) -> None:
        if mine == self._asked:
            self._work.shown = {sheet.name: sheet for sheet in found}
            self._draw()
            self._show_result()


def _cell(n: int, line: Line) -> str:
    if n >= len(line.cells):
        return "" if n or not line.fault else tr("▲ {fault}").format(fault=line.fault)
    cell = line.cells[n]
    return tr("▲ {fault}").format(fault=cell.fault) if cell.fault else cell.text


def _form(column: ColumnDraft, codes: int) -> str:
    values = column.values
    told = [tr("必填")] if values.get("required") else []
    if values.get("unique"):
        told.append(tr("不重复"))
    if codes:
        told.append(tr("代码 {n}").format(n=codes))
    if values.get("decimals") is not None:
        told.append(tr("小数 {n}").format(n=values["decimals"]))
    kinds = {"text": tr("文字"), "number": tr("数字"), "date": tr("日期")}
    if values.get("format"):
        told.append(kinds[values["format"]])
    if values.get("max_length"):
        told.append(tr("≤ {n} 字").format(n=values["max_length"]))
    low, high = values.get("minimum"), values.get("maximum")
    if low is not None or high is not None:
        told.append(f"{'' if low is None else f'{low:.12g}'}–{'' if high is None else f'{high:.12g}'}")
    return phrased(told)
