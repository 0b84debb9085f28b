"""The frame of the import assistant: the four steps, forward and back, and what is under way."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.import_assistant.columns_step import ColumnsStep
from barrierfree.gui.import_assistant.datum_step import DatumStep
from barrierfree.gui.import_assistant.file_step import FileStep
from barrierfree.gui.import_assistant.match_step import MatchStep
from barrierfree.gui.import_assistant.work import Step, Work
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.status_strip import StatusStrip
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.i18n import bracketed, tr
from barrierfree.operations.lists import ListReport

FILE, COLUMNS, DATUM, MATCH = range(4)


class ImportAssistant(QDialog):
    """Nothing is stored before "import" in the last step; closing it leaves nothing behind.

    Signals:
        imported(ListReport): the list is stored; the assistant has closed.
    """

    imported = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(tr("导入设施清单"))
        self.setAcceptDrops(True)
        self.work = Work()
        self.file = FileStep(context, self.work)
        self.columns = ColumnsStep(context, self.work)
        self.datum = DatumStep(context, self.work)
        self.match = MatchStep(context, self.work)
        self.steps: tuple[Step, ...] = (self.file, self.columns, self.datum, self.match)
        self._names = (tr("文件"), tr("列"), tr("坐标系"), tr("比对"))
        self.messages = MessageBar()
        self._stack = QStackedWidget()
        self.heads = [Button("", partial(self.go, at), kind="quiet") for at in range(len(self.steps))]
        self.reason = label("", wrap=True)
        self.cancel = Button(tr("取消"), self.reject)
        self.back = Button(tr("上一步"), self._on_back, icon="back", shortcut="Alt+Left")
        self.next = Button(tr("下一步"), self._on_next, kind="primary", shortcut="Ctrl+Return")
        self.strip = StatusStrip()
        self.strip.setProperty("role", "plain")
        self.strip.hide()
        self._build()
        context.tasks.progress.connect(self._on_progress)
        self.match.imported.connect(self._on_imported)
        for step in self.steps:
            step.changed.connect(self._draw)
            step.failed.connect(self.messages.show_error)
        self._fit(parent)
        self.go(FILE)

    def _build(self) -> None:
        for step in self.steps:
            self._stack.addWidget(FitScroll(step))  # at 200 % a step may want more height than there is
        for head in self.heads:
            head.setCheckable(True)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        said = QVBoxLayout()  # progress stands where the words are, so that no button moves when work begins
        said.addWidget(self.reason)
        said.addWidget(self.strip)
        foot.addLayout(said, 1)
        foot.addWidget(FlowRow(self.cancel, self.back, self.next, align_right=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(10)
        layout.addWidget(FlowRow(*self.heads))
        layout.addWidget(self.messages)
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)

    def _fit(self, parent: QWidget | None) -> None:
        """As large as the window it belongs to."""
        self.resize(parent.window().size() if parent is not None else self.screen().availableSize())

    @property
    def at(self) -> int:
        """The number of the step in sight, from 0."""
        return self._stack.currentIndex()

    def take(self, file: Path) -> None:
        """Begin with this file."""
        self.go(FILE)
        self.messages.dismiss()
        self.file.take(file)

    def go(self, at: int) -> None:
        """Bring a step into sight; what another one is still doing is stopped."""
        for step in self.steps:
            step.stop()
        self._stack.setCurrentIndex(at)
        self._draw()
        notices.announce(
            self, tr("第 {n} 步，共 {all} 步：{name}").format(n=at + 1, all=len(self.steps), name=self._names[at])
        )
        self.steps[at].enter()
        self._draw()

    def _on_back(self) -> None:
        if self.at > FILE and not self.match.is_storing:
            self.messages.dismiss()
            skips = self.at == MATCH and not self.work.has_coordinates
            self.go(COLUMNS if skips else self.at - 1)

    def _on_next(self) -> None:
        fault = self.steps[self.at].fault()
        if fault:
            notices.announce(self.reason, fault)
            return
        self.messages.dismiss()
        if self.at == MATCH:
            self.match.store()
        else:
            skips = self.at == COLUMNS and not self.work.has_coordinates
            self.go(MATCH if skips else self.at + 1)

    def _draw(self) -> None:
        """What the buttons do, and why the main one does not."""
        at, storing = self.at, self.match.is_storing
        for number, (head, name) in enumerate(zip(self.heads, self._names, strict=True)):
            skipped = number == DATUM and at == MATCH and not self.work.has_coordinates
            text = tr("{n} {name}").format(n=number + 1, name=name)
            state = tr("没有坐标，跳过") if skipped else ""
            head.setText(bracketed(text, state) if state else tr("{text} ✓").format(text=text) if number < at else text)
            head.setChecked(number == at)
            head.setEnabled(number <= at and not skipped and not storing)
            head.setAccessibleName(tr("第 {n} 步：{name}").format(n=number + 1, name=name))
            head.updateGeometry()
        fault = self.steps[at].fault()
        self.reason.setText(fault or self.steps[at].note())
        self.next.setEnabled(not fault)
        self.next.setText(self.match.button_text() if at == MATCH else tr("下一步"))
        self.next.updateGeometry()
        self.back.setEnabled(at > FILE and not storing)

    def _on_progress(self, state: ProgressState) -> None:
        self.strip.show_progress(state)
        self.strip.setVisible(not state.finished)
        self.reason.setVisible(state.finished)

    def _on_imported(self, report: ListReport) -> None:
        self.accept()
        self.imported.emit(report)

    def reject(self) -> None:
        """Close; what is just being written is cancelled first, and the answer waited for."""
        if self.match.is_storing:
            self.match.cancel()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Closing stops what is running."""
        for step in self.steps:
            step.stop()
        self.match.leave()
        super().done(result)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first file that is dropped is the list."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files and not self.match.is_storing:
            event.acceptProposedAction()
            self.take(files[0])
