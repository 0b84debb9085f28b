"""The strip at the foot of the window: file, person, counts, progress with cancel, and when it was last saved."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.gui.notices import announce
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.theme import tokens
from barrierfree.gui.workers import Task
from barrierfree.i18n import tr


class StatusStrip(QFrame):
    """Quiet by default; shows progress of the long operation that was started last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._file = ElidedLabel()
        self._person = ElidedLabel()
        self._counts = ElidedLabel()
        self._saved = label("")
        self._running: dict[Task, ProgressState] = {}
        self._progress = QWidget()
        self._progress.setProperty("role", "plain")
        self._what = ElidedLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("进度"))
        self._cancel = Button(tr("取消"), self._on_cancel)
        inner = QHBoxLayout(self._progress)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._what, 2)
        inner.addWidget(self._bar, 1)
        inner.addWidget(self._cancel)
        self._progress.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(24)
        for part in (self._file, self._person, self._counts):
            part.hide()
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self._progress, 8)
        layout.addWidget(self._saved, 0, Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def set_file(self, name: str) -> None:
        """The file name of the open survey."""
        _show(self._file, name)

    def set_person(self, name: str) -> None:
        """Who acts."""
        _show(self._person, name)

    def set_counts(self, text: str) -> None:
        """A short line of figures."""
        _show(self._counts, text)

    def saved(self, when: datetime | None = None) -> None:
        """Say quietly that everything is saved (now, unless ``when`` is given)."""
        self._saved.setText(tr("已保存 {time}").format(time=(when or datetime.now()).strftime("%H:%M")))

    def show_progress(self, state: ProgressState) -> None:
        """Show how a long operation stands. Fits ``StoreTasks.progress``."""
        if state.finished:
            self._running.pop(state.task, None)
        else:
            if state.task not in self._running:
                announce(self, state.title)
            self._running[state.task] = state
        latest = next(reversed(self._running.values()), None)
        self._progress.setVisible(latest is not None)
        if latest is not None:
            self._draw(latest)

    def changeEvent(self, event: QEvent) -> None:
        """Higher when the text is larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _draw(self, state: ProgressState) -> None:
        words = [state.title, state.text]
        if state.total:
            words.insert(1, f"{state.done:,} / {state.total:,}")
        self._what.setText(" · ".join(word for word in words if word))
        self._bar.setMaximum(state.total)
        self._bar.setValue(min(state.done, state.total))
        waiting = state.task.progress.cancelled
        self._cancel.setEnabled(not waiting)
        self._cancel.setText(tr("正在取消…") if waiting else tr("取消"))
        self._cancel.setAccessibleName(tr("取消：{title}").format(title=state.title))

    def _on_cancel(self) -> None:
        latest = next(reversed(self._running), None)
        if latest is not None:
            latest.cancel()
            self._draw(self._running[latest])

    @property
    def is_busy(self) -> bool:
        """Whether a long operation is on show."""
        return bool(self._running)

    def cancel_all(self) -> None:
        """Ask everything under way to stop."""
        for task in self._running:
            task.cancel()

    def _fit(self) -> None:
        self.setMinimumHeight(max(34, tokens().text(30)))


def _show(part: ElidedLabel, text: str) -> None:
    part.setText(text)
    part.setVisible(bool(text))
    part.updateGeometry()
