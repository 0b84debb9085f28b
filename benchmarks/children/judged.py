"""Inspections judged by all rules of their element: prints how many a second, over 100,000 of all element types."""

from __future__ import annotations

import itertools
import time

from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.records import Answers, Site, Slope
from barrierfree.model.words import Status
from barrierfree.operations import visits
from barrierfree.operations.surveys import definition_named

COUNT = 100_000


def site_of(definition: Definition) -> Site:
    """A shop."""
    return Site(
        id="s", code="", final_code=False, name="shop", address="", community="", lon=None, lat=None, given_x=None,
        given_y=None, datum="", status=Status.NOT_SURVEYED, checkpoints=0, inspected=0, open_findings=0, source="",
        note="", site_class=definition.classes[0].code,
    )  # fmt: skip


def answered(element: ElementType, part: float = 0.5) -> Answers:
    """All questions of an element answered: first choices, and measures so far into what is usual."""
    answers: Answers = {}
    for question in element.questions:
        if question.choices:
            answers[question.name] = (
                [question.choices[0].name] if question.kind == "select_multiple" else question.choices[0].name
            )
        elif question.quantity == "slope":
            answers[question.name] = Slope(ratio=0.02 + part / 10, entered=f"{2 + 10 * part:.1f}%")
        elif question.quantity:
            low, high = question.soft_min or 0, question.soft_max or 10
            answers[question.name] = round(low + part * (high - low), 0 if question.unit == "mm" else 2)
    return answers


def main() -> None:
    """Judge and print."""
    definition = definition_named("shuangjing-sample")
    site = site_of(definition)
    parts = [n / 50 for n in range(1, 50)]
    known = [(e.code, answered(e, part)) for e in definition.checklist.elements for part in parts]
    for code, answers in known:
        visits.judge(definition, site, code, answers)
    begun = time.perf_counter()
    for code, answers in itertools.islice(itertools.cycle(known), COUNT):
        visits.judge(definition, site, code, answers)
    print(COUNT / (time.perf_counter() - begun))


if __name__ == "__main__":
    main()
