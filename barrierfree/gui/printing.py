"""HTML to PDF and to paper, with the engine that also draws the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QMarginsF, QObject, QUrl
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from barrierfree.errors import StorageError
from barrierfree.gui import map_scheme
from barrierfree.i18n import tr


class PdfPrinter(QObject):
    """Prints one HTML page at a time; offline, with the fonts of the system and page numbers by the page's style."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        map_scheme.register()  # schemes are closed with the first profile
        self._profile = QWebEngineProfile(self)  # of its own: nothing is kept between runs
        self._page = QWebEnginePage(self._profile, self)
        self._profile.setParent(None)  # children go in the order in which they came: the page before its profile
        self._profile.setParent(self)
        self._folder: TemporaryDirectory[str] | None = None

    def write(self, html: str, target: Path, on_done: Callable[[Exception | None], None]) -> None:
        """Write ``html`` as PDF to ``target``; ``on_done`` gets None or the error. Delete the printer to give it up.

        The page is loaded from a file: given as a text it may have only 2 MB in percent encoding (QWebEnginePage).
        """
        self._folder = TemporaryDirectory(prefix="barrierfree-", ignore_cleanup_errors=True)
        page = Path(self._folder.name) / "page.html"
        page.write_text(html, encoding="utf-8")
        self.destroyed.connect(self._folder.cleanup)
        self.write_file(page, target, on_done)

    def write_file(self, page: Path, target: Path, on_done: Callable[[Exception | None], None]) -> None:
        """The same for a page in a file, with pictures beside it."""

        def printed(path: str, good: bool) -> None:
            self._page.pdfPrintingFinished.disconnect(printed)
            self._clear()
            on_done(None if good else _failed(Path(path)))

        def loaded(good: bool) -> None:
            self._page.loadFinished.disconnect(loaded)
            if not good:
                self._clear()
                on_done(_failed(target))
                return
            layout = QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait,
                QMarginsF(15, 16, 15, 18), QPageLayout.Unit.Millimeter,
            )  # fmt: skip
            self._page.pdfPrintingFinished.connect(printed)
            self._page.printToPdf(str(target), layout)

        target.parent.mkdir(parents=True, exist_ok=True)
        self._page.loadFinished.connect(loaded)
        self._page.load(QUrl.fromLocalFile(str(page.resolve())))

    def _clear(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _failed(target: Path) -> StorageError:
    return StorageError(
        tr("PDF 没有写成：{path}").format(path=target), tr("请检查文件夹是否可以写入、文件是否正被打开。")
    )
