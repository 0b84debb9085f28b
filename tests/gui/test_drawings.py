"""Every measured question of the shipped checklist has a drawing of its own that loads, and the same in words."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from barrierfree import checklists, paths
from barrierfree.gui.drawing_view import Drawing, DrawingView, drawing_of, painted
from barrierfree.gui.theme import THEMES, apply_theme, tokens
from barrierfree.model.definition import Question, Text
from drawings.__main__ import FOLDER, SAME, files
from drawings.pen import ACCENT, INK, PAPER, TINT

CHINESE = re.compile("[\u3000-\u9fff]")
MARGIN = 40


def measured() -> dict[str, Question]:
    checklist = checklists.read_definition(Path(__file__).parents[2] / "surveys" / "shuangjing-sample").checklist
    return {f"{e.code}.{q.name}": q for e in checklist.elements for q in e.questions if q.quantity}


def drawing(name: str, question: Question) -> Drawing:
    found = drawing_of(name.partition(".")[0], question)
    assert found is not None, f"no drawing of {name}"
    return found


def test_each_measured_question_has_its_own() -> None:
    questions = measured()
    assert len(questions) > 100
    by_file: dict[str, set[str]] = {}
    for name, question in questions.items():
        found = drawing(name, question)
        assert CHINESE.search(found.text.zh), name
        assert found.text.zh.endswith("。"), name
        assert found.text.en.endswith("."), name
        assert not CHINESE.search(found.text.en), name
        by_file.setdefault(found.file, set()).add(name)
    for file, names in by_file.items():
        declared = {SAME.get(name, name) for name in names}
        assert declared == {file.removesuffix(".svg")}, f"{sorted(names)} show {file}"
    digests = {hashlib.sha256((FOLDER / f).read_bytes()).hexdigest() for f in by_file}
    assert len(digests) == len(by_file), "two drawings are the same"
    index = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    assert index.keys() == questions.keys(), "drawings of no question"


def test_the_files_are_what_their_source_makes() -> None:
    made = files()
    assert {p.name for p in FOLDER.iterdir()} == made.keys()
    wrong = [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert not wrong, f"{wrong}: python -m drawings"


def test_each_drawing_loads_and_stays_on_its_sheet(qapp: QApplication) -> None:
    for path in sorted(FOLDER.glob("*.svg")):
        svg = path.read_text(encoding="utf-8")
        assert "<text" not in svg, path.name
        assert svg.isascii(), path.name
        assert svg.count('class="measure"') == 1, path.name
        scene, _, measure = svg.partition('<g class="measure"')
        assert ACCENT not in scene, f"{path.name}: the accent is for what is measured"
        assert ACCENT in measure, path.name
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none"}
        assert colours <= {INK, TINT, PAPER, ACCENT}, path.name
        renderer = QSvgRenderer(QByteArray(svg.encode()))
        assert renderer.isValid(), path.name
        image = QImage(240 + 2 * MARGIN, 160 + 2 * MARGIN, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(MARGIN, MARGIN, 240, 160))
        painter.end()
        pixels = np.frombuffer(bytes(image.constBits()), np.uint32).reshape(image.height(), image.width())
        inked = pixels >> 24 > 90
        assert inked.sum() > 1000, f"{path.name} is nearly empty"
        inked[MARGIN - 2 : MARGIN + 162, MARGIN - 2 : MARGIN + 242] = False
        assert not inked.any(), f"{path.name} leaves its sheet"


@pytest.mark.parametrize("theme", THEMES)
def test_colours_are_those_of_the_theme(qapp: QApplication, theme: str) -> None:
    apply_theme(qapp, theme)  # type: ignore[arg-type]
    palette = tokens().palette
    svg = painted("toilet.bar_top.svg")
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none"}
    assert colours == {palette.ink, palette.track, palette.surface, palette.accent}
    apply_theme(qapp, "light")


def test_the_view_grows_with_the_text_and_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    question = measured()["door.clear_width"]
    found = drawing("door.clear_width", question)
    apply_theme(qapp, "light")
    view = DrawingView(found, found.text.zh)
    qtbot.addWidget(view)
    view.show()
    assert view.accessibleDescription() == found.text.zh
    assert (view.sizeHint().width(), view.sizeHint().height()) == (236, 157)
    assert view.heightForWidth(180) == 120, "narrow: smaller, not cut"
    apply_theme(qapp, "dark", 2.0)
    assert view.sizeHint().width() == 472
    view.resize(view.sizeHint())
    shown = view.grab().toImage()
    colours = {QColor(shown.pixel(x, y)).name() for x in range(shown.width()) for y in range(0, shown.height(), 2)}
    assert tokens().palette.accent.lower() in colours
    apply_theme(qapp, "light")


def test_other_checklists_and_other_questions_have_none() -> None:
    width = Question(name="clear_width", kind="decimal", label=Text(zh="净宽"), quantity="length_mm")
    assert drawing_of("door", width) is not None
    assert drawing_of("door", width.model_copy(update={"quantity": ""})) is None
    assert drawing_of("portal", width) is None
    assert (paths.resources() / "drawings").samefile(FOLDER)
