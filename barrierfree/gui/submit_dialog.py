"""Before a visit is submitted: how it ended, what is missing (with a jump to it), which problems are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.checkpoint_extras import severity_choices
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, tr
from barrierfree.model import words
from barrierfree.model.words import Outcome
from barrierfree.operations.readiness import Key, Missing, Proposed, Readiness


class SubmitDialog(FormDialog):
    """Decides how a visit is submitted; read its properties when it was accepted.

    Signals:
        jump(Missing): the user wants to go to a missing answer; the dialog closes.
    """

    jump = Signal(object)

    def __init__(self, ready: Readiness, *, digit_keys: bool, parent: QWidget | None = None) -> None:
        super().__init__(tr("提交走访"), tr("提交"), parent, height=560, cancel=tr("返回填写"))
        filled = ready.filled
        self._filled = bool(filled)
        self._blocked = any(m.blocks for m in ready.missing)
        self._digit_keys = digit_keys
        self._boxes: list[tuple[Proposed, QCheckBox, ChoiceButtons]] = []
        self._add_outcome(ready.all_filled)
        self.fields.addWidget(
            label(tr("已填写：{names}").format(names=listed(filled)) if filled else tr("还没有填写检查点。"), wrap=True)
        )
        if self._blocked:
            self._add_missing(ready.missing)
        self._add_proposed(ready.proposed)
        if not self._blocked:  # what could be added stands below what is to be decided
            self._add_missing(ready.missing)
        self.photos_box = QCheckBox(tr("照片待补：晚上从手机导入"))
        self.fields.addSpacing(6)
        self.fields.addWidget(self.photos_box)
        self.photos_box.setVisible(self._filled)  # photos belong to checkpoints
        self.finish(self.outcome_choice)

    def _add_outcome(self, all_filled: bool) -> None:
        title = label(tr("这次走访的结果"), "strong")
        choices = [(o.value, tr(words.label(o))) for o in Outcome]
        self.outcome_choice = ChoiceButtons(choices, tr("这次走访的结果"), digit_keys=self._digit_keys)
        if self._filled:
            self.outcome_choice.set_value(Outcome.DONE if all_filled else Outcome.PARTLY)
        self.outcome_choice.chosen.connect(self._on_outcome)
        self._reason_title = label(tr("原因"), "strong")
        self.reason_edit = QLineEdit()
        self.reason_edit.setPlaceholderText(tr("例如：正在装修、地址不存在、不让进"))
        self._reason_title.setBuddy(self.reason_edit)
        for widget in (title, self.outcome_choice, self._reason_title, self.reason_edit):
            self.fields.addWidget(widget)
        self._on_outcome(self.outcome_choice.value())

    def _add_missing(self, missing: Sequence[Missing]) -> None:
        if not missing:
            return
        text = tr("必填的问题还没有答完，点击可跳过去：") if self._blocked else tr("还可以补充（点击跳过去）：")
        self.fields.addWidget(label(text, "strong", wrap=True))
        for one in missing[:12]:
            self.fields.addWidget(Button(one.text, partial(self._on_jump, one), kind="link"))
        if len(missing) > 12:
            self.fields.addWidget(label(tr("……还有 {n} 项").format(n=len(missing) - 12), "muted"))

    def _add_proposed(self, proposed: Sequence[Proposed]) -> None:
        if not proposed:
            return
        self.fields.addWidget(label(tr("将登记的问题（不同意可取消勾选）："), "strong", wrap=True))
        hint = tr("严重：进不去、用不了或有危险；一般：要人帮忙；轻微：不方便。先按条文的强制程度建议。")
        self.fields.addWidget(label(hint, "small", wrap=True))
        for one in proposed:
            box = QCheckBox(one.title)
            box.setChecked(True)
            box.setAccessibleDescription(one.text)
            severity = ChoiceButtons(
                severity_choices(), tr("{name}的严重程度").format(name=one.title), digit_keys=self._digit_keys
            )
            severity.set_value(one.severity)
            box.toggled.connect(severity.setEnabled)
            reasons = label(one.text, "muted", wrap=True)
            below = QWidget()
            below.setProperty("role", "plain")
            column = QVBoxLayout(below)
            column.setContentsMargins(tokens().text(34), 0, 0, 6)
            column.addWidget(reasons)
            column.addWidget(severity)
            self.fields.addWidget(box)
            self.fields.addWidget(below)
            self._boxes.append((one, box, severity))

    @property
    def outcome(self) -> Outcome:
        """How the visit ended."""
        return Outcome(str(self.outcome_choice.value() or Outcome.DONE))

    @property
    def reason(self) -> str:
        """Why, where the outcome needs it."""
        return self.reason_edit.text().strip()

    @property
    def photos_to_follow(self) -> bool:
        """Whether photos of this visit are still on the phone."""
        return self.photos_box.isChecked()

    @property
    def dismissed(self) -> dict[Key, list[str]]:
        """The proposed problems that were taken off, per element and number."""
        found: dict[Key, list[str]] = {}
        for one, box, _severity in self._boxes:
            if not box.isChecked():
                found.setdefault((one.element, one.number), []).append(one.problem.value)
        return found

    @property
    def severities(self) -> dict[Key, dict[str, str]]:
        """How bad the others are, per element and number by problem word."""
        found: dict[Key, dict[str, str]] = {}
        for one, box, severity in self._boxes:
            if box.isChecked():
                found.setdefault((one.element, one.number), {})[one.problem.value] = str(severity.value())
        return found

    def _on_outcome(self, value: object) -> None:
        needed = bool(value) and Outcome(str(value)).needs_reason
        self._reason_title.setVisible(needed)
        self.reason_edit.setVisible(needed)

    def _on_jump(self, one: Missing) -> None:
        self.reject()
        self.jump.emit(one)

    def confirmed(self) -> None:
        """Check the outcome; submit, or say what is missing."""
        fault = ""
        if not self.outcome_choice.value():
            fault = tr("请选择这次走访的结果。")
        elif self.outcome.needs_reason and not self.reason:
            fault = tr("请写明原因。")
        elif not self.outcome.needs_reason and not self._filled:
            fault = tr("请至少填写一个检查点，或选择“未开放、未找到、无法到达、被拒绝”。")
        elif self._blocked:
            fault = tr("必填的问题还没有答完。")
        self.say(fault)
        if not fault:
            self.accept()
        elif self.outcome.needs_reason:
            self.reason_edit.setFocus()
