"""Which accepted inspections of a checkpoint stand beside each other, and what was decided between them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from barrierfree.model.words import VerdictKind
from barrierfree.store.reading import facts_about

DECISION = "adopt"  # the kind of fact that says which of several inspections of a checkpoint holds


def heads(sql: sqlite3.Connection, checkpoint: str, accepted: Sequence[tuple[str, str]]) -> list[str]:
    """The ids of those of ``accepted`` (id and base as stored) that nothing replaces and no decision sets aside."""
    replaced = {b for _, base in accepted for b in json.loads(base).get("", ())}
    found = [i for i, _ in accepted if i not in replaced]
    if len(found) < 2:
        return found
    aside = set_aside(sql, checkpoint, {i for i, _ in accepted})
    return [i for i in found if i not in aside] or found


def set_aside(sql: sqlite3.Connection, checkpoint: str, accepted: set[str]) -> set[str]:
    """The inspections that a decision in force lets another one outweigh.

    A decision counts while the inspection it adopts is accepted. Two decisions of which neither knew the other and
    which contradict each other decide nothing, in whatever order they arrive.
    """
    known = facts_about(sql, checkpoint, DECISION)
    replaced = {b for fact in known for b in fact.base.get("", ())}
    valid = [fact for fact in known if fact.id not in replaced and fact.payload["inspection"] in accepted]
    outweighed = {i for fact in valid for i in fact.payload["over"]}
    return set() if any(fact.payload["inspection"] in outweighed for fact in valid) else outweighed


def unmet(verdicts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The rules that an inspection finds not met: two inspections disagree when these differ."""
    return frozenset(v["rule"] for v in verdicts if v["kind"] == VerdictKind.NOT_MET)
