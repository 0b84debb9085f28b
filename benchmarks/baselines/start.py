"""An empty window with one field: when it took its first key."""

import os
import time

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow

application = QApplication([])
window, field = QMainWindow(), QLineEdit()
window.setCentralWidget(field)
window.show()


def taken() -> None:
    print(time.monotonic() - float(os.environ["STARTED"]), flush=True)
    QTimer.singleShot(0, application.quit)


def press() -> None:
    field.textChanged.connect(taken)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.postEvent(field, QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))


QTimer.singleShot(0, press)
application.exec()
