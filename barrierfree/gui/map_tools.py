"""What stands above the list beside the map: search, what is listed and from where it is told, and what is filtered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.here_dialog import HereDialog
from barrierfree.gui.labels import label
from barrierfree.gui.map_filter import Condition
from barrierfree.gui.search_line import SearchLine
from barrierfree.i18n import bracketed, tr
from barrierfree.model.records import Site
from barrierfree.operations.map_list import Origin
from barrierfree.operations.site_work import Here, standing_at

_SEARCH_AFTER_MS = 180
VIEW, ALL, BARE = "view", "all", "bare"  # scopes


class MapTools(QWidget):
    """Read ``kind`` ('sites' or 'findings'), ``scope``, ``origin`` and ``stands``.

    Signals:
        changed: something else is to be listed.
        searched(str): the text searched for.
        locate_wanted, filter_wanted, clear_wanted: a button was pressed.
    """

    changed = Signal()
    searched = Signal(str)
    locate_wanted = Signal()
    filter_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context = context
        self._site: Site | None = None
        self._chosen_origin = ""  # what the user chose, while it can be had
        self.search = SearchLine(tr("名称、地址、编码、拼音"))
        self.search.setAccessibleName(tr("搜索点位"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_SEARCH_AFTER_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.kind_box = ChoiceButtons([("sites", tr("点位")), ("findings", tr("问题"))], tr("列出什么"))
        self.kind_box.set_value("sites")
        self.kind_box.chosen.connect(lambda _value: self._on_kind())
        self.scope_box = self._box(
            tr("列出哪里的"), [(VIEW, tr("视野内")), (ALL, tr("全部，由近到远")), (BARE, tr("没有位置的"))]
        )
        self.origin_box = self._box(tr("方位从哪里说起"), [(o.value, "") for o in Origin])
        self.origin_box.activated.connect(lambda _at: self._on_origin())
        self.scope_box.activated.connect(lambda _at: self.changed.emit())
        self.here_button = Button(tr("我在这里"), kind="icon", icon="person", shortcut="Ctrl+J")
        self.here_button.setMenu(self._here_menu())
        self.locate = Button(tr("按坐标查找…"), self.locate_wanted.emit, kind="icon", icon="locate", shortcut="Ctrl+G")
        self.filter_button = Button(
            tr("筛选…"), self.filter_wanted.emit, icon="filter", shortcut="Ctrl+Shift+F", tip=tr("筛选和图例")
        )
        self._chips = FlowRow(spacing=6)
        self._chip_buttons: list[Button] = []
        self.count = label("", "small", wrap=True)
        self._build()
        context.standing.changed.connect(self._on_standing)
        self._label_origins()

    def _box(self, name: str, options: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        for key, text in options:
            box.addItem(text, key)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setMinimumContentsLength(5)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _here_menu(self) -> QMenu:
        menu = QMenu(self)
        self.typed = menu.addAction(tr("输入或查找我的位置…"))
        self.typed.triggered.connect(lambda _on=False: self.ask_here())
        self.at_site = menu.addAction(tr("我在选中的点位"))
        self.at_site.triggered.connect(lambda _on=False: self._stand(standing_at(self._site) if self._site else None))
        self.forget = menu.addAction(tr("不再记着我在哪里"))
        self.forget.triggered.connect(lambda _on=False: self._stand(None))
        return menu

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.search, 1)
        first.addWidget(self.here_button)
        first.addWidget(self.locate)
        boxes = QHBoxLayout()
        boxes.setSpacing(6)
        boxes.addWidget(self.scope_box, 2)
        boxes.addWidget(self.origin_box, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addWidget(FlowRow(self.kind_box, self.filter_button))
        column.addLayout(boxes)
        column.addWidget(self._chips)
        self.told = QHBoxLayout()  # how many, and beside it what the list adds
        self.told.addWidget(self.count, 1)
        column.addLayout(self.told)
        self._chips.hide()

    # -- what is chosen ---------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """'sites' or 'findings'."""
        return str(self.kind_box.value() or "sites")

    @property
    def scope(self) -> str:
        """What is in view, everything, or what has no position."""
        return str(self.scope_box.currentData())

    @property
    def origin(self) -> Origin:
        """From where the rows are told: as chosen, else from where the person stands, else from the neighbours."""
        return Origin(self.origin_box.currentData())

    @property
    def stands(self) -> Here | None:
        """The place of the origin, where it is the person or the chosen site."""
        if self.origin is Origin.HERE:
            return self._context.standing.here
        return standing_at(self._site) if self.origin is Origin.CHOSEN and self._site else None

    def set_kind(self, kind: str) -> None:
        """List sites or findings; without a signal."""
        self.kind_box.set_value(kind)

    def set_scope(self, scope: str) -> None:
        """List what is in view, everything, or what has no position; without a signal."""
        self.scope_box.setCurrentIndex(self.scope_box.findData(scope))

    def set_site(self, site: Site) -> None:
        """The site that is chosen."""
        self._site = site
        self._label_origins()
        if self.origin is Origin.CHOSEN:
            self.changed.emit()

    def show_conditions(self, conditions: Sequence[Condition]) -> None:
        """Say what is filtered; each can be taken back alone, and all together."""
        focused = any(button.hasFocus() for button in self._chip_buttons)
        for button in self._chip_buttons:
            button.hide()
            button.deleteLater()
        self._chip_buttons = []
        for condition in conditions:
            chip = Button(condition.text, condition.clear, icon="close", tip=tr("取消这一条筛选"))
            chip.setAccessibleName(tr("取消筛选：{what}").format(what=condition.text))
            self._chip_buttons.append(chip)
        if len(conditions) > 2:
            self._chip_buttons.append(Button(tr("清除筛选"), self.clear_wanted.emit))
        for chip in self._chip_buttons:
            self._chips.add(chip)
            chip.show()  # at once, so that it can take the focus
        self._chips.setVisible(bool(conditions))
        count = len(conditions)
        self.filter_button.setText(tr("筛选 {n}…").format(n=count) if count else tr("筛选…"))
        if focused:
            (self._chip_buttons or [self.filter_button])[0].setFocus()

    # -- where somebody stands --------------------------------------------------------------------------------------

    def ask_here(self) -> None:
        """Ask where the person stands."""
        dialog = HereDialog(self._context, self)
        dialog.accepted.connect(lambda: self._stand(dialog.here))
        dialog.rejected.connect(self._label_origins)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _stand(self, here: Here | None) -> None:
        self._chosen_origin = Origin.HERE.value if here else ""
        if here == self._context.standing.here:
            self._on_standing()
        self._context.standing.stand(here)

    def _on_standing(self) -> None:
        self._label_origins()
        self.changed.emit()

    def _on_kind(self) -> None:
        self.changed.emit()

    def _on_origin(self) -> None:
        if self.origin is Origin.HERE and self._context.standing.here is None:
            self.ask_here()
            return
        self._chosen_origin = self.origin.value
        self.changed.emit()

    def _label_origins(self) -> None:
        """Say what each origin is, and take the one that was chosen, as far as it can be had."""
        here, site = self._context.standing.here, self._site
        placed = site is not None and site.lon is not None
        words = {
            Origin.HERE: tr("从：我这里") if here else tr("从：我这里…"),
            Origin.NEIGHBOUR: tr("从：旁边的点位"),
            Origin.MIDDLE: tr("从：地图中心"),
            Origin.CHOSEN: tr("从：“{name}”").format(name=site.name) if site and placed else tr("从：选中的点位"),
        }
        for at in range(self.origin_box.count()):
            self.origin_box.setItemText(at, words[Origin(self.origin_box.itemData(at))])
        possible = {Origin.NEIGHBOUR.value, Origin.MIDDLE.value}
        possible |= {Origin.HERE.value} if here else set()
        possible |= {Origin.CHOSEN.value} if placed else set()
        usual = Origin.HERE.value if here else Origin.NEIGHBOUR.value
        wanted = self._chosen_origin if self._chosen_origin in possible else usual
        self.origin_box.setCurrentIndex(self.origin_box.findData(wanted))
        stands = tr("我在这里：{name}").format(name=here.name) if here else tr("我在这里")
        self.here_button.setToolTip(bracketed(stands, "Ctrl+J"))
        self.here_button.setAccessibleName(stands)
        self.at_site.setEnabled(placed)
        self.at_site.setText(tr("我在“{name}”").format(name=site.name) if site and placed else tr("我在选中的点位"))
        self.forget.setEnabled(here is not None)
