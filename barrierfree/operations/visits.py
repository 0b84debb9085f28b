"""Record what somebody saw at a site: answers are read, checked, judged and submitted, the same for every way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from barrierfree import checklists, conformance
from barrierfree.errors import AnswerError, NotFoundError, StepRefused
from barrierfree.i18n import language, listed, sentences, tr
from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.records import (
    Answers,
    NewInspection,
    NewVisit,
    Photo,
    ReportedProblem,
    Site,
    Slope,
    Verdict,
)
from barrierfree.model.words import Outcome, VerdictKind
from barrierfree.operations.draft_extras import joined_problems
from barrierfree.store import Store, Submitted


def element_named(definition: Definition, element: str) -> ElementType:
    """The element type with this code or label."""
    found = [e for e in definition.checklist.elements if element in (e.code, e.label.zh, e.label.en)]
    if found:
        return found[0]
    raise NotFoundError(
        tr("检查表里没有元素类型“{element}”。").format(element=element),
        tr("可用的类型：{names}。").format(names=listed(e.code for e in definition.checklist.elements)),
    )


def read_answers(element: ElementType, raw: Mapping[str, Any]) -> Answers:
    """Answers as typed or from JSON, in the types and units of their questions; all faults at once."""
    answers: Answers = {}
    faults: list[str] = []
    for name, value in raw.items():
        question = element.question(name)
        if question is None:
            faults.append(tr("没有叫“{name}”的问题").format(name=name))
            continue
        if value is None or value == "":
            continue
        try:
            answers[name] = checklists.parse_answer(question, value)
        except AnswerError as error:
            faults.append(error.message)
    if faults:
        raise AnswerError(
            tr("“{element}”的回答有误：{faults}").format(
                element=element.label.in_language(language()),
                faults=tr("{text}。").format(text=sentences(f.rstrip("。.") for f in faults)),
            ),
            tr("可用的问题：{names}。").format(names=listed(q.name for q in element.questions)),
        )  # fmt: skip
    return answers


def judge(definition: Definition, site: Site, element: str, answers: Answers) -> tuple[Verdict, ...]:
    """The verdicts of the rules in force about one element of ``site``."""
    known = definition.site_class(site.site_class)
    return conformance.judge(definition.checklist, element, answers, new_build=bool(known and known.new_build))


def ready_inspection(
    definition: Definition,
    site: Site,
    element: ElementType,
    answers: Answers,
    *,
    number: int = 1,
    photos: Sequence[str] = (),
    seen: Sequence[ReportedProblem] = (),
    dismissed: Sequence[str] = (),
    severities: Mapping[str, str] | None = None,
    replaces: str = "",
    gone: Sequence[str] = (),
    taken_over: Sequence[str] = (),
) -> NewInspection:
    """An inspection ready to be submitted. Refuses answers that break a hard check of the checklist.

    Problems follow from the verdicts, but for the problem words in ``dismissed``; those in ``seen`` no limit tells.
    ``severities``: how bad they are, by problem word. ``taken_over``: questions answered from another element.
    """
    faults = [f for f in checklists.check_answers(element, answers) if f.hard]
    if faults:
        raise AnswerError(
            tr("“{element}”还不能提交：{faults}").format(
                element=element.label.in_language(language()), faults=sentences(f.message for f in faults)
            ),
            tr("请补充或改正这些问题。"),
        )
    verdicts = judge(definition, site, element.code, answers)
    proposed = [p for p in conformance.problems(definition.checklist, verdicts) if p.problem not in dismissed]
    problems = joined_problems(proposed, seen, severities or {})
    return NewInspection(
        element=element.code,
        number=number,
        answers={n: a.model_dump() if isinstance(a, Slope) else a for n, a in answers.items()},
        verdicts=verdicts,
        photos=tuple(photos),
        problems=problems,
        replaces=replaces,
        gone=tuple(gone),
        taken_over=tuple(taken_over),
    )


def explained(definition: Definition, inspection: NewInspection) -> list[dict[str, Any]]:
    """The verdicts of an inspection in words: rule, kind, text, whom it concerns; none that does not apply."""
    element = definition.checklist.element(inspection.element)
    told: list[dict[str, Any]] = []
    for verdict in inspection.verdicts:
        rule = definition.checklist.rule(verdict.rule)
        question = element.question(rule.question) if element and rule else None
        if rule and question and verdict.kind is not VerdictKind.NOT_APPLICABLE:
            text = conformance.explain(verdict, rule, question, language())
            told.append({"rule": rule.id, "kind": verdict.kind.value, "text": text, "concerns": list(rule.concerns)})
    return told


def problems(
    definition: Definition, element: ElementType, verdicts: Sequence[Verdict]
) -> list[tuple[ReportedProblem, str]]:
    """The problems that verdicts propose, each with its reasons in words."""
    told = []
    for problem in conformance.problems(definition.checklist, verdicts):
        reasons = []
        for verdict in verdicts:
            rule = definition.checklist.rule(verdict.rule)
            question = element.question(rule.question) if rule else None
            if verdict.rule in problem.rules and rule and question:
                reasons.append(conformance.explain(verdict, rule, question, language()))
        told.append((problem, sentences(reasons)))
    return told


def submit(
    store: Store,
    site: Site,
    inspections: Sequence[NewInspection],
    *,
    person: str,
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    photos: Sequence[Photo] = (),
    started: str = "",
    photos_to_follow: bool = False,
    ended: str = "",
    source: str = "",
    entered_by: str = "",
) -> Submitted:
    """Submit a visit, as of now unless ``ended``. Refuses an outcome without its reason, and one that says nothing."""
    if outcome.needs_reason and not reason.strip():
        raise StepRefused(tr("请写明原因。"), tr("例如：正在装修、地址不存在、不让进。"))
    if not outcome.needs_reason and not inspections:
        raise StepRefused(
            tr("还没有填写任何检查点。"), tr("请至少填写一个检查点，或选择“未开放、未找到、无法到达、被拒绝”。")
        )
    now = store.clock().isoformat(timespec="seconds")
    new = NewVisit(
        site=site.id, outcome=outcome, reason=reason.strip(), started=started or now, ended=ended or now,
        inspections=tuple(inspections), photos_to_follow=photos_to_follow, source=source, entered_by=entered_by,
    )  # fmt: skip
    return store.submit_visit(new, person=person, photos=photos)
