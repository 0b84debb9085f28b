"""Visits and inspections: submitting, reviewing, and what follows for findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from barrierfree.errors import NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.definition import Model
from barrierfree.model.records import (
    Changes,
    EarlierInspection,
    Inspection,
    NewInspection,
    NewVisit,
    Photo,
    ReportedProblem,
    StepRequest,
    Verdict,
    Visit,
)
from barrierfree.model.words import FindingState, VerdictKind, VisitState
from barrierfree.store import facts as f
from barrierfree.store.lists import ListVerbs
from barrierfree.store.looks import replaced_by
from barrierfree.store.places import checkpoint_id
from barrierfree.store.sites import _drop_drafts, add_photo_facts
from barrierfree.store.writing import Writer

_VISIT = (
    "SELECT v.id, v.site, s.name, s.code, s.community, v.person, coalesce(p.name, ''), v.outcome, v.reason,"
    " v.submitted_at, v.state, v.review_reason, coalesce(r.name, v.reviewed_by),"
    " (SELECT count(*) FROM inspections i WHERE i.visit = v.id),"
    " (SELECT coalesce(sum(not_met), 0) FROM inspections i WHERE i.visit = v.id),"
    " (SELECT coalesce(sum(json_array_length(photos)), 0) FROM inspections i WHERE i.visit = v.id), v.photos_follow,"
    " v.started, v.ended, coalesce(json_extract(x.payload, '$.source'), ''), coalesce(e.name, '')"
    " FROM visits v JOIN sites s ON s.id = v.site LEFT JOIN people p ON p.id = v.person AND p.removed = 0"
    " LEFT JOIN people r ON r.id = v.reviewed_by AND r.removed = 0"
    " LEFT JOIN facts x ON x.id = v.id"  # the visit's own fact bears its id
    " LEFT JOIN people e ON e.id = json_extract(x.payload, '$.entered_by') AND e.removed = 0"
)
_INSPECTION = (
    "SELECT id, visit, checkpoint, site, element, number, person, recorded_at, checklist, answers, verdicts, photos,"
    " state, current, gone, problems, taken_over FROM inspections"
)


class Submitted(Model):
    """What a submitted visit became."""

    visit: str
    inspections: tuple[str, ...]
    findings: tuple[str, ...]
    changes: Changes


def _visit(row: tuple[Any, ...]) -> Visit:
    return Visit(
        id=row[0], site=row[1], site_name=row[2], site_code=row[3], community=row[4], person=row[5],
        person_name=row[6], outcome=row[7], reason=row[8], submitted_at=row[9], state=row[10], review_reason=row[11],
        reviewed_by=row[12], inspections=row[13], not_met=row[14], photos=row[15],
        photos_to_follow=bool(row[16]), started=row[17], ended=row[18], source=row[19],
        entered_by=row[20],
    )  # fmt: skip


def _inspection(row: tuple[Any, ...]) -> Inspection:
    return Inspection(
        id=row[0], visit=row[1], checkpoint=row[2], site=row[3], element=row[4], number=row[5], person=row[6],
        recorded_at=row[7], checklist=row[8], answers=json.loads(row[9]),
        verdicts=tuple(Verdict.model_validate(v) for v in json.loads(row[10])), photos=tuple(json.loads(row[11])),
        state=row[12], current=bool(row[13]), gone=tuple(json.loads(row[14])),
        problems=tuple(ReportedProblem.model_validate(p) for p in json.loads(row[15])),
        taken_over=tuple(json.loads(row[16])),
    )  # fmt: skip


def visit_payload(new: NewVisit) -> dict[str, Any]:
    """What the fact of a visit says; that photos will follow, and where it came from, only if it says so."""
    payload = new.model_dump(mode="json", exclude={"inspections"})
    rare = ("photos_to_follow", "source", "entered_by")
    return {name: value for name, value in payload.items() if value or name not in rare}


class VisitVerbs(ListVerbs):
    """The verbs about visits and inspections."""

    # -- asking ---------------------------------------------------------------------------------------------------

    def visits(self, states: Iterable[VisitState] = (), site: str = "", person: str = "") -> list[Visit]:
        """Visits in these states (all if none is named), newest first."""
        parts, values = [], list[object](states)
        if values:
            parts.append(f"v.state IN ({','.join('?' * len(values))})")
        for column, value in (("v.site", site), ("v.person", person)):
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        where = " WHERE " + " AND ".join(parts) if parts else ""
        return [_visit(r) for r in self._sql.execute(f"{_VISIT}{where} ORDER BY v.id DESC", values)]

    def visit(self, visit: str) -> Visit:
        """One visit by its id."""
        row = self._sql.execute(f"{_VISIT} WHERE v.id = ?", [visit]).fetchone()
        if row is None:
            raise NotFoundError(
                tr("没有编号为“{visit}”的走访。").format(visit=visit), tr("请用“list FILE visits”查看编号。")
            )
        return _visit(row)

    def inspections(
        self, *, visit: str = "", site: str = "", checkpoint: str = "", current: bool = False
    ) -> list[Inspection]:
        """Inspections of a visit, a site or a checkpoint, oldest first; ``current`` only those in force."""
        parts, values = [], []
        for column, value in (("visit", visit), ("site", site), ("checkpoint", checkpoint)):
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        if current:
            parts.append("current = 1")
        where = " WHERE " + " AND ".join(parts) if parts else ""
        return [_inspection(r) for r in self._sql.execute(f"{_INSPECTION}{where} ORDER BY id", values)]

    def earlier(self, site: str) -> dict[str, EarlierInspection]:
        """Per checkpoint of a site what the round before found; empty in a first round."""
        names = {p.id: p.name for p in self.people()}
        rows = self._sql.execute(
            "SELECT checkpoint, inspection, recorded_at, person, round, answers, verdicts FROM earlier WHERE site = ?",
            [site],
        )
        return {
            r[0]: EarlierInspection(checkpoint=r[0], inspection=r[1], recorded_at=r[2],
                                    person_name=names.get(r[3], ""), round=r[4], answers=json.loads(r[5]),
                                    verdicts=json.loads(r[6]))
            for r in rows
        }  # fmt: skip

    def inspection(self, inspection: str) -> Inspection:
        """One inspection by its id."""
        row = self._sql.execute(f"{_INSPECTION} WHERE id = ?", [inspection]).fetchone()
        if row is None:
            raise NotFoundError(
                tr("没有编号为“{id}”的检查记录。").format(id=inspection),
                tr("请用“list FILE inspections”查看编号。"),
            )
        return _inspection(row)

    def last_inspection(self, element: str, person: str) -> Inspection | None:
        """The newest inspection of an element type by a person, whatever its state."""
        row = self._sql.execute(
            f"{_INSPECTION} WHERE element = ? AND person = ? ORDER BY id DESC LIMIT 1", [element, person]
        ).fetchone()
        return _inspection(row) if row else None

    def last_visit(self, person: str) -> Visit | None:
        """The newest visit of a person."""
        row = self._sql.execute(f"{_VISIT} WHERE v.person = ? ORDER BY v.id DESC LIMIT 1", [person]).fetchone()
        return _visit(row) if row else None

    # -- writing --------------------------------------------------------------------------------------------------

    def submit_visit(self, new: NewVisit, *, person: str, photos: Sequence[Photo] = ()) -> Submitted:
        """Store a visit with its inspections and the findings they report, and remove the drafts: one transaction.

        The files of ``photos`` must already be kept (``keep_photo_file``).
        """
        checklist = self.definition_hash()
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
            visit = writer.new_id()
            writer.add("visit", visit, visit_payload(new), fact_id=visit)
            made, found = [], list[str]()
            for inspection in new.inspections:
                inspection_id = self._add_inspection(writer, visit, new.site, inspection, checklist)
                made.append(inspection_id)
                for problem in inspection.problems:
                    found.append(self._add_finding(writer, new.site, inspection, problem, inspection_id))
            _drop_drafts(self, new.site, [(i.element, i.number) for i in new.inspections])
            writer.drafts = True
        return Submitted(visit=visit, inspections=tuple(made), findings=tuple(found), changes=done[0])

    def _add_inspection(
        self, writer: Writer, visit: str, site: str, new: NewInspection, checklist: str, fact_id: str = ""
    ) -> str:
        checkpoint = checkpoint_id(site, new.element, new.number)
        standing = replaced_by(self._sql, checkpoint, writer.person)
        replaced = standing + ([new.replaces] if new.replaces else [])
        payload = {
            "visit": visit, "element": new.element, "number": new.number, "checklist": checklist,
            "answers": new.answers, "verdicts": [v.model_dump(mode="json") for v in new.verdicts],
            "photos": list(new.photos), "problems": [p.model_dump(mode="json") for p in new.problems],
            "gone": list(new.gone),
        }  # fmt: skip
        if new.taken_over:
            payload["taken_over"] = list(new.taken_over)
        fact_id = fact_id or writer.new_id()
        return writer.add("inspection", fact_id, payload, {"": replaced}, fact_id=fact_id)

    def _add_finding(
        self,
        writer: Writer,
        site: str,
        inspection: NewInspection,
        problem: ReportedProblem,
        inspection_id: str,
        fact_id: str = "",
    ) -> str:
        checkpoint = checkpoint_id(site, inspection.element, inspection.number)
        finding = f.derived_id("finding", checkpoint, problem.problem, self.info("round", 1))
        payload = {
            "site": site, "checkpoint": checkpoint, "element": inspection.element, "number": inspection.number,
            "inspection": inspection_id, "photos": list(inspection.photos), **problem.model_dump(mode="json"),
            "rules": list(problem.rules),
        }  # fmt: skip
        writer.add("finding", finding, payload, fact_id=fact_id)
        return finding

    def review_visit(
        self, visit: str, *, accept: bool, person: str, reason: str = "", inspections: Sequence[str] = ()
    ) -> Changes:
        """Accept a visit, or return it (or only the named inspections of it) with a reason.

        Accepting opens the findings that its accepted inspections report. Raises ``StepRefused`` in words.
        """
        found = self.visit(visit)
        _refuse_review(found, accept, reason, inspections, [i.id for i in self.inspections(visit=visit)])
        decision = {
            "decision": "accept" if accept else "return", "reason": reason.strip(),
            "inspections": sorted(inspections),
        }  # fmt: skip
        with self._writing(person) as (writer, done):
            writer.add("review", visit, decision)
            if accept or inspections:
                returned = set() if accept else set(inspections)
                for inspection in self.inspections(visit=visit):
                    if inspection.id not in returned:
                        self._follow_findings(writer, inspection)
        return done[0]

    def _follow_findings(self, writer: Writer, inspection: Inspection) -> None:
        """What the acceptance of an inspection means for the findings of its checkpoint, as visible steps."""
        replaced = json.loads(
            self._sql.execute("SELECT base FROM inspections WHERE id = ?", [inspection.id]).fetchone()[0]
        ).get("", [])
        kinds = {v.rule: v.kind for v in inspection.verdicts}
        rows = self._sql.execute(
            "SELECT id, state, last_step, evidence, rules FROM findings WHERE checkpoint = ? AND conflict = 0",
            [inspection.checkpoint],
        ).fetchall()
        for finding, state, last, evidence, rules in rows:
            seen = inspection.id in json.loads(evidence)
            carried = json.loads(rules)
            if seen and state == FindingState.REPORTED:
                _add_step(writer, finding, last, StepRequest(to=FindingState.OPEN, reason=tr("走访通过审核")))
            elif seen and state in (FindingState.RECTIFIED, FindingState.INVALID):
                again = tr("回头看发现问题复发") if state == FindingState.RECTIFIED else tr("再次检查发现")
                _add_step(
                    writer, finding, last,
                    StepRequest(to=FindingState.OPEN, reason=again, inspection=inspection.id),
                )  # fmt: skip
            elif (
                not seen
                and state == FindingState.REPORTED
                and set(replaced) & set(json.loads(evidence))
                and carried
                and all(kinds.get(rule) is VerdictKind.MET for rule in carried)
            ):
                _add_step(
                    writer, finding, last,
                    StepRequest(to=FindingState.INVALID, reason=tr("退回后重测，符合要求"), inspection=inspection.id),
                )  # fmt: skip


def _add_step(writer: Writer, finding: str, follows: str, request: StepRequest) -> str:
    return writer.add("step", finding, {"follows": follows, "request": request.model_dump(mode="json")})


def _refuse_review(visit: Visit, accept: bool, reason: str, inspections: Sequence[str], known: Sequence[str]) -> None:
    if visit.state is not VisitState.SUBMITTED:
        raise StepRefused(tr("这次走访已经审核过了。"), tr("需要改变时，请志愿者重新检查后再提交一次走访。"))
    if not accept and not reason.strip():
        raise StepRefused(tr("退回需要写明原因。"), tr("请写清楚哪里要重测或补充，志愿者会看到这句话。"))
    strange = [i for i in inspections if i not in known]
    if strange:
        raise NotFoundError(
            tr("这次走访里没有检查记录“{id}”。").format(id=strange[0]), tr("请从这次走访的记录里选择。")
        )
