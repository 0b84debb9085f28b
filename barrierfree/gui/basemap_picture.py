"""The basemap of a map on paper: the map's own page out of sight, as large as the paper, grabbed when it is drawn."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from barrierfree.basemaps import BasemapInfo
from barrierfree.errors import BasemapError
from barrierfree.gui.basemap_look import basemap_script
from barrierfree.gui.context import Context
from barrierfree.gui.map_frame import MapFrame
from barrierfree.gui.map_scheme import Request
from barrierfree.gui.tokens import LIGHT
from barrierfree.i18n import tr
from barrierfree.map import page
from barrierfree.operations.map_paper import Projection

_PIXEL_MM: Final = 0.254  # a CSS pixel on the paper: 100 an inch, so that names are as large as in an atlas
_ASK_MS, _MOST_ASKS = 120, 500
_BARE: Final = f"""
  barrierfree.map.getContainer().style.background = "{LIGHT.background}";
  document.querySelector(".leaflet-control-container").style.display = "none";
  barrierfree.map.getPane("ground").style.display = "none";
  barrierfree.map._fadeAnimated = false;
  barrierfree.map.options.zoomSnap = 0;
  barrierfree.map.setMaxZoom(24);
  barrierfree.map.invalidateSize(false);
"""
_STANDS: Final = """(() => {
  let loading = 0;
  barrierfree.map.eachLayer((one) => { if (one.isLoading && one.isLoading()) { loading = 1; } });
  return JSON.stringify([loading, barrierfree.basemapState.name, barrierfree.basemapState.shown]);
})()"""

_SIGN_COLOUR: Final = "#ff00ff"
_SIGN: Final = f"""
  window.sign = window.sign || document.body.appendChild(document.createElement("div"));
  window.sign.style.cssText =
    "position:fixed;left:0;top:0;width:8px;height:8px;z-index:9999;background:{_SIGN_COLOUR};display:ON";
  1
"""


class _Bare(MapFrame):
    """The map's page without sites, always in the colours for paper."""

    info: BasemapInfo | None = None

    def _page_html(self) -> str:
        return page(self._data_with({"": "<svg/>"}, [("", "")], [""], {}), self._nonce)

    def _features(self, request: Request) -> None:
        request.reply(b'{"sites":[],"total":0}')

    def _on_basemap(self, number: int, info: BasemapInfo) -> None:
        self.info = info
        self._basemap_script = basemap_script(number, info, LIGHT)
        self._run(self._basemap_script)


class BasemapPicture(QObject):
    """Draws once; delete it to give up.

    Signals:
        drawn(QImage, str): the picture of the projection's frame (null where there is none), and whose data it is.
        failed(Exception): it cannot be drawn.
    """

    drawn = Signal(QImage, str)
    failed = Signal(object)

    def __init__(self, context: Context, file: Path, projection: Projection, dpi: int, parent: QObject) -> None:
        super().__init__(parent)
        self._projection = projection
        self._asks = 0
        self._frame = _Bare(context)
        self.destroyed.connect(self._frame.deleteLater)
        self._frame.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        ratio = self._frame.devicePixelRatioF()
        _left, _top, width, height = projection.frame
        self._frame.resize(round(width / 25.4 * dpi / ratio), round(height / 25.4 * dpi / ratio))
        self._factor = dpi * _PIXEL_MM / 25.4 / ratio
        self._frame.ready.connect(self._on_ready)
        self._frame.basemap_failed.connect(self.failed)
        self._frame.show()
        self._frame.show_basemap(file)
        self._frame.load()

    def _on_ready(self) -> None:
        self._frame.view.setZoomFactor(self._factor)
        QTimer.singleShot(_ASK_MS, self, self._look)

    def _look(self) -> None:
        """Where the paper looks; again until the page has taken its size, which comes to it late."""
        west, south, east, north = self._projection.box
        x, y = (west + east) / 2, (_mercator(south) + _mercator(north)) / 2
        lat = math.degrees(math.atan(math.sinh(y)))
        zoom = math.log2(self._projection.mm / (256 * _PIXEL_MM))
        self._frame.ask(
            f"{_BARE} barrierfree.map.setView([{lat!r}, {x!r}], {zoom!r}, {{animate: false}});"
            " barrierfree.map.getSize().x", self._on_size,
        )  # fmt: skip

    def _on_size(self, width: Any) -> None:
        wanted = self._projection.frame[2] / _PIXEL_MM
        if width is None or abs(width - wanted) > 2:
            self._later(self._look)
        else:
            self._later(self._ask)

    def _later(self, act: Callable[[], None]) -> None:
        self._asks += 1
        if self._asks > _MOST_ASKS:
            self.failed.emit(BasemapError(tr("底图画得太久，没有画完。"), tr("请选小一些的范围，或先不用底图。")))
            return
        QTimer.singleShot(_ASK_MS, self, act)

    def _ask(self) -> None:
        self._frame.ask(_STANDS, self._on_stands)

    def _on_stands(self, said: Any) -> None:
        loading, name, shown = json.loads(said) if said else (1, "", False)
        if loading or not name:
            self._later(self._ask)
        elif not shown:  # it has nothing here, or not at this scale
            self.drawn.emit(QImage(), "")
        else:
            self._signal(True)

    def _signal(self, on: bool) -> None:
        """What the page has drawn comes to the widget some frames later: a sign that comes, and goes, says when."""
        self._frame.ask(
            _SIGN.replace("ON", "block" if on else "none"), lambda _said: self._later(partial(self._see, on))
        )

    def _see(self, on: bool) -> None:
        corner = self._frame.view.grab(QRect(0, 0, 3, 3)).toImage().pixelColor(1, 1)
        if (corner.name() == _SIGN_COLOUR) != on:
            self._later(partial(self._see, on))
        elif on:
            self._signal(False)
        else:
            self._grab()

    def _grab(self) -> None:
        info = self._frame.info
        image = self._frame.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(1.0)
        self.drawn.emit(image, info.attribution if info is not None else "")


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))
