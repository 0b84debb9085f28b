"""Derives what a survey keeps beside sites and findings: responsible units, special days, works."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any, Final

from barrierfree.store import facts as f
from barrierfree.store.reading import facts_about

_MADE_BY: Final = {"unit": "name", "day": "working", "work": "site"}  # the field that the first fact has


def derive(sql: sqlite3.Connection, fact: f.Fact) -> None:
    """Derive the row that ``fact`` (a unit, a day or a work) is about from all its facts."""
    known = facts_about(sql, fact.subject, fact.kind)
    made = next((x for x in known if _MADE_BY[fact.kind] in x.payload), None)
    if made is None:
        return  # what it takes back has not arrived yet; then it is asked again
    row = _ROWS[fact.kind](fact.subject, f.current(known), made)
    table = {"unit": "units", "day": "days", "work": "works"}[fact.kind]
    if row is None:
        sql.execute(f"DELETE FROM {table} WHERE id = ?", [_key(fact.subject)])
        return
    sql.execute(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(row))})", row)


def _unit(subject: str, held: dict[str, f.Value], first: f.Fact) -> list[Any]:
    value = _values(held)
    conflicts = json.dumps(sorted(name for name, v in held.items() if v.conflict))
    return [subject, value.get("name") or "", value.get("unit_class") or "", value.get("contact") or "",
            value.get("note") or "", int(bool(value.get("hidden"))), conflicts]  # fmt: skip


def _key(subject: str) -> str:
    return subject.removeprefix("day:")


def _day(subject: str, held: dict[str, f.Value], first: f.Fact) -> list[Any] | None:
    if _values(held).get("dropped"):
        return None
    working = held["working"]
    contradicted = working.conflict or working.value is None
    return [_key(subject), None if contradicted else int(working.value), _values(held).get("note") or ""]


def _work(subject: str, held: dict[str, f.Value], first: f.Fact) -> list[Any]:
    p = first.payload
    return [subject, p["site"], p["element"], p["what"], p["quantity"], p["quantity_unit"], p["done_on"], p["unit"],
            p["note"], f.canonical(p["photos"]), first.recorded_at, first.person,
            int(bool(_values(held).get("withdrawn")))]  # fmt: skip


def _values(held: dict[str, f.Value]) -> dict[str, Any]:
    return {name: v.value for name, v in held.items()}


_ROWS: Final[dict[str, Callable[[str, dict[str, f.Value], f.Fact], list[Any] | None]]] = {
    "unit": _unit,
    "day": _day,
    "work": _work,
}
