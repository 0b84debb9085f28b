"""Things that stand in several drawings: people, wheelchairs, doors, tactile paving, cars, the symbol."""

from __future__ import annotations

import math

from drawings.pen import Pen


def seated(p: Pen, x: float, floor: float, scale: float = 60, *, facing: int = 1, turn: float = 0) -> None:
    """Somebody in a wheelchair from the side; ``scale`` px are one metre, ``facing`` 1 looks to the right."""
    k = scale

    def at(mx: float, my: float) -> tuple[float, float]:
        return (mx * k * facing, -my * k)

    with p.turned(x, floor, turn):
        p.circle(*at(0, 0.3), 0.3 * k, style="thin")
        p.circle(*at(0, 0.3), 0.04 * k, style="thin")
        p.circle(*at(0.45, 0.09), 0.09 * k, style="thin")
        p.line(at(-0.24, 0.92), at(-0.17, 0.9), at(-0.15, 0.47), at(0.36, 0.47), at(0.45, 0.18), style="thin")
        p.line(at(0.4, 0.32), at(0.52, 0.12), at(0.68, 0.12), style="thin")
        p.circle(*at(0.02, 1.22), 0.12 * k, fill="tint")
        p.line(at(0, 1.08), at(-0.06, 0.56), at(0.4, 0.6), at(0.52, 0.17), at(0.64, 0.17))
        p.line(at(0.0, 0.96), at(0.1, 0.72), at(0.3, 0.72))


def standing(p: Pen, x: float, floor: float, scale: float = 60, *, cane: bool = False) -> None:
    """Somebody on foot from the side, walking to the right; with a white cane."""
    k = scale

    def at(mx: float, my: float) -> tuple[float, float]:
        return (x + mx * k, floor - my * k)

    p.circle(*at(0.03, 1.58), 0.12 * k, fill="tint")
    p.line(at(0.02, 1.44), at(0, 0.82), at(0.2, 0.45), at(0.18, 0.02), at(0.3, 0.02))
    p.line(at(0, 0.82), at(-0.1, 0.42), at(-0.3, 0.04), at(-0.2, 0.02))
    p.line(at(0.02, 1.32), at(0.14, 1.05), at(0.36, 1.0))
    if cane:
        p.line(at(0.36, 1.0), at(0.86, 0.01), style="thin")


def chair(p: Pen, x: float, y: float, turn: float = 0, scale: float = 60) -> None:
    """Somebody in a wheelchair from above, facing up; ``turn`` in degrees with the clock."""
    k = scale
    with p.turned(x, y, turn):
        for side in (-1, 1):
            p.rect(side * 0.3 * k - 0.035 * k, -0.22 * k, 0.07 * k, 0.6 * k, r=0.03 * k, style="thin", fill="paper")
            p.rect(side * 0.12 * k - 0.06 * k, -0.6 * k, 0.12 * k, 0.2 * k, r=0.04 * k, style="thin")
            p.line((side * 0.13 * k, -0.4 * k), (side * 0.13 * k, -0.1 * k), style="thin")
        p.rect(-0.24 * k, -0.14 * k, 0.48 * k, 0.46 * k, r=0.06 * k, style="thin", fill="tint")
        p.circle(0, 0.1 * k, 0.12 * k, fill="paper")


def rear(p: Pen, x: float, floor: float, scale: float = 60) -> None:
    """Somebody in a wheelchair from behind."""
    k = scale
    for side in (-1, 1):
        p.rect(
            x + side * 0.3 * k - 0.035 * k, floor - 0.6 * k, 0.07 * k, 0.6 * k, r=0.03 * k, style="thin", fill="paper"
        )
        p.line((x + side * 0.2 * k, floor - 0.95 * k), (x + side * 0.2 * k, floor - 0.3 * k), style="thin")
    p.rect(x - 0.2 * k, floor - 0.88 * k, 0.4 * k, 0.46 * k, r=0.03 * k, fill="tint")
    p.circle(x, floor - 1.18 * k, 0.12 * k, fill="tint")
    p.line((x - 0.2 * k, floor - 0.94 * k), (x - 0.1 * k, floor - 1.03 * k), (x + 0.1 * k, floor - 1.03 * k),
           (x + 0.2 * k, floor - 0.94 * k))  # fmt: skip


def leaf(p: Pen, x: float, y: float, long: float, opened: float, closed: float, thick: float = 4.5) -> None:
    """A door leaf from above, hinged at (x, y): the angle it stands at, and the one it has when shut."""
    turn = math.radians(opened)
    dx, dy = long * math.cos(turn), -long * math.sin(turn)
    nx, ny = -dy / long * thick / 2, dx / long * thick / 2
    p.area((x + nx, y + ny), (x + dx + nx, y + dy + ny), (x + dx - nx, y + dy - ny), (x - nx, y - ny), fill="paper")
    p.arc(x, y, long, closed, opened)


def bars(p: Pen, x: float, y: float, w: float, h: float, tile: float = 32, *, upright: bool = False) -> None:
    """Directional tactile paving from above: tiles with four bars along the way."""
    p.rect(x, y, w, h, fill="tint")
    long, wide = (h, w) if upright else (w, h)
    at = 0.0
    while at + 1 < long:
        end = min(at + tile, long)
        for number in range(4):
            across = wide * (number + 0.5) / 4
            a, b = at + 4, end - 4
            points = (
                [(x + across, y + a), (x + across, y + b)] if upright else [(x + a, y + across), (x + b, y + across)]
            )
            if b > a:
                p.line(*points, style="ink")
        if end < long:
            p.line(*([(x, y + end), (x + w, y + end)] if upright else [(x + end, y), (x + end, y + h)]), style="thin")
        at = end


def dots(p: Pen, x: float, y: float, w: float, h: float, step: float = 8.5) -> None:
    """Warning tactile paving from above: dots."""
    p.rect(x, y, w, h, fill="tint")
    columns, rows = max(round(w / step), 1), max(round(h / step), 1)
    for row in range(rows):
        for column in range(columns):
            p.circle(x + w * (column + 0.5) / columns, y + h * (row + 0.5) / rows, 1.7, style="", fill="ink")


def car(p: Pen, x: float, y: float, w: float, h: float) -> None:
    """A car from above, its front up."""
    p.rect(x, y, w, h, r=w * 0.25, fill="paper")
    p.draw(f"M{x + w * 0.14:.1f} {y + h * 0.34:.1f}Q{x + w / 2:.1f} {y + h * 0.22:.1f} {x + w * 0.86:.1f} "
           f"{y + h * 0.34:.1f}L{x + w * 0.8:.1f} {y + h * 0.44:.1f}H{x + w * 0.2:.1f}Z", "thin", "tint")  # fmt: skip
    p.draw(f"M{x + w * 0.2:.1f} {y + h * 0.78:.1f}H{x + w * 0.8:.1f}L{x + w * 0.85:.1f} {y + h * 0.87:.1f}"
           f"H{x + w * 0.15:.1f}Z", "thin", "tint")  # fmt: skip
    p.line((x + w * 0.2, y + h * 0.44), (x + w * 0.2, y + h * 0.78), style="thin")
    p.line((x + w * 0.8, y + h * 0.44), (x + w * 0.8, y + h * 0.78), style="thin")


def car_side(p: Pen, x: float, ground: float, long: float = 100, turn: float = 0) -> None:
    """A car from the side, its front to the left."""
    k = long / 100
    with p.turned(x, ground, turn, k):
        p.draw(
            "M2 -12V-20Q4 -27 18 -29L32 -42Q34 -44 40 -44H66Q70 -44 73 -40L82 -29Q97 -28 98 -22V-10H2Z", "ink", "paper"
        )
        p.draw("M36 -39L27 -29H50V-39Z", "thin", "tint")
        p.draw("M54 -39H66L75 -29H54Z", "thin", "tint")
        for wheel in (22, 78):
            p.circle(wheel, -9, 9, fill="paper")
            p.circle(wheel, -9, 3.5, style="thin")


def symbol(p: Pen, x: float, y: float, size: float) -> None:
    """Our line figure of a wheelchair user, as on signs and on the ground of a bay."""
    with p.turned(x, y, 0, size / 40):
        p.circle(-3, -14, 3.6, style="", fill="ink")
        p.draw("M-3 -8L-2 3H7L12 13H16", "bold")
        p.draw("M-2.5 -3H7", "bold")
        p.draw("M-8 -1A10.5 10.5 0 1 0 8.5 12", "bold")


def floor(p: Pen, y: float, x1: float = 8, x2: float = 232) -> None:
    """A floor in elevation."""
    p.earth((x1, y), (x2, y), depth=y + 8)


def wall(p: Pen, x: float, y: float, w: float, h: float) -> None:
    """A wall, cut."""
    p.rect(x, y, w, h, fill="tint")


def paving(p: Pen, x: float, y: float, w: float, h: float, step: float = 26) -> None:
    """Outdoor paving from above."""
    at, row = y + step / 2, 0
    while at < y + h:
        shift = step * (row % 2) / 2 + 6
        start = x + shift
        while start + 8 < x + w:
            p.line((start, at), (start + 8, at), style="thin")
            start += step
        at += step / 2
        row += 1
