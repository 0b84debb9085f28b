"""The frame of a dialog that writes a file: where to, how far it is, cancelling, and what went wrong."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QProgressBar, QVBoxLayout, QWidget

from barrierfree import paths
from barrierfree.errors import Cancelled
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.i18n import tr


class WritingDialog(FormDialog):
    """It stays open while the file is written, and says what went wrong. Cancelling stops the work, or closes."""

    def __init__(self, context: Context, title: str, confirm: str, parent: QWidget | None) -> None:
        super().__init__(title, confirm, parent, cancel=tr("取消"))
        self._context = context
        self._named = False  # whether the user chose the file

    # -- what a dialog of this kind says of itself ------------------------------------------------------------------

    def suggested(self) -> str:
        """The name of the file as filled in, without its ending."""
        raise NotImplementedError

    def ending(self) -> str:
        """The ending the file must have, with its dot."""
        raise NotImplementedError

    def file_kind(self) -> str:
        """What the file chooser offers, as ``words (*.ending)``."""
        raise NotImplementedError

    def stop_work(self) -> bool:
        """Cancel the work under way; whether there was any."""
        raise NotImplementedError

    # -- fields -----------------------------------------------------------------------------------------------------

    def add_file(self) -> None:
        """Add where the file goes: the folder used last, a name that is still free, or what the user chooses."""
        self._folder = Path(self._context.settings.choices.exports or paths.default_exports(self._context.survey.path))
        self._file = self._folder
        self.file = ElidedLabel()
        self.place = Button(tr("换一个位置…"), self._on_place, icon="folder")
        self.fields.addSpacing(6)
        self.fields.addWidget(label(tr("保存到"), "strong"))
        self.fields.addWidget(self.file)
        self.fields.addWidget(FlowRow(self.place))

    def add_progress(self) -> None:
        """Add the line that tells how far the work is; hidden until there is some."""
        self._running = QWidget()
        self._running.setProperty("role", "plain")
        column = QVBoxLayout(self._running)
        column.setContentsMargins(0, 8, 0, 0)
        self._what = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("进度"))
        column.addWidget(self._what)
        column.addWidget(self.bar)
        self._running.hide()
        self.add_below(self._running)

    def draw_file(self) -> None:
        """Show where the file would go now; a name the user chose keeps all but its ending."""
        if not self._named:
            self._file = free(self._folder / (_file_name(self.suggested()) + self.ending()))
        self._file = self._file.with_suffix(self.ending())
        self.file.setText(str(self._file))
        self.hide_fault()

    def _on_place(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), str(self._file), self.file_kind())
        if file:
            self.save_to(Path(file))

    def save_to(self, file: Path) -> None:
        """It goes to ``file``; its ending follows the chosen format."""
        self._file, self._named = file, True
        self.draw_file()

    # -- work -------------------------------------------------------------------------------------------------------

    def begin_work(self, first: str) -> None:
        """The work begins: remember the folder, show the progress with its ``first`` words."""
        self.hide_fault()
        self._context.settings.change(exports=str(self._file.parent))
        self._set_working(True)
        self.show_progress(first, 0, 0)

    def show_progress(self, text: str, done: int, total: int) -> None:
        """How far the work is (total 0: unknown)."""
        self._what.setText(text)
        self.bar.setMaximum(total)
        self.bar.setValue(done)

    def work_failed(self, error: Exception) -> None:
        """It was cancelled, or went wrong; everything filled in stays."""
        self._set_working(False)
        if isinstance(error, Cancelled):
            self.say(tr("已取消，没有留下文件。"))
        else:
            self.show_fault(error)
        self.confirm.setFocus()

    def reject(self) -> None:
        """Stop the work if there is some; close otherwise."""
        if not self.stop_work():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's cross cancels too."""
        if self._running.isVisible():
            event.ignore()
        self.reject()

    def _set_working(self, working: bool) -> None:
        self._running.setVisible(working)
        self._inner.setEnabled(not working)
        self.confirm.setEnabled(not working)


def choice_of(every: str, names: list[str]) -> QComboBox:
    """A menu of names, ``every`` (with the value '') first."""
    box = QComboBox()
    box.addItem(every, "")
    for name in names:
        box.addItem(name, name)
    return box


def free(file: Path) -> Path:
    """A file that is not there yet: with a number behind its name if need be."""
    number, found = 2, file
    while found.exists():
        found = file.with_name(f"{file.stem} {number}{file.suffix}")
        number += 1
    return found


def _file_name(text: str) -> str:
    return "".join("_" if c in '<>:"/\\|?*' else c for c in text)
