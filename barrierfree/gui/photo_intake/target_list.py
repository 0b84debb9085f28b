"""Where selected photos can go: the checkpoints of my visits and drafts, searched by the name of the site."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.photo_intake.photo_tree import told_occasion
from barrierfree.gui.search_line import SearchLine
from barrierfree.i18n import tr
from barrierfree.operations.photo_proposals import Occasion, Target


class _Search(SearchLine):
    """Signals: entered: Enter was pressed: the first that fits is meant."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
            return
        super().keyPressEvent(event)


class _List(QListWidget):
    """Signals: pressed_enter: Enter was pressed on a row."""

    pressed_enter = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed_enter.emit()
            return
        super().keyPressEvent(event)


class TargetList(QWidget):
    """Type a name, Down and Up choose, Enter assigns.

    Signals:
        chosen(Target | None): the selected photos go there; None: into the tray.
    """

    chosen = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._context = context
        self._targets: list[tuple[str, Target]] = []
        self._shown: list[Target] = []
        self.search = _Search(tr("点位名称"))
        self.search.setAccessibleName(tr("搜索走访和检查点"))
        self.list = _List()
        self.list.setAccessibleName(tr("走访和检查点"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = label("", "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        tip = tr("选中的照片分给这个检查点（回车）")
        self.assign = Button(tr("分给这里"), self._on_assign, kind="primary", tip=tip)
        self.to_tray = Button(tr("待分配"), lambda: self.chosen.emit(None), tip=tr("选中的照片放回待分配"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(tr("选中的照片分给："), "strong"))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(FlowRow(self.assign, self.to_tray))
        self.search.textChanged.connect(lambda _text: self._show())
        self.search.down.connect(lambda: self.list.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.search.entered.connect(self._on_assign)
        self.list.pressed_enter.connect(self._on_assign)
        self.list.itemDoubleClicked.connect(lambda _item: self._on_assign())
        self._show()

    def set_occasions(self, occasions: Sequence[Occasion]) -> None:
        """Offer the checkpoints of these, those that wait for photos first."""
        self._targets = []
        for occasion in sorted(occasions, key=lambda o: not o.awaited):
            for slot in occasion.slots:
                name = self._context.element_name(slot.element, slot.number)
                self._targets.append((f"{name}\n{told_occasion(occasion)}", Target(occasion, slot)))
        self._show()

    def _show(self) -> None:
        words = self.search.text().lower().split()
        fitting = [(text, target) for text, target in self._targets if all(w in text.lower() for w in words)]
        self._shown = [target for _, target in fitting]
        self.list.clear()
        for text, _ in fitting:
            item = QListWidgetItem(text)
            item.setToolTip(text)
            item.setSizeHint(QSize(0, 2 * self.fontMetrics().lineSpacing() + 18))
            self.list.addItem(item)
        if fitting:
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(fitting))
        self._empty.setVisible(not fitting)
        self._empty.setText(
            tr("没有符合的走访。") if self._targets else tr("您还没有提交过走访，也没有草稿；照片会留在“待分配”。")
        )
        self.assign.setEnabled(bool(fitting))

    def _on_assign(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            self.chosen.emit(self._shown[row])
