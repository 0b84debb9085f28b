"""The status glyphs: one source of shape and colour for list, map, chart and print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from barrierfree import paths
from barrierfree.errors import NotFoundError
from barrierfree.i18n import tr

INK_LIGHT: Final = "#1B1F24"
INK_DARK: Final = "#F2F0EA"
CONTRAST_INK: Final = "#000000"

_HALO: Final = "var(--halo,#ffffff)"
_CUT: Final = "var(--cut,#ffffff)"

_GREY: Final = ("#5B6470", "#A9B2BD")
_BLUE: Final = ("#0B62A4", "#7CC0F5")
_GREEN: Final = ("#1A7348", "#7BD3A4")
_OCHRE: Final = ("#8A5A00", "#F0C05A")
_RUST: Final = ("#B3400E", "#FF9A6B")
_VIOLET: Final = ("#6B3FA0", "#C9A6F5")

# Values of model.words.Status and FindingState -> shape, colours. Words both share mean the same glyph.
_TABLE: Final[dict[str, tuple[str, tuple[str, str]]]] = {
    "not_surveyed": ("circle_hollow", _GREY),
    "pending": ("circle_half", _BLUE),
    "met": ("circle_tick", _GREEN),
    "not_inspected": ("circle_bar", _GREY),
    "question": ("circle_question", _OCHRE),
    "reported": ("triangle_outline", _RUST),
    "open": ("triangle_filled", _RUST),
    "in_progress": ("triangle_half", _RUST),
    "claimed": ("diamond", _OCHRE),
    "rectified": ("triangle_tick", _GREEN),
    "soft_service": ("square", _VIOLET),
    "transferred": ("square", _VIOLET),
    "duplicate": ("square_bar", _GREY),
    "invalid": ("square_bar", _GREY),
}


@dataclass(frozen=True)
class Symbol:
    """A status glyph.

    ``svg`` is a 24x24 drawing in ``currentColor`` with an element of class ``halo`` (2 px around the shape, CSS
    variable ``--halo``) and, in filled shapes, a mark of class ``cut`` (variable ``--cut``); a web page can use it as
    it is, everything else asks for ``painted``. ``light`` and ``dark`` are the colours on light and dark ground.
    """

    key: str
    shape: str
    light: str
    dark: str
    svg: str

    def colour(self, theme: str) -> str:
        """The colour in ``theme``: ``light``, ``dark`` or ``contrast`` (ink only, the shape alone tells)."""
        if theme == "contrast":
            return CONTRAST_INK
        return self.dark if theme == "dark" else self.light

    def painted(self, colour: str, halo: str = "none", cut: str = "#ffffff") -> str:
        """The drawing with plain colours, for programs without CSS variables; ``halo`` ``none`` leaves it out."""
        return self.svg.replace(_HALO, halo).replace(_CUT, cut).replace("currentColor", colour)


@cache
def symbol(key: str) -> Symbol:
    """The glyph of a status or finding state (the value of the enum)."""
    if key not in _TABLE:
        raise NotFoundError(
            tr("没有名为“{key}”的状态图形。").format(key=key), tr("请更新程序后再试，或把这条信息发给维护人员。")
        )
    shape, (light, dark) = _TABLE[key]
    svg = (paths.resources() / "symbols" / f"{shape}.svg").read_text(encoding="utf-8")
    return Symbol(key, shape, light, dark, svg)


def all_symbols() -> tuple[Symbol, ...]:
    """Every glyph, in the order of the life of a site and of a finding."""
    return tuple(symbol(key) for key in _TABLE)
