"""A request of the map page that is answered later; one that the page gave up is known and left alone."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob
from shiboken6 import isValid


class LateReply:
    """Give the answer in the GUI thread; ``wanted`` may be asked in any."""

    def __init__(self, job: QWebEngineUrlRequestJob) -> None:
        self._job: QWebEngineUrlRequestJob | None = job
        job.destroyed.connect(self._give_up)

    @property
    def wanted(self) -> bool:
        """Whether the page still waits."""
        return self._job is not None

    def give(self, content: bytes | None, kind: str) -> None:
        """Answer with ``content`` of the MIME type ``kind``; None says that there is none."""
        job, self._job = self._job, None
        if job is None or not isValid(job):
            return
        if content is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        buffer = QBuffer(job)
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(kind.encode()), buffer)

    def _give_up(self) -> None:
        self._job = None
