"""Write an open format: all of it or nothing, part by part, with the photos beside it if they are to go along."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from barrierfree import __version__, formats
from barrierfree.errors import ReportError, StorageError
from barrierfree.formats import EXTRAS, FORMATS, About, Extra, Layer, Tally, extras
from barrierfree.i18n import listed, mark, sentences, tr
from barrierfree.model import words
from barrierfree.model.definition import Model
from barrierfree.model.open_records import SiteRecord
from barrierfree.model.words import FindingState, Status
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.store import SiteFilter, Store

_LAYER_WORDS: Final = {"sites": mark("点位"), "checkpoints": mark("检查点"), "findings": mark("问题")}
_FORMAT_WORDS: Final = {
    "geojson": mark("GeoJSON（QGIS 等地理软件）"), "osm-geojson": mark("GeoJSON（OSM 标签，供 JOSM 核对）"),
    "csv": mark("CSV 表格（Excel）"), "kml": mark("KML（Google Earth、奥维）"),
    "a11yjson": mark("A11yJSON（无障碍地图）"),
}  # fmt: skip
_EXTRA_WORDS: Final = {
    "names": mark("姓名"), "notes": mark("备注和手写的文字"), "photos": mark("照片"), "exif": mark("照片里的拍摄信息"),
}  # fmt: skip
_EVERY: Final = 200  # sites between two reports of progress


class FormatRequest(Model):
    """What is wanted. Empty fields do not restrict; ``statuses`` are those of the layer (sites and checkpoints a
    ``Status``, findings a ``FindingState``). ``extras``: what may go along beside what was measured.
    """

    format: str
    layer: Layer = "sites"
    community: str = ""
    site_class: str = ""
    statuses: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()


class WrittenFormat(Model):
    """A file that was written, and what was left out: ``bare`` records without a position (in a CSV they went, with
    empty cells), ``untold`` ones that the format has no words for, ``gone`` sites no longer in their list, ``missing``
    photos that could not be read. ``borrowed`` went, with a position from a commercial map.
    """

    format: str
    layer: Layer
    file: str
    written: int
    bare: int
    untold: int
    gone: int
    borrowed: int
    photos: int = 0
    missing: int = 0
    photos_folder: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        bare = self.bare if FORMATS[self.format].places else 0
        return bare + self.untold + self.gone + self.missing == 0


def format_word(kind: str) -> str:
    """What a format is called."""
    return tr(_FORMAT_WORDS[kind])


def layer_word(layer: str) -> str:
    """What a layer is called."""
    return tr(_LAYER_WORDS[layer])


def status_words(layer: Layer) -> list[tuple[str, str]]:
    """The statuses a layer can be restricted to: value and word."""
    kinds = list(FindingState) if layer == "findings" else list(Status)
    return [(kind.value, tr(words.label(kind))) for kind in kinds]


def write_format(store: Store, wanted: FormatRequest, path: Path, progress: Progress = SILENT) -> WrittenFormat:
    """Write the file. Cancelled or failed it leaves nothing, and a file that was there stays as it was.

    Raises ``ReportError`` for what the format cannot hold, ``StorageError`` where the file cannot be written.
    """
    _check(store, wanted, path)
    folder = photos_folder(path)
    with_photos = "photos" in wanted.extras
    if with_photos and folder.exists():
        raise StorageError(
            tr("照片文件夹“{folder}”已经存在。").format(folder=folder.name), tr("请换一个文件名，或先移走这个文件夹。")
        )
    tally = Tally()
    gone = store.count_sites(_filter(wanted, gone=True))
    file_aside, photos_aside = path.with_name(f"{path.name}.part"), folder.with_name(f"{folder.name}.part")
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_file(store, wanted, file_aside, tally, progress)
            taken = missing = 0
            if with_photos and tally.hashes:
                taken, missing = _write_photos(store, wanted, photos_aside, tally, progress)
            _move_out(file_aside, path, photos_aside if taken else None, folder)
        finally:
            file_aside.unlink(missing_ok=True)
            shutil.rmtree(photos_aside, ignore_errors=True)
    return WrittenFormat(
        format=wanted.format, layer=wanted.layer, file=str(path), written=tally.written, bare=tally.bare,
        untold=tally.untold, gone=gone, borrowed=tally.borrowed, photos=taken, missing=missing,
        photos_folder=str(folder) if taken else "",
    )  # fmt: skip


def photos_folder(path: Path) -> Path:
    """Where the photos of a file go: beside it, never the folder of a survey's own photos."""
    return path.with_name(f"{path.stem}-{tr('照片')}")


def told(done: WrittenFormat) -> tuple[str, str]:
    """What was written, and what is worth knowing of it, in words."""
    layer = layer_word(done.layer)
    said = tr("已导出 {n} 条“{layer}”：{name}").format(n=f"{done.written:,}", layer=layer, name=Path(done.file).name)
    bare = (
        tr("{n} 条没有位置，坐标栏是空的。")
        if not FORMATS[done.format].places
        else tr("{n} 条没有位置，没有导出；需要时请用 CSV。")
    )
    counts = (
        (bare, done.bare), (tr("{n} 条还没有检查，或 OSM 没有对应的标签，没有导出。"), done.untold),
        (tr("{n} 个已不在清单里的点位没有导出。"), done.gone),
        (tr("{n} 条的坐标来自商业地图（GCJ-02、BD-09），交给 OpenStreetMap 前要另行测定。"),
         done.borrowed if done.format == "osm-geojson" else 0),
        (tr("照片 {n} 张。"), done.photos), (tr("{n} 张照片读不出来，没有导出。"), done.missing),
    )  # fmt: skip
    more = sentences(text.format(n=f"{count:,}").rstrip("。.") for text, count in counts if count)
    return said, tr("{text}。").format(text=more) if more else ""


def _check(store: Store, wanted: FormatRequest, path: Path) -> None:
    """Refuse what cannot be, before any work."""
    known = FORMATS.get(wanted.format)
    if known is None:
        raise ReportError(
            tr("没有名为“{name}”的格式。").format(name=wanted.format),
            tr("可以用：{names}。").format(names=listed(FORMATS)),
        )
    if wanted.layer not in known.layers:
        raise ReportError(
            tr("“{format}”不能导出“{layer}”。").format(format=wanted.format, layer=layer_word(wanted.layer)),
            tr("可以导出：{names}。").format(names=listed(known.layers)),
        )
    strange = [extra for extra in wanted.extras if extra not in extras(wanted.format, wanted.layer)]
    if strange:
        raise ReportError(
            tr("“{format}”的“{layer}”里没有地方放：{names}。").format(
                format=wanted.format,
                layer=layer_word(wanted.layer),
                names=listed(tr(_EXTRA_WORDS[extra]) for extra in strange),
            ),
            tr("请不选它们，或换一种格式。"),
        )
    statuses = dict(status_words(wanted.layer))
    unknown = [status for status in wanted.statuses if status not in statuses]
    if unknown:
        raise ReportError(
            tr("“{layer}”没有状态“{status}”。").format(layer=layer_word(wanted.layer), status=unknown[0]),
            tr("可以用：{names}。").format(names=listed(statuses)),
        )
    _check_names(store, wanted)
    if path.suffix.lower() not in known.endings:
        raise StorageError(
            tr("“{name}”不是这种格式的文件名。").format(name=path.name),
            tr("请以 {ending} 结尾。").format(ending=known.endings[0]),
        )
    with _in_words(path):
        if path.is_file():  # protected, or held open by Excel
            with path.open("ab"):
                pass


def _check_names(store: Store, wanted: FormatRequest) -> None:
    definition = store.definition()
    if wanted.site_class and definition.site_class(wanted.site_class) is None:
        raise ReportError(
            tr("没有代码为“{code}”的点位类别。").format(code=wanted.site_class),
            tr("可以用：{names}。").format(names=listed(c.code for c in definition.classes)),
        )
    if wanted.community and not store.count_sites(SiteFilter(community=wanted.community)):
        raise ReportError(
            tr("没有社区“{name}”的点位。").format(name=wanted.community), tr("请检查社区的名称；不写就是全部社区。")
        )


def _filter(wanted: FormatRequest, *, gone: bool = False) -> SiteFilter:
    return SiteFilter(community=wanted.community, site_class=wanted.site_class, gone=gone, in_force=not gone)


def _write_file(store: Store, wanted: FormatRequest, aside: Path, tally: Tally, progress: Progress) -> None:
    about = _about(store, wanted)
    pieces = formats.written(wanted.format, _counted(store, wanted, progress), about, tally)
    with aside.open("w", encoding="utf-8", newline="") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _about(store: Store, wanted: FormatRequest) -> About:
    going = set(wanted.extras)
    definition = store.definition()
    title = store.info("title", definition.title.zh)
    return About(
        definition=definition, title=f"{title} {_LAYER_WORDS[wanted.layer]}", layer=wanted.layer,
        made_on=store.clock().date().isoformat(), generator=f"barrierfree {__version__}", notes="notes" in going,
        with_names="names" in going, names={p.id: p.name for p in store.people()} if "names" in going else {},
        with_photos="photos" in going,
        photos={h: _photo_name(h) for h in store.kept_photos()} if "photos" in going else {},
        statuses=frozenset(wanted.statuses),
    )  # fmt: skip


def _photo_name(sha256: str) -> str:
    return f"{sha256[:20]}.jpg"


def _counted(store: Store, wanted: FormatRequest, progress: Progress) -> Iterator[SiteRecord]:
    wanted_sites = _filter(wanted)
    total = store.count_sites(wanted_sites)
    for done, record in enumerate(store.open_records(wanted_sites)):
        if done % _EVERY == 0:
            progress.step(done, total, tr("正在导出"))
        yield record
    progress.step(total, total, tr("正在导出"))


def _write_photos(
    store: Store, wanted: FormatRequest, aside: Path, tally: Tally, progress: Progress
) -> tuple[int, int]:
    """Put the photos that were named into a folder; how many went, and how many could not be read."""
    suffixes = store.kept_photos()
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    taken = missing = 0
    for done, sha256 in enumerate(tally.hashes):
        progress.step(done, len(tally.hashes), tr("正在导出照片"))
        try:
            content = store.photo_path(sha256, suffixes[sha256]).read_bytes()
        except OSError:
            missing += 1
            continue
        told_less = content if "exif" in wanted.extras else formats.stripped(content)
        if told_less is None:  # it cannot be promised that nothing of its EXIF goes along
            missing += 1
            continue
        (aside / _photo_name(sha256)).write_bytes(told_less)
        taken += 1
    return taken, missing


def _move_out(file_aside: Path, path: Path, photos_aside: Path | None, folder: Path) -> None:
    """Both or neither."""
    if photos_aside is not None:
        os.replace(photos_aside, folder)
    try:
        os.replace(file_aside, path)
    except BaseException:
        if photos_aside is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            tr("没有写成：{path}（{reason}）").format(path=path, reason=error.strerror or error),
            tr("请检查文件夹是否可以写入、文件是否正被打开、磁盘是否已满。"),
        ) from error


__all__ = [
    "EXTRAS",
    "FORMATS",
    "Extra",
    "FormatRequest",
    "Layer",
    "WrittenFormat",
    "extras",
    "format_word",
    "layer_word",
    "photos_folder",
    "status_words",
    "told",
    "write_format",
]
