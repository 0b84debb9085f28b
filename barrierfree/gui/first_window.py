"""What one sees while the program is still loading: the place of the site search, which takes keys at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMainWindow, QVBoxLayout, QWidget

from barrierfree.gui.theme import tokens
from barrierfree.i18n import tr


class FirstWindow(QMainWindow):
    """Looks like the survey page before its list has come; what is typed goes on into the real search field."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(1366, 768)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("名称、地址、编码、拼音"))
        self.search.setAccessibleName(tr("搜索点位"))
        opening = QLabel(tr("正在打开“{name}”…").format(name=name))
        opening.setProperty("role", "muted")
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_frame("rail", tokens().text(91)))
        right = QVBoxLayout()
        right.setSpacing(0)
        heading = QLabel(tr("调查"))
        heading.setProperty("role", "title")
        header = _frame("header")
        inside = QHBoxLayout(header)
        inside.setContentsMargins(20, 10, 18, 10)
        inside.addWidget(heading)
        header.setFixedHeight(tokens().target + 24)
        right.addWidget(header)
        columns = QHBoxLayout()
        columns.setContentsMargins(12, 12, 12, 12)
        columns.setSpacing(12)
        for width, content in ((tokens().text(316), self.search), (0, opening), (tokens().text(262), None)):
            card = _frame("card", width)
            column = QVBoxLayout(card)
            column.setContentsMargins(13, 13, 13, 13)
            if content is not None:
                column.addWidget(content)
            column.addStretch(1)
            columns.addWidget(card, 0 if width else 1)
        right.addLayout(columns, 1)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)


def _frame(role: str, width: int = 0) -> QFrame:
    made = QFrame()
    made.setProperty("role", role)
    if width:
        made.setFixedWidth(width)
    return made
