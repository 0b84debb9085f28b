"""The button above the map that says which basemap is shown, with those there are in its menu."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from barrierfree.gui.basemap_work import BasemapWork
from barrierfree.gui.buttons import Button
from barrierfree.i18n import bracketed, tr


class BasemapMenu(Button):
    """None, those installed, and adding one."""

    def __init__(self, work: BasemapWork) -> None:
        super().__init__(tr("底图"), icon="map", tip=tr("选择地图下面的道路和建筑图"))
        self._work = work
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        work.listed.connect(lambda _known: self._fill())
        self._fill()

    def _fill(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        chosen = self._work.choice
        self._add(group, tr("不用底图"), "", chosen is None)
        for known in self._work.known:
            title = known.basemap.title
            if known.basemap.fault is not None:
                title = bracketed(title, tr("用不了"))
            elif known.cover == "none":
                title = bracketed(title, tr("不覆盖本普查的范围"))
            action = self._add(group, title.replace("&", "&&"), known.name, known.basemap.file == chosen)
            action.setEnabled(known.basemap.fault is None)
            action.setToolTip(known.facts)
        if not self._work.known:
            self._menu.addAction(tr("还没有底图。添加后能看到道路和建筑。")).setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(tr("添加底图…")).triggered.connect(lambda _on=False: self._work.ask_file())

    def _add(self, group: QActionGroup, title: str, name: str, on: bool) -> QAction:
        action = self._menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(on)
        group.addAction(action)
        action.triggered.connect(lambda _on=False: self._work.choose(name))
        return action
