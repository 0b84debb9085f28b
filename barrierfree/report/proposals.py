"""Proposals for a residents' deliberation meeting (居民议事会): open findings ranked by a score that explains itself.

The score is this project's own proposal, no standard's: points that can be added up in the head, each with its reason,
so that a meeting can disagree with a part of it. It orders a talk, it decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from barrierfree import coordinates
from barrierfree.i18n import language, listed, mark, named, sentences, tr
from barrierfree.model.definition import Definition
from barrierfree.model.records import Finding, Site
from barrierfree.model.words import FindingState, Force, label
from barrierfree.report.values import About, Report, Section

# Classes where people get public services; near to one of them (in metres) a problem meets more people.
PUBLIC_SERVICES: Final = frozenset(
    {"residents_committee", "warm_home", "rehabilitation_station", "office_building", "service_centre"}
)
NEAR_M: Final = 300  # metres: some five minutes on foot for somebody who walks slowly (about 1 m/s)
_SEVERITY: Final = {"high": 3, "medium": 2, "low": 1}
_SEVERITY_WORDS: Final = {"high": mark("高"), "medium": mark("中"), "low": mark("低")}
_MOST: Final = 3  # points for rules beyond the first, and for months
_CONCERNS: Final = {
    "wheelchair": mark("轮椅使用者"), "walking_aid": mark("拄拐、行走不便的人"), "blind": mark("全盲者"),
    "low_vision": mark("低视力者"), "deaf": mark("听障者"),
}  # fmt: skip
PROPOSED: Final = (FindingState.OPEN, FindingState.IN_PROGRESS, FindingState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Part:
    """Points and why."""

    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding with the parts of its score."""

    finding: Finding
    site: Site
    parts: tuple[Part, ...]

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return sum(p.points for p in self.parts)

    @property
    def explained(self) -> str:
        """The parts in words."""
        return sentences(tr("{reason} +{n}").format(reason=p.reason, n=p.points) for p in self.parts)


def score(finding: Finding, site: Site, services: Iterable[Site], definition: Definition, today: date) -> Proposal:
    """The score of one finding. ``services`` are the sites of public services that have a position."""
    rules = [r for r in (definition.checklist.rule(i) for i in finding.rules) if r is not None]
    parts = []
    if finding.severity in _SEVERITY:
        word = tr(_SEVERITY_WORDS[finding.severity])
        parts.append(Part(_SEVERITY[finding.severity], tr("严重程度{word}").format(word=word)))
    if any(r.force is Force.MANDATORY for r in rules):
        parts.append(Part(2, tr("不满足强制性条文")))
    concerned = dict.fromkeys(c for r in rules for c in r.concerns)
    if concerned:
        who = listed(tr(_CONCERNS[c]) if c in _CONCERNS else c for c in concerned)
        parts.append(Part(len(concerned), tr("影响{who}").format(who=who)))
    if len(rules) > 1:
        parts.append(Part(min(len(rules) - 1, _MOST), tr("共 {n} 项不达标").format(n=len(rules))))
    parts += _nearness(site, services)
    months = (today - date.fromisoformat(finding.reported_at[:10])).days // 30
    if months > 0:
        parts.append(Part(min(months, _MOST), tr("已 {n} 个月").format(n=months)))
    if finding.overdue(today.isoformat()):
        parts.append(Part(1, tr("整改超期")))
    if finding.round > 1:
        parts.append(Part(2, tr("修好后又复发")))
    return Proposal(finding, site, tuple(parts))


def _nearness(site: Site, services: Iterable[Site]) -> list[Part]:
    if site.site_class in PUBLIC_SERVICES:
        return [Part(3, tr("本身是公共服务场所"))]
    if site.lon is None or site.lat is None:
        return []
    lon, lat = site.lon, site.lat
    reach = NEAR_M / 60_000  # degrees, generously: a degree of longitude has over 60 km up to 57° N
    near = [
        (coordinates.distance_m(lon, lat, s.lon, s.lat), s)
        for s in services
        if s.lon is not None and s.lat is not None and abs(s.lon - lon) < reach and abs(s.lat - lat) < reach
    ]
    if not near or min(near, key=lambda n: n[0])[0] > NEAR_M:
        return []
    metres, nearest = min(near, key=lambda n: n[0])
    return [Part(2, tr("距{name} {n} 米").format(name=nearest.name, n=round(metres)))]


def ranked(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The highest score first; equal ones by age, then by code."""
    return sorted(proposals, key=lambda p: (-p.score, p.finding.reported_at, p.site.code, p.finding.id))


def proposals(scored: Sequence[Proposal], definition: Definition, about: About) -> Report:
    """What to talk about: sites by the sum of their findings' scores, then every finding with its parts in words."""
    ordered = ranked(scored)
    by_site: dict[str, list[Proposal]] = defaultdict(list)
    for one in ordered:
        by_site[one.site.id].append(one)
    return Report(
        kind="proposals", title=tr("居民议事会议题建议"), survey=about.survey, as_of=about.as_of, sample=about.sample,
        place=about.place, note=tr("得分只用来排列讨论的先后，不是评价，也不代替议事会的决定。"),
        sections=(_sites(by_site), _findings(ordered, definition)),
    )  # fmt: skip


def _sites(by_site: Mapping[str, Sequence[Proposal]]) -> Section:
    sums = sorted(by_site.values(), key=lambda ps: (-sum(p.score for p in ps), ps[0].site.code))
    rows = tuple(
        (n, ps[0].site.name, ps[0].site.address, ps[0].site.community, len(ps), sum(p.score for p in ps))
        for n, ps in enumerate(sums, start=1)
    )
    return Section(
        title=tr("点位的先后"), rows=rows, widths=(8, 29, 25, 15, 11, 12),
        headers=(tr("次序"), tr("点位"), tr("地址"), tr("社区"), tr("问题"), tr("得分")),
        rule=tr("点位的得分是它的各个问题得分之和；只计未整改、整改中、待验收的问题，待核实的不计。"),
    )  # fmt: skip


def _findings(ordered: Sequence[Proposal], definition: Definition) -> Section:
    rows = []
    for n, one in enumerate(ordered, start=1):
        f = one.finding
        known = definition.checklist.element(f.element)
        element = known.label.in_language(language()) if known else f.element
        rows.append((n, one.site.name, named(element, tr(label(f.problem))), tr(label(f.state)), one.score,
                     one.explained))  # fmt: skip
    return Section(
        title=tr("问题的先后"), rows=tuple(rows), widths=(8, 20, 18, 12, 8, 34),
        headers=(tr("次序"), tr("点位"), tr("问题"), tr("状态"), tr("得分"), tr("得分的来由")),
        rule=tr(
            "严重程度高 3、中 2、低 1；不满足强制性条文 2；每影响一类人 1；每多一项不达标 1，至多 3；"
            "本身是公共服务场所 3，或距公共服务场所 {n} 米以内 2；每满 30 天 1，至多 3；超期 1；复发 2。"
        ).format(n=NEAR_M),
    )  # fmt: skip
