"""Spot checks (抽查): draw a random sample of accepted visits for a second opinion, and see who agrees."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.notices import MessageBar
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, tr
from barrierfree.model.records import Changes
from barrierfree.model.second_looks import AGREEMENT_WORDS, Agreement, LookItem, SecondLook
from barrierfree.operations import spot_checks

_GLYPHS = {
    Agreement.TO_DO: "not_surveyed", Agreement.PENDING: "pending", Agreement.AGREES: "met",
    Agreement.DIFFERS: "question",
}  # fmt: skip


class SampleDialog(FormDialog):
    """Asks of which period, how many, by which seed.

    Signals:
        wanted(str, str, str, str): since, until, how many, seed. The dialog stays until it is accepted.
    """

    wanted = Signal(str, str, str, str)

    def __init__(self, today: date, parent: QWidget) -> None:
        super().__init__(tr("新抽查"), tr("抽取"), parent, height=560)
        self.since, self.until = QLineEdit((today - timedelta(days=29)).isoformat()), QLineEdit(today.isoformat())
        self.number, self.seed = QLineEdit("5%"), QLineEdit(spot_checks.new_seed())
        self.add_field(tr("从哪天提交的走访"), self.since, "2026-11-01")
        self.add_field(tr("到哪天（含）"), self.until, "2026-11-30")
        self.add_field(tr("抽多少：次数，或百分比"), self.number, tr("12 或 5%"))
        self.add_field(tr("随机种子"), self.seed)
        text = tr("只抽审核通过、带检查记录的走访。同一段时间、同一种子总是抽出同样的走访，任何人都可以复核。")
        self.fields.addWidget(label(text, "small", wrap=True))
        self.finish(self.number)
        self.number.selectAll()

    def confirmed(self) -> None:
        """Hand the choices over."""
        self.confirm.setEnabled(False)
        self.wanted.emit(*(field.text().strip() for field in (self.since, self.until, self.number, self.seed)))


class SpotCheckDialog(QDialog):
    """The samples drawn so far and what became of each visit in them."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._looks: list[SecondLook] = []
        self.setWindowTitle(tr("抽查"))
        room = self.screen().availableSize()
        self.resize(min(tokens().text(900), room.width() - 40), min(tokens().text(640), room.height() - 60))
        self.messages = MessageBar()
        self.looks = QComboBox()
        self.looks.setAccessibleName(tr("哪一次抽查"))
        self.looks.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.looks.currentIndexChanged.connect(lambda _at: self._show())
        self.new_button = Button(tr("新抽查…"), self.ask_new, kind="primary", icon="add", shortcut="Ctrl+N")
        self.end_button = Button(tr("结束这次抽查"), self.end, tip=tr("还没有复查的不再请人去；已做的留着"))
        self.told = label("", wrap=True)
        self.results = label("", "strong", wrap=True)
        self.table: RecordTable[LookItem] = RecordTable(
            (
                Column("site", tr("点位"), lambda i: i.site_name, detail=lambda i: i.site_code, width=230),
                Column("community", tr("社区"), lambda i: i.community, width=120),
                Column("first", tr("第一次"), lambda i: _people(i.first), width=120),
                Column("second", tr("复查"), lambda i: _people(i.second) or "—", width=120),
                Column("agreement", tr("结果"), lambda i: tr(AGREEMENT_WORDS[i.agreement]), width=150,
                       symbol=lambda i: _GLYPHS[i.agreement], filterable=True),
            ),
            lambda i: i.visit, tr("抽中的走访"),
        )  # fmt: skip
        self.table.set_empty(
            tr("还没有抽查"),
            tr("从一段时间里通过的走访随机抽几次，请另一个人再去看一遍。"),
            tr("新抽查…"),
            self.ask_new,
        )
        self.table.activated.connect(self._open_visit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(self.messages)
        layout.addWidget(FlowRow(self.looks, self.new_button, self.end_button))
        layout.addWidget(self.told)
        layout.addWidget(self.results)
        layout.addWidget(self.table, 1)
        layout.addWidget(FlowRow(Button(tr("关闭"), self.reject), align_right=True))
        self._ask()

    def _ask(self) -> None:
        self._context.tasks.read(
            lambda store: store.second_looks(), self._show_looks, self.messages.show_error,
            replaces="review.looks", context=self,
        )  # fmt: skip

    def _show_looks(self, looks: list[SecondLook]) -> None:
        held = self.looks.currentData()
        self._looks = looks
        self.looks.blockSignals(True)
        self.looks.clear()
        for look in looks:
            text = tr("{day} 抽 {n} 次").format(day=look.made_at[:10], n=len(look.items))
            self.looks.addItem(tr("{text}（已结束）").format(text=text) if look.ended else text, look.id)
        self.looks.setCurrentIndex(max(self.looks.findData(held), 0) if looks else -1)
        self.looks.blockSignals(False)
        self.looks.setVisible(bool(looks))
        self._show()

    @property
    def shown(self) -> SecondLook | None:
        """The sample on show."""
        return next((look for look in self._looks if look.id == self.looks.currentData()), None)

    def _show(self) -> None:
        look = self.shown
        self.end_button.setVisible(look is not None and not look.ended)
        self.told.setVisible(look is not None)
        self.results.setVisible(look is not None)
        self.table.set_records(look.items if look else ())
        if look is None:
            self.new_button.setFocus()
            return
        sample = look.sample
        self.told.setText(
            tr("{person}从 {since} 至 {until} 提交并通过的 {of} 次走访中抽 {n} 次（{asked}），种子 {seed}。").format(
                person=look.person_name, since=sample.since, until=sample.until, of=f"{sample.of:,}",
                n=f"{len(look.items):,}", asked=sample.asked, seed=sample.seed,
            )
        )  # fmt: skip
        counts = listed(f"{tr(AGREEMENT_WORDS[a])} {look.count(a):,}" for a in Agreement)
        self.results.setText(counts)
        if look.items and not self.table.selected():
            self.table.select(look.items[0].visit)

    def _open_visit(self, item: LookItem) -> None:
        self.accept()
        self._context.go("review", item.visit)

    def ask_new(self) -> None:
        """Ask for a new sample."""
        if not (self._context.person or self._context.ask_person()):
            return
        dialog = SampleDialog(date.today(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(lambda *asked: self._draw(dialog, *asked))
        dialog.open()

    def _draw(self, dialog: SampleDialog, since: str, until: str, number: str, seed: str) -> None:
        person = self._context.person

        def done(_made: tuple[str, Changes]) -> None:
            dialog.accept()
            self.messages.show_message("good", tr("已抽取；志愿者在“调查”页的“复查”里会看到。"))
            self._ask()

        self._context.tasks.write(
            lambda store: spot_checks.begin(store, since, until, number, seed, person=person),
            done, dialog.show_fault, context=dialog,
        )  # fmt: skip

    def end(self) -> None:
        """Ask no more for what nobody has done yet."""
        look, person = self.shown, self._context.person
        if look is None or not (person or self._context.ask_person()):
            return
        self._context.tasks.write(
            lambda store: store.end_second_look(look.id, person=self._context.person), lambda _done: self._ask(),
            self.messages.show_error, context=self,
        )  # fmt: skip


def _people(names: tuple[str, ...]) -> str:
    return listed(name or tr("（姓名已删除）") for name in names)
