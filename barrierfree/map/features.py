"""What the page draws in a view, as compact JSON; texts are data and never become markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Protocol


class Feature(Protocol):
    """A site as the map draws it; ``lon``, ``lat`` in WGS-84 degrees, ``status`` the key of its symbol."""

    @property
    def id(self) -> str:
        """The id the page gives back when the site is chosen."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def lon(self) -> float:
        """Longitude."""

    @property
    def lat(self) -> float:
        """Latitude."""

    @property
    def status(self) -> str:
        """The key of its symbol."""


def features_json(features: Iterable[Feature], total: int) -> bytes:
    """``{"sites": [[id, name, lon, lat, status], …], "total": n}`` in UTF-8; ``total`` sites have a position."""
    rows = [[f.id, f.name, f.lon, f.lat, str(f.status)] for f in features]
    return json.dumps({"sites": rows, "total": total}, ensure_ascii=False, separators=(",", ":")).encode()


class Content(Protocol):
    """What a view shows, as the store answers it (``MapContent``)."""

    @property
    def sites(self) -> Sequence[tuple[str, str, float, float, str]]:
        """(id, name, lon, lat, status) of each site that is drawn by itself."""

    @property
    def clusters(self) -> Sequence[tuple[int, ...]]:
        """(gx, gy, n, x, y, one count for each of ``states``) of each cluster."""

    @property
    def level(self) -> int:
        """The zoom of the clusters' cells."""

    @property
    def states(self) -> tuple[str, ...]:
        """The statuses that are counted."""

    @property
    def matching(self) -> int:
        """How many sites fit the filter."""

    @property
    def total(self) -> int:
        """How many sites have a position."""


def content_json(content: Content) -> bytes:
    """What a view shows, in UTF-8: as ``features_json``, with ``matching`` and, where there are any, clusters."""
    said: dict[str, object] = {"sites": content.sites, "matching": content.matching, "total": content.total}
    if content.clusters:
        said |= {"clusters": content.clusters, "level": content.level, "states": content.states}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
