"""Gives a site another position without pointing; what it would mean is said before it is accepted."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from barrierfree.errors import BarrierFreeError
from barrierfree.gui import notices
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.place_sources import CoordinateSource, MetresSource, PhotoSource, SiteSource, Source
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model.records import Position, Site
from barrierfree.model.words import Datum
from barrierfree.operations.moving import Weighed, beside, held, weigh

_WEIGH_AFTER_MS = 120


class _ByMetres(Source):
    """So many metres from where the site is now."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._origin = held(site)
        self.metres = MetresSource()
        self.metres.changed.connect(self.changed)
        self.column.addWidget(self.metres)

    def position(self) -> Position | None:
        """The present position so many metres on; None while it is the same."""
        if self._origin is None or not (self.metres.east or self.metres.north):
            return None
        return beside(self._origin, self.metres.east, self.metres.north)


class _SiteAndMetres(SiteSource):
    """Where another site is, or so many metres from there."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.metres = MetresSource()
        self.metres.changed.connect(self.changed)
        self.column.addWidget(label(tr("再移动（可不填）"), "strong"))
        self.column.addWidget(self.metres)

    def position(self) -> Position | None:
        """The place of that site and so many metres on, in the datum of that site."""
        origin = super().position()
        return beside(origin, self.metres.east, self.metres.north) if origin is not None else None


class MoveDialog(FormDialog):
    """Read ``chosen`` when it was accepted: the new position, with the coordinate as given and its datum."""

    def __init__(self, context: Context, site: Site, parent: QWidget | None = None) -> None:
        super().__init__(tr("位置：{name}").format(name=site.name), tr("采用新位置"), parent, height=700)
        self._context, self._site = context, site
        self.chosen: Position | None = None
        self.weighed: Weighed | None = None
        before = held(site)
        self.metres, self.photo, self.other = _ByMetres(site), PhotoSource(context), _SiteAndMetres(context)
        text = f"{before.given_x}, {before.given_y}" if before else ""
        self.typed = CoordinateSource(
            tr("坐标（只改坐标系时，数字不动）"), text, before.datum if before else Datum.WGS84
        )
        self._sources: dict[str, Source] = {
            "metres": self.metres, "typed": self.typed, "photo": self.photo, "site": self.other,
        }  # fmt: skip
        self.way = ChoiceButtons(
            [
                ("metres", tr("按米移动")), ("typed", tr("输入坐标或改坐标系")), ("photo", tr("用照片的位置")),
                ("site", tr("同另一个点位")),
            ],
            tr("怎样给出位置"),
        )  # fmt: skip
        self.way.offer([key for key in self._sources if before is not None or key != "metres"])
        self.way.set_value("metres" if before is not None else "typed")
        self.way.chosen.connect(lambda _way: self._show_way())
        self.fields.addWidget(self.way)
        self.fields.addSpacing(6)
        for source in self._sources.values():
            self.fields.addWidget(source)
            source.changed.connect(self._on_changed)
        self._build_preview()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WEIGH_AFTER_MS)
        self._later.timeout.connect(self._ask)
        self._show_way()
        self.finish(self.way)

    def _build_preview(self) -> None:
        """What the new position means: in sight below the fields, or with large text at their end."""
        below = QWidget()
        below.setProperty("role", "plain")
        self.told = label("", wrap=True)
        self.warning = label("", tone="warn", wrap=True)
        self.warning.hide()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.told)
        column.addWidget(self.warning)
        if tokens().large:
            self.fields.addWidget(below)
        else:
            self.add_below(below)

    def _show_way(self) -> None:
        for source in self._sources.values():
            source.setVisible(source is self._source)
        self._on_changed()

    @property
    def _source(self) -> Source:
        return self._sources.get(str(self.way.value()), self.typed)

    def _on_changed(self) -> None:
        self.hide_fault()
        self.chosen = self.weighed = None
        self.confirm.setEnabled(False)
        self._later.start()

    def _ask(self) -> None:
        try:
            position = self._source.position()
        except BarrierFreeError as error:
            self._say(" ".join(notices.words(error)), ())
            return
        if position is None or position == held(self._site):
            self._say(tr("还没有新的位置。"), ())
            return
        site = self._site
        self._context.tasks.read(
            lambda store: weigh(store, site, position), lambda found: self._show(position, found), self.show_fault,
            replaces="site.move", context=self,
        )  # fmt: skip

    def _show(self, position: Position, found: Weighed) -> None:
        if self._later.isActive():
            return  # something else was typed since
        self.chosen, self.weighed = position, found
        self._say("\n".join(found.lines), found.warnings)
        self.confirm.setEnabled(True)

    def _say(self, text: str, warnings: tuple[str, ...]) -> None:
        if (text, "\n".join(warnings)) == (self.told.text(), self.warning.text()):
            return
        self.told.setText(text)
        self.warning.setText("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        self.confirm.setText(tr("仍然采用") if warnings else tr("采用新位置"))
        notices.announce(self.told, "\n".join((text, *warnings)))

    def confirmed(self) -> None:
        """Accept what was shown, nothing else."""
        if self.chosen is not None:
            self.accept()
