"""Step 2: the sheets of the template: which are filled, one row per what, where their titles stand."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.profile_editor.field_words import ROW_KINDS
from barrierfree.gui.profile_editor.work import EditorStep, Work
from barrierfree.gui.tab_strip import TabStrip
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.operations import template_looks
from barrierfree.operations.profile_drafts import SheetDraft
from barrierfree.workbook import SheetHeaders
from barrierfree.workbook.profile import column_letter
from barrierfree.workbook.template_headers import headers_at

LINES = 12  # rows of the sheet on show


class TemplateStep(EditorStep):
    """A tab per sheet; its first rows below, the titles in bold, so that wrong rows are seen."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.tabs = TabStrip(tr("模板的工作表"))
        self.tabs.chosen.connect(lambda _name: self._show_sheet())
        self.filled = QCheckBox(tr("填写这张工作表"))
        self.filled.toggled.connect(self._on_filled)
        self.kind = ChoiceButtons([(key, tr(text)) for key, text in ROW_KINDS], tr("一行写什么"))
        self.kind.chosen.connect(self._on_kind)
        self.header, self.lines, self.first = (QSpinBox() for _ in range(3))
        self.remark = label("", tone="bad", wrap=True)
        card = Card(tr("每张工作表怎样填"))
        for widget in (self.tabs, self.filled, self.kind):
            card.body.addWidget(widget)
        fields = FlowRow(spacing=16)
        for spin, title, most in (
            (self.header, tr("列名（最后一行）在第几行"), 1000),
            (self.lines, tr("列名共几行"), 5),
            (self.first, tr("第一条记录在第几行"), 1000),
        ):
            spin.setRange(1, most)
            spin.setAccessibleName(title)
            spin.lineEdit().setTextMargins(8, 0, 0, 0)
            spin.setKeyboardTracking(False)
            spin.setMinimumWidth(tokens().text(110))
            spin.valueChanged.connect(partial(self._on_rows, spin))
            name = label(title, "strong")
            name.setBuddy(spin)
            pair = QWidget()
            pair.setProperty("role", "plain")
            beside = QHBoxLayout(pair)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.addWidget(name)
            beside.addWidget(spin)
            fields.add(pair)
        card.body.addWidget(fields)
        card.body.addWidget(self.remark)
        self.grid = QTableWidget()
        self.grid.setAccessibleName(tr("工作表的前几行"))
        self.grid.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.grid.setMinimumHeight(tokens().text(220))
        self.grid.setTabKeyNavigation(False)
        card.body.addWidget(self.grid, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def enter(self) -> None:
        """Show the sheets of the template in hand."""
        draft = self._work.draft
        if draft is None:
            return
        self._name_tabs(self.tabs.current())
        self._show_sheet()
        self.tabs.setFocus()

    def sheet(self) -> SheetDraft | None:
        """The sheet in sight."""
        draft = self._work.draft
        return next((s for s in draft.sheets if s.name == self.tabs.current()), None) if draft else None

    def _name_tabs(self, current: str) -> None:
        draft = self._work.draft
        sheets = [s for s in draft.sheets if not s.hidden or s.filled] if draft else []
        names = [s.name for s in sheets]
        chosen = current if current in names else next((s.name for s in sheets if s.filled), "")
        self.tabs.set_tabs(
            [(s.name, s.name.replace("&", "&&"), "met" if s.filled else "not_surveyed") for s in sheets], chosen
        )
        for sheet in sheets:
            self.tabs.set_status(
                sheet.name, "met" if sheet.filled else "not_surveyed", tr("填写") if sheet.filled else tr("不填")
            )

    def _show_sheet(self) -> None:
        sheet, draft = self.sheet(), self._work.draft
        if sheet is None or draft is None:
            return
        values = ((self.header, sheet.header_row), (self.lines, sheet.header_rows), (self.first, sheet.first_row))
        for spin, value in values:
            spin.blockSignals(True)
            spin.setValue(value)
            spin.setEnabled(sheet.filled)
            spin.blockSignals(False)
        self.filled.blockSignals(True)
        self.filled.setChecked(sheet.filled)
        self.filled.blockSignals(False)
        self.kind.set_value(sheet.rows)
        self.kind.setEnabled(sheet.filled)
        self._say(sheet)
        template, name = draft.template, sheet.name
        self._context.tasks.compute(
            lambda: template_looks.first_lines(template, name, LINES),
            partial(self._show_lines, sheet), self._on_lines_failed, context=self,
        )  # fmt: skip

    def _on_lines_failed(self, error: Exception) -> None:
        self.grid.setRowCount(0)
        self.failed.emit(error)

    def _show_lines(self, sheet: SheetDraft, lines: tuple[tuple[str, ...], ...]) -> None:
        if sheet is not self.sheet():
            return
        width = len(lines[0]) if lines else 0
        self.grid.setRowCount(len(lines))
        self.grid.setColumnCount(width)
        self.grid.setHorizontalHeaderLabels([column_letter(at + 1) for at in range(width)])
        bold = QFont(self.grid.font())
        bold.setBold(True)
        titles = range(sheet.header_row - sheet.header_rows, sheet.header_row)
        for row, cells in enumerate(lines):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if row in titles:
                    item.setFont(bold)
                    item.setBackground(QBrush(QColor(tokens().palette.selection)))
                    item.setForeground(QBrush(QColor(tokens().palette.on_selection)))
                self.grid.setItem(row, column, item)
        for column in range(width):
            self.grid.setColumnWidth(column, tokens().text(130))
        self.grid.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.grid.verticalHeader().setDefaultSectionSize(tokens().text(32))

    def _say(self, sheet: SheetDraft) -> None:
        fault = ""
        if sheet.filled and (sheet.header_rows > sheet.header_row or sheet.first_row <= sheet.header_row):
            fault = sheet.fault()
        self.remark.setText(fault)
        self.remark.setVisible(bool(fault))

    def _on_filled(self, on: bool) -> None:
        sheet = self.sheet()
        if sheet is not None:
            sheet.filled = on
            self._name_tabs(sheet.name)
            self._show_sheet()
            self.changed.emit()

    def _on_kind(self, kind: object) -> None:
        sheet = self.sheet()
        known = next((key for key, _ in ROW_KINDS if key == kind), None)
        if sheet is not None and known is not None:
            sheet.rows = known
            self.changed.emit()

    def _on_rows(self, spin: QSpinBox, _value: int) -> None:
        sheet, draft = self.sheet(), self._work.draft
        if sheet is None or draft is None:
            return
        if spin is self.header and sheet.first_row == sheet.header_row + 1:  # it stays the row below
            self.first.blockSignals(True)
            self.first.setValue(self.header.value() + 1)
            self.first.blockSignals(False)
        sheet.header_row, sheet.header_rows = self.header.value(), self.lines.value()
        sheet.first_row = self.first.value()
        self._say(sheet)
        if spin is not self.first and sheet.header_rows <= sheet.header_row:
            template, row, count = draft.template, sheet.header_row, sheet.header_rows
            self._context.tasks.compute(
                lambda: headers_at(template, sheet.name, row, count),
                partial(self._on_titles, sheet, row, count), self.failed.emit, context=self,
            )  # fmt: skip
        self.changed.emit()

    def _on_titles(self, sheet: SheetDraft, row: int, count: int, found: SheetHeaders) -> None:
        if (sheet.header_row, sheet.header_rows) == (row, count):
            sheet.retitle(found)
            self._show_sheet()
            self.changed.emit()
