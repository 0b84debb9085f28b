"""Draws lines and solids in ink, and one measurement in the accent colour, on a sheet of 240 by 160."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

Point = tuple[float, float]
WIDTH: Final = 240
HEIGHT: Final = 160
INK: Final = "currentColor"
TINT: Final = "#E7EAEF"
PAPER: Final = "#FFFFFF"
ACCENT: Final = "#0B62A4"
_STROKES: Final = {"ink": "1.8", "thin": "1.1", "bold": "3", "dash": '1.2" stroke-dasharray="4 3'}
_DIGITS: Final = {
    1: "M-2 -3L0.6 -5V5", 2: "M-3 -3Q-2.5 -5 0 -5Q3 -5 3 -2.4Q3 -0.6 -3 5H3.2",
    3: "M-2.8 -5H3L-0.4 -1.2Q3.2 -1.2 3.2 2Q3.2 5 0 5Q-2.4 5 -3 3.4", 4: "M1.6 5V-5L-3.4 2H3.6",
    5: "M2.8 -5H-2.2L-2.6 -0.4Q3.2 -2 3.2 1.8Q3.2 5 0 5Q-2.2 5 -3 3.6",
    6: "M2.4 -5Q-3 -3 -3 2Q-3 5 0 5Q3 5 3 2Q3 -0.8 0 -0.8Q-2.6 -0.8 -3 1.6", 7: "M-3 -5H3.2L-0.8 5",
    8: "M0 -0.4Q-2.7 -0.6 -2.7 -2.7Q-2.7 -5 0 -5Q2.7 -5 2.7 -2.7Q2.7 -0.6 0 -0.4Q-3.2 -0.2 -3.2 2.4Q-3.2 5 0 5"
    "Q3.2 5 3.2 2.4Q3.2 -0.2 0 -0.4",
}  # fmt: skip
_ARROW: Final = (8.5, 3.4)  # length and half width of an arrow head
_CLOSE: Final = 30.0  # ends nearer than this are shown from outside


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def path(points: list[Point] | tuple[Point, ...], close: bool = False) -> str:
    """Straight lines through ``points`` as path data."""
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + ("Z" if close else "")


class Pen:
    """One drawing. Ink styles: ink, thin, bold, dash; fills: none, tint, paper, ink."""

    def __init__(self) -> None:
        self._ink: list[str] = []
        self._measure: list[str] = []
        self._now = self._ink

    # -- ink ------------------------------------------------------------------------------------------------------

    def draw(self, data: str, style: str = "ink", fill: str = "none") -> None:
        """A path as SVG writes it."""
        colour = ACCENT if self._now is self._measure else INK
        filled = {"none": "none", "tint": TINT, "paper": PAPER, "ink": colour}[fill]
        stroke = f'stroke="{colour}" stroke-width="{_STROKES[style]}"' if style else 'stroke="none"'
        self._now.append(f'<path d="{data}" fill="{filled}" {stroke}/>')

    def line(self, *points: Point, style: str = "ink") -> None:
        """A line through points."""
        self.draw(path(points), style)

    def area(self, *points: Point, style: str = "ink", fill: str = "tint") -> None:
        """A closed outline, filled."""
        self.draw(path(points, close=True), style, fill)

    def rect(self, x: float, y: float, w: float, h: float, *, r: float = 0, style: str = "ink",
             fill: str = "none") -> None:  # fmt: skip
        """A rectangle, its corners round by ``r``."""
        if not r:
            self.area((x, y), (x + w, y), (x + w, y + h), (x, y + h), style=style, fill=fill)
            return
        a = f"a{n(r)} {n(r)} 0 0 1"
        self.draw(
            f"M{n(x + r)} {n(y)}h{n(w - 2 * r)}{a} {n(r)} {n(r)}v{n(h - 2 * r)}{a} {n(-r)} {n(r)}"
            f"h{n(2 * r - w)}{a} {n(-r)} {n(-r)}v{n(2 * r - h)}{a} {n(r)} {n(-r)}Z",
            style,
            fill,
        )

    def circle(self, x: float, y: float, r: float, *, style: str = "ink", fill: str = "none") -> None:
        """A circle."""
        self.draw(
            f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0Z", style, fill
        )

    def arc(self, x: float, y: float, r: float, start: float, end: float, style: str = "dash") -> None:
        """A part of a circle, from angle to angle in degrees, counted from the right against the clock."""
        a, b = _at(x, y, r, start), _at(x, y, r, end)
        sweep = int(end < start)
        self.draw(f"M{n(a[0])} {n(a[1])}A{n(r)} {n(r)} 0 0 {sweep} {n(b[0])} {n(b[1])}", style)

    def pipe(self, *points: Point, width: float = 6.5) -> None:
        """A bar or rail seen from the side."""
        for colour, wide in ((INK, width), (TINT, width - 3.2)):
            self._now.append(
                f'<path d="{path(points)}" fill="none" stroke="{colour}" stroke-width="{n(wide)}" '
                'stroke-linecap="round" stroke-linejoin="round"/>'
            )

    def earth(self, *points: Point, depth: float = 156) -> None:
        """The ground in section: its surface through ``points``, solid below."""
        self.area(*points, (points[-1][0], depth), (points[0][0], depth), style="")
        self.line(*points, style="ink")

    @contextmanager
    def turned(self, x: float, y: float, degrees: float = 0, scale: float = 1) -> Iterator[None]:
        """Draw in a system whose origin is (x, y), turned with the clock."""
        self._now.append(f'<g transform="translate({n(x)} {n(y)}) rotate({n(degrees)}) scale({scale:g})">')
        yield
        self._now.append("</g>")

    # -- the measurement ------------------------------------------------------------------------------------------

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """What is drawn inside belongs to the measurement."""
        self._now = self._measure
        yield
        self._now = self._ink

    def dim(self, a: Point, b: Point, off: float = 0) -> None:
        """The distance from ``a`` to ``b``, shown ``off`` beside them (to the left of the way from a to b)."""
        long = math.dist(a, b)
        side = ((b[1] - a[1]) / long, (a[0] - b[0]) / long)
        ends = [(p[0] + side[0] * off, p[1] + side[1] * off) for p in (a, b)]
        self.span(ends[0], ends[1], a if off else None, b if off else None)

    def span(self, a: Point, b: Point, from_a: Point | None = None, from_b: Point | None = None) -> None:
        """A dimension line from ``a`` to ``b`` with extension lines from the points of the thing, a tick without."""
        long = math.dist(a, b)
        u = ((b[0] - a[0]) / long, (b[1] - a[1]) / long)
        with self.measuring():
            for end, start in ((a, from_a), (b, from_b)):
                if start is None or math.dist(end, start) < 1:
                    self.line(
                        (end[0] - u[1] * 6, end[1] + u[0] * 6), (end[0] + u[1] * 6, end[1] - u[0] * 6), style="thin"
                    )
                else:
                    far = math.dist(end, start)
                    past = ((end[0] - start[0]) / far * 5, (end[1] - start[1]) / far * 5)
                    self.line(start, (end[0] + past[0], end[1] + past[1]), style="thin")
            self._between(a, b, u, long)

    def _between(self, a: Point, b: Point, u: Point, long: float) -> None:
        outward = -1 if long < _CLOSE else 1
        if outward < 0:
            self._shaft((a[0] - u[0] * 18, a[1] - u[1] * 18), a)
            self._shaft(b, (b[0] + u[0] * 18, b[1] + u[1] * 18))
        self._shaft(a, b)
        self.head(a, (-u[0] * outward, -u[1] * outward))
        self.head(b, (u[0] * outward, u[1] * outward))

    def _shaft(self, a: Point, b: Point) -> None:
        self._now.append(f'<path d="{path((a, b))}" fill="none" stroke="{ACCENT}" stroke-width="2.2"/>')

    def head(self, tip: Point, u: Point) -> None:
        """An arrow head that points along ``u``."""
        long, half = _ARROW
        foot = (tip[0] - u[0] * long, tip[1] - u[1] * long)
        sides = [(foot[0] - u[1] * half * s, foot[1] + u[0] * half * s) for s in (1, -1)]
        self._now.append(f'<path d="{path([tip, *sides], close=True)}" fill="{ACCENT}" stroke="none"/>')

    def arrow(self, a: Point, b: Point) -> None:
        """An arrow of the measurement from ``a`` to ``b``."""
        long = math.dist(a, b)
        u = ((b[0] - a[0]) / long, (b[1] - a[1]) / long)
        with self.measuring():
            self._shaft(a, (b[0] - u[0] * 5, b[1] - u[1] * 5))
            self.head(b, u)

    def diameter(self, x: float, y: float, r: float) -> None:
        """A circle that has to fit in, with its diameter."""
        with self.measuring():
            self.circle(x, y, r, style="dash")
        self.dim((x - r, y), (x + r, y))

    def slope(self, low: Point, high: Point, below: float = 14) -> None:
        """Rise and run between two points of a slope: run ``below`` the low point, rise under the high one."""
        foot = (high[0], low[1])
        with self.measuring():
            self._shaft(low, high)
            self.line(low, foot, style="dash")
        forward = high[0] > low[0]
        self.dim(high, foot, 12 if forward else -12)
        self.dim(*((low, foot) if forward else (foot, low)), -below)

    def count(self, *places: Point) -> None:
        """Numbers from 1 on the things that are counted."""
        for number, (x, y) in enumerate(places, 1):
            self._digit(number, x, y)

    def _digit(self, number: int, x: float, y: float) -> None:
        with self.measuring():
            self.circle(x, y, 9, style="", fill="ink")
            self._now.append(
                f'<path transform="translate({n(x)} {n(y)})" d="{_DIGITS[number]}" fill="none" stroke="{PAPER}" '
                'stroke-width="1.8"/>'
            )

    def stopwatch(self, x: float, y: float, r: float = 20) -> None:
        """Seconds are measured."""
        with self.measuring():
            self.circle(x, y, r, style="bold", fill="paper")
            self.line((x, y - r), (x, y - r - 6), style="bold")
            self.line((x - 5, y - r - 7), (x + 5, y - r - 7), style="bold")
            self.line((x + r * 0.78, y - r * 0.78), (x + r * 1.02, y - r * 1.02), style="bold")
            for angle in range(0, 360, 30):
                self.line(_at(x, y, r * 0.74, angle), _at(x, y, r * 0.86, angle), style="thin")
            hand = r * 0.62
            self.draw(f"M{n(x)} {n(y)}v{n(-hand)}a{n(hand)} {n(hand)} 0 0 1 {n(hand)} {n(hand)}Z", "", "ink")

    def svg(self) -> str:
        """The drawing as a file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        )
        joined = 'stroke-linecap="round" stroke-linejoin="round"'
        parts = [
            head,
            f"<g {joined}>",
            *self._ink,
            "</g>",
            f'<g class="measure" {joined}>',
            *self._measure,
            "</g>",
            "</svg>",
        ]
        return "\n".join(parts) + "\n"


def _at(x: float, y: float, r: float, degrees: float) -> Point:
    turn = math.radians(degrees)
    return (x + r * math.cos(turn), y - r * math.sin(turn))
