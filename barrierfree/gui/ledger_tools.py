"""Tools of the ledger: filters kept under a name, and the rows on show as a workbook with photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QWidget

from barrierfree import paths
from barrierfree.gui.buttons import Button
from barrierfree.gui.context import Context
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import RecordTable
from barrierfree.i18n import tr
from barrierfree.model.records import Finding
from barrierfree.operations.map_list import Picked
from barrierfree.store import FindingFilter

_SAVED = "rectification.filters"
_LONGEST = 40  # characters of a name


class NameDialog(FormDialog):
    """Asks for the name of a filter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("保存筛选"), tr("保存"), parent, height=260)
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.add_field(tr("名称"), self.name, tr("例如：富力社区超期"))
        self.fields.addWidget(label(tr("记住现在的分类、搜索词和各列筛选。同名的会被替换。"), "small", wrap=True))
        self.finish(self.name)

    def confirmed(self) -> None:
        """A name is needed."""
        if self.name.text().strip():
            self.accept()
        else:
            self.say(tr("请写一个名称。"))


class SavedFilters(Button):
    """A menu of filters kept under a name: chip, search and the filters of columns.

    ``apply`` is called with the chip after the table has been set.
    """

    def __init__(
        self, context: Context, chips: FilterChips, table: RecordTable[Finding], apply: Callable[[], None]
    ) -> None:
        super().__init__(tr("已存筛选 ▾"), tip=tr("保存现在的筛选，或用以前保存的"))
        self._context, self._chips, self._table, self._apply = context, chips, table, apply
        self.choices = QMenu(self)
        self.choices.aboutToShow.connect(self._fill)
        self.setMenu(self.choices)

    @property
    def saved(self) -> dict[str, dict[str, Any]]:
        """What is kept, by name."""
        held = self._context.settings.get(_SAVED, {})
        return held if isinstance(held, dict) else {}

    def _fill(self) -> None:
        self.choices.clear()
        for name in sorted(self.saved):
            self.choices.addAction(name.replace("&", "&&")).triggered.connect(partial(self._on_use, name))
        if self.saved:
            self.choices.addSeparator()
        self.choices.addAction(tr("保存现在的筛选…")).triggered.connect(lambda _on=False: self.ask_name())
        if self.saved:
            away = self.choices.addMenu(tr("删除"))
            for name in sorted(self.saved):
                away.addAction(name.replace("&", "&&")).triggered.connect(partial(self._on_remove, name))

    def ask_name(self) -> NameDialog:
        """Ask under which name the filter in force is to be kept."""
        dialog = NameDialog(self.window())
        dialog.accepted.connect(lambda: self.keep(dialog.name.text().strip()))
        dialog.open()
        return dialog

    def keep(self, name: str) -> None:
        """Keep the filter in force."""
        chip = self._chips.value()
        columns = {key: sorted(texts) for key, texts in self._table.model.filters().items()}
        now = {"chip": chip if chip != "asked" else "all", "search": self._table.filters.search.text(),
               "columns": columns}  # fmt: skip
        self._context.settings.set(_SAVED, self.saved | {name: now})

    def use(self, name: str) -> None:
        """Filter as was kept under ``name``."""
        held = self.saved.get(name, {})
        filters = self._table.filters
        filters.clear()
        known = {column.key for column in self._table.model.columns}
        for key, texts in dict(held.get("columns", {})).items():
            if key in known:
                filters.set_filter(key, frozenset(texts))
        filters.search.setText(str(held.get("search", "")))
        self._table.model.set_search(filters.search.text())
        if held.get("chip") in self._chips.buttons:
            self._chips.set_value(str(held["chip"]))
        self._apply()

    def _on_use(self, name: str, _on: bool = False) -> None:
        self.use(name)

    def _on_remove(self, name: str, _on: bool = False) -> None:
        self._context.settings.set(_SAVED, {n: held for n, held in self.saved.items() if n != name})


def on_map(context: Context, title: str, findings: Sequence[Finding]) -> None:
    """Show these findings, as the list and the sites of the map page."""
    sites = tuple(dict.fromkeys(f.site for f in findings))
    context.go("map", Picked(title=title, sites=sites, findings=tuple(f.id for f in findings)))


class LedgerExport:
    """The rows on show, in the columns of the ledger, with before and after photos."""

    def __init__(self, context: Context, page: Page, table: RecordTable[Finding]) -> None:
        self._context, self._page, self._table = context, page, table

    def ask(self) -> None:
        """Ask where the workbook goes."""
        survey, held = self._context.survey, self._context.settings.choices.exports
        folder = Path(held) if held else paths.default_exports(survey.path)
        name = folder / f"{survey.title}-{tr('问题台账')}.xlsx"
        file, _ = QFileDialog.getSaveFileName(self._page, tr("导出台账"), str(name), tr("Excel 工作簿 (*.xlsx)"))
        if file:
            self.write(Path(file))

    def write(self, path: Path) -> None:
        """Write the findings on show."""
        from barrierfree.operations import report_files  # workbooks: only when one is written
        from barrierfree.operations.reports import ReportRequest

        records = self._table.model.records
        ids = tuple(records[number].id for number in self._table.model.numbers())
        wanted = ReportRequest(kind="ledger", findings=FindingFilter(ids=ids or ("-",)), photos=True)
        self._context.settings.change(exports=str(path.parent))
        self._context.tasks.run(
            lambda store, progress: report_files.write_workbook(store, wanted, path, progress), tr("正在导出台账"),
            lambda made: self._page.messages.show_message(
                "good", tr("已导出 {n} 个问题：{name}").format(n=f"{len(ids):,}", name=made.name), str(made.parent)
            ),
            self._page.messages.show_error,
        )  # fmt: skip
