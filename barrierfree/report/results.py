"""The results report, in the case's wording: sites renovated per class, what was installed, and what does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from barrierfree.i18n import language, listed, sentences, tr
from barrierfree.model.definition import Definition
from barrierfree.model.figures import ClassResults, EnteredResult, Figures, Installed, WorkFigure
from barrierfree.report.values import About, Report, Row, Section


def results(
    figures: Figures, visited: int, classes: Sequence[ClassResults], installed: Sequence[Installed],
    works: Sequence[WorkFigure], entered: Sequence[EnteredResult], definition: Definition, about: About,
) -> Report:  # fmt: skip
    """What the survey came to. Half-finished sites, soft service and what is only planned stand apart.

    ``visited`` are the sites visited (for the first time within the period, if ``about`` has one).
    """
    known = _in_order(classes, definition)
    return Report(
        kind="results", title=tr("普查与整治成果"), survey=about.survey, as_of=about.as_of, sample=about.sample,
        since=about.since, place=about.place,
        sections=(
            _summary(visited, known, installed, entered, definition, about), _sites(known, definition),
            _by_measure(installed, definition), _by_unit(installed), *_works(works, definition), *_entered(entered),
            _closed(figures),
        ),
    )  # fmt: skip


def _in_order(classes: Sequence[ClassResults], definition: Definition) -> list[ClassResults]:
    order = {c.code: n for n, c in enumerate(definition.classes)}
    return sorted(classes, key=lambda c: (order.get(c.site_class, len(order)), c.site_class))


def _class_name(code: str, definition: Definition) -> str:
    known = definition.site_class(code)
    return known.label.in_language(language()) if known else code or tr("（未分类）")


def _amount(number: float) -> int | float:
    """Whole numbers without a point."""
    return int(number) if float(number).is_integer() else round(number, 2)


def _summary(
    visited: int, classes: Sequence[ClassResults], installed: Sequence[Installed], entered: Sequence[EnteredResult],
    definition: Definition, about: About,
) -> Section:  # fmt: skip
    done = sum(c.renovated for c in classes)
    partly = sum(c.partly for c in classes)
    soft = sum(c.soft_only for c in classes)
    rows = (
        (tr("走访点位"), visited, _visited_rule(about)),
        (tr("改造完成的点位"), done, _renovated_rule(about)),
        (tr("部分改造的点位"), partly, tr("至少一个问题修复关闭、还有未关闭的问题；不计入改造完成")),
        (tr("软服务的点位"), soft, tr("没有修复、没有未关闭的问题、至少一个问题以软服务关闭；不计入改造完成")),
    )
    return Section(
        title=tr("成果摘要"), headers=(tr("项目"), tr("数量"), tr("计数规则")), rows=rows, widths=(24, 12, 64),
        intro=_sentence(visited, classes, installed, entered, definition),
    )  # fmt: skip


def _visited_rule(about: About) -> str:
    if about.since:
        return tr("{since} 至 {until} 第一次有走访通过审核的点位").format(since=about.since, until=about.as_of)
    return tr("至少有一次走访通过审核的点位，每个只计一次")


def _renovated_rule(about: About) -> str:
    rule = tr("至少一个问题修复关闭（另一人复检合格并销号），且没有未关闭的问题")
    return (
        sentences((rule, tr("最后一次销号在 {since} 至 {until}").format(since=about.since, until=about.as_of)))
        if about.since
        else rule
    )


def _sentence(
    visited: int, classes: Sequence[ClassResults], installed: Sequence[Installed], entered: Sequence[EnteredResult],
    definition: Definition,
) -> str:  # fmt: skip
    """As the case is told: how many points, then what was renovated class by class, then what was put up."""
    parts = [tr("走访点位 {n} 个").format(n=f"{visited:,}")]
    renovated = [
        tr("{name} {n} 个").format(name=_class_name(c.site_class, definition), n=f"{c.renovated:,}")
        for c in classes
        if c.renovated
    ]
    if renovated:
        parts.append(tr("完成改造：{what}").format(what=listed(renovated)))
    put_up = [
        tr("{name} {n} {unit}").format(name=name, n=f"{_amount(n):,}", unit=unit)
        for (name, unit), n in _summed(installed)
    ]
    if put_up:
        parts.append(tr("安装：{what}").format(what=listed(put_up)))
    by_hand: dict[tuple[str, str], float] = defaultdict(float)
    for one in entered:
        by_hand[one.label, one.unit] += one.quantity
    if by_hand:
        told = (
            tr("{name} {n} {unit}").format(name=name, n=f"{_amount(n):,}", unit=unit)
            for (name, unit), n in by_hand.items()
        )
        parts.append(tr("人工填报：{what}").format(what=listed(told)))
    return tr("{text}。").format(text=sentences(parts))


def _summed(installed: Sequence[Installed]) -> list[tuple[tuple[str, str], float]]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for one in installed:
        found[one.measure or tr("（未写措施）"), one.unit] += one.done
    return sorted(((k, n) for k, n in found.items() if n), key=lambda kn: (-kn[1], kn[0]))


def _sites(classes: Sequence[ClassResults], definition: Definition) -> Section:
    rows: list[Row] = [
        (_class_name(c.site_class, definition), c.sites, c.visited, c.renovated, c.partly, c.soft_only, c.to_do)
        for c in classes
    ]
    rows.append(
        (tr("合计"), *(sum(getattr(c, n) for c in classes)
                     for n in ("sites", "visited", "renovated", "partly", "soft_only", "to_do")))
    )  # fmt: skip
    return Section(
        title=tr("各类场所的改造"),
        headers=(tr("场所类别"), tr("点位"), tr("已走访"), tr("改造完成"), tr("部分改造"), tr("仅软服务"),
                 tr("未改造")),
        rows=tuple(rows),
        rule=tr(
            "每个点位只在改造完成、部分改造、仅软服务、未改造中计一次：改造完成是至少一个问题修复关闭且没有未关闭的；"
            "部分改造是两者都有；仅软服务是没有修复也没有未关闭；未改造是有未关闭的问题、没有修复的。"
            "只有移交、重复、不属实问题的点位都不计；并入其他点位的随那个点位计。"
        ),
    )  # fmt: skip


def _by_measure(installed: Sequence[Installed], definition: Definition) -> Section:
    rows = []
    for one in sorted(installed, key=lambda i: (-i.done, i.measure, i.element, i.unit)):
        element = definition.checklist.element(one.element)
        name = element.label.in_language(language()) if element else one.element
        rows.append((one.measure or tr("（未写措施）"), name, one.unit, _amount(one.done), one.findings,
                     _amount(one.waiting), _amount(one.planned)))  # fmt: skip
    return Section(
        title=tr("安装数量"),
        headers=(tr("整改措施"), tr("元素类型"), tr("单位"), tr("已安装"), tr("销号问题"), tr("待验收（不计）"),
                 tr("计划（不计）")),
        rows=tuple(rows),
        rule=tr("已安装：只计已销号问题的数量。待验收、整改中、复发后未再销号的数量列在后面，不计入已安装。"),
    )  # fmt: skip


def _by_unit(installed: Sequence[Installed]) -> Section:
    found: dict[str, float] = defaultdict(float)
    for one in installed:
        found[one.unit] += one.done
    return Section(
        title=tr("安装数量合计"), headers=(tr("单位"), tr("已安装")),
        rows=tuple((unit or tr("（未写单位）"), _amount(n)) for unit, n in sorted(found.items()) if n),
        rule=tr("不同单位的数量不相加。"),
    )  # fmt: skip


def _works(works: Sequence[WorkFigure], definition: Definition) -> tuple[Section, ...]:
    if not works:
        return ()
    rows = []
    for one in works:
        element = definition.checklist.element(one.element)
        name = element.label.in_language(language()) if element else one.element or tr("整个点位")
        rows.append((name, one.works, _amount(one.quantity), one.quantity_unit))
    return (
        Section(
            title=tr("没有登记问题的改造"), rows=tuple(rows),
            headers=(tr("元素类型"), tr("改造"), tr("数量"), tr("单位")),
            rule=tr("原来没有登记问题、直接改造或安装的；按完成日期计，不计入已安装和销号。"),
        ),
    )  # fmt: skip


def _entered(entered: Sequence[EnteredResult]) -> tuple[Section, ...]:
    if not entered:
        return ()
    rows = tuple((e.label, _amount(e.quantity), e.unit, e.day, e.person_name, e.note) for e in entered)
    return (
        Section(
            title=tr("其他成果（人工填报）"), rows=rows, widths=(26, 10, 8, 14, 18, 24),
            headers=(tr("成果"), tr("数量"), tr("单位"), tr("日期"), tr("填报人"), tr("说明")),
            rule=tr("由工作人员填报，不是由检查记录得出，不计入上面的任何数字。"),
        ),
    )  # fmt: skip


def _closed(f: Figures) -> Section:
    rows = (
        (tr("问题"), f.findings, tr("不达标或现场看到的问题，每个检查点每类问题计一个")),
        (tr("修复关闭"), f.closed_by_repair, tr("另一人复检合格并销号")),
        (tr("其他方式关闭"), f.closed_otherwise, tr("软服务、移交、重复、不属实")),
        (tr("未关闭"), f.open_findings, tr("待核实、未整改、整改中、待验收")),
        (tr("复发"), f.regressions, tr("销号后回头看又不合格的次数")),
    )
    return Section(
        title=tr("问题的处理"), headers=(tr("项目"), tr("数量"), tr("计数规则")), rows=rows, widths=(24, 12, 64),
        rule=tr("截至 {date} 的全部问题，不限时段。"
                "修复关闭、其他方式关闭、未关闭分开计数，不合并为一个整改率。"
                ).format(date=f.as_of),
    )  # fmt: skip
