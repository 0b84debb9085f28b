"""Layers of the map beside sites and basemap: the outline, and GeoJSON files of the user's, remembered per survey."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu

from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.map_picture import PaperLayer
from barrierfree.gui.map_scheme import Request
from barrierfree.gui.map_view import MapView
from barrierfree.gui.page import Page
from barrierfree.gui.theme import tokens
from barrierfree.gui.tokens import LIGHT
from barrierfree.i18n import bracketed, listed, named, tr
from barrierfree.map import Layer, read_layer

# Colours of the palette and dashes, so that no two of the first eight look alike, also without colour.
STYLES: Final = (
    ("other", ""), ("link", "8 5"), ("good", "2 5"), ("warn", "10 4 2 4"), ("bad", "14 6"), ("ink", "4 4"),
    ("accent", "1 6"), ("muted", "16 4 4 4"),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A file of the user's: what was read of it, or why it cannot be shown. ``key`` names it for the page."""

    file: Path
    key: str
    on: bool = True
    layer: Layer | None = None
    fault: str = ""


def counted(layer: Layer) -> str:
    """How much there is in a layer, in words."""
    words = {"points": tr("{n} 个点"), "lines": tr("{n} 条线"), "areas": tr("{n} 个面")}
    return listed(words[kind].format(n=f"{n:,}") for kind, n in layer.counts.items())


class MapLayers(QObject):
    """``button`` belongs above the map; ``layers`` are the files, whether on or off, in the order they were added."""

    def __init__(self, context: Context, page: Page, view: MapView) -> None:
        super().__init__(page)
        self._context, self._page, self._map = context, page, view
        self._setting = f"map.layers:{context.survey.path}"
        self._next = 0
        kept = context.settings.get(self._setting, {})
        kept = kept if isinstance(kept, dict) else {}
        self.outline = bool(kept.get("outline", True))
        self.layers = [self._new(Path(str(one[0])), bool(one[1])) for one in kept.get("files", []) if len(one) == 2]
        self.button = Button(tr("图层"), icon="columns", tip=tr("普查范围和自己的 GeoJSON 文件"))
        self._menu = QMenu(self.button)
        self._menu.setToolTipsVisible(True)
        self.button.setMenu(self._menu)
        view.answers["layer"] = self._answer
        view.ready.connect(self._on_ready)
        self._fill()

    def _new(self, file: Path, on: bool) -> Shown:
        self._next += 1
        return Shown(file, str(self._next), on)

    # -- the menu ---------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self._menu.clear()
        outline = self._menu.addAction(tr("普查范围"))
        outline.setCheckable(True)
        outline.setChecked(self.outline)
        outline.setEnabled(bool(self._context.survey.definition.area.outline))
        outline.triggered.connect(self.show_outline)
        for shown in self.layers:
            title = bracketed(shown.file.name, shown.fault and tr("用不了")) if shown.fault else shown.file.name
            action = self._menu.addAction(title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(shown.on and not shown.fault)
            action.setToolTip(shown.fault or (counted(shown.layer) if shown.layer else str(shown.file)))
            action.triggered.connect(partial(self._on_toggled, shown.key))
        self._menu.addSeparator()
        self._menu.addAction(tr("添加图层…")).triggered.connect(lambda _on=False: self.ask_file())
        if self.layers:
            remove = self._menu.addMenu(tr("移除图层"))
            for shown in self.layers:
                action = remove.addAction(shown.file.name.replace("&", "&&"))
                action.triggered.connect(partial(self._on_removed, shown.key))

    def _on_toggled(self, key: str, on: bool) -> None:
        self.set_shown(key, on)

    def _on_removed(self, key: str, _on: bool) -> None:
        self.layers = [one for one in self.layers if one.key != key]
        self._keep()

    def show_outline(self, on: bool) -> None:
        """Draw the outline of the area, or not."""
        self.outline = on
        self._keep()

    def set_shown(self, key: str, on: bool) -> None:
        """Draw a layer, or not; what could not be read is tried again."""
        self._change(key, on=on, fault="")
        self._keep()
        self._read_missing()

    def _change(self, key: str, **values: Any) -> None:
        self.layers = [replace(one, **values) if one.key == key else one for one in self.layers]

    def _keep(self) -> None:
        files = [[str(one.file), one.on] for one in self.layers]
        self._context.settings.set(self._setting, {"outline": self.outline, "files": files})
        self._fill()
        self._draw()

    # -- files ------------------------------------------------------------------------------------------------------

    def ask_file(self) -> None:
        """Ask which file to show."""
        folder = str(self._context.survey.path.parent)
        kinds = tr("GeoJSON 文件 ({patterns})").format(patterns="*.geojson *.json")
        file, _ = QFileDialog.getOpenFileName(self._page, tr("添加图层"), folder, kinds)
        if file:
            self.add(Path(file))

    def add(self, file: Path) -> None:
        """Show a file; it stays where it is and is read there each time."""
        known = next((one for one in self.layers if one.file == file), None)
        if known is not None:
            self._change(known.key, on=True, layer=None, fault="")
            self._read(replace(known, on=True))
            return
        self._read(self._new(file, True), new=True)

    def _read(self, shown: Shown, new: bool = False) -> None:
        self._context.tasks.compute(
            partial(read_layer, shown.file), partial(self._on_read, shown, new), partial(self._on_failed, shown, new),
            context=self,
        )  # fmt: skip

    def _read_missing(self) -> None:
        for shown in self.layers:
            if shown.on and shown.layer is None and not shown.fault:
                self._read(shown)

    def _on_read(self, shown: Shown, new: bool, layer: Layer) -> None:
        if new:
            self.layers.append(shown)
        self._change(shown.key, layer=layer, fault="")
        self._keep()
        if new:
            skipped = tr("{n} 个要素没有图形，没有画。").format(n=layer.skipped) if layer.skipped else ""
            self._page.messages.show_message(
                "good", tr("图层“{name}”已添加：{counts}。").format(name=layer.name, counts=counted(layer)), skipped
            )
            west, south, east, north = layer.bounds
            self._map.tell(f"showBox({json.dumps([west, south, east, north])})")

    def _on_failed(self, shown: Shown, new: bool, error: Exception) -> None:
        if not new:
            words = error.message if isinstance(error, BarrierFreeError) else tr("读不了这个文件。")
            self._change(shown.key, layer=None, fault=words)
            self._fill()
            self._draw()
        self._page.messages.show_error(error)

    # -- the page ---------------------------------------------------------------------------------------------------

    def _on_ready(self) -> None:
        self._draw()
        self._read_missing()

    def _draw(self) -> None:
        self._map.tell(f"showOutline({json.dumps(self.outline)})")
        said = [
            {"key": one.key, "name": one.file.name, "told": named(one.file.name, counted(one.layer)),
             "colour": self.style_of(one)[0], "dash": self.style_of(one)[1]}
            for one in self.layers if one.on and one.layer is not None
        ]  # fmt: skip
        self._map.tell(f"showLayers({json.dumps(said)})")

    def style_of(self, shown: Shown) -> tuple[str, str]:
        """Its colour (#RRGGBB) and its dashes (SVG), by its place in the list."""
        at = next((n for n, one in enumerate(self.layers) if one.key == shown.key), 0)
        tone, dash = STYLES[at % len(STYLES)]
        return str(getattr(tokens().palette, tone)), dash

    def on_paper(self) -> tuple[PaperLayer, ...]:
        """Those that are shown, as they are drawn on paper: in the colours of the light theme."""
        return tuple(
            PaperLayer(one.file.name, one.layer.content, str(getattr(LIGHT, STYLES[n % len(STYLES)][0])),
                       STYLES[n % len(STYLES)][1])
            for n, one in enumerate(self.layers) if one.on and one.layer is not None
        )  # fmt: skip

    def _answer(self, request: Request) -> None:
        """The features of a layer, for the page."""
        wanted = next((one for one in self.layers if [one.key] == request.parts), None)
        request.reply(wanted.layer.content if wanted is not None and wanted.layer is not None else None)
