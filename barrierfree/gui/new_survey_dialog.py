"""Ask for the name and place of a new survey, its definition, and whether to fill it with the sample."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from barrierfree.gui.buttons import Button
from barrierfree.gui.flow_layout import FlowRow
from barrierfree.gui.labels import label
from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr
from barrierfree.operations import surveys

_FORBIDDEN = set('<>:"/\\|?*')


class NewSurveyDialog(QDialog):
    """Read ``path``, ``definition`` and ``with_sample`` when it was accepted."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("新建普查"))
        self.resize(tokens().text(560), tokens().text(360))
        self._folder = folder
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("例如：双井街道2026年普查"))
        self.definitions = QComboBox()
        self.definitions.addItems(surveys.definition_names())
        self.sample = QCheckBox(tr("填入示例点位（练习用）"))
        self.place = label("", "muted", wrap=True)
        for text, widget in ((tr("普查名称"), self.name), (tr("普查定义（检查表和规则）"), self.definitions)):
            title = label(text, "strong")
            title.setBuddy(widget)
            layout.addWidget(title)
            layout.addWidget(widget)
        layout.addWidget(self.sample)
        layout.addWidget(FlowRow(Button(tr("换一个文件夹…"), self._on_folder, icon="folder")))
        layout.addWidget(self.place)
        self.fault = label("", tone="bad", wrap=True)
        layout.addWidget(self.fault)
        layout.addStretch(1)
        layout.addWidget(
            FlowRow(
                Button(tr("取消"), self.reject), Button(tr("建立"), self._on_accept, kind="primary"), align_right=True
            )
        )
        self.name.textChanged.connect(lambda _text: self._draw())
        self._draw()

    @property
    def path(self) -> Path:
        """Where the survey goes."""
        return self._folder / f"{self.name.text().strip()}.gpkg"

    @property
    def definition(self) -> str:
        """The name of the definition."""
        return self.definitions.currentText()

    @property
    def with_sample(self) -> bool:
        """Whether to fill it with invented records."""
        return self.sample.isChecked()

    def _draw(self) -> None:
        self.place.setText(tr("保存到：{path}").format(path=self.path if self.name.text().strip() else self._folder))
        self.fault.hide()

    def _on_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("保存到"), str(self._folder))
        if folder:
            self._folder = Path(folder)
            self._draw()

    def _on_accept(self) -> None:
        name = self.name.text().strip()
        fault = ""
        if not name:
            fault = tr("请填写普查名称。")
        elif set(name) & _FORBIDDEN:
            fault = tr("名称里不能有 {signs}。").format(signs=" ".join(sorted(_FORBIDDEN)))
        elif self.path.exists():
            fault = tr("这个文件已经存在，请换一个名称。")
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        if not fault:
            self.accept()
