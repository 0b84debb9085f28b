"""XLSForm whole: forms about a site as a whole, choice filters, files of choices, ranges, what only a phone does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from barrierfree import conformance
from barrierfree.checklists import (
    check_answers,
    first_answers,
    fitting_choices,
    parse_answer,
    read_checklist,
    relevant_questions,
    shown_text,
)
from barrierfree.errors import AnswerError, DefinitionError
from barrierfree.model.definition import WHOLE_SITE, Checklist, ElementType, Question, Text
from tests.checklists.workbooks import good_choices, good_survey, question, write

FOREIGN = ("rules", "settings")


def _whole(tmp_path: Path, *survey: dict[str, Any], choices: list[dict[str, Any]] | None = None) -> Checklist:
    path = write(tmp_path / "a.xlsx", survey=list(survey), choices=choices or [], leave_out=FOREIGN)
    return read_checklist(path)


def test_a_form_without_element_repeats_is_one_element(tmp_path: Path) -> None:
    survey = [
        question("begin_group", "visit"),
        question("text", "site_code"),
        {"type": "end_group"},
        question("text", "name"),
        question("begin_group", "outer", relevant="${name} != ''"),
        question("begin_group", "inner", relevant="${name} != 'x'"),
        question("integer", "steps", relevant="${name} != 'y'"),
        {"type": "end_group"},
        {"type": "end_group"},
    ]
    checklist = _whole(tmp_path, *survey)
    (whole,) = checklist.elements
    assert (whole.code, whole.label.zh, checklist.title.zh) == (WHOLE_SITE, "整个点位", "a")
    assert [q.name for q in whole.questions] == ["name", "steps"]
    assert whole.questions[1].relevant == "(${name} != '') and (${name} != 'x') and (${name} != 'y')"
    assert conformance.judge(checklist, WHOLE_SITE, {"name": "z"}) == ()


def test_repeats_of_other_forms_are_elements_too(tmp_path: Path) -> None:
    survey = [question("text", "head"), question("begin_repeat", "ramps"), question("integer", "rise")]
    remarks: list[str] = []
    path = write(tmp_path / "a.xlsx", survey=[*survey, {"type": "end_repeat"}], leave_out=FOREIGN)
    checklist = read_checklist(path, remarks)
    assert [(e.code, len(e.questions)) for e in checklist.elements] == [(WHOLE_SITE, 1), ("ramps", 1)]
    assert any("“ramps”按一种元素读取" in r and "第 3 行" in r for r in remarks)
    only = write(tmp_path / "b.xlsx", survey=[*survey[1:], {"type": "end_repeat"}], leave_out=FOREIGN)
    assert [e.code for e in read_checklist(only).elements] == ["ramps"]


def test_our_own_forms_need_all_sheets(tmp_path: Path) -> None:
    for sheet in FOREIGN:
        with pytest.raises(DefinitionError):
            read_checklist(write(tmp_path / "a.xlsx", leave_out=(sheet,)))


STREETS: list[dict[str, Any]] = [
    {"list_name": "areas", "name": "east", "label::中文 (zh)": "东"},
    {"list_name": "areas", "name": "west", "label::中文 (zh)": "西"},
    *(
        {"list_name": "streets", "name": n, "label::中文 (zh)": n, "district": d}
        for n, d in (("s1", "east"), ("s2", "east"), ("s3", "west"))
    ),
]


def _streets(tmp_path: Path) -> ElementType:
    survey = [
        question("select_one areas", "area"),
        question("select_one streets", "street", choice_filter="district = ${area} or ${area} = '' and name != 's3'"),
    ]
    return _whole(tmp_path, *survey, choices=STREETS).elements[0]


def test_choice_filter(tmp_path: Path) -> None:
    element = _streets(tmp_path)
    street = element.questions[1]
    assert street.choices[0].columns == {"district": "east"}
    assert element.questions[0].choices[0].columns == {}
    for area, expected in (("east", ["s1", "s2"]), ("west", ["s3"]), ("", ["s1", "s2"])):
        answers = {"area": area} if area else {}
        assert [c.name for c in fitting_choices(element, street, answers)] == expected
    assert check_answers(element, {"area": "west", "street": "s3"}) == ()
    (fault,) = check_answers(element, {"area": "west", "street": "s1"})
    assert (fault.question, fault.hard) == ("street", True)


def test_choices_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "shops.csv").write_text("name,label,area\n1,甲店,east\n2,乙店,west\n", encoding="utf-8-sig")
    asked = question("select_one_from_file shops.csv", "shop", choice_filter="area = 'east'")
    (element,) = _whole(tmp_path, asked).elements
    (shop,) = element.questions
    assert shop.kind == "select_one"
    assert [(c.name, c.label.zh, c.columns) for c in shop.choices] == [
        ("1", "甲店", {"area": "east"}), ("2", "乙店", {"area": "west"}),
    ]  # fmt: skip
    assert [c.name for c in fitting_choices(element, shop, {})] == ["1"]
    named = question("select_one_from_file shops.csv", "shop", parameters="value=label label=area")
    assert [c.name for c in _whole(tmp_path, named).elements[0].questions[0].choices] == ["甲店", "乙店"]
    for bad in ("absent.csv", "shops.geojson"):
        with pytest.raises(DefinitionError, match=bad):
            _whole(tmp_path, question(f"select_one_from_file {bad}", "shop"))


def test_ranges_places_and_defaults() -> None:
    stars = Question(name="s", kind="range", label=Text(zh="星"), parameters="start=1 end=5 step=1")
    assert parse_answer(stars, "４") == 4
    for bad in ("0", "6", "2.5", "x"):
        with pytest.raises(AnswerError):
            parse_answer(stars, bad)
    half = stars.model_copy(update={"parameters": "start=0 end=1 step=0.1"})
    assert parse_answer(half, "0.3") == 0.3
    place = Question(name="p", kind="geopoint", label=Text(zh="位置"))
    assert parse_answer(place, "39.8931 116.4606 0 5") == "39.8931 116.4606 0 5"
    for bad in ("39.8931", "116.4606 239.8931", "here now"):
        with pytest.raises(AnswerError):
            parse_answer(place, bad)
    first = Question(name="a", kind="integer", label=Text(zh="甲"), default="2")
    second = Question(name="b", kind="integer", label=Text(zh="乙"), default="${a} + 1")
    third = Question(name="c", kind="date", label=Text(zh="丙"), default="today()")
    found = first_answers(ElementType(code="e", label=Text(zh="元素"), questions=(first, second, third)))
    assert (found["a"], found["b"]) == (2, 3)
    assert str(found["c"]).startswith("20")


def test_what_only_a_phone_does_is_said_and_kept(tmp_path: Path) -> None:
    survey = [
        *good_survey()[:-1],
        question("audio", "said", required="yes"),
        question("geotrace", "way", constraint="distance(.) > 1"),
        question("select_one presence or_other", "more"),
        question("image", "picture", required="yes"),
        {"type": "end_repeat"},
    ]
    remarks: list[str] = []
    checklist = read_checklist(write(tmp_path / "a.xlsx", survey=survey), remarks)
    start = 2 + len(good_survey()) - 1
    for row, column, words in (
        (start, "type", "audio"), (start + 1, "type", "geotrace"), (start + 1, "constraint", "distance"),
        (start + 2, "type", "or_other"),
    ):  # fmt: skip
        assert any(f"第 {row} 行 “{column}”列" in r and words in r and "改法：" in r for r in remarks), (row, remarks)
    door = checklist.elements[0]
    assert [q.kind for q in door.questions[-4:]] == ["audio", "geotrace", "select_one", "image"]
    assert check_answers(door, {"present": "yes"}) == (), "nobody can be asked for a recording at a computer"


def test_labels_show_answers_and_required_may_hang_on_one(tmp_path: Path) -> None:
    survey = [
        question("select_one presence", "sign"),
        question("decimal", "width", **{"label::中文 (zh)": "“${sign}”时的净宽"}),
        question("text", "why", required="${width} < 1", **{"label::中文 (zh)": "净宽 ${width}，为什么？"}),
    ]
    (whole,) = _whole(tmp_path, *survey, choices=good_choices()).elements
    _, width, why = whole.questions
    assert shown_text(width.label.zh, whole, {}) == "“…”时的净宽"
    assert shown_text(width.label.zh, whole, {"sign": "yes"}) == "“有”时的净宽"
    assert shown_text(why.label.zh, whole, {"width": 0.95}) == "净宽 0.95，为什么？"
    assert [f.question for f in check_answers(whole, {"width": 0.95})] == ["why"]
    assert check_answers(whole, {"width": 1.2}) == ()
    assert check_answers(whole, {}) == ()


def test_what_only_a_phone_works_out_is_asked_and_kept_without(tmp_path: Path) -> None:
    survey = [
        question("geotrace", "way"),
        question("calculate", "length", calculation="distance(${way})"),
        question("text", "note1", relevant="${length} > 5 and indexed-repeat(${way}, ${way}, 1) != ''"),
        question("text", "note2", constraint="pulldata('a', 'b', 'c', .) = 1", default="uuid()"),
        question("text", "said", constraint=". != 'distance(a)'"),
    ]
    remarks: list[str] = []
    path = write(tmp_path / "a.xlsx", survey=survey, leave_out=FOREIGN)
    (whole,) = read_checklist(path, remarks).elements
    told = [(f"“{c}”列", f) for c, f in (("calculation", "distance"), ("relevant", "indexed-repeat"),
                                        ("constraint", "pulldata"), ("default", "uuid"))]  # fmt: skip
    for column, function in told:
        assert any(column in r and f"“{function}”只在手机上计算" in r for r in remarks), (column, remarks)
    assert not any("第 6 行" in r for r in remarks)
    assert [q.name for q in relevant_questions(whole, {})] == ["way", "note1", "note2", "said"]
    assert first_answers(whole) == {}
    assert check_answers(whole, {"note2": "x"}) == ()
    assert [f.question for f in check_answers(whole, {"said": "distance(a)"})] == ["said"]


def test_a_question_that_is_calculated_is_never_asked_for() -> None:
    total = Question(name="t", kind="integer", label=Text(zh="和"), calculation="${a} + 1", required=True)
    one = Question(name="a", kind="integer", label=Text(zh="甲"))
    element = ElementType(code="e", label=Text(zh="元素"), questions=(one, total))
    assert check_answers(element, {"a": 1}) == ()
    assert [q.name for q in relevant_questions(element, {})] == ["a"]


def test_a_name_may_stand_twice_only_where_the_form_says_so(tmp_path: Path) -> None:
    twice = [*good_choices(), {"list_name": "marks", "name": "a", "label::中文 (zh)": "又"}]
    with pytest.raises(DefinitionError, match="已有"):
        read_checklist(write(tmp_path / "a.xlsx", choices=twice))
