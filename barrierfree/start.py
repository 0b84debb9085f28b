"""Shows a window with a living search field at once, and brings the program in behind it."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barrierfree import i18n, paths
from barrierfree.i18n import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from barrierfree.app import Program
    from barrierfree.gui.first_window import FirstWindow

# What the survey page needs, imported in a thread while the first window already takes keys.
_LATER = ("barrierfree.app", "barrierfree.gui.survey_page", "barrierfree.gui.main_window")
_POLL_MS = 10


def run(path: Path | None) -> int:
    """Open ``path``, or the survey opened last, and stay until the window is closed; the exit code."""
    folders = paths.user_folders()
    choices = _choices(folders.settings)
    i18n.use(str(choices.get("language", "")))
    if not _has_display():
        print(
            tr("这里没有显示器，打不开窗口。\n可以用命令完成同样的工作：barrierfree --help；或运行 barrierfree demo。"),
            file=sys.stderr,
        )
        return 1
    application = make_application()
    starting = Starting(application, path, folders, choices)
    code = application.exec()
    if starting.program is not None:
        starting.program.close()
    return code


def make_application() -> QApplication:
    """The one QApplication, ready for a web engine that is imported later."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtWidgets import QApplication

    from barrierfree.gui.garbage import GarbageInGuiThread

    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # Chromium refuses its sandbox as root
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)  # the web engine wants it before
    application = QApplication([sys.argv[0] or "barrierfree"])
    application.setApplicationName("barrierfree")
    application.setApplicationDisplayName(tr("无障碍普查"))
    GarbageInGuiThread(application)
    return application


class Starting:
    """From the first window to the program; ``program`` is there once it is loaded."""

    def __init__(
        self, application: QApplication, path: Path | None, folders: paths.UserFolders, choices: dict[str, Any]
    ) -> None:
        from PySide6.QtCore import QTimer

        from barrierfree.gui.theme import apply_theme

        self.program: Program | None = None
        self.first: FirstWindow | None = None
        self._application, self._path, self._folders = application, path, folders
        recent = [Path(str(r)) for r in list(choices.get("recent") or [])[:1]]
        survey = path or next((r for r in recent if r.is_file()), None)
        apply_theme(application, choices.get("theme", "system"), float(choices.get("text_scale", 1.0)))
        if survey is not None and survey.is_file() and choices.get("role", "volunteer") == "volunteer":
            from barrierfree.gui.first_window import FirstWindow

            self.first = FirstWindow(survey.name, tr("无障碍普查"))
            self.first.show()
        self._thread = threading.Thread(target=_import_rest, name="barrierfree-start", daemon=True)
        self._timer = QTimer()
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)
        QTimer.singleShot(0, self._begin)  # after the first window was drawn and has taken what was typed

    def _begin(self) -> None:
        gc.disable()  # a collection in the other thread would end Qt objects in a thread that is not theirs
        self._thread.start()
        self._timer.start()

    def _look(self) -> None:
        if self._thread.is_alive():
            return
        self._timer.stop()
        gc.enable()
        from barrierfree import app

        self.program = app.begin(self._application, self._folders, self._path, first=self.first)


def _import_rest() -> None:
    for name in _LATER:
        importlib.import_module(name)


def _choices(folder: Path) -> dict[str, Any]:
    """The user's choices as they stand in the file, unchecked: only the look of the first window depends on them."""
    try:
        found = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _has_display() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
