"""Where photos were taken, against where they are said to belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from barrierfree import coordinates
from barrierfree.i18n import tr
from barrierfree.model.records import Photo

# Phones in a street canyon are off by some 10 to 50 m, and a site is a point for a whole front: beyond this a photo
# was taken somewhere else. The project's own figure.
NEAR_M: Final = 150


def distant(photos: Sequence[Photo], place: tuple[float, float] | None) -> list[tuple[Photo, float]]:
    """The photos that were taken more than ``NEAR_M`` metres from ``place`` (WGS-84), with that distance."""
    if place is None:
        return []
    far = [(p, coordinates.distance_m(p.lon, p.lat, *place)) for p in photos if p.lon is not None and p.lat is not None]
    return [(photo, metres) for photo, metres in far if metres > NEAR_M]


def told_distant(far: Sequence[tuple[Photo, float]]) -> tuple[str, str]:
    """The question whether photos from elsewhere are to be added, and what stands behind it."""
    metres = told_metres(max(m for _, m in far))
    if len(far) == 1:
        question = tr("照片的位置离点位 {metres}，仍然添加？").format(metres=metres)
    else:
        question = tr("{n} 张照片的位置离点位最远 {metres}，仍然添加？").format(n=len(far), metres=metres)
    return question, tr("可能选错了点位，或者手机的定位不准。")


def told_metres(metres: float) -> str:
    """A distance as one says it."""
    if round(metres) < 1000:
        return tr("{n} 米").format(n=round(metres))
    return tr("{n} 公里").format(n=f"{metres / 1000:,.1f}")
