"""Finds what is near coordinates typed in any datum, and brings the map there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from barrierfree import coordinates
from barrierfree.errors import BarrierFreeError
from barrierfree.gui import notices
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.place_sources import CoordinateSource
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.i18n import paragraph, phrased, tr
from barrierfree.model.records import Position, Site
from barrierfree.operations.moving import is_inside
from barrierfree.operations.photo_places import told_metres
from barrierfree.operations.whereabouts import told_from
from barrierfree.store import Store

_NEAREST: Final = 10
_ASK_AFTER_MS: Final = 200


@dataclass(frozen=True)
class _Near:
    """A site and where it is, seen from the coordinates."""

    site: Site
    where: str
    metres: float


@dataclass(frozen=True)
class _Around:
    position: Position
    near: tuple[_Near, ...]
    inside: bool | None


class LocateDialog(FormDialog):
    """Read ``position`` when it was accepted.

    Signals:
        site_wanted(str): go on with this site (its id); the dialog has closed.
    """

    site_wanted = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("按坐标查找"), tr("在地图上看这里"), parent, height=640)
        self._context = context
        self.position: Position | None = None
        self.source = CoordinateSource()
        self.source.place.setPlaceholderText(tr("116.4610, 39.8950；39.895 116.461；116°27'42\"E 39°53'42\"N"))
        self.told = label(tr("输入坐标，这里会列出最近的点位。"), "muted", wrap=True)
        self.warning = label("", tone="warn", wrap=True)
        self.warning.hide()
        self.table: RecordTable[_Near] = RecordTable(
            (
                Column("name", tr("最近的点位"), lambda n: n.site.name, symbol=lambda n: n.site.status.value, width=250,
                       tinted=False, spoken=lambda n: phrased((n.site.name, n.where))),
                Column("where", tr("方位"), lambda n: n.where, sort=lambda n: n.metres, width=220),
            ),
            lambda n: n.site.id, tr("最近的点位"), filter_row=False, footer=False,
        )  # fmt: skip
        self.table.stretch(0)
        self.table.set_empty(tr("还没有坐标"), tr("也可以从手机地图复制过来。"))
        self.table.activated.connect(self._on_site)
        self.table.setMinimumHeight(180)
        for widget in (self.source, self.told, self.warning):
            self.fields.addWidget(widget)
        self.fields.addWidget(self.table, FILL)
        self.confirm.setEnabled(False)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_ASK_AFTER_MS)
        self._later.timeout.connect(self._ask)
        self._going = False  # Enter was pressed before the answer was there
        self.source.changed.connect(self._on_changed)
        self.source.place.returnPressed.connect(self._on_enter)
        self.finish(self.source.place)

    def _on_changed(self) -> None:
        self.hide_fault()
        self._forget(tr("输入坐标，这里会列出最近的点位。"))
        self._later.start()

    def _forget(self, told: str) -> None:
        """Nothing is known of what is typed now: what stood there was of something else."""
        self.position, self._going = None, False
        self.confirm.setEnabled(False)
        self.told.setText(told)
        self.warning.hide()

    def _on_enter(self) -> None:
        if self.confirm.isEnabled():
            self.confirmed()
            return
        self._later.stop()
        self._ask()
        self._going = True

    def _ask(self) -> None:
        try:
            position = self.source.position()
        except BarrierFreeError as error:
            self.table.set_records([])
            self.show_fault(error)
            self._forget("")
            return
        if position is not None:
            self._context.tasks.read(
                lambda store: _around(store, position), self._show, self.show_fault, replaces="map.locate",
                context=self,
            )  # fmt: skip

    def _show(self, found: _Around) -> None:
        if self._later.isActive():
            return  # something else was typed since
        self.position = found.position
        self.confirm.setEnabled(True)
        self.table.set_records(found.near)
        nearest = found.near[0] if found.near else None
        told = (
            tr("最近的点位：{name}，{where}。").format(name=nearest.site.name, where=nearest.where) if nearest else ""
        )
        self.told.setText(told or tr("普查里还没有带位置的点位。"))
        far = tr("离最近的点位 {far}。").format(far=told_metres(nearest.metres)) if nearest else ""
        warning = paragraph((tr("这个位置在普查范围之外，请检查坐标系和顺序。"), far)) if found.inside is False else ""
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        notices.announce(self.told, f"{self.source.note.text()} {told} {warning}".strip())
        if self._going and not warning:  # what is odd is looked at first
            self.confirmed()
        self._going = False

    def _on_site(self, near: _Near) -> None:
        self.reject()
        self.site_wanted.emit(near.site.id)

    def confirmed(self) -> None:
        """Go to the place that was understood."""
        if self.position is not None:
            self.accept()


def _around(store: Store, position: Position) -> _Around:
    """For the reader's thread."""
    here, near = (position.lon, position.lat), []
    for site in store.sites_near(*here, _NEAREST):
        if site.lon is not None and site.lat is not None:
            there = (site.lon, site.lat)
            near.append(_Near(site, told_from(here, there, tr("这里")), coordinates.distance_m(*here, *there)))
    return _Around(position, tuple(near), is_inside(store, position))
