"""Draws our line icons and the status glyphs as crisp icons in a colour of the theme, for every pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from barrierfree import paths
from barrierfree.errors import NotFoundError
from barrierfree.gui.theme import symbol_theme, tokens
from barrierfree.i18n import tr
from barrierfree.symbols import symbol

_RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


def icon(name: str, tone: str = "ink", size: int = 0, checked_tone: str = "") -> QIcon:
    """The line icon ``resources/icons/<name>.svg``, ``size`` px (0: the icon size of the text scale).

    ``tone`` is the name of a colour of the palette (``ink``, ``muted``, ``on_accent`` …); ``checked_tone`` the one
    while a button is checked. Icons do not follow a change of theme: ask again on the style change event.
    """
    colours = tokens().palette
    return _icon(
        name,
        getattr(colours, tone),
        getattr(colours, checked_tone) if checked_tone else "",
        colours.disabled,
        size or tokens().icon,
    )


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, checked: str, disabled: str, size: int) -> QIcon:
    drawing = _drawing(name)
    result = QIcon()
    for ratio in _RATIOS:
        result.addPixmap(_pixmap(drawing.replace("currentColor", colour), size, ratio))
        result.addPixmap(_pixmap(drawing.replace("currentColor", disabled), size, ratio), QIcon.Mode.Disabled)
        if checked:
            pixmap = _pixmap(drawing.replace("currentColor", checked), size, ratio)
            result.addPixmap(pixmap, QIcon.Mode.Normal, QIcon.State.On)
    return result


def pixmap(name: str, tone: str = "ink", size: int = 0) -> QPixmap:
    """A line icon as a pixmap for the sharpest screen there is."""
    return _pixmap(
        _drawing(name).replace("currentColor", getattr(tokens().palette, tone)), size or tokens().icon, _ratio()
    )


def symbol_colour(key: str, selected: bool = False) -> str:
    """The colour of the word beside a status glyph in the theme in use; ``selected``: on a selected row."""
    colours = tokens().palette
    if tokens().is_contrast:
        return colours.on_selection if selected else colours.ink
    return symbol(key).colour(symbol_theme())


def symbol_pixmap(key: str, size: int = 0, selected: bool = False, halo: bool = False) -> QPixmap:
    """The glyph of a status as a pixmap; ``halo`` for grounds that are not ours (photos, maps)."""
    colours = tokens().palette
    ground = colours.selection if selected else colours.surface
    side = size or tokens().icon
    return _symbol(key, symbol_colour(key, selected), ground, halo, side, _ratio())


def symbol_icon(key: str, size: int = 0) -> QIcon:
    """The glyph of a status as an icon, for menus, tabs and combo boxes."""
    result = QIcon()
    colours = tokens().palette
    for ratio in _RATIOS:
        result.addPixmap(_symbol(key, symbol_colour(key), colours.surface, False, size or tokens().icon, ratio))
    return result


@lru_cache(maxsize=512)
def _symbol(key: str, colour: str, ground: str, halo: bool, size: int, ratio: float) -> QPixmap:
    return _pixmap(symbol(key).painted(colour, ground if halo else "none", ground), size, ratio)


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    path = paths.resources() / "icons" / f"{name}.svg"
    if not path.is_file():
        raise NotFoundError(tr("程序的图标文件缺失：{path}").format(path=path), tr("安装不完整，请重新安装程序。"))
    return path.read_text(encoding="utf-8")


def _ratio() -> float:
    return max((screen.devicePixelRatio() for screen in QApplication.screens()), default=1.0)


def _pixmap(svg: str, size: int, ratio: float) -> QPixmap:
    side = round(size * ratio)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
