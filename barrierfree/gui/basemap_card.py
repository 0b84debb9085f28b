"""The settings page's card of the basemaps: what is installed, whether it covers this survey, adding and removing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree.gui.basemap_work import BasemapWork, Known, is_coarse
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.i18n import named, tr


class BasemapCard(Card):
    """A row for each basemap; files may be dropped on it."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(tr("底图"))
        self.work = BasemapWork(context, page)
        self.setAcceptDrops(True)
        hint = tr("地图下面的道路和建筑图，不用联网。可以添加 MBTiles、PMTiles 文件，也可以拖到这里。")
        osm = tr("也可以添加 OpenStreetMap 的摘录（.osm、.osm.pbf），只取本普查的范围。")
        for text in (hint, osm):
            self.body.addWidget(label(text, "muted", wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._rows)
        self.add = Button(tr("添加底图…"), self.work.ask_file, icon="add")
        self.none = Button(tr("不用底图"), lambda: self.work.choose(""))
        self.body.addWidget(FlowRow(self.add, self.none))
        self.work.listed.connect(self._show)
        self._show([])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the first file, whatever it is called: its content says what it is."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.work.add(files[0])

    def _show(self, known: list[Known]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for one in known:
            self._rows.addWidget(self._row(one))
        if not known:
            self._rows.addWidget(label(tr("还没有底图。没有底图时，地图显示网格、比例尺和范围线。"), wrap=True))
        self.none.setVisible(self.work.choice is not None)

    def _row(self, known: Known) -> QWidget:
        row = QWidget()
        row.setProperty("role", "plain")
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        title = known.basemap.title
        column.addWidget(label(title, "strong", wrap=True))
        column.addWidget(label(known.facts, "muted", wrap=True))
        fault = known.basemap.fault
        if fault is not None:
            column.addWidget(label(fault.message, tone="bad", wrap=True))
            column.addWidget(label(fault.advice, "muted", wrap=True))
        elif known.cover != "all":
            text = tr("不覆盖本普查的范围。") if known.cover == "none" else tr("只覆盖本普查范围的一部分。")
            column.addWidget(label(text, tone="warn", wrap=True))
        elif known.basemap.info is not None and is_coarse(known.basemap.info):
            column.addWidget(label(tr("没有街道那么细，缩小地图才看得到。"), "muted", wrap=True))
        use = Button(tr("使用这个底图"), lambda: self.work.choose(known.name))
        use.setAccessibleName(named(tr("使用这个底图"), title))
        if known.basemap.file == self.work.choice:
            use.setText(tr("正在使用"))
            use.set_icon("check")
        use.setEnabled(fault is None and known.basemap.file != self.work.choice)
        remove = Button(tr("删除…"), lambda: self.work.remove(known), icon="delete")
        remove.setAccessibleName(named(tr("删除底图"), title))
        column.addWidget(FlowRow(use, remove))
        return row
