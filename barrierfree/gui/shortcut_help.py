"""The help page: every key of the window and of its pages, collected from the actions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr


@dataclass(frozen=True)
class ShortcutEntry:
    """A key, what it does, and where."""

    keys: str
    text: str
    place: str


def collect(widget: QWidget, place: str, skip: Sequence[QWidget] = ()) -> list[ShortcutEntry]:
    """The shortcuts of the actions and buttons of ``widget`` and all below it, but not below ``skip``."""
    entries: list[ShortcutEntry] = []
    for action in [*widget.actions(), *widget.findChildren(QAction)]:
        owner = action.parent()
        hidden = isinstance(owner, QWidget) and any(owner is s or s.isAncestorOf(owner) for s in skip)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        if keys and action.text() and not hidden:
            entries.append(ShortcutEntry(keys, action.text().replace("&", ""), place))
    for button in widget.findChildren(QAbstractButton):
        keys = button.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        if keys and not any(s.isAncestorOf(button) for s in skip):
            entries.append(ShortcutEntry(keys, button.accessibleName() or button.text(), place))
    return list(dict.fromkeys(entries))


def general() -> list[ShortcutEntry]:
    """Keys that widgets answer without an action."""
    lists, choices, everywhere, photos = tr("列表"), tr("选择题"), tr("所有页面"), tr("照片")
    return [
        ShortcutEntry("Tab / Shift+Tab", tr("下一项 / 上一项"), everywhere),
        ShortcutEntry("Esc", tr("关闭提示、清空搜索框、关闭窗口"), everywhere),
        ShortcutEntry("Enter", tr("打开所选行"), lists),
        ShortcutEntry("1 / 2 / 3 …", tr("选择第几个答案（可在设置中关闭）"), choices),
        ShortcutEntry("Backspace", tr("收回答案"), choices),
        ShortcutEntry("+ / - / 0", tr("放大 / 缩小 / 适合窗口"), photos),
    ]


class ShortcutHelp(QDialog):
    """Shows the entries as a list one can search."""

    def __init__(self, entries: Sequence[ShortcutEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("帮助：快捷键"))
        columns = [
            Column[ShortcutEntry]("keys", tr("按键"), lambda e: e.keys, width=190),
            Column[ShortcutEntry]("text", tr("作用"), lambda e: e.text, width=320),
            Column[ShortcutEntry]("place", tr("在哪里"), lambda e: e.place, width=140),
        ]
        self.table = RecordTable(columns, lambda e: f"{e.place}/{e.keys}/{e.text}", tr("快捷键"))
        self.table.set_records(entries)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(label(tr("帮助：快捷键"), "title"))
        layout.addWidget(self.table, 1)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject, kind="primary"), align_right=True))
        room = self.screen().availableGeometry()
        self.resize(min(tokens().text(720), room.width() - 60), min(tokens().text(620), room.height() - 60))
