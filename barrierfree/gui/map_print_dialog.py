"""Print the map: paper, part, title; a picture, a PDF or a printer. It can be given up while it is being made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QProgressBar

from barrierfree import paths
from barrierfree.gui.basemap_picture import BasemapPicture
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.map_making import Made, print_map, write_map
from barrierfree.gui.map_picture import Extras, PaperLayer, frame_of
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.workers import Task
from barrierfree.i18n import language, listed, tr
from barrierfree.operations.map_paper import Box, MapWanted, Projection, box_of
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store

Job = Callable[[Store, Progress, MapWanted, Projection, Extras], Made]


class MapPrintDialog(FormDialog):
    """``view`` is what the map shows now; ``wanted`` what its list is filtered by, ``conditions`` that in words.

    Signals:
        made(str, str): it is there: what to say, and where it lies.
    """

    made = Signal(str, str)

    def __init__(
        self, context: Context, view: Box, wanted: SiteFilter, conditions: Sequence[str],
        layers: Sequence[PaperLayer], outline: bool, basemap: Path | None, parent: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(tr("打印地图"), tr("保存…"), parent, height=660)
        self._context, self._view, self._filter, self._conditions = context, view, wanted, tuple(conditions)
        self._layers, self._outline, self._basemap = tuple(layers), outline, basemap
        self._task: Task | None = None
        self._wanted_still = False  # nobody has given it up since it was started
        self._picture: BasemapPicture | None = None
        area = context.survey.definition.area
        self.title = QLineEdit(context.survey.title)
        self.add_field(tr("标题"), self.title)
        self.what = self._choice(
            tr("印哪里"), [("view", tr("当前视野")), ("all", tr("全部范围")), ("community", tr("一个社区"))]
        )
        self.what.chosen.connect(lambda _what: self._on_what())
        self.community = QComboBox()
        self.community.setAccessibleName(tr("社区"))
        self.community.addItems([c.name for c in area.communities])
        self.fields.addWidget(self.community)
        self.what.offer([key for key in ("view", "all", "community") if key != "community" or area.communities])
        self.paper = self._choice(tr("纸张"), [("A4", "A4"), ("A3", "A3")])
        self.side = self._choice(tr("方向"), [("landscape", tr("横向")), ("portrait", tr("纵向"))])
        self.dpi = self._choice(tr("图片的清晰度"), [("150", tr("150 dpi：投影、微信")), ("300", tr("300 dpi：印刷"))])
        self.dpi.set_value("300")
        self.kind = self._choice(tr("做成"), [("pdf", tr("PDF")), ("png", tr("PNG 图片")), ("printer", tr("打印机"))])
        self.told = label(
            tr("图上有图例、比例尺、指北、日期、来源和计数。不超过 60 个点位时另附编号名单。"), "muted", wrap=True
        )
        self.fields.addWidget(self.told)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("进度"))
        self.state = label("", wrap=True)
        for widget in (self.state, self.bar):
            widget.hide()
            self.fields.addWidget(widget)
        self._on_what()
        self.finish(self.title)

    def _choice(self, title: str, options: list[tuple[str, str]]) -> ChoiceButtons:
        box = ChoiceButtons(options, title)
        box.set_value(options[0][0])
        self.add_field(title, box)
        return box

    def _on_what(self) -> None:
        self.community.setVisible(self.what.value() == "community")
        self.hide_fault()

    @property
    def wanted(self) -> MapWanted:
        """What is asked for."""
        return MapWanted.model_validate({
            "title": self.title.text().strip() or self._context.survey.title, "paper": self.paper.value(),
            "landscape": self.side.value() == "landscape", "dpi": int(str(self.dpi.value())),
            "what": self.what.value(), "view": self._view, "community": self.community.currentText(),
            "filter": self._filter, "conditions": self._conditions,
        })  # fmt: skip

    def confirmed(self) -> None:
        """Ask where it goes, and make it."""
        if self.kind.value() == "printer":
            self._ask_printer()
            return
        survey, held = self._context.survey, self._context.settings.choices.exports
        folder = Path(held) if held else paths.default_exports(survey.path)
        suffix = str(self.kind.value())
        kinds = tr("PDF 文件 (*.pdf)") if suffix == "pdf" else tr("PNG 图片 (*.png)")
        name = folder / f"{survey.title}-{tr('地图')}.{suffix}"
        file, _ = QFileDialog.getSaveFileName(self, tr("保存地图"), str(name), kinds)
        if file:
            path = Path(file)
            self.write_to(path if path.suffix.lower() == f".{suffix}" else path.with_name(f"{path.name}.{suffix}"))

    def write_to(self, path: Path) -> None:
        """Make it and write it to ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._context.settings.change(exports=str(path.parent))
        self._start(
            lambda store, progress, wanted, projection, extras: write_map(
                store, progress, wanted, projection, extras, path
            )
        )

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # seldom needed

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self._start(
                lambda store, progress, wanted, projection, extras: print_map(
                    store, progress, wanted, projection, extras, printer, printer.resolution()
                )
            )

    # -- making it: where, the basemap, the rest -----------------------------------------------------------------------

    def _start(self, job: Job) -> None:
        wanted = self.wanted
        self._wanted_still = True
        self.confirm.setEnabled(False)
        self.hide_fault()
        self._show_state(tr("正在准备地图…"))
        self._context.tasks.read(
            lambda store: box_of(store, wanted), partial(self._on_box, wanted, job), self._on_failed,
            replaces="map.print", context=self,
        )  # fmt: skip

    def _on_box(self, wanted: MapWanted, job: Job, box: Box) -> None:
        if not self._wanted_still:
            return
        layers = len(self._layers)
        projection = Projection.fit(box, frame_of(wanted, layers))
        area = self._context.survey.definition.area
        extras = Extras(
            layers=self._layers, outline=area.outline if self._outline else None,
            outline_note=area.outline_note.in_language(language()) if area.outline else "",
        )  # fmt: skip
        if self._basemap is None:
            self._run(wanted, projection, extras, job)
            return
        self._show_state(tr("正在画底图…"))
        self._picture = BasemapPicture(self._context, self._basemap, projection, wanted.dpi, self)
        self._picture.failed.connect(self._on_failed)
        self._picture.drawn.connect(
            lambda image, source: self._on_basemap(wanted, projection, extras, job, image, source)
        )

    def _on_basemap(
        self, wanted: MapWanted, projection: Projection, extras: Extras, job: Job, image: QImage, source: str
    ) -> None:
        self._drop_picture()
        if not self._wanted_still:
            return
        filled = Extras(extras.layers, extras.outline, extras.outline_note, None if image.isNull() else image, source)
        self._run(wanted, projection, filled, job)

    def _run(self, wanted: MapWanted, projection: Projection, extras: Extras, job: Job) -> None:
        self._show_state(tr("正在画图，可以取消…"))
        self._context.tasks.progress.connect(self._on_progress)
        self._task = self._context.tasks.run(
            lambda store, progress: job(store, progress, wanted, projection, extras), tr("正在画图"), self._on_made,
            self._on_failed, context=self,
        )  # fmt: skip

    def _show_state(self, text: str, done: int = 0, total: int = 0) -> None:
        self.state.setText(text)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.state.show()
        self.bar.show()

    def _on_progress(self, state: ProgressState) -> None:
        if state.task is self._task and not state.finished:
            self._show_state(state.text or state.title, state.done, state.total)

    def _on_made(self, made: Made) -> None:
        self._task = None
        names = listed(file.name for file in made.files)
        count = tr("图上 {n} 个点位").format(n=f"{made.sites:,}")
        text = (
            tr("地图已保存：{name}，{count}。").format(name=names, count=count) if names else tr("地图已送到打印机。")
        )
        self.made.emit(text, str(made.files[0].parent) if made.files else "")
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._stop()
        self.state.hide()
        self.bar.hide()
        self.show_fault(error)

    def _drop_picture(self) -> None:
        if self._picture is not None:
            self._picture.deleteLater()
            self._picture = None

    def _stop(self) -> None:
        self._wanted_still = False
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._drop_picture()

    def done(self, result: int) -> None:
        """Closing gives up what is being made."""
        self._stop()
        super().done(result)
