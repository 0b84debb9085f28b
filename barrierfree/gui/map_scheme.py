"""The scheme the map page is served by: the page, features on demand; everything from outside is blocked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl, QUrlQuery, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from shiboken6 import isValid

from barrierfree.gui.late_reply import LateReply

_log = logging.getLogger(__name__)
SCHEME: Final = b"barrierfree"
ADDRESS: Final = QUrl("barrierfree://map/")
View = tuple[float, float, float, float]
Reply = Callable[[bytes | None], None]
Answer = Callable[[list[str], LateReply], None]  # the parts of the path after the first, and where to answer


def register() -> None:
    """Make the scheme known; only possible before the first web engine profile, which starts Chromium.

    Qt's documentation asks for it before the QApplication; there it would cost every start the engine's import. What
    locks the schemes is the first profile (seen in 6.11: fetch and page work; a test opens the map).
    """
    if QWebEngineUrlScheme.schemeByName(SCHEME).name() == SCHEME:
        return
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.FetchApiAllowed
    )
    QWebEngineUrlScheme.registerScheme(scheme)


class Blocker(QWebEngineUrlRequestInterceptor):
    """Blocks every request that is not for our own scheme, and counts them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.blocked: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Let our scheme and inline data through, nothing else."""
        scheme = info.requestUrl().scheme()
        if scheme not in ("barrierfree", "data", "blob"):
            self.blocked.append(info.requestUrl().toString())
            info.block(True)


class MapScheme(QWebEngineUrlSchemeHandler):
    """Answers the page. Features are asked for asynchronously; a request the page gave up is dropped.

    Signals:
        told(kind, values): the page says something: ready, select, view, drawn.
    """

    told = Signal(str, dict)

    def __init__(
        self, page: Callable[[], str], features: Callable[[View, Reply], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._features = features
        self._jobs: dict[int, QWebEngineUrlRequestJob] = {}
        self._next = 0
        self._answers: dict[str, Answer] = {}

    def serve(self, first: str, answer: Answer) -> None:
        """Let ``answer`` answer the addresses that begin with ``first``/."""
        self._answers[first] = answer

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer one request; a fault must end it, or the page would wait for ever."""
        try:
            self._answer(job)
        except Exception:
            _log.exception("The map's request failed: %s", job.requestUrl().toString())
            if isValid(job):
                job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)

    def _answer(self, job: QWebEngineUrlRequestJob) -> None:
        url = job.requestUrl()
        path = url.path().strip("/")
        if path == "":
            self._reply(job, self._page().encode(), "text/html; charset=utf-8")
        elif path == "features":
            self._ask(job, QUrlQuery(url))
        elif path.startswith("event/"):
            items = QUrlQuery(url).queryItems(QUrl.ComponentFormattingOption.FullyDecoded)
            self._reply(job, b"{}", "application/json")
            self.told.emit(path.removeprefix("event/"), dict(items))
        elif (parts := path.split("/"))[0] in self._answers:
            if QByteArray(b"Range") in job.requestHeaders():  # a slice in reply to a range ends the program
                job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            else:
                self._answers[parts[0]](parts[1:], LateReply(job))
        else:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)

    def _ask(self, job: QWebEngineUrlRequestJob, query: QUrlQuery) -> None:
        west, south, east, north = (float(query.queryItemValue(name)) for name in ("w", "s", "e", "n"))
        self._next += 1
        number = self._next
        self._jobs[number] = job
        job.destroyed.connect(lambda: self._jobs.pop(number, None))

        def reply(content: bytes | None) -> None:
            waiting = self._jobs.pop(number, None)
            if waiting is None or not isValid(waiting):
                return
            if content is None:
                waiting.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
            else:
                self._reply(waiting, content, "application/json; charset=utf-8")

        self._features((west, south, east, north), reply)

    @staticmethod
    def _reply(job: QWebEngineUrlRequestJob, content: bytes, kind: str) -> None:
        buffer = QBuffer(job)
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(kind.encode()), buffer)
