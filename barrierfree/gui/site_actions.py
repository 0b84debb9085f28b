"""What can be done with a site as such: add one, change it, say that two are one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog
from ulid import ULID

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.merge_dialog import MergeDialog
from barrierfree.gui.page import Page
from barrierfree.gui.site_dialog import SiteDialog
from barrierfree.i18n import named, tr
from barrierfree.model.records import NewSite, Position, Site
from barrierfree.operations import moving, similar
from barrierfree.operations.whereabouts import told_move


class SiteActions(QObject):
    """Opens the dialogs about sites for a page, and records what they give.

    Signals:
        opened(str): somebody wants to go on with this site (its id).
    """

    opened = Signal(str)

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._moved: tuple[Site, Position | None] | None = None  # the last move: the site before it, and where to
        undo = QAction(tr("撤销移动"), page)
        undo.setShortcut("Ctrl+Z")  # a text field keeps it for itself
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(lambda _on=False: self.undo_move())
        page.addAction(undo)

    def edit(self, site: Site, field: str = "") -> None:
        """Change name, address, community, class, position or levels of a site; the cursor in ``field``."""
        dialog = SiteDialog(self._context, site, self._page, field=field)
        dialog.accepted.connect(lambda: self._change(site, dialog.values))
        self._open(dialog)

    def _change(self, site: Site, values: dict[str, Any]) -> None:
        person = self._context.person
        if values:
            self._context.tasks.write(
                lambda store: store.change_site(site.id, values, person=person), None, self._page.messages.show_error
            )

    def place(self, site: Site) -> None:
        """Give a site another position: by metres, typed, from a photo, from another site."""
        from barrierfree.gui.move_dialog import MoveDialog  # it finds sites, and may add one by what is here

        dialog = MoveDialog(self._context, site, self._page)
        dialog.accepted.connect(lambda: self.move(site, dialog.chosen))
        self._open(dialog)

    def move(self, site: Site, position: Position | None) -> None:
        """Record another position of ``site`` (as it was read before), say so, and offer the way back."""
        person = self._context.person
        self._context.tasks.write(
            lambda store: store.change_site(site.id, {"position": position}, person=person),
            lambda _done: self._on_moved(site, position), self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _on_moved(self, site: Site, position: Position | None) -> None:
        self._moved = (site, position)
        before = moving.held(site)
        said = tr("“{name}”的位置已记下。").format(name=site.name)
        if before is not None and position is not None:
            how = told_move((before.lon, before.lat), (position.lon, position.lat))
            said = tr("“{name}”的位置已改：{how}。").format(name=site.name, how=how)
        undo = Button(tr("撤销"), self.undo_move, tip=tr("撤销刚才的移动（Ctrl+Z）"))
        self._page.messages.show_message("good", said, action=undo)

    def undo_move(self) -> None:
        """Take the last move back: the position from before holds again, with its coordinate as given and its datum."""
        if self._moved is None:
            return
        (site, position), person = self._moved, self._context.person
        self._context.tasks.write(
            lambda store: moving.put_back(store, site.id, moving.held(site), position, person=person),
            lambda _done: self._on_put_back(site), self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _on_put_back(self, site: Site) -> None:
        self._moved = None
        before = moving.held(site)
        told = moving.told_position(before) if before is not None else tr("没有位置")
        self._page.messages.show_message("good", tr("已撤销：“{name}”回到原来的位置。").format(name=site.name), told)

    def add(self, place: str = "", on_closed: Callable[[], None] | None = None) -> None:
        """Add a site that the list does not have; says so when it seems to have it. ``place``: lon, lat in WGS-84."""
        dialog = SiteDialog(self._context, None, self._page)
        dialog.place.setText(place)
        if on_closed is not None:
            dialog.finished.connect(lambda _result: on_closed())
        dialog.accepted.connect(lambda: self._add(dialog.values, dialog.declined))
        dialog.known.connect(self.opened)
        self._open(dialog)

    def _add(self, values: dict[str, Any], declined: list[str]) -> None:
        add_new_site(self._context, values, declined, self.opened.emit, self._page.messages.show_error, self)

    def merge(self, site: Site) -> None:
        """Say that ``site`` and another one are the same."""
        dialog = MergeDialog(self._context, site, self._page)
        dialog.accepted.connect(lambda: self._merge(dialog))
        self._open(dialog)

    def _merge(self, dialog: MergeDialog) -> None:
        decision, person = dialog.decision, self._context.person
        self._context.tasks.write(
            lambda store: store.decide_same(decision, person=person),
            lambda _done: self._on_merged(decision.site, decision.name),
            self._page.messages.show_error,
            context=self,
        )

    def _on_merged(self, kept: str, name: str) -> None:
        self._page.messages.show_message(
            "good", tr("“{name}”已合并。").format(name=name), tr("可以在“数据”页撤销合并。")
        )
        self.opened.emit(kept)

    @staticmethod
    def _open(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def add_new_site(
    context: Context, values: dict[str, Any], declined: list[str], on_added: Callable[[str], None],
    on_error: Callable[[Exception], None], receiver: QObject,
) -> None:  # fmt: skip
    """Add the site that a ``SiteDialog`` described; ``on_added`` gets its id while ``receiver`` lives."""
    person = context.person
    site = NewSite(key=f"field|{ULID()}", source=tr("现场新增"), **values)
    reason = tr("新增时确认不是同一点位")
    context.tasks.write(
        lambda store: similar.add_site(store, site, declined, reason=reason, person=person),
        lambda done: on_added(done.added[0]), on_error, context=receiver,
    )  # fmt: skip


def site_levels(context: Context, site: Site) -> list[str]:
    """District and street where they are not the survey's own, community, and the grid cell."""
    area = context.survey.definition.area
    levels = [
        site.district if site.district != area.district else "",
        site.street if site.street != area.street else "",
        site.community,
        named(tr("网格"), site.grid) if site.grid else "",
    ]
    return [level for level in levels if level]
