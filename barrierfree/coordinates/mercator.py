"""Baidu's Mercator: the plane of its maps (BD09MC), and of GCJ-02 as its services give it (GCJ02MC).

Not the sphere of other web maps: northings differ by some 20 km in China. Floats with ``m=math`` or numpy arrays (any
one shape) with ``m=numpy``; degrees and metres.
"""

from __future__ import annotations

import math
from typing import Any, Final

MAX_EAST: Final = 20037726.4  # metres: 180 degrees by the tables
MAX_NORTH: Final = 20037508.4  # the square of web maps; the tables serve no map beyond
_REFINED: Final = 74.0

# Baidu publishes no formula, only these tables, in the script of its own map; the figures are quoted here from
# gcoord 1.0.7 (MIT, Copyright (c) 2018-present Jiulong Hu). A row serves from its lower bound up to that of the row
# above: (lower bound, a, b, polynomial of degree 6 from its constant on, divisor): the easting (longitude) is a + b·x,
# the northing (latitude) is the polynomial of y / divisor, both by absolute value.
_Row = tuple[float, float, float, tuple[float, ...], float]
_TO_PLANE: Final[tuple[_Row, ...]] = (
    (75, -0.0015702102444, 111320.7020616939,
     (1704480524535203, -10338987376042340, 26112667856603880, -35149669176653700, 26595700718403920,
      -10725012454188240, 1800819912950474), 82.5),
    (60, 0.0008277824516172526, 111320.7020463578,
     (647795574.6671607, -4082003173.641316, 10774905663.51142, -15171875531.51559, 12053065338.62167,
      -5124939663.577472, 913311935.9512032), 67.5),
    (45, 0.00337398766765, 111320.7020202162,
     (4481351.045890365, -23393751.19931662, 79682215.47186455, -115964993.2797253, 97236711.15602145,
      -43661946.33752821, 8477230.501135234), 52.5),
    (30, 0.00220636496208, 111320.7020209128,
     (51751.86112841131, 3796837.749470245, 992013.7397791013, -1221952.21711287, 1340652.697009075,
      -620943.6990984312, 144416.9293806241), 37.5),
    (15, -0.0003441963504368392, 111320.7020576856,
     (278.2353980772752, 2485758.690035394, 6070.750963243378, 54821.18345352118, 9540.606633304236,
      -2710.55326746645, 1405.483844121726), 22.5),
    (0, -0.0003218135878613132, 111320.7020701615,
     (0.00369383431289, 823725.6402795718, 0.46104986909093, 2351.343141331292, 1.58060784298199,
      8.77738589078284, 0.37238884252424), 7.45),
)  # fmt: skip
_TO_DEGREES: Final[tuple[_Row, ...]] = (
    (12890594.86, 1.410526172116255e-8, 0.00000898305509648872,
     (-1.9939833816331, 200.9824383106796, -187.2403703815547, 91.6087516669843, -23.38765649603339,
      2.57121317296198, -0.03801003308653), 17337981.2),
    (8362377.87, -7.435856389565537e-9, 0.000008983055097726239,
     (-0.78625201886289, 96.32687599759846, -1.85204757529826, -59.36935905485877, 47.40033549296737,
      -16.50741931063887, 2.28786674699375), 10260144.86),
    (5591021, -3.030883460898826e-8, 0.00000898305509983578,
     (0.30071316287616, 59.74293618442277, 7.357984074871, -25.38371002664745, 13.45380521110908,
      -3.29883767235584, 0.32710905363475), 6856817.37),
    (3481989.83, -1.981981304930552e-8, 0.000008983055099779535,
     (0.03278182852591, 40.31678527705744, 0.65659298677277, -4.44255534477492, 0.85341911805263,
      0.12923347998204, -0.04625736007561), 4482777.06),
    (1678043.12, 3.09191371068437e-9, 0.000008983055096812155,
     (0.00006995724062, 23.10934304144901, -0.00023663490511, -0.6321817810242, -0.00663494467273,
      0.03430082397953, -0.00466043876332), 2555164.4),
    (0, 2.890871144776878e-9, 0.000008983055095805407,
     (-3.068298e-8, 7.47137025468032, -0.00000353937994, -0.02145144861037, -0.00001234426596,
      0.00010322952773, -0.00000323890364), 826088.5),
)  # fmt: skip


def plane(lon: Any, lat: Any, m: Any = math) -> tuple[Any, Any]:
    """East and north in metres of a position in degrees."""
    return _by_table(_TO_PLANE, lon, lat, m)


def degrees(x: Any, y: Any, m: Any = math) -> tuple[Any, Any]:
    """The position in degrees of east and north in metres.

    Baidu's table for this direction misses its table for the other one by 3 cm at 45 degrees and 27 cm at 56; three
    Newton steps (a degree is 111,320.7 m / cos) make it the inverse to less than a millimetre as far as 74 degrees.
    """
    lon, lat = _by_table(_TO_DEGREES, x, y, m)
    known = abs(lat) < _REFINED
    for _ in range(3):
        off = _by_table(_TO_PLANE, lon, lat, m)[1] - y
        lat = lat - known * off * m.cos(lat * (math.pi / 180)) / 111320.7
    return lon, lat


def _by_table(table: tuple[_Row, ...], x: Any, y: Any, m: Any) -> tuple[Any, Any]:
    if m is math:
        return _by_row(next(row for row in table if abs(y) >= row[0]), x, y, m)
    out_x, out_y = m.full_like(x, m.nan), m.full_like(y, m.nan)
    left = m.isfinite(y)
    for row in table:
        here = left & (abs(y) >= row[0])
        out_x[here], out_y[here] = _by_row(row, x[here], y[here], m)
        left &= ~here
    return out_x, out_y


def _by_row(row: _Row, x: Any, y: Any, m: Any) -> tuple[Any, Any]:
    _, constant, slope, polynomial, divisor = row
    part = abs(y) / divisor
    north: Any = 0.0
    for figure in reversed(polynomial):
        north = north * part + figure
    return m.copysign(constant + slope * abs(x), x), m.copysign(north, y)
