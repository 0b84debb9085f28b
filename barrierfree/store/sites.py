"""Sites, their checkpoints, drafts and photos: what is asked and what is written about them."""

from __future__ import annotations

import heapq
import json
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition, Model
from barrierfree.model.records import (
    Changes,
    Checkpoint,
    Draft,
    NewSite,
    Person,
    Photo,
    Position,
    Site,
)
from barrierfree.model.words import Status
from barrierfree.store import facts as f
from barrierfree.store import looks
from barrierfree.store.reading import Tick, chunks, facts_about, ids_in, silent, ticking
from barrierfree.store.search import like
from barrierfree.store.writing import Writer, WritingConnection

_COLUMNS = (
    "id, code, final_code, name, address, community, class, lon, lat, given_x, given_y, datum, status, checkpoints,"
    " inspected, open_findings, source, note, conflicts, district, street, grid, city_number, gone, same_as"
)


_UNFINISHED = tuple(s.value for s in Status if s.unfinished)
# Sites whose visits by a person came back and were not visited again.
_RETURNED = (
    "SELECT DISTINCT v.site FROM visits v WHERE v.person = ? AND v.state IN ('returned', 'partly_returned')"
    " AND NOT EXISTS (SELECT 1 FROM visits n WHERE n.site = v.site AND n.id > v.id)"
)

# Sites with a visit by a person whose photos are still on the phone.
_AWAITING = "SELECT DISTINCT site FROM visits WHERE person = ? AND photos_follow = 1 AND state <> 'returned'"

# Of west, east, south, north.
_IN_THE_BOX = "max_lon >= ? AND min_lon <= ? AND max_lat >= ? AND min_lat <= ?"
_MANY_WITHIN = 3000

# Sites that count: neither the same as another one nor gone from their list.
IN_FORCE = "same_as = '' AND gone = ''"


class SiteFilter(Model):
    """Which sites are asked for; empty fields do not restrict.

    Sites that turned out to be another one are left out unless ``merged``.
    """

    text: str = ""
    community: str = ""
    site_class: str = ""
    statuses: tuple[Status, ...] = ()
    without_position: bool = False
    has_conflict: bool = False
    merged: bool = False
    gone: bool = False
    in_force: bool = False  # not those that are gone from their list
    unfinished: bool = False  # where somebody still has to survey
    unvisited: bool = False  # nobody was there in this round, with whatever outcome
    returned_to: str = ""  # a person whose visit came back and who was not there again
    photos_by: str = ""  # a person who has yet to bring in photos of a visit
    again_by: str = ""  # a person who is asked to look again where somebody else was
    drafted: bool = False  # something is half filled on this device
    ids: tuple[str, ...] | None = None  # only these (what was picked on the map)
    near: tuple[float, float] | None = None  # nearest first, from this longitude and latitude (WGS-84)
    within: tuple[float, float, float, float] | None = None  # west, south, east, north in WGS-84 degrees
    # where one unclosed finding fits all of these; ISO dates, the second included
    problem: str = ""
    overdue_on: str = ""
    reported_since: str = ""


# Findings that are not closed in whatever way.
UNCLOSED = "state IN ('reported', 'open', 'in_progress', 'claimed')"


def finding_parts(wanted: SiteFilter) -> tuple[list[str], list[object]]:
    """What a filter of sites asks of one of their findings: conditions on the table of findings, and their values."""
    parts: list[str] = []
    values: list[object] = []
    for condition, value in (
        ("problem = ?", wanted.problem),
        ("deadline <> '' AND deadline < ?", wanted.overdue_on),
        ("substr(reported_at, 1, 10) >= ?", wanted.reported_since),
    ):
        if value:
            parts.append(condition)
            values.append(value)
    return parts, values


class FoundSites(Model):
    """A part of the sites that fit, in walking order, and how many fit in all.

    Walking order is nearest first where the filter says from where (sites without a position come last), else that of
    the list: community, then code.
    """

    sites: tuple[Site, ...]
    total: int


class SiteFigures(Model):
    """The figures beside a list of sites; all but ``gone`` count sites in force. ``round`` counts from 1."""

    total: int
    left: int
    gone: int
    unvisited: int
    bare: int
    returned: int
    round: int
    awaiting: int = 0  # where the person has yet to bring in photos
    again: int = 0  # where the person is asked to look again


class AddedSites(Model):
    """What came of storing sites: ids in the order given, and which of them were new."""

    ids: tuple[str, ...]
    added: tuple[str, ...]
    changes: Changes


class MapSite(Model):
    """A site as the map draws it."""

    id: str
    name: str
    lon: float
    lat: float
    status: Status


_ALL_FIELDS = set(Site.model_fields)  # one set for all sites: each with its own took twice the memory


def _site(row: tuple[Any, ...]) -> Site:
    return Site.model_construct(
        _fields_set=_ALL_FIELDS, id=row[0], code=row[1], final_code=bool(row[2]), name=row[3], address=row[4],
        community=row[5], site_class=row[6], lon=row[7], lat=row[8], given_x=row[9], given_y=row[10], datum=row[11],
        status=Status(row[12]), checkpoints=row[13], inspected=row[14], open_findings=row[15], source=row[16],
        note=row[17], conflicts=tuple(json.loads(row[18])), district=row[19], street=row[20], grid=row[21],
        city_number=row[22], gone=row[23], same_as=row[24],
    )  # fmt: skip


class SiteVerbs(WritingConnection):
    """The verbs about sites."""

    # -- asking ---------------------------------------------------------------------------------------------------

    def sites(self, wanted: SiteFilter | None = None) -> list[Site]:
        """The sites that fit, in walking order of their list: community, then code."""
        where, values = self._where(wanted or SiteFilter())
        rows = self._sql.execute(f"SELECT {_COLUMNS} FROM sites{where} ORDER BY community, code", values)
        return [_site(r) for r in rows]

    def sites_by_id(self, ids: Sequence[str]) -> dict[str, Site]:
        """The sites with these ids, merged ones too."""
        found: dict[str, Site] = {}
        for marks, part in chunks(ids):
            rows = self._sql.execute(f"SELECT {_COLUMNS} FROM sites WHERE id IN ({marks})", part)
            found.update((row[0], _site(row)) for row in rows)
        return found

    def find_sites(self, wanted: SiteFilter, limit: int, offset: int = 0) -> FoundSites:
        """As ``sites``, but only ``limit`` of them from ``offset`` on: a search as one types, over any number of sites.

        The index ``sites_walk`` is scanned once, in order: as far as there are enough, then on only to count.
        """
        where, values = self._where(wanted)
        if wanted.near is not None:
            return self._nearest(wanted.near, where, values, limit, offset)
        table = "sites INDEXED BY sites_walk" if _in_the_index(wanted) else "sites"
        heads = self._sql.execute(
            f"SELECT fid, community, code FROM {table}{where} ORDER BY community, code LIMIT ? OFFSET ?",
            [*values, limit, offset],
        ).fetchall()
        total = offset + len(heads)
        if len(heads) == limit and offset == 0:  # count on from the last one, together with those that stand beside it
            last, rest = heads[-1][1:], f"{where} {'AND' if where else 'WHERE'} (community, code) >= (?, ?)"
            before = sum(head[1:] != last for head in heads)
            total = before + self._count(f"{table}{rest}", [*values, *last])
        elif offset:
            total = self._count(f"{table}{where}", values)
        return FoundSites.model_construct(sites=self._by_fid([h[0] for h in heads]), total=total)

    def _nearest(
        self, near: tuple[float, float], where: str, values: list[object], limit: int, offset: int
    ) -> FoundSites:
        """The same, nearest first on a plane with the scale of that latitude: right to 0.1 % within a city."""
        lon, lat = near
        across = max(math.cos(math.radians(lat)), 0.01) ** 2
        rows = self._sql.execute(
            f"SELECT fid, (lon - ?) * (lon - ?) * ? + (lat - ?) * (lat - ?) AS far FROM sites{where}"
            " ORDER BY far IS NULL, far, code LIMIT ? OFFSET ?",
            [lon, lon, across, lat, lat, *values, limit, offset],
        ).fetchall()
        total = self._count(f"sites{where}", values) if offset or len(rows) == limit else len(rows)
        return FoundSites.model_construct(sites=self._by_fid([r[0] for r in rows]), total=total)

    def _by_fid(self, fids: Sequence[int]) -> tuple[Site, ...]:
        found: dict[int, Site] = {}
        for marks, part in chunks(fids):
            rows = self._sql.execute(f"SELECT {_COLUMNS}, fid FROM sites WHERE fid IN ({marks})", part)
            found.update((r[-1], _site(r)) for r in rows)
        return tuple(found[fid] for fid in fids)

    def site_figures(self, person: str = "") -> SiteFigures:
        """How many sites there are, and how many of each kind a person may want to see alone."""
        row = self._sql.execute(
            "SELECT sum(gone = ''), sum(gone = '' AND status IN (?,?,?)), sum(gone <> ''),"
            " sum(gone = '' AND outcome = '') FROM sites WHERE same_as = ''", _UNFINISHED,
        ).fetchone()  # fmt: skip
        bare = self._count("sites WHERE lon IS NULL AND same_as = '' AND gone = ''", [])
        returned = self._count(f"({_RETURNED})", [person]) if person else 0
        awaiting = self._count(f"({_AWAITING})", [person]) if person else 0
        again = self._count(f"({looks.SITES})", [person]) if person else 0
        total, left, gone, unvisited = (int(n or 0) for n in row)
        return SiteFigures(
            total=total, left=left, gone=gone, unvisited=unvisited, bare=bare, returned=returned,
            round=int(str(self.info("round", 1))), awaiting=awaiting, again=again,
        )  # fmt: skip

    def _count(self, what: str, values: Sequence[object]) -> int:
        return int(self._sql.execute(f"SELECT count(*) FROM {what}", values).fetchone()[0])

    def _where(self, wanted: SiteFilter) -> tuple[str, list[object]]:
        """The condition and its values."""
        parts: list[str] = []
        values: list[object] = []
        for word in wanted.text.split():
            parts.append("search LIKE ? ESCAPE '\\'")
            values.append(like(word))
        for column, value in (("community", wanted.community), ("class", wanted.site_class)):
            if value:
                parts.append(f"{column} = ?")
                values.append(value)
        if wanted.statuses:
            parts.append(f"status IN ({','.join('?' * len(wanted.statuses))})")
            values += wanted.statuses
        if wanted.without_position:
            parts.append("lon IS NULL")
        if wanted.has_conflict:
            parts.append("conflicts <> '[]'")
        if wanted.gone:
            parts.append("gone <> ''")
        if wanted.in_force:
            parts.append("gone = ''")
        if wanted.unfinished:
            parts.append("status IN (?,?,?)")
            values += _UNFINISHED
        if wanted.unvisited:
            parts.append("outcome = ''")
        if wanted.returned_to:
            parts.append(f"id IN ({_RETURNED})")
            values.append(wanted.returned_to)
        if wanted.photos_by:
            parts.append(f"id IN ({_AWAITING})")
            values.append(wanted.photos_by)
        if wanted.again_by:
            parts.append(f"id IN ({looks.SITES})")
            values.append(wanted.again_by)
        if wanted.drafted:
            parts.append("id IN (SELECT site FROM drafts WHERE device = ?)")
            values.append(self.device)
        if wanted.within is not None:
            west, south, east, north = wanted.within
            parts.append("lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?")
            values += [west, east, south, north]
            if self._few_within(wanted.within):
                parts.append(f"fid IN (SELECT fid FROM site_tree WHERE {_IN_THE_BOX})")
                values += [west, east, south, north]
        if wanted.ids is not None:
            parts.append("id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(wanted.ids))
        fitting, more = finding_parts(wanted)
        if fitting:
            parts.append(f"id IN (SELECT site FROM findings WHERE {' AND '.join([UNCLOSED, *fitting])})")
            values += more
        if not wanted.merged:
            parts.append("same_as = ''")
        return (" WHERE " + " AND ".join(parts) if parts else ""), values

    def _few_within(self, box: tuple[float, float, float, float]) -> bool:
        """Whether the tree finds the sites of a box faster than looking at all: 60,000 rows are looked at in 14 ms."""
        west, south, east, north = box
        found = f"SELECT 1 FROM site_tree WHERE {_IN_THE_BOX} LIMIT {_MANY_WITHIN}"
        return self._count(f"({found})", [west, east, south, north]) < _MANY_WITHIN

    def site(self, site: str) -> Site:
        """The site with this id or code."""
        row = self._sql.execute(f"SELECT {_COLUMNS} FROM sites WHERE id = ?", [site]).fetchone()
        if row is None:
            rows = self._sql.execute(f"SELECT {_COLUMNS} FROM sites WHERE code = ?", [site.strip()]).fetchall()
            if len(rows) > 1:
                raise NotFoundError(tr("编码“{code}”对应多个点位。").format(code=site), tr("请改用点位的 id。"))
            row = rows[0] if rows else None
        if row is None:
            raise NotFoundError(
                tr("没有编码为“{code}”的点位。").format(code=site),
                tr("请用“list FILE sites”或“调查”页查看编码。"),
            )
        return _site(row)

    def sites_with_code_ending(self, text: str, limit: int) -> list[Site]:
        """The sites whose code ends with ``text``, whatever its case; merged ones are left out."""
        rows = self._sql.execute(
            f"SELECT {_COLUMNS} FROM sites WHERE same_as = '' AND code LIKE ? ESCAPE '\\' ORDER BY code LIMIT ?",
            [like(text).removesuffix("%"), limit],
        )
        return [_site(r) for r in rows]

    def sites_in_view(self, west: float, south: float, east: float, north: float) -> list[MapSite]:
        """The sites with a position inside a box of WGS-84 degrees."""
        rows = self._sql.execute(
            "SELECT s.id, s.name, s.lon, s.lat, s.status FROM site_tree t JOIN sites s ON s.fid = t.fid"
            " WHERE t.max_lon >= ? AND t.min_lon <= ? AND t.max_lat >= ? AND t.min_lat <= ? AND s.same_as = ''",
            [west, east, south, north],
        )
        return [MapSite.model_construct(id=r[0], name=r[1], lon=r[2], lat=r[3], status=Status(r[4])) for r in rows]

    def known_keys(self, keys: Iterable[str]) -> set[str]:
        """Which of these keys (``NewSite.key``) the survey has a site for."""
        ids = {f.derived_id("site", key): key for key in keys}
        return {ids[found] for found in ids_in(self._sql, "sites", list(ids))}

    def sites_near(self, lon: float, lat: float, limit: int) -> list[Site]:
        """The sites nearest to a position, nearest first: boxes of WGS-84 degrees grow until there are enough."""
        inside = "t.max_lon >= ? AND t.min_lon <= ? AND t.max_lat >= ? AND t.min_lat <= ?"
        across, half = max(math.cos(math.radians(lat)), 0.01), 0.001
        while True:
            box = [lon - half / across, lon + half / across, lat - half, lat + half]
            if half > 90 or self._count(f"site_tree t WHERE {inside}", box) >= 2 * limit:  # the corners do not count
                break
            half *= 2
        columns = ", ".join(f"s.{name.strip()}" for name in _COLUMNS.split(","))
        rows = self._sql.execute(
            f"SELECT {columns} FROM site_tree t JOIN sites s ON s.fid = t.fid WHERE {inside} AND s.same_as = ''", box
        )
        found = [(math.hypot((r[7] - lon) * across, r[8] - lat), r) for r in rows]
        return [_site(r) for _, r in heapq.nsmallest(limit, found, key=lambda f: (f[0], f[1][0]))]

    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all positions; None without any."""
        row = self._sql.execute("SELECT min(lon), min(lat), max(lon), max(lat) FROM sites").fetchone()
        return None if row[0] is None else tuple(row)

    def checkpoints(self, site: str | None = None) -> list[Checkpoint]:
        """The checkpoints of a site in the order its class names them (or all of the survey)."""
        where = "" if site is None else " WHERE site = ?"
        rows = self._sql.execute(
            f"SELECT id, site, element, number, status, inspection, pending FROM checkpoints{where} ORDER BY fid",
            [] if site is None else [site],
        )
        found = [
            Checkpoint.model_construct(
                id=r[0],
                site=r[1],
                element=r[2],
                number=r[3],
                status=Status(r[4]),
                inspection=r[5],
                pending=r[6],
            )
            for r in rows
        ]
        definition = self.definition_or_none()
        if site is not None and definition is not None:
            known = definition.site_class(self.site(site).site_class)
            order = {e: i for i, e in enumerate(known.elements if known else ())}
            found.sort(key=lambda c: (order.get(c.element, 99), c.element, c.number))
        return found

    def people(self) -> list[Person]:
        """The people whose names are known."""
        rows = self._sql.execute("SELECT id, name FROM people WHERE removed = 0 ORDER BY name")
        return [Person(id=r[0], name=r[1]) for r in rows]

    def person(self, text: str) -> Person:
        """The person with this id or this name; refuses an ambiguous name and one nobody has."""
        known = self.people()
        found = [p for p in known if p.id == text] or [p for p in known if p.name == text.strip()]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFoundError(
                tr("有多个人叫“{name}”。").format(name=text),
                tr("请改用人员编号：{ids}。").format(ids="、".join(p.id for p in found)),
            )
        raise NotFoundError(tr("没有叫“{name}”的人。").format(name=text), tr("请在“设置”里登记姓名。"))

    def drafts(self, site: str | None = None) -> list[Draft]:
        """The drafts of this device, newest first."""
        where = "" if site is None else " AND site = ?"
        rows = self._sql.execute(
            "SELECT site, element, number, person, answers, photos, note, saved_at FROM drafts WHERE device = ?"
            f"{where} ORDER BY saved_at DESC",
            [self.device] if site is None else [self.device, site],
        )
        return [
            Draft(site=r[0], element=r[1], number=r[2], person=r[3], answers=json.loads(r[4]),
                  photos=tuple(json.loads(r[5])), note=r[6], saved_at=r[7])
            for r in rows
        ]  # fmt: skip

    def photo(self, sha256: str) -> Photo | None:
        """A photo by its hash."""
        found = self.photos([sha256])
        return found[0] if found else None

    def photos(self, wanted: Iterable[str] | None = None) -> list[Photo]:
        """Photos by their hashes, in that order (or all)."""
        sql = "SELECT sha256, suffix, width, height, taken_at, lon, lat, name, withdrawn, source, original FROM photos"
        if wanted is None:
            rows = self._sql.execute(f"{sql} ORDER BY taken_at, sha256").fetchall()
        else:
            rows = [r for w in wanted for r in self._sql.execute(f"{sql} WHERE sha256 = ?", [w]).fetchall()]
        return [
            Photo(sha256=r[0], suffix=r[1], width=r[2], height=r[3], taken_at=r[4], lon=r[5], lat=r[6], name=r[7],
                  withdrawn=bool(r[8]), source=r[9], original=r[10])
            for r in rows
        ]  # fmt: skip

    # -- writing --------------------------------------------------------------------------------------------------

    def add_sites(
        self, new: Sequence[NewSite], *, person: str, progress: Callable[[int, int], None] | None = None
    ) -> AddedSites:
        """Store sites in one transaction. The same key gives the same site on every device and every time.

        ``progress`` is called with (0, 0) now and then and may raise to cancel; then nothing is stored.
        """
        ids = [f.derived_id("site", site.key) for site in new]
        with self._writing(person) as (writer, done):
            writer.tick = lambda: progress(0, 0) if progress else None
            added = self._add_sites(writer, list(zip(ids, new, strict=True)), writer.tick)
        return AddedSites(ids=tuple(ids), added=tuple(added), changes=done[0])

    def _add_sites(self, writer: Writer, new: Sequence[tuple[str, NewSite]], tick: Tick) -> list[str]:
        """Add the facts of those sites that are not there yet; their ids."""
        numbers = _Codes(self, self.definition(), tick) if self.is_main_file else None
        added: dict[str, None] = {}
        known = ids_in(self._sql, "sites", [site_id for site_id, _ in new])
        for site_id, site in ticking(new, tick):
            if site_id in added or site_id in known:
                continue
            added[site_id] = None
            payload = _payload(site)
            if numbers:
                payload["code"] = numbers.next(site.community, site.site_class)
            writer.add("site", site_id, payload)
            writer.flush_if_many()
        return list(added)

    def change_site(self, site: str, values: dict[str, Any], *, person: str) -> Changes:
        """Change fields of a site (name, address, community, site_class, position, note)."""
        with self._writing(person) as (writer, done):
            held = f.current(facts_about(self._sql, site, "site"))
            payload = {n: v.values() if isinstance(v, Position) else v for n, v in values.items()}
            writer.add("site", site, payload, {n: held[n].facts for n in payload if n in held})
        return done[0]

    def add_checkpoint(self, site: str, element: str, *, person: str) -> tuple[int, Changes]:
        """Add one more element to a site (a second ramp); (its number, changes)."""
        with self._writing(person) as (writer, done):
            row = self._sql.execute(
                "SELECT coalesce(max(number), 0) FROM checkpoints WHERE site = ? AND element = ?",
                [site, element],
            ).fetchone()
            number = int(row[0]) + 1
            payload = {"site": site, "element": element, "number": number}
            writer.add("checkpoint", f"of:{site}", payload)
        return number, done[0]

    def save_draft(self, draft: Draft) -> Changes:
        """Keep a half-filled inspection on this device; one durable transaction."""
        with self._transaction():
            self._sql.execute(
                "INSERT INTO drafts VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (device, site, element, number) DO UPDATE"
                " SET person=excluded.person, answers=excluded.answers, photos=excluded.photos, note=excluded.note,"
                " saved_at=excluded.saved_at",
                [self.device, draft.site, draft.element, draft.number, draft.person, f.canonical(draft.answers),
                 f.canonical(list(draft.photos)), draft.note, self.clock().isoformat(timespec="seconds")],
            )  # fmt: skip
        return Changes(drafts=True, sites=(draft.site,))

    def drop_draft(self, site: str, element: str, number: int) -> Changes:
        """Throw a draft of this device away."""
        with self._transaction():
            _drop_drafts(self, site, [(element, number)])
        return Changes(drafts=True, sites=(site,))

    def add_photos(self, photos: Sequence[Photo], *, person: str) -> Changes:
        """Record photos whose files are already kept."""
        with self._writing(person) as (writer, done):
            add_photo_facts(self, writer, photos)
        return done[0]


def add_photo_facts(store: WritingConnection, writer: Writer, photos: Iterable[Photo]) -> None:
    """Add the facts of photos that the survey does not know yet."""
    for photo in photos:
        known = store._sql.execute("SELECT original FROM photos WHERE sha256 = ?", [photo.sha256]).fetchone()
        if not known or (photo.original and not known[0]):  # the second says where the original lies
            writer.add("photo", photo.sha256, photo.model_dump(exclude={"sha256", "withdrawn"}))


def _drop_drafts(store: WritingConnection, site: str, keys: Iterable[tuple[str, int]]) -> None:
    store._sql.executemany(
        "DELETE FROM drafts WHERE device = ? AND site = ? AND element = ? AND number = ?",
        [(store.device, site, element, number) for element, number in keys],
    )


def _payload(site: NewSite) -> dict[str, Any]:
    """What the fact of a new site says: every field, but the levels and numbers only where the list has them."""
    place = site.position
    payload: dict[str, Any] = {
        "name": site.name, "address": site.address, "community": site.community, "site_class": site.site_class,
        "position": None if place is None else place.values(), "source": site.source, "note": site.note,
    }  # fmt: skip
    for name in ("district", "street", "grid", "city_number"):
        value = getattr(site, name)
        if value:
            payload[name] = value
    return payload


def _in_the_index(wanted: SiteFilter) -> bool:
    """Whether the index ``sites_walk`` alone answers, so that no row has to be looked at."""
    other = (
        wanted.site_class, wanted.without_position, wanted.has_conflict, wanted.merged, wanted.returned_to,
        wanted.drafted, wanted.photos_by, wanted.again_by, wanted.within, wanted.ids is not None, wanted.problem,
        wanted.overdue_on, wanted.reported_since,
    )  # fmt: skip
    return not any(other)


class _Codes:
    """Gives final point codes: area + community (3 digits) + class (2 letters) + serial (4 digits), never reused.

    The form is this project's own proposal; the city's own number is kept apart.
    """

    def __init__(self, store: WritingConnection, definition: Definition, tick: Tick = silent) -> None:
        self._sql = store._sql
        self._definition = definition
        self._tick = tick
        self._communities = {c.name: c.code[-3:] for c in definition.area.communities}
        self._last: dict[str, int] = {}

    def next(self, community: str, site_class: str) -> str:
        """The next code for a site of this community and class."""
        known = self._definition.site_class(site_class)
        prefix = f"{self._definition.area.code}{self._communities.get(community, '000')}"
        prefix += known.letters if known else "QT"
        if prefix not in self._last:
            if len(self._last) % 10 == 0:
                self._tick()
            # provisional codes have another beginning, so the index on codes alone answers
            rows = self._sql.execute("SELECT code FROM sites WHERE code >= ? AND code < ?", [prefix, prefix + "~"])
            serials = [r[0][len(prefix) :] for r in rows]
            self._last[prefix] = max((int(serial) for serial in serials if serial.isdigit()), default=0)
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]:04d}"
