"""Which sites lie in a shape that was drawn on the map: counted from the survey, not from what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from barrierfree.store import SiteFilter, Store

Ring = Sequence[tuple[float, float]]


def read_ring(text: str) -> list[tuple[float, float]]:
    """The corners of a shape from ``lon,lat;lon,lat;…`` in WGS-84 degrees; ``ValueError`` with fewer than three."""
    ring = [(float(x), float(y)) for x, y in (corner.split(",") for corner in text.split(";"))]
    if len(ring) < 3:
        raise ValueError("a shape has three corners")
    return ring


def sites_in_shape(store: Store, ring: Ring, wanted: SiteFilter | None = None) -> tuple[str, ...]:
    """The ids of the sites on the map that fit ``wanted`` and lie in the shape or on its edge.

    Its sides are straight in degrees, on the map in Mercator's projection: the difference is less than a pixel of the
    view it was drawn in. A shape that crosses itself holds what any of its loops holds.
    """
    from barrierfree.inventory.boundary import Boundary  # where it is needed: the window must come fast

    lons, lats = [corner[0] for corner in ring], [corner[1] for corner in ring]
    found = store.map_places((min(lons), min(lats), max(lons), max(lats)), wanted)
    if not found:
        return ()
    try:
        shape = Boundary.of({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    except ValueError:  # all corners on one line: nothing lies in it
        return ()
    inside = shape.contains_many([place[1] for place in found], [place[2] for place in found])
    return tuple(place[0] for place, kept in zip(found, inside, strict=True) if kept)
