"""One set of tokens (colours, spacing, radii, type) and the application's look built from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from barrierfree.gui.garbage import uncollected
from barrierfree.gui.style_sheet import style_sheet
from barrierfree.gui.tokens import CONTRAST, CONTRAST_DARK, DARK, LIGHT, Palette, Tokens, contrast_ratio
from barrierfree.i18n import language

ThemeName = Literal["light", "dark", "contrast", "system"]
THEMES: Final[tuple[ThemeName, ...]] = ("system", "light", "dark", "contrast")
FAMILIES: Final = ("Noto Sans CJK SC", "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC")
LATIN_FAMILIES: Final = ("Noto Sans", "Segoe UI", "Helvetica Neue")  # else curly quotes come full width
SMALLEST_SCALE: Final = 1.0
LARGEST_SCALE: Final = 2.0

_current = Tokens(LIGHT, 1.0)


def tokens() -> Tokens:
    """The tokens in use. One per process, as there is one style sheet per process."""
    return _current


def symbol_theme() -> str:
    """The name of the theme as ``Symbol.colour`` wants it: light, dark or contrast."""
    return _current.palette.name


def apply_theme(app: QApplication, theme: ThemeName, scale: float = 1.0) -> Tokens:
    """Give ``app`` a theme and a text size (1.0 to 2.0); windows that are open follow at once.

    ``system`` follows the light or dark of the desktop. Widgets that paint themselves read ``tokens()`` again
    when they get the style change event.
    """
    global _current
    palette = _palette(app, theme)
    _current = Tokens(palette, min(max(scale, SMALLEST_SCALE), LARGEST_SCALE))
    with uncollected():
        if not app.styleSheet() and app.style().objectName().lower() != "fusion":  # a style sheet hides the name
            app.setStyle("Fusion")
        app.setFont(_font(_current))
        app.setPalette(_qt_palette(palette))
        app.setStyleSheet(style_sheet(_current))
    return _current


def _palette(app: QApplication, theme: ThemeName) -> Palette:
    system_is_dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if theme == "contrast":
        base = CONTRAST_DARK if system_is_dark else CONTRAST
        return _with_system_highlight(base, app)
    if theme == "dark" or (theme == "system" and system_is_dark):
        return DARK
    return LIGHT


def _with_system_highlight(palette: Palette, app: QApplication) -> Palette:
    """High contrast keeps the system's highlight colour where it is told apart from the ground (WCAG 1.4.11: 3:1)."""
    highlight = app.style().standardPalette().color(QPalette.ColorRole.Highlight).name()
    if contrast_ratio(highlight, palette.surface) < 3.0:
        return palette
    best = max(("#000000", "#ffffff"), key=lambda ink: contrast_ratio(ink, highlight))
    return replace(
        palette,
        accent=highlight,
        on_accent=best,
        selection=highlight,
        on_selection=best,
        selection_accent=best,
    )


def _font(tokens: Tokens) -> QFont:
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    font = QFont()
    latin = LATIN_FAMILIES if language() == "en" else ()
    font.setFamilies([*latin, *FAMILIES, system])
    font.setPixelSize(tokens.base)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    result = QPalette()
    for where, value in (
        (role.Window, palette.background),
        (role.Base, palette.surface),
        (role.AlternateBase, palette.background),
        (role.Button, palette.surface),
        (role.WindowText, palette.ink),
        (role.Text, palette.ink),
        (role.ButtonText, palette.ink),
        (role.ToolTipBase, palette.surface),
        (role.ToolTipText, palette.ink),
        (role.PlaceholderText, palette.muted),
        (role.Highlight, palette.selection),
        (role.HighlightedText, palette.on_selection),
        (role.Accent, palette.accent),
        (role.Link, palette.link),
        (role.LinkVisited, palette.link),
        (role.Mid, palette.line),
    ):
        result.setColor(where, QColor(value))
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, QColor(palette.disabled))
    return result
