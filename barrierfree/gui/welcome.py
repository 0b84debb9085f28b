"""What one sees before a survey is open: the sample, a new survey, an existing one, the recent ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr


class WelcomeWindow(QMainWindow):
    """The start. While a survey is opened it says so and cannot be pressed."""

    def __init__(
        self,
        recent: Sequence[str],
        *,
        on_sample: Callable[[], None],
        on_new: Callable[[], None],
        on_open: Callable[[], None],
        on_recent: Callable[[Path], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("无障碍普查"))
        self.resize(tokens().text(900), tokens().text(640))
        self.messages = MessageBar()
        inner = QWidget()
        inner.setProperty("role", "ground")
        column = QVBoxLayout(inner)
        column.setContentsMargins(40, 32, 40, 32)
        column.setSpacing(14)
        column.addWidget(self.messages)
        column.addWidget(label(tr("无障碍普查"), "title"))
        column.addWidget(label(tr("不需要网络。所有记录都在这台电脑的一个文件里，由您自己保管。"), "muted", wrap=True))
        self._cards = QWidget()
        self._cards.setProperty("role", "plain")
        cards = QVBoxLayout(self._cards)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        first = Card(tr("第一次使用？"))
        first.body.addWidget(
            label(tr("先用示例普查练习：1,412 个编造的点位，随便填，不会影响任何真实数据。"), wrap=True)
        )
        self.sample = Button(tr("打开示例普查"), on_sample, kind="primary")
        first.body.addWidget(FlowRow(self.sample))
        cards.addWidget(first)
        begin = Card(tr("开始工作"))
        begin.body.addWidget(
            FlowRow(
                Button(tr("打开普查文件…"), on_open, icon="folder", shortcut="Ctrl+O"),
                Button(tr("新建普查…"), on_new, icon="add", shortcut="Ctrl+Shift+N"),
            )
        )
        for text in recent:
            path = Path(text)
            if path.is_file():
                begin.body.addWidget(Button(f"{path.name}　{path.parent}", partial(on_recent, path), kind="link"))
        cards.addWidget(begin)
        column.addWidget(self._cards)
        self._busy = label("", "strong", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(tr("进度"))
        column.addWidget(self._busy)
        column.addWidget(self._bar)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.setCentralWidget(scroll)
        self.set_busy("")
        self.sample.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, text: str) -> None:
        """Say what is going on ('' for nothing)."""
        self._busy.setText(text)
        self._busy.setVisible(bool(text))
        self._bar.setVisible(bool(text))
        self._cards.setEnabled(not text)
