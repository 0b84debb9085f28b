"""Print checklists of chosen sites: who is meant, what stands on each sheet, all sheets as one page of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from barrierfree import conformance, report
from barrierfree.errors import NotFoundError
from barrierfree.i18n import language, tr
from barrierfree.model import words
from barrierfree.model.definition import Definition, ElementType, Question
from barrierfree.model.records import Site
from barrierfree.model.words import Outcome
from barrierfree.operations.paper_order import PaperPart, code_text, paper_mark, paper_parts
from barrierfree.operations.progress import SILENT, Progress
from barrierfree.report import PaperElement, PaperQuestion, PaperSheet
from barrierfree.store import SiteFilter, Store

MOST: Final = 500  # sheets at a time: a PDF of them takes half a minute
_TERM: Final = re.compile(r"\$\{([\w.-]+)\}\s*(=|!=|>=|<=|>|<)\s*(?:'([^']*)'|(-?[\d.]+))")
_SIGNS: Final = {"=": "＝", "!=": "≠", ">": "＞", "<": "＜", ">=": "≥", "<=": "≤"}


def sites_for_paper(
    store: Store, *, codes: Sequence[str] = (), community: str = "", wanted: SiteFilter | None = None
) -> list[Site]:
    """The sites that are meant, in walking order: those with these codes, and those of a community or of a filter.

    Raises ``NotFoundError`` for a code nobody has, a community without sites, and more than ``MOST`` sites.
    """
    found = [_in_force(store, store.site(code)) for code in codes]
    if wanted is None and community:
        wanted = SiteFilter(community=community, in_force=True)
    if wanted is not None:
        found += store.sites(wanted)
    unique = list({s.id: s for s in found}.values())
    if not unique:
        raise NotFoundError(
            tr("没有可以打印的点位。"), tr("请写点位编码，或选择有点位的社区；社区名称要和清单里的一样。")
        )
    if len(unique) > MOST:
        raise NotFoundError(
            tr("一次最多打印 {most} 个点位，现在是 {n} 个。").format(most=f"{MOST:,}", n=f"{len(unique):,}"),
            tr("请按社区分几次打印，或先筛选列表。"),
        )
    return unique


def _in_force(store: Store, site: Site) -> Site:
    return store.site(site.same_as) if site.same_as else site


def paper_page(store: Store, sites: Sequence[Site], *, full: bool = False, progress: Progress = SILENT) -> str:
    """The sheets of ``sites`` as one HTML page, ready to be printed; ``full`` with all questions."""
    definition = store.definition()
    title, sample = str(store.info("title", "")), bool(store.info("sample"))
    sheets = []
    for done, site in enumerate(sites):
        progress.step(done, len(sites), site.name)
        parts = paper_parts(definition, site, store.checkpoints(site.id))
        known = definition.site_class(site.site_class)
        sheets.append(
            PaperSheet(
                survey=title, sample=sample, name=site.name, code=site.code, address=site.address,
                community=site.community, site_class=known.label.in_language(language()) if known else "",
                qr=code_text(store, site, parts, full=full), full=full, mark=paper_mark(parts),
                elements=tuple(_element(definition, part, full=full) for part in parts),
            )
        )  # fmt: skip
    progress.step(len(sites), len(sites))
    return report.paper_html(sheets, [tr(words.label(o)) for o in Outcome])


def _element(definition: Definition, part: PaperPart, *, full: bool) -> PaperElement:
    numbers = part.numbers()
    first = next(iter(part.questions(full=full)), None)
    rules = definition.checklist.rules_for(part.element.code)
    others = [q for q in part.questions(full=full) if first is not None and q.name != first.name]
    gates = {_gate(first, q) for q in others} if first is not None else set()
    gate = gates.pop() if len(gates) == 1 else ""
    asked = []
    for question in part.questions(full=full):
        limits = [conformance.bare_limit(r, question, language()) for r in rules if r.question == question.name]
        asked.append(
            PaperQuestion(
                number=numbers[question.name], question=question, limits=tuple(dict.fromkeys(limits))[:2],
                when=_when(part.element, question, numbers, first.name if first is not None and gate else ""),
            )
        )  # fmt: skip
    return PaperElement(place=part.place, name=part.name, questions=tuple(asked), gate=gate)


def _gate(first: Question, question: Question) -> str:
    """The label of the one answer to the first question with which ``question`` is asked; '' if there is none."""
    for name, sign, choice, _number in _TERM.findall(question.relevant):
        if name == first.name and sign == "=":
            return next((c.label.in_language(language()) for c in first.choices if c.name == choice), "")
    return ""


def _when(element: ElementType, question: Question, numbers: dict[str, str], gated: str) -> str:
    """When a question is asked, in signs: ``2.2 ＞ 1:12``. What hangs on the question ``gated`` is said below that.

    Only conditions joined by "and" can be said in so few words; the entry screen follows all of them.
    """
    said = []
    for term in re.split(r"\s+and\s+", question.relevant.strip()) if question.relevant else ():
        match = _TERM.fullmatch(term.strip())
        other = element.question(match[1]) if match else None
        if match is None or other is None or other.name not in numbers:
            return ""
        if other.name == gated:
            continue
        if match[4]:
            value = conformance.measure_text(float(match[4]), other.quantity, other.unit)
        else:
            value = next((c.label.in_language(language()) for c in other.choices if c.name == match[3]), match[3])
        said.append(f"{numbers[other.name]} {_SIGNS[match[2]]} {value}")
    return tr("，").join(said)
