"""Step 1: which file, which sheet, where its header stands, and the area it is for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QSpinBox, QVBoxLayout

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.import_assistant.work import Step, Work
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.inventory import FORMATS, Boundary, RawList
from barrierfree.operations import lists
from barrierfree.operations.lists import Reading
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

_MOST_REMARKS = 8
_READ_AFTER_MS = 500  # a header row is typed or counted up: the last one counts


class FileStep(Step):
    """Reads the file as soon as it is chosen, and says what it found."""

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.choose = Button(tr("选择清单…"), self._on_choose, kind="primary", icon="file")
        self.chosen = label(tr("也可以把文件拖到这里。支持 Excel、CSV、GeoJSON、GeoPackage、Shapefile。"), wrap=True)
        self.told = label("", "strong", wrap=True)
        self.remarks = label("", "muted", wrap=True)
        self._readable: Path | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_READ_AFTER_MS)
        self._later.timeout.connect(self._read_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        file = Card(tr("清单文件"))
        for widget in (FlowRow(self.choose), self.chosen, self.told, self.remarks):
            file.body.addWidget(widget)
        column.addWidget(file)
        self._details = self._build_details()
        column.addWidget(self._details)
        column.addWidget(self._build_area())
        column.addStretch(1)
        self._show()

    def _build_details(self) -> Card:
        card = Card(tr("怎样读这个文件"))
        self._sheet_title = label(tr("工作表"), "strong")
        self.sheet = QComboBox()
        self.sheet.setMaximumWidth(tokens().text(420))
        self._sheet_title.setBuddy(self.sheet)
        self.sheet.setAccessibleName(tr("工作表"))
        self.sheet.activated.connect(lambda _at: self._read(header_row=0))
        title = label(tr("列名（表头）在第几行"), "strong")
        self.header = QSpinBox()
        self.header.setRange(0, 1_048_576)
        self.header.setSpecialValueText(tr("没有列名"))
        self.header.setAccessibleName(tr("列名（表头）在第几行"))
        self.header.setMaximumWidth(tokens().text(200))
        self.header.lineEdit().setTextMargins(8, 0, 0, 0)
        self.header.valueChanged.connect(lambda _row: self._later.start())
        title.setBuddy(self.header)
        for widget in (self._sheet_title, self.sheet, title, self.header):
            card.body.addWidget(widget)
        return card

    def _build_area(self) -> Card:
        card = Card(tr("只导入边界以内（可不选）"))
        self.area = label("", "muted", wrap=True)
        self.area_all = Button(tr("不限"), partial(self._set_area, None))
        card.body.addWidget(FlowRow(Button(tr("选择边界文件…"), self._on_area, icon="file"), self.area_all))
        card.body.addWidget(self.area)
        return card

    def enter(self) -> None:
        """The cursor where the next thing is to be done."""
        (self.choose if self._work.raw is None else self.header).setFocus()

    def fault(self) -> str:
        """A file must have been read."""
        if self._later.isActive():
            return tr("正在读取清单")
        return self.busy or ("" if self._work.raw is not None else tr("请选择清单文件。"))

    def take(self, file: Path) -> None:
        """Read this file."""
        self._work.path, self._work.raw = file, None
        self._read(header_row=0, sheet="")

    def _on_choose(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in FORMATS)
        file, _ = QFileDialog.getOpenFileName(self, tr("选择清单"), "", tr("清单 ({p})").format(p=patterns))
        if file:
            self.take(Path(file))

    def _read_again(self) -> None:
        self._read(header_row=self.header.value() or -1)

    def _read(self, *, header_row: int, sheet: str | None = None) -> None:
        path, wanted = self._work.path, self.sheet.currentText() if sheet is None else sheet
        if path is None:
            return
        self._later.stop()

        def operation(store: Store, progress: Progress) -> tuple[RawList, Reading]:
            raw = lists.read_list(path, wanted, header_row=header_row, progress=progress)
            return raw, lists.suggest_reading(store, raw)

        self.start(operation, tr("正在读取清单"), self._on_read)
        self._show()

    def _on_read(self, found: tuple[RawList, Reading]) -> None:
        work = self._work
        work.raw, work.suggested = found
        self._readable = work.path
        work.columns = dict(work.suggested.columns)
        work.datum, work.swapped = "", False
        work.forget_decisions()
        self._show()
        self.header.setFocus()

    def gave_up(self) -> None:
        """Nothing is in hand; another file can be chosen."""
        self._work.raw = None
        self._show()

    def _show(self) -> None:
        raw, path = self._work.raw, self._work.path
        if path is not None:
            self.chosen.setText(str(path))
        self.told.setText(self.busy if self.busy else "" if raw is None else _told(raw))
        self.told.setVisible(bool(self.told.text()))
        remarks = [] if raw is None else _remarks(raw)
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        self._details.setVisible(path is not None and path == self._readable)
        if raw is not None:
            self._show_details(raw)
        within = self._work.within
        self.area.setText(
            tr("不限：清单里的点位都导入，离其他点位 100 公里以外的除外。")
            if within is None
            else tr("只导入“{file}”以内的点位，其余列为“边界以外”。").format(file=within.name)
        )
        self.area_all.setVisible(within is not None)

    def _show_details(self, raw: RawList) -> None:
        self.sheet.clear()
        self.sheet.addItems(list(raw.sheets))
        self.sheet.setCurrentText(raw.sheet)
        for widget in (self._sheet_title, self.sheet):
            widget.setVisible(len(raw.sheets) > 1)
        self.header.blockSignals(True)
        self.header.setValue(raw.header_row)
        self.header.blockSignals(False)

    # -- area -------------------------------------------------------------------------------------------------------

    def _on_area(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("选择边界"), "", "GeoJSON (*.geojson *.json)")
        if file:
            self.take_area(Path(file))

    def take_area(self, file: Path) -> None:
        """Only what lies inside this outline, once it could be read."""
        self._context.tasks.compute(
            partial(_checked_area, file), self._set_area, lambda error: self.failed.emit(error), context=self
        )

    def _set_area(self, file: Path | None) -> None:
        self._work.within = file
        self._show()
        self.changed.emit()


def _checked_area(file: Path) -> Path:
    Boundary.read(file)
    return file


def _told(raw: RawList) -> str:
    """What was found, in one line."""
    header = tr("列名在第 {row} 行").format(row=raw.header_row) if raw.header_row else tr("没有列名")
    parts = [
        tr("{encoding} 编码").format(encoding=raw.encoding.upper().removesuffix("-SIG")) if raw.encoding else "",
        tr("工作表“{sheet}”").format(sheet=raw.sheet) if raw.sheet else "",
        header,
        tr("{rows} 行，{columns} 列").format(rows=f"{len(raw.rows):,}", columns=len(raw.headers)),
    ]
    return tr("{text}。").format(text=phrased(part for part in parts if part))


def _remarks(raw: RawList) -> list[str]:
    """What was odd about the file, and about the first rows that were."""
    faults = raw.faults[:_MOST_REMARKS]
    found = [*raw.remarks, *(tr("第 {row} 行：{text}").format(row=f.row, text=f.reason) for f in faults)]
    shown = [f"· {text}" for text in found[:_MOST_REMARKS]]
    left = len(raw.remarks) + len(raw.faults) - len(shown)
    if left:
        shown.append(tr("……还有 {n} 条").format(n=f"{left:,}"))
    return shown
