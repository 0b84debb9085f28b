"""The evening's photos: find them, look at them, propose where they belong, keep and store what was decided."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from barrierfree.errors import PhotoError
from barrierfree.i18n import phrased, tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, Photo, Site, Visit
from barrierfree.model.words import VisitState
from barrierfree.operations.photo_proposals import Occasion, Proposal, Shot, Slot, Target, propose
from barrierfree.operations.pictures import Refused, keep_picture, remove_unnamed
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import DraftPhotos, PlacedPhotos, Store, VisitPhotos

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
_TOLD = 3  # so many refused photos are named at the end; all of them stand in the list before


@dataclass(frozen=True)
class Item:
    """A picture that was found: its file, what it says of itself, and its record if it lies in the tray already."""

    key: str  # the SHA-256 of the file it came as
    path: Path
    name: str
    taken_at: str = ""
    lon: float | None = None
    lat: float | None = None
    photo: Photo | None = None

    def shot(self, offset: timedelta = timedelta()) -> Shot:
        """As proposals are made from it; the tray's times are right already."""
        return Shot(self.key, _moment(self.taken_at, timedelta() if self.photo else offset), self.lon, self.lat)


@dataclass
class Intake:
    """What was found and what was decided about it; nothing of it is stored."""

    occasions: list[Occasion]
    items: dict[str, Item] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)  # names of files whose photos the survey has
    refused: list[Refused] = field(default_factory=list)
    others: int = 0  # files that are no pictures
    offset: timedelta = timedelta()
    proposals: dict[str, Proposal] = field(default_factory=dict)
    chosen: dict[str, Target] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    def set_offset(self, offset: timedelta) -> None:
        """Correct the camera's clock and propose anew; what was decided by hand stays."""
        self.offset = offset
        self.proposals = {key: propose(item.shot(offset), self.occasions) for key, item in self.items.items()}

    def target(self, key: str) -> Target | None:
        """Where a picture goes as things stand: decided, or else proposed."""
        return self.chosen.get(key) or self.proposals[key].target

    def take_all(self) -> int:
        """Agree with every proposal; how many that were."""
        new = self.proposed()
        self.chosen.update(new)
        return len(new)

    def proposed(self) -> dict[str, Target]:
        """The proposals that nobody has decided about."""
        settled = self.chosen.keys() | self.dropped
        return {key: p.target for key, p in self.proposals.items() if p.target is not None and key not in settled}

    def assign(self, keys: Iterable[str], target: Target | None) -> None:
        """Decide where pictures go; None puts them into the tray."""
        for key in keys:
            self.dropped.discard(key)
            if target is not None:
                self.chosen[key] = target
            else:
                self.chosen.pop(key, None)
                self.proposals[key] = Proposal(None, tr("放入待分配"))

    def drop(self, keys: Iterable[str]) -> None:
        """Leave pictures out: they are not taken in, and leave the tray."""
        for key in keys:
            self.chosen.pop(key, None)
            self.dropped.add(key)

    def tray(self) -> list[str]:
        """The pictures that are decided to go nowhere, and those nobody has decided about."""
        return [key for key in self.items if key not in self.chosen and key not in self.dropped]


class Receipt(Model):
    """What came of an intake, counted as photo and place."""

    visits: int
    drafts: int
    known: int
    tray: int
    waiting: int  # in the tray, with those from before
    refused: tuple[Refused, ...]
    others: int
    changes: Changes

    @property
    def imported(self) -> int:
        """Photos that were new to a visit, a draft or the tray."""
        return self.visits + self.drafts + self.tray

    def told(self) -> str:
        """In one sentence."""
        counts = (
            (tr("走访 {n}"), self.visits), (tr("草稿 {n}"), self.drafts), (tr("待分配 {n}"), self.tray),
        )  # fmt: skip
        parts = [text.format(n=f"{n:,}") for text, n in counts if n]
        if not parts:
            return tr("没有新的照片。")
        return tr("导入 {n} 张：{parts}。").format(n=f"{self.imported:,}", parts=phrased(parts))

    def remarks(self) -> str:
        """What else there was to say, and which photos were refused why; '' if nothing."""
        counts = (
            (tr("以前已导入 {n} 张"), self.known), (tr("不能用 {n} 个"), len(self.refused)),
            (tr("不是照片 {n} 个"), self.others),
            (tr("待分配里一共 {n} 张"), self.waiting if self.waiting > self.tray else 0),
        )  # fmt: skip
        parts = [text.format(n=f"{n:,}") for text, n in counts if n]
        if not parts:
            return ""
        return "\n".join((tr("{parts}。").format(parts=phrased(parts)), *(r.reason for r in self.refused[:_TOLD])))


def find_pictures(places: Iterable[Path], progress: Progress = SILENT) -> tuple[list[Path], int]:
    """The pictures among files and in folders (with all below them), and how many other files there are."""
    found: dict[Path, None] = {}
    others = 0
    for place in places:
        files: Iterable[Path] = _below(place) if place.is_dir() else [place]
        for file in files:
            progress.step(len(found), 0, file.name)
            if file.suffix.lower() in PICTURES:
                found[file] = None
            else:
                others += 1
    return sorted(found), others


def _below(folder: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))  # thumbnails that phones hide
        for name in names:
            if not name.startswith("."):
                yield Path(parent) / name


def plan_intake(store: Store, places: Iterable[Path], person: str, progress: Progress = SILENT) -> Intake:
    """Look at the pictures in files and folders and propose where they go. With none: only what lies in the tray."""
    from barrierfree import photos

    files, others = find_pictures(places, progress)
    intake = Intake(occasions(store, person), others=others)
    for photo in store.tray():
        key = photo.source or photo.sha256
        path = store.photo_path(photo.sha256, photo.suffix)
        intake.items[key] = Item(key, path, photo.name, photo.taken_at, photo.lon, photo.lat, photo)
    seen: dict[str, Item] = {}
    for done, file in enumerate(files):
        progress.step(done, len(files), file.name)
        try:
            one = photos.look(file)
        except PhotoError as error:
            intake.refused.append(Refused(file.name, error.message))
            continue
        seen.setdefault(one.sha256, Item(one.sha256, file, file.name, one.taken_at, one.lon, one.lat))
    known = store.placed_sources(list(seen))
    intake.known = [item.name for key, item in seen.items() if key in known]
    intake.items |= {key: item for key, item in seen.items() if key not in known and key not in intake.items}
    intake.set_offset(timedelta())
    return intake


def occasions(store: Store, person: str) -> list[Occasion]:
    """What a person visited, and what is half filled on this device; newest first. '' means everybody."""
    found: list[Occasion] = []
    for visit in store.visits(person=person):
        if visit.state is VisitState.RETURNED:
            continue
        slots = tuple(
            Slot(i.element, i.number, i.id, not_met=sum(v.kind.value == "not_met" for v in i.verdicts))
            for i in store.inspections(visit=visit.id)
        )
        if slots:
            found.append(_of_visit(visit, store.site(visit.site), slots))
    drafts: dict[str, list[Slot]] = {}
    for draft in reversed(store.drafts()):
        saved = datetime.fromisoformat(draft.saved_at)
        drafts.setdefault(draft.site, []).append(Slot(draft.element, draft.number, saved=saved))
    for site, slots_of in drafts.items():
        times = [s.saved for s in slots_of if s.saved is not None]
        place = store.site(site)
        found.append(
            Occasion("", site, place.name, place.lon, place.lat, min(times), max(times), tuple(slots_of), awaited=True)
        )
    return sorted(found, key=lambda o: o.started.timestamp(), reverse=True)


def _of_visit(visit: Visit, site: Site, slots: tuple[Slot, ...]) -> Occasion:
    ended = datetime.fromisoformat(visit.ended or visit.submitted_at)
    started = datetime.fromisoformat(visit.started) if visit.started else ended
    return Occasion(
        visit.id, site.id, site.name, site.lon, site.lat, min(started, ended), ended, slots, visit.photos_to_follow
    )


def _moment(text: str, offset: timedelta) -> datetime | None:
    try:
        return datetime.fromisoformat(text) + offset if text else None
    except (ValueError, OverflowError):
        return None


@dataclass
class KeptIntake:
    """The photos of an intake, their files kept, by the key of their items; and those that turned out unusable."""

    photos: dict[str, Photo] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def keep_intake(store: Store, intake: Intake, progress: Progress = SILENT, *, originals: bool = False) -> KeptIntake:
    """Shrink and keep the pictures, those for the tray too: the slow part, which needs no write to the survey.

    When it is cancelled, none of the files stays.
    """
    kept = KeptIntake()
    wanted = [item for key, item in intake.items.items() if key not in intake.dropped]
    try:
        for done, item in enumerate(wanted):
            progress.step(done, len(wanted), item.name)
            if item.photo is not None:
                kept.photos[item.key] = item.photo
                continue
            try:
                photo = keep_picture(store, item.path, originals=originals)
            except PhotoError as error:
                kept.refused.append(Refused(item.name, error.message))
                continue
            moment = _moment(photo.taken_at, intake.offset)
            taken_at = moment.isoformat() if moment else photo.taken_at
            kept.photos[item.key] = photo.model_copy(update={"taken_at": taken_at})
    except BaseException:
        remove_unnamed(store, kept.photos.values())
        raise
    return kept


def store_intake(store: Store, intake: Intake, kept: KeptIntake, person: str, *, complete: bool = True) -> Receipt:
    """Store everything that was decided in one transaction; the rest goes to the tray.

    ``complete``: the visits that got photos wait for no more.
    """
    visits: dict[str, dict[str, list[str]]] = {}
    drafts: dict[tuple[str, str, int], list[str]] = {}
    for key, target in intake.chosen.items():
        photo = kept.photos.get(key)
        if photo is None:
            continue
        occasion, slot = target.occasion, target.slot
        if occasion.visit:
            visits.setdefault(occasion.visit, {}).setdefault(slot.inspection, []).append(photo.sha256)
        else:
            drafts.setdefault((occasion.site, slot.element, slot.number), []).append(photo.sha256)
    placed = [kept.photos[key] for key in intake.chosen if key in kept.photos]
    items = intake.items
    try:
        done: PlacedPhotos = store.place_photos(
            [VisitPhotos(visit, inspections, complete) for visit, inspections in visits.items()],
            [DraftPhotos(*where, tuple(hashes)) for where, hashes in drafts.items()],
            photos=placed, tray=[kept.photos[key] for key in intake.tray() if key in kept.photos],
            untray=[photo.sha256 for key in intake.dropped if (photo := items[key].photo) is not None], person=person,
        )  # fmt: skip
    except BaseException:
        remove_unnamed(store, kept.photos.values())
        raise
    remove_unnamed(store, [photo for key in intake.dropped if (photo := items[key].photo) is not None])
    return Receipt(
        visits=done.visits, drafts=done.drafts, known=done.known + len(intake.known), tray=done.tray,
        waiting=len(store.tray()), refused=(*intake.refused, *kept.refused), others=intake.others, changes=done.changes,
    )  # fmt: skip


def take_in(
    store: Store, places: Sequence[Path], person: str, *, offset: timedelta = timedelta(), dry_run: bool = False,
    originals: bool = False, progress: Progress = SILENT,
) -> Mapping[str, object]:  # fmt: skip
    """The whole of it without a window: every proposal is taken over. With ``dry_run`` only what would come."""
    intake = plan_intake(store, places, person, progress)
    intake.set_offset(offset)
    intake.take_all()
    told: dict[str, object] = {
        "proposals": [_told(intake, key) for key in intake.chosen],
        "tray": [{"file": intake.items[k].name, "reason": intake.proposals[k].reason} for k in intake.tray()],
        "known": intake.known, "others": intake.others,
    }  # fmt: skip
    refused = intake.refused
    if not dry_run:
        kept = keep_intake(store, intake, progress, originals=originals)
        done = store_intake(store, intake, kept, person)
        refused = list(done.refused)
        told["stored"] = {"visits": done.visits, "drafts": done.drafts, "known": done.known, "tray": done.tray,
                          "waiting": done.waiting}  # fmt: skip
    told["refused_photos"] = [{"name": r.name, "reason": r.reason} for r in refused]
    return told


def _told(intake: Intake, key: str) -> dict[str, object]:
    target = intake.chosen[key]
    return {
        "file": intake.items[key].name, "site": target.occasion.name, "visit": target.occasion.visit,
        "element": target.slot.element, "number": target.slot.number, "reason": intake.proposals[key].reason,
    }  # fmt: skip
