"""Change what is known of a site, or add one that the list does not have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from barrierfree.errors import BarrierFreeError
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.place_fields import PlaceFields
from barrierfree.gui.similar_sites import SimilarSites
from barrierfree.i18n import language, tr
from barrierfree.matching import Place
from barrierfree.model.records import Site
from barrierfree.model.words import Datum
from barrierfree.operations.similar import Similar, find_similar

ASK_AFTER_MS = 300


class SiteDialog(FormDialog):
    """Read ``values`` when it was accepted: the fields that differ from ``site`` (all of them for a new one).

    For a new site it says as one types which known ones may be meant; ``declined`` are those that it was not.

    Signals:
        known(str): the site meant is there already (its id); the dialog has closed.
    """

    known = Signal(str)

    def __init__(self, context: Context, site: Site | None, parent: QWidget | None = None, *, field: str = "") -> None:
        super().__init__(tr("修改点位") if site else tr("新增点位"), tr("保存"), parent)
        self._context = context
        self._site = site
        self.declined: list[str] = []
        self.values: dict[str, Any] = {}
        self._looked_up: Place | None = None
        self._wants_to_save = False
        self._build(site)
        self.similar = SimilarSites()
        self.similar.chosen.connect(self._on_known)
        self.add_below(self.similar)
        self._ask_later = QTimer(self)
        self._ask_later.setSingleShot(True)
        self._ask_later.setInterval(ASK_AFTER_MS)
        self._ask_later.timeout.connect(self._ask_similar)
        if site is None:
            for line in (self.name, self.address, self.place, self.city_number):
                line.textChanged.connect(lambda _text: self._ask_later.start())
            for box in (self.community, self.site_class, self.datum):
                box.currentTextChanged.connect(lambda _text: self._ask_later.start())
        self.finish(self._line(field))

    def _line(self, field: str) -> QWidget:
        """The widget of a field, brought into sight; the name for any other."""
        lines: dict[str, QWidget] = {
            "place": self.place, "address": self.address, "community": self.community, "site_class": self.site_class,
        }  # fmt: skip
        rare: dict[str, QWidget] = {
            "note": self.note, "grid": self.grid, "city_number": self.city_number, "district": self.district,
            "street": self.street,
        }  # fmt: skip
        if field in rare:
            self.more.setChecked(True)
        return (lines | rare).get(field, self.name)

    def _build(self, site: Site | None) -> None:
        definition = self._context.survey.definition
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
        self._where = PlaceFields(_place_text(site), site.datum if site and site.datum else Datum.WGS84)
        self.place, self.datum = self._where.place, self._where.datum
        for title, field in (
            (tr("名称"), self.name), (tr("地址"), self.address), (tr("社区"), self.community),
            (tr("场所类别（决定要检查哪些元素）"), self.site_class), (tr("位置（可不填）"), self.place),
            (tr("坐标系"), self.datum),
        ):  # fmt: skip
            self.add_field(title, field)
        self._build_more(site)

    def _build_more(self, site: Site | None) -> None:
        """What few sites need: closed unless the site has some of it."""
        area = self._context.survey.definition.area
        self.district = QLineEdit(site.district if site else "")
        self.street = QLineEdit(site.street if site else "")
        self.district.setPlaceholderText(area.district)
        self.street.setPlaceholderText(area.street)
        self.grid = QLineEdit(site.grid if site else "")
        self.city_number = QLineEdit(site.city_number if site else "")
        self.note = QLineEdit(site.note if site else "")
        self.more = Button(tr("更多：备注、网格、市系统编号、区、街道"), icon="chevron_down")
        self.more.setCheckable(True)
        self._hidden = QWidget()
        self._hidden.setProperty("role", "plain")
        column = QVBoxLayout(self._hidden)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.fields.addSpacing(10)
        self.fields.addWidget(self.more)
        self.fields.addWidget(self._hidden)
        for title, line in (
            (tr("备注"), self.note), (tr("网格"), self.grid), (tr("市系统编号"), self.city_number),
            (tr("区"), self.district), (tr("街道"), self.street),
        ):  # fmt: skip
            self.add_field(title, line, column=column)
        self.more.toggled.connect(self._on_more)
        other = site is not None and (site.district, site.street) != (area.district, area.street)
        self.more.setChecked(site is not None and bool(site.note or site.grid or site.city_number or other))
        self._hidden.setVisible(self.more.isChecked())

    def _on_more(self, shown: bool) -> None:
        self.more.set_icon("chevron_up" if shown else "chevron_down")
        self._hidden.setVisible(shown)

    # -- known already? ---------------------------------------------------------------------------------------------

    def _ask_similar(self) -> None:
        described = self._described()
        self._context.tasks.read(
            lambda store: find_similar(store, described), partial(self._show_similar, described),
            lambda _error: self._show_similar(described, []), replaces="site.similar", context=self,
        )  # fmt: skip

    def _described(self) -> Place:
        try:
            position = self._where.position()
        except BarrierFreeError:
            position = None  # not yet typed to its end
        return Place(
            "", self.name.text(), self.address.text().strip(), self.community.currentText().strip(),
            str(self.site_class.currentData()), position.lon if position else None,
            position.lat if position else None, self.city_number.text().strip(),
        )  # fmt: skip

    def _show_similar(self, described: Place, found: Sequence[Similar]) -> None:
        self._looked_up = described
        self.similar.show_sites(found)
        self.confirm.setText(tr("仍然新增") if found else tr("保存"))
        if self._wants_to_save:
            self._wants_to_save = False
            if not found and described == self._described():
                self.confirmed()

    def _on_known(self, site: str) -> None:
        self.reject()
        self.known.emit(site)

    # -- the end ----------------------------------------------------------------------------------------------------

    def confirmed(self) -> None:
        """Check what was given; close when it is right."""
        try:
            position = self._where.position()
        except BarrierFreeError as error:
            self.show_fault(error)
            return
        if not self.name.text().strip():
            self.say(tr("请填写名称。"))
            return
        lines = {
            "name": self.name, "address": self.address, "note": self.note, "grid": self.grid,
            "city_number": self.city_number, "district": self.district, "street": self.street,
        }  # fmt: skip
        given: dict[str, Any] = {name: line.text().strip() for name, line in lines.items()}
        held = self._site
        given |= {"community": self.community.currentText().strip(), "site_class": self.site_class.currentData()}
        held = self._site
        if held is None and self._looked_up != self._described():  # faster than the search: it comes first
            self._wants_to_save = True
            self._ask_similar()
            return
        self.values = {n: v for n, v in given.items() if held is None or getattr(held, n) != v}
        if held is None or self.place.text().strip() != _place_text(held) or self._other_datum(held):
            self.values["position"] = position
        self.declined = list(self.similar.shown)
        self.accept()

    def _other_datum(self, held: Site) -> bool:
        return held.lon is not None and self.datum.currentData() != held.datum


def _place_text(site: Site | None) -> str:
    return "" if site is None or site.given_x is None else f"{site.given_x}, {site.given_y}"
