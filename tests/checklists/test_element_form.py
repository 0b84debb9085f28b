"""The form of one element: what is asked, what answers mean, what is wrong with them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barrierfree.checklists import calculated, check_answers, element_form, parse_answer, relevant_questions
from barrierfree.errors import AnswerError, DefinitionError
from barrierfree.model.definition import Choice, ElementType, Question, Text
from barrierfree.model.records import Slope


def _question(name: str, kind: str, **more: Any) -> Question:
    return Question(name=name, kind=kind, label=Text(zh=f"题{name}", en=f"q {name}"), **more)


YES_NO = (Choice(name="yes", label=Text(zh="有", en="there")), Choice(name="no", label=Text(zh="无", en="not there")))
PRESENT = _question("present", "select_one", choices=YES_NO, required=True)
WIDTH = _question(
    "width", "decimal", quantity="length_m", unit="m", relevant="${present} = 'yes'", constraint=". <= 20",
    constraint_message=Text(zh="最多 20 m", en="at most 20 m"), soft_min=0.4, soft_max=6,
)  # fmt: skip
SLOPE = _question("slope", "text", quantity="slope", relevant="${width} > 0.5", soft_max=0.34)
NOTE = _question("note_1", "note", relevant="${present} = 'yes'")
TWICE = _question("twice", "calculate", calculation="${width} * 2")
WIDE = _question("wide", "calculate", calculation="${width} > 1")
MARKS = _question("marks", "select_multiple", choices=YES_NO, required=True, relevant="${twice} > 3")
RAMP = ElementType(code="ramp", label=Text(zh="坡道"), questions=(MARKS, PRESENT, WIDTH, SLOPE, NOTE, TWICE, WIDE))


def _asked(**answers: Any) -> list[str]:
    return [q.name for q in relevant_questions(RAMP, answers)]


def test_what_is_asked() -> None:
    assert _asked() == ["present"]
    assert _asked(present="no", width=3) == ["present"]
    assert _asked(present="yes") == ["present", "width", "note_1"]
    assert _asked(present="yes", width=1) == ["present", "width", "slope", "note_1"]
    assert _asked(present="yes", width=2) == ["marks", "present", "width", "slope", "note_1"]


def test_what_is_calculated() -> None:
    assert calculated(RAMP, {"present": "yes", "width": 1.5}) == {"twice": 3, "wide": "true"}
    assert calculated(RAMP, {"present": "no", "width": 1.5}) == {"wide": "false"}


def test_a_circle_is_refused_even_when_it_was_not_read_from_a_workbook() -> None:
    ring = ElementType(
        code="ring",
        label=Text(zh="环"),
        questions=(_question("a", "text", relevant="${b} = 1"), _question("b", "text", relevant="${a} = 1")),
    )
    with pytest.raises(DefinitionError):
        relevant_questions(ring, {})


def _faults(**answers: Any) -> list[tuple[str, bool]]:
    return [(f.question, f.hard) for f in check_answers(RAMP, answers)]


def test_faults_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _faults(present="yes", width=1) == []
    assert _faults() == [("present", True)]
    assert _faults(present="yes", width=2) == [("marks", True)]
    assert _faults(present="perhaps") == [("present", True)]
    assert _faults(present="yes", width="wide") == [("width", True)]
    assert _faults(present="yes", width=21, marks=["yes"]) == [("width", True)]
    assert _faults(present="yes", width=7, marks=["yes"]) == [("width", False)]
    assert _faults(present="yes", width=0.3) == [("width", False)]
    assert _faults(present="yes", width=1, slope={"ratio": 0.5, "entered": "50%"}) == [("slope", False)]
    assert _faults(present="yes", width=1, slope="uphill") == [("slope", True)]
    assert _faults(present="no", width="not asked") == []
    assert _faults(present="yes", width=1, elsewhere=1) == [("elsewhere", False)]
    (constraint,) = check_answers(RAMP, {"present": "yes", "width": 21, "marks": ["no"]})
    assert constraint.message == "题width：最多 20 m"
    monkeypatch.setattr(element_form, "language", lambda: "en")
    (constraint,) = check_answers(RAMP, {"present": "yes", "width": 21, "marks": ["no"]})
    assert "at most 20 m" in constraint.message


LENGTH_MM = _question("l", "decimal", quantity="length_mm", unit="mm")
COUNT = _question("c", "integer", quantity="count")
FORCE = _question("f", "decimal", quantity="force_n", unit="N")
AREA = _question("a", "decimal", quantity="area_m2", unit="m²")


@pytest.mark.parametrize(
    ("question", "raw", "expected"),
    [
        (WIDTH, "0.95 m", 0.95),
        (WIDTH, "95cm", 0.95),
        (WIDTH, "９５０ｍｍ", 0.95),
        (WIDTH, "0,95", 0.95),
        (WIDTH, 1, 1),
        (WIDTH, 1.2, 1.2),
        (WIDTH, "  ", ""),
        (WIDTH, None, ""),
        (LENGTH_MM, "0.9m", 900),
        (LENGTH_MM, "1,200", 1200),
        (LENGTH_MM, "90 厘米", 900),
        (COUNT, "３", 3),
        (COUNT, "3 级", 3),
        (COUNT, 3.0, 3),
        (FORCE, "25N", 25),
        (FORCE, "25 牛", 25),
        (AREA, "4.5 m²", 4.5),
        (AREA, "4.5平方米", 4.5),
        (SLOPE, "1:10", Slope(ratio=0.1, entered="1:10")),
        (SLOPE, {"ratio": 0.1, "entered": "10%"}, Slope(ratio=0.1, entered="10%")),
        (SLOPE, Slope(ratio=0.1, entered="10%"), Slope(ratio=0.1, entered="10%")),
        (PRESENT, "yes", "yes"),
        (PRESENT, "有", "yes"),
        (PRESENT, "not there", "no"),
        (MARKS, ["no", "yes", "no"], ["yes", "no"]),
        (MARKS, "yes no", ["yes", "no"]),
        (MARKS, "有、无", ["yes", "no"]),
        (MARKS, [], ""),
        (_question("t", "text"), " 石材 ", "石材"),
        (_question("t", "text"), 5, "5"),
        (_question("d", "date"), "2024年3月5日", "2024-03-05"),
        (_question("d", "date"), "2024/3/5", "2024-03-05"),
        (_question("d", "date"), datetime.date(2024, 3, 5), "2024-03-05"),
        (_question("d", "time"), "09:30", "09:30:00"),
        (_question("d", "datetime"), "2024-03-05T09:30", "2024-03-05T09:30:00"),
        (_question("k", "acknowledge"), True, "OK"),
        (_question("k", "acknowledge"), "no", ""),
        (TWICE, 3.5, 3.5),
    ],
)
def test_what_answers_mean(question: Question, raw: object, expected: object) -> None:
    assert parse_answer(question, raw) == expected


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        (WIDTH, "wide"),
        (WIDTH, "1,200"),
        (WIDTH, "3 ft"),
        (WIDTH, True),
        (WIDTH, [1]),
        (WIDTH, float("nan")),
        (WIDTH, float("inf")),
        (WIDTH, "9" * 15),
        (COUNT, "2.5"),
        (COUNT, 2.5),
        (SLOPE, 0.1),
        (SLOPE, "12:1"),
        (SLOPE, {"ratio": -1}),
        (PRESENT, "maybe"),
        (MARKS, ["yes", "maybe"]),
        (_question("d", "date"), "2024-02-30"),
        (_question("d", "date"), "tomorrow"),
        (_question("d", "time"), "25:00"),
        (_question("t", "text"), ["a"]),
    ],
)
def test_answers_that_are_refused(question: Question, raw: object) -> None:
    with pytest.raises(AnswerError) as error:
        parse_answer(question, raw)
    assert error.value.message
    assert error.value.advice


_anything = st.one_of(
    st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none(),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(["ratio", "entered"]), st.one_of(st.floats(), st.text(max_size=3)), max_size=2),
)  # fmt: skip


@given(_anything, _anything, _anything)
def test_no_answer_crashes_the_form(present: object, width: object, slope: object) -> None:
    answers = {"present": present, "width": width, "slope": slope, "marks": slope}
    check_answers(RAMP, answers)
    relevant_questions(RAMP, answers)
    calculated(RAMP, answers)
