"""Step 2: which column is what, above the first rows as they will be stored."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from barrierfree import inventory
from barrierfree.gui import notices
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.import_assistant.preview import Preview, preview
from barrierfree.gui.import_assistant.work import Step, Work
from barrierfree.gui.labels import ElidedLabel, label, set_tone
from barrierfree.gui.theme import tokens
from barrierfree.i18n import named, tr
from barrierfree.inventory import FIELDS, RawList

SHOWN = 12  # rows of the preview
_WIDTH = 180  # px of a column at 100 %


class ColumnsStep(Step):
    """A head with a choice for every column; a field belongs to one column at most."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.combos: list[QComboBox] = []
        self.preview = Preview()
        self._shown_list: RawList | None = None
        self._computing = 0
        self._cells: list[list[ElidedLabel]] = []
        self._rows: list[QLabel] = []
        self._reasons: list[ElidedLabel] = []
        self.remark = label("", "muted", wrap=True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(tr("列和前几行"))
        card = Card(tr("每一列是什么？下面是前几行存进普查时的样子"))
        card.body.addWidget(self.remark)
        card.body.addWidget(self._scroll, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def enter(self) -> None:
        """Show the columns of the list in hand."""
        raw = self._work.raw
        if raw is not None and raw is not self._shown_list:
            self._shown_list = raw
            self._build(raw)
        self._ask()
        if self.combos:
            self.combos[min(self._work.columns.values(), default=0)].setFocus()

    def fault(self) -> str:
        """A list needs names, and whole coordinates or none."""
        return tr("正在读取前几行") if self._computing else self.preview.fault

    def _build(self, raw: RawList) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        grid = QGridLayout(inner)
        grid.setContentsMargins(2, 2, 10, 2)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        self.combos, self._cells = [], []
        count = min(SHOWN, len(raw.rows))
        self._rows = [label(tr("第 {row} 行").format(row=raw.row_numbers[i]), "small") for i in range(count)]
        self._reasons = [ElidedLabel("", "small") for _ in range(count)]
        for at, row in enumerate(self._rows):
            grid.addWidget(row, at + 2, 0)
            grid.addWidget(self._reasons[at], at + 2, len(raw.headers) + 1)
            set_tone(self._reasons[at], "warn")
        fields = self._work.columns
        for column, header in enumerate(raw.headers):
            name = ElidedLabel(header, "strong")
            combo = self._combo(header, next((f for f, at in fields.items() if at == column), ""))
            name.setBuddy(combo)
            cells = [ElidedLabel("") for _ in range(count)]
            for at, widget in enumerate((name, combo, *cells)):
                widget.setFixedWidth(tokens().text(_WIDTH))
                grid.addWidget(widget, at, column + 1)
            combo.activated.connect(partial(self._on_chosen, column))
            self.combos.append(combo)
            self._cells.append(cells)
        grid.setRowStretch(count + 2, 1)
        grid.setColumnStretch(len(raw.headers) + 1, 1)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll.setWidget(inner)

    @staticmethod
    def _combo(header: str, chosen: str) -> QComboBox:
        combo = QComboBox()
        combo.addItem(tr("不导入"), "")
        for field in FIELDS:
            combo.addItem(inventory.field_label(field), field)
        combo.setCurrentIndex(combo.findData(chosen))
        combo.setAccessibleName(tr("列“{header}”是").format(header=header))
        return combo

    def _on_chosen(self, column: int, _index: int) -> None:
        field = str(self.combos[column].currentData())
        columns = {f: at for f, at in self._work.columns.items() if at != column}
        if field:
            before = columns.get(field)
            if before is not None:  # one column for each field: the earlier one lets go of it
                self.combos[before].setCurrentIndex(0)
                header = self._shown_list.headers[before] if self._shown_list else ""
                notices.announce(self, tr("列“{header}”改为不导入").format(header=header))
            columns[field] = column
        self._work.columns = columns
        self._ask()

    def _ask(self) -> None:
        raw, columns, definition = self._work.raw, dict(self._work.columns), self._context.survey.definition
        if raw is None:
            return
        self._computing += 1
        self._context.tasks.compute(lambda: preview(raw, columns, definition), self._show, self._on_error, context=self)
        self.changed.emit()

    def _on_error(self, error: Exception) -> None:
        self._computing -= 1
        self.failed.emit(error)
        self.changed.emit()

    def _show(self, found: Preview) -> None:
        self._computing -= 1
        if self._computing:
            return
        self.preview = found
        raw = self._shown_list
        if raw is not None:
            self._show_cells(raw, found)
        self._show_note()
        self.changed.emit()

    def _show_cells(self, raw: RawList, found: Preview) -> None:
        field_of = {at: field for field, at in self._work.columns.items()}
        for column, cells in enumerate(self._cells):
            field = field_of.get(column, "")
            for at, cell in enumerate(cells):
                stored = found.rows[at].cells.get(field) if field and at < len(found.rows) else None
                cell.setText(raw.rows[at][column] if stored is None else stored)
                cell.setEnabled(stored is not None)
                cell.setAccessibleName(named(raw.headers[column], cell.text()) if stored else "")
        for at, reason in enumerate(self._reasons):
            reason.setText(found.rows[at].reason if at < len(found.rows) else "")

    def _show_note(self) -> None:
        work, lines = self._work, []
        if work.suggested is not None and work.suggested.remembered:
            if dict(work.suggested.columns) == work.columns:
                lines.append(tr("上次同样列名的清单就是这样选的。"))
        else:
            lines.append(tr("已按列名和内容选好，请核对。选了“不导入”的列不会存进普查。"))
        phones = self._phone_columns()
        if phones and "phone" not in work.columns:
            lines.append(tr("列“{header}”像电话：电话不导入，除非在这里选择。").format(header=phones[0]))
        if not work.has_coordinates:
            lines.append(tr("没有选坐标列：点位都没有位置，将跳过坐标系这一步。"))
        self.remark.setText(" ".join(lines))

    def _phone_columns(self) -> list[str]:
        """Columns that are called as telephone numbers are."""
        raw, words = self._work.raw, FIELDS["phone"]
        headers = raw.headers if raw is not None else ()
        return [h for h in headers if any(w in h.lower() for w in words)]
