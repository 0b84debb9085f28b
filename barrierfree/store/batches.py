"""What went to the city's system and came back: batches, entries by hand, answers; the ledger of all of it."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from barrierfree.errors import BatchError, NotFoundError, StepRefused
from barrierfree.i18n import tr
from barrierfree.model.city import (
    Answer,
    Batch,
    BatchFile,
    BatchRow,
    CityState,
    Entry,
    EntryDay,
    KeptBatch,
    LeftOut,
    NewAnswer,
    NewBatch,
    NewEntry,
    RecordHistory,
    RejectedRow,
    RowKind,
    Sending,
    SentState,
)
from barrierfree.model.records import Changes
from barrierfree.store import facts as f
from barrierfree.store import sendings
from barrierfree.store.reading import Tick, chunks, facts_about, silent, ticking
from barrierfree.store.register_verbs import RegisterVerbs
from barrierfree.store.writing import Writer

_BATCH: Final = """
SELECT b.id, b.number, b.made_at, b.person, coalesce(p.name, ''), b.profile, b.selection, b.file, b.rows, b.sha256,
 b.words, b.profile_hash, b.files, b.left_out,
 (SELECT count(*) FROM answers a WHERE a.sending = b.id AND a.in_force = 1 AND a.accepted = 1),
 (SELECT count(*) FROM answers a WHERE a.sending = b.id AND a.in_force = 1 AND a.accepted = 0)
FROM batches b LEFT JOIN people p ON p.id = b.person AND p.removed = 0
"""
# Every time a record went, by batch or by hand.
_SENDINGS: Final = """
SELECT r.batch AS id, r.record AS record, r.kind AS kind, r.code AS code, b.number AS number, b.made_at AS made_at,
 r.values_hash AS values_hash, r.state AS state, r.inspection AS inspection, r.step AS step
FROM batch_rows r JOIN batches b ON b.id = r.batch
UNION ALL SELECT id, record, kind, code, '', made_at, values_hash, state, inspection, step
FROM entries WHERE taken_back = 0
"""
# What went last of each record (SQLite takes the other columns from the row of the maximum), with the answer to it.
_LAST: Final = """
SELECT s.last, s.record, s.kind, s.code, s.number, s.made_at, s.values_hash, s.state, s.inspection, s.step,
 a.accepted, a.reason, a.city_number, a.at FROM (
 SELECT max(id) AS last, record, kind, code, number, made_at, values_hash, state, inspection, step
 FROM ({sendings}) GROUP BY record, kind) s
LEFT JOIN answers a ON a.sending = s.last AND a.record = s.record AND a.kind = s.kind AND a.in_force = 1
"""
_REJECTED: Final = """
SELECT a.record, a.kind, a.code, s.id, s.name, s.code, s.community, coalesce(b.number, ''), a.reason, a.at
FROM answers a LEFT JOIN findings f ON a.kind = 'finding' AND f.id = a.record
LEFT JOIN checkpoints c ON a.kind <> 'site' AND c.id = a.record LEFT JOIN batches b ON b.id = a.sending
JOIN sites s ON s.id = coalesce(f.site, c.site, a.record)
WHERE a.accepted = 0 AND a.in_force = 1
 AND NOT EXISTS (SELECT 1 FROM batch_rows r WHERE r.record = a.record AND r.kind = a.kind AND r.batch > a.sending)
 AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.record = a.record AND e.kind = a.kind AND e.id > a.sending
  AND e.taken_back = 0)
"""
_ENTRY: Final = """
SELECT e.id, e.record, e.kind, e.code, e.made_at, e.person, coalesce(p.name, ''), e.city_number, e.taken_back
FROM entries e LEFT JOIN people p ON p.id = e.person AND p.removed = 0
"""
_ANSWER: Final = """
SELECT a.id, a.record, a.kind, a.sending, a.accepted, a.reason, a.city_number, a.code, a.file, a.file_hash, a.line,
 a.at, a.person, coalesce(p.name, ''), a.in_force FROM answers a
LEFT JOIN people p ON p.id = a.person AND p.removed = 0
"""
_ENTRY_DAYS: Final = """
SELECT substr(e.made_at, 1, 10) AS day, group_concat(DISTINCT coalesce(p.name, '')), count(*),
 coalesce(sum(a.accepted = 1), 0), coalesce(sum(a.accepted = 0), 0)
FROM entries e LEFT JOIN people p ON p.id = e.person AND p.removed = 0
LEFT JOIN answers a ON a.sending = e.id AND a.in_force = 1
WHERE e.taken_back = 0 GROUP BY 1 ORDER BY 1 DESC
"""
_PROFILE: Final = "batch_profile"  # a fact with the profile and the template of a batch; its subject is their hash


class BatchVerbs(RegisterVerbs):
    """The verbs about the city's system. Only the main file writes here."""

    # -- asking -----------------------------------------------------------------------------------------------------

    def batches(self) -> list[Batch]:
        """The ledger of batches, newest first, with what was answered so far."""
        gone = self._superseded()
        rows = self._sql.execute(f"{_BATCH} ORDER BY b.id DESC")
        return [_batch(row, gone.get(row[0], 0)) for row in rows]

    def batch(self, number: str) -> Batch:
        """The batch with this number (or id)."""
        row = self._sql.execute(f"{_BATCH} WHERE b.number = ? OR b.id = ?", [number, number]).fetchone()
        if row is None:
            raise NotFoundError(
                tr("没有编号为“{number}”的批次。").format(number=number), tr("请用“batches FILE”查看批次台账。")
            )
        return _batch(row, self._superseded().get(row[0], 0))

    def _superseded(self) -> dict[str, int]:
        """Per batch the rows without an answer of which something newer was sent."""
        rows = self._sql.execute(
            "SELECT r.batch, count(*) FROM batch_rows r WHERE"
            " (EXISTS (SELECT 1 FROM batch_rows n WHERE n.record = r.record AND n.kind = r.kind AND n.batch > r.batch)"
            " OR EXISTS (SELECT 1 FROM entries e WHERE e.record = r.record AND e.kind = r.kind AND e.id > r.batch"
            " AND e.taken_back = 0))"
            " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.sending = r.batch AND a.record = r.record"
            " AND a.kind = r.kind) GROUP BY r.batch"
        )
        return dict(rows.fetchall())

    def batch_rows(self, batch: str) -> list[BatchRow]:
        """The rows of a batch (by id), in the order in which they stand in its workbooks."""
        names = ("record", "code", "values_hash", "kind", "state", "inspection", "step")
        rows = self._sql.execute(f"SELECT {', '.join(names)} FROM batch_rows WHERE batch = ? ORDER BY place", [batch])
        return [BatchRow.unchecked(dict(zip(names, row, strict=True))) for row in rows]

    def kept_batch(self, number: str) -> KeptBatch:
        """All that makes a batch again. Raises ``BatchError`` for a batch of before values were kept."""
        batch = self.batch(number)
        fact = facts_about(self._sql, batch.id, "batch")[0]
        profiles = facts_about(self._sql, batch.profile_hash, _PROFILE) if batch.profile_hash else []
        if not profiles:
            raise BatchError(
                tr("批次 {number} 是旧版本写出的，没有留下内容，不能重新生成。").format(number=batch.number),
                tr("请使用当时导出的文件夹。"),
            )
        values = sendings.unpack(fact.payload["values"])
        made = profiles[0].payload
        return KeptBatch(
            batch=batch, profile_text=made["profile_text"], template=base64.b64decode(made["template"]),
            rows=tuple(self.batch_rows(batch.id)), values=tuple(values),
        )  # fmt: skip

    def sent_values(self, sending: str) -> dict[tuple[RowKind, str], dict[str, Any]]:
        """The plain values that went with a sending, by kind and record; empty for a batch of before."""
        fact = next(iter(self._facts_with([sending])), None)
        if fact is None:
            return {}
        if fact.kind == "entry":
            return {(fact.payload["kind"], fact.subject): fact.payload["values"]}
        values = sendings.unpack(fact.payload.get("values", ""))
        rows = [sendings.whole_row(row) for row in fact.payload["rows"]]
        return {(row[0], row[1]): v for row, v in zip(rows, values, strict=False)}  # type: ignore[misc]

    def _facts_with(self, ids: Sequence[str]) -> Iterator[f.Fact]:
        for marks, part in chunks(ids):
            for row in self._sql.execute(
                "SELECT id, kind, subject, person, device, sequence, recorded_at, base, format, payload FROM facts"
                f" WHERE id IN ({marks})",
                part,
            ):
                yield f.from_row(row)

    def sent_states(self, records: Sequence[str] | None = None) -> dict[tuple[RowKind, str], SentState]:
        """How every record (or some) that was sent stands, by kind and record."""
        found: dict[tuple[RowKind, str], SentState] = {}
        if records is None:
            self._add_states(found, _LAST.format(sendings=_SENDINGS), ())
            return found
        for marks, part in chunks(records):
            some = f"SELECT * FROM ({_SENDINGS}) WHERE record IN ({marks})"
            self._add_states(found, _LAST.format(sendings=some), part)
        return found

    def _add_states(self, found: dict[tuple[RowKind, str], SentState], sql: str, values: Sequence[str]) -> None:
        for row in self._sql.execute(sql, values):
            last = _sending(row[:10])
            accepted = row[10]
            state = CityState.WAITING if accepted is None else _ANSWERED[bool(accepted)]
            found[last.kind, last.record] = SentState.unchecked({
                "last": last, "state": state, "reason": row[11] or "", "city_number": row[12] or "",
                "answered_at": row[13] or "",
            })  # fmt: skip

    def sendings_of_code(self, codes: Sequence[str]) -> dict[str, list[Sending]]:
        """Every sending of these codes, oldest first, by code."""
        found: dict[str, list[Sending]] = {}
        for marks, part in chunks(codes):
            some = f"SELECT * FROM ({_SENDINGS}) WHERE code IN ({marks}) ORDER BY id"
            for row in self._sql.execute(some, part):
                found.setdefault(row[3], []).append(_sending(row))
        return found

    def rejected(self, community: str = "") -> list[RejectedRow]:
        """The records the city rejected and that were not sent since, by community and code."""
        rows = self._sql.execute(
            f"{_REJECTED} AND (:community = '' OR s.community = :community) ORDER BY s.community, s.code, a.code",
            {"community": community},
        )
        names = tuple(RejectedRow.model_fields)
        return [RejectedRow(**dict(zip(names, row, strict=True))) for row in rows]

    def entries(self, *, record: str = "", day: str = "", taken_back: bool = False) -> list[Entry]:
        """What was typed in by hand, oldest first: of a record, of an ISO day, or all."""
        parts = [] if taken_back else ["e.taken_back = 0"]
        values = [value for value in (record, day) if value]
        parts += [part for part, v in (("e.record = ?", record), ("substr(e.made_at, 1, 10) = ?", day)) if v]
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        names = tuple(Entry.model_fields)
        rows = self._sql.execute(f"{_ENTRY}{where} ORDER BY e.id", values)
        return [Entry(**dict(zip(names, (*row[:8], bool(row[8])), strict=True))) for row in rows]

    def entry_days(self) -> list[EntryDay]:
        """What was typed in by hand per day, newest first."""
        return [
            EntryDay(day=r[0], people=tuple(n for n in r[1].split(",") if n), rows=r[2], accepted=r[3], rejected=r[4])
            for r in self._sql.execute(_ENTRY_DAYS)
        ]

    def answers(self, *, record: str = "", sending: str = "") -> list[Answer]:
        """What the city answered, in the order in which it was taken in: about a record, about a sending, or all."""
        values = [value for value in (record, sending) if value]
        parts = [part for part, v in (("a.record = ?", record), ("a.sending = ?", sending)) if v]
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        return [_answer(row) for row in self._sql.execute(f"{_ANSWER}{where} ORDER BY a.at, a.line, a.id", values)]

    def city_history(self, record: str) -> RecordHistory:
        """Every batch, entry and answer about one record."""
        rows = self._sql.execute(f"SELECT * FROM ({_SENDINGS}) WHERE record = ? ORDER BY id", [record])
        return RecordHistory(
            sendings=tuple(_sending(row) for row in rows),
            entries=tuple(self.entries(record=record, taken_back=True)), answers=tuple(self.answers(record=record)),
        )  # fmt: skip

    def next_batch_number(self) -> str:
        """The number of the next batch: the day and a running number of it, never one that was used before."""
        day = self.clock().strftime("%Y%m%d")
        rows = self._sql.execute(
            "SELECT json_extract(payload, '$.number') FROM facts WHERE kind = 'batch'"
            " AND json_extract(payload, '$.number') LIKE ?",
            [f"{day}-%"],
        )
        used = [int(tail) for tail in (str(r[0]).rpartition("-")[2] for r in rows) if tail.isdecimal()]
        return f"{day}-{max(used, default=0) + 1:02d}"

    # -- writing ----------------------------------------------------------------------------------------------------

    def _refuse_elsewhere(self) -> None:
        if not self.is_main_file:
            raise BatchError(tr("只有总库能向市系统报送、登记答复。"), tr("请把数据交给持有总库的统筹员，由他处理。"))

    def record_batch(self, new: NewBatch, *, person: str) -> tuple[str, Changes]:
        """Remember what a batch handed over; (its id, changes)."""
        self._refuse_elsewhere()
        if self._sql.execute("SELECT 1 FROM batches WHERE number = ?", [new.number]).fetchone():
            raise BatchError(tr("批次号 {number} 已经用过。").format(number=new.number), tr("请重新检查一次，再导出。"))
        first = new.files[0] if new.files else BatchFile(name="", sha256="")
        template = base64.b64encode(new.template).decode("ascii")
        profile_hash = f.row_hash([new.profile_text, template]) if new.profile_text else ""
        payload: dict[str, Any] = {
            "number": new.number, "profile": new.profile, "selection": new.wanted.what, "file": first.name,
            "sha256": first.sha256, "profile_hash": profile_hash, "words": new.words,
            "filter": new.wanted.model_dump(mode="json"), "files": [[x.name, x.sha256] for x in new.files],
            "left_out": [[x.record, x.kind, x.code, x.reason] for x in new.left_out],
            "rows": [
                [r.record, r.code, r.values_hash, r.kind, r.state, r.inspection, r.step] for r in new.rows
            ],
            "values": sendings.pack(new.values) if profile_hash else "",
        }  # fmt: skip
        with self._writing(person) as (writer, done):
            if profile_hash and not facts_about(self._sql, profile_hash, _PROFILE):
                writer.add(_PROFILE, profile_hash, {"profile_text": new.profile_text, "template": template})
            made = writer.add("batch", "", payload)
        return made, done[0]

    def take_back_batch(self, batch: str, *, person: str) -> Changes:
        """A batch that could not be handed over after all: its rows count as not sent. Its number stays used."""
        self._refuse_elsewhere()
        held = self.batch(batch)
        if self.answers(sending=held.id):
            raise StepRefused(
                tr("批次 {number} 已有市系统的答复，不能作废。").format(number=held.number), tr("没有改动。")
            )
        with self._writing(person) as (writer, done):
            writer.add("revert", held.id, {"batch": held.id})
            writer.kinds.add("batch")
        return done[0]

    def record_entry(self, new: NewEntry, *, person: str) -> tuple[str, Changes]:
        """Remember that somebody typed a record into the city's system; (its id, changes)."""
        self._refuse_elsewhere()
        with self._writing(person) as (writer, done):
            before = self._number_site(writer, new.kind, new.record, new.city_number)
            payload = new.model_dump(mode="json", exclude={"record"})
            made = writer.add("entry", new.record, payload | ({"before": before} if before is not None else {}))
        return made, done[0]

    def take_back_entry(self, entry: str, *, person: str) -> Changes:
        """Take an entry back while it is the person's own, the record's last sending, and not answered."""
        self._refuse_elsewhere()
        fact = next((x for x in self._facts_with([entry]) if x.kind == "entry"), None)
        if fact is None:
            raise NotFoundError(tr("没有编号为“{id}”的录入。").format(id=entry), tr("请重新打开录入清单。"))
        kind, record = fact.payload["kind"], fact.subject
        state = self.sent_states([record]).get((kind, record))
        said = ""
        if fact.person != person:
            said = tr("只能撤销自己登记的录入。")
        elif state is None or state.last.id != entry:
            said = tr("这条录入已经撤销，或者之后又报送过。")
        elif state.state is not CityState.WAITING:
            said = tr("市系统已经答复这条录入，不能撤销。")
        if said:
            raise StepRefused(said, tr("没有改动。"))
        with self._writing(person) as (writer, done):
            writer.add("revert", record, {"entry": entry})
            if "before" in fact.payload:
                self._number_site(writer, kind, record, fact.payload["before"], empty=True)
            writer.kinds.add("batch")
        return done[0]

    def record_answers(self, new: Sequence[NewAnswer], *, person: str, tick: Tick = silent) -> tuple[int, Changes]:
        """Take answers in, all or none; what is known already makes nothing new. (How many were new, changes.)"""
        self._refuse_elsewhere()
        keys = [f.derived_id("answer", x.file_hash, x.line, x.kind, x.record, x.sending) for x in new]
        known, held = self._known_answers([x.record for x in new])
        fresh = 0
        with self._writing(person) as (writer, done):
            writer.tick = tick
            for key, one in ticking(list(zip(keys, new, strict=True)), tick):
                if key in known:
                    continue
                known.add(key)
                about = held.setdefault((one.kind, one.record, one.sending), [])
                payload = one.model_dump(mode="json", exclude={"record"}) | {"key": key}
                about.append(writer.add("answer", one.record, payload, {"": list(about)}))
                self._number_site(writer, one.kind, one.record, one.city_number)
                fresh += 1
        return fresh, done[0]

    def _known_answers(self, records: Sequence[str]) -> tuple[set[str], dict[tuple[str, str, str], list[str]]]:
        """The keys of the answers there are about ``records``, and their facts by kind, record and sending."""
        keys: set[str] = set()
        held: dict[tuple[str, str, str], list[str]] = {}
        for marks, part in chunks(sorted(set(records))):
            for row in self._sql.execute(
                f"SELECT key, kind, record, sending, id FROM answers WHERE record IN ({marks}) ORDER BY id", part
            ):
                keys.add(row[0])
                held.setdefault((row[1], row[2], row[3]), []).append(row[4])
        return keys, held

    def _number_site(self, writer: Writer, kind: str, record: str, number: str, *, empty: bool = False) -> str | None:
        """Set the city's number of a site as a field of it; what it was before, None if nothing changed."""
        if kind != "site" or not (number or empty):
            return None
        held = f.current(facts_about(self._sql, record, "site"))
        was = str(held["city_number"].value or "") if "city_number" in held else ""
        if not held or was == number:
            return None
        base = {"city_number": held["city_number"].facts} if "city_number" in held else {}
        writer.add("site", record, {"city_number": number}, base)
        return was


def count_rejected(sql: sqlite3.Connection, community: str = "") -> int:
    """How many records the city rejected that were not sent since."""
    row = sql.execute(
        f"SELECT count(*) FROM ({_REJECTED} AND (:community = '' OR s.community = :community))",
        {"community": community},
    ).fetchone()
    return int(row[0])


_ANSWERED: Final = {True: CityState.ACCEPTED, False: CityState.REJECTED}


def _batch(row: tuple[Any, ...], superseded: int) -> Batch:
    return Batch(
        id=row[0], number=row[1], made_at=row[2], person=row[3], person_name=row[4], profile=row[5], selection=row[6],
        file=row[7], rows=row[8], sha256=row[9], words=row[10], profile_hash=row[11],
        files=tuple(BatchFile(name=x[0], sha256=x[1]) for x in json.loads(row[12])),
        left_out=tuple(LeftOut(record=x[0], kind=x[1], code=x[2], reason=x[3]) for x in json.loads(row[13])),
        accepted=row[14], rejected=row[15], superseded=superseded,
    )  # fmt: skip


_SENDING_NAMES: Final = (
    "id",
    "record",
    "kind",
    "code",
    "number",
    "made_at",
    "values_hash",
    "state",
    "inspection",
    "step",
)


def _sending(row: Sequence[Any]) -> Sending:
    return Sending.unchecked(dict(zip(_SENDING_NAMES, row, strict=True)))


def _answer(row: tuple[Any, ...]) -> Answer:
    return Answer(
        id=row[0], record=row[1], kind=row[2], sending=row[3], accepted=bool(row[4]), reason=row[5],
        city_number=row[6], code=row[7], file=row[8], file_hash=row[9], line=row[10], at=row[11], person=row[12],
        person_name=row[13], in_force=bool(row[14]),
    )  # fmt: skip
