"""The ways to say a place without pointing: coordinates in any datum, a photo, a known site, metres from somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from barrierfree import coordinates
from barrierfree.errors import BarrierFreeError, StepRefused
from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.photo_pane import PICTURES
from barrierfree.gui.place_fields import PlaceFields
from barrierfree.gui.site_picker import SitePicker
from barrierfree.i18n import tr
from barrierfree.model.records import Position
from barrierfree.model.words import Datum
from barrierfree.operations.moving import PhotoPlace, held, of_photos

_FARTHEST_M: Final = 5000.0  # what is farther is no longer told by metres from somewhere
_OTHER: Final = "other"


class Source(QWidget):
    """One way to say a place.

    Signals:
        changed: something else was given; ``position`` may be another one, or none.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)

    def position(self) -> Position | None:
        """The place given, None while there is none. Raises ``BarrierFreeError`` for what cannot be understood."""
        raise NotImplementedError

    def add_field(self, title: str, widget: QWidget) -> QLabel:
        """Add a field with its title above it."""
        name = label(title, "strong", wrap=True)
        name.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(title)
        self.column.addWidget(name)
        self.column.addWidget(widget)
        return name


class CoordinateSource(Source):
    """Typed coordinates in any datum, also those that have only an EPSG number. ``note`` says what was guessed."""

    def __init__(self, title: str = "", text: str = "", datum: str = Datum.GCJ02) -> None:
        super().__init__()
        self.fields = PlaceFields(text, datum)
        self.place, self.datum = self.fields.place, self.fields.datum
        self.datum.addItem(tr("平面坐标或其他（填写 EPSG 编号）"), _OTHER)
        self.other = QLineEdit()
        self.other.setPlaceholderText("EPSG:4548")
        self.add_field(title or tr("坐标"), self.place)
        self.add_field(tr("坐标系"), self.datum)
        self._other_name = self.add_field(tr("EPSG 编号或名称"), self.other)
        self.note = label("", "small", wrap=True)
        self.column.addWidget(self.note)
        for line in (self.place, self.other):
            line.textChanged.connect(lambda _text: self._on_changed())
        self.datum.currentIndexChanged.connect(lambda _at: self._on_changed())
        self._on_changed()

    def datum_code(self) -> str:
        """The datum chosen or named. Raises ``CoordinateError`` for one that is not known or cannot be converted."""
        chosen = str(self.datum.currentData())
        if chosen != _OTHER:
            return chosen
        text = self.other.text().strip()
        return coordinates.read_datum(f"EPSG:{text}" if text.isdigit() else text)

    def position(self) -> Position | None:
        """The position typed; numbers in the other order are understood, which ``note`` says."""
        text = self.place.text().strip()
        if not text or (self.datum.currentData() == _OTHER and not self.other.text().strip()):
            return None
        datum = self.datum_code()
        typed = coordinates.read_coordinates(text, datum)
        return coordinates.position(typed.x, typed.y, datum)

    def _on_changed(self) -> None:
        shown = self.datum.currentData() == _OTHER
        self.other.setVisible(shown)
        self._other_name.setVisible(shown)
        self.note.setText(self._guess())
        self.note.setVisible(bool(self.note.text()))
        self.changed.emit()

    def _guess(self) -> str:
        try:
            typed = coordinates.read_coordinates(self.place.text(), self.datum_code())
        except BarrierFreeError:
            return ""
        if not typed.swapped:
            return ""
        return tr("您写的顺序像是反的，按“{x}, {y}”（先经度或东坐标）理解。").format(
            x=f"{typed.x:.10g}", y=f"{typed.y:.10g}"
        )


class PhotoSource(Source):
    """Where the photo taken last was taken: files are chosen, or dropped here. ``told`` says which, and how exact."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._found: PhotoPlace | None = None
        self._error: Exception | None = None
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("照片的位置"))
        self.button = Button(tr("选照片…"), self.ask, icon="photo")
        self.told = label(
            tr("把照片拖到这里，或按“选照片…”。选几张时用最后拍的一张；照片不会存进普查。"), "muted", wrap=True
        )
        self.column.addWidget(FlowRow(self.button))
        self.column.addWidget(self.told)

    def ask(self) -> None:
        """Ask for files."""
        kinds = tr("照片 ({patterns})").format(patterns=PICTURES)
        files, _ = QFileDialog.getOpenFileNames(self, tr("选照片"), "", kinds)
        self.take([Path(file) for file in files])

    def take(self, files: Sequence[Path]) -> None:
        """Read the place out of these photos."""
        if files:
            self._context.tasks.compute(lambda: of_photos(files), self._on_found, self._on_error, context=self)

    def position(self) -> Position | None:
        """Where it was taken; raises the reason why a photo tells nothing."""
        if self._error is not None:
            raise self._error
        return self._found.position if self._found else None

    def _on_found(self, found: tuple[Path, PhotoPlace]) -> None:
        self._error, self._found = None, found[1]
        self._say(tr("{name}：{told}。").format(name=found[0].name, told=found[1].told))

    def _on_error(self, error: Exception) -> None:
        self._error, self._found = error, None
        self._say(" ".join(notices.words(error)))

    def _say(self, text: str) -> None:
        self.told.setText(text)
        notices.announce(self.told, text)
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files can be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the photos dropped."""
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()


class SiteSource(Source):
    """The place of a known site, found by name, address, code or pinyin."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.picker = SitePicker(context)
        self.picker.add_button.hide()
        self.picker.element_box.hide()
        self.picker.chosen.connect(self.changed)
        self.column.addWidget(self.picker)

    def position(self) -> Position | None:
        """Where the site is."""
        site = self.picker.site
        if site is None:
            return None
        found = held(site)
        if found is None:
            raise StepRefused(tr("“{name}”自己还没有位置。").format(name=site.name), tr("请选另一个点位。"))
        return found


class _Metres(QDoubleSpinBox):
    """A number that is typed over also after a click into it: "30" before "0.0" would be 300."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:  # the Tab key does so already
            QTimer.singleShot(0, self, self.selectAll)  # behind the click that came with it


class MetresSource(QWidget):
    """So many metres north or south, and east or west; read ``east`` and ``north``.

    Signals:
        changed: another number or direction.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.up, self.up_side = (
            self._number(tr("向北或向南移动多少米")),
            self._sides("north", tr("向北"), "south", tr("向南")),
        )
        self.across = self._number(tr("向东或向西移动多少米"))
        self.across_side = self._sides("east", tr("向东"), "west", tr("向西"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for number, sides in ((self.up, self.up_side), (self.across, self.across_side)):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(sides, 1)
            row.addWidget(number)
            column.addLayout(row)

    @property
    def north(self) -> float:
        """Metres to the north; to the south they are negative."""
        return self.up.value() if self.up_side.value() == "north" else -self.up.value()

    @property
    def east(self) -> float:
        """Metres to the east; to the west they are negative."""
        return self.across.value() if self.across_side.value() == "east" else -self.across.value()

    def _number(self, name: str) -> QDoubleSpinBox:
        box = _Metres()
        box.setRange(0, _FARTHEST_M)
        box.setDecimals(1)
        box.setSuffix(tr(" 米"))
        box.lineEdit().setTextMargins(10, 0, 0, 0)  # the padding of the style sheet does not reach it
        box.setAccessibleName(name)
        box.valueChanged.connect(lambda _value: self.changed.emit())
        return box

    def _sides(self, one: str, one_text: str, other: str, other_text: str) -> ChoiceButtons:
        sides = ChoiceButtons([(one, one_text), (other, other_text)], tr("方向"))
        sides.set_value(one)
        sides.chosen.connect(lambda _value: self.changed.emit())
        return sides
