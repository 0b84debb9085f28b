"""Derives the current state from facts: each function recomputes the rows of one record from all its facts.

Nothing here depends on the order in which facts arrived, so a merge, a rebuild and the daily work give the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from barrierfree.model.definition import Definition
from barrierfree.model.words import (
    CLOSED_OTHERWISE,
    STATUS_ORDER,
    FindingState,
    Outcome,
    Standing,
    Status,
    VerdictKind,
    VisitState,
)
from barrierfree.store import disputes, places, registers, sendings
from barrierfree.store import facts as f
from barrierfree.store.chains import chain_of
from barrierfree.store.clusters import Cells
from barrierfree.store.places import add_checkpoint, checkpoint_id
from barrierfree.store.reading import FACT, Tick, exists, facts_about, silent, ticking

_RANK: Final = {status: rank for rank, status in enumerate(STATUS_ORDER)}
_OF_FINDING: Final = {
    FindingState.REPORTED: Status.REPORTED,
    FindingState.OPEN: Status.OPEN,
    FindingState.IN_PROGRESS: Status.IN_PROGRESS,
    FindingState.CLAIMED: Status.CLAIMED,
}


@dataclass
class Touched:
    """What new facts concern, collected before the rows are derived; ``moves``: where the layers lie may be another."""

    sites: set[str] = field(default_factory=set)
    site_fields: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)  # sites that got an element their class does not ask for
    site_facts: dict[str, list[f.Fact]] = field(default_factory=dict)
    pairs: dict[str, list[f.Fact]] = field(default_factory=dict)
    visits: set[str] = field(default_factory=set)
    findings: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)  # records the city's system may have given a number
    inspections: dict[str, f.Fact] = field(default_factory=dict)
    photographed: set[str] = field(default_factory=set)  # visits that got photos later
    decided: set[str] = field(default_factory=set)  # checkpoints of which somebody said which inspection holds
    direct: list[f.Fact] = field(default_factory=list)
    moves: places.Moves = field(default_factory=places.Moves)
    cells: Cells = field(default_factory=Cells)  # what comes to the map and goes from it

    def add(self, fact: f.Fact) -> None:
        """Note what ``fact`` concerns."""
        match fact.kind:
            case "site":
                self.site_fields.add(fact.subject)
                self.site_facts.setdefault(fact.subject, []).append(fact)
            case "visit" | "review":
                self.visits.add(fact.subject)
            case "photos":
                self.visits.add(fact.subject)
                self.photographed.add(fact.subject)
            case "inspection":
                self.inspections[fact.id] = fact
                self.visits.add(fact.payload["visit"])
            case "entry" | "answer":
                self.numbered.add(fact.subject)
                self.direct.append(fact)
            case "revert" if sendings.takes_back(fact):
                self.numbered.add(fact.subject)
                self.direct.append(fact)
            case "finding" | "step" | "revert" | "choice":
                self.findings.add(fact.subject)
            case "checkpoint":
                self.site_fields.add(fact.payload["site"])
                self.grown.add(fact.payload["site"])
            case disputes.DECISION:
                self.decided.add(fact.subject)
                self.sites.add(fact.payload["site"])
            case "same_site":
                self.pairs.setdefault(fact.subject, []).append(fact)
            case _:
                self.direct.append(fact)


def apply(sql: sqlite3.Connection, touched: Touched, definition: Definition | None, tick: Tick = silent) -> None:
    """Bring every derived row that ``touched`` names up to date, in the order in which they build on each other."""
    for fact in touched.direct:
        _direct(sql, fact)
    if any(fact.kind == "definition" or "definition" in fact.payload for fact in touched.direct):
        # other classes, other checkpoints; but not where only the survey's title or profile is another one
        touched.site_fields.update(row[0] for row in sql.execute("SELECT id FROM sites"))
        touched.grown |= touched.site_fields
    _revive(sql, touched)
    settled, moves = places.derive_sites(
        sql, touched.site_fields, touched.site_facts, touched.grown, definition, touched.cells, tick
    )
    touched.sites |= touched.site_fields - settled
    _merge(sql, touched, tick)
    checkpoints = dict.fromkeys(sorted(touched.decided))
    for visit in ticking(sorted(touched.visits), tick):
        _visit(sql, visit, touched)
    for fact in ticking(touched.inspections.values(), tick):
        _inspection(sql, fact)
    touched.findings |= _later_photos(sql, touched)
    for visit in sorted(touched.visits):
        for row in sql.execute("SELECT checkpoint FROM inspections WHERE visit = ?", [visit]):
            checkpoints[row[0]] = None
    for finding in ticking(sorted(touched.findings), tick):
        found = _finding(sql, finding)
        if found:
            touched.sites.add(found[0])
            checkpoints[found[1]] = None
    for checkpoint in ticking(checkpoints, tick):
        _checkpoint(sql, checkpoint)
    for site in ticking(sorted(touched.sites), tick):
        _site_status(sql, site, touched.cells)
    touched.findings |= sendings.number_findings(sql, touched.numbered)
    touched.sites |= settled
    touched.moves.join(moves)


def _merge(sql: sqlite3.Connection, touched: Touched, tick: Tick) -> None:
    """Which sites are the same: asked again for every pair that was decided and every site that came."""
    joined = places.derive_pairs(sql, touched.pairs, tick)
    if touched.site_fields and places.has_pairs(sql):
        joined |= places.paired(sql, sorted(touched.site_fields), tick)
    if joined:
        touched.sites |= places.derive_merges(sql, joined, touched.cells, tick)


def _revive(sql: sqlite3.Connection, touched: Touched) -> None:
    """Take facts that waited for their subject up again when the subject has come.

    They no longer wait from here on: those that now find something else missing are put back where that is noticed.
    """
    if sql.execute("SELECT 1 FROM waiting LIMIT 1").fetchone() is None:
        return
    arrived = [*touched.site_fields, *touched.visits, *touched.findings]
    revived: list[str] = []
    while arrived:
        subject = arrived.pop()
        rows = sql.execute("SELECT fact FROM waiting WHERE subject = ?", [subject]).fetchall()
        for (fact_id,) in rows:
            if fact_id in revived:
                continue
            row = sql.execute(f"SELECT {FACT} FROM facts WHERE id = ?", [fact_id]).fetchone()
            fact = f.from_row(row)
            touched.add(fact)
            arrived.append(fact.subject)
            revived.append(fact_id)
    sql.executemany("DELETE FROM waiting WHERE fact = ?", [(fact_id,) for fact_id in revived])


def _wait(sql: sqlite3.Connection, fact: f.Fact, subject: str) -> None:
    sql.execute("INSERT OR REPLACE INTO waiting VALUES (?,?,?)", [fact.id, fact.kind, subject])


def _direct(sql: sqlite3.Connection, fact: f.Fact) -> None:
    match fact.kind:
        case "survey":
            for name, value in f.current(facts_about(sql, fact.subject, "survey")).items():
                sql.execute(
                    "INSERT INTO info VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    [name, f.canonical(value.value)],
                )
        case "photo":
            _photo(sql, fact.subject)
        case "list":
            places.derive_list(sql, fact)
        case "earlier":
            places.derive_earlier(sql, fact)
        case "unit" | "day" | "work":
            registers.derive(sql, fact)
        case "batch" | "entry" | "answer" | "revert":
            sendings.derive(sql, fact)


def _photo(sql: sqlite3.Connection, sha256: str) -> None:
    """A photo as the first fact about it says; where it came from as the first one says that knows."""
    known = [fact.payload for fact in facts_about(sql, sha256, "photo")]
    p = known[0]
    source, original = (next((k[name] for k in known if k.get(name)), "") for name in ("source", "original"))
    sql.execute(
        "INSERT OR REPLACE INTO photos VALUES (?,?,?,?,?,?,?,?,0,?,?)",
        [sha256, p["suffix"], p["width"], p["height"], p["taken_at"], p["lon"], p["lat"], p["name"], source, original],
    )


def _visit(sql: sqlite3.Connection, visit: str, touched: Touched) -> None:
    known = facts_about(sql, visit, "visit", "review", "photos")
    made = next((x for x in known if x.kind == "visit"), None)
    if made is None or not exists(sql, "sites", made.payload["site"]):
        subject = visit if made is None else made.payload["site"]
        for fact in known:
            _wait(sql, fact, subject)
        return
    p = made.payload
    state, reason, by, returned = _review(known)
    sql.execute(
        "INSERT INTO visits VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET state=excluded.state,"
        " review_reason=excluded.review_reason, reviewed_by=excluded.reviewed_by, returned=excluded.returned,"
        " photos_follow=excluded.photos_follow",
        [visit, p["site"], made.person, p["outcome"], p["reason"], p["started"], p["ended"], made.recorded_at,
         state, reason, by, json.dumps(returned), _photos_follow(known, p)],
    )  # fmt: skip
    touched.sites.add(p["site"])
    for row in sql.execute("SELECT id FROM inspections WHERE visit = ?", [visit]).fetchall():
        sql.execute(
            "UPDATE inspections SET state = ? WHERE id = ?",
            [_inspection_state(state, returned, row[0]), row[0]],
        )


def _photos_follow(known: list[f.Fact], visit: Mapping[str, Any]) -> int:
    """Whether photos of a visit are still to come: it said so, and nobody has said that they are all there."""
    return int(bool(visit.get("photos_to_follow")) and not any(x.payload.get("complete") for x in known))


def _later_photos(sql: sqlite3.Connection, touched: Touched) -> set[str]:
    """Join what came later to the photos of inspections; the findings that such inspections are the evidence of."""
    visits = touched.photographed | {fact.payload["visit"] for fact in touched.inspections.values()}
    findings: set[str] = set()
    for visit in visits:
        later = _photos_of_visit(sql, visit)
        for inspection, photos in later.items():
            own = facts_about(sql, inspection, "inspection")
            row = sql.execute("SELECT checkpoint FROM inspections WHERE id = ?", [inspection]).fetchone()
            if row is None or not own:
                continue
            held = list(dict.fromkeys([*own[0].payload["photos"], *photos]))
            sql.execute("UPDATE inspections SET photos = ? WHERE id = ?", [f.canonical(held), inspection])
            findings.update(r[0] for r in sql.execute("SELECT id FROM findings WHERE checkpoint = ?", [row[0]]))
    return findings


def _photos_of_visit(sql: sqlite3.Connection, visit: str) -> dict[str, list[str]]:
    """Per inspection the photos that were added to a visit afterwards, in the order of the facts."""
    later: dict[str, list[str]] = {}
    for fact in facts_about(sql, visit, "photos"):
        for inspection, photos in fact.payload["inspections"].items():
            later.setdefault(inspection, []).extend(photos)
    return later


def _review(known: list[f.Fact]) -> tuple[VisitState, str, str, list[str]]:
    reviews = [x for x in known if x.kind == "review"]
    replaced = {b for x in reviews for b in x.base.get("", ())}
    heads = [x for x in reviews if x.id not in replaced]
    if not heads or len({f.canonical(x.payload) for x in heads}) > 1:
        return VisitState.SUBMITTED, "", "", []
    last = heads[0]
    returned = list(last.payload["inspections"])
    if last.payload["decision"] == "accept":
        state = VisitState.ACCEPTED
    else:
        state = VisitState.PARTLY_RETURNED if returned else VisitState.RETURNED
    return state, last.payload["reason"], last.person, returned


def _inspection_state(state: VisitState, returned: list[str], inspection: str) -> VisitState:
    if state is VisitState.PARTLY_RETURNED:
        return VisitState.RETURNED if inspection in returned else VisitState.ACCEPTED
    return state


def _inspection(sql: sqlite3.Connection, fact: f.Fact) -> None:
    p = fact.payload
    row = sql.execute("SELECT state, returned, site FROM visits WHERE id = ?", [p["visit"]]).fetchone()
    if row is None:
        _wait(sql, fact, p["visit"])
        return
    state = _inspection_state(VisitState(row[0]), json.loads(row[1]), fact.id)
    site, element, number = row[2], p["element"], p["number"]
    checkpoint = checkpoint_id(site, element, number)
    not_met = sum(v["kind"] == VerdictKind.NOT_MET for v in p["verdicts"])
    sql.execute(
        "INSERT INTO inspections VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?,?) ON CONFLICT (id) DO NOTHING",
        [fact.id, p["visit"], checkpoint, site, element, number, fact.person, fact.recorded_at, p["checklist"],
         f.canonical(p["answers"]), f.canonical(p["verdicts"]), f.canonical(p["photos"]), f.canonical(p["problems"]),
         f.canonical(p["gone"]), f.canonical(fact.base), state, not_met,
         f.canonical(p.get("taken_over", []))],
    )  # fmt: skip
    geom = sql.execute("SELECT geom FROM sites WHERE id = ?", [site]).fetchone()[0]
    add_checkpoint(sql, site, element, number, geom)


def _checkpoint(sql: sqlite3.Connection, checkpoint: str) -> None:
    """Find the current inspection of a checkpoint and what the checkpoint shows."""
    rows = sql.execute(
        "SELECT id, state, verdicts, base, current FROM inspections WHERE checkpoint = ? ORDER BY id",
        [checkpoint],
    ).fetchall()
    accepted = [r for r in rows if r[1] == VisitState.ACCEPTED]
    standing = set(disputes.heads(sql, checkpoint, [(r[0], r[3]) for r in accepted]))
    heads = [r for r in accepted if r[0] in standing]
    pending = [r[0] for r in rows if r[1] == VisitState.SUBMITTED]
    current = heads[-1] if heads else None
    for row in rows:
        is_current = int(current is not None and row[0] == current[0])
        if is_current != row[4]:
            sql.execute("UPDATE inspections SET current = ? WHERE id = ?", [is_current, row[0]])
    states = [FindingState(r[0]) for r in sql.execute("SELECT state FROM findings WHERE checkpoint = ?", [checkpoint])]
    status = _checkpoint_status([json.loads(h[2]) for h in heads], bool(pending), states)
    sql.execute(
        "UPDATE checkpoints SET status = ?, inspection = ?, pending = ? WHERE id = ?",
        [status, current[0] if current else "", pending[-1] if pending else "", checkpoint],
    )


def _checkpoint_status(heads: list[list[dict[str, Any]]], pending: bool, states: list[FindingState]) -> Status:
    open_ones = [_OF_FINDING[s] for s in states if s in _OF_FINDING]
    if open_ones:
        return worst(open_ones)
    unmet = [disputes.unmet(verdicts) for verdicts in heads]
    if any(u != unmet[0] for u in unmet):
        return Status.QUESTION
    if pending:
        return Status.PENDING
    if not heads:
        return Status.NOT_SURVEYED
    doubtful = any(
        v["kind"] == VerdictKind.MEASURE_AGAIN
        or (v["kind"] == VerdictKind.CHECK_STANDARD and v["reason"] == "exception")
        for v in heads[-1]
    )
    if doubtful:
        return Status.QUESTION
    otherwise = CLOSED_OTHERWISE - {FindingState.INVALID}
    if unmet[-1] and any(s in otherwise for s in states):
        return Status.SOFT_SERVICE
    return Status.MET


def worst(statuses: Iterable[Status]) -> Status:
    """The status that a site shows when its parts show ``statuses``."""
    return min(statuses, key=lambda s: _RANK[s])


def _site_status(sql: sqlite3.Connection, site: str, cells: Cells) -> None:
    rows = sql.execute("SELECT status, inspection FROM checkpoints WHERE site = ?", [site]).fetchall()
    statuses = [Status(r[0]) for r in rows]
    loose = sql.execute("SELECT state FROM findings WHERE site = ? AND checkpoint = ''", [site])
    statuses += [_OF_FINDING[FindingState(r[0])] for r in loose if r[0] in _OF_FINDING]
    inspected = sum(1 for r in rows if r[1])
    open_findings = sql.execute(
        "SELECT count(*) FROM findings WHERE site = ? AND state IN ('reported','open','in_progress','claimed')",
        [site],
    ).fetchone()[0]
    last = sql.execute(
        "SELECT outcome, state FROM visits WHERE site = ? AND state <> 'returned' ORDER BY id DESC LIMIT 1",
        [site],
    ).fetchone()
    outcome = last[0] if last else ""
    status = worst(statuses) if statuses else Status.NOT_SURVEYED
    if status is Status.NOT_SURVEYED:
        if any(s is not Status.NOT_SURVEYED for s in statuses):
            status = Status.PENDING
        elif outcome and outcome not in (Outcome.DONE, Outcome.PARTLY):
            status = Status.NOT_INSPECTED if last[1] != VisitState.SUBMITTED else Status.PENDING
    held = sql.execute("SELECT lon, lat, status FROM sites WHERE id = ? AND same_as = ''", [site]).fetchone()
    if held is not None and held[2] != status:
        lon, lat, before = held
        cells.add(lon, lat, before, -1)
        cells.add(lon, lat, status)
    sql.execute(
        "UPDATE sites SET status = ?, checkpoints = ?, inspected = ?, open_findings = ?, outcome = ? WHERE id = ?",
        [status, len(rows), inspected, open_findings, outcome, site],
    )


def _finding(sql: sqlite3.Connection, finding: str) -> tuple[str, str] | None:
    """Derive a finding and its steps; (site, checkpoint) of it."""
    known = facts_about(sql, finding, "finding", "step", "revert", "choice")
    known = [x for x in known if not sendings.takes_back(x)]
    reports = [x for x in known if x.kind == "finding"]
    site = reports[0].payload["site"] if reports else ""
    if not reports or not exists(sql, "sites", site):
        for fact in known:
            _wait(sql, fact, site or finding)
        return None
    first = reports[0].payload
    chain = chain_of(known)
    row = _finding_row(finding, reports, chain.steps, _before(sql, reports))
    geom = sql.execute("SELECT geom FROM sites WHERE id = ?", [site]).fetchone()[0]
    row |= {"geom": geom, "conflict": int(chain.conflict), "city_number": sendings.number_of(sql, finding)}
    names = list(row)
    updates = ", ".join(f"{n}=excluded.{n}" for n in names if n != "id")
    sql.execute(
        f"INSERT INTO findings ({', '.join(names)}) VALUES ({','.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {updates}",
        list(row.values()),
    )
    sql.executemany(
        "INSERT INTO steps VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (id) DO UPDATE SET in_force = excluded.in_force, standing = excluded.standing",
        [
            (s.id, finding, s.payload["follows"], s.person, s.recorded_at, f.canonical(s.payload["request"]),
             int(chain.standing[s.id] is Standing.IN_FORCE), chain.standing[s.id], s.payload.get("group", ""))
            for s in known if s.kind == "step"
        ],
    )  # fmt: skip
    return site, first["checkpoint"]


def _before(sql: sqlite3.Connection, reports: list[f.Fact]) -> list[str]:
    """The photos that show a finding: those it was reported with, then those that its evidence got later."""
    later: list[str] = []
    for report in reports:
        inspection = report.payload["inspection"]
        row = sql.execute("SELECT visit FROM inspections WHERE id = ?", [inspection]).fetchone()
        if row is not None:
            later += _photos_of_visit(sql, row[0]).get(inspection, ())
    return list(dict.fromkeys([*(p for x in reports for p in x.payload["photos"]), *later]))


def _finding_row(finding: str, reports: list[f.Fact], chain: list[f.Fact], before: list[str]) -> dict[str, Any]:
    first, origin = reports[0].payload, reports[0]
    rules = list(dict.fromkeys(rule for x in reports for rule in x.payload["rules"]))
    kept: dict[str, Any] = {"unit": "", "responsible": "", "deadline": "", "deadline_note": "", "measure": "",
                            "planned": None, "quantity": None, "quantity_unit": ""}  # fmt: skip
    state, since, round_number = FindingState.REPORTED, origin.recorded_at, 1
    claimed_by = claimed_at = claim_step = ""
    after: list[str] = []
    for step in chain:
        request = step.payload["request"]
        kept |= {name: request[name] for name in kept if request.get(name) not in ("", None)}
        if request.get("deadline"):
            kept["deadline_note"] = request.get("deadline_note", "")
        to = FindingState(request["to"])
        round_number += state is FindingState.RECTIFIED and to is FindingState.OPEN
        if to is FindingState.CLAIMED:
            claimed_by, claimed_at, claim_step, after = (
                step.person,
                step.recorded_at,
                step.id,
                request["photos"],
            )
        state, since = to, step.recorded_at
    return {
        "id": finding, "site": first["site"], "checkpoint": first["checkpoint"], "element": first["element"],
        "number": first["number"], "problem": first["problem"], "rules": f.canonical(rules),
        "severity": first["severity"], "note": first["note"], "state": state, "round": round_number, **kept,
        "reported_at": origin.recorded_at, "state_since": since, "last_step": chain[-1].id if chain else "",
        "claimed_by": claimed_by, "claimed_at": claimed_at, "claim_step": claim_step,
        "source": first.get("source", ""),
        "photos_before": f.canonical(before), "photos_after": f.canonical(after),
        "evidence": f.canonical([x.payload["inspection"] for x in reports if x.payload["inspection"]]),
    }  # fmt: skip


def finish(sql: sqlite3.Connection, touched: Touched, tick: Tick = silent) -> None:
    """What is told once, after the last ``apply``: clusters of the map; where the layers lie (``gpkg_contents``)."""
    touched.cells.store(sql, tick)
    if touched.moves:
        touched.moves.tell(sql)
