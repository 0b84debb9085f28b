"""The words that facility lists use for their columns."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from barrierfree.i18n import mark, tr

JOINT: Final = " / "  # between the parts of a header of several rows

# Our field: the words lists use for it, the surest first.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "name": (
        "点位名称", "名称", "设施名称", "单位名称", "店名", "店铺名", "店铺名称", "商户名称", "企业名称", "门店名称",
        "场所名称", "机构名称", "字号名称", "名字", "name:zh", "name", "title", "施設名", "施設名称",
    ),
    "address": (
        "详细地址", "地址", "位置", "具体位置", "设施地址", "单位地址", "经营地址", "门牌地址", "坐落", "所在地址",
        "address", "addr:full", "addr", "住所", "所在地",
    ),
    "community": ("社区", "所属社区", "社区名称", "所在社区", "居委会", "社区居委会", "村居", "community"),
    "site_class": (
        "场所类别", "类别", "小分类", "类型", "分类", "小类", "设施类别", "设施类型", "点位类别", "点位类型",
        "场所类型", "class", "category", "type", "label_type", "kind",
    ),
    "broad_class": ("大分类", "大类", "highway", "railway", "amenity", "barrier"),
    "lon": (
        "经度", "lon", "lng", "long", "longitude", "东经", "x坐标", "坐标x", "x", "横坐标", "东坐标", "e", "easting",
        "point_x", "经度坐标",
    ),
    "lat": (
        "纬度", "lat", "latitude", "北纬", "y坐标", "坐标y", "y", "纵坐标", "北坐标", "n", "northing", "point_y",
        "纬度坐标",
    ),
    "place": ("经纬度", "坐标", "经纬度坐标", "位置坐标", "地理坐标", "gps", "gps坐标", "location", "coordinates",
              "geometry", "geom", "wkt"),
    "city_number": (
        "点位编号", "编号", "编码", "代码", "设施编号", "设施编码", "点位编码", "市系统编号", "统一编号", "单位编号",
        "id", "code", "number", "objectid", "_id",
    ),
    "district": ("区", "市县区", "区县", "所属区", "行政区", "所在区", "district"),
    "street": ("街道", "乡镇", "街道乡镇", "街乡", "街乡镇", "所属街道", "所在街道", "街道名称", "属地街道",
               "subdistrict"),
    "grid": ("网格", "网格编号", "网格号", "网格编码", "所属网格", "责任网格", "grid"),
    "note": ("备注", "说明", "note", "remark", "remarks", "备注说明"),
    "phone": (
        "电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "固定电话", "座机", "phone", "tel",
        "telephone", "mobile",
    ),
}  # fmt: skip

FIELD_LABELS: Final[dict[str, str]] = {
    "name": mark("名称"),
    "address": mark("地址"),
    "community": mark("社区"),
    "site_class": mark("类别（细分）"),
    "broad_class": mark("类别（大类）"),
    "lon": mark("经度（或东坐标）"),
    "lat": mark("纬度（或北坐标）"),
    "place": mark("坐标（经纬度在一格）"),
    "city_number": mark("原有编号（市里或本清单的）"),
    "district": mark("区"),
    "street": mark("街道（乡镇）"),
    "grid": mark("网格"),
    "note": mark("备注"),
    "phone": mark("电话（写入备注）"),
}

# Keys under which OpenStreetMap says what a thing is; one thing has one or two of them.
KINDS: Final = (
    "amenity", "shop", "highway", "railway", "barrier", "public_transport", "office", "emergency", "tourism", "leisure",
    "building", "power",
)  # fmt: skip
_WORDS: Final = {word: field for field, words in reversed(FIELDS.items()) for word in words}


def field_label(field: str) -> str:
    """What a field is called in the window."""
    return tr(FIELD_LABELS[field])


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A header in the form in which words are compared: half-width, lower case, without spaces and units."""
    text = unicodedata.normalize("NFKC", header).strip().lower()
    return "".join(text.split()).split("(")[0].rstrip(":*")


@lru_cache(maxsize=4096)
def field_of(header: str) -> str:
    """The field whose word this header is (of a joined header: its last part), '' if none."""
    if len(header) > 60:
        return ""
    return _WORDS.get(plain(header), "") or _WORDS.get(plain(header.rsplit(JOINT.strip(), 1)[-1]), "")


def holds_words(text: str) -> bool:
    """Whether the start of a file, decoded, holds a column word of two Chinese signs or more."""
    folded = unicodedata.normalize("NFKC", text)
    return any(word in folded for word in _WORDS if len(word) > 1 and not word.isascii())
