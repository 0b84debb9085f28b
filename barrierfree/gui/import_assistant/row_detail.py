"""What is to be decided about one row: the list and the site side by side, the reasons, and the answers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.fit_scroll import FitScroll
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.import_assistant.decisions import Decisions
from barrierfree.gui.import_assistant.entries import Entry, change_words, class_word
from barrierfree.gui.labels import label
from barrierfree.i18n import phrased, sentences, tr
from barrierfree.matching import Candidate
from barrierfree.model.records import NewSite, Site
from barrierfree.operations.comparing import FIELDS, PlannedRow
from barrierfree.operations.lists import ListPlan

_ALWAYS = ("name", "address", "community", "site_class", "position")  # shown even where the list says nothing


class RowDetail(Card):
    """Shows the line the cursor is on.

    Signals:
        answered(str): the user gave an answer for this line: same, new, yes, no, or '' to take it back.
        picked: another candidate is looked at.
        undone: the last decision is to be taken back.
    """

    answered = Signal(str)
    picked = Signal()
    undone = Signal()

    def __init__(self, context: Context, decisions: Decisions) -> None:
        super().__init__()
        self.setAccessibleName(tr("对照"))
        self._context = context
        self._decisions = decisions
        self._plan: ListPlan | None = None
        self._entry: Entry | None = None
        self._inner = QWidget()
        self._holder = QWidget()
        self._holder.setProperty("role", "plain")
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._foot = QVBoxLayout()
        self._answers = QWidget()
        scroll = FitScroll(self._holder)
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll what is higher than the screen
        scroll.setAccessibleName(tr("对照"))
        self.body.addWidget(scroll, 1)
        self.body.addLayout(self._foot)
        self.buttons: dict[str, Button] = {}
        self.candidates: QComboBox | None = None
        self.show_entry(None, None)

    def show_entry(self, plan: ListPlan | None, entry: Entry | None) -> None:
        """Show a line of a comparison, or say what to do."""
        self._plan, self._entry = plan, entry
        focused = next((key for key, b in self.buttons.items() if b.hasFocus()), None)
        for old in (self._inner, self._answers):
            old.hide()
            old.deleteLater()
        self._answers = QWidget()
        self._answers.setProperty("role", "plain")
        self._inner = QWidget()
        self._inner.setProperty("role", "plain")
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.buttons, self.candidates = {}, None
        if plan is None or entry is None:
            column.addWidget(label(tr("在表里选一行，这里会写出细节。"), "muted", wrap=True))
        else:
            self._fill(column, plan, entry)
        column.addStretch(1)
        self._column.addWidget(self._inner)
        self._foot.addWidget(self._answers)
        if focused is not None and self.buttons:
            self.buttons.get(focused, next(iter(self.buttons.values()))).setFocus()

    def _fill(self, column: QVBoxLayout, plan: ListPlan, entry: Entry) -> None:
        column.addWidget(label(entry.name or tr("第 {row} 行").format(row=entry.row), "heading", wrap=True))
        row = entry.planned
        if entry.kind == "possible" and row is not None:
            self._fill_possible(column, plan, row)
        elif entry.kind == "changed" and row is not None:
            self._fill_changed(column, plan, row)
            self._add_answers(entry, [("yes", tr("采用清单的新值")), ("no", tr("不采用"))], tr("空格切换"))
        elif entry.kind == "gone":
            column.addWidget(label(entry.text, wrap=True))
            column.addWidget(
                label(
                    tr("标记后不计入总数，也不删除；检查记录都留着。清单里再出现时自动取消标记。"), "muted", wrap=True
                )
            )
            self._add_answers(entry, [("yes", tr("标记为“清单里已没有”")), ("no", tr("不标记"))], tr("空格切换"))
        else:
            column.addWidget(label(entry.text, wrap=True))

    # -- possible ---------------------------------------------------------------------------------------------------

    def _fill_possible(self, column: QVBoxLayout, plan: ListPlan, row: PlannedRow) -> None:
        at = max((i for i, c in enumerate(row.candidates) if c.other == self._decisions.picked.get(row.id)), default=0)
        if len(row.candidates) > 1:
            self.candidates = QComboBox()
            self.candidates.setAccessibleName(tr("可能的点位"))
            for candidate in row.candidates:
                name = self._other(plan, candidate)[0].name
                self.candidates.addItem(tr("{name}，{score} 分").format(name=name, score=candidate.score))
            self.candidates.setCurrentIndex(at)
            self.candidates.activated.connect(partial(self._on_picked, row))
            column.addWidget(label(tr("有 {n} 个可能，先看哪一个").format(n=len(row.candidates)), "strong", wrap=True))
            column.addWidget(self.candidates)
        candidate = row.candidates[at]
        other, where = self._other(plan, candidate)
        column.addWidget(label(tr("{score} 分（满分 100）").format(score=candidate.score), "strong"))
        column.addWidget(label(sentences(candidate.reasons), wrap=True))
        lines = []
        for name in FIELDS:
            ours, theirs = self._value(row.site, name), self._value(other, name)
            if ours or (theirs and name in _ALWAYS):
                lines.append((tr(FIELDS[name]), ours, theirs))
        self._add_grid(column, tr("清单第 {row} 行").format(row=row.row), where, lines)
        entry = self._entry
        if entry is not None:
            answers = [("same", tr("相同 (S)")), ("new", tr("新增 (N)"))]
            self._add_answers(entry, answers, tr("S：相同　N：新增　Ctrl+Z：撤销"))

    def _on_picked(self, row: PlannedRow, at: int) -> None:
        self._decisions.picked[row.id] = row.candidates[at].other
        self.picked.emit()

    def _other(self, plan: ListPlan, candidate: Candidate) -> tuple[Site | NewSite, str]:
        """The other side of a comparison, and where it stands."""
        known = plan.comparison.known.get(candidate.other)
        if known is not None:
            return known, tr("已有点位 {code}").format(code=known.code)
        row = plan.comparison.by_id[candidate.other]
        return row.site, tr("清单第 {row} 行").format(row=row.row)

    def _value(self, site: Site | NewSite, name: str) -> str:
        if name == "site_class":
            return class_word(site.site_class, self._context.survey.definition)
        if name != "position":
            return str(getattr(site, name))
        lon, lat = (site.lon, site.lat) if isinstance(site, Site) else (None, None)
        if isinstance(site, NewSite) and site.position is not None:
            lon, lat = site.position.lon, site.position.lat
        return "" if lon is None or lat is None else f"{lon:.6f}, {lat:.6f}"

    # -- changed ----------------------------------------------------------------------------------------------------

    def _fill_changed(self, column: QVBoxLayout, plan: ListPlan, row: PlannedRow) -> None:
        site = plan.comparison.known[row.match]
        column.addWidget(label(row.how, "muted", wrap=True))
        definition = self._context.survey.definition
        lines = [(tr(FIELDS[c.field]), *change_words(c, definition)) for c in row.changes]
        self._add_grid(
            column, tr("现在（{code}）").format(code=site.code), tr("清单第 {row} 行").format(row=row.row), lines
        )

    # -- parts ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _add_grid(column: QVBoxLayout, left: str, right: str, lines: list[tuple[str, str, str]]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for at, head in enumerate((left, right), start=1):
            grid.addWidget(label(head, "strong", wrap=True), 0, at)
        for number, (name, one, other) in enumerate(lines, start=1):
            differs = bool(one and other) and one != other
            title = label(tr("{field} ≠").format(field=name) if differs else name, "strong" if differs else "muted")
            grid.addWidget(title, number, 0, Qt.AlignmentFlag.AlignTop)
            for at, text in enumerate((one, other), start=1):
                cell = label(text or "–", "strong" if differs else "", wrap=True)
                cell.setAccessibleName(phrased((name, (left, right)[at - 1], text or tr("空"))))
                grid.addWidget(cell, number, at, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        column.addLayout(grid)

    def _add_answers(self, entry: Entry, answers: list[tuple[str, str]], hint: str) -> None:
        column = QVBoxLayout(self._answers)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(2)
        row = FlowRow()
        given = self._decisions.answer(entry)
        for key, text in answers:
            button = Button(text, partial(self.answered.emit, key))
            button.setCheckable(True)
            button.setChecked(given == key)
            self.buttons[key] = button
            row.add(button)
        if entry.kind == "possible" and given:
            self.buttons[""] = Button(tr("先不决定"), partial(self.answered.emit, ""), kind="quiet")
            row.add(self.buttons[""])
        if self._decisions.can_undo:
            self.buttons["undo"] = Button(tr("撤销上一个决定"), self.undone.emit, kind="icon", icon="undo")
            row.add(self.buttons["undo"])
        column.addWidget(row)
        column.addWidget(label(hint, "small", wrap=True))
