"""Take what phones collected in as visits: each instance once, its rows as inspections, its pictures with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from barrierfree.errors import AnswerError, PhotoError
from barrierfree.i18n import tr
from barrierfree.model.definition import WHOLE_SITE, Definition, ElementType, Model
from barrierfree.model.records import Changes, NewInspection, NewVisit, Person, Photo, Site
from barrierfree.model.words import Outcome, VisitState, label
from barrierfree.operations import pictures, visits
from barrierfree.operations.phone_answers import cell, read_cells, read_moment
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import PhoneVisit, SiteFilter, Store, phone_person
from barrierfree.submissions import Attachments, Instance, Record, read_submissions

_VISIT: Final = ("site_code", "outcome", "reason", "enumerator", "username", "start", "end", "today", "deviceid",
                 "SubmissionDate", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected",
                 "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "phonenumber", "subscriberid",
                 "simserial", "email", "audit")  # fmt: skip
_REJECTED: Final = frozenset({"rejected", "validation_status_not_approved", "not approved"})
_LONGEST_SHEET: Final = 31  # characters of a sheet's name in a workbook


class PhoneFault(Model):
    """What was not taken, or taken with a remark: where it stands, and why. ``left_out``: the row is not taken."""

    file: str
    sheet: str
    row: int
    column: str
    reason: str
    left_out: bool


class PhoneVisitRow(Model):
    """An offered visit, for a table: ``known`` says that the survey has it and only gets what it lacked."""

    instance: str
    row: int
    site: str
    site_name: str
    person: str
    outcome: str
    ended: str
    inspections: int
    not_met: int
    photos: int
    known: bool


@dataclass
class SubmissionOffer:
    """What an export would bring. ``names`` are the pictures of each visit by element and number."""

    file: str
    kind: str
    attachments: Attachments
    visits: list[PhoneVisit] = field(default_factory=list)
    rows: list[PhoneVisitRow] = field(default_factory=list)
    faults: list[PhoneFault] = field(default_factory=list)
    names: dict[tuple[str, str, int], list[str]] = field(default_factory=dict)
    known: int = 0
    checkpoints: int = 0  # that the survey does not have yet

    def fault(self, record: Record, reason: str, column: str = "", *, left_out: bool = True) -> None:
        """Note a fault of a row."""
        self.faults.append(
            PhoneFault(file=self.file, sheet=record.sheet, row=record.row, column=column, reason=reason,
                       left_out=left_out)
        )  # fmt: skip


class TakenSubmissions(Model):
    """What came of an export; with a dry run what would come."""

    file: str
    kind: str
    visits: int
    inspections: int
    findings: int
    known: int
    checkpoints: int
    photos: int
    photos_to_follow: tuple[str, ...]
    rows: tuple[PhoneVisitRow, ...]
    faults: tuple[PhoneFault, ...]
    changes: Changes = Changes()


def take_submissions(
    store: Store, path: Path, *, media: Path | None = None, by: str = "", dry_run: bool = False,
    progress: Progress = SILENT,
) -> TakenSubmissions:  # fmt: skip
    """Read the export at ``path`` and store its visits, or with ``dry_run`` only say what would come."""
    offer = plan_submissions(store, path, media=media, by=by, progress=progress)
    return told(offer) if dry_run else take_offer(store, offer, progress)


def plan_submissions(
    store: Store, path: Path, *, media: Path | None = None, by: str = "", progress: Progress = SILENT
) -> SubmissionOffer:
    """What the export at ``path`` would bring to the survey; nothing is stored.

    ``by`` is who collected where the form does not say. Raises ``SubmissionError`` for a file that is no export.
    """
    read = read_submissions(path, media, lambda done, total: progress.step(done, total, path.name))
    offer = SubmissionOffer(read.file, read.kind, read.attachments)
    for lost in read.lost:
        offer.fault(lost.record, lost.reason)
    planner = _Planner(store, offer, by, [i.id for i in read.instances])
    for done, instance in enumerate(read.instances):
        progress.step(done, len(read.instances), instance.record.sheet)
        planner.plan(instance)
    return offer


class _Planner:
    """Turns instances into visits, one after another."""

    def __init__(self, store: Store, offer: SubmissionOffer, by: str, instances: list[str]) -> None:
        self.store = store
        self.offer = offer
        self.by = by.strip()
        self.definition: Definition = store.definition()
        self.sites: dict[str, Site] = {}
        for site in store.sites(SiteFilter(merged=True)):
            self.sites[site.id] = self.sites[site.code] = site
        self.known = store.phone_visits(instances)
        self.zone = store.clock().tzinfo
        self.elements: dict[str, ElementType | None] = {}

    def plan(self, instance: Instance) -> None:
        """Add the visit of ``instance`` to the offer, or say why not."""
        record = instance.record
        if cell(record, "ReviewState", "_validation_status").lower() in _REJECTED:
            self.offer.fault(record, tr("在服务器上已被退回"))
            return
        visit_id, state = self.known.get(instance.id, ("", VisitState.SUBMITTED))
        before = self.store.inspections(visit=visit_id) if visit_id else []
        there = {(i.element, i.number): len(i.photos) for i in before}
        head = self._head(record, instance)
        if head is None:
            return
        site, person, outcome, reason = head
        ready = self._inspections(instance, site, there)
        late = any(key[0] == instance.id and key[1:] in there for key in self.offer.names)
        if visit_id and not ready:
            self.offer.known += 1
            if not late:
                return
        elif visit_id and state is not VisitState.SUBMITTED:
            self.offer.fault(record, tr("这次走访已经审核，新增的检查点请另行登记"))
            return
        if not (ready or late) and not outcome.needs_reason:
            self.offer.fault(record, tr("没有可以导入的检查点"))
            return
        ended = read_moment(cell(record, "end", "SubmissionDate", "_submission_time"), self.zone)
        started = read_moment(cell(record, "start"), self.zone) or ended
        visit = NewVisit(
            site=site.id, outcome=outcome, reason=reason, inspections=tuple(ready),
            started=started.isoformat(timespec="seconds") if started else "",
            ended=ended.isoformat(timespec="seconds") if ended else "",
        )  # fmt: skip
        self.offer.visits.append(PhoneVisit(instance.id, visit, person, ended or started))
        self._row(instance, visit, site, person, bool(visit_id))

    def _row(self, instance: Instance, visit: NewVisit, site: Site, person: Person, known: bool) -> None:
        names = [names for key, names in self.offer.names.items() if key[0] == instance.id]
        self.offer.rows.append(PhoneVisitRow(
            instance=instance.id, row=instance.record.row, site=site.code, site_name=site.name, person=person.name,
            outcome=visit.outcome.value, ended=visit.ended, inspections=len(visit.inspections),
            not_met=sum(v.kind.value == "not_met" for i in visit.inspections for v in i.verdicts),
            photos=sum(map(len, names)), known=known,
        ))  # fmt: skip

    def _head(self, record: Record, instance: Instance) -> tuple[Site, Person, Outcome, str] | None:
        code = cell(record, "site_code")
        site = self.sites.get(code.strip())
        if site is not None and site.same_as:
            site = self.sites.get(site.same_as, site)
        if site is None:
            reason = tr("没有编码为“{code}”的点位").format(code=code) if code else tr("没有写点位编码（site_code）")
            self.offer.fault(record, reason, "site_code")
        name = cell(record, "enumerator") or cell(record, "username") or self.by
        name = (name or cell(record, "_submitted_by", "SubmitterName")).strip()
        person = self._person(name, record)
        outcome = _outcome(cell(record, "outcome"))
        reason = cell(record, "reason").strip()
        if outcome is None:
            self.offer.fault(record, tr("走访结果“{text}”不认识").format(text=cell(record, "outcome")), "outcome")
        elif outcome.needs_reason and not reason:
            self.offer.fault(record, tr("没有写原因"), "reason")
            outcome = None
        return (site, person, outcome, reason) if site and person and outcome else None

    def _person(self, name: str, record: Record) -> Person | None:
        if not name:
            self.offer.fault(record, tr("不知道是谁填写的，请指明普查人"), "enumerator")
            return None
        same = [p for p in self.store.people() if name in (p.id, p.name)]
        if len(same) > 1:
            self.offer.fault(record, tr("有多个人叫“{name}”").format(name=name), "enumerator")
            return None
        return same[0] if same else phone_person(name)

    def _inspections(self, instance: Instance, site: Site, there: dict[tuple[str, int], int]) -> list[NewInspection]:
        parts = [(self._element(p.repeat), p.number, p.record, False) for p in instance.parts]
        whole = self.definition.checklist.element(WHOLE_SITE)
        if whole is not None and not any(e is whole for e, *_ in parts):
            parts.insert(0, (whole, 1, instance.record, True))
        own = {(c.element, c.number) for c in self.store.checkpoints(site.id)}
        last = {(i.element, i.number): i for i in self.store.inspections(site=site.id)}
        taken = set(there)
        ready: list[NewInspection] = []
        for element, number, record, is_head in parts:
            if element is None:
                self.offer.fault(record, tr("检查表里没有元素“{name}”").format(name=record.sheet))
                continue
            key = (element.code, number)
            if key in there:
                self._late_pictures(instance, element, number, record, there[key])
            if key in taken:
                continue
            before = last.get(key)
            replaces = before.id if before is not None and before.state is VisitState.RETURNED else ""
            made = self._inspection(instance, site, element, number, record, replaces, is_head)
            if made is None:
                continue
            ready.append(made)
            taken.add(key)
            self.offer.checkpoints += key not in own
        return ready

    def _late_pictures(self, instance: Instance, element: ElementType, number: int, record: Record, held: int) -> None:
        """Pictures that are there now and were not when the inspection was taken in."""
        named = read_cells(element, record, _VISIT).pictures
        here = [name for name in named if self.offer.attachments.has(name)]
        if here and held < len(named):
            self.offer.names[(instance.id, element.code, number)] = here

    def _element(self, repeat: str) -> ElementType | None:
        """The element that a csv's or sheet's name means; a sheet's name may be cut."""
        if repeat not in self.elements:
            name = repeat.rpartition("/")[2].removeprefix("element_")
            found = [e for e in self.definition.checklist.elements if name == e.code]
            if not found and len(repeat) >= _LONGEST_SHEET - 3:
                found = [e for e in self.definition.checklist.elements if e.code.startswith(name)]
            self.elements[repeat] = found[0] if len(found) == 1 else None
        return self.elements[repeat]

    def _inspection(
        self, instance: Instance, site: Site, element: ElementType, number: int, record: Record, replaces: str,
        is_head: bool,
    ) -> NewInspection | None:  # fmt: skip
        read = read_cells(element, record, _VISIT)
        for fault in read.faults:
            self.offer.fault(record, fault.reason, fault.column, left_out=fault.left_out)
        if any(f.left_out for f in read.faults) or not (read.answers or read.pictures):
            return None
        try:
            ready = visits.ready_inspection(
                self.definition, site, element, read.answers, number=number, replaces=replaces
            )
        except AnswerError as error:
            self.offer.fault(record, error.message)
            return None
        if read.pictures:
            self.offer.names[(instance.id, element.code, number)] = read.pictures
        return ready


def _outcome(text: str) -> Outcome | None:
    if not text:
        return Outcome.DONE
    return next((o for o in Outcome if text.strip() in (o.value, label(o), tr(label(o)))), None)


@dataclass
class KeptPictures:
    """The pictures of an offer, kept beside the survey: their records, their hashes by visit and element.

    ``new`` are the files that nothing named before; ``missing`` are the names of those that did not come along.
    """

    photos: list[Photo] = field(default_factory=list)
    hashes: dict[tuple[str, str, int], list[str]] = field(default_factory=dict)
    new: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def remove(self) -> None:
        """Take the files away again: nothing came of the visits."""
        for file in self.new:
            file.unlink(missing_ok=True)


def take_offer(store: Store, offer: SubmissionOffer, progress: Progress = SILENT) -> TakenSubmissions:
    """Store what is offered, pictures first: everything or nothing. Pictures that are missing are named."""
    return store_offer(store, offer, keep_pictures(store, offer, progress))


def keep_pictures(store: Store, offer: SubmissionOffer, progress: Progress = SILENT) -> KeptPictures:
    """Shrink and keep the pictures of the offer: the slow part, which needs no write to the survey."""
    kept = KeptPictures()
    try:
        for done, (key, names) in enumerate(offer.names.items()):
            for name in names:
                progress.step(done, len(offer.names), name)
                _keep(store, offer, kept, key, name)
    except BaseException:
        kept.remove()
        raise
    return kept


def _keep(store: Store, offer: SubmissionOffer, kept: KeptPictures, key: tuple[str, str, int], name: str) -> None:
    content = offer.attachments.read(name)
    if content is None:
        kept.missing.append(name)
        return
    try:
        photo = pictures.keep_pasted(store, content, name)
    except PhotoError as error:
        offer.fault(Record("media", 0, {}), error.message, name, left_out=False)
        return
    if store.photo(photo.sha256) is None:
        kept.new.append(store.photo_path(photo.sha256, photo.suffix))
    kept.photos.append(photo)
    kept.hashes.setdefault(key, []).append(photo.sha256)


def store_offer(store: Store, offer: SubmissionOffer, kept: KeptPictures) -> TakenSubmissions:
    """Store the visits of the offer with their pictures, in one short transaction."""
    try:
        done = store.take_visits([_with_photos(v, kept.hashes) for v in offer.visits], photos=kept.photos)
    except BaseException:
        kept.remove()
        raise
    return told(offer).model_copy(update={
        "visits": len(done.new), "inspections": len(done.inspections), "findings": len(set(done.findings)),
        "photos": done.photos, "photos_to_follow": tuple(kept.missing), "changes": done.changes,
    })  # fmt: skip


def _with_photos(visit: PhoneVisit, kept: Mapping[tuple[str, str, int], list[str]]) -> PhoneVisit:
    own = {key[1:]: hashes for key, hashes in kept.items() if key[0] == visit.instance}
    return PhoneVisit(visit.instance, visit.visit, visit.person, visit.moment, own)


def told(offer: SubmissionOffer) -> TakenSubmissions:
    """What an offer would bring, before it is stored."""
    named = [n for names in offer.names.values() for n in names]
    here = [n for n in named if offer.attachments.has(n)]
    return TakenSubmissions(
        file=offer.file, kind=offer.kind, visits=sum(not r.known for r in offer.rows),
        inspections=sum(r.inspections for r in offer.rows),
        findings=len({(v.visit.site, i.element, i.number, p.problem) for v in offer.visits
                      for i in v.visit.inspections for p in i.problems}),
        known=offer.known, checkpoints=offer.checkpoints, photos=len(here),
        photos_to_follow=tuple(n for n in named if n not in set(here)),
        rows=tuple(offer.rows), faults=tuple(offer.faults),
    )  # fmt: skip
