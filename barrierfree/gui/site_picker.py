"""Finds a site by name, address or code, and one of its elements or the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from barrierfree.errors import StepRefused
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.search_line import SearchLine
from barrierfree.gui.site_actions import add_new_site
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, tr
from barrierfree.model.records import Site
from barrierfree.store import SiteFilter, Store

ASK_AFTER_MS: Final = 150
_MOST: Final = 50


@dataclass(frozen=True)
class _Found:
    """A chosen site and the elements it has, with their numbers."""

    site: Site
    elements: tuple[tuple[str, int], ...]


class SitePicker(QWidget):
    """Read ``site`` (None while none is chosen), ``element`` and ``number`` ('' and 1: the whole site).

    Signals:
        chosen: a site was chosen.
        failed(Exception): something could not be read or stored.
    """

    chosen = Signal()
    failed = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self.site: Site | None = None
        self.search = SearchLine(tr("搜索名称、地址、编码、拼音首字母"))
        self.search.setAccessibleName(tr("搜索点位"))
        self.search.down.connect(self._into_list)
        self.table: RecordTable[Site] = RecordTable(
            (
                Column("name", tr("点位"), lambda s: s.name, symbol=lambda s: s.status.value, width=330, tinted=False,
                       detail=lambda s: " · ".join(p for p in (s.code, s.address) if p)),
                Column("community", tr("社区"), lambda s: s.community, width=140),
            ),
            lambda s: s.id, tr("点位"), filter_row=False,
        )  # fmt: skip
        self.table.setFixedHeight(tokens().text(196))
        self.table.set_empty(tr("没有这样的点位"), tr("换一个词，或按“新增点位…”。"))
        self.table.selection_changed.connect(lambda _chosen: self._on_selected())
        self.told = label(tr("还没有选点位。"), "strong", wrap=True)
        self.add_button = Button(tr("新增点位…"), self.add_site, icon="add")
        self.element_box = QComboBox()
        self.element_box.setAccessibleName(tr("哪个元素"))
        self.table.activated.connect(lambda _one: self.element_box.setFocus())
        self._show_elements(())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.search, self.table, FlowRow(self.add_button), self.told, self.element_box):
            layout.addWidget(widget)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(ASK_AFTER_MS)
        self._later.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self._ask()

    @property
    def element(self) -> str:
        """The element type chosen, '' for the whole site."""
        return str(self.element_box.currentData()[0])

    @property
    def number(self) -> int:
        """Which of several elements of one type."""
        return int(self.element_box.currentData()[1])

    def needed(self) -> Site:
        """The chosen site. Without one the cursor goes to the search, and ``StepRefused`` says what to do."""
        if self.site is None:
            self.search.setFocus()
            raise StepRefused(tr("请先选一个点位。"), tr("输入名称、地址或编码查找，按下箭头键进入列表。"))
        return self.site

    def add_site(self) -> None:
        """Add a site that is not there, and go on with it."""
        dialog = SiteDialog(self._context, None, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._add(dialog))
        dialog.known.connect(self.choose)
        dialog.open()

    def _add(self, dialog: SiteDialog) -> None:
        add_new_site(self._context, dialog.values, dialog.declined, self.choose, self.failed.emit, self)

    def choose(self, site: str) -> None:
        """Choose the site with this id."""

        def read(store: Store) -> _Found:
            elements = tuple((c.element, c.number) for c in store.checkpoints(site))
            return _Found(store.site(site), elements)

        self._context.tasks.read(read, self._on_found, self.failed.emit, replaces="picker.site", context=self)

    def _ask(self) -> None:
        text = self.search.text().strip()

        def read(store: Store) -> tuple[Site, ...]:
            return store.find_sites(SiteFilter(text=text, in_force=True), _MOST).sites

        self._context.tasks.read(read, self.table.set_records, self.failed.emit, replaces="picker.list", context=self)

    def _into_list(self) -> None:
        if self.table.model.rowCount():
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.select(self.table.model.record(0).id)

    def _on_selected(self) -> None:
        selected = self.table.selected()
        if len(selected) == 1:
            self.choose(selected[0].id)

    def _on_found(self, found: _Found) -> None:
        self.site = found.site
        self.told.setText(tr("点位：{name}").format(name=bracketed(found.site.name, found.site.code)))
        self._show_elements(found.elements)
        self.chosen.emit()

    def _show_elements(self, elements: tuple[tuple[str, int], ...]) -> None:
        self.element_box.clear()
        self.element_box.addItem(self._context.element_name(""), ("", 1))
        for element, number in elements:
            self.element_box.addItem(self._context.element_name(element, number), (element, number))
