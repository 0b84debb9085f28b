"""Drawings of what lies outside: entrances, ramps, steps, handrails, curb ramps, tactile paving, routes, stops."""

from __future__ import annotations

from typing import Final

from drawings import figures as f
from drawings.pen import Pen
from drawings.sheet import Drawing, Row, table

# -- accessible entrance ------------------------------------------------------------------------------------------


def flat_entrance(p: Pen) -> None:
    p.earth((0, 122), (50, 122), (168, 92), (240, 92))
    f.wall(p, 192, 0, 12, 26)
    p.rect(195, 26, 6, 66, fill="paper")
    f.seated(p, 92, 111, 48, turn=-14)


def stepped_entrance(p: Pen) -> None:
    p.earth((0, 140), (66, 140), (66, 118), (96, 118), (96, 96), (126, 96), (126, 74), (240, 74))
    f.wall(p, 196, 0, 12, 14)
    p.rect(199, 14, 6, 60, fill="paper")


def platform(p: Pen) -> None:
    p.rect(52, 34, 136, 84, fill="paper")
    for y in (118, 130, 142):
        p.line((52, y), (188, y))
    p.line((52, 118), (52, 142))
    p.line((188, 118), (188, 142))
    f.wall(p, 8, 20, 72, 14)
    f.wall(p, 122, 20, 110, 14)
    f.leaf(p, 82, 34, 38, -90, 0)


def grate(p: Pen) -> None:
    p.rect(34, 34, 172, 112, r=5, fill="tint")
    for x in range(50, 190, 30):
        p.rect(x, 46, 14, 88, r=6, fill="paper")


def canopy(p: Pen) -> None:
    f.floor(p, 144)
    f.wall(p, 180, 10, 14, 56)
    p.rect(184, 66, 6, 78, fill="paper")
    p.area((180, 52), (82, 42), (82, 48), (180, 62))
    p.line((180, 24), (112, 44), style="thin")
    f.standing(p, 128, 144, 46)


def gate(p: Pen) -> None:
    for x in (18, 124, 202):
        p.rect(x, 34, 22, 110, r=8, fill="tint")
        p.circle(x + 11, 128, 4, style="thin")
    p.rect(40, 84, 8, 8, fill="paper")
    p.rect(116, 84, 8, 8, fill="paper")
    p.line((146, 88), (202, 88), style="bold")
    f.chair(p, 82, 116, 0, 76)


def bollards(p: Pen) -> None:
    f.floor(p, 134)
    for x in (22, 112, 202):
        p.draw(f"M{x} 134V76a9 9 0 0 1 18 0V134Z", "ink", "tint")
        p.line((x, 90), (x + 18, 90), style="thin")
        p.line((x, 98), (x + 18, 98), style="thin")
    f.rear(p, 166, 134, 62)


def lobby(p: Pen) -> None:
    f.wall(p, 28, 22, 184, 10)
    f.wall(p, 28, 130, 184, 10)
    for x in (28, 202):
        f.wall(p, x, 22, 10, 34)
        f.wall(p, x, 96, 10, 44)
    f.leaf(p, 38, 58, 38, 0, -90)
    f.leaf(p, 202, 58, 36, 0, -90)
    f.chair(p, 130, 104, 90, 46)


# -- wheelchair ramp ----------------------------------------------------------------------------------------------


def ramp(p: Pen) -> None:
    p.earth((0, 126), (44, 126), (176, 74), (240, 74))
    p.line((44, 126), (44, 90), style="thin")
    p.line((110, 100), (110, 64), style="thin")
    p.line((176, 74), (176, 38), style="thin")
    p.line((34, 90), (44, 90), (176, 38), (190, 38), style="ink")


def ramp_ridden(p: Pen) -> None:
    p.earth((0, 122), (40, 122), (176, 68), (240, 68))
    f.seated(p, 86, 104, 46, turn=-21.6)


def ramp_across(p: Pen) -> None:
    p.rect(46, 122, 148, 22, fill="tint")
    for x, side in ((58, 1), (182, -1)):
        p.rect(x - 8 if side > 0 else x, 112, 8, 10, fill="tint")
        p.line((x - 4 * side, 112), (x - 4 * side, 64))
        p.line((x - 4 * side, 70), (x + 3 * side, 70), (x + 3 * side, 66))
        p.circle(x + 3 * side, 62, 4.5, fill="tint")
    f.rear(p, 120, 122, 66)


def ramp_tilted(p: Pen) -> None:
    p.area((36, 84), (204, 118), (204, 150), (36, 150), style="")
    p.line((36, 150), (36, 84), (204, 118), (204, 150))
    with p.turned(112, 99.4, 11.4):
        f.rear(p, 0, 0, 62)


def landing(p: Pen) -> None:
    p.earth((0, 142), (12, 142), (72, 112), (168, 112), (228, 82), (240, 82))
    f.seated(p, 104, 112, 58)


# -- curb ramp, tactile paving ------------------------------------------------------------------------------------


def kerb_drop(p: Pen) -> None:
    p.earth((0, 134), (112, 134), (112, 112), (240, 82))
    p.circle(62, 102, 32)
    p.circle(62, 102, 24, style="thin")
    p.circle(62, 102, 4, fill="ink")
    p.line((62, 102), (84, 36), (52, 20), style="ink")


def curb_section(p: Pen) -> None:
    p.earth((0, 124), (50, 124), (166, 82), (240, 82))
    p.line((50, 124), (50, 82), (166, 82), style="dash")
    f.seated(p, 206, 82, 40, facing=-1)


def curb_plan(p: Pen) -> None:
    f.paving(p, 8, 18, 224, 92)
    p.area((88, 60), (152, 60), (152, 112), (88, 112), fill="paper")
    p.area((88, 60), (88, 112), (50, 112), fill="tint")
    p.area((152, 60), (152, 112), (190, 112), fill="tint")
    p.line((120, 104), (120, 72), style="thin")
    p.line((115, 79), (120, 72), (125, 79), style="thin")
    for x1, x2 in ((8, 50), (190, 232)):
        p.rect(x1, 112, x2 - x1, 7, fill="tint")
    p.line((50, 119), (190, 119), style="ink")
    p.line((50, 112), (190, 112), style="thin")


def curb_plan_wall(p: Pen) -> None:
    curb_plan(p)
    f.wall(p, 8, 8, 224, 12)


def curb_plan_dots(p: Pen) -> None:
    p.area((72, 20), (168, 20), (168, 118), (72, 118), fill="paper")
    p.area((72, 20), (72, 118), (18, 118), fill="tint")
    p.area((168, 20), (168, 118), (222, 118), fill="tint")
    for x1, x2 in ((6, 18), (222, 234)):
        p.rect(x1, 118, x2 - x1, 10, fill="tint")
    p.line((18, 128), (222, 128))
    p.line((18, 118), (222, 118), style="thin")
    f.dots(p, 72, 48, 96, 32)


def strip(p: Pen) -> None:
    f.paving(p, 8, 10, 224, 42)
    f.paving(p, 8, 112, 224, 40)
    f.bars(p, 8, 56, 180, 48, 45)


def strip_end(p: Pen) -> None:
    f.bars(p, 8, 60, 110, 40, 40)
    f.dots(p, 118, 48, 64, 64)


def strip_wall(p: Pen) -> None:
    f.wall(p, 8, 8, 224, 18)
    for x in range(20, 232, 24):
        p.line((x, 26), (x + 12, 8), style="thin")
    f.bars(p, 8, 84, 224, 40, 40)


def strip_tree(p: Pen) -> None:
    p.rect(84, 12, 56, 50, fill="paper")
    p.circle(112, 37, 8, fill="tint")
    p.draw("M112 2a17 17 0 0 1 24 12a17 17 0 0 1 8 26a17 17 0 0 1 -14 24a17 17 0 0 1 -30 2a17 17 0 0 1 -20 -20"
           "a17 17 0 0 1 8 -30a17 17 0 0 1 24 -14Z", "dash")  # fmt: skip
    f.bars(p, 8, 104, 224, 40, 40)


def strip_kerb(p: Pen) -> None:
    f.bars(p, 8, 16, 224, 36, 40)
    p.rect(8, 100, 224, 9, fill="tint")
    for x in range(14, 232, 44):
        p.line((x, 144), (x + 24, 144), style="bold")


def relief(p: Pen) -> None:
    p.area((8, 146), (8, 110), (40, 110), (48, 86), (84, 86), (92, 110), (132, 110), (140, 86), (176, 86), (184, 110),
           (232, 110), (232, 146))  # fmt: skip
    p.draw("M150 78Q140 84 118 82Q96 80 96 66L92 22H128L132 46Q164 56 196 60Q212 64 210 78Z", "ink", "paper")
    p.line((97, 72), (209, 72), style="thin")


def headroom(p: Pen) -> None:
    f.floor(p, 144)
    p.rect(30, 140, 180, 4, fill="tint")
    f.standing(p, 66, 140, 54, cane=True)
    p.pipe((216, 144), (216, 14), (120, 14))
    p.rect(132, 17, 66, 24, r=3, fill="paper")
    p.line((142, 29), (186, 29))
    p.line((178, 23), (186, 29), (178, 35))


# -- route --------------------------------------------------------------------------------------------------------


def passage(p: Pen) -> None:
    f.wall(p, 8, 8, 224, 14)
    f.wall(p, 8, 140, 224, 12)
    p.rect(128, 22, 32, 34, fill="tint")
    p.rect(124, 116, 40, 24, r=5, fill="paper")
    p.circle(136, 128, 7, style="thin")
    p.circle(152, 128, 7, style="thin")
    f.chair(p, 62, 84, 90, 62)


def opening(p: Pen) -> None:
    f.wall(p, 8, 50, 68, 22)
    f.wall(p, 164, 50, 68, 22)
    f.chair(p, 120, 118, 0, 74)


def corner(p: Pen) -> None:
    p.line((38, 154), (38, 12), (232, 12))
    p.area((38, 154), (26, 154), (26, 2), (232, 2), (232, 12), (38, 12), style="")
    p.area((150, 124), (232, 124), (232, 154), (150, 154), style="")
    p.line((150, 154), (150, 124), (232, 124))
    f.chair(p, 98, 78, 40, 54)


def protruding(p: Pen) -> None:
    f.floor(p, 144)
    f.wall(p, 196, 6, 14, 138)
    p.rect(146, 46, 50, 46, r=3, fill="paper")
    p.line((154, 58), (188, 58), style="thin")
    p.line((154, 66), (188, 66), style="thin")
    p.circle(171, 79, 6, style="thin")
    f.standing(p, 66, 144, 60, cane=True)


# -- handrail, steps ----------------------------------------------------------------------------------------------


def railing(p: Pen) -> None:
    p.earth(
        (0, 146), (78, 146), (78, 128), (106, 128), (106, 110), (134, 110), (134, 92), (162, 92), (162, 74), (240, 74)
    )
    for x, y in ((78, 128), (162, 74)):
        p.line((x, y), (x, y - 54), style="thin")
    for up in (58, 42):
        p.pipe((42, 128 - up), (78, 128 - up), (162, 74 - up), (196, 74 - up), width=5.5)
    p.pipe((42, 70), (42, 86), width=5.5)


def rail_end(p: Pen) -> None:
    p.draw("M232 40H92Q72 40 72 60V112H90V66Q90 58 98 58H232", "ink", "tint")
    p.line((72, 112), (90, 112))
    p.line((176, 58), (176, 152))
    p.line((186, 58), (186, 152))


def rail_wall(p: Pen) -> None:
    f.wall(p, 28, 6, 34, 148)
    p.circle(142, 62, 26, fill="tint")
    p.line((62, 122), (142, 122), (142, 88))
    p.line((62, 132), (152, 132), (152, 86))


def rail_grip(p: Pen) -> None:
    p.circle(120, 88, 36, fill="tint")
    p.line((112, 123), (112, 152))
    p.line((128, 123), (128, 152))
    p.draw("M40 8H220V26H166V88L156 96V26H84V96L74 88V26H40Z", "ink", "paper")
    for x in range(48, 216, 8):
        p.line((x, 8), (x, 14), style="thin")


def stairs(p: Pen) -> None:
    p.earth((0, 142), (40, 142), (40, 114), (88, 114), (88, 86), (136, 86), (136, 58), (184, 58), (184, 30), (240, 30))


def stairs_plan(p: Pen) -> None:
    for x in (136, 164, 192, 220):
        p.line((x, 30), (x, 140))
    p.line((136, 30), (232, 30))
    p.line((136, 140), (232, 140))
    p.line((142, 85), (224, 85), style="thin")
    p.line((216, 80), (224, 85), (216, 90), style="thin")
    f.dots(p, 58, 30, 34, 110)
    f.bars(p, 8, 70, 50, 30, 50)


# -- bus stop, footbridge -----------------------------------------------------------------------------------------


def bus_stop(p: Pen) -> None:
    f.paving(p, 8, 44, 224, 66)
    p.rect(8, 112, 224, 8, fill="tint")
    p.rect(56, 10, 140, 10, fill="tint")
    for x in (56, 188):
        p.rect(x, 10, 8, 32, fill="tint")
    p.rect(84, 24, 84, 12, r=3, fill="paper")
    p.draw("M34 156V136Q34 128 42 128H198Q206 128 206 136V156", "ink", "paper")
    p.line((98, 128), (98, 134), (128, 134), (128, 128), style="thin")
    f.chair(p, 74, 76, 90, 44)


def bridge(p: Pen) -> None:
    f.floor(p, 148, 0, 240)
    for x, y in ((84, 111), (118, 111), (206, 71), (228, 71)):
        p.line((x, y), (x, 148))
    p.area(
        (2, 148), (80, 102), (122, 102), (202, 62), (240, 62), (240, 71), (204, 71), (124, 111), (82, 111), (18, 148)
    )
    p.line((8, 114), (80, 72), (122, 72), (202, 32), (240, 32), style="thin")
    for x, y in ((41, 125), (80, 102), (122, 102), (162, 82), (202, 62)):
        p.line((x, y), (x, y - 30), style="thin")


ROWS: Final[tuple[Row, ...]] = (
    ("accessible_entrance.slope", flat_entrance, lambda p: p.slope((50, 122), (168, 92)),
     "在坡面中线上量高差和水平长度，取最陡的一段。",
     "Measure rise and run along the middle of the slope, at its steepest part."),
    ("accessible_entrance.platform_depth", platform, lambda p: p.span((150, 72), (150, 118), (82, 72)),
     "门开到最大，从门扇外端量到平台边缘（第一级台阶）。",
     "With the door fully open, measure from the end of the leaf to the edge of the platform."),
    ("accessible_entrance.step_height", stepped_entrance, lambda p: p.span((36, 74), (36, 140), (126, 74)),
     "从人行道地面竖直量到平台面。",
     "Measure straight up from the footway to the platform."),
    ("accessible_entrance.grate_gap", grate, lambda p: p.span((110, 18), (124, 18), (110, 60), (124, 60)),
     "量一条孔隙的净宽，取最宽的一条。",
     "Measure the clear width of one slot, the widest."),
    ("accessible_entrance.canopy_projection", canopy, lambda p: p.span((82, 20), (180, 20), (82, 42)),
     "从外墙面水平量到雨棚外缘。",
     "Measure level from the wall to the outer edge of the canopy."),
    ("accessible_entrance.gate_width", gate, lambda p: p.span((48, 20), (116, 20), (48, 84), (116, 84)),
     "闸门打开，量两侧最突出处之间的净距；有宽通道的量宽通道。",
     "With the gate open, measure between what stands out most on both sides; take the wide lane if there is one."),
    ("accessible_entrance.bollard_gap", bollards, lambda p: p.span((130, 38), (202, 38), (130, 80), (202, 80)),
     "量相邻两根桩内侧面之间的净距，取最窄处。",
     "Measure between the facing sides of two bollards, where it is narrowest."),
    ("accessible_entrance.lobby_distance", lobby, lambda p: p.span((76, 80), (202, 80), (76, 60)),
     "门扇开向两门之间时，从开启门扇的外端量到另一道门。",
     "Where a leaf opens into the lobby, measure from the end of the open leaf to the other door."),
    ("wheelchair_ramp.slope", ramp_ridden, lambda p: p.slope((40, 122), (176, 68)),
     "在坡道中线上量高差和水平长度，取最陡的一段。",
     "Measure rise and run along the middle of the ramp, at its steepest part."),
    ("wheelchair_ramp.rise", ramp, lambda p: p.span((20, 74), (20, 126), (176, 74)),
     "从一段坡道的起点地面竖直量到终点平台面。",
     "Measure straight up from where one run begins to the landing where it ends."),
    ("wheelchair_ramp.run", ramp, lambda p: p.span((44, 144), (176, 144), (44, 126), (176, 74)),
     "水平量一段坡道的起点到终点，不要沿坡面量。",
     "Measure level from where one run begins to where it ends, not along the slope."),
    ("wheelchair_ramp.clear_width", ramp_across, lambda p: p.span((65.5, 26), (174.5, 26), (65.5, 62), (174.5, 62)),
     "量两侧扶手（没有扶手时为挡台）内侧之间最窄处。",
     "Measure between the inner sides of the handrails (of the kerbs where there are none), where it is narrowest."),
    ("wheelchair_ramp.landing_length", landing, lambda p: p.dim((72, 112), (168, 112), -22),
     "沿行进方向量平台平直部分，不含坡面；取最短的平台。",
     "Measure the level part along the way, without the slopes; take the shortest landing."),
    ("wheelchair_ramp.cross_slope", ramp_tilted, lambda p: p.slope((204, 118), (36, 84), 18),
     "垂直于行进方向放水平尺，量两侧高差和宽度。",
     "Lay a level across the way; measure the difference in height of both sides and the width."),
    ("curb_ramp.height_difference", kerb_drop, lambda p: p.span((140, 112), (140, 134), (112, 112), (112, 134)),
     "在坡口从车行道路面竖直量到坡道边。",
     "At the mouth of the ramp measure straight up from the carriageway to the edge of the ramp."),
    ("curb_ramp.slope", curb_section, lambda p: p.slope((50, 124), (166, 82)),
     "正面和两侧都量高差和水平长度，填最陡的一面。",
     "Measure rise and run of the front and both sides; enter the steepest."),
    ("curb_ramp.width", curb_plan, lambda p: p.dim((88, 119), (152, 119), -20),
     "在坡口沿路缘量正面坡的宽度，不含两侧斜面。",
     "At the mouth measure the front ramp along the kerb, without the sloped sides."),
    ("curb_ramp.top_landing", curb_plan_wall, lambda p: p.span((170, 20), (170, 60), None, (152, 60)),
     "从坡顶量到后面的墙或障碍物。",
     "Measure from the top of the ramp to the wall or obstacle behind."),
    ("curb_ramp.tactile_setback", curb_plan_dots, lambda p: p.span((194, 80), (194, 118), (168, 80)),
     "从下口路缘石量到提示盲道靠近路缘的一边。",
     "Measure from the kerb at the lower edge to the near side of the warning indicator."),
    ("tactile_paving.width", strip, lambda p: p.dim((188, 56), (188, 104), 20),
     "垂直于行走方向量行进盲道的宽度。",
     "Measure the directional indicator across the way."),
    ("tactile_paving.warning_width", strip_end, lambda p: p.dim((182, 48), (182, 112), 20),
     "在起点、终点或转弯处，与行进盲道宽度同一方向量提示盲道。",
     "At a start, end or turn measure the warning indicator in the direction in which the path is wide."),
    ("tactile_paving.wall_distance", strip_wall, lambda p: p.dim((120, 26), (120, 84)),
     "从墙、花台或绿化带的边量到盲道边，取最近处。",
     "Measure from wall, flower bed or green belt to the edge of the path, where it is nearest."),
    ("tactile_paving.tree_pit_distance", strip_tree, lambda p: p.span((160, 62), (160, 104), (140, 62)),
     "从树池边框量到盲道边，取最近处。",
     "Measure from the rim of the tree pit to the edge of the path, where it is nearest."),
    ("tactile_paving.kerb_distance", strip_kerb, lambda p: p.dim((120, 52), (120, 100)),
     "从路缘石内侧量到盲道边，取最近处。",
     "Measure from the inner side of the kerb to the edge of the path, where it is nearest."),
    ("tactile_paving.relief", relief, lambda p: p.span((22, 86), (22, 110), (48, 86), (40, 110)),
     "从砖面量到触感条（点）的顶面。",
     "Measure from the surface of the tile to the top of a bar or dot."),
    ("tactile_paving.headroom", headroom, lambda p: p.dim((166, 41), (166, 140)),
     "从盲道面竖直量到上方最低的物体（标牌、树枝、檐口）下缘。",
     "Measure straight up from the path to the underside of the lowest thing above it (sign, branch, eaves)."),
    ("accessible_route.clear_width", passage, lambda p: p.dim((144, 56), (144, 116)),
     "在最窄处量两侧物体之间的净距，垂直于行进方向。",
     "Where it is narrowest measure between the things on both sides, across the way."),
    ("accessible_route.opening_width", opening, lambda p: p.span((76, 30), (164, 30), (76, 50), (164, 50)),
     "量洞口、检票口或结算口两侧之间的净距。",
     "Measure between the two sides of the opening, gate or checkout."),
    ("accessible_route.turning_space", corner, lambda p: p.diameter(98, 78, 52),
     "找能放下的最大的圆，量直径；圆内不能有障碍物。",
     "Find the largest circle that fits in and measure its diameter; nothing may stand in it."),
    ("accessible_route.protrusion", protruding, lambda p: p.span((146, 26), (196, 26), (146, 46)),
     "从墙面（柱面）水平量到物体最外边。",
     "Measure level from the wall or post to the outermost part of the thing."),
    ("accessible_route.underside", protruding, lambda p: p.dim((166, 92), (166, 144)),
     "从地面竖直量到突出物的下缘。",
     "Measure straight up from the ground to the underside of what protrudes."),
    ("handrail.height", railing, lambda p: p.dim((106, 49), (106, 110)),
     "从踏步前缘（坡道为坡面）竖直量到上层扶手顶面。",
     "Measure straight up from the nosing of a step (from the surface of a ramp) to the top of the upper rail."),
    ("handrail.lower_height", railing, lambda p: p.dim((106, 65), (106, 110)),
     "从踏步前缘（坡道为坡面）竖直量到下层扶手顶面。",
     "Measure straight up from the nosing of a step (from the surface of a ramp) to the top of the lower rail."),
    ("handrail.extension", railing, lambda p: p.span((42, 46), (78, 46), (42, 68), (78, 128)),
     "从第一级踏步（坡道起点）水平量到扶手末端。",
     "Measure level from the first step (or where the ramp begins) to the end of the rail."),
    ("handrail.end_length", rail_end, lambda p: p.span((40, 40), (40, 112), (84, 40), (72, 112)),
     "从扶手顶面量到弯折部分的末端。",
     "Measure from the top of the rail to the end of the turned part."),
    ("handrail.wall_gap", rail_wall, lambda p: p.dim((62, 62), (116, 62)),
     "从墙面量到扶手靠墙一侧的表面。",
     "Measure from the wall to the side of the rail that faces it."),
    ("handrail.grip", rail_grip, lambda p: p.dim((84, 41), (156, 41)),
     "量手握处截面的直径；方形的量宽度。",
     "Measure the diameter of the part one grips; its width where it is rectangular."),
    ("steps.risers", stairs, lambda p: p.count(*((64 + 48 * i, 128 - 28 * i) for i in range(4))),
     "从下往上数竖直的踏步面，一个算一级。",
     "Count the upright faces from the bottom to the top."),
    ("steps.riser", stairs, lambda p: p.span((112, 58), (112, 86), (136, 58)),
     "竖直量相邻两级踏面之间的高差，取最高的一级。",
     "Measure the height from one tread to the next, the highest."),
    ("steps.tread", stairs, lambda p: p.span((88, 40), (136, 40), (88, 86), (136, 58)),
     "水平量相邻两级踏步前缘之间的距离，取最窄的一级。",
     "Measure level from one nosing to the next, the shortest."),
    ("steps.tactile_distance", stairs_plan, lambda p: p.span((92, 16), (136, 16), (92, 30), (136, 30)),
     "从踏步前缘量到提示盲道靠近踏步的一边。",
     "Measure from the edge of the step to the near side of the warning indicator."),
    ("bus_platform.passage_width", bus_stop, lambda p: p.span((140, 42), (140, 112), (188, 42)),
     "从候车亭、座椅或站牌的前缘量到路缘，取最窄处。",
     "Measure from the front of shelter, bench or post to the kerb, where it is narrowest."),
    ("footbridge.ramp_slope", bridge, lambda p: p.slope((122, 102), (202, 62), 16),
     "在坡道中线上量高差和水平长度，取最陡的一段。",
     "Measure rise and run along the middle of the ramp, at its steepest part."),
    ("footbridge.landing", bridge, lambda p: p.span((80, 52), (122, 52), (80, 102), (122, 102)),
     "沿行进方向量休息平台的平直部分，不含坡面。",
     "Measure the level part of the landing along the way, without the slopes."),
    ("footbridge.run_rise", bridge, lambda p: p.span((58, 62), (58, 102), (202, 62), (80, 102)),
     "从一段坡道的起点竖直量到这一段终点的平台面。",
     "Measure straight up from where one run begins to the landing where it ends."),
)  # fmt: skip
DRAWINGS: Final[tuple[Drawing, ...]] = table(ROWS)
