"""What the overview opens: lines of what needs somebody, lists of sites, and how the figures are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.figures import Figures
from barrierfree.model.records import Site
from barrierfree.model.words import Status, VerdictKind
from barrierfree.store import SiteFilter, Store


@dataclass(frozen=True)
class WorkItem:
    """Something that needs somebody: its glyph (a status, or a line icon), words, figure and counting rule."""

    key: str
    text: str
    rule: str
    count: Callable[[Figures], int]
    open: Callable[[], object]
    symbol: str = ""
    icon: str = ""
    rare: bool = False


class WorkRow(QWidget):
    """A line of what needs somebody: glyph and words, how many, and the way to the list."""

    def __init__(self, item: WorkItem) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.item = item
        self._picture = QLabel()
        self._picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._text = label(item.text, wrap=True)
        self._figure = label("–", "strong")
        self.view = Button(tr("查看"), item.open, kind="link")
        policy = self.view.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.view.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self._figure)
        row.addWidget(self.view)
        self.setToolTip(item.rule)
        self._show(0)
        if item.rare:
            self.hide()

    def show_count(self, count: int) -> None:
        """Show how many; nothing to see is nothing to press."""
        self._show(count)
        self.view.setVisible(count > 0)
        self.setVisible(count > 0 or not self.item.rare)

    def _show(self, count: int) -> None:
        self.count = count
        self._figure.setText(f"{count:,}")
        self.view.setAccessibleName(tr("查看{what}：{n}").format(what=self.item.text, n=f"{count:,}"))
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        side, colours = tokens().text(18), tokens().palette
        if self.item.symbol:
            ink = icons.symbol_colour(self.item.symbol)
            self._picture.setPixmap(icons.symbol_pixmap(self.item.symbol, side))
        else:
            ink = colours.ink
            self._picture.setPixmap(icons.pixmap(self.item.icon, "ink", side))
        wanted = f"color: {ink if self.count else colours.muted};"
        if self._text.styleSheet() != wanted:
            self._text.setStyleSheet(wanted)


class SiteDialog(QDialog):
    """A short list of sites; Enter opens one, and the map shows those on show, by their ids."""

    def __init__(
        self, title: str, sites: Sequence[Site], on_open: Callable[[str], object],
        on_map: Callable[[tuple[str, ...]], object], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._on_open, self._on_map = on_open, on_map
        self.setWindowTitle(title)
        self.resize(tokens().text(720), tokens().text(520))
        self.table: RecordTable[Site] = RecordTable(
            (
                Column("name", tr("点位"), lambda s: s.name, symbol=lambda s: s.status.value, width=280, tinted=False,
                       detail=lambda s: s.code),
                Column("community", tr("社区"), lambda s: s.community, width=150, filterable=True),
                Column("status", tr("状态"), lambda s: tr(words.label(s.status)), width=110, filterable=True),
            ),
            lambda s: s.id,
            tr("点位"),
        )  # fmt: skip
        self.table.set_empty(tr("这里没有点位"), tr("可能刚刚处理完了。"))
        self.table.activated.connect(lambda site: self._open(site))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(10)
        layout.addWidget(label(title, "heading", wrap=True))
        layout.addWidget(self.table, 1)
        self.go = Button(tr("打开点位"), self._open_current, kind="primary", icon="survey")
        self.map_button = Button(tr("在地图上看"), self._show_on_map, icon="map", shortcut="Ctrl+M")
        self.map_button.setEnabled(bool(sites))
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), self.map_button, self.go, align_right=True))
        self.table.set_records(sites)
        if sites:
            self.table.select(sites[0].id)
        self.go.setEnabled(bool(sites))
        self.table.view.setFocus()

    def _show_on_map(self) -> None:
        records = self.table.model.records
        self.accept()
        self._on_map(tuple(records[number].id for number in self.table.model.numbers()))

    def _open_current(self) -> None:
        site = self.table.current()
        if site is not None:
            self._open(site)

    def _open(self, site: Site) -> None:
        self.accept()
        self._on_open(site.id)


class RulesDialog(QDialog):
    """How each figure of the overview is counted, in words."""

    def __init__(self, rules: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("计数规则"))
        self.resize(tokens().text(640), tokens().text(560))
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setSpacing(2)
        for name, rule in rules:
            column.addWidget(label(name, "strong", wrap=True))
            column.addWidget(label(rule, wrap=True))
            column.addSpacing(8)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.addWidget(FitScroll(inner), 1)
        close = Button(tr("关闭"), self.accept, kind="primary")
        layout.addWidget(FlowRow(close, align_right=True))
        close.setFocus()


# -- reading, in the threads of the tasks ---------------------------------------------------------------------------


def disputed(store: Store) -> list[Site]:
    """Sites with accepted inspections that disagree, or that want measuring again."""
    return store.sites(SiteFilter(statuses=(Status.QUESTION,)))


def chosen_sites(store: Store, ids: set[str]) -> list[Site]:
    """The sites with these ids, in walking order."""
    return [s for s in store.sites() if s.id in ids] if ids else []


def drafted(store: Store) -> list[Site]:
    """Sites where something is half filled on this device."""
    return store.sites(SiteFilter(drafted=True))


def in_conflict(store: Store) -> list[Site]:
    """Sites that were changed differently in two places, or whose findings were."""
    held = {s.id for s in store.sites(SiteFilter(has_conflict=True))}
    return chosen_sites(store, held | {f.site for f in store.findings() if f.conflict})


def not_met(store: Store, element: str) -> list[Site]:
    """Sites where an accepted inspection of ``element`` in force misses a rule."""
    found = store.inspections(current=True)
    return chosen_sites(
        store,
        {i.site for i in found if i.element == element and any(v.kind is VerdictKind.NOT_MET for v in i.verdicts)},
    )
