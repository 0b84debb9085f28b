"""Second looks: disputes between accepted inspections and their decision, samples for somebody else, one device.

Samples and third looks are facts alone; whether somebody has looked again is asked of the inspections.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.records import Changes, Inspection, StepRequest
from barrierfree.model.second_looks import Agreement, Dispute, LookItem, Sample, SecondLook
from barrierfree.model.words import FindingState, VisitState
from barrierfree.store import disputes
from barrierfree.store.findings import FindingVerbs
from barrierfree.store.looks import ASKED, ENDED, SUBJECT, asked_again
from barrierfree.store.reading import chunks, facts_about
from barrierfree.store.visits import _INSPECTION, _add_step, _inspection

_REASON_LONGEST: Final = 2000  # characters
# The closing step names the re-inspection: both facts of one closure with the device they were made on.
_ONE_DEVICE: Final = """
SELECT f.id FROM findings f JOIN steps s ON s.id = f.last_step JOIN facts c ON c.id = f.claim_step
JOIN facts x ON x.id = json_extract(s.request, '$.inspection') WHERE f.state = 'rectified' AND c.device = x.device
"""
_SAME_HAND: Final = """
SELECT i.id, f.id FROM inspections i JOIN findings f ON f.checkpoint = i.checkpoint
JOIN facts c ON c.id = f.claim_step JOIN facts x ON x.id = i.id
WHERE i.visit = ? AND f.state IN ('claimed', 'rectified') AND x.id > c.id AND x.device = c.device ORDER BY f.id
"""


class SecondLookVerbs(FindingVerbs):
    """The verbs about looking again."""

    # -- disputes -------------------------------------------------------------------------------------------------

    def disputes(self) -> list[Dispute]:
        """The checkpoints whose accepted inspections disagree, by community and point code."""
        twice = [r[0] for r in self._sql.execute(
            "SELECT checkpoint FROM inspections WHERE state = 'accepted' GROUP BY checkpoint HAVING count(*) > 1"
        )]  # fmt: skip
        held: dict[str, list[tuple[str, str]]] = defaultdict(list)
        found: dict[str, frozenset[str]] = {}
        for marks, part in chunks(twice):
            for checkpoint, inspection, base, verdicts in self._sql.execute(
                "SELECT checkpoint, id, base, verdicts FROM inspections WHERE state = 'accepted'"
                f" AND checkpoint IN ({marks}) ORDER BY id",
                part,
            ):
                held[checkpoint].append((inspection, base))
                found[inspection] = disputes.unmet(json.loads(verdicts))
        pairs = {c: disputes.heads(self._sql, c, accepted) for c, accepted in held.items()}
        told = [self._dispute(c, ids) for c, ids in pairs.items() if len({found[i] for i in ids}) > 1]
        return sorted(told, key=lambda d: (d.community, d.site_code, d.element, d.number))

    def dispute(self, checkpoint: str) -> Dispute:
        """The dispute at one checkpoint. Raises ``NotFoundError`` if there is none (any more)."""
        found = next((d for d in self.disputes() if d.checkpoint == checkpoint), None)
        if found is None:
            raise NotFoundError(tr("这个检查点的记录没有分歧（或已经裁定）。"), tr("请重新打开分歧列表。"))
        return found

    def _dispute(self, checkpoint: str, ids: Sequence[str]) -> Dispute:
        inspections = tuple(self.inspection(i) for i in ids)
        first = inspections[0]
        site = self.site(first.site)
        return Dispute(
            checkpoint=checkpoint, site=site.id, site_name=site.name, site_code=site.code, community=site.community,
            element=first.element, number=first.number, inspections=inspections,
            asked=bool(asked_again(self._sql, checkpoint)),
        )  # fmt: skip

    def adopt_inspection(self, checkpoint: str, inspection: str, *, person: str, reason: str) -> Changes:
        """Decide a dispute: ``inspection`` holds, the others stay in the history.

        A finding that only the others report, and that nobody has begun to rectify, becomes invalid by a visible step.
        Raises ``StepRefused`` in words.
        """
        found = self.dispute(checkpoint)
        if inspection not in {i.id for i in found.inspections}:
            raise StepRefused(tr("要采用的不是有分歧的记录之一。"), tr("请从有分歧的两次里选一次。"))
        if not reason.strip():
            raise StepRefused(tr("请写明为什么采用这一次。"), tr("例如：照片显示的尺子读数是 0.95 m。"))
        over = sorted({i.id for i in found.inspections} - {inspection})
        earlier = [fact.id for fact in facts_about(self._sql, checkpoint, disputes.DECISION)]
        payload = {
            "site": found.site, "inspection": inspection, "over": over, "reason": reason.strip()[:_REASON_LONGEST],
        }  # fmt: skip
        with self._writing(person) as (writer, done):
            writer.add(disputes.DECISION, checkpoint, payload, {"": earlier})
            for finding, last, evidence in self._sql.execute(
                "SELECT id, last_step, evidence FROM findings WHERE checkpoint = ? AND conflict = 0"
                " AND state IN ('reported', 'open')",
                [checkpoint],
            ).fetchall():
                reported = set(json.loads(evidence))
                if reported and reported <= set(over):
                    why = tr("两次检查有分歧，采用了另一次：{reason}").format(reason=payload["reason"])
                    _add_step(writer, finding, last, StepRequest(to=FindingState.INVALID, reason=why))
        return done[0]

    def ask_third_look(self, checkpoint: str, *, person: str) -> Changes:
        """Ask for a third look at a disputed checkpoint, by somebody who was not there."""
        found = self.dispute(checkpoint)
        if found.asked:
            raise StepRefused(tr("已经请人第三次检查，还没有做完。"), tr("志愿者在“调查”页的“复查”里会看到它。"))
        item = {
            "site": found.site, "visit": "", "people": sorted({i.person for i in found.inspections}),
            "checkpoints": [checkpoint],
        }  # fmt: skip
        return self._ask({"why": "dispute", "items": [item]}, person)

    # -- samples --------------------------------------------------------------------------------------------------

    def visits_to_sample(self, since: str, until: str) -> list[str]:
        """The accepted visits with inspections that were submitted between two days (ISO, both included), by id."""
        rows = self._sql.execute(
            "SELECT id FROM visits v WHERE state = 'accepted' AND substr(submitted_at, 1, 10) BETWEEN ? AND ?"
            " AND EXISTS (SELECT 1 FROM inspections i WHERE i.visit = v.id) ORDER BY id",
            [since, until],
        )
        return [r[0] for r in rows]

    def ask_second_look(self, sample: Sample, visits: Sequence[str], *, person: str) -> tuple[str, Changes]:
        """Ask that somebody else looks at the sites of these visits again; (id, changes)."""
        people: dict[str, set[str]] = defaultdict(set)
        checkpoints: dict[str, list[str]] = defaultdict(list)
        sites: dict[str, str] = {}
        for marks, part in chunks(visits):
            for visit, site, who, checkpoint in self._sql.execute(
                f"SELECT visit, site, person, checkpoint FROM inspections WHERE visit IN ({marks}) ORDER BY id", part
            ):
                sites[visit] = site
                people[visit].add(who)
                checkpoints[visit].append(checkpoint)
        items = [
            {"site": sites[v], "visit": v, "people": sorted(people[v]), "checkpoints": checkpoints[v]}
            for v in sorted(sites)
        ]
        changes = self._ask({"why": "sample", "sample": sample.model_dump(mode="json"), "items": items}, person)
        return self.second_looks()[0].id, changes

    def _ask(self, payload: dict[str, Any], person: str) -> Changes:
        with self._writing(person) as (writer, done):
            subject = SUBJECT + writer.new_id()
            writer.add(ASKED, subject, payload)
            writer.touched.sites.update(item["site"] for item in payload["items"])
        return done[0]

    def end_second_look(self, look: str, *, person: str) -> Changes:
        """Ask no more for what nobody has done yet; what was done stays."""
        with self._writing(person) as (writer, done):
            writer.add(ENDED, look, {})
        return done[0]

    def second_looks(self) -> list[SecondLook]:
        """All samples with what became of each visit, newest first."""
        names = {p.id: p.name for p in self.people()}
        ended = {r[0] for r in self._looks(ENDED)}
        told = []
        for look, fact, person, recorded_at, payload in self._looks(ASKED):
            held = json.loads(payload)
            if held["why"] == "sample":
                told.append(
                    SecondLook(
                        id=look, made_at=recorded_at, person_name=names.get(person, ""), ended=look in ended,
                        sample=Sample.model_validate(held["sample"]), items=self._items(held["items"], fact, names),
                    )
                )  # fmt: skip
        return told

    def _looks(self, kind: str) -> list[tuple[Any, ...]]:
        return self._sql.execute(
            "SELECT subject, id, person, recorded_at, payload FROM facts WHERE subject >= ? AND subject < ?"
            " AND kind = ? ORDER BY id DESC",
            [SUBJECT, SUBJECT + "~", kind],
        ).fetchall()

    def _items(self, items: Sequence[dict[str, Any]], fact: str, names: dict[str, str]) -> tuple[LookItem, ...]:
        sites = self.sites_by_id([item["site"] for item in items])
        rows = self._at([c for item in items for c in item["checkpoints"]])
        told = []
        for item in items:
            site = sites.get(item["site"])
            here = [i for c in item["checkpoints"] for i in rows.get(c, ())]
            first = {i.checkpoint: i for i in here if i.visit == item["visit"]}
            again = [i for i in here if i.id > fact and i.person not in item["people"]]
            counted = [i for i in again if i.state is VisitState.ACCEPTED]
            latest = {i.checkpoint: i for i in counted}
            differing = tuple(c for c, i in latest.items() if c in first and _unmet(i) != _unmet(first[c]))
            if latest:
                agreement = Agreement.DIFFERS if differing else Agreement.AGREES
            else:
                pending = any(i.state is VisitState.SUBMITTED for i in again)
                agreement = Agreement.PENDING if pending else Agreement.TO_DO
            told.append(
                LookItem(
                    site=item["site"], site_name=site.name if site else "", site_code=site.code if site else "",
                    community=site.community if site else "", visit=item["visit"],
                    first=_names(item["people"], names), second=_names((i.person for i in again), names),
                    agreement=agreement, differing=differing,
                )
            )  # fmt: skip
        return tuple(told)

    def _at(self, checkpoints: Sequence[str]) -> dict[str, list[Inspection]]:
        found: dict[str, list[Inspection]] = defaultdict(list)
        for marks, part in chunks(list(dict.fromkeys(checkpoints))):
            for row in self._sql.execute(f"{_INSPECTION} WHERE checkpoint IN ({marks}) ORDER BY id", part):
                found[row[2]].append(_inspection(row))
        return found

    # -- one device -----------------------------------------------------------------------------------------------

    def closed_on_one_device(self) -> frozenset[str]:
        """The rectified findings whose claim and re-inspection were recorded on the same device."""
        return frozenset(r[0] for r in self._sql.execute(_ONE_DEVICE))

    def same_hand(self, visit: str) -> dict[str, tuple[str, ...]]:
        """Per inspection of a visit the findings that were claimed, before it, on the device it was made on."""
        found: dict[str, list[str]] = defaultdict(list)
        for inspection, finding in self._sql.execute(_SAME_HAND, [visit]):
            found[inspection].append(finding)
        return {inspection: tuple(findings) for inspection, findings in found.items()}


def _unmet(inspection: Inspection) -> frozenset[str]:
    return disputes.unmet(v.model_dump(mode="json") for v in inspection.verdicts)


def _names(people: Iterable[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(p, "") for p in people))
