"""Reads facts back: those about one subject, and whether a record stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from barrierfree.store import facts as f

T = TypeVar("T")
FACT: Final = "id, kind, subject, person, device, sequence, recorded_at, base, format, payload"


_CHUNK: Final = 900  # values in one statement; SQLite's default limit was 999 for long


def chunks(values: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """The values in portions that one statement can take, each with its question marks."""
    for start in range(0, len(values), _CHUNK):
        part = values[start : start + _CHUNK]
        yield ",".join("?" * len(part)), part


Tick = Callable[[], None]
TICK_EVERY: Final = 500  # things between two ticks: some 20 ms


def silent() -> None:
    """The tick where nobody watches."""


def ticking(values: Iterable[T], tick: Tick, every: int = TICK_EVERY) -> Iterator[T]:
    """The values, with a ``tick`` now and then, which reports and may raise to stop a long write."""
    for index, value in enumerate(values):
        if index % every == 0:
            tick()
        yield value


def ids_in(sql: sqlite3.Connection, table: str, records: Sequence[str]) -> set[str]:
    """Those of ``records`` that ``table`` has a row for."""
    found: set[str] = set()
    for marks, part in chunks(records):
        found.update(r[0] for r in sql.execute(f"SELECT id FROM {table} WHERE id IN ({marks})", part))
    return found


def facts_about(sql: sqlite3.Connection, subject: str, *kinds: str) -> list[f.Fact]:
    """The facts of ``kinds`` about one subject, oldest id first."""
    marks = ",".join("?" * len(kinds))
    rows = sql.execute(
        f"SELECT {FACT} FROM facts WHERE subject = ? AND kind IN ({marks}) ORDER BY id", [subject, *kinds]
    )
    return [f.from_row(row) for row in rows]


def exists(sql: sqlite3.Connection, table: str, record: str) -> bool:
    """Whether ``table`` has a row with this id."""
    return sql.execute(f"SELECT 1 FROM {table} WHERE id = ?", [record]).fetchone() is not None
