"""The camera's clock: a large clock to photograph, and the question what it shows on that photo."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, Qt, QTimer
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.photo_intake.photo_tree import thumbnail
from barrierfree.gui.photo_view import LARGEST_SIDE, PhotoView
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.operations.photo_intake import Item
from barrierfree.operations.photo_proposals import told_offset

_FORMAT = "yyyy-MM-dd HH:mm:ss"


class ClockDialog(QDialog):
    """Date and time as large as the window; the phone takes a picture of it. Escape closes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("大时钟"))
        self.resize(min(900, self.screen().availableSize().width() - 40), 420)
        hint = tr("请用手机（或相机）拍下这个时钟；导入照片后选中那张照片，按“相机时间…”。")
        self._date = label("", "number")
        self._time = label("", "number")
        for one in (self._date, self._time):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
            one.setMinimumSize(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(label(hint, wrap=True))
        layout.addWidget(self._date, 2)
        layout.addWidget(self._time, 5)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))
        self._tick = QTimer(self)
        self._tick.setInterval(100)  # so that the second on the photo is never late by more
        self._tick.timeout.connect(self._show)
        self._tick.start()
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The figures fill the window."""
        super().resizeEvent(event)
        size = max(min(self.width() // 7, self.height() // 3), 24)
        self._time.setStyleSheet(f"font-size: {size}px")
        self._date.setStyleSheet(f"font-size: {size // 2}px")

    def _show(self) -> None:
        now = datetime.now()
        self._date.setText(f"{now:%Y-%m-%d}")
        self._time.setText(f"{now:%H:%M:%S}")


class OffsetDialog(FormDialog):
    """Shows the photo of the clock and asks for the time on it; read ``offset`` when it was accepted."""

    def __init__(self, context: Context, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(tr("相机时间"), tr("用这个时间"), parent)
        moment = item.shot().moment
        self._own = (moment or datetime.now()).replace(tzinfo=None)
        self.view = PhotoView()
        self.view.setFixedHeight(min(tokens().text(300), self.height() // 3))
        self.fields.addWidget(label(tr("“{name}”上的时钟显示几点？").format(name=item.name), "strong", wrap=True))
        self.fields.addWidget(self.view)
        own = tr("照片自己记的时间：{time}").format(time=f"{self._own:%Y-%m-%d %H:%M:%S}")
        self.fields.addWidget(label(own, "muted", wrap=True))
        self.shown = QDateTimeEdit(QDateTime.fromString(self._own.isoformat(), Qt.DateFormat.ISODate))
        self.shown.setDisplayFormat(_FORMAT)
        self.shown.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
        self.add_field(tr("时钟上的时间"), self.shown)
        self.told = label("", "strong", wrap=True)
        self.fields.addWidget(self.told)
        self.fields.addWidget(label(tr("这个文件夹里全部照片都按这个时间差改正。"), "muted", wrap=True))
        self.shown.dateTimeChanged.connect(lambda _moment: self._tell())
        self._tell()
        self.finish(self.shown)
        path = item.path
        context.tasks.compute(lambda: thumbnail(path, LARGEST_SIDE), self._on_image, context=self)

    @property
    def offset(self) -> timedelta:
        """What has to be added to the camera's times."""
        shown = self.shown.dateTime().toPython()
        assert isinstance(shown, datetime)
        return shown.replace(microsecond=0) - self._own

    def _tell(self) -> None:
        self.told.setText(told_offset(self.offset))

    def _on_image(self, image: QImage) -> None:
        self.view.set_image(image)
