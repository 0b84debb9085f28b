"""Entry by hand (录入): one record at a time beside the city's system, its fields ready to be pasted."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QScrollArea, QVBoxLayout, QWidget

from barrierfree import paths
from barrierfree.errors import Cancelled, StorageError
from barrierfree.gui.batches.choice import SELECTION_WORDS
from barrierfree.gui.batches.entry_fields import FieldRows
from barrierfree.gui.batches.reading import SELECTIONS
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import ElidedLabel, MarkedText, label
from barrierfree.gui.page import Page
from barrierfree.gui.photo_view import PhotoDialog, PhotoItem, PhotoStrip
from barrierfree.gui.workers import Task
from barrierfree.i18n import named, phrased, tr
from barrierfree.model.city import BatchFilter, Selection
from barrierfree.model.records import Changes
from barrierfree.operations import batch_entry
from barrierfree.operations.batch_entry import EntryQueue, EntryRecord

Key = tuple[str, str]


class EntryPart(QWidget):
    """The queue stays as it was read while one types; what others change comes in by reading it again."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context, self._page = context, page
        self.records: list[EntryRecord] = []
        self.at = 0
        self.done: list[tuple[EntryRecord, str]] = []  # what was entered here, with the ids of the entries
        self._wanted = BatchFilter()
        self._task: Task | None = None
        self._stale = True
        self._own = 0  # changes to come that are ours
        self._build()
        self._draw()

    def _build(self) -> None:
        self.what = Button("", tip=tr("录入哪些记录"))
        menu = QMenu(self.what)
        for key in SELECTIONS:
            menu.addAction(tr(SELECTION_WORDS[key])).triggered.connect(partial(self._on_what, key))
        self.what.setMenu(menu)
        self.left = label("", "strong")
        self.conditions = label("", "small", wrap=True)
        self.undo_button = Button("", self.take_back, kind="quiet", icon="undo")
        self._head = FlowRow(self.what, self.left, self.undo_button, spacing=12)
        self.code = ElidedLabel("", "heading")
        self.about = label("", "muted", wrap=True)
        self.faults = QVBoxLayout()
        self.faults.setSpacing(4)
        self.fields = FieldRows()
        self.fields.finished.connect(lambda: self.number.setFocus(Qt.FocusReason.TabFocusReason))
        self.photos = PhotoStrip(self._context.tasks.compute, height=72)
        self.photos.opened.connect(self._on_photo)
        self.photo_names = QVBoxLayout()
        self.folder_button = Button(tr("打开照片文件夹"), self.open_photos, icon="folder",
                                    tip=tr("把这些照片按市系统的文件名放进一个文件夹，并打开它"))  # fmt: skip
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(self.faults)
        column.addWidget(self.fields)
        self._photo_title = label(tr("照片"), "strong")
        column.addWidget(self._photo_title)
        column.addWidget(self.photos)
        column.addLayout(self.photo_names)
        self._folder_row = FlowRow(self.folder_button)
        column.addWidget(self._folder_row)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(tr("要录入的内容"))
        self._scroll.setWidget(inner)
        self._build_card()
        self._build_blank()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._head)
        layout.addWidget(self.conditions)
        layout.addWidget(self.card, 1)
        layout.addWidget(self.blank, 1)

    def _build_card(self) -> None:
        self._foot = self._made_foot()
        self.card = Card(padding=0)
        self.card.body.setContentsMargins(1, 12, 1, 1)
        self.card.body.setSpacing(4)
        title = QVBoxLayout()
        title.setContentsMargins(16, 0, 16, 0)
        title.setSpacing(2)
        title.addWidget(self.code)
        title.addWidget(self.about)
        self.card.body.addLayout(title)
        self.card.body.addWidget(self._scroll, 1)
        self.card.body.addWidget(self._foot)

    def _build_blank(self) -> None:
        self.blank = Card()
        self._blank_title = label("", "heading", wrap=True)
        self._blank_advice = label("", wrap=True)
        self._blank_step = Button("", lambda: self._context.go("review", "pending"))
        for widget in (self._blank_title, self._blank_advice, FlowRow(self._blank_step)):
            self.blank.body.addWidget(widget)
        self.blank.body.addStretch(1)

    def _made_foot(self) -> FlowRow:
        self.number = QLineEdit()
        self.number.setMaxLength(100)
        self.number.setPlaceholderText(tr("市系统给的编号（可不填）"))
        self.number.setAccessibleName(tr("市系统编号"))
        self.number.setMinimumWidth(200)
        self.back = Button(tr("上一条"), self.go_back, kind="icon", icon="back", shortcut="Alt+Left")
        self.skip_button = Button(tr("跳过"), self.skip, icon="forward", shortcut="Alt+Right")
        self.entered = Button(tr("已录入"), self.mark, kind="primary", icon="check", shortcut="Ctrl+Return")
        self.number.returnPressed.connect(partial(self.entered.setFocus, Qt.FocusReason.TabFocusReason))
        foot = FlowRow(self.number, self.back, self.skip_button, self.entered)
        foot.setContentsMargins(14, 8, 14, 10)
        undo = QAction(tr("撤回上一条录入"), self)
        undo.setShortcut("Ctrl+Z")  # a text field keeps it for itself
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(lambda _on=False: self.take_back())
        self.addAction(undo)
        return foot

    # -- queue ------------------------------------------------------------------------------------------------------

    def filter_by(self, wanted: BatchFilter) -> None:
        """The other conditions are those of the export part."""
        ours = wanted.model_copy(update={"what": self._wanted.what})
        if ours != self._wanted:
            self._wanted, self._stale = ours, True

    def changes_came(self, *, seen: bool = False) -> None:
        """Something was written: by this part, which knows it, or elsewhere. Out of sight changes come together."""
        if self._own and seen:
            self._own -= 1
        else:
            self._own, self._stale = 0, True

    def refresh(self) -> None:
        """Read the queue if it may be another; the record in hand stays."""
        if not self._stale:
            return
        self._stale = False
        if self._task is not None:
            self._task.superseded = True
            self._task.cancel()
        wanted = self._wanted
        self.left.setText(tr("正在读取…"))
        self._task = self._context.tasks.run(
            lambda store, progress: batch_entry.entry_queue(store, wanted, progress=progress), tr("正在读取录入清单"),
            self._show_queue, self._on_failed, context=self,
        )  # fmt: skip

    def _on_failed(self, error: Exception) -> None:
        self._stale = True
        self.records, self.at = [], 0
        self._draw()
        if not isinstance(error, Cancelled):
            self._page.messages.show_error(error)

    def _show_queue(self, queue: EntryQueue) -> None:
        held = self.current()
        self.records = list(queue.records)
        keys = [_key(r) for r in self.records]
        again = held is not None and _key(held) in keys
        self.at = keys.index(_key(held)) if again and held is not None else 0
        if again and held is not None and held.fields == self.records[self.at].fields:
            self._draw_head()  # nothing new about what is in hand: what was copied stays marked
        else:
            self._draw()

    def current(self) -> EntryRecord | None:
        """The record in hand."""
        return self.records[self.at] if self.at < len(self.records) else None

    def _on_what(self, what: Selection, _on: bool = False) -> None:
        self._wanted = self._wanted.model_copy(update={"what": what})
        self._stale, self.at = True, 0
        self.refresh()

    # -- one record -------------------------------------------------------------------------------------------------

    def _draw_head(self) -> None:
        self.what.setText(f"{tr(SELECTION_WORDS[self._wanted.what])} ▾")
        self.what.updateGeometry()
        left, made = len(self.records), len(self.done)
        parts = [tr("还有 {n} 条").format(n=f"{left:,}")]
        if made:
            parts.append(tr("这次已录入 {n} 条").format(n=f"{made:,}"))
        self.left.setText(phrased(parts))
        restricted = self._wanted.model_copy(update={"what": "new"}) != BatchFilter()
        self.conditions.setText(tr("另有社区、类别等条件，在“导出”里可以改。") if restricted else "")
        self.conditions.setVisible(restricted)
        self.undo_button.setVisible(bool(self.done))
        if self.done:
            self.undo_button.setText(tr("撤回 {code}").format(code=self.done[-1][0].code))
            self.undo_button.updateGeometry()

    def _draw(self) -> None:
        self._draw_head()
        record = self.current()
        self.card.setVisible(record is not None)
        self.blank.setVisible(record is None)
        if record is None:
            self._say_what_to_do()
            return
        self.code.setText(record.code)
        site = str(record.row.plain.get("site_name") or "")
        self.about.setText(
            " · ".join(p for p in (record.sheet, site,
                                   tr("第 {n} 条").format(n=f"{self.at + 1:,}")) if p)
        )  # fmt: skip
        while (item := self.faults.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for fault in record.faults:
            self.faults.addWidget(MarkedText("open", named(fault.column, fault.reason), tinted=True))
        self.fields.show_fields(record.fields)
        self._show_photos(record)
        self.number.clear()
        self.back.setEnabled(self.at > 0)
        self.skip_button.setEnabled(len(self.records) > 1)
        self.entered.setEnabled(self._context.survey.main_file)
        self._scroll.verticalScrollBar().setValue(0)

    def _say_what_to_do(self) -> None:
        texts: dict[Selection, tuple[str, str]] = {
            "new": (tr("没有要录入的记录"), tr("走访审核通过以后，记录会出现在这里。")),
            "changed": (tr("没有报送后有变化的记录"), tr("报送过的记录有了新的检查或整改，会出现在这里。")),
            "rejected": (tr("没有市系统退回的记录"), tr("读入市系统反馈以后，退回的记录和原因会出现在这里。")),
            "all": (tr("还没有审核通过的记录"), tr("走访审核通过以后，记录会出现在这里。")),
        }
        title, advice = texts[self._wanted.what]
        if self.done:
            title = tr("都录完了")
        self._blank_title.setText(title)
        self._blank_advice.setText(advice)
        self._blank_step.setText(tr("打开“审核”页"))

    def take_focus(self) -> None:
        """Begin at the first field."""
        if self.current() is not None:
            self.fields.take_focus()

    def skip(self) -> None:
        """Go to the next record; this one stays in the queue."""
        if len(self.records) > 1:
            self.at = (self.at + 1) % len(self.records)
            self._draw()
            self.take_focus()

    def go_back(self) -> None:
        """Go to the record before."""
        if self.at > 0:
            self.at -= 1
            self._draw()
            self.take_focus()

    def mark(self) -> None:
        """The record in hand stands in the city's system now; go to the next."""
        record = self.current()
        if record is None or not (self._context.person or self._context.ask_person()):
            return
        number, person = self.number.text().strip(), self._context.person
        self.entered.setEnabled(False)
        self._context.tasks.write(
            lambda store: _Entered(*batch_entry.mark_entered(store, record, number, person=person)),
            lambda made: self._on_marked(record, made), self._on_unmarked, context=self,
        )  # fmt: skip

    def _on_marked(self, record: EntryRecord, made: _Entered) -> None:
        self._own += 1
        self.done.append((record, made.entry))
        keys = [_key(r) for r in self.records]
        if _key(record) in keys:
            del self.records[keys.index(_key(record))]
        if self.at >= len(self.records):
            self.at = 0
        self._page.messages.dismiss()
        self._draw()
        self.take_focus()

    def _on_unmarked(self, error: Exception) -> None:
        self.entered.setEnabled(True)
        self._page.messages.show_error(error)

    def take_back(self) -> None:
        """The record entered last was not entered after all: it comes back as the one in hand."""
        if not self.done:
            return
        record, entry = self.done[-1]
        person = self._context.person
        self._context.tasks.write(
            lambda store: batch_entry.take_back_entry(store, entry, person=person),
            lambda _changes: self._on_taken_back(record, entry), self._page.messages.show_error, context=self,
        )  # fmt: skip

    def _on_taken_back(self, record: EntryRecord, entry: str) -> None:
        self._own += 1
        self.done = [one for one in self.done if one[1] != entry]
        self.records.insert(self.at, record)
        self._page.messages.show_message("good", tr("{code} 已撤回，仍要录入。").format(code=record.code))
        self._draw()
        self.take_focus()

    # -- photos -----------------------------------------------------------------------------------------------------

    def _show_photos(self, record: EntryRecord) -> None:
        there = bool(record.photos)
        for part in (self._photo_title, self.photos, self._folder_row):
            part.setVisible(there)
        self._items = [
            PhotoItem(f"{p.name}/{p.sha256}", self._context.photo_path(p.sha256, p.suffix), p.name)
            for p in record.photos
        ]
        self.photos.set_photos(self._items)
        while (item := self.photo_names.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for photo in record.photos:
            button = Button(photo.name, partial(self._copy_name, photo.name), kind="link", icon="copy",
                            tip=tr("复制文件名"))  # fmt: skip
            button.setAccessibleName(named(tr("复制文件名"), photo.name))
            self.photo_names.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _copy_name(self, name: str) -> None:
        QGuiApplication.clipboard().setText(name)

    def _on_photo(self, key: str) -> None:
        dialog = PhotoDialog(self._items, key, self._context.tasks.compute, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_photos(self) -> None:
        """Lay the photos of the record under their names into a folder, and open it."""
        record = self.current()
        if record is None:
            return
        held = self._context.settings.choices.exports
        place = Path(held) if held else paths.default_exports(self._context.survey.path)
        folder = place / tr("录入照片") / "".join("_" if c in '<>:"/\\|?*' else c for c in record.code)
        pairs = [(self._context.photo_path(p.sha256, p.suffix), folder / Path(p.name).name) for p in record.photos]
        self._context.tasks.compute(
            lambda: _lay_out(pairs), lambda _done: self.open_folder(folder), self._page.messages.show_error,
            context=self,
        )  # fmt: skip

    def open_folder(self, folder: Path) -> None:
        """Open a folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class _Entered:
    """An entry that was recorded; ``changes`` as the tasks expect it."""

    def __init__(self, entry: str, changes: Changes) -> None:
        self.entry, self.changes = entry, changes


def _key(record: EntryRecord) -> Key:
    return record.row.kind, record.record


def _lay_out(pairs: list[tuple[Path, Path]]) -> None:
    for source, target in pairs:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        except OSError as error:
            raise StorageError(
                tr("照片“{name}”放不进文件夹：{error}。").format(name=target.name, error=error.strerror or error),
                tr("请确认照片文件还在，文件夹可以写入，磁盘还有空间。"),
            ) from error
