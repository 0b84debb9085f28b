"""Makes a report file off the GUI thread: gathers and writes in the survey's thread, prints in the engine's process."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from barrierfree.errors import Cancelled
from barrierfree.gui.context import Context
from barrierfree.gui.report_printing import PagesFolder, ReportPrinter
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.i18n import tr
from barrierfree.operations import report_files, reports
from barrierfree.operations.progress import Progress
from barrierfree.report import join_pdfs
from barrierfree.store import Store


class ReportWork(QObject):
    """One report on its way to ``target``: a workbook, or a PDF if the name ends so. Cancelled, it leaves nothing.

    Signals:
        advanced(str, done, total): what is being done, and how far it is (total 0: unknown).
        finished(Path): the file is there.
        failed(Exception): it is not; ``Cancelled`` if it was stopped.
    """

    advanced = Signal(str, int, int)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(
        self, context: Context, wanted: reports.ReportRequest, target: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._wanted = wanted
        self._target = target
        self._folder: PagesFolder | None = None
        self._printer: ReportPrinter | None = None
        self._cancelled = False
        self._ended = False
        context.tasks.progress.connect(self._on_progress)

    def start(self) -> None:
        """Begin."""
        wanted, target = self._wanted, self._target
        title = tr("正在生成报告")
        if target.suffix.lower() != ".pdf":
            self._task = self._context.tasks.run(
                lambda store, progress: report_files.write_workbook(store, wanted, target, progress), title,
                self._finish, self._fail, context=self,
            )  # fmt: skip
            return
        self._folder = PagesFolder()
        folder = self._folder.path

        def pages(store: Store, progress: Progress) -> tuple[Path, ...]:
            report_files.check_target(target)
            return report_files.write_pages(store, wanted, folder, progress)

        self._task = self._context.tasks.run(pages, title, self._print, self._fail, context=self)

    def cancel(self) -> None:
        """Stop at once; what was begun is thrown away."""
        self._cancelled = True
        self._task.cancel()
        if self._printer is not None:
            self._fail(Cancelled())

    def _on_progress(self, state: ProgressState) -> None:
        if state.task is getattr(self, "_task", None) and not state.finished:
            self.advanced.emit(state.text, state.done, state.total)

    def _print(self, pages: tuple[Path, ...]) -> None:
        if self._cancelled:
            self._fail(Cancelled())
            return
        self._printer = ReportPrinter(pages, self)
        self._printer.advanced.connect(lambda done, total: self.advanced.emit(tr("正在生成 PDF…"), done, total))
        self._printer.printed.connect(self._join)
        self._printer.failed.connect(self._fail)
        self._printer.start()

    def _join(self, parts: list[Path]) -> None:
        target, folder = self._target, self._folder
        assert folder is not None
        whole = folder.path / "whole.pdf"

        def join() -> Path:
            join_pdfs(parts, whole)
            if self._cancelled:
                raise Cancelled
            with report_files.in_words(target):
                return _moved(whole, target)

        self._context.tasks.compute(join, self._finish, self._fail, context=self)

    def _finish(self, path: Path) -> None:
        if self._end():
            self.finished.emit(path)

    def _fail(self, error: Exception) -> None:
        if self._end():
            self.failed.emit(error)

    def _end(self) -> bool:
        """Put away what was needed; whether this was the end."""
        if self._ended:
            return False
        self._ended = True
        if self._printer is not None:
            self._printer.cancel()
            self._printer = None
        if self._folder is not None:
            self._folder.close()
        return True


def _moved(source: Path, target: Path) -> Path:
    """Copy beside ``target``, which may be on another disk, and put it in place as a whole."""
    aside = target.with_name(target.name + ".part")
    try:
        aside.write_bytes(source.read_bytes())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return target
