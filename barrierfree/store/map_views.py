"""What a view of the map shows: its sites while they are few, else the clusters that stand for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from barrierfree.store.clusters import FARTHEST, NEAREST, STATES, grouped, shift, world
from barrierfree.store.reading import Tick, chunks, silent, ticking
from barrierfree.store.sites import SiteFilter, SiteVerbs

MOST_SITES: Final = 1500  # drawn one by one in a view; more are drawn as clusters

Box = tuple[float, float, float, float]
SiteRow = tuple[str, str, float, float, str]
ClusterRow = tuple[int, ...]

_INSIDE: Final = "t.max_lon >= ? AND t.min_lon <= ? AND t.max_lat >= ? AND t.min_lat <= ?"
_TREE: Final = "site_tree t JOIN sites s ON s.fid = t.fid"
_ROW: Final = "s.id, s.name, s.lon, s.lat, s.status"
_SUMS: Final = ", ".join(("n", "x", "y", *STATES))
_SCAN: Final = 4  # above a quarter of the survey in view its table is read from end to end instead of by the R-tree


@dataclass(frozen=True, slots=True)
class MapContent:
    """What is drawn in a view: either all its sites, or all its clusters; nothing is left out.

    ``sites`` are (id, name, lon, lat, status), positions in WGS-84 degrees. ``clusters`` are (gx, gy, n, x, y, one
    count for each of ``states``): the cell (see ``store.clusters``) of zoom ``level``, and the sums of the positions of
    its ``n`` sites in 2^-30 of the world's width. ``matching`` sites of the survey fit the filter and have a position,
    of ``total`` that have one.
    """

    sites: Sequence[SiteRow]
    clusters: Sequence[ClusterRow]
    level: int
    matching: int
    total: int
    states: tuple[str, ...] = STATES


class MapVerbs(SiteVerbs):
    """The verbs about the map. Sites that turned out to be another one are not on it; those gone from a list are."""

    _matching: tuple[SiteFilter, int, int] | None = None

    def map_view(
        self, box: Box, zoom: float, wanted: SiteFilter | None = None, limit: int = MOST_SITES, tick: Tick = silent
    ) -> MapContent:
        """What the map shows in ``box`` (west, south, east, north in WGS-84 degrees) at ``zoom``.

        Up to ``limit`` sites come one by one, more as clusters of that zoom. Without a filter the cost depends on the
        view alone; with one, on the sites in view, and once for each filter on the survey. ``tick`` is called now and
        then and may raise to give up.
        """
        level = max(0, min(int(zoom), NEAREST))
        cells = self._cells(box, level)
        total = self.sites_with_position()
        inside = sum(cell[2] for cell in cells)
        if wanted is not None and wanted != SiteFilter():
            return self._filtered(box, level, wanted, limit, inside, total, tick)
        few = inside <= limit
        if not few and zoom > NEAREST:  # cells reach beyond so small a view: what is in it has to be counted
            few = self._count(f"{_TREE} WHERE {_INSIDE} AND s.same_as = ''", _values(box)) <= limit
        if few:
            rows = self._sql.execute(f"SELECT {_ROW} FROM {_TREE} WHERE {_INSIDE} AND s.same_as = ''", _values(box))
            return MapContent(rows.fetchall(), (), level, total, total)
        return MapContent((), cells, level, total, total)

    def map_changes(self, ids: Sequence[str], wanted: SiteFilter | None = None) -> MapContent:
        """Those of ``ids`` that are on the map (and fit the filter), after they changed."""
        where, values = self._where(wanted or SiteFilter())
        found: list[SiteRow] = []
        for marks, part in chunks(ids):
            found += self._sql.execute(
                f"SELECT {_ROW} FROM sites s{where or ' WHERE 1'} AND lon IS NOT NULL AND id IN ({marks})",
                [*values, *part],
            )
        total = self.sites_with_position()
        return MapContent(found, (), 0, self._count_matching(wanted, total), total)

    def map_extent(self, box: Box, wanted: SiteFilter | None = None) -> Box | None:
        """West, south, east, north of the sites on the map in ``box``; None without any."""
        where, values = self._where(wanted or SiteFilter())
        row = self._sql.execute(
            f"SELECT min(lon), min(lat), max(lon), max(lat) FROM sites{where or ' WHERE 1'}"
            f" AND fid IN (SELECT fid FROM site_tree t WHERE {_INSIDE})",
            [*values, *_values(box)],
        ).fetchone()
        return None if row[0] is None else tuple(row)

    def map_places(self, box: Box, wanted: SiteFilter | None = None) -> list[tuple[str, float, float]]:
        """(id, lon, lat) of the sites on the map in ``box`` that fit the filter."""
        where, values = self._where((wanted or SiteFilter()).model_copy(update={"within": box}))
        return self._sql.execute(f"SELECT id, lon, lat FROM sites{where}", values).fetchall()

    def sites_with_position(self) -> int:
        """How many sites can be drawn on a map."""
        row = self._sql.execute("SELECT sum(n) FROM clusters WHERE z = ?", [FARTHEST]).fetchone()
        return int(row[0] or 0)

    def _cells(self, box: Box, level: int) -> list[ClusterRow]:
        """The clusters whose cells touch ``box``; of zooms farther than the table's they are summed from its first."""
        zoom, beyond = max(level, FARTHEST), max(FARTHEST - level, 0)
        west, north = world(box[0], box[3])
        east, south = world(box[2], box[1])
        bits = shift(level)
        span = [(edge >> bits) << beyond for edge in (west, north)] + [
            (((edge >> bits) + 1) << beyond) - 1 for edge in (east, south)
        ]
        wanted = [zoom, span[0], span[2], span[1], span[3]]
        inside = "FROM clusters WHERE z = ? AND gx BETWEEN ? AND ? AND gy BETWEEN ? AND ?"
        if not beyond:
            return self._sql.execute(f"SELECT gx, gy, {_SUMS} {inside}", wanted).fetchall()
        sums = ", ".join(f"sum({name})" for name in ("n", "x", "y", *STATES))
        return self._sql.execute(
            f"SELECT gx >> {beyond} AS cx, gy >> {beyond} AS cy, {sums} {inside} GROUP BY cx, cy", wanted
        ).fetchall()

    def _filtered(
        self, box: Box, level: int, wanted: SiteFilter, limit: int, inside: int, total: int, tick: Tick
    ) -> MapContent:
        where, values = self._where(wanted)
        matching = self._count_matching(wanted, total)
        limits = f"{where or ' WHERE 1'} AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?"
        values = [*values, box[0], box[2], box[1], box[3]]
        if inside * _SCAN < total:
            limits += f" AND fid IN (SELECT fid FROM site_tree t WHERE {_INSIDE})"
            values += _values(box)
        rows = self._sql.execute(f"SELECT lon, lat, status, fid FROM sites{limits}", values)
        found = list(ticking(rows, tick))
        if len(found) <= limit:
            sites: list[SiteRow] = []
            for marks, part in chunks([row[3] for row in found]):
                sites += self._sql.execute(f"SELECT {_ROW} FROM sites s WHERE fid IN ({marks})", part)
            return MapContent(sites, (), level, matching, total)
        return MapContent((), grouped((row[:3] for row in found), level, tick), level, matching, total)

    def _count_matching(self, wanted: SiteFilter | None, total: int) -> int:
        """How many sites on the map fit; kept until somebody writes, so that panning does not count them again."""
        if wanted is None or wanted == SiteFilter():
            return total
        version = self._sql.execute("PRAGMA data_version").fetchone()[0]
        if self._matching is None or self._matching[:2] != (wanted, version) or not self.read_only:
            where, values = self._where(wanted)
            n = self._count(f"sites{where or ' WHERE 1'} AND lon IS NOT NULL", values)
            self._matching = (wanted, version, n)
        return self._matching[2]


def _values(box: Box) -> list[float]:
    west, south, east, north = box
    return [west, east, south, north]
