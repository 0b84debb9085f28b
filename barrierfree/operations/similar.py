"""Which known sites somebody may mean who describes one in the field; adding it all the same."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from barrierfree import matching
from barrierfree.i18n import tr
from barrierfree.matching import Candidate, Place
from barrierfree.model.definition import Model
from barrierfree.model.records import NewSite, Site
from barrierfree.store import ListPart, SameSite, SiteFilter, Store, TakenIn, site_id

MOST: Final = 3  # sites that are named
_ASK_BY_NAME: Final = 64  # points, where no distance can be had: a like name alone
_PART: Final = 200  # sites that a name search gives at most
_BRACKETS: Final = re.compile(r"[(（\[【].*")
_METRES_PER_DEGREE: Final = 111_320.0


class Similar(Model):
    """A known site, how likely it is meant (0 to 100), and in words why; ``certain`` beyond doubt."""

    site: Site
    score: int
    certain: bool
    words: tuple[str, ...]


def find_similar(store: Store, described: Place, *, but: str = "", most: int = MOST) -> list[Similar]:
    """The known sites that a description may mean, likeliest first; ``but`` is the site it describes itself.

    Candidates are the sites within ``matching.NEAR_M`` and those whose name begins or contains what was typed.
    """
    if len(described.name.strip()) < 2:
        return []
    known = {s.id: s for s in _near(store, described)}
    known |= {s.id: s for s in _named(store, described.name)}
    found = []
    for site in known.values():
        candidate = matching.compare(described, place_of(site))
        far = candidate.distance_m
        there = far is None or far <= matching.NEAR_M or site.address == described.address != ""
        enough = matching.ASK_FROM if far is not None else _ASK_BY_NAME
        if site.id != but and there and candidate.score >= enough:
            found.append(shown(described, site, candidate))
    return sorted(found, key=lambda s: (-s.score, s.site.code))[:most]


def shown(described: Place, site: Site, candidate: Candidate) -> Similar:
    """A comparison in words: how alike the names are, how far, the other reasons, the code."""
    alike = round(matching.name_likeness(described.name, site.name) * 100)
    words = [tr("名称相同") if alike == 100 else tr("名称相近 {n}%").format(n=alike)]
    if candidate.distance_m is not None:
        words.append(tr("相距 {n} 米").format(n=f"{candidate.distance_m:,.0f}"))
    known = _words_of_the_rest()
    words += [reason for reason in candidate.reasons if reason in known]
    words.append(site.code)
    return Similar(site=site, score=candidate.score, certain=candidate.certain, words=tuple(words))


def compared(one: Site, other: Site) -> Similar:
    """How alike two known sites are, in words."""
    return shown(place_of(one), other, matching.compare(place_of(one), place_of(other)))


def place_of(site: Site) -> Place:
    """A site as one side of a comparison."""
    return Place(
        site.id, site.name, site.address, site.community, site.site_class, site.lon, site.lat, site.city_number
    )


def add_site(store: Store, site: NewSite, apart: Sequence[str], *, reason: str, person: str) -> TakenIn:
    """Add a site, and record that it is none of those a person was shown, so that nobody is asked again."""
    new = site_id(site.key)
    decisions = [SameSite(row=new, site=other, same=False, name=site.name, reason=reason) for other in apart]
    return store.take_in_list(ListPart(new=[(new, site)], decisions=decisions), person=person)


def _words_of_the_rest() -> frozenset[str]:
    """Reasons of ``matching.compare`` beside name and distance."""
    return frozenset(
        tr(text) for text in ("编号相同", "地址相同", "地址不同", "社区相同", "社区不同", "类别相同", "类别不同")
    )


def _near(store: Store, described: Place) -> list[Site]:
    if described.lon is None or described.lat is None:
        return []
    up = matching.NEAR_M / _METRES_PER_DEGREE
    across = up / max(math.cos(math.radians(described.lat)), 0.01)
    lon, lat = described.lon, described.lat
    inside = store.sites_in_view(lon - across, lat - up, lon + across, lat + up)
    likely = [s.id for s in inside if matching.name_likeness(described.name, s.name) >= 0.5]
    return [store.site(found) for found in likely]


def _named(store: Store, name: str) -> list[Site]:
    """Sites whose name contains what was typed, or its part before a bracket, or begins as it does."""
    plain = name.strip()
    core = _BRACKETS.sub("", plain).strip()
    found: dict[str, Site] = {}
    for text in dict.fromkeys(t for t in (plain, core, core[:3], core[-4:]) if len(t) >= 2):
        found |= {s.id: s for s in store.find_sites(SiteFilter(text=text), _PART).sites}
    return list(found.values())
