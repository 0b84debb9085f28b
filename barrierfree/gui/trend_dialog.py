"""Trends: found and handled week by week and place by place, how old open findings are, what each rule found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout, QWidget

from barrierfree.gui.bar_chart import BarChart, BarRow, Segment
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import CardGrid
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, language, tr
from barrierfree.model.figures import LEVEL_WORDS, AgeFigures, Level, PeriodCounts, PeriodFigures, RuleFigures
from barrierfree.model.words import FindingState
from barrierfree.store import FindingFilter, Store

_MOST_RULES = 12
_UNCLOSED = tuple(s for s in FindingState if not s.closed)


@dataclass(frozen=True)
class Trends:
    """What happened since a day, and how things stand on the day it was asked for."""

    period: PeriodFigures
    ages: tuple[AgeFigures, ...]
    rules: tuple[RuleFigures, ...]


def read_trends(store: Store, since: str, as_of: str) -> Trends:
    """Read the trends as of a day ('' for today). For the reader's thread."""
    today = store.clock().date()
    if as_of and as_of < today.isoformat():
        with store.as_of(as_of) as then:
            return _read(then, since, date.fromisoformat(as_of))
    return _read(store, since, today)


def _read(store: Store, since: str, day: date) -> Trends:
    begun = since or store.begun() or day.isoformat()
    return Trends(store.period(min(begun, day.isoformat()), day.isoformat()), store.ages(day), store.rule_results())


class TrendDialog(QDialog):
    """Charts, each with its table and its sentence; a row opens the list behind it.

    ``show_sites`` is given a title and how to read the ids of sites.
    """

    def __init__(
        self, context: Context, today: date, show_sites: Callable[[str, Callable[[Store], set[str]]], object],
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._context, self._today, self._show_sites = context, today, show_sites
        self._trends: Trends | None = None
        self.setWindowTitle(tr("趋势"))
        room = self.screen().availableSize()
        self.resize(min(tokens().text(1120), room.width() - 40), min(tokens().text(720), room.height() - 60))
        self.messages = MessageBar()
        self.since = self._chooser(tr("从哪天起"), self._beginnings())
        self.as_of = self._chooser(tr("截至哪天"), self._ends())
        self.level = self._chooser(tr("按哪一级"), [(tr(LEVEL_WORDS[at]), at.value) for at in Level])
        self.level.setCurrentIndex(list(Level).index(Level.COMMUNITY))
        self.since.currentIndexChanged.connect(lambda _at: self._ask())
        self.as_of.currentIndexChanged.connect(lambda _at: self._ask())
        self.level.currentIndexChanged.connect(lambda _at: self._show_places())
        handled = tr("发现 · 处理")
        self.weeks = BarChart(tr("每周发现和处理的问题"), handled)
        self.places = BarChart(tr("各处发现和处理的问题"), handled)
        self.ages = BarChart(tr("未关闭问题的时间"))
        self.rules = BarChart(tr("各条文检查结果"), tr("达标 · 不达标 · 请核对"))
        self.weeks.activated.connect(self._on_week)
        self.places.activated.connect(self._on_place)
        self.ages.activated.connect(self._on_age)
        self.rules.activated.connect(self._on_rule)
        self.told = label("", wrap=True)
        self._build()
        self._ask()

    def _chooser(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in choices:
            made.addItem(text, value)
        return made

    def _beginnings(self) -> list[tuple[str, str]]:
        day = self._today
        return [
            (tr("近八周"), (day - timedelta(days=day.weekday() + 49)).isoformat()),
            (tr("本季度以来"), date(day.year, 3 * ((day.month - 1) // 3) + 1, 1).isoformat()),
            (tr("今年以来"), date(day.year, 1, 1).isoformat()),
            (tr("普查开始以来"), ""),
        ]

    def _ends(self) -> list[tuple[str, str]]:
        month = self._today.replace(day=1) - timedelta(days=1)
        week = self._today - timedelta(days=self._today.weekday() + 1)
        quarter = date(self._today.year, 3 * ((self._today.month - 1) // 3) + 1, 1) - timedelta(days=1)
        ends = [(tr("上周末"), week), (tr("上月末"), month), (tr("上季度末"), quarter)]
        return [(tr("截至今天"), ""), *((bracketed(name, day.isoformat()), day.isoformat()) for name, day in ends)]

    def _build(self) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setSpacing(12)
        column.addWidget(self.told)
        column.addWidget(CardGrid(self.weeks, self.places, column_width=380))
        column.addWidget(CardGrid(self.ages, self.rules, column_width=380))
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.addWidget(self.messages)
        layout.addWidget(FlowRow(self.since, self.as_of, self.level))
        layout.addWidget(FitScroll(inner), 1)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))

    def _ask(self) -> None:
        since, as_of = str(self.since.currentData()), str(self.as_of.currentData())
        self._context.tasks.read(
            lambda store: read_trends(store, since, as_of), self._show, self.messages.show_error,
            replaces="overview.trends", context=self,
        )  # fmt: skip

    def _show(self, trends: Trends) -> None:
        self._trends = trends
        period, total = trends.period, trends.period.total
        self.told.setText(
            tr("{since} 至 {until}：发现 {found}，修复关闭 {repaired}，其他关闭 {otherwise}，返工 {again}。").format(
                since=period.since, until=period.until, found=f"{total.found:,}", repaired=f"{total.repaired:,}",
                otherwise=f"{total.otherwise:,}", again=f"{total.regressions:,}",
            )
        )  # fmt: skip
        weeks = [(w.name, tr("{day} 起").format(day=w.name), w) for w in period.weeks]
        best = max(period.weeks, key=lambda w: w.handled, default=None)
        sentence = ""
        if best is not None and best.handled:
            sentence = tr("处理最多的是 {day} 起的一周（{n} 个）。").format(day=best.name, n=f"{best.handled:,}")
        self.weeks.set_rows([_row(*week) for week in weeks], sentence or tr("这段时间没有关闭问题。"))
        self._show_places()
        self.ages.set_rows(
            [BarRow(str(n), _age(a), (Segment(a.findings, "bad"),), f"{a.findings:,}")
             for n, a in enumerate(trends.ages)],
            tr("超过 {days} 天未关闭的有 {n} 个。").format(
                days=trends.ages[-2].days, n=f"{trends.ages[-1].findings:,}"
            ),
        )  # fmt: skip
        self._show_rules(trends.rules)

    def _show_places(self) -> None:
        if self._trends is None:
            return
        places = sorted(self._trends.period.levels[Level(self.level.currentData())], key=lambda p: (-p.found, p.name))
        behind = max(places, key=lambda p: p.found - p.handled, default=None)
        sentence = tr("这段时间没有问题。")
        if behind is not None and behind.found > behind.handled:
            sentence = tr("{name}发现多于处理最多（{found} / {handled}）。").format(
                name=behind.name or tr("（未填）"), found=f"{behind.found:,}", handled=f"{behind.handled:,}"
            )
        elif places:
            sentence = tr("各处处理的都不少于发现的。")
        self.places.set_rows([_row(p.name, p.name or tr("（未填）"), p) for p in places], sentence)

    def _show_rules(self, rules: Sequence[RuleFigures]) -> None:
        rows = [
            BarRow(r.rule, self._rule_name(r.rule),
                   (Segment(r.met, "good", tr("达标")), Segment(r.not_met, "bad", tr("不达标")),
                    Segment(r.doubtful, "warn", tr("请核对"))), f"{r.not_met:,}")
            for r in rules[:_MOST_RULES]
        ]  # fmt: skip
        shown = tr("列出不达标最多的 {n} 条，共 {all} 条有结果。").format(n=len(rows), all=len(rules))
        self.rules.set_rows(rows, shown if rules else tr("还没有通过审核的检查。"))

    def _rule_name(self, rule_id: str) -> str:
        rule = self._context.survey.definition.checklist.rule(rule_id)
        if rule is None:
            return rule_id
        return bracketed(
            rule.label.in_language(language()), f"{self._context.element_name(rule.element)} {rule.clause}"
        )

    # -- lists ----------------------------------------------------------------------------------------------------

    def _go(self, wanted: FindingFilter) -> None:
        self.accept()
        self._context.go("rectification", wanted)

    def _on_week(self, monday: str) -> None:
        sunday = date.fromisoformat(monday) + timedelta(days=6)
        self._go(FindingFilter(reported_since=monday, reported_until=sunday.isoformat()))

    def _on_place(self, name: str) -> None:
        period = self._trends.period if self._trends else None
        if period is not None:
            self._go(FindingFilter.model_validate(
                {self.level.currentData(): name, "reported_since": period.since, "reported_until": period.until}
            ))  # fmt: skip

    def _on_age(self, number: str) -> None:
        if self._trends is not None:
            age = self._trends.ages[int(number)]
            self._go(FindingFilter(states=_UNCLOSED, reported_since=age.since, reported_until=age.until))

    def _on_rule(self, rule: str) -> None:
        title = tr("{name}：不达标的点位").format(name=self._rule_name(rule))
        self.accept()
        self._show_sites(title, lambda store: store.sites_missing(rule))


def _row(key: str, name: str, counts: PeriodCounts) -> BarRow:
    parts = (Segment(counts.found, "bad", tr("发现")), Segment(counts.handled, "good", tr("处理")))
    return BarRow(key, name, parts, f"{counts.found:,} / {counts.handled:,}")


def _age(age: AgeFigures) -> str:
    return tr("更早") if age.days is None else tr("{n} 天以内").format(n=age.days)
