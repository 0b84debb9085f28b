"""Which column of a facility list is what: proposed from the header words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

# Our field: the words lists use for it, the surest first. Telephone numbers have no field: they stay out.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("点位名称", "名称", "设施名称", "单位名称", "店名", "name:zh", "name", "title"),
    "address": ("详细地址", "地址", "位置", "address", "addr:full", "addr"),
    "community": ("社区", "所属社区", "居委会", "community"),
    "site_class": ("场所类别", "类别", "小分类", "类型", "分类", "class", "category", "type"),
    "broad_class": ("大分类", "大类", "highway", "railway", "amenity"),
    "lon": ("经度", "lon", "lng", "longitude", "东经", "x坐标", "x"),
    "lat": ("纬度", "lat", "latitude", "北纬", "y坐标", "y"),
    "note": ("备注", "说明", "note", "remark"),
}


def plain(header: str) -> str:
    """A header in the form in which words are compared: half-width, lower case, without spaces and units."""
    text = unicodedata.normalize("NFKC", header).strip().lower().replace(" ", "")
    return text.split("(")[0].split("（")[0]


def known_headers(text: str) -> list[str]:
    """The fields whose words occur in ``text`` (a header cell, or the start of a file)."""
    cell = plain(text) if len(text) < 40 else text
    if len(text) < 40:
        return [field for field, words in FIELDS.items() if cell in words]
    return [field for field, words in FIELDS.items() if any(w in cell for w in words if len(w) > 1)]


def propose(headers: Sequence[str]) -> dict[str, int]:
    """Which column (0-based) holds which field, as far as the headers tell."""
    cells = [plain(h) for h in headers]
    found: dict[str, int] = {}
    for field, words in FIELDS.items():
        for word in words:
            if word in cells and cells.index(word) not in found.values():
                found[field] = cells.index(word)
                break
    return found
