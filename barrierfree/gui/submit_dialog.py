"""Before a visit is submitted: how it ended, what is missing (with a jump to it), which problems are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.choice_buttons import ChoiceButtons
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import listed, tr
from barrierfree.model import words
from barrierfree.model.words import Outcome, Problem


@dataclass(frozen=True)
class Missing:
    """A question still open: where it is and what to say."""

    element: str
    number: int
    question: str
    text: str
    blocks: bool


@dataclass(frozen=True)
class Proposed:
    """A problem that follows from the verdicts."""

    element: str
    number: int
    problem: Problem
    title: str
    text: str


class SubmitDialog(FormDialog):
    """Decides how a visit is submitted; read its properties when it was accepted.

    Signals:
        jump(Missing): the user wants to go to a missing answer; the dialog closes.
    """

    jump = Signal(object)

    def __init__(
        self, filled: Sequence[str], missing: Sequence[Missing], proposed: Sequence[Proposed], *, all_filled: bool,
        digit_keys: bool, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tr("提交走访"), tr("提交"), parent, height=560, cancel=tr("返回填写"))
        self._filled = bool(filled)
        self._blocked = any(m.blocks for m in missing)
        self._boxes: list[tuple[Proposed, QCheckBox]] = []
        self._add_outcome(all_filled, digit_keys)
        self.fields.addWidget(
            label(tr("已填写：{names}").format(names=listed(filled)) if filled else tr("还没有填写检查点。"), wrap=True)
        )
        self._add_missing(missing)
        self._add_proposed(proposed)
        self.photos_box = QCheckBox(tr("照片待补：晚上从手机导入"))
        self.photos_box.setVisible(self._filled)  # photos belong to checkpoints
        self.fields.addSpacing(6)
        self.fields.addWidget(self.photos_box)
        self.finish(self.outcome_choice)

    def _add_outcome(self, all_filled: bool, digit_keys: bool) -> None:
        title = label(tr("这次走访的结果"), "strong")
        choices = [(o.value, tr(words.label(o))) for o in Outcome]
        self.outcome_choice = ChoiceButtons(choices, tr("这次走访的结果"), digit_keys=digit_keys)
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
        for one in proposed:
            box = QCheckBox(one.title)
            box.setChecked(True)
            box.setAccessibleDescription(one.text)
            self.fields.addWidget(box)
            reasons = label(one.text, "muted", wrap=True)
            reasons.setContentsMargins(tokens().text(34), 0, 0, 0)
            self.fields.addWidget(reasons)
            self._boxes.append((one, box))

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
    def dismissed(self) -> dict[tuple[str, int], list[str]]:
        """The proposed problems that were taken off, per element and number."""
        found: dict[tuple[str, int], list[str]] = {}
        for one, box in self._boxes:
            if not box.isChecked():
                found.setdefault((one.element, one.number), []).append(one.problem.value)
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
