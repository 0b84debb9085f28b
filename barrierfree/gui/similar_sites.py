"""What may already be there of a site that somebody describes: a few lines, each with the way to that site."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from barrierfree.gui import notices
from barrierfree.gui.buttons import Button
from barrierfree.gui.labels import label, set_tone
from barrierfree.gui.theme import tokens
from barrierfree.i18n import named, phrased, tr
from barrierfree.operations.similar import Similar


class SimilarSites(QFrame):
    """Hidden while there is nothing to say; says it to a screen reader when that changes.

    Signals:
        chosen(str): that is the site meant (its id).
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "message")
        set_tone(self, "warn")
        self.shown: tuple[str, ...] = ()
        self.buttons: list[Button] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 8, 8, 8)
        self._rows.setSpacing(6)
        self._inner = QWidget()
        self.setAccessibleName(tr("可能已有的点位"))
        self.hide()

    def show_sites(self, found: Sequence[Similar]) -> None:
        """Show the likeliest ones: two, or one when the text is large."""
        shown = list(found)[: 1 if tokens().large else 2]
        before, self.shown = self.shown, tuple(s.site.id for s in shown)
        self._inner.hide()
        self._inner.deleteLater()
        self._inner = QWidget()
        self._inner.setProperty("role", "plain")
        inner = QVBoxLayout(self._inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        self.buttons = []
        texts = [self._add_row(inner, one) for one in shown]
        self._rows.addWidget(self._inner)
        self.setVisible(bool(shown))
        self.setAccessibleDescription(phrased(texts))
        if texts and self.shown != before:
            notices.announce(self, phrased(texts))

    def _add_row(self, inner: QVBoxLayout, one: Similar) -> str:
        title = named(tr("可能已有"), one.site.name)
        words = " · ".join(one.words)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(label(title, "strong", wrap=True))
        texts.addWidget(label(words, "small", wrap=True))
        button = Button(tr("打开这个点位"), partial(self.chosen.emit, one.site.id))
        button.setAccessibleName(named(tr("打开这个点位"), one.site.name))
        button.setAccessibleDescription(words)
        self.buttons.append(button)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addLayout(texts, 1)
        row.addWidget(button)
        inner.addLayout(row)
        return phrased((title, *one.words))
