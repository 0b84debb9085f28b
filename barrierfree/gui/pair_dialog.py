"""Before and after, side by side: both pictures keep the same part in sight while one zooms and moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import ElidedLabel
from barrierfree.gui.photo_view import LARGEST_SIDE, Compute, PhotoItem, PhotoView, read_image
from barrierfree.i18n import tr

_STEP = 1.25


class PairDialog(QDialog):
    """``before`` at the left, ``after`` at the right; each side turns over on its own, the zoom is one."""

    def __init__(
        self, before: Sequence[PhotoItem], after: Sequence[PhotoItem], compute: Compute, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("整改前后对照"))
        room = self.screen().availableSize()
        self.resize(min(1300, room.width() - 40), min(760, room.height() - 60))
        self._compute = compute
        self._photos = (tuple(before), tuple(after))
        self._numbers = [0, 0]
        self.views = (PhotoView(), PhotoView())
        self.captions = (ElidedLabel("", "strong"), ElidedLabel("", "strong"))
        sides = QHBoxLayout()
        for side, keys in enumerate(("PgUp", "PgDown")):
            column = QVBoxLayout()
            column.addWidget(self.captions[side])
            column.addWidget(self.views[side], 1)
            if len(self._photos[side]) > 1:
                text = tr("换一张整改前照片") if side == 0 else tr("换一张整改后照片")
                column.addWidget(FlowRow(Button(text, partial(self.turn, side), shortcut=keys)))
            sides.addLayout(column, 1)
        for view, other in (self.views, self.views[::-1]):
            view.moved.connect(partial(other.show_as, view))
        first = self.views[0]
        layout = QVBoxLayout(self)
        layout.addLayout(sides, 1)
        layout.addWidget(
            FlowRow(
                Button(tr("放大（+）"), partial(first.zoom_by, _STEP), kind="icon", icon="zoom_in"),
                Button(tr("缩小（-）"), partial(first.zoom_by, 1 / _STEP), kind="icon", icon="zoom_out"),
                Button(tr("适合窗口（0）"), first.fit, kind="icon", icon="fit"),
                Button(tr("关闭"), self.reject),
                align_right=True,
            )
        )
        for side in (0, 1):
            self._show(side)
        first.setFocus()

    def turn(self, side: int) -> None:
        """The next photo of one side, after the last one the first."""
        self._numbers[side] = (self._numbers[side] + 1) % len(self._photos[side])
        self._show(side)

    def _show(self, side: int) -> None:
        photo = self._photos[side][self._numbers[side]]
        number = f"{self._numbers[side] + 1} / {len(self._photos[side])}"
        name = f"{photo.caption}　{number}" if len(self._photos[side]) > 1 else photo.caption
        self.captions[side].setText(name)
        view = self.views[side]

        def arrived(image: QImage) -> None:
            if self._photos[side][self._numbers[side]].key == photo.key:
                view.set_image(image, name)

        self._compute(lambda: read_image(photo.path, LARGEST_SIDE), arrived)
