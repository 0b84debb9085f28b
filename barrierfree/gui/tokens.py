"""The tokens of the look: colours that are readable on their ground, sizes that grow with the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. ``on_x`` is the text on ``x``; every pair in ``PAIRS`` is at least 4.5 : 1."""

    name: str
    ink: str
    muted: str
    disabled: str
    background: str
    surface: str
    header: str
    hover: str
    line: str
    field_line: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    selection: str
    on_selection: str
    selection_accent: str
    focus: str
    track: str
    good: str
    bad: str
    warn: str
    other: str
    good_soft: str
    bad_soft: str
    warn_soft: str
    info_soft: str
    on_bad: str
    badge: str
    on_badge: str
    badge_line: str


LIGHT: Final = Palette(
    name="light",
    ink="#1B1F24",
    muted="#5B6470",
    disabled="#69717C",
    background="#F3F4F6",
    surface="#FFFFFF",
    header="#F3F4F6",
    hover="#F1F4F7",
    line="#DCE0E5",
    field_line="#858E99",
    accent="#0B62A4",
    accent_hover="#095590",
    on_accent="#FFFFFF",
    link="#0B62A4",
    selection="#E3EEF7",
    on_selection="#1B1F24",
    selection_accent="#0B62A4",
    focus="#0B62A4",
    track="#E7EAEF",
    good="#1A7348",
    bad="#B3400E",
    warn="#8A5A00",
    other="#6B3FA0",
    good_soft="#E6F4EC",
    bad_soft="#FCEDE6",
    warn_soft="#FFF6DF",
    info_soft="#E3EEF7",
    on_bad="#FFFFFF",
    badge="#FFF3CD",
    on_badge="#664A00",
    badge_line="#E3C977",
)
DARK: Final = Palette(
    name="dark",
    ink="#F2F0EA",
    muted="#A9B2BD",
    disabled="#8C95A0",
    background="#15181C",
    surface="#1D2126",
    header="#23282E",
    hover="#272D34",
    line="#353C45",
    field_line="#7F8893",
    accent="#7CC0F5",
    accent_hover="#9AD0FA",
    on_accent="#0C1B28",
    link="#7CC0F5",
    selection="#1E3547",
    on_selection="#F2F0EA",
    selection_accent="#7CC0F5",
    focus="#7CC0F5",
    track="#343B44",
    good="#7BD3A4",
    bad="#FF9A6B",
    warn="#F0C05A",
    other="#C9A6F5",
    good_soft="#1B3327",
    bad_soft="#3A261C",
    warn_soft="#352C14",
    info_soft="#1E3547",
    on_bad="#2A1206",
    badge="#3A3115",
    on_badge="#F0C05A",
    badge_line="#6B5A20",
)


def _contrast(name: str, ink: str, ground: str) -> Palette:
    return Palette(
        name=name,
        ink=ink,
        muted=ink,
        disabled=ink,
        background=ground,
        surface=ground,
        header=ground,
        hover=ground,
        line=ink,
        field_line=ink,
        accent=ink,
        accent_hover=ink,
        on_accent=ground,
        link=ink,
        selection=ink,
        on_selection=ground,
        selection_accent=ground,
        focus=ink,
        track=ground,
        good=ink,
        bad=ink,
        warn=ink,
        other=ink,
        good_soft=ground,
        bad_soft=ground,
        warn_soft=ground,
        info_soft=ground,
        on_bad=ground,
        badge=ground,
        on_badge=ink,
        badge_line=ink,
    )


CONTRAST: Final = _contrast("contrast", "#000000", "#FFFFFF")
CONTRAST_DARK: Final = _contrast("contrast", "#FFFFFF", "#000000")
PALETTES: Final = (LIGHT, DARK, CONTRAST, CONTRAST_DARK)

# (text, ground) that occur together on screen; the test holds every one of them to 4.5 : 1 (WCAG 1.4.3).
PAIRS: Final = (
    *((text, ground) for text in ("ink", "muted") for ground in ("background", "surface", "header", "hover")),
    *((text, "surface") for text in ("link", "good", "bad", "warn", "other", "disabled")),
    *((text, "background") for text in ("link", "good", "bad", "warn")),
    *((text, "hover") for text in ("link", "good", "bad", "warn", "other")),
    *(("ink", ground) for ground in ("good_soft", "bad_soft", "warn_soft", "info_soft")),
    ("good", "good_soft"),
    ("bad", "bad_soft"),
    ("warn", "warn_soft"),
    ("link", "info_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_selection", "selection"),
    ("selection_accent", "selection"),
    ("on_bad", "bad"),
    ("on_badge", "badge"),
)
# (line, ground) that must be told apart without being text (WCAG 1.4.11: 3 : 1).
LINES: Final = (("field_line", "surface"), ("focus", "surface"), ("focus", "background"), ("accent", "surface"))


@dataclass(frozen=True)
class Tokens:
    """A palette and a text scale (1.0 to 2.0). All sizes in device-independent pixels."""

    palette: Palette
    scale: float

    def text(self, size: float) -> int:
        """A text size given at 100 %, at this scale."""
        return round(size * self.scale)

    @property
    def base(self) -> int:
        """Body text: 15 px at 100 %."""
        return self.text(15)

    @property
    def small(self) -> int:
        """Secondary text: 13 px at 100 %."""
        return self.text(13)

    @property
    def heading(self) -> int:
        """Headings within a page: 18 px at 100 %."""
        return self.text(18)

    @property
    def title(self) -> int:
        """Page titles: 22 px at 100 %."""
        return self.text(22)

    @property
    def number(self) -> int:
        """Numbers on cards: 32 px at 100 %."""
        return self.text(32)

    @property
    def icon(self) -> int:
        """Side of an icon beside body text."""
        return self.text(20)

    @property
    def target(self) -> int:
        """Least height of anything to click: 44 px, more when the text needs it (WCAG 2.5.5)."""
        return max(44, round(self.base * 1.5) + 18)

    @property
    def radius(self) -> int:
        """Corner radius of cards and fields."""
        return 8

    @property
    def gap(self) -> int:
        """One step of the 8 px grid."""
        return 8

    @property
    def large(self) -> bool:
        """Whether pages should show columns as tabs because the text is large (150 % on)."""
        return self.scale >= 1.5

    @property
    def is_contrast(self) -> bool:
        """High contrast: ink only, shapes and patterns tell."""
        return self.palette.name == "contrast"


def contrast_ratio(one: str, other: str) -> float:
    """The contrast of two ``#RRGGBB`` colours as WCAG 2.1 defines it (1 to 21)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
