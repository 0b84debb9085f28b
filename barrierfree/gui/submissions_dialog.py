"""What an export from phones would bring: its visits, and what cannot be taken; then it is taken in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import phrased, tr
from barrierfree.model.words import Outcome
from barrierfree.model.words import label as word
from barrierfree.operations import take_submissions
from barrierfree.operations.take_submissions import (
    KeptPictures,
    PhoneFault,
    PhoneVisitRow,
    SubmissionOffer,
    TakenSubmissions,
)


class SubmissionsDialog(FormDialog):
    """Nothing is stored before 导入.

    Signals:
        taken(TakenSubmissions): the visits are stored.
    """

    taken = Signal(object)

    def __init__(self, context: Context, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("导入手机提交"), tr("导入"), parent, height=760)
        self.resize(min(tokens().text(900), self.screen().availableSize().width() - 40), self.height())
        self._context = context
        self._file = file
        self._media: Path | None = None
        self._offer: SubmissionOffer | None = None
        self.summary = label(tr("正在读取…"), "strong", wrap=True)
        self.fields.addWidget(label(file.name, "muted", wrap=True))
        self.fields.addWidget(self.summary)
        self.rows: RecordTable[PhoneVisitRow] = RecordTable(
            (
                Column("site", tr("点位"), lambda r: r.site_name, detail=lambda r: r.site, width=200),
                Column("person", tr("普查人"), lambda r: r.person, width=90),
                Column("outcome", tr("结果"), lambda r: tr(word(Outcome(r.outcome))), width=90),
                Column("n", tr("检查点"), lambda r: str(r.inspections), sort=lambda r: r.inspections, align="right",
                       width=80),
                Column("bad", tr("不达标"), lambda r: str(r.not_met), sort=lambda r: r.not_met, align="right",
                       width=80),
                Column("photos", tr("照片"), lambda r: str(r.photos), sort=lambda r: r.photos, align="right", width=70),
                Column("ended", tr("何时"), lambda r: r.ended[:16].replace("T", " "), width=140),
            ),
            lambda r: r.instance, tr("会导入的走访"), filter_row=False,
        )  # fmt: skip
        self.faults: RecordTable[PhoneFault] = RecordTable(
            (
                Column("taken", tr("这一行"), lambda f: tr("不导入") if f.left_out else tr("导入"), width=80),
                Column("reason", tr("原因"), lambda f: f.reason, width=280),
                Column("place", tr("在哪里"), _place, detail=lambda f: f.column, width=220),
            ),
            lambda f: f"{f.sheet}|{f.row}|{f.column}|{f.reason}", tr("有问题的行"), filter_row=False,
        )  # fmt: skip
        for title, table, empty in (
            (tr("会导入的走访"), self.rows, tr("没有新的走访")), (tr("有问题的行"), self.faults, tr("没有问题")),
        ):  # fmt: skip
            table.setMinimumHeight(tokens().text(190))
            table.set_empty(empty, "")
            self.fields.addSpacing(6)
            self.fields.addWidget(label(title, "strong"))
            self.fields.addWidget(table)
        self.by = QLineEdit()
        self.add_field(tr("表单没有写姓名时，记在谁名下（可不填）"), self.by)
        self.by.editingFinished.connect(self._read)
        self.fields.addWidget(FlowRow(Button(tr("照片文件夹…"), self._on_media, icon="folder")))
        self._asked = ""
        self.finish(self.by)
        self._read()

    def _read(self) -> None:
        wanted = f"{self.by.text().strip()}|{self._media}"
        if wanted == self._asked:
            return
        self._asked = wanted
        self.confirm.setEnabled(False)
        file, media, by = self._file, self._media, self.by.text().strip()
        self._context.tasks.run(
            lambda store, progress: take_submissions.plan_submissions(
                store, file, media=media, by=by, progress=progress
            ),
            tr("正在读取"), self._show, self.show_fault, context=self,
        )  # fmt: skip

    def _show(self, planned: SubmissionOffer) -> None:
        self._offer = planned
        offer = take_submissions.told(planned)
        counts = (
            (tr("新走访 {n}"), offer.visits), (tr("检查记录 {n}"), offer.inspections),
            (tr("新检查点 {n}"), offer.checkpoints), (tr("已经导入过 {n}"), offer.known),
            (tr("照片 {n}"), offer.photos), (tr("照片稍后到 {n}"), len(offer.photos_to_follow)),
            (tr("没有导入的行 {n}"), sum(f.left_out for f in offer.faults)),
        )  # fmt: skip
        self.hide_fault()
        self.summary.setText(phrased(text.format(n=f"{n:,}") for text, n in counts if n) or tr("没有可以导入的内容"))
        self.rows.set_records(offer.rows)
        self.faults.set_records(offer.faults)
        self.confirm.setEnabled(bool(offer.rows))

    def _on_media(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("照片所在的文件夹"), str(self._file.parent))
        if folder:
            self._media = Path(folder)
            self._read()

    def confirmed(self) -> None:
        """Keep the pictures, then store the visits; the dialog closes when that is done."""
        offer = self._offer
        if offer is None:
            return
        self.confirm.setEnabled(False)
        self._context.tasks.run(
            lambda store, progress: take_submissions.keep_pictures(store, offer, progress), tr("正在读取照片"),
            self._store, self.show_fault, context=self,
        )  # fmt: skip

    def _store(self, kept: KeptPictures) -> None:
        offer = self._offer
        if offer is not None:
            self._context.tasks.write(
                lambda store: take_submissions.store_offer(store, offer, kept), self._on_taken, self.show_fault,
                context=self,
            )  # fmt: skip

    def _on_taken(self, done: TakenSubmissions) -> None:
        self.taken.emit(done)
        self.accept()


def _place(fault: PhoneFault) -> str:
    return tr("{sheet} 第 {row} 行").format(sheet=fault.sheet, row=fault.row) if fault.row else fault.sheet
