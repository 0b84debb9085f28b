"""The map page: made once with folium, everything it needs is local, nothing else may load."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from barrierfree import paths
from barrierfree.model.definition import Model

# What the page may ask for by name: the file below the resources folder, and its media type.
STATIC: Final[dict[str, tuple[str, str]]] = {
    "leaflet.js": ("leaflet/leaflet.js", "text/javascript"),
    "leaflet.css": ("leaflet/leaflet.css", "text/css"),
    "map.js": ("map/map.js", "text/javascript"),
    "map.css": ("map/map.css", "text/css"),
}
_ROOT: Final = "static"


class MapData(Model):
    """What the page is told: where to look, the outline, the words and glyphs, the colours of the theme.

    ``bounds`` is (west, south, east, north) in WGS-84 degrees; ``outline`` a GeoJSON geometry or empty;
    ``symbols`` status key: SVG text; ``order`` the keys from the bottom to the top of the drawing; ``words`` the
    texts the page shows; ``colours`` CSS colours by name.
    """

    bounds: tuple[float, float, float, float]
    outline: dict[str, Any]
    outline_note: str
    symbols: dict[str, str]
    legend: tuple[tuple[str, str], ...]
    order: tuple[str, ...]
    words: dict[str, str]
    colours: dict[str, str]
    language: str


@lru_cache(maxsize=1)
def _local_map() -> Any:
    """folium's map class without anything from a network."""
    import folium  # a third of a second: only when there is a map to show, or beforehand in a thread (``prepare``)

    scripts = [(name, f"{_ROOT}/{name}") for name in STATIC if name.endswith(".js") and name != "map.js"]
    sheets = [(name, f"{_ROOT}/{name}") for name in STATIC if name.endswith(".css")]
    return type("LocalMap", (folium.Map,), {"default_js": scripts, "default_css": sheets})


def prepare() -> None:
    """Import what a page is made with, so that the first one comes fast; safe in any thread."""
    _local_map()


def page(data: MapData, nonce: str) -> str:
    """The HTML of the page. ``nonce`` allows its own inline parts and nothing else (content security policy)."""
    from branca.element import Element

    west, south, east, north = data.bounds
    made = _local_map()(
        location=[(south + north) / 2, (west + east) / 2], zoom_start=15, tiles=None, prefer_canvas=True,
        zoom_control=False, max_bounds=False, zoom_snap=0.25,
    )  # fmt: skip
    root = made.get_root()
    text = json.dumps(data.model_dump(mode="json"), ensure_ascii=False).replace("<", "\\u003c")
    root.script.add_child(Element(f'window.barrierfreeData = {text}; window.barrierfreeMapName = "{made.get_name()}";'))
    html = str(root.render())
    html = html.replace("<script>", f'<script nonce="{nonce}">').replace("<style>", f'<style nonce="{nonce}">')
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    html = html.replace("<head>", f"<head>{head}", 1).replace("<html>", f'<html lang="{data.language}">', 1)
    return html.replace("</html>", f'<script src="{_ROOT}/map.js"></script></html>')


def static_file(name: str) -> tuple[Path, str] | None:
    """The file and media type of a name in ``STATIC``; None for any other name."""
    found = STATIC.get(name)
    return None if found is None else (paths.resources() / found[0], found[1])
