"""A position typed by a person: the field, the datum beside it, and what they come to."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QComboBox, QLineEdit

from barrierfree import coordinates
from barrierfree.coordinates import Typed
from barrierfree.errors import BarrierFreeError
from barrierfree.i18n import mark, tr
from barrierfree.model.records import Position
from barrierfree.model.words import OFFERED_DATUMS, Datum
from barrierfree.model.words import label as word

# what people know a datum by: where they read the coordinates
DATUM_NAMES: Final = {
    "wgs84": mark("WGS-84（GPS、手机照片）"),
    "cgcs2000": mark("CGCS2000 经纬度"),
    "gcj02": mark("GCJ-02（高德、腾讯）"),
    "bd09": mark("BD-09（百度）"),
}


class PlaceFields:
    """The two widgets, for a dialog to place; ``datum`` is offered first, also one that is not usually offered."""

    def __init__(self, text: str = "", datum: str = Datum.WGS84) -> None:
        self.place = QLineEdit(text)
        self.place.setPlaceholderText(tr("经度, 纬度，例如 116.4610, 39.8950"))
        self.datum = QComboBox()
        for offered in OFFERED_DATUMS:
            self.datum.addItem(tr(DATUM_NAMES[offered.value]), offered.value)
        if self.datum.findData(datum) < 0:  # a plane system: it stays what it is unless another one is chosen
            self.datum.addItem(tr(word(Datum(datum))) if datum in set(Datum) else datum, datum)
        self.datum.setCurrentIndex(self.datum.findData(datum))

    def position(self) -> Position | None:
        """The position given, None if there is none. Raises ``BarrierFreeError`` if it cannot be understood."""
        typed = self.typed()
        if typed is None:
            return None
        if typed.swapped:
            raise BarrierFreeError(
                tr("经度和纬度看起来写反了。"),
                tr("请写成“{x}, {y}”。").format(x=f"{typed.x:.10g}", y=f"{typed.y:.10g}"),
            )
        return coordinates.position(typed.x, typed.y, str(self.datum.currentData()))

    def typed(self) -> Typed | None:
        """The two numbers typed, in the order of the datum, which may be a guess; None if there is nothing."""
        text = self.place.text().strip()
        return coordinates.read_coordinates(text, str(self.datum.currentData())) if text else None
