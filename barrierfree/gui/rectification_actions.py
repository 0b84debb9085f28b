"""What the rectification page offers beside the steps of findings: problems told of, works, units, days off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMenu

from barrierfree.gui.answers_dialog import AnswersDialog
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.days_dialog import DaysDialog
from barrierfree.gui.page import Page
from barrierfree.gui.problem_dialog import ProblemDialog
from barrierfree.gui.units_dialog import UnitsDialog
from barrierfree.gui.works_dialog import WorksDialog
from barrierfree.i18n import tr
from barrierfree.model.records import Unit
from barrierfree.store import Reported


class RectificationActions(QObject):
    """Puts its buttons into the header of a page and opens the dialogs.

    Signals:
        told(Reported): a problem was taken down.
        taken(TakenSteps): steps of a filled notice were recorded.
        closed: units or days may be others now.
    """

    told = Signal(object)
    taken = Signal(object)
    closed = Signal()

    def __init__(self, context: Context, page: Page, known: Callable[[], tuple[list[Unit], date]]) -> None:
        super().__init__(page)
        self._context, self._page, self._known = context, page, known
        self.more = Button(tr("更多 ▾"), tip=tr("读回通知单、改造、责任单位、工作日表"))
        menu = QMenu(self.more)
        self.actions = {
            key: menu.addAction(text, act)
            for key, text, act in (
                ("answers", tr("读回通知单…"), self.show_answers),
                ("works", tr("改造（没有问题的新建、加装）…"), self.show_works),
                ("units", tr("责任单位…"), self.show_units),
                ("days", tr("工作日表…"), self.show_days),
            )
        }
        self.more.setMenu(menu)
        page.header.add_action(self.more)
        self.tell = Button(tr("登记来电反映的问题"), self.show_problem, kind="primary", icon="add", shortcut="Ctrl+N")
        page.header.add_action(self.tell)

    def show_problem(self) -> None:
        """Take down a problem that somebody told of."""
        if not self._somebody():
            return
        dialog = ProblemDialog(self._context, self._page)
        dialog.accepted.connect(lambda: self.told.emit(dialog.told))
        self._open(dialog)

    def show_answers(self) -> None:
        """Read a notice back that a unit filled in."""
        if not self._somebody():
            return
        dialog = AnswersDialog(self._context, self._page)
        dialog.accepted.connect(lambda: self.taken.emit(dialog.taken))
        self._open(dialog)

    def show_works(self) -> None:
        """The works without a finding."""
        if self._somebody():
            self._open(WorksDialog(self._context, *self._known(), self._page))

    def show_units(self) -> None:
        """The responsible units."""
        if self._somebody():
            self._open(UnitsDialog(self._context, self._page))

    def show_days(self) -> None:
        """The survey's own days."""
        if self._somebody():
            self._open(DaysDialog(self._context, self._known()[1], self._page))

    def _somebody(self) -> bool:
        return bool(self._context.person) or self._context.ask_person()

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: self.closed.emit())
        dialog.open()


def told_text(told: Reported, name: str) -> str:
    """What a message says after a problem was taken down."""
    if told.known:
        return tr("{name}：这个问题已经登记过，来电内容已加进它的历史。").format(name=name)
    return tr("{name}：已登记，待核实。").format(name=name)
