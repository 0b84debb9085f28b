"""Everything between one record and the city's system: batches, entries by hand, answers, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from barrierfree.gui.batches.words import moment
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import MarkedText, label
from barrierfree.i18n import named, sentences, tr
from barrierfree.model.city import RecordHistory


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event: glyph, words, what stands below."""

    at: str
    symbol: str
    text: str
    detail: str = ""


def history_lines(history: RecordHistory) -> list[HistoryLine]:
    """The events of a record, newest first."""
    lines = [
        HistoryLine(
            s.made_at, "pending", tr("在批次 {number} 里报送").format(number=s.number), named(tr("编号"), s.code)
        )
        for s in history.sendings if s.number
    ]  # fmt: skip
    for entry in history.entries:
        text = tr("{name} 手工录入").format(name=entry.person_name)
        parts = [named(tr("市系统编号"), entry.city_number)] if entry.city_number else []
        if entry.taken_back:
            parts.append(tr("后来撤回，不算报送"))
        lines.append(HistoryLine(entry.made_at, "invalid" if entry.taken_back else "pending", text, sentences(parts)))
    for answer in history.answers:
        parts = [named(tr("原因"), answer.reason)] if answer.reason else []
        if answer.city_number:
            parts.append(named(tr("市系统编号"), answer.city_number))
        if answer.file:
            parts.append(tr("{file} 第 {line} 行").format(file=answer.file, line=answer.line))
        if not answer.in_force:
            parts.append(tr("后来被另一条答复替换"))
        word = tr("市系统已接收") if answer.accepted else tr("市系统退回")
        symbol = "invalid" if not answer.in_force else "met" if answer.accepted else "open"
        lines.append(HistoryLine(answer.at, symbol, word, sentences(parts)))
    return sorted(lines, key=lambda line: line.at, reverse=True)


class RecordDialog(FormDialog):
    """The history of one record with the city's system."""

    def __init__(self, code: str, history: RecordHistory, parent: QWidget | None = None) -> None:
        super().__init__(tr("报送经过"), tr("关闭"), parent, height=520, cancel=tr("关闭"))
        self.fields.addWidget(label(code, "heading", wrap=True))
        lines = history_lines(history)
        if not lines:
            self.fields.addWidget(label(tr("这条记录没有报送过。"), "muted", wrap=True))
        for line in lines:
            self.fields.addSpacing(6)
            self.fields.addWidget(MarkedText(line.symbol, f"{moment(line.at)}　{line.text}", line.detail))
        self.confirm.hide()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll
        self.finish(self._scroll)


def show_record(context: Context, record: str, code: str, parent: QWidget) -> None:
    """Read the history of a record and show it."""

    def shown(history: RecordHistory) -> None:
        dialog = RecordDialog(code, history, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    context.tasks.read(lambda store: store.city_history(record), shown, context=parent)
