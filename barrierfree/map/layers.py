"""A GeoJSON file of the user's, checked and made ready to be drawn; its texts stay texts."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from barrierfree.errors import LayerError
from barrierfree.i18n import tr

MOST_BYTES: Final = 20 * 1024**2  # more takes the page seconds to draw
_DEPTHS: Final = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
_KINDS: Final = {"Point": "points", "LineString": "lines", "Polygon": "areas"}
_MOST_LINES, _MOST_LETTERS = 12, 80  # of the properties that are shown
_LONGITUDE_FIRST: Final = re.compile(r"CRS84|EPSG:+[\d.]*:?(4326|4490|4258|4269|4979)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layer:
    """What can be drawn: ``content`` is JSON of ``[[type, coordinates, lines of text], …]``, single geometries only.

    ``counts`` are points, lines and areas; ``bounds`` west, south, east, north in WGS-84 degrees; ``skipped`` features
    have no geometry.
    """

    name: str
    content: bytes
    counts: Mapping[str, int]
    bounds: tuple[float, float, float, float]
    skipped: int


def read_layer(path: Path) -> Layer:
    """The GeoJSON file at ``path``. A ``LayerError`` says why it cannot be shown and what to do."""
    name = path.name
    found, skipped = [], 0
    for geometry, properties in _features(_content(path), name):
        parts = list(_single(geometry, name))
        skipped += not parts
        lines = _lines(properties)
        found += [[kind, coordinates, lines] for kind, coordinates in parts]
    if not found:
        raise LayerError(
            tr("“{name}”里没有可画的图形。").format(name=name), tr("请确认导出时带上了几何图形（点、线或面）。")
        )
    edges = [math.inf, math.inf, -math.inf, -math.inf]
    for part in found:
        _widen(edges, part[1])
    if edges[0] < -180 or edges[2] > 180 or edges[1] < -90 or edges[3] > 90:
        raise _projected(name, tr("有数值超出经纬度的范围，例如 {x}").format(x=f"{max(edges, key=abs):.10g}"))
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return Layer(
        name,
        text.encode(),
        Counter(_KINDS[part[0]] for part in found),
        (edges[0], edges[1], edges[2], edges[3]),
        skipped,
    )


def _content(path: Path) -> Any:
    name = path.name
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise LayerError(
                tr("“{name}”有 {size} MB，图层最大 {most} MB。").format(
                    name=name, size=f"{size / 1024**2:,.1f}", most=MOST_BYTES // 1024**2
                ),
                tr("请只导出本辖区的部分，或先简化图形。"),
            )
        raw = path.read_bytes()
    except OSError as error:
        raise LayerError(
            tr("读不了“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件是否还在原处；移动过就重新添加。"),
        ) from error
    if not raw.strip(b" \r\n\t\0"):
        raise LayerError(tr("“{name}”是空的。").format(name=name), tr("请重新导出或下载。"))
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return json.loads(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        except json.JSONDecodeError as error:
            if raw.lstrip()[:1] not in (b"{", b"["):
                break
            raise LayerError(
                tr("“{name}”已损坏：第 {line} 行第 {column} 个字符读不下去。").format(
                    name=name, line=error.lineno, column=error.colno
                ),
                tr("文件可能没有下载或复制完，请重新导出。"),
            ) from error
        except (RecursionError, ValueError) as error:  # nested without end; a number without end
            raise LayerError(tr("“{name}”已损坏，读不下去。").format(name=name), tr("请重新导出。")) from error
    raise _no_geojson(name)


def _no_geojson(name: str) -> LayerError:
    return LayerError(
        tr("“{name}”不是 GeoJSON。").format(name=name),
        tr("请在 QGIS 等软件里另存为 GeoJSON，坐标系选 WGS 84（EPSG:4326）。"),
    )


def _projected(name: str, why: str) -> LayerError:
    return LayerError(
        tr("“{name}”不是经纬度坐标：{why}。").format(name=name, why=why),
        tr("GeoJSON 应为“经度, 纬度”（WGS-84）。请另存为 GeoJSON，坐标系选 WGS 84（EPSG:4326）。"),
    )


def _features(content: Any, name: str) -> Iterator[tuple[Any, Any]]:
    """Each geometry with its properties."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind not in ("FeatureCollection", "Feature", "GeometryCollection", *_DEPTHS):
        raise _no_geojson(name)
    crs = json.dumps(content.get("crs"))[:2000]
    if "EPSG" in crs.upper() and not _LONGITUDE_FIRST.search(crs):
        found = re.search(r"EPSG:+[\d.]*:?\d+", crs, re.IGNORECASE)
        raise _projected(name, tr("文件写明坐标系是 {crs}").format(crs=found[0] if found else "EPSG"))
    if kind == "FeatureCollection":
        features = content.get("features")
        for feature in features if isinstance(features, list) else []:
            if isinstance(feature, dict):
                yield feature.get("geometry"), feature.get("properties")
    elif kind == "Feature":
        yield content.get("geometry"), content.get("properties")
    else:
        yield content, {}


def _single(geometry: Any, name: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The points, lines and polygons a geometry consists of."""
    if not isinstance(geometry, dict):
        return
    kind = geometry.get("type")
    if kind == "GeometryCollection" and depth < 8:
        inner = geometry.get("geometries")
        for part in inner if isinstance(inner, list) else []:
            yield from _single(part, name, depth + 1)
        return
    if kind not in _DEPTHS:
        return
    coordinates = geometry.get("coordinates")
    if not coordinates:
        return
    try:
        numbers = _numbers(coordinates, _DEPTHS[kind])
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise LayerError(
            tr("“{name}”已损坏：有图形的坐标不是数字，或层次不对（{kind}）。").format(name=name, kind=kind),
            tr("请重新导出。"),
        ) from error
    if kind.startswith("Multi"):
        for part in numbers:
            yield kind.removeprefix("Multi"), part
    else:
        yield kind, numbers


def _numbers(part: Any, depth: int) -> list[Any]:
    """Coordinates to 1 cm, without heights."""
    if not isinstance(part, list):
        raise TypeError
    if depth:
        return [_numbers(inner, depth - 1) for inner in part]
    x, y = part[0], part[1]
    if isinstance(x, bool) or isinstance(y, bool) or not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError
    return [round(x, 7), round(y, 7)]


def _widen(edges: list[float], part: list[Any]) -> None:
    if part and not isinstance(part[0], list):
        x, y = part
        edges[0], edges[1] = min(edges[0], x), min(edges[1], y)
        edges[2], edges[3] = max(edges[2], x), max(edges[3], y)
        return
    for inner in part:
        _widen(edges, inner)


def _lines(properties: Any) -> list[str]:
    """What is known of a feature, a line for each property that says something."""
    found: list[str] = []
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if value is None or value == "" or isinstance(value, (dict, list)):
            continue
        if len(found) == _MOST_LINES:
            found.append("…")
            break
        line = tr("{name}：{value}").format(name=key, value=value)
        found.append(line if len(line) <= _MOST_LETTERS else line[: _MOST_LETTERS - 1] + "…")
    return found
