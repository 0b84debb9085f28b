"""Answers in words, and what differs between two inspections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from barrierfree import conformance
from barrierfree.i18n import bracketed, language, listed, tr
from barrierfree.model.definition import ElementType, Question
from barrierfree.model.records import Inspection


def answer_text(question: Question | None, value: Any) -> str:
    """An answer in words: the labels of choices, numbers with their unit, slopes as they were entered."""
    if isinstance(value, Mapping):
        entered, ratio = str(value.get("entered", "")), value.get("ratio")
        if ":" in entered or not isinstance(ratio, int | float):
            return entered
        return bracketed(entered, conformance.measure_text(ratio, "slope", ""))
    if question is not None and question.kind == "acknowledge":
        return tr("是") if value else tr("否")
    if isinstance(value, list):
        return listed(answer_text(question, one) for one in value)
    if question is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return conformance.measure_text(value, question.quantity, question.unit)
    labels = {c.name: c.label.in_language(language()) for c in question.choices}
    return labels.get(str(value), str(value))


def changed_answers(
    element: ElementType | None, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """What was asked, what was answered before and what now, in the order of the form; only where they differ."""
    told = []
    asked = [q.name for q in element.questions] if element else []
    for name in [*asked, *(n for n in {**old, **new} if n not in asked)]:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        question = element.question(name) if element else None
        title = question.label.in_language(language()) if question else name
        was, now = (answer_text(question, v) if v not in (None, "", []) else tr("未填") for v in (before, after))
        told.append((title, was, now))
    return told


def differences(element: ElementType | None, before: Inspection, after: Inspection) -> list[str]:
    """What a resubmission changed, answer by answer, in words; photos at the end."""
    told = [f"{title} {was} → {now}" for title, was, now in changed_answers(element, before.answers, after.answers)]
    added = len(set(after.photos) - set(before.photos))
    removed = len(set(before.photos) - set(after.photos))
    if added:
        told.append(tr("新增照片 {n} 张").format(n=added))
    if removed:
        told.append(tr("去掉照片 {n} 张").format(n=removed))
    return told
