"""The frame of the profile editor: four steps, what is still wrong and where, saving into the survey."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.profile_editor.columns_step import ColumnsStep
from barrierfree.gui.profile_editor.general_step import GeneralStep
from barrierfree.gui.profile_editor.in_force_step import InForceStep
from barrierfree.gui.profile_editor.template_step import TemplateStep
from barrierfree.gui.profile_editor.work import EditorStep, Work
from barrierfree.i18n import named, sentences, tr
from barrierfree.model.records import Changes
from barrierfree.operations import profiles

IN_FORCE, TEMPLATE, COLUMNS, GENERAL = range(4)


class ProfileEditor(QDialog):
    """Nothing is stored before "save"; closing with changes asks.

    Signals:
        adopted: another profile is in force.
    """

    adopted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(tr("导出方案"))
        self.setAcceptDrops(True)
        self.work = Work()
        self.in_force = InForceStep(context, self.work)
        self.template = TemplateStep(context, self.work)
        self.columns = ColumnsStep(context, self.work)
        self.general = GeneralStep(context, self.work)
        self.steps: tuple[EditorStep, ...] = (self.in_force, self.template, self.columns, self.general)
        self._names = (tr("在用的方案"), tr("模板和工作表"), tr("每一列填什么"), tr("其他设置和回执"))
        self.messages = MessageBar()
        self._stack = QStackedWidget()
        self.heads = [Button("", partial(self.go, at), kind="quiet") for at in range(len(self.steps))]
        self.reason = label("", wrap=True)
        self.to_fault = Button(tr("去改"), self._to_fault, icon="forward")
        self.cancel = Button(tr("关闭"), self.reject)
        self.back = Button(tr("上一步"), lambda: self.go(max(self.at - 1, 0)), icon="back", shortcut="Alt+Left")
        self.next = Button(tr("下一步"), lambda: self.go(self.at + 1), shortcut="Alt+Right")
        self.save = Button(tr("保存方案"), self._on_save, kind="primary", icon="save", shortcut="Ctrl+Return")
        self._saving = False
        self._build()
        for step in self.steps:
            step.changed.connect(self._draw)
            step.failed.connect(self.messages.show_error)
        self.in_force.taken_up.connect(self._on_taken_up)
        self.in_force.used.connect(self._on_used)
        self.in_force.said.connect(self.messages.show_message)
        self.resize(parent.window().size() if parent is not None else self.screen().availableSize())
        self.go(IN_FORCE)

    def _build(self) -> None:
        for step in self.steps:
            self._stack.addWidget(FitScroll(step))  # at 200 % a step may want more height than there is
        for head in self.heads:
            head.setCheckable(True)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.reason, 1)
        foot.addWidget(FlowRow(self.to_fault, self.cancel, self.back, self.next, self.save, align_right=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(10)
        layout.addWidget(FlowRow(*self.heads))
        layout.addWidget(self.messages)
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)

    @property
    def at(self) -> int:
        """The number of the step in sight, from 0."""
        return self._stack.currentIndex()

    def go(self, at: int) -> None:
        """Bring a step into sight."""
        self._stack.setCurrentIndex(at)
        self._draw()
        told = tr("第 {n} 步，共 {all} 步：{name}").format(n=at + 1, all=len(self.steps), name=self._names[at])
        notices.announce(self, told)
        self.steps[at].enter()
        self._draw()

    def _draw(self) -> None:
        """What the buttons do, and what is still wrong."""
        at, draft = self.at, self.work.draft
        for number, (head, name) in enumerate(zip(self.heads, self._names, strict=True)):
            head.setText(tr("{n} {name}").format(n=number + 1, name=name))
            head.setChecked(number == at)
            head.setEnabled(number == IN_FORCE or draft is not None)
            head.setAccessibleName(tr("第 {n} 步：{name}").format(n=number + 1, name=name))
            head.updateGeometry()
        faults = list(draft.faults()) if draft is not None else []
        told, main = "", self._context.survey.main_file
        if faults:
            sheet, column, fault = faults[0]
            where = tr("{sheet} {letter} 列“{title}”").format(
                sheet=sheet.name, letter=column.letter, title=column.title[:30]
            ) if sheet is not None and column is not None else sheet.name if sheet is not None else ""  # fmt: skip
            told = named(where, fault) if where else fault
            if len(faults) > 1:
                told = sentences((told, tr("还有 {n} 处").format(n=len(faults) - 1)))
        elif draft is not None and not main:
            told = tr("只有总库能保存导出方案；可以在总库里改，或把做好的方案文件交给统筹员。")
        self.reason.setText(told)
        self.to_fault.setVisible(bool(faults))
        self.save.setVisible(draft is not None)
        self.save.setEnabled(draft is not None and not faults and main and not self._saving and self.work.changed)
        self.next.setVisible(draft is not None and at < GENERAL)
        self.back.setVisible(at > IN_FORCE)

    def _to_fault(self) -> None:
        """Where the first fault can be mended."""
        draft = self.work.draft
        found = next(draft.faults(), None) if draft is not None else None
        if found is None:
            return
        sheet, column, _ = found
        if sheet is not None and column is not None:
            self.go(COLUMNS)
            self.columns.go_to(sheet.name, column.letter)
        else:
            self.go(
                COLUMNS if sheet is not None and sheet.columns else GENERAL if draft and draft.filled() else TEMPLATE
            )

    def _on_taken_up(self, at_template: bool) -> None:
        self.messages.dismiss()
        self.go(TEMPLATE if at_template else COLUMNS)

    def _on_used(self) -> None:
        self.messages.show_message("good", tr("已用回选中的方案，以后的批次按它写。"))
        self.work.draft = None
        self.adopted.emit()
        self._draw()

    def _on_save(self) -> None:
        draft = self.work.draft
        if draft is None or not (self._context.person or self._context.ask_person()):
            return
        profile, template, person = draft.profile(), draft.template, self._context.person
        self._saving = True
        self._draw()
        self._context.tasks.write(
            lambda store: profiles.adopt_profile(store, profile, template, person=person), self._on_saved,
            self._on_refused, context=self,
        )  # fmt: skip

    def _on_saved(self, _changes: Changes) -> None:
        self._saving = False
        self.work.draft = None
        self.adopted.emit()
        self.go(IN_FORCE)
        advice = tr("以后的批次按它写。要回到以前的，在下面选中那个方案，按“用回选中的方案”。")
        self.messages.show_message("good", tr("方案已保存到这份普查。"), advice)

    def _on_refused(self, error: Exception) -> None:
        self._saving = False
        self.messages.show_error(error)
        self._draw()

    def reject(self) -> None:
        """Close; with changes only after a question."""
        if not self.work.changed or notices.ask(
            self, tr("不保存就关闭吗？"), tr("对导出方案的修改会丢掉；在用的方案不变。"), tr("不保存，关闭"),
            tr("继续修改"), dangerous=True,
        ):  # fmt: skip
            super().reject()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A template or a profile may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first file that is dropped is the template, or the profile."""
        file = next(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        event.acceptProposedAction()
        self.messages.dismiss()
        if file.suffix.lower() in (".toml", ".zip"):
            self.in_force.take_profile(file)
        else:
            self.in_force.take_template(file)
