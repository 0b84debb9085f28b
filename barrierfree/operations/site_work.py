"""Everything the survey page needs about one site, and the submission of what was drafted there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import Field

from barrierfree import conformance, coordinates
from barrierfree.i18n import language, named, sentences, tr
from barrierfree.model.definition import Definition, Model
from barrierfree.model.records import Checkpoint, Draft, EarlierInspection, Finding, Inspection, Site
from barrierfree.model.words import FindingState, Outcome, Status, VerdictKind, VisitState
from barrierfree.operations import visits
from barrierfree.store import FindingFilter, SiteFilter, Store, Submitted

PART: Final = 300  # sites that a list is given at a time


class SiteWork(Model):
    """A site as it stands for the person who is there."""

    site: Site
    checkpoints: tuple[Checkpoint, ...]
    drafts: tuple[Draft, ...]
    latest: dict[str, Inspection]  # per checkpoint the newest inspection, whatever its state
    returned: tuple[str, ...]  # why visits came back that were not answered yet, newest first
    findings: tuple[Finding, ...]
    earlier: dict[str, EarlierInspection] = Field(default_factory=dict)  # per checkpoint, from the round before


class SiteListing(Model):
    """A part of the sites that fit a search: the first ones, or those that come ``offset`` further on."""

    sites: tuple[Site, ...]
    total: int
    offset: int


def site_listing(store: Store, wanted: SiteFilter, offset: int = 0) -> SiteListing:
    """The sites to choose from, ``PART`` at a time; those begun on this device show it."""
    found = store.find_sites(wanted, PART, offset)
    drafted = {d.site for d in store.drafts()}
    return SiteListing.model_construct(
        sites=tuple(_with_draft(s, drafted) for s in found.sites), total=found.total, offset=offset
    )


def _with_draft(site: Site, drafted: set[str]) -> Site:
    """A site not surveyed yet shows on this device that somebody has begun."""
    if site.id in drafted and site.status is Status.NOT_SURVEYED:
        return site.model_copy(update={"status": Status.PENDING})
    return site


def distances(sites: Sequence[Site], lon: float, lat: float) -> dict[str, float]:
    """Metres from a position to each site that has one."""
    return {
        s.id: coordinates.distance_m(lon, lat, s.lon, s.lat) for s in sites if s.lon is not None and s.lat is not None
    }


def walking_order(sites: Sequence[Site], far: Mapping[str, float]) -> list[Site]:
    """Nearest first; sites without a position last, in the order they came."""
    return sorted(sites, key=lambda s: far.get(s.id, float("inf")))


def site_work(store: Store, site: str) -> SiteWork:
    """What is known about one site."""
    found = store.site(site)
    latest: dict[str, Inspection] = {}
    for inspection in store.inspections(site=found.id):
        latest[inspection.checkpoint] = inspection
    reasons = []
    for visit in store.visits(site=found.id):
        if visit.state not in (VisitState.RETURNED, VisitState.PARTLY_RETURNED):
            break
        reasons.append(visit.review_reason)
    return SiteWork(
        site=found, checkpoints=tuple(store.checkpoints(found.id)), drafts=tuple(store.drafts(found.id)),
        latest=latest, returned=tuple(reasons), findings=tuple(store.findings(FindingFilter(site=found.id))),
        earlier=store.earlier(found.id),
    )  # fmt: skip


def told_earlier(definition: Definition, earlier: EarlierInspection, element: str) -> str:
    """What the round before found at a checkpoint, in one sentence; each rule not met with what was measured."""
    unmet = [v for v in earlier.verdicts if v.kind is VerdictKind.NOT_MET]
    asked = visits.element_named(definition, element)
    said = []
    for verdict in unmet[:3]:
        rule = definition.checklist.rule(verdict.rule)
        question = asked.question(rule.question) if rule else None
        if rule and question:
            said.append(conformance.explain(verdict, rule, question, language()))
    head = tr("第 {round} 轮（{day}）").format(round=earlier.round, day=earlier.recorded_at[:10])
    if not unmet:
        return named(head, tr("没有不达标的项目。"))
    return named(head, sentences([tr("{n} 项不达标").format(n=len(unmet)), *said]))


def submit_drafts(
    store: Store,
    site: str,
    *,
    person: str,
    outcome: Outcome,
    reason: str = "",
    dismissed: Mapping[tuple[str, int], Sequence[str]] | None = None,
    started: str = "",
    ended: str = "",
    source: str = "",
    entered_by: str = "",
) -> Submitted:
    """Submit everything drafted at a site as one visit; refuses what cannot be understood or is missing.

    ``dismissed`` names, per element and number, proposed problem words that the person does not agree with.
    ``started``, ``ended``, ``source`` and ``entered_by`` are those of ``NewVisit``.
    """
    definition = store.definition()
    found = store.site(site)
    claimed = store.findings(FindingFilter(site=found.id, states=(FindingState.CLAIMED,)))
    ready = []
    for draft in reversed(store.drafts(found.id)):
        element = visits.element_named(definition, draft.element)
        raw = dict(draft.answers)
        gone = raw.pop(GONE, None)
        answers = visits.read_answers(element, raw)
        if not answers and not draft.photos:
            continue
        before = store.inspections(checkpoint=_checkpoint(store, found.id, draft))
        replaces = before[-1].id if before and before[-1].state is VisitState.RETURNED else ""
        bare = [f.id for f in claimed if f.element == draft.element and f.number == draft.number and not f.rules]
        ready.append(
            visits.ready_inspection(
                definition, found, element, answers, number=draft.number, photos=draft.photos, replaces=replaces,
                dismissed=(dismissed or {}).get((draft.element, draft.number), ()),
                gone=bare if gone == "yes" else (),
            )
        )  # fmt: skip
    return visits.submit(
        store, found, ready, person=person, outcome=outcome, reason=reason, started=started, ended=ended,
        source=source, entered_by=entered_by,
    )  # fmt: skip


def _checkpoint(store: Store, site: str, draft: Draft) -> str:
    return next((c.id for c in store.checkpoints(site) if (c.element, c.number) == (draft.element, draft.number)), "-")


GONE = "_gone"  # in a draft: the answer to "is the problem gone?" for findings without a rule


def gone_question() -> str:
    """What is asked at the re-inspection of a finding without a rule."""
    return tr("申请验收的问题是否已经消除？")
