"""In which order the sites are listed: nearest first from where somebody stands, or as the list has them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.here_dialog import HereDialog
from barrierfree.gui.labels import ElidedLabel
from barrierfree.gui.standing import Standing
from barrierfree.i18n import tr
from barrierfree.model.records import Site
from barrierfree.operations.site_work import Here, standing_at


class WalkLine(ElidedLabel):
    """Says the order; ``button``, to be placed beside the search, lets it be changed.

    Where the person stands is kept by ``context.standing`` for all pages; ``by_list`` leaves it out of account here.
    Until somebody says, the walk begins where ``suggest`` says.

    Signals:
        changed(): ``here`` is another place, or none.
    """

    changed = Signal()

    def __init__(self, context: Context | None = None, parent: QWidget | None = None) -> None:
        super().__init__("", "small", parent)
        self._context = context
        self._standing = context.standing if context is not None else Standing()
        self._suggested: Here | None = None
        self._by_list = False
        self._site: Site | None = None
        self.button = Button(tr("我在这里"), kind="icon", icon="locate", tip=tr("我在这里：由近到远排列"))
        menu = QMenu(self.button)
        self.at_site = menu.addAction("")
        self.at_site.triggered.connect(lambda _on=False: self._stand(standing_at(self._site) if self._site else None))
        self.typed = menu.addAction(tr("输入或查找我的位置…"))
        self.typed.triggered.connect(lambda _on=False: self._ask())
        self.typed.setEnabled(context is not None)
        self.by_list = menu.addAction(tr("按社区和编码排列"))
        self.by_list.triggered.connect(lambda _on=False: self._order_by_list())
        self.button.setMenu(menu)
        self.set_site(None)
        self._standing.changed.connect(self._on_standing)
        self._show()

    @property
    def here(self) -> Here | None:
        """From where the nearest come first; None: the order of the list."""
        return None if self._by_list else self._standing.here or self._suggested

    @property
    def is_by_list(self) -> bool:
        """Whether the order of the list was chosen."""
        return self._by_list

    def set_site(self, site: Site | None) -> None:
        """The site in hand, which one may be standing at."""
        self._site = site
        known = site is not None and site.lon is not None
        self.at_site.setEnabled(known)
        self.at_site.setText(tr("我在“{name}”").format(name=site.name) if site and known else tr("我在打开的点位"))

    def keep_list(self) -> None:
        """The order of the list, as it was chosen before; without a signal."""
        self._by_list = True
        self._show()

    def suggest(self, here: Here | None) -> None:
        """Begin there unless somebody says otherwise; without a signal."""
        self._suggested = here
        self._show()

    def _stand(self, here: Here | None) -> None:
        self._by_list = False
        if here is not None and here != self._standing.here:
            self._standing.stand(here)
        else:
            self._on_standing()

    def _order_by_list(self) -> None:
        self._by_list = True
        self._on_standing()

    def _on_standing(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        here = self.here
        self.setText(tr("由近到远，从“{name}”出发").format(name=here.name) if here else tr("按社区和编码排列"))
        self.by_list.setEnabled(here is not None)

    def _ask(self) -> None:
        if self._context is None:
            return
        dialog = HereDialog(self._context, self)
        dialog.accepted.connect(lambda: self._stand(dialog.here))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
