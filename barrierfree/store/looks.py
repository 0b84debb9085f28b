"""What is asked to be looked at again, as it stands in facts: which sites for whom, which checkpoints."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

ASKED: Final = "second_look"
ENDED: Final = "second_look_end"
SUBJECT: Final = "look:"  # before every subject, so that the index of subjects finds them without reading all facts

# Items that nobody else has answered with an inspection; ``k`` is the fact, ``t`` one item of it.
_OPEN: Final = f"""
FROM facts k, json_each(k.payload, '$.items') t
WHERE k.subject >= '{SUBJECT}' AND k.subject < '{SUBJECT}~' AND k.kind = '{ASKED}'
AND NOT EXISTS (SELECT 1 FROM facts e WHERE e.subject = k.subject AND e.kind = '{ENDED}')
AND NOT EXISTS (SELECT 1 FROM inspections i WHERE i.site = json_extract(t.value, '$.site') AND i.id > k.id
 AND i.state <> 'returned' AND i.person NOT IN (SELECT p.value FROM json_each(t.value, '$.people') p)
 AND i.checkpoint IN (SELECT c.value FROM json_each(t.value, '$.checkpoints') c))
"""
# The sites that a person (the one value) is to look at again: not those of the own visits.
SITES: Final = f"""
SELECT DISTINCT json_extract(t.value, '$.site') {_OPEN}
AND ? NOT IN (SELECT p.value FROM json_each(t.value, '$.people') p)
"""


def asked_again(sql: sqlite3.Connection, checkpoint: str, *, why: str = "dispute") -> list[dict[str, Any]]:
    """The unanswered requests to look at a checkpoint again: ``dispute`` for the third time, ``sample`` to compare."""
    rows = sql.execute(
        f"SELECT t.value {_OPEN} AND json_extract(k.payload, '$.why') = ?"
        " AND ? IN (SELECT c.value FROM json_each(t.value, '$.checkpoints') c)",
        [why, checkpoint],
    )
    return [json.loads(r[0]) for r in rows]


def replaced_by(sql: sqlite3.Connection, checkpoint: str, person: str) -> list[str]:
    """The accepted inspections that a new one of ``person`` at a checkpoint replaces.

    All that stand there, except in a sample: there the second opinion stands beside the first, so that a difference
    shows as a dispute. Once somebody rectifies what the first one found, a new look is no second opinion of it.
    """
    rows = sql.execute(
        "SELECT id, base, visit FROM inspections WHERE checkpoint = ? AND state = 'accepted' ORDER BY id", [checkpoint]
    ).fetchall()
    replaced = {b for r in rows for b in json.loads(r[1]).get("", ())}
    standing = {r[0]: r[2] for r in rows if r[0] not in replaced}
    if (
        not standing
        or not sql.execute(
            "SELECT 1 FROM facts WHERE subject >= ? AND subject < ? LIMIT 1", [SUBJECT, SUBJECT + "~"]
        ).fetchone()
    ):
        return list(standing)
    begun = sql.execute(
        "SELECT 1 FROM findings WHERE checkpoint = ? AND state IN ('in_progress', 'claimed', 'rectified')", [checkpoint]
    ).fetchone()
    compared = [] if begun else asked_again(sql, checkpoint, why="sample")
    beside = {item["visit"] for item in compared if person not in item["people"]}
    return [i for i, visit in standing.items() if visit not in beside]
