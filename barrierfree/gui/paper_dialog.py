"""Print checklists: for which sites, core or full, as a PDF; it can be given up while it is being made."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QProgressBar, QWidget

from barrierfree import paths
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.printing import PdfPrinter
from barrierfree.gui.store_tasks import ProgressState
from barrierfree.gui.workers import Task
from barrierfree.i18n import bracketed, tr
from barrierfree.model.records import Site
from barrierfree.operations import paper_sheets
from barrierfree.operations.progress import Progress
from barrierfree.store import SiteFilter, Store


class PaperDialog(FormDialog):
    """Asks what to print; ``listed`` are the sites of the list on show, ``in_hand`` the open one.

    Signals:
        printed(severity, message, advice): the PDF is there.
    """

    printed = Signal(str, str, str)

    def __init__(
        self, context: Context, listed: SiteFilter | None, in_hand: Site | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("打印检查表"), tr("保存 PDF…"), parent, height=470)
        self._context, self._listed, self._in_hand = context, listed, in_hand
        self._task: Task | None = None
        self._printer: PdfPrinter | None = None
        choices = [("community", tr("一个社区")), ("codes", tr("指定编码"))]
        if listed is not None:
            choices.insert(0, ("listed", tr("列表里筛选出的点位")))
        if in_hand is not None:
            choices.insert(0, ("site", bracketed(tr("当前点位"), in_hand.name)))
        digit_keys = context.settings.choices.number_keys
        self.which = ChoiceButtons(choices, tr("哪些点位"), digit_keys=digit_keys)
        self.which.set_value(choices[0][0])
        self.which.chosen.connect(lambda _value: self._on_which())
        self.add_field(tr("哪些点位"), self.which)
        self.community = QComboBox()
        self.community.setAccessibleName(tr("社区"))
        self.community.addItems([c.name for c in context.survey.definition.area.communities])
        self.community.currentIndexChanged.connect(lambda _at: self._on_which())
        self.fields.addWidget(self.community)
        self.codes = QLineEdit()
        self.codes.setAccessibleName(tr("编码"))
        self.codes.setPlaceholderText(tr("点位编码，几个之间用空格隔开"))
        self.fields.addWidget(self.codes)
        self.count = label("", "muted", wrap=True)
        self.fields.addWidget(self.count)
        self.extent = ChoiceButtons(
            [("core", tr("关键条目")), ("full", tr("全部条目"))], tr("印多少题"), digit_keys=digit_keys
        )
        self.extent.set_value("core")
        self.add_field(tr("印多少题"), self.extent)
        hint = tr(
            "每个点位一份 A4，黑白：首页有二维码，每页有编码和页码，题号固定。收回后用“录入纸质表”按同样的顺序录入。"
        )
        self.fields.addWidget(label(hint, "muted", wrap=True))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("进度"))
        self.bar.hide()
        self.state = label("", wrap=True)
        self.state.hide()
        self.fields.addWidget(self.state)
        self.fields.addWidget(self.bar)
        self._on_which()
        self.finish(self.which)

    def _on_which(self) -> None:
        self.community.setVisible(self.which.value() == "community")
        self.codes.setVisible(self.which.value() == "codes")
        self.hide_fault()
        self.count.setText("")
        wanted = {
            "listed": self._listed,
            "community": SiteFilter(community=self.community.currentText(), in_force=True),
        }
        meant = wanted.get(str(self.which.value()))
        if meant is not None:
            self._context.tasks.read(
                lambda store: store.find_sites(meant, 1).total, self._show_count, replaces="paper.count", context=self
            )

    def _show_count(self, sites: int) -> None:
        text = tr("{n} 个点位") if sites <= paper_sheets.MOST else tr("{n} 个点位，超过一次最多的 {most} 个")
        self.count.setText(text.format(n=f"{sites:,}", most=f"{paper_sheets.MOST:,}"))

    def confirmed(self) -> None:
        """Ask where the PDF goes, and make it."""
        if self.which.value() == "codes" and not _codes(self.codes.text()):
            self.say(tr("请写点位编码。"))
            self.codes.setFocus()
            return
        survey, held = self._context.survey, self._context.settings.choices.exports
        folder = Path(held) if held else paths.default_exports(survey.path)
        name = folder / f"{survey.title}-{tr('检查表')}.pdf"
        file, _ = QFileDialog.getSaveFileName(self, tr("保存 PDF"), str(name), tr("PDF 文件 (*.pdf)"))
        if file:
            self.print_to(Path(file) if Path(file).suffix else Path(file + ".pdf"))

    def print_to(self, path: Path) -> None:
        """Make the sheets of the chosen sites and write them to ``path``."""
        self._context.settings.change(exports=str(path.parent))
        self.confirm.setEnabled(False)
        self.hide_fault()
        self._show_state(tr("正在准备检查表…"))
        wanted, full = self._wanted(), self.extent.value() == "full"
        self._context.tasks.progress.connect(self._on_progress)
        self._task = self._context.tasks.run(
            lambda store, progress: _page(store, wanted, progress, full=full), tr("正在准备检查表"),
            lambda made: self._on_page(*made, path), self._on_failed, context=self,
        )  # fmt: skip

    def _wanted(self) -> Callable[[Store], list[Site]]:
        which, community, codes = self.which.value(), self.community.currentText(), _codes(self.codes.text())
        listed, in_hand = self._listed, self._in_hand
        if which == "site" and in_hand is not None:
            codes = [in_hand.id]
        if which in ("site", "codes"):
            return lambda store: paper_sheets.sites_for_paper(store, codes=codes)
        if which == "community":
            return lambda store: paper_sheets.sites_for_paper(store, community=community)
        return lambda store: paper_sheets.sites_for_paper(store, wanted=listed)

    def _show_state(self, text: str, done: int = 0, total: int = 0) -> None:
        self.state.setText(text)
        self.state.show()
        self.bar.setRange(0, total)  # 0: it moves, without saying how far
        self.bar.setValue(done)
        self.bar.show()

    def _on_progress(self, state: ProgressState) -> None:
        if state.task is self._task and not state.finished:
            self._show_state(state.title, state.done, state.total)

    def _on_page(self, html: str, sites: int, path: Path) -> None:
        self._task = None
        self._show_state(tr("正在排版 {n} 份检查表，可以取消…").format(n=f"{sites:,}"))
        self._printer = PdfPrinter(self)
        try:
            self._printer.write(html, path, lambda error: self._on_written(error, path, sites))
        except OSError as error:
            self._on_failed(error)

    def _on_written(self, error: Exception | None, path: Path, sites: int) -> None:
        if error is not None:
            self._on_failed(error)
            return
        self.printed.emit(
            "good", tr("{n} 份检查表已保存：{name}").format(n=f"{sites:,}", name=path.name), str(path.parent)
        )
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._stop()
        self.state.hide()
        self.bar.hide()
        self.show_fault(error)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._printer is not None:
            self._printer.deleteLater()
            self._printer = None

    def done(self, result: int) -> None:
        """Closing gives up what is being made."""
        self._stop()
        super().done(result)


def _codes(text: str) -> list[str]:
    """The codes in a line, between spaces or the commas people type."""
    return re.split(r"[\s,，、;；]+", text.strip(" ,，、;；")) if text.strip(" ,，、;；") else []


def _page(store: Store, wanted: Callable[[Store], list[Site]], progress: Progress, *, full: bool) -> tuple[str, int]:
    sites = wanted(store)
    return paper_sheets.paper_page(store, sites, full=full, progress=progress), len(sites)
