"""Findings and their steps: the ledger and the acts that move a finding on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from barrierfree import rectification
from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, Finding, Inspection, Photo, Report, Step, StepRequest
from barrierfree.model.words import FindingState, Problem, VisitState
from barrierfree.store.reading import facts_about
from barrierfree.store.search import like
from barrierfree.store.sites import add_photo_facts
from barrierfree.store.visit_photos import VisitPhotoVerbs
from barrierfree.store.visits import _add_step

_FINDING = (
    "SELECT f.id, f.site, s.name, s.code, s.community, f.checkpoint, f.element, f.number, f.problem, f.rules,"
    " f.severity, f.note, f.state, f.round, f.unit, f.responsible, f.deadline, f.deadline_note, f.measure, f.quantity,"
    " f.quantity_unit, f.reported_at, f.state_since, f.last_step, f.claimed_by, f.claimed_at, f.photos_before,"
    " f.photos_after, f.conflict, f.city_number, f.planned, f.source FROM findings f JOIN sites s ON s.id = f.site"
)


class FindingFilter(Model):
    """Which findings are asked for; empty fields do not restrict. ``overdue_on`` is an ISO date."""

    states: tuple[FindingState, ...] = ()
    district: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    unit: str = ""
    site: str = ""
    text: str = ""
    overdue_on: str = ""
    site_class: str = ""
    ids: tuple[str, ...] = ()
    reported_since: str = ""  # ISO dates, both included
    reported_until: str = ""


_STATES = {state.value: state for state in FindingState}
_PROBLEMS = {problem.value: problem for problem in Problem}


def _finding(row: tuple[Any, ...]) -> Finding:
    """A finding from its row; not validated again, for a ledger may hold 60,000 of them."""
    return Finding.unchecked({
        "id": row[0], "site": row[1], "site_name": row[2], "site_code": row[3], "community": row[4],
        "checkpoint": row[5], "element": row[6], "number": row[7], "problem": _PROBLEMS[row[8]],
        "rules": _texts(row[9]), "severity": row[10], "note": row[11], "state": _STATES[row[12]], "round": row[13],
        "unit": row[14], "responsible": row[15], "deadline": row[16], "deadline_note": row[17], "measure": row[18],
        "quantity": row[19], "quantity_unit": row[20], "reported_at": row[21], "state_since": row[22],
        "last_step": row[23], "claimed_by": row[24], "claimed_at": row[25], "photos_before": _texts(row[26]),
        "photos_after": _texts(row[27]), "conflict": bool(row[28]), "city_number": row[29],
        "planned": row[30], "source": row[31],
    })  # fmt: skip


@lru_cache(maxsize=4096)
def _texts(stored: str) -> tuple[str, ...]:
    """A list of texts as stored; many findings carry the same."""
    return tuple(json.loads(stored))


class FindingVerbs(VisitPhotoVerbs):
    """The verbs about findings."""

    def findings(self, wanted: FindingFilter | None = None) -> list[Finding]:
        """The findings that fit, newest first."""
        where, values = _where(wanted or FindingFilter())
        return [_finding(r) for r in self._sql.execute(f"{_FINDING}{where} ORDER BY f.id DESC", values)]

    def finding(self, finding: str) -> Finding:
        """One finding by its id."""
        row = self._sql.execute(f"{_FINDING} WHERE f.id = ?", [finding]).fetchone()
        if row is None:
            raise NotFoundError(
                tr("没有编号为“{id}”的问题。").format(id=finding), tr("请用“list FILE findings”查看编号。")
            )
        return _finding(row)

    def steps(self, finding: str = "", *, all_of_them: bool = False, group: str = "") -> list[Step]:
        """The steps in force of a finding (or of all), oldest first.

        ``all_of_them``: also those that were taken back, contradict or were not decided for; ``group``: those of one
        bulk action.
        """
        parts = [] if all_of_them else ["s.in_force = 1"]
        values = [value for value in (finding, group) if value]
        parts += [part for part, value in (("s.finding = ?", finding), ("s.grp = ?", group)) if value]
        where = f"WHERE {' AND '.join(parts)}" if parts else ""
        rows = self._sql.execute(
            "SELECT s.id, s.finding, s.follows, s.person, coalesce(p.name, ''), s.recorded_at, s.request, s.standing,"
            f" s.grp FROM steps s LEFT JOIN people p ON p.id = s.person AND p.removed = 0 {where} ORDER BY s.id",
            values,
        )
        return [
            Step(id=r[0], finding=r[1], follows=r[2], person=r[3], person_name=r[4], recorded_at=r[5],
                 request=StepRequest.model_validate_json(r[6]), standing=r[7], group=r[8])
            for r in rows
        ]  # fmt: skip

    def reports(self, finding: str) -> list[Report]:
        """What reported a finding, oldest first: inspections, and what somebody told without one."""
        names = {p.id: p.name for p in self.people()}
        return [
            Report(id=x.id, recorded_at=x.recorded_at, person=x.person, person_name=names.get(x.person, ""),
                   inspection=x.payload["inspection"], source=x.payload.get("source", ""), note=x.payload["note"],
                   photos=tuple(x.payload["photos"]))
            for x in facts_about(self._sql, finding, "finding")
        ]  # fmt: skip

    def seen_since(self, finding: Finding) -> list[Inspection]:
        """The inspections that can speak about a finding, oldest first: of its checkpoint, or of its whole site."""
        if finding.checkpoint:
            return self.inspections(checkpoint=finding.checkpoint)
        return self.inspections(site=finding.site)

    def units(self) -> list[str]:
        """The responsible units named so far, the most used first."""
        rows = self._sql.execute(
            "SELECT unit FROM findings WHERE unit <> '' GROUP BY unit ORDER BY count(*) DESC, unit"
        )
        return [r[0] for r in rows]

    def refusal(self, finding: str, request: StepRequest, *, person: str, today: date | None = None) -> str | None:
        """Why this step cannot be taken now, in words; None if it can."""
        return self._judge_step(self.finding(finding), request, person, today or self.clock().date())[0]

    def record_step(
        self,
        finding: str,
        request: StepRequest,
        *,
        person: str,
        photos: Sequence[Photo] = (),
        today: date | None = None,
    ) -> Changes:
        """Take a step. A closing step without a named inspection takes the newest one that closes the finding.

        Raises ``StepRefused`` with the reason in words.
        """
        found = self.finding(finding)
        refusal, reinspection = self._judge_step(found, request, person, today or self.clock().date())
        if refusal:
            raise StepRefused(refusal, tr("没有改动。补齐后再做这一步。"))
        if reinspection is not None and not request.inspection:
            request = request.model_copy(update={"inspection": reinspection.id})
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
            _add_step(writer, finding, found.last_step, request)
        return done[0]

    def _judge_step(
        self, finding: Finding, request: StepRequest, person: str, today: date
    ) -> tuple[str | None, Inspection | None]:
        reinspection = None
        if request.to is FindingState.RECTIFIED:
            candidates = tuple(self.seen_since(finding))
            if request.inspection:
                reinspection = next((i for i in candidates if i.id == request.inspection), None)
            else:
                reinspection = rectification.qualifying(finding, candidates, person) or _nearest(candidates, finding)
        accepted = inspected = True
        if finding.state is FindingState.REPORTED:
            inspected = any(r.inspection for r in self.reports(finding.id))
            accepted = self._report_accepted(finding.id)
        if request.to is FindingState.DUPLICATE and request.original:
            self.finding(request.original)
        refusal = rectification.refusal(
            finding, request, by=person, today=today, reinspection=reinspection, visit_accepted=accepted,
            inspected=inspected,
        )  # fmt: skip
        return refusal, reinspection

    def _report_accepted(self, finding: str) -> bool:
        """Whether an inspection that reported it was accepted; those of an earlier round are not here and were."""
        evidence = json.loads(self._sql.execute("SELECT evidence FROM findings WHERE id = ?", [finding]).fetchone()[0])
        marks = ",".join("?" * len(evidence))
        states = self._sql.execute(f"SELECT state FROM inspections WHERE id IN ({marks})", evidence).fetchall()
        if not states and self.info("round", 1) > 1:
            return True
        return not evidence or (VisitState.ACCEPTED,) in states


def _nearest(candidates: Sequence[Inspection], finding: Finding) -> Inspection | None:
    """The newest inspection since the claim, so that the refusal can say what is wrong with it."""
    later = [i for i in candidates if finding.claimed_at and i.recorded_at > finding.claimed_at]
    return max(later, key=lambda i: i.id) if later else None


def _where(wanted: FindingFilter) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    if wanted.states:
        parts.append(f"f.state IN ({','.join('?' * len(wanted.states))})")
        values += wanted.states
    for column, value in (
        ("s.district", wanted.district),
        ("s.street", wanted.street),
        ("s.community", wanted.community),
        ("s.grid", wanted.grid),
        ("f.unit", wanted.unit),
        ("f.site", wanted.site),
        ("s.class", wanted.site_class),
    ):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    for word in wanted.text.split():
        parts.append("(s.search LIKE ? ESCAPE '\\' OR f.unit LIKE ? ESCAPE '\\')")
        values += [like(word), like(word)]
    for sign, day in ((">=", wanted.reported_since), ("<=", wanted.reported_until)):
        if day:
            parts.append(f"substr(f.reported_at, 1, 10) {sign} ?")
            values.append(day)
    if wanted.ids:
        parts.append("f.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(wanted.ids))
    if wanted.overdue_on:
        parts.append("f.deadline <> '' AND f.deadline < ? AND f.state IN ('reported','open','in_progress','claimed')")
        values.append(wanted.overdue_on)
    return (" WHERE " + " AND ".join(parts) if parts else ""), values
