"""Choosing, adding and removing basemaps, as the map page's menu and the settings page's card do it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from barrierfree.basemaps import BasemapInfo, Bounds
from barrierfree.gui.context import Context
from barrierfree.gui.notices import ask
from barrierfree.gui.page import Page
from barrierfree.i18n import tr
from barrierfree.operations import basemaps
from barrierfree.operations.basemaps import Cover, Installed
from barrierfree.operations.progress import Progress
from barrierfree.store import Store

_STREETS: Final = 14  # the zoom of a sub-district; from there on one looks for a door
_BEYOND: Final = {"raster": 4, "vector": 7}  # zooms that the page draws beyond those of the file (basemap.js)


def is_coarse(info: BasemapInfo) -> bool:
    """Whether nothing of a basemap is seen where one looks for a door."""
    return info.max_zoom + _BEYOND[info.kind] < _STREETS


@dataclass(frozen=True)
class Known:
    """An installed basemap and how much of this survey's area it covers."""

    basemap: Installed
    cover: Cover

    @property
    def name(self) -> str:
        """Its file name: what is kept as the choice."""
        return self.basemap.file.name

    @property
    def facts(self) -> str:
        """What it is, in one line."""
        info = self.basemap.info
        size = tr("{size} MB").format(size=f"{self.basemap.size / 1e6:,.1f}")
        if info is None:
            return size
        kind = tr("矢量") if info.kind == "vector" else tr("图片")
        zooms = tr("缩放级别 {low}–{high}").format(low=info.min_zoom, high=info.max_zoom)
        return " · ".join(part for part in (kind, zooms, size, info.attribution) if part)


class BasemapWork(QObject):
    """Signals:
    listed(list[Known]): what is installed, in the order of the names.
    chosen: another basemap is used, or none.
    """

    listed = Signal(object)
    chosen = Signal()

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self.known: list[Known] = []

    @property
    def choice(self) -> Path | None:
        """The file of the basemap in use; None without one, or when it is gone."""
        name = self._context.settings.choices.basemap
        file = self._context.basemaps / name
        return file if name and file.is_file() else None

    @property
    def missing(self) -> str:
        """The file name of a basemap that was chosen and is gone; '' without one."""
        name = self._context.settings.choices.basemap
        return name if name and not (self._context.basemaps / name).is_file() else ""

    def say_missing(self) -> None:
        """Say that it is gone, once: afterwards none is chosen."""
        if self.missing:
            self._page.messages.show_message(
                "warning", tr("底图“{name}”找不到了，现在不用底图。").format(name=Path(self.missing).stem),
                tr("文件可能被移走或删掉了。要用时请在“底图”里重新添加。"),
            )  # fmt: skip
            self.choose("")

    def refresh(self) -> None:
        """Look at what lies in the folder."""
        self._context.tasks.read(
            basemaps.survey_area, self._look, self._page.messages.show_error, replaces="basemaps.area", context=self
        )

    def choose(self, name: str) -> None:
        """Use the basemap with this file name, or none."""
        self._context.settings.change(basemap=name)
        self.chosen.emit()
        self.listed.emit(self.known)

    def ask_file(self) -> None:
        """Ask which file to add."""
        patterns = " ".join(f"*{suffix}" for suffix in basemaps.SUFFIXES)
        kinds = tr("底图和 OSM 摘录 ({patterns})").format(patterns=patterns)
        file, _ = QFileDialog.getOpenFileName(self._page, tr("添加底图"), str(self._context.survey.path.parent), kinds)
        if file:
            self.add(Path(file))

    def add(self, file: Path) -> None:
        """Take a file in: copied, or made into tiles; used at once if it covers the survey."""
        folder = self._context.basemaps

        def take(store: Store, progress: Progress) -> tuple[Installed, Cover]:
            area = basemaps.survey_area(store)
            added = basemaps.add_basemap(folder, file, area, progress)
            return added, basemaps.cover(added.info, area) if added.info else "none"

        self._context.tasks.run(
            take, tr("正在添加底图"), self._on_added, self._page.messages.show_error, context=self
        )  # fmt: skip

    def remove(self, known: Known) -> None:
        """Delete a basemap after asking."""
        question = tr("删除底图“{name}”？").format(name=known.basemap.title)
        consequence = tr("只删除本机底图文件夹里的这一份，普查的内容不受影响。")
        if not ask(self._page, question, consequence, tr("删除"), dangerous=True):
            return
        if self._context.settings.choices.basemap == known.name:
            self.choose("")
        self._context.tasks.compute(
            partial(basemaps.remove_basemap, self._context.basemaps, known.name), lambda _nothing: self.refresh(),
            self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _look(self, area: Bounds | None) -> None:
        folder = self._context.basemaps

        def look() -> list[Known]:
            return [
                Known(one, basemaps.cover(one.info, area) if one.info else "none") for one in basemaps.installed(folder)
            ]

        self._context.tasks.compute(look, self._on_listed, self._page.messages.show_error, context=self)

    def _on_listed(self, known: list[Known]) -> None:
        self.known = known
        self.listed.emit(known)

    def _on_added(self, result: tuple[Installed, Cover]) -> None:
        added, cover = result
        if cover == "none":
            self._page.messages.show_message(
                "warning",
                tr("底图“{name}”已添加，但它不覆盖本普查的范围。").format(name=added.title),
                tr("要用时请在“底图”里选择它。"),
            )
        else:
            text = tr("底图“{name}”已添加，正在使用。").format(name=added.title)
            part = tr("它只覆盖本普查范围的一部分。") if cover == "part" else ""
            if added.info is not None and is_coarse(added.info):
                part = tr("它没有街道那么细，缩小地图才看得到。")
            self._page.messages.show_message("good", text, part)
            self.choose(added.file.name)
        self.refresh()
