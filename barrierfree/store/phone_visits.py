"""Visits that were recorded on phones: taken in once, under ids that every computer derives alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, NewInspection, NewVisit, Person, Photo
from barrierfree.model.words import VisitState
from barrierfree.store import facts as f
from barrierfree.store.sites import add_photo_facts
from barrierfree.store.visits import VisitVerbs, visit_payload
from barrierfree.store.writing import Writer


@dataclass(frozen=True)
class PhoneVisit:
    """A visit as a phone recorded it. ``instance`` is the id that the phone gave it, ``moment`` when it ended.

    ``photos`` are hashes by element and number, of its inspections and of those that were taken in before.
    """

    instance: str
    visit: NewVisit
    person: Person
    moment: datetime | None
    photos: Mapping[tuple[str, int], Sequence[str]] = field(default_factory=dict)


class TakenVisits(Model):
    """What came of visits from phones: their ids in the order given, and what was new."""

    visits: tuple[str, ...]
    new: tuple[str, ...]
    inspections: tuple[str, ...]
    findings: tuple[str, ...]
    photos: int  # that were new to their inspections
    changes: Changes


def phone_visit_id(instance: str, moment: datetime | None) -> str:
    """The id of the visit that a phone recorded as ``instance``: the same on every computer."""
    return f.derived_id_at(moment, "submission", instance)


class PhoneVisitVerbs(VisitVerbs):
    """The verbs about visits from phones."""

    def phone_visits(self, instances: Iterable[str]) -> dict[str, tuple[str, VisitState]]:
        """Which of these instances the survey has already: the id of each one's visit, and how its review stands."""
        wanted = set(instances)
        rows = self._sql.execute(
            "SELECT json_extract(x.payload, '$.instance'), v.id, v.state FROM facts x JOIN visits v ON v.id = x.subject"
            " WHERE x.kind = 'visit' AND json_extract(x.payload, '$.instance') IS NOT NULL"
        )
        return {r[0]: (r[1], VisitState(r[2])) for r in rows if r[0] in wanted}

    def take_visits(self, new: Sequence[PhoneVisit], *, photos: Sequence[Photo] = (), person: str = "") -> TakenVisits:
        """Store visits from phones with their inspections and findings, all in one transaction.

        What is known is left as it is; inspections that are new to a visit not reviewed yet are added to it. Facts
        carry the phone's instance as their device and its time. ``person`` takes them in; names of people nobody
        knows yet are stored too. The files of ``photos`` must already be kept (``keep_photo_file``).
        """
        known = {p.id for p in self.people()}
        known_visits = self.phone_visits(v.instance for v in new)
        ids, fresh, made, found = [], list[str](), list[str](), list[str]()
        joined = 0
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, {p.sha256: p for p in photos}.values())
            for one in new:
                visit, state = known_visits.get(one.instance, ("", VisitState.SUBMITTED))
                is_new, visit = not visit, visit or phone_visit_id(one.instance, one.moment)
                ids.append(visit)
                if one.person.id not in known:
                    self._name(writer, one.person)
                    known.add(one.person.id)
                at = (one.moment or self.clock()).astimezone(self.clock().tzinfo).isoformat(timespec="milliseconds")
                with writer.on_behalf(one.person.id, f"submission:{one.instance}", at):
                    if is_new:
                        payload = {**visit_payload(one.visit), "instance": one.instance}
                        writer.add("visit", visit, payload, fact_id=visit)
                        fresh.append(visit)
                    if state is VisitState.SUBMITTED:
                        made += self._take_inspections(writer, visit, one, found)
                    joined += self._take_photos(writer, visit, one)
        return TakenVisits(
            visits=tuple(ids), new=tuple(fresh), inspections=tuple(made), findings=tuple(found), photos=joined,
            changes=done[0],
        )  # fmt: skip

    def _take_inspections(self, writer: Writer, visit: str, one: PhoneVisit, found: list[str]) -> list[str]:
        """Add the inspections that the visit does not have yet; their ids."""
        rows = self._sql.execute("SELECT element, number FROM inspections WHERE visit = ?", [visit]).fetchall()
        missing = [i for i in one.visit.inspections if (i.element, i.number) not in rows]
        return [self._take_inspection(writer, visit, one, i, found) for i in missing]

    def _take_inspection(
        self, writer: Writer, visit: str, one: PhoneVisit, inspection: NewInspection, found: list[str]
    ) -> str:
        key = ("submission", one.instance, inspection.element, inspection.number)
        fact_id = f.derived_id_at(one.moment, *key)
        inspection = inspection.model_copy(update={"photos": ()})  # each is a fact of its own: ``_take_photos``
        self._add_inspection(writer, visit, one.visit.site, inspection, self.definition_hash(), fact_id)
        for problem in inspection.problems:
            own = f.derived_id_at(one.moment, *key, problem.problem)
            found.append(self._add_finding(writer, one.visit.site, inspection, problem, fact_id, own))
        return fact_id

    def _take_photos(self, writer: Writer, visit: str, one: PhoneVisit) -> int:
        """Join photos to inspections, a fact each: whenever they arrive, every computer makes the same; how many."""
        rows = self._sql.execute("SELECT element, number, id, photos FROM inspections WHERE visit = ?", [visit])
        there = {(r[0], r[1]): (r[2], set(json.loads(r[3]))) for r in rows}
        for i in one.visit.inspections:
            key = ("submission", one.instance, i.element, i.number)
            there.setdefault((i.element, i.number), (f.derived_id_at(one.moment, *key), set()))
        joined = 0
        for (element, number), hashes in one.photos.items():
            inspection, held = there.get((element, number), ("", set()))
            for sha256 in dict.fromkeys(hashes):
                if inspection and sha256 not in held:
                    fact_id = f.derived_id_at(one.moment, "submission-photo", one.instance, element, number, sha256)
                    payload = {"inspections": {inspection: [sha256]}, "complete": False}
                    writer.add("photos", visit, payload, fact_id=fact_id)
                    joined += 1
        return joined

    def _name(self, writer: Writer, person: Person) -> None:
        writer.add("person", person.id, {})
        self._sql.execute(
            "INSERT INTO people VALUES (?,?,0) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE removed = 0",
            [person.id, person.name],
        )
        writer.people = True


def phone_person(name: str) -> Person:
    """The person of this name as every computer makes it that does not know anybody called so."""
    return Person(id=f.derived_id("person", name), name=name)
