"""Compare a list with the survey: which of its rows are new, the same, changed, or perhaps a site already known."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

from barrierfree import coordinates, matching
from barrierfree.i18n import listed, mark, tr
from barrierfree.inventory import RawList, ReadList
from barrierfree.matching import Candidate, Place
from barrierfree.model.definition import Model
from barrierfree.model.records import NewSite, Position, Site
from barrierfree.model.words import RowKind
from barrierfree.operations.progress import Progress
from barrierfree.store import Store, site_id, site_ids, stored_text

# What a list can change of a site, with the word for it.
FIELDS: Final[dict[str, str]] = {
    "name": mark("名称"), "address": mark("地址"), "community": mark("社区"), "site_class": mark("场所类别"),
    "position": mark("位置"), "district": mark("区"), "street": mark("街道"), "grid": mark("网格"),
    "city_number": mark("市系统编号"), "note": mark("备注"),
}  # fmt: skip
_PORTION: Final = 2000  # rows whose sites are held in memory at once
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


@dataclass(frozen=True)
class Comparison:
    """The rows of a list beside the survey; ``known`` holds the sites that rows change, or may be."""

    rows: Sequence[PlannedRow]
    known: Mapping[str, Site]

    @cached_property
    def by_id(self) -> dict[str, PlannedRow]:
        """The rows by the ids they have or would get."""
        return {row.id: row for row in self.rows}


def compare_rows(store: Store, raw: RawList, read: ReadList, progress: Progress) -> Comparison:
    """Compare the rows that a list gives with the sites of the survey; stores nothing."""
    progress.step(0, 0, tr("正在比对点位"))
    identities = store.identities()
    ids, repeats = _row_ids(read, progress)
    stands = {at: identities.site_of(row_id) for at, row_id in enumerate(ids)}
    tick = partial(progress.step, 0, 0, tr("正在比对点位"))
    standing = store.standing(list(dict.fromkeys(stands.values())), tick)
    itself, decided = tr("清单里的同一行"), tr("以前已确认是同一点位")
    matched = {
        at: (standing[site], itself if site == ids[at] else decided) for at, site in stands.items() if site in standing
    }
    tick()
    loose = [at for at in range(len(ids)) if at not in matched and at not in repeats]
    asked = [_place_of_row(ids[at], read.sites[at]) for at in loose]
    known = store.places(tick) if asked else []
    tick()
    candidates = dict(zip(loose, matching.find_candidates(
        asked, known, apart=identities.apart, progress=lambda d, n: progress.step(d, n, tr("正在比对点位")),
    ), strict=True))  # fmt: skip
    tick()
    joined = _joined_without_asking(candidates, {p.id for p in known}, {site for site, _ in matched.values()})
    matched |= {at: (candidate.other, tr("；").join(candidate.reasons)) for at, candidate in joined.items()}
    rows: list[PlannedRow] = []
    shown = {c.other for found in candidates.values() for c in found}
    tick()
    told = store.sites_by_id(sorted(shown))
    for start in range(0, len(ids), _PORTION):
        progress.step(start, len(ids), tr("正在比对内容"))
        portion = range(start, min(start + _PORTION, len(ids)))
        here = [at for at in portion if at in matched]
        unlike = [here[i] for i in store.unlike([(matched[at][0], read.sites[at]) for at in here])]
        sites = store.sites_by_id([matched[at][0] for at in unlike])
        told.update((site, sites[site]) for site in sites if sites[site].gone)
        news = _news(store, unlike, matched, read, sites)
        told.update((matched[at][0], sites[matched[at][0]]) for at in news)
        for at in portion:
            row, row_id, new = read.site_rows[at], ids[at], read.sites[at]
            if at in matched:
                match, how = matched[at]
                kind = RowKind.CHANGED if at in news else RowKind.SAME
                rows.append(
                    PlannedRow(row, row_id, kind, new, match, how, changes=news.get(at, ()), decided=at not in joined)
                )
            elif at in repeats:
                rows.append(_repeated(row, row_id, new, raw, read, repeats[at]))
            else:
                kind = RowKind.POSSIBLE if candidates[at] else RowKind.NEW
                rows.append(PlannedRow(row, row_id, kind, new, candidates=candidates[at]))
    return Comparison(rows, told)


def _news(
    store: Store, unlike: Sequence[int], matched: Mapping[int, tuple[str, str]], read: ReadList,
    sites: Mapping[str, Site],
) -> dict[int, tuple[FieldChange, ...]]:  # fmt: skip
    """Per row what the list says of its site that nobody has said before."""
    said = {at: changes_of(sites[matched[at][0]], read.sites[at]) for at in unlike}
    given = store.values_given({matched[at][0] for at, changes in said.items() if changes})
    found = {at: news_in(changes, given.get(matched[at][0], {})) for at, changes in said.items() if changes}
    return {at: changes for at, changes in found.items() if changes}


def _repeated(row: int, row_id: str, new: NewSite, raw: RawList, read: ReadList, first: int) -> PlannedRow:
    """A row whose name, address and coordinates stood in the list before: a copy, or a second thing at one place."""
    before = read.site_rows[first]
    cells, those = (raw.rows[bisect_left(raw.row_numbers, number)] for number in (row, before))
    if cells == those:
        return PlannedRow(row, row_id, RowKind.SAME, new, how=tr("与第 {row} 行完全相同").format(row=before))
    names = [header for header, a, b in zip(raw.headers, cells, those, strict=True) if a != b]
    reason = tr("名称、地址和坐标与第 {row} 行相同，不同的列：{columns}").format(row=before, columns=listed(names))
    twin = Candidate(other=site_id(read.sites[first].key), score=100, certain=True, distance_m=0.0, reasons=(reason,))
    return PlannedRow(row, row_id, RowKind.POSSIBLE, new, candidates=(twin,))


def _row_ids(read: ReadList, progress: Progress) -> tuple[list[str], dict[int, int]]:
    """The id of each row, and for rows whose key came before the index of the first with it.

    The second row with a key gets an id of its own that is the same on every device: that of "key, second time".
    """
    first: dict[str, int] = {}
    times: dict[str, int] = {}
    keys: list[str] = []
    repeats: dict[int, int] = {}
    for at, site in enumerate(read.sites):
        times[site.key] = times.get(site.key, 0) + 1
        if first.setdefault(site.key, at) != at:
            repeats[at] = first[site.key]
        keys.append(f"{site.key}|{times[site.key]}" if at in repeats else site.key)
    ids: list[str] = []
    for start in range(0, len(keys), _PORTION):
        progress.step(start, len(keys), tr("正在比对点位"))
        ids += site_ids(keys[start : start + _PORTION])
    return ids, repeats


def _joined_without_asking(
    candidates: Mapping[int, tuple[Candidate, ...]], sites: set[str], claimed: set[str]
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


def changes_of(site: Site | NewSite, row: NewSite) -> tuple[FieldChange, ...]:
    """What the row says otherwise than the site (or the row that becomes one); blanks say nothing."""
    found = []
    for name in FIELDS:
        value = getattr(row, name)
        if not value:
            continue
        if name == "position":
            moved = _moved(_where(site), value)
            if moved is not None:
                found.append(moved)
        elif getattr(site, name) != value:
            found.append(FieldChange.model_construct(field=name, before=getattr(site, name), after=value, value=value))
    return tuple(found)


def news_in(changes: Sequence[FieldChange], given: Mapping[str, set[str]]) -> tuple[FieldChange, ...]:
    """Those changes whose value the site has never had and nobody has declined (``Store.values_given``)."""
    return tuple(c for c in changes if stored_text(c.value) not in given.get(c.field, ()))


def _where(site: Site | NewSite) -> tuple[float, float] | None:
    if isinstance(site, NewSite):
        return None if site.position is None else (site.position.lon, site.position.lat)
    return None if site.lon is None or site.lat is None else (site.lon, site.lat)


def _moved(held: tuple[float, float] | None, place: Position) -> FieldChange | None:
    if held == (place.lon, place.lat):
        return None
    after, before = _degrees(place.lon, place.lat), ""
    if held is not None:
        far = coordinates.distance_m(*held, place.lon, place.lat)
        if far <= _MOVED_M:
            return None
        way = coordinates.direction(*held, place.lon, place.lat)
        before = _degrees(*held)
        after = tr("{place}（向{way}移动 {n} 米）").format(place=after, way=way, n=round(far, 1))
    return FieldChange.model_construct(field="position", before=before, after=after, value=place)


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.6f}, {lat:.6f}"
