"""Which photo belongs to which visit? By time and place, with the reason in words; what is in doubt is left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from barrierfree import coordinates
from barrierfree.errors import PhotoError
from barrierfree.i18n import listed, phrased, tr
from barrierfree.operations.photo_places import NEAR_M, told_metres

# The first picture is often taken before the first answer is typed, the last after submitting. Our own figure.
MARGIN: Final = timedelta(minutes=10)
CLEARLY_M: Final = 50  # metres by which one of two sites must be nearer: more than a phone's usual error
_OFFSET: Final = re.compile(r"([+-]?)(\d{1,4}):([0-5]?\d):([0-5]?\d)")


@dataclass(frozen=True)
class Shot:
    """A picture with what it says of itself; ``moment`` without an offset is what the camera's clock showed."""

    key: str
    moment: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Slot:
    """A checkpoint that photos can be given to; ``inspection`` is '' while it is a draft, saved at ``saved``."""

    element: str
    number: int
    inspection: str = ""
    saved: datetime | None = None
    not_met: int = 0


@dataclass(frozen=True)
class Occasion:
    """A visit of mine, or what I have half filled at a site (``visit`` is ''), with its checkpoints."""

    visit: str
    site: str
    name: str
    lon: float | None
    lat: float | None
    started: datetime
    ended: datetime
    slots: tuple[Slot, ...]
    awaited: bool = False  # the visit said that photos follow

    def holds(self, moment: datetime, margin: timedelta = timedelta()) -> bool:
        """Whether it was going on at ``moment``."""
        return self.started - margin <= at_clock(moment, self.started) <= self.ended + margin

    def metres(self, shot: Shot) -> float | None:
        """How far from the site the picture was taken; None if one of them has no position."""
        if shot.lon is None or shot.lat is None or self.lon is None or self.lat is None:
            return None
        return coordinates.distance_m(shot.lon, shot.lat, self.lon, self.lat)


@dataclass(frozen=True)
class Target:
    """Where a photo goes: a checkpoint of an occasion."""

    occasion: Occasion
    slot: Slot


@dataclass(frozen=True)
class Proposal:
    """Where a photo should go, or None for the tray; and why."""

    target: Target | None
    reason: str


def at_clock(moment: datetime, like: datetime) -> datetime:
    """A moment without an offset is local time: that of ``like``."""
    return moment if moment.tzinfo else moment.replace(tzinfo=like.tzinfo)


def propose(shot: Shot, occasions: Sequence[Occasion]) -> Proposal:
    """The one occasion that a picture fits; in doubt none. ``occasions`` newest first."""
    if shot.moment is None:
        return _by_place(shot, occasions)
    moment = shot.moment
    timely = [o for o in occasions if o.holds(moment, MARGIN)]
    fitting = [o for o in timely if not _is_far(o.metres(shot))]
    if not fitting:
        return Proposal(None, _why_none(shot, timely, occasions))
    going_on = [o for o in fitting if o.holds(moment)] or fitting
    best = _clearly_nearest(shot, going_on)
    if best is None:
        names = listed(dict.fromkeys(tr("“{name}”").format(name=o.name) for o in going_on))
        return Proposal(None, tr("拍摄时间同时符合{names}").format(names=names))
    parts = [_told_time(moment, best)]
    if (metres := best.metres(shot)) is not None:
        parts.append(tr("距点位 {metres}").format(metres=told_metres(metres)))
    return Proposal(Target(best, best_slot(best, moment)), phrased(parts))


def best_slot(occasion: Occasion, moment: datetime | None) -> Slot:
    """The checkpoint that a photo most likely shows: the draft saved nearest in time, else the first with a fault."""
    saved = [s for s in occasion.slots if s.saved is not None]
    if moment is not None and saved:
        now = at_clock(moment, occasion.started)
        return min(saved, key=lambda s: abs((s.saved or now) - now))
    return next((s for s in occasion.slots if s.not_met), occasion.slots[0])


def _is_far(metres: float | None) -> bool:
    return metres is not None and metres > NEAR_M


def _clearly_nearest(shot: Shot, occasions: Sequence[Occasion]) -> Occasion | None:
    if len(occasions) == 1:
        return occasions[0]
    ranked = sorted(((m, n) for n, o in enumerate(occasions) if (m := o.metres(shot)) is not None))
    if len(ranked) < len(occasions) or ranked[1][0] - ranked[0][0] < CLEARLY_M:
        return None
    return occasions[ranked[0][1]]


def _by_place(shot: Shot, occasions: Sequence[Occasion]) -> Proposal:
    if shot.lon is None:
        return Proposal(None, tr("没有拍摄时间和位置"))
    near = [(m, o) for o in occasions if (m := o.metres(shot)) is not None and m <= NEAR_M]
    if len(near) == 1:
        metres, occasion = near[0]
        reason = tr("没有拍摄时间，距点位 {metres}").format(metres=told_metres(metres))
        return Proposal(Target(occasion, best_slot(occasion, None)), reason)
    if near:
        names = listed(dict.fromkeys(tr("“{name}”").format(name=o.name) for _, o in near))
        return Proposal(None, tr("没有拍摄时间，附近有{names}的走访").format(names=names))
    return Proposal(None, tr("没有拍摄时间，附近没有您走访的点位"))


def _why_none(shot: Shot, timely: Sequence[Occasion], occasions: Sequence[Occasion]) -> str:
    if timely:
        nearest = min(timely, key=lambda o: o.metres(shot) or 0)
        return tr("拍摄时间在“{name}”走访期间，但位置离点位 {metres}").format(
            name=nearest.name, metres=told_metres(nearest.metres(shot) or 0)
        )
    close = [(m, o.name) for o in occasions if (m := o.metres(shot)) is not None and m <= NEAR_M]
    if close:
        metres, name = min(close)
        return tr("距“{name}”{metres}，但拍摄时间不在走访期间").format(name=name, metres=told_metres(metres))
    return tr("拍摄时间不在您的走访期间")


def _told_time(moment: datetime, occasion: Occasion) -> str:
    now = at_clock(moment, occasion.started)
    clock = moment.strftime("%H:%M")
    if now < occasion.started:
        minutes = -(-(occasion.started - now).seconds // 60)
        return tr("拍摄时间在走访开始前 {n} 分钟（{clock}）").format(n=minutes, clock=clock)
    if now > occasion.ended:
        minutes = -(-(now - occasion.ended).seconds // 60)
        return tr("拍摄时间在走访结束后 {n} 分钟（{clock}）").format(n=minutes, clock=clock)
    return tr("拍摄时间在走访期间（{clock}）").format(clock=clock)


def read_offset(text: str) -> timedelta:
    """``+00:03:20`` (hours, minutes, seconds) as what has to be added to the camera's times."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise PhotoError(
            tr("看不懂时间差“{text}”。").format(text=text), tr("请写成 +00:03:20（时:分:秒，相机慢为正）。")
        )
    hours, minutes, seconds = (int(part) for part in match.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if match[1] == "-" else offset


def told_offset(offset: timedelta) -> str:
    """How wrong the camera's clock is."""
    if not offset:
        return tr("相机时间准确")
    whole = round(abs(offset.total_seconds()))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    units = (
        (tr("{n} 天"), days), (tr("{n} 小时"), hours), (tr("{n} 分钟"), minutes), (tr("{n} 秒"), seconds),
    )  # fmt: skip
    span = " ".join(text.format(n=n) for text, n in units if n)
    return (tr("相机慢 {span}") if offset > timedelta() else tr("相机快 {span}")).format(span=span)
