"""The batches page: what goes to the city's system (by workbook or typed in), the ledger, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from barrierfree.gui.batches.answer_dialog import ENDINGS, AnswerDialog
from barrierfree.gui.batches.entry_part import EntryPart
from barrierfree.gui.batches.export_part import ExportPart
from barrierfree.gui.batches.ledger_part import LedgerPart
from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.profile_editor import ProfileEditor
from barrierfree.i18n import tr
from barrierfree.model.records import Changes
from barrierfree.operations.city_answers import AnswerPlan, Match

_PARTS = ("export", "entry", "ledger")


class BatchesPage(Page):
    """Choosing and export, entry by hand, the ledger: each part reads what it shows when it comes into sight."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("批次"), parent)
        self._context = context
        self._was_there = False
        self.header.set_sample(context.survey.sample)
        self.answer = Button(tr("读入市系统反馈…"), self.choose_answer, icon="import", shortcut="Ctrl+I")
        self.export = Button("", lambda: self.choosing.choose_folder(), kind="primary", icon="export",
                             shortcut="Ctrl+E")  # fmt: skip
        self.parts = ChoiceButtons(
            [("export", tr("导出")), ("entry", tr("录入")), ("ledger", tr("台账"))],
            tr("批次页的部分"),
            digit_keys=context.settings.choices.number_keys,
        )
        self.parts.set_value("export")
        self.parts.chosen.connect(lambda key: self.show_part(str(key) or "export"))
        self.first = self.parts
        self.header.add_choice(self.parts)
        self.profile = Button(tr("导出方案…"), self.edit_profile, icon="columns")
        self.header.add_action(self.profile)
        self.header.add_action(self.answer)
        self.header.add_action(self.export)
        self._elsewhere = label(
            tr("这份文件不是总库：只能查看和检查。导出、录入和登记答复要在总库里做；请在“数据”页导出数据包，交给统筹员。"),
            tone="warn", wrap=True,
        )  # fmt: skip
        self.data_button = Button(tr("打开“数据”页"), lambda: context.go("data", None), icon="data")
        away = FlowRow(self.data_button)
        if context.survey.main_file:
            self._elsewhere.hide()
            away.hide()
        self.choosing = ExportPart(context, self)
        self.entry = EntryPart(context, self)
        self.ledger = LedgerPart(context, self)
        self.choosing.drawn.connect(self._draw)
        self.choosing.profile_wanted.connect(self.edit_profile)
        self._parts = (self.choosing, self.entry, self.ledger)
        self.body.addWidget(self._elsewhere)
        self.body.addWidget(away)
        for part in self._parts:  # no stack: the part in sight alone says how much room it needs
            self.body.addWidget(part, 1)
            part.setVisible(part is self.choosing)
        for text, keys, step in ((tr("下一部分"), "Ctrl+PgDown", 1), (tr("上一部分"), "Ctrl+PgUp", -1)):
            action = QAction(text, self)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _on=False, step=step: self._go_on(step))
            self.addAction(action)
        again = QAction(tr("重新检查"), self)
        again.setShortcut("F5")
        again.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.triggered.connect(lambda _on=False: self.refresh())
        self.addAction(again)
        self._draw()

    # -- page -------------------------------------------------------------------------------------------------------

    @property
    def part(self) -> str:
        """The part in sight."""
        return next((key for key, part in zip(_PARTS, self._parts, strict=True) if not part.isHidden()), "export")

    def activate(self) -> None:
        """Read what the part in sight shows; a check that still holds is not made again."""
        if not self._was_there:
            self._was_there = True
            self.refresh()
        else:
            self._read_part()

    def refresh(self) -> None:
        """Check and read everything again."""
        self.choosing.check()
        self.entry.changes_came()
        self._read_part()

    def apply_changes(self, changes: Changes) -> None:
        """Other records, other batches."""
        if changes.written and self._was_there:
            self.choosing.check()
            self.entry.changes_came(seen=self.isVisible())
            self._read_part()

    def search_field(self) -> QWidget:
        """Ctrl+F searches what is in sight."""
        if self.part == "ledger":
            return self.ledger.wanted_code
        if self.part == "entry":
            return self.entry.number
        table = self.choosing.faults.table if self.choosing.standing() else self.choosing.rows.table
        self.choosing.columns.show_pane("faults" if self.choosing.standing() else "rows")
        return table.search_field()

    def shortcuts(self) -> list[tuple[str, str]]:
        """Keys of entry by hand."""
        return [("Enter", tr("录入：复制这一项，转到下一项"))]

    def show_target(self, target: object) -> None:
        """Show a selection ('new', 'changed', 'rejected', 'all'), a part ('entry', 'ledger'), or read an answer."""
        if isinstance(target, Path):
            self.read_answer(target)
        elif target in ("new", "changed", "rejected", "all"):
            self.show_part("export")
            self._was_there = True
            self.choosing.choice.choose(target)
        elif target in _PARTS:
            self.show_part(str(target))

    def take_files(self, files: Sequence[Path]) -> bool:
        """Files that were dropped on the page: a table is read as an answer; False for anything else."""
        tables = [file for file in files if file.suffix.lower() in ENDINGS]
        if tables:
            self.read_answer(tables[0])
        return bool(tables)

    # -- parts ------------------------------------------------------------------------------------------------------

    def show_part(self, key: str) -> None:
        """Bring a part into sight."""
        self.parts.set_value(key)
        for other, part in zip(_PARTS, self._parts, strict=True):
            part.setVisible(other == key)
        self._read_part()
        self._draw()

    def _go_on(self, step: int) -> None:
        self.show_part(_PARTS[(_PARTS.index(self.part) + step) % len(_PARTS)])
        self.parts.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _read_part(self) -> None:
        if self.part == "entry":
            self.entry.filter_by(self.choosing.choice.wanted())
            self.entry.refresh()
        elif self.part == "ledger":
            self.ledger.refresh()

    def _draw(self) -> None:
        going = len(self.choosing.going())
        self.export.setText(tr("导出 {n} 行…").format(n=f"{going:,}") if going else tr("导出批次"))
        self.export.updateGeometry()
        self.export.setVisible(self.part == "export")
        self.export.setEnabled(self.choosing.ready)
        self.answer.setEnabled(self._context.survey.main_file)
        standing = len(self.choosing.standing())
        why = ""
        if not self._context.survey.main_file:
            why = tr("只有总库能导出批次。")
        elif standing:
            why = tr("还有 {n} 处要改正，或把这些行排除").format(n=f"{standing:,}")
        self.export.setToolTip(why or tr("写出工作簿和照片（Ctrl+E）"))
        self.export.setAccessibleDescription(why)

    # -- profile ----------------------------------------------------------------------------------------------------

    def edit_profile(self) -> None:
        """Look at the profile, change it, take another one."""
        editor = ProfileEditor(self._context, self)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.adopted.connect(self.choosing.check)
        editor.adopted.connect(self.entry.changes_came)
        editor.open()

    # -- answers ----------------------------------------------------------------------------------------------------

    def choose_answer(self) -> None:
        """Let the user choose the file that the city's system gave."""
        held = self._context.settings.choices.exports or str(self._context.survey.path.parent)
        endings = " ".join(f"*{ending}" for ending in sorted(ENDINGS))
        file, _ = QFileDialog.getOpenFileName(
            self, tr("读入市系统反馈"), held, tr("表格 ({endings})").format(endings=endings)
        )
        if file:
            self.read_answer(Path(file))

    def read_answer(self, file: Path) -> AnswerDialog:
        """Show what an answer says; it is taken in from there."""
        dialog = AnswerDialog(self._context, file, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(self._on_taken)
        dialog.open()
        return dialog

    def _on_taken(self, plan: AnswerPlan) -> None:
        accepted, rejected = plan.count(Match.ACCEPTED), plan.count(Match.REJECTED)
        text = tr("市系统反馈已登记：接收 {accepted} 条，退回 {rejected} 条。").format(
            accepted=f"{accepted:,}", rejected=f"{rejected:,}"
        )
        if rejected:
            show = Button(tr("处理退回的记录"), lambda: self.show_target("rejected"), icon="rectification")
            self.messages.show_message("warning", text, tr("退回的记录连同原因在“导出”的“市系统退回”里。"), show)
        else:
            self.messages.show_message("good", text)
