"""Starts the program as ``barrierfree FILE`` does and says when the site search took its first key; then, whether the
survey page that came behind it holds that key."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main(survey: str) -> None:
    from barrierfree import i18n, paths, start

    folders = paths.user_folders()
    i18n.use("zh_CN")
    application = start.make_application()
    starting = start.Starting(application, Path(survey), folders, start._choices(folders.settings))

    from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
    from PySide6.QtGui import QKeyEvent

    began = float(os.environ["STARTED"])
    first = starting.first
    assert first is not None
    times: list[float] = []
    timer = QTimer()

    def press() -> None:
        first.search.textChanged.connect(lambda _text: times.append(time.monotonic() - began))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
            QCoreApplication.postEvent(first.search, key)

    def look() -> None:
        find = getattr(getattr(starting.program, "window", None), "page", None)
        if find is None:
            return
        field = find("survey").search_field()
        if field.isVisible() and field.text() == "a":
            timer.stop()
            print(json.dumps({"key": times[0], "page": time.monotonic() - began}), flush=True)
            QTimer.singleShot(0, application.quit)

    QTimer.singleShot(0, press)
    timer.timeout.connect(look)
    timer.start(1)
    application.exec()
    if starting.program is not None:
        starting.program.close()


if __name__ == "__main__":
    main(sys.argv[1])
