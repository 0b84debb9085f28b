"""One batch (or one day of entry by hand) of the ledger: its rows as they stand, what was left out, its files."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from barrierfree.gui.batches.reading import SentBatch, SentRow
from barrierfree.gui.batches.words import KINDS, SYMBOLS, answered, moment
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.i18n import listed, named, sentences, tr
from barrierfree.model.city import CITY_WORDS, BatchFile, CityState, LeftOut

_VIEWS = ("rows", "left", "files")


class BatchDetail(Card):
    """What a line of the ledger holds.

    Signals:
        record_wanted(record, code): show the history of a record.
        again_wanted, folder_wanted: make the batch again, open its folder.
        back_wanted(SentRow): take an entry by hand back.
    """

    record_wanted = Signal(str, str)
    again_wanted = Signal()
    folder_wanted = Signal()
    back_wanted = Signal(object)

    def __init__(self, person: str = "") -> None:
        super().__init__(padding=0)
        self.person = person
        self.shown: SentBatch | None = None
        self.body.setContentsMargins(0, 12, 0, 0)
        self.body.setSpacing(0)
        self._name = label("", "heading", wrap=True)
        self._about = label("", "muted", wrap=True)
        self._hash = label("", "small", wrap=True)
        self.views = FilterChips(_VIEWS, tr("批次内容"))
        self.views.set_value("rows")
        self.views.chosen.connect(lambda view: self._stack.setCurrentIndex(_VIEWS.index(view)))
        self._build_tables()
        self.again = Button(tr("重新生成…"), self.again_wanted.emit, icon="refresh",
                            tip=tr("按当时的内容再写一份，并说明是否与原来相同"))  # fmt: skip
        self.folder = Button(tr("打开文件夹"), self.folder_wanted.emit, icon="folder")
        self.take_back = Button(tr("撤回这条录入"), self._on_back, icon="undo")
        self._foot = FlowRow(self.folder, self.again, self.take_back)
        self._foot.setContentsMargins(12, 8, 12, 10)
        texts = QVBoxLayout()
        texts.setContentsMargins(16, 0, 16, 0)
        texts.setSpacing(2)
        for widget in (self._name, self._about, self._hash):
            texts.addWidget(widget)
        self.body.addLayout(texts)
        self.body.addWidget(self.views)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._foot)
        self.show_nothing()

    def _build_tables(self) -> None:
        self.rows: RecordTable[SentRow] = RecordTable(
            (
                Column("state", tr("答复"), _state, symbol=_symbol, badge=lambda r: tr("有变化") if r.changed else "",
                       width=190, filterable=True),
                Column("code", tr("编号"), lambda r: r.code, width=240),
                Column("reason", tr("退回原因"), lambda r: r.reason, width=180),
                Column("number", tr("市系统编号"), lambda r: r.city_number, width=120),
                Column("kind", tr("种类"), lambda r: tr(KINDS[r.kind]), width=120, hidden=True, filterable=True),
            ),
            lambda r: f"{r.kind}|{r.record}|{r.entry}", tr("批次里的行"),
        )  # fmt: skip
        self.rows.set_empty(tr("没有行"), "")
        self.rows.activated.connect(lambda row: self.record_wanted.emit(row.record, row.code))
        self.rows.selection_changed.connect(lambda _rows: self._draw_back())
        self.left: RecordTable[LeftOut] = RecordTable(
            (
                Column("code", tr("编号"), lambda r: r.code, width=240),
                Column("reason", tr("为什么没有报"), lambda r: r.reason or tr("人工排除"), width=300),
            ),
            lambda r: f"{r.kind}|{r.record}", tr("没有报的行"), filter_row=False,
        )  # fmt: skip
        self.left.set_empty(tr("没有排除的行"), tr("导出时每一行都报了。"))
        self.left.activated.connect(lambda row: self.record_wanted.emit(row.record, row.code))
        self.files: RecordTable[BatchFile] = RecordTable(
            (
                Column("name", tr("文件"), lambda f: f.name, width=240),
                Column("hash", "SHA-256", lambda f: f.sha256, width=300),
            ),
            lambda f: f.name, tr("文件"), filter_row=False,
        )  # fmt: skip
        self.files.set_empty(tr("没有文件"), tr("手工录入不写文件。"))
        self._stack = QStackedWidget()
        for table in (self.rows, self.left, self.files):
            self._stack.addWidget(table)

    def show_nothing(self) -> None:
        """Say what to do while nothing is chosen."""
        self.shown = None
        self._name.setText(tr("请选择一个批次"))
        self._about.setText(tr("选中台账里的一行，这里会显示每一行的答复、没有报的行和文件。"))
        self._hash.hide()
        self.views.hide()
        self._stack.hide()
        self._foot.hide()

    def show_batch(self, sent: SentBatch) -> None:
        """Show a line of the ledger."""
        self.shown = sent
        batch, day = sent.line.batch, sent.line.day
        changed = sum(row.changed for row in sent.rows)
        more = [tr("{n} 行报送后有变化").format(n=f"{changed:,}")] if changed else []
        if batch is not None:
            self._name.setText(tr("批次 {number}").format(number=batch.number))
            told = [moment(batch.made_at), batch.person_name, batch.words, answered(batch), *more]
            self._hash.setText(named(tr("{file} 的 SHA-256").format(file=batch.file), batch.sha256 or "—"))
        elif day is not None:
            self._name.setText(tr("{day} 手工录入").format(day=day.day))
            told = [listed(day.people), tr("{n} 条").format(n=f"{day.rows:,}"), *more]
        self._about.setText(sentences(part for part in told if part))
        self._hash.setVisible(batch is not None)
        self.rows.set_records(sent.rows)
        left, files = (batch.left_out, batch.files) if batch else ((), ())
        self.left.set_records(left)
        self.files.set_records(files)
        for key, text, n in (
            ("rows", tr("报送的行"), len(sent.rows)), ("left", tr("没有报的行"), len(left)),
            ("files", tr("文件"), len(files)),
        ):  # fmt: skip
            self.views.set_text(key, f"{text} {n:,}")
            self.views.buttons[key].setVisible(batch is not None or key == "rows")
        if batch is None:
            self.views.set_value("rows")
            self._stack.setCurrentIndex(0)
        self.views.show()
        self._stack.show()
        self.again.setVisible(batch is not None)
        self.folder.setVisible(sent.folder is not None)
        self._draw_back()
        self._foot.show()

    def _draw_back(self) -> None:
        selected = self.rows.selected()
        self.take_back.setVisible(self.shown is not None and self.shown.line.day is not None)
        self.take_back.setEnabled(len(selected) == 1 and bool(selected[0].entry))

    def _on_back(self) -> None:
        selected = self.rows.selected()
        if len(selected) == 1:
            self.back_wanted.emit(selected[0])


def _state(row: SentRow) -> str:
    return tr("后来又报送") if row.superseded and row.state is CityState.WAITING else tr(CITY_WORDS[row.state])


def _symbol(row: SentRow) -> str:
    return "not_inspected" if row.superseded and row.state is CityState.WAITING else SYMBOLS[row.state]
