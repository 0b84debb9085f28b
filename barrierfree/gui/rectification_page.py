"""The rectification page: the ledger 台账 of all problems, the one in hand, and the steps that move it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QWidget

from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.bulk_dialog import BulkDialog
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_dialog import ChoiceDialog
from barrierfree.gui.context import Context
from barrierfree.gui.filter_chips import FilterChips
from barrierfree.gui.finding_detail import (
    FindingDetail,
    FindingInHand,
    finding_name,
    quantity_text,
    read_finding,
    short_day,
)
from barrierfree.gui.ledger_tools import LedgerExport, SavedFilters, on_map
from barrierfree.gui.page import Page
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.rectification_actions import RectificationActions, told_text
from barrierfree.gui.step_dialog import StepDialog
from barrierfree.i18n import listed, mark, named, tr
from barrierfree.model import words
from barrierfree.model.records import Changes, Finding, Step, Unit
from barrierfree.model.words import FindingState, Severity
from barrierfree.store import FindingFilter, Reported, Store, TakenSteps

_TABLE = "rectification.table"
_CHIPS = {
    "open": mark("未关闭"),
    "overdue": mark("超期"),
    "claimed": mark("待验收"),
    "closed": mark("已关闭"),
    "all": mark("全部"),
    "asked": "",  # what another page asked for
}
_RANK = {state: rank for rank, state in enumerate(FindingState)}


@dataclass(frozen=True)
class Ledger:
    """All findings, the units known, the day it is, which findings each chip shows, the survey's own days."""

    findings: list[Finding]
    units: list[Unit]
    today: date
    shown: Mapping[str, list[Finding]] = field(default_factory=dict)
    one_device: frozenset[str] = frozenset()  # closed, claim and re-inspection recorded on the same computer
    special: dict[date, bool] = field(default_factory=dict)

    def of(self, chip: str) -> list[Finding]:
        """The findings that a chip shows."""
        return self.shown.get(chip, [])


@dataclass(frozen=True)
class _Undone:
    """The findings whose steps were taken back, as they stand now."""

    findings: tuple[Finding, ...]
    changes: Changes


def _taken_back(store: Store, finding: str, person: str) -> _Undone:
    findings, changes = store.revert_step(finding, person=person)
    return _Undone(tuple(map(store.finding, findings)), changes)


def read_ledger(store: Store, asked: FindingFilter | None, *, devices: bool = False) -> Ledger:
    """Read the ledger and divide it among the chips; ``devices`` asks for ``one_device``. For the reader's thread."""
    findings, today = store.findings(), store.clock().date()
    wanted = {f.id for f in store.findings(asked)} if asked is not None else set()
    day, closed = today.isoformat(), {s for s in FindingState if s.closed}
    unclosed = [f for f in findings if f.state not in closed]
    late = sorted((f for f in unclosed if f.deadline and f.deadline < day), key=lambda f: f.deadline)
    shown = {
        "open": unclosed, "overdue": late, "claimed": [f for f in unclosed if f.state is FindingState.CLAIMED],
        "closed": [f for f in findings if f.state in closed], "all": findings,
        "asked": [f for f in findings if f.id in wanted] if wanted else [],
    }  # fmt: skip
    alone = store.closed_on_one_device() if devices else frozenset[str]()
    return Ledger(findings, store.known_units(), today, shown, alone, store.calendar())


def days_overdue(finding: Finding, today: date) -> int:
    """How many days the deadline of an open finding has passed; 0 if it has not."""
    if not finding.overdue(today.isoformat()):
        return 0
    return (today - date.fromisoformat(finding.deadline)).days


class RectificationPage(Page):
    """A problem stays in the ledger until somebody else has measured it again."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("整改"), parent)
        self._context = context
        self._ledger = Ledger([], [], date.today())
        self._filter: FindingFilter | None = None
        self._wanted = ""  # the finding to be selected when the ledger has come
        self._asked = ""
        self._acted = ""  # the finding whose step Ctrl+Z takes back, whatever is in hand
        self._filling = False
        self.header.set_sample(context.survey.sample)
        self.export_button = Button(tr("导出台账…"), lambda: self.export.ask(), icon="export", shortcut="Ctrl+E",
                                    tip=tr("把列出的问题导出为 Excel，带整改前后照片"))  # fmt: skip
        self.header.add_action(self.export_button)
        self.offers = RectificationActions(context, self, lambda: (self._ledger.units, self._ledger.today))
        self.offers.told.connect(self._on_told)
        self.offers.taken.connect(self.show_taken)
        self.offers.closed.connect(self._ask)
        self.chips = FilterChips(list(_CHIPS), tr("筛选问题"))
        self.chips.set_value("open")
        self.first = self.chips.buttons["open"]
        self.chips.buttons["asked"].hide()
        self.chips.chosen.connect(lambda _key: self._show_findings())
        self.table: RecordTable[Finding] = RecordTable(self._columns(), lambda f: f.id, tr("台账"))
        self.table.restore(context.settings.get(_TABLE, {}))
        self.table.selection_changed.connect(self._on_selection)
        self.table.activated.connect(self._on_opened)
        self.table.filters.column_shown.connect(lambda key, shown: self._on_columns() if key == "device" else None)
        self.detail = FindingDetail(context)
        self.detail.step_wanted.connect(self.ask_step)
        self.detail.bulk_wanted.connect(self.ask_bulk)
        self.detail.site_wanted.connect(self._open_site)
        self.detail.undo_wanted.connect(self._undo_in_hand)
        self.detail.choice_wanted.connect(self.choose_step)
        undo = QAction(tr("撤销"), self)
        undo.setShortcut("Ctrl+Z")  # a text field keeps it for itself
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(lambda _on=False: self.undo())
        self.addAction(undo)
        self.export = LedgerExport(context, self, self.table)
        self.saved = SavedFilters(context, self.chips, self.table, self._show_findings)
        self.chips.add(self.saved)
        self.map_button = Button(tr("在地图上看"), self._on_map, icon="map", shortcut="Ctrl+M",
                                 tip=tr("在地图页列出这里的问题，由近到远"))  # fmt: skip
        self.chips.add(self.map_button)
        ledger = Card(padding=0)
        ledger.body.setContentsMargins(0, 0, 0, 0)
        ledger.body.setSpacing(0)
        ledger.body.addWidget(self.chips)
        ledger.body.addWidget(self.table, 1)
        self.columns = AdaptiveColumns(
            [Pane("ledger", tr("台账"), ledger, 842, 1), Pane("finding", tr("问题"), self.detail, 396)]
        )
        self.body.addWidget(self.columns, 1)
        self._label_chips()
        self.table.set_loading()

    def _on_map(self) -> None:
        """Take the findings on show, as they are filtered, to the map."""
        records = self.table.model.records
        shown = [records[number] for number in self.table.model.numbers()]
        if shown:
            chip = tr(_CHIPS.get(self.chips.value(), "")) or self._filter_text()
            on_map(self._context, named(tr("台账"), chip), shown)

    def _columns(self) -> tuple[Column[Finding], ...]:
        element = self._context.element_name
        return (
            Column("state", tr("状态"), lambda f: tr(words.label(f.state)), symbol=lambda f: f.state.value,
                   sort=lambda f: _RANK[f.state], width=116, filterable=True),
            Column("site", tr("点位"), lambda f: f.site_name, width=158),
            Column("community", tr("社区"), lambda f: f.community, width=98, filterable=True),
            Column("checkpoint", tr("检查点"), lambda f: element(f.element, f.number), width=114),
            Column("problem", tr("问题"), lambda f: tr(words.label(f.problem)), width=98),
            Column("unit", tr("责任单位"), lambda f: f.unit or "—", width=98, filterable=True),
            Column("deadline", tr("期限"), self._deadline, badge=self._badge,
                   sort=lambda f: f.deadline or "9999", width=140),
            Column("severity", tr("严重程度"), lambda f: _severity(f), width=96, hidden=True, filterable=True),
            Column("note", tr("问题描述"), lambda f: f.note, width=200, hidden=True),
            Column("responsible", tr("责任人"), lambda f: f.responsible, width=96, hidden=True),
            Column("measure", tr("整改措施"), lambda f: f.measure, width=150, hidden=True),
            Column("quantity", tr("数量"), lambda f: quantity_text(f.quantity, f.quantity_unit), width=90,
                   sort=lambda f: f.quantity or 0.0, hidden=True),
            Column("photos", tr("照片（前/后）"), lambda f: f"{len(f.photos_before)} / {len(f.photos_after)}", width=99,
                   hidden=True),
            Column("round", tr("轮次"), lambda f: str(f.round), sort=lambda f: f.round, width=70, hidden=True),
            Column("device", tr("复检电脑"), self._device, width=110, hidden=True),
            Column("reported", tr("上报日期"), lambda f: f.reported_at[:10], width=112, hidden=True),
            Column("since", tr("状态日期"), lambda f: f.state_since[:10], width=112, hidden=True),
            Column("code", tr("点位编码"), lambda f: f.site_code, width=190, hidden=True),
            Column("number", tr("编号"), lambda f: f.city_number or f.id, width=250, hidden=True),
        )  # fmt: skip

    @property
    def _shows_devices(self) -> bool:
        return "device" not in self.table.state()["hidden"]

    def _on_columns(self) -> None:
        """Which computers were used is only asked for where somebody sees it."""
        if self._shows_devices and not self._ledger.one_device and self.isVisible():
            self._ask()

    def _device(self, finding: Finding) -> str:
        """Whether claim and re-inspection of a closed finding came from one computer."""
        return tr("同一台") if finding.id in self._ledger.one_device else ""

    def _deadline(self, finding: Finding) -> str:
        return short_day(finding.deadline, self._ledger.today) if finding.deadline else "—"

    def _badge(self, finding: Finding) -> str:
        days = days_overdue(finding, self._ledger.today)
        return tr("超期 {n} 天").format(n=days) if days else ""

    # -- page -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the ledger when the page comes into sight."""
        self._ask()

    def apply_changes(self, changes: Changes) -> None:
        """Read the ledger and the finding in hand again when findings, visits or people changed."""
        if changes.written and (changes.findings or changes.visits or changes.sites or changes.people):
            self._asked = ""
            self._ask()

    def search_field(self) -> QWidget:
        """Ctrl+F searches the ledger."""
        self.columns.show_pane("ledger")
        return self.table.search_field()

    def show_target(self, target: object) -> None:
        """Show what a ``FindingFilter`` names, a chip ('open', 'overdue', 'claimed', 'closed', 'all') or a finding."""
        if isinstance(target, FindingFilter):
            key = _chip_of(target)
            self._filter = None if key else target
            self.chips.set_value(key or "asked")
            self.table.filters.clear()
        elif isinstance(target, str) and target in _CHIPS:
            self.chips.set_value(target)
            self.table.filters.clear()
        elif isinstance(target, str) and target:
            self._wanted = target
            self.chips.set_value("all")
            self.table.filters.clear()
            self.columns.show_pane("finding")
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the columns of the ledger when the page goes out of sight."""
        super().hideEvent(event)
        self._context.settings.set(_TABLE, self.table.state())

    # -- ledger ---------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        asked, devices = self._filter, self._shows_devices
        self._context.tasks.read(
            lambda store: read_ledger(store, asked, devices=devices), self._show_ledger, self.messages.show_error,
            replaces="rectification.ledger",
        )  # fmt: skip

    def _show_ledger(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._label_chips()
        counts = {key: len(ledger.of(key)) for key in ("all", "open", "overdue")}
        self.header.set_counts(
            tr("问题 {all} · 未关闭 {open} · 超期 {overdue}").format(**{k: f"{n:,}" for k, n in counts.items()})
        )
        self._show_findings()

    def _label_chips(self) -> None:
        for key, title in _CHIPS.items():
            text = tr(title) if title else self._filter_text()
            self.chips.set_text(key, f"{text} {len(self._ledger.of(key)):,}")
        self.chips.buttons["asked"].setVisible(self._filter is not None)

    def _filter_text(self) -> str:
        wanted = self._filter
        if wanted is None:
            return ""
        parts = [tr(words.label(s)) for s in wanted.states] + [
            wanted.district,
            wanted.street,
            wanted.community,
            wanted.grid,
            wanted.unit,
            self._context.class_name(wanted.site_class),
            wanted.text,
        ]
        if wanted.overdue_on:
            parts.append(tr("超期"))
        if wanted.reported_since or wanted.reported_until:
            parts.append(
                tr("{since} 至 {until} 上报").format(since=wanted.reported_since or "…", until=wanted.reported_until)
            )
        return listed(p for p in parts if p) or tr("指定的问题")

    def _show_findings(self) -> None:
        key = self.chips.value() or "all"
        self._say_what_to_do(key)
        shown = self._ledger.of(key)
        wanted, self._wanted = self._wanted, ""
        self._filling = True
        self.table.set_records(shown)
        self._filling = False
        if wanted:
            self.table.select(wanted)
        selected = self.table.selected()
        if selected:
            self._on_selection(selected)
        elif self.table.model.rowCount():
            self.table.view.selectRow(0)
        else:
            self._asked = ""
            self.detail.show_nothing()

    def _say_what_to_do(self, key: str) -> None:
        if not self._ledger.findings:
            self.table.set_empty(
                tr("还没有问题"), tr("走访里不达标的尺寸和上报的问题，提交后会出现在这里。"),
                tr("打开“调查”页"), lambda: self._context.go("survey", None),
            )  # fmt: skip
            return
        texts = {
            "open": (tr("没有未关闭的问题"), tr("已关闭的问题在“已关闭”里，可以回头看并重新打开。")),
            "overdue": (tr("没有超期的问题"), tr("期限过了还没有关闭的问题会出现在这里。")),
            "claimed": (tr("没有待验收的问题"), tr("整改单位完成后，选中问题按“申请验收”。")),
            "closed": (tr("还没有关闭的问题"), tr("复检合格并验收销号，或移交、软服务之后，会出现在这里。")),
        }
        title, advice = texts.get(key, (tr("没有符合条件的问题"), tr("请选“全部”。")))
        self.table.set_empty(title, advice, tr("显示全部"), self._show_all)

    def _show_all(self) -> None:
        self.chips.set_value("all")
        self._show_findings()

    def _on_opened(self, _finding: Finding) -> None:
        self.columns.show_pane("finding")
        self.detail.take_focus()

    def _on_selection(self, selected: list[Finding]) -> None:
        if self._filling:
            return
        if len(selected) != 1:
            self._asked = ""
            if selected:
                self.detail.show_several(selected)
            else:
                self.detail.show_nothing()
            return
        finding, person = selected[0].id, self._context.person
        if finding == self._asked:
            return
        self._asked = finding
        self._context.tasks.read(
            lambda store: read_finding(store, finding, person), self._show_finding, self.messages.show_error,
            replaces="rectification.finding",
        )  # fmt: skip

    def _show_finding(self, hand: FindingInHand) -> None:
        if hand.finding.id == self._asked:
            self.detail.show_finding(hand)

    # -- steps ----------------------------------------------------------------------------------------------------

    def _open_site(self) -> None:
        if self.detail.hand is not None:
            self._context.go("survey", self.detail.hand.finding.site)

    def ask_step(self, to: FindingState) -> None:
        """Ask for what the step to ``to`` needs, and take it."""
        hand = self.detail.hand
        if hand is None or not (self._context.person or self._context.ask_person()):
            return
        dialog = StepDialog(self._context, hand, to, self._ledger.units, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_step(hand.finding.id, dialog.said))
        dialog.open()

    def _on_step(self, finding: str, said: str) -> None:
        self._acted = finding
        undo = Button(tr("撤销"), self.undo, tip=tr("撤销刚才的步骤（Ctrl+Z）"))
        self.messages.show_message("good", said, action=undo)
        self._go_on()

    def _undo_in_hand(self) -> None:
        """The button of the history means the finding it stands at."""
        self._acted = ""
        self.undo()

    def ask_bulk(self) -> None:
        """Ask for one step for all selected findings; it is shown before it is taken."""
        findings = self.table.selected()
        if len(findings) < 2 or not (self._context.person or self._context.ask_person()):
            return
        ledger = self._ledger
        dialog = BulkDialog(self._context, findings, ledger.units, ledger.today, ledger.special, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.show_taken(dialog.taken))
        dialog.open()

    def show_taken(self, taken: TakenSteps | None) -> None:
        """Say what a bulk action did, with the way back."""
        if taken is None or not taken.done:
            return
        self._acted = taken.done[0].id
        said = tr("已处理 {n} 个问题。").format(n=f"{len(taken.done):,}")
        undo = Button(tr("撤销"), self.undo, tip=tr("撤销刚才的步骤（Ctrl+Z）"))
        reasons = listed(dict.fromkeys(j.refused for j in taken.refused))
        self.messages.show_message("warning" if reasons else "good", said, reasons, undo)
        self._go_on()

    def _on_told(self, told: Reported) -> None:
        self._wanted = told.finding
        self.chips.set_value("open")
        self.table.filters.clear()
        self._asked = ""
        self._context.tasks.read(
            lambda store: store.finding(told.finding),
            lambda finding: self._say(told_text(told, finding_name(self._context, finding))),
            self.messages.show_error, context=self,
        )  # fmt: skip

    def choose_step(self, step: Step) -> None:
        """Ask why one of two contradicting steps is decided for."""
        hand = self.detail.hand
        if hand is None or not (self._context.person or self._context.ask_person()):
            return
        dialog = ChoiceDialog(self._context, hand, step, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        said = tr("已裁定：采用“{state}”。").format(state=tr(words.label(step.request.to)))
        dialog.accepted.connect(lambda: self._say(said))
        dialog.open()

    def _say(self, said: str) -> None:
        self.messages.show_message("good", said)
        self._go_on()

    def undo(self) -> None:
        """Take back the last step taken here, else that of the finding in hand; say why not if it cannot be."""
        hand = self.detail.hand
        finding = self._acted or (hand.finding.id if hand else "")
        person = self._context.person
        if not finding or not (person or self._context.ask_person()):
            return
        self._context.tasks.run(
            lambda store, _progress: _taken_back(store, finding, person), tr("正在撤销"), self._on_undone,
            self.messages.show_error, write=True, context=self,
        )  # fmt: skip

    def _on_undone(self, undone: _Undone) -> None:
        self._acted = ""
        if len(undone.findings) > 1:
            said = tr("已撤销对 {n} 个问题的处理。").format(n=f"{len(undone.findings):,}")
        else:
            (finding,) = undone.findings
            said = tr("已撤销：{name} 回到“{state}”。").format(
                name=finding_name(self._context, finding), state=tr(words.label(finding.state))
            )
        self._say(said)

    def _go_on(self) -> None:
        if not self.columns.tabbed:
            self.table.view.setFocus()
        self._asked = ""
        self._ask()


def _chip_of(wanted: FindingFilter) -> str:
    """The chip that shows the same as a filter; '' if none does."""
    plain = wanted.model_copy(update={"states": (), "overdue_on": ""}) == FindingFilter()
    if not plain:
        return ""
    states = set(wanted.states)
    if wanted.overdue_on:
        return "" if states else "overdue"
    known = {
        "all": set[FindingState](),
        "open": {s for s in FindingState if not s.closed},
        "claimed": {FindingState.CLAIMED},
        "closed": {s for s in FindingState if s.closed},
    }
    return next((key for key, held in known.items() if held == states), "")


def _severity(finding: Finding) -> str:
    return tr(words.label(Severity(finding.severity))) if finding.severity in set(Severity) else "—"
