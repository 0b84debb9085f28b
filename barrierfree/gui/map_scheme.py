"""The scheme the map page is served by: the page, features on demand; everything from outside is blocked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
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

from barrierfree.errors import Cancelled

_log = logging.getLogger(__name__)
SCHEME: Final = b"barrierfree"
ADDRESS: Final = QUrl("barrierfree://map/")
View = tuple[float, float, float, float]


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
            self.note(info.requestUrl().toString())
            info.block(True)

    def note(self, what: str) -> None:
        """Count something that was refused, here or elsewhere."""
        self.blocked.append(what)


class Request:
    """A question of the page, answered once by ``reply`` in the GUI's thread, or given up by the page before."""

    def __init__(self, job: QWebEngineUrlRequestJob, parts: Sequence[str], values: Mapping[str, str]) -> None:
        self.parts = parts  # of the path, behind the first
        self.values = values
        self.given_up = False
        self._job: QWebEngineUrlRequestJob | None = job
        job.destroyed.connect(self._on_destroyed)

    @property
    def box(self) -> View:
        """The box it asks for: west, south, east, north in WGS-84 degrees."""
        west, south, east, north = (float(self.values[name]) for name in ("w", "s", "e", "n"))
        return west, south, east, north

    @property
    def zoom(self) -> float:
        """The zoom of the view."""
        return float(self.values["z"])

    def tick(self) -> None:
        """For jobs in other threads, now and then: raises ``Cancelled`` once nobody waits any more."""
        if self.given_up:
            raise Cancelled

    def reply_page(self, html: str) -> None:
        """Answer with a page."""
        self.reply(html.encode(), "text/html; charset=utf-8")

    def reply(self, content: bytes | None, kind: str = "application/json; charset=utf-8") -> None:
        """Answer; None says that there is no answer."""
        job, self._job = self._job, None
        if job is None or not isValid(job):
            return
        if content is None:
            job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
        else:
            buffer = QBuffer(job)
            buffer.setData(QByteArray(content))
            buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            job.reply(QByteArray(kind.encode()), buffer)

    def _on_destroyed(self) -> None:
        self.given_up, self._job = True, None


Answer = Callable[[Request], None]


class MapScheme(QWebEngineUrlSchemeHandler):
    """Answers by path: the page itself under the empty one, its questions. A request it gave up is dropped.

    Signals:
        told(kind, values): the page says something: ready, select, view, drawn, blocked.
    """

    told = Signal(str, dict)

    def __init__(self, answers: dict[str, Answer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers = answers
        self._waiting: set[Request] = set()

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
        first, *parts = path.split("/")
        values = dict(QUrlQuery(url).queryItems(QUrl.ComponentFormattingOption.FullyDecoded))
        request = Request(job, parts, values)
        if first in self._answers:
            if QByteArray(b"Range") in job.requestHeaders():  # a slice in reply to a range ends the program
                job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
                return
            self._waiting.add(request)  # held while the job lives, which tells it when the page gives up
            job.destroyed.connect(lambda: self._waiting.discard(request))
            self._answers[first](request)
        elif path.startswith("event/"):
            request.reply(b"{}")
            self.told.emit(path.removeprefix("event/"), values)
        else:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
