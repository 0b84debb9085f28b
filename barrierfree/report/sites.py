"""The site sheet (一点一档): everything that is known of one site, from the list to the last step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from barrierfree import conformance
from barrierfree.i18n import bracketed, language, listed, named, phrased, sentences, tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Finding, Inspection, Site, Step, Visit
from barrierfree.model.words import VerdictKind, label
from barrierfree.report.values import Picture, Row, Section

# Verdicts that say nothing about the place; of those that lack an answer only the number is told.
_PLAIN = (VerdictKind.NOT_APPLICABLE, VerdictKind.CANNOT_TELL)


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """What a site sheet is made of, oldest first; ``pictures`` are the photos that are still there, by hash."""

    site: Site
    visits: Sequence[Visit]
    inspections: Sequence[Inspection]
    findings: Sequence[Finding]
    steps: Mapping[str, Sequence[Step]]
    pictures: Mapping[str, Picture]


def site_sections(history: SiteHistory, definition: Definition, today: str) -> Iterator[Section]:
    """The sections of one site; the first opens a page."""
    site = history.site
    heading = f"{site.code} {site.name}"
    yield _facts(history, definition, heading)
    for section in (
        _visits(history, heading), _inspections(history, definition, heading), _shown(history, definition, heading),
        _findings(history, definition, heading, today), _pairs(history, definition, heading),
        _steps(history, definition, heading),
    ):  # fmt: skip
        if section.rows:
            yield section


def _element(definition: Definition, code: str, number: int) -> str:
    known = definition.checklist.element(code)
    name = known.label.in_language(language()) if known else code
    return f"{name} {number}" if number > 1 else name


def _facts(history: SiteHistory, definition: Definition, heading: str) -> Section:
    site = history.site
    known = definition.site_class(site.site_class)
    place = (
        f"{site.lon:.6f}, {site.lat:.6f} (WGS-84)" if site.lon is not None and site.lat is not None else tr("没有位置")
    )
    rows: list[Row] = [
        (tr("点位编号"), site.code if site.final_code else bracketed(site.code, tr("临时编号"))),
        (tr("名称"), site.name),
        (tr("地址"), listed(x for x in (site.district, site.street, site.community, site.address) if x)),
        (tr("场所类别"), known.label.in_language(language()) if known else site.site_class),
        (tr("位置"), place),
        (tr("状态"), tr(label(site.status))),
        (tr("检查点"), tr("{n} 个，已检查 {m} 个").format(n=site.checkpoints, m=site.inspected)),
        (tr("未关闭的问题"), str(site.open_findings)),
        (tr("来源"), site.source),
        (tr("备注"), site.note),
    ]
    if site.city_number:
        rows.insert(1, (tr("市系统编号"), site.city_number))
    if site.gone:
        rows.append((tr("已不在清单"), site.gone))
    shown = tuple(row for row in rows if row[1] != "")
    return Section(
        title=tr("点位"), opens=heading, headers=(tr("项目"), tr("内容")), rows=shown, widths=(22, 78)
    )  # fmt: skip


def _visits(history: SiteHistory, heading: str) -> Section:
    rows = tuple(
        (v.submitted_at[:16].replace("T", " "), v.person_name, tr(label(v.outcome)), v.reason, tr(label(v.state)),
         phrased(x for x in (v.reviewed_by, v.review_reason) if x))
        for v in history.visits
    )  # fmt: skip
    return Section(
        title=tr("走访"), of=heading, widths=(16, 14, 12, 22, 12, 24), rows=rows,
        headers=(tr("时间"), tr("普查人"), tr("结果"), tr("说明"), tr("审核"), tr("审核人和意见")),
    )  # fmt: skip


def _inspections(history: SiteHistory, definition: Definition, heading: str) -> Section:
    rows: list[Row] = []
    for inspection in history.inspections:
        state = tr("现行") if inspection.current else tr(label(inspection.state))
        name = _element(definition, inspection.element, inspection.number)
        said = [v for v in inspection.verdicts if v.kind not in _PLAIN]
        head = (inspection.recorded_at[:10], name, state)
        untold = sum(v.kind is VerdictKind.CANNOT_TELL for v in inspection.verdicts)
        if not said and not untold:
            rows.append((*head, tr("没有适用的限值"), ""))
        element = definition.checklist.element(inspection.element)
        for verdict in said:
            rule = definition.checklist.rule(verdict.rule)
            question = element.question(rule.question) if element and rule else None
            if rule is None or question is None:
                text = verdict.rule
            else:
                text = conformance.explain(verdict, rule, question, language())
            rows.append((*head, text, tr(label(verdict.kind))))
        if untold:
            text = tr("另有 {n} 项缺少判定所需的答案").format(n=untold)
            rows.append((*head, text, tr(label(VerdictKind.CANNOT_TELL))))
    return Section(
        title=tr("检查记录"), of=heading, widths=(13, 14, 10, 51, 12), rows=tuple(rows),
        headers=(tr("日期"), tr("元素"), tr("记录"), tr("判定和限值"), tr("结论")),
        rule=tr("现行：最近一次通过审核、没有被替代的检查；只有它计入结果。"),
    )  # fmt: skip


def _shown(history: SiteHistory, definition: Definition, heading: str) -> Section:
    rows = tuple(
        (inspection.recorded_at[:10], _element(definition, inspection.element, inspection.number), pictures)
        for inspection in history.inspections
        if (pictures := _pictures(history, inspection.photos))
    )
    return Section(
        title=tr("检查照片"), of=heading, widths=(13, 15, 72), rows=rows,
        headers=(tr("日期"), tr("元素"), tr("照片")),
    )  # fmt: skip


def _pictures(history: SiteHistory, hashes: Sequence[str]) -> tuple[Picture, ...]:
    return tuple(history.pictures[h] for h in hashes if h in history.pictures)


def _findings(history: SiteHistory, definition: Definition, heading: str, today: str) -> Section:
    rows = []
    for f in history.findings:
        quantity = f"{f.quantity:g} {f.quantity_unit}".strip() if f.quantity is not None else ""
        deadline = bracketed(f.deadline, tr("超期")) if f.overdue(today) else f.deadline
        state = tr(label(f.state))
        if f.round > 1:
            state = bracketed(state, tr("第 {n} 轮").format(n=f.round))
        rows.append((_element(definition, f.element, f.number), tr(label(f.problem)), sentences(
            x for x in (listed(f.rules), f.note) if x
        ), f.unit, deadline, phrased(x for x in (f.measure, quantity) if x), state))  # fmt: skip
    return Section(
        title=tr("问题"), of=heading, widths=(14, 13, 18, 14, 13, 16, 12), rows=tuple(rows),
        headers=(tr("元素"), tr("问题"), tr("规则和说明"), tr("责任单位"), tr("期限"), tr("措施和数量"), tr("状态")),
    )  # fmt: skip


def _pairs(history: SiteHistory, definition: Definition, heading: str) -> Section:
    rows = []
    for f in history.findings:
        before, after = _pictures(history, f.photos_before), _pictures(history, f.photos_after)
        if before or after:
            name = _element(definition, f.element, f.number)
            rows.append((bracketed(name, tr(label(f.problem))), before, after))
    return Section(
        title=tr("整改前后"), of=heading, widths=(16, 42, 42), rows=tuple(rows),
        headers=(tr("问题"), tr("整改前"), tr("整改后")),
    )  # fmt: skip


def _steps(history: SiteHistory, definition: Definition, heading: str) -> Section:
    rows: list[tuple[str, ...]] = []
    for f in history.findings:
        name = bracketed(_element(definition, f.element, f.number), tr(label(f.problem)))
        for step in history.steps.get(f.id, ()):
            rows.append((step.recorded_at[:16].replace("T", " "), name, tr(label(step.request.to)),
                         step.person_name, _said(step)))  # fmt: skip
    return Section(
        title=tr("整改步骤"), of=heading, widths=(16, 20, 12, 16, 36), rows=tuple(sorted(rows)),
        headers=(tr("时间"), tr("问题"), tr("改为"), tr("经办人"), tr("内容")),
    )  # fmt: skip


def _said(step: Step) -> str:
    r = step.request
    quantity = f"{r.quantity:g} {r.quantity_unit}".strip() if r.quantity is not None else ""
    parts = (
        (tr("责任单位"), r.unit), (tr("责任人"), r.responsible), (tr("期限"), r.deadline), (tr("措施"), r.measure),
        (tr("数量"), quantity), (tr("原因"), r.reason),
    )  # fmt: skip
    return sentences(named(name, value) for name, value in parts if value)
