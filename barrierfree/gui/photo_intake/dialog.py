"""Takes the evening's photos in: nothing is stored before 导入."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from barrierfree.errors import Cancelled
from barrierfree.gui import notices
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.photo_intake.clock import ClockDialog, OffsetDialog
from barrierfree.gui.photo_intake.photo_tree import PhotoTree
from barrierfree.gui.photo_intake.target_list import TargetList
from barrierfree.gui.photo_pane import PICTURES
from barrierfree.gui.status_strip import StatusStrip
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.operations import photo_intake
from barrierfree.operations.photo_intake import Intake, KeptIntake, Receipt
from barrierfree.operations.photo_places import NEAR_M, told_metres
from barrierfree.operations.photo_proposals import Target, told_offset


class PhotoIntakeDialog(QDialog):
    """Choose or drop a folder, agree with what is proposed or decide oneself, take everything in at once.

    Signals:
        taken(Receipt): it is stored.
    """

    taken = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("照片导入"))
        room = self.screen().availableSize()
        self.resize(min(tokens().text(1180), room.width() - 40), min(tokens().text(700), room.height() - 60))
        self.setAcceptDrops(True)
        self._context = context
        self._places: list[Path] = []
        self.intake: Intake | None = None
        self.receipt: Receipt | None = None
        self._build()
        context.tasks.progress.connect(self._on_progress)
        self._read()

    # -- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.folder = Button(tr("选择文件夹…"), self._on_folder, kind="primary", icon="folder", shortcut="Ctrl+O")
        self.files = Button(tr("选择照片…"), self._on_files, icon="photo")
        self.clock = Button(tr("大时钟"), self._on_clock, icon="calendar", tip=tr("相机的时间不准时：先拍下这个时钟"))
        self.camera_time = Button(tr("相机时间…"), self._on_camera_time, tip=tr("选中时钟的照片，改正全部照片的时间"))
        self.summary = label("", "strong", wrap=True)
        self.tree = PhotoTree(self._context)
        self.targets = TargetList(self._context)
        self.tree.assign_wanted.connect(self._on_assign_wanted)
        self.tree.drop_wanted.connect(self._on_drop_wanted)
        self.targets.chosen.connect(self.assign)
        self.columns = AdaptiveColumns(
            [Pane("photos", tr("照片"), self.tree, 780, 1), Pane("targets", tr("分给谁"), self.targets, 320)]
        )
        self._hint = label("", "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(24)
        self._stack = QStackedWidget()
        self._receipt = label("", "heading", wrap=True)
        self._receipt.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle = QWidget()
        middle.setProperty("role", "plain")
        centred = QVBoxLayout(middle)
        centred.addStretch(1)
        centred.addWidget(self._receipt)
        centred.addWidget(self._hint)
        centred.addStretch(1)
        self._stack.addWidget(middle)
        self._stack.addWidget(self.columns)
        self.fault = label("", tone="bad", wrap=True)
        self.fault.hide()
        self.complete = QCheckBox(tr("这些走访的照片齐了，不再提示“照片待补”"))
        self.complete.setChecked(True)
        self.take_all = Button(tr("采用全部建议"), self._on_take_all, icon="check", shortcut="Ctrl+Shift+A")
        self.leave_out = Button(
            tr("不导入所选"), self._on_drop_wanted, icon="remove", tip=tr("选中的照片不导入（Delete）")
        )
        self.close_button = Button(tr("关闭"), self.reject)
        self.confirm = Button(tr("导入"), self.confirmed, kind="primary", shortcut="Ctrl+Return")
        self.strip = StatusStrip()
        self.strip.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 12)
        layout.addWidget(FlowRow(self.folder, self.files, self.clock, self.camera_time))
        layout.addWidget(self.summary)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.fault)
        layout.addWidget(self.complete)
        layout.addWidget(FlowRow(self.leave_out, self.take_all, self.close_button, self.confirm, align_right=True))
        layout.addWidget(self.strip)

    # -- reading --------------------------------------------------------------------------------------------------

    def take(self, places: Sequence[Path]) -> None:
        """Look at more folders or files; what was decided about the others is decided anew."""
        self._places += [p for p in places if p not in self._places]
        self._read()

    def _read(self) -> None:
        places, person = list(self._places), self._context.person
        self._say("")
        self._busy(True)
        self._context.tasks.run(
            lambda store, progress: photo_intake.plan_intake(store, places, person, progress),
            tr("正在看照片"), self._on_read, self._on_fault, context=self,
        )  # fmt: skip

    def _on_read(self, intake: Intake) -> None:
        offset = self.intake.offset if self.intake else intake.offset
        intake.set_offset(offset)
        self.intake, self.receipt = intake, None
        self.targets.set_occasions(intake.occasions)
        self._busy(False)
        self._draw()
        self.folder.setFocus()
        if intake.items:
            self.tree.setFocus()
            self.tree.select_first()

    def _on_fault(self, error: Exception) -> None:
        self._busy(False)
        if isinstance(error, Cancelled):
            self._places = []
        self._say("\n".join(text for text in notices.words(error) if text))
        self._draw()

    # -- deciding -------------------------------------------------------------------------------------------------

    def assign(self, target: Target | None) -> None:
        """The selected photos go to ``target``; those from far away are asked about once, all together."""
        keys = self.tree.selected()
        if self.intake is None or self.receipt is not None:
            return
        if not keys:
            self._say(tr("请先在左边选中照片。"))
            return
        if target is not None:
            shots = [self.intake.items[key].shot() for key in keys]
            far = [m for shot in shots if (m := target.occasion.metres(shot)) is not None and m > NEAR_M]
            if far and not self._agreed(target, far):
                return
        self._say("")
        self.intake.assign(keys, target)
        self._draw()
        self._next_open(keys)

    def _agreed(self, target: Target, far: Sequence[float]) -> bool:
        question = tr("{n} 张照片的位置离“{site}”最远 {metres}，仍然添加？").format(
            n=len(far), site=target.occasion.name, metres=told_metres(max(far))
        )
        return notices.ask(self, question, tr("可能选错了点位，或者手机的定位不准。"), tr("仍然添加"), tr("不添加"))

    def _next_open(self, keys: Sequence[str]) -> None:
        """Go on to the first photo that nobody has decided about."""
        assert self.intake is not None
        waiting = [key for key in self.intake.tray() if self.intake.target(key) is None]
        self.tree.select(waiting[:1] or keys)
        self.columns.go_to("photos")
        self.tree.setFocus()

    def _on_assign_wanted(self) -> None:
        """Enter on photos: to the list of visits."""
        if self.receipt is None:
            self.columns.show_pane("targets")
            self.targets.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.targets.search.selectAll()

    def _on_drop_wanted(self) -> None:
        if self.intake is not None and self.receipt is None:
            self.intake.drop(self.tree.selected())
            self._draw()

    def _on_take_all(self) -> None:
        if self.intake is not None:
            self.intake.take_all()
            self._draw()
            self.confirm.setFocus()

    def _on_clock(self) -> None:
        dialog = ClockDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_camera_time(self) -> None:
        if self.intake is None:
            return
        fresh = [key for key, item in self.intake.items.items() if item.photo is None and item.taken_at]
        key = next((k for k in self.tree.selected() if k in fresh), "")
        if not key:
            self._say(tr("请先选中那张拍下时钟的照片（要有拍摄时间）。"))
            return
        dialog = OffsetDialog(self._context, self.intake.items[key], self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_offset(dialog, key))
        dialog.open()

    def _on_offset(self, dialog: OffsetDialog, clock: str) -> None:
        assert self.intake is not None
        self.intake.set_offset(dialog.offset)
        self.intake.drop([clock])  # the picture of the clock itself shows no barrier
        self._draw()

    # -- storing --------------------------------------------------------------------------------------------------

    def confirmed(self) -> None:
        """Keep the pictures, then store what was decided in one go."""
        intake = self.intake
        if intake is None or (not self._context.person and not self._context.ask_person()):
            return
        if not self._settled(intake):
            return
        originals = self._context.settings.choices.keep_originals
        self._busy(True)
        self._context.tasks.run(
            lambda store, progress: photo_intake.keep_intake(store, intake, progress, originals=originals),
            tr("正在导入照片"), self._store, self._on_fault, context=self,
        )  # fmt: skip

    def _settled(self, intake: Intake) -> bool:
        """Proposals that nobody agreed with are asked about: they would all go to the tray."""
        waiting = len(intake.proposed())
        if not waiting:
            return True
        answer = notices.choose(
            self, tr("还有 {n} 张照片的建议没有采用。").format(n=waiting),
            tr("不采用的照片放入“待分配”，以后可以再分。"), [tr("采用并导入"), tr("放入待分配")], tr("返回"),
        )  # fmt: skip
        if answer == 0:
            intake.take_all()
        return answer >= 0

    def _store(self, kept: KeptIntake) -> None:
        intake, person, complete = self.intake, self._context.person, self.complete.isChecked()
        assert intake is not None
        self._context.tasks.write(
            lambda store: photo_intake.store_intake(store, intake, kept, person, complete=complete),
            self._on_stored, self._on_fault, context=self,
        )  # fmt: skip

    def _on_stored(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self._busy(False)
        self.taken.emit(receipt)
        self._draw()
        notices.announce(self, receipt.told())
        self.close_button.setFocus()

    # -- drawing --------------------------------------------------------------------------------------------------

    def _on_progress(self, state: ProgressState) -> None:
        self.strip.show_progress(state)
        self.strip.setVisible(self.strip.is_busy)

    def _draw(self) -> None:
        intake, done = self.intake, self.receipt
        items = len(intake.items) if intake else 0
        self._receipt.setText("")
        anything = bool(intake and (items or intake.known or intake.refused))
        for widget in (self.complete, self.take_all, self.leave_out, self.confirm, self.camera_time):
            widget.setVisible(anything and done is None)
        self.close_button.setText(tr("完成") if done else tr("关闭"))
        self._stack.setCurrentIndex(int(anything and done is None))
        if done is not None:
            self.summary.setText("")
            self._receipt.setText(done.told())
            rest = tr("待分配的照片留在这台电脑上，下次打开“照片导入”时还在。") if done.waiting else ""
            self._hint.setText("\n".join(text for text in (done.remarks(), rest) if text) or tr("全部完成。"))
            return
        if intake is None or not anything:
            empty = tr("这里没有照片。") if self._places else ""
            self.summary.setText(empty)
            self._hint.setText(
                tr(
                    "把手机的照片文件夹拖到这里，或按“选择文件夹…”。\n照片按拍摄时间和位置分给您的走访；按“导入”之前什么都不保存。"
                )
            )
            return
        self.tree.show_intake(intake)
        self.summary.setText(self._told(intake))
        proposed = len(intake.proposed())
        self.take_all.setEnabled(proposed > 0)
        self.take_all.setText(tr("采用全部建议 {n}").format(n=proposed) if proposed else tr("采用全部建议"))
        self.confirm.setText(tr("导入 {n} 张").format(n=len(intake.chosen)) if intake.chosen else tr("导入"))
        self.confirm.setEnabled(items > 0)

    def _told(self, intake: Intake) -> str:
        counts = (
            (tr("照片 {n} 张"), len(intake.items)), (tr("已定 {n}"), len(intake.chosen)),
            (tr("待分配 {n}"), sum(1 for k in intake.tray() if intake.target(k) is None)),
            (tr("以前已导入 {n}"), len(intake.known)), (tr("不能用 {n}"), len(intake.refused)),
            (tr("不是照片 {n}"), intake.others),
        )  # fmt: skip
        parts = [text.format(n=f"{n:,}") for text, n in counts if n]
        if intake.offset:
            parts.append(told_offset(intake.offset))
        return phrased(parts)

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        if text:
            notices.announce(self.fault, text)

    def _busy(self, busy: bool) -> None:
        for widget in (self.folder, self.files, self.columns, self.confirm, self.take_all, self.leave_out):
            widget.setEnabled(not busy)

    # -- files ----------------------------------------------------------------------------------------------------

    def _on_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("照片所在的文件夹"))
        if folder:
            self.take([Path(folder)])

    def _on_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(
            self, tr("选择照片"), "", tr("照片 ({patterns})").format(patterns=PICTURES)
        )
        if files:
            self.take([Path(f) for f in files])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders and pictures may be dropped."""
        if any(u.isLocalFile() for u in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        event.acceptProposedAction()
        self.take([Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()])

    def done(self, result: int) -> None:
        """Closing stops what is being read; what is being stored lands."""
        self.strip.cancel_all()
        super().done(result)
