"""Drawings of what lies inside or stands alone: doors, counters, lifts, toilets, seats, signs; and parking."""

from __future__ import annotations

from typing import Final

from drawings import figures as f
from drawings.pen import Pen
from drawings.sheet import Drawing, Row, table

# -- door ---------------------------------------------------------------------------------------------------------


def door_plan(p: Pen) -> None:
    f.wall(p, 8, 112, 56, 30)
    f.wall(p, 182, 112, 50, 30)
    p.area((64, 112), (76, 112), (76, 124), (82, 124), (82, 142), (64, 142), fill="paper")
    p.area((182, 112), (170, 112), (170, 124), (164, 124), (164, 142), (182, 142), fill="paper")
    p.rect(76, 22, 9, 96, fill="tint")
    p.line((85, 34), (92, 34), (92, 44), style="ink")
    p.line((76, 34), (69, 34), (69, 44), style="ink")
    p.arc(78, 116, 92, 0, 86)


def sill(p: Pen) -> None:
    p.earth((0, 126), (104, 126), (104, 104), (142, 104), (142, 126), (240, 126))
    p.rect(112, 2, 22, 96, fill="paper")
    f.seated(p, 36, 126, 58)


def bevel(p: Pen) -> None:
    p.earth((0, 122), (72, 122), (150, 92), (240, 92))
    p.rect(192, 4, 18, 84, fill="paper")
    p.circle(50, 98, 23.2, fill="paper")
    p.circle(50, 98, 4, fill="ink")
    p.line((50, 98), (38, 46))


def shop(p: Pen, front: float) -> None:
    """The front corner of a shop from above, the street below."""
    f.wall(p, 8, 4, 8, front)
    f.wall(p, 224, 4, 8, front)
    f.wall(p, 8, front, 62, 10)
    f.wall(p, 116, front, 116, 10)
    f.paving(p, 8, front + 12, 224, 146 - front)


def door_outside(p: Pen) -> None:
    shop(p, 40)
    f.leaf(p, 70, 40, 36, 90, 0)
    p.rect(160, 6, 56, 12, style="thin")
    f.chair(p, 94, 104, 0, 48)


def door_inside(p: Pen) -> None:
    shop(p, 108)
    p.line((8, 5), (232, 5))
    f.leaf(p, 70, 118, 36, -90, 0)
    p.rect(160, 10, 56, 12, style="thin")
    f.chair(p, 94, 56, 0, 48)


def door_front(p: Pen, lever: bool = True) -> None:
    f.floor(p, 146)
    p.rect(62, 14, 88, 132, fill="tint")
    p.rect(69, 21, 74, 125, fill="paper")
    if lever:
        p.rect(130, 82, 7, 18, r=2, fill="tint")
        p.pipe((133, 88), (116, 88), width=5.5)


def door_pull(p: Pen) -> None:
    f.wall(p, 8, 118, 40, 22)
    f.wall(p, 172, 118, 60, 22)
    f.leaf(p, 48, 120, 122, 24, 0, 9)
    with p.turned(142, 74, -24):
        p.line((0, 0), (0, -8))
        p.rect(-6, -46, 12, 38, r=3, fill="paper")
        for y in range(-40, -12, 5):
            p.line((-3, y), (3, y), style="thin")
        p.circle(0, -51, 5)


def automatic(p: Pen) -> None:
    f.floor(p, 146)
    p.rect(20, 18, 128, 128, fill="tint")
    p.rect(26, 30, 116, 116, fill="paper")
    p.rect(26, 30, 22, 116)
    p.rect(120, 30, 22, 116)
    p.line((31, 60), (43, 48), style="thin")
    p.line((125, 60), (137, 48), style="thin")
    p.rect(72, 20, 24, 7, r=3, style="thin", fill="paper")
    p.rect(166, 82, 18, 18, r=3, fill="paper")
    p.circle(175, 91, 5, fill="tint")


def glass_door(p: Pen) -> None:
    f.floor(p, 146)
    p.rect(38, 12, 140, 134, fill="paper")
    p.line((108, 12), (108, 146))
    p.rect(38, 74, 140, 14, fill="tint")
    for x in range(48, 178, 12):
        p.circle(x, 81, 3, style="", fill="ink")
    for x in (100, 116):
        p.line((x, 96), (x, 118), style="bold")
    for x in (48, 120):
        p.line((x, 48), (x + 24, 24), style="thin")
        p.line((x, 58), (x + 34, 24), style="thin")


def closing(p: Pen) -> None:
    f.wall(p, 8, 120, 34, 20)
    f.wall(p, 146, 120, 86, 20)
    f.leaf(p, 42, 122, 102, 84, 0, 7)
    p.line((42, 122), (142, 104), style="dash")


def door_window(p: Pen) -> None:
    door_front(p, lever=False)
    p.circle(78, 88, 4, fill="tint")
    p.rect(118, 36, 17, 46, style="ink")
    p.line((121, 52), (132, 41), style="thin")


def side_wall(p: Pen) -> None:
    f.wall(p, 8, 22, 46, 16)
    f.wall(p, 114, 22, 74, 16)
    f.wall(p, 172, 22, 16, 130)
    f.leaf(p, 54, 38, 58, -62, 0, 6)
    p.line((74, 84), (80, 81), (83, 88))
    f.chair(p, 130, 112, -20, 56)


# -- sign, counter ------------------------------------------------------------------------------------------------


def sign(p: Pen) -> None:
    p.line((118, 118), (118, 156), style="bold")
    p.rect(70, 14, 104, 104, r=5, fill="paper")
    f.symbol(p, 121, 66, 84)


def counter(p: Pen) -> None:
    f.floor(p, 146)
    p.rect(110, 72, 100, 7, fill="tint")
    p.area((210, 79), (146, 79), (146, 122), (182, 122), (182, 146), (210, 146))


def counter_used(p: Pen) -> None:
    f.seated(p, 78, 146, 84)
    counter(p)


def counter_front(p: Pen) -> None:
    f.floor(p, 146)
    p.rect(22, 58, 196, 9, fill="paper")
    p.rect(30, 67, 34, 79, fill="tint")
    p.rect(176, 67, 34, 79, fill="tint")
    f.rear(p, 120, 146, 66)


def counter_plan(p: Pen) -> None:
    p.rect(30, 8, 180, 34, fill="tint")
    p.rect(148, 14, 34, 20, r=2, style="thin", fill="paper")
    f.chair(p, 120, 98, 0, 60)


def telephone(p: Pen) -> None:
    f.floor(p, 146)
    f.seated(p, 62, 146, 76)
    p.rect(140, 68, 46, 50, r=4, fill="tint")
    p.rect(146, 72, 12, 42, r=5, fill="paper")
    for row in range(3):
        for column in range(2):
            p.circle(168 + column * 9, 86 + row * 9, 2.4, style="", fill="ink")
    p.rect(164, 74, 17, 6, style="thin", fill="paper")
    p.draw("M152 114Q150 130 164 128Q176 126 172 118", "thin")


# -- lift ---------------------------------------------------------------------------------------------------------


def lift_front(p: Pen) -> None:
    p.line((8, 142), (212, 142), (232, 158))
    p.line((212, 8), (212, 142))
    p.rect(42, 14, 90, 128, fill="tint")
    p.rect(50, 22, 74, 120, fill="paper")
    p.rect(50, 22, 10, 120, fill="tint")
    p.rect(114, 22, 10, 120, fill="tint")
    p.line((66, 92), (108, 92), style="thin")
    p.rect(72, 36, 30, 44, style="thin")
    p.rect(74, 3, 26, 8, r=2, style="thin")
    p.rect(160, 72, 14, 34, r=3, fill="paper")
    p.circle(167, 81, 4, fill="tint")
    p.circle(167, 97, 4, fill="tint")


def car_plan(p: Pen) -> None:
    p.area((46, 10), (194, 10), (194, 150), (150, 150), (150, 138), (182, 138), (182, 22), (58, 22), (58, 138),
           (90, 138), (90, 150), (46, 150))  # fmt: skip
    p.rect(84, 140, 10, 5, fill="paper")
    p.rect(146, 140, 10, 5, fill="paper")


def car_empty(p: Pen) -> None:
    car_plan(p)
    f.chair(p, 110, 92, 0, 64)


def lift_lobby(p: Pen) -> None:
    p.area((70, 2), (170, 2), (170, 42), (232, 42), (232, 52), (146, 52), (146, 42), (160, 42), (160, 10), (80, 10),
           (80, 42), (94, 42), (94, 52), (8, 52), (8, 42), (70, 42))  # fmt: skip
    p.rect(94, 44, 10, 5, fill="paper")
    p.rect(136, 44, 10, 5, fill="paper")
    f.wall(p, 8, 142, 224, 10)


def lobby_turn(p: Pen) -> None:
    lift_lobby(p)
    f.chair(p, 120, 98, 0, 54)


def car_inside(p: Pen) -> None:
    p.rect(44, 8, 126, 134, fill="paper")
    p.line((44, 142), (20, 158))
    p.line((170, 142), (194, 158))
    p.line((44, 8), (20, 0))
    p.line((170, 8), (194, 0))
    p.rect(66, 22, 62, 64, fill="tint")
    p.line((76, 58), (100, 34), style="thin")
    p.line((86, 66), (116, 36), style="thin")
    p.pipe((52, 94), (140, 94))
    p.rect(144, 54, 20, 48, r=3, fill="tint")
    for row in range(4):
        for column in range(2):
            p.circle(150 + column * 8, 62 + row * 9, 2.8, style="thin", fill="paper")


# -- toilet -------------------------------------------------------------------------------------------------------


def bowl(p: Pen, x: float, y: float) -> None:
    """A water closet from above, its back up."""
    p.rect(x - 15, y, 30, 11, r=3, fill="paper")
    p.draw(f"M{x - 9} {y + 11}Q{x - 15} {y + 44} {x} {y + 46}Q{x + 15} {y + 44} {x + 9} {y + 11}Z", "ink", "paper")
    p.draw(f"M{x - 6} {y + 18}Q{x - 9} {y + 39} {x} {y + 40}Q{x + 9} {y + 39} {x + 6} {y + 18}Z", "thin")


def wc_room(p: Pen) -> None:
    p.area((36, 6), (204, 6), (204, 154), (188, 154), (188, 144), (194, 144), (194, 16), (46, 16), (46, 144),
           (136, 144), (136, 154), (36, 154))  # fmt: skip
    f.leaf(p, 136, 156, 50, 4, 0)
    bowl(p, 78, 16)
    p.pipe((52, 22), (52, 66), width=5)
    p.rect(146, 16, 40, 26, r=6, fill="paper")
    p.draw("M152 24Q166 44 180 24Z", "thin")


def stall(p: Pen) -> None:
    p.area((28, 8), (212, 8), (212, 40), (204, 40), (204, 16), (36, 16), (36, 136), (204, 136), (204, 100), (212, 100),
           (212, 144), (28, 144))  # fmt: skip
    with p.turned(36, 74, -90):
        bowl(p, 0, 0)
    p.pipe((44, 24), (92, 24), width=5)
    p.pipe((44, 118), (92, 118), width=5)
    f.leaf(p, 210, 100, 44, 64, 90)


def bowl_side(p: Pen) -> None:
    f.floor(p, 150)
    f.wall(p, 14, 4, 12, 146)
    p.rect(26, 76, 20, 38, r=3, fill="paper")
    p.draw("M46 114H104Q104 132 84 136L80 150H50L46 136Z", "ink", "paper")
    p.rect(44, 109, 62, 6, r=2.5, fill="tint")


def seat_bars(p: Pen) -> None:
    bowl_side(p)
    p.pipe((52, 78), (134, 78), (134, 22))


def call(p: Pen) -> None:
    bowl_side(p)
    p.rect(132, 106, 18, 18, r=3, fill="paper")
    p.circle(141, 115, 5.5, fill="ink")
    p.line((141, 124), (141, 142), style="thin")


def switch(p: Pen) -> None:
    f.floor(p, 146)
    p.rect(16, 16, 58, 130, fill="paper")
    p.circle(66, 88, 3, fill="tint")
    p.rect(112, 72, 20, 26, r=3, fill="paper")
    p.rect(117, 77, 10, 16, r=1.5, style="thin", fill="tint")
    p.rect(140, 72, 20, 26, r=3, fill="paper")
    p.circle(147, 82, 1.6, style="", fill="ink")
    p.circle(153, 82, 1.6, style="", fill="ink")
    p.circle(150, 90, 1.6, style="", fill="ink")


def urinal_side(p: Pen) -> None:
    f.floor(p, 150)
    f.wall(p, 18, 4, 14, 146)
    p.draw("M32 40H44Q48 40 48 50L54 98Q76 104 86 114Q84 124 66 128L32 138Z", "ink", "paper")
    p.pipe((35, 74), (96, 74))


def urinal_front(p: Pen) -> None:
    f.floor(p, 150)
    p.draw("M92 58Q92 50 100 50H124Q132 50 132 58V112Q132 134 112 134Q92 134 92 112Z", "ink", "paper")
    p.draw("M100 66Q100 60 106 60H118Q124 60 124 66V104H100Z", "thin", "tint")
    p.line((96, 118), (128, 118), style="thin")
    p.pipe((76, 42), (148, 42))
    for x in (76, 148):
        p.line((x, 46), (x, 74), style="thin")
        p.circle(x, 76, 5, fill="tint")


def basin(p: Pen) -> None:
    f.floor(p, 148)
    f.wall(p, 204, 4, 14, 144)
    p.rect(198, 10, 6, 46, fill="paper")
    p.area((204, 76), (112, 76), (112, 82), (136, 98), (204, 100), fill="paper")
    p.draw("M122 76Q130 92 150 92H176Q190 90 192 76", "thin")
    p.pipe((192, 76), (192, 62), (170, 62), (170, 67), width=5.5)
    p.pipe((166, 100), (166, 120), (176, 126), (204, 120), width=6)


def basin_used(p: Pen) -> None:
    f.seated(p, 80, 148, 84)
    basin(p)


def basin_front(p: Pen) -> None:
    f.floor(p, 148)
    f.wall(p, 10, 4, 14, 144)
    p.rect(92, 8, 76, 42, r=3, fill="paper")
    p.line((104, 40), (130, 14), style="thin")
    p.rect(74, 76, 112, 18, r=6, fill="paper")
    p.pipe((130, 76), (130, 64), width=6)
    p.line((122, 62), (138, 62), style="bold")
    for x in (78, 172):
        p.rect(x, 94, 10, 54, fill="tint")


def hook(p: Pen) -> None:
    f.floor(p, 148)
    f.seated(p, 58, 148, 76)
    p.rect(146, 44, 12, 14, r=2, fill="tint")
    p.draw("M152 54V62Q152 67 157 66V61", "ink")
    p.draw("M152 62L136 70L122 102L131 106L138 92V124H166V92L173 106L182 102L168 70Z", "ink", "paper")
    p.line((152, 72), (152, 124), style="thin")


def table_plan(p: Pen) -> None:
    f.wall(p, 8, 8, 224, 12)
    p.rect(54, 20, 132, 70, r=6, fill="paper")
    p.circle(86, 55, 10, fill="paper")
    p.draw("M97 48Q100 40 116 42L150 46Q156 47 156 52Q156 55 150 55Q156 56 156 60Q156 64 150 65L116 68Q100 70 97 62Z",
           "ink", "paper")  # fmt: skip


def baby_table(p: Pen) -> None:
    f.floor(p, 148)
    f.wall(p, 22, 4, 14, 144)
    p.rect(36, 92, 106, 8, r=2, fill="tint")
    p.line((36, 136), (112, 100))
    p.circle(66, 84, 8, fill="paper")
    p.draw("M74 90Q74 80 88 80H118Q126 80 126 90Z", "ink", "paper")


# -- parking ------------------------------------------------------------------------------------------------------


def bays(p: Pen) -> None:
    p.rect(8, 8, 224, 8, fill="tint")
    for x in range(20, 221, 40):
        p.line((x, 16), (x, 112))
    for x in (60, 140):
        f.car(p, x + 7, 28, 26, 60)
    p.line((8, 136), (232, 136), style="dash")


def bays_marked(p: Pen) -> None:
    p.rect(8, 8, 224, 8, fill="tint")
    for x in (14, 66, 92, 144, 186, 228):
        p.line((x, 16), (x, 112))
    for y in range(22, 102, 14):
        p.line((66, y + 10), (92, y), style="thin")
    f.symbol(p, 40, 52, 36)
    f.symbol(p, 118, 52, 36)
    f.car(p, 152, 28, 26, 60)
    f.car(p, 194, 28, 26, 60)
    p.line((8, 136), (232, 136), style="dash")


def aisle(p: Pen) -> None:
    p.rect(8, 4, 224, 8, fill="tint")
    p.rect(14, 12, 78, 112)
    p.rect(148, 12, 78, 112)
    p.rect(92, 12, 56, 112, fill="paper")
    for y in range(14, 100, 16):
        p.line((92, y + 22), (148, y), style="thin")
    f.car(p, 28, 26, 50, 92)
    f.symbol(p, 187, 68, 52)


def bay_slope(p: Pen) -> None:
    p.earth((8, 92), (232, 120), depth=156)
    f.car_side(p, 62, 99, 116, 7.1)


def dropoff(p: Pen) -> None:
    p.rect(8, 10, 224, 34, style="")
    f.paving(p, 8, 8, 224, 30)
    p.rect(8, 40, 224, 7, fill="tint")
    p.draw("M30 47V104H206V47", "bold")
    with p.turned(158, 59, 90):
        f.car(p, 0, 0, 36, 82)
    f.symbol(p, 184, 76, 36)
    p.line((8, 152), (232, 152), style="dash")


def bay_sign(p: Pen) -> None:
    f.floor(p, 148)
    f.car_side(p, 10, 148, 112)
    p.rect(160, 8, 6, 140, fill="tint")
    p.rect(140, 10, 46, 46, r=4, fill="paper")
    f.symbol(p, 163, 33, 36)


# -- seating ------------------------------------------------------------------------------------------------------


def chair_seat(p: Pen, x: float, y: float, side: float = 22) -> None:
    """A seat from above, its back down."""
    p.rect(x, y, side, side, r=4, fill="paper")
    p.rect(x - 2, y + side - 3, side + 4, 6, r=3, fill="tint")


def seating(p: Pen) -> None:
    for x in range(46, 200, 32):
        chair_seat(p, x, 8)
    for x in (136, 168, 200):
        chair_seat(p, x, 96)
    p.rect(62, 46, 60, 90, style="bold")
    f.chair(p, 92, 92, 0, 66)


def seat_rows(p: Pen) -> None:
    for y in (22, 92):
        for x in range(30, 200, 48):
            chair_seat(p, x, y, 34)


def space_row(p: Pen) -> None:
    for x in range(28, 210, 40):
        chair_seat(p, x, 16, 26)
    for x in (14, 80):
        p.rect(x, 64, 60, 86, style="bold")
        f.chair(p, x + 30, 108, 0, 62)
    for x in (152, 194):
        chair_seat(p, x, 114, 26)


def seat_aisle(p: Pen) -> None:
    for y in (14, 62, 110):
        for x in (10, 44):
            chair_seat(p, x, y, 26)
        for x in (170, 204):
            chair_seat(p, x, y, 26)
    f.chair(p, 121, 106, 0, 62)


def closing_way(p: Pen) -> None:
    """The way of a closing leaf: from the widest angle to the last ten degrees."""
    p.stopwatch(200, 62, 26)
    with p.measuring():
        p.arc(42, 122, 70, 78, 18, "bold")
        p.head((109.5, 103.5), (0.4, 0.92))


def both_sides(p: Pen) -> None:
    """Length and width of a room."""
    p.dim((46, 118), (194, 118))
    p.dim((118, 16), (118, 144))


ROWS: Final[tuple[Row, ...]] = (
    ("door.clear_width", door_plan, lambda p: p.dim((85, 88), (164, 88)),
     "门开到 90°，从门扇面量到对面门框的止口，不是门框到门框。",
     "With the door open at 90°, measure from the face of the leaf to the stop of the other jamb, not frame to frame."),
    ("door.threshold", sill, lambda p: p.span((184, 104), (184, 126), (142, 104), (142, 126)),
     "从较低一侧的地面竖直量到门槛顶面。",
     "Measure straight up from the lower floor to the top of the threshold."),
    ("door.threshold_bevel", bevel, lambda p: p.slope((72, 122), (150, 92)),
     "量斜面的高差和水平长度。",
     "Measure rise and run of the bevel."),
    ("door.turning_outside", door_outside, lambda p: p.diameter(94, 104, 50),
     "在门外找能放下的最大的圆，避开门扇开启范围，量直径。",
     "Outside the door find the largest circle clear of the door swing and measure its diameter."),
    ("door.turning_inside", door_inside, lambda p: p.diameter(94, 56, 49),
     "在门内找能放下的最大的圆，避开门扇开启范围，量直径。",
     "Inside the door find the largest circle clear of the door swing and measure its diameter."),
    ("door.handle_height", door_front, lambda p: p.span((190, 88), (190, 146), (137, 88)),
     "从地面竖直量到拉手（把手）中心。",
     "Measure straight up from the floor to the centre of the handle."),
    ("door.opening_force", door_pull, lambda p: p.arrow((158, 72), (140, 32)),
     "拉力计钩在拉手上，垂直于门扇慢慢拉，读门动起来时的最大值。",
     "Hook the spring balance to the handle, pull slowly at a right angle to the leaf and read the highest value."),
    ("door.control_height", automatic, lambda p: p.span((208, 91), (208, 146), (175, 91)),
     "从地面竖直量到手动按钮的中心。",
     "Measure straight up from the floor to the centre of the manual control."),
    ("door.band_height", glass_door, lambda p: p.span((204, 81), (204, 146), (178, 81)),
     "从地面竖直量到提示标识的中线。",
     "Measure straight up from the floor to the middle of the warning band."),
    ("door.closer_seconds", closing, closing_way,
     "门开到最大后放手，计时到门离关闭还有约 10° 为止。",
     "Open the door fully, let go, and stop the time when it is about 10° from shut."),
    ("door.panel_height", door_window, lambda p: p.span((190, 82), (190, 146), (135, 82)),
     "从地面竖直量到观察窗玻璃的下缘。",
     "Measure straight up from the floor to the lower edge of the pane."),
    ("door.side_wall", side_wall, lambda p: p.dim((114, 58), (172, 58)),
     "在拉手一侧，从门洞边量到转角的墙面。",
     "On the side of the handle, measure from the edge of the opening to the wall at the corner."),
    ("signage.panel_size", sign, lambda p: p.span((70, 136), (174, 136), (70, 114), (174, 114)),
     "量标志牌一边的长度。",
     "Measure one side of the panel."),
    ("low_counter.height", counter, lambda p: p.span((86, 72), (86, 146), (110, 72)),
     "从地面竖直量到台面的上表面。",
     "Measure straight up from the floor to the upper face of the top."),
    ("low_counter.knee_width", counter_front, lambda p: p.dim((64, 84), (176, 84)),
     "量台下两侧板（柱）内侧之间的净宽。",
     "Measure between the inner sides of the panels or posts under the top."),
    ("low_counter.knee_height", counter_used, lambda p: p.dim((134, 79), (134, 146)),
     "从地面竖直量到台面下最低处的底面。",
     "Measure straight up from the floor to the lowest underside below the top."),
    ("low_counter.turning_space", counter_plan, lambda p: p.diameter(120, 96, 54),
     "在台前找能放下的最大的圆，量直径；可算入台下空间。",
     "In front of the counter find the largest circle and measure its diameter; room under the top counts."),
    ("low_counter.knee_depth_low", counter_used, lambda p: p.span((110, 134), (182, 134), (110, 79)),
     "在脚的高度（地面以上 250 mm 内），从台面前缘水平量到里面的挡板。",
     "At the height of the feet (within 250 mm of the floor) measure level from the front edge to the panel behind."),
    ("low_counter.knee_depth", counter_used, lambda p: p.span((110, 100), (146, 100), (110, 79)),
     "在膝的高度，从台面前缘水平量到里面的挡板。",
     "At the height of the knees measure level from the front edge to the panel behind."),
    ("low_counter.telephone_height", telephone, lambda p: p.span((212, 76), (212, 146), (158, 76)),
     "从地面竖直量到话机上要够到的最高处（听筒或按键）。",
     "Measure straight up from the floor to the highest part one must reach, handset or keys."),
    ("lift.door_width", lift_front, lambda p: p.dim((60, 100), (114, 100)),
     "门全开时，量两扇门（门与门框）边缘之间的净宽。",
     "With the door fully open, measure between the edges of the two leaves, or of leaf and frame."),
    ("lift.car_depth", car_empty, lambda p: p.dim((160, 22), (160, 138)),
     "从轿厢门内侧量到后壁。",
     "Measure from inside the car door to the back wall."),
    ("lift.car_width", car_empty, lambda p: p.dim((58, 42), (182, 42)),
     "量轿厢左右两壁之间的净宽。",
     "Measure between the left and right walls of the car."),
    ("lift.lobby_circle", lobby_turn, lambda p: p.diameter(120, 97, 44),
     "在电梯门前找能放下的最大的圆，量直径。",
     "In front of the lift door find the largest circle that fits in and measure its diameter."),
    ("lift.lobby_depth", lift_lobby, lambda p: p.dim((120, 52), (120, 142)),
     "从电梯门所在墙面量到对面的墙。",
     "Measure from the wall of the lift door to the wall opposite."),
    ("lift.button_height", lift_front, lambda p: p.span((192, 81), (192, 142), (167, 81)),
     "从地面竖直量到最高的呼叫按钮的中心。",
     "Measure straight up from the floor to the centre of the highest call button."),
    ("lift.button_corner", lift_front, lambda p: p.span((167, 50), (212, 50), (167, 81)),
     "从按钮中心水平量到转角侧墙。",
     "Measure level from the centre of the button to the side wall at the corner."),
    ("lift.open_seconds", lift_front, lambda p: p.stopwatch(87, 84, 22),
     "门完全打开时开始计时，到门开始关闭为止。",
     "Start the time when the door stands fully open, stop it when it begins to close."),
    ("lift.car_button_height", car_inside, lambda p: p.span((214, 62), (214, 142), (158, 62)),
     "从轿厢地面竖直量到最高的按钮中心。",
     "Measure straight up from the floor of the car to the centre of the highest button."),
    ("lift.car_rail_height", car_inside, lambda p: p.span((28, 91), (28, 142), (52, 91), (44, 142)),
     "从轿厢地面竖直量到扶手顶面。",
     "Measure straight up from the floor of the car to the top of the rail."),
    ("lift.mirror_height", car_inside, lambda p: p.dim((97, 86), (97, 142)),
     "从轿厢地面竖直量到镜子下缘。",
     "Measure straight up from the floor of the car to the lower edge of the mirror."),
    ("toilet.turning_circle", wc_room, lambda p: p.diameter(134, 94, 46),
     "在室内找能放下的最大的圆，避开洁具和门扇，量直径。",
     "Find the largest circle clear of fittings and door swing and measure its diameter."),
    ("toilet.stall_length", stall, lambda p: p.dim((36, 128), (204, 128)),
     "量厕位内侧长边的净长，墙面到墙面。",
     "Measure the long side inside the stall, wall to wall."),
    ("toilet.stall_width", stall, lambda p: p.dim((150, 16), (150, 136)),
     "量厕位内侧短边的净宽，墙面到墙面。",
     "Measure the short side inside the stall, wall to wall."),
    ("toilet.area", wc_room, both_sides,
     "量内侧净长和净宽，相乘得面积。",
     "Measure clear length and width inside; the area is one times the other."),
    ("toilet.call_height", call, lambda p: p.span((184, 115), (184, 150), (141, 115)),
     "从地面竖直量到呼叫按钮的中心。",
     "Measure straight up from the floor to the centre of the call button."),
    ("toilet.switch_height", switch, lambda p: p.span((190, 85), (190, 146), (150, 85)),
     "从地面竖直量到开关或面板的中心。",
     "Measure straight up from the floor to the centre of the switch or panel."),
    ("toilet.bar_above_seat", seat_bars, lambda p: p.dim((78, 78), (78, 109)),
     "从坐便器座面竖直量到水平抓杆。",
     "Measure straight up from the seat to the horizontal bar."),
    ("toilet.bar_length", seat_bars, lambda p: p.span((52, 54), (134, 54), (52, 78), (134, 78)),
     "量水平抓杆从一端到另一端的长度。",
     "Measure the horizontal bar from end to end."),
    ("toilet.bar_ahead", seat_bars, lambda p: p.span((106, 98), (134, 98), (106, 112), (134, 78)),
     "从坐便器前缘水平量到竖向抓杆。",
     "Measure level from the front of the bowl to the vertical bar."),
    ("toilet.bar_top", seat_bars, lambda p: p.span((176, 20), (176, 150), (134, 20)),
     "从地面竖直量到竖向抓杆的顶端。",
     "Measure straight up from the floor to the top of the vertical bar."),
    ("toilet.urinal_lip", urinal_side, lambda p: p.span((136, 112), (136, 150), (84, 112)),
     "从地面竖直量到小便器下口前缘。",
     "Measure straight up from the floor to the front edge of the lip."),
    ("toilet.urinal_bar_length", urinal_side, lambda p: p.span((32, 24), (98, 24), (32, 30), (98, 74)),
     "从墙面量到侧面抓杆的外端。",
     "Measure from the wall to the outer end of the side bar."),
    ("toilet.urinal_bar_height", urinal_side, lambda p: p.span((136, 71), (136, 150), (98, 71)),
     "从地面竖直量到侧面抓杆的顶面。",
     "Measure straight up from the floor to the top of the side bar."),
    ("toilet.urinal_top_bar", urinal_front, lambda p: p.span((186, 39), (186, 150), (150, 39)),
     "从地面竖直量到小便器上方横杆的顶面。",
     "Measure straight up from the floor to the top of the bar above the urinal."),
    ("toilet.basin_height", basin, lambda p: p.span((84, 76), (84, 148), (112, 76)),
     "从地面竖直量到洗手盆上缘。",
     "Measure straight up from the floor to the rim of the basin."),
    ("toilet.tap_distance", basin_front, lambda p: p.span((24, 58), (130, 58), None, (130, 66)),
     "从侧墙水平量到水嘴中心。",
     "Measure level from the side wall to the centre of the tap."),
    ("toilet.basin_knee_width", basin_front, lambda p: p.dim((88, 120), (172, 120)),
     "量盆下两侧支架（柜板）内侧之间的净宽。",
     "Measure between the inner sides of the supports or panels under the basin."),
    ("toilet.basin_knee_height", basin_used, lambda p: p.dim((128, 94), (128, 148)),
     "从地面竖直量到盆底（膝盖伸入处）的底面。",
     "Measure straight up from the floor to the underside of the basin where the knees go."),
    ("toilet.basin_knee_depth", basin_used, lambda p: p.span((112, 114), (163, 114), (112, 82)),
     "从盆前缘水平量到里面的水管或挡板。",
     "Measure level from the front of the basin to the pipe or panel behind."),
    ("toilet.mirror_height", basin_front, lambda p: p.span((212, 50), (212, 148), (168, 50)),
     "从地面竖直量到镜子下缘。",
     "Measure straight up from the floor to the lower edge of the mirror."),
    ("toilet.hook_height", hook, lambda p: p.span((200, 60), (200, 148), (152, 60)),
     "从地面竖直量到挂衣钩。",
     "Measure straight up from the floor to the hook."),
    ("toilet.table_length", table_plan, lambda p: p.dim((54, 90), (186, 90), -22),
     "量台面的长边。",
     "Measure the long side of the top."),
    ("toilet.table_width", table_plan, lambda p: p.dim((186, 20), (186, 90), 20),
     "从墙面量到台面的前缘。",
     "Measure from the wall to the front of the top."),
    ("toilet.table_height", baby_table, lambda p: p.span((176, 92), (176, 148), (142, 92)),
     "台面放下后，从地面竖直量到台面。",
     "With the table folded down, measure straight up from the floor to its top."),
    ("parking.total_bays", bays, lambda p: p.count(*((40 + 40 * i, 100) for i in range(5))),
     "数停车场全部车位，包括无障碍车位。",
     "Count all bays, the accessible ones too."),
    ("parking.accessible_bays", bays_marked, lambda p: p.count((40, 92), (118, 92)),
     "只数画有无障碍标志的车位。",
     "Count only bays with the symbol of access."),
    ("parking.aisle_width", aisle, lambda p: p.dim((92, 124), (148, 124), -18),
     "量车位一侧轮椅通道斜线区的净宽，线的内侧到内侧。",
     "Measure the hatched aisle beside the bay, between the insides of its lines."),
    ("parking.slope", bay_slope, lambda p: p.slope((196, 115.5), (32, 95), 20),
     "在车位和通道上用水平尺量最陡处的高差和水平长度。",
     "In bay and aisle measure rise and run with a level where it is steepest."),
    ("parking.dropoff_width", dropoff, lambda p: p.span((222, 47), (222, 104), None, (206, 104)),
     "从路缘量到区域外侧的标线。",
     "Measure from the kerb to the outer line of the zone."),
    ("parking.dropoff_length", dropoff, lambda p: p.dim((30, 104), (206, 104), -22),
     "沿路缘量区域两端标线之间的长度。",
     "Measure along the kerb between the lines at both ends."),
    ("parking.sign_height", bay_sign, lambda p: p.span((210, 56), (210, 148), (186, 56)),
     "从地面竖直量到标志牌下缘。",
     "Measure straight up from the ground to the lower edge of the sign."),
    ("wheelchair_seating.depth", seating, lambda p: p.dim((62, 46), (62, 136), -20),
     "沿面向舞台的方向量席位前后的净长。",
     "Measure the space from front to back, in the direction one looks."),
    ("wheelchair_seating.width", seating, lambda p: p.dim((62, 136), (122, 136), -14),
     "量席位左右的净宽。",
     "Measure the space from left to right."),
    ("wheelchair_seating.seats", seat_rows,
     lambda p: p.count(*((47 + 48 * (i % 4), 38 + 70 * (i // 4)) for i in range(8))),
     "数全部座位。",
     "Count all seats."),
    ("wheelchair_seating.spaces", space_row, lambda p: p.count((44, 140), (110, 140)),
     "只数划出的轮椅席位。",
     "Count only the spaces marked for wheelchairs."),
    ("wheelchair_seating.aisle_width", seat_aisle, lambda p: p.dim((72, 52), (168, 52)),
     "在最窄处量两侧座位之间的净宽。",
     "Where it is narrowest measure between the seats on both sides."),
)  # fmt: skip
DRAWINGS: Final[tuple[Drawing, ...]] = table(ROWS)
