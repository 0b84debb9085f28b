"""Photos: thumbnails in a row that are buttons, and a large view with zoom by keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowLayout, FlowRow
from barrierfree.gui.labels import ElidedLabel, MarkedText
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr

LARGEST_SIDE: Final = 2560  # px an image is decoded to for the large view
_STEP: Final = 1.25
Compute = Callable[[Callable[[], QImage], Callable[[QImage], None]], Any]


@dataclass(frozen=True)
class PhotoItem:
    """A photo to show: its key, where its file is, what stands under it, and beside it: glyphs and texts."""

    key: str
    path: Path
    caption: str = ""
    beside: tuple[tuple[str, str], ...] = ()


def read_image(path: Path, side: int) -> QImage:
    """The picture upright and not larger than ``side`` px; a null image if it cannot be read. For any thread."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class PhotoStrip(QWidget):
    """Thumbnails that wrap. ``compute`` is ``StoreTasks.compute``: pictures are decoded off the GUI thread.

    Signals:
        opened(str): a thumbnail was pressed (its key).
        removed(str): Delete was pressed on a thumbnail.
    """

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, compute: Compute | None = None, *, height: int = 92, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._compute = compute
        self._height = height
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_photos(self, photos: Sequence[PhotoItem]) -> None:
        """Show these photos."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, photo in enumerate(photos, start=1):
            name = tr("照片 {number}").format(number=number)
            thumb = Thumbnail(photo, "　".join(dict.fromkeys((name, photo.caption))).strip(),
                              self._height)  # fmt: skip
            thumb.clicked.connect(lambda _on=False, key=photo.key: self.opened.emit(key))
            thumb.removed.connect(lambda key=photo.key: self.removed.emit(key))
            self._flow.addWidget(thumb)
            thumb.show()
            thumb.load(self._compute)
        self.updateGeometry()


class Thumbnail(Button):
    """A small picture with rounded corners; a broken or missing file says so instead of a picture.

    Signals:
        removed: Delete was pressed.
    """

    removed = Signal()

    def __init__(self, photo: PhotoItem, name: str, height: int = 92) -> None:
        super().__init__("", kind="row", tip=name)
        self.setAccessibleName(name)
        self._path = photo.path
        self._image = QImage()
        self._loaded = False
        self._size = QSize(round(height * 7 / 6), height)
        self.setFixedSize(self._size)

    def sizeHint(self) -> QSize:
        """The size given; the style sheet's least height of buttons is not that of pictures."""
        return self._size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the picture off."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def load(self, compute: Compute | None) -> None:
        """Decode the picture, through ``compute`` if there is one."""
        path, side = self._path, 2 * max(self._size.width(), self._size.height())
        if compute is None:
            self.set_image(read_image(path, side))
        else:
            compute(lambda: read_image(path, side), self.set_image)

    def set_image(self, image: QImage) -> None:
        """Show the decoded picture."""
        self._image = image
        self._loaded = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture cut to the frame."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens().palette
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(room, 6, 6)
        painter.fillPath(shape, QColor(colours.track))
        if self._image.isNull():
            painter.setPen(QColor(colours.ink))
            text = tr("无法显示") if self._loaded else "…"
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        else:
            painter.setClipPath(shape)
            size = self._image.size().toSizeF()
            scale = max(room.width() / size.width(), room.height() / size.height())
            target = QRectF(0, 0, size.width() * scale, size.height() * scale)
            target.moveCenter(room.center())
            painter.drawImage(target, self._image)
            painter.setClipping(False)
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(colours.focus if focused else colours.line), 3 if focused else 1))
        painter.drawPath(shape)


class PhotoView(QWidget):
    """One picture as large as there is room. + and − zoom, 0 fits, arrows move, wheel and dragging do the same.

    Signals:
        moved: another part of the picture is in sight.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._drag: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(tr("照片"))
        self.setAccessibleDescription(tr("加号放大，减号缩小，0 适合窗口，方向键移动"))

    def set_image(self, image: QImage, name: str = "") -> None:
        """Show another picture, whole."""
        self._image = image
        self.setAccessibleName(name or tr("照片"))
        self.fit()

    @property
    def zoom(self) -> float:
        """1.0: the whole picture fits."""
        return self._zoom

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out around ``at`` (widget coordinates; default the middle), between 1 and 12 times."""
        before = self._rect()
        self._zoom = min(max(self._zoom * factor, 1.0), 12.0)
        if at is not None and before.width() > 0:
            share = QPointF((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height())
            after = self._rect()
            moved = QPointF(after.x() + share.x() * after.width(), after.y() + share.y() * after.height()) - at
            self._centre += QPointF(moved.x() / after.width(), moved.y() / after.height())
        self._limit()

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self.update()
        self.moved.emit()

    def show_as(self, other: PhotoView) -> None:
        """Keep the same part in sight as another view does of its picture."""
        if (self._zoom, self._centre) != (other._zoom, other._centre):
            self._zoom, self._centre = other._zoom, QPointF(other._centre)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and move by keys."""
        key = Qt.Key(event.key())
        step = 0.12 / self._zoom
        moves = {
            Qt.Key.Key_Left: QPointF(-step, 0),
            Qt.Key.Key_Right: QPointF(step, 0),
            Qt.Key.Key_Up: QPointF(0, -step),
            Qt.Key.Key_Down: QPointF(0, step),
        }
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in moves and self._zoom > 1:
            self._centre += moves[key]
            self._limit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms where the mouse is."""
        self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start to drag the picture."""
        self._drag = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the mouse."""
        rect = self._rect()
        if self._drag is not None and rect.width() > 0:
            moved = self._drag - event.position()
            self._drag = event.position()
            self._centre += QPointF(moved.x() / rect.width(), moved.y() / rect.height())
            self._limit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The picture stays where it is."""
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice as large, or whole again."""
        if self._zoom > 1:
            self.fit()
        else:
            self.zoom_by(2.5, event.position())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture within sight."""
        super().resizeEvent(event)
        self._limit()

    def focusInEvent(self, event: Any) -> None:
        """Show the focus frame."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        """Take the focus frame away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, or that there is none."""
        colours = tokens().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(colours.track))
        if self._image.isNull():
            painter.setPen(QColor(colours.ink))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("没有可以显示的照片"))
        else:
            painter.drawImage(self._rect(), self._image)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.focus), 3))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _rect(self) -> QRectF:
        size = self._image.size().toSizeF()
        if size.isEmpty():
            return QRectF()
        scale = min(self.width() / size.width(), self.height() / size.height()) * self._zoom
        width, height = size.width() * scale, size.height() * scale
        return QRectF(
            self.width() / 2 - self._centre.x() * width, self.height() / 2 - self._centre.y() * height, width, height
        )

    def _limit(self) -> None:
        """Keep the middle of the widget over the picture, and a picture that fits in the middle."""
        rect = self._rect()
        for axis, size, room in (("x", rect.width(), self.width()), ("y", rect.height(), self.height())):
            value = getattr(self._centre, axis)()
            half = room / 2 / size if size else 0.5
            value = 0.5 if half >= 0.5 else min(max(value, half), 1 - half)
            (self._centre.setX if axis == "x" else self._centre.setY)(value)
        self.update()
        self.moved.emit()


class PhotoDialog(QDialog):
    """The photos one by one, large; Page Up and Page Down turn over, Escape closes, Delete removes where one may.

    Signals:
        removed(str): the photo on show is to be taken off (its key); the dialog goes on to the next one.
    """

    removed = Signal(str)

    def __init__(
        self, photos: Sequence[PhotoItem], first: str, compute: Compute | None = None, parent: QWidget | None = None,
        *, removable: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(tr("照片"))
        self.resize(1000, 700)
        self._photos = tuple(photos)
        self._compute = compute
        self._number = next((i for i, photo in enumerate(photos) if photo.key == first), 0)
        self.view = PhotoView()
        self._caption = ElidedLabel("", "strong")
        self._previous = Button(tr("上一张"), lambda: self.turn(-1), icon="chevron_left", shortcut="PgUp")
        self._next = Button(tr("下一张"), lambda: self.turn(1), icon="chevron_right", shortcut="PgDown")
        self.remove = Button(tr("移除"), self._on_remove, shortcut="Delete", tip=tr("从检查点移除这张照片"))
        self.remove.setVisible(removable)
        buttons = FlowRow(
            self._previous,
            self._next,
            Button(tr("放大（+）"), lambda: self.view.zoom_by(_STEP), kind="icon", icon="zoom_in"),
            Button(tr("缩小（-）"), lambda: self.view.zoom_by(1 / _STEP), kind="icon", icon="zoom_out"),
            Button(tr("适合窗口（0）"), self.view.fit, kind="icon", icon="fit"),
            self.remove,
            Button(tr("关闭"), self.reject),
            align_right=True,
        )
        self.beside = QScrollArea()
        self.beside.setWidgetResizable(True)
        self.beside.setAccessibleName(tr("判定和条文"))
        self.beside.setVisible(any(photo.beside for photo in photos))
        layout = QVBoxLayout(self)
        both = QHBoxLayout()
        both.addWidget(self.view, 5)
        both.addWidget(self.beside, 2)
        layout.addLayout(both, 1)
        row = QHBoxLayout()
        row.addWidget(self._caption, 1)
        row.addWidget(buttons, 2)
        layout.addLayout(row)
        self.view.setFocus()
        self._show()

    def turn(self, by: int) -> None:
        """Go on or back by ``by`` photos."""
        self._number = min(max(self._number + by, 0), max(len(self._photos) - 1, 0))
        self._show()

    def _on_remove(self) -> None:
        gone = self._photos[self._number]
        self._photos = tuple(p for p in self._photos if p is not gone)
        self.removed.emit(gone.key)
        if self._photos:
            self.turn(0)
        else:
            self.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Buttons may need more rows."""
        super().changeEvent(event)
        self.updateGeometry()

    def _show(self) -> None:
        if not self._photos:
            return
        photo = self._photos[self._number]
        name = f"{self._number + 1} / {len(self._photos)}　{photo.caption}".strip()
        self._caption.setText(name)
        self._previous.setEnabled(self._number > 0)
        self._next.setEnabled(self._number < len(self._photos) - 1)
        self._show_beside(photo)
        if self._compute is None:
            self.view.set_image(read_image(photo.path, LARGEST_SIDE), name)
            return

        def arrived(image: QImage) -> None:
            if self._photos[self._number].key == photo.key:
                self.view.set_image(image, name)

        self._compute(lambda: read_image(photo.path, LARGEST_SIDE), arrived)

    def _show_beside(self, photo: PhotoItem) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        for glyph, text in photo.beside:
            column.addWidget(MarkedText(glyph, text))
        column.addStretch(1)
        self.beside.setWidget(inner)
