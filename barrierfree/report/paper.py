"""Checklists to be filled in with a pen: a sheet per site with its QR code, as one HTML page that pages itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from jinja2 import Template
from markupsafe import Markup

from barrierfree.i18n import language, tr
from barrierfree.model.definition import Model, Question
from barrierfree.report.page import environment

QUIET_ZONE: Final = 4  # modules left white around a QR code (ISO/IEC 18004:2015, 5.3.8)
# Digits that fit into the ruled box of a quantity: before the point, behind it.
_DIGITS: Final = {
    "length_mm": (4, 0), "length_m": (2, 2), "force_n": (3, 0), "count": (3, 0), "seconds": (3, 0), "area_m2": (2, 2),
}  # fmt: skip
_OTHER_DIGITS: Final = (5, 0)
MOST_BOXES: Final = 12  # more choices than this are written in words
_ONE_KEY: Final = 9  # choices that a digit key answers


class PaperQuestion(Model):
    """A question on a sheet: its number, the limits it is judged by, and when it is asked ('' for always)."""

    number: str
    question: Question
    limits: tuple[str, ...] = ()
    when: str = ""

    @property
    def text(self) -> str:
        """What is asked."""
        return self.question.label.in_language(language())

    @property
    def hint(self) -> str:
        """How to answer."""
        return self.question.hint.in_language(language())

    @property
    def boxes(self) -> tuple[tuple[str, str], ...]:
        """The choices to tick, each with the key that answers it on the entry screen ('' from the tenth on)."""
        choices = self.question.choices
        if len(choices) > MOST_BOXES:
            return ()
        keyed = not self.question.choice_filter  # filtered choices are numbered anew by each answer
        return tuple(
            (str(at) if keyed and at <= _ONE_KEY else "", c.label.in_language(language()))
            for at, c in enumerate(choices, 1)
        )

    @property
    def digits(self) -> tuple[int, int] | None:
        """How many digits are ruled before and behind the point; None where words are written."""
        question = self.question
        if question.choices or question.quantity == "slope":
            return None
        if question.quantity in _DIGITS:
            return _DIGITS[question.quantity]
        return _OTHER_DIGITS if question.kind in ("integer", "decimal", "range") else None


class PaperElement(Model):
    """An element on a sheet. ``gate``: the answer to the first question without which the others are left out."""

    place: int
    name: str
    questions: tuple[PaperQuestion, ...]
    gate: str = ""


class PaperSheet(Model):
    """The sheet of one site. ``qr`` is the text of its code, ``mark`` what tells older numbers from these."""

    survey: str
    sample: bool
    name: str
    code: str
    address: str
    community: str
    site_class: str
    qr: str
    mark: str
    full: bool
    elements: tuple[PaperElement, ...]


def qr_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of the QR code of ``text``, true for black, without the quiet zone. A quarter may be unreadable."""
    import segno  # only when somebody prints

    made = segno.make(text, error="q", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in made.matrix)


def qr_picture(text: str) -> Markup:
    """The QR code as inline SVG in units of one module, with its quiet zone."""
    matrix = qr_matrix(text)
    path = []
    for y, row in enumerate(matrix, QUIET_ZONE):
        start = None
        for x, black in enumerate((*row, False), QUIET_ZONE):
            if black and start is None:
                start = x
            elif not black and start is not None:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    side = len(matrix) + 2 * QUIET_ZONE
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"><path d="{path}"/></svg>'
    ).format(side=side, path="".join(path))


@lru_cache(maxsize=1)
def _template() -> Template:
    return environment().get_template("paper.html")


def paper_html(sheets: Sequence[PaperSheet], outcomes: Sequence[str]) -> str:
    """The sheets as one page: no link, fonts of the system; ``outcomes`` are the words for how a visit ended.

    A short script of its own deals the rows out to A4 pages, so that no row is split and every page can say which of
    how many of its site it is; styles alone can count only the pages of everything.
    """
    return _template().render(
        sheets=sheets, outcomes=outcomes, qr=qr_picture, language=language().replace("_", "-"), title=tr("检查表")
    )
