"""Opens a survey as the program does and says when the search field of the survey page took its first key."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def main(survey: str) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
    from PySide6.QtGui import QKeyEvent

    from barrierfree.app import Program, make_application
    from barrierfree.paths import user_folders
    from barrierfree.settings import Settings

    folders = user_folders()
    application = make_application()
    program = Program(application, Settings(folders.settings), folders)
    program.start(Path(survey))
    timer = QTimer()

    def taken() -> None:
        print(time.monotonic() - float(os.environ["STARTED"]), flush=True)
        QTimer.singleShot(0, application.quit)

    def look() -> None:
        find = getattr(program.window, "page", None)
        if find is None:
            return
        field = find("survey").search_field()
        if field.isVisible():
            timer.stop()
            field.setFocus()
            field.textChanged.connect(taken)
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
                QCoreApplication.postEvent(field, key)

    timer.timeout.connect(look)
    timer.start(1)
    application.exec()
    program.close()


if __name__ == "__main__":
    main(sys.argv[1])
