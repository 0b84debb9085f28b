"""The head of the survey page: which site it is, what to know there, and what can be done with it as such."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from barrierfree.gui.batches.words import city_line
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.history_dialog import show_history
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.gui.site_actions import SiteActions, site_levels
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, named, tr
from barrierfree.model.city import CityState
from barrierfree.model.records import Site
from barrierfree.operations.site_work import SiteWork


class SiteHead(QWidget):
    """Name, where it is, notices; F2 changes the site, the menu holds what is rarer."""

    def __init__(
        self, context: Context, actions: SiteActions, show_on_map: Callable[[Site], None],
        no_photos: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self._actions = actions
        self._site: Site | None = None
        self._name = ElidedLabel("", "heading")
        self._about = ElidedLabel("", "muted")
        self._notice = label("", tone="warn", wrap=True)
        self._edit = Button(tr("修改点位"), self.edit, kind="icon", icon="rectification", shortcut="F2")
        self._more = Button(tr("这个点位的更多操作"), kind="icon", icon="more")
        self.menu = QMenu(self._more)
        self.menu.addAction(tr("与另一个点位合并…")).triggered.connect(lambda _on=False: self.merge())
        self.menu.addAction(tr("改位置…")).triggered.connect(
            lambda _on=False: actions.place(self._site) if self._site else None
        )
        self.menu.addAction(tr("在地图上查看")).triggered.connect(
            lambda _on=False: show_on_map(self._site) if self._site else None
        )
        self.menu.addAction(tr("历史记录…")).triggered.connect(lambda _on=False: self.show_history())
        self.no_photos = self.menu.addAction(tr("没有照片要补了"))
        self.no_photos.triggered.connect(lambda _on=False: no_photos())
        self._more.setMenu(self.menu)
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self._name, 1)
        title.addWidget(self._edit)
        title.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 0)
        layout.setSpacing(2)
        layout.addLayout(title)
        layout.addWidget(self._about)
        layout.addWidget(self._notice)

    def show_work(self, work: SiteWork | None) -> None:
        """Show a site, or that none is chosen."""
        self._site = site = work.site if work else None
        self._edit.setVisible(site is not None)
        self._more.setVisible(site is not None)
        self.no_photos.setVisible(work is not None and bool(work.awaiting))
        self._name.setText(site.name if site else tr("请选择一个点位"))
        parts: list[str] = []
        if site is not None:
            parts = [site.code, self._context.class_name(site.site_class), *site_levels(self._context, site),
                     site.address]  # fmt: skip
        about = " · ".join(p for p in parts if p)
        self._about.setText(about)
        self._about.setVisible(not tokens().large)  # large texts leave the room to the form
        self._name.setAccessibleDescription(about)
        if tokens().large:
            self._name.setToolTip(about)
        self._notice.setText("\n".join(_notices(work)) if work else "")
        self._notice.setVisible(bool(self._notice.text()))

    def notice(self) -> str:
        """What somebody at this site should know."""
        return self._notice.text()

    def edit(self) -> None:
        """Change name, address, community, class or position of the site in hand."""
        if self._site is not None:
            self._actions.edit(self._site)

    def merge(self) -> None:
        """Say that the site in hand is another one."""
        if self._site is not None:
            self._actions.merge(self._site)

    def show_history(self) -> None:
        """Who changed what of the site in hand and everything at it."""
        if self._site is not None:
            show_history(self._context, self._site.id, self._site.name, self)


def _notices(work: SiteWork) -> list[str]:
    site = work.site
    lines = [tr("退回：{reason}").format(reason=work.returned[0])] if work.returned else []
    if site.gone:
        lines.append(tr("清单里已没有：{text}。不计入总数，仍可以填写。").format(text=site.gone))
    if site.conflicts:
        lines.append(tr("这个点位在两处作了不同修改，待裁定。"))
    for sent in work.sent:
        if sent.state is CityState.REJECTED:
            lines.append(named(tr("市系统"), bracketed(city_line(sent), sent.last.code)))
    if work.awaiting:
        lines.append(tr("照片待补：请在“数据”页从手机导入；没有照片时在“更多操作”里说明。"))
    if site.lon is None:
        lines.append(tr("这个点位没有位置，可以按“修改点位”补上。"))
    return lines
