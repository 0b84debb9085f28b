"""The web page of the map, which leads nowhere: no other address, window, download, permission or dialog."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
)

from barrierfree.gui.map_scheme import ADDRESS, Blocker

_log = logging.getLogger(__name__)
_Attribute = QWebEngineSettings.WebAttribute
_OFF = (
    _Attribute.AllowWindowActivationFromJavaScript, _Attribute.DnsPrefetchEnabled, _Attribute.FullScreenSupportEnabled,
    _Attribute.HyperlinkAuditingEnabled, _Attribute.JavascriptCanAccessClipboard, _Attribute.PluginsEnabled,
    _Attribute.ScreenCaptureEnabled,
)  # fmt: skip
_LOCAL = "Not allowed to load local resource: "


class GuardedPage(QWebEnginePage):
    """Shows the map and refuses everything else; what it refuses is counted with ``blocker``."""

    def __init__(self, profile: QWebEngineProfile, blocker: Blocker, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self._blocker = blocker
        for attribute in _OFF:
            self.settings().setAttribute(attribute, False)
        # so that we are asked, and refuse: otherwise the engine decides alone, and nobody counts it
        self.settings().setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes)
        self.permissionRequested.connect(self._deny)
        self.newWindowRequested.connect(self._refuse_window)
        profile.downloadRequested.connect(self._refuse_download)

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Only the map itself may be gone to."""
        wanted = QUrl(url)
        if is_main_frame and wanted.toString().partition("#")[0] == ADDRESS.toString():
            return True
        self._blocker.note(wanted.toString())
        return False

    def chooseFiles(self, *_: object) -> list[str]:
        """No file is given to the page."""
        self._blocker.note("file chooser")
        return []

    def javaScriptAlert(self, *_: object) -> None:
        """No dialog."""

    def javaScriptConfirm(self, *_: object) -> bool:
        """No dialog."""
        return False

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        """What the page complains of, for the log; what its policy refused is counted already."""
        if message.startswith(_LOCAL):  # refused before anybody is asked
            self._blocker.note(message.removeprefix(_LOCAL))
        refused = message.startswith(_LOCAL) or "Content Security Policy" in message
        wrong = level == QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel and not refused
        _log.log(logging.WARNING if wrong else logging.INFO, "The map page, line %d: %s", line, message[:500])

    def _deny(self, permission: QWebEnginePermission) -> None:
        self._blocker.note(f"permission {permission.permissionType().name}")
        permission.deny()

    def _refuse_window(self, request: QWebEngineNewWindowRequest) -> None:
        self._blocker.note(request.requestedUrl().toString())  # nobody opens it

    def _refuse_download(self, request: QWebEngineDownloadRequest) -> None:
        self._blocker.note(request.url().toString())
        request.cancel()
