"""The settings page: who I am, language, text size, contrast, keys, basemaps, folders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from barrierfree import __version__
from barrierfree.gui.basemap_card import BasemapCard
from barrierfree.gui.buttons import Button
from barrierfree.gui.cards import Card
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.context import Context
from barrierfree.gui.labels import label
from barrierfree.gui.page import Page
from barrierfree.gui.theme import tokens
from barrierfree.i18n import LANGUAGES, tr
from barrierfree.model.records import Changes, Person

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class SettingsPage(Page):
    """Every choice takes effect at once and is kept."""

    def __init__(self, context: Context, on_look: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(tr("设置"), parent)
        self._context = context
        self._on_look = on_look
        self.header.set_sample(context.survey.sample)
        inner = QWidget()
        inner.setProperty("role", "plain")
        self._column = QVBoxLayout(inner)
        self._column.setSpacing(12)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._add_person()
        self._add_look()
        self._add_keys()
        self._add_photos()
        self.basemaps = BasemapCard(context, self)
        self._column.addWidget(self.basemaps)
        self._add_places()
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.body.addWidget(scroll, 1)

    def activate(self) -> None:
        """Read who is known."""
        self._context.tasks.read(lambda store: store.people(), self._show_people, replaces="settings.people")
        self.basemaps.work.refresh()

    def apply_changes(self, changes: Changes) -> None:
        """Somebody was registered."""
        if changes.people:
            self.activate()

    def _add_person(self) -> None:
        card = Card(tr("我是谁"))
        card.body.addWidget(
            label(tr("提交、审核和整改都记在这个名字下。这不是登录，也不限制权限。"), "muted", wrap=True)
        )
        row = QHBoxLayout()
        self.people = QComboBox()
        self.people.setAccessibleName(tr("我是谁"))
        self.people.setMinimumWidth(tokens().text(220))
        self.people.activated.connect(self._on_person)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("新的姓名"))
        self.name.setPlaceholderText(tr("新的姓名"))
        self.name.returnPressed.connect(self._on_register)
        row.addWidget(self.people)
        row.addWidget(self.name, 1)
        row.addWidget(Button(tr("登记并使用"), self._on_register))
        card.body.addLayout(row)
        card.body.addWidget(label(tr("主要工作"), "strong"))
        roles = [("volunteer", tr("志愿者")), ("staff", tr("残联工作人员")), ("coordinator", tr("统筹员"))]
        self.role = self._choice(card, tr("主要工作"), roles, self._context.settings.choices.role)
        self.role.chosen.connect(lambda value: self._change(role=value or "volunteer"))
        card.body.addWidget(label(tr("只决定打开时先看到哪一页。"), "small"))
        self._column.addWidget(card)

    def _add_look(self) -> None:
        card = Card(tr("显示"))
        choices = self._context.settings.choices
        card.body.addWidget(label(tr("语言 / Language"), "strong"))
        self.language = self._choice(card, tr("语言"), list(LANGUAGES.items()), choices.language)
        card.body.addWidget(label(tr("文字大小"), "strong"))
        sizes = [(str(s), f"{s:.0%}") for s in SCALES]
        self.scale = self._choice(card, tr("文字大小"), sizes, str(choices.text_scale))
        card.body.addWidget(label(tr("颜色"), "strong"))
        themes = [("system", tr("跟随系统")), ("light", tr("浅色")), ("dark", tr("深色")), ("contrast", tr("高对比度"))]
        self.theme = self._choice(card, tr("颜色"), themes, choices.theme)
        self.language.chosen.connect(lambda value: self._look(language=value or "zh_CN"))
        self.scale.chosen.connect(lambda value: self._look(text_scale=float(value or 1.0)))
        self.theme.chosen.connect(lambda value: self._look(theme=value or "system"))
        self._column.addWidget(card)

    def _add_keys(self) -> None:
        card = Card(tr("键盘"))
        box = QCheckBox(tr("焦点在选择题上时，用 1、2、3 回答"))
        box.setChecked(self._context.settings.choices.number_keys)
        box.toggled.connect(lambda on: self._change(number_keys=on))
        card.body.addWidget(box)
        card.body.addWidget(label(tr("按 F1 查看全部快捷键。"), "muted"))
        self._column.addWidget(card)

    def _add_photos(self) -> None:
        card = Card(tr("照片"))
        self.originals = QCheckBox(tr("保留原图"))
        self.originals.setChecked(self._context.settings.choices.keep_originals)
        self.originals.toggled.connect(lambda on: self._change(keep_originals=on))
        card.body.addWidget(self.originals)
        hint = tr("照片保存时缩小到 1600 像素。勾选后，原图也放在照片文件夹里，占用的空间约大十倍；原图带有拍摄位置。")
        card.body.addWidget(label(hint, "muted", wrap=True))
        self._column.addWidget(card)

    def _add_places(self) -> None:
        card = Card(tr("文件"))
        survey = self._context.survey
        held = tr("本机持有总库") if survey.main_file else tr("本机不是总库")
        lines = (
            tr("普查文件：{path}").format(path=survey.path),
            tr("照片文件夹：{path}").format(path=survey.path.with_suffix(".photos")),
            held,
            tr("无障碍普查 {version}").format(version=__version__),
        )
        for line in lines:
            text = label(line, wrap=True)
            text.setTextInteractionFlags(text.textInteractionFlags().TextSelectableByMouse)
            card.body.addWidget(text)
        self._column.addWidget(card)

    @staticmethod
    def _choice(card: Card, name: str, choices: list[tuple[str, str]], value: str) -> ChoiceButtons:
        made = ChoiceButtons(choices, name)
        made.set_value(value)
        card.body.addWidget(made)
        return made

    def _show_people(self, people: list[Person]) -> None:
        self.people.clear()
        self.people.addItem(tr("（请选择）"), "")
        for person in people:
            self.people.addItem(person.name, person.id)
        self.people.setCurrentIndex(max(self.people.findData(self._context.person), 0))

    def _on_person(self, at: int) -> None:
        person, name = self.people.itemData(at), self.people.itemText(at)
        if person:
            self._look(person=person, person_name=name)

    def _on_register(self) -> None:
        name = self.name.text().strip()
        if name:
            self._context.tasks.write(lambda store: store.name_person(name), self._on_registered)

    def _on_registered(self, result: tuple[str, Changes]) -> None:
        name = self.name.text().strip()
        self.name.clear()
        self._look(person=result[0], person_name=name)
        self.activate()

    def _change(self, **values: Any) -> None:
        self._context.settings.change(**values)

    def _look(self, **values: Any) -> None:
        self._change(**values)
        self._on_look()
