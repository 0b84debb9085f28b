"""Photos that come after their visit: joined to its inspections, put into drafts, or kept in the tray for later."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, Photo
from barrierfree.store import facts as f
from barrierfree.store.phone_visits import PhoneVisitVerbs
from barrierfree.store.sites import add_photo_facts
from barrierfree.store.writing import Writer


@dataclass(frozen=True)
class VisitPhotos:
    """Photos for inspections of one visit, by their hashes. ``complete``: no more are to be waited for."""

    visit: str
    inspections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True)
class DraftPhotos:
    """Photos for one checkpoint that is half filled on this device."""

    site: str
    element: str
    number: int
    photos: tuple[str, ...]


class PlacedPhotos(Model):
    """What came of photos, counted as photo and place: joined to visits, to drafts, there already; and the tray."""

    visits: int
    drafts: int
    known: int
    tray: int
    changes: Changes


class VisitPhotoVerbs(PhoneVisitVerbs):
    """The verbs about photos that come later."""

    def tray(self) -> list[Photo]:
        """The photos of this device that belong to nothing yet, in the order of their times."""
        rows = self._sql.execute("SELECT photo FROM tray WHERE device = ?", [self.device])
        return sorted((Photo.model_validate_json(r[0]) for r in rows), key=lambda p: (p.taken_at, p.sha256))

    def placed_sources(self, sources: Sequence[str]) -> set[str]:
        """Of the files with these SHA-256 those whose photo belongs to an inspection, a draft or a step already."""
        rows = self._sql.execute(
            "SELECT p.source FROM photos p WHERE p.source <> '' AND p.sha256 IN ("
            "SELECT value FROM inspections, json_each(inspections.photos)"
            " UNION SELECT value FROM findings, json_each(photos_after)"
            " UNION SELECT value FROM drafts, json_each(drafts.photos))"
        )
        return {r[0] for r in rows} & set(sources)

    def names_photo(self, sha256: str) -> bool:
        """Whether a record, a draft or the tray of any device names the photo."""
        return any(
            self._sql.execute(question, [value]).fetchone() is not None
            for question, value in (
                ("SELECT 1 FROM photos WHERE sha256 = ?", sha256),
                ("SELECT 1 FROM tray WHERE sha256 = ?", sha256),
                ("SELECT 1 FROM drafts WHERE instr(photos, ?)", sha256),
            )
        )

    def add_visit_photos(
        self, added: Sequence[VisitPhotos], *, photos: Sequence[Photo] = (), person: str
    ) -> PlacedPhotos:
        """Join photos to inspections of visits that were submitted before, or say that no more will come.

        What is there already makes no fact. The files of ``photos`` must already be kept (``keep_photo_file``).
        """
        return self.place_photos(added, photos=photos, person=person)

    def place_photos(
        self, visits: Sequence[VisitPhotos] = (), drafts: Sequence[DraftPhotos] = (), *,
        photos: Sequence[Photo] = (), tray: Sequence[Photo] = (), untray: Sequence[str] = (), person: str,
    ) -> PlacedPhotos:  # fmt: skip
        """All of an intake in one transaction: photos of visits, of drafts, for the tray and out of it."""
        counts = {"visits": 0, "drafts": 0, "known": 0, "tray": 0}
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, {p.sha256: p for p in photos}.values())
            for one in visits:
                self._join(writer, one, counts)
            for draft in drafts:
                self._join_draft(writer, draft, person, counts)
            self._sql.executemany(
                "DELETE FROM tray WHERE device = ? AND sha256 = ?",
                [(self.device, h) for h in {*untray, *(p.sha256 for p in photos)}],
            )
            now = writer.recorded_at
            for photo in tray:
                counts["tray"] += self._sql.execute(
                    "INSERT OR IGNORE INTO tray VALUES (?,?,?,?)",
                    [self.device, photo.sha256, photo.model_dump_json(), now],
                ).rowcount
        return PlacedPhotos(**counts, changes=done[0])

    def _join(self, writer: Writer, one: VisitPhotos, counts: dict[str, int]) -> None:
        """The fact that joins photos to a visit; none if it would say nothing new."""
        held = {i.id: set(i.photos) for i in self.inspections(visit=one.visit)}
        strange = [i for i in one.inspections if i not in held]
        if strange:
            raise NotFoundError(
                tr("这次走访里没有检查记录“{id}”。").format(id=strange[0]), tr("请从这次走访的记录里选择。")
            )
        new = {i: [h for h in dict.fromkeys(hashes) if h not in held[i]] for i, hashes in one.inspections.items()}
        joined = sum(map(len, new.values()))
        counts["visits"] += joined
        counts["known"] += sum(map(len, one.inspections.values())) - joined
        complete = one.complete and self.visit(one.visit).photos_to_follow
        if joined or complete:
            payload = {"inspections": {i: hashes for i, hashes in new.items() if hashes}, "complete": complete}
            writer.add("photos", one.visit, payload)

    def _join_draft(self, writer: Writer, one: DraftPhotos, person: str, counts: dict[str, int]) -> None:
        """Photos into a draft, which is made if nothing was typed yet."""
        key = [self.device, one.site, one.element, one.number]
        row = self._sql.execute(
            "SELECT photos FROM drafts WHERE device = ? AND site = ? AND element = ? AND number = ?", key
        ).fetchone()
        held = json.loads(row[0]) if row else []
        new = [h for h in dict.fromkeys(one.photos) if h not in held]
        counts["drafts"] += len(new)
        counts["known"] += len(one.photos) - len(new)
        self._sql.execute(
            "INSERT INTO drafts VALUES (?,?,?,?,?,'{}',?,'',?) ON CONFLICT (device, site, element, number) DO UPDATE"
            " SET photos = excluded.photos",
            [*key, person, f.canonical([*held, *new]), self.clock().isoformat(timespec="seconds")],
        )
        writer.drafts = True
        writer.touched.sites.add(one.site)
