"""What lies near a place: findings by distance, how many sites of each state, the neighbours one knows a place by."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from barrierfree.model.definition import Model
from barrierfree.model.records import Finding
from barrierfree.model.words import Status
from barrierfree.store.findings import _FINDING, FindingVerbs, _finding
from barrierfree.store.reading import chunks
from barrierfree.store.sites import UNCLOSED, SiteFilter, finding_parts


class FoundFindings(Model):
    """A part of the findings that fit, nearest first, and how many fit in all.

    ``places``: longitude and latitude (WGS-84) of their sites by id, as far as they are known.
    """

    findings: tuple[Finding, ...]
    total: int
    places: dict[str, tuple[float, float]]


class Landmark(Model):
    """A site as something one knows a place by; WGS-84 degrees."""

    id: str
    name: str
    lon: float
    lat: float


class NearbyVerbs(FindingVerbs):
    """The verbs about what is near; they only ask."""

    def findings_near(self, wanted: SiteFilter, limit: int, ids: Sequence[str] = ()) -> FoundFindings:
        """The findings at the sites that fit, nearest to ``wanted.near`` first; those without position come last.

        Only findings that are not closed, or those named by ``ids`` whatever their state.
        """
        where, values = self._where(wanted)
        conditions, more = finding_parts(wanted)
        parts = [f"site IN (SELECT id FROM sites{where})", *conditions]
        values += more
        if ids:
            parts.append("id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(list(ids)))
        else:
            parts.append(UNCLOSED)
        lon, lat = wanted.near or (0.0, 0.0)
        across = max(math.cos(math.radians(lat)), 0.01) ** 2  # a plane with the scale of that latitude
        chosen = f"SELECT id, site FROM findings WHERE {' AND '.join(parts)}"
        rows = self._sql.execute(
            "SELECT f.id, s.id, s.lon, s.lat, (s.lon - ?) * (s.lon - ?) * ? + (s.lat - ?) * (s.lat - ?) AS far"
            f" FROM ({chosen}) f JOIN sites s ON s.id = f.site ORDER BY far IS NULL, far, s.code, f.id LIMIT ?",
            [lon, lon, across, lat, lat, *values, limit],
        ).fetchall()
        total = len(rows) if len(rows) < limit else self._count(f"({chosen})", values)
        found: dict[str, Finding] = {}
        for marks, part in chunks([r[0] for r in rows]):
            found.update((r[0], _finding(r)) for r in self._sql.execute(f"{_FINDING} WHERE f.id IN ({marks})", part))
        return FoundFindings.model_construct(
            findings=tuple(found[r[0]] for r in rows), total=total,
            places={r[1]: (r[2], r[3]) for r in rows if r[2] is not None},
        )  # fmt: skip

    def status_counts(self, wanted: SiteFilter) -> dict[Status, int]:
        """How many sites of each state fit, whatever states ``wanted`` names; none is 0."""
        where, values = self._where(wanted.model_copy(update={"statuses": ()}))
        rows = self._sql.execute(f"SELECT status, count(*) FROM sites{where} GROUP BY status", values)
        counted = {Status(row[0]): int(row[1]) for row in rows}
        return {status: counted.get(status, 0) for status in Status}

    def first_deadlines(self, sites: Sequence[str]) -> dict[str, str]:
        """The first deadline (ISO) among the unclosed findings of each of these sites; those without are left out."""
        found: dict[str, str] = {}
        for marks, part in chunks(sites):
            rows = self._sql.execute(
                f"SELECT site, min(deadline) FROM findings WHERE site IN ({marks}) AND deadline <> '' AND {UNCLOSED}"
                " GROUP BY site",
                part,
            )
            found.update(rows.fetchall())
        return found

    def landmarks(self, box: tuple[float, float, float, float], most: int) -> list[Landmark]:
        """The named sites in force inside a box (west, south, east, north in WGS-84 degrees), at most so many."""
        west, south, east, north = box
        rows = self._sql.execute(
            "SELECT s.id, s.name, s.lon, s.lat FROM site_tree t JOIN sites s ON s.fid = t.fid"
            " WHERE t.max_lon >= ? AND t.min_lon <= ? AND t.max_lat >= ? AND t.min_lat <= ?"
            " AND s.same_as = '' AND s.gone = '' AND s.name <> '' LIMIT ?",
            [west, east, south, north, most],
        )
        return [Landmark.model_construct(id=r[0], name=r[1], lon=r[2], lat=r[3]) for r in rows]
