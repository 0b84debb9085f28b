"""A storefront from the first question to the visit by keys alone, core questions and all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from barrierfree import checklists
from barrierfree.gui.survey_page import SurveyPage
from barrierfree.model.records import NewSite, Slope
from barrierfree.operations.surveys import definition_named, new_survey
from barrierfree.store import Store
from benchmarks.children.keys import ELEMENTS, fill_site
from tests.gui.program import running, window_of


@pytest.mark.parametrize(("full", "least", "most"), [(False, 20, 60), (True, 60, 150)])
def test_a_shop_by_keys(qtbot: QtBot, tmp_path: Path, full: bool, least: int, most: int) -> None:
    path = tmp_path / "普查.gpkg"
    with new_survey(path, definition_named("shuangjing-sample"), device="maker") as store:
        store.add_sites([NewSite(key="a", name="幸福便利店（示例）", site_class="storefront")], person="p")
        store.name_person("p", "p")
        site = store.sites()[0].id
        definition = store.definition()
    with running(qtbot, path, tmp_path / "home", person="p", person_name="p") as program:
        window_of(program).show_page("survey")
        page = window_of(program).page("survey")
        assert isinstance(page, SurveyPage)
        page.open_site(site)
        qtbot.waitUntil(lambda: page._work is not None)
        presses = fill_site(page, lambda true: qtbot.waitUntil(true, timeout=20000), full=full)
        qtbot.waitUntil(lambda: "已提交" in page.messages.text())
    asked = sum(len(answers) for answers in presses.answers.values())
    print(f"{'all' if full else 'core'} questions: {presses.others} keys besides {presses.digits} digits for {asked}")
    assert asked >= least
    assert presses.others <= most
    with Store.open(path, read_only=True) as store:
        made = {i.element: i.answers for i in store.inspections(site=site)}
        assert store.check() == []
    assert set(made) == set(ELEMENTS)
    for element, typed in presses.answers.items():
        known = definition.checklist.element(element)
        assert known is not None
        for name, text in typed.items():
            question = known.question(name)
            assert question is not None
            said = question.choices[int(text) - 1].name if question.choices else checklists.parse_answer(question, text)
            stored = made[element][name]
            assert stored == (said.model_dump() if isinstance(said, Slope) else said), (element, name)
    assert [q for e in definition.checklist.elements for q in [sum(q.core for q in e.questions)] if q > 6] == []
