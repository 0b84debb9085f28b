"""The map page: made once with folium, everything it needs is local, nothing else may load."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from barrierfree import paths
from barrierfree.model.definition import Model

# What the page is made of: the file below the resources folder by the name under which folium puts it in.
STATIC: Final[dict[str, str]] = {
    "leaflet.js": "leaflet/leaflet.js",
    "leaflet.css": "leaflet/leaflet.css",
    "map.css": "map/map.css",
    # Our own, in this order after folium's; ``map.js`` says at its top what the others build on.
    "map.js": "map/map.js",
    "ground.js": "map/ground.js",
    "drawing.js": "map/drawing.js",
    "fan.js": "map/fan.js",
    "hands.js": "map/hands.js",
    "basemap.js": "map/basemap.js",
    "basemap.css": "map/basemap.css",
    "tools.js": "map/tools.js",
    "tools_place.js": "map/tools_place.js",
    "tools_area.js": "map/tools_area.js",
    "tools_measure.js": "map/tools_measure.js",
    "tools_marks.js": "map/tools_marks.js",
    "tools_layers.js": "map/tools_layers.js",
    "tools.css": "map/tools.css",
}
_ROOT: Final = "static"


class MapData(Model):
    """What the page is told: where to look, the outline, the words and glyphs, the colours of the theme.

    ``bounds`` is (west, south, east, north) in WGS-84 degrees; ``outline`` a GeoJSON geometry or empty;
    ``symbols`` status key: SVG text (for the legend); ``sheet`` the same as pixels (RGBA, base64) at ``ratio``
    device pixels, a row for each of the ``radii`` (px, largest first), a column for each status of ``legend``;
    ``order`` the keys from the bottom to the top of the drawing; ``words`` the texts the page shows; ``colours`` CSS
    colours by name; ``inks`` those of the statuses; ``font`` the CSS family of the texts on the canvas;
    ``scale`` how much larger than usual the texts are.
    """

    bounds: tuple[float, float, float, float]
    outline: dict[str, Any]
    outline_note: str
    symbols: dict[str, str]
    sheet: str
    ratio: int
    radii: tuple[int, ...]
    legend: tuple[tuple[str, str], ...]
    order: tuple[str, ...]
    words: dict[str, str]
    colours: dict[str, str]
    language: str
    inks: dict[str, str]
    scale: float = 1.0
    font: str = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif'


def _own(name: str) -> bool:
    """Whether a file is a script of ours, which runs when the map is there."""
    return STATIC[name].startswith("map/") and name.endswith(".js")


@lru_cache(maxsize=1)
def _local_map() -> Any:
    """folium's map class without anything from a network."""
    import folium  # a third of a second: only when there is a map to show, or beforehand in a thread (``prepare``)

    scripts = [(name, f"{_ROOT}/{name}") for name in STATIC if name.endswith(".js") and not _own(name)]
    sheets = [(name, f"{_ROOT}/{name}") for name in STATIC if name.endswith(".css")]
    return type("LocalMap", (folium.Map,), {"default_js": scripts, "default_css": sheets})


def prepare() -> None:
    """Import and compile what a page is made with, so that the first one comes fast; safe in any thread."""
    page(
        MapData(
            bounds=(0, 0, 1, 1), outline={}, outline_note="", symbols={}, sheet="", ratio=1, radii=(), legend=(),
            order=(), words={}, colours={}, language="en", inks={},
        ),
        "",
    )  # fmt: skip


@lru_cache
def _text(name: str) -> str:
    """A file of ``STATIC`` as it may stand inside a script or style element."""
    text = (paths.resources() / STATIC[name]).read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script").replace("</style", "<\\/style")


def page(data: MapData, nonce: str, first: bytes = b"null") -> str:
    """The HTML of the page. ``nonce`` allows its own inline parts and nothing else (content security policy).

    ``first`` is what ``features_json`` says of the first view and around it; without it the page asks for it.
    """
    from branca.element import Element

    west, south, east, north = data.bounds
    made = _local_map()(
        location=[(south + north) / 2, (west + east) / 2], zoom_start=15, tiles=None, prefer_canvas=True,
        zoom_control=False, max_bounds=False, zoom_snap=0.25,
    )  # fmt: skip
    root = made.get_root()
    text = json.dumps(data.model_dump(mode="json"), ensure_ascii=False).replace("<", "\\u003c")
    root.script.add_child(Element(f'window.barrierfreeData = {text}; window.barrierfreeMapName = "{made.get_name()}";'))
    root.script.add_child(Element("window.barrierfreeFirst = " + first.decode().replace("<", "\\u003c") + ";"))
    html = str(root.render())
    html = html.replace("<script>", f'<script nonce="{nonce}">').replace("<style>", f'<style nonce="{nonce}">')
    for name in STATIC:  # one request serves the whole page
        at = re.escape(f"{_ROOT}/{name}")
        if name.endswith(".css"):
            element, pattern = f"<style>{_text(name)}</style>", rf'<link [^>]*href="{at}"[^>]*>'
        else:
            element, pattern = f'<script nonce="{nonce}">{_text(name)}</script>', rf'<script src="{at}"></script>'
        if not _own(name):
            html = re.sub(pattern, lambda _found, element=element: element, html, count=1)  # type: ignore[misc]
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    html = html.replace("<head>", f"<head>{head}", 1).replace("<html>", f'<html lang="{data.language}">', 1)
    scripts = [_text(name) for name in STATIC if _own(name)] + ["barrierfree.start();"]
    own = "".join(f'<script nonce="{nonce}">{script}</script>' for script in scripts)
    return html.removesuffix("</html>") + f"{own}</html>"
