"""What the map page is told of a basemap: its facts as data, and calm colours mixed from those of the theme."""

from __future__ import annotations

import json
from typing import Final

from barrierfree.basemaps import BasemapInfo
from barrierfree.gui.theme import tokens
from barrierfree.gui.tokens import Palette
from barrierfree.i18n import language, tr

# name: (what is mixed into the ground, how much of it)
_LIGHT: Final = {
    "green": ("good", 0.13), "water": ("accent", 0.20), "deep": ("accent", 0.80), "built": ("warn", 0.07),
    "paved": ("ink", 0.035), "building": ("ink", 0.09), "wall": ("ink", 0.17), "road": ("surface", 1.0),
    "major": ("surface", 1.0), "highway": ("warn", 0.16), "far": ("ink", 0.22), "kerb": ("ink", 0.15),
    "path": ("ink", 0.34), "rail": ("ink", 0.40), "text": ("ink", 0.80), "faint": ("ink", 0.64), "spot": ("ink", 0.45),
    "halo": ("surface", 0.7),
}  # fmt: skip
_DARK: Final = _LIGHT | {
    "green": ("good", 0.11), "water": ("accent", 0.17), "building": ("ink", 0.08), "wall": ("ink", 0.16),
    "road": ("ink", 0.20), "major": ("ink", 0.26), "highway": ("warn", 0.22), "kerb": ("ink", 0.06),
    "path": ("ink", 0.30), "rail": ("ink", 0.36), "faint": ("ink", 0.66), "halo": ("surface", 0.0),
}  # fmt: skip
# In the themes of high contrast every name is written as any other text.
_CONTRAST: Final = {"text": ("ink", 1.0), "faint": ("ink", 1.0), "deep": ("ink", 1.0), "halo": ("surface", 1.0)}


def map_colours(palette: Palette) -> dict[str, str]:
    """The colours of the parts of a vector map in one theme."""
    dark = _brightness(palette.background) < 128
    parts = dict(_DARK if dark else _LIGHT)
    if palette.name.startswith("contrast"):
        parts |= _CONTRAST
    return {name: mixed(palette.background, getattr(palette, tone), much) for name, (tone, much) in parts.items()}


def mixed(ground: str, tone: str, much: float) -> str:
    """``tone`` over ``ground`` (both #RRGGBB), as strong as ``much`` (0 to 1)."""
    pairs = zip(_parts(ground), _parts(tone), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * much):02X}" for a, b in pairs)


NO_BASEMAP: Final = "window.barrierfreeBasemap = null; barrierfree.showBasemap?.(); 1"


def basemap_script(number: int, info: BasemapInfo, palette: Palette | None = None) -> str:
    """What shows a basemap, once the page's script for it is there; all texts of the file are data."""
    palette = palette or tokens().palette
    theme = "contrast" if palette.name.startswith("contrast") else palette.name
    said = {
        "number": number, "name": info.name, "kind": info.kind, "tile_size": info.tile_size,
        "min_zoom": info.min_zoom, "max_zoom": info.max_zoom, "bounds": info.bounds, "attribution": info.attribution,
        "schema": info.schema, "layers": info.layers, "chinese": language().startswith("zh"), "theme": theme,
        "colours": map_colours(palette), "scale": min(tokens().scale, 1.5),
        "words": {
            "far": tr("底图没有这么小的比例尺，放大就能看到。"),
            "near": tr("底图没有这么细，缩小就能看到。"),
            "outside": tr("底图不覆盖这里。"),
        },
    }  # fmt: skip
    return f"window.barrierfreeBasemap = {json.dumps(said)}; barrierfree.showBasemap?.(); 1"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _brightness(colour: str) -> float:
    red, green, blue = _parts(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
