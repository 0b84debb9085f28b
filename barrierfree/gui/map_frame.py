"""The offline map page in a web view: its scheme, its profile, what it tells; subclasses say what it draws."""

from __future__ import annotations

import base64
import math
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWebEngineCore import QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree import paths
from barrierfree.basemaps import BasemapInfo
from barrierfree.gui import map_scheme
from barrierfree.gui.basemap_look import NO_BASEMAP, basemap_script
from barrierfree.gui.context import Context
from barrierfree.gui.map_guard import GuardedPage
from barrierfree.gui.map_scheme import ADDRESS, SCHEME, Answer, Blocker, MapScheme, Request, View
from barrierfree.gui.map_tool_words import tool_words
from barrierfree.gui.theme import tokens
from barrierfree.gui.tile_server import TileServer
from barrierfree.i18n import language, tr
from barrierfree.map import MapData

RADII = (11, 9, 7, 5)  # px of the glyphs, from the nearest zoom to the farthest
FALLBACK_BOUNDS = (116.438, 39.883, 116.484, 39.903)  # Shuangjing, where a survey has neither outline nor positions


class MapFrame(QWidget):
    """Signals:
    selected(str): something was chosen on the map (its id).
    drawn(int, int): so many of so many are drawn.
    painted: the first drawing is on the screen.
    moved(float, float): the middle of the view (lon, lat), unless it only went to a site that was chosen.
    ready: the page runs.
    told(str, dict): the page says something else; for the tools on it.
    basemap_failed(error): the basemap cannot be read; said once.
    """

    selected = Signal(str)
    drawn = Signal(int, int)
    painted = Signal()
    moved = Signal(float, float)
    ready = Signal()
    told = Signal(str, dict)
    basemap_failed = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._nonce = secrets.token_urlsafe(16)
        self._bounds: View = FALLBACK_BOUNDS
        self.is_ready = False
        self._prepare()
        self.blocker = Blocker(self)
        self.tiles = TileServer(self)
        self.tiles.opened.connect(self._on_basemap)
        self.tiles.failed.connect(self.basemap_failed)
        self._basemap: Path | None = None
        self._basemap_script = ""
        self.answers = {**self._answers(), "tiles": self.tiles.answer, "script": _give_script}  # tools add theirs
        self._scheme = MapScheme(self.answers, self)
        self._scheme.told.connect(self._on_event)
        map_scheme.register()
        self._profile = QWebEngineProfile(self)  # of its own and off the record: nothing is kept
        self._profile.setUrlRequestInterceptor(self.blocker)
        self._profile.installUrlSchemeHandler(SCHEME, self._scheme)
        self._page = GuardedPage(self._profile, self.blocker, self)
        self._profile.setParent(None)  # children go in the order in which they came: the page before its profile
        self._profile.setParent(self)
        self.view = QWebEngineView()
        self.view.setPage(self._page)
        self.view.setAccessibleName(tr("地图"))
        self.view.setContextMenuPolicy(self.view.contextMenuPolicy().NoContextMenu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def _prepare(self) -> None:
        """What can go on in threads while the engine starts."""

    def load(self) -> None:
        """Load the page, or load it anew."""
        self.is_ready = False
        self._page.load(ADDRESS)

    def refresh(self) -> None:
        """Ask for what is in view again."""
        self._run("barrierfree.refresh()")

    def show_all(self) -> None:
        """Show the whole area."""
        self._run("barrierfree.showAll()")

    def show_basemap(self, file: Path | None) -> None:
        """Put a basemap under the sites; None for the grid alone."""
        if file != self._basemap:
            self._basemap, self._basemap_script = file, ""
            self._run(NO_BASEMAP)
            self.tiles.use(file)

    def _on_basemap(self, number: int, info: BasemapInfo) -> None:
        self._basemap_script = basemap_script(number, info)
        self._run(self._basemap_script)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight no file is kept open: it may be removed."""
        super().hideEvent(event)
        self.tiles.rest()

    def ask(self, script: str, on_answer: Callable[[Any], None]) -> None:
        """Evaluate ``script`` in the page; texts of the survey go in as JSON, never as they are."""
        self._page.runJavaScript(script, 0, on_answer)

    @property
    def bounds(self) -> View:
        """What the page shows at first: west, south, east, north in WGS-84 degrees."""
        return self._bounds

    def tell(self, call: str) -> None:
        """Call something of the page's tools (``barrierfree.<call>``) once it runs; values go in as JSON."""
        self._run(f"barrierfree.{call}")

    def _run(self, script: str) -> None:
        if self.is_ready:
            self._page.runJavaScript(script)

    def _page_html(self) -> str:
        raise NotImplementedError

    def _answers(self) -> dict[str, Answer]:
        """What answers, by path: the page itself under the empty one; ``features`` is asked for each view."""
        return {"": self._serve, "features": self._features}

    def _serve(self, request: Request) -> None:
        request.reply_page(self._page_html())

    def _features(self, request: Request) -> None:
        raise NotImplementedError

    def _data_with(
        self, drawn: Mapping[str, str], legend: Sequence[tuple[str, str]], order: Sequence[str], inks: Mapping[str, str]
    ) -> MapData:
        """What the page is told: ``drawn`` are the glyphs, ``legend`` their words, ``order`` from bottom to top.

        ``inks`` are the colours of the statuses in the ring of a cluster.
        """
        definition, colours = self._context.survey.definition, tokens().palette
        ratio, larger = math.ceil(self.devicePixelRatioF()), min(tokens().scale, 1.5)
        radii = tuple(round(larger * one) for one in RADII)
        shown = {
            "surface": colours.surface, "ink": colours.ink, "muted": colours.muted, "line": colours.line,
            "hover": colours.hover, "focus": colours.focus, "accent": colours.accent, "ground": colours.background,
            "area": colours.surface, "grid": colours.track,
        }  # fmt: skip
        return MapData(
            bounds=self._bounds, outline=definition.area.outline,
            outline_note=definition.area.outline_note.in_language(language()) if definition.area.outline else "",
            symbols=dict(drawn), sheet=sheet_of([drawn[key] for key, _ in legend], ratio, radii), ratio=ratio,
            radii=radii, legend=tuple(legend), words=_words(), order=tuple(order), colours=shown, inks=dict(inks),
            language=language().replace("_", "-"), scale=tokens().scale,
        )  # fmt: skip

    def _on_event(self, kind: str, values: dict[str, str]) -> None:
        if kind == "ready":
            self.is_ready = True
            self._run(self._basemap_script)
            self.ready.emit()
        elif kind == "select":
            self.selected.emit(values.get("id", ""))
        elif kind == "painted":
            self.painted.emit()
        elif kind == "drawn":
            self.drawn.emit(int(values.get("drawn", 0)), int(values.get("total", 0)))
        elif kind == "view" and not values.get("followed"):
            self.moved.emit(float(values["lon"]), float(values["lat"]))
        elif kind == "blocked":
            self.blocker.note(values.get("what", ""))
        else:
            self.told.emit(kind, values)


def _words() -> dict[str, str]:
    """The texts of the page; names in braces are filled in there."""
    return tool_words() | {
        "map": tr("地图"), "legend": tr("图例"), "shown": tr("显示 {shown} / {total}"),
        "shownOf": tr("筛选中：显示 {shown} / {matching}（共 {total}）"), "failed": tr("读取失败，请移动地图重试。"),
        "zoomIn": tr("放大"), "zoomOut": tr("缩小"), "comma": tr("、"),
        "keys": tr("：方向键移动，加减号缩放，回车选择离中心最近的点位。"), "sites": tr("{n} 个点位"),
        "cluster": tr("{n} 个点位：{states}"), "part": tr("{n} 个{state}"), "one": tr("1 个点位：{state}"),
        "nearest": tr("离中心最近：{what}"), "nothing": tr("这里没有点位"), "fan": tr("同一处有 {n} 个点位"),
        "dense": tr("这里的点位太密，地图分不开；请在列表里选。"),
    }  # fmt: skip


def _give_script(request: Request) -> None:
    """What draws vector tiles; the page asks for it with the first of them."""
    known = request.parts == ["protomaps-leaflet.js"]
    file = paths.resources() / "protomaps" / "protomaps-leaflet.js"
    request.reply(file.read_bytes() if known else None, "text/javascript; charset=utf-8")


def sheet_of(glyphs: list[str], ratio: int, radii: Sequence[int] = RADII) -> str:
    """All glyphs in all sizes as pixels: they need no decoding, so that the first picture already has them."""
    width = 2 * radii[0] * ratio
    image = QImage(width * len(glyphs), 2 * ratio * sum(radii), QImage.Format.Format_RGBA8888_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    top = 0
    for radius in radii:
        side = 2 * radius * ratio
        for column, glyph in enumerate(glyphs):
            QSvgRenderer(QByteArray(glyph.encode())).render(painter, QRectF(column * width, top, side, side))
        top += side
    painter.end()
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return base64.b64encode(bytes(straight.constBits())).decode()


def bounds_of(outline: dict[str, Any]) -> View | None:
    """West, south, east, north of a GeoJSON geometry; None without points."""
    points: list[tuple[float, float]] = []

    def walk(part: Any) -> None:
        if isinstance(part, (list, tuple)) and part and isinstance(part[0], (int, float)):
            points.append((float(part[0]), float(part[1])))
        elif isinstance(part, (list, tuple)):
            for inner in part:
                walk(inner)

    walk(outline.get("coordinates", []))
    if not points:
        return None
    return (
        min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points),
    )  # fmt: skip
