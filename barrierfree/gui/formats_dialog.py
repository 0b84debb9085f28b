"""Asks for an open format, what of the survey, and what may go along; writes it while one watches."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.theme import tokens
from barrierfree.gui.workers import Task
from barrierfree.gui.writing_dialog import WritingDialog, choice_of
from barrierfree.i18n import language, tr
from barrierfree.operations import open_formats
from barrierfree.operations.open_formats import FORMATS, Extra, FormatRequest, Layer, WrittenFormat


class FormatsDialog(WritingDialog):
    """``made`` tells what was written when it was accepted."""

    def __init__(self, context: Context, communities: list[str], parent: QWidget | None = None) -> None:
        super().__init__(context, tr("导出开放格式"), tr("导出"), parent)
        self._task: Task | None = None
        self.made: WrittenFormat | None = None
        self._add_what(communities)
        self._add_extras()
        self.add_file()
        self.add_progress()
        context.tasks.progress.connect(self._on_progress)
        self.finish(self.format)
        self._draw_layers()

    # -- fields -----------------------------------------------------------------------------------------------------

    def _add_what(self, communities: list[str]) -> None:
        self.format = QComboBox()
        for kind in FORMATS:
            self.format.addItem(open_formats.format_word(kind), kind)
        self.add_field(tr("格式"), self.format)
        self.about = label("", "muted", wrap=True)
        self.fields.addWidget(self.about)
        self.layer, self.status = QComboBox(), QComboBox()
        self.add_field(tr("导出什么"), self.layer)
        self.community = choice_of(tr("全部社区"), communities)
        self.add_field(tr("社区"), self.community)
        self.site_class = QComboBox()
        self.site_class.addItem(tr("全部类别"), "")
        for known in self._context.survey.definition.classes:
            self.site_class.addItem(known.label.in_language(language()), known.code)
        self.add_field(tr("点位类别"), self.site_class)
        self.add_field(tr("状态"), self.status)
        self.format.currentIndexChanged.connect(lambda _at: self._draw_layers())
        self.layer.currentIndexChanged.connect(lambda _at: self._draw_statuses())
        for changed in (self.community, self.site_class, self.status):
            changed.currentIndexChanged.connect(lambda _at: self.draw_file())

    def _add_extras(self) -> None:
        self.fields.addSpacing(6)
        self.fields.addWidget(label(tr("另外带上（默认都不带）"), "strong", wrap=True))
        self.no_extras = label(tr("这种格式里没有人名、照片和备注。"), "muted", wrap=True)
        self.fields.addWidget(self.no_extras)
        self.extras: dict[Extra, QCheckBox] = {}
        self._meant: dict[Extra, QWidget] = {}
        for extra, title, meant in _extras():
            self.extras[extra] = QCheckBox(title)
            self.extras[extra].setAccessibleDescription(meant)
            self._meant[extra] = label(meant, "small", wrap=True)
            self._meant[extra].setContentsMargins(tokens().text(38), 0, 0, 0)  # below the words of its box
            self.fields.addWidget(self.extras[extra])
            self.fields.addWidget(self._meant[extra])
            self.extras[extra].toggled.connect(lambda _on: self._draw_extras())

    # -- what is asked for ------------------------------------------------------------------------------------------

    def request(self) -> FormatRequest:
        """What is filled in; what a format has no room for is left out."""
        status = str(self.status.currentData() or "")
        return FormatRequest(
            format=self._kind(), layer=cast(Layer, self.layer.currentData()),
            community=str(self.community.currentData()), site_class=str(self.site_class.currentData()),
            statuses=(status,) if status else (),
            extras=tuple(e for e, box in self.extras.items() if box.isVisibleTo(self) and box.isChecked()),
        )  # fmt: skip

    def _kind(self) -> str:
        return str(self.format.currentData())

    def suggested(self) -> str:
        """Which survey, what of it, from where."""
        wanted = self.request()
        parts = [self._context.survey.title, open_formats.layer_word(wanted.layer), wanted.community,
                 self.site_class.currentText() if wanted.site_class else "",
                 self.status.currentText() if wanted.statuses else "", _NAME_PARTS.get(wanted.format, "")]  # fmt: skip
        return "-".join(part for part in parts if part)

    def ending(self) -> str:
        """That of the chosen format."""
        return FORMATS[self._kind()].endings[0]

    def file_kind(self) -> str:
        """That of the chosen format."""
        return f"{self.format.currentText()} (*{self.ending()})"

    def _draw_layers(self) -> None:
        """Offer what the format can hold; what was chosen stays if it can."""
        self.about.setText(_about(self._kind()))
        before = self.layer.currentData()
        self.layer.blockSignals(True)
        self.layer.clear()
        for layer in FORMATS[self._kind()].layers:
            self.layer.addItem(open_formats.layer_word(layer), layer)
        self.layer.setCurrentIndex(max(self.layer.findData(before), 0))
        self.layer.blockSignals(False)
        self._draw_statuses()

    def _draw_statuses(self) -> None:
        before = self.status.currentData()
        self.status.blockSignals(True)
        self.status.clear()
        self.status.addItem(tr("全部状态"), "")
        for value, word in open_formats.status_words(cast(Layer, self.layer.currentData())):
            self.status.addItem(word, value)
        self.status.setCurrentIndex(max(self.status.findData(before), 0))
        self.status.blockSignals(False)
        self._draw_extras()

    def _draw_extras(self) -> None:
        room = open_formats.extras(self._kind(), cast(Layer, self.layer.currentData()))
        self.no_extras.setVisible(not room)
        for extra, box in self.extras.items():
            shown = extra in room and (extra != "exif" or self.extras["photos"].isChecked())
            box.setVisible(shown)
            self._meant[extra].setVisible(shown)
        self.draw_file()

    # -- work -------------------------------------------------------------------------------------------------------

    def confirmed(self) -> None:
        """Write it; the dialog stays until it is there, and says what went wrong."""
        wanted, file = self.request(), self._file
        self.begin_work(tr("正在导出"))
        self._task = self._context.tasks.run(
            lambda store, progress: open_formats.write_format(store, wanted, file, progress), tr("正在导出"),
            self._on_written, self._on_failed, context=self,
        )  # fmt: skip

    def stop_work(self) -> bool:
        """Cancel the export under way."""
        if self._task is None:
            return False
        self._task.cancel()
        return True

    def _on_progress(self, state: ProgressState) -> None:
        if self._task is not None and state.task is self._task and not state.finished:
            self.show_progress(state.text, state.done, state.total)

    def _on_written(self, done: WrittenFormat) -> None:
        self._task = None
        self.made = done
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._task = None
        self.work_failed(error)


_NAME_PARTS = {"osm-geojson": "OSM", "a11yjson": "A11yJSON"}  # two formats share an ending with another


def _about(kind: str) -> str:
    return {
        "geojson": tr("WGS-84 坐标的点，英文字段名，旁边有中文；可以用 QGIS 等地理软件打开。"),
        "osm-geojson": tr(
            "检查结果换成 OpenStreetMap 的标签，只供在 JOSM 里人工核对，本程序从不上传。"
            "位置是点位的位置；坐标来自商业地图的不能交给 OpenStreetMap。"
        ),
        "csv": tr("每条一行，Excel 可以直接打开；没有位置的也在里面。像公式的文字前加一个撇号。"),
        "kml": tr("每条一个地标，颜色按状态；可以用 Google Earth 等软件打开。"),
        "a11yjson": tr("Wheelmap 等无障碍地图的格式，只写测量到的，没有检查的不写；坡度用度。不含问题和整改。"),
    }[kind]


def _extras() -> list[tuple[Extra, str, str]]:
    return [
        ("names", tr("姓名"), tr("检查人、责任人的姓名。")),
        ("notes", tr("备注和手写的文字"), tr("备注、整改措施、期限说明和填写的文字，里面可能有人名、电话。")),
        ("photos", tr("照片"), tr("照片放在文件旁边的文件夹里，文件里写照片的名称；照片上可能有人脸、车牌。")),
        ("exif", tr("照片里的拍摄信息"), tr("拍摄时间、相机型号等；不选时去掉，画面不变。")),
    ]
