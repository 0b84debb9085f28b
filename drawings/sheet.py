"""What one drawing is: its question, what it shows, what is measured in it, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drawings.pen import Pen

Row = tuple[str, Callable[[Pen], object], Callable[[Pen], object], str, str]


@dataclass(frozen=True)
class Drawing:
    """``question`` is ``<element>.<question>``; ``zh`` and ``en`` say how and where to measure."""

    question: str
    scene: Callable[[Pen], object]
    mark: Callable[[Pen], object]
    zh: str
    en: str

    def svg(self) -> str:
        """The drawing as a file."""
        pen = Pen()
        self.scene(pen)
        self.mark(pen)
        return pen.svg()


def table(rows: Iterable[Row]) -> tuple[Drawing, ...]:
    """The drawings of a table."""
    return tuple(Drawing(*row) for row in rows)
