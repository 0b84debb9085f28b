"""Everything the survey page needs about one site, and the submission of what was drafted there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from barrierfree import conformance, coordinates
from barrierfree.i18n import language, named, sentences, tr
from barrierfree.model.city import SentState
from barrierfree.model.definition import Definition, ElementType, Model
from barrierfree.model.records import Checkpoint, Draft, EarlierInspection, Finding, Inspection, Site
from barrierfree.model.words import FindingState, Outcome, Status, VerdictKind, VisitState
from barrierfree.operations import draft_extras, visits
from barrierfree.store import FindingFilter, SiteFilter, Store, Submitted

PART: Final = 300  # sites that a list is given at a time


class SaidBefore(Model):
    """What a person last said of an element of one type: the descriptive answers, and at which site."""

    answers: dict[str, Any]
    site: str


class SiteWork(Model):
    """A site as it stands for the person who is there."""

    site: Site
    checkpoints: tuple[Checkpoint, ...]
    drafts: tuple[Draft, ...]
    latest: dict[str, Inspection]  # per checkpoint the newest inspection, whatever its state
    returned: tuple[str, ...]  # why visits came back that were not answered yet, newest first
    findings: tuple[Finding, ...]
    earlier: dict[str, EarlierInspection] = Field(default_factory=dict)  # per checkpoint, from the round before
    said_before: dict[str, SaidBefore] = Field(default_factory=dict)  # per element type, by this person
    awaiting: tuple[str, ...] = ()  # visits of which photos are still to come
    sent: tuple[SentState, ...] = ()  # how the site and what is there stand with the city's system

    def is_again(self, checkpoint: Checkpoint) -> bool:
        """Whether looking at this checkpoint now is a re-inspection."""
        return bool(checkpoint.inspection) or any(f.state is FindingState.CLAIMED for f in self.findings_at(checkpoint))

    def asks_gone(self, checkpoint: Checkpoint) -> tuple[Finding, ...]:
        """The findings without a rule that wait for somebody to say whether they are gone."""
        return tuple(
            f for f in self.findings
            if f.checkpoint in (checkpoint.id, "") and f.state is FindingState.CLAIMED and not f.rules
        )  # fmt: skip

    def findings_at(self, checkpoint: Checkpoint) -> tuple[Finding, ...]:
        """The findings of one checkpoint."""
        return tuple(f for f in self.findings if f.checkpoint == checkpoint.id)


class Here(Model):
    """Where somebody stands, WGS-84 degrees, and how to say it."""

    lon: float
    lat: float
    name: str


class SiteListing(Model):
    """A part of the sites that fit a search: the first ones, or those that come ``offset`` further on.

    ``far``: metres to each from where the person stands, empty where that is not known.
    """

    sites: tuple[Site, ...]
    total: int
    offset: int
    far: dict[str, float] = Field(default_factory=dict)


def site_listing(store: Store, wanted: SiteFilter, offset: int = 0) -> SiteListing:
    """The sites to choose from, ``PART`` at a time; those begun on this device show it."""
    found = store.find_sites(wanted, PART, offset)
    drafted = {d.site for d in store.drafts()}
    return SiteListing.model_construct(
        sites=tuple(_with_draft(s, drafted) for s in found.sites), total=found.total, offset=offset,
        far=distances(found.sites, *wanted.near) if wanted.near else {},
    )  # fmt: skip


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


def standing_at(site: Site) -> Here | None:
    """Standing at a site; None if nobody knows where it is."""
    if site.lon is None or site.lat is None:
        return None
    return Here(lon=site.lon, lat=site.lat, name=site.name)


def last_stood(store: Store, person: str) -> Here | None:
    """Where a person made the last visit."""
    visit = store.last_visit(person) if person else None
    return standing_at(store.site(visit.site)) if visit else None


class Beginning(Model):
    """What somebody finds who opens the survey page: where the last visit was, and what is still a draft."""

    here: Here | None
    drafts: int
    sites: tuple[Site, ...]  # those with drafts, the one saved last first
    saved_at: str


def beginning(store: Store, person: str) -> Beginning:
    """How the day begins for a person at this device."""
    drafts = store.drafts()
    sites = [store.site(site) for site in dict.fromkeys(d.site for d in drafts)]
    return Beginning(
        here=last_stood(store, person), drafts=len(drafts), sites=tuple(sites),
        saved_at=drafts[0].saved_at if drafts else "",
    )  # fmt: skip


def site_work(store: Store, site: str, person: str = "") -> SiteWork:
    """What is known about one site, for ``person`` who is there."""
    found = store.site(site)
    latest: dict[str, Inspection] = {}
    for inspection in store.inspections(site=found.id):
        latest[inspection.checkpoint] = inspection
    reasons = []
    known = store.visits(site=found.id)
    for visit in known:
        if visit.state not in (VisitState.RETURNED, VisitState.PARTLY_RETURNED):
            break
        reasons.append(visit.review_reason)
    checkpoints, findings = store.checkpoints(found.id), store.findings(FindingFilter(site=found.id))
    sent = store.sent_states([found.id, *(c.id for c in checkpoints), *(f.id for f in findings)])
    return SiteWork(
        site=found, checkpoints=tuple(checkpoints), drafts=tuple(store.drafts(found.id)),
        latest=latest, returned=tuple(reasons), findings=tuple(findings),
        earlier=store.earlier(found.id), said_before=_said_before(store, found, person) if person else {},
        awaiting=tuple(v.id for v in known if v.photos_to_follow and v.state is not VisitState.RETURNED),
        sent=tuple(sent.values()),
    )  # fmt: skip


def _said_before(store: Store, site: Site, person: str) -> dict[str, SaidBefore]:
    """Per element type what a person last described: in a draft at another site, else in an inspection."""
    definition = store.definition()
    drafts = [d for d in store.drafts() if d.person == person and d.site != site.id]
    found: dict[str, SaidBefore] = {}
    for code in dict.fromkeys(c.element for c in store.checkpoints(site.id)):
        element = definition.checklist.element(code)
        if element is None or not any(q.descriptive for q in element.questions):
            continue
        draft = next((d for d in drafts if d.element == code), None)
        latest = None if draft else store.last_inspection(code, person)
        source = draft or latest
        answers = descriptive(element, source.answers) if source else {}
        if source and answers:
            found[code] = SaidBefore(answers=answers, site=store.site(source.site).name)
    return found


def descriptive(element: ElementType, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that describe an element (material, form) and may be taken over for another one; no measurement."""
    wanted = {q.name for q in element.questions if q.descriptive and not q.quantity}
    return {name: value for name, value in answers.items() if name in wanted}


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
    store: Store, site: str, *, person: str, outcome: Outcome, reason: str = "",
    dismissed: Mapping[tuple[str, int], Sequence[str]] | None = None,
    severities: Mapping[tuple[str, int], Mapping[str, str]] | None = None, started: str = "", ended: str = "",
    photos_to_follow: bool = False, source: str = "", entered_by: str = "",
) -> Submitted:  # fmt: skip
    """Submit everything drafted at a site as one visit; refuses what cannot be understood or is missing.

    Per element and number: ``dismissed`` names proposed problem words that the person does not agree with,
    ``severities`` how bad those are that stay, by word.
    ``started``, ``ended``, ``source`` and ``entered_by`` are those of ``NewVisit``.
    """
    definition = store.definition()
    found = store.site(site)
    claimed = store.findings(FindingFilter(site=found.id, states=(FindingState.CLAIMED,)))
    ready = []
    for draft in reversed(store.drafts(found.id)):
        element = visits.element_named(definition, draft.element)
        extras = draft_extras.extras_of(draft.answers)
        answers = visits.read_answers(element, draft_extras.answers_of(draft.answers))
        if not answers and not draft.photos and not extras.says_something:
            continue
        key = (draft.element, draft.number)
        before = store.inspections(checkpoint=_checkpoint(store, found.id, draft))
        replaces = before[-1].id if before and before[-1].state is VisitState.RETURNED else ""
        bare = [f.id for f in claimed if (f.element, f.number) == key and not f.rules]
        ready.append(
            visits.ready_inspection(
                definition, found, element, answers, number=draft.number, photos=draft.photos, replaces=replaces,
                dismissed=(dismissed or {}).get(key, ()), seen=extras.seen,
                severities=(severities or {}).get(key, {}), gone=bare if extras.gone == "yes" else (),
                taken_over=sorted(extras.taken_over.keys() & answers.keys()),
            )
        )  # fmt: skip
    return visits.submit(
        store, found, ready, person=person, outcome=outcome, reason=reason, started=started, ended=ended,
        source=source, entered_by=entered_by, photos_to_follow=photos_to_follow,
    )  # fmt: skip


def _checkpoint(store: Store, site: str, draft: Draft) -> str:
    return next((c.id for c in store.checkpoints(site) if (c.element, c.number) == (draft.element, draft.number)), "-")
