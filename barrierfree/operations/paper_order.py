"""The paper order of a site: its elements and questions with the numbers they bear on paper and on the entry screen."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from barrierfree.errors import NotFoundError
from barrierfree.i18n import language, tr
from barrierfree.model.definition import Definition, ElementType, Question
from barrierfree.model.records import Checkpoint, Site
from barrierfree.store import Store

# What a pen can answer. Pictures and places come from a phone, the rest is worked out.
ON_PAPER: Final = frozenset(
    {"text", "integer", "decimal", "range", "select_one", "select_multiple", "date", "time", "datetime", "acknowledge"}
)
_CODE: Final = re.compile(r"BF(\d+) +([0-9A-Z]+) +([0-9A-Z]+)(?: +([CF])([0-9A-F]{4}))?")


@dataclass(frozen=True)
class PaperPart:
    """One element of a sheet: its place on the sheet (from 1) and which of its kind it is at the site."""

    place: int
    element: ElementType
    number: int

    @property
    def name(self) -> str:
        """What the element is called, with its number from the second on."""
        name = self.element.label.in_language(language())
        return f"{name} {self.number}" if self.number > 1 else name

    def numbers(self) -> dict[str, str]:
        """The number of each question, ``2.3``: place of the element, place of the question in the whole form.

        Core or full, a question has the same number, so that both sheets can be typed in on one screen.
        """
        asked = [q.name for q in self.element.questions if _stands_on_paper(q)]
        return {name: f"{self.place}.{at}" for at, name in enumerate(asked, 1)}

    def questions(self, *, full: bool) -> tuple[Question, ...]:
        """The questions on the sheet, in order: the core ones, or all."""
        return tuple(q for q in self.element.questions if _stands_on_paper(q) and (full or q.core))


def _stands_on_paper(question: Question) -> bool:
    return question.kind in ON_PAPER and not question.calculation


def paper_parts(definition: Definition, site: Site, checkpoints: Sequence[Checkpoint]) -> tuple[PaperPart, ...]:
    """The elements of a site in paper order.

    First the elements that its class asks for, in the order of the class, then what was added at the site: one more
    ramp changes no number of a sheet that was printed before.
    """
    known = definition.site_class(site.site_class)
    own = {code: at for at, code in enumerate(known.elements if known else ())}
    forms = {e.code: at for at, e in enumerate(definition.checklist.elements)}
    there = [(c.element, c.number) for c in checkpoints if c.element in forms]
    there.sort(key=lambda k: (k[1] > 1 or k[0] not in own, own.get(k[0], len(own)) if k[1] == 1 else 0, k[1],
                              forms[k[0]]))  # fmt: skip
    elements = definition.checklist.elements
    return tuple(PaperPart(place, elements[forms[code]], number) for place, (code, number) in enumerate(there, 1))


def paper_mark(parts: Sequence[PaperPart]) -> str:
    """Four digits that change when a sheet printed now would bear other numbers: elements, questions or choices."""
    content = [
        [p.element.code, p.number, [[q.name, [c.name for c in q.choices]] for q in p.questions(full=True)]]
        for p in parts
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:4].upper()


@dataclass(frozen=True)
class PaperCode:
    """What the QR code of a sheet says. ``mark`` is '' where it was left out."""

    survey: str
    site: str
    full: bool
    mark: str


def code_text(store: Store, site: Site, parts: Sequence[PaperPart], *, full: bool) -> str:
    """The text of the QR code: ``BF1 <survey> <site> <C|F><mark>``, e.g. ``BF1 9X88W0 110105016001LS0001 C1A2B``.

    ``BF1`` is the version of this text; ``survey`` the six characters of ``Store.survey_mark``; ``site`` the final
    point code, or the id of a site that has no final code yet; ``C`` core questions or ``F`` all of them; ``mark`` as
    ``paper_mark``. Only capitals, digits and spaces: the smallest code, and every scanner types them alike.
    """
    name = site.code if site.final_code and re.fullmatch("[0-9A-Z]+", site.code) else site.id
    return f"BF1 {store.survey_mark()} {name} {'F' if full else 'C'}{paper_mark(parts)}"


def read_code(text: str) -> PaperCode | None:
    """What a scanner typed; None for a text that is no code of ours. Raises ``NotFoundError`` for one of ours that
    cannot be read."""
    tidied = unicodedata.normalize("NFKC", text).strip().upper()
    if not re.match(r"BF\d+\b", tidied):
        return None
    found = _CODE.fullmatch(tidied)
    if found is None or found[1] != "1":
        raise NotFoundError(
            tr("二维码“{text}”读不懂。").format(text=text.strip()[:60]),
            tr("请再扫一次，或输入纸上的点位编码。表可能由更新的版本打印。"),
        )
    return PaperCode(found[2], found[3], found[4] == "F", found[5] or "")
