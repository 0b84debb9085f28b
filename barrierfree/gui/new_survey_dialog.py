"""Ask for the name and place of a new survey, its definition or the round before it, and whether to fill a sample."""

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
    """Read ``path``, ``definition``, ``with_sample`` and ``previous`` when it was accepted."""

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
        self.previous: Path | None = None
        self.before = label("", "muted", wrap=True)
        self.place = label("", "muted", wrap=True)
        for text, widget in ((tr("普查名称"), self.name), (tr("普查定义（检查表和规则）"), self.definitions)):
            title = label(text, "strong")
            title.setBuddy(widget)
            layout.addWidget(title)
            layout.addWidget(widget)
        layout.addWidget(self.sample)
        self.leave = Button(tr("不用上一轮"), lambda: self._set_previous(None))
        layout.addWidget(FlowRow(Button(tr("从上一轮继续…"), self._on_previous, icon="file"), self.leave))
        layout.addWidget(self.before)
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
        self._set_previous(None)

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

    def _on_previous(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("上一轮的普查文件"), str(self._folder), "GeoPackage (*.gpkg)")
        if file:
            self._set_previous(Path(file))

    def _set_previous(self, file: Path | None) -> None:
        """Begin from the file of the last round: it brings its own definition, and no sample is filled in."""
        self.previous = file
        self.definitions.setEnabled(file is None)
        self.sample.setEnabled(file is None)
        self.leave.setVisible(file is not None)
        self.before.setText(
            tr("接着“{name}”：带入点位、编码和未了结的问题，旧文件不变。").format(name=file.name)
            if file
            else tr("每年再查一轮时，可以从去年的普查文件开始。")
        )
        self._draw()

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
