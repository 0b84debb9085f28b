"""The progress report: completion, results by element type, findings by state, per community."""

from __future__ import annotations

from barrierfree.i18n import language, tr
from barrierfree.model.definition import Definition
from barrierfree.model.figures import LEVEL_WORDS, Figures, Level
from barrierfree.model.words import FindingState, Status, label
from barrierfree.report.values import Report, Section


def progress(figures: Figures, definition: Definition, survey: str, *, sample: bool) -> Report:
    """The progress of a survey from its figures, for each level of the administration that has several places."""
    places = tuple(_places(figures, level) for level in figures.told_levels)
    return Report(
        kind="progress", title=tr("普查进度"), survey=survey, as_of=figures.as_of, sample=sample,
        sections=(_totals(figures), *places, _elements(figures, definition), _states(figures), _statuses(figures)),
    )  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _totals(f: Figures) -> Section:
    rows = (
        (tr("点位"), f.sites, tr("清单中的全部点位；并入其他点位的、清单里已没有的不计")),
        (tr("已走访"), f.visited, tr("至少有一次走访通过审核的点位；{p}").format(p=_percent(f.visited, f.sites))),
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
    return Section(title=tr("总体"), headers=(tr("项目"), tr("数量"), tr("计数规则")), rows=rows)


def _places(f: Figures, level: Level) -> Section:
    word = tr(LEVEL_WORDS[level])
    rows = tuple(
        (c.name or tr("（未填）"), c.sites, c.inspected, _percent(c.inspected, c.sites), c.met, c.with_problem)
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
        rows.append((name, e.inspected, e.met, e.not_met, _percent(e.met, e.inspected)))
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
