"""What is seen of the list beside the map: its tools, the rows, and the card of the chosen site."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.map_tools import MapTools
from barrierfree.gui.record_cells import row_height
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.operations.map_list import PART, Row, told_late


class MapRows(QWidget):
    """The widgets alone; ``MapList`` says what they show and answers them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.tools = MapTools(context)
        self.table: RecordTable[Row] = RecordTable(
            (
                Column("what", tr("名称、状态和方位"), lambda r: r.title, symbol=lambda r: r.symbol, detail=_detail,
                       width=360, tinted=False, spoken=lambda r: r.sentence),
            ),
            lambda r: r.key, tr("列表"), filter_row=False, footer=False,
        )  # fmt: skip
        if tokens().large:
            self.table.setMinimumHeight(4 * row_height(detail=True))  # the column scrolls as a whole
        self.table.set_loading()
        self.more = Button(tr("再列 {n} 个").format(n=PART), kind="link")
        self.tools.told.addWidget(self.more)
        self.more.hide()
        self.card = Card(tr("选中的点位"), padding=12)
        self.status = SymbolLabel("", "", strong=True)
        self.about = label(tr("在地图或列表里选一个点位。"), "small", wrap=True)
        self.open = Button(tr("去检查"), kind="primary", icon="survey", tip=tr("打开检查表（Enter）"))
        self.place = Button(tr("改位置…"), icon="locate", shortcut="F2")
        self.ledger = Button(tr("看问题"), icon="rectification", tip=tr("在整改页打开这个问题"))
        self._build()

    def _build(self) -> None:
        self.ledger.hide()
        self.status.hide()
        for button in (self.open, self.place):
            button.setEnabled(False)
        self.card.top.addWidget(self.status)
        self.card.body.addWidget(self.about)
        self.card.body.addWidget(FlowRow(self.open, self.place, self.ledger))
        listed = Card(padding=1)
        listed.body.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tools)
        column.addWidget(listed, 1)
        column.addWidget(self.card)


def _detail(row: Row) -> str:
    """The second line: how it stands, what is urgent, and where it is."""
    where = row.where or (tr("没有位置") if row.site.lon is None else "")
    return " · ".join(part for part in (row.state, told_late(row.late), where) if part)
