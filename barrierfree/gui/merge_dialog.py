"""Two sites are one: find the other one, see what speaks for it, choose which of them is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from barrierfree.gui import notices
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.search_line import SearchLine
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, phrased, tr
from barrierfree.model.records import Site
from barrierfree.operations.similar import Similar, compared, find_similar, place_of
from barrierfree.store import SameSite, SiteFilter, Store

ASK_AFTER_MS = 150
_MOST = 50


class MergeDialog(FormDialog):
    """Read ``decision`` when it was accepted."""

    def __init__(self, context: Context, site: Site, parent: QWidget | None = None) -> None:
        super().__init__(tr("与另一个点位合并"), tr("合并"), parent, height=720)
        self._context = context
        self._site = site
        self._other: Site | None = None
        self.search = SearchLine(tr("名称、地址、编码、拼音"))
        self.search.down.connect(self._into_list)
        self.fields.addWidget(label(bracketed(site.name, site.code), "heading", wrap=True))
        self.add_field(tr("它和哪个点位是同一个？"), self.search)
        self._add_table()
        self.comparison = label(tr("在列表里选一个点位，这里会写出两者的异同。"), "muted", wrap=True)
        self.fields.addWidget(self.comparison)
        self.keep = ChoiceButtons([("site", tr("这个点位")), ("other", tr("选中的点位"))], tr("合并后保留"))
        self.keep.chosen.connect(lambda _key: self._say_kept())
        self._keep_title = label(tr("合并后保留"), "strong")
        self._kept = label("", wrap=True)
        self.fields.addSpacing(6)
        for widget in (self._keep_title, self.keep, self._kept):
            self.fields.addWidget(widget)
            widget.hide()
        self.fields.addWidget(
            label(tr("检查记录和问题都留着；被合并的点位不再单独计数。以后可以在“数据”页撤销。"), "small", wrap=True)
        )
        self.reason = QLineEdit()
        self.add_field(tr("原因（可不填）"), self.reason, tr("例如：同一家店，两份清单写法不同"))
        self.confirm.setEnabled(False)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(ASK_AFTER_MS)
        self._later.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.finish(self.search)
        self._ask()

    def _add_table(self) -> None:
        self.table: RecordTable[Similar] = RecordTable(
            (
                Column("name", tr("点位"), lambda s: s.site.name, symbol=lambda s: s.site.status.value, width=300,
                       tinted=False, detail=lambda s: " · ".join(p for p in (s.site.code, s.site.address) if p)),
                Column("alike", tr("相近"), lambda s: tr("{n} 分").format(n=s.score), sort=lambda s: s.score, width=80),
                Column("community", tr("社区"), lambda s: s.site.community, width=120),
            ),
            lambda s: s.site.id, tr("点位"), filter_row=False,
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(220))
        self.table.set_empty(tr("没有相近的点位"), tr("请输入另一个点位的名称、地址或编码。"))
        self.table.selection_changed.connect(lambda _chosen: self._on_chosen())
        self.table.activated.connect(lambda _one: self.reason.setFocus())
        self.fields.addWidget(self.table, 1)

    def _ask(self) -> None:
        site, text = self._site, self.search.text().strip()

        def read(store: Store) -> list[Similar]:
            if not text:
                return find_similar(store, place_of(site), but=site.id, most=_MOST)
            found = store.find_sites(SiteFilter(text=text), _MOST).sites
            return [compared(site, other) for other in found if other.id != site.id]

        self._context.tasks.read(read, self.table.set_records, self.show_fault, replaces="site.merge", context=self)

    def _into_list(self) -> None:
        if self.table.model.rowCount():
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.select(self.table.model.record(0).site.id)

    def _on_chosen(self) -> None:
        one = self.table.current()
        if one is None or one not in self.table.selected():
            return
        self._other = one.site
        self.comparison.setText(phrased(one.words))
        notices.announce(self.comparison, self.comparison.text())
        self._offer(one.site)
        self.confirm.setEnabled(True)

    def _offer(self, other: Site) -> None:
        """The choice of the one that is kept; the one with more behind it first of all."""
        weight = {key: (s.inspected, s.final_code, not s.gone) for key, s in (("site", self._site), ("other", other))}
        self.keep.set_value("site" if weight["site"] >= weight["other"] else "other")
        self._say_kept()
        for widget in (self._keep_title, self.keep, self._kept):
            widget.show()

    def _say_kept(self) -> None:
        kept = self.decision.site
        site = self._site if kept == self._site.id or self._other is None else self._other
        self._kept.setText(bracketed(site.name, site.code))

    @property
    def decision(self) -> SameSite:
        """What was decided: which one is kept, and which one is the same."""
        assert self._other is not None
        kept, row = (self._site, self._other) if self.keep.value() == "site" else (self._other, self._site)
        reason = self.reason.text().strip() or tr("人工确认是同一点位")
        return SameSite(row=row.id, site=kept.id, same=True, name=row.name, reason=reason)

    def confirmed(self) -> None:
        """Merge, once another site is chosen."""
        if self._other is None:
            self.say(tr("请先选一个点位。"))
        else:
            self.accept()
