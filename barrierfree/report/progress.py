"""The progress report: what was visited, found and handled in a period, and how everything stands at its end."""

from __future__ import annotations

from barrierfree.i18n import language, tr
from barrierfree.model.definition import Definition
from barrierfree.model.figures import LEVEL_WORDS, Figures, Level, PeriodCounts, PeriodFigures
from barrierfree.model.words import FindingState, Status, label
from barrierfree.report.values import About, Report, Section


def progress(figures: Figures, period: PeriodFigures | None, definition: Definition, about: About) -> Report:
    """The progress of a survey, for each level of the administration that has several places; ``period`` adds what
    happened in it and its weekly trend.
    """
    during: tuple[Section, ...] = ()
    if period is not None:
        levels = [level for level in figures.told_levels if any(p.name for p in period.levels[level])]
        during = (_during(period), *(_handled(period, level) for level in levels), _weeks(period))
    places = tuple(_places(figures, level) for level in figures.told_levels)
    return Report(
        kind="progress", title=tr("普查进度"), survey=about.survey, as_of=about.as_of, sample=about.sample,
        since=about.since, place=about.place,
        sections=(
            _totals(figures), *during, *places, _elements(figures, definition), _states(figures), _statuses(figures)
        ),
    )  # fmt: skip


def percent(part: int, whole: int) -> str:
    """A share in per cent, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _totals(f: Figures) -> Section:
    rows = (
        (tr("点位"), f.sites, tr("清单中的全部点位；并入其他点位的、清单里已没有的不计")),
        (tr("已走访"), f.visited, tr("至少有一次走访通过审核的点位；{p}").format(p=percent(f.visited, f.sites))),
        (tr("待审核的走访"), f.pending_visits, tr("已提交、尚未审核；不计入任何结果")),
        (tr("问题"), f.findings, tr("不达标或现场看到的问题，每个检查点每类问题计一个")),
        (tr("修复关闭"), f.closed_by_repair, tr("另一人复检合格并销号")),
        (tr("其他方式关闭"), f.closed_otherwise, tr("软服务、移交、重复、不属实")),
        (tr("未关闭"), f.open_findings, tr("待核实、未整改、整改中、待验收")),
        (tr("超期"), f.overdue, tr("未关闭且期限早于 {date}").format(date=f.as_of)),
        (tr("复发"), f.regressions, tr("销号后回头看又不合格的次数")),
        (tr("已改造的点位"), f.renovated, tr("至少一个问题修复关闭，且没有未关闭的问题")),
        (tr("部分改造的点位"), f.partly_renovated, tr("至少一个问题修复关闭，还有未关闭的问题")),
    )
    return Section(title=tr("总体"), headers=(tr("项目"), tr("数量"), tr("计数规则")), rows=rows, widths=(24, 12, 64))


def _during(period: PeriodFigures) -> Section:
    t = period.total
    rows = (
        (tr("提交的走访"), t.visits, tr("期内提交的走访，不论审核结果")),
        (tr("通过审核的走访"), t.accepted, tr("期内审核通过或部分通过的走访")),
        (tr("退回的走访"), t.returned, tr("期内整次退回的走访")),
        (tr("新走访的点位"), t.first, tr("期内第一次有走访通过审核的点位")),
        (tr("发现问题"), t.found, tr("期内上报的问题，包括后来判为重复、不属实的")),
        (tr("申请验收次数"), t.claimed, tr("期内报整改完成的次数")),
        (tr("修复关闭"), t.repaired, tr("期内复检合格并销号的次数；复发后再次销号的再计一次")),
        (tr("其他方式关闭"), t.otherwise, tr("期内转为软服务、移交、重复、不属实的次数")),
        (tr("复发"), t.regressions, tr("期内销号后回头看又不合格的次数")),
    )
    return Section(
        title=tr("{since} 至 {until} 的工作").format(since=period.since, until=period.until),
        headers=(tr("项目"), tr("数量"), tr("计数规则")), rows=rows, widths=(24, 12, 64),
    )  # fmt: skip


def _counts(c: PeriodCounts, name: str) -> tuple[str | int, ...]:
    return name, c.visits, c.accepted, c.first, c.found, c.repaired, c.otherwise, c.regressions


def _count_headers(first: str) -> tuple[str, ...]:
    return (
        first, tr("提交的走访"), tr("通过走访"), tr("新走访点位"), tr("发现问题"), tr("修复关闭"), tr("其他关闭"),
        tr("复发"),
    )  # fmt: skip


def _handled(period: PeriodFigures, level: Level) -> Section:
    word = tr(LEVEL_WORDS[level])
    return Section(
        title=tr("期内各{level}的发现与处理").format(level=word), headers=_count_headers(word),
        rows=tuple(_counts(c, c.name or tr("（未填）")) for c in period.levels[level]),
        rule=tr("按各项工作发生的日期计；期内没有任何工作的不列。"),
    )  # fmt: skip


def _weeks(period: PeriodFigures) -> Section:
    return Section(
        title=tr("每周走势"), headers=_count_headers(tr("周一日期")),
        rows=tuple(_counts(c, c.name) for c in period.weeks),
        rule=tr("每周从周一算起；首尾两周只计期内的日子。"),
    )  # fmt: skip


def _places(f: Figures, level: Level) -> Section:
    word = tr(LEVEL_WORDS[level])
    rows = tuple(
        (c.name or tr("（未填）"), c.sites, c.inspected, percent(c.inspected, c.sites), c.met, c.with_problem)
        for c in f.levels[level]
    )
    return Section(
        title=tr("各{level}完成情况").format(level=word),
        headers=(word, tr("点位"), tr("已普查"), tr("完成率"), tr("达标"), tr("有问题")),
        rows=rows,
        rule=tr("已普查：点位的状态是达标、有问题、待复核或未能检查。"),
    )


def _elements(f: Figures, definition: Definition) -> Section:
    rows = []
    for e in f.elements:
        known = definition.checklist.element(e.element)
        name = known.label.in_language(language()) if known else e.element
        rows.append((name, e.inspected, e.met, e.not_met, percent(e.met, e.inspected)))
    return Section(
        title=tr("各类元素的检查结果"),
        headers=(tr("元素类型"), tr("已检查"), tr("达标"), tr("不达标"), tr("达标率")),
        rows=tuple(rows),
        rule=tr("只计审核通过的现行检查记录；没有任何一条规则不达标的计为达标。"),
    )


def _states(f: Figures) -> Section:
    rows = tuple((tr(label(s)), f.by_state[s]) for s in FindingState)
    return Section(
        title=tr("问题状态"), headers=(tr("状态"), tr("数量")), rows=rows,
        rule=tr("修复关闭、其他方式关闭、未关闭分开计数，不合并为一个整改率。"),
    )  # fmt: skip


def _statuses(f: Figures) -> Section:
    rows = tuple((tr(label(s)), f.by_status[s]) for s in Status)
    return Section(
        title=tr("点位状态"), headers=(tr("状态"), tr("数量")), rows=rows,
        rule=tr("每个点位只计一次，按其中最需要处理的状态。"),
    )  # fmt: skip
