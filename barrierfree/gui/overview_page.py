"""The overview page: figures with their counting rules, charts, what needs somebody now, and the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from barrierfree.gui.bar_chart import BarChart, BarRow, Segment
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card, CardGrid, NumberCard
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.overview_lists import (
    RulesDialog,
    SiteDialog,
    WorkItem,
    WorkRow,
    chosen_sites,
    disputed,
    drafted,
    in_conflict,
    not_met,
)
from barrierfree.gui.page import Page
from barrierfree.gui.theme import tokens
from barrierfree.gui.trend_dialog import TrendDialog
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.figures import LEVEL_WORDS, Figures, Level, PlaceFigures
from barrierfree.model.records import Changes, Site
from barrierfree.model.words import FindingState
from barrierfree.operations.map_list import Picked
from barrierfree.store import FindingFilter, Store

_WIDE = 980  # px at 100 %: from here on what needs somebody stands beside the figures
_STATE_TONES = {
    FindingState.CLAIMED: "warn", FindingState.RECTIFIED: "good", FindingState.SOFT_SERVICE: "other",
    FindingState.TRANSFERRED: "other", FindingState.DUPLICATE: "muted", FindingState.INVALID: "muted",
}  # fmt: skip


class OverviewPage(Page):
    """Only accepted records count; every number says how it was counted and opens the list behind it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("总览"), parent)
        self._context = context
        self._figures: Figures | None = None
        self._wide = True
        self.header.set_sample(context.survey.sample)
        self.rules = Button(tr("计数规则"), self.show_rules, icon="help")
        self.report = Button(tr("报告…"), self.ask_report, kind="primary", icon="report", shortcut="Ctrl+E")
        self.trends = Button(tr("趋势…"), self.show_trends, icon="overview", shortcut="Ctrl+T",
                             tip=tr("每周和各处发现、处理了多少，未关闭的有多久，各条文的结果"))  # fmt: skip
        self.header.add_action(self.rules)
        self.header.add_action(self.trends)
        self.header.add_action(self.report)
        self._build_cards()
        self._build_charts()
        self._build_work()
        self._build_empty()
        self._build()

    # -- building -------------------------------------------------------------------------------------------------

    def _build_cards(self) -> None:
        go = self._context.go
        self.sites = NumberCard(tr("点位"), lambda: go("survey", None))
        self.visited = NumberCard(tr("已走访"), lambda: go("review", "all"))
        self.findings = NumberCard(tr("问题"), lambda: go("rectification", FindingFilter()), tone="bad")
        self.rectified = NumberCard(
            tr("已整改（销号）"), lambda: go("rectification", FindingFilter(states=(FindingState.RECTIFIED,))),
            tone="good",
        )  # fmt: skip
        for card, (_name, rule) in zip(self._cards, _rules(), strict=False):
            card.setToolTip(tr("{rule}\n按下打开列表。").format(rule=rule))
            card.setAccessibleDescription(rule)
        self._numbers = CardGrid(*self._cards, column_width=180)

    @property
    def _cards(self) -> tuple[NumberCard, NumberCard, NumberCard, NumberCard]:
        return self.sites, self.visited, self.findings, self.rectified

    def _build_charts(self) -> None:
        rules = dict(_rules())
        legend = tr("达标 · 有问题 · 未普查")
        self.communities = BarChart(tr("各社区完成情况"), legend)
        self.level = QComboBox()
        self.level.setAccessibleName(tr("按哪一级列出完成情况"))
        self.level.currentIndexChanged.connect(lambda _at: self._show_level())
        self.communities.top.addWidget(self.level)
        self.states = BarChart(tr("问题状态"))
        self.elements = BarChart(tr("各类元素检查结果"), tr("达标 · 不达标"))
        for chart in (self.communities, self.states, self.elements):
            name = chart.title.text()
            chart.title.setToolTip(rules.get(name, ""))
            chart.setAccessibleDescription(rules.get(name, ""))
        go = self._context.go
        self.communities.activated.connect(
            lambda key: go("rectification", FindingFilter.model_validate({self._level: key}))
        )
        self.states.activated.connect(lambda key: go("rectification", FindingFilter(states=(FindingState(key),))))
        self.elements.activated.connect(self._on_element)
        right = QWidget()
        right.setProperty("role", "plain")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.states)
        column.addWidget(self.elements, 1)
        self._charts = CardGrid(self.communities, right, column_width=360)

    def _build_work(self) -> None:
        self.work = Card(tr("需要处理"))
        self.work.body.setSpacing(0)
        self.rows: dict[str, WorkRow] = {}
        for item in self._work_items():
            if self.rows and not item.rare:
                line = Card(padding=0)
                line.setProperty("role", "rule")
                self.work.body.addWidget(line)
            row = WorkRow(item)
            self.rows[item.key] = row
            self.work.body.addWidget(row)
        self._news = label("", "small", wrap=True)
        self._news.setContentsMargins(0, 12, 0, 0)
        self.work.body.addWidget(self._news)
        self.work.body.addStretch(1)

    def _work_items(self) -> tuple[WorkItem, ...]:
        go = self._context.go
        ask = self._ask_sites
        return (
            WorkItem("pending", tr("待审核的走访"), tr("已提交、还没有审核的走访；不计入任何结果。"),
                     lambda f: f.pending_visits, lambda: go("review", "pending"), symbol="pending"),
            WorkItem("claimed", tr("待验收的整改"), tr("已报整改完成、等待另一人复检的问题。"),
                     lambda f: f.by_state[FindingState.CLAIMED], lambda: go("rectification", "claimed"),
                     symbol="claimed"),
            WorkItem("overdue", tr("已超期的问题"), tr("未关闭且整改期限早于今天的问题。"),
                     lambda f: f.overdue, lambda: go("rectification", "overdue"), symbol="open"),
            WorkItem("disputed", tr("待复核的点位"), tr("两次通过审核的检查结论不同，或需要复测、核对的点位。"),
                     lambda f: f.disputed, lambda: ask(tr("待复核的点位"), disputed), symbol="question"),
            WorkItem("bare", tr("没有位置的点位"), tr("清单里没有坐标、地图上看不到的点位。"),
                     lambda f: f.without_position, lambda: go("map", "without_position"), symbol="not_surveyed"),
            WorkItem("city_rejected", tr("市系统退回的记录"), tr("市系统退回、之后还没有再报送的记录。"),
                     lambda f: f.city_rejected, lambda: go("batches", "rejected"), icon="batches", rare=True),
            WorkItem("returned", tr("退回的走访"), tr("审核退回、之后还没有重新走访的走访。"),
                     lambda f: f.returned_visits, self._show_returned, icon="undo"),
            WorkItem("drafts", tr("草稿"), tr("这台电脑上填了一半、还没有提交的检查；不计入任何结果。"),
                     lambda f: f.drafts, lambda: ask(tr("草稿"), drafted), icon="file"),
            WorkItem("conflicts", tr("冲突"), tr("两台电脑对同一项作了不同修改，等待裁定的点位和问题。"),
                     lambda f: f.conflicts, lambda: ask(tr("冲突"), in_conflict), symbol="question"),
            WorkItem("waiting", tr("等待其他数据包"), tr("已收到、但所属的点位还没有收到的记录。"),
                     lambda f: f.waiting, lambda: go("data", None), icon="import", rare=True),
        )  # fmt: skip

    def _build_empty(self) -> None:
        self.empty = Card(tr("这份普查还没有点位"))
        self.empty.body.addWidget(
            label(tr("请在“数据”页导入设施清单。导入以后，这里会显示进度、问题和需要处理的事情。"), wrap=True)
        )
        self.to_data = Button(tr("打开“数据”页"), lambda: self._context.go("data", None), kind="primary", icon="import")
        self.empty.body.addWidget(FlowRow(self.to_data))
        self.empty.body.addStretch(1)
        self.empty.hide()

    def _build(self) -> None:
        content = QWidget()
        content.setProperty("role", "plain")
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(12, 12, 12, 12)
        self._grid.setSpacing(12)
        self._place()
        self._scroll = FitScroll(content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.empty)
        self.body.addWidget(self._scroll, 1)

    def _place(self) -> None:
        parts: tuple[QWidget, ...] = (self._numbers, self._charts, self.work)
        for part in parts:
            self._grid.removeWidget(part)
        places = [(0, 0, 1), (1, 0, 1), (0, 1, 2)] if self._wide else [(0, 0, 1), (2, 0, 1), (1, 0, 1)]
        for part, (row, column, rows) in zip(parts, places, strict=True):
            self._grid.addWidget(part, row, column, rows, 1)
        self.work.setMinimumWidth(tokens().text(300) if self._wide else 0)
        self.work.setMaximumWidth(tokens().text(300) if self._wide else 16_777_215)
        self._grid.setRowStretch(1, int(self._wide))
        self._grid.setRowStretch(2, int(not self._wide))
        self._grid.setColumnStretch(0, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What needs somebody goes below the figures where there is no room beside them."""
        super().resizeEvent(event)
        wide = self.width() >= tokens().text(_WIDE)
        if wide != self._wide:
            self._wide = wide
            self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs higher cards."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_numbers"):
            QTimer.singleShot(0, self, self._hold_cards)  # the cards get their style after the page

    def _hold_cards(self) -> None:
        """The style sheet's least height of buttons would let the layout press the three lines of a card together."""
        for card in self._cards:
            card.setMinimumHeight(card.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The content scrolls, so the page may be small."""
        return QSize(tokens().text(240), tokens().text(200))

    # -- page -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Count again when the page comes into sight."""
        self._context.tasks.read(
            lambda store: store.figures(), self._show_figures, self.messages.show_error, replaces="overview"
        )

    def apply_changes(self, changes: Changes) -> None:
        """Any change may change a figure; counting takes a few milliseconds."""
        self.activate()

    def _show_figures(self, figures: Figures) -> None:
        self._figures = f = figures
        self.header.set_counts(
            tr("{street} · 截至 {day}").format(street=self._context.survey.definition.area.street, day=f.as_of)
        )
        self.empty.setVisible(not f.sites)
        self._scroll.setVisible(bool(f.sites))
        self.report.setEnabled(bool(f.sites))
        named = [c for c in f.communities if c.name]
        self.sites.show_number(f"{f.sites:,}", tr("{n} 个社区").format(n=len(named)))
        share = f"{100 * f.visited / f.sites:.1f} %" if f.sites else ""
        self.visited.show_number(
            f"{f.visited:,}", tr("{share}　本周 +{n}").format(share=share, n=f"{f.visited_this_week:,}")
        )
        self.findings.show_number(f"{f.findings:,}", tr("其中超期 {n}").format(n=f"{f.overdue:,}"))
        self.rectified.show_number(f"{f.closed_by_repair:,}", tr("复检合格　返工 {n}").format(n=f"{f.regressions:,}"))
        self._hold_cards()
        self._show_charts(f)
        for row in self.rows.values():
            row.show_count(row.item.count(f))
        self._news.setText(
            tr("近七天新走访 {a} 个点位；整治完成 {b} 个点位，部分完成 {c} 个。").format(
                a=f"{f.visited_this_week:,}", b=f"{f.renovated:,}", c=f"{f.partly_renovated:,}"
            )
        )

    @property
    def _level(self) -> Level:
        return Level(self.level.currentData() or Level.COMMUNITY)

    def _offer_levels(self, f: Figures) -> None:
        """District, street and grid can be chosen where the survey has more than one of them."""
        if [self.level.itemData(i) for i in range(self.level.count())] != list(f.told_levels):
            chosen = self._level
            self.level.blockSignals(True)
            self.level.clear()
            for level in f.told_levels:
                self.level.addItem(tr(LEVEL_WORDS[level]), level)
            self.level.setCurrentIndex(max(self.level.findData(chosen), self.level.findData(Level.COMMUNITY), 0))
            self.level.blockSignals(False)
        self.level.setVisible(len(f.told_levels) > 1)

    def _show_level(self) -> None:
        if self._figures is None:
            return
        level = self._level
        ordered = sorted(self._figures.levels[level], key=lambda c: (-_share(c), c.name))
        self.communities.title.setText(tr("各{level}完成情况").format(level=tr(LEVEL_WORDS[level])))
        self.communities.set_rows([_place_row(c) for c in ordered], _place_sentence(ordered, level))

    def _show_charts(self, f: Figures) -> None:
        self._offer_levels(f)
        self._show_level()
        self.states.set_rows(
            [
                BarRow(s.value, tr(words.label(s)), (Segment(f.by_state[s], _STATE_TONES.get(s, "bad")),),
                       f"{f.by_state[s]:,}", symbol=s.value)
                for s in FindingState
            ],
            tr("修复关闭 {a}，其他方式关闭 {b}，未关闭 {c}。").format(
                a=f"{f.closed_by_repair:,}", b=f"{f.closed_otherwise:,}", c=f"{f.open_findings:,}"
            ),
        )  # fmt: skip
        rows = [
            BarRow(e.element, self._context.element_name(e.element),
                   (Segment(e.met, "good", tr("达标")), Segment(e.not_met, "bad", tr("不达标"))),
                   f"{e.met:,} / {e.inspected:,}", total=e.inspected)
            for e in f.elements
        ]  # fmt: skip
        sentence = tr("还没有通过审核的检查。")
        if f.elements:
            worst = max(f.elements, key=lambda e: e.not_met)
            sentence = tr("检查 {n} 处，不达标 {m} 处").format(
                n=f"{sum(e.inspected for e in f.elements):,}", m=f"{sum(e.not_met for e in f.elements):,}"
            )
            most = tr("；{name}最多（{n} 处）。").format(
                name=self._context.element_name(worst.element), n=f"{worst.not_met:,}"
            )
            sentence += most if worst.not_met else tr("。")
        self.elements.set_rows(rows, sentence)

    # -- lists behind the figures ---------------------------------------------------------------------------------

    def _show_returned(self) -> None:
        """A volunteer sees the own ones as sites to go to; the office sees all of them in review."""
        own = self._context.settings.choices.role == "volunteer" and bool(self._context.person)
        self._context.go("survey" if own else "review", "returned")

    def _on_element(self, element: str) -> None:
        title = tr("{name}：有不达标的点位").format(name=self._context.element_name(element))
        self._ask_sites(title, lambda store: not_met(store, element))

    def _ask_sites(self, title: str, read: Callable[[Store], list[Site]]) -> None:
        self._context.tasks.read(
            read, lambda sites: self._show_sites(title, sites), self.messages.show_error, replaces="overview.sites"
        )

    def _show_sites(self, title: str, sites: list[Site]) -> None:
        text = tr("{title}（{n} 个点位）").format(title=title, n=f"{len(sites):,}")

        def on_map(shown: tuple[str, ...]) -> None:
            self._context.go("map", Picked(title=title, sites=shown))

        dialog = SiteDialog(text, sites, lambda site: self._context.go("survey", site), on_map, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_trends(self) -> None:
        """Found and handled by week and place, age, results by rule."""
        day = date.fromisoformat(self._figures.as_of) if self._figures else date.today()

        def show_sites(title: str, read: Callable[[Store], set[str]]) -> None:
            self._ask_sites(title, lambda store: chosen_sites(store, read(store)))

        dialog = TrendDialog(self._context, day, show_sites, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_rules(self) -> None:
        """How each figure is counted."""
        items = [(row.item.text, row.item.rule) for row in self.rows.values()]
        dialog = RulesDialog([*_rules(), *items], self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- report ---------------------------------------------------------------------------------------------------

    def ask_report(self) -> None:
        """Ask which report, and make it."""
        today = self._figures.as_of if self._figures else ""
        communities = [c.name for c in self._figures.communities if c.name] if self._figures else []
        self._context.tasks.read(
            lambda store: store.units(), lambda units: self._show_report(communities, units, today),
            self.messages.show_error, replaces="overview.report",
        )  # fmt: skip

    def _show_report(self, communities: list[str], units: list[str], today: str) -> None:
        from barrierfree.gui.report_dialog import ReportDialog  # brings the web engine: only when somebody asks

        dialog = ReportDialog(self._context, communities, units, today, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_reported(dialog.made))
        dialog.open()

    def _on_reported(self, path: Path | None) -> None:
        if path is None:
            return
        folder = QUrl.fromLocalFile(str(path.parent))
        show = Button(tr("打开文件夹"), lambda: QDesktopServices.openUrl(folder), icon="folder")
        self.messages.show_message("good", tr("报告已生成：{name}").format(name=path.name), str(path.parent), show)


# -- words and rows -----------------------------------------------------------------------------------------------


def _rules() -> list[tuple[str, str]]:
    """Figure and counting rule, in the order of the page."""
    return [
        (tr("点位"), tr("清单中的全部点位，包括没有位置的。")),
        (tr("已走访"), tr("至少有一次走访通过审核的点位；“本周”是今天和前六天提交的。")),
        (tr("问题"), tr("每个检查点每类问题计一个，包括待核实的；超期：未关闭且期限早于今天。")),
        (tr("已整改（销号）"), tr("另一人复检合格并销号的问题；返工：销号后回头看又不合格的次数。")),
        (tr("各社区完成情况"), tr("每个点位只计一次，按其中最需要处理的状态；完成：达标、有问题、待复核或未能检查。")),
        (tr("问题状态"), tr("修复关闭、其他方式关闭、未关闭分开计数，不合并为一个整改率。")),
        (tr("各类元素检查结果"), tr("只计审核通过的现行检查记录；没有任何一条规则不达标的计为达标。")),
    ]


def _share(c: PlaceFigures) -> float:
    return c.inspected / c.sites if c.sites else 0.0


def _place_name(c: PlaceFigures) -> str:
    return c.name or tr("（未填）")


def _place_row(c: PlaceFigures) -> BarRow:
    parts = (
        Segment(c.met, "good", tr("达标")), Segment(c.with_problem, "bad", tr("有问题")),
        Segment(c.other_inspected, "muted", tr("待复核、未能检查")),
        Segment(c.sites - c.inspected, "track", tr("未普查")),
    )  # fmt: skip
    return BarRow(c.name, _place_name(c), parts, f"{c.inspected:,} / {c.sites:,}", total=c.sites)


def _place_sentence(ordered: Sequence[PlaceFigures], level: Level) -> str:
    """Names the fastest and the slowest; ``ordered`` has the fastest first."""
    if not ordered:
        return ""
    fast, slow = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return tr("{name}完成 {share}。").format(name=_place_name(fast), share=f"{_share(fast):.0%}")
    return tr("{n} 个{level}中 {half} 个完成过半；{fast}最快（{a}），{slow}最慢（{b}）。").format(
        n=len(ordered), level=tr(LEVEL_WORDS[level]), half=sum(_share(c) >= 0.5 for c in ordered),
        fast=_place_name(fast), a=f"{_share(fast):.0%}", slow=_place_name(slow), b=f"{_share(slow):.0%}",
    )  # fmt: skip
