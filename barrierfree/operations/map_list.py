"""The list beside the map: what is in view or nearest, and where each of it is, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from barrierfree.i18n import bracketed, phrased, tr
from barrierfree.model import words
from barrierfree.model.definition import Model
from barrierfree.model.records import Finding, Site
from barrierfree.model.words import Status
from barrierfree.operations.site_work import Here
from barrierfree.operations.whereabouts import Place, neighbours, told_from
from barrierfree.store import Landmark, SiteFilter, Store

PART: Final = 200  # rows that are listed at first, and added each time more are wanted


class Origin(StrEnum):
    """From where the rows are told."""

    HERE = "here"  # where the person stands
    NEIGHBOUR = "neighbour"  # each from the nearest other site
    MIDDLE = "middle"  # the middle of the view
    CHOSEN = "chosen"  # the site that is chosen


class Picked(Model):
    """Records that another page wants to see on the map. ``findings``: list these problems, whatever their state."""

    title: str
    sites: tuple[str, ...]
    findings: tuple[str, ...] = ()


class Wanted(Model):
    """What the list is to hold. ``filter`` says nothing of ``near`` and ``within``.

    ``view``: west, south, east, north in WGS-84 degrees, None for everywhere.
    ``counts``: whether somebody sees how many sites of each state there are.
    ``stands`` is where origins ``here`` and ``chosen`` are; ``findings``: problems instead of sites.
    """

    filter: SiteFilter = SiteFilter()
    findings: bool = False
    finding_ids: tuple[str, ...] = ()
    view: tuple[float, float, float, float] | None = None
    middle: tuple[float, float] | None = None
    origin: Origin = Origin.NEIGHBOUR
    stands: Here | None = None
    limit: int = PART
    counts: bool = True


class Row(Model):
    """A site, or a problem at it. ``where`` is '' for what has no position; ``late``: days overdue, 0 if it is not.

    ``symbol`` and ``state`` are the status; ``sentence`` says all of it.
    """

    key: str
    site: Site
    finding: Finding | None
    title: str
    where: str
    symbol: str
    state: str
    late: int
    sentence: str


class Listing(Model):
    """The rows nearest to the origin, how many fit in all, and the states of the sites that fit but for their state.

    ``counts`` is empty where nobody asked for it. ``placed`` sites of the whole survey have a position, ``bare`` have
    none; both are 0 unless the view is listed.
    """

    rows: tuple[Row, ...]
    total: int
    counts: dict[Status, int]
    placed: int = 0
    bare: int = 0


ElementName = Callable[[str, int], str]


def listing(store: Store, wanted: Wanted, element_name: ElementName) -> Listing:
    """What the list holds; ``element_name`` says what an element with its number is called."""
    found = _listed(store, wanted, element_name)
    if wanted.view is None:
        return found
    bare = store.find_sites(SiteFilter(without_position=True, in_force=True), 1).total
    return found.model_copy(update={"placed": store.sites_with_position(), "bare": bare})


def _listed(store: Store, wanted: Wanted, element_name: ElementName) -> Listing:
    centre = _centre(store, wanted)
    asked = wanted.filter.model_copy(
        update={"near": centre, "within": None if wanted.filter.without_position else wanted.view}
    )
    today = store.clock().date()
    counts = store.status_counts(asked) if wanted.counts else {}
    if not wanted.findings:
        found = store.find_sites(asked, wanted.limit)
        deadlines = store.first_deadlines([s.id for s in found.sites])
        where = _whereabouts(store, wanted, centre, found.sites)
        rows = tuple(_site_row(s, where.get(s.id, ""), _late(deadlines.get(s.id, ""), today)) for s in found.sites)
        return Listing.model_construct(rows=rows, total=found.total, counts=counts)
    near = store.findings_near(asked, wanted.limit, wanted.finding_ids)
    sites = store.sites_by_id(list(dict.fromkeys(f.site for f in near.findings)))
    where = _whereabouts(store, wanted, centre, list(sites.values()))
    rows = tuple(
        _finding_row(f, sites[f.site], where.get(f.site, ""), today, element_name(f.element, f.number))
        for f in near.findings
    )
    return Listing.model_construct(rows=rows, total=near.total, counts=counts)


def _centre(store: Store, wanted: Wanted) -> Place:
    """From where the nearest are the first."""
    if wanted.origin in (Origin.HERE, Origin.CHOSEN) and wanted.stands is not None:
        return wanted.stands.lon, wanted.stands.lat
    if wanted.middle is not None:
        return wanted.middle
    west, south, east, north = wanted.view or store.extent() or (0.0, 0.0, 0.0, 0.0)
    return (west + east) / 2, (south + north) / 2


def _whereabouts(store: Store, wanted: Wanted, centre: Place, sites: Sequence[Site]) -> dict[str, str]:
    """Per site where it is, in words."""
    places = [(s.id, (s.lon, s.lat)) for s in sites if s.lon is not None and s.lat is not None]
    if wanted.origin is Origin.NEIGHBOUR:
        known: Mapping[str, Landmark] = neighbours(store, places)
        return {
            site: told_from((known[site].lon, known[site].lat), place, tr("“{name}”").format(name=known[site].name))
            for site, place in places
            if site in known
        }
    name = tr("地图中心")
    if wanted.stands is not None and wanted.origin is Origin.HERE:
        name = tr("我这里")
    elif wanted.stands is not None and wanted.origin is Origin.CHOSEN:
        name = tr("“{name}”").format(name=wanted.stands.name)
    return {site: told_from(centre, place, name) for site, place in places}


def _late(deadline: str, today: date) -> int:
    return max((today - date.fromisoformat(deadline)).days, 0) if deadline else 0


def told_late(days: int) -> str:
    """How long something is overdue, '' if it is not."""
    return tr("超期 {n} 天").format(n=days) if days else ""


def _site_row(site: Site, where: str, late: int) -> Row:
    state = tr(words.label(site.status))
    return Row.model_construct(
        key=site.id, site=site, finding=None, title=site.name, where=where, symbol=site.status.value, state=state,
        late=late, sentence=_sentence(site.name, where, site, state, late),
    )  # fmt: skip


def _finding_row(finding: Finding, site: Site, where: str, today: date, element: str) -> Row:
    late = _late(finding.deadline, today) if not finding.state.closed else 0
    state, what = tr(words.label(finding.state)), phrased((element, tr(words.label(finding.problem))))
    return Row.model_construct(
        key=finding.id, site=site, finding=finding, title=bracketed(element, site.name), where=where,
        symbol=finding.state.value, state=state, late=late,
        sentence=_sentence(bracketed(what, site.name), where, site, state, late),
    )  # fmt: skip


def _sentence(what: str, where: str, site: Site, state: str, late: int) -> str:
    """The whole of a row, as a screen reader says it."""
    place = where or (tr("没有位置") if site.lon is None else "")
    gone = tr("清单里已没有") if site.gone else ""
    return phrased(part for part in (what, place, state, told_late(late), gone) if part)
