"""The survey page: my sites, the form of the element in hand, photos and what the standard asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QMenu, QTabBar, QVBoxLayout, QWidget

from barrierfree import checklists
from barrierfree.errors import AnswerError
from barrierfree.gui import icons
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.checklist_form import ChecklistForm
from barrierfree.gui.context import Context
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.gui.page import Page
from barrierfree.gui.photo_pane import PhotoPane, StandardCard
from barrierfree.gui.site_actions import SiteActions, site_levels
from barrierfree.gui.site_list import SiteList
from barrierfree.gui.submit_dialog import Missing, Proposed, SubmitDialog
from barrierfree.gui.theme import tokens
from barrierfree.i18n import language, named, phrased, tr
from barrierfree.model import words
from barrierfree.model.definition import ElementType
from barrierfree.model.records import Answer, Changes, Checkpoint, Draft, Photo, Site, Verdict
from barrierfree.model.words import VisitState
from barrierfree.operations import site_work, visits
from barrierfree.operations.site_work import SiteWork
from barrierfree.store import DraftPhotos, SiteFigures, VisitPhotos

SAVE_AFTER_MS = 300
Owner = tuple[str, tuple[str, int]]  # whose photos: a site, and element and number of a checkpoint


class SurveyPage(Page):
    """Keeps no facts: what is typed goes into drafts at once, and becomes a visit when it is submitted."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("调查"), parent)
        self._context = context
        self._work: SiteWork | None = None
        self._drafts: dict[tuple[str, int], Draft] = {}
        self._at = 0
        self._full = False
        self._dirty = False
        self._asked_site = ""
        self._started = ""
        self._listed_draft = ""  # the site whose glyph in the list already shows that somebody has begun
        self._actions = SiteActions(context, self)
        self._actions.opened.connect(self._on_found)
        self.sites = SiteList()
        self.form = ChecklistForm()
        self.photos = PhotoPane(context)
        self.standard = StandardCard()
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self.save)
        self._build()
        self._connect()
        self.header.set_sample(context.survey.sample)
        self._show_nothing()

    # -- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._middle = Card(padding=0)
        head = self._build_head()
        self.header.add_action(Button(tr("新增点位"), self.new_site, kind="primary", icon="add", shortcut="Ctrl+N"))
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(tr("检查点"))
        self.tabs.setProperty("role", "compact")
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setDrawBase(False)
        self.tabs.setIconSize(QSize(tokens().text(18), tokens().text(18)))
        self._empty = label("", "muted", wrap=True)
        self._empty.setContentsMargins(18, 18, 18, 18)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._state = label("", "small", wrap=True)
        self._state.setContentsMargins(18, 8, 18, 0)
        self._next = Button(tr("下一检查点"), self.next_checkpoint, kind="primary", shortcut="Ctrl+Return")
        self._more = Button(tr("全部条目"), self.toggle_full, shortcut="Ctrl+L")
        self._add = Button(tr("增加检查点"), self.add_checkpoint, icon="add")
        self.submit_button = Button(tr("提交走访"), self.submit, shortcut="Ctrl+S")
        self._footer = FlowRow(self._next, self._more, self._add, self.submit_button)
        self._footer.setContentsMargins(18, 10, 18, 10)
        body = self._middle.body
        body.setContentsMargins(1, 1, 1, 1)
        body.setSpacing(4)
        body.addLayout(head)
        body.addWidget(self.tabs)
        body.addWidget(self._state)
        body.addWidget(self._empty, 1)
        body.addWidget(self.form, 1)
        body.addWidget(self._footer)
        right = QWidget()
        right.setProperty("role", "plain")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.photos)
        column.addWidget(self.standard, 1)
        self.columns = AdaptiveColumns(
            [
                Pane("sites", tr("点位"), self.sites, 316),
                Pane("form", tr("检查"), self._middle, 648, 1),
                Pane("photos", tr("照片和标准"), right, 262),
            ]
        )
        self.body.addWidget(self.columns, 1)

    def _build_head(self) -> QVBoxLayout:
        """Which site it is, and what can be done with it as such."""
        self._name = ElidedLabel("", "heading")
        self._about = ElidedLabel("", "muted")
        self._notice = label("", tone="warn", wrap=True)
        head = QVBoxLayout()
        head.setContentsMargins(18, 14, 18, 0)
        head.setSpacing(2)
        self._edit = Button(tr("修改点位"), self.edit_site, kind="icon", icon="rectification", shortcut="F2")
        self._menu = Button(tr("这个点位的更多操作"), kind="icon", icon="more")
        menu = QMenu(self._menu)
        menu.addAction(tr("与另一个点位合并…")).triggered.connect(lambda _on=False: self.merge_site())
        menu.addAction(tr("在地图上查看")).triggered.connect(lambda _on=False: self._on_map())
        self.no_photos = menu.addAction(tr("没有照片要补了"))
        self.no_photos.triggered.connect(lambda _on=False: self._on_no_photos())
        self._menu.setMenu(menu)
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self._name, 1)
        title.addWidget(self._edit)
        title.addWidget(self._menu)
        head.addLayout(title)
        for widget in (self._about, self._notice):
            head.addWidget(widget)
        return head

    def _connect(self) -> None:
        paste = QAction(tr("粘贴照片"), self)
        paste.setShortcut(QKeySequence("Ctrl+Shift+V"))
        paste.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.triggered.connect(lambda _on=False: self.photos.paste())
        self.addAction(paste)
        self.sites.wanted.connect(self._ask_sites)
        self.sites.more.connect(self._ask_sites)
        self.sites.chosen.connect(lambda site: self.open_site(site.id))
        self.sites.opened.connect(self._on_site_opened)
        self.tabs.currentChanged.connect(self._on_tab)
        self.form.changed.connect(self._on_form_changed)
        self.photos.added.connect(self._on_photos_added)
        self.photos.removed.connect(self._on_photo_removed)

    # -- page -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the list when the page comes into sight."""
        self._ask_figures()
        self._ask_sites()
        if self._work is not None and not self._dirty and self._asked_site == self._work.site.id:
            self.open_site(self._asked_site)  # photos may have been put into its drafts elsewhere

    def apply_changes(self, changes: Changes) -> None:
        """Reload the list and the open site when records (not only drafts) changed."""
        if changes.written and (changes.sites or changes.visits or changes.findings):
            self._ask_figures()
            self._ask_sites()
            held = self._work.site.id if self._work is not None else ""
            if held == self._asked_site and held in changes.sites and not self._dirty:
                self.open_site(held)

    def search_field(self) -> QWidget:
        """Ctrl+F searches sites."""
        self.columns.show_pane("sites")
        return self.sites.search

    def show_target(self, target: object) -> None:
        """Show a site (its id), or a filter of the list: 'returned' for what came back, 'bare' for no position."""
        if isinstance(target, str) and target in self.sites.chips:
            self.sites.show_only(target)
            self.columns.show_pane("sites")
        elif isinstance(target, str) and target:
            self.sites.show_all()
            self.open_site(target)
            self.columns.show_pane("form")

    def take_photos(self, files: Sequence[Path]) -> None:
        """Photos that were dropped anywhere in the window belong to the checkpoint in hand."""
        if self._current() is None:
            self.messages.show_message("warning", tr("照片要加到检查点上。"), tr("请先打开一个点位，再把照片拖进来。"))
        else:
            self.photos.take(files)

    def shortcuts(self) -> list[tuple[str, str]]:
        """Keys of the form."""
        return [("1 2 3", tr("回答选择题")), ("←  →", tr("上一个、下一个检查点（焦点在检查点上时）"))]

    def event(self, event: QEvent) -> bool:
        """Nothing typed is left unsaved when the page goes out of sight."""
        if event.type() == QEvent.Type.Hide:
            self.save()
        return super().event(event)

    # -- list -----------------------------------------------------------------------------------------------------

    def _ask_sites(self, offset: int = 0) -> None:
        wanted = self.sites.filter(self._context.person)
        self._context.tasks.read(
            lambda store: site_work.site_listing(store, wanted, offset), self.sites.set_sites, replaces="survey.sites"
        )

    def _ask_figures(self) -> None:
        person = self._context.person
        self._context.tasks.read(
            lambda store: store.site_figures(person), self._show_figures, replaces="survey.figures"
        )

    def _show_figures(self, figures: SiteFigures) -> None:
        self.sites.set_figures(figures)
        self.header.set_counts(
            tr("点位 {total} · 已完成 {done}").format(
                total=f"{figures.total:,}", done=f"{figures.total - figures.left:,}"
            )
        )

    def _on_found(self, site: str) -> None:
        """A site that was just added, or that turned out to be there already."""
        self.open_site(site)
        self.columns.show_pane("form")

    def _on_map(self) -> None:
        if self._work is not None:
            self._context.go("map", self._work.site.id)

    def _on_site_opened(self, site: Site) -> None:
        if self._work is None or self._work.site.id != site.id:
            self.open_site(site.id)
        self.columns.show_pane("form")
        QTimer.singleShot(0, self, self.form.go_to)

    # -- site -----------------------------------------------------------------------------------------------------

    def open_site(self, site: str) -> None:
        """Show a site; what was typed before is saved first."""
        self.save()
        if self._asked_site != site:
            self._started = ""
        self._asked_site = site
        self._context.tasks.read(
            lambda store: site_work.site_work(store, site), self._show_site, replaces="survey.site"
        )

    def _show_site(self, work: SiteWork) -> None:
        if work.site.id != self._asked_site:  # meanwhile somebody went on to another site
            return
        again = self._work is not None and self._work.site.id == work.site.id
        if again and self._dirty:
            return
        at = self._key(self._current()) if again and self._current() else None
        self._work = work
        self._drafts = {(d.element, d.number): d for d in work.drafts}
        site = work.site
        self._name.setText(site.name)
        parts = (
            site.code, self._context.class_name(site.site_class), *site_levels(self._context, site), site.address,
        )  # fmt: skip
        self._about.setText(" · ".join(p for p in parts if p))
        self._notice.setText(self._site_notice(work))
        self._notice.setVisible(bool(self._notice.text()))
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for checkpoint in work.checkpoints:
            self.tabs.addTab(self._context.element_name(checkpoint.element, checkpoint.number))
        keys = [self._key(c) for c in work.checkpoints]
        self._at = keys.index(at) if at in keys else 0
        self.tabs.setCurrentIndex(self._at)
        self.tabs.blockSignals(False)
        self._empty.setVisible(not work.checkpoints)
        self._empty.setText(tr("这个点位没有要检查的元素。\n可以按“增加检查点”，或直接提交走访说明情况。"))
        for widget in (self.tabs, self.form, self._state):
            widget.setVisible(bool(work.checkpoints))
        self._footer.show()
        self._edit.show()
        self._menu.show()
        self.no_photos.setVisible(bool(work.awaiting))
        self._draw_tabs()
        self._show_checkpoint()
        self.sites.select(site.id, quietly=True)

    def _site_notice(self, work: SiteWork) -> str:
        """What somebody at this site should know, a line each."""
        site = work.site
        lines = [tr("退回：{reason}").format(reason=work.returned[0])] if work.returned else []
        if site.gone:
            lines.append(tr("清单里已没有：{text}。不计入总数，仍可以填写。").format(text=site.gone))
        if site.conflicts:
            lines.append(tr("这个点位在两处作了不同修改，待裁定。"))
        if work.awaiting:
            lines.append(tr("照片待补：请在“数据”页从手机导入；没有照片时在“更多操作”里说明。"))
        if site.lon is None:
            lines.append(tr("这个点位没有位置，可以按“修改点位”补上。"))
        return "\n".join(lines)

    def _show_nothing(self) -> None:
        for widget in (self.tabs, self.form, self._state, self._footer, self._notice, self._edit, self._menu):
            widget.hide()
        self._name.setText(tr("请选择一个点位"))
        self._about.setText("")
        self._empty.setText(
            tr("在左边的列表里选一个点位，按回车开始填写。\n按 Ctrl+F 搜索：名称、地址、编码或拼音首字母。")
        )
        self._empty.show()
        self.photos.setEnabled(False)

    def _current(self) -> Checkpoint | None:
        if self._work is None or not self._work.checkpoints:
            return None
        return self._work.checkpoints[min(self._at, len(self._work.checkpoints) - 1)]

    @staticmethod
    def _key(checkpoint: Checkpoint | None) -> tuple[str, int]:
        return (checkpoint.element, checkpoint.number) if checkpoint else ("", 0)

    def _draw_tabs(self) -> None:
        if self._work is None:
            return
        for at, checkpoint in enumerate(self._work.checkpoints):
            key = checkpoint.status.value
            draft = self._drafts.get(self._key(checkpoint))
            if draft and (draft.answers or draft.photos):
                key = "pending"
            self.tabs.setTabIcon(at, icons.symbol_icon(key, tokens().text(18)))
            name = self._context.element_name(checkpoint.element, checkpoint.number)
            self.tabs.setTabToolTip(at, named(name, tr(words.label(checkpoint.status))))
            self.tabs.setAccessibleTabName(at, phrased((name, tr(words.label(checkpoint.status)))))

    # -- checkpoint -----------------------------------------------------------------------------------------------

    def _on_tab(self, at: int) -> None:
        self.save()
        self._at = max(at, 0)
        self._show_checkpoint()

    def _show_checkpoint(self) -> None:
        checkpoint, work = self._current(), self._work
        element = self._context.element(checkpoint.element) if checkpoint else None
        self.photos.setEnabled(element is not None)
        if checkpoint is None or work is None or element is None:
            self.form.clear()
            self.photos.set_photos(())
            return
        self.photos.set_owner((work.site.id, self._key(checkpoint)), work.site.lon, work.site.lat)
        draft = self._drafts.get(self._key(checkpoint))
        latest = work.latest.get(checkpoint.id)
        answers: dict[str, Any] = dict(draft.answers) if draft else {}
        if draft is None and latest is not None and latest.state is VisitState.RETURNED:
            answers = dict(latest.answers)
        self._state.setText(self._state_text(checkpoint))
        self._state.setVisible(bool(self._state.text()))
        self.form.show_element(
            self._context.survey.definition.checklist, element, answers, self._judge(work.site, element),
            full=self._full, digit_keys=self._context.settings.choices.number_keys,
        )  # fmt: skip
        self.photos.set_photos(draft.photos if draft else ())
        self._show_verdicts()

    def _state_text(self, checkpoint: Checkpoint) -> str:
        work = self._work
        latest = work.latest.get(checkpoint.id) if work else None
        earlier = work.earlier.get(checkpoint.id) if work else None
        if latest is None and earlier is not None:
            return site_work.told_earlier(self._context.survey.definition, earlier, checkpoint.element)
        if latest is None or self._key(checkpoint) in self._drafts:
            return ""
        day = latest.recorded_at[:10]
        if latest.state is VisitState.SUBMITTED:
            return tr("{day} 已提交，等待审核。再填写就是一次新的检查。").format(day=day)
        if latest.state is VisitState.RETURNED:
            return tr("{day} 的检查被退回，原来的回答已填好，请改正后重新提交。").format(day=day)
        return tr("{day} 的检查已通过审核。再填写就是一次复检。").format(day=day)

    def _judge(self, site: Site, element: ElementType) -> Any:
        definition = self._context.survey.definition

        def judge(answers: dict[str, Answer]) -> tuple[Verdict, ...]:
            return visits.judge(definition, site, element.code, answers)

        return judge

    def _show_verdicts(self) -> None:
        checkpoint = self._current()
        element = self._context.element(checkpoint.element) if checkpoint else None
        self.standard.show_rules(self._context.survey.definition.checklist, element, self.form.verdicts)
        hidden = self.form.hidden_count()
        self._more.setText(tr("只看关键条目") if self._full else tr("全部条目 +{n}").format(n=hidden))
        self._more.setVisible(self._full or hidden > 0)

    def next_checkpoint(self) -> None:
        """Go on to the next element; after the last one, to submitting."""
        if self._work is None:
            return
        if self._at + 1 < self.tabs.count():
            self.tabs.setCurrentIndex(self._at + 1)
            self.form.go_to()
        else:
            self.submit()

    def toggle_full(self) -> None:
        """Show all questions, or only those that decide whether one gets in."""
        self.save()
        self._full = not self._full
        self._show_checkpoint()
        self.form.go_to()

    def add_checkpoint(self) -> None:
        """Add one more element of a chosen type to the site."""
        if self._work is None:
            return
        elements = self._context.survey.definition.checklist.elements
        names = [e.label.in_language(language()) for e in elements]
        name, chosen = QInputDialog.getItem(self, tr("增加检查点"), tr("元素类型"), names, 0, False)
        if not chosen:
            return
        code, site, person = elements[names.index(name)].code, self._work.site.id, self._context.person
        self._context.tasks.write(
            lambda store: store.add_checkpoint(site, code, person=person)[1], lambda _done: self.open_site(site)
        )

    def edit_site(self) -> None:
        """Change name, address, community, class or position of the site in hand."""
        if self._work is not None:
            self._actions.edit(self._work.site)

    def new_site(self) -> None:
        """Add a site that the list does not have."""
        self._actions.add()

    def merge_site(self) -> None:
        """Say that the site in hand is another one."""
        if self._work is not None:
            self._actions.merge(self._work.site)

    # -- saving ---------------------------------------------------------------------------------------------------

    def _on_form_changed(self) -> None:
        if not self._started:
            self._started = self._now()
        self._dirty = True
        self._keep(self.form.raw_answers(), None)
        self._show_verdicts()
        self._save_timer.start()

    def _on_photos_added(self, owner: Owner, photos: list[Photo]) -> None:
        self._add_photos(owner, tuple(p.sha256 for p in photos))

    def _add_photos(self, owner: Owner, hashes: tuple[str, ...]) -> None:
        site, key = owner
        if self._work is not None and owner == (self._work.site.id, self._key(self._current())):
            held = self._drafts[key].photos if key in self._drafts else ()
            self._set_photos(tuple(dict.fromkeys((*held, *hashes))))
            return
        self.save()  # somebody went on while they were read: they still belong where they were taken in
        person, placed = self._context.person, DraftPhotos(site, *key, hashes)
        self._context.tasks.write(
            lambda store: store.place_photos(drafts=[placed], person=person),
            lambda _done: self.open_site(site) if self._asked_site == site else None,
        )

    def _on_photo_removed(self, sha256: str) -> None:
        key = self._key(self._current())
        draft = self._drafts.get(key)
        if draft is None or sha256 not in draft.photos:
            return

        def undo() -> None:
            self.messages.dismiss()
            self._add_photos((draft.site, key), (sha256,))

        self._set_photos(tuple(h for h in draft.photos if h != sha256))
        self.messages.show_message("info", tr("已从检查点移除 1 张照片。"), "", Button(tr("撤销"), undo, icon="undo"))

    def _set_photos(self, hashes: tuple[str, ...]) -> None:
        self._dirty = True
        self._keep(self.form.raw_answers(), hashes)
        self.photos.set_photos(hashes)
        self.save()

    def _on_no_photos(self) -> None:
        if self._work is None:
            return
        said, person = [VisitPhotos(visit, complete=True) for visit in self._work.awaiting], self._context.person
        self._context.tasks.write(
            lambda store: store.add_visit_photos(said, person=person), None, self.messages.show_error
        )

    def _keep(self, answers: dict[str, Any], photos: tuple[str, ...] | None) -> None:
        checkpoint = self._current()
        if checkpoint is None or self._work is None:
            return
        key = self._key(checkpoint)
        held = self._drafts.get(key)
        self._drafts[key] = Draft(
            site=self._work.site.id, element=key[0], number=key[1], person=self._context.person, answers=answers,
            photos=photos if photos is not None else (held.photos if held else ()),
        )  # fmt: skip
        self._draw_tabs()

    def save(self) -> None:
        """Save what is typed now; does nothing when all is saved."""
        self._save_timer.stop()
        if not self._dirty:
            return
        self._dirty = False
        draft = self._drafts.get(self._key(self._current()))
        if draft is None:
            return
        if draft.answers or draft.photos:
            first, self._listed_draft = self._listed_draft != draft.site, draft.site
            self._context.tasks.write(
                lambda store: store.save_draft(draft), lambda _done: self._ask_sites() if first else None, urgent=True
            )
        else:
            del self._drafts[draft.element, draft.number]
            self._draw_tabs()
            self._context.tasks.write(
                lambda store: store.drop_draft(draft.site, draft.element, draft.number), urgent=True
            )

    @staticmethod
    def _now() -> str:
        return datetime.now().astimezone().isoformat(timespec="seconds")

    # -- submitting -----------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Ask how the visit ended and submit it."""
        self.save()
        if self._work is None or (not self._context.person and not self._context.ask_person()):
            return
        filled, missing, proposed = self._summary()
        all_filled = len(filled) == len(self._work.checkpoints)
        dialog = SubmitDialog(
            filled, missing, proposed, all_filled=all_filled,
            digit_keys=self._context.settings.choices.number_keys, parent=self,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.jump.connect(self._on_jump)
        dialog.accepted.connect(lambda: self._send(dialog))
        dialog.open()

    def _summary(self) -> tuple[list[str], list[Missing], list[Proposed]]:
        assert self._work is not None
        filled, missing, proposed = [], list[Missing](), list[Proposed]()
        for checkpoint in self._work.checkpoints:
            key = self._key(checkpoint)
            name = self._context.element_name(*key)
            draft, element = self._drafts.get(key), self._context.element(key[0])
            if element is None:
                continue
            if draft is None or not (draft.answers or draft.photos):
                if checkpoint.status.unfinished and not checkpoint.pending:
                    missing.append(Missing(*key, "", tr("{name}：未填写").format(name=name), False))
                continue
            filled.append(name)
            missing += self._open_questions(element, draft, name)
            proposed += self._problems(element, draft, name)
        return filled, missing, proposed

    def _open_questions(self, element: ElementType, draft: Draft, name: str) -> list[Missing]:
        answers, faulty = self._read(element, draft)
        found = [Missing(draft.element, draft.number, question, named(name, text), True) for question, text in faulty]
        for fault in checklists.check_answers(element, answers):
            if fault.question not in {q for q, _ in faulty}:
                found.append(
                    Missing(draft.element, draft.number, fault.question, named(name, fault.message), fault.hard)
                )
        for question in checklists.relevant_questions(element, answers):
            if question.core and question.name not in answers and question.kind != "note":
                text = tr("{name}：{question} 未填").format(name=name, question=question.label.in_language(language()))
                if not any(m.question == question.name for m in found):
                    found.append(Missing(draft.element, draft.number, question.name, text, False))
        return found

    @staticmethod
    def _read(element: ElementType, draft: Draft) -> tuple[dict[str, Answer], list[tuple[str, str]]]:
        answers: dict[str, Answer] = {}
        faulty = []
        for name, raw in draft.answers.items():
            question = element.question(name)
            if question is None:
                continue
            try:
                answers[name] = checklists.parse_answer(question, raw)
            except AnswerError as error:
                faulty.append((name, error.message))
        return answers, faulty

    def _problems(self, element: ElementType, draft: Draft, name: str) -> list[Proposed]:
        assert self._work is not None
        answers, _ = self._read(element, draft)
        verdicts = visits.judge(self._context.survey.definition, self._work.site, element.code, answers)
        told = visits.problems(self._context.survey.definition, element, verdicts)
        return [
            Proposed(
                draft.element, draft.number, problem.problem,
                f"{name} · {tr(words.label(problem.problem))}", reasons,
            )
            for problem, reasons in told
        ]  # fmt: skip

    def _on_jump(self, missing: Missing) -> None:
        assert self._work is not None
        keys = [self._key(c) for c in self._work.checkpoints]
        if (missing.element, missing.number) in keys:
            self.tabs.setCurrentIndex(keys.index((missing.element, missing.number)))
        self.columns.show_pane("form")
        self.form.go_to(missing.question)

    def _send(self, dialog: SubmitDialog) -> None:
        assert self._work is not None
        site, person, started = self._work.site, self._context.person, self._started
        outcome, reason, dismissed, follow = dialog.outcome, dialog.reason, dialog.dismissed, dialog.photos_to_follow
        self._context.tasks.write(
            lambda store: site_work.submit_drafts(
                store,
                site.id,
                person=person,
                outcome=outcome,
                reason=reason,
                dismissed=dismissed,
                started=started,
                photos_to_follow=follow,
            ),
            lambda _done: self._on_submitted(site),
            self.messages.show_error,
        )

    def _on_submitted(self, site: Site) -> None:
        if self._asked_site == site.id:
            self._drafts.clear()
            self._dirty = False
            self._started = ""
        following = Button(tr("下一个点位"), self._go_on)
        self.messages.show_message("good", tr("“{name}”的走访已提交，等待审核。").format(name=site.name), "", following)
        if self._asked_site == site.id:
            self.open_site(site.id)

    def _go_on(self) -> None:
        self.messages.dismiss()
        self.sites.select_next()
        self.form.go_to()
