"""In which order the sites are listed: nearest first from where somebody stands, or as the list has them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import ElidedLabel
from barrierfree.gui.place_fields import PlaceFields
from barrierfree.i18n import tr
from barrierfree.model.records import Site
from barrierfree.model.words import Datum
from barrierfree.operations.site_work import Here, standing_at


class HereDialog(FormDialog):
    """Where somebody stands, typed; read ``here`` when it was accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("我在这里"), tr("确定"), parent, height=340)
        self.here: Here | None = None
        self.fields_of_place = PlaceFields(datum=Datum.GCJ02)  # what the maps of phones show
        self.add_field(tr("我的位置（手机地图上长按可以看到）"), self.fields_of_place.place)
        self.add_field(tr("坐标系"), self.fields_of_place.datum)
        self.fields_of_place.place.returnPressed.connect(self.confirm.click)
        self.finish(self.fields_of_place.place)

    def confirmed(self) -> None:
        """Check the position; close when it is right."""
        try:
            position = self.fields_of_place.position()
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        if position is None:
            self.say(tr("请填写经度和纬度。"))
            return
        name = f"{position.given_x:g}, {position.given_y:g}"
        self.here = Here(lon=position.lon, lat=position.lat, name=name)
        self.accept()


class WalkLine(ElidedLabel):
    """Says the order; ``button``, to be placed beside the search, lets it be changed.

    Signals:
        changed(): ``here`` is another place, or none.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "small", parent)
        self.here: Here | None = None
        self._site: Site | None = None
        self.button = Button(tr("我在这里"), kind="icon", icon="locate", tip=tr("我在这里：由近到远排列"))
        menu = QMenu(self.button)
        self.at_site = menu.addAction("")
        self.at_site.triggered.connect(lambda _on=False: self._stand(standing_at(self._site) if self._site else None))
        self.typed = menu.addAction(tr("输入我的位置…"))
        self.typed.triggered.connect(lambda _on=False: self._ask())
        self.by_list = menu.addAction(tr("按社区和编码排列"))
        self.by_list.triggered.connect(lambda _on=False: self._stand(None))
        self.button.setMenu(menu)
        self.set_site(None)
        self.stand(None)

    def set_site(self, site: Site | None) -> None:
        """The site in hand, which one may be standing at."""
        self._site = site
        known = site is not None and site.lon is not None
        self.at_site.setEnabled(known)
        self.at_site.setText(tr("我在“{name}”").format(name=site.name) if site and known else tr("我在打开的点位"))

    def stand(self, here: Here | None) -> None:
        """Stand there, without a signal."""
        self.here = here
        self.setText(tr("由近到远，从“{name}”出发").format(name=here.name) if here else tr("按社区和编码排列"))
        self.by_list.setEnabled(here is not None)

    def _stand(self, here: Here | None) -> None:
        self.stand(here)
        self.changed.emit()

    def _ask(self) -> None:
        dialog = HereDialog(self)
        dialog.accepted.connect(lambda: self._stand(dialog.here))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
