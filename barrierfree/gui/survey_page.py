"""The survey page: my sites, the form of the element in hand, photos and what the standard asks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QInputDialog, QTabBar, QVBoxLayout, QWidget

from barrierfree.gui import icons
from barrierfree.gui.adaptive_columns import AdaptiveColumns, Pane
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.checklist_form import ChecklistForm
from barrierfree.gui.checkpoint_extras import GoneQuestion, SeenProblems
from barrierfree.gui.context import Context
from barrierfree.gui.draft_keeper import DraftKeeper
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.paper_actions import PaperActions
from barrierfree.gui.photo_pane import PhotoPane
from barrierfree.gui.site_actions import SiteActions
from barrierfree.gui.site_head import SiteHead
from barrierfree.gui.site_list import SiteList
from barrierfree.gui.standard_card import StandardCard
from barrierfree.gui.submit_dialog import SubmitDialog
from barrierfree.gui.theme import tokens
from barrierfree.i18n import bracketed, language, listed, named, phrased, tr
from barrierfree.model import words
from barrierfree.model.definition import ElementType
from barrierfree.model.records import Answer, Changes, Checkpoint, Finding, Inspection, Photo, Site, Verdict
from barrierfree.model.words import FindingState, VisitState
from barrierfree.operations import draft_extras, site_work, visits
from barrierfree.operations.draft_extras import Extras
from barrierfree.operations.readiness import Key, Missing, Readiness, readiness
from barrierfree.operations.site_work import Beginning, SaidBefore, SiteWork
from barrierfree.store import DraftPhotos, SiteFigures, VisitPhotos

ORDER, BY_LIST, BY_WALKING = "survey.order", "list", "walking"  # what settings remember of the list's order
Owner = tuple[str, Key]  # whose photos: a site, and element and number of a checkpoint


class SurveyPage(Page):
    """Keeps no facts: what is typed goes into drafts at once, and becomes a visit when it is submitted."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(tr("调查"), parent)
        self._context = context
        self._work: SiteWork | None = None
        self.drafts = DraftKeeper(context, self)
        self._at = 0
        self._full: bool | None = None  # None: whatever suits the checkpoint
        self._asked_site = ""
        self._begun = False
        self._gone: GoneQuestion | None = None
        self._seen: SeenProblems | None = None
        self._goes_on = False  # whether the cursor goes into the form when the site is there
        self._just_added = ""  # the element type of a checkpoint that is to be gone to when it is there
        self._taken_over: dict[str, str] = {}  # question: the site whose answer was taken over
        self._as_taken: dict[str, Any] = {}  # and that answer
        self._actions = SiteActions(context, self)
        self._actions.opened.connect(self._on_found)
        self._paper = PaperActions(
            context, self, listed=lambda: self.sites.filter(context.person),
            in_hand=lambda: self._work.site if self._work else None, before=self.drafts.save,
        )  # fmt: skip
        self._paper.entered.connect(lambda: self.open_site(self._asked_site) if self._asked_site else None)
        self.sites = SiteList(context)
        self.form = ChecklistForm()
        self.photos = PhotoPane(context)
        self.standard = StandardCard(context.settings)
        self._build()
        self._connect()
        self.header.set_sample(context.survey.sample)
        self._show_nothing()

    # -- building -------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._middle = Card(padding=0)
        self.head = SiteHead(
            self._context, self._actions, lambda site: self._context.go("map", site.id), self._no_photos
        )
        self.header.add_action(self._paper.menu_button())
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
        self._repeat = Button(tr("沿用上次描述"), self.take_over, shortcut="Ctrl+R")
        self._add = Button(tr("增加检查点"), self.add_checkpoint, icon="add")
        self.submit_button = Button(tr("提交走访"), self.submit, shortcut="Ctrl+S")
        self._footer = FlowRow(self._next, self._more, self._repeat, self._add, self.submit_button)
        self._footer.setContentsMargins(18, 10, 18, 10)
        body = self._middle.body
        body.setContentsMargins(1, 1, 1, 1)
        body.setSpacing(4)
        body.addWidget(self.head)
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

    def _connect(self) -> None:
        paste = QAction(tr("粘贴照片"), self)
        paste.setShortcut(QKeySequence("Ctrl+Shift+V"))
        paste.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.triggered.connect(lambda _on=False: self.photos.paste())
        self.addAction(paste)
        self.sites.wanted.connect(self._ask_sites)
        self.sites.more.connect(self._ask_sites)
        self.sites.walk.changed.connect(self._on_order)
        self.sites.chosen.connect(lambda site: self.open_site(site.id))
        self.sites.opened.connect(self._on_site_opened)
        self.tabs.currentChanged.connect(self._on_tab)
        self.form.changed.connect(self._on_form_changed)
        self.form.focused.connect(self.standard.show_question)
        self.photos.added.connect(self._on_photos_added)
        self.drafts.changed.connect(self._draw_tabs)
        self.drafts.begun.connect(self._ask_sites)
        self.photos.removed.connect(self._on_photo_removed)

    # -- page -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the list when the page comes into sight."""
        self._ask_figures()
        if self._begun:
            self._ask_sites()
            if self._work is not None and not self.drafts.dirty and self._asked_site == self._work.site.id:
                self.open_site(self._asked_site)  # photos may have been put into its drafts elsewhere
            return
        self._begun = True
        person = self._context.person
        self._context.tasks.read(lambda store: site_work.beginning(store, person), self._on_beginning)

    def _on_beginning(self, found: Beginning) -> None:
        """Walk on from the last visit; say what was found again if the program had been torn down."""
        if self._context.settings.get(ORDER) == BY_LIST:
            self.sites.walk.keep_list()
        self.sites.walk.suggest(found.here)
        self._ask_sites()
        if self._context.survey.left_open and found.drafts:
            first = found.sites[0]
            text = tr("程序上次没有正常关闭。没有提交的填写都找回来了：{n} 个检查点，在{sites}。").format(
                n=found.drafts, sites=listed(tr("“{name}”").format(name=s.name) for s in found.sites[:3])
            )
            if len(found.sites) > 3:
                text = tr("程序上次没有正常关闭。没有提交的填写都找回来了：{n} 个检查点，在 {m} 个点位。").format(
                    n=found.drafts, m=len(found.sites)
                )
            advice = tr("最后保存于 {time}。最后几秒输入的请再看一眼。").format(
                time=found.saved_at[:16].replace("T", " ")
            )
            self.messages.show_message("warning", text, advice, Button(tr("继续填写"), lambda: self._resume(first.id)))

    def _resume(self, site: str) -> None:
        self.messages.dismiss()
        self._on_found(site)

    def apply_changes(self, changes: Changes) -> None:
        """Reload the list and the open site when records (not only drafts) changed."""
        if changes.written and (changes.sites or changes.visits or changes.findings):
            self._ask_figures()
            self._ask_sites()
            held = self._work.site.id if self._work is not None else ""
            if held == self._asked_site and held in changes.sites and not self.drafts.dirty:
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
            self.drafts.save()
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
        self.columns.show_pane("form")
        self.open_site(site, go=True)

    def _on_order(self) -> None:
        self._context.settings.set(ORDER, BY_LIST if self.sites.walk.is_by_list else BY_WALKING)

    def _on_site_opened(self, site: Site) -> None:
        self.columns.show_pane("form")
        if self._work is None or self._work.site.id != site.id:
            self.open_site(site.id, go=True)
        else:
            QTimer.singleShot(0, self, self.form.go_to)

    # -- site -----------------------------------------------------------------------------------------------------

    def open_site(self, site: str, *, go: bool = False) -> None:
        """Show a site, and ``go`` on to its form; what was typed before is saved first."""
        self.drafts.save()
        self._goes_on = go or (self._goes_on and site == self._asked_site)
        self._asked_site = site
        person = self._context.person
        self._context.tasks.read(
            lambda store: site_work.site_work(store, site, person), self._show_site, replaces="survey.site"
        )

    def _show_site(self, work: SiteWork) -> None:
        if work.site.id != self._asked_site:  # meanwhile somebody went on to another site
            return
        again = self._work is not None and self._work.site.id == work.site.id
        if again and self.drafts.dirty:
            return
        at = _key(self._current()) if again and self._current() else None
        if not again:
            self._full = None
        self._work = work
        self.drafts.open(work.site.id, work.drafts)
        site = work.site
        self.head.show_work(work)
        self.sites.walk.set_site(site)
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for checkpoint in work.checkpoints:
            self.tabs.addTab(self._context.element_name(checkpoint.element, checkpoint.number))
        keys = [_key(c) for c in work.checkpoints]
        added, self._just_added = self._just_added, ""
        go, self._goes_on = self._goes_on, False
        if added:
            at = max((key for key in keys if key[0] == added), default=at)
        self._at = keys.index(at) if at in keys else 0
        self.tabs.setCurrentIndex(self._at)
        self.tabs.blockSignals(False)
        self._empty.setVisible(not work.checkpoints)
        self._empty.setText(tr("这个点位没有要检查的元素。\n可以按“增加检查点”，或直接提交走访说明情况。"))
        for widget in (self.tabs, self.form, self._state):
            widget.setVisible(bool(work.checkpoints))
        self._footer.show()
        self._draw_tabs()
        self._show_checkpoint()
        self.sites.select(site.id, quietly=True)
        if go:
            self.form.go_to()

    def _show_nothing(self) -> None:
        for widget in (self.tabs, self.form, self._state, self._footer):
            widget.hide()
        self.head.show_work(None)
        self._empty.setText(
            tr("在左边的列表里选一个点位，按回车开始填写。\n按 Ctrl+F 搜索：名称、地址、编码或拼音首字母。")
        )
        self._empty.show()
        self.photos.setEnabled(False)

    def _current(self) -> Checkpoint | None:
        if self._work is None or not self._work.checkpoints:
            return None
        return self._work.checkpoints[min(self._at, len(self._work.checkpoints) - 1)]

    def _draw_tabs(self) -> None:
        if self._work is None:
            return
        for at, checkpoint in enumerate(self._work.checkpoints):
            key = checkpoint.status.value
            if self.drafts.holds(_key(checkpoint)):
                key = "pending"
            self.tabs.setTabIcon(at, icons.symbol_icon(key, tokens().text(18)))
            name = self._context.element_name(checkpoint.element, checkpoint.number)
            self.tabs.setTabToolTip(at, named(name, tr(words.label(checkpoint.status))))
            self.tabs.setAccessibleTabName(at, phrased((name, tr(words.label(checkpoint.status)))))

    # -- checkpoint -----------------------------------------------------------------------------------------------

    def _on_tab(self, at: int) -> None:
        self.drafts.save()
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
        self.photos.set_owner((work.site.id, _key(checkpoint)), work.site.lon, work.site.lat)
        draft = self.drafts.drafts.get(_key(checkpoint))
        latest = work.latest.get(checkpoint.id)
        raw: dict[str, Any] = dict(draft.answers) if draft else {}
        if draft is None and latest is not None and latest.state is VisitState.RETURNED:
            raw = _as_drafted(latest)
        told = (self._claimed_text(work, checkpoint), self._state_text(checkpoint))
        self._state.setText("\n".join(text for text in told if text))
        self._state.setVisible(bool(self._state.text()))
        extras = draft_extras.extras_of(raw)
        self._taken_over = dict(extras.taken_over)
        self._as_taken = {name: raw.get(name) for name in extras.taken_over}
        self._build_extras(work.asks_gone(checkpoint), extras)
        self.form.show_element(
            self._context.survey.definition.checklist, element, draft_extras.answers_of(raw),
            self._judge(work.site, element), full=self._shows_all(checkpoint),
            digit_keys=self._context.settings.choices.number_keys, above=self._gone, below=self._seen,
        )  # fmt: skip
        self._remark()
        self.photos.set_photos(draft.photos if draft else ())
        self._show_verdicts()

    def _build_extras(self, claimed: Sequence[Finding], extras: Extras) -> None:
        """What is asked beside the questions; the form takes it and ends it with its own fields."""
        digit_keys = self._context.settings.choices.number_keys
        self._gone = GoneQuestion(claimed, extras.gone, digit_keys=digit_keys) if claimed else None
        self._seen = SeenProblems(extras.seen, digit_keys=digit_keys)
        for widget in (self._gone, self._seen):
            if widget is not None:
                widget.changed.connect(self._on_form_changed)

    def _shows_all(self, checkpoint: Checkpoint) -> bool:
        """All questions at a re-inspection, else those that decide whether one gets in; unless the user chose."""
        assert self._work is not None
        return self._work.is_again(checkpoint) if self._full is None else self._full

    def _claimed_text(self, work: SiteWork, checkpoint: Checkpoint) -> str:
        """Which measured problems are said to be repaired: what the volunteer has come to measure again."""
        checklist, told = self._context.survey.definition.checklist, []
        for finding in work.findings_at(checkpoint):
            if finding.state is not FindingState.CLAIMED or not finding.rules:
                continue
            rules = [rule for rule in map(checklist.rule, finding.rules) if rule is not None]
            asked = phrased(rule.label.in_language(language()) for rule in rules)
            problem = tr(words.label(finding.problem))
            told.append(bracketed(problem, asked) if asked else problem)
        return tr("待验收，请重新量：{problems}。").format(problems=listed(told)) if told else ""

    def _state_text(self, checkpoint: Checkpoint) -> str:
        work = self._work
        latest = work.latest.get(checkpoint.id) if work else None
        earlier = work.earlier.get(checkpoint.id) if work else None
        if latest is None and earlier is not None:
            return site_work.told_earlier(self._context.survey.definition, earlier, checkpoint.element)
        if latest is None or _key(checkpoint) in self.drafts.drafts:
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
        full = checkpoint is not None and self._shows_all(checkpoint)
        more = tr("全部条目 +{n}").format(n=hidden) if hidden else tr("全部条目")
        self._more.setText(tr("只看关键条目") if full else more)
        self._more.setVisible(element is not None and any(not q.core for q in element.questions))
        said, held = self._said_before(), self.form.raw_answers()
        self._repeat.setVisible(said is not None and any(name not in held for name in said.answers))
        if said is not None:
            self._repeat.setToolTip(tr("沿用“{site}”的材料、形式等描述（Ctrl+R），不含尺寸").format(site=said.site))

    def _said_before(self) -> SaidBefore | None:
        """What to take over for the element in hand: from another one of its type here, else from the last site."""
        checkpoint, work = self._current(), self._work
        element = self._context.element(checkpoint.element) if checkpoint else None
        if checkpoint is None or work is None or element is None:
            return None
        for key, draft in self.drafts.drafts.items():
            if key[0] == checkpoint.element and key[1] != checkpoint.number:
                answers = site_work.descriptive(element, draft.answers)
                if answers:
                    return SaidBefore(answers=answers, site=self._context.element_name(*key))
        return work.said_before.get(checkpoint.element)

    def take_over(self) -> None:
        """Answer what only describes (material, form) as for the last element of this type; measurements never."""
        said = self._said_before()
        if said is not None:
            known = set(self.form.raw_answers())
            taken = {name: answer for name, answer in said.answers.items() if name not in known}
            self._taken_over |= dict.fromkeys(taken, said.site)
            self._as_taken |= taken
            self.form.fill_in(said.answers)

    def _remark(self) -> None:
        text = tr("沿用自“{site}”，请看一眼是否一样。")
        self.form.remark({name: text.format(site=site) for name, site in self._taken_over.items()})

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
        checkpoint = self._current()
        if checkpoint is None:
            return
        self.drafts.save()
        self._full = not self._shows_all(checkpoint)
        self._show_checkpoint()
        self.form.go_to()

    def add_checkpoint(self) -> None:
        """Add one more element of a chosen type to the site."""
        if self._work is None:
            return
        elements = self._context.survey.definition.checklist.elements
        names = [e.label.in_language(language()) for e in elements]
        at = next((i for i, e in enumerate(elements) if e.code == _key(self._current())[0]), 0)
        name, chosen = QInputDialog.getItem(self, tr("增加检查点"), tr("元素类型"), names, at, False)
        if not chosen:
            return
        code, site, person = elements[names.index(name)].code, self._work.site.id, self._context.person

        def show(_done: object) -> None:
            self._just_added = code
            self.open_site(site, go=True)

        self._context.tasks.write(lambda store: store.add_checkpoint(site, code, person=person)[1], show)

    def new_site(self) -> None:
        """Add a site that the list does not have."""
        self._actions.add()

    # -- saving ---------------------------------------------------------------------------------------------------

    def _on_form_changed(self) -> None:
        answers = self.form.raw_answers()
        for name in list(self._taken_over):  # what was typed over is no longer taken over
            if answers.get(name) != self._as_taken.get(name):
                del self._taken_over[name]
        self._remark()
        self.drafts.keep(_key(self._current()), self._with_extras(answers))
        self._show_verdicts()

    def _with_extras(self, answers: dict[str, Any]) -> dict[str, Any]:
        extras = Extras(
            gone=self._gone.value if self._gone else "", seen=self._seen.value() if self._seen else (),
            taken_over=self._taken_over,
        )  # fmt: skip
        return draft_extras.with_extras(answers, extras)

    def _on_photos_added(self, owner: Owner, photos: list[Photo]) -> None:
        self._add_photos(owner, tuple(p.sha256 for p in photos))

    def _add_photos(self, owner: Owner, hashes: tuple[str, ...]) -> None:
        site, key = owner
        if self._work is not None and owner == (self._work.site.id, _key(self._current())):
            held = self.drafts.drafts[key].photos if key in self.drafts.drafts else ()
            self._set_photos(tuple(dict.fromkeys((*held, *hashes))))
            return
        self.drafts.save()  # somebody went on while they were read: they still belong where they were taken in
        person, placed = self._context.person, DraftPhotos(site, *key, hashes)
        self._context.tasks.write(
            lambda store: store.place_photos(drafts=[placed], person=person),
            lambda _done: self.open_site(site) if self._asked_site == site else None,
        )

    def _on_photo_removed(self, sha256: str) -> None:
        key = _key(self._current())
        draft = self.drafts.drafts.get(key)
        if draft is None or sha256 not in draft.photos:
            return

        def undo() -> None:
            self.messages.dismiss()
            self._add_photos((draft.site, key), (sha256,))

        self._set_photos(tuple(h for h in draft.photos if h != sha256))
        self.messages.show_message("info", tr("已从检查点移除 1 张照片。"), "", Button(tr("撤销"), undo, icon="undo"))

    def _set_photos(self, hashes: tuple[str, ...]) -> None:
        self.drafts.keep(_key(self._current()), self._with_extras(self.form.raw_answers()), hashes)
        self.photos.set_photos(hashes)
        self.drafts.save()

    def _no_photos(self) -> None:
        if self._work is None:
            return
        said, person = [VisitPhotos(visit, complete=True) for visit in self._work.awaiting], self._context.person
        self._context.tasks.write(
            lambda store: store.add_visit_photos(said, person=person), None, self.messages.show_error
        )

    # -- submitting -----------------------------------------------------------------------------------------------

    def ready(self) -> Readiness:
        """What a visit would be if it were submitted now."""
        assert self._work is not None
        names = {_key(c): self._context.element_name(*_key(c)) for c in self._work.checkpoints}
        definition = self._context.survey.definition
        return readiness(definition, self._work.site, self._work.checkpoints, self.drafts.drafts, names)

    def submit(self) -> None:
        """Ask how the visit ended and submit it."""
        self.drafts.save()
        if self._work is None or (not self._context.person and not self._context.ask_person()):
            return
        dialog = SubmitDialog(self.ready(), digit_keys=self._context.settings.choices.number_keys, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.jump.connect(self._on_jump)
        dialog.accepted.connect(lambda: self._send(dialog))
        dialog.open()

    def _on_jump(self, missing: Missing) -> None:
        assert self._work is not None
        keys = [_key(c) for c in self._work.checkpoints]
        if (missing.element, missing.number) in keys:
            self.tabs.setCurrentIndex(keys.index((missing.element, missing.number)))
        self.columns.show_pane("form")
        self.form.go_to(missing.question)

    def _send(self, dialog: SubmitDialog) -> None:
        assert self._work is not None
        site, person, started = self._work.site, self._context.person, self.drafts.started
        follow = dialog.photos_to_follow
        outcome, reason, dismissed, severities = dialog.outcome, dialog.reason, dialog.dismissed, dialog.severities
        self._context.tasks.write(
            lambda store: site_work.submit_drafts(
                store,
                site.id,
                person=person,
                outcome=outcome,
                reason=reason,
                dismissed=dismissed,
                severities=severities,
                started=started,
                photos_to_follow=follow,
            ),
            lambda _done: self._on_submitted(site),
            self.messages.show_error,
        )

    def _on_submitted(self, site: Site) -> None:
        if self.drafts.site == site.id:
            self.drafts.submitted()
        here = site_work.standing_at(site)
        if here is not None:
            self._context.standing.stand(here)
        following = Button(tr("下一个点位"), self._go_on)
        self.messages.show_message("good", tr("“{name}”的走访已提交，等待审核。").format(name=site.name), "", following)
        if self._asked_site == site.id:
            following.setFocus()  # the field that had it is gone with the drafts; Enter goes on
            self.open_site(site.id)

    def _go_on(self) -> None:
        self.messages.dismiss()
        before = self._asked_site
        self.sites.select_next()
        if self._asked_site != before:
            self._goes_on = True
        else:
            self.form.go_to()


def _key(checkpoint: Checkpoint | None) -> Key:
    return (checkpoint.element, checkpoint.number) if checkpoint else ("", 0)


def _as_drafted(returned: Inspection) -> dict[str, Any]:
    """What a returned inspection said, to begin with."""
    extras = Extras(seen=tuple(p for p in returned.problems if not p.rules))
    return draft_extras.with_extras(returned.answers, extras)
