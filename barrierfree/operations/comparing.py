"""Compare a list with the survey: which of its rows are new, the same, changed, or perhaps a site already known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from barrierfree import coordinates, matching
from barrierfree.i18n import mark, tr
from barrierfree.inventory import ReadList
from barrierfree.matching import Candidate, Place
from barrierfree.model.definition import Model
from barrierfree.model.records import NewSite, Position, Site
from barrierfree.model.words import RowKind
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store, site_id, stored_text

# What a list can change of a site, with the word for it.
FIELDS: Final[dict[str, str]] = {
    "name": mark("名称"), "address": mark("地址"), "community": mark("社区"), "site_class": mark("场所类别"),
    "position": mark("位置"), "district": mark("区"), "street": mark("街道"), "grid": mark("网格"),
    "city_number": mark("市系统编号"), "note": mark("备注"),
}  # fmt: skip
_MOVED_M: Final = 0.5  # a position within half a metre is the same: rounding of the list's coordinates


class FieldChange(Model):
    """A field that the list gives another value: both as words, and the value to store."""

    field: str
    before: str
    after: str
    value: Any


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would become of it.

    ``match`` is the site it is (kinds same and changed), ``how`` says in words why; ``candidates`` are the sites, or
    ids of other rows, that it may be (kind possible); ``changes`` is what the list says otherwise.
    """

    row: int
    id: str
    kind: RowKind
    site: NewSite
    match: str = ""
    how: str = ""
    candidates: tuple[Candidate, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    decided: bool = True  # False: joined by the program just now; storing the list records it


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of a list beside the survey; ``known`` holds the sites that rows are, or may be."""

    rows: Sequence[PlannedRow]
    known: Mapping[str, Site]
    by_id: Mapping[str, PlannedRow] = field(default_factory=dict)


def compare_rows(store: Store, read: ReadList, progress: Progress) -> Comparison:
    """Compare the rows that a list gives with the sites of the survey; stores nothing."""
    sites = {s.id: s for s in store.sites(SiteFilter(merged=True))}
    identities = store.identities()
    ids, repeats = _row_ids(read)
    matched: dict[int, tuple[str, str]] = {}
    for at, row_id in enumerate(ids):
        stands = identities.site_of(row_id)
        site = sites.get(stands)
        if site is not None:
            kept = site.same_as or site.id
            matched[at] = (kept, tr("清单里的同一行") if stands == row_id else tr("以前已确认是同一点位"))
    claimed = {site for site, _ in matched.values()}
    loose = [at for at in range(len(ids)) if at not in matched and at not in repeats]
    asked = [_place_of_row(ids[at], read.sites[at]) for at in loose]
    found = matching.find_candidates(
        asked, [_place_of_site(s) for s in sites.values() if not s.same_as], apart=identities.apart,
        progress=lambda d, n: progress.step(d, n, tr("正在比对点位")),
    )  # fmt: skip
    candidates = dict(zip(loose, found, strict=True))
    joined = _joined_without_asking(candidates, sites, claimed)
    matched |= {at: (candidate.other, tr("；").join(candidate.reasons)) for at, candidate in joined.items()}
    said = {at: changes_of(sites[site], read.sites[at]) for at, (site, _) in matched.items()}
    given = store.values_given({matched[at][0] for at, changes in said.items() if changes})
    rows: list[PlannedRow] = []
    for at, row_id in enumerate(ids):
        if at % 1000 == 0:
            progress.step(at, len(ids), tr("正在比对内容"))
        row, new = read.site_rows[at], read.sites[at]
        if at in matched:
            match, how = matched[at]
            changes = news_in(said[at], given.get(match, {}))
            kind = RowKind.CHANGED if changes else RowKind.SAME
            rows.append(PlannedRow(row, row_id, kind, new, match, how, changes=changes, decided=at not in joined))
        elif at in repeats:
            rows.append(_repeated(row, row_id, new, read, repeats[at]))
        else:
            kind = RowKind.POSSIBLE if candidates.get(at) else RowKind.NEW
            rows.append(PlannedRow(row, row_id, kind, new, candidates=candidates.get(at, ())))
    wanted = {r.match for r in rows} | {c.other for r in rows for c in r.candidates}
    return Comparison(rows, {i: s for i, s in sites.items() if i in wanted}, {r.id: r for r in rows})


def _repeated(row: int, row_id: str, new: NewSite, read: ReadList, first: int) -> PlannedRow:
    """A row whose name, address and coordinates stood in the list before: a copy, or a second thing at one place."""
    other = read.sites[first]
    reason = tr("名称、地址和坐标与第 {row} 行相同").format(row=read.site_rows[first])
    if other == new:
        return PlannedRow(row, row_id, RowKind.SAME, new, how=reason)
    twin = Candidate(other=site_id(other.key), score=100, certain=True, distance_m=0.0, reasons=(reason,))
    return PlannedRow(row, row_id, RowKind.POSSIBLE, new, candidates=(twin,))


def _row_ids(read: ReadList) -> tuple[list[str], dict[int, int]]:
    """The id of each row, and for rows whose key came before the index of the first with it.

    The second row with a key gets an id of its own that is the same on every device: that of "key, second time".
    """
    first: dict[str, int] = {}
    times: dict[str, int] = {}
    ids: list[str] = []
    repeats: dict[int, int] = {}
    for at, site in enumerate(read.sites):
        times[site.key] = times.get(site.key, 0) + 1
        if site.key in first:
            repeats[at] = first[site.key]
            ids.append(site_id(f"{site.key}|{times[site.key]}"))
        else:
            first[site.key] = at
            ids.append(site_id(site.key))
    return ids, repeats


def _joined_without_asking(
    candidates: Mapping[int, tuple[Candidate, ...]], sites: Mapping[str, Site], claimed: set[str]
) -> dict[int, Candidate]:
    """Rows that are beyond doubt a site that no other row is."""
    sure: dict[int, Candidate] = {}
    for at, found in candidates.items():
        one = matching.certain_match(found)
        if one is not None and one.other in sites and one.other not in claimed:
            sure[at] = one
    times: dict[str, int] = {}
    for one in sure.values():
        times[one.other] = times.get(one.other, 0) + 1
    return {at: one for at, one in sure.items() if times[one.other] == 1}


def _place_of_row(row_id: str, row: NewSite) -> Place:
    place = row.position
    return Place(
        row_id, row.name, row.address, row.community, row.site_class, place.lon if place else None,
        place.lat if place else None, row.city_number,
    )  # fmt: skip


def _place_of_site(site: Site) -> Place:
    return Place(
        site.id, site.name, site.address, site.community, site.site_class, site.lon, site.lat, site.city_number
    )


def changes_of(site: Site, row: NewSite) -> tuple[FieldChange, ...]:
    """What the row says otherwise than the site; blanks say nothing."""
    found = []
    for name in FIELDS:
        value = getattr(row, name)
        if not value:
            continue
        if name == "position":
            moved = _moved(site, value)
            if moved is not None:
                found.append(moved)
        elif getattr(site, name) != value:
            found.append(FieldChange.model_construct(field=name, before=getattr(site, name), after=value, value=value))
    return tuple(found)


def news_in(changes: Sequence[FieldChange], given: Mapping[str, set[str]]) -> tuple[FieldChange, ...]:
    """Those changes whose value the site has never had and nobody has declined (``Store.values_given``)."""
    return tuple(c for c in changes if stored_text(c.value) not in given.get(c.field, ()))


def _moved(site: Site, place: Position) -> FieldChange | None:
    if site.lon == place.lon and site.lat == place.lat:
        return None
    after, before = _degrees(place.lon, place.lat), ""
    if site.lon is not None and site.lat is not None:
        far = coordinates.distance_m(site.lon, site.lat, place.lon, place.lat)
        if far <= _MOVED_M:
            return None
        way = coordinates.direction(site.lon, site.lat, place.lon, place.lat)
        before = _degrees(site.lon, site.lat)
        after = tr("{place}（向{way}移动 {n} 米）").format(place=after, way=way, n=round(far, 1))
    return FieldChange.model_construct(field="position", before=before, after=after, value=place)


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.6f}, {lat:.6f}"
