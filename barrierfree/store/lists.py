"""Facility lists in the store: what one added, changed and no longer has, and which site is which."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr
from barrierfree.matching import Place
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, NewSite, Position
from barrierfree.store import facts as f
from barrierfree.store import places
from barrierfree.store.reading import TICK_EVERY, Tick, chunks, facts_about, silent, ticking
from barrierfree.store.sites import SiteVerbs, _Codes
from barrierfree.store.writing import Writer


class TakenList(Model):
    """A list that was taken in: where it came from and how it was read. ``columns`` is field: header."""

    id: str
    file: str
    sheet: str
    signature: str
    columns: dict[str, str]
    datum: str
    swapped: bool = False
    taken_at: str = ""
    rows: int = 0


class SameSite(Model):
    """A decision about two records: ``row`` (a row of a list under the id it would get, or a site) and ``site``.

    ``same``: they are one place, and ``site`` is the one that is kept. ``name`` is that of the row, for those who look
    at the decision later. A decision that is taken back is one with ``same`` false and a reason.
    """

    row: str
    site: str
    same: bool
    name: str = ""
    reason: str = ""


class Decided(SameSite):
    """A decision as it stands; ``undecided`` when two devices decided differently."""

    site_name: str
    site_code: str
    person_name: str
    decided_at: str
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ListPart:
    """What of a list is to be stored, all of it in one transaction.

    ``new``: sites with their ids. ``changed``: per site the fields that get a new value; ``declined``: per site values
    of the list that a person did not want. ``gone``: per site in which list it is no longer found, '' when it is back.
    ``row_ids`` are those of all rows of the list.
    """

    new: Sequence[tuple[str, NewSite]] = ()
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    declined: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decisions: Sequence[SameSite] = ()
    gone: Mapping[str, str] = field(default_factory=dict)
    taken: TakenList | None = None
    row_ids: Sequence[str] = ()


class TakenIn(Model):
    """What came of storing a list."""

    added: tuple[str, ...]
    changes: Changes


class Identities:
    """What is decided about which record is which."""

    def __init__(self, kept: Mapping[str, Sequence[str]], apart: Collection[tuple[str, str]]) -> None:
        self._kept = kept
        self._apart = frozenset(apart)

    def site_of(self, record: str) -> str:
        """The site that stands for a row or site; the id itself if nothing is decided."""
        return places.root_of(record, self._kept) if record in self._kept else record

    def apart(self, one: str, other: str) -> bool:
        """Whether a person decided that these two are not the same."""
        return (min(one, other), max(one, other)) in self._apart


def site_id(key: str) -> str:
    """The id of the site that a row with this key (``NewSite.key``) becomes, the same on every device."""
    return f.derived_id("site", key)


def site_ids(keys: Iterable[str]) -> list[str]:
    """``site_id`` of many keys."""
    return f.derived_ids(f"site{f.SEPARATOR}{key}" for key in keys)


def stored_text(value: Any) -> str:
    """A value as ``Store.values_given`` holds it."""
    return f.canonical(value.values() if isinstance(value, Position) else value)


def _differs(held: tuple[Any, ...], row: NewSite) -> bool:
    said = (
        row.name, row.address, row.community, row.site_class, row.note, row.district, row.street, row.grid,
        row.city_number,
    )  # fmt: skip
    if held[:9] != said:
        for old, new in zip(held, said, strict=False):
            if new and new != old:
                return True
    place = row.position
    return bool(held[11]) or (place is not None and held[9:11] != (place.lon, place.lat))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.values() if isinstance(value, Position) else value for name, value in values.items()}


class _Clock:
    """Turns ticks into progress: what is new is gone through some eight times (facts, rows, places, checkpoints).

    What is changed is looked at one by one and ticks the more often.
    """

    def __init__(self, progress: Callable[[int, int], None] | None, new: int, changed: int) -> None:
        self._progress = progress
        self._all = max(8 * new + 17 * changed, 1)
        self._done = 0

    def tick(self) -> None:
        """One more portion is done."""
        self._done = min(self._done + TICK_EVERY, self._all)
        if self._progress:
            self._progress(self._done, self._all)


class ListVerbs(SiteVerbs):
    """The verbs about facility lists."""

    # -- asking ---------------------------------------------------------------------------------------------------

    def identities(self) -> Identities:
        """All decisions about which record is which."""
        kept: dict[str, list[str]] = defaultdict(list)
        apart = set()
        for one, other, keeper, same in self._sql.execute("SELECT one, other, kept, same FROM pairs"):
            if same == 0:
                apart.add((one, other))
            elif same:
                kept[other if keeper == one else one].append(keeper)
        return Identities(kept, apart)

    def decisions(self) -> list[Decided]:
        """The decisions about which record is which, newest first."""
        names = {p.id: p.name for p in self.people()}
        sites = {r[0]: (r[1], r[2]) for r in self._sql.execute("SELECT id, name, code FROM sites")}
        found = []
        for pair, conflict in self._sql.execute("SELECT id, conflict FROM pairs"):
            known = facts_about(self._sql, pair, "same_site")
            last = known[-1]
            kept = last.payload["kept"]
            row = next(x for x in last.payload["pair"] if x != kept)
            name, code = sites.get(kept, ("", ""))
            found.append(
                Decided(row=row, site=kept, same=last.payload["same"], name=last.payload["name"],
                        reason=last.payload["reason"], site_name=name, site_code=code,
                        person_name=names.get(last.person, ""), decided_at=last.recorded_at, undecided=bool(conflict))
            )  # fmt: skip
        return sorted(found, key=lambda d: (d.decided_at, d.row), reverse=True)

    def lists(self) -> list[TakenList]:
        """The lists that were taken in, newest first."""
        rows = self._sql.execute(
            "SELECT id, file, sheet, signature, columns, datum, swapped, taken_at, rows FROM lists ORDER BY fact DESC"
        )
        return [
            TakenList(id=r[0], file=r[1], sheet=r[2], signature=r[3], columns=json.loads(r[4]), datum=r[5],
                      swapped=bool(r[6]), taken_at=r[7], rows=r[8])
            for r in rows
        ]  # fmt: skip

    def list_rows(self, taken: str) -> list[str]:
        """The ids of the rows of a list that was taken in, in its order."""
        row = self._sql.execute(
            "SELECT payload FROM facts WHERE id = (SELECT fact FROM lists WHERE id = ?)", [taken]
        ).fetchone()
        if row is None:
            raise NotFoundError(tr("没有这份清单的记录。"), tr("请在“数据”页查看已导入的清单。"))
        return list(json.loads(row[0])["rows"])

    def places(self, tick: Tick = silent) -> list[Place]:
        """All sites that are not another one, as far as they are compared with rows of a list."""
        rows = self._sql.execute(
            "SELECT id, name, address, community, class, lon, lat, city_number FROM sites WHERE same_as = ''"
        )
        return [Place(*row) for row in ticking(rows, tick, 5000)]

    def standing(self, records: Sequence[str], tick: Tick = silent) -> dict[str, str]:
        """Those of ``records`` that are sites, each with the site that stands for it (itself, mostly)."""
        found: dict[str, str] = {}
        if len(records) > self._sql.execute("SELECT count(*) FROM sites").fetchone()[0] // 2:
            wanted = set(records)  # one walk through the table is cheaper than that many looks
            rows = self._sql.execute("SELECT id, same_as FROM sites")
            return {site: same or site for site, same in ticking(rows, tick, 5000) if site in wanted}
        for marks, part in chunks(records):
            tick()
            found.update(
                self._sql.execute(
                    f"SELECT id, CASE same_as WHEN '' THEN id ELSE same_as END FROM sites WHERE id IN ({marks})", part
                ).fetchall()
            )
        return found

    def unlike(self, rows: Sequence[tuple[str, NewSite]]) -> list[int]:
        """The indexes of those rows that say anything else than the site they are, or whose site is gone.

        Blanks of a row say nothing. Most rows of a list that is taken in again are no others, so no sites are made.
        """
        held: dict[str, tuple[Any, ...]] = {}
        for marks, part in chunks([site for site, _ in rows]):
            found = self._sql.execute(
                "SELECT id, name, address, community, class, note, district, street, grid, city_number, lon, lat, gone"
                f" FROM sites WHERE id IN ({marks})",
                part,
            )
            held.update((r[0], r[1:]) for r in found)
        return [index for index, (site, row) in enumerate(rows) if _differs(held[site], row)]

    def values_given(self, sites: Iterable[str]) -> dict[str, dict[str, set[str]]]:
        """Per site and field every value (as canonical JSON) that it ever had, or that a person declined.

        What a list says again is no change, even if somebody has corrected it meanwhile.
        """
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for marks, part in chunks(sorted(set(sites))):
            rows = self._sql.execute(
                f"SELECT subject, payload FROM facts WHERE subject IN ({marks}) AND kind IN ('site','declined')", part
            )
            for subject, payload in rows:
                for name, value in json.loads(payload).items():
                    found[subject][name].add(f.canonical(value))
        return found

    # -- writing --------------------------------------------------------------------------------------------------

    def take_in_list(
        self, part: ListPart, *, person: str, progress: Callable[[int, int], None] | None = None
    ) -> TakenIn:
        """Store what is taken of a list in one transaction: all of it or nothing.

        ``progress`` is called with (done, all) and may raise to cancel.
        """
        clock = _Clock(progress, len(part.new) + len(part.decisions), len(part.changed))
        with self._large_write(), self._writing(person) as (writer, done):
            writer.tick = clock.tick
            added = self._add_sites(writer, part.new, clock.tick)
            for site, values in ticking(part.changed.items(), clock.tick, 100):
                self._set_fields(writer, site, values)
                writer.flush_if_many()
            for site, values in part.declined.items():
                writer.add("declined", site, _plain(values))
            for decision in ticking(part.decisions, clock.tick):
                self._decide(writer, decision)
                writer.flush_if_many()
            for site, text in part.gone.items():
                self._set_fields(writer, site, {"gone": text})
            if part.taken is not None:
                self._remember(writer, part.taken, part.row_ids)
        return TakenIn(added=tuple(added), changes=done[0])

    def decide_same(self, decision: SameSite, *, person: str) -> Changes:
        """Record that two records are one place, or that they are not; also to take an earlier decision back."""
        with self._writing(person) as (writer, done):
            self._decide(writer, decision)
        return done[0]

    def give_codes(self, *, person: str) -> Changes:
        """Give every site that has only a provisional code its final one; only the main file does."""
        with self._writing(person) as (writer, done):
            if self.is_main_file:
                codes = _Codes(self, self.definition())
                rows = self._sql.execute(
                    "SELECT id, community, class FROM sites WHERE final_code = 0 AND same_as = '' ORDER BY id"
                ).fetchall()
                for site, community, site_class in rows:
                    self._set_fields(writer, site, {"code": codes.next(community, site_class)})
        return done[0]

    def _set_fields(self, writer: Writer, site: str, values: Mapping[str, Any]) -> None:
        held = f.current(facts_about(self._sql, site, "site"))
        payload = _plain(values)
        writer.add("site", site, payload, {n: held[n].facts for n in payload if n in held})

    def _decide(self, writer: Writer, decision: SameSite) -> None:
        one, other = sorted((decision.row, decision.site))
        pair = f.derived_id("pair", one, other)
        held = f.current(facts_about(self._sql, pair, "same_site"))
        payload = {
            "pair": [one, other], "kept": decision.site, "same": decision.same, "name": decision.name,
            "reason": decision.reason,
        }  # fmt: skip
        if not held or any(v.conflict or v.value != payload[n] for n, v in held.items()):
            writer.add("same_site", pair, payload, {n: held[n].facts for n in payload if n in held})

    def _remember(self, writer: Writer, taken: TakenList, rows: Sequence[str]) -> None:
        payload = taken.model_dump(exclude={"id", "taken_at", "rows"}) | {"rows": list(rows)}
        known = facts_about(self._sql, taken.id, "list")
        if not known or f.canonical(known[-1].payload) != f.canonical(payload):
            writer.add("list", taken.id, payload)
