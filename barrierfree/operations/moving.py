"""Another position for a site without a pointer: by metres, from a photo, from another site; weighed, and undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from barrierfree import coordinates
from barrierfree.errors import PhotoError, StepRefused
from barrierfree.i18n import bracketed, named, sentences, tr
from barrierfree.model import words
from barrierfree.model.definition import Model
from barrierfree.model.records import Changes, Position, Site
from barrierfree.model.words import Datum
from barrierfree.operations.photo_places import told_metres
from barrierfree.operations.whereabouts import told_move
from barrierfree.store import Store

# Phones in a street canyon are off by some 10 to 50 m: what is corrected by more is more than a correction. Own figure.
FAR_M: Final = 50.0
_ASKED: Final = 5  # neighbours that are asked for their community
_NEIGHBOUR_M: Final = 300.0  # what is farther away says nothing of the community


class PhotoPlace(Model):
    """Where a photo was taken, as a position, and how exact that is, in words."""

    position: Position
    told: str


class Weighed(Model):
    """What taking a position would mean, line by line; ``warnings`` are what somebody should think about.

    ``inside``: whether it lies in the outline of the area, None without one.
    """

    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    metres: float | None
    inside: bool | None


def held(site: Site) -> Position | None:
    """The position that a site has, with the coordinate as given and its datum."""
    if site.lon is None or site.lat is None:
        return None
    if site.given_x is None or site.given_y is None:
        return Position(site.lon, site.lat, site.lon, site.lat, Datum.WGS84)
    return Position(site.lon, site.lat, site.given_x, site.given_y, site.datum)


def beside(origin: Position, east_m: float, north_m: float) -> Position:
    """The position so many metres east and north of ``origin``, given in the same datum; 0 and 0: that position."""
    if not east_m and not north_m:
        return origin
    lon, lat = coordinates.moved(origin.lon, origin.lat, east_m, north_m)
    return in_datum(lon, lat, origin.datum)


def in_datum(lon: float, lat: float, datum: str) -> Position:
    """A WGS-84 position as it would have been given in ``datum``: to 1 cm in degrees, to 1 mm on a plane."""
    x, y = coordinates.convert(lon, lat, Datum.WGS84, datum)
    digits = 3 if coordinates.is_plane(datum) else 7
    return coordinates.position(round(x, digits), round(y, digits), datum)


def of_photo(path: Path) -> PhotoPlace:
    """Where the photo at ``path`` was taken. A ``PhotoError`` says why it tells nothing."""
    from barrierfree import photos  # Pillow comes with it: only when a picture is looked at

    seen = photos.look(path)
    if seen.lon is None or seen.lat is None:
        raise PhotoError(
            tr("照片“{name}”里没有位置。").format(name=path.name),
            tr("请用拍照时开着定位的原图；经微信、QQ 发送的照片常常去掉了位置。"),
        )
    if seen.error_m is not None:
        exact = tr("手机记录的误差约 {n}").format(n=told_metres(seen.error_m))
    else:
        exact = tr("照片没有写误差，街道里一般差 10 到 50 米")
    taken = tr("拍于 {time}").format(time=seen.taken_at[:16].replace("T", " ")) if seen.taken_at else ""
    position = coordinates.position(round(seen.lon, 7), round(seen.lat, 7), Datum.WGS84)
    return PhotoPlace(position=position, told=sentences(part for part in (taken, exact) if part))


def of_photos(paths: Sequence[Path]) -> tuple[Path, PhotoPlace]:
    """Where the photo taken last was taken, of those that say where. A ``PhotoError`` if none does."""
    from barrierfree import photos

    seen = [(photos.look(path), path) for path in paths]
    placed = [(look.taken_at, path) for look, path in seen if look.lon is not None]
    last = max(placed, key=lambda found: found[0])[1] if placed else paths[-1]
    return last, of_photo(last)


def told_position(position: Position) -> str:
    """A position as it was given, with its datum."""
    name = tr(words.label(Datum(position.datum))) if position.datum in set(Datum) else position.datum
    digits = 3 if coordinates.is_plane(position.datum) else 6
    return bracketed(f"{position.given_x:.{digits}f}, {position.given_y:.{digits}f}", name)


def weigh(store: Store, site: Site | None, new: Position) -> Weighed:
    """What it would mean if ``site`` (None: somebody, or a site to be) were at ``new``."""
    lines, warnings = [], []
    before = held(site) if site is not None else None
    metres = None
    if site is not None:
        lines.append(named(tr("现在的位置"), told_position(before) if before else tr("没有位置")))
    lines.append(named(tr("新的位置"), told_position(new)))
    if before is not None:
        origin, target = (before.lon, before.lat), (new.lon, new.lat)
        metres = coordinates.distance_m(*origin, *target)
        lines.append(named(tr("移动"), told_move(origin, target)))
        if metres > FAR_M:
            warnings.append(tr("离现在的位置 {metres}，超过 {n} 米。请确认没有选错点位或坐标系。").format(
                metres=told_metres(metres), n=round(FAR_M)
            ))  # fmt: skip
    inside = is_inside(store, new)
    if inside is not None:
        lines.append(named(tr("普查范围"), tr("在范围内") if inside else tr("在范围外")))
    if inside is False:
        warnings.append(tr("新的位置在普查范围之外。"))
    community = _community(store, site, new)
    if community:
        lines.append(named(tr("附近点位的社区"), community))
    if community and site is not None and site.community and site.community != community:
        warnings.append(
            tr("附近的点位多属于“{near}”，这个点位填的是“{own}”。").format(near=community, own=site.community)
        )
    return Weighed(lines=tuple(lines), warnings=tuple(warnings), metres=metres, inside=inside)


def is_inside(store: Store, position: Position) -> bool | None:
    """Whether a position lies in the outline of the area; None without one."""
    from barrierfree.inventory.boundary import Boundary  # where it is needed: the window must come fast

    outline = store.definition().area.outline
    return Boundary.of(outline).contains(position.lon, position.lat) if outline else None


def _community(store: Store, site: Site | None, position: Position) -> str:
    """The community that most of the nearest sites belong to; communities have no outline of their own."""
    near = [s for s in store.sites_near(position.lon, position.lat, _ASKED + 1) if site is None or s.id != site.id]
    named_ones = [
        s.community for s in near[:_ASKED]
        if s.community and s.lon is not None and s.lat is not None
        and coordinates.distance_m(position.lon, position.lat, s.lon, s.lat) <= _NEIGHBOUR_M
    ]  # fmt: skip
    return Counter(named_ones).most_common(1)[0][0] if named_ones else ""


def put_back(store: Store, site: str, before: Position | None, moved: Position | None, *, person: str) -> Changes:
    """Undo a move: the position from before holds again, as it was given. Refused if another one was set since."""
    if held(store.site(site)) != moved:
        raise StepRefused(
            tr("撤销不了：位置后来又改过。"), tr("请按“改位置…”填写正确的位置；历史记录里有每一次的坐标。")
        )
    return store.change_site(site, {"position": before}, person=person)
