"""Step 1: the profile in force, said plainly; the earlier ones; what one can do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout

from barrierfree import workbook
from barrierfree.errors import DefinitionError
from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.profile_editor.field_words import ROW_KINDS
from barrierfree.gui.profile_editor.work import EditorStep, Work
from barrierfree.gui.record_table import Column, RecordTable
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, named, sentences, tr
from barrierfree.model.records import Changes
from barrierfree.operations import profiles
from barrierfree.operations.profile_drafts import Draft, of_profile, of_template, on_template
from barrierfree.store import KeptProfile, Store
from barrierfree.workbook import Profile

TEMPLATES = "*.xlsx *.xlsm"
PROFILES = "*.toml *.zip"


@dataclass(frozen=True)
class InForce:
    """What the survey says: the profile in force (None with why), its template, and all it ever had."""

    profile: Profile | None
    template: bytes
    fault: str
    kept: tuple[KeptProfile, ...]
    current: str
    contested: bool
    main_file: bool


@dataclass(frozen=True)
class _Line:
    kept: KeptProfile
    title: str
    when: str
    who: str
    state: str


class InForceStep(EditorStep):
    """Nothing is changed here but by the actions.

    Signals:
        taken_up(bool): a draft is in hand; whether it begins at the template.
        used: another profile is in force.
    """

    taken_up = Signal(bool)
    used = Signal()

    def __init__(self, context: Context, work: Work) -> None:
        super().__init__(context, work)
        self.held: InForce | None = None
        self.title = label("", "heading", wrap=True)
        self.status = label("", wrap=True)
        self.told = label("", wrap=True)
        self.change = Button(tr("修改…"), self._on_change, kind="primary", icon="columns")
        self.replace = Button(tr("换模板…"), partial(self._choose_template, True), icon="file")
        self.begin = Button(tr("从模板新建…"), partial(self._choose_template, False), icon="add")
        self.take_in = Button(tr("导入…"), self._on_import, icon="import")
        self.give = Button(tr("导出…"), self._on_export, icon="export")
        self.check = Button(tr("检查模板"), self._on_check, icon="check")
        card = Card(tr("在用的导出方案"))
        for widget in (self.title, self.status, self.told):
            card.body.addWidget(widget)
        card.body.addWidget(FlowRow(self.change, self.replace, self.begin, self.take_in, self.give, self.check))
        self.table: RecordTable[_Line] = RecordTable(
            (
                Column("title", tr("方案"), lambda line: line.title, width=360),
                Column("when", tr("采用时间"), lambda line: line.when, width=160),
                Column("who", tr("经手人"), lambda line: line.who, width=120),
                Column("state", tr("状态"), lambda line: line.state, width=140),
            ),
            lambda line: line.kept.id or "own", tr("这份普查有过的方案"), filter_row=False,
        )  # fmt: skip
        self.table.setMinimumHeight(tokens().text(190))
        self.table.selection_changed.connect(lambda _chosen: self._draw_back())
        self.back = Button(tr("用回选中的方案"), self._on_back, icon="undo")
        earlier = Card(tr("这份普查有过的方案（保存新方案不会删掉旧的）"))
        earlier.body.addWidget(self.table, 1)
        earlier.body.addWidget(FlowRow(self.back))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(card)
        layout.addWidget(earlier, 1)
        self._draw_back()

    def enter(self) -> None:
        """Ask the survey again."""
        self._context.tasks.read(in_force, self._show, self.failed.emit, context=self, replaces="profile.in_force")

    def _show(self, held: InForce) -> None:
        self.held = held
        profile = held.profile
        self.title.setText(profile.title if profile else tr("还没有导出方案"))
        self.status.setText(status_words(profile) if profile else held.fault)
        self.told.setText("\n".join(told_of(profile)) if profile else tr("请选市里发的空白模板，按“从模板新建…”。"))
        if held.contested:
            self.told.setText(
                "\n".join((self.told.text(), tr("两台电脑采用了不同的方案，所以仍用原来的；请再保存或用回一次。")))
            )
        for button in (self.change, self.replace, self.give, self.check):
            button.setEnabled(profile is not None)
        names = {kept.id: kept for kept in held.kept}
        lines = [_line(kept, held.current) for kept in names.values() if kept.id or kept.text.strip()]
        self.table.set_records(lines)
        first = self.change if profile is not None else self.begin
        focus = QApplication.focusWidget()
        if self.isVisible() and (focus is None or not self.isAncestorOf(focus)):
            first.setFocus()
        self._draw_back()

    def _draw_back(self) -> None:
        line, held = self._chosen(), self.held
        self.back.setEnabled(line is not None and held is not None and held.main_file and line.kept.id != held.current)

    def _chosen(self) -> _Line | None:
        chosen = self.table.selected()
        return chosen[0] if len(chosen) == 1 else None

    # -- actions ----------------------------------------------------------------------------------------------------

    def _on_change(self) -> None:
        held = self.held
        if held is not None and held.profile is not None:
            profile = held.profile
            self._make(lambda: of_profile(profile, held.template), changed=False, at_template=False)

    def _choose_template(self, keep: bool) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("选择模板"), "", tr("模板工作簿 ({p})").format(p=TEMPLATES))
        if file:
            self.take_template(Path(file), keep=keep)

    def take_template(self, file: Path, *, keep: bool = False) -> None:
        """Begin with this template; ``keep`` pairs its columns as the profile in force does."""
        held = self.held.profile if self.held is not None and keep else None
        known = partial(profiles.known_words, self._context.survey.definition)

        def made() -> Draft:
            template = profiles.read_template(file)
            draft = on_template(held, template, known) if held is not None else of_template(template, file.stem, known)
            draft.general["template"] = file.name
            return draft

        self._make(made, changed=True, at_template=True)

    def _on_import(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("导入方案"), "", tr("导出方案 ({p})").format(p=PROFILES))
        if file:
            self.take_profile(Path(file))

    def take_profile(self, file: Path) -> None:
        """Look through a profile from a file before it is saved."""
        self._make(lambda: of_profile(*profiles.import_profile(file)), changed=True, at_template=False)

    def _make(self, job: Callable[[], Draft], *, changed: bool, at_template: bool) -> None:
        if not self._may_drop():
            return

        def done(draft: Draft) -> None:
            self._work.take(draft, changed=changed)
            self.taken_up.emit(at_template)

        self._context.tasks.compute(job, done, self.failed.emit, context=self)

    def _may_drop(self) -> bool:
        """Ask before another profile takes the place of one with changes."""
        return not self._work.changed or notices.ask(
            self, tr("放弃正在做的修改吗？"), tr("还没有保存的修改会丢掉；在用的方案不变。"), tr("放弃修改"),
            tr("继续修改"), dangerous=True,
        )  # fmt: skip

    def _on_export(self) -> None:
        held = self.held
        if held is None or held.profile is None:
            return
        name = f"{held.profile.name}.zip"
        file, _ = QFileDialog.getSaveFileName(self, tr("导出方案"), name, tr("压缩包 (*.zip)"))
        if file:
            self.export_to(Path(file if file.lower().endswith(".zip") else f"{file}.zip"))

    def export_to(self, file: Path) -> None:
        """Write the profile in force and its template into ``file``."""
        held = self.held
        if held is not None and held.profile is not None:
            profile = held.profile
            self._context.tasks.compute(
                lambda: profiles.export_profile(profile, held.template, file), self._on_exported, self.failed.emit,
                context=self,
            )  # fmt: skip

    def _on_exported(self, files: tuple[Path, ...]) -> None:
        self.said.emit("good", tr("方案和模板已导出。"), listed(map(str, files)))

    said = Signal(str, str, str)

    def _on_check(self) -> None:
        held = self.held
        if held is not None and held.profile is not None:
            profile = held.profile
            self._context.tasks.compute(
                lambda: (workbook.template_faults(profile, held.template), workbook.losses(profile, held.template)),
                self._on_checked, self.failed.emit, context=self,
            )  # fmt: skip

    def _on_checked(self, found: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        faults, losses = found
        if faults:
            self.said.emit("error", tr("模板和方案对不上，{n} 处。").format(n=len(faults)), "\n".join(faults))
        elif losses:
            self.said.emit("warning", tr("模板可以填写，但有些内容会留不住。"), "\n".join(losses))
        else:
            self.said.emit("good", tr("模板和方案对得上，可以填写。"), "")

    def _on_back(self) -> None:
        line, person = self._chosen(), self._context.person
        if line is None or not (person or self._context.ask_person()) or not self._may_drop():
            return
        kept, person = line.kept, self._context.person
        self._context.tasks.write(
            lambda store: profiles.use_profile(store, kept, person=person), self._on_used, self.failed.emit,
            context=self,
        )  # fmt: skip

    def _on_used(self, _changes: Changes) -> None:
        self.used.emit()
        self.enter()


def in_force(store: Store) -> InForce:
    """What the survey says about its profile."""
    profile: Profile | None = None
    fault = ""
    try:
        profile = workbook.read_profile(store.profile())
    except DefinitionError as error:
        fault = error.message
    return InForce(
        profile, store.template(), fault, tuple(store.profiles()), store.profile_id(), store.profile_is_contested(),
        store.is_main_file,
    )  # fmt: skip


def status_words(profile: Profile) -> str:
    """Whose profile it is."""
    if profile.status == "official":
        return tr("市系统官方方案。")
    return tr("这是本软件自带的方案，不是市系统的官方模板；取得官方模板后请换成官方方案。")


def told_of(profile: Profile) -> list[str]:
    """Target, template and sheets, a line each."""
    kinds = dict(ROW_KINDS)
    lines = [named(tr("目标系统"), profile.target)] if profile.target else []
    lines.append(named(tr("模板"), profile.template))
    for sheet in profile.sheets:
        name = tr("工作表“{name}”").format(name=sheet.name) if sheet.name else tr("第一张工作表")
        columns = tr("{n} 列").format(n=len(sheet.columns))
        lines.append(sentences((name, tr(kinds[sheet.rows]), columns)))
    return lines


def _line(kept: KeptProfile, current: str) -> _Line:
    try:
        title = workbook.read_profile(kept.text).title
    except DefinitionError as error:
        title = error.message
    when = kept.adopted_at[:16].replace("T", " ") if kept.adopted_at else tr("随检查表带来")
    return _Line(kept, title, when, kept.person_name or "—", tr("在用") if kept.id == current else tr("以前的"))
