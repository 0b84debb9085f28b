"""What a batch may hold: accepted work with all that stands around it, read set by set and never record by record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from barrierfree.model.city import BatchFilter, RowKind
from barrierfree.model.records import Finding, Inspection, Site, Step, StepRequest, Verdict
from barrierfree.model.words import FindingState, Standing, VerdictKind, VisitState
from barrierfree.store.batches import BatchVerbs
from barrierfree.store.findings import _FINDING, _finding
from barrierfree.store.sites import SiteFilter
from barrierfree.store.visits import _INSPECTION

_NEVER_THERE: Final = (FindingState.INVALID, FindingState.DUPLICATE)
_KINDS: Final = {kind.value: kind for kind in VerdictKind}
_ACCEPTED: Final = """
SELECT v.id, v.reviewed_by, coalesce((SELECT substr(max(r.recorded_at), 1, 10) FROM facts r
 WHERE r.subject = v.id AND r.kind = 'review'), '') FROM visits v WHERE v.state IN ('accepted', 'partly_returned')
"""
_SENT: Final = "SELECT record, code FROM batch_rows UNION SELECT record, code FROM entries WHERE taken_back = 0"
_PROBLEM_MARK: Final = "-P"  # between the code of a checkpoint and the number of its finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord:
    """One row for a batch: a site, a checkpoint, or a finding (a checkpoint without one stands for itself).

    ``site`` is the one that counts where several turned out to be the same. ``inspection`` is None for a site and for
    a finding that nobody inspected in this round; ``inspections`` and ``findings`` are all that the row tells of.
    ``day`` is the ISO date on which it was accepted or last changed.
    """

    kind: RowKind
    id: str
    code: str
    site: Site
    checkpoint_code: str = ""
    inspection: Inspection | None = None
    finding: Finding | None = None
    inspections: tuple[Inspection, ...] = ()
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    inspector: str = ""
    accepted_by: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class _Visits:
    """Accepted visits: who accepted each, on which day; and the sites with a visit that waits for its review."""

    by: Mapping[str, str]
    day: Mapping[str, str]
    waiting: frozenset[str]


class ExportVerbs(BatchVerbs):
    """The verbs that choose what a batch is made of; they only ask."""

    def export_records(
        self, kinds: Sequence[RowKind] = ("finding",), wanted: BatchFilter | None = None
    ) -> list[ExportRecord]:
        """All records of these kinds that may go and fit ``wanted`` (but for ``what``), by code.

        - a finding goes once it is confirmed: not while it is reported, and not as invalid or duplicate unless it was
          sent before; a checkpoint without one goes as itself
        - a checkpoint goes with its inspection in force
        - a site goes once a visit of it was accepted and none waits for its review: half of its work would have to be
          sent twice
        """
        wanted = wanted or BatchFilter()
        part = _Part(self, wanted)
        found = [record for kind in kinds for record in part.of_kind(kind) if _fits(record, wanted)]
        found.sort(key=lambda r: (r.site.code, r.kind, r.checkpoint_code, r.code, r.id))
        return found


class _Part:
    """All that the records are made of, read once."""

    def __init__(self, store: ExportVerbs, wanted: BatchFilter) -> None:
        self._sql = store._sql
        self._names = {p.id: p.name for p in store.people()}
        everywhere = {s.id: s for s in store.sites(SiteFilter(merged=True, gone=False))}
        self._root = {s.id: s.same_as or s.id for s in everywhere.values()}
        self._sites = {
            s.id: s for s in everywhere.values()
            if (not wanted.communities or s.community in wanted.communities)
            and (not wanted.classes or s.site_class in wanted.classes)
        }  # fmt: skip
        self._sent: dict[str, set[str]] = defaultdict(set)
        for record, code in self._sql.execute(_SENT):
            self._sent[record].add(code)
        self._visits = self._read_visits()
        self._inspections = {i.checkpoint: i for i in self._read_inspections() if self._site_of(i.site)}
        self._findings: dict[str, list[Finding]] = defaultdict(list)
        self._loose: list[Finding] = []
        self._read_findings()
        self._codes = self._checkpoint_codes(store)
        self._finding_codes = self._number_findings()
        self._steps = self._read_steps()

    def _site_of(self, site: str) -> Site | None:
        return self._sites.get(self._root.get(site, ""))

    def _read_visits(self) -> _Visits:
        rows = self._sql.execute(_ACCEPTED).fetchall()
        waiting = self._sql.execute("SELECT DISTINCT site FROM visits WHERE state = 'submitted'")
        return _Visits(
            {r[0]: self._names.get(r[1], "") for r in rows}, {r[0]: r[2] for r in rows},
            frozenset(self._root.get(r[0], "") for r in waiting),
        )  # fmt: skip

    def _read_inspections(self) -> Iterator[Inspection]:
        for row in self._sql.execute(f"{_INSPECTION} WHERE current = 1 ORDER BY id"):
            yield _inspection(row)

    def _read_findings(self) -> None:
        for row in self._sql.execute(f"{_FINDING} WHERE f.state <> 'reported' ORDER BY f.reported_at, f.id"):
            one = _finding(row)
            if (one.state in _NEVER_THERE and one.id not in self._sent) or self._site_of(one.site) is None:
                continue
            if one.checkpoint in self._inspections:
                self._findings[one.checkpoint].append(one)
            else:
                self._loose.append(one)

    def _checkpoint_codes(self, store: ExportVerbs) -> dict[str, str]:
        """Per checkpoint the point code and its place among those of its site, in the order that its class names."""
        definition = store.definition_or_none()
        orders = {c.code: {e: n for n, e in enumerate(c.elements)} for c in (definition.classes if definition else ())}
        held: dict[str, list[tuple[bool, int, str, int, str]]] = defaultdict(list)
        for one, site, element, number in self._sql.execute("SELECT id, site, element, number FROM checkpoints"):
            known = self._site_of(site)
            if known is not None:
                order = orders.get(known.site_class, {}).get(element, 99)
                held[known.id].append((site != known.id, order, element, number, one))
        codes = {}
        for site, places in held.items():
            places.sort()
            code = self._sites[site].code
            codes.update({place[4]: f"{code}-{at:02d}" for at, place in enumerate(places, start=1)})
        return codes

    def _number_findings(self) -> dict[str, str]:
        """Per finding its code: that of its checkpoint (or site) and a running number, kept as it was sent before."""
        taken = {code: record for record, codes in self._sent.items() for code in codes if _PROBLEM_MARK in code}
        codes: dict[str, str] = {}
        running: dict[str, int] = defaultdict(int)
        for one in (*(x for those in self._findings.values() for x in those), *self._loose):
            front = self._codes.get(one.checkpoint) or self._sites[self._root[one.site]].code
            kept = [c for c in self._sent.get(one.id, ()) if c.startswith(front + _PROBLEM_MARK)]
            if kept:
                codes[one.id] = max(kept)
                continue
            while True:
                running[front] += 1
                code = f"{front}{_PROBLEM_MARK}{running[front]}"
                if taken.get(code, one.id) == one.id:
                    break
            codes[one.id] = code
        return codes

    def _read_steps(self) -> dict[str, list[Step]]:
        steps: dict[str, list[Step]] = defaultdict(list)
        for row in self._sql.execute(
            "SELECT s.id, s.finding, s.follows, s.person, s.recorded_at, s.request, s.grp FROM steps s"
            " JOIN findings f ON f.id = s.finding WHERE s.in_force = 1 AND f.state <> 'reported' ORDER BY s.id"
        ):
            if row[1] in self._finding_codes:
                steps[row[1]].append(
                    Step.unchecked({
                        "id": row[0], "finding": row[1], "follows": row[2], "person": row[3],
                        "person_name": self._names.get(row[3], ""), "recorded_at": row[4], "request": _request(row[5]),
                        "standing": Standing.IN_FORCE, "group": row[6],
                    })
                )  # fmt: skip
        return steps

    def of_kind(self, kind: RowKind) -> Iterator[ExportRecord]:
        """The records of a kind, in no order."""
        if kind == "site":
            yield from self._site_records()
        elif kind == "checkpoint":
            for checkpoint, inspection in self._inspections.items():
                those = self._findings.get(checkpoint, [])
                shown = min(those, key=lambda x: (x.state.closed, x.state in _NEVER_THERE), default=None)
                yield self._record("checkpoint", checkpoint, inspection, shown, tuple(those))
        else:
            for checkpoint, inspection in self._inspections.items():
                those = self._findings.get(checkpoint, [])
                for one in those:
                    yield self._record("finding", one.id, inspection, one, (one,))
                if not those:
                    yield self._record("finding", checkpoint, inspection, None, ())
            for loose in self._loose:
                yield self._record("finding", loose.id, None, loose, (loose,))

    def _record(
        self, kind: RowKind, record: str, inspection: Inspection | None, finding: Finding | None,
        findings: tuple[Finding, ...],
    ) -> ExportRecord:  # fmt: skip
        one = inspection or finding
        assert one is not None
        site = self._sites[self._root[one.site]]
        checkpoint_code = self._codes.get(one.checkpoint, "")
        code = self._finding_codes[finding.id] if kind == "finding" and finding else checkpoint_code
        days = [f.state_since[:10] for f in findings]
        if inspection:
            days.append(self._visits.day.get(inspection.visit, ""))
        return ExportRecord(
            kind=kind, id=record, code=code, site=site, checkpoint_code=checkpoint_code, inspection=inspection,
            finding=finding, findings=findings, inspections=(inspection,) if inspection else (),
            steps=tuple(self._steps.get(finding.id, ())) if finding else (),
            inspector=self._names.get(inspection.person, "") if inspection else "",
            accepted_by=self._visits.by.get(inspection.visit, "") if inspection else "", day=max(days, default=""),
        )  # fmt: skip

    def _site_records(self) -> Iterator[ExportRecord]:
        inspections: dict[str, list[Inspection]] = defaultdict(list)
        findings: dict[str, list[Finding]] = defaultdict(list)
        for checkpoint, inspection in self._inspections.items():
            inspections[self._root[inspection.site]].append(inspection)
            findings[self._root[inspection.site]] += self._findings.get(checkpoint, [])
        for loose in self._loose:
            findings[self._root[loose.site]].append(loose)
        accepted = {
            self._root.get(r[0], "") for r in self._sql.execute(
                "SELECT DISTINCT site FROM visits WHERE state IN ('accepted', 'partly_returned')"
            )
        }  # fmt: skip
        for site in self._sites.values():
            if site.same_as or site.gone or site.id not in accepted or site.id in self._visits.waiting:
                continue
            seen = inspections.get(site.id, [])
            newest = max(seen, key=lambda i: i.recorded_at, default=None)
            days = [self._visits.day.get(i.visit, "") for i in seen]
            days += [f.state_since[:10] for f in findings.get(site.id, ())]
            yield ExportRecord(
                kind="site", id=site.id, code=site.code, site=site, inspections=tuple(seen),
                findings=tuple(findings.get(site.id, ())),
                inspector=self._names.get(newest.person, "") if newest else "",
                accepted_by=self._visits.by.get(newest.visit, "") if newest else "", day=max(days, default=""),
            )  # fmt: skip


def _fits(record: ExportRecord, wanted: BatchFilter) -> bool:
    if wanted.states and not any(f.state in wanted.states for f in record.findings):
        return False
    if (wanted.since and record.day < wanted.since) or (wanted.until and record.day > wanted.until):
        return False
    named = {record.id, record.code, record.site.id, record.site.code, record.checkpoint_code}
    return not wanted.records or not named.isdisjoint(wanted.records)


@lru_cache(maxsize=4096)
def _verdicts(stored: str) -> tuple[Verdict, ...]:
    """Verdicts as stored; many inspections have the same."""
    return tuple(
        Verdict.unchecked({"rule": v["rule"], "kind": _KINDS[v["kind"]], "measured": v.get("measured"),
                           "reason": v.get("reason", "")})
        for v in json.loads(stored)
    )  # fmt: skip


def _inspection(row: tuple[Any, ...]) -> Inspection:
    """An inspection from its row; not validated again, for there may be hundreds of thousands."""
    return Inspection.unchecked({
        "id": row[0], "visit": row[1], "checkpoint": row[2], "site": row[3], "element": row[4], "number": row[5],
        "person": row[6], "recorded_at": row[7], "checklist": row[8], "answers": json.loads(row[9]),
        "verdicts": _verdicts(row[10]), "photos": tuple(json.loads(row[11])), "state": VisitState.ACCEPTED,
        "current": True, "gone": (), "problems": (), "taken_over": (),
    })  # fmt: skip


_REQUEST: Final = {name: one.default for name, one in StepRequest.model_fields.items()}


@lru_cache(maxsize=4096)
def _request(stored: str) -> StepRequest:
    given = json.loads(stored)
    given["to"] = FindingState(given["to"])
    given["photos"] = tuple(given.get("photos") or ())
    return StepRequest.unchecked(_REQUEST | given)
