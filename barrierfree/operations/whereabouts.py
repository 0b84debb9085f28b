"""Where something is, in words: how far and in which direction from something one knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from barrierfree import coordinates
from barrierfree.i18n import tr
from barrierfree.operations.photo_places import told_metres
from barrierfree.store import Landmark, Store

Place = tuple[float, float]  # longitude, latitude in WGS-84 degrees
SAME_M: Final = 1.0  # metres: nobody sees a direction over less
_AROUND_M: Final = 400.0  # how far neighbours are looked for before the search takes them one by one
_MOST: Final = 4000  # sites that are compared with all; more lie there only where a whole district is on one screen


def told_from(origin: Place, target: Place, name: str) -> str:
    """``2 号门东北 40 米``: where ``target`` is, seen from ``origin``, which is called ``name``."""
    metres = coordinates.distance_m(*origin, *target)
    if metres < SAME_M:
        return tr("就在{name}").format(name=name)
    return tr("{name}{direction} {distance}").format(
        name=name, direction=coordinates.direction(*origin, *target), distance=told_metres(metres)
    )


def told_move(origin: Place, target: Place) -> str:
    """``向东北 40 米``: what moving from ``origin`` to ``target`` is."""
    metres = coordinates.distance_m(*origin, *target)
    if metres < 0.05:  # the precision of what is said
        return tr("位置不变")
    distance = tr("{n} 米").format(n=f"{metres:.1f}") if metres < 10 else told_metres(metres)
    return tr("向{direction} {distance}").format(direction=coordinates.direction(*origin, *target), distance=distance)


def neighbours(store: Store, places: Sequence[tuple[str, Place]]) -> dict[str, Landmark]:
    """For each site (id, where) the nearest other named site, which it can be found by; none where there is none."""
    if not places:
        return {}
    import numpy as np  # where it is needed: the window must come fast

    lons, lats = (np.array([place[axis] for _, place in places]) for axis in (0, 1))
    across = max(float(np.cos(np.radians(lats.mean()))), 0.01)
    margin = _AROUND_M / 111_320  # metres of a degree of latitude
    box = (float(lons.min() - margin / across), float(lats.min() - margin),
           float(lons.max() + margin / across), float(lats.max() + margin))  # fmt: skip
    known = store.landmarks(box, _MOST + 1)
    found: dict[str, Landmark] = {}
    if 1 < len(known) <= _MOST:
        x = (np.array([k.lon for k in known]) - lons[:, None]) * across
        y = np.array([k.lat for k in known]) - lats[:, None]
        far = np.hypot(x, y)
        far[np.array([k.id for k in known]) == np.array([site for site, _ in places])[:, None]] = np.inf
        nearest = far.argmin(axis=1)
        for row, (site, _place) in enumerate(places):
            if far[row, nearest[row]] <= margin:  # a nearer one cannot lie outside the box
                found[site] = known[int(nearest[row])]
    for site, (lon, lat) in places:
        if site not in found:
            other = next((s for s in store.sites_near(lon, lat, 4) if s.id != site and s.name and not s.gone), None)
            if other is not None and other.lon is not None and other.lat is not None:
                found[site] = Landmark(id=other.id, name=other.name, lon=other.lon, lat=other.lat)
    return found
