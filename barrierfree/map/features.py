"""What the page draws in a view, as compact JSON; texts are data and never become markup."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
