"""What the standard asks: of the question in hand with a drawing, then of the whole element, for whom one chooses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from barrierfree import conformance
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.drawing_view import DrawingView, drawing_of
from barrierfree.gui.labels import SymbolLabel, label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, named, tr
from barrierfree.model import words
from barrierfree.model.definition import Checklist, ElementType, Question, Rule
from barrierfree.model.records import Verdict
from barrierfree.model.words import VerdictKind
from barrierfree.settings import Settings

_GLYPHS = {
    VerdictKind.NOT_MET: "open",
    VerdictKind.CHECK_STANDARD: "question",
    VerdictKind.MEASURE_AGAIN: "question",
    VerdictKind.MET: "met",
    VerdictKind.CANNOT_TELL: "not_surveyed",
}  # in the order of the list; what does not apply is not listed
_Item = tuple[Rule, Question, Verdict]


class StandardCard(Card):
    """The drawing and limits of the question in hand, and each limit of the element with the verdict on it.

    A menu beside the heading says how the verdicts stand for each group of people and limits the list to one;
    the choice is kept in the settings.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(tr("标准要求"), parent)
        self._settings = settings
        self._checklist: Checklist | None = None
        self._element: ElementType | None = None
        self._verdicts: tuple[Verdict, ...] = ()
        self._question = ""
        self._shown: object = None
        self.groups = Button(tr("全部"), icon="people", tip=tr("看谁的要求"))
        self._menu = QMenu(self.groups)
        self._choices = QActionGroup(self._menu)
        self.actions_by_group = {group: self._add_group(group) for group in ("", *conformance.GROUPS)}
        self.groups.setMenu(self._menu)
        self.top.addWidget(self.groups)
        self.summary = label("", "small", wrap=True)
        self.body.addWidget(self.summary)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(tr("标准要求"))
        self.body.addWidget(self._scroll, 1)

    def _add_group(self, group: str) -> QAction:
        action = QAction(self._menu)
        action.setCheckable(True)
        action.triggered.connect(partial(self._choose, group))
        self._choices.addAction(action)
        self._menu.addAction(action)
        return action

    @property
    def group(self) -> str:
        """Whose requirements are listed, '' for everybody's."""
        chosen = self._settings.choices.concerns
        return chosen if chosen in conformance.GROUPS else conformance.EVERYBODY

    def show_rules(self, checklist: Checklist, element: ElementType | None, verdicts: Sequence[Verdict]) -> None:
        """List the rules of ``element``: not met first, then doubtful, met, open; none that does not apply."""
        if element is None or self._element is None or element.code != self._element.code:
            self._question = ""
        self._checklist, self._element, self._verdicts = checklist, element, tuple(verdicts)
        self._draw()

    def show_question(self, question: str) -> None:
        """Put what is to know about one question on top; '' for none. It stays while one reads it here."""
        focus = QApplication.focusWidget()
        if not question and focus is not None and self.isAncestorOf(focus):
            return
        self._question = question
        self._draw()

    def _choose(self, group: str) -> None:
        self._settings.change(concerns=group)
        self._draw()

    def _draw(self) -> None:
        code = self._element.code if self._element else ""
        told = tuple((v.rule, v.kind) for v in self._verdicts)
        state = (code, told, self._question, self.group, language())
        if state == self._shown:
            return
        place = (code, self._question, self.group, language())
        again = isinstance(self._shown, tuple) and place == (self._shown[0], *self._shown[2:])
        at = self._scroll.verticalScrollBar().value() if again else 0
        self._shown = state
        self._tell_groups()
        inner = QWidget()
        inner.setProperty("role", "plain")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(10)
        own, others = self._items()
        self._add_question(layout, own)
        for item in others:
            self._add_rule(layout, item)
        if layout.count() == 0:
            layout.addWidget(label(self._nothing(), "muted", wrap=True))
        layout.addStretch(1)
        self._scroll.setWidget(inner)
        self._make_room()
        self._scroll.verticalScrollBar().setValue(at)

    def changeEvent(self, event: QEvent) -> None:
        """Another text size asks for another room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tell_groups()
            self._make_room()

    def _make_room(self) -> None:
        """With large text columns are tabs that scroll: there a drawing is seen as a whole."""
        drawing = self._scroll.findChild(DrawingView)
        whole = tokens().large and drawing is not None
        self._scroll.setMinimumHeight(drawing.sizeHint().height() + tokens().text(48) if whole and drawing else 0)

    def _items(self) -> tuple[list[_Item], list[_Item]]:
        """The rules of the drawn question in hand, and those of the chosen group besides."""
        own: list[_Item] = []
        others: list[_Item] = []
        drawn = self._drawn_question()
        order = list(_GLYPHS)
        listed = [v for v in self._verdicts if v.kind in _GLYPHS]
        for verdict in sorted(listed, key=lambda v: order.index(v.kind)):
            rule = self._checklist.rule(verdict.rule) if self._checklist else None
            question = self._element.question(rule.question) if self._element and rule else None
            if rule is None or question is None:
                continue
            if drawn is not None and question.name == drawn.name:
                own.append((rule, question, verdict))
            elif not self.group or self.group in rule.concerns:
                others.append((rule, question, verdict))
        return own, others

    def _drawn_question(self) -> Question | None:
        question = self._element.question(self._question) if self._element else None
        return question if self._element and question and drawing_of(self._element.code, question) else None

    def _add_question(self, layout: QVBoxLayout, own: list[_Item]) -> None:
        question = self._drawn_question()
        drawing = drawing_of(self._element.code, question) if self._element and question else None
        if drawing is None:
            return
        words_of = drawing.text.in_language(language())
        layout.addWidget(DrawingView(drawing, words_of))
        layout.addWidget(label(words_of, wrap=True))
        for item in own:
            self._add_rule(layout, item)
        rule = QFrame()
        rule.setProperty("role", "rule")
        layout.addWidget(rule)

    @staticmethod
    def _add_rule(layout: QVBoxLayout, item: _Item) -> None:
        rule, question, verdict = item
        head = SymbolLabel(_GLYPHS[verdict.kind], rule.label.in_language(language()), wrap=True)
        head.setToolTip(tr(words.label(verdict.kind)))
        layout.addWidget(head)
        layout.addWidget(label(conformance.limit_text(rule, question, language()), "small", wrap=True))

    def _nothing(self) -> str:
        if self._element is None:
            return tr("选择检查点后，这里列出要量的尺寸和条款。")
        return tr("这里没有这样的要求。按上面的按钮可以看全部人群的。")

    def _tell_groups(self) -> None:
        """How the verdicts stand for each group: in the menu, and for the chosen one below the heading."""
        short = {
            "": tr("全部"), "wheelchair": tr("轮椅"), "walking_aid": tr("助行"), "blind": tr("盲人"),
            "low_vision": tr("低视力"), "deaf": tr("听障"),
        }  # fmt: skip
        self.groups.setText(short[self.group])
        longest = max(map(self.groups.fontMetrics().horizontalAdvance, short.values()))
        own = self.groups.fontMetrics().horizontalAdvance(self.groups.text())
        self.groups.setMinimumWidth(self.groups.sizeHint().width() - own + longest)  # another choice moves nothing
        self.groups.setAccessibleName(named(tr("看谁的要求"), conformance.group_name(self.group, language())))
        tallies = conformance.tallies(self._checklist, self._verdicts) if self._checklist else {}
        for group, action in self.actions_by_group.items():
            tally = tallies.get(group, conformance.Tally())
            action.setText(conformance.tally_text(group, tally, language()))
            action.setChecked(group == self.group)
        self.summary.setText(self.actions_by_group[self.group].text() if self._element else "")
        self.summary.setVisible(bool(self.summary.text()))
