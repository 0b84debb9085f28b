"""Change what is known of a site, or add one that the list does not have."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from barrierfree import coordinates
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.i18n import language, tr
from barrierfree.model.records import Position, Site
from barrierfree.model.words import OFFERED_DATUMS, Datum
from barrierfree.model.words import label as word


class SiteDialog(FormDialog):
    """Read ``values`` when it was accepted: the fields that differ from ``site`` (all of them for a new one)."""

    def __init__(self, context: Context, site: Site | None, parent: QWidget | None = None) -> None:
        super().__init__(tr("修改点位") if site else tr("新增点位"), tr("保存"), parent)
        self._site = site
        definition = context.survey.definition
        self.name = QLineEdit(site.name if site else "")
        self.address = QLineEdit(site.address if site else "")
        self.community = QComboBox()
        self.community.setEditable(True)
        self.community.addItems(["", *(c.name for c in definition.area.communities)])
        self.community.setCurrentText(site.community if site else "")
        self.site_class = QComboBox()
        self.site_class.addItem(tr("（未定）"), "")
        for known in definition.classes:
            self.site_class.addItem(known.label.in_language(language()), known.code)
        self.site_class.setCurrentIndex(max(self.site_class.findData(site.site_class if site else ""), 0))
        self.datum = QComboBox()
        for datum in OFFERED_DATUMS:
            self.datum.addItem(word(datum), datum.value)
        held = site.datum if site and site.datum else Datum.WGS84.value
        if self.datum.findData(held) < 0:  # a plane system: it stays what it is unless another one is chosen
            self.datum.addItem(tr(word(Datum(held))) if held in set(Datum) else held, held)
        self.datum.setCurrentIndex(self.datum.findData(held))
        self.place = QLineEdit(_place_text(site))
        self.place.setPlaceholderText(tr("经度, 纬度，例如 116.4610, 39.8950"))
        self.note = QLineEdit(site.note if site else "")
        for title, field in (
            (tr("名称"), self.name), (tr("地址"), self.address), (tr("社区"), self.community),
            (tr("场所类别（决定要检查哪些元素）"), self.site_class), (tr("位置（可不填）"), self.place),
            (tr("坐标系"), self.datum), (tr("备注"), self.note),
        ):  # fmt: skip
            self.add_field(title, field)
        self.values: dict[str, Any] = {}
        self.finish(self.name)

    def confirmed(self) -> None:
        """Check what was given; close when it is right."""
        try:
            position = self._position()
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        if not self.name.text().strip():
            self.say(tr("请填写名称。"))
            return
        given: dict[str, Any] = {
            "name": self.name.text().strip(), "address": self.address.text().strip(),
            "community": self.community.currentText().strip(), "site_class": self.site_class.currentData(),
            "note": self.note.text().strip(),
        }  # fmt: skip
        held = self._site
        self.values = {n: v for n, v in given.items() if held is None or getattr(held, n) != v}
        if held is None or self.place.text().strip() != _place_text(held) or self._other_datum(held):
            self.values["position"] = position
        self.accept()

    def _other_datum(self, held: Site) -> bool:
        return held.lon is not None and self.datum.currentData() != held.datum

    def _position(self) -> Position | None:
        text = self.place.text().replace("，", ",").strip()
        if not text:
            return None
        parts = [p for p in text.replace(",", " ").split() if p]
        try:
            x, y = (float(p) for p in parts)
        except ValueError:
            raise BarrierFreeError(tr("看不懂位置“{text}”。").format(text=text), tr("请写“经度, 纬度”。")) from None
        return coordinates.position(x, y, str(self.datum.currentData()))


def _place_text(site: Site | None) -> str:
    return "" if site is None or site.given_x is None else f"{site.given_x}, {site.given_y}"
