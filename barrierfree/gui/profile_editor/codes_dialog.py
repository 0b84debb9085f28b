"""Our words and the city's codes for them: a line per word, those of the template's list offered, gaps named."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.form_dialog import FormDialog
from barrierfree.gui.labels import ElidedLabel, label
from barrierfree.i18n import listed, named, tr
from barrierfree.operations import template_looks
from barrierfree.operations.profile_drafts import ColumnDraft

_SPARE = 3  # empty lines for words that nobody foresaw


class CodesDialog(FormDialog):
    """Accepted with ``codes``: our word to the city's code, only those that have one."""

    def __init__(
        self,
        column: ColumnDraft,
        codes: dict[str, str],
        ours: Sequence[str],
        shared: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("代码对照"), tr("就用这些代码"), parent, height=720)
        self.codes = codes
        self._theirs = column.words
        title = tr("{letter} 列：{title}").format(letter=column.letter, title=column.title[:200])
        self.fields.addWidget(label(title, "strong", wrap=True))
        note = tr(
            "左边是我们的用词，右边是市里的代码或用词。全部空着就照我们的用词写；只填了几个时，没有代码的词会作为错误指出。"
        )
        self.fields.addWidget(label(note, "muted", wrap=True))
        if shared:
            told = tr("这张代码表也用于：{columns}，会一起改。").format(columns=listed(shared))
            self.fields.addWidget(label(told, tone="warn", wrap=True))
        self.match = Button(tr("按模板的选项补上"), self._on_match, icon="check")
        self.match.setVisible(bool(self._theirs))
        self.fields.addWidget(FlowRow(self.match, Button(tr("全部清空"), self._on_clear)))
        self.left = label("", "small", wrap=True)
        self.fields.addWidget(self.left)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(label(tr("我们的用词"), "strong"), 0, 0)
        self._grid.addWidget(label(tr("市里的代码"), "strong"), 0, 1)
        self.lines: list[tuple[QLineEdit | str, QComboBox | QLineEdit]] = []
        for word in dict.fromkeys([*ours, *codes]):
            self._add(word)
        for _ in range(_SPARE):
            self._add("")
        self.fields.addLayout(self._grid)
        self._put(codes)
        self.finish(self.lines[0][1])

    def _add(self, word: str) -> None:
        at = len(self.lines) + 1
        code: QComboBox | QLineEdit
        if self._theirs:
            code = QComboBox()
            code.setEditable(True)
            code.addItems(["", *self._theirs])
            code.currentTextChanged.connect(lambda _text: self._tell())
        else:
            code = QLineEdit()
            code.textChanged.connect(lambda _text: self._tell())
        name: QLineEdit | str
        if word:
            shown = ElidedLabel(word)
            shown.setBuddy(code)
            name = word
            self._grid.addWidget(shown, at, 0)
            code.setAccessibleName(tr("“{word}”的代码").format(word=word))
        else:
            name = QLineEdit()
            name.setPlaceholderText(tr("另一个词"))
            name.setAccessibleName(tr("另一个词"))
            name.textChanged.connect(lambda _text: self._tell())
            self._grid.addWidget(name, at, 0)
            code.setAccessibleName(tr("它的代码"))
        self._grid.addWidget(code, at, 1)
        self.lines.append((name, code))

    def _put(self, codes: dict[str, str]) -> None:
        for name, code in self.lines:
            text = codes.get(name, "") if isinstance(name, str) else ""
            if isinstance(code, QComboBox):
                code.setCurrentText(text)
            else:
                code.setText(text)
        self._tell()

    def _now(self) -> dict[str, str]:
        found = {}
        for name, code in self.lines:
            word = name if isinstance(name, str) else name.text().strip()
            text = code.currentText() if isinstance(code, QComboBox) else code.text()
            if word and text.strip():
                found[word] = text.strip()
        return found

    def _on_match(self) -> None:
        now = self._now()
        left = [name for name, _ in self.lines if isinstance(name, str) and name not in now]
        self._put(now | template_looks.proposed_codes(left, [t for t in self._theirs if t not in now.values()]))

    def _on_clear(self) -> None:
        self._put({})

    def _tell(self) -> None:
        """Which words have no code, and which of the template's words nobody uses."""
        now = self._now()
        bare = [name for name, _ in self.lines if isinstance(name, str) and name not in now]
        unused = [t for t in self._theirs if t not in now.values()]
        told = [named(tr("还没有代码的词"), listed(bare))] if now and bare else []
        if self._theirs and unused:
            told.append(named(tr("模板里没有用上的选项"), listed(unused)))
        self.left.setText("\n".join(told))
        self.left.setVisible(bool(told))

    def confirmed(self) -> None:
        """Take what is written."""
        self.codes = self._now()
        self.accept()
