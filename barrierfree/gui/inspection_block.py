"""One inspection as a reviewer sees it: problems, verdicts with limit and clause, answers, photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from barrierfree import conformance
from barrierfree.gui.cards import CardGrid
from barrierfree.gui.context import Context
from barrierfree.gui.labels import MarkedText, label
from barrierfree.gui.photo_view import PhotoItem, PhotoStrip
from barrierfree.i18n import bracketed, language, named, sentences, tr
from barrierfree.model import words
from barrierfree.model.records import Inspection, Photo, ReportedProblem
from barrierfree.model.words import Severity, VerdictKind
from barrierfree.operations.answer_words import answer_text, differences

_DOUBTS = (VerdictKind.NOT_MET, VerdictKind.CHECK_STANDARD, VerdictKind.MEASURE_AGAIN)
GLYPHS = {
    VerdictKind.NOT_MET: "open",
    VerdictKind.CHECK_STANDARD: "question",
    VerdictKind.MEASURE_AGAIN: "question",
    VerdictKind.MET: "met",
    VerdictKind.CANNOT_TELL: "not_surveyed",
    VerdictKind.NOT_APPLICABLE: "not_inspected",
}
_PHOTO_HEIGHT = 180


@dataclass(frozen=True)
class Answered:
    """The returned inspection a new one answers: why it was returned, when and by whom."""

    inspection: Inspection
    reason: str
    reviewer: str


def verdict_lines(context: Context, inspection: Inspection, all_of_them: bool) -> list[tuple[str, str]]:
    """Glyph and words of the verdicts, with limit and clause; only what misses a limit or is doubtful, or all."""
    element, checklist = context.element(inspection.element), context.survey.definition.checklist
    order = list(GLYPHS)
    lines = []
    for verdict in sorted(inspection.verdicts, key=lambda v: order.index(v.kind)):
        if not all_of_them and verdict.kind not in _DOUBTS:
            continue
        rule = checklist.rule(verdict.rule)
        question = element.question(rule.question) if element and rule else None
        if rule is None or question is None:  # judged by another edition of the checklist
            text = named(verdict.rule, tr(words.label(verdict.kind)))
        else:
            text = conformance.explain(verdict, rule, question, language())
        lines.append((GLYPHS[verdict.kind], text))
    return lines


def photo_items(context: Context, inspection: Inspection, photos: Mapping[str, Photo]) -> list[PhotoItem]:
    """The photos of an inspection; beside each stand its problems and verdicts."""
    name = context.element_name(inspection.element, inspection.number)
    beside = [("reported", problem_text(p)) for p in inspection.problems]
    beside += verdict_lines(context, inspection, all_of_them=True)
    items = []
    for sha256 in inspection.photos:
        photo = photos.get(sha256)
        path = context.photo_path(sha256, photo.suffix if photo else ".jpg")
        day = photo.taken_at[:16].replace("T", " ") if photo else ""
        items.append(PhotoItem(f"{inspection.id}/{sha256}", path, f"{name}　{day}".strip(), tuple(beside)))
    return items


def problem_text(problem: ReportedProblem) -> str:
    """A reported problem with its severity."""
    text = tr("上报问题：{word}").format(word=tr(words.label(problem.problem)))
    severe = problem.severity in set(Severity)
    return bracketed(text, tr(words.label(Severity(problem.severity)))) if severe else text


class InspectionBlock(QFrame):
    """One inspection: its element, answers, verdicts in words, photos, and a box to return it.

    Signals:
        ticked: the box was ticked or unticked.
        photo_opened(str): a photo was pressed (its hash).
    """

    ticked = Signal()
    photo_opened = Signal(str)

    def __init__(
        self, context: Context, inspection: Inspection, items: Sequence[PhotoItem], answered: Answered | None,
        *, open_for_review: bool, show_all: bool, same_hand: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setProperty("role", "plain")
        self.inspection = inspection
        self._context = context
        self._element = context.element(inspection.element)
        self.name = context.element_name(inspection.element, inspection.number)
        self.box = QCheckBox(tr("退回这一条"))
        self.box.setAccessibleName(tr("退回这一条：{name}").format(name=self.name))
        self.box.toggled.connect(lambda _on: self.ticked.emit())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 10, 0, 14)
        self._layout.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label(self.name, "heading", wrap=True), 1)
        if not open_for_review:
            head.addWidget(label(tr(words.label(inspection.state)), "muted"))
        head.addWidget(self.box)
        self._layout.addLayout(head)
        if not open_for_review:
            self.box.hide()
        if answered is not None:
            self._layout.addWidget(self._answered(answered))
        if same_hand:
            warning = tr("申请验收和这次复检来自同一台电脑，请确认复检是另一人在现场做的。")
            self._layout.addWidget(label(warning, tone="warn", wrap=True))
        self._add_problems()
        self._verdicts = QVBoxLayout()
        self._verdicts.setSpacing(6)
        self._layout.addLayout(self._verdicts)
        self.show_verdicts(show_all)
        self._add_answers()
        self._add_photos(items)

    def show_verdicts(self, all_of_them: bool) -> None:
        """List the verdicts: only what misses a limit or is doubtful, or all of them."""
        while (item := self._verdicts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        shown = verdict_lines(self._context, self.inspection, all_of_them)
        doubts = {GLYPHS[kind] for kind in _DOUBTS}
        for glyph, text in shown:
            self._verdicts.addWidget(MarkedText(glyph, text, tinted=glyph in doubts))
        if not shown:
            text = tr("没有不达标或要核对的项。") if self.inspection.verdicts else tr("没有可以判定的尺寸。")
            self._verdicts.addWidget(label(text, "muted", wrap=True))

    def _answered(self, answered: Answered) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "message")
        frame.setProperty("tone", "warn")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        day = answered.inspection.recorded_at[:10]
        title = tr("重新提交：{day} 的检查被退回").format(day=day)
        layout.addWidget(label(title, "strong", wrap=True))
        why = tr("退回原因：{reason}").format(reason=answered.reason)
        layout.addWidget(label(bracketed(why, answered.reviewer) if answered.reviewer else why, wrap=True))
        changed = differences(self._element, answered.inspection, self.inspection)
        text = sentences(changed) if changed else tr("回答与退回的那次完全相同")
        layout.addWidget(label(tr("改动：{text}").format(text=text), wrap=True))
        return frame

    def _add_problems(self) -> None:
        for problem in self.inspection.problems:
            text = problem_text(problem)
            self._layout.addWidget(MarkedText("reported", text, problem.note, role="strong", tinted=True))

    def _add_answers(self) -> None:
        answers = {n: v for n, v in self.inspection.answers.items() if v not in (None, "", [])}
        questions = {q.name: q for q in self._element.questions} if self._element else {}
        names = [n for n in questions if n in answers] + [n for n in answers if n not in questions]
        cells: list[QWidget] = []
        for name in names:
            question = questions.get(name)
            title = question.label.in_language(language()) if question else name
            if name in self.inspection.taken_over:
                title = bracketed(title, tr("沿用"))
            cells.append(_answer(title, answer_text(question, answers[name])))
        if cells:
            self._layout.addWidget(CardGrid(*cells, column_width=150))
        else:
            self._layout.addWidget(label(tr("没有填写回答。"), "muted"))

    def _add_photos(self, items: Sequence[PhotoItem]) -> None:
        if not items:
            self._layout.addWidget(label(tr("没有照片。"), "muted"))
            return
        strip = PhotoStrip(self._context.tasks.compute, height=_PHOTO_HEIGHT)
        strip.set_photos(items)
        strip.opened.connect(self.photo_opened)
        self._layout.addWidget(strip)


def _answer(title: str, value: str) -> QWidget:
    cell = QWidget()
    cell.setProperty("role", "plain")
    layout = QVBoxLayout(cell)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(label(title, "small", wrap=True))
    layout.addWidget(label(value, wrap=True))
    layout.addStretch(1)
    return cell
