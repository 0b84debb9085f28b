"""The photos of an intake in groups: those of each visit, the tray, those that are there already, those refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.photo_view import read_image
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.operations.photo_intake import Intake, Item
from barrierfree.operations.photo_proposals import Occasion, Target
from barrierfree.operations.pictures import Refused

_KEY: Final = Qt.ItemDataRole.UserRole
_SIDE: Final = 56  # px of a thumbnail at 100 % text
TRAY: Final = "tray"


def thumbnail(path: Path, side: int) -> QImage:
    """A small picture of any format we take; a null image if there is none. For any thread."""
    image = read_image(path, side)
    if image.isNull():
        from barrierfree import photos
        from barrierfree.errors import PhotoError

        try:
            image = QImage.fromData(photos.preview(path, side))
        except PhotoError:
            return QImage()
    return image


class PhotoTree(QTreeWidget):
    """Rows of photos in groups; several can be selected.

    Signals:
        assign_wanted: Enter was pressed.
        drop_wanted: Delete was pressed.
    """

    assign_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._images: dict[str, QIcon] = {}
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._waiting: list[Item] = []
        self._loading = False
        self._side = tokens().text(_SIDE)
        self.setAccessibleName(tr("照片"))
        self.setColumnCount(3)
        self.setHeaderLabels([tr("照片"), tr("检查点"), tr("为什么")])
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setIconSize(QSize(self._side, self._side))
        self.setUniformRowHeights(False)
        self.setIndentation(tokens().text(14))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.header()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.resizeSection(0, tokens().text(215))
        head.resizeSection(1, tokens().text(155))

    def show_intake(self, intake: Intake) -> None:
        """Draw the groups anew; what was selected stays selected."""
        selected = set(self.selected())
        self.clear()
        self._rows = {}
        groups: dict[int, tuple[Occasion, list[tuple[str, Target]]]] = {}
        for key in intake.items:
            target = None if key in intake.dropped else intake.target(key)
            if target is not None:
                at = intake.occasions.index(target.occasion)
                groups.setdefault(at, (target.occasion, []))[1].append((key, target))
        for at in sorted(groups):
            occasion, held = groups[at]
            top = self._group(told_occasion(occasion), held, intake)
            for key, target in held:
                slot = self._context.element_name(target.slot.element, target.slot.number)
                settled = tr("已定") if key in intake.chosen else tr("建议")
                self._add(top, intake, key, f"{slot}\n{settled}", intake.proposals[key].reason)
        loose = [key for key in intake.tray() if intake.target(key) is None]
        if loose:
            top = self._top(tr("待分配 {n} 张").format(n=len(loose)))
            for key in loose:
                self._add(top, intake, key, "", intake.proposals[key].reason)
        self._add_rest(intake)
        self.expandToDepth(0)
        for key in selected & self._rows.keys():
            self._rows[key].setSelected(True)
        self._waiting = [intake.items[key] for key in self._rows if key not in self._images]
        self._load_next()

    def selected(self) -> list[str]:
        """The keys of the selected photos; those of a selected group are all of its."""
        keys: dict[str, None] = {}
        for item in self.selectedItems():
            below = [child for n in range(item.childCount()) if (child := item.child(n)) is not None]
            for one in (item, *below):
                if key := one.data(0, _KEY):
                    keys[key] = None
        return list(keys)

    def select_first(self) -> None:
        """The first group becomes the current row."""
        if (first := self.topLevelItem(0)) is not None:
            self.setCurrentItem(first)

    def select(self, keys: Iterable[str]) -> None:
        """Select these photos; the first of them becomes the current row."""
        rows = [self._rows[key] for key in keys if key in self._rows]
        self.clearSelection()
        if rows:
            self.setCurrentItem(rows[0])
        for row in rows:
            row.setSelected(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter assigns, Delete leaves out; the rest moves and selects as in every list."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.assign_wanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.drop_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _group(self, title: str, held: Sequence[tuple[str, Target]], intake: Intake) -> QTreeWidgetItem:
        proposed = sum(key not in intake.chosen for key, _ in held)
        count = tr("{n} 张").format(n=len(held))
        if proposed:
            count = tr("{n} 张，其中 {m} 张是建议").format(n=len(held), m=proposed)
        return self._top(phrased((title, count)))

    def _add_rest(self, intake: Intake) -> None:
        """What is not taken in: left out, there already, no pictures."""
        if intake.dropped:
            top = self._top(tr("不导入 {n} 张").format(n=len(intake.dropped)))
            for key in sorted(intake.dropped):
                self._add(top, intake, key, "", tr("您选择不导入；按回车可以再分配"))
        for title, rows in (
            (tr("以前已导入 {n} 张"), [Refused(name, tr("已经属于一个检查点")) for name in intake.known]),
            (tr("不能用 {n} 个"), intake.refused),
        ):
            if not rows:
                continue
            top = self._top(title.format(n=len(rows)))
            for one in rows:
                row = QTreeWidgetItem(top, [one.name, "", one.reason])
                row.setToolTip(2, one.reason)

    def _top(self, text: str) -> QTreeWidgetItem:
        top = QTreeWidgetItem(self, [text])
        top.setFirstColumnSpanned(True)
        font = self.font()
        font.setBold(True)
        top.setFont(0, font)
        top.setToolTip(0, text)
        return top

    def _add(self, top: QTreeWidgetItem, intake: Intake, key: str, slot: str, reason: str) -> None:
        item = intake.items[key]
        moment = item.shot(intake.offset).moment
        when = moment.strftime("%m-%d %H:%M:%S") if moment else tr("没有时间")
        row = QTreeWidgetItem(top, [f"{item.name}\n{when}", slot, reason])
        row.setData(0, _KEY, key)
        row.setSizeHint(0, QSize(0, self._side + 8))
        for column, text in enumerate((item.name, slot.replace("\n", " "), reason)):
            row.setToolTip(column, text)
        if key in self._images:
            row.setIcon(0, self._images[key])
        self._rows[key] = row

    def _load_next(self) -> None:
        """One picture after another, off the GUI thread: closing the dialog leaves none behind."""
        if self._loading or not self._waiting:
            return
        self._loading = True
        item = self._waiting.pop(0)
        path, side = item.path, 2 * self._side
        self._context.tasks.compute(
            lambda: thumbnail(path, side), lambda image: self._on_loaded(item.key, image), context=self
        )

    def _on_loaded(self, key: str, image: QImage) -> None:
        self._loading = False
        self._images[key] = QIcon(QPixmap.fromImage(image)) if not image.isNull() else QIcon()
        if key in self._rows:
            self._rows[key].setIcon(0, self._images[key])
        self._load_next()


def told_occasion(occasion: Occasion) -> str:
    """A visit as one names it: site, day and times."""
    day = occasion.started.strftime("%m-%d")
    span = f"{occasion.started:%H:%M}"
    if occasion.ended - occasion.started >= timedelta(minutes=1):
        span += f"–{occasion.ended:%H:%M}"
    if not occasion.visit:
        return tr("{site}（草稿，{day} {span}）").format(site=occasion.name, day=day, span=span)
    if occasion.awaited:
        return tr("{site}（{day} {span}，照片待补）").format(site=occasion.name, day=day, span=span)
    return tr("{site}（{day} {span}）").format(site=occasion.name, day=day, span=span)
