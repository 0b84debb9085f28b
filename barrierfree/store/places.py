"""Derives sites: one from all its facts, many new ones at once, and which of them are one and the same."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Final

from barrierfree.model.definition import Definition
from barrierfree.store import facts as f
from barrierfree.store.clusters import Cells
from barrierfree.store.reading import TICK_EVERY, Tick, chunks, facts_about, ids_in, silent, ticking
from barrierfree.store.schema import MANY, guards_down, point
from barrierfree.store.search import load, search_text

_COLUMNS: Final = (
    "geom", "id", "code", "final_code", "name", "address", "community", "class", "lon", "lat", "given_x", "given_y",
    "datum", "source", "note", "search", "conflicts", "district", "street", "grid", "city_number", "gone",
)  # fmt: skip
_NEW: Final = "checkpoints, status, inspected, open_findings, outcome, same_as"
_UPDATE: Final = f"UPDATE sites SET {', '.join(f'{c} = ?' for c in _COLUMNS)} WHERE id = ?"
_MARKS: Final = ",".join("?" * len(_COLUMNS))
_EVERY: Final = 50  # sites derived one by one between two ticks: some 20 ms
Box = tuple[float, float, float, float]


class Moves:
    """Where positions came to and where they went from, as boxes: west, south, east, north in WGS-84 degrees."""

    def __init__(self) -> None:
        self.came: Box | None = None
        self.went: Box | None = None

    def come(self, lon: float | None, lat: float | None) -> None:
        """A position that is new; nothing without one."""
        if lon is not None and lat is not None:
            self.came = _around(self.came, (lon, lat, lon, lat))

    def go(self, lon: float | None, lat: float | None) -> None:
        """A position that is given up."""
        if lon is not None and lat is not None:
            self.went = _around(self.went, (lon, lat, lon, lat))

    def join(self, other: Moves) -> None:
        """Both together."""
        self.came = self.came if other.came is None else _around(self.came, other.came)
        self.went = self.went if other.went is None else _around(self.went, other.went)

    def __bool__(self) -> bool:
        return self.came is not None or self.went is not None

    def tell(self, sql: sqlite3.Connection) -> None:
        """Say where the layers lie now; all positions are only looked at when one went from the edge."""
        held = sql.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents").fetchone()
        if self.went is not None and not _inside(self.went, held):
            box = sql.execute("SELECT min(lon), min(lat), max(lon), max(lat) FROM sites WHERE lon IS NOT NULL")
            held = box.fetchone()
        elif self.came is not None:
            held = _around(None if held[0] is None else held, self.came)
        sql.execute("UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?", held)


def _around(one: Box | None, other: Box) -> Box:
    if one is None:
        return other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _inside(inner: Box, outer: tuple[float | None, ...]) -> bool:
    west, south, east, north = outer
    if west is None or south is None or east is None or north is None:
        return False
    return inner[0] > west and inner[1] > south and inner[2] < east and inner[3] < north


def derive_sites(
    sql: sqlite3.Connection, sites: set[str], at_hand: Mapping[str, Sequence[f.Fact]], grown: set[str],
    definition: Definition | None, cells: Cells, tick: Tick = silent,
) -> tuple[set[str], Moves]:  # fmt: skip
    """Derive the rows of ``sites`` and their checkpoints; ``cells`` notes what comes to the map and goes from it.

    ``at_hand`` are facts about them that were just stored; ``grown`` are sites whose checkpoints have to be looked at
    even if their class and place stay. Returns the sites whose status needs no counting (new ones without history,
    and those with the same checkpoints as before), and which places changed.
    """
    fresh = _fresh(sql, sites, at_hand, tick)
    moves = Moves()
    _add_many(sql, fresh, definition, cells, moves, tick)
    settled = set(fresh)
    for site in ticking(sorted(sites - fresh.keys()), tick, _EVERY):
        if _derive_one(sql, site, site in grown, definition, cells, moves):
            settled.add(site)
    return settled, moves


def _fresh(
    sql: sqlite3.Connection, sites: set[str], at_hand: Mapping[str, Sequence[f.Fact]], tick: Tick
) -> dict[str, Mapping[str, Any]]:
    """The fields of those sites that have no row yet, and one single fact, which is at hand, to be made from."""
    wanted = sorted(s for s in sites if len(at_hand.get(s, ())) == 1)
    seen = ids_in(sql, "sites", wanted)
    for marks, part in chunks(wanted):
        tick()
        of = [f"of:{site}" for site in part]
        rows = sql.execute(f"SELECT DISTINCT subject FROM facts WHERE subject IN ({marks}) AND kind = 'checkpoint'", of)
        seen.update(r[0][3:] for r in rows)
        rows = sql.execute(
            f"SELECT subject FROM facts WHERE subject IN ({marks}) AND kind = 'site' GROUP BY subject"
            " HAVING count(*) > 1",
            part,
        )
        seen.update(r[0] for r in rows)
    return {site: at_hand[site][0].payload for site in wanted if site not in seen}


def _row(site: str, value: Mapping[str, Any], conflicts: list[str], definition: Definition | None) -> tuple[Any, ...]:
    """The values of ``_COLUMNS``."""
    place = value.get("position") or {}
    lon, lat = place.get("lon"), place.get("lat")
    name, address, code = value.get("name", ""), value.get("address", ""), value.get("code", "")
    number = value.get("city_number", "")
    shown = code or f"临{site[-6:]}"
    area = definition.area if definition else None
    return (
        point(lon, lat), site, shown, bool(code), name, address, value.get("community", ""),
        value.get("site_class", ""), lon, lat, place.get("given_x"), place.get("given_y"), place.get("datum", ""),
        value.get("source", ""), value.get("note", ""), search_text(name, address, shown, number),
        json.dumps(conflicts) if conflicts else "[]", value.get("district") or (area.district if area else ""),
        value.get("street") or (area.street if area else ""), value.get("grid", ""), number, value.get("gone", ""),
    )  # fmt: skip


def _add_many(
    sql: sqlite3.Connection, sites: Mapping[str, Mapping[str, Any]], definition: Definition | None, cells: Cells,
    moves: Moves, tick: Tick,
) -> None:  # fmt: skip
    """Add the rows of new sites and their checkpoints."""
    if not sites:
        return
    with guards_down(sql, ("sites", "checkpoints")) if len(sites) >= MANY else nullcontext():
        _insert_many(sql, sites, definition, cells, moves, tick)


def _insert_many(
    sql: sqlite3.Connection, sites: Mapping[str, Mapping[str, Any]], definition: Definition | None, cells: Cells,
    moves: Moves, tick: Tick,
) -> None:  # fmt: skip
    row = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sites'").fetchone()
    first = (row[0] if row else 0) + 1
    elements = {c.code: sorted(set(c.elements)) for c in definition.classes} if definition else {}
    tick()
    load()
    rows = [_row(site, value, [], definition) for site, value in ticking(sites.items(), tick)]
    wanted = [elements.get(r[7], []) for r in rows]
    sql.executemany(
        f"INSERT INTO sites (fid, {', '.join(_COLUMNS)}, {_NEW}) VALUES (?,{_MARKS},?,'not_surveyed',0,0,'','')",
        ((first + at, *r, len(wanted[at])) for at, r in enumerate(ticking(rows, tick))),
    )
    places = [(first + at, r[8], r[8], r[9], r[9]) for at, r in enumerate(rows) if r[8] is not None]
    sql.executemany("INSERT INTO site_tree VALUES (?,?,?,?,?)", ticking(places, tick))
    for _, lon, _, lat, _ in ticking(places, tick):
        cells.add(lon, lat, "not_surveyed")
        moves.come(lon, lat)
    for start in range(0, len(rows), TICK_EVERY):
        tick()
        part = slice(start, start + TICK_EVERY)
        asked = [(r[0], r[1], element) for r, names in zip(rows[part], wanted[part], strict=True) for element in names]
        ids = f.derived_ids([f.SEPARATOR.join(("checkpoint", site, element, "1")) for _, site, element in asked])
        made = ((geom, one, site, element, 1) for one, (geom, site, element) in zip(ids, asked, strict=True))
        sql.executemany(_CHECKPOINT, made)


def _derive_one(
    sql: sqlite3.Connection, site: str, grown: bool, definition: Definition | None, cells: Cells, moves: Moves
) -> bool:
    """Derive the row of a site and its checkpoints; whether its checkpoints are the same as before."""
    held = f.current(facts_about(sql, site, "site"))
    if not held:
        return True
    # None: two values whose common forerunner has not arrived yet
    value = {name: v.value for name, v in held.items() if v.value is not None}
    row = _row(site, value, sorted(n for n, v in held.items() if v.conflict), definition)
    before = sql.execute("SELECT fid, lon, lat, class, status, same_as FROM sites WHERE id = ?", [site]).fetchone()
    if before is None:
        sql.execute(
            f"INSERT INTO sites ({', '.join(_COLUMNS)}, {_NEW}) VALUES ({_MARKS},0,'not_surveyed',0,0,'','')", row
        )
    else:
        sql.execute(_UPDATE, (*row, site))
    lon, lat = row[8], row[9]
    fid = before[0] if before else sql.execute("SELECT fid FROM sites WHERE id = ?", [site]).fetchone()[0]
    moved = before is None or (before[1], before[2]) != (lon, lat)
    if moved:
        sql.execute("DELETE FROM site_tree WHERE fid = ?", [fid])
        if lon is not None:
            sql.execute("INSERT INTO site_tree VALUES (?,?,?,?,?)", [fid, lon, lon, lat, lat])
        moves.come(lon, lat)
        if before is not None:
            moves.go(before[1], before[2])
        if before is None:
            cells.add(lon, lat, "not_surveyed")
        elif not before[5]:
            cells.add(before[1], before[2], before[4], -1)
            cells.add(lon, lat, before[4])
    same_checkpoints = before is not None and not grown and before[3] == row[7]
    if moved or not same_checkpoints:
        _wanted_checkpoints(sql, site, value.get("site_class", ""), row[0], definition)
    return same_checkpoints


def _wanted_checkpoints(
    sql: sqlite3.Connection, site: str, site_class: str, geom: bytes | None, definition: Definition | None
) -> None:
    """A site has the elements its class asks for, those somebody added, and those that were inspected."""
    known = definition.site_class(site_class) if definition else None
    wanted = {(element, 1) for element in (known.elements if known else ())}
    added = sql.execute("SELECT payload FROM facts WHERE kind = 'checkpoint' AND subject = ?", [f"of:{site}"])
    wanted |= {(p["element"], p["number"]) for p in (json.loads(r[0]) for r in added)}
    wanted |= set(sql.execute("SELECT DISTINCT element, number FROM inspections WHERE site = ?", [site]))
    rows = sql.execute("SELECT id, element, number FROM checkpoints WHERE site = ?", [site])
    have = {(element, number): checkpoint for checkpoint, element, number in rows}
    for element, number in sorted(wanted - have.keys()):
        add_checkpoint(sql, site, element, number, geom)
    for key in have.keys() - wanted:
        sql.execute("DELETE FROM checkpoints WHERE id = ?", [have[key]])
    sql.execute("UPDATE checkpoints SET geom = ? WHERE site = ? AND geom IS NOT ?", [geom, site, geom])
    sql.execute("UPDATE findings SET geom = ? WHERE site = ? AND geom IS NOT ?", [geom, site, geom])


def checkpoint_id(site: str, element: str, number: int) -> str:
    """The id of a checkpoint: the same on every device."""
    return f.derived_id("checkpoint", site, element, number)


_CHECKPOINT: Final = (
    "INSERT INTO checkpoints (geom, id, site, element, number, status, inspection, pending)"
    " VALUES (?,?,?,?,?,'not_surveyed','','') ON CONFLICT (id) DO NOTHING"
)


def add_checkpoint(sql: sqlite3.Connection, site: str, element: str, number: int, geom: bytes | None) -> None:
    """Add the row of a checkpoint if it is not there."""
    sql.execute(_CHECKPOINT, [geom, checkpoint_id(site, element, number), site, element, number])


# -- which site is which ------------------------------------------------------------------------------------------


_PAIR: Final = (
    "INSERT INTO pairs VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET kept=excluded.kept, same=excluded.same,"
    " reason=excluded.reason, conflict=excluded.conflict"
)


def derive_pairs(sql: sqlite3.Connection, pairs: Mapping[str, Sequence[f.Fact]], tick: Tick = silent) -> set[str]:
    """Derive what is decided about pairs of records (a site and a row of a list, or two sites).

    Returns the records for which it has to be asked again which site they are. A new decision about a row that is no
    site of its own asks nothing.
    """
    several = ids_in(sql, "pairs", list(pairs)) | {pair for pair, facts in pairs.items() if len(facts) > 1}
    for marks, part in chunks(sorted(set(pairs) - several)):
        rows = sql.execute(
            f"SELECT subject FROM facts WHERE subject IN ({marks}) AND kind = 'same_site' GROUP BY subject"
            " HAVING count(*) > 1",
            part,
        )
        several |= {r[0] for r in rows}
    made: list[tuple[Any, ...]] = []
    asked: set[str] = set()
    for pair, facts in ticking(pairs.items(), tick):
        about = facts_about(sql, pair, "same_site") if pair in several else facts
        made.append(_pair_row(pair, f.current(about)))
        asked |= {made[-1][1], made[-1][2]} if pair in several else set()
    sql.executemany(_PAIR, made)
    joining = [row for row in made if row[4] and row[0] not in several]
    stand = ids_in(sql, "sites", [row[2] if row[3] == row[1] else row[1] for row in joining])
    return asked | {record for row in joining for record in row[1:3] if {row[1], row[2]} - {row[3]} <= stand}


def _pair_row(pair: str, held: Mapping[str, f.Value]) -> tuple[Any, ...]:
    one, other = held["pair"].value
    undecided = bool(held["same"].conflict or held["kept"].conflict)
    same = None if undecided else int(bool(held["same"].value))
    return pair, one, other, held["kept"].value or "", same, held["reason"].value or "", int(undecided)


def paired(sql: sqlite3.Connection, records: Sequence[str], tick: Tick = silent) -> set[str]:
    """Those of ``records`` about which something was decided."""
    found: set[str] = set()
    for marks, part in chunks(records):
        tick()
        for column in ("one", "other"):
            found.update(r[0] for r in sql.execute(f"SELECT {column} FROM pairs WHERE {column} IN ({marks})", part))
    return found


def has_pairs(sql: sqlite3.Connection) -> bool:
    """Whether anything is decided about which site is which."""
    return sql.execute("SELECT 1 FROM pairs LIMIT 1").fetchone() is not None


def derive_merges(sql: sqlite3.Connection, touched: Iterable[str], cells: Cells, tick: Tick = silent) -> set[str]:
    """Say for the sites joined with ``touched`` which one they are; the sites whose answer changed."""
    members = _joined(sql, set(touched))
    kept = _keepers(sql, members)
    changed: set[str] = set()
    for member in ticking(sorted(members), tick):
        root = root_of(member, kept)
        row = sql.execute("SELECT same_as, lon, lat, status FROM sites WHERE id = ?", [member]).fetchone()
        if row is None:
            continue
        stands = root != member and sql.execute("SELECT 1 FROM sites WHERE id = ?", [root]).fetchone() is not None
        same_as = root if stands else ""
        if row[0] != same_as:
            sql.execute("UPDATE sites SET same_as = ? WHERE id = ?", [same_as, member])
            changed.add(member)
            if bool(row[0]) != stands:  # on the map there is only the one that stands for both
                cells.add(row[1], row[2], row[3], -1 if stands else 1)
    return changed


def _joined(sql: sqlite3.Connection, start: set[str]) -> set[str]:
    """``start`` and everything ever paired with it, however far: a pair that was undone has to be looked at too."""
    found, waiting = set(start), list(start)
    while waiting:
        at = waiting.pop()
        rows = sql.execute("SELECT one, other FROM pairs WHERE one = ? OR other = ?", [at, at])
        for neighbour in {x for row in rows for x in row} - found:
            found.add(neighbour)
            waiting.append(neighbour)
    return found


def _keepers(sql: sqlite3.Connection, members: set[str]) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = defaultdict(list)
    for member in members:
        for one, other, keeper in sql.execute(
            "SELECT one, other, kept FROM pairs WHERE same = 1 AND (one = ? OR other = ?)", [member, member]
        ):
            if keeper != member and keeper in (one, other):
                kept[member].append(keeper)
    return kept


def root_of(record: str, kept: Mapping[str, Sequence[str]]) -> str:
    """The record that stands for ``record``: each names those that it is the same as.

    With several the smallest id is followed; those that name each other in a ring are the smallest of the ring.
    """
    path = [record]
    while kept.get(path[-1]):
        step = min(kept[path[-1]])
        if step in path:
            return min(path[path.index(step) :])
        path.append(step)
    return path[-1]


def derive_list(sql: sqlite3.Connection, fact: f.Fact) -> None:
    """Derive the row of a list that was taken in. The newest fact about the same list holds."""
    p = fact.payload
    known = sql.execute("SELECT fact FROM lists WHERE id = ?", [fact.subject]).fetchone()
    if known is not None and known[0] >= fact.id:
        return
    sql.execute(
        "INSERT OR REPLACE INTO lists VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [fact.subject, fact.id, p["file"], p["sheet"], fact.recorded_at, fact.person, p["signature"],
         f.canonical(p["columns"]), p["datum"], int(p["swapped"]), len(p["rows"])],
    )  # fmt: skip


def derive_earlier(sql: sqlite3.Connection, fact: f.Fact) -> None:
    """Derive what a round before found at a checkpoint; that of the latest round holds."""
    p = fact.payload
    known = sql.execute("SELECT round, fact FROM earlier WHERE checkpoint = ?", [fact.subject]).fetchone()
    if known is None or known < (p["round"], fact.id):
        sql.execute(
            "INSERT OR REPLACE INTO earlier VALUES (?,?,?,?,?,?,?,?,?)",
            [fact.subject, fact.id, p["site"], p["inspection"], p["recorded_at"], p["by"], p["round"],
             f.canonical(p["answers"]), f.canonical(p["verdicts"])],
        )  # fmt: skip
