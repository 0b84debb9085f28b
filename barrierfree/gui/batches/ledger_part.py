"""The ledger of batches and entries by hand, and the way to one record's history."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QVBoxLayout, QWidget

from barrierfree import paths
from barrierfree.errors import Cancelled
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.batches.batch_detail import BatchDetail
from barrierfree.gui.batches.export_part import folder_button
from barrierfree.gui.batches.reading import LedgerLine, SentBatch, SentRow, find_record, ledger, sent_batch
from barrierfree.gui.batches.record_dialog import show_record
from barrierfree.gui.batches.words import moment
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.i18n import listed, tr
from barrierfree.operations import batch_entry, batches
from barrierfree.operations.batches import BatchReport

_MOST_FOUND = 20  # records that a search offers


class LedgerPart(QWidget):
    """Every batch and every day of entry by hand; the one in hand beside."""

    def __init__(self, context: Context, page: Page) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._context, self._page = context, page
        self.wanted_code = QLineEdit()
        self.wanted_code.setPlaceholderText(tr("查一条记录：编号或市系统编号"))
        self.wanted_code.setAccessibleName(tr("查一条记录"))
        self.wanted_code.setMinimumWidth(300)
        self.wanted_code.returnPressed.connect(self.look_up)
        self.find_button = Button(tr("查报送经过"), self.look_up, icon="search")
        self.table: RecordTable[LedgerLine] = RecordTable(
            (
                Column("number", tr("批次"), _number, detail=lambda x: moment(x.made_at), width=160),
                Column("who", tr("经手人"), _who, width=110, filterable=True),
                Column("rows", tr("行数"), lambda x: f"{_rows(x):,}", sort=_rows, width=76, align="right"),
                Column("accepted", tr("接收"), lambda x: f"{_counts(x)[0]:,}", sort=lambda x: _counts(x)[0], width=76,
                       align="right"),
                Column("rejected", tr("已退回"), lambda x: f"{_counts(x)[1]:,}", sort=lambda x: _counts(x)[1],
                       width=76, align="right"),
                Column("waiting", tr("等待"), lambda x: f"{_counts(x)[2]:,}", sort=lambda x: _counts(x)[2], width=76,
                       align="right"),
                Column("words", tr("选了什么"), lambda x: x.batch.words if x.batch else "", width=200),
                Column("hash", "SHA-256", lambda x: x.batch.sha256 if x.batch else "", width=150, hidden=True),
            ),
            lambda x: x.key, tr("批次台账"),
        )  # fmt: skip
        self.table.set_empty(tr("还没有批次"), tr("在“导出”里写出一个批次，或在“录入”里登记一条，这里就会有记录。"))
        self.table.selection_changed.connect(self._on_selection)
        self.table.activated.connect(lambda _line: self._on_opened())
        self.detail = BatchDetail()
        self.detail.record_wanted.connect(lambda record, code: show_record(context, record, code, page))
        self.detail.again_wanted.connect(self.ask_again)
        self.detail.folder_wanted.connect(self._open_folder)
        self.detail.back_wanted.connect(self._take_back)
        made = Card(padding=0)
        made.body.setContentsMargins(0, 0, 0, 0)
        made.body.addWidget(self.table, 1)
        self.columns = AdaptiveColumns(
            [Pane("ledger", tr("台账"), made, 600, 1), Pane("batch", tr("批次"), self.detail, 560, 1)]
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(FlowRow(self.wanted_code, self.find_button))
        layout.addWidget(self.columns, 1)
        self._asked = ""

    def refresh(self) -> None:
        """Read the ledger, and what is in hand of it."""
        self._asked = ""
        self._context.tasks.read(ledger, self._show, self._page.messages.show_error, replaces="batches.ledger",
                                 context=self)  # fmt: skip

    def _show(self, lines: list[LedgerLine]) -> None:
        self.table.set_records(lines)
        if not lines:
            self.detail.show_nothing()
        elif not self.table.selected():
            self.table.view.selectRow(0)
        else:
            self._on_selection(self.table.selected())

    def _on_selection(self, selected: list[LedgerLine]) -> None:
        if len(selected) != 1 or selected[0].key == self._asked:
            return
        line, places = selected[0], self._places()
        self._asked = line.key
        self._context.tasks.read(
            lambda store: sent_batch(store, line, places), self.detail.show_batch, self._page.messages.show_error,
            replaces="batches.detail", context=self,
        )  # fmt: skip

    def _on_opened(self) -> None:
        self.columns.go_to("batch")

    def _places(self) -> list[Path]:
        held = self._context.settings.choices.exports
        usual = paths.default_exports(self._context.survey.path)
        return list(dict.fromkeys([Path(held), usual] if held else [usual]))

    # -- one record -------------------------------------------------------------------------------------------------

    def look_up(self) -> None:
        """Look for the record that was typed and show its history; several are offered to choose from."""
        text = self.wanted_code.text().strip()
        if text:
            self._context.tasks.read(
                lambda store: find_record(store, text), lambda found: self._on_found(text, found),
                self._page.messages.show_error, replaces="batches.find", context=self,
            )  # fmt: skip

    def _on_found(self, text: str, found: list[tuple[str, str]]) -> None:
        exact = [pair for pair in found if pair[1].casefold() == text.casefold()] or found
        if not found:
            self._page.messages.show_message(
                "info", tr("没有报送过“{code}”。").format(code=text), tr("请核对编号；还没有报送的记录在“导出”里。")
            )
        elif len(exact) == 1:
            show_record(self._context, *exact[0], self._page)
        else:
            menu = QMenu(self.find_button)
            for record, code in found[:_MOST_FOUND]:
                menu.addAction(code.replace("&", "&&")).triggered.connect(partial(self._on_chosen, record, code))
            if len(found) > _MOST_FOUND:
                more = menu.addAction(tr("还有 {n} 条，请多写几位编号").format(n=f"{len(found) - _MOST_FOUND:,}"))
                more.setEnabled(False)
            menu.popup(self.find_button.mapToGlobal(self.find_button.rect().bottomLeft()))

    def _on_chosen(self, record: str, code: str, _on: bool = False) -> None:
        show_record(self._context, record, code, self._page)

    # -- one batch --------------------------------------------------------------------------------------------------

    def _open_folder(self) -> None:
        sent = self.detail.shown
        if sent is not None and sent.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(sent.folder)))

    def ask_again(self) -> None:
        """Ask where the batch is to be made again."""
        held = self._context.settings.choices.exports or str(paths.default_exports(self._context.survey.path))
        folder = QFileDialog.getExistingDirectory(self, tr("重新生成到哪个文件夹"), held)
        if folder:
            self.make_again(Path(folder))

    def make_again(self, folder: Path) -> None:
        """Write the batch in hand again below ``folder`` and say whether it is the same."""
        sent: SentBatch | None = self.detail.shown
        if sent is None or sent.line.batch is None:
            return
        number = sent.line.batch.number
        self._context.tasks.run(
            lambda store, progress: batches.again(store, number, folder, progress=progress), tr("正在重新生成批次"),
            self._on_again, self._on_not_again, context=self,
        )  # fmt: skip

    def _on_not_again(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._page.messages.show_message("info", tr("重新生成已取消。"), tr("没有留下文件。"))
        else:
            self._page.messages.show_error(error)

    def _on_again(self, report: BatchReport) -> None:
        other = [*report.differing, *report.missing]
        if not other:
            text = tr("批次 {number} 已重新生成，每个文件都与原来相同。").format(number=report.number)
        else:
            text = tr("批次 {number} 已重新生成，{n} 个文件与原来不同或缺少：{files}").format(
                number=report.number, n=len(other), files=listed(other[:5])
            )
        self._page.messages.show_message(
            "warning" if other else "good", text, report.folder, folder_button(Path(report.folder))
        )

    def _take_back(self, row: SentRow) -> None:
        person = self._context.person
        self._context.tasks.write(
            lambda store: batch_entry.take_back_entry(store, row.entry, person=person),
            lambda _changes: self._page.messages.show_message(
                "good", tr("{code} 的录入已撤回。").format(code=row.code), tr("它又在“录入”和“导出”里了。")
            ),
            self._page.messages.show_error, context=self,
        )  # fmt: skip


def _number(line: LedgerLine) -> str:
    return line.batch.number if line.batch else tr("手工录入")


def _who(line: LedgerLine) -> str:
    return line.batch.person_name if line.batch else listed(line.day.people) if line.day else ""


def _rows(line: LedgerLine) -> int:
    return line.batch.rows if line.batch else line.day.rows if line.day else 0


def _counts(line: LedgerLine) -> tuple[int, int, int]:
    """Accepted, rejected, waiting."""
    if line.batch is not None:
        return line.batch.accepted, line.batch.rejected, line.batch.waiting
    day = line.day
    return (day.accepted, day.rejected, day.rows - day.accepted - day.rejected) if day else (0, 0, 0)
