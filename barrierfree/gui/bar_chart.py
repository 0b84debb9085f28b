"""A bar chart of rows that are buttons, with its sentence in words and the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr

_INSET = 4  # px between the focus frame and the texts
_PATTERNS = {
    "good": Qt.BrushStyle.SolidPattern,
    "bad": Qt.BrushStyle.BDiagPattern,
    "warn": Qt.BrushStyle.Dense5Pattern,
    "other": Qt.BrushStyle.CrossPattern,
    "link": Qt.BrushStyle.VerPattern,
    "muted": Qt.BrushStyle.Dense6Pattern,
}


@dataclass(frozen=True)
class Segment:
    """A part of a bar: how much, in which colour of the palette (good, bad, warn, other, link, muted), its name."""

    value: float
    tone: str
    name: str = ""


@dataclass(frozen=True)
class BarRow:
    """A row: ``total`` is what the full width means (0: the largest sum of the chart), ``figure`` what is written."""

    key: str
    label: str
    segments: tuple[Segment, ...]
    figure: str
    total: float = 0.0
    symbol: str = ""


class BarChart(Card):
    """Shows ``BarRow``s; a row opens its list, "看表格" shows the figures as a table instead of bars.

    Signals:
        activated(str): the key of the row that was pressed.
    """

    activated = Signal(str)

    def __init__(self, title: str, legend: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._legend = label(legend, "small")
        if not legend:
            self._legend.hide()
        self.top.addWidget(self._legend)
        self._bars = QWidget()
        self._grid = QGridLayout(self._bars)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._table = QTableWidget()
        self._table.setAccessibleName(title)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.hide()
        self._sentence = label("", "small", wrap=True)
        self._toggle = Button(tr("看表格"), self._on_toggle, kind="link")
        self.body.addWidget(self._bars)
        self.body.addWidget(self._table, 1)
        self.body.addWidget(self._sentence)
        self.body.addWidget(FlowRow(self._toggle))
        self.body.addStretch(1)

    def set_rows(self, rows: Sequence[BarRow], sentence: str = "") -> None:
        """Show these rows and the sentence that says the same in words."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        largest = max((sum(s.value for s in row.segments) for row in rows), default=0.0)
        buttons = [_RowButton(row, row.total or largest) for row in rows]
        name_width = max((button.name_width() for button in buttons), default=0)
        figure_width = max((button.figure_width() for button in buttons), default=0)
        for number, button in enumerate(buttons):
            button.set_columns(name_width, figure_width)
            button.clicked.connect(lambda _checked=False, key=button.row.key: self.activated.emit(key))
            self._grid.addWidget(button, number, 0)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._fill_table(rows)

    def _fill_table(self, rows: Sequence[BarRow]) -> None:
        names = list(dict.fromkeys(s.name for row in rows for s in row.segments if s.name))
        self._table.clear()
        self._table.setColumnCount(2 + len(names))
        self._table.setRowCount(len(rows))
        self._table.setHorizontalHeaderLabels([tr("名称"), *names, tr("数值")])
        for number, row in enumerate(rows):
            values = {s.name: s.value for s in row.segments}
            cells = [row.label, *(f"{values.get(name, 0):,g}" for name in names), row.figure]
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(number, column, item)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self._table.verticalHeader().setDefaultSectionSize(tokens().text(32))
        self._table.setMinimumHeight(min(len(rows) + 2, 10) * tokens().text(32))

    def _on_toggle(self) -> None:
        show_table = self._table.isHidden()
        self._table.setVisible(show_table)
        self._bars.setVisible(not show_table)
        self._toggle.setText(tr("看图") if show_table else tr("看表格"))


class _RowButton(Button):
    def __init__(self, row: BarRow, total: float) -> None:
        super().__init__("", kind="row")
        self.row = row
        self._total = total
        self._columns = (0, 0)
        self._stacked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        parts = [f"{s.name} {s.value:g}" for s in row.segments if s.name]
        self.setAccessibleName(phrased([row.label, row.figure, *parts]))
        self.setToolTip("　".join([row.label, row.figure, *parts]))

    def name_width(self) -> int:
        symbol = tokens().text(18) + 8 if self.row.symbol else 0
        return symbol + self.fontMetrics().horizontalAdvance(self.row.label)

    def figure_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.row.figure)

    def set_columns(self, name: int, figure: int) -> None:
        self._columns = (name, figure)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._columns) + tokens().text(120), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._columns) + 30, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar goes below the words where it would be too short beside them."""
        super().resizeEvent(event)
        stacked = self.width() < sum(self._columns) + tokens().text(90)
        if stacked != self._stacked:
            self._stacked = stacked
            self.updateGeometry()

    def _height(self) -> int:
        return max(34, tokens().text(34)) + (tokens().text(20) if self._stacked else 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens().palette
        name, figure = self._columns
        thick = tokens().text(14)
        height = self.height() - (thick + 8 if self._stacked else 0)
        name = min(name, max(self.width() - figure - 24, 40))
        x = _INSET
        painter.setPen(QColor(colours.ink))
        if self.row.symbol:
            side = tokens().text(18)
            painter.drawPixmap(x, (height - side) // 2, icons.symbol_pixmap(self.row.symbol, side))
            painter.setPen(QColor(icons.symbol_colour(self.row.symbol)))
            x += side + 8
        text_room = QRectF(x, 0, name - (x - _INSET), height)
        text = self.fontMetrics().elidedText(self.row.label, Qt.TextElideMode.ElideRight, int(text_room.width()) + 1)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(text_room, Qt.AlignmentFlag.AlignLeft | middle, text)
        painter.setPen(QColor(colours.ink if self.row.symbol else colours.muted))
        painter.drawText(
            QRectF(self.width() - figure - _INSET, 0, figure + 1, height),
            Qt.AlignmentFlag.AlignRight | middle,
            self.row.figure,
        )
        if self._stacked:
            self._paint_bar(painter, QRectF(6, height - 2, self.width() - 12, thick))
        else:
            left = _INSET + name + 14
            self._paint_bar(painter, QRectF(left, (height - thick) / 2, self.width() - figure - 20 - left, thick))

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        if room.width() < 8:
            return
        colours = tokens().palette
        shape = QPainterPath()
        shape.addRoundedRect(room, 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(room, QColor(colours.track))
        x = room.x()
        for segment in self.row.segments:
            width = room.width() * segment.value / self._total if self._total else 0.0
            part = QRectF(x, room.y(), width, room.height())
            brush = QBrush(QColor(getattr(colours, segment.tone)))
            if tokens().is_contrast:
                brush.setStyle(_PATTERNS.get(segment.tone, Qt.BrushStyle.SolidPattern))
            painter.fillRect(part, brush)
            x += width
            if width and x < room.right() - 1:  # a gap, so that neighbours are told apart without colour
                painter.fillRect(QRectF(x - 1, room.y(), 2, room.height()), QColor(colours.surface))
        painter.setClipping(False)
        if tokens().is_contrast:
            painter.setPen(QPen(QColor(colours.ink), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room, 4, 4)
