"""What a batch may hold: accepted work with all that stands around it, read for a thousand sites at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from sqlite3 import Connection
from typing import Any, Final, NamedTuple

from barrierfree.model.city import BatchFilter, RowKind
from barrierfree.model.records import Finding, Inspection, Site, Step, StepRequest, Verdict
from barrierfree.model.words import FindingState, Standing, VerdictKind, VisitState
from barrierfree.store.batches import BatchVerbs
from barrierfree.store.findings import _FINDING, _finding
from barrierfree.store.reading import chunks
from barrierfree.store.sites import SiteFilter
from barrierfree.store.visits import _INSPECTION

_NEVER_THERE: Final = (FindingState.INVALID, FindingState.DUPLICATE)
_KINDS: Final = {kind.value: kind for kind in VerdictKind}
_ACCEPTED: Final = """
SELECT v.id, v.reviewed_by, coalesce((SELECT substr(max(r.recorded_at), 1, 10) FROM facts r
 WHERE r.subject = v.id AND r.kind = 'review'), '') FROM visits v WHERE v.state IN ('accepted', 'partly_returned')
"""
_SENT: Final = "SELECT record, code FROM batch_rows UNION SELECT record, code FROM entries WHERE taken_back = 0"
_PORTION: Final = 1000  # sites read at a time
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
    """Accepted visits: who accepted each, on which day; the sites with one that waits, and with an accepted one."""

    by: Mapping[str, str]
    day: Mapping[str, str]
    waiting: frozenset[str]
    accepted: frozenset[str]


class ExportPortion(NamedTuple):
    """The records of some sites; ``done`` of ``total`` sites are read."""

    records: list[ExportRecord]
    done: int
    total: int


class ExportVerbs(BatchVerbs):
    """The verbs that choose what a batch is made of; they only ask."""

    def export_records(
        self, kinds: Sequence[RowKind] = ("finding",), wanted: BatchFilter | None = None, without_findings: bool = True
    ) -> list[ExportRecord]:
        """All records of ``export_portions`` at once."""
        portions = self.export_portions(kinds, wanted, without_findings)
        return [record for portion in portions for record in portion.records]

    def export_portions(
        self, kinds: Sequence[RowKind] = ("finding",), wanted: BatchFilter | None = None, without_findings: bool = True
    ) -> Iterator[ExportPortion]:
        """The records of these kinds that may go and fit ``wanted`` (but for ``what``), by code; some sites at a time:
        60,000 findings with all that stands around them would take 400 MB.

        - a finding goes once it is confirmed: not while it is reported, and not as invalid or duplicate unless it was
          sent before; a checkpoint without one goes as itself, unless ``without_findings`` is off
        - a checkpoint goes with its inspection in force
        - a site goes once a visit of it was accepted and none waits for its review: half of its work would have to be
          sent twice
        """
        wanted = wanted or BatchFilter()
        around = _Around(self, wanted)
        sites = sorted(around.sites.values(), key=lambda s: s.code)
        done = 0
        while done < len(sites):
            end = min(done + _PORTION, len(sites))
            while end < len(sites) and sites[end].code == sites[end - 1].code:  # those without a code of their own
                end += 1
            part = _Part(self._sql, around, sites[done:end])
            found = [record for kind in kinds for record in part.of_kind(kind) if _fits(record, wanted)]
            if not without_findings:
                found = [record for record in found if record.kind != "finding" or record.finding is not None]
            found.sort(key=lambda r: (r.site.code, r.kind, r.checkpoint_code, r.code, r.id))
            yield ExportPortion(found, end, len(sites))
            done = end


class _Around:
    """What is looked up for every record, read once: people, sites that are the same, what was sent, visits."""

    def __init__(self, store: ExportVerbs, wanted: BatchFilter) -> None:
        self._sql = store._sql
        self.names = {p.id: p.name for p in store.people()}
        everywhere = {s.id: s for s in store.sites(SiteFilter(merged=True, gone=False))}
        self.root = {s.id: s.same_as or s.id for s in everywhere.values()}
        self.sites = {
            s.id: s for s in everywhere.values()
            if (not wanted.communities or s.community in wanted.communities)
            and (not wanted.classes or s.site_class in wanted.classes)
        }  # fmt: skip
        self.same: dict[str, list[str]] = defaultdict(list)
        for site, root in self.root.items():
            self.same[root].append(site)
        self.sent: dict[str, set[str]] = defaultdict(set)
        for record, code in self._sql.execute(_SENT):
            self.sent[record].add(code)
        self.taken = {code: record for record, codes in self.sent.items() for code in codes if _PROBLEM_MARK in code}
        definition = store.definition_or_none()
        self.orders = {
            c.code: {e: n for n, e in enumerate(c.elements)} for c in (definition.classes if definition else ())
        }
        self.visits = self._read_visits()

    def _read_visits(self) -> _Visits:
        rows = self._sql.execute(_ACCEPTED).fetchall()
        waiting = self._sql.execute("SELECT DISTINCT site FROM visits WHERE state = 'submitted'")
        accepted = self._sql.execute("SELECT DISTINCT site FROM visits WHERE state IN ('accepted', 'partly_returned')")
        return _Visits(
            {r[0]: self.names.get(r[1], "") for r in rows}, {r[0]: r[2] for r in rows},
            frozenset(self.root.get(r[0], "") for r in waiting), frozenset(self.root.get(r[0], "") for r in accepted),
        )  # fmt: skip


class _Part:
    """All that the records of some sites are made of."""

    def __init__(self, sql: Connection, around: _Around, sites: Sequence[Site]) -> None:
        self._sql, self._root, self._visits = sql, around.root, around.visits
        self._names, self._sent = around.names, around.sent
        self._sites = {site.id: site for site in sites}
        self._places = [one for site in sites for one in around.same.get(site.id, ())]  # those too that are the same
        self._inspections = {i.checkpoint: i for i in self._read_inspections()}
        self._findings: dict[str, list[Finding]] = defaultdict(list)
        self._loose: list[Finding] = []
        self._read_findings()
        self._codes = self._checkpoint_codes(around.orders)
        self._finding_codes = self._number_findings(around.taken)
        self._steps = self._read_steps()

    def _rows(self, query: str, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of a query for these keys, ``{marks}`` standing for them."""
        for marks, part in chunks(keys):
            yield from self._sql.execute(query.format(marks=marks), part)

    def _site_of(self, site: str) -> Site | None:
        return self._sites.get(self._root.get(site, ""))

    def _read_inspections(self) -> Iterator[Inspection]:
        rows = self._rows(f"{_INSPECTION} WHERE site IN ({{marks}}) AND current = 1", self._places)
        yield from map(_inspection, sorted(rows, key=itemgetter(0)))

    def _read_findings(self) -> None:
        rows = self._rows(f"{_FINDING} WHERE f.site IN ({{marks}}) AND f.state <> 'reported'", self._places)
        found = sorted(map(_finding, rows), key=lambda f: (f.reported_at, f.id))
        for one in found:
            if one.state in _NEVER_THERE and one.id not in self._sent:
                continue
            if one.checkpoint in self._inspections:
                self._findings[one.checkpoint].append(one)
            else:
                self._loose.append(one)

    def _checkpoint_codes(self, orders: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
        """Per checkpoint the point code and its place among those of its site, in the order that its class names."""
        held: dict[str, list[tuple[bool, int, str, int, str]]] = defaultdict(list)
        query = "SELECT id, site, element, number FROM checkpoints WHERE site IN ({marks})"
        for one, site, element, number in self._rows(query, self._places):
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

    def _number_findings(self, taken: Mapping[str, str]) -> dict[str, str]:
        """Per finding its code: that of its checkpoint (or site) and a running number, kept as it was sent before."""
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
        query = (
            "SELECT id, finding, follows, person, recorded_at, request, grp FROM steps"
            " WHERE finding IN ({marks}) AND in_force = 1"
        )
        for row in sorted(self._rows(query, list(self._finding_codes)), key=itemgetter(0)):
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
        for site in self._sites.values():
            if site.same_as or site.gone or site.id not in self._visits.accepted or site.id in self._visits.waiting:
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
