"""Derives what went to the city's system and what it answered: rows of batches, entries by hand, answers.

Which of several counts is asked for, not kept: the last sending of a record is that of the greatest id, because only
the main file sends; of several answers about one sending those hold that no other names as replaced.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from barrierfree.model.city import Plain
from barrierfree.store import facts as f
from barrierfree.store.reading import chunks, facts_about

# The last number the city gave a record: with the answer about its last sending, or typed in with it.
_NUMBER: Final = """
SELECT city_number FROM (
 SELECT sending AS sent, 1 AS answered, id, city_number FROM answers
  WHERE record = :record AND kind = :kind AND in_force = 1 AND city_number <> ''
 UNION ALL SELECT id, 0, id, city_number FROM entries
  WHERE record = :record AND kind = :kind AND taken_back = 0 AND city_number <> '')
ORDER BY sent DESC, answered DESC, id DESC LIMIT 1
"""


def takes_back(fact: f.Fact) -> bool:
    """Whether a revert is about an entry or a batch, not about a step of a finding."""
    return fact.kind == "revert" and "step" not in fact.payload


def derive(sql: sqlite3.Connection, fact: f.Fact) -> None:
    """Derive the rows that ``fact`` (a batch, an entry, an answer, a revert of one of them) is about."""
    match fact.kind:
        case "batch":
            _batch(sql, fact.subject)
        case "revert" if "batch" in fact.payload:
            _batch(sql, fact.subject)
        case "answer":
            _answers(sql, fact.subject)
        case _:
            _entries(sql, fact.subject)


def _batch(sql: sqlite3.Connection, batch: str) -> None:
    """A batch and its rows; nothing of one that never left."""
    made = [x for x in facts_about(sql, batch, "batch", "revert") if x.kind == "batch" or "batch" in x.payload]
    if any(x.kind == "revert" for x in made):
        sql.execute("DELETE FROM batch_rows WHERE batch = ?", [batch])
        sql.execute("DELETE FROM batches WHERE id = ?", [batch])
        return
    fact, p = made[0], made[0].payload
    sql.execute(
        "INSERT OR IGNORE INTO batches VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [batch, p["number"], fact.recorded_at, fact.person, p["profile"], p["selection"], p["file"], p["sha256"],
         len(p["rows"]), p.get("words", ""), p.get("profile_hash", ""), f.canonical(p.get("files", [])),
         f.canonical(p.get("left_out", []))],
    )  # fmt: skip
    sql.executemany(
        "INSERT OR IGNORE INTO batch_rows VALUES (?,?,?,?,?,?,?,?,?)",
        ((batch, place, *whole_row(row)) for place, row in enumerate(p["rows"])),
    )


def whole_row(row: Sequence[str]) -> tuple[str, ...]:
    """(kind, record, code, values_hash, state, inspection, step) of a row as a fact has it; those of before have
    record, code and hash alone.
    """
    record, code, values_hash, *rest = row
    kind, *more = rest or ("finding", "", "", "")
    return (kind, record, code, values_hash, *more)


def _entries(sql: sqlite3.Connection, record: str) -> None:
    known = facts_about(sql, record, "entry", "revert")
    back = {x.payload["entry"] for x in known if x.kind == "revert" and "entry" in x.payload}
    for fact in known:
        if fact.kind == "entry":
            p = fact.payload
            sql.execute(
                "INSERT OR REPLACE INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                [fact.id, p["kind"], record, p["code"], fact.recorded_at, fact.person, p["values_hash"], p["state"],
                 p["inspection"], p["step"], p["city_number"], int(fact.id in back)],
            )  # fmt: skip


def _answers(sql: sqlite3.Connection, record: str) -> None:
    """The answers about a record. The same row of the same file is one answer, however often it was taken in."""
    known = facts_about(sql, record, "answer")
    replaced = {b for x in known for b in x.base.get("", ())}
    replaced_keys = {x.payload["key"] for x in known if x.id in replaced}
    first: dict[str, f.Fact] = {}
    for fact in known:
        first.setdefault(fact.payload["key"], fact)
    held: dict[tuple[str, str], f.Fact] = {}
    for key, fact in first.items():
        if key not in replaced_keys:
            held[fact.payload["sending"], fact.payload["kind"]] = fact  # of several the one of the greatest id
    holding = {fact.id for fact in held.values()}
    sql.execute("DELETE FROM answers WHERE record = ?", [record])
    sql.executemany(
        "INSERT INTO answers VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [
            (x.id, key, x.payload["kind"], record, x.payload["sending"], int(x.payload["accepted"]),
             x.payload["reason"], x.payload["city_number"], x.payload["code"], x.payload["file"],
             x.payload["file_hash"], x.payload["line"], x.recorded_at, x.person, int(x.id in holding))
            for key, x in first.items()
        ],
    )  # fmt: skip


def number_of(sql: sqlite3.Connection, record: str, kind: str = "finding") -> str:
    """The city's number of a record; '' while it has none."""
    row = sql.execute(_NUMBER, {"record": record, "kind": kind}).fetchone()
    return str(row[0]) if row else ""


def number_findings(sql: sqlite3.Connection, records: Iterable[str]) -> set[str]:
    """Give findings the numbers of the city; those of ``records`` that are findings."""
    found: set[str] = set()
    for marks, part in chunks(sorted(records)):
        found.update(r[0] for r in sql.execute(f"SELECT id FROM findings WHERE id IN ({marks})", part))
    sql.executemany(
        "UPDATE findings SET city_number = ? WHERE id = ?", ((number_of(sql, one), one) for one in sorted(found))
    )
    return found


def pack(values: Sequence[Plain]) -> str:
    """The plain values of a batch, compressed: base64 of zlib of canonical JSON, a line for each row."""
    lines = "\n".join(f.canonical(v) for v in values).encode("utf-8", "surrogatepass")
    return base64.b64encode(zlib.compress(lines, 6)).decode("ascii")


def unpack(packed: str) -> list[dict[str, Any]]:
    """What ``pack`` packed; nothing of a batch of before."""
    lines = zlib.decompress(base64.b64decode(packed)).decode("utf-8", "surrogatepass") if packed else ""
    return [json.loads(line) for line in lines.split("\n") if line]
