from __future__ import annotations

import pytest
from PySide6.QtGui import QFontInfo, QTextLayout
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from barrierfree import symbols
from barrierfree.gui import icons
from barrierfree.gui.buttons import Button
from barrierfree.gui.theme import FAMILIES, apply_theme
from barrierfree.gui.tokens import DARK, LIGHT, LINES, PAIRS, PALETTES, Palette, contrast_ratio
from barrierfree.model.words import FindingState, Status


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "contrast", "contrast_dark"])
def test_every_text_reads_on_its_ground(palette: Palette) -> None:
    ratios = {pair: contrast_ratio(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}
    lines = {pair: contrast_ratio(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in LINES}
    assert {pair: round(ratio, 2) for pair, ratio in lines.items() if ratio < 3.0} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_status_reads_on_every_ground_of_a_list(palette: Palette) -> None:
    for glyph in symbols.all_symbols():
        for ground in (palette.surface, palette.selection, palette.background):
            assert contrast_ratio(glyph.colour(palette.name), ground) >= 4.5, (glyph.key, ground)


def test_known_contrast_ratios() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # WCAG's own borderline example


def test_every_state_has_a_glyph_that_can_be_drawn(qapp: QApplication) -> None:
    for word in (*Status, *FindingState):
        glyph = symbols.symbol(word.value)
        assert 'class="halo"' in glyph.svg
        assert "var(" not in glyph.painted("#000000", "#ffffff")
        image = icons.symbol_pixmap(word.value, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), word


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_targets_are_44_px_high(qtbot: QtBot, qapp: QApplication, theme: str, scale: float) -> None:
    apply_theme(qapp, theme, scale)  # type: ignore[arg-type]
    parts: list[QWidget] = [
        Button("保存"),
        Button("保存", kind="primary"),
        Button("关闭", kind="icon", icon="close"),
        Button("更多", kind="quiet"),
        QLineEdit(),
        QComboBox(),
    ]
    for part in parts:
        qtbot.addWidget(part)
        part.show()
        assert part.sizeHint().height() >= 44, part
    apply_theme(qapp, "light", 1.0)


def test_chinese_text_has_glyphs(qapp: QApplication) -> None:
    apply_theme(qapp, "light", 1.0)
    assert QFontInfo(qapp.font()).family() in FAMILIES
    layout = QTextLayout("无障碍普查：坡道 ≥ 1.20 m，垂杨柳 ▾ ↑", qapp.font())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    assert all(glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()), "0 is the box for no glyph"


def test_icons_take_the_colour_asked_for(qapp: QApplication) -> None:
    apply_theme(qapp, "light", 1.0)
    image = icons.pixmap("add", "bad", 24).toImage()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert middle.name().upper() == LIGHT.bad
