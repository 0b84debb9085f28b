"""Asks where somebody stands: by coordinates, by a known site or address, or by the photo taken last."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from barrierfree.errors import BarrierFreeError
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.place_sources import CoordinateSource, PhotoSource, SiteSource, Source
from barrierfree.i18n import tr
from barrierfree.operations.site_work import Here


class HereDialog(FormDialog):
    """Read ``here`` when it was accepted."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("我在这里"), tr("确定"), parent, height=560)
        self.here: Here | None = None
        self.coordinates = CoordinateSource(tr("我的位置（手机地图上长按可以看到）"))  # in what those maps show
        self.fields_of_place = self.coordinates.fields
        self.sites, self.photo = SiteSource(context), PhotoSource(context)
        self._sources: dict[str, Source] = {"typed": self.coordinates, "site": self.sites, "photo": self.photo}
        self.way = ChoiceButtons(
            [("typed", tr("输入坐标")), ("site", tr("查找点位或地址")), ("photo", tr("刚拍的照片"))], tr("怎样说明位置")
        )
        self.way.set_value("typed")
        self.way.chosen.connect(lambda _way: self._show_way())
        self.fields.addWidget(self.way)
        for source in self._sources.values():
            self.fields.addWidget(source)
            source.changed.connect(self.hide_fault)
        self.fields.addWidget(label(tr("只记在这台电脑上，当天有效；不会写进普查。"), "small", wrap=True))
        self.coordinates.place.returnPressed.connect(self.confirm.click)
        self._show_way()
        self.finish(self.coordinates.place)

    def _show_way(self) -> None:
        self.hide_fault()
        for source in self._sources.values():
            source.setVisible(source is self._source)

    @property
    def _source(self) -> Source:
        return self._sources.get(str(self.way.value()), self.coordinates)

    def confirmed(self) -> None:
        """Check the position; close when it is right."""
        source = self._source
        try:
            position = source.position()
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        if position is None:
            missing = {
                self.coordinates: tr("请填写经度和纬度。"), self.sites: tr("请先选一个点位。"),
                self.photo: tr("请先选一张照片。"),
            }  # fmt: skip
            self.say(missing[source])
            return
        name = f"{position.given_x:g}, {position.given_y:g}"
        if source is self.sites and self.sites.picker.site is not None:
            name = self.sites.picker.site.name
        elif source is self.photo:
            name = tr("拍照的地方")
        self.here = Here(lon=position.lon, lat=position.lat, name=name)
        self.accept()
