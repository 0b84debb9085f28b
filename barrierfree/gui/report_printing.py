"""Prints the pages of a report one after the other to PDF files, which are then joined."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from barrierfree import report
from barrierfree.gui.printing import PdfPrinter


class PagesFolder:
    """A folder for the pages of a report and their photos; gone with ``close``, or at the end of the process."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="barrierfree-report-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._folder.cleanup()


class ReportPrinter(QObject):
    """Prints pages in order; each is numbered on from the one before, when that one has been printed.

    Signals:
        advanced(done, total): so many pages (files, not sheets of paper) are printed.
        printed(list): all are; the PDF files in order.
        failed(Exception): one could not be printed; no more comes.
    """

    advanced = Signal(int, int)
    printed = Signal(object)
    failed = Signal(object)

    def __init__(self, pages: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages = tuple(pages)
        self._done: list[Path] = []
        self._next = 1  # number of the next sheet of paper
        self._printer: PdfPrinter | None = None

    def start(self) -> None:
        """Begin with the first page."""
        self._print_next()

    def cancel(self) -> None:
        """Stop at once: the engine's page goes, and nothing is answered any more."""
        self.blockSignals(True)
        self.deleteLater()

    def _print_next(self) -> None:
        self.advanced.emit(len(self._done), len(self._pages))
        if len(self._done) == len(self._pages):
            self.printed.emit(self._done)
            return
        page = self._pages[len(self._done)]
        target = page.with_suffix(".pdf")
        try:
            report.number_page(page, self._next, alone=len(self._pages) == 1)
            self._printer = PdfPrinter(self)  # with a process of its own: one that goes on keeps what it has printed
            self._printer.write_file(page, target, lambda error: self._on_page(target, error))
        except OSError as error:
            self.failed.emit(error)

    def _on_page(self, target: Path, error: Exception | None) -> None:
        if self._printer is not None:
            self._printer.deleteLater()
            self._printer = None
        if error is not None:
            self.failed.emit(error)
            return
        try:
            self._next += report.page_count(target)
        except Exception as fault:
            self.failed.emit(fault)
            return
        self._done.append(target)
        QTimer.singleShot(0, self, self._print_next)  # not inside the engine's own call
