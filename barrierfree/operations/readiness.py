"""Whether what is drafted at a site can be submitted: what is filled in, what is missing, which problems follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from barrierfree import checklists, conformance
from barrierfree.errors import AnswerError
from barrierfree.i18n import language, named, sentences, tr
from barrierfree.model import words
from barrierfree.model.definition import Checklist, Definition, ElementType, Model
from barrierfree.model.records import Answer, Checkpoint, Draft, ReportedProblem, Site
from barrierfree.model.words import Force, Problem
from barrierfree.operations import draft_extras, visits

Key = tuple[str, int]  # an element type and its number at the site


class Missing(Model):
    """Something still open: where it is (``question`` '' for a whole element) and what to say of it.

    ``blocks``: the visit cannot be submitted before it is mended.
    """

    element: str
    number: int
    question: str
    text: str
    blocks: bool


class Proposed(Model):
    """A problem that is going to be reported: from limits not met, seen by the person, or both.

    ``severity`` ('high', 'medium', 'low', '') is what the person said, else a proposal; ``seen``: the person said it.
    """

    element: str
    number: int
    problem: Problem
    title: str
    text: str
    severity: str
    seen: bool


class Readiness(Model):
    """What a visit would be if it were submitted now: the names of what is filled in, what is open, what follows."""

    filled: tuple[str, ...]
    all_filled: bool
    missing: tuple[Missing, ...]
    proposed: tuple[Proposed, ...]


def readiness(
    definition: Definition, site: Site, checkpoints: Sequence[Checkpoint], drafts: Mapping[Key, Draft],
    names: Mapping[Key, str],
) -> Readiness:  # fmt: skip
    """How the drafts of a site stand; ``names`` says what each of its elements is called."""
    filled: list[str] = []
    missing: list[Missing] = []
    proposed: list[Proposed] = []
    for checkpoint in checkpoints:
        key = (checkpoint.element, checkpoint.number)
        draft, element = drafts.get(key), definition.checklist.element(checkpoint.element)
        if element is None:
            continue
        if draft is None or not holds_something(draft):
            if checkpoint.status.unfinished and not checkpoint.pending:
                text = tr("{name}：未填写").format(name=names[key])
                missing.append(Missing(element=key[0], number=key[1], question="", text=text, blocks=False))
            continue
        filled.append(names[key])
        answers, faulty = _read(element, draft)
        missing += _open_questions(element, key, answers, faulty, names[key])
        proposed += _problems(definition, site, element, draft, answers, names[key])
    return Readiness(
        filled=tuple(filled), all_filled=len(filled) == len(checkpoints), missing=tuple(missing),
        proposed=tuple(proposed),
    )  # fmt: skip


def holds_something(draft: Draft) -> bool:
    """Whether a draft says anything."""
    return bool(draft.answers or draft.photos)


def _read(element: ElementType, draft: Draft) -> tuple[dict[str, Answer], dict[str, str]]:
    """The answers that can be understood, and per question why one cannot."""
    answers: dict[str, Answer] = {}
    faulty: dict[str, str] = {}
    for name, raw in draft_extras.answers_of(draft.answers).items():
        question = element.question(name)
        if question is None:
            continue
        try:
            answers[name] = checklists.parse_answer(question, raw)
        except AnswerError as error:
            faulty[name] = error.message
    return answers, faulty


def _open_questions(
    element: ElementType, key: Key, answers: Mapping[str, Answer], faulty: Mapping[str, str], name: str
) -> list[Missing]:
    code, number = key
    found = [
        Missing(element=code, number=number, question=question, text=named(name, text), blocks=True)
        for question, text in faulty.items()
    ]
    for fault in checklists.check_answers(element, answers):
        if fault.question not in faulty:
            text = named(name, fault.message)
            found.append(Missing(element=code, number=number, question=fault.question, text=text, blocks=fault.hard))
    told = {m.question for m in found}
    for question in checklists.relevant_questions(element, answers):
        if question.core and question.name not in answers and question.kind != "note" and question.name not in told:
            text = tr("{name}：{question} 未填").format(name=name, question=question.label.in_language(language()))
            found.append(Missing(element=code, number=number, question=question.name, text=text, blocks=False))
    return found


def _problems(
    definition: Definition, site: Site, element: ElementType, draft: Draft, answers: Mapping[str, Answer], name: str
) -> list[Proposed]:
    verdicts = visits.judge(definition, site, element.code, dict(answers))
    reasons = {p.problem: text for p, text in visits.problems(definition, element, verdicts)}
    seen = {p.problem: p for p in draft_extras.extras_of(draft.answers).seen}
    found = draft_extras.joined_problems(conformance.problems(definition.checklist, verdicts), seen.values(), {})
    return [
        Proposed(
            element=draft.element, number=draft.number, problem=one.problem,
            title=f"{name} · {tr(words.label(one.problem))}",
            text=sentences(t for t in (reasons.get(one.problem, ""), _told(seen.get(one.problem))) if t),
            severity=one.severity or proposed_severity(definition.checklist, one), seen=one.problem in seen,
        )
        for one in found
    ]  # fmt: skip


def _told(seen: ReportedProblem | None) -> str:
    return "" if seen is None else seen.note or tr("现场看到")


def proposed_severity(checklist: Checklist, problem: ReportedProblem) -> str:
    """How bad a problem is as far as the rules tell: high where a mandatory clause (强制) is not met, else medium.

    Only a proposal that the person decides on; '' where no rule stands behind the problem.
    """
    forces = {rule.force for rule_id in problem.rules if (rule := checklist.rule(rule_id)) is not None}
    if Force.MANDATORY in forces:
        return "high"
    return "medium" if forces else ""
