"""Shows how a question is measured: our line drawing in the colours of the theme, sharp at every size."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from barrierfree import paths
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model.definition import Question, Text

WIDTH: Final = 236  # px at 100 % text
_PLACEHOLDERS: Final = {"currentColor": "ink", "#E7EAEF": "track", "#FFFFFF": "surface", "#0B62A4": "accent"}


@dataclass(frozen=True)
class Drawing:
    """A file of ``resources/drawings`` and the same in words: how and where to measure."""

    file: str
    text: Text


def drawing_of(element: str, question: Question) -> Drawing | None:
    """The drawing of a measured question; none for other questions and for those of other checklists."""
    return _index().get(f"{element}.{question.name}") if question.quantity else None


@lru_cache(maxsize=1)
def _index() -> dict[str, Drawing]:
    path = paths.resources() / "drawings" / "index.json"
    if not path.is_file():  # a form without drawings is better than none
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {name: Drawing(e["file"], Text(zh=e["zh"], en=e["en"])) for name, e in entries.items()}


@lru_cache(maxsize=32)
def _source(file: str) -> str:
    return (paths.resources() / "drawings" / file).read_text(encoding="utf-8")


def painted(file: str) -> str:
    """The drawing as SVG in the colours of the theme in use."""
    svg = _source(file)
    for placeholder in _PLACEHOLDERS:  # two passes: a colour of the theme may be the placeholder of another
        svg = svg.replace(f'"{placeholder}"', f'"@{placeholder}"')
    for placeholder, token in _PLACEHOLDERS.items():
        svg = svg.replace(f'"@{placeholder}"', f'"{getattr(tokens().palette, token)}"')
    return svg


class DrawingView(QWidget):
    """A drawing as wide as there is room, at most ``WIDTH`` at the text size in use."""

    def __init__(self, drawing: Drawing, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = drawing
        self._renderer = QSvgRenderer(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("图示"))
        self.setAccessibleDescription(description)
        self._load()

    def sizeHint(self) -> QSize:
        """Its size at 100 %, larger with the text."""
        width = tokens().text(WIDTH)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this it cannot be understood."""
        return QSize(120, self.heightForWidth(120))

    def heightForWidth(self, width: int) -> int:
        """Three to two."""
        return round(min(width, tokens().text(WIDTH)) * 2 / 3)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._load()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it at the left, not stretched."""
        width = min(self.width(), tokens().text(WIDTH), self.height() * 3 / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(0, 0, width, width * 2 / 3))
        painter.end()  # now, and not when the last reference to this frame goes: the watchdog may hold one

    def _load(self) -> None:
        self._renderer.load(QByteArray(painted(self.drawing.file).encode()))
        self.updateGeometry()
        self.update()
