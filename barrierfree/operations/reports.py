"""Make a report of a survey, as it stands or as it stood on another day; how it is written is in ``report_files``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Final, Literal

from barrierfree import report, workbook
from barrierfree.errors import NotFoundError, ReportError
from barrierfree.i18n import listed, tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Site
from barrierfree.model.words import FindingState
from barrierfree.operations import ledger
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.report import About, MadeAnew, Picture, Report, Section, SiteHistory
from barrierfree.store import FindingFilter, SiteFilter, Store

Period = Literal["", "week", "month", "quarter", "year"]
# Chinese whatever the interface speaks: what units and the city read
_LEDGER_RULE: Final = (
    "问题描述、实测值和限值取自发现问题的检查记录；实际完成时间是销号日期；超期按截至日期判断。"
    "普查里没有的栏目（道路/小区、行业主管部门、联系电话）留空。"
)
_NOTICE_PAPER: Final = (
    ("serial", 4), ("site_name", 10), ("address", 9), ("element", 7), ("problem", 6), ("description", 15),
    ("clauses", 8), ("deadline", 7), ("photos_before", 15), ("measure", 9), ("quantity", 4), ("done_on", 7),
)  # fmt: skip
_SIGNED: Final = "责任单位签收：　　　　　　　　　　日期：　　　　　　　　经办人：　　　　　　　　电话："


class ReportRequest(Model):
    """What report is wanted. Dates are ISO; ``period`` is the calendar's one around ``as_of`` and gives ``since``.

    ``findings`` narrows a ledger beyond place and unit; ``photos`` puts photos into a ledger's workbook; ``names`` may
    be left out of the page of thanks.
    """

    kind: str = "progress"
    as_of: str = ""
    since: str = ""
    period: Period = ""
    site: str = ""
    unit: str = ""
    community: str = ""
    findings: FindingFilter = FindingFilter()
    photos: bool = False
    names: bool = True


@contextmanager
def made(store: Store, wanted: ReportRequest, progress: Progress = SILENT, *, paper: bool = False) -> Iterator[Report]:
    """The report; use it inside the ``with``, for its rows may still be read from the survey.

    With ``as_of`` before today the survey is derived anew from what had been recorded by then. ``paper`` leaves out
    columns for which a page has no room. Raises ``ReportError`` or ``NotFoundError`` in words.
    """
    today = store.clock().date()
    checked = _checked(store, wanted, today)
    if checked.as_of == today.isoformat():
        yield _KINDS[checked.kind][0](store, checked, progress, paper)
        return
    progress.step(0, 0, tr("正在还原 {date} 的状态").format(date=checked.as_of))
    with store.as_of(checked.as_of, progress.check) as then:
        yield _KINDS[checked.kind][0](then, checked, progress, paper)


def values(store: Store, wanted: ReportRequest) -> dict[str, Any]:
    """The report for JSON."""
    with made(store, wanted) as found:
        return found.values()


def file_name(store: Store, wanted: ReportRequest, suffix: str) -> str:
    """A name for the file of a report: survey, kind, date."""
    day = wanted.as_of or store.clock().date().isoformat()
    title = "".join("_" if c in '<>:"/\\|?*' else c for c in str(store.info("title", "")))
    return f"{title}-{kind_word(wanted.kind)}-{day}{suffix}"


def kind_word(kind: str) -> str:
    """What a kind of report is called."""
    return {
        "progress": tr("普查进度"), "results": tr("普查与整治成果"), "ledger": tr("问题台账"), "site": tr("一点一档"),
        "notice": tr("整改通知单"), "proposals": tr("议题建议"), "contributions": tr("志愿者贡献"),
    }[kind]  # fmt: skip


def accepted(kind: str) -> frozenset[str]:
    """Which of since, site, unit, community and names a kind of report can be narrowed by."""
    return _KINDS[kind][1]


# -- what is asked for ----------------------------------------------------------------------------------------------


def period_begin(period: Period, day: date) -> date:
    """The first day of the calendar's week (Monday), month, quarter or year around ``day``."""
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _checked(store: Store, wanted: ReportRequest, today: date) -> ReportRequest:
    """The request with its dates filled in. Refuses what the survey does not know and what the kind cannot use."""
    if wanted.kind not in KINDS:
        raise NotFoundError(
            tr("没有“{kind}”这种报告。").format(kind=wanted.kind),
            tr("可用的报告：{kinds}。").format(kinds=listed(KINDS)),
        )
    as_of = _date(wanted.as_of) if wanted.as_of else today
    begun = store.begun()
    if as_of > today:
        raise ReportError(
            tr("{date} 还没有到。").format(date=as_of), tr("请选今天（{today}）或以前的日期。").format(today=today)
        )
    if begun and as_of.isoformat() < begun:
        raise ReportError(
            tr("{date} 时还没有这份普查。").format(date=as_of), tr("最早的记录在 {date}。").format(date=begun)
        )
    since = _date(wanted.since).isoformat() if wanted.since else ""
    if wanted.period and not since:
        since = period_begin(wanted.period, as_of).isoformat()
    if since > as_of.isoformat():
        raise ReportError(
            tr("开始日期 {since} 晚于截至日期 {until}。").format(since=since, until=as_of), tr("请把两个日期对调。")
        )
    _refuse_unused(wanted, since)
    site = store.site(wanted.site).id if wanted.site else ""
    _refuse_unknown(store, wanted)
    return wanted.model_copy(update={"as_of": as_of.isoformat(), "since": since, "site": site})


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ReportError(tr("看不懂日期“{text}”。").format(text=text), tr("请写成 2026-11-10 这样的日期。")) from None


def _refuse_unused(wanted: ReportRequest, since: str) -> None:
    """A restriction that would change nothing must not look as if it did."""
    given = {"since": since, "site": wanted.site, "unit": wanted.unit, "community": wanted.community}
    unused = [name for name, value in given.items() if value and name not in accepted(wanted.kind)]
    if unused:
        words = {"since": tr("时段"), "site": tr("点位"), "unit": tr("责任单位"), "community": tr("社区")}
        raise ReportError(
            tr("“{kind}”不能按{what}缩小范围。").format(kind=kind_word(wanted.kind), what=words[unused[0]]),
            tr("请去掉这一项，或换一种报告。"),
        )


def _refuse_unknown(store: Store, wanted: ReportRequest) -> None:
    if wanted.community and not store.sites(SiteFilter(community=wanted.community)):
        raise NotFoundError(
            tr("没有点位在社区“{name}”。").format(name=wanted.community),
            tr("有点位的社区：{names}。").format(names=listed(p.name for p in store.figures().communities if p.name)),
        )
    if wanted.unit and wanted.unit not in store.units():
        raise NotFoundError(
            tr("没有问题交给“{name}”。").format(name=wanted.unit),
            tr("已有的责任单位：{names}。").format(names=listed(store.units()) or tr("无")),
        )


def _about(store: Store, wanted: ReportRequest) -> About:
    place = listed(x for x in (wanted.community, wanted.unit) if x)
    return About(
        survey=str(store.info("title", "")), as_of=wanted.as_of, sample=bool(store.info("sample")), since=wanted.since,
        place=place,
    )  # fmt: skip


# -- the kinds ------------------------------------------------------------------------------------------------------


def _progress(store: Store, wanted: ReportRequest, _progress: Progress, _paper: bool) -> Report:
    figures = store.figures(date.fromisoformat(wanted.as_of), wanted.community)
    period = store.period(wanted.since, wanted.as_of, wanted.community) if wanted.since else None
    return report.progress(figures, period, store.definition(), _about(store, wanted))


def _results(store: Store, wanted: ReportRequest, _progress: Progress, _paper: bool) -> Report:
    bounds = (wanted.since or store.begun(), wanted.as_of, wanted.community)
    figures = store.figures(date.fromisoformat(wanted.as_of), wanted.community)
    visited = store.period(*bounds).total.first if wanted.since else figures.visited
    return report.results(
        figures, visited, store.class_results(*bounds), store.installed(*bounds),
        store.work_figures(wanted.since, wanted.as_of, wanted.community),
        [] if wanted.community else store.entered_results(wanted.since, wanted.as_of), store.definition(),
        _about(store, wanted),
    )  # fmt: skip


def _filter(wanted: ReportRequest) -> FindingFilter:
    given = {"site": wanted.site, "unit": wanted.unit, "community": wanted.community}
    return wanted.findings.model_copy(update={name: value for name, value in given.items() if value})


def _ledger(store: Store, wanted: ReportRequest, progress: Progress, paper: bool) -> Report:
    about, chosen = _about(store, wanted), _filter(wanted)
    described = ledger.Described(store, wanted.as_of)
    rows = MadeAnew(
        lambda: ledger.ledger_rows(described, lambda: store.ledger(chosen), paper=paper, photos=wanted.photos)
    )
    total = store.count_findings(chosen)
    progress.step(0, total)
    section = Section(
        title="台账", headers=ledger.ledger_headers(paper=paper), rows=rows, rule=_LEDGER_RULE,
        intro=f"共 {total:,} 个问题。",
        widths=tuple(share for _, share in ledger.PAPER_COLUMNS) if paper else (),
    )  # fmt: skip
    return Report(
        kind="ledger", title="无障碍问题整改台账", survey=about.survey, as_of=about.as_of, sample=about.sample,
        place=about.place, sections=(section,), wide=True,
    )  # fmt: skip


def _sites(store: Store, wanted: ReportRequest, progress: Progress, _paper: bool) -> Report:
    about = _about(store, wanted)
    chosen = [store.site(wanted.site)] if wanted.site else store.sites(SiteFilter(community=wanted.community))
    definition = store.definition()

    def sections() -> Iterator[Section]:
        for done, site in enumerate(chosen):
            progress.step(done, len(chosen), site.name)
            yield from report.site_sections(_history(store, site), definition, wanted.as_of)

    return Report(
        kind="site", title=tr("一点一档"), survey=about.survey, as_of=about.as_of, sample=about.sample,
        place=about.place, sections=MadeAnew(sections),
    )  # fmt: skip


def _history(store: Store, site: Site) -> SiteHistory:
    findings = sorted(store.findings(FindingFilter(site=site.id)), key=lambda f: (f.reported_at, f.id))
    inspections = store.inspections(site=site.id)
    hashes = dict.fromkeys(h for i in inspections for h in i.photos)
    hashes |= dict.fromkeys(h for f in findings for h in (*f.photos_before, *f.photos_after))
    return SiteHistory(
        site=site, visits=store.visits(site=site.id)[::-1], inspections=inspections, findings=findings,
        steps={f.id: store.steps(f.id) for f in findings},
        pictures={p.sha256: Picture(p.sha256, p.suffix) for p in store.photos(hashes) if not p.withdrawn},
    )  # fmt: skip


def _notices(store: Store, wanted: ReportRequest, progress: Progress, paper: bool) -> Report:
    about = _about(store, wanted)
    states = (FindingState.OPEN, FindingState.IN_PROGRESS)
    units = [wanted.unit] if wanted.unit else sorted(store.units())
    chosen = {unit: _filter(wanted).model_copy(update={"unit": unit, "states": states}) for unit in units}
    chosen = {unit: wish for unit, wish in chosen.items() if store.count_findings(wish)}
    if not chosen:
        raise ReportError(
            tr("没有需要通知的问题：没有交给责任单位、还没有整改的。"), tr("请先在“整改”页交办，或放宽范围。")
        )
    described = ledger.Described(store, wanted.as_of)
    fields = [column.field for column in workbook.NOTICE_COLUMNS]
    kept = [fields.index(name) for name, _ in _NOTICE_PAPER] if paper else list(range(len(fields)))

    def sections() -> Iterator[Section]:
        for done, (unit, wish) in enumerate(chosen.items()):
            progress.step(done, len(chosen), unit)
            rows = [[row[at] for at in kept] for row in ledger.notice_rows(described, store.ledger(wish))]
            yield Section(
                title="请整改的问题", opens=unit, headers=tuple(workbook.NOTICE_COLUMNS[at].header for at in kept),
                rows=rows, rule=_SIGNED, intro=f"共 {len(rows)} 个问题，请按期限整改。",
                widths=tuple(share for _, share in _NOTICE_PAPER) if paper else (),
            )  # fmt: skip

    return Report(
        kind="notice", title="无障碍设施整改通知单", survey=about.survey, as_of=about.as_of, sample=about.sample,
        place=wanted.community, sections=MadeAnew(sections), wide=True,
    )  # fmt: skip


def _proposals(store: Store, wanted: ReportRequest, progress: Progress, _paper: bool) -> Report:
    findings = store.findings(_filter(wanted).model_copy(update={"states": report.PROPOSED}))
    sites = store.sites_by_id(sorted({f.site for f in findings}))
    services = [s for code in sorted(report.PUBLIC_SERVICES)
                for s in store.sites(SiteFilter(site_class=code, in_force=True)) if s.lon is not None]  # fmt: skip
    definition, today = store.definition(), date.fromisoformat(wanted.as_of)
    scored = []
    for done, finding in enumerate(findings):
        if done % 100 == 0:
            progress.step(done, len(findings))
        scored.append(report.score(finding, sites[finding.site], services, definition, today))
    return report.proposals(scored, definition, _about(store, wanted))


def _contributions(store: Store, wanted: ReportRequest, _progress: Progress, _paper: bool) -> Report:
    people = store.contributions(wanted.since or store.begun(), wanted.as_of)
    return report.contributions(people, _about(store, wanted), names=wanted.names)


_Make = Callable[[Store, ReportRequest, Progress, bool], Report]
_KINDS: Final[dict[str, tuple[_Make, frozenset[str]]]] = {
    "progress": (_progress, frozenset({"since", "community"})),
    "results": (_results, frozenset({"since", "community"})),
    "ledger": (_ledger, frozenset({"site", "unit", "community"})),
    "site": (_sites, frozenset({"site", "community"})),
    "notice": (_notices, frozenset({"unit", "community"})),
    "proposals": (_proposals, frozenset({"community"})),
    "contributions": (_contributions, frozenset({"since", "names"})),
}
KINDS: Final = tuple(_KINDS)
