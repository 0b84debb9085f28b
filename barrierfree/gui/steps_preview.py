"""Shows what many steps would do before anything is stored, lets single ones be left out, and takes them as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from barrierfree.gui.context import Context
from barrierfree.gui.finding_detail import finding_name, request_text
from barrierfree.gui.form_dialog import FILL, FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.model import words
from barrierfree.model.records import Photo
from barrierfree.operations.bulk_steps import take
from barrierfree.store import JudgedStep, TakenSteps, WantedStep

_COLUMNS: Final = 3
_FITTED: Final = 500  # rows whose heights are fitted to their texts; with more the texts are cut, with a tip
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class StepsPreview(FormDialog):
    """``accepted`` comes after the chosen steps were recorded as one group; ``taken`` then says what was done."""

    def __init__(
        self, context: Context, judged: Sequence[JudgedStep], title: str, parent: QWidget | None = None,
        *, photos: Sequence[Photo] = (), remarks: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(title, tr("确认执行"), parent, height=760, cancel=tr("返回"))
        self.resize(min(tokens().text(1000), self.screen().availableSize().width() - 40), self.height())
        self._context = context
        self.judged = tuple(judged)
        self._photos = tuple(photos)
        self.taken: TakenSteps | None = None
        self._summary = label("", "strong", wrap=True)
        self.fields.addWidget(self._summary)
        hint = tr("还没有保存。空格键可以去掉不想改的一行；不能改的行写明了原因，保持不变。")
        self.fields.addWidget(label(hint, "muted", wrap=True))
        for remark in remarks:
            self.fields.addWidget(label(remark, tone="warn", wrap=True))
        self._fit_later = QTimer(self)
        self._fit_later.setSingleShot(True)
        self._fit_later.setInterval(0)
        self._fit_later.timeout.connect(self._fit_rows)
        self.table = QTableWidget(len(self.judged), _COLUMNS)
        self._fill()
        self.fields.addWidget(self.table, FILL)
        self.finish(self.table)
        self._count()
        self.table.itemChanged.connect(lambda _item: self._count())

    def _fill(self) -> None:
        table = self.table
        table.setAccessibleName(tr("将要做的步骤"))
        table.setHorizontalHeaderLabels([tr("问题"), tr("将要怎样"), tr("为什么不能改")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.setMinimumHeight(tokens().text(260))
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(tokens().text(100))
        for row, one in enumerate(self.judged):
            now, then = (tr(words.label(s)) for s in (one.finding.state, one.request.to))
            texts = (
                f"{finding_name(self._context, one.finding)}\n{tr(words.label(one.finding.problem))}",
                f"{now} → {then}\n{request_text(one.request)}".strip(), one.refused,
            )  # fmt: skip
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                checkable = column == 0 and not one.refused
                usual = item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable
                item.setFlags(usual | Qt.ItemFlag.ItemIsUserCheckable if checkable else usual)
                if checkable:
                    item.setCheckState(_CHECKED)
                table.setItem(row, column, item)
        if table.rowCount() <= _FITTED:
            header.sectionResized.connect(lambda _column, _old, _new: self._fit_later.start())
        table.verticalHeader().setDefaultSectionSize(2 * tokens().target)
        table.installEventFilter(self)
        if self.judged:
            table.setCurrentCell(next((row for row, j in enumerate(self.judged) if not j.refused), 0), 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space leaves the row in hand out, or takes it in again, whatever column the cursor is in."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            item = self.table.item(self.table.currentRow(), 0)
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(_UNCHECKED if item.checkState() == _CHECKED else _CHECKED)
            return True
        return super().eventFilter(watched, event)

    def _fit_rows(self) -> None:
        """Other widths make other heights; the room above and below the text is ours."""
        self.table.resizeRowsToContents()
        for row in range(self.table.rowCount()):
            self.table.setRowHeight(row, max(self.table.rowHeight(row) + 12, tokens().target))

    def chosen(self) -> list[JudgedStep]:
        """The steps that are possible and were not left out."""
        return [
            one for row, one in enumerate(self.judged)
            if (item := self.table.item(row, 0)) is not None and not one.refused and item.checkState() == _CHECKED
        ]  # fmt: skip

    def _count(self) -> None:
        chosen, refused = len(self.chosen()), sum(bool(j.refused) for j in self.judged)
        left = len(self.judged) - refused - chosen
        parts = [tr("将改动 {n} 个问题").format(n=f"{chosen:,}")]
        if left:
            parts.append(tr("去掉 {n} 个").format(n=f"{left:,}"))
        if refused:
            parts.append(tr("{n} 个不能改").format(n=f"{refused:,}"))
        self._summary.setText(phrased(parts))
        self.confirm.setText(tr("确认执行 {n} 个").format(n=f"{chosen:,}"))
        self.confirm.setEnabled(bool(chosen))

    def confirmed(self) -> None:
        """Record the chosen steps in one transaction."""
        wanted = [WantedStep(finding=j.finding.id, request=j.request) for j in self.chosen()]
        person = self._context.person
        used = {sha256 for one in wanted for sha256 in one.request.photos}
        photos = [p for p in self._photos if p.sha256 in used]
        self.confirm.setEnabled(False)
        self._context.tasks.run(
            lambda store, progress: take(store, wanted, photos, person, progress), tr("正在保存"), self._on_taken,
            self.show_fault, write=True,
        )  # fmt: skip

    def _on_taken(self, taken: TakenSteps) -> None:
        self.taken = taken
        self.accept()
