"""The form while one types: prints as JSON how long a key takes until all verdicts stand, in ms, p50 and p99.

Every element of the checklist, all questions on show, all answered; the last digit of a measure is typed again and
again. ``form``: the whole of it, in the window. ``rules``: only checking and judging the answers.
"""

from __future__ import annotations

import json
import statistics
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from barrierfree import checklists
from barrierfree.gui.checklist_form import ChecklistForm
from barrierfree.gui.theme import apply_theme
from barrierfree.model.definition import Definition, ElementType
from barrierfree.model.records import Answer, Answers, Site
from barrierfree.operations import visits
from barrierfree.operations.surveys import definition_named
from barrierfree.start import make_application
from benchmarks.children.judged import answered, site_of

TURNS = 20


def _one_element(definition: Definition, site: Site, element: ElementType) -> tuple[list[float], list[float]]:
    form = ChecklistForm()
    form.resize(650, 600)

    def judge(answers: dict[str, Answer]) -> object:
        return visits.judge(definition, site, element.code, answers)

    answers = answered(element)
    raw = {n: a.model_dump() if hasattr(a, "model_dump") else a for n, a in answers.items()}
    form.show_element(definition.checklist, element, raw, judge, full=True, digit_keys=True)  # type: ignore[arg-type]
    form.show()
    QApplication.processEvents()
    lines = [f.line for f in form.shown_fields() if f.question.quantity and f.line is not None]
    whole, rules = [], []
    for turn in range(TURNS):
        for line in lines:
            line.setFocus()
            line.end(False)
            QTest.keyClick(line, Qt.Key.Key_Backspace)
            begun = time.perf_counter()
            QTest.keyClicks(line, str(turn % 10))
            whole.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            _decide(definition, site, element, form.answers())
            rules.append((time.perf_counter() - begun) * 1000)
    form.close()
    return whole, rules


def _decide(definition: Definition, site: Site, element: ElementType, answers: Answers) -> None:
    checklists.relevant_questions(element, answers)
    checklists.check_answers(element, answers)
    visits.judge(definition, site, element.code, answers)


def main() -> None:
    """Measure and print."""
    apply_theme(make_application(), "light", 1.0)
    definition = definition_named("shuangjing-sample")
    site = site_of(definition)
    found = [_one_element(definition, site, e) for e in definition.checklist.elements]
    print(
        json.dumps({"form": _told([t for w, _ in found for t in w]), "rules": _told([t for _, r in found for t in r])})
    )


def _told(times: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(times), "p99": statistics.quantiles(times, n=100)[98]}


if __name__ == "__main__":
    main()
