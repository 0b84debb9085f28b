"""Takes down a problem that somebody told of (by phone, at the desk, on the web) and that nobody has inspected yet."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from barrierfree.errors import StepRefused
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.dialog_photos import DialogPhotos
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.site_picker import SitePicker
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.model import words
from barrierfree.model.records import NewReport
from barrierfree.model.words import Problem, ReportSource
from barrierfree.store import Reported


class ProblemDialog(FormDialog):
    """``accepted`` comes after it was stored; ``told`` then says as which finding."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("登记来电反映的问题"), tr("登记"), parent, height=900)
        self._context = context
        self.told: Reported | None = None
        hint = tr("登记后是“待核实”：有人去检查、或写明怎样核实的，才转为“未整改”。")
        self.fields.addWidget(label(hint, "muted", wrap=True))
        self.source = ChoiceButtons([(s.value, tr(words.label(s))) for s in ReportSource], tr("怎样反映的"))
        self.source.set_value(ReportSource.CALL)
        self.add_field(tr("怎样反映的"), self.source)
        self.picker = SitePicker(context)
        self.picker.failed.connect(self.show_fault)
        self.picker.chosen.connect(self.hide_fault)
        self.add_field(tr("哪个点位、哪个元素"), self.picker)
        self.problem = QComboBox()
        for known in Problem:
            self.problem.addItem(tr(words.label(known)), known)
        self.problem.setCurrentIndex(self.problem.findData(Problem.OCCUPIED))
        self.add_field(tr("什么问题"), self.problem)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(tokens().text(96))
        self.add_field(tr("反映的原话"), self.note, tr("例如：门口的坡道被电动车占用，轮椅过不去"))
        self.photos = DialogPhotos(context, self, tr("照片"), tr("可以没有。"))
        self.fields.addSpacing(8)
        self.fields.addWidget(self.photos)
        self.finish(self.picker.search)

    def confirmed(self) -> None:
        """Store it; refused, it says why and nothing typed is lost."""
        try:
            site = self.picker.needed()
        except StepRefused as error:
            self.show_fault(error)
            return
        new = NewReport(
            site=site.id, element=self.picker.element, number=self.picker.number,
            problem=Problem(self.problem.currentData()), note=self.note.toPlainText(),
            source=ReportSource(str(self.source.value())),
        )  # fmt: skip
        person, photos = self._context.person, tuple(self.photos.photos)
        self.confirm.setEnabled(False)
        self._context.tasks.write(
            lambda store: store.report_problem(new, person=person, photos=photos), self._on_told, self.show_fault
        )

    def _on_told(self, told: Reported) -> None:
        self.told = told
        self.accept()
