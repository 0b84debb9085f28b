"""Draws a map on paper: everything but the basemap as lines and letters, so that it is sharp at any size."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from barrierfree import symbols
from barrierfree.gui.tokens import LIGHT
from barrierfree.i18n import bracketed, paragraph, phrased, tr
from barrierfree.model import words
from barrierfree.model.words import STATUS_ORDER, Status
from barrierfree.operations.map_paper import MARGIN_MM, Frame, MapWanted, PaperMap, middle_of

UNIT: Final = 100  # parts of a mm: what is painted in
_HEAD_MM: Final = 15.0
_ROW_MM, _COLUMN_MM = 6.0, 46.0
_GLYPH_MM: Final = 3.0
_CORNER: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Check = Callable[[], None]


@dataclass(frozen=True)
class PaperLayer:
    """A layer of the user's: its name, features as ``map.Layer.content``, colour and dashes as on the screen."""

    name: str
    content: bytes
    colour: str
    dash: str


@dataclass(frozen=True)
class Extras:
    """What comes from the window: layers, the outline (GeoJSON or empty), the basemap's picture and whose it is."""

    layers: tuple[PaperLayer, ...] = ()
    outline: Any = None
    outline_note: str = ""
    basemap: QImage | None = None
    attribution: str = ""


def frame_of(wanted: MapWanted, layers: int) -> Frame:
    """Where the map lies on the paper: left, top, width, height in mm; below it the legend has its rows."""
    width, height = wanted.size
    columns = max(int((width - 2 * MARGIN_MM) // _COLUMN_MM), 1)
    rows = math.ceil((len(Status) + layers + 1) / columns)
    below = rows * _ROW_MM + 20.0
    return MARGIN_MM, MARGIN_MM + _HEAD_MM, width - 2 * MARGIN_MM, height - 2 * MARGIN_MM - _HEAD_MM - below


class MapPicture:
    """Paints one map; ``paint`` works in any thread and on any device."""

    def __init__(self, paper: PaperMap, extras: Extras, check: Check = lambda: None) -> None:
        self._map, self._extras, self._check = paper, extras, check
        self._glyphs = {status: QSvgRenderer(QByteArray(_glyph(status).encode())) for status in Status}

    @property
    def count(self) -> int:
        """How many sites are on the map."""
        return sum(self._map.counts.values())

    def paint(self, painter: QPainter, dpi: float) -> None:
        """The sheet with the map, at ``dpi`` device pixels an inch."""
        self._begin(painter, dpi)
        frame = _rect(self._map.projection.frame)
        painter.save()
        painter.setClipRect(frame)
        self._ground(painter, frame)
        self._layers(painter)
        self._outline(painter)
        self._sites(painter)
        painter.restore()
        painter.setPen(QPen(QColor(LIGHT.ink), 0.3 * UNIT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
        self._scale(painter)
        self._north(painter)
        self._head(painter)
        self._below(painter)

    def _begin(self, painter: QPainter, dpi: float) -> None:
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.scale(dpi / 25.4 / UNIT, dpi / 25.4 / UNIT)
        width, height = self._map.wanted.size
        painter.fillRect(QRectF(0, 0, width * UNIT, height * UNIT), QColor("#FFFFFF"))

    # -- the map ----------------------------------------------------------------------------------------------------

    def _ground(self, painter: QPainter, frame: QRectF) -> None:
        painter.fillRect(frame, QColor("#FFFFFF"))
        if self._extras.basemap is not None:
            painter.drawImage(frame, self._extras.basemap)

    def _line(self, part: Sequence[Sequence[float]]) -> QPolygonF:
        place = self._map.projection.place
        points = []
        for lon, lat, *_height in part:
            x, y = place(lon, lat)
            points.append(QPointF(x * UNIT, y * UNIT))
        return QPolygonF(points)

    def _layers(self, painter: QPainter) -> None:
        for layer in self._extras.layers:
            pen = QPen(QColor(layer.colour), 0.5 * UNIT)
            if layer.dash:
                pen.setDashPattern([float(part) / 2 for part in layer.dash.split()])
            fill = QColor(layer.colour)
            fill.setAlphaF(0.12)
            for number, (kind, coordinates, _lines) in enumerate(json.loads(layer.content)):
                if number % 500 == 0:
                    self._check()
                painter.setPen(pen)
                painter.setBrush(QBrush(fill) if kind == "Polygon" else Qt.BrushStyle.NoBrush)
                if kind == "Point":
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(QColor(layer.colour))
                    painter.drawEllipse(self._line([coordinates]).first(), 0.9 * UNIT, 0.9 * UNIT)
                elif kind == "LineString":
                    painter.drawPolyline(self._line(coordinates))
                else:
                    for ring in coordinates:
                        painter.drawPolygon(self._line(ring))

    def _outline(self, painter: QPainter) -> None:
        pen = QPen(QColor(LIGHT.accent), 0.6 * UNIT)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in _rings(self._extras.outline):
            painter.drawPolygon(self._line(ring))

    def _sites(self, painter: QPainter) -> None:
        rank = {status.value: n for n, status in enumerate(reversed(STATUS_ORDER))}
        numbers = {site: n for n, (site, _name, _status) in enumerate(self._map.named, 1)}
        for at, site in enumerate(sorted(self._map.content.sites, key=lambda row: rank[row[4]])):
            if at % 500 == 0:
                self._check()
            x, y = self._map.projection.place(site[2], site[3])
            self._stamp(painter, Status(site[4]), x, y, _GLYPH_MM)
            if site[0] in numbers:
                room = x + 8 < self._map.projection.frame[0] + self._map.projection.frame[2]
                self._badge(painter, str(numbers[site[0]]), x + 2.0 if room else x - 6.5, y - 2.0)
        for cluster in self._map.content.clusters:
            self._ring(painter, cluster)

    def _stamp(self, painter: QPainter, status: Status, x: float, y: float, side: float) -> None:
        box = QRectF((x - side / 2) * UNIT, (y - side / 2) * UNIT, side * UNIT, side * UNIT)
        self._glyphs[status].render(painter, box)

    def _badge(self, painter: QPainter, text: str, x: float, y: float) -> None:
        painter.setFont(font(2.6, bold=True))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 0.8 * UNIT
        box = QRectF(x * UNIT, (y - 1.6) * UNIT, width, 3.2 * UNIT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRoundedRect(box, 0.6 * UNIT, 0.6 * UNIT)
        painter.setPen(QColor(LIGHT.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _ring(self, painter: QPainter, cluster: Sequence[int]) -> None:
        """How many, and around it the mix of their states."""
        x, y = self._map.projection.at(*middle_of(cluster))
        radius = (3.2 + 0.45 * len(f"{cluster[2]:,}")) * UNIT
        middle = QPointF(x * UNIT, y * UNIT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawEllipse(middle, radius, radius)
        thick, start = 0.9 * UNIT, 90.0 * 16
        counts = dict(zip(self._map.content.states, cluster[5:], strict=True))
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        inner = box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        for status in STATUS_ORDER:
            n = counts.get(status.value, 0)
            if n:
                span = 360.0 * 16 * n / cluster[2]
                pen = QPen(QColor(symbols.symbol(status).colour("light")), thick)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawArc(inner, round(start), round(-span))
                start -= span
        painter.setPen(QColor(LIGHT.ink))
        painter.setFont(font(2.8, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{cluster[2]:,}")

    # -- around it --------------------------------------------------------------------------------------------------

    def _scale(self, painter: QPainter) -> None:
        """Above the map, where it hides nothing; right in the middle of the map, along the parallel."""
        metres, length = self._map.projection.bar()
        x, y = self._map.wanted.size[0] - MARGIN_MM - 14 - length, MARGIN_MM + 11.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.ink))
        painter.drawRect(QRectF(x * UNIT, y * UNIT, length * UNIT, 1.2 * UNIT))
        told = tr("{n} 米").format(n=f"{metres:,}") if metres < 1000 else tr("{n} 公里").format(n=f"{metres / 1000:g}")
        ratio = tr("比例尺 1:{n}").format(n=f"{self._map.projection.ratio:,.0f}")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = QRectF((x + length - 62) * UNIT, (y - 5.5) * UNIT, 62 * UNIT, 5 * UNIT)
        self._text(painter, box, phrased((told, ratio)), 3.0, flags=right)

    def _north(self, painter: QPainter) -> None:
        x, y = self._map.wanted.size[0] - MARGIN_MM - 5, MARGIN_MM - 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.ink))
        tip = [(x, y), (x + 2.6, y + 8.4), (x, y + 6.8), (x - 2.6, y + 8.4)]
        painter.drawPolygon(QPolygonF([QPointF(u * UNIT, v * UNIT) for u, v in tip]))
        box = QRectF((x - 5) * UNIT, (y + 8.6) * UNIT, 10 * UNIT, 5 * UNIT)
        self._text(painter, box, tr("北"), 3.8, bold=True, flags=Qt.AlignmentFlag.AlignCenter)

    def _head(self, painter: QPainter) -> None:
        wanted, width = self._map.wanted, self._map.wanted.size[0] - 2 * MARGIN_MM - 78  # the scale stands at the right
        marked = not self._map.sample or tr("示例") in wanted.title
        title = wanted.title if marked else bracketed(wanted.title, tr("示例"))
        box = QRectF(MARGIN_MM * UNIT, MARGIN_MM * UNIT, width * UNIT, 8 * UNIT)
        self._text(painter, box, title, 5.6, bold=True, cut=True)
        where = tr("社区：{name}").format(name=wanted.community) if wanted.what == "community" else ""
        filtered = tr("筛选：{text}").format(text=phrased(wanted.conditions)) if wanted.conditions else tr("未筛选")
        day = tr("打印日期 {day}").format(day=self._map.date)
        box = QRectF(MARGIN_MM * UNIT, (MARGIN_MM + 8) * UNIT, width * UNIT, 6 * UNIT)
        self._text(painter, box, phrased(part for part in (day, where, filtered) if part), 3.2, cut=True)

    def _below(self, painter: QPainter) -> None:
        left, top, width, height = self._map.projection.frame
        y = top + height + 2
        columns = max(int(width // _COLUMN_MM), 1)
        entries: list[tuple[str, Status | PaperLayer | None]] = [
            (f"{tr(words.label(status))} {n:,}", status) for status, n in self._map.counts.items()
        ]
        entries += [(layer.name, layer) for layer in self._extras.layers]
        if self._extras.outline:
            entries.append((tr("普查范围"), None))
        for n, (text, mark) in enumerate(entries):
            row_x, row_y = left + n % columns * _COLUMN_MM, y + n // columns * _ROW_MM
            if isinstance(mark, Status):
                self._stamp(painter, mark, row_x + 2.5, row_y + _ROW_MM / 2, 4.0)
            else:
                pen = QPen(QColor(mark.colour if mark else LIGHT.accent), 0.7 * UNIT)
                pen.setDashPattern([float(p) / 2 for p in (mark.dash if mark else "8 6").split()] or [1000])
                painter.setPen(pen)
                middle = (row_y + _ROW_MM / 2) * UNIT
                painter.drawLine(QPointF(row_x * UNIT, middle), QPointF((row_x + 5) * UNIT, middle))
            box = QRectF((row_x + 6) * UNIT, row_y * UNIT, (_COLUMN_MM - 7) * UNIT, _ROW_MM * UNIT)
            self._text(painter, box, text, 3.2, cut=True)
        self._foot(painter, y + math.ceil(len(entries) / columns) * _ROW_MM + 1)

    def _foot(self, painter: QPainter, y: float) -> None:
        left, _top, width, _height = self._map.projection.frame
        bottom = self._map.wanted.size[1] - MARGIN_MM
        said = [paragraph((self._map.count_text, self._map.rule_text))]
        if self._extras.outline and self._extras.outline_note:
            said.append(tr("{text}。").format(text=self._extras.outline_note))
        if self._extras.attribution:
            said.append(tr("底图：{source}").format(source=self._extras.attribution))
        if self._map.sample:
            said.append(tr("示例数据：点位和记录是编造的，用来练习。"))
        box = QRectF(left * UNIT, y * UNIT, width * UNIT, max(bottom - y, 5) * UNIT)
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        self._text(painter, box, "\n".join(said), 2.9, flags=flags)

    def _text(
        self, painter: QPainter, box: QRectF, text: str, mm: float, *, bold: bool = False, flags: Any = _CORNER,
        cut: bool = False,
    ) -> None:  # fmt: skip
        painter.setPen(QColor(LIGHT.ink))
        painter.setFont(font(mm, bold=bold))
        if cut:
            text = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(flags), text)

    # -- the list ---------------------------------------------------------------------------------------------------

    @property
    def has_list(self) -> bool:
        """Whether a second sheet says what the numbers mean."""
        return bool(self._map.named)

    def paint_list(self, painter: QPainter, dpi: float) -> None:
        """The sheet with the names of the numbered sites."""
        self._begin(painter, dpi)
        self._head(painter)
        width, height = self._map.wanted.size
        top, row = MARGIN_MM + _HEAD_MM, 7.0
        rows = max(int((height - top - MARGIN_MM) // row), 1)
        columns = max(math.ceil(len(self._map.named) / rows), 2)
        wide = (width - 2 * MARGIN_MM) / columns
        for n, (_id, name, status) in enumerate(self._map.named):
            x, y = MARGIN_MM + n // rows * wide, top + n % rows * row
            painter.setPen(QColor(LIGHT.ink))
            self._text(painter, QRectF(x * UNIT, y * UNIT, 7 * UNIT, row * UNIT), str(n + 1), 3.4, bold=True)
            self._stamp(painter, status, x + 9, y + row / 2, 3.6)
            text = bracketed(name, tr(words.label(status)))
            box = QRectF((x + 12) * UNIT, y * UNIT, (wide - 14) * UNIT, row * UNIT)
            self._text(painter, box, text, 3.4, cut=True)


def font(mm: float, *, bold: bool = False) -> QFont:
    """A font so many mm high."""
    made = QFont()
    made.setFamilies(["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "sans-serif"])
    made.setPixelSize(round(mm * UNIT))
    made.setBold(bold)
    return made


def _glyph(status: Status) -> str:
    drawing = symbols.symbol(status)
    return drawing.painted(drawing.colour("light"), halo="#FFFFFF", cut="#FFFFFF")


def _rect(frame: Frame) -> QRectF:
    return QRectF(*(part * UNIT for part in frame))


def _rings(outline: Any) -> Iterable[Sequence[Sequence[float]]]:
    """The rings of a GeoJSON polygon or multipolygon."""
    kind = outline.get("type") if isinstance(outline, dict) else None
    if kind == "Polygon":
        yield from outline["coordinates"]
    elif kind == "MultiPolygon":
        for polygon in outline["coordinates"]:
            yield from polygon
