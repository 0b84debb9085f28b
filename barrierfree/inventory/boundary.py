"""The outline of an area, from GeoJSON, and whether a position lies in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from barrierfree.errors import InventoryError
from barrierfree.i18n import tr


class Boundary:
    """An area in WGS-84 degrees."""

    def __init__(self, geometry: shapely.Geometry) -> None:
        self._geometry = geometry
        shapely.prepare(geometry)

    @classmethod
    def read(cls, path: Path) -> Boundary:
        """The polygons of a GeoJSON file (geometry, feature or collection; lon lat in WGS-84)."""
        try:
            return cls.of(json.loads(Path(path).read_text(encoding="utf-8-sig")))
        except OSError as error:
            raise InventoryError(
                tr("读不了边界文件“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
                tr("请检查文件是否存在。"),
            ) from error
        except ValueError as error:
            raise InventoryError(
                tr("“{name}”不是 GeoJSON 边界。").format(name=Path(path).name),
                tr("请提供含 Polygon 或 MultiPolygon 的 GeoJSON 文件（WGS-84 经纬度）。"),
            ) from error

    @classmethod
    def of(cls, content: dict[str, Any]) -> Boundary:
        """The polygons of GeoJSON content; ``ValueError`` if there are none."""
        polygons = []
        for geometry in _geometries(content):
            if geometry.get("type") in ("Polygon", "MultiPolygon"):
                try:
                    polygons.append(shapely.make_valid(shapely.from_geojson(json.dumps(geometry))))
                except shapely.errors.GEOSException as error:
                    raise ValueError(str(error)) from error
        if not polygons:
            raise ValueError("no polygon")
        return cls(shapely.union_all(polygons))

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the position lies inside or on the edge."""
        return bool(shapely.intersects_xy(self._geometry, lon, lat))

    def contains_many(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.bool_]:
        """``contains`` for a list: arrays of shape (n,) in, one of bool out; what is not finite lies outside."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        inside = np.isfinite(x) & np.isfinite(y)
        inside[inside] = shapely.intersects_xy(self._geometry, x[inside], y[inside])
        return inside


def _geometries(content: Any) -> list[dict[str, Any]]:
    if not isinstance(content, dict):
        raise ValueError("not an object")
    if content.get("type") == "FeatureCollection":
        return [g for feature in content.get("features") or [] for g in _geometries(feature)]
    if content.get("type") == "Feature":
        return _geometries(content.get("geometry") or {})
    return [content]
