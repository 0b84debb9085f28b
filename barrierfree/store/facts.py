"""Facts: what one is, how it is written and hashed, and which of several holds (pure functions)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

SEPARATOR: Final = "\x1f"  # between the parts that are hashed
FORMAT: Final = 1  # of the payloads written now; older ones are read by ``upgrade``


@dataclass(frozen=True)
class Fact:
    """One immutable row of the table of truth.

    ``base`` names per field the facts this one replaces; the field '' stands for the fact as a whole.
    """

    id: str
    kind: str
    subject: str
    person: str
    device: str
    sequence: int
    recorded_at: str
    base: Mapping[str, list[str]]
    format: int
    payload: Mapping[str, Any]

    def row(self) -> tuple[str, str, str, str, str, int, str, str, int, str, str]:
        """The row as stored, its SHA-256 last."""
        columns = (
            self.id, self.kind, self.subject, self.person, self.device, self.sequence, self.recorded_at,
            canonical(self.base) if self.base else "{}", self.format, canonical(self.payload),
        )  # fmt: skip
        return (*columns, row_hash(columns))


# made once: json.dumps makes an encoder for every call
_encode: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return _encode(value) if value else json.dumps(value)


def row_hash(columns: Iterable[object]) -> str:
    """SHA-256 over the columns of a fact in the order of the table."""
    return hashlib.sha256(SEPARATOR.join(map(str, columns)).encode("utf-8", "surrogatepass")).hexdigest()


def from_row(row: tuple[Any, ...]) -> Fact:
    """A fact from its stored row (with or without the hash behind)."""
    fact_id, kind, subject, person, device, sequence, recorded_at, base, version, payload = row[:10]
    return upgrade(
        Fact(fact_id, kind, subject, person, device, sequence, recorded_at, json.loads(base), version,
             json.loads(payload))
    )  # fmt: skip


def upgrade(fact: Fact) -> Fact:
    """An old fact in today's format. There is one format so far."""
    return fact


def derived_id(*parts: object) -> str:
    """The same 26 characters for the same parts on every device, in the alphabet of a ULID."""
    digest = hashlib.sha256(SEPARATOR.join(map(str, parts)).encode()).digest()
    return _written(int.from_bytes(digest[:16]))


def derived_ids(many: Iterable[str]) -> list[str]:
    """``derived_id`` of many, each given as its parts joined by ``SEPARATOR``: in half of the time."""
    import numpy as np

    digests = b"".join([hashlib.sha256(text.encode()).digest()[:16] for text in many])
    high, low = np.frombuffer(digests, dtype=">u8").astype(np.uint64).reshape(-1, 2).T
    fives = [high >> (61 - 5 * at) for at in range(13)]  # 3 bits, then five at a time; one is left
    fives += [high << 4 | low >> 60, *(low >> (55 - 5 * at) for at in range(12))]
    letters = np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)[np.stack(fives, axis=1) & 31]
    text = letters.tobytes().decode()
    return [text[at : at + 26] for at in range(0, len(text), 26)]


def derived_id_at(moment: datetime | None, *parts: object) -> str:
    """As ``derived_id``, but in the order of time among other ULIDs: its first 48 bits are those of ``moment``.

    The moment is cut to its minute, so that exports that write seconds differently give the same id.
    """
    digest = hashlib.sha256(SEPARATOR.join(map(str, parts)).encode()).digest()
    minute = int(moment.timestamp() // 60) * 60_000 if moment is not None and moment.timestamp() > 0 else 0
    return _written(minute << 80 | int.from_bytes(digest[:10]))


# Ten bits at a time in the alphabet of a ULID (Crockford's base 32): a list of 100,000 sites needs a million ids, and
# the library writes a digit at a time.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = [a + b for a in _ALPHABET for b in _ALPHABET]
_SHIFTS: Final = tuple(range(120, -1, -10))


def _written(number: int) -> str:
    """A number of 128 bits as the 26 characters of a ULID."""
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS])


def next_id(last: str, now: datetime) -> str:
    """A ULID greater than ``last`` even if the clock went back or stood still."""
    # not the library's: within a millisecond it counts on from the last one made in this process, for whatever file
    made = _written(int(now.timestamp() * 1000) << 80 | secrets.randbits(80))
    return made if not last or made > last else following_id(last)


def following_id(last: str) -> str:
    """The next ULID after ``last``: one more."""
    end = last.rstrip("Z")  # the last digit that can grow; those behind it start again
    if not end:
        raise OverflowError(last)
    return end[:-1] + _ALPHABET[_ALPHABET.index(end[-1]) + 1] + "0" * (len(last) - len(end))


@dataclass(frozen=True)
class Value:
    """The current value of a field; ``facts`` are those to name as base when replacing it."""

    value: Any
    facts: tuple[str, ...]
    conflict: tuple[Any, ...] = ()


def current(facts: Iterable[Fact]) -> dict[str, Value]:
    """The current value of each field set by ``facts`` about one subject, whatever their order.

    A value is current if no other fact names its fact as base for that field. Equal current values are no
    conflict; with different ones the value that all of them replaced stays in force (None if there was none).
    """
    ordered = sorted(facts, key=lambda f: f.id)
    fields: dict[str, dict[str, Fact]] = {}
    for fact in ordered:
        for name in fact.payload:
            fields.setdefault(name, {})[fact.id] = fact
    return {name: _field_value(name, setters) for name, setters in fields.items()}


def _field_value(name: str, setters: dict[str, Fact]) -> Value:
    if len(setters) == 1:
        ((only, fact),) = setters.items()
        return Value(fact.payload[name], (only,))
    replaced = {b for f in setters.values() for b in _bases(f, name)}
    heads = [f for f in setters.values() if f.id not in replaced] or list(setters.values())
    ids = tuple(f.id for f in heads)
    values = [f.payload[name] for f in heads]
    if len(heads) == 1 or all(canonical(v) == canonical(values[0]) for v in values):
        return Value(values[0], ids)
    return Value(_common_value(name, setters, heads), ids, tuple(values))


def _bases(fact: Fact, name: str) -> list[str]:
    return [*fact.base.get(name, ()), *fact.base.get("", ())]


def _common_value(name: str, setters: dict[str, Fact], heads: list[Fact]) -> Any:
    ancestors = [_ancestors(name, setters, head) for head in heads]
    common = set.intersection(*ancestors)
    return setters[max(common)].payload[name] if common else None


def _ancestors(name: str, setters: dict[str, Fact], head: Fact) -> set[str]:
    found: set[str] = set()
    waiting = [b for b in _bases(head, name) if b in setters]
    while waiting:
        fact_id = waiting.pop()
        if fact_id not in found:
            found.add(fact_id)
            waiting += [b for b in _bases(setters[fact_id], name) if b in setters]
    return found
