"""HTML to PDF and to paper, with the engine that also draws the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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

    def write(self, html: str, target: Path, on_done: Callable[[Exception | None], None]) -> None:
        """Write ``html`` (up to 2 MB) as PDF to ``target``; ``on_done`` gets None or the error."""
        self._print(lambda: self._page.setHtml(html), target, on_done)

    def write_file(self, page: Path, target: Path, on_done: Callable[[Exception | None], None]) -> None:
        """The same for a page in a file, with pictures beside it."""
        self._print(lambda: self._page.load(QUrl.fromLocalFile(str(page.resolve()))), target, on_done)

    def _print(self, load: Callable[[], None], target: Path, on_done: Callable[[Exception | None], None]) -> None:

        def printed(path: str, good: bool) -> None:
            self._page.pdfPrintingFinished.disconnect(printed)
            on_done(None if good else _failed(Path(path)))

        def loaded(good: bool) -> None:
            self._page.loadFinished.disconnect(loaded)
            if not good:
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
        load()


def _failed(target: Path) -> StorageError:
    return StorageError(
        tr("PDF 没有写成：{path}").format(path=target), tr("请检查文件夹是否可以写入、文件是否正被打开。")
    )
