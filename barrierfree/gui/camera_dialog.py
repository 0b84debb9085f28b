"""Takes a picture with the camera of this computer: a preview, and one key that takes it."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.i18n import tr

_log = logging.getLogger(__name__)


def multimedia() -> tuple[Any, Any] | None:
    """Qt's rooms for cameras and their preview; None where the system lacks what they need (libpulse on Linux)."""
    try:
        from PySide6 import QtMultimedia, QtMultimediaWidgets
    except ImportError as error:
        _log.info("No cameras: %s", error)
        return None
    return QtMultimedia, QtMultimediaWidgets


def why_no_camera() -> tuple[str, str] | None:
    """What happened and what to do if no picture can be taken here; None if there is a camera."""
    found = multimedia()
    if found is None:
        return (
            tr("这台电脑上缺少摄像头组件，不能拍照。"),
            tr("请用手机拍，再把照片拖进来；在 Linux 上安装 libpulse0 后可以拍照。"),
        )
    if not found[0].QMediaDevices.videoInputs():
        return tr("没有找到摄像头。"), tr("请接上摄像头再试，或用手机拍，再把照片拖进来。")
    return None


class CameraDialog(QDialog):
    """Shows what the camera sees. Space or Enter takes the picture, Escape closes without one.

    Signals:
        taken(QImage): the picture; the dialog closes.
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("拍照"))
        self.resize(800, 640)
        self._message = label(tr("正在打开摄像头…"), "muted", wrap=True)
        self.shoot = Button(tr("拍照"), self.capture, kind="primary", tip=tr("拍照（空格或回车）"))
        self.shoot.setEnabled(False)
        self.shoot.setDefault(True)
        layout = QVBoxLayout(self)
        found = multimedia()
        if found is not None and found[0].QMediaDevices.videoInputs():
            layout.addWidget(self._preview(*found), 1)
        else:
            self.say("\n".join(why_no_camera() or ()))
        layout.addWidget(self._message)
        layout.addWidget(FlowRow(Button(tr("取消"), self.reject), self.shoot, align_right=True))
        self.shoot.setFocus()

    def _preview(self, media: Any, widgets: Any) -> QWidget:
        self._camera = media.QCamera(media.QMediaDevices.defaultVideoInput(), self)
        self._capture = media.QImageCapture(self)
        self._session = media.QMediaCaptureSession(self)
        view: QWidget = widgets.QVideoWidget()
        view.setMinimumSize(320, 240)
        view.setAccessibleName(tr("摄像头画面"))
        self._session.setCamera(self._camera)
        self._session.setImageCapture(self._capture)
        self._session.setVideoOutput(view)
        self._capture.readyForCaptureChanged.connect(self._on_ready)
        self._capture.imageCaptured.connect(lambda _number, image: self.accept_image(image))
        self._capture.errorOccurred.connect(lambda _number, _error, text: self.say(text))
        self._camera.errorOccurred.connect(lambda _error, text: self.say(text))
        QTimer.singleShot(0, self, self._camera.start)
        return view

    def _on_ready(self, ready: bool) -> None:
        self.shoot.setEnabled(ready)
        if ready:
            self._message.setText(tr("按空格或回车拍照，按 Esc 关闭。"))

    def say(self, text: str) -> None:
        """Say what is wrong with the camera."""
        self._message.setText(text)
        self.shoot.setEnabled(False)

    def capture(self) -> None:
        """Take the picture."""
        self.shoot.setEnabled(False)
        self._capture.capture()

    def accept_image(self, image: QImage) -> None:
        """The picture is there: hand it on and close."""
        self.taken.emit(QImage(image))
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter take the picture wherever the focus is."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.shoot.isEnabled():
                self.capture()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Let the camera go, however the dialog closes."""
        camera = getattr(self, "_camera", None)
        if camera is not None:
            camera.stop()
        super().done(result)
